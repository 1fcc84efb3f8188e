"""A rejected row as it may be stored: user hashed, values of foreign keys masked, every other text redacted.

A row is refused for any reason, so nothing in it can be relied on: the e-mail address may be the user id, the export
may carry columns of its own (`email`, `phone`), and JSON that does not parse is text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import orjson

from reviewsum_assets.contracts.source import EXPORT_FIELDS

MASKED = "[masked]"
"""Stands for the value of a key that no export field has: nobody knows what is in it."""

MARGIN_CHARACTERS = 300
"""Personal data cut in two is no longer recognised: where a text is cut before redaction, this much of its end goes."""

_FIELDS = frozenset(EXPORT_FIELDS)
_IDS = frozenset({"review_id", "product_id"})
_ID = re.compile(r"[\w:.+/-]{1,80}\Z")
_PAIR = re.compile(
    r'("(?P<key>(?:[^"\\]|\\.){1,80})"\s*:\s*)(?P<value>"(?:[^"\\]|\\.)*"?|\[[^\[\]]*\]?|\{[^{}]*\}?|[^,}\]\s]+)'
)


def masked_row(text: str, *, redact: Callable[[str], str], hash_text: Callable[[str], str], characters: int) -> str:
    """The row as text without personal data.

    Args:
        text: A JSON object, or what should have been one.
        redact: A text without its personal data.
        hash_text: Keyed hash of a text.
        characters: Of each value, what is redacted and kept at most.
    """
    values = _parsed(text[: 8 * characters])
    if values is None:
        pairs = _PAIR.sub(lambda pair: _masked_pair(pair, hash_text), text[: 2 * characters])
        return _redacted(pairs, redact, characters, cut=len(text) > 2 * characters)
    masked = {
        key if key in _FIELDS else redact(key[:200]): _masked(key, value, redact, hash_text, characters)
        for key, value in values.items()
    }
    try:
        return orjson.dumps(masked).decode()
    except TypeError:  # half characters, numbers beyond what orjson writes
        return redact(str(masked).encode("utf-8", "replace").decode())


def _parsed(text: str) -> Mapping[str, object] | None:
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return values if isinstance(values, dict) else None


def _masked(
    key: str, value: object, redact: Callable[[str], str], hash_text: Callable[[str], str], characters: int
) -> object:
    if key not in _FIELDS:
        return MASKED if value is not None else None
    if key == "user_id":
        return hash_text(value if isinstance(value, str) else orjson.dumps(value).decode()) if value else value
    if value is None or isinstance(value, bool | int | float):
        return value
    if not isinstance(value, str):
        return _redacted(orjson.dumps(value).decode(), redact, characters)
    if key in _IDS and _ID.match(value) and "@" not in value:
        return value
    return _redacted(value, redact, characters)


def _redacted(text: str, redact: Callable[[str], str], characters: int, *, cut: bool = False) -> str:
    """The text redacted, at most so many characters of it."""
    whole = len(text) <= characters and not cut
    return redact(text) if whole else redact(text[:characters])[:-MARGIN_CHARACTERS]


def _masked_pair(pair: re.Match[str], hash_text: Callable[[str], str]) -> str:
    key = pair["key"]
    if key == "user_id":
        return f'{pair[1]}"{hash_text(pair["value"].strip(chr(34)))}"'
    return pair.group() if key in _FIELDS else f'{pair[1]}"{MASKED}"'
