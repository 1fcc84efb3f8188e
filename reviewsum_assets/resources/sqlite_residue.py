"""SQLite files of the state folder: what they hold of a search, in rows and in free pages, and how to leave nothing.

Not only ours: Dagster keeps its runs and its event log in SQLite too.
"""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from reviewsum_assets.reviews.traces import Trace, TraceSet

MAGIC = b"SQLite format 3\x00"
COMPANIONS = ("-wal", "-shm", "-journal")
"""Ends of the names of the files that SQLite keeps beside its own."""

BUSY_SECONDS = 60.0
ROWS_A_LOOK = 500


def is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def is_of_database(path: Path, database: Path | None) -> bool:
    """Whether the path is that SQLite file, or its log, by whatever name the folder is reached."""
    if database is None:
        return False
    resolved, own = path.resolve(), database.resolve()
    return resolved.parent == own.parent and resolved.name.removeprefix(own.name) in ("", *COMPANIONS)


def rewrite_rows(path: Path, traces: TraceSet) -> int:
    """Put a mark in the place of every trace in the text columns of all tables; returns how many values changed.

    For files whose rows are others' and must stay: Dagster's event log, where a message may name a review.
    """
    changed = 0
    with closing(_open(path)) as connection:
        for table, columns in _tables(connection).items():
            changed += sum(_rewrite_column(connection, table, column, traces) for column in columns)
    return changed


def compact(path: Path) -> str | None:
    """Rewrite the file without free pages and empty its log; returns why that failed, or None."""
    try:
        with closing(_open(path)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("VACUUM")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return "it is being read: deleted rows are still in its log" if busy else None
    except sqlite3.Error as error:
        return str(error)


def found_in_rows(path: Path, traces: TraceSet) -> set[Trace]:
    """Traces in the values of all tables, compressed ones unpacked."""
    found: set[Trace] = set()
    with closing(_open(path)) as connection:
        for table, columns in _tables(connection).items():
            for column in columns:
                for values in _portions(connection, f'SELECT "{column}" FROM "{table}"'):
                    found |= traces.found(b"\n".join(_bytes(value) for (value,) in values))
    return found


def _rewrite_column(connection: sqlite3.Connection, table: str, column: str, traces: TraceSet) -> int:
    key = _key(connection, table)
    hits: list[tuple[str, object]] = []
    for rows in _portions(connection, f'SELECT "{column}", {key} FROM "{table}" WHERE typeof("{column}") = \'text\''):
        if traces.found(b"\n".join(_bytes(row[0]) for row in rows)):
            for value, *place in rows:
                clean = traces.without(_bytes(value)).decode("utf-8", "surrogatepass")
                if clean != value:
                    hits.append((clean, place[0]))
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f'UPDATE "{table}" SET "{column}" = ? WHERE {key} = ?', hits)
    return len(hits)


def _key(connection: sqlite3.Connection, table: str) -> str:
    """`rowid`, or the first column of the primary key of a table that has none."""
    try:
        connection.execute(f'SELECT rowid FROM "{table}" LIMIT 1')
    except sqlite3.OperationalError:
        columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
        return f'"{next(name for _, name, *_, key in columns if key)}"'
    return "rowid"


def _tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {
        table: [column for _, column, *_ in connection.execute(f'PRAGMA table_info("{table}")')]
        for (table,) in names.fetchall()
    }


def _portions(connection: sqlite3.Connection, query: str) -> Iterator[list[tuple[object, ...]]]:
    cursor = connection.execute(query)
    while rows := cursor.fetchmany(ROWS_A_LOOK):
        yield rows


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes):
        try:
            return gzip.decompress(value) if value[:2] == b"\x1f\x8b" else zlib.decompress(value)
        except (OSError, EOFError, zlib.error):
            return value
    return b""


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
