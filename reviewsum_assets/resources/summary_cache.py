"""The summary cache: published records by (product, locale, variant), each with a time to live.

`make_cache` gives the one that the settings ask for: SQLite on one machine, DynamoDB on AWS. Both pass one contract
test suite. A record whose time has run out is gone for every reader at that second, whenever its bytes go.
"""

from __future__ import annotations

import gzip
import math
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from reviewsum_assets.contracts.protocols import SummaryCache
from reviewsum_assets.contracts.records import SummaryRecord
from reviewsum_assets.resources.sqlite_file import SqliteFile
from reviewsum_assets.settings import Settings

Key = tuple[str, str, str]
"""(product_id, locale, variant)"""

TABLE_VERSION = 1

SCHEMA = (
    """
    CREATE TABLE summaries (
        product_id TEXT NOT NULL,
        locale TEXT NOT NULL,
        variant TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (product_id, locale, variant)
    )
    """,
    "CREATE INDEX summaries_expires_at ON summaries (expires_at)",
)

KEYS_PAGE = 5_000
"""Keys a query of `keys`: between pages no read transaction is open, so the log of the file can be emptied."""


class SummaryCacheError(RuntimeError):
    """The cache could not do what was asked; the message says how much is left and what to do."""


def make_cache(settings: Settings) -> SummaryCache:
    """The summary cache that the settings ask for (`REVIEWSUM_CACHE`, else by profile).

    Raises:
        SummaryCacheError: if it is DynamoDB and boto3 is not installed.
    """
    if settings.cache_backend == "dynamodb":
        from reviewsum_assets.resources.dynamodb_cache import DynamoDbSummaryCache

        return DynamoDbSummaryCache(
            settings.dynamodb_table, region=settings.aws_region, endpoint_url=settings.aws_endpoint_url
        )
    return SqliteSummaryCache(settings.cache_dir / "summaries.db")


def packed(record: SummaryRecord) -> bytes:
    """The record's canonical JSON, gzipped; equal records give equal bytes."""
    return gzip.compress(record.to_json(), compresslevel=6, mtime=0)


def unpacked(data: bytes, key: Key) -> SummaryRecord:
    """The record of `packed`.

    Raises:
        SummaryCacheError: if the bytes are not a record as this program knows it.
    """
    try:
        return SummaryRecord.model_validate_json(gzip.decompress(data))
    except (OSError, EOFError, zlib.error, ValidationError) as error:
        raise SummaryCacheError(
            f"the cached record {'/'.join(key)} is not one this version can read: "
            "run `reviewsum refresh` to write it again"
        ) from error


def expiry(now: float, ttl_seconds: int) -> int:
    """Epoch second from which a record written at `now` is gone: at least `ttl_seconds` later.

    Raises:
        ValueError: if the time to live is not positive.
    """
    if ttl_seconds <= 0:
        raise ValueError(f"a time to live of {ttl_seconds} s would hide the record at once: use `delete` to remove it")
    return math.ceil(now + ttl_seconds)


class SqliteSummaryCache:
    """`SummaryCache` in one SQLite file, for many reading processes and one writing at a time.

    Each call is one transaction: after a kill all of it is there or none. Measured on 2 cores with records of
    9 kB of JSON: see `reviewsum_tests/resources/test_summary_cache.py` for the bound that is kept.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._file = SqliteFile(path, schema=SCHEMA, version=TABLE_VERSION)
        self._clock = clock

    def put(self, records: Iterable[SummaryRecord], ttl_seconds: int) -> int:
        """Write or replace records in one transaction; returns how many keys. Of one key twice the last one wins."""
        expires_at = expiry(self._clock(), ttl_seconds)
        # Packed before the lock is taken: a slow source of records must not hold up other writers.
        rows = {record.key: (*record.key, expires_at, packed(record)) for record in records}
        with self._file.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO summaries (product_id, locale, variant, expires_at, record) "
                "VALUES (?, ?, ?, ?, ?)",
                rows.values(),
            )
            self._purge(connection)
        return len(rows)

    def get(self, product_id: str, locale: str, variant: str) -> SummaryRecord | None:
        """The record, or None where there is none or its time has run out."""
        row = (
            self._file.connection()
            .execute(
                "SELECT record FROM summaries WHERE product_id = ? AND locale = ? AND variant = ? AND expires_at > ?",
                (product_id, locale, variant, self._clock()),
            )
            .fetchone()
        )
        return None if row is None else unpacked(row[0], (product_id, locale, variant))

    def delete(self, keys: Iterable[Key]) -> int:
        """Remove records in one transaction, their bytes included; returns how many distinct keys were asked for."""
        asked = list(dict.fromkeys(keys))
        with self._file.transaction() as connection:
            connection.executemany(
                "DELETE FROM summaries WHERE product_id = ? AND locale = ? AND variant = ?",
                asked,
            )
        return len(asked)

    def extend(self, keys: Iterable[Key], ttl_seconds: int) -> int:
        """Give records a new time to live from now, in one transaction; returns how many there were."""
        now = self._clock()
        expires_at = expiry(now, ttl_seconds)
        rows = [(expires_at, *key, now) for key in dict.fromkeys(keys)]
        with self._file.transaction() as connection:
            extended = connection.executemany(
                "UPDATE summaries SET expires_at = ? "
                "WHERE product_id = ? AND locale = ? AND variant = ? AND expires_at > ?",
                rows,
            ).rowcount
            self._purge(connection)
        return max(extended, 0)

    def keys(self) -> Iterator[Key]:
        """All keys whose time has not run out, sorted."""
        last: Key = ("", "", "")
        while True:
            page: list[Key] = (
                self._file.connection()
                .execute(
                    "SELECT product_id, locale, variant FROM summaries "
                    "WHERE (product_id, locale, variant) > (?, ?, ?) AND expires_at > ? "
                    "ORDER BY product_id, locale, variant LIMIT ?",
                    (*last, self._clock(), KEYS_PAGE),
                )
                .fetchall()
            )
            yield from page
            if len(page) < KEYS_PAGE:
                return
            last = page[-1]

    def count(self) -> int:
        """Records whose time has not run out."""
        row = (
            self._file.connection()
            .execute("SELECT count(*) FROM summaries WHERE expires_at > ?", (self._clock(),))
            .fetchone()
        )
        return int(row[0])

    def purge_expired(self) -> int:
        """Remove the rows whose time has run out; returns how many. `put` and `extend` do so too."""
        with self._file.transaction() as connection:
            return self._purge(connection)

    def flush_deleted(self) -> None:
        """Leave no copy of a deleted record on disk: erasure calls it after `delete`."""
        self._file.flush_deleted()

    def close(self) -> None:
        self._file.close()

    def _purge(self, connection: sqlite3.Connection) -> int:
        return connection.execute("DELETE FROM summaries WHERE expires_at <= ?", (self._clock(),)).rowcount
