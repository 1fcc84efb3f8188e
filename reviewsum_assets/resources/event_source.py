"""Our source database as events fill it: each applied once in effect, whatever the order and however often they come.

The last event applied to a review is kept beside it and written in the same transaction, so an older one that comes
later is recognised, also after a deletion. What was read of a file is committed batch by batch; the last batch carries
the note that the file is consumed. A process that is killed leaves whole batches, and reading the file again finds
their events applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from reviewsum_assets.contracts.source import RejectedRow
from reviewsum_assets.resources.source_db import SourceDatabase, portions
from reviewsum_assets.resources.source_tables import applied_events, dead_letters, landed_files
from reviewsum_assets.reviews.events import Event, EventOrder


@dataclass(frozen=True, slots=True)
class LandedFile:
    """What is known of a file of the landing zone."""

    name: str
    version: int
    """Counts its contents: 1 at first, one more whenever it has changed."""
    content_hash: str
    size: int
    modified_ns: int
    consumed: bool
    """All of its rows are in; false: reading it was broken off."""
    settled: bool
    """It was last changed well before it was read, so that equal size and time mean equal content."""


@dataclass(frozen=True, slots=True)
class AppliedCounts:
    """What became of a batch of events; together they are the events given."""

    loaded: int = 0
    unchanged: int = 0
    deleted: int = 0
    superseded: int = 0
    """Older than what is applied to their review already."""


_FILE_COLUMNS = [landed_files.c[name] for name in LandedFile.__dataclass_fields__]


class EventSource(SourceDatabase):
    """A `SourceDatabase` that events can be applied to."""

    def landed(self, names: Iterable[str]) -> dict[str, LandedFile]:
        """What is known of these files."""
        found: dict[str, LandedFile] = {}
        with self._reading() as connection:
            for portion in portions(names):
                query = sa.select(*_FILE_COLUMNS).where(landed_files.c.name.in_(portion))
                found.update((row.name, LandedFile(*row)) for row in connection.execute(query))
        return found

    def has_consumed(self, content_hash: str) -> bool:
        """Whether a file of this content was consumed, under whatever name."""
        query = sa.select(landed_files.c.name).where(
            landed_files.c.content_hash == content_hash, landed_files.c.consumed.is_(True)
        )
        with self._reading() as connection:
            return connection.scalar(query.limit(1)) is not None

    def note(self, file: LandedFile) -> None:
        """Keep what is known of a file whose rows are all in."""
        with self._writing() as connection:
            connection.execute(self._replacing(landed_files), [_values(file)])

    def apply(
        self,
        events: Sequence[Event],
        rejected: Sequence[RejectedRow],
        taken: Iterable[str],
        file: LandedFile,
        *,
        begins: bool,
    ) -> AppliedCounts:
        """Apply a batch of one file's events and keep its dead letters, in one transaction.

        Args:
            events: In any order; of each review the last counts.
            rejected: Rows of the file that could not be taken.
            taken: Keys of dead letters whose rows are taken now.
            file: Its `consumed` says that this is the file's last batch.
            begins: This is its first: what an earlier content of it left among the dead letters is withdrawn.
        """
        with self._writing() as connection:
            if begins:
                if file.version > 1:
                    self._withdraw_dead_letters(connection, _letters_of(connection, file.name))
                if not file.consumed:
                    connection.execute(self._replacing(landed_files), [_values(file)])
            counts = self._apply(connection, events)
            self._withdraw_dead_letters(connection, taken)
            self._add_dead_letters(connection, rejected)
            if file.consumed:
                connection.execute(self._replacing(landed_files), [_values(file)])
        return counts

    def _apply(self, connection: Connection, events: Sequence[Event]) -> AppliedCounts:
        applied: dict[str, EventOrder] = {}
        for portion in portions(event.review_id for event in events):
            query = sa.select(applied_events).where(applied_events.c.review_id.in_(portion))
            for review_id, *order in connection.execute(query):
                applied[review_id] = EventOrder(*order)
        last: dict[str, Event] = {}
        repeated = superseded = 0
        for event in events:
            known = applied.get(event.review_id)
            if known is not None and event.order <= known:
                # The same event again, or one that came too late.
                repeated += event.order == known
                superseded += event.order != known
                continue
            superseded += event.review_id in last
            last[event.review_id] = event
            applied[event.review_id] = event.order
        rows = [event.row for event in last.values() if event.row is not None]
        gone = [event.review_id for event in last.values() if event.row is None]
        counts = self._upsert(connection, rows)
        deleted = self._delete(connection, gone)
        if last:
            connection.execute(
                self._replacing(applied_events),
                [{"review_id": review_id} | _order(event.order) for review_id, event in last.items()],
            )
        unchanged = repeated + len(rows) - counts.loaded + len(gone) - deleted
        return AppliedCounts(counts.loaded, unchanged, deleted, superseded)


def origin_prefix(name: str) -> str:
    """How the origins of a file's dead letters begin: its name, cut to what the column holds."""
    return f"{name if len(name) <= _ORIGIN_CHARACTERS else '…' + name[-_ORIGIN_CHARACTERS:]}:"


_ORIGIN_CHARACTERS = 200
"""Of a file's name in an origin, which has 255 with the line's number."""


def _letters_of(connection: Connection, name: str) -> list[str]:
    """Live dead letters of a file."""
    prefix = origin_prefix(name)
    origin = dead_letters.c.origin
    # Up to the next character after the colon: both databases compare this column by code point.
    within = (origin >= prefix) & (origin < prefix[:-1] + ";") & dead_letters.c.withdrawn_at.is_(None)
    return list(connection.scalars(sa.select(dead_letters.c.id).where(within)))


def _order(order: EventOrder) -> dict[str, object]:
    return {"occurred_at": order.occurred_at, "file": order.file, "version": order.version, "line": order.line}


def _values(file: LandedFile) -> dict[str, object]:
    return {name: getattr(file, name) for name in LandedFile.__dataclass_fields__}
