"""A shop's own table as the source of reviews, read only: nothing is copied and nothing is written.

The table (or view) is looked at once and needs a column for each required field of a review export, under its own name
or one that the settings name. Its values are handed out as they are: ingestion judges each row and keeps those that
break the contract as dead letters. `updated_at` and `deleted_at` are used where they are there.

What each look costs, n being the rows of the table:

| | `updated_at` that is filled | none |
|---|---|---|
| `days` | all rows, a few narrow columns | all rows, all columns |
| `changes` | the rows of the last minutes, by the index on `updated_at` | as `days` |

On PostgreSQL the server counts and hashes; on SQLite, which is in this process, the rows are streamed through. A row
that is physically removed leaves no time behind, so the state of a day always covers every row that is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import NoSuchTableError

from reviewsum_assets.contracts.protocols import SourceDay
from reviewsum_assets.contracts.source import EXPORT_FIELDS, REQUIRED_FIELDS, RejectedRow, SourceChanges
from reviewsum_assets.resources.source_engine import SourceError, explained, source_engine, source_url
from reviewsum_assets.reviews.intake import parse_time
from reviewsum_assets.reviews.source_cursor import SeenChange, Window, advance, compare_states, row_digest
from reviewsum_assets.reviews.source_days import bounds, check_days, clamped

ROWS_A_FETCH = 2_000

TIME_FIELDS = ("updated_at", "deleted_at")
"""When a row was last changed and, if it is no longer there for shoppers, removed."""

_FIELDS = EXPORT_FIELDS + TIME_FIELDS
_IDENTIFIERS = frozenset({"review_id", "product_id", "user_id", "category"})
_ISO_DATE = "[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*"
_READ_ONLY = "-c default_transaction_read_only=on -c TimeZone=UTC -c DateStyle=ISO"


@dataclass(frozen=True)
class _Layout:
    """The shop's columns by our fields."""

    columns: Mapping[str, sa.Column]
    tracks_changes: bool
    """Its `updated_at` is there, filled, and of a kind that can be compared."""

    def expression(self, field: str, *, sqlite: bool) -> sa.ColumnElement:
        """The column as it is read. Times come as text: one that Python cannot hold must not end the day."""
        column = self.columns[field]
        if not sqlite and isinstance(column.type, sa.DateTime | sa.Date):
            return sa.cast(column, sa.Text)
        return sa.type_coerce(column, sa.types.NullType())


