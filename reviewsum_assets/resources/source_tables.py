"""Tables of the source database, the same on SQLite and PostgreSQL, and what is asked of their columns."""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class UtcTime(sa.TypeDecorator[datetime]):
    """A time in UTC to the microsecond: `timestamptz` on PostgreSQL, ISO text of one width (so it sorts) on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the source carry their zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _key() -> sa.types.TypeEngine[str]:
    """Text of at most 255 characters that sorts by code point on both databases, whatever the server's locale."""
    return sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")


metadata = sa.MetaData()

reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("review_id", _key(), primary_key=True),
    sa.Column("product_id", sa.String(255), nullable=False),
    sa.Column("product_title", sa.Text, nullable=False),
    sa.Column("category", sa.String(255), nullable=False),
    sa.Column("user_id", sa.String(255), nullable=False),
    sa.Column("star_rating", sa.SmallInteger, nullable=False),
    sa.Column("review_text", sa.Text, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("helpful_votes", sa.Integer),
    sa.Column("verified_purchase", sa.Boolean),
    sa.Column("locale", sa.String(255)),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("deleted_at", UtcTime),
    # The first index answers `days` and finds a day's rows, the second `changed_days`, both without the table.
    sa.Index("reviews_by_created_at", "created_at", "updated_at", "deleted_at"),
    sa.Index("reviews_by_updated_at", "updated_at", "created_at"),
)

moved_reviews = sa.Table(
    "moved_reviews",
    metadata,
    # The day that a review left when its `created_at` was corrected: nothing else there tells that it has changed.
    sa.Column("review_id", _key(), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Index("moved_reviews_by_updated_at", "updated_at", "day"),
)

applied_events = sa.Table(
    "applied_events",
    metadata,
    # The last event applied to each review, deleted ones too: an older one that comes later is known by it.
    sa.Column("review_id", _key(), primary_key=True),
    sa.Column("occurred_at", UtcTime, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("line", sa.BigInteger, nullable=False),
)

landed_files = sa.Table(
    "landed_files",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False, index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("modified_ns", sa.BigInteger, nullable=False),
    sa.Column("consumed", sa.Boolean, nullable=False),
    sa.Column("settled", sa.Boolean, nullable=False),
)

dead_letters = sa.Table(
    "dead_letters",
    metadata,
    sa.Column("id", _key(), primary_key=True),
    sa.Column("origin", _key(), nullable=False),
    sa.Column("received_at", UtcTime, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("reason_code", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("review_id", sa.String(255)),
    sa.Column("product_id", sa.String(255)),
    sa.Column("raw", sa.Text, nullable=False),
    sa.Column("original_hash", sa.String(128), nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("withdrawn_at", UtcTime),
    sa.Index("dead_letters_by_day", "day", "updated_at", "withdrawn_at"),
    sa.Index("dead_letters_by_updated_at", "updated_at", "day"),
)


_CHECKSUM_MODULUS = 2**31
"""Times are summed by their microseconds modulo this: in 64 bits, room for four thousand million rows a day."""


def utc_day(column: sa.Column[datetime], *, sqlite: bool) -> sa.ColumnElement[str]:
    """The UTC day of a time as YYYY-MM-DD."""
    if sqlite:
        text = sa.func.substr(sa.type_coerce(column, sa.String), 1, 10, type_=sa.String)
        # A number sorts before every text there, so it counts to the first day, as reading a day's rows finds it.
        return sa.case((sa.func.typeof(column).in_(("integer", "real")), ""), else_=text)
    return sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD", type_=sa.String)


def day_text(column: sa.Column[date], *, sqlite: bool) -> sa.ColumnElement[str]:
    """A day as YYYY-MM-DD."""
    if sqlite:
        return sa.type_coerce(column, sa.String)
    return sa.func.to_char(column, "YYYY-MM-DD", type_=sa.String)


def summable_time(column: sa.Column[datetime], *, sqlite: bool) -> sa.ColumnElement[int]:
    """Microseconds of a time, modulo 2**31: what the checksum of a day adds up. Read from an index alone."""
    if sqlite:
        text = sa.type_coerce(column, sa.String)
        # Cut to seconds first: SQLite rounds, and the last moment of the year 9999 would have none.
        seconds = sa.cast(sa.func.strftime("%s", sa.func.substr(text, 1, 19)), sa.BigInteger)
        micros = seconds * 1_000_000 + sa.cast(sa.func.substr(text, 21, 6), sa.BigInteger)
    else:
        micros = sa.cast(sa.extract("epoch", column) * 1_000_000, sa.BigInteger)
    return sa.type_coerce(micros % _CHECKSUM_MODULUS, sa.BigInteger)
