"""What the words of a chunk say about its polarity: a small multilingual lexicon and the negation before its words.

Sentence vectors see topic before polarity, and negation hardly at all; these few counts give the polarity head what
the vectors lack.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from reviewsum_assets.opinions.keywords import TermIndex, words_of
from reviewsum_assets.opinions.taxonomy import LANGUAGES

LEXICON = Path(__file__).parent / "polarity" / "lexicon.yaml"

FEATURES: tuple[str, ...] = ("positive", "negative", "negated positive", "negated negative")
"""What is counted, in the order of the columns of `lexical_features`."""

_POSITIVE, _NEGATIVE, _NEGATOR, _HEDGE = range(4)
_LISTS = ("positive", "negative", "negators", "hedges")

NEGATION_WINDOW = 3
"""Words before a word in which a negator turns it round: `not a very good` yes, across a clause hardly."""

MOST_COUNTED = 3
"""Counts are cut here: a chunk is short, and a list of adjectives is not more of an opinion."""


def lexical_features(texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]:
    """Counts of `FEATURES` in each text, shape (len(texts), 4), each 0–`MOST_COUNTED`.

    A language that the lexicon lacks (`und`) is read with the words of all six.
    """
    counts = np.zeros((len(texts), len(FEATURES)), dtype=np.float32)
    for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
        # A contraction is two words after its apostrophe goes: `doesn't` is `doesn` and `t`.
        found = _index(language if language in LANGUAGES else "").find(words_of(text))
        last_negator = -NEGATION_WINDOW - 1
        for position, length, labels in found:
            if _NEGATOR in labels:
                last_negator = position + length - 1
            negated = position - last_negator <= NEGATION_WINDOW and position > last_negator
            for label in labels:
                if label < _NEGATOR:
                    counts[row, label + 2 * negated] += 1
    return np.minimum(counts, MOST_COUNTED)


def hedges(texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each text has a word that makes praise half-hearted ("a bit", "could be"), shape (len(texts),)."""
    found = (
        _index(language if language in LANGUAGES else "").find(words_of(text))
        for text, language in zip(texts, languages, strict=True)
    )
    return np.array([any(_HEDGE in labels for _, _, labels in terms) for terms in found], dtype=bool)


@lru_cache(maxsize=len(LANGUAGES) + 1)
def _index(language: str) -> TermIndex:
    """The lexicon of a language; of all for the empty string."""
    return TermIndex(
        (term.strip(), label)
        for one in ([language] if language else LANGUAGES)
        for label, name in enumerate(_LISTS)
        for term in _lexicon()[one][name].split(",")
    )


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, dict[str, str]]:
    content = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or set(content) != set(LANGUAGES):
        raise ValueError(f"{LEXICON.name} must hold the languages {', '.join(LANGUAGES)}")
    return content
