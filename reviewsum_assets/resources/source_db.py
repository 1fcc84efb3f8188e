"""The source database: reviews as customers wrote them, and the rows that could not be taken.

SQLite in WAL mode under the home, PostgreSQL by URL; one code for both (SQLAlchemy Core). The only place with clear
text. What downstream relies on:

- `updated_at` moves strictly forward with every change committed here, deletions included, whatever the clock does.
  Writers take turns (SQLite's write lock, an advisory lock on PostgreSQL), so a reader who has seen a time of ours has
  seen everything before it.
- A row that arrives again unchanged is not touched, so its day stays as it is.
- Deleting marks; the row's day changes and the row leaves `rows_of`. A review that moves to another day changes both.
- Others may write the table too, with clocks that are ahead or behind and commits that come late: the state of a day
  covers the time of every row of it, and `changes` re-reads an overlap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from reviewsum_assets.contracts.protocols import SourceDay
from reviewsum_assets.contracts.source import (
    DeadLetterEntry,
    DeadLetterFilter,
    RejectedRow,
    SourceChanges,
    SourceRow,
    UpsertCounts,
)
from reviewsum_assets.resources.dead_letter_queries import ENTRY_COLUMNS, that_fit
from reviewsum_assets.resources.source_changes import changed_since, days_changed_since, newest_change
from reviewsum_assets.resources.source_engine import SourceError, explained, source_engine, source_url
from reviewsum_assets.resources.source_tables import (
    dead_letters,
    metadata,
    moved_reviews,
    reviews,
    summable_time,
    utc_day,
)
from reviewsum_assets.reviews.source_cursor import Window, advance
from reviewsum_assets.reviews.source_days import bounds, check_days, clamped

__all__ = ["SourceDatabase", "SourceError"]

KEYS_A_QUERY = 1_000
"""Keys in one IN list: far below SQLite's 32,766 parameters and PostgreSQL's 65,535."""

MENDED = "mended"
"""Reason code of a dead letter whose corrected row was loaded: it stays withdrawn when its file comes again."""

_WRITERS_LOCK = 0x5265_7669_6577
"""Key of PostgreSQL's advisory lock that writers of this schema hold to the end of their transaction."""

_TICK = timedelta(microseconds=1)

FOLLOWED_AHEAD = timedelta(days=1)
"""How far ahead of the clock a stamp may be and still be followed. Further ones are another writer's mistake, and would
take all later stamps along, out of the sensor's sight."""

CHANGES_A_FETCH = 10_000
"""Changed rows fetched at once: small ones, without text."""

_FIELDS = tuple(SourceRow.__dataclass_fields__)
_ROW_COLUMNS = [reviews.c[name] for name in _FIELDS]
_LETTER_COLUMNS = [
    dead_letters.c[name]
    for name in ("origin", "original_hash", "reason_code", "reason", "raw", "review_id", "product_id")
]


