"""What a reader of exports hands on: rows as read, and dead letters for what is none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from reviewsum_assets.contracts.records import DeadLetter
from reviewsum_assets.contracts.source import EXPORT_FIELDS, GUESSED
from reviewsum_assets.reviews.export_lines import Problem, decoded

KEPT_CHARACTERS = 16_000
"""Of a refused row: enough to redact with context before it is cut for storage."""

_KEPT_TEXT = 12_000
_KEPT_VALUE = 300
_KEPT_OTHERS = 5
"""Together they stay under `KEPT_CHARACTERS`."""

_IDS = ("review_id", "product_id")


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row as read: values untyped and not yet judged."""

    origin: str
    """File and line (CSV: where the row starts; Parquet: row), from 1: `reviews.jsonl.gz:42`."""
    values: dict[str, object]
    repairs: tuple[str, ...] = ()
    """What had to be repaired to read it: encodings, characters that no database can hold."""


def dead_letter(origin: str, problem: Problem, data: bytes) -> DeadLetter:
    """A dead letter of a row that came as bytes and cannot be told apart."""
    text = decoded(data[: 4 * KEPT_CHARACTERS])[0][:KEPT_CHARACTERS].replace("\0", "\ufffd")
    ids = {name: match[2] for name in _IDS if (match := re.search(rf'"({name})"\s*:\s*"([^"\\]*)"', text))}
    return _dead(origin, problem, text, ids)


def dead_fields(
    origin: str, problem: Problem, header: Sequence[str], fields: Sequence[str], delimiter: str
) -> DeadLetter:
    """A dead letter of a row with another number of fields than its header, or whose fields are a guess.

    It is kept by name, so that a person sees what is what and so that the user can be told from the rest and masked.
    """
    return dead_values(origin, problem, aligned(header, fields, delimiter) | {GUESSED: True})


def dead_values(origin: str, problem: Problem, values: Mapping[str, object]) -> DeadLetter:
    """A dead letter of a row whose values could be told apart."""
    others = [name for name in values if name not in EXPORT_FIELDS and name != GUESSED][:_KEPT_OTHERS]
    kept = {
        plain(name[:60]): plain(value[: _KEPT_TEXT if name == "review_text" else _KEPT_VALUE])
        if isinstance(value, str)
        else value
        for name, value in values.items()
        if name in EXPORT_FIELDS or name in others or name == GUESSED
    }
    text = orjson.dumps(kept, default=lambda value: f"({type(value).__name__})").decode()
    return _dead(origin, problem, text, kept)


def aligned(header: Sequence[str], fields: Sequence[str], delimiter: str) -> dict[str, object]:
    """The fields by the header's names.

    Too many fields come from delimiters in a text without quotes: what is left of the text column counts from the
    left, what is right of it from the right, and the text is the rest.
    """
    surplus = len(fields) - len(header)
    if surplus > 0 and "review_text" in header:
        place = header.index("review_text")
        text = delimiter.join(fields[place : place + surplus + 1])
        return dict(zip(header, [*fields[:place], text, *fields[place + surplus + 1 :]], strict=True))
    values: dict[str, object] = dict(zip(header, fields, strict=False))
    if surplus > 0:
        values["(more fields)"] = delimiter.join(fields[len(header) :])
    return values


def _dead(origin: str, problem: Problem, raw: str, ids: Mapping[str, object]) -> DeadLetter:
    readable = {
        name: value.strip()
        for name in _IDS
        if isinstance(value := ids.get(name), str) and 0 < len(value.strip()) <= 255 and value.isprintable()
    }
    return DeadLetter(origin=origin, reason_code=problem.code, reason=plain(problem.reason), raw=raw, **readable)


def storable(values: dict[str, object]) -> tuple[dict[str, object], list[str]]:
    """The values with every NUL and half surrogate pair in their texts replaced by U+FFFD, and what was repaired."""
    repaired = {key: plain(value) if isinstance(value, str) else value for key, value in values.items()}
    changed = repaired != values
    return repaired, ["NUL or half a character was replaced by U+FFFD"] if changed else []


def plain(text: str) -> str:
    """The text with what no database can hold, NUL and half surrogate pairs, replaced by U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
