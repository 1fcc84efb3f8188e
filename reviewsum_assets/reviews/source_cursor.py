"""The sensor's cursor over a source: which days changed since the last tick, at the cost of what changed.

A source with `updated_at` is read from ten minutes before the newest change seen, because a transaction that began
earlier may commit later. What lies in that overlap is known from the last tick: the cursor keeps one sum of row hashes
for each day that has rows in it, so its size follows the days and never the rows. A day whose sum differs has changed.

Clocks: the window never starts later than ten minutes before the reader's own time, so a writer whose clock is ahead
hides nobody. It follows the writers' clocks, so all of them may be behind. What no window can see (a row that comes
later than the overlap, a row that is physically removed, the day that a row has left) changes the state of its day,
which every refresh compares.

A source without `updated_at` has a cursor of its days' states instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import orjson

from reviewsum_assets.contracts.source import SourceChanges

OVERLAP = timedelta(minutes=10)
"""How much later than its `updated_at` a row may become visible and still be seen by the next tick."""

_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
_SUM = 2**64
_VERSION = 1


@dataclass(frozen=True, slots=True)
class SeenChange:
    """One changed row inside the window."""

    changed_at: datetime
    day: str
    """Its day partition."""
    digest: int
    """64-bit hash of everything that matters of the row."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a tick has to read and what it knows already."""

    first_day: date
    last_day: date
    since: datetime
    newest: datetime
    """Newest change seen that is not ahead of the reader's clock."""
    newest_seen_at: datetime
    """When the reader first saw it: the writer's clock has gone on since by as much as the reader's."""
    known: Mapping[str, int] = field(default_factory=dict)
    """Sum of the row hashes from `since` on, by day."""

    @classmethod
    def read(cls, cursor: str | None, first_day: date) -> Window | None:
        """The window of a cursor; None where there is none, or one of another kind or first day."""
        stored = _stored(cursor, "window", first_day)
        if stored is None:
            return None
        return cls(
            first_day,
            date.fromisoformat(stored["last_day"]),
            datetime.fromisoformat(stored["since"]),
            datetime.fromisoformat(stored["newest"]),
            datetime.fromisoformat(stored["newest_seen_at"]),
            {day: int(digest, 16) for day, digest in stored["known"].items()},
        )

    @classmethod
    def start(cls, first_day: date, last_day: date, newest: datetime | None, now: datetime) -> Window:
        """The window of a first tick, whose days are all asked for anyway.

        Where nothing has changed yet (None) it holds everything that comes: nobody knows the writers' clocks.
        """
        newest = min(newest or _LONG_AGO, now)
        return cls(first_day, last_day, newest - OVERLAP, newest, now)

    def cursor(self) -> str:
        return _written(
            "window",
            self.first_day,
            last_day=self.last_day.isoformat(),
            since=self.since.isoformat(),
            newest=self.newest.isoformat(),
            newest_seen_at=self.newest_seen_at.isoformat(),
            known={day: f"{digest:x}" for day, digest in sorted(self.known.items())},
        )


def advance(window: Window, newest_first: Iterable[SeenChange], last_day: date, now: datetime) -> SourceChanges:
    """The days that changed and the next cursor.

    Args:
        window: As the last tick left it.
        newest_first: Every row changed at or after `window.since`, newest first.
        last_day: The last day partition now; a new one is asked for, and so is the last one before it, which may have
            held rows that are dated ahead.
        now: The reader's time.
    """
    newest, seen_at = window.newest, window.newest_seen_at
    since: datetime | None = None
    known: dict[str, int] = {}
    present: dict[str, int] = {}
    for change in newest_first:
        if since is None and change.changed_at <= now:
            if change.changed_at > newest:
                newest, seen_at = change.changed_at, now
            since = _next_since(window, newest, seen_at, now)
        present[change.day] = (present.get(change.day, 0) + change.digest) % _SUM
        if since is None or change.changed_at >= since:
            known[change.day] = (known.get(change.day, 0) + change.digest) % _SUM
    days = {day for day in present.keys() | window.known.keys() if present.get(day) != window.known.get(day)}
    days.update(_days_between(window.last_day, last_day))
    since = since or _next_since(window, newest, seen_at, now)
    after = Window(window.first_day, last_day, since, newest, seen_at, known)
    return SourceChanges(tuple(sorted(days)), after.cursor())


def _next_since(window: Window, newest: datetime, seen_at: datetime, now: datetime) -> datetime:
    writers_clock = newest + max(now - seen_at, timedelta(0))
    return max(window.since, min(writers_clock, now) - OVERLAP)


def compare_states(cursor: str | None, states: Mapping[str, str], first_day: date, last_day: date) -> SourceChanges:
    """The same for a source without `updated_at`: days whose state differs from that of the last tick, by hash.

    Args:
        cursor: As the last tick left it, or None.
        states: State by day, of every day that has rows.
    """
    hashes = {day: hashlib.sha256(state.encode()).hexdigest()[:16] for day, state in states.items()}
    after = _written("days", first_day, last_day=last_day.isoformat(), known=dict(sorted(hashes.items())))
    stored = _stored(cursor, "days", first_day)
    if stored is None:
        return SourceChanges(tuple(sorted(hashes)), after)
    before: dict[str, str] = stored["known"]
    days = {day for day in hashes.keys() | before.keys() if hashes.get(day) != before.get(day)}
    days.update(_days_between(date.fromisoformat(stored["last_day"]), last_day))
    return SourceChanges(tuple(sorted(days)), after)


def row_digest(*values: object) -> int:
    """64-bit hash of a row's values, the same in every process; sums of it tell sets of rows apart."""
    data = repr(values).encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def _days_between(before: date, last_day: date) -> Iterable[str]:
    if before == last_day:
        return ()
    first = min(before, last_day)
    return [(first + timedelta(days=n)).isoformat() for n in range((max(before, last_day) - first).days + 1)]


def _written(kind: str, first_day: date, **values: object) -> str:
    return orjson.dumps({"version": _VERSION, "kind": kind, "first_day": first_day.isoformat()} | values).decode()


def _stored(cursor: str | None, kind: str, first_day: date) -> dict | None:
    try:
        stored = orjson.loads(cursor or "null")
    except orjson.JSONDecodeError:
        return None
    expected = {"version": _VERSION, "kind": kind, "first_day": first_day.isoformat()}
    return stored if isinstance(stored, dict) and stored.items() >= expected.items() else None