class SourceDatabase:
    """Reviews and dead letters of one source.

    Args:
        url: SQLAlchemy URL: `sqlite:///path`, or `postgresql://user:password@host/database`.
        clock: The present, with its zone; tests give their own.

    Raises:
        SourceError: from every method, if the database cannot be reached or used.
    """

    def __init__(self, url: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._url = source_url(url)
        self.address = self._url.render_as_string(hide_password=True)
        self._engine = source_engine(self._url, options="-c TimeZone=UTC")

    @property
    def kind(self) -> str:
        return "our own table, changes by updated_at"

    @property
    def _sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def create(self) -> None:
        """Make the tables and indexes that are missing (SQLite: the file and its folder too)."""
        if not self._sqlite or self._url.database in (None, "", ":memory:"):
            with self._writing() as connection:
                metadata.create_all(connection)
            return
        path = Path(cast(str, self._url.database))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # The switch to write-ahead logging does not wait its turn as transactions do, so first openers queue here.
            with FileLock(f"{path}.setup.lock"):
                with self._explained(), self._engine.connect() as connection:
                    connection.exec_driver_sql("ROLLBACK")
                    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                    connection.exec_driver_sql("BEGIN")
                with self._writing() as connection:
                    metadata.create_all(connection)
        except OSError as error:
            raise SourceError(f"{path} cannot be made ({error.strerror}): check its folder's permissions") from error

    # Writing

    def upsert(self, rows: Sequence[SourceRow]) -> UpsertCounts:
        """Insert or replace rows by `review_id`, all in one transaction.

        Counted row by row, as if they came alone: a row equal to what is there is `unchanged`, one that differs (or
        brings a deleted review back) is `loaded`. Of a `review_id` that comes more than once the last stays. Only
        reviews that differ in the end are written and get a new `updated_at`.
        """
        with self._writing() as connection:
            return self._upsert(connection, rows)

    def _upsert(self, connection: Connection, rows: Sequence[SourceRow]) -> UpsertCounts:
        before: dict[str, str | None] = {}
        created: dict[str, datetime] = {}
        for keys in portions({row.review_id for row in rows}):
            query = sa.select(reviews.c.review_id, reviews.c.content_hash, reviews.c.deleted_at, reviews.c.created_at)
            for review_id, content_hash, deleted_at, created_at in connection.execute(
                query.where(reviews.c.review_id.in_(keys))
            ):
                before[review_id] = content_hash if deleted_at is None else None
                created[review_id] = created_at
        after = dict(before)
        final: dict[str, SourceRow] = {}
        loaded = 0
        for row in rows:
            content_hash = row.content_hash()
            if after.get(row.review_id) != content_hash:
                after[row.review_id] = content_hash
                loaded += 1
            final[row.review_id] = row
        changed = [row for review_id, row in final.items() if after[review_id] != before.get(review_id)]
        if changed:
            stamp = self._next_stamp(connection)
            values = [
                {column.name: getattr(row, column.name) for column in _ROW_COLUMNS}
                | {"content_hash": after[row.review_id], "updated_at": stamp, "deleted_at": None}
                for row in changed
            ]
            connection.execute(self._replacing(reviews), values)
            moved = [
                {"review_id": row.review_id, "day": left, "updated_at": stamp}
                for row in changed
                if (left := created.get(row.review_id, row.created_at).date()) != row.created_at.astimezone(UTC).date()
            ]
            if moved:
                connection.execute(self._replacing(moved_reviews), moved)
        return UpsertCounts(loaded, len(rows) - loaded)

    def delete(self, review_ids: Iterable[str]) -> int:
        """Mark reviews as deleted; returns how many were there and not yet deleted."""
        with self._writing() as connection:
            return self._delete(connection, review_ids)

    def _delete(self, connection: Connection, review_ids: Iterable[str]) -> int:
        deleted = 0
        stamp = self._next_stamp(connection)
        for keys in portions(review_ids):
            here = reviews.c.review_id.in_(keys) & reviews.c.deleted_at.is_(None)
            statement = sa.update(reviews).where(here).values(deleted_at=stamp, updated_at=stamp)
            deleted += connection.execute(statement).rowcount
        return deleted

    def add_dead_letters(self, rows: Sequence[RejectedRow]) -> int:
        """Store rejected rows in one transaction; returns how many are new. The same row of the same file is one.

        Its day is the review's own where that could be read, and never later than the day it was received.
        """
        with self._writing() as connection:
            return self._add_dead_letters(connection, rows)

    def _add_dead_letters(self, connection: Connection, rows: Sequence[RejectedRow]) -> int:
        by_key = {row.key: row for row in rows}
        there = self._live_letters(connection, by_key, mended_too=True)
        new = [key for key in by_key if key not in there]
        if not new:
            return 0
        stamp = self._next_stamp(connection)
        values = [_letter_values(key, by_key[key], stamp) for key in new]
        connection.execute(self._replacing(dead_letters), values)
        return len(new)

    def withdraw_dead_letters(self, keys: Iterable[str]) -> int:
        """Take back dead letters (by `RejectedRow.key`) whose rows were taken after all; returns how many there were.

        A row refused for its date, or by an older validator, would otherwise be in two places once it is loaded.
        """
        with self._reading() as connection:
            there = self._live_letters(connection, keys)
        if not there:
            return 0
        with self._writing() as connection:
            return self._withdraw_dead_letters(connection, there)

    def _withdraw_dead_letters(self, connection: Connection, keys: Iterable[str]) -> int:
        withdrawn = 0
        there = self._live_letters(connection, keys)
        if there:
            stamp = self._next_stamp(connection)
            for portion in portions(there):
                statement = sa.update(dead_letters).where(dead_letters.c.id.in_(portion))
                statement = statement.values(withdrawn_at=stamp, updated_at=stamp, raw="")
                withdrawn += connection.execute(statement).rowcount
        return withdrawn

    def mend(
        self, rows: Sequence[SourceRow], keys: Iterable[str], review_ids: Iterable[str]
    ) -> tuple[UpsertCounts, int]:
        """`upsert` corrected rows, and in the same transaction take back the dead letters that they mend.

        Args:
            rows: The corrected rows.
            keys: Dead letters that they mend, by `RejectedRow.key`.
            review_ids: Reviews of which every dead letter is mended.

        Returns: what became of the rows, and how many dead letters left. A mended one does not come back when its
        file is loaded again.
        """
        with self._writing() as connection:
            counts = self._upsert(connection, rows)
            mended = self._live_letters(connection, keys)
            for portion in portions(review_ids):
                here = dead_letters.c.review_id.in_(portion) & dead_letters.c.withdrawn_at.is_(None)
                mended.update(connection.scalars(sa.select(dead_letters.c.id).where(here)))
            if mended:
                stamp = self._next_stamp(connection)
                for portion in portions(mended):
                    statement = sa.update(dead_letters).where(dead_letters.c.id.in_(portion))
                    values = {"withdrawn_at": stamp, "updated_at": stamp, "raw": "", "reason_code": MENDED}
                    connection.execute(statement.values(values))
        return counts, len(mended)

    def live_dead_letters(self, keys: Iterable[str]) -> set[str]:
        """Which of these dead letters (by `RejectedRow.key`) are there and not withdrawn."""
        with self._reading() as connection:
            return self._live_letters(connection, keys)

    def _live_letters(self, connection: Connection, keys: Iterable[str], *, mended_too: bool = False) -> set[str]:
        mended = dead_letters.c.reason_code == MENDED if mended_too else sa.false()
        live = sa.or_(dead_letters.c.withdrawn_at.is_(None), mended)
        there: set[str] = set()
        for portion in portions(keys):
            there.update(connection.scalars(sa.select(dead_letters.c.id).where(dead_letters.c.id.in_(portion) & live)))
        return there

    def _replacing(self, table: sa.Table) -> sa.Insert:
        """INSERT that replaces the row of the same primary key."""
        insert = sqlite.insert(table) if self._sqlite else postgresql.insert(table)
        others = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
        return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=others)

    def _next_stamp(self, connection: Connection) -> datetime:
        """The present, or one tick after the last change where the clock stands still or went back."""
        now = self._clock()
        latest = [
            connection.scalar(
                sa.select(sa.func.max(table.c.updated_at)).where(table.c.updated_at <= now + FOLLOWED_AHEAD)
            )
            for table in (reviews, dead_letters)
        ]
        return max([now, *(moment + _TICK for moment in latest if moment is not None)])

    # Reading

    def days(self, first_day: date, last_day: date) -> list[SourceDay]:
        """State of each day that has or had rows, in order; days without any are left out.

        Days are UTC days of `created_at`; older rows count to `first_day`, newer ones to `last_day`. `changed_at` and
        the checksum (a sum of the rows' times) cover deleted rows and withdrawn dead letters too, so that every change
        alters the state of its day, also one that another writer stamped with an older time than the day has.
        """
        check_days(first_day, last_day)
        rows: Counter[str] = Counter()
        letters: Counter[str] = Counter()
        changed: dict[str, datetime] = {}
        sums: Counter[str] = Counter()
        live = sa.func.sum(sa.case((reviews.c.deleted_at.is_(None), 1), else_=0))
        day = utc_day(reviews.c.created_at, sqlite=self._sqlite)
        review_days = sa.select(
            day,
            live,
            sa.func.max(reviews.c.updated_at),
            sa.func.sum(summable_time(reviews.c.updated_at, sqlite=self._sqlite)),
        ).group_by(sa.text("1"))
        live_letters = sa.func.sum(sa.case((dead_letters.c.withdrawn_at.is_(None), 1), else_=0))
        letter_days = sa.select(
            dead_letters.c.day,
            live_letters,
            sa.func.max(dead_letters.c.updated_at),
            sa.func.sum(summable_time(dead_letters.c.updated_at, sqlite=self._sqlite)),
        )
        with self._reading() as connection:
            for counts, query in ((rows, review_days), (letters, letter_days.group_by(dead_letters.c.day))):
                for found, count, changed_at, checksum in connection.execute(query):
                    key = clamped(found, first_day, last_day)
                    counts[key] += int(count)
                    sums[key] += int(checksum)
                    changed[key] = max(changed_at, changed.get(key, changed_at))
        return [
            SourceDay(key, rows[key], letters[key], changed[key], checksum=f"{sums[key]:x}") for key in sorted(changed)
        ]

    def changed_days(self, since: datetime, first_day: date, last_day: date) -> list[str]:
        """Days (as in `days`) with a review or dead letter changed, deleted or added at or after `since`, in order."""
        check_days(first_day, last_day)
        with self._reading() as connection:
            found = days_changed_since(connection, since)
        return sorted({clamped(day, first_day, last_day) for day in found})

    def changes(self, cursor: str | None, first_day: date, last_day: date) -> SourceChanges:
        """Days that changed since the cursor was made, and the next cursor; without one, all days that have rows.

        One query by the indexes on `updated_at`. What it cannot see, `days` does: see `source_cursor`.
        """
        check_days(first_day, last_day)
        now = self._clock()
        window = Window.read(cursor, first_day)
        if window is not None:
            with self._reading() as connection:
                return advance(window, changed_since(connection, window, last_day), last_day, now)
        # The window before the days: what comes in between is seen twice and not never.
        with self._reading() as connection:
            window = Window.start(first_day, last_day, newest_change(connection, now), now)
            after = advance(window, changed_since(connection, window, last_day), last_day, now)
        return SourceChanges(tuple(day.day for day in self.days(first_day, last_day)), after.cursor)

    def rows_of(
        self, day: date | str, first_day: date, last_day: date, batch_size: int = 2_000
    ) -> Iterator[list[SourceRow]]:
        """The live rows of a day (as in `days`) by `review_id`, streamed in batches of one snapshot."""
        for batch in self.values_of(day, first_day, last_day, batch_size):
            yield [SourceRow(**values) for values in batch]  # type: ignore[arg-type]

    def values_of(
        self, day: date | str, first_day: date, last_day: date, batch_size: int = 2_000
    ) -> Iterator[list[dict[str, object]]]:
        """The same rows as values by field."""
        start, end = bounds(day, first_day, last_day)
        columns = [self._as_stored(column) for column in _ROW_COLUMNS]
        query = sa.select(*columns).where(reviews.c.deleted_at.is_(None)).order_by(reviews.c.review_id)
        if start is not None:
            query = query.where(self._from_day_on(start))
        if end is not None:
            query = query.where(sa.not_(self._from_day_on(end)))
        with self._reading() as connection:
            result = connection.execution_options(yield_per=batch_size).execute(query)
            for partition in result.partitions():
                yield [_values(row) for row in partition]

    def _as_stored(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """A column to read rows by. SQLite holds any text in a time's column: such a row must not end its day."""
        if self._sqlite and column is reviews.c.created_at:
            return sa.type_coerce(column, sa.String).label(column.name)
        return column

    def dead_letters_of(
        self, day: date | str, first_day: date, last_day: date, batch_size: int = 2_000
    ) -> Iterator[RejectedRow]:
        """The dead letters of a day (as in `days`) by origin, streamed."""
        start, end = bounds(day, first_day, last_day)
        query = sa.select(*_LETTER_COLUMNS).where(dead_letters.c.withdrawn_at.is_(None))
        query = query.order_by(dead_letters.c.origin, dead_letters.c.id)
        if start is not None:
            query = query.where(dead_letters.c.day >= start)
        if end is not None:
            query = query.where(dead_letters.c.day < end)
        with self._reading() as connection:
            for row in connection.execution_options(yield_per=batch_size).execute(query):
                yield RejectedRow(*row)

    def dead_letter_reasons(self, which: DeadLetterFilter) -> dict[str, int]:
        """Live dead letters by reason code, the most frequent first."""
        counted = sa.func.count().label("counted")
        query = sa.select(dead_letters.c.reason_code, counted).where(*that_fit(which))
        query = query.group_by(dead_letters.c.reason_code).order_by(counted.desc(), dead_letters.c.reason_code)
        with self._reading() as connection:
            return {reason: int(count) for reason, count in connection.execute(query)}

    def dead_letters(self, which: DeadLetterFilter, limit: int | None = None) -> Iterator[DeadLetterEntry]:
        """Live dead letters by origin, streamed."""
        query = sa.select(*ENTRY_COLUMNS).where(*that_fit(which)).limit(limit)
        with self._reading() as connection:
            ordered = query.order_by(dead_letters.c.origin, dead_letters.c.id)
            for key, origin, code, reason, raw, day, review_id, product_id in connection.execution_options(
                yield_per=1_000
            ).execute(ordered):
                yield DeadLetterEntry(key, origin, code, reason, raw, str(day), review_id, product_id)

    def count(self) -> int:
        """Live reviews."""
        with self._reading() as connection:
            query = sa.select(sa.func.count()).select_from(reviews).where(reviews.c.deleted_at.is_(None))
            return connection.scalar(query) or 0

    def ping(self) -> str:
        """Name and version of the database, for example `PostgreSQL 18.0`."""
        query = "SELECT sqlite_version()" if self._sqlite else "SHOW server_version"
        with self._reading() as connection:
            version = connection.exec_driver_sql(query).scalar_one()
        return f"{'SQLite' if self._sqlite else 'PostgreSQL'} {version}"

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _from_day_on(self, day: date) -> sa.ColumnElement[bool]:
        """Whether a review is of that UTC day or a later one, told as `utc_day` tells it, whatever text SQLite holds:
        `2026-01-31` and `2026-01-31 00:00:00` of other writers are of that day too."""
        if self._sqlite:
            return sa.type_coerce(reviews.c.created_at, sa.String) >= day.isoformat()
        return reviews.c.created_at >= datetime.combine(day, time(), UTC)

    # Connections

    @property
    def is_sqlite(self) -> bool:
        return self._sqlite

    @property
    def engine(self) -> sa.Engine:
        """For what no transaction may hold, such as VACUUM."""
        return self._engine

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction, the only one that writes, for the rooms that erase."""
        return self._writing()

    def reading(self) -> AbstractContextManager[Connection]:
        return self._reading()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction, the only one that writes, committed whole at the end."""
        writer = self._engine.execution_options(reviewsum_writes=True)
        with self._explained(), writer.begin() as connection:
            if not self._sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS_LOCK)))
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._explained(), self._engine.connect() as connection:
            yield connection

    def _explained(self) -> AbstractContextManager[None]:
        missing = f"{self.address} has no reviews yet: run `reviewsum load FILE`"
        return explained(self.address, sqlite=self._sqlite, missing=missing)


def _values(row: Sequence[object]) -> dict[str, object]:
    """A row of the source by field. A time that is none stays as it is: the validator refuses it with a reason."""
    values = dict(zip(_FIELDS, row, strict=True))
    created = values["created_at"]
    if isinstance(created, str):
        with suppress(ValueError):
            moment = datetime.fromisoformat(created)
            values["created_at"] = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return values


def _letter_values(key: str, row: RejectedRow, stamp: datetime) -> dict[str, object]:
    day = min(row.created_at or stamp, stamp).astimezone(UTC).date()
    values: dict[str, object] = {column.name: getattr(row, column.name) for column in _LETTER_COLUMNS}
    return values | {"id": key, "day": day, "received_at": stamp, "updated_at": stamp, "withdrawn_at": None}


def portions(keys: Iterable[str]) -> Iterator[list[str]]:
    """Distinct keys in order, as many at once as a query takes."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), KEYS_A_QUERY):
        yield ordered[start : start + KEYS_A_QUERY]
