"""Events of a shop: a review written, changed or deleted, delivered at least once and in any order.

An event is an export row with, optionally, `op` (`upsert`, the default, or `delete`, which needs a `review_id` alone)
and `occurred_at`, when it happened at the shop. What counts for a review is its last event, and "last" must not depend
on the order of delivery: events are ordered by `occurred_at`, then by file name, then by line. Events without a time
come before those that have one, in the order of their files, so a shop stamps all of its events or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from reviewsum_assets.contracts.source import SourceRow
from reviewsum_assets.reviews.intake import CLOCK_SKEW, EARLIEST, Rejection, check_row, parse_time

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for the time of an event that has none: earlier than any that is taken."""

_ANY_REVIEW: Mapping[str, object] = {
    "product_id": "any",
    "product_title": "any",
    "category": "any",
    "user_id": "any",
    "star_rating": 1,
    "review_text": "any",
    "created_at": EARLIEST,
}
"""The rest of a review, so that the one judge of rows can judge the id of a deletion."""


@dataclass(frozen=True, slots=True, order=True)
class EventOrder:
    """The place of an event among all events of its review."""

    occurred_at: datetime
    file: str
    version: int
    """Which content of the file: a file that grew or was replaced is read again as the next version."""
    line: int


@dataclass(frozen=True, slots=True)
class Event:
    """What became of one review."""

    review_id: str
    order: EventOrder
    row: SourceRow | None
    """The review as it is since; None: deleted."""


def read_event(values: Mapping[str, object], *, file: str, version: int, line: int, now: datetime) -> Event | Rejection:
    """The event of a row, or why it cannot be taken.

    Args:
        values: The row as read, values still untyped.
        file: Name of its file in the landing zone.
        version: Which content of the file.
        line: Its line, from 1.
        now: The present: an event may not be more than a day ahead of it, since it would hide all later ones.
    """
    op = values.get("op")
    deletion = isinstance(op, str) and op.strip().lower() == "delete"
    checked = check_row({**_ANY_REVIEW, "review_id": values.get("review_id")} if deletion else values, now=now)
    if isinstance(checked, Rejection):
        return checked
    review_id, created_at = checked.review_id, None if deletion else checked.created_at
    if op is not None and not deletion and not (isinstance(op, str) and op.strip().lower() in ("upsert", "")):
        reason = "op is neither upsert nor delete: write one of them, or leave it out"
        return Rejection("bad_op", reason, review_id, None, created_at)
    stated = values.get("occurred_at")
    occurred_at = UNDATED if stated is None or stated == "" else parse_time(stated)
    if occurred_at is None or (occurred_at is not UNDATED and occurred_at < EARLIEST):
        reason = (
            "occurred_at cannot be read: write it as 2026-01-31T12:30:00Z or as seconds since 1970, or leave it out"
        )
        return Rejection("bad_occurred_at", reason, review_id, None, created_at)
    if occurred_at > now + CLOCK_SKEW:
        reason = "occurred_at is more than a day ahead of now: check the clock of its writer"
        return Rejection("future_occurred_at", reason, review_id, None, created_at)
    return Event(review_id, EventOrder(occurred_at, file, version, line), None if deletion else checked)
