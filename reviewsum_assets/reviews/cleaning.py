"""From raw reviews to cleaned ones: fit to read and count, or set aside with a reason. No row is lost.

A review goes through in batches of any size; what needs the whole day (copies, bombing) is known after the last one
and applied to the cleaned rows. Nothing here reads a clock or a random number: the same rows give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

import numpy as np
import pyarrow
import pyarrow.compute as pc
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.contracts.tables import CleanedReviews, arrow_schema
from reviewsum_assets.reviews import bombing, language
from reviewsum_assets.reviews.chunking import Chunk, split_chunks
from reviewsum_assets.reviews.duplicates import NearDuplicates
from reviewsum_assets.reviews.noise import judge
from reviewsum_assets.reviews.redaction import Redacted, Redactor
from reviewsum_assets.reviews.text import clean_text
from reviewsum_assets.reviews.toxicity import MASK_THRESHOLD, SET_ASIDE_THRESHOLD, ToxicityHead

CODE_VERSION = "1"
"""Bumped whenever the same raw rows would give other cleaned rows."""

EMPTY_AFTER_CLEANING = "empty_after_cleaning"
NEAR_DUPLICATE = "near_duplicate"
ABUSE = "abuse"

MASK = "[…]"
"""Stands for an abusive sentence in a review that says more than that."""

MIN_MEANINGFUL_WORDS = 2
"""Words that the rest of a masked review needs to count: `Poor quality` is an opinion."""

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_MARK = re.compile(r"\[[a-z…]{1,12}\]")

SetAside = tuple[str, float]
"""Reason and strength, 0–1."""


@dataclass(frozen=True)
class _Review:
    """One review on its way through cleaning."""

    text: str
    redactions: int
    guess: language.LanguageGuess
    set_aside: SetAside | None = None
    toxicity: float | None = None


class DayCleaner:
    """Cleans the raw reviews of one day.

    >>> cleaner = DayCleaner(department_of=departments.of, chunk_vectors=embedder.embed)  # doctest: +SKIP
    >>> parts = [cleaner.clean_batch(batch) for batch in raw_batches]  # doctest: +SKIP
    >>> day = apply_set_asides(pyarrow.concat_tables(parts), cleaner.day_set_asides())  # doctest: +SKIP
    """

    def __init__(
        self, *, department_of: Callable[[str], str], chunk_vectors: Callable[[Sequence[str]], Vectors]
    ) -> None:
        """
        Args:
            department_of: Department slug of a leaf category.
            chunk_vectors: Unit vectors of texts, shape (n, 512): the embedder, or a store of its vectors.
        """
        self._department_of = department_of
        self._chunk_vectors = chunk_vectors
        self._redactor = Redactor()
        self._toxicity = ToxicityHead.load()
        self._duplicates = NearDuplicates()
        self._rated: list[bombing.RatedReview] = []

    def clean_batch(self, raw: pyarrow.Table) -> pyarrow.Table:
        """`RawReviews` rows to as many `CleanedReviews` rows, in order."""
        rows = raw.to_pydict()
        reviews = self._read(rows["review_text"], rows["redactions"], rows["locale"])
        reviews, sketches = self._without_abuse(reviews)
        self._remember(rows, reviews, sketches)
        columns = {
            "review_id": rows["review_id"],
            "product_id": rows["product_id"],
            "category": [self._department_of(leaf) for leaf in rows["source_category"]],
            "source_category": rows["source_category"],
            "user_key": rows["user_key"],
            "star_rating": rows["star_rating"],
            "cleaned_text": [review.text for review in reviews],
            "language": [review.guess.language for review in reviews],
            "language_confidence": [review.guess.confidence for review in reviews],
            "created_at": rows["created_at"],
            "helpful_votes": [votes or 0 for votes in rows["helpful_votes"]],
            "verified_purchase": [bool(verified) for verified in rows["verified_purchase"]],
            "word_count": [count_words(review.text) for review in reviews],
            "redaction_count": [review.redactions for review in reviews],
            "toxicity_score": [review.toxicity for review in reviews],
            "set_aside_reason": [review.set_aside[0] if review.set_aside else None for review in reviews],
            "set_aside_score": [review.set_aside[1] if review.set_aside else None for review in reviews],
        }
        schema = arrow_schema(CleanedReviews)
        return pyarrow.table(
            {name: pyarrow.array(columns[name], schema.field(name).type) for name in schema.names}, schema
        )

    def day_set_asides(self) -> dict[str, SetAside]:
        """What only the whole day shows: review id → (reason, score). Suspected bombing outranks being a copy."""
        found: dict[str, SetAside] = {
            review_id: (NEAR_DUPLICATE, copy.similarity) for review_id, copy in self._duplicates.copies().items()
        }
        for review_id, score in bombing.suspects(self._rated).items():
            found[review_id] = (bombing.SUSPECTED_BOMBING, score)
        return dict(sorted(found.items()))

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

    def _remember(
        self,
        rows: Mapping[str, Sequence[str]],
        reviews: Sequence[_Review],
        sketches: Sequence[NDArray[np.uint8] | None],
    ) -> None:
        """Keep what copies and bombing need of the reviews that still count."""
        counted = [i for i, review in enumerate(reviews) if review.set_aside is None]
        times: Sequence[datetime] = rows["created_at"]  # type: ignore[assignment]
        self._duplicates.add(
            [rows["review_id"][i] for i in counted], [times[i] for i in counted], [reviews[i].text for i in counted]
        )
        for i in counted:
            sketch = sketches[i]
            if sketch is not None:
                self._rated.append(
                    bombing.RatedReview(
                        review_id=rows["review_id"][i],
                        product_id=rows["product_id"][i],
                        day=times[i].date(),
                        star_rating=int(rows["star_rating"][i]),
                        verified=rows["verified_purchase"][i],  # type: ignore[arg-type]
                        sketch=sketch,
                    )
                )


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


def apply_set_asides(cleaned: pyarrow.Table, set_asides: Mapping[str, SetAside]) -> pyarrow.Table:
    """The cleaned rows with reason and score of those that the day set aside; an earlier reason stands."""
    if not set_asides:
        return cleaned
    ids = cleaned["review_id"].to_pylist()
    schema = cleaned.schema
    counted = pc.is_null(cleaned["set_aside_reason"])
    for name, position in (("set_aside_reason", 0), ("set_aside_score", 1)):
        field = schema.field(name)
        values = pyarrow.array([set_asides[i][position] if i in set_asides else None for i in ids], field.type)
        merged = pc.if_else(counted, values, cleaned[name])
        cleaned = cleaned.set_column(schema.get_field_index(name), field, merged)
    return cleaned
