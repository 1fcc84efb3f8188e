"""Copies of a review under other names or products: the first one counts, later ones are set aside.

MinHash (Broder 1997) over word trigrams with banded locality-sensitive hashing: rensa signs the texts, numpy finds
the signatures that share a band. A review costs 512 bytes of memory until the day is done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

PERMUTATIONS = 128
BANDS = 32
"""Bands of four rows: a pair at similarity 0.6 shares one with probability .99, at 0.3 with .23 (then checked)."""

MIN_WORDS = 6
"""Shorter texts are never copies: `Great product` by fifty people is fifty opinions."""

SHORT_WORDS = 10
SHORT_SIMILARITY = 0.95
"""Below ten words only the same words in the same order are a copy: short praise is alike by nature."""

SIMILARITY = 0.6
"""Jaccard similarity of word trigrams from which a longer text is a copy: one word changed in twenty leaves 0.7."""

_SEED = 20_240_501
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Copy:
    """A later copy of an earlier review.

    Attributes:
        original: Review that counts.
        similarity: Estimated Jaccard similarity to it, 0–1 (standard error 0.04).
    """

    original: str
    similarity: float


class NearDuplicates:
    """Near-duplicates of one day: add batches in any order, then ask."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._times: list[datetime] = []
        self._words: list[int] = []
        self._signatures: list[NDArray[np.uint32]] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, review_ids: Sequence[str], created_at: Sequence[datetime], texts: Sequence[str]) -> None:
        """Sign the texts of a batch; texts of fewer than `MIN_WORDS` words are left out."""
        shingles: list[list[str]] = []
        for review_id, time, text in zip(review_ids, created_at, texts, strict=True):
            words = _WORD.findall(text.lower())
            if len(words) < MIN_WORDS:
                continue
            self._ids.append(review_id)
            self._times.append(time)
            self._words.append(len(words))
            shingles.append(sorted({" ".join(words[i : i + 3]) for i in range(len(words) - 2)}))
        if shingles:
            digests = RMinHash.digests_from_token_sets(shingles, PERMUTATIONS, _SEED)
            self._signatures.append(np.asarray(digests, dtype=np.uint32))

    def signature(self) -> NDArray[np.uint32]:
        """All signatures, shape (n, 128), in the order of adding."""
        if not self._signatures:
            return np.empty((0, PERMUTATIONS), dtype=np.uint32)
        return np.concatenate(self._signatures)

    def copies(self) -> dict[str, Copy]:
        """Later copies by review id; the first by (created_at, review_id) of each group is not among them."""
        order = sorted(range(len(self._ids)), key=lambda i: (self._times[i], self._ids[i]))
        signatures = self.signature()[order]
        originals = list(range(len(order)))
        copies: dict[str, Copy] = {}
        for position, earlier in enumerate(_earlier_in_bands(signatures)):
            best, similarity = -1, 0.0
            for other in earlier:
                found = float(np.mean(signatures[position] == signatures[other]))
                if found > similarity:
                    best, similarity = other, found
            if best < 0:
                continue
            words = min(self._words[order[position]], self._words[order[best]])
            if similarity >= (SHORT_SIMILARITY if words < SHORT_WORDS else SIMILARITY):
                originals[position] = originals[best]
                copies[self._ids[order[position]]] = Copy(self._ids[order[originals[best]]], similarity)
        return copies


def _earlier_in_bands(signatures: NDArray[np.uint32]) -> list[list[int]]:
    """For each row the first and the nearest earlier row of each band that it shares, sorted."""
    found: list[set[int]] = [set() for _ in range(len(signatures))]
    rows = PERMUTATIONS // BANDS
    for band in range(BANDS):
        block = np.ascontiguousarray(signatures[:, band * rows : (band + 1) * rows])
        keys = block.view([("", block.dtype)] * rows).ravel()
        _, groups = np.unique(keys, return_inverse=True)
        sorted_rows = np.argsort(groups, kind="stable")
        first = -1
        for previous, current in pairwise(sorted_rows):
            if groups[previous] != groups[current]:
                first = -1
                continue
            first = int(previous) if first < 0 else first
            found[int(current)].update((first, int(previous)))
    return [sorted(earlier) for earlier in found]
