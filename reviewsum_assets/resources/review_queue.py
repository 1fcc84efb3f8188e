"""The review queue: reviews that were set aside, as the lake holds them, with what people decided on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from reviewsum_assets.contracts.decisions import Decision, Ruling
from reviewsum_assets.resources.decisions import DecisionStore
from reviewsum_assets.resources.lake import Lake

CLEANED = "cleaned_reviews"
SCREENED = "screened_reviews"

_SHOWN = (
    "review_id",
    "product_id",
    "star_rating",
    "created_at",
    "language",
    "cleaned_text",
    "set_aside_reason",
    "set_aside_score",
    "set_aside_details",
)


@dataclass(frozen=True)
class QueueFilter:
    """Which set-aside reviews are asked for; None: all."""

    reason: str | None = None
    product: str | None = None
    day: str | None = None


@dataclass(frozen=True)
class QueuedReview:
    """A review that was set aside."""

    review_id: str
    product_id: str
    day: str
    created_at: datetime
    star_rating: int
    language: str
    reason: str
    score: float | None
    details: str
    """What the reason rests on: `copy_of:R12`, `burst:P7:2026-08-01`, or empty."""
    text: str
    """Cleaned and redacted."""
    decision: Decision | None
    """The standing decision; the next refresh applies it."""


class ReviewQueue:
    """Reviews set aside, and decisions on any review, by the partitions of `cleaned_reviews`.

    Nothing is indexed: a look-up streams the key column of the days, newest first.
    """

    def __init__(self, lake: Lake, decisions: DecisionStore) -> None:
        self._lake = lake
        self._decisions = decisions

    def counts(self, which: QueueFilter) -> dict[str, int]:
        """Set-aside reviews by reason, most first; those that match all but its `reason` count too."""
        found: Counter[str] = Counter()
        wider = QueueFilter(None, which.product, which.day)
        for _, table in self._set_aside(wider, ("set_aside_reason",)):
            found.update(table["set_aside_reason"].to_pylist())
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def reviews(self, which: QueueFilter, limit: int) -> list[QueuedReview]:
        """The newest first."""
        found: list[QueuedReview] = []
        for day, table in self._set_aside(which, _SHOWN):
            rows = table.sort_by([("created_at", "descending"), ("review_id", "ascending")]).to_pylist()
            rows = rows[: limit - len(found)]
            standing = self._decisions.of(row["review_id"] for row in rows)
            found += [
                QueuedReview(
                    review_id=row["review_id"],
                    product_id=row["product_id"],
                    day=day,
                    created_at=row["created_at"],
                    star_rating=row["star_rating"],
                    language=row["language"],
                    reason=row["set_aside_reason"],
                    score=row["set_aside_score"],
                    details=row["set_aside_details"] or "",
                    text=row["cleaned_text"],
                    decision=standing.get(row["review_id"]),
                )
                for row in rows
            ]
            if len(found) >= limit:
                break
        return found

    def decide(self, verdict: Ruling, review_ids: Iterable[str], *, actor: str, note: str = "") -> tuple[str, ...]:
        """Decide on reviews, set aside or counted; returns those whose decision changed.

        Raises:
            LookupError: one of them is not in the lake; then nothing is decided.
        """
        return self._decisions.decide(verdict, self._judged(set(review_ids)), actor=actor, note=note)

    def _judged(self, review_ids: set[str]) -> dict[str, tuple[str, str]]:
        """Day and text hash of each review."""
        found: dict[str, tuple[str, str]] = {}
        for day in reversed(self._lake.partitions(CLEANED)):
            if len(found) == len(review_ids):
                break
            wanted = pa.array(sorted(review_ids - found.keys()), pa.string())
            here: set[str] = set()
            for batch in self._lake.batches(CLEANED, day, columns=["review_id"]):
                here.update(batch.filter(pc.is_in(batch["review_id"], value_set=wanted))["review_id"].to_pylist())
            if here:
                found.update(self._text_hashes(day, here))
        if missing := sorted(review_ids - found.keys()):
            more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
            raise LookupError(
                f"no cleaned review {missing[0]!r}{more}, nothing decided: see `reviewsum review-queue list`, or run "
                "`reviewsum refresh` if it is new"
            )
        return found

    def _text_hashes(self, day: str, review_ids: set[str]) -> dict[str, tuple[str, str]]:
        wanted = pa.array(sorted(review_ids), pa.string())
        found: dict[str, tuple[str, str]] = {}
        for batch in self._lake.batches(SCREENED, day, columns=["review_id", "text_hash"]):
            batch = batch.filter(pc.is_in(batch["review_id"], value_set=wanted))
            for review_id, text_hash in zip(
                batch["review_id"].to_pylist(), batch["text_hash"].to_pylist(), strict=True
            ):
                found[review_id] = (day, text_hash)
        return found

    def _set_aside(self, which: QueueFilter, columns: tuple[str, ...]) -> Iterator[tuple[str, pa.Table]]:
        """Matching rows of each day that has any, newest day first."""
        days = self._lake.partitions(CLEANED)
        if which.day is not None:
            if which.day not in days:
                newest = f" (the newest is {days[-1]})" if days else ""
                raise LookupError(f"no cleaned reviews of day {which.day!r}: days are written YYYY-MM-DD{newest}")
            days = [which.day]
        read = list(dict.fromkeys((*columns, "set_aside_reason", "product_id")))
        for day in reversed(days):
            matching = [
                _matching(batch, which).select(list(columns))
                for batch in self._lake.batches(CLEANED, day, columns=read)
            ]
            table = pa.concat_tables(matching) if matching else None
            if table is not None and table.num_rows:
                yield day, table


def _matching(batch: pa.Table, which: QueueFilter) -> pa.Table:
    keep = pc.is_valid(batch["set_aside_reason"])
    if which.reason is not None:
        keep = pc.and_(keep, pc.fill_null(pc.equal(batch["set_aside_reason"], which.reason), False))
    if which.product is not None:
        keep = pc.and_(keep, pc.equal(batch["product_id"], which.product))
    return batch.filter(keep)
