"""Questions to the chunks: filters as LanceDB understands them, and quotes that do not repeat each other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.contracts.tables import EMBEDDING_DIMENSIONS

Order = Literal["helpful", "recent", "similar"]
ChunkPolarity = Literal["positive", "negative", "neutral"]

QueryVector = NDArray[np.float32]
"""A unit vector, shape (dimensions,)."""

NOT_BLANK = "day <> ''"
"""Leaves out rows on their way out of the table (see `ChunkStore`)."""

DIVERSITY = 0.3
"""Weight of novelty against likeness to the query, 0–1 (lambda of maximal marginal relevance is 1 minus this)."""


@dataclass(frozen=True)
class ChunkQuery:
    """Which chunks, in which order. None leaves a column free; an empty collection matches nothing.

    "Most helpful five-star verified German reviews about battery of the last 90 days":

        ChunkQuery(aspects=["battery"], languages=["de"], stars=[5], verified=True, created_after=today - 90 days)
    """

    product_ids: Collection[str] | None = None
    category: str | None = None
    aspects: Collection[str] | None = None
    """Any of these aspects."""
    polarity: ChunkPolarity | None = None
    languages: Collection[str] | None = None
    stars: Collection[int] | None = None
    verified: bool | None = None
    created_after: datetime | None = None
    """Written at this time (UTC if it names no zone) or later."""
    created_before: datetime | None = None
    """Written before this time."""
    near: str | QueryVector | None = None
    """A text, or its unit vector: only the chunks nearest to it in meaning are ordered."""
    min_similarity: float = 0.3
    """Cosine to `near` below which a chunk is about something else: the same complaint in two of the six languages
    has 0.75 in the mean, different ones 0.09."""
    counted_only: bool = True
    """Leave out reviews that are set aside."""
    quotable_only: bool = False
    one_a_review: bool = True
    """Only the first chunk of each review in the order asked for."""
    order_by: Order = "helpful"
    limit: int = 10

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"limit must be at least 1, not {self.limit}")
        if self.order_by == "similar" and self.near is None:
            raise ValueError("order_by='similar' needs `near`: a text or a vector to be similar to")

    def where(self) -> str:
        """The filter as SQL of LanceDB."""
        conditions = [
            _any_of("product_id", self.product_ids),
            None if self.category is None else f"category = {sql_text(self.category)}",
            None if self.aspects is None else f"array_has_any(aspects, [{_texts(self.aspects)}])",
            None if self.polarity is None else f"polarity = {sql_text(self.polarity)}",
            _any_of("language", self.languages),
            None if self.stars is None else f"star_rating IN ({', '.join(str(int(star)) for star in self.stars)})",
            None if self.verified is None else f"verified_purchase = {str(self.verified).lower()}",
            None if self.created_after is None else f"created_at >= {_sql_time(self.created_after)}",
            None if self.created_before is None else f"created_at < {_sql_time(self.created_before)}",
            "set_aside_reason IS NULL" if self.counted_only else None,
            "quotable = true" if self.quotable_only else None,
        ]
        if any(chosen is not None and not chosen for chosen in (self.aspects, self.stars)):
            return "false"
        return " AND ".join([*(condition for condition in conditions if condition), NOT_BLANK])


def sql_text(text: str) -> str:
    """A text as a literal of LanceDB's SQL."""
    return "'" + text.replace("'", "''") + "'"


def any_of(column: str, values: Collection[str]) -> str:
    """The condition that a text column has one of the values."""
    return f"{column} IN ({_texts(values)})" if values else "false"


def _any_of(column: str, values: Collection[str] | None) -> str | None:
    return None if values is None else any_of(column, values)


def _texts(values: Collection[str]) -> str:
    if isinstance(values, str):
        raise TypeError(f"expected a collection of texts, not the text {values!r}: write [{values!r}]")
    return ", ".join(sql_text(value) for value in sorted(values))


def _sql_time(time: datetime) -> str:
    utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return f"TIMESTAMP '{utc:%Y-%m-%d %H:%M:%S.%f}+00:00'"


# Quotes


def chunk_vectors(chunks: pa.Table) -> Vectors:
    """The vectors of a table of chunks, shape (rows, dimensions)."""
    column = chunks["vector"].combine_chunks()
    return (
        column.flatten().to_numpy(zero_copy_only=False).astype(np.float32, copy=False).reshape(-1, EMBEDDING_DIMENSIONS)
    )


def select_quotes(
    chunks: pa.Table,
    *,
    aspect: str,
    polarity: ChunkPolarity,
    limit: int,
    near: QueryVector | None = None,
    diversity: float = DIVERSITY,
) -> pa.Table:
    """Quotes that show one opinion, at most one a review, by maximal marginal relevance.

    Each step takes the quote with the greatest (1 - diversity) · cosine to the query - diversity · greatest cosine to
    a quote already taken (Carbonell and Goldstein 1998, "The use of MMR"). Ties fall to more helpful votes, then to
    the smaller `chunk_id`.

    Args:
        chunks: Columns of `ReviewChunks`, vectors included, of any reviews. Only counted, quotable chunks of the
            aspect and polarity are taken.
        near: What the quotes should be about; None: the middle of the opinion, so that the typical comes first.
        diversity: 0: the nearest, alike or not; 1: the most unlike each other.

    Returns:
        The rows taken, best first; fewer than `limit` if there are no more reviews.
    """
    if not 0 <= diversity <= 1:
        raise ValueError(f"diversity must be between 0 and 1, not {diversity}")
    chunks = chunks.filter(_shows(chunks, aspect, polarity))
    chunks = chunks.sort_by([("helpful_votes", "descending"), ("chunk_id", "ascending")])
    vectors = chunk_vectors(chunks)
    if near is None:
        near = vectors.mean(axis=0) if len(vectors) else np.zeros(EMBEDDING_DIMENSIONS, np.float32)
        near = near / max(float(np.linalg.norm(near)), 1e-9)
    merit = (1 - diversity) * (vectors @ near)
    reviews = np.array(chunks["review_id"].to_pylist(), dtype=object)
    likest = np.zeros(len(vectors), np.float32)
    free = np.ones(len(vectors), np.bool_)
    taken: list[int] = []
    while len(taken) < limit and free.any():
        # argmax takes the first of equals: rounded, so that equal texts stay equal whatever the matrix product's tail.
        best = int(np.argmax(np.where(free, np.round(merit - diversity * likest, 5), -np.inf)))
        taken.append(best)
        free &= reviews != reviews[best]
        likest = np.maximum(likest, vectors @ vectors[best])
    return chunks.take(pa.array(taken, pa.int64()))


def _shows(chunks: pa.Table, aspect: str, polarity: ChunkPolarity) -> NDArray[np.bool_]:
    """Whether each chunk may be quoted for an opinion."""
    lists = chunks["aspects"].combine_chunks()
    about = np.zeros(chunks.num_rows, np.bool_)
    named = pc.equal(pc.list_flatten(lists), aspect).to_numpy(zero_copy_only=False)
    about[pc.list_parent_indices(lists).to_numpy()[named.astype(np.bool_)]] = True
    fits = pc.and_(
        pc.and_(pc.equal(chunks["polarity"], polarity), chunks["quotable"]), pc.is_null(chunks["set_aside_reason"])
    )
    return about & fits.to_numpy().astype(np.bool_)
