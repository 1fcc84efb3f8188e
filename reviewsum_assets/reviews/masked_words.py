"""Insults in disguise: `id**t`, `m0r0n`, `i d i o t`, `idiooot` as the word that is meant.

Only words that are known insults or swear words are restored; everything else, `A4`, `USB-C` or `5***`, stays as it
is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

SIGNS = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "€": "e", "8": "b"}
"""What a digit or sign stands for inside a word; `1` is an i or an l."""

MIN_VISIBLE_SHARE = 0.3
"""Letters that must be left of a starred word: `p***` for a word of four is a guess, not a reading."""

MAX_READINGS = 16
"""Readings tried of one token: each `1` doubles them."""

_COMMON = {
    ("f", 4): "fuck",
    ("b", 5): "bitch",
    ("m", 5): "merde",
    ("s", 4): "shit",
    ("p", 4): "pute",
    ("p", 7): "puttana",
}
"""What one letter and stars stand for, by the letter and the length."""

_STARS = "*#•"
_SPACED_WORDS = re.compile(r"(?<!\w)(?:\w[ .\-_]){3,}\w(?!\w)")
_TOKEN = re.compile(r"[\w@$!€*#•]+(?:-{2,}\w+)?")
_DISGUISED = re.compile(r"[0134578@$€!*#•]|--|(.)\1\1")
_RUNS = re.compile(r"(.)\1{2,}")
_STAR_RUN = re.compile(r"([*#•]+)")
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=65_536)
def _folded_character(character: str) -> str:
    if character == "ß":
        return "ss"
    return "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))


def folded(text: str) -> str:
    """The text in lower case without diacritics: `Vollidiöt` and `IMBÉCILE` as `vollidiot` and `imbecile`.

    >>> folded("Größe, ÇA, œuf")
    'grosse, ca, œuf'
    """
    lowered = text.lower().replace("’", "'")
    return lowered if lowered.isascii() else "".join(map(_folded_character, lowered))


class MaskedWords:
    """Restores known words from their disguises."""

    def __init__(self, insults: Iterable[str], swearing: Iterable[str]) -> None:
        """
        Args:
            insults: Folded words that people are called.
            swearing: Folded swear words that are no insult: where a starred word may be either, it is taken for one
                of these.
        """
        self.insults = frozenset(word for word in insults if word.isalpha() and len(word) > 2)
        self._swearing = {word for word in swearing if word.isalpha()}
        self._known = self.insults | self._swearing
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._by_start[word[0]].append(word)

    def restored(self, text: str) -> str:
        """The folded text with disguised words written out; the same text where there is none."""
        text = _SPACED_WORDS.sub(self._joined, text)
        if not _DISGUISED.search(text):
            return text
        return _TOKEN.sub(lambda match: self._token(match[0]), text)

    def _joined(self, match: re.Match[str]) -> str:
        letters = re.split(r"[ .\-_]", match[0])
        joined = "".join(letters)
        if phrase := self._phrase(joined):
            return phrase
        for start in range(len(letters) - 3):
            for end in range(len(letters), start + 3, -1):
                if "".join(letters[start:end]) in self.insults:
                    return " ".join((*letters[:start], "".join(letters[start:end]), *letters[end:]))
        return joined if joined in self._known else match[0]

    def _phrase(self, joined: str) -> str | None:
        """`hijodeputa` as three words, where the last is known."""
        for link in ("of", "de", "di"):
            head, found, tail = joined.partition(link)
            if found and head and tail in self._known:
                return f"{head} {link} {tail}"
        return None

    def _token(self, token: str) -> str:
        if not _LETTER.search(token) or not _DISGUISED.search(token):
            return token
        bare = token.rstrip("!")
        if "*" in token or "#" in token or "•" in token or "--" in token:
            return self._starred(bare) or token
        for reading in self._readings(bare):
            if reading in self._known:
                return reading
        return token

    def _readings(self, token: str) -> Sequence[str]:
        readings = [""]
        for character in token:
            options = SIGNS.get(character, character)
            readings = [reading + option for reading in readings for option in options][:MAX_READINGS]
        shortened = [_RUNS.sub(r"\1", reading) for reading in readings]
        doubled = [_RUNS.sub(r"\1\1", reading) for reading in readings]
        return [*readings, *shortened, *doubled]

    def _starred(self, token: str) -> str | None:
        """The one kind of known word that fits the letters left; a swear word where both kinds fit."""
        shape = token.replace("--", "**") if "--" in token else token
        visible = sum(character not in _STARS for character in shape)
        if shape[0] in _STARS or visible < max(2, round(MIN_VISIBLE_SHARE * len(shape))):
            return self._first_letter(shape)
        pattern = re.compile("".join(_pattern(part) for part in _STAR_RUN.split(shape) if part))
        fitting = [word for start in SIGNS.get(shape[0], shape[0]) for word in self._by_start[start]]
        fitting = [word for word in fitting if pattern.fullmatch(word)]
        swearing = [word for word in fitting if word in self._swearing]
        nearest = swearing or sorted(fitting, key=lambda word: abs(len(word) - len(shape)))
        return nearest[0] if nearest else None

    def _first_letter(self, shape: str) -> str | None:
        """`f***` for the commonest word that is written so."""
        return _COMMON.get((shape[0], len(shape)))


def _pattern(part: str) -> str:
    """The pattern of a run of stars, which often are more or fewer than the letters, or of the letters beside it."""
    if part[0] in _STARS:
        return "." if len(part) == 1 else f".{{1,{len(part) + 1}}}"
    return "".join(f"[{SIGNS[character]}]" if character in SIGNS else re.escape(character) for character in part)
