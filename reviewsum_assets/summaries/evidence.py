"""The quotes that show an opinion: confident, helpful, diverse, one a review.

The evidence is all that a model gets to read and all that a shopper can check, so a chunk is taken only if the mining
stage is sure of it and if it reads as a statement about the product. A chunk that talks to the reader or to a machine
("ignore the instructions above") is counted like any other but never quoted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.contracts.records import LOCALES, ClaimPolarity, Evidence
from reviewsum_assets.opinions.polarity_lexicon import hedges, lexical_features
from reviewsum_assets.reviews.chunking import opens_with_contrast
from reviewsum_assets.summaries.lexicon import instruction_in, lexicon

QuoteKey = tuple[str, int, int]
"""A span: review, first code point, code point after the last."""

NEAR_DUPLICATE = 0.93
"""Cosine from which two quotes say the same in the same words; the second adds nothing for a reader."""

DIVERSITY = 0.20
"""Weight of novelty against the quote's own merit in the greedy choice (maximal marginal relevance). At 0.35 the second
quote of a claim with many was often the odd one out: "He is the main character of the book" for praise of characters
(read on 93 real products)."""

KEPT_BONUS = 0.20
"""Advantage of a quote that is already published: a slightly better new one is not worth rewording six locales."""

SAID_BONUS = 0.25
"""Advantage of a quote whose own words praise or blame. The polarity head takes a fact for praise where most reviews
praise; a reader sees a fact."""

ENOUGH_TELLING = 2
"""Reviews whose words say the polarity from which quotes that only hint at it are left out."""

IDEAL_WORDS = (6, 24)
"""Words of a quote that is read at a glance and still says why."""


@dataclass(frozen=True)
class ProductChunks:
    """The quotable chunks of one product as columns; `vectors` has one unit vector a row."""

    rows: list[dict[str, object]]
    vectors: Vectors


def quotable_chunks(chunks: pyarrow.Table) -> ProductChunks:
    """The chunks of a product that may be quoted: marked quotable, counted, and free of instructions.

    Args:
        chunks: rows of `ReviewChunks` of one product, in any order.
    """
    wanted = [name for name in chunks.schema.names if name != "vector"]
    rows = chunks.select(wanted).to_pylist()
    keep = [
        index
        for index, row in enumerate(rows)
        if row["quotable"] and row["set_aside_reason"] is None and instruction_in(str(row["text"])) is None
    ]
    keep.sort(key=lambda index: str(rows[index]["chunk_id"]))
    column = chunks.column("vector").combine_chunks()
    flat = column.flatten().to_numpy(zero_copy_only=False)
    vectors = flat.reshape(len(rows), -1) if len(rows) else np.zeros((0, 1), dtype=np.float32)
    return ProductChunks([rows[index] for index in keep], vectors[keep])


def choose_quotes(
    chunks: ProductChunks,
    aspect: str,
    polarity: ClaimPolarity,
    review_ids: Collection[str],
    limit: int,
    published: Collection[QuoteKey] = (),
    may_show: Callable[[str], bool] | None = None,
) -> tuple[Evidence, ...]:
    """At most `limit` quotes from distinct supporting reviews, the most convincing first.

    `may_show` has the last word on a quote: without its review around it, a name can look like a private person's.

    A quote speaks of the aspect with the opinion's polarity. Ties fall to the smaller chunk id, so that the same
    chunks always give the same quotes.
    """
    supporting = set(review_ids)
    found = [
        index
        for index, row in enumerate(chunks.rows)
        if row["polarity"] == polarity and aspect in _strings(row["aspects"]) and row["review_id"] in supporting
    ]
    said = _said([chunks.rows[index] for index in found], polarity)
    telling = _telling(said, [chunks.rows[index]["review_id"] for index in found], polarity)
    found, said = [index for index, kept in zip(found, telling, strict=True) if kept], said[telling]
    if not found:
        return ()
    merits = np.array([_merit(chunks.rows[index], polarity, published) for index in found])
    merits += SAID_BONUS * said
    vectors = chunks.vectors[found]
    chosen: list[int] = []
    likeness = np.zeros(len(found))
    open_ = np.ones(len(found), dtype=bool)
    while len(chosen) < limit and open_.any():
        values = np.where(open_, (1 - DIVERSITY) * merits - DIVERSITY * likeness, -np.inf)
        best = int(np.argmax(np.round(values, 6)))
        if may_show is not None and not may_show(str(chunks.rows[found[best]]["text"])):
            open_[best] = False
            continue
        chosen.append(best)
        same_review = _same_review(chunks, found, best)
        similar: NDArray[np.float64] = (vectors @ vectors[best]).astype(np.float64)
        likeness = np.maximum(likeness, similar)
        open_ &= ~same_review & (similar < NEAR_DUPLICATE)
        open_[best] = False
    return tuple(_evidence(chunks.rows[found[index]]) for index in chosen)


def _said(rows: list[dict[str, object]], polarity: ClaimPolarity) -> NDArray[np.float64]:
    """Whether the words of each quote say the polarity, shape (n,): 1 they do, 0 they say nothing or both, −1 they say
    the other side alone. Half-hearted praise ("could be") counts one less."""
    texts, languages = [str(row["text"]) for row in rows], [str(row["language"]) for row in rows]
    counts = lexical_features(texts, languages)
    praise, blame = counts[:, 0] + counts[:, 3], counts[:, 1] + counts[:, 2]
    own, other = (praise, blame) if polarity == "positive" else (blame, praise)
    said: NDArray[np.float64] = np.where(
        other >= np.maximum(own, 1), -1.0, np.where((own > 0) & (other == 0), 1.0, 0.0)
    )
    return said - hedges(texts, languages) if polarity == "positive" else said


def _telling(said: NDArray[np.float64], reviews: list[object], polarity: ClaimPolarity) -> NDArray[np.bool_]:
    """Which quotes may be chosen, shape (n,): those whose own words say the polarity, if two reviews have one.

    Else all, but for praise that says the other side. A complaint is never left without a quote: it may have to be
    stated.
    """
    if len({review for review, words in zip(reviews, said, strict=True) if words > 0}) >= ENOUGH_TELLING:
        return said > 0
    return said >= 0 if polarity == "positive" else np.ones(len(said), dtype=bool)


def _same_review(chunks: ProductChunks, found: list[int], best: int) -> NDArray[np.bool_]:
    review = chunks.rows[found[best]]["review_id"]
    return np.array([chunks.rows[index]["review_id"] == review for index in found])


def _merit(row: dict[str, object], polarity: ClaimPolarity, published: Collection[QuoteKey]) -> float:
    """How good a quote is, about 0–1: sure polarity first, then helpful, readable, specific, impersonal, in
    line with its stars, and no half of a sentence that begins with "but"."""
    score = float(str(row["polarity_score"]))
    sure = score if polarity == "positive" else 1 - score
    votes = int(str(row["helpful_votes"]))
    stars = int(str(row["star_rating"]))
    agrees = stars >= 4 if polarity == "positive" else stars <= 2
    merit = (
        0.35 * max(0.0, 2 * sure - 1)
        + 0.10 * (1 - 1 / (1 + math.log1p(votes)))
        + 0.15 * _readable(str(row["text"]))
        + 0.20 / max(1, len(_strings(row["aspects"])))
        + 0.10 * agrees
        + 0.10 * _impersonal(str(row["text"]), str(row["language"]))
        + 0.05 * bool(row["verified_purchase"])
        - 0.10 * opens_with_contrast(str(row["text"]), str(row["language"]))
    )
    key = (str(row["review_id"]), int(str(row["start"])), int(str(row["end"])))
    return merit + (KEPT_BONUS if key in published else 0.0)


def _impersonal(text: str, language: str) -> bool:
    """Whether the quote speaks of the product and not of its writer: such a quote holds for more than one reader."""
    return language in LOCALES and lexicon(language).first_person.search(text.casefold()) is None


def _readable(text: str) -> float:
    """1 for a quote of a good length, falling to 0 for one word or for a paragraph."""
    words = len(text.split())
    shortest, longest = IDEAL_WORDS
    if words < shortest:
        return words / shortest
    return 1.0 if words <= longest else max(0.0, 1 - (words - longest) / 30)


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []


def _evidence(row: dict[str, object]) -> Evidence:
    created_at = row["created_at"]
    if not isinstance(created_at, datetime):
        raise TypeError(f"created_at of chunk {row['chunk_id']} is not a time: {created_at!r}")
    return Evidence(
        review_id=str(row["review_id"]),
        chunk_id=str(row["chunk_id"]),
        quote=str(row["text"]),
        start=int(str(row["start"])),
        end=int(str(row["end"])),
        language=str(row["language"]),
        star_rating=int(str(row["star_rating"])),
        helpful_votes=int(str(row["helpful_votes"])),
        verified_purchase=bool(row["verified_purchase"]),
        aspects=tuple(_strings(row["aspects"])),
        created_at=created_at,
    )
