"""Which of the six languages a few words are in: a linear model on the letters of each word.

The log-odds of a text are the sum over its words, and those of a word the sum over its letter n-grams and the word
itself, so a word is looked up once. Made for texts of one to five words, where general detectors guess; longer texts
are no harder for it. Trained by `language_training.py` on our own sentences and word lists.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from reviewsum_assets.contracts.records import LOCALES

ROOM = "reviewsum_assets.reviews"
WEIGHTS = "language_words/weights.npz"

BUCKETS = 1 << 16
"""Places that n-grams are hashed to; with half as many, one word in a hundred more is mistaken."""

LONGEST_NGRAM = 5
MAX_LETTERS = 24
"""Letters read of a word: no word of the six that matters is longer."""

WORDS_REMEMBERED = 50_000

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def ngrams(word: str) -> Iterator[str]:
    """Letter n-grams of a word with its edges marked, from single letters to `LONGEST_NGRAM`, and the word itself.

    >>> list(ngrams("ik"))[:4]
    ['<', 'i', 'k', '>']
    """
    marked = f"<{word.lower().replace('’', chr(39))[:MAX_LETTERS]}>"
    for length in range(1, LONGEST_NGRAM + 1):
        for start in range(len(marked) - length + 1):
            yield marked[start : start + length]
    yield f"={marked}"


def bucket(ngram: str) -> int:
    """Place of an n-gram among the weights; the same on every machine."""
    return zlib.crc32(ngram.encode()) % BUCKETS


def log_shares(words: Sequence[str]) -> NDArray[np.float64]:
    """Logarithms of the six languages' shares for a text's words, shape (6,), in the order of `LOCALES`."""
    odds = _bias().copy()
    for word in words:
        odds += _word_odds(word)
    odds -= odds.max()
    shares: NDArray[np.float64] = odds - np.log(np.exp(odds).sum())
    return shares


@lru_cache(maxsize=WORDS_REMEMBERED)
def _word_odds(word: str) -> NDArray[np.float64]:
    weights, _, scale = _stored()
    places = sorted({bucket(ngram) for ngram in ngrams(word)})
    odds: NDArray[np.float64] = weights[places].astype(np.float64).sum(axis=0) * scale
    return odds


def _bias() -> NDArray[np.float64]:
    return _stored()[1]


@lru_cache(maxsize=1)
def _stored() -> tuple[NDArray[np.int8], NDArray[np.float64], float]:
    """Weights, shape (BUCKETS, 6), bias, shape (6,), and what a weight of 1 stands for."""
    with np.load(io.BytesIO(files(ROOM).joinpath(WEIGHTS).read_bytes())) as stored:
        if tuple(stored["languages"]) != LOCALES:
            raise ValueError(f"{WEIGHTS} is for {list(stored['languages'])}: train it again for {list(LOCALES)}")
        return stored["weights"], stored["bias"].astype(np.float64), float(stored["scale"])
