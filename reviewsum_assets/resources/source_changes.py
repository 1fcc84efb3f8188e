"""What changed in our source database since a time, by the indexes on `updated_at`.

Three tables tell: reviews, dead letters, and the days that reviews have left.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from reviewsum_assets.resources.source_tables import day_text, dead_letters, moved_reviews, reviews, utc_day
from reviewsum_assets.reviews.source_cursor import SeenChange, Window, row_digest
from reviewsum_assets.reviews.source_days import clamped

ROWS_A_FETCH = 10_000
"""Changed rows fetched at once: small ones, without text."""


def newest_change(connection: Connection, now: datetime) -> datetime | None:
    """The latest change that is not ahead of the clock."""
    latest = [
        connection.scalar(sa.select(sa.func.max(table.c.updated_at)).where(table.c.updated_at <= now))
        for table in (reviews, dead_letters)
    ]
    return max(filter(None, latest), default=None)


def days_changed_since(connection: Connection, since: datetime) -> list[str]:
    """UTC days with a change at or after a time."""
    days = _days(connection)
    found: list[str] = []
    for table, day in days.items():
        found += connection.scalars(sa.select(day).where(table.c.updated_at >= since).distinct())
    return found


def changed_since(connection: Connection, window: Window, last_day: date) -> Iterator[SeenChange]:
    """Every change inside the window, newest first, by one query."""
    days = _days(connection)
    deleted = sa.case((reviews.c.deleted_at.is_(None), "live"), else_="deleted")
    withdrawn = sa.case((dead_letters.c.withdrawn_at.is_(None), "letter"), else_="withdrawn")
    parts = (
        (reviews, reviews.c.review_id, reviews.c.content_hash, deleted),
        (dead_letters, dead_letters.c.id, sa.literal(""), withdrawn),
        (moved_reviews, moved_reviews.c.review_id, sa.literal(""), sa.literal("left")),
    )
    queries = [
        sa.select(table.c.updated_at.label("updated_at"), days[table], *what).where(table.c.updated_at >= window.since)
        for table, *what in parts
    ]
    query = sa.union_all(*queries).order_by(sa.desc("updated_at"))
    for changed_at, day, *rest in connection.execution_options(yield_per=ROWS_A_FETCH).execute(query):
        yield SeenChange(changed_at, clamped(day, window.first_day, last_day), row_digest(changed_at, *rest))


def _days(connection: Connection) -> dict[sa.Table, sa.ColumnElement[str]]:
    sqlite = connection.dialect.name == "sqlite"
    return {
        reviews: utc_day(reviews.c.created_at, sqlite=sqlite),
        dead_letters: day_text(dead_letters.c.day, sqlite=sqlite),
        moved_reviews: day_text(moved_reviews.c.day, sqlite=sqlite),
    }
