"""One SQL database by URL, SQLite or PostgreSQL, with writers that take turns and errors that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from reviewsum_assets.resources.sql_engine import sql_engine


class SqlDatabaseError(RuntimeError):
    """The database cannot be used; the message says what to do."""


class SqlDatabase:
    """Transactions on the tables of `metadata`.

    Args:
        url: SQLAlchemy URL: `sqlite:///path`, or `postgresql://user:password@host/database`.
        metadata: Its tables.
        setting: Environment variable that holds the URL, named in errors.
        writers_lock: Key of PostgreSQL's advisory lock that writers hold to the end of their transaction.
        error: Error to raise.
    """

    def __init__(
        self,
        url: str,
        metadata: sa.MetaData,
        *,
        setting: str,
        writers_lock: int,
        error: type[SqlDatabaseError] = SqlDatabaseError,
    ) -> None:
        self._metadata = metadata
        self._setting = setting
        self._writers_lock = writers_lock
        self._error = error
        try:
            parsed = sa.make_url(url)
            if parsed.drivername in ("postgres", "postgresql"):
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.address = parsed.render_as_string(hide_password=True)
            self._url = parsed
            self.engine = sql_engine(parsed)
        except (ArgumentError, NoSuchModuleError) as problem:
            raise error(
                f"{setting} is no usable database URL: write sqlite:///path or postgresql://user@host/database"
            ) from problem
        except ModuleNotFoundError as problem:
            raise error(
                f"the driver for {parsed.drivername} is missing: pip install 'reviewsum[postgres]'"
            ) from problem

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def create(self) -> None:
        """Make the tables and indexes that are missing (SQLite: the file and its folder too)."""
        if not self.is_sqlite or self._url.database in (None, "", ":memory:"):
            with self.writing() as connection:
                self._metadata.create_all(connection)
            return
        path = Path(cast(str, self._url.database))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # The switch to write-ahead logging does not wait its turn as transactions do, so first openers queue here.
            with FileLock(f"{path}.setup.lock"):
                with self.explained(), self.engine.connect() as connection:
                    connection.exec_driver_sql("ROLLBACK")
                    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                    connection.exec_driver_sql("BEGIN")
                with self.writing() as connection:
                    self._metadata.create_all(connection)
        except OSError as problem:
            raise self._error(
                f"{path} cannot be made ({problem.strerror}): check its folder's permissions"
            ) from problem

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, the only one that writes, committed whole at the end."""
        writer = self.engine.execution_options(reviewsum_writes=True)
        with self.explained(), writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(self._writers_lock)))
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot to read from."""
        with self.explained(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Errors of the driver as one line that says what to do, without the rows, which are people's words."""
        try:
            yield
        except DBAPIError as problem:
            reason = str(problem.orig).strip().split("\n", 1)[0]
            advice = "check the file and its folder" if self.is_sqlite else "check that it runs and is reachable"
            raise self._error(f"the database {self.address} fails ({reason}): {advice}, {self._setting}") from None
        except SQLAlchemyError as problem:
            raise self._error(f"the database {self.address} fails ({str(problem).splitlines()[0]})") from None

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
