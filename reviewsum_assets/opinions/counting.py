"""Count opinions: how many reviewers praise, criticise or do both, by product and aspect.

The unit is the review, never the chunk: someone who says three times that the battery dies is one reviewer. The same
person reviewing the same product again changed their mind; only the newest review counts. Counts are over all
reviews of the product, not over those that fit a prompt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reviewsum_assets.contracts.records import OVERALL
from reviewsum_assets.contracts.tables import ProductOpinions, arrow_schema

COUNTING_VERSION = "1"
"""Changes with every rule of counting: stored counts of another version are out of date."""

SAME_USER = "same_user"
"""Reason under which the earlier reviews of a user on one product are set aside."""

COUNTED_COLUMNS = (
    "review_id",
    "product_id",
    "user_key",
    "created_at",
    "star_rating",
    "helpful_votes",
    "verified_purchase",
    "set_aside_reason",
    "aspects",
    "polarity",
)
"""The columns of `ReviewChunks` that counting reads."""

_POLARITIES = ("mixed", "negative", "positive")
_MIXED, _NEGATIVE, _POSITIVE = range(3)
_OVERALL_BY_STARS = np.array([_NEGATIVE, _NEGATIVE, _NEGATIVE, _MIXED, _POSITIVE, _POSITIVE], dtype=np.int64)
"""Polarity of a review as a whole by its stars, 0–5; no review has 0."""
_POLARITY_BY_SIDES = np.array([-1, _POSITIVE, _NEGATIVE, _MIXED], dtype=np.int64)
"""Polarity of a review on an aspect by what its chunks say: bit 0 something positive, bit 1 something negative."""

_MOST_VOTES = np.iinfo(np.int32).max

Codes = NDArray[np.int64]
"""Numbers that stand for strings and sort as they do."""


@dataclass(frozen=True)
class _Reviews:
    """One entry a review, sorted by product, then review key."""

    products: list[str]
    """Products by code, sorted."""
    product: Codes
    ids: pa.Array
    created_at: NDArray[np.int64]
    """Microseconds since 1970, UTC."""
    stars: NDArray[np.int64]
    helpful_votes: NDArray[np.int64]
    verified: NDArray[np.bool_]
    reasons: list[str]
    reason: Codes
    """Code of the reason for which the review does not count; -1: it counts."""

    @property
    def counted(self) -> NDArray[np.bool_]:
        return self.reason < 0


def count_opinions(chunks: pa.Table, category: str) -> pa.Table:
    """Count the opinions of every product that has a chunk.

    A review counts if it is not set aside and is its user's newest on the product (by `created_at`, then
    `review_id`); an empty user key is a user of its own. On an aspect a counted review is `positive` or `negative`
    if its chunks on that aspect are, `mixed` if they are both; neutral chunks say nothing. Aspect `overall` is read
    from the stars (4–5 positive, 3 mixed, 1–2 negative) and is there for every product in all three polarities.

    Args:
        chunks: The columns `COUNTED_COLUMNS` of `ReviewChunks`, all chunks of any number of products.
        category: Department of the products, stored with each row.

    Returns:
        A table of `ProductOpinions`, sorted by product, aspect, polarity. The same chunks in any order give the same
        table.

    Raises:
        KeyError: if a column is missing.
        ValueError: if a chunk names the aspect `overall`, which only the stars decide.
    """
    schema = arrow_schema(ProductOpinions)
    chunks = chunks.select(list(COUNTED_COLUMNS))
    if chunks.num_rows == 0:
        return schema.empty_table()
    reviews, review_of_chunk = _reviews(chunks)
    aspects, review, aspect, polarity = _opinions(chunks, reviews, review_of_chunk)

    # One number for product, aspect and polarity, which sorts as the three do.
    group = (reviews.product[review] * len(aspects) + aspect) * len(_POLARITIES) + polarity
    order = np.lexsort((review, group))
    review, group = review[order], group[order]
    overall = aspects.index(OVERALL)
    always = (np.arange(len(reviews.products))[:, None] * len(aspects) + overall) * len(_POLARITIES)
    groups = np.unique(np.concatenate([group, (always + np.arange(len(_POLARITIES))).ravel()]))
    row = np.searchsorted(groups, group)
    support = np.bincount(row, minlength=len(groups))

    product = groups // (len(aspects) * len(_POLARITIES))
    per_product = np.bincount(reviews.product[reviews.counted], minlength=len(reviews.products))
    review_count = per_product[product]
    votes = np.bincount(row, reviews.helpful_votes[review], len(groups))
    verified = np.bincount(row, reviews.verified[review], len(groups))
    set_aside = pa.array(_set_aside(reviews))
    as_of = _newest(reviews.product[reviews.counted], reviews.created_at[reviews.counted], len(reviews.products))
    columns = {
        "product_id": pa.array(reviews.products).take(pa.array(product)),
        "category": pa.array([category] * len(groups), pa.string()),
        "aspect": pa.array(aspects).take(pa.array(groups // len(_POLARITIES) % len(aspects))),
        "polarity": pa.array(_POLARITIES).take(pa.array(groups % len(_POLARITIES))),
        "support": support,
        "share": support / np.maximum(review_count, 1),
        "review_count": review_count,
        "set_aside": set_aside.take(pa.array(product)),
        "helpful_votes": np.minimum(votes, _MOST_VOTES).astype(np.int64),
        "verified_share": verified / np.maximum(support, 1),
        "latest_at": _newest(row, reviews.created_at[review], len(groups)),
        "as_of": as_of.take(pa.array(product)),
        "review_ids": pa.ListArray.from_arrays(
            pa.array(np.concatenate([[0], np.cumsum(support)]), pa.int32()), reviews.ids.take(pa.array(review))
        ),
    }
    return pa.table({field.name: pa.array(columns[field.name]).cast(field.type) for field in schema}, schema=schema)


def _reviews(chunks: pa.Table) -> tuple[_Reviews, Codes]:
    """The reviews behind the chunks, and the review of each chunk."""
    products, product = _coded(chunks["product_id"])
    review_keys, review_key = _coded(chunks["review_id"])
    keys, first, review_of_chunk = np.unique(
        product * len(review_keys) + review_key, return_index=True, return_inverse=True
    )
    of_review = chunks.drop_columns(["aspects", "polarity"]).take(pa.array(first))
    reasons, reason = _coded(of_review["set_aside_reason"])
    users, user = _coded(of_review["user_key"])
    # Nobody knows who wrote a review without a user key: each is a user of its own.
    unknown = user < 0 if "" not in users else (user < 0) | (user == users.index(""))
    user = np.where(unknown, len(users) + np.arange(len(user)), user)
    product = keys // len(review_keys)
    created_at = of_review["created_at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()

    standing = np.flatnonzero(reason < 0)
    # Reviews are sorted by product and key already, so ties in time fall to the greater key.
    by_time = standing[np.lexsort((standing, created_at[standing], user[standing], product[standing]))]
    earlier = (product[by_time][:-1] == product[by_time][1:]) & (user[by_time][:-1] == user[by_time][1:])
    reason[by_time[:-1][earlier]] = len(reasons)
    return (
        _Reviews(
            products=products,
            product=product,
            ids=of_review["review_id"].combine_chunks().cast(pa.string()),
            created_at=created_at,
            stars=of_review["star_rating"].to_numpy().astype(np.int64),
            helpful_votes=of_review["helpful_votes"].to_numpy().astype(np.int64),
            verified=of_review["verified_purchase"].to_numpy(),
            reasons=[*reasons, SAME_USER],
            reason=reason,
        ),
        review_of_chunk,
    )


def _opinions(chunks: pa.Table, reviews: _Reviews, review_of_chunk: Codes) -> tuple[list[str], Codes, Codes, Codes]:
    """The aspects, and the opinions of the counted reviews: review, aspect and polarity of each, as codes."""
    sides = np.zeros(chunks.num_rows, dtype=np.int64)
    sides[pc.equal(chunks["polarity"], "positive").to_numpy()] = 1
    sides[pc.equal(chunks["polarity"], "negative").to_numpy()] = 2
    lists = chunks["aspects"].combine_chunks()
    names, aspect = _coded(pc.list_flatten(lists))
    if OVERALL in names:
        raise ValueError(f"a chunk names the aspect `{OVERALL}`: it is read from the stars, so rename that aspect")
    aspects = sorted([*names, OVERALL])
    aspect = np.array([aspects.index(name) for name in names], dtype=np.int64)[aspect] if names else aspect
    chunk = pc.list_parent_indices(lists).to_numpy()
    said = (sides[chunk] > 0) & reviews.counted[review_of_chunk[chunk]] & (aspect >= 0)
    mention = review_of_chunk[chunk[said]] * len(aspects) + aspect[said]
    mentions, at = np.unique(mention, return_inverse=True)
    both = np.zeros(len(mentions), dtype=np.int64)
    np.bitwise_or.at(both, at, sides[chunk[said]])

    counted = np.flatnonzero(reviews.counted)
    return (
        aspects,
        np.concatenate([mentions // len(aspects), counted]),
        np.concatenate([mentions % len(aspects), np.full(len(counted), aspects.index(OVERALL))]),
        np.concatenate([_POLARITY_BY_SIDES[both], _OVERALL_BY_STARS[reviews.stars[counted]]]),
    )


def _set_aside(reviews: _Reviews) -> list[str]:
    """For each product the reviews that do not count, as JSON of reason to count, reasons sorted."""
    by_product: list[dict[str, int]] = [{} for _ in reviews.products]
    aside = ~reviews.counted
    pairs, counts = np.unique(reviews.product[aside] * len(reviews.reasons) + reviews.reason[aside], return_counts=True)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        reason = reviews.reasons[pair % len(reviews.reasons)]
        reasons = by_product[pair // len(reviews.reasons)]
        reasons[reason] = reasons.get(reason, 0) + count
    return [orjson.dumps(reasons, option=orjson.OPT_SORT_KEYS).decode() for reasons in by_product]


def _newest(group: Codes, created_at: NDArray[np.int64], groups: int) -> pa.Array:
    """The newest time of each group; null where a group is empty."""
    newest = np.full(groups, np.iinfo(np.int64).min)
    np.maximum.at(newest, group, created_at)
    return pa.array(newest, mask=newest == np.iinfo(np.int64).min).cast(pa.timestamp("us", "UTC"))


def _coded(values: pa.Array | pa.ChunkedArray) -> tuple[list[str], Codes]:
    """The distinct strings, sorted, and the place of each value among them; -1 for null."""
    encoded = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    encoded = encoded.cast(pa.string()).dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order] = np.arange(len(order))
    place[-1] = -1
    return encoded.dictionary.take(pa.array(order)).to_pylist(), place[pc.fill_null(encoded.indices, -1).to_numpy()]
