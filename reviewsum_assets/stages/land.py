"""`reviewsum land`: events from the landing zone into the source, each once in effect.

A file is copied aside while it is hashed, so that what is recorded is what was read, and then read as an export is.
Files are taken by name; which are new is told by size and time of change, and where those are too fresh to be trusted,
by content.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from reviewsum_assets.contracts.source import RejectedRow, dead_letter_key
from reviewsum_assets.resources.event_source import EventSource, LandedFile, origin_prefix
from reviewsum_assets.resources.landing_zone import LandingFile, LandingZone
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.writer_lock import writer_lock
from reviewsum_assets.reviews.dead_letters import as_text, rejected_row, rejected_text
from reviewsum_assets.reviews.events import Event, read_event
from reviewsum_assets.reviews.exports import DeadLetter, ExportError, ExportRow, read_export
from reviewsum_assets.reviews.intake import Rejection
from reviewsum_assets.reviews.loading import Owner, erased_row, owner_in, owner_of

BATCH_EVENTS = 1_000

SETTLED_SECONDS = 2.0
"""A file that changed less than this before it was read may change again with the same size and time: object stores
tell whole seconds. Its content is compared once more at the next landing."""

LOCK_TIMEOUT_SECONDS = 3_600.0

COPIES = "landing"
"""Folder under the home that holds the copy of the file being read."""


@dataclass(frozen=True)
class LandCounts:
    """What became of the rows: `loaded + unchanged + rejected + deleted + superseded == rows_read`."""

    files_read: int = 0
    rows_read: int = 0
    loaded: int = 0
    unchanged: int = 0
    """Events that were applied before, or that changed nothing."""
    rejected: int = 0
    deleted: int = 0
    superseded: int = 0
    """Events older than what is applied to their review."""
    files_left: int = 0
    """Files that are still being written, empty, or hold no events."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Rejected rows by reason code."""

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def landing_zone(platform: Platform) -> LandingZone:
    """The zone that the settings name.

    Raises:
        ValueError: if they name none.
    """
    settings = platform.settings
    if not settings.landing_url:
        raise ValueError("no landing zone: set REVIEWSUM_LANDING_URL to a folder or s3://bucket/prefix")
    return LandingZone(settings.landing_url, region=settings.aws_region, endpoint_url=settings.aws_endpoint_url)


def land(
    platform: Platform,
    *,
    batch_size: int = BATCH_EVENTS,
    progress: Callable[[LandCounts], None] | None = None,
) -> LandCounts:
    """Consume every new or changed file of the landing zone; returns what became of its rows.

    Args:
        platform: Its settings name the zone.
        batch_size: Events a transaction.
        progress: Called with the counts so far after each committed batch.

    Raises:
        LandingError: if the zone cannot be read. Files before the failure are consumed.
        SourceError: if the source cannot be written; a shop's own table never is.
    """
    zone, source = landing_zone(platform), platform.source_database
    with landing_lock(platform, "land"):
        copies = _emptied(platform.settings.root / COPIES)
        listing = zone.listing()
        landing = _Landing(platform, source, batch_size, progress, listing.left)
        known = source.landed(file.name for file in listing.files)
        for file in listing.files:
            landed = known.get(file.name)
            seen = landed is not None and (landed.size, landed.modified_ns) == (file.size, file.modified_ns)
            if landed is None or not (landed.consumed and landed.settled and seen):
                landing.take(zone, file, landed, copies)
    return landing.counts()


def landing_lock(platform: Platform, name: str) -> AbstractContextManager[None]:
    """The lock of whoever lands, for the block.

    Raises:
        WriterLockTimeoutError: if it is not free within an hour.
    """
    return writer_lock(platform.settings.root / "landing.lock", name, LOCK_TIMEOUT_SECONDS)


def remove_copies(platform: Platform) -> int:
    """Remove what a killed landing left: copies of files of events, in clear text. Returns how many files."""
    folder = platform.settings.root / COPIES
    with landing_lock(platform, "erase"):
        files = sum(path.is_file() for path in folder.rglob("*"))
        shutil.rmtree(folder, ignore_errors=True)
    return files


