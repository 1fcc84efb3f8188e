"""Dead letters as a file that a person corrects and gives back: JSON lines or CSV, redacted, with their keys."""

from __future__ import annotations

import csv
import gzip
import io
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, cast

import orjson

from reviewsum_assets.contracts.source import CUT, DEAD_LETTER_FIELDS, EXPORT_FIELDS, GUESSED, DeadLetterEntry

_FORMATS = (".jsonl", ".ndjson", ".csv")


class DeadLetterExportError(ValueError):
    """A file that dead letters cannot be written to; the message says what to do."""


def written(entries: Iterable[DeadLetterEntry], path: Path) -> int:
    """Write dead letters to a `.jsonl` or `.csv` file, `.gz` too, and return how many; the old file stays on any error.

    A row has the fields that could be read, redacted (`user_id` is a keyed hash), beside `_dead_letter` (its key),
    `_origin`, `_day`, `_reason_code` and `_reason`. What was cut, or could only be guessed, is in `_raw` and not in
    `review_text`: given back as it is, it must not be taken for the review.

    Raises:
        DeadLetterExportError: for another format, or a folder that is not there.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    suffix = suffixes[-2:-1] if packed else suffixes[-1:]
    if not suffix or suffix[0] not in _FORMATS:
        raise DeadLetterExportError(
            f"{path.name} is of an unknown format: end it in {', '.join(_FORMATS)}, or .gz more"
        )
    if not path.parent.is_dir():
        raise DeadLetterExportError(f"there is no folder {path.parent}: make it first")
    lines = _csv_lines(entries) if suffix[0] == ".csv" else _json_lines(entries)
    aside = path.with_name(f".{path.name[:100]}.{os.getpid()}.{secrets.token_hex(4)}")
    rows = 0
    try:
        with aside.open("wb") as file:
            # Without a name or time in its head: the same dead letters, the same bytes.
            sink = cast(IO[bytes], gzip.GzipFile("", "wb", fileobj=file, mtime=0) if packed else file)
            for line, count in lines:
                sink.write(line)
                rows += count
            if packed:
                sink.close()
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return rows


def row_of(entry: DeadLetterEntry) -> dict[str, object]:
    """A dead letter as a row to correct."""
    values = kept_values(entry)
    row: dict[str, object] = {
        "_dead_letter": entry.key,
        "_origin": entry.origin,
        "_day": entry.day,
        "_reason_code": entry.reason_code,
        "_reason": entry.reason,
    }
    if values is None:
        row |= {"review_id": entry.review_id, "product_id": entry.product_id, "_raw": entry.raw}
        return {name: value for name, value in row.items() if value is not None}
    if values.pop(CUT, False) or values.pop(GUESSED, False):
        values.pop(GUESSED, None)
        row["_raw"] = entry.raw
        values.pop("review_text", None)
    # The ids as they were: redaction may have taken a long number for something personal.
    values |= {name: value for name in ("review_id", "product_id") if (value := getattr(entry, name)) is not None}
    return row | values


def kept_values(entry: DeadLetterEntry) -> dict[str, object] | None:
    """What is kept of the row, by field; None where its fields could not be told apart."""
    try:
        values = orjson.loads(entry.raw)
    except orjson.JSONDecodeError:
        return None
    return values if isinstance(values, dict) else None


def _json_lines(entries: Iterable[DeadLetterEntry]) -> Iterator[tuple[bytes, int]]:
    for entry in entries:
        yield orjson.dumps(row_of(entry)) + b"\n", 1


def _csv_lines(entries: Iterable[DeadLetterEntry]) -> Iterator[tuple[bytes, int]]:
    names = list(dict.fromkeys([*DEAD_LETTER_FIELDS, *EXPORT_FIELDS]))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    yield _taken(text), 0
    for entry in entries:
        writer.writerow(row_of(entry))
        yield _taken(text), 1


def _taken(text: io.StringIO) -> bytes:
    found = text.getvalue().encode(errors="replace")
    text.seek(0)
    text.truncate()
    return found
