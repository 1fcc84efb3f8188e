"""The source database: reviews as customers wrote them, and the rows that could not be taken.

SQLite in WAL mode under the home, PostgreSQL by URL; one code for both (SQLAlchemy Core). The only place with clear
text. What downstream relies on:

- `updated_at` moves strictly forward with every committed change, deletions included, whatever the clock does. Writers
  take turns (SQLite's write lock, an advisory lock on PostgreSQL), so a reader who has seen a time has seen everything
  before it.
- A row that arrives again unchanged is not touched, so its day stays as it is.
- Deleting marks; the row's day changes and the row leaves `rows_of`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from reviewsum_assets.contracts.protocols import SourceDay
from reviewsum_assets.contracts.source import DeadLetterEntry, DeadLetterFilter, RejectedRow, SourceRow, UpsertCounts
from reviewsum_assets.resources.dead_letter_queries import ENTRY_COLUMNS, that_fit
from reviewsum_assets.resources.source_tables import dead_letters, metadata, reviews

KEYS_A_QUERY = 1_000
"""Keys in one IN list: far below SQLite's 32,766 parameters and PostgreSQL's 65,535."""

BUSY_TIMEOUT_SECONDS = 60.0
"""How long a SQLite writer waits for its turn."""

MENDED = "mended"
"""Reason code of a dead letter whose corrected row was loaded: it stays withdrawn when its file comes again."""

_WRITERS_LOCK = 0x5265_7669_6577
"""Key of PostgreSQL's advisory lock that writers of this schema hold to the end of their transaction."""

_TICK = timedelta(microseconds=1)


class SourceError(RuntimeError):
    """The source database cannot be used; the message says what to do."""