def _emptied(folder: Path) -> Path:
    """The folder of copies, without what a killed landing left there: they hold reviews in clear text."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


@dataclass(frozen=True, slots=True)
class _Arrived:
    """An event that waits for its commit, with whose it is and where it came from."""

    event: Event
    owner: Owner
    origin: str
    original_hash: str


class _Landing:
    """A landing under way: what waits for its commit, and the counts."""

    def __init__(
        self,
        platform: Platform,
        source: EventSource,
        batch_size: int,
        progress: Callable[[LandCounts], None] | None,
        files_left: int,
    ) -> None:
        self._platform, self._source = platform, source
        self._batch_size, self._progress = batch_size, progress
        self._totals: Counter[str] = Counter(files_left=files_left)
        self._reasons: Counter[str] = Counter()
        self._events: list[_Arrived] = []
        self._rejected: list[RejectedRow] = []
        self._owners: list[Owner] = []
        """Whose the rejected rows are."""
        self._begins = True

    def counts(self) -> LandCounts:
        return LandCounts(**self._totals, reasons=dict(sorted(self._reasons.items())))

    def take(self, zone: LandingZone, file: LandingFile, landed: LandedFile | None, copies: Path) -> None:
        """Read a file by a copy of it, unless its content is known."""
        started = time.time()
        with tempfile.TemporaryDirectory(dir=copies) as folder:
            copy = Path(folder) / file.name.rsplit("/", 1)[-1][-100:]
            content_hash = zone.fetch(file, copy)
            if content_hash is None:
                self._totals["files_left"] += 1
                return
            settled = 0 < file.modified_ns < (started - SETTLED_SECONDS) * 1e9
            version = 1 if landed is None else landed.version + (landed.content_hash != content_hash)
            now = LandedFile(file.name, version, content_hash, file.size, file.modified_ns, True, settled)
            same = landed is not None and landed.consumed and landed.content_hash == content_hash
            # A new name for what was read: a file dropped again. A known name is read whatever it holds now.
            if same or (landed is None and self._source.has_consumed(content_hash)):
                self._source.note(now)
                return
            self._read(copy, now)

    def _read(self, path: Path, file: LandedFile) -> None:
        prefix, self._begins = origin_prefix(file.name), True
        now = datetime.now(UTC)
        try:
            for item in read_export(path):
                line = item.origin.rpartition(":")[2]
                self._judge(item, f"{prefix}{line}", file, int(line), now)
                if len(self._events) + len(self._rejected) >= self._batch_size:
                    self._commit(replace(file, consumed=False))
        except ExportError as error:
            self._totals["rows_read"] += 1
            self._reject(f"{prefix}1", {"file": file.name}, Rejection("unreadable_file", str(error)))
        self._totals["files_read"] += 1
        self._commit(file)

    def _judge(self, item: ExportRow | DeadLetter, origin: str, file: LandedFile, line: int, now: datetime) -> None:
        self._totals["rows_read"] += 1
        keyed = self._platform.keyed_hash.text
        if isinstance(item, DeadLetter):
            rejection = Rejection(item.reason_code, item.reason, item.review_id, item.product_id)
            self._rejected.append(
                rejected_text(origin, item.raw, rejection, redact=self._platform.redacted, hash_text=keyed)
            )
            self._owners.append(owner_in(item))
            return
        event = read_event(item.values, file=file.name, version=file.version, line=line, now=now)
        if isinstance(event, Rejection):
            self._reject(origin, item.values, event)
        else:
            self._events.append(_Arrived(event, owner_of(item.values), origin, keyed(as_text(item.values))))

    def _reject(self, origin: str, values: Mapping[str, object], rejection: Rejection) -> None:
        keyed = self._platform.keyed_hash.text
        self._rejected.append(rejected_row(origin, values, rejection, redact=self._platform.redacted, hash_text=keyed))
        self._owners.append(owner_of(values))

    def _commit(self, file: LandedFile) -> None:
        self._refuse_erased()
        events = [arrived.event for arrived in self._events]
        taken = [dead_letter_key(arrived.origin, arrived.original_hash) for arrived in self._events]
        counts = self._source.apply(events, self._rejected, taken, file, begins=self._begins)
        self._totals.update(asdict(counts))
        self._totals["rejected"] += len(self._rejected)
        self._reasons.update(row.reason_code for row in self._rejected)
        self._events, self._rejected, self._owners, self._begins = [], [], [], False
        if self._progress:
            self._progress(self.counts())

    def _refuse_erased(self) -> None:
        """Reject the events that a tombstone stands for, deletions too, and blank the rejected rows of the erased."""
        erased = self._platform.tombstones.erased
        for index, gone in enumerate(erased(self._owners)):
            if gone:
                letter = self._rejected[index]
                self._rejected[index] = erased_row(letter.origin, letter.original_hash)
        staying: list[_Arrived] = []
        for arrived, gone in zip(self._events, erased([one.owner for one in self._events]), strict=True):
            if gone:
                self._rejected.append(erased_row(arrived.origin, arrived.original_hash))
            else:
                staying.append(arrived)
        self._events = staying
