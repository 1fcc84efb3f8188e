"""Plan: which opinions a summary states, decided by counts before any word is written.

The floors come from two incidents at a large shop, whose summaries stated rust as a theme on 16 of 3,000 ratings and
left out 900 complaints about a strap. Hence a theme needs three reviewers and one percent of them, and a complaint of
three reviewers and five percent is always among the cons, however many cons there are.

Reviews that say both of an aspect (`mixed`) support neither side here: they would have to be counted twice or split,
and the number beside a claim must be one that a reader can recount.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
import pandas as pd
import pyarrow

from reviewsum_assets.contracts.records import (
    OVERALL,
    Balance,
    ClaimPolarity,
    PlannedOpinion,
    Quantity,
    SummaryPlan,
)
from reviewsum_assets.summaries.evidence import QuoteKey, choose_quotes, quotable_chunks
from reviewsum_assets.summaries.quantities import balance, quantity

THEME_SUPPORT = 3
THEME_SHARE = 0.01
COMPLAINT_SUPPORT = 3
COMPLAINT_SHARE = 0.05

MINORITY_RATIO = 0.2
"""Support against the other side's on the same aspect, below which a side is not stated as an opinion of its own."""

RARE_CLAIMS = 2
"""Opinions under the complaint floor that the side with fewer stars may state: four rarities on one side of a page
would make a product with one complainer in twenty look contested."""

HELPFUL_WEIGHT = 0.30
RECENT_WEIGHT = 0.20
VERIFIED_WEIGHT = 0.10
RECENCY_HALF_LIFE_DAYS = 180.0


@dataclass(frozen=True)
class OpinionCount:
    """One row of `ProductOpinions`; `share` is divided anew, since the stored one is rounded to 32 bits."""

    product_id: str
    category: str
    aspect: str
    polarity: str
    support: int
    share: float
    review_count: int
    set_aside: str
    helpful_votes: int
    verified_share: float
    latest_at: datetime | None
    as_of: datetime | None
    review_ids: tuple[str, ...]


def opinion_counts(
    opinions: pd.DataFrame | pyarrow.Table | Iterable[Mapping[str, object]],
) -> list[OpinionCount]:
    """Rows of `ProductOpinions` from a frame, an Arrow table or dictionaries."""
    if isinstance(opinions, pyarrow.Table):
        rows: list[Mapping[str, object]] = opinions.to_pylist()
    elif isinstance(opinions, pd.DataFrame):
        rows = [{str(key): value for key, value in row.items()} for row in opinions.to_dict("records")]
    else:
        rows = list(opinions)
    return [_count(row) for row in rows]


def plan_product(
    opinions: pd.DataFrame | pyarrow.Table | Iterable[Mapping[str, object]],
    chunks: pyarrow.Table,
    *,
    max_pros: int,
    max_cons: int,
    quotes_per_claim: int,
    previous: Mapping[tuple[str, str], Quantity] | None = None,
    previous_balance: Balance | None = None,
    published_quotes: Collection[QuoteKey] = (),
    now: datetime | None = None,
    may_show: Callable[[str], bool] | None = None,
) -> SummaryPlan:
    """What the summary of one product states, with the quotes for each opinion.

    Args:
        opinions: the `ProductOpinions` rows of the product, `overall` among them.
        chunks: the `ReviewChunks` rows of the product, with vectors.
        max_pros: praised opinions at most.
        max_cons: criticised opinions at most, complaints over the floor aside.
        quotes_per_claim: quotes for each opinion at most, from distinct reviews.
        previous: quantity words of the published record by (aspect, polarity), kept within the hysteresis.
        previous_balance: verdict of the published record, kept likewise.
        published_quotes: spans that the published record cites; they are preferred among near equals.
        now: time that recency is measured from; None: the newest counted review, so that a plan made twice is equal.
        may_show: whether a quote may be shown by itself; None: all may.

    Raises:
        ValueError: if there are no rows, rows of several products, or no `overall` rows.
    """
    counts = opinion_counts(opinions)
    if not counts:
        raise ValueError("a plan needs the opinions of one product, got none: run product_opinions first")
    products = {row.product_id for row in counts}
    if len(products) != 1:
        raise ValueError(f"a plan is made for one product, got {len(products)}: {', '.join(sorted(products)[:3])}")
    overall = {row.polarity: row for row in counts if row.aspect == OVERALL}
    if not overall:
        raise ValueError(f"product {counts[0].product_id} has no `{OVERALL}` opinion: counting writes it for each one")
    head = counts[0]
    clock = now or head.as_of
    unstated: dict[str, str] = {}
    sides = _sides(counts, clock, unstated)
    positive_share = overall["positive"].share if "positive" in overall else 0.0
    negative_share = overall["negative"].share if "negative" in overall else 0.0
    material = quotable_chunks(chunks)
    words = previous or {}

    def stated(polarity: ClaimPolarity, limit: int) -> tuple[PlannedOpinion, ...]:
        minor = positive_share < negative_share if polarity == "positive" else negative_share < positive_share
        room, rare_room = limit, RARE_CLAIMS if minor else limit
        planned: list[PlannedOpinion] = []
        for row in sides[polarity]:
            name = f"{row.aspect}/{row.polarity}"
            rare = row.share < COMPLAINT_SHARE
            if not _must_be_stated(row) and (room <= 0 or (rare and rare_room <= 0)):
                unstated[name] = "no_room"
                continue
            quotes = choose_quotes(
                material, row.aspect, polarity, row.review_ids, quotes_per_claim, published_quotes, may_show
            )
            if not quotes:
                unstated[name] = "no_quotable_chunk"
                continue
            room -= 1
            rare_room -= rare
            planned.append(
                PlannedOpinion(
                    aspect=row.aspect,
                    polarity=polarity,
                    support=row.support,
                    share=row.share,
                    quantity=quantity(row.share, words.get((row.aspect, polarity)), support=row.support),
                    evidence=quotes,
                )
            )
        return tuple(planned)

    return SummaryPlan(
        product_id=head.product_id,
        category=head.category,
        review_count=head.review_count,
        set_aside=orjson.loads(head.set_aside or "{}"),
        as_of=head.as_of,
        positive_share=positive_share,
        negative_share=negative_share,
        pros=stated("positive", max_pros),
        cons=stated("negative", max_cons),
        balance=balance(positive_share, negative_share, previous_balance),
        unstated=unstated,
    )


