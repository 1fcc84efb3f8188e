"""Reading a review export: JSON lines, CSV or Parquet, plain or gzipped, as a stream of rows.

Every row of the file becomes one item: an `ExportRow`, or a `DeadLetter` with its place and reason. Only a file that is
no export at all (unknown format, missing columns, nothing in it) raises `ExportError`, before its first row.
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

import orjson

from reviewsum_assets.contracts.records import DeadLetter
from reviewsum_assets.reviews.export_csv import read_csv
from reviewsum_assets.reviews.export_lines import ExportError, Line, Problem, decoded, read_lines
from reviewsum_assets.reviews.export_parquet import read_parquet
from reviewsum_assets.reviews.export_rows import ExportRow, dead_letter, storable

__all__ = ["DeadLetter", "ExportError", "ExportRow", "export_format", "read_export"]

Format = Literal["json", "csv", "parquet"]

_FORMATS: dict[str, Format] = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}
_FORMATS_IN_WORDS = "JSON lines (.jsonl, .ndjson, .json), CSV (.csv, .tsv) or Parquet (.parquet), each plain or .gz"

_NAME_CHARACTERS = 200
"""Of a file's name, at most, in the origin of its rows: origins have 255."""


def export_format(path: Path) -> Format:
    """The format by the file's name.

    Raises:
        ExportError: if the file is missing, no file or of an unknown format.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    if not path.exists():
        raise ExportError(f"{path} does not exist: check the path")
    if not path.is_file():
        raise ExportError(f"{path} is not a file: name the export files themselves")
    if not suffixes or suffixes[-1] not in _FORMATS:
        raise ExportError(f"{path.name} is of an unknown format: export it as {_FORMATS_IN_WORDS}")
    return _FORMATS[suffixes[-1]]


def _check_content(path: Path, found: Format) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise ExportError(f"{path} cannot be read ({error.strerror}): check its permissions") from error
    if not head:
        raise ExportError(f"{path.name} is empty: export it again")
    if head == b"PK\x03\x04":
        raise ExportError(f"{path.name} is a zip archive or a spreadsheet: unpack it, or save it as CSV in UTF-8")
    if head == b"PAR1" and found != "parquet":
        raise ExportError(f"{path.name} is a Parquet file: rename it to end in .parquet")


def read_export(path: Path) -> Iterator[ExportRow | DeadLetter]:
    """The rows of an export in file order, streamed; rows that cannot be read as dead letters, their text as it came.

    A truncated archive yields every whole row and then one dead letter that says where it breaks off. Blank lines are
    no rows.

    Raises:
        ExportError: if the file is no review export; the message says what to do.
    """
    path = Path(path)
    found = export_format(path)
    _check_content(path, found)
    name = _origin_name(path)
    if found == "json":
        return _read_json_lines(path, name)
    if found == "csv":
        return read_csv(path, name)
    return read_parquet(path, name)


def _origin_name(path: Path) -> str:
    """The file's name as it is kept with its rows: printable, and short enough for the column that holds it."""
    name = "".join(
        character if character.isprintable() else "\ufffd" for character in path.name.encode(errors="replace").decode()
    )
    if len(name) <= _NAME_CHARACTERS and name == path.name:
        return name
    digest = hashlib.sha256(path.name.encode(errors="surrogateescape")).hexdigest()[:8]
    return f"{name[:_NAME_CHARACTERS]}~{digest}"


# JSON lines


def _read_json_lines(path: Path, name: str) -> Iterator[ExportRow | DeadLetter]:
    lines = (line for line in read_lines(path) if line.problem or line.data.strip())
    first = next(lines, None)
    if first is None:
        raise ExportError(f"{name} holds no rows: export it again")
    second = next(lines, None)
    if _is_document(first, second, path):
        raise ExportError(f"{name} is one JSON document: write one object a line (jq -c '.[]' {name} > rows.jsonl)")
    for line in chain(filter(None, (first, second)), lines):
        yield _json_row(f"{name}:{line.number}", line)


def _is_document(first: Line, second: Line | None, path: Path) -> bool:
    """The file is a single array or an indented object, and not an object a line of which the first is damaged."""
    data = first.data.strip()
    opened = data in (b"[", b"{")
    array = data.startswith(b"[") and ".json" in [suffix.lower() for suffix in path.suffixes]
    if not (opened or array) or first.problem is not None:
        return False
    if second is None:
        return array
    try:
        return not isinstance(orjson.loads(second.data), dict)
    except orjson.JSONDecodeError:
        return True


def _json_row(origin: str, line: Line) -> ExportRow | DeadLetter:
    if line.problem is not None:
        return dead_letter(origin, line.problem, line.data)
    repairs: list[str] = []
    # A mark inside the file stands where files were joined.
    data = line.data.removeprefix(codecs.BOM_UTF8)
    try:
        values = orjson.loads(data)
    except orjson.JSONDecodeError:
        text, repair = decoded(data)
        if repair:
            repairs.append(repair)
        try:
            # The standard parser also knows NaN, which Python and R write, and halves of surrogate pairs, which
            # exports hold that cut texts at a length.
            values = json.loads(text, parse_constant=_null)
        except json.JSONDecodeError as error:
            return dead_letter(origin, _json_problem(error, line), line.data)
        except (RecursionError, ValueError) as error:
            reason = "nested too deeply" if isinstance(error, RecursionError) else "a number has too many digits"
            return dead_letter(origin, Problem("bad_json", f"not readable as JSON: {reason}"), line.data)
    if not isinstance(values, dict):
        return dead_letter(origin, Problem("not_an_object", "JSON, but no object: write one a line"), line.data)
    if b"\\u0000" in line.data or b"\\ud" in line.data or b"\\uD" in line.data or b"\0" in line.data:
        values, repaired = storable(values)
        repairs += repaired
    return ExportRow(origin, values, tuple(repairs))


def _null(_: str) -> None:
    return None


def _json_problem(error: json.JSONDecodeError, line: Line) -> Problem:
    if not line.ended:
        return Problem("truncated", f"the file ends in the middle of this row, after {len(line.data):,} bytes of it")
    return Problem(
        "bad_json", f"not readable as JSON: {error.msg.removesuffix(' at')} at character {error.pos + 1:,} of the line"
    )
