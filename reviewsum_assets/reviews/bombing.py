"""Review bombing: a burst of one-sided reviews of one product on one day, by unverified users, that say the same.

A true surge of complaints looks alike from afar: after a bad firmware many people are angry at once. It differs in
who writes (buyers, most of them verified) and in what they write (each his own story). So both signs are asked for,
and a suspected review is set aside with its reason and score, for a person to decide; it is never dropped.

Meaning is compared by the signs of the mean sentence vector (Charikar 2002): 64 bytes a review, any language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

SUSPECTED_BOMBING = "suspected_bombing"

MIN_BURST = 6
"""Unverified one-sided reviews of a product in a day from which a burst is looked at."""

MIN_UNVERIFIED_SHARE = 0.6
"""Share of unverified users among the day's reviews of that polarity; where the source does not know who bought
(unknown for all), the texts alone decide and must be closer."""

MIN_SIMILARITY = 0.45
MIN_SIMILARITY_UNKNOWN = 0.65
"""Mean cosine of a review to the others of the burst. Sentence vectors of the same complaint in different words and
languages are at 0.75, of unrelated ones at 0.09 (measured on 360 pairs); whole reviews lie between."""

LOW_STARS, HIGH_STARS = 1, 5
"""Extreme stars: bombs are thrown to move the mean."""


@dataclass(frozen=True)
class RatedReview:
    """What is kept of a review until its day is done.

    Attributes:
        sketch: Signs of the mean sentence vector, `sketch_of`, shape (64,) uint8.
        verified: Whether the user bought the product; None where the source does not know.
    """

    review_id: str
    product_id: str
    day: date
    star_rating: int
    verified: bool | None
    sketch: NDArray[np.uint8]


def sketch_of(vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Signs of the mean of the chunk vectors, packed: shape (n, d) to (d / 8,)."""
    return np.packbits(vectors.mean(axis=0) > 0)


def suspects(reviews: Iterable[RatedReview]) -> dict[str, float]:
    """Suspected reviews by id, with a score 0–1: mean similarity to the burst times its unverified share."""
    bursts: dict[tuple[str, date, int], list[RatedReview]] = defaultdict(list)
    for review in reviews:
        if review.star_rating in (LOW_STARS, HIGH_STARS):
            bursts[review.product_id, review.day, review.star_rating].append(review)
    found: dict[str, float] = {}
    for key in sorted(bursts):
        found.update(_suspects_of_burst(bursts[key]))
    return found


def _suspects_of_burst(burst: list[RatedReview]) -> dict[str, float]:
    unverified = sorted((review for review in burst if not review.verified), key=lambda review: review.review_id)
    share = len(unverified) / len(burst)
    if len(unverified) < MIN_BURST or share < MIN_UNVERIFIED_SHARE:
        return {}
    known = any(review.verified is not None for review in burst)
    needed = MIN_SIMILARITY if known else MIN_SIMILARITY_UNKNOWN
    similarity = _mean_similarities(np.stack([review.sketch for review in unverified]))
    close = similarity >= needed
    if close.sum() < MIN_BURST:
        return {}
    return {
        review.review_id: round(float(min(1.0, value) * share), 4)
        for review, value, is_close in zip(unverified, similarity, close, strict=True)
        if is_close
    }


def _mean_similarities(sketches: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean estimated cosine of each row to its nearest half of the others: several texts may make one bombing."""
    bits = np.unpackbits(sketches, axis=1).astype(np.float32) * 2 - 1
    cosines = np.sin(np.pi / 2 * (bits @ bits.T) / bits.shape[1])
    np.fill_diagonal(cosines, -1.0)
    nearest = max(1, (len(bits) - 1) // 2)
    return np.sort(cosines, axis=1)[:, -nearest:].mean(axis=1).astype(np.float64)