_ROW_COLUMNS = [reviews.c[name] for name in SourceRow.__dataclass_fields__]
_CREATED_AT = [column.name for column in _ROW_COLUMNS].index("created_at")
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
        try:
            parsed = sa.make_url(url)
            if parsed.drivername in ("postgres", "postgresql"):
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.address = parsed.render_as_string(hide_password=True)
            self._url = parsed
            self._engine = _engine(parsed)
        except (ArgumentError, NoSuchModuleError) as error:
            raise SourceError(
                "REVIEWSUM_SOURCE_URL is no usable database URL: write sqlite:///path or postgresql://user@host/database"
            ) from error
        except ModuleNotFoundError as error:
            raise SourceError(
                f"the driver for {parsed.drivername} is missing: pip install 'reviewsum[postgres]'"
            ) from error

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
        for keys in _portions({row.review_id for row in rows}):
            query = sa.select(reviews.c.review_id, reviews.c.content_hash, reviews.c.deleted_at)
            for review_id, content_hash, deleted_at in connection.execute(query.where(reviews.c.review_id.in_(keys))):
                before[review_id] = content_hash if deleted_at is None else None
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
        return UpsertCounts(loaded, len(rows) - loaded)

    def delete(self, review_ids: Iterable[str]) -> int:
        """Mark reviews as deleted; returns how many were there and not yet deleted."""
        deleted = 0
        with self._writing() as connection:
            stamp = self._next_stamp(connection)
            for keys in _portions(review_ids):
                here = reviews.c.review_id.in_(keys) & reviews.c.deleted_at.is_(None)
                statement = sa.update(reviews).where(here).values(deleted_at=stamp, updated_at=stamp)
                deleted += connection.execute(statement).rowcount
        return deleted

    def add_dead_letters(self, rows: Sequence[RejectedRow]) -> int:
        """Store rejected rows in one transaction; returns how many are new. The same row of the same file is one.

        Its day is the review's own where that could be read, and never later than the day it was received.
        """
        by_key = {row.key: row for row in rows}
        with self._writing() as connection:
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
        withdrawn = 0
        with self._reading() as connection:
            there = self._live_letters(connection, keys)
        if there:
            with self._writing() as connection:
                stamp = self._next_stamp(connection)
                for portion in _portions(there):
                    here = dead_letters.c.id.in_(portion) & dead_letters.c.withdrawn_at.is_(None)
                    statement = sa.update(dead_letters).where(here)
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
            for portion in _portions(review_ids):
                here = dead_letters.c.review_id.in_(portion) & dead_letters.c.withdrawn_at.is_(None)
                mended.update(connection.scalars(sa.select(dead_letters.c.id).where(here)))
            if mended:
                stamp = self._next_stamp(connection)
                for portion in _portions(mended):
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
        for portion in _portions(keys):
            there.update(connection.scalars(sa.select(dead_letters.c.id).where(dead_letters.c.id.in_(portion) & live)))
        return there

    def _replacing(self, table: sa.Table) -> sa.Insert:
        """INSERT that replaces the row of the same primary key."""
        insert = sqlite.insert(table) if self._sqlite else postgresql.insert(table)
        others = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
        return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=others)

    def _next_stamp(self, connection: Connection) -> datetime:
        """The present, or one tick after the last change where the clock stands still or went back."""
        latest = [connection.scalar(sa.select(sa.func.max(table.c.updated_at))) for table in (reviews, dead_letters)]
        return max([self._clock(), *(moment + _TICK for moment in latest if moment is not None)])

    # Reading

    def days(self, first_day: date, last_day: date) -> list[SourceDay]:
        """State of each day that has or had rows, in order; days without any are left out.

        Days are UTC days of `created_at`; older rows count to `first_day`, newer ones to `last_day`. `changed_at`
        covers deleted rows and withdrawn dead letters too, so that every change alters the state of its day.
        """
        _check_days(first_day, last_day)
        rows: Counter[str] = Counter()
        letters: Counter[str] = Counter()
        changed: dict[str, datetime] = {}
        live = sa.func.sum(sa.case((reviews.c.deleted_at.is_(None), 1), else_=0))
        day = self._day_of(reviews.c.created_at)
        review_days = sa.select(day, live, sa.func.max(reviews.c.updated_at)).group_by(sa.text("1"))
        live_letters = sa.func.sum(sa.case((dead_letters.c.withdrawn_at.is_(None), 1), else_=0))
        letter_days = sa.select(dead_letters.c.day, live_letters, sa.func.max(dead_letters.c.updated_at))
        with self._reading() as connection:
            for counts, query in ((rows, review_days), (letters, letter_days.group_by(dead_letters.c.day))):
                for found, count, changed_at in connection.execute(query):
                    key = _clamped(found, first_day, last_day)
                    counts[key] += int(count)
                    changed[key] = max(changed_at, changed.get(key, changed_at))
        return [
            SourceDay(day=key, rows=rows[key], dead_letters=letters[key], changed_at=changed[key])
            for key in sorted(changed)
        ]

    def changed_days(self, since: datetime, first_day: date, last_day: date) -> list[str]:
        """Days (as in `days`) with a review or dead letter changed, deleted or added at or after `since`, in order."""
        _check_days(first_day, last_day)
        review_days = sa.select(self._day_of(reviews.c.created_at)).where(reviews.c.updated_at >= since).distinct()
        letter_days = sa.select(dead_letters.c.day).where(dead_letters.c.updated_at >= since).distinct()
        with self._reading() as connection:
            found = [*connection.scalars(review_days), *connection.scalars(letter_days)]
        return sorted({_clamped(day, first_day, last_day) for day in found})

    def rows_of(
        self, day: date | str, first_day: date, last_day: date, batch_size: int = 2_000
    ) -> Iterator[list[SourceRow]]:
        """The live rows of a day (as in `days`) by `review_id`, streamed in batches of one snapshot."""
        start, end = _bounds(day, first_day, last_day)
        columns = [self._as_stored(column) for column in _ROW_COLUMNS]
        query = sa.select(*columns).where(reviews.c.deleted_at.is_(None)).order_by(reviews.c.review_id)
        if start is not None:
            query = query.where(self._from_day_on(start))
        if end is not None:
            query = query.where(sa.not_(self._from_day_on(end)))
        with self._reading() as connection:
            result = connection.execution_options(yield_per=batch_size).execute(query)
            for partition in result.partitions():
                yield [_source_row(row) for row in partition]

    def _as_stored(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """A column to read rows by. SQLite holds any text in a time's column: such a row must not end its day."""
        if self._sqlite and column is reviews.c.created_at:
            return sa.type_coerce(column, sa.String).label(column.name)
        return column

    def dead_letters_of(
        self, day: date | str, first_day: date, last_day: date, batch_size: int = 2_000
    ) -> Iterator[RejectedRow]:
        """The dead letters of a day (as in `days`) by origin, streamed."""
        start, end = _bounds(day, first_day, last_day)
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

    def _day_of(self, column: sa.Column[datetime]) -> sa.ColumnElement[str]:
        """The UTC day of a time as YYYY-MM-DD."""
        if self._sqlite:
            text = sa.func.substr(sa.type_coerce(column, sa.String), 1, 10, type_=sa.String)
            # A number sorts before every text here, so it counts to the first day, as `rows_of` finds it.
            return sa.case((sa.func.typeof(column).in_(("integer", "real")), ""), else_=text)
        return sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD", type_=sa.String)

    def _from_day_on(self, day: date) -> sa.ColumnElement[bool]:
        """Whether a review is of that UTC day or a later one, told as `_day_of` tells it, whatever text SQLite holds:
        `2026-01-31` and `2026-01-31 00:00:00` of other writers are of that day too."""
        if self._sqlite:
            return sa.type_coerce(reviews.c.created_at, sa.String) >= day.isoformat()
        return reviews.c.created_at >= datetime.combine(day, time(), UTC)

    # Connections

    @property
    def is_sqlite(self) -> bool:
        return self._sqlite

    @property
    def engine(self) -> Engine:
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

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            reason = str(error.orig).strip().split("\n", 1)[0]
            if "no such table" in reason or ("relation" in reason and "does not exist" in reason):
                raise SourceError(f"{self.address} has no reviews yet: run `reviewsum load FILE`") from None
            advice = "check the file and its folder" if self._sqlite else "check that it runs and is reachable"
            # Without its cause: PostgreSQL puts the failing row, which is a review, into its message.
            raise SourceError(
                f"the source database {self.address} fails ({reason}): {advice}, REVIEWSUM_SOURCE_URL"
            ) from None
        except SQLAlchemyError as error:
            raise SourceError(f"the source database {self.address} fails ({str(error).splitlines()[0]})") from None


def _engine(url: sa.URL) -> Engine:
    # Parameters stay out of error messages: they are reviews.
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def _configure(connection, record) -> None:  # type: ignore[no-untyped-def]
        # The driver would begin transactions late, after the first read; `begin` below does it instead.
        connection.isolation_level = None
        # Bytes that are no UTF-8 would end the query and with it the day: the validator judges what is left of them.
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        # A load that was reported done must survive a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        # Deleted text is overwritten with zeros: an erased review must not live on in free pages.
        connection.execute("PRAGMA secure_delete = ON")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("reviewsum_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _source_row(values: Sequence[object]) -> SourceRow:
    """A row of the source. A time that is none stays as it is: the validator refuses it with a reason."""
    fields = list(values)
    created = fields[_CREATED_AT]
    if isinstance(created, str):
        with suppress(ValueError):
            created = datetime.fromisoformat(created)
            fields[_CREATED_AT] = created.astimezone(UTC) if created.tzinfo else created.replace(tzinfo=UTC)
    return SourceRow(*fields)  # type: ignore[arg-type]


def _letter_values(key: str, row: RejectedRow, stamp: datetime) -> dict[str, object]:
    day = min(row.created_at or stamp, stamp).astimezone(UTC).date()
    values: dict[str, object] = {column.name: getattr(row, column.name) for column in _LETTER_COLUMNS}
    return values | {"id": key, "day": day, "received_at": stamp, "updated_at": stamp, "withdrawn_at": None}


def _portions(keys: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), KEYS_A_QUERY):
        yield ordered[start : start + KEYS_A_QUERY]


def _check_days(first_day: date, last_day: date) -> None:
    if first_day > last_day:
        raise ValueError(f"the first day {first_day} is after the last {last_day}")


def _clamped(day: date | str, first_day: date, last_day: date) -> str:
    return min(max(str(day), first_day.isoformat()), last_day.isoformat())


def _bounds(day: date | str, first_day: date, last_day: date) -> tuple[date | None, date | None]:
    """First day and the day after the last of what falls into `day`; None: open on that side."""
    _check_days(first_day, last_day)
    asked = date.fromisoformat(day) if isinstance(day, str) else day
    if not first_day <= asked <= last_day:
        raise ValueError(f"{asked} is not between the first day {first_day} and the last {last_day}")
    return (None if asked == first_day else asked, None if asked == last_day else asked + timedelta(days=1))
