"""Personal data out of a text: each place is replaced by a typed mark such as `[email]` or `[name]`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reviewsum_assets.reviews.disguise import plain_reading

if TYPE_CHECKING:
    from reviewsum_assets.reviews.personal_data.ner import NameModels

REDACTION_VERSION = "4"
"""Raise it when the same text comes out otherwise: stored texts are redacted anew."""

MAX_ROUNDS = 4
"""Rounds until nothing more is found: a mark can bring the words around it together."""


@dataclass(frozen=True)
class Redacted:
    """A text without personal data.

    Attributes:
        text: The text with a mark in each place, for example `[phone]`.
        types: The marks' types, one a place, in the order of the text.
    """

    text: str
    types: tuple[str, ...]


class NerModelMissingError(RuntimeError):
    """Names by NER are asked for and no model is installed."""


class Place(NamedTuple):
    """Where personal data stands in a text: `text[start:end]`, and its type."""

    start: int
    end: int
    type: str


class Redactor:
    """Finds and replaces personal data of twelve countries in any language. Building one takes about two seconds.

    Redacting a redacted text changes nothing.
    """

    def __init__(self, *, ner: bool = False) -> None:
        """
        Args:
            ner: Names found by an installed spaCy model too, in private places.

        Raises:
            NerModelMissingError: if `ner` is asked for and no model is installed.
        """
        # Imported here: Presidio and what it brings along take two seconds, and most commands redact nothing.
        from reviewsum_assets.reviews.personal_data import recognizers
        from reviewsum_assets.reviews.recognition import MARKS, Signs

        self._signs_of = Signs
        self._ranks = {mark: rank for rank, mark in enumerate(MARKS)}
        self._recognizers = recognizers()
        self._by_word: dict[str, list[int]] = {}
        for index, gated in enumerate(self._recognizers):
            for word in gated.words:
                self._by_word.setdefault(word, []).append(index)
        self._anchors = frozenset(self._by_word)
        self._name_models = _name_models() if ner else None
        self._wordless = [index for index, gated in enumerate(self._recognizers) if not gated.words]

    @property
    def ner_models(self) -> tuple[str, ...]:
        """Models in use with their versions; empty where NER is off."""
        return self._name_models.versions if self._name_models else ()

    @property
    def version(self) -> str:
        """Changes whenever the same text may come out otherwise, by other rules or by another model."""
        return "+".join((REDACTION_VERSION, *(name.replace(" ", "-") for name in self.ner_models)))

    def redact(self, text: str) -> Redacted:
        """The text with marks for e-mail, IBAN, card, handle, order, id, phone, address, birthdate and name."""
        found: list[str] = []
        for _ in range(MAX_ROUNDS):
            places = self.places(text)
            if not places:
                break
            found.extend(place.type for place in places)
            text = _with_marks(text, places)
        return Redacted(text, tuple(found))

    def places(self, text: str) -> list[Place]:
        """Places to redact, in order and apart from each other, as `redact` sees them in its first round."""
        reading = plain_reading(text)
        if reading is None:
            return self._apart(self._candidates(text))
        read = self._apart(self._candidates(reading.text))
        return _merged([Place(*reading.written(place.start, place.end), place.type) for place in read])

    def _apart(self, candidates: Iterator[tuple[int, int, int, int, str]]) -> list[Place]:
        kept: list[Place] = []
        for _, _, start, end, mark in sorted(candidates):
            index = bisect_left(kept, (start,))
            free_before = index == 0 or kept[index - 1].end <= start
            free_after = index == len(kept) or kept[index].start >= end
            if free_before and free_after:
                kept.insert(index, Place(start, end, mark))
        return kept

    def _candidates(self, text: str) -> Iterator[tuple[int, int, int, int, str]]:
        """Every match as (rank of its type, −length, start, end, type)."""
        signs = self._signs_of(text)
        # One look at all words for all recognisers: most texts wake few.
        numbers: set[str] = set()
        woken = {index for word in self._anchors & signs.words for index in self._by_word[word]}
        for index in sorted(woken.union(self._wordless)):
            gated = self._recognizers[index]
            if gated.awake is not None and not gated.awake(signs):
                continue
            for result in gated.recognizer.analyze(text, gated.recognizer.supported_entities, signs):
                start, end = _trimmed(text, result.start, result.end)
                if start < end:
                    yield self._ranks[gated.mark], start - end, start, end, gated.mark
                    if gated.mark == "order":
                        numbers.add(text[start:end])
        for number in numbers:
            for start, end in _alike(text, number):
                yield self._ranks["order"], start - end, start, end, "order"
        if self._name_models is not None:
            for start, end in self._name_models.places(text):
                yield self._ranks["name"], start - end, start, end, "name"


def _name_models() -> NameModels:
    from reviewsum_assets.reviews.personal_data.ner import NameModels

    try:
        return NameModels()
    except LookupError as error:
        raise NerModelMissingError(str(error)) from None


def _alike(text: str, number: str) -> Iterator[tuple[int, int]]:
    """Numbers of the same shape: who names one order names the next alone (`4071-DE late, 4073-DE here`)."""
    if sum(map(str.isdigit, number)) < 6 and not re.search(r"[A-Z#]", number):
        return
    shape = "".join(r"\d" if character.isdigit() else re.escape(character) for character in number.strip("# "))
    for match in re.finditer(rf"(?<![\w.,/-])#?{shape}(?![\w-]|[.,/]\d|\s?[€$£%])", text):
        yield match.span()


def _merged(places: Sequence[Place]) -> list[Place]:
    """Places apart from each other where two of the plain reading share a character as written."""
    merged: list[Place] = []
    for place in places:
        if merged and place.start < merged[-1].end:
            merged[-1] = Place(merged[-1].start, max(place.end, merged[-1].end), merged[-1].type)
        else:
            merged.append(place)
    return merged


def _with_marks(text: str, places: Sequence[Place]) -> str:
    parts, last = [], 0
    for start, end, mark in places:
        parts += [text[last:start], f"[{mark}]"]
        last = end
    return "".join([*parts, text[last:]])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and closing punctuation around it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
        end -= 1
    return start, end