def theme_floor(review_count: int) -> int:
    """Reviewers that an opinion needs to be a theme: max(3, 1 % of the counted reviews)."""
    return max(THEME_SUPPORT, math.ceil(THEME_SHARE * review_count))


def _must_be_stated(row: OpinionCount) -> bool:
    """The complaint floor: a criticism of three reviewers and five percent is never left out."""
    return row.polarity == "negative" and row.support >= COMPLAINT_SUPPORT and row.share >= COMPLAINT_SHARE


def _sides(
    counts: list[OpinionCount], clock: datetime | None, unstated: dict[str, str]
) -> dict[ClaimPolarity, list[OpinionCount]]:
    """The opinions over the theme floor by polarity, best first; sides that their opposite dwarfs are left out."""
    support = {(row.aspect, row.polarity): row.support for row in counts}
    sides: dict[ClaimPolarity, list[OpinionCount]] = {"positive": [], "negative": []}
    for row in counts:
        if row.aspect == OVERALL or row.polarity not in sides or row.support < theme_floor(row.review_count):
            continue
        opposite: ClaimPolarity = "negative" if row.polarity == "positive" else "positive"
        rival = support.get((row.aspect, opposite), 0)
        if row.support < MINORITY_RATIO * rival and not _must_be_stated(row):
            unstated[f"{row.aspect}/{row.polarity}"] = "negligible_beside_its_opposite"
            continue
        sides["positive" if row.polarity == "positive" else "negative"].append(row)
    for rows in sides.values():
        rows.sort(key=lambda row: (-round(_rank(row, clock), 9), row.aspect))
    return sides


def _rank(row: OpinionCount, clock: datetime | None) -> float:
    """Prevalence, raised by up to 60 % for votes as helpful, recency and verified purchase."""
    helpful = row.helpful_votes / (row.helpful_votes + row.support) if row.support else 0.0
    age_days = max(0.0, (clock - row.latest_at).total_seconds() / 86_400) if clock and row.latest_at else math.inf
    recent = 0.5 ** (age_days / RECENCY_HALF_LIFE_DAYS)
    return row.share * (1 + HELPFUL_WEIGHT * helpful + RECENT_WEIGHT * recent + VERIFIED_WEIGHT * row.verified_share)


def _count(row: Mapping[str, object]) -> OpinionCount:
    ids = row["review_ids"]
    if not isinstance(ids, Iterable):
        raise TypeError(f"review_ids of {row['product_id']} is not a list: {ids!r}")
    support, review_count = int(str(row["support"])), int(str(row["review_count"]))
    return OpinionCount(
        product_id=str(row["product_id"]),
        category=str(row["category"]),
        aspect=str(row["aspect"]),
        polarity=str(row["polarity"]),
        support=support,
        share=support / review_count if review_count else 0.0,
        review_count=review_count,
        set_aside=str(row["set_aside"]),
        helpful_votes=int(str(row["helpful_votes"])),
        verified_share=float(str(row["verified_share"])),
        latest_at=_time(row["latest_at"]),
        as_of=_time(row["as_of"]),
        review_ids=tuple(str(review) for review in ids),
    )


def _time(value: object) -> datetime | None:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, datetime):
        return value
    raise TypeError(f"not a time: {value!r}")
