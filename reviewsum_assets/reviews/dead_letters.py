"""What is kept of a row that could not be taken: users hashed, personal data redacted, cut to a bound, with its key.

The same row of the same file always gives the same dead letter, byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime

import orjson

from reviewsum_assets.contracts.source import CUT, DEAD_LETTER_FIELDS, EXPORT_FIELDS, RejectedRow
from reviewsum_assets.reviews.intake import Rejection, parse_time
from reviewsum_assets.reviews.masking import MASKED, masked_pairs

STORED_CHARACTERS = 4_000
"""What is kept of a rejected row."""

_REDACTED_CHARACTERS = 16_000
_MARGIN_CHARACTERS = 300
"""Personal data cut in two is no longer recognised: where a text is cut before redaction, this much of its end goes."""

_KEPT_UNKNOWN_KEYS = 20
_UNKNOWN_CHARACTERS = 200
_CUTS = (3_000, 1_500, 700, 300, 100, 30, 10)
"""Lengths to which a row's texts are cut, one after the other, until it fits."""

_IDS = frozenset({"review_id", "product_id"})
_ID = re.compile(r"[\w:.+/-]{1,80}\Z")
"""An id as shops write them: order numbers may well be ids of reviews."""

_SMALL = 1_000_000
"""A smaller number cannot be a phone number, an order or a card."""


def rejected_row(
    origin: str,
    values: Mapping[str, object],
    rejection: Rejection,
    *,
    redact: Callable[[str], str],
    hash_text: Callable[[str], str],
) -> RejectedRow:
    """A row that the validator refused, as it may be stored: a JSON object of at most `STORED_CHARACTERS`."""
    return _row(origin, hash_text(as_text(values)), _kept_values(values, redact, hash_text), rejection)


def rejected_text(
    origin: str,
    text: str,
    rejection: Rejection,
    *,
    redact: Callable[[str], str],
    hash_text: Callable[[str], str],
) -> RejectedRow:
    """A row that could not be read, as it may be stored."""
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError:
        values = None
    if isinstance(values, dict):
        kept = _kept_values(values, redact, hash_text)
    else:
        kept = _redacted(masked_pairs(text[: 2 * _REDACTED_CHARACTERS], hash_text), redact)[:STORED_CHARACTERS]
    return _row(origin, hash_text(text), kept, rejection)


def as_text(values: Mapping[str, object]) -> str:
    """The row as JSON with sorted keys: the same row, the same text, whatever format it came in."""
    try:
        return orjson.dumps(values, default=str, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:
        # Half characters, nesting or numbers beyond what orjson writes.
        return json.dumps({key: _flat(value) for key, value in sorted(values.items())})


def _row(origin: str, original_hash: str, raw: str, rejection: Rejection) -> RejectedRow:
    return RejectedRow(
        origin=origin,
        original_hash=original_hash,
        reason_code=rejection.reason_code,
        reason=rejection.reason,
        raw=raw,
        review_id=rejection.review_id,
        product_id=rejection.product_id,
        created_at=rejection.created_at,
    )


def _kept_values(values: Mapping[str, object], redact: Callable[[str], str], hash_text: Callable[[str], str]) -> str:
    """The row as JSON, value by value, so that no redaction breaks it and a person can correct it field by field."""
    known = [name for name in EXPORT_FIELDS if name in values]
    unknown = sorted(values.keys() - set(EXPORT_FIELDS) - set(DEAD_LETTER_FIELDS))
    kept: dict[str, object] = {}
    for name in known:
        value = values[name]
        if name == "user_id" and value not in (None, ""):
            kept[name] = hash_text(value if isinstance(value, str) else as_text({"user_id": value}))
        else:
            kept[name] = _kept_value(name, value, redact)
    for name in unknown[:_KEPT_UNKNOWN_KEYS]:
        kept[_redacted(name, redact)[:60]] = None if values[name] is None else MASKED
    if len(unknown) > _KEPT_UNKNOWN_KEYS:
        kept["(more keys)"] = len(unknown) - _KEPT_UNKNOWN_KEYS
    shortened = any(isinstance(value, str) and len(value) > _REDACTED_CHARACTERS for value in values.values())
    for cut in (None, *_CUTS):
        if cut or shortened:
            kept[CUT] = True
        shorter = {name: value[:cut] if isinstance(value, str) else value for name, value in kept.items()}
        text = json.dumps(shorter, ensure_ascii=False).encode(errors="replace").decode()
        if len(text) <= STORED_CHARACTERS:
            return text
    return text[:STORED_CHARACTERS]


def _kept_value(name: str, value: object, redact: Callable[[str], str]) -> object:
    if value is None or isinstance(value, bool) or value == "":
        return value
    if isinstance(value, int | float) and abs(value) < _SMALL:
        return value
    if name == "created_at" and (moment := parse_time(value)) is not None:
        return value if isinstance(value, str | int | float) else moment.isoformat()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return value if name in _IDS and _ID.match(value) else _redacted(value, redact)
    if isinstance(value, list | tuple | dict):
        return _redacted(as_text({name: value}), redact)[:_UNKNOWN_CHARACTERS]
    text = str(_flat(value))
    return text if (kept := _redacted(text, redact)) == text else kept


def _redacted(text: str, redact: Callable[[str], str]) -> str:
    cut = text[:_REDACTED_CHARACTERS].replace("\0", "\ufffd")
    redacted = redact(cut)
    return redacted[:-_MARGIN_CHARACTERS] if len(text) > _REDACTED_CHARACTERS else redacted


def _flat(value: object) -> object:
    if value is None or isinstance(value, str | bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**64 else "(huge number)"
    return f"({type(value).__name__})"
