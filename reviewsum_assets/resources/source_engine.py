"""Connections to a source: SQLite or PostgreSQL by URL, and what their failures are called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from reviewsum_assets.resources.sql_engine import sql_engine


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
        return sql_engine(url, options)
    except NoSuchModuleError as error:
        raise SourceError(
            "REVIEWSUM_SOURCE_URL is no usable database URL: write sqlite:///path or postgresql://user@host/database"
        ) from error
    except ModuleNotFoundError as error:
        raise SourceError(f"the driver for {url.drivername} is missing: pip install 'reviewsum[postgres]'") from error


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
