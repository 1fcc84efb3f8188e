"""Which aspects a chunk speaks of: the taxonomy's keywords together with nearness to its seed sentences.

A keyword is precise and misses what is said in other words; a sentence vector finds those ("I hunt for a socket by
noon" is about the battery) in any language, and is vague. A small logistic model weighs the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.opinions.keywords import KeywordLexicon
from reviewsum_assets.opinions.taxonomy import LANGUAGES, Taxonomy

MAX_ASPECTS = 3
"""Aspects of a chunk at most: a chunk is one clause, and rarely speaks of more."""

THRESHOLD = 0.4
"""Least score at which a chunk is taken to speak of an aspect. Measured: F1 is level from 0.3 to 0.4 (on the sentences
of Hu & Liu .61 and .62, on the sample's .82 and .82), and a wrong aspect costs more than a missed one."""

_BATCH = 8192
"""Chunks a matrix product: it bounds the memory of the similarities to every seed."""


@dataclass(frozen=True)
class AspectMatch:
    """An aspect of a chunk."""

    aspect: str
    score: float
    """How sure the match is, 0–1."""


@dataclass(frozen=True)
class MatchWeights:
    """Weights of the logistic model of a match, in log-odds. Fitted on half of the reviews of Hu & Liu (the other half
    agrees: F1 .62 and .62) and on the sample's sentences in six languages, each of the two counting alike."""

    intercept: float
    keyword: float
    """For a keyword of the aspect."""
    second_keyword: float
    """For a second one."""
    hint: float
    """For each hint, two at most."""
    similarity: float
    """For each unit of cosine to the aspect's nearest seed sentence, beyond `SIMILARITY_CENTRE`."""
    lead: float
    """For each unit of cosine by which that is nearer than any other aspect's nearest seed (negative: less near)."""
    rivals: float
    """For each other aspect with a keyword in the chunk, two at most."""


SIMILARITY_CENTRE = 0.5

WEIGHTS = MatchWeights(
    intercept=-2.48, keyword=3.99, second_keyword=0.84, hint=1.49, similarity=2.77, lead=6.83, rivals=-0.84
)


class AspectMatcher:
    """Matches chunks to the aspects of their department."""

    def __init__(self, taxonomy: Taxonomy, embed: Callable[[Sequence[str]], Vectors]) -> None:
        """
        Args:
            taxonomy: Aspects, keywords and seed sentences.
            embed: Unit vectors of texts, by the embedder whose vectors `match` is given. Called once, on the seeds, at
                the first match.
        """
        self.taxonomy = taxonomy
        self._lexicons: dict[str, KeywordLexicon] = {}
        seeds: list[str] = []
        starts: list[int] = []
        for aspect in taxonomy.aspects:
            starts.append(len(seeds))
            for language in LANGUAGES:
                words = taxonomy.words(aspect, language)
                seeds.extend((*words.praise, *words.complaint))
        self._embed = embed
        self._seeds = seeds
        self._seed_starts = np.array(starts)
        self._columns = {
            slug: np.array(sorted(map(taxonomy.aspects.index, taxonomy.aspects_of(slug))))
            for slug in taxonomy.departments
        }

    @cached_property
    def _seed_vectors(self) -> Vectors:
        return np.ascontiguousarray(self._embed(self._seeds), dtype=np.float32)

    def match(
        self, texts: Sequence[str], vectors: Vectors, departments: Sequence[str], languages: Sequence[str]
    ) -> list[tuple[AspectMatch, ...]]:
        """Aspects of each chunk, the likeliest first; none, or `MAX_ASPECTS` at most.

        Args:
            texts: The chunks.
            vectors: Their unit vectors, shape (n, dimensions).
            departments: Slug of each chunk's department; an unknown one has the aspects of `other`.
            languages: Language of each chunk (ISO 639-1); an unknown one has the keywords of all languages.
        """
        if not len(texts) == len(vectors) == len(departments) == len(languages):
            raise ValueError(
                f"texts, vectors, departments and languages must be of one length, not {len(texts)}, {len(vectors)}, "
                f"{len(departments)} and {len(languages)}"
            )
        matches: list[tuple[AspectMatch, ...]] = []
        for start in range(0, len(texts), _BATCH):
            batch = slice(start, start + _BATCH)
            matches.extend(self._batch(texts[batch], vectors[batch], departments[batch], languages[batch]))
        return matches

    def probabilities(
        self, texts: Sequence[str], vectors: Vectors, departments: Sequence[str], languages: Sequence[str]
    ) -> NDArray[np.float32]:
        """Probability of every aspect in every chunk, shape (n, aspects); 0 for aspects of other departments."""
        features, possible = self.features(texts, vectors, departments, languages)
        weights = np.array(
            [WEIGHTS.keyword, WEIGHTS.second_keyword, WEIGHTS.hint, WEIGHTS.similarity, WEIGHTS.lead, WEIGHTS.rivals],
            dtype=np.float32,
        )
        odds = features @ weights + np.float32(WEIGHTS.intercept)
        return np.where(possible, 1 / (1 + np.exp(-odds)), 0).astype(np.float32)

    def features(
        self, texts: Sequence[str], vectors: Vectors, departments: Sequence[str], languages: Sequence[str]
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """What the model of a match weighs, shape (n, aspects, 6), in the order of `MatchWeights`; and which aspects
        the departments have, shape (n, aspects)."""
        n, aspects = len(texts), len(self.taxonomy.aspects)
        possible = np.zeros((n, aspects), dtype=bool)
        by_department = np.array([slug if slug in self._columns else "other" for slug in departments], dtype=object)
        for slug in dict.fromkeys(by_department):
            possible[np.ix_(np.flatnonzero(by_department == slug), self._columns[slug])] = True

        keywords = np.zeros((n, aspects), dtype=np.float32)
        hints = np.zeros((n, aspects), dtype=np.float32)
        for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
            found, hinted = self._lexicon(language).marks(text)
            for aspect, count in found.items():
                keywords[row, aspect] = count
            for aspect, count in hinted.items():
                hints[row, aspect] = count
        keywords *= possible
        nearness = self._similarities(vectors)
        nearness[~possible] = -1
        has_keyword = (keywords > 0).astype(np.float32)
        features = np.stack(
            [
                has_keyword,
                (keywords > 1).astype(np.float32),
                np.minimum(hints, 2),
                nearness - np.float32(SIMILARITY_CENTRE),
                _leads(nearness),
                np.minimum(has_keyword.sum(axis=1, keepdims=True) - has_keyword, 2),
            ],
            axis=-1,
        )
        return features, possible

    def _batch(
        self, texts: Sequence[str], vectors: Vectors, departments: Sequence[str], languages: Sequence[str]
    ) -> list[tuple[AspectMatch, ...]]:
        probabilities = self.probabilities(texts, vectors, departments, languages)
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :MAX_ASPECTS]
        best = np.take_along_axis(probabilities, order, axis=1)
        names = self.taxonomy.aspects
        return [
            tuple(
                AspectMatch(names[aspect], round(score, 4))
                for aspect, score in zip(aspects, scores, strict=True)
                if score >= THRESHOLD
            )
            for aspects, scores in zip(order.tolist(), best.tolist(), strict=True)
        ]

    def _lexicon(self, language: str) -> KeywordLexicon:
        key = language if language in LANGUAGES else ""
        if key not in self._lexicons:
            self._lexicons[key] = KeywordLexicon(self.taxonomy, key)
        return self._lexicons[key]

    def _similarities(self, vectors: Vectors) -> NDArray[np.float32]:
        """Cosine of each vector to the nearest seed of each aspect, shape (n, aspects)."""
        cosines = np.asarray(vectors, dtype=np.float32) @ self._seed_vectors.T
        return np.maximum.reduceat(cosines, self._seed_starts, axis=1)


def _leads(nearness: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much each aspect is nearer than the nearest other one, shape as given; negative where it is less near."""
    two = np.partition(nearness, -2, axis=1)[:, -2:]
    second, first = two[:, :1], two[:, 1:]
    return np.where(nearness == first, nearness - second, nearness - first)
