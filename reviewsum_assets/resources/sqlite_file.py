"""One SQLite file that many processes read while one at a time writes, and that a killed process cannot damage.

Write-ahead logging: readers never wait for the writer, a writer waits its turn (`busy_timeout_seconds`), and a
transaction is there whole or not at all. The file remembers the version of its tables.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

_inherited: list[sqlite3.Connection] = []
"""Connections made before a fork. SQLite forbids a child even to close them, so they are kept from the collector."""


class SqliteFileError(RuntimeError):
    """The file cannot be used; the message says what to do."""


class SqliteFile:
    """A SQLite database in one file, with one connection a thread.

    Args:
        path: The file; its folder is made if missing.
        schema: Statements that make the tables of a new file.
        version: Version of those tables, stored in the file; another one is refused.
        durable: True: a committed transaction survives a power cut. False: it survives the death of the process,
            and a power cut may take the last ones (whole, never in part), which suits what can be made again.
        busy_timeout_seconds: How long a writer waits for another one.
    """

    def __init__(
        self,
        path: Path,
        *,
        schema: Sequence[str],
        version: int,
        durable: bool = False,
        busy_timeout_seconds: float = 60.0,
    ) -> None:
        self.path = path
        self._version = version
        self._durable = durable
        self._busy_timeout_seconds = busy_timeout_seconds
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._prepare(schema)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise SqliteFileError(f"{path} is not a SQLite database or is damaged: move it away ({error})") from error

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode: for single reads."""
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is not None and self._local.pid == os.getpid():
            return held
        if held is not None:
            _inherited.append(held)
        self._local.connection = self._connect()
        self._local.pid = os.getpid()
        return self._local.connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed at the end of the block, taken back whole if it raises."""
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def flush_deleted(self) -> None:
        """Move the log into the file and empty it, so that no copy of a deleted row stays on disk.

        Raises:
            SqliteFileError: if readers held on to old rows for the whole busy time-out.
        """
        busy, _, _ = self.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise SqliteFileError(f"{self.path} is being read: deleted rows are still in its log, try again")

    def close(self) -> None:
        """Close this thread's connection; that of another thread closes with its thread."""
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is not None and self._local.pid == os.getpid():
            held.close()
            self._local.connection = None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=self._busy_timeout_seconds, isolation_level=None)
        connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
        # Deleted rows are overwritten with zeros: an erased review must not live on in free pages.
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    def _prepare(self, schema: Sequence[str]) -> None:
        if self._stored_version() == 0:
            # The switch to write-ahead logging does not honour the busy time-out, so first openers queue here.
            with FileLock(f"{self.path}.setup.lock"):
                if self._stored_version() == 0:
                    self.connection().execute("PRAGMA journal_mode = WAL")
                    with self.transaction() as connection:
                        for statement in schema:
                            connection.execute(statement)
                        connection.execute(f"PRAGMA user_version = {self._version}")
        stored = self._stored_version()
        if stored != self._version:
            self.close()
            raise SqliteFileError(
                f"{self.path} has tables of version {stored}, this program uses version {self._version}: "
                "use the program that wrote it, or move the file away"
            )

    def _stored_version(self) -> int:
        (version,) = self.connection().execute("PRAGMA user_version").fetchone()
        return int(version)