class ShopTable:
    """Reviews in a shop's own table.

    Args:
        url: SQLAlchemy URL of SQLite or PostgreSQL.
        table: Its name, with its schema where it has one: `shop.reviews`.
        columns: Our field → its column, where the names differ.
        clock: The present, with its zone; tests give their own.

    Raises:
        SourceError: from every method, if the table cannot be read or lacks a column.
    """

    def __init__(
        self,
        url: str,
        table: str,
        columns: Mapping[str, str] | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._clock = clock
        parsed = source_url(url)
        self._sqlite = parsed.get_backend_name() == "sqlite"
        if not self._sqlite and parsed.get_backend_name() != "postgresql":
            raise SourceError("REVIEWSUM_SOURCE_TABLE: a shop's table is read from SQLite or PostgreSQL")
        if self._sqlite and parsed.database and not Path(parsed.database).is_file():
            raise SourceError(f"there is no database {parsed.database}: check REVIEWSUM_SOURCE_URL")
        self._table, self._names = table, dict(columns or {})
        self.address = f"{parsed.render_as_string(hide_password=True)}, table {table}"
        self.file = Path(parsed.database).resolve() if self._sqlite and parsed.database else None
        """The shop's SQLite file; None on a server."""
        self._engine = source_engine(parsed, options=_READ_ONLY)
        if self._sqlite:
            sa.event.listen(self._engine, "connect", _set_up_sqlite)

    @property
    def kind(self) -> str:
        how = "by updated_at" if self._layout.tracks_changes else "by count and checksum of each day"
        return f"the shop's table {self._table}, read only, changes {how}"

    # Reading

    def days(self, first_day: date, last_day: date) -> list[SourceDay]:
        """State of each day that has rows, in order.

        With an `updated_at` the checksum covers identity and times of every row, else all that we read of it.
        """
        check_days(first_day, last_day)
        layout = self._layout
        if layout.tracks_changes:
            fields = [field for field in ("review_id", "created_at", *TIME_FIELDS) if field in layout.columns]
        else:
            fields = list(layout.columns)
        live, all_rows, sums = Counter[str](), Counter[str](), Counter[str]()
        with self._reading() as connection:
            found = self._counted if self._sqlite else self._grouped
            for day, lives, rows, checksum in found(connection, fields, first_day, last_day):
                live[day] += lives
                all_rows[day] += rows
                sums[day] += checksum
        return [
            SourceDay(day, live[day], 0, None, checksum=f"{all_rows[day]}-{sums[day] % 2**64:x}")
            for day in sorted(all_rows)
        ]

    def changed_days(self, since: datetime, first_day: date, last_day: date) -> list[str]:
        """Days with a row changed at or after `since`; all days where the table keeps no times."""
        check_days(first_day, last_day)
        if not self._layout.tracks_changes:
            return [day.day for day in self.days(first_day, last_day)]
        with self._reading() as connection:
            found = self._changed_since(connection, since, first_day, last_day)
            return sorted({change.day for change in found})

    def changes(self, cursor: str | None, first_day: date, last_day: date) -> SourceChanges:
        """Days that changed since the cursor was made, and the next cursor; without one, all days that have rows."""
        check_days(first_day, last_day)
        if not self._layout.tracks_changes:
            states = {day.day: day.state() for day in self.days(first_day, last_day)}
            return compare_states(cursor, states, first_day, last_day)
        now = self._clock()
        window = Window.read(cursor, first_day)
        with self._reading() as connection:
            start = window or Window.start(first_day, last_day, self._newest(connection, now), now)
            seen = self._changed_since(connection, start.since, first_day, last_day)
            after = advance(start, seen, last_day, now)
        if window is not None:
            return after
        return SourceChanges(tuple(day.day for day in self.days(first_day, last_day)), after.cursor)

    def values_of(
        self, day: date | str, first_day: date, last_day: date, batch_size: int = ROWS_A_FETCH
    ) -> Iterator[list[dict[str, object]]]:
        """The live rows of a day by `review_id` (as text, by code point), streamed in batches of one snapshot."""
        layout = self._layout
        fields = [field for field in EXPORT_FIELDS if field in layout.columns]
        query = sa.select(*(layout.expression(field, sqlite=self._sqlite) for field in fields))
        query = query.where(*self._live(), *self._within(*bounds(day, first_day, last_day)))
        key = sa.cast(layout.columns["review_id"], sa.Text)
        query = query.order_by(sa.collate(key, "BINARY" if self._sqlite else "C"))
        with self._reading() as connection:
            for partition in connection.execution_options(yield_per=batch_size).execute(query).partitions():
                yield [
                    {field: _plain(field, value) for field, value in zip(fields, row, strict=True)} for row in partition
                ]

    def every_row(self, fields: Sequence[str], batch_size: int = ROWS_A_FETCH) -> Iterator[list[object]]:
        """These fields of every row of the table, marked as deleted or not, in no order, streamed."""
        query = sa.select(*(self._layout.expression(field, sqlite=self._sqlite) for field in fields))
        with self._reading() as connection:
            for row in connection.execution_options(yield_per=batch_size).execute(query):
                yield [_plain(field, value) for field, value in zip(fields, row, strict=True)]

    def dead_letters_of(
        self, day: date | str, first_day: date, last_day: date, batch_size: int = ROWS_A_FETCH
    ) -> Iterator[RejectedRow]:
        """None: every row is in the table, and ingestion judges it there."""
        bounds(day, first_day, last_day)
        return iter(())

    def count(self) -> int:
        """Live reviews."""
        query = sa.select(sa.func.count()).select_from(self._layout.columns["review_id"].table).where(*self._live())
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def ping(self) -> str:
        """Name and version of the database, after a look at the table."""
        self._layout  # noqa: B018  # raises what is wrong with it
        query = "SELECT sqlite_version()" if self._sqlite else "SHOW server_version"
        with self._reading() as connection:
            return f"{'SQLite' if self._sqlite else 'PostgreSQL'} {connection.exec_driver_sql(query).scalar_one()}"

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    # Days

    def _grouped(
        self, connection: Connection, fields: list[str], first_day: date, last_day: date
    ) -> Iterator[tuple[str, int, int, int]]:
        """By the server: day, live rows, rows and the sum of their hashes."""
        day = self._day(first_day, last_day)
        columns = self._layout.columns
        hashed = sa.func.hashtextextended(
            sa.cast(sa.func.row(*(columns[field] for field in fields)), sa.Text), sa.literal_column("0")
        )
        live = sa.func.count().filter(*self._live()) if self._live() else sa.func.count()
        query = sa.select(day, live, sa.func.count(), sa.func.sum(hashed)).group_by(sa.text("1"))
        for found, lives, rows, checksum in connection.execute(query.select_from(columns["review_id"].table)):
            yield str(found), int(lives), int(rows), int(checksum)

    def _counted(
        self, connection: Connection, fields: list[str], first_day: date, last_day: date
    ) -> Iterator[tuple[str, int, int, int]]:
        """The same, row by row."""
        created = fields.index("created_at")
        deleted = fields.index("deleted_at") if "deleted_at" in fields else None
        query = sa.select(*(self._layout.expression(field, sqlite=True) for field in fields))
        for row in connection.execution_options(yield_per=ROWS_A_FETCH).execute(query):
            day = clamped(_utc_day(row[created]), first_day, last_day)
            yield day, int(deleted is None or row[deleted] is None), 1, row_digest(*row)

    def _day(self, first_day: date, last_day: date) -> sa.ColumnElement[str]:
        """The day partition by the server; rows without a day count to the first."""
        column = self._layout.columns["created_at"]
        text = sa.func.to_char(sa.func.timezone("UTC", column) if _zoned(column) else column, "YYYY-MM-DD")
        older = column.is_(None) | (column < _moment(column, first_day + timedelta(days=1)))
        newer = column >= _moment(column, last_day)
        return sa.case((older, first_day.isoformat()), (newer, last_day.isoformat()), else_=text)

    def _within(self, start: date | None, end: date | None) -> list[sa.ColumnElement[bool]]:
        """Conditions that a row falls between two days (None: open on that side); no readable day: the earliest."""
        column = self._layout.columns["created_at"]
        conditions: list[sa.ColumnElement[bool]] = []
        if self._sqlite:
            raw = sa.type_coerce(column, sa.types.NullType())
            day = sa.func.reviewsum_day(raw, type_=sa.String)
            text = sa.type_coerce(column, sa.String)
            # Texts that begin with a date are at most a day off it, so most rows are settled without the function.
            dated = (sa.func.typeof(raw) == "text") & text.op("GLOB")(_ISO_DATE)
            far: list[sa.ColumnElement[bool]] = []
            exact: list[sa.ColumnElement[bool]] = []
            if start is not None:
                far.append(text < str(start - timedelta(days=1)))
                exact.append(day >= str(start))
            if end is not None:
                far.append(text >= str(end + timedelta(days=1)))
                exact.append(day < str(end))
            if not exact:
                return []
            decided = sa.case((dated & sa.or_(*far), sa.false()), else_=sa.and_(*exact))
            return [sa.type_coerce(decided, sa.Integer) == 1]
        if start is not None:
            conditions.append(column >= _moment(column, start))
        if end is not None:
            before = column < _moment(column, end)
            conditions.append(before if start is not None else before | column.is_(None))
        return conditions

    def _live(self) -> list[sa.ColumnElement[bool]]:
        deleted = self._layout.columns.get("deleted_at")
        return [] if deleted is None else [deleted.is_(None)]

    # Changes

    def _newest(self, connection: Connection, now: datetime) -> datetime | None:
        """The latest `updated_at` that is not ahead of the clock."""
        column = self._layout.columns["updated_at"]
        if self._sqlite:
            latest = connection.scalar(sa.select(sa.func.max(sa.type_coerce(column, sa.types.NullType()))))
        else:
            latest = connection.scalar(
                sa.select(sa.cast(sa.func.max(column), sa.Text)).where(column <= _at(column, now))
            )
        return parse_time(latest)

    def _changed_since(
        self, connection: Connection, since: datetime, first_day: date, last_day: date
    ) -> Iterator[SeenChange]:
        """Rows changed at or after a time, newest first. Without `updated_at` a row is as it was made."""
        columns = self._layout.columns
        updated, created = columns["updated_at"], columns["created_at"]
        fields = list(columns)
        query = sa.select(*(self._layout.expression(field, sqlite=self._sqlite) for field in fields))
        places = fields.index("updated_at"), fields.index("created_at")
        if not self._sqlite:
            changed = sa.func.coalesce(updated, created)
            query = query.where(
                (updated >= _at(updated, since)) | (updated.is_(None) & (created >= _at(created, since)))
            )
            result = connection.execution_options(yield_per=ROWS_A_FETCH).execute(query.order_by(changed.desc()))
            for row in result:
                if change := _seen(row, *places, first_day, last_day):
                    yield change
            return
        # Texts of times sort by their date, whatever separators and zones they are written with.
        earliest = str((since - timedelta(hours=15)).date())
        texts = sa.type_coerce(updated, sa.String), sa.type_coerce(created, sa.String)
        query = query.where((texts[0] >= earliest) | (updated.is_(None) & (texts[1] >= earliest)))
        rows = connection.execution_options(yield_per=ROWS_A_FETCH).execute(query)
        found = [change for row in rows if (change := _seen(row, *places, first_day, last_day))]
        found.sort(key=lambda change: change.changed_at, reverse=True)
        yield from (change for change in found if change.changed_at >= since)

    # The table

    @cached_property
    def _layout(self) -> _Layout:
        schema, _, name = self._table.rpartition(".")
        with self._reading() as connection:
            try:
                table = sa.Table(name, sa.MetaData(), schema=schema or None, autoload_with=connection)
            except NoSuchTableError:
                raise SourceError(self._missing) from None
            columns = self._columns(table)
            if not self._sqlite and not isinstance(columns["created_at"].type, sa.DateTime | sa.Date):
                raise SourceError(
                    f"{self._table}.{columns['created_at'].name} is no date or time: read a view that casts it"
                )
            tracks = "updated_at" in columns and self._comparable(connection, columns["updated_at"])
        return _Layout(columns, tracks)

    def _columns(self, table: sa.Table) -> dict[str, sa.Column]:
        if unknown := [field for field in self._names if field not in _FIELDS]:
            raise SourceError(f"REVIEWSUM_SOURCE_COLUMNS names {unknown[0]}, which is none of {', '.join(_FIELDS)}")
        there = ", ".join(table.columns.keys())
        columns: dict[str, sa.Column] = {}
        for field in _FIELDS:
            name = self._names.get(field, field)
            if name in table.columns:
                columns[field] = table.columns[name]
            elif field in self._names or field in REQUIRED_FIELDS:
                raise SourceError(
                    f"{self._table} has no column {name}, it has {there}: name the one that holds {field} in "
                    f'REVIEWSUM_SOURCE_COLUMNS, as in {{"{field}": "its column"}}'
                )
        return columns

    def _comparable(self, connection: Connection, column: sa.Column) -> bool:
        """Whether changes can be asked for by time: on PostgreSQL a time, on SQLite text that begins with a date."""
        if not self._sqlite and not isinstance(column.type, sa.DateTime):
            return False
        raw = sa.func.max(sa.type_coerce(column, sa.types.NullType()) if self._sqlite else column)
        latest = connection.scalar(sa.select(raw if self._sqlite else sa.cast(raw, sa.Text)))
        return latest is not None and (not self._sqlite or (isinstance(latest, str) and parse_time(latest) is not None))

    @property
    def _missing(self) -> str:
        return f"there is no {self.address}: check REVIEWSUM_SOURCE_TABLE and REVIEWSUM_SOURCE_URL"

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._explained(), self._engine.connect() as connection:
            yield connection

    def _explained(self) -> AbstractContextManager[None]:
        return explained(self.address, sqlite=self._sqlite, missing=self._missing)


def _set_up_sqlite(connection, record) -> None:  # type: ignore[no-untyped-def]
    connection.execute("PRAGMA query_only = ON")
    # A text in another encoding costs its broken characters, not the day.
    connection.text_factory = lambda data: data.decode(errors="replace")
    connection.create_function("reviewsum_day", 1, _utc_day, deterministic=True)


def _utc_day(value: object) -> str:
    """YYYY-MM-DD, or nothing, which is earlier than every day."""
    moment = parse_time(value)
    return "" if moment is None else moment.date().isoformat()


def _zoned(column: sa.Column) -> bool:
    return isinstance(column.type, sa.DateTime) and bool(column.type.timezone)


def _moment(column: sa.Column, day: date) -> date:
    """The beginning of a UTC day as the column holds times; those without a zone are UTC."""
    if not isinstance(column.type, sa.DateTime):
        return day
    return datetime.combine(day, time(), UTC if _zoned(column) else None)


def _at(column: sa.Column, moment: datetime) -> date:
    if not isinstance(column.type, sa.DateTime):
        return moment.date()
    return moment if _zoned(column) else moment.astimezone(UTC).replace(tzinfo=None)


def _seen(row: sa.Row, updated: int, created: int, first_day: date, last_day: date) -> SeenChange | None:
    changed_at = parse_time(row[updated] if row[updated] is not None else row[created])
    if changed_at is None:
        return None
    return SeenChange(changed_at, clamped(_utc_day(row[created]), first_day, last_day), row_digest(*row))


def _plain(field: str, value: object) -> object:
    """The value as an export would have it: databases keep identifiers as numbers and UUIDs too."""
    if field in _IDENTIFIERS:
        if isinstance(value, UUID) or (isinstance(value, int) and not isinstance(value, bool)):
            return str(value)
        if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
            return f"{value.to_integral_value():f}"
    return value
