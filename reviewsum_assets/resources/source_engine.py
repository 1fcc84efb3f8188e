"""Connections to a source: SQLite or PostgreSQL by URL, and what their failures are called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

BUSY_TIMEOUT_SECONDS = 60.0
"""How long a SQLite writer waits for its turn."""


class SourceError(RuntimeError):
    """The source database cannot be used; the message says what to do."""


def source_url(url: str) -> sa.URL:
    """The URL with its driver.

    Raises:
        SourceError: if it is none.
    """
    try:
        parsed = sa.make_url(url)
    except ArgumentError as error:
        raise SourceError(
            "REVIEWSUM_SOURCE_URL is no usable database URL: write sqlite:///path or postgresql://user@host/database"
        ) from error
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def source_engine(url: sa.URL, *, options: str = "") -> Engine:
    """Connections to the database.

    Args:
        url: As of `source_url`.
        options: Settings of a PostgreSQL session, as its command line takes them.

    Raises:
        SourceError: if there is no driver for it.
    """
    try:
        return _engine(url, options)
    except NoSuchModuleError as error:
        raise SourceError(
            "REVIEWSUM_SOURCE_URL is no usable database URL: write sqlite:///path or postgresql://user@host/database"
        ) from error
    except ModuleNotFoundError as error:
        raise SourceError(f"the driver for {url.drivername} is missing: pip install 'reviewsum[postgres]'") from error


def _engine(url: sa.URL, options: str) -> Engine:
    # Parameters stay out of error messages: they are reviews.
    if url.get_backend_name() != "sqlite":
        arguments: dict[str, object] = {"connect_timeout": 10} | ({"options": options} if options else {})
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments)
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


@contextmanager
def explained(address: str, *, sqlite: bool, missing: str) -> Iterator[None]:
    """Failures of the database as one line that says what to do.

    Args:
        address: Where it is, without its password.
        sqlite: Whether it is a file.
        missing: What to say when the table is not there.
    """
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().split("\n", 1)[0]
        if "no such table" in reason or ("relation" in reason and "does not exist" in reason):
            raise SourceError(missing) from None
        advice = "check the file and its folder" if sqlite else "check that it runs and is reachable"
        # Without its cause: PostgreSQL puts the failing row, which is a review, into its message.
        raise SourceError(f"the source database {address} fails ({reason}): {advice}, REVIEWSUM_SOURCE_URL") from None
    except SQLAlchemyError as error:
        raise SourceError(f"the source database {address} fails ({str(error).splitlines()[0]})") from None
