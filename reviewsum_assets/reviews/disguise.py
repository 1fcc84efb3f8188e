"""Text as a person reads it, with the way back: personal data hides behind entities, escapes and odd characters.

`a&#64;b.com`, `a%40b.com`, `a\\u0040b.com`, `a\u200b@b.com` and full-width digits read as an address or a number to
people and to programs further on. Patterns run on the plain reading; what they find is cut from the text as written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

MAX_LAYERS = 3
"""Layers taken off: exports escape markup up to twice (`&amp;#64;`), and a JSON string may hold it."""

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_HYPHENS = "\u2010\u2011\u2012\u2212"
_NOTHING = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u20e3\U000e0000-\U000e007f"
)
_ODD = "\uff01-\uff5e\u0660-\u0669\u06f0-\u06f9\U0001d400-\U0001d7ff"
_DISGUISED = re.compile(
    rf"[{_SPACES}{_HYPHENS}{_NOTHING}{_ODD}]"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|%(?:2[0-9A-Fa-f]|3[0-9A-Fa-f]|4[0-9A-Fa-f]|5[0-9A-Fa-f]|6[1-9A-Fa-f]|7[0-9Aa]"
    r"|[CcDd][0-9A-Fa-f]%[89ABab][0-9A-Fa-f])"
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[nrt\"/]"
)
_DROPPED = re.compile(rf"[{_NOTHING}]")
_SPACE = re.compile(rf"[{_SPACES}]")
_HYPHEN = re.compile(rf"[{_HYPHENS}]")
_ESCAPES = {"\\n": "\n", "\\r": "\n", "\\t": "\t", '\\"': '"', "\\/": "/"}


@dataclass(frozen=True)
class PlainReading:
    """A text without disguise.

    Attributes:
        text: What people read.
        starts: For each piece of `text`, where it starts there.
        origins: Where the same piece starts in the text as written.
        ends: Where it ends there.
    """

    text: str
    _starts: tuple[int, ...]
    _origins: tuple[int, ...]
    _ends: tuple[int, ...]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as written of a place in the plain reading."""
        return self._origin(start)[0], self._origin(end - 1)[1]

    def _origin(self, position: int) -> tuple[int, int]:
        piece = bisect_right(self._starts, position) - 1
        origin, end = self._origins[piece], self._ends[piece]
        length = (self._starts[piece + 1] if piece + 1 < len(self._starts) else len(self.text)) - self._starts[piece]
        if end - origin == length:
            inside = origin + position - self._starts[piece]
            return inside, inside + 1
        return origin, end


def plain_reading(text: str) -> PlainReading | None:
    """The text without disguise, or None where it has none: then the text reads as written.

    >>> reading = plain_reading("mail a&#64;b.com now")
    >>> reading.text, reading.written(5, 12)
    ('mail a@b.com now', (5, 16))
    """
    if text.isascii() and "&" not in text and "%" not in text and "\\" not in text:
        return None
    layers: list[PlainReading] = []
    current = text
    for _ in range(MAX_LAYERS):
        layer = _layer(current)
        if layer is None or layer.text == current:
            break
        layers.append(layer)
        current = layer.text
    if not layers:
        return None
    return layers[0] if len(layers) == 1 else _Stacked(current, (), (), (), tuple(layers))


@dataclass(frozen=True)
class _Stacked(PlainReading):
    """Several layers taken off one after the other."""

    layers: tuple[PlainReading, ...] = ()

    def written(self, start: int, end: int) -> tuple[int, int]:
        for layer in reversed(self.layers):
            start, end = layer.written(start, end)
        return start, end


def _layer(text: str) -> PlainReading | None:
    parts: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    ends: list[int] = []
    length = last = 0

    def add(part: str, origin: int, end: int) -> None:
        nonlocal length
        if part:
            starts.append(length)
            origins.append(origin)
            ends.append(end)
            parts.append(part)
            length += len(part)

    for match in _DISGUISED.finditer(text):
        plain = _plain(match.group())
        if plain != match.group():
            add(text[last : match.start()], last, match.start())
            add(plain, *match.span())
            last = match.end()
    if not last:
        return None
    add(text[last:], last, len(text))
    return PlainReading("".join(parts), tuple(starts), tuple(origins), tuple(ends))


def _plain(piece: str) -> str:
    first = piece[0]
    if first == "&":
        return html.unescape(piece)
    if first == "%":
        return bytes.fromhex(piece.replace("%", "")).decode("utf-8", "replace")
    if first == "\\":
        if piece in _ESCAPES:
            return _ESCAPES[piece]
        return (
            re.sub(r"\\[ux]([0-9a-fA-F]+)", lambda code: chr(int(code[1], 16)), piece)
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )
    if _DROPPED.match(piece):
        return ""
    if _SPACE.match(piece):
        return " "
    if _HYPHEN.match(piece):
        return "-"
    digit = unicodedata.digit(piece, None)
    return str(digit) if digit is not None else unicodedata.normalize("NFKC", piece)
