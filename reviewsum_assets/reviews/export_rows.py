"""What a reader of exports hands on: rows as read, and dead letters for what is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from reviewsum_assets.contracts.records import DeadLetter
from reviewsum_assets.reviews.export_lines import Problem, decoded

KEPT_CHARACTERS = 16_000
"""Of a refused row: enough to redact with context before it is cut for storage."""

EXTRA_FIELDS = "(more fields)"
"""Name under which a dead letter keeps what no column of the file has a name for."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row as read: values untyped and not yet judged."""

    origin: str
    """File and line (CSV: where the row starts; Parquet: row), from 1: `reviews.jsonl.gz:42`."""
    values: dict[str, object]
    repairs: tuple[str, ...] = ()
    """What had to be repaired to read it: encodings, characters that no database can hold."""


def dead_letter(origin: str, problem: Problem, data: bytes) -> DeadLetter:
    """A dead letter of a row that came as bytes."""
    return dead_text(origin, problem, decoded(data[: 4 * KEPT_CHARACTERS])[0])


def dead_text(origin: str, problem: Problem, text: str) -> DeadLetter:
    """A dead letter of a row that came as text."""
    raw = text[:KEPT_CHARACTERS].replace("\0", "\ufffd")
    return DeadLetter(origin=origin, reason_code=problem.code, reason=plain(problem.reason), raw=raw)


def dead_fields(origin: str, problem: Problem, header: Sequence[str], fields: Sequence[str]) -> DeadLetter:
    """A dead letter of a row with another number of fields than its header.

    It is kept by name, so that a person sees what is what and so that the user can be told from the rest and masked.
    Too many fields come from delimiters in a text without quotes: what is left of the text column counts from the
    left, what is right of it from the right, and the text is the rest.
    """
    return dead_values(origin, problem, aligned(header, fields))


def dead_values(origin: str, problem: Problem, values: Mapping[str, object]) -> DeadLetter:
    """A dead letter of a row whose values could be told apart."""
    kept = {
        plain(name): plain(value[:KEPT_CHARACTERS]) if isinstance(value, str) else value
        for name, value in values.items()
    }
    return dead_text(origin, problem, orjson.dumps(kept, default=lambda value: f"({type(value).__name__})").decode())


def aligned(header: Sequence[str], fields: Sequence[str], text_column: str = "review_text") -> dict[str, object]:
    """The fields by the header's names, as in `dead_fields`."""
    surplus = len(fields) - len(header)
    if surplus > 0 and text_column in header:
        place = header.index(text_column)
        text = " ".join(fields[place : place + surplus + 1])
        return dict(zip(header, [*fields[:place], text, *fields[place + surplus + 1 :]], strict=True))
    values: dict[str, object] = dict(zip(header, fields, strict=False))
    if surplus > 0:
        values[EXTRA_FIELDS] = " ".join(fields[len(header) :])
    return values


def storable(values: dict[str, object]) -> tuple[dict[str, object], list[str]]:
    """The values with every NUL and half surrogate pair in their texts replaced by U+FFFD, and what was repaired."""
    repaired = {key: plain(value) if isinstance(value, str) else value for key, value in values.items()}
    changed = repaired != values
    return repaired, ["NUL or half a character was replaced by U+FFFD"] if changed else []


def plain(text: str) -> str:
    """The text with what no database can hold, NUL and half surrogate pairs, replaced by U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
