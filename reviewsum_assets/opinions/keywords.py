"""Finding listed words in a chunk: whole words, stems, parts of German and Dutch compounds, phrases.

Terms are written as in dictionaries: `charg-` lets any ending follow, `-akku` any compound precede, `-akku-` both; a
term of several words is a phrase. Words are compared as `taxonomy.normalise` leaves them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from reviewsum_assets.opinions.taxonomy import LANGUAGES, Taxonomy, normalise

_WORD = re.compile(r"[^\W_]+")
_STEM_HEAD = 3
"""Characters by which stems are indexed; a shorter stem is indexed whole."""

_CACHE_LIMIT = 200_000
"""Different words remembered by an index: more than the vocabulary of a day's reviews."""


class Found(NamedTuple):
    """A term found among the words of a text."""

    position: int
    """Index of its first word."""
    length: int
    """Words that it covers."""
    labels: tuple[int, ...]
    """What it stands for, ascending: a term may be listed under several labels."""


def words_of(text: str) -> list[str]:
    """The normalised words of a text; punctuation and apostrophes separate them."""
    return list(_words_of(text))


@lru_cache(maxsize=8_192)
def _words_of(text: str) -> tuple[str, ...]:
    # Aspects and polarity ask for the words of the same batch of sentences, one after the other.
    return tuple(_WORD.findall(normalise(text)))


def raw_words(text: str) -> list[str]:
    """The words of a text as written, one for one those of `words_of` except in rare scripts."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


class TermIndex:
    """Looks up many terms at once, each under a label. Fast because a word's labels are remembered."""

    def __init__(self, terms: Iterable[tuple[str, int]]) -> None:
        """`terms`: each with its label."""
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._stems: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._ends: list[tuple[str, int]] = []
        self._inner: list[tuple[str, int]] = []
        self._phrases: dict[str, list[tuple[tuple[str, ...], bool, int]]] = defaultdict(list)
        self._known: dict[str, tuple[int, ...]] = {}
        for term, label in terms:
            self._add(term, label)
        for phrases in self._phrases.values():
            phrases.sort(key=lambda entry: (-len(entry[0]), entry))

    def find(self, words: list[str]) -> list[Found]:
        """The terms among the words, from left to right. Words of a phrase count as the phrase alone: `sound quality`
        holds no `quality`."""
        found = []
        position, end = 0, len(words)
        phrases, known = self._phrases, self._known
        while position < end:
            word = words[position]
            # Looked up here: hardly a word begins a phrase, and nearly each was seen before.
            labels, length = self._phrase(words, position) if word in phrases else ((), 0)
            if not labels:
                length = 1
                remembered = known.get(word)
                labels = self._word(word) if remembered is None else remembered
            if labels:
                found.append(Found(position, length, labels))
            position += length
        return found

    def _add(self, term: str, label: int) -> None:
        words = words_of(term)
        opens, closes = term.endswith("-"), term.startswith("-")
        if len(words) > 1:
            self._phrases[words[0]].append((tuple(words), opens, label))
        elif opens and closes:
            self._inner.append((words[0], label))
        elif closes:
            self._ends.append((words[0], label))
        elif opens:
            self._stems[words[0][:_STEM_HEAD]].append((words[0], label))
        else:
            self._whole[words[0]].add(label)

    def _word(self, word: str) -> tuple[int, ...]:
        """The labels of a single word, remembered."""
        labels = self._known.get(word)
        if labels is None:
            found = set(self._whole.get(word, ()))
            for length in range(1, _STEM_HEAD + 1):
                found.update(label for stem, label in self._stems.get(word[:length], ()) if word.startswith(stem))
            found.update(label for end, label in self._ends if word.endswith(end))
            found.update(label for inner, label in self._inner if inner in word)
            labels = tuple(sorted(found))
            if len(self._known) >= _CACHE_LIMIT:
                self._known.clear()
            self._known[word] = labels
        return labels

    def _phrase(self, words: list[str], position: int) -> tuple[tuple[int, ...], int]:
        """The longest phrase that begins at a word: its labels and its words; nothing and 0 if there is none."""
        labels: set[int] = set()
        longest = 0
        for phrase, opens, label in self._phrases.get(words[position], ()):
            length = len(phrase)
            if length < longest:
                break
            last = position + length - 1
            if last >= len(words) or tuple(words[position:last]) != phrase[:-1]:
                continue
            if words[last] == phrase[-1] or (opens and words[last].startswith(phrase[-1])):
                labels.add(label)
                longest = length
        return tuple(sorted(labels)), longest


class KeywordLexicon:
    """Keywords and hints of all aspects in one language, or in all where the language is unknown."""

    def __init__(self, taxonomy: Taxonomy, language: str) -> None:
        """`language`: one of `LANGUAGES`; any other value (`und`) takes the words of all six."""
        self._index = TermIndex(
            (term, 2 * aspect + settles)
            for one in ([language] if language in LANGUAGES else LANGUAGES)
            for aspect, slug in enumerate(taxonomy.aspects)
            for words in [taxonomy.words(slug, one)]
            for settles, terms in ((1, words.keywords), (0, words.hints))
            for term in terms
        )

    def marks(self, text: str) -> tuple[dict[int, int], dict[int, int]]:
        """Keywords and hints found: index of the aspect → how many."""
        keywords: dict[int, int] = {}
        hints: dict[int, int] = {}
        for found in self._index.find(words_of(text)):
            for label in found.labels:
                into = keywords if label % 2 else hints
                into[label // 2] = into.get(label // 2, 0) + 1
        return keywords, hints
