"""Engines of SQLite and PostgreSQL, set up alike for every database of the platform."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

BUSY_TIMEOUT_SECONDS = 60.0
"""How long a SQLite writer waits for its turn."""


def sql_engine(url: sa.URL, options: str = "") -> Engine:
    """An engine whose SQLite connections begin their transactions at once, sync what they commit and wipe what they
    delete. Writers mark their connections with `reviewsum_writes`.

    Args:
        url: With its driver.
        options: Settings of a PostgreSQL session, as its command line takes them.
    """
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
