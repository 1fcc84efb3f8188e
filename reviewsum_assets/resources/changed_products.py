"""The changed-products feed: which products changed, in the order in which it became true.

`review_embeddings` appends; consumers read from where they stopped. The sensor between days and categories reads it,
and so does `refresh`: a run is asked for exactly the categories whose products changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import orjson

from reviewsum_assets.resources.sqlite_file import SqliteFile

TABLE_VERSION = 1

# AUTOINCREMENT: a number is never given twice, so that a watermark cannot hide a later change.
SCHEMA = (
    """
    CREATE TABLE changes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        product_id TEXT NOT NULL,
        day TEXT NOT NULL,
        run_id TEXT NOT NULL,
        at REAL NOT NULL
    )
    """,
    "CREATE INDEX changes_product ON changes (product_id, seq)",
    "CREATE TABLE watermarks (consumer TEXT NOT NULL PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
)

SINCE = "SELECT seq, product_id, day, run_id, at FROM changes WHERE seq > ? ORDER BY seq LIMIT ?"
"""The poll: one search in the table's own key."""


@dataclass(frozen=True)
class Change:
    """A product changed: something of it was written, replaced or deleted in `day` by `run_id`."""

    seq: int
    product_id: str
    day: str
    run_id: str
    at: datetime


class ChangedProducts:
    """Append-only feed in one SQLite file, for many processes; what was appended survives a power cut.

    Append after the data is in place: a consumer that sees the change must see the data. A killed run that appends
    again only repeats itself, which costs a look and no model call.

    Args:
        path: The file.
        clock: Now, in epoch seconds.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._file = SqliteFile(path, schema=SCHEMA, version=TABLE_VERSION, durable=True)
        self._clock = clock

    def append(self, product_ids: Iterable[str], *, day: str, run_id: str) -> int:
        """Add a change of each product in one transaction, a product named twice once; returns `latest_seq`.

        A product that is already in the feed is added again: a consumer may be at work on its older state.

        Raises:
            ValueError: if `day` is not `YYYY-MM-DD`.
        """
        date.fromisoformat(day)
        now = self._clock()
        rows = [(product_id, day, run_id, now) for product_id in dict.fromkeys(product_ids)]
        with self._file.transaction() as connection:
            connection.executemany("INSERT INTO changes (product_id, day, run_id, at) VALUES (?, ?, ?, ?)", rows)
            return self.latest_seq()

    def since(self, seq: int, limit: int | None = None) -> list[Change]:
        """Changes after `seq`, oldest first, at most `limit`."""
        rows = self._file.connection().execute(SINCE, (seq, -1 if limit is None else limit))
        return [
            Change(number, product_id, day, run_id, datetime.fromtimestamp(at, UTC))
            for number, product_id, day, run_id, at in rows
        ]

    def latest_seq(self) -> int:
        """Number of the newest change; 0 before the first.

        A reader that keeps its place elsewhere and finds it above this number reads a feed that was made anew, and
        starts from 0.
        """
        (seq,) = self._file.connection().execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()
        return int(seq)

    def latest_by_product(self, product_ids: Iterable[str] | None = None) -> dict[str, int]:
        """Number of the newest change by product, of all or of those named; one never changed is absent."""
        connection = self._file.connection()
        if product_ids is None:
            rows = connection.execute("SELECT product_id, max(seq) FROM changes GROUP BY product_id")
        else:
            rows = connection.execute(
                "SELECT product_id, max(seq) FROM changes WHERE product_id IN (SELECT value FROM json_each(?)) "
                "GROUP BY product_id",
                (orjson.dumps(list(product_ids)).decode(),),
            )
        return {product_id: int(seq) for product_id, seq in rows}

    def watermark(self, consumer: str) -> int:
        """The change up to which the consumer is done; 0 for a new one."""
        row = self._file.connection().execute("SELECT seq FROM watermarks WHERE consumer = ?", (consumer,)).fetchone()
        return 0 if row is None else int(row[0])

    def advance(self, consumer: str, seq: int) -> int:
        """Note that the consumer is done up to `seq`; a lower number changes nothing. Returns the watermark.

        Raises:
            ValueError: if `seq` lies beyond the feed: it would hide changes that are still to come.
        """
        with self._file.transaction() as connection:
            latest = self.latest_seq()
            if seq > latest:
                raise ValueError(f"{consumer} cannot be done up to change {seq}: the feed ends at {latest}")
            connection.execute(
                "INSERT INTO watermarks (consumer, seq) VALUES (?, ?) "
                "ON CONFLICT (consumer) DO UPDATE SET seq = max(seq, excluded.seq)",
                (consumer, seq),
            )
            return self.watermark(consumer)

    def compact(self, before_seq: int) -> int:
        """Remove changes below `before_seq` that a newer one of the same product repeats; returns how many.

        The newest change of each product stays, so a consumer far behind still learns of every product.
        """
        with self._file.transaction() as connection:
            return connection.execute(
                "DELETE FROM changes WHERE seq < ? AND EXISTS ("
                "SELECT 1 FROM changes AS newer WHERE newer.product_id = changes.product_id "
                "AND newer.seq > changes.seq)",
                (before_seq,),
            ).rowcount

    def close(self) -> None:
        self._file.close()
