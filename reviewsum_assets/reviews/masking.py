"""What nobody knows the meaning of is masked: values of keys that no export field has, in rows that were refused.

The export may carry columns of its own (`email`, `phone`), and JSON that does not parse is text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reviewsum_assets.contracts.source import DEAD_LETTER_FIELDS, EXPORT_FIELDS

MASKED = "[masked]"
"""Stands for the value of a key that no export field has: nobody knows what is in it."""

_FIELDS = frozenset((*EXPORT_FIELDS, *DEAD_LETTER_FIELDS))
_PAIR = re.compile(
    r'("(?P<key>(?:[^"\\]|\\.){1,80})"\s*:\s*)(?P<value>"(?:[^"\\]|\\.)*"?|\[[^\[\]]*\]?|\{[^{}]*\}?|[^,}\]\s]+)'
)


def masked_pairs(text: str, hash_text: Callable[[str], str]) -> str:
    """Text that should have been a JSON object, with the user hashed and the values of foreign keys masked.

    Args:
        text: The row as it came.
        hash_text: Keyed hash of a text.
    """

    def masked(pair: re.Match[str]) -> str:
        if pair["key"] == "user_id":
            return f'{pair[1]}"{hash_text(pair["value"].strip(chr(34)))}"'
        return pair.group() if pair["key"] in _FIELDS else f'{pair[1]}"{MASKED}"'

    return _PAIR.sub(masked, text)
