"""From raw reviews to screened ones: each review cleaned and judged by itself. No row is lost.

What a review says of itself (text, language, abuse, noise, the signs by which it is compared to others) depends on its
raw text and the code alone, so it is worked out once: `screened_keys` tell which rows of a batch are known already.
Nothing here reads a clock or a random number: the same rows give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Protocol

import numpy as np
import pyarrow
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.contracts.tables import ScreenedReviews, arrow_schema
from reviewsum_assets.reviews import bombing, language
from reviewsum_assets.reviews.chunking import Chunk, split_chunks
from reviewsum_assets.reviews.duplicates import signatures_of
from reviewsum_assets.reviews.noise import judge
from reviewsum_assets.reviews.redaction import Redacted, Redactor
from reviewsum_assets.reviews.text import clean_text
from reviewsum_assets.reviews.toxicity import MASK_THRESHOLD, SET_ASIDE_THRESHOLD, ToxicityHead

CODE_VERSION = "1"
"""Bumped whenever the same raw rows would give other screened rows."""

EMPTY_AFTER_CLEANING = "empty_after_cleaning"
ABUSE = "abuse"

MASK = "[…]"
"""Stands for an abusive sentence in a review that says more than that."""

MIN_MEANINGFUL_WORDS = 2
"""Words that the rest of a masked review needs to count: `Poor quality` is an opinion."""

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_MARK = re.compile(r"\[[a-z…]{1,12}\]")

SetAside = tuple[str, float]
"""Reason and strength, 0–1."""


class ToxicityScorer(Protocol):
    """Probability that sentences abuse people."""

    @property
    def version(self) -> str: ...

    def score(self, vectors: NDArray[np.float32], texts: Sequence[str] | None = None) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class _Review:
    """One review on its way through screening."""

    text: str
    redactions: int
    guess: language.LanguageGuess
    set_aside: SetAside | None = None
    toxicity: float | None = None


class ReviewScreener:
    """Screens raw reviews in batches of any size; each review by itself.

    >>> screener = ReviewScreener(chunk_vectors=embedder.embed)  # doctest: +SKIP
    >>> screened = screener.screen(raw_batch)  # doctest: +SKIP
    """

    def __init__(
        self,
        *,
        chunk_vectors: Callable[[Sequence[str]], Vectors],
        redactor: Redactor | None = None,
        toxicity: ToxicityScorer | None = None,
    ) -> None:
        """
        Args:
            chunk_vectors: Unit vectors of texts, shape (n, 512): the embedder, or a store of its vectors.
            redactor: Finds personal data; None: the bundled recognisers.
            toxicity: Probability of abuse of people; None: the bundled head.
        """
        self._chunk_vectors = chunk_vectors
        self._redactor = redactor or Redactor()
        self._toxicity = toxicity or ToxicityHead.load()

    def screen(self, raw: pyarrow.Table) -> pyarrow.Table:
        """`RawReviews` rows to as many `ScreenedReviews` rows, in order, without their `screened_key`."""
        rows = raw.select(["review_text", "redactions", "locale"]).to_pydict()
        reviews = self._read(rows["review_text"], rows["redactions"], rows["locale"])
        reviews, sketches = self._without_abuse(reviews)
        counted = [review.text if review.set_aside is None else "" for review in reviews]
        derived = {
            "cleaned_text": [review.text for review in reviews],
            "language": [review.guess.language for review in reviews],
            "language_confidence": [review.guess.confidence for review in reviews],
            "language_shares": [None for review in reviews],
            "word_count": [count_words(review.text) for review in reviews],
            "redaction_count": [review.redactions for review in reviews],
            "toxicity_score": [review.toxicity for review in reviews],
            "own_reason": [review.set_aside[0] if review.set_aside else None for review in reviews],
            "own_score": [review.set_aside[1] if review.set_aside else None for review in reviews],
            "signature": signatures_of(counted),
            "sketch": [None if sketch is None else sketch.tobytes() for sketch in sketches],
        }
        schema = arrow_schema(ScreenedReviews)
        columns = {name: pyarrow.array(values, schema.field(name).type) for name, values in derived.items()}
        return with_raw_columns(pyarrow.table(columns), raw)

    def _read(
        self, texts: Sequence[str], redactions: Sequence[Sequence[str]], locales: Sequence[str | None]
    ) -> list[_Review]:
        """Cleaned texts with language, set aside where they are no reviews.

        Redacted again after cleaning: markup and entities hide personal data from the first pass (`a&#64;b.com`).
        """
        redacted = [self._redacted(text, clean_text(text)) for text in texts]
        guesses = language.detect([found.text for found in redacted], locales)
        reviews = []
        for raw_text, before, found, guess in zip(texts, redactions, redacted, guesses, strict=True):
            set_aside: SetAside | None = None
            if not found.text:
                set_aside = (EMPTY_AFTER_CLEANING, 1.0)
            elif noise := judge(raw_text, found.text):
                set_aside = (noise.reason, noise.score)
            reviews.append(_Review(found.text, len(before) + len(found.types), guess, set_aside))
        return reviews

    def _redacted(self, text: str, cleaned: str) -> Redacted:
        """The cleaned text redacted; one that cleaning left as it was has been redacted already."""
        return Redacted(cleaned, ()) if cleaned == text else self._redactor.redact(cleaned)

    def _without_abuse(self, reviews: Sequence[_Review]) -> tuple[list[_Review], list[NDArray[np.uint8] | None]]:
        """The reviews with abusive sentences masked or set aside, and the sketch of each that has sentences."""
        chunks = [
            split_chunks(review.text, review.guess.language) if review.set_aside is None else [] for review in reviews
        ]
        texts = [chunk.text for of_review in chunks for chunk in of_review]
        if not texts:
            return list(reviews), [None] * len(reviews)
        vectors = np.asarray(self._chunk_vectors(texts), dtype=np.float32)
        scores = self._toxicity.score(vectors, texts)
        ends = list(accumulate(len(of_review) for of_review in chunks))
        judged: list[_Review] = []
        sketches: list[NDArray[np.uint8] | None] = []
        for review, of_review, end in zip(reviews, chunks, ends, strict=True):
            own = slice(end - len(of_review), end)
            judged.append(_judge_abuse(review, of_review, scores[own]) if of_review else review)
            sketches.append(bombing.sketch_of(vectors[own]) if of_review else None)
        return judged, sketches


def _judge_abuse(review: _Review, chunks: Sequence[Chunk], scores: NDArray[np.float32]) -> _Review:
    """The review with abusive chunks masked; set aside where nothing meaningful is left and the abuse is sure."""
    worst = float(scores.max())
    if worst < MASK_THRESHOLD:
        return replace(review, toxicity=worst)
    text, left = review.text, 0
    for chunk, score in sorted(zip(chunks, scores, strict=True), key=lambda pair: -pair[0].start):
        if score >= MASK_THRESHOLD:
            text = f"{text[: chunk.start]}{MASK}{text[chunk.end :]}"
        else:
            left = max(left, count_words(chunk.text))
    if left < MIN_MEANINGFUL_WORDS and worst >= SET_ASIDE_THRESHOLD:
        return replace(review, toxicity=worst, set_aside=(ABUSE, worst))
    return replace(review, toxicity=worst, text=_MASKS.sub(MASK, text))


_MASKS = re.compile(rf"{re.escape(MASK)}(?:[\s,;.!?]*{re.escape(MASK)})+")


def count_words(text: str) -> int:
    """Words of a cleaned text; marks such as `[email]` are none."""
    return len(_WORD.findall(_MARK.sub(" ", text)))


RAW_COLUMNS = (
    "review_id",
    "product_id",
    "source_category",
    "user_key",
    "star_rating",
    "created_at",
    "helpful_votes",
    "verified_purchase",
    "text_hash",
)
"""What a screened review takes from its raw row as it is: their change needs no new screening."""


def with_raw_columns(derived: pyarrow.Table, raw: pyarrow.Table) -> pyarrow.Table:
    """Columns that screening derived, with those of the same raw rows, in the order of `ScreenedReviews`."""
    columns = {name: derived[name] for name in derived.column_names} | {name: raw[name] for name in RAW_COLUMNS}
    return pyarrow.table({name: columns[name] for name in arrow_schema(ScreenedReviews).names if name in columns})


def screened_keys(raw: pyarrow.Table, version: str) -> list[str]:
    """A key for each raw row, 32 hex digits, of all that decides what screening derives from it.

    Args:
        raw: `RawReviews` rows.
        version: Versions of the code and models.
    """
    start = hashlib.blake2b(version.encode(), digest_size=16)
    keys = []
    columns = (raw[name].to_pylist() for name in ("review_text", "locale", "redactions"))
    for text, locale, redactions in zip(*columns, strict=True):
        digest = start.copy()
        digest.update(f"{locale}\0{len(redactions)}\0{text}".encode())
        keys.append(digest.hexdigest())
    return keys
