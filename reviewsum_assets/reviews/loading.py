"""`reviewsum load`: exports into the source, every row counted once as loaded, unchanged or rejected.

Rows are committed in batches. A load that is killed leaves whole batches; run again it finds them unchanged and ends
in the state of a load that was never killed. What cannot be taken is kept as a dead letter, redacted before it is
handed over.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from reviewsum_assets.contracts.records import DeadLetter
from reviewsum_assets.contracts.source import (
    DEAD_LETTER_FIELDS,
    DEAD_LETTER_KEY,
    EXPORT_FIELDS,
    RejectedRow,
    SourceRow,
    UpsertCounts,
    dead_letter_key,
)
from reviewsum_assets.reviews.dead_letters import as_text, rejected_row, rejected_text
from reviewsum_assets.reviews.exports import ExportError, ExportRow, export_format, read_export
from reviewsum_assets.reviews.intake import Rejection, check_row, identifier_text

WAITING_CHARACTERS = 16_000_000
"""Of review texts that wait for their commit, at most: a batch of the longest texts would take ten times that."""

_NAMED_UNKNOWN_KEYS = 50
_LOOKED_AT_UNKNOWN_KEYS = 1_000
_OTHER_KEYS = "(others)"

_KEY = re.compile(r"[0-9a-f]{64}")
_KNOWN = frozenset([*EXPORT_FIELDS, *DEAD_LETTER_FIELDS])


_USER = re.compile(r'"user_id"\s*:\s*("(?:[^"\\]|\\.)*"?|[^,}\s"]+)')
_REVIEW = re.compile(r'"review_id"\s*:\s*("(?:[^"\\]|\\.)*"?|[^,}\s"]+)')

Owner = tuple[str | None, str | None]
"""(review id, user id) of a row, as far as they could be read."""

Erased = Callable[[Sequence[Owner]], Sequence[bool]]
"""Says of each row whether it is of an erased review or user."""

ERASED = "erased"
"""Reason code of a row that a tombstone keeps out."""


class SourceSink(Protocol):
    """Where rows go: the source database."""

    def upsert(self, rows: Sequence[SourceRow]) -> UpsertCounts:
        """Write a batch in one transaction."""
        ...

    def add_dead_letters(self, rows: Sequence[RejectedRow]) -> int:
        """Keep rejected rows; one that is there stays as it is."""
        ...

    def withdraw_dead_letters(self, keys: Iterable[str]) -> int:
        """Take back the dead letters of rows that are taken now."""
        ...

    def mend(
        self, rows: Sequence[SourceRow], keys: Iterable[str], review_ids: Iterable[str]
    ) -> tuple[UpsertCounts, int]:
        """Write corrected rows and take the dead letters that they mend, by key and by review, in one transaction."""
        ...

    def live_dead_letters(self, keys: Iterable[str]) -> set[str]:
        """Which of these dead letters are there and not mended."""
        ...


@dataclass(frozen=True)
class LoadCounts:
    """What became of the rows: `loaded + unchanged + rejected == rows_read`."""

    rows_read: int = 0
    loaded: int = 0
    unchanged: int = 0
    rejected: int = 0
    unknown_keys: Mapping[str, int] = field(default_factory=dict)
    """Rows by key that no export field has; ignored."""
    repaired: int = 0
    """Rows whose encoding had to be repaired to read them; also counted in one of the others."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Rejected rows by reason code."""
    mended: int = 0
    """Dead letters that a retry took out."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Files that are no review export, with what to do; none of their rows were read."""


def load_exports(
    paths: Iterable[Path],
    sink: SourceSink,
    *,
    redact: Callable[[str], str],
    hash_text: Callable[[str], str],
    now: datetime,
    batch_size: int = 1_000,
    progress: Callable[[LoadCounts], None] | None = None,
    erased: Erased | None = None,
) -> LoadCounts:
    """Load review exports into the sink; returns what became of their rows.

    Args:
        paths: Files to load, in order; all are looked at before the first is loaded.
        sink: Takes the rows.
        redact: A text without its personal data.
        hash_text: Keyed hash of a text.
        now: The present, with its zone.
        batch_size: Rows a transaction.
        progress: Called with the counts so far after each committed batch.
        erased: Says of (review id, user id) pairs whether a tombstone stands for them; their rows are rejected as
            `erased`, and nothing of them is kept but where they came from and a keyed hash.

    A file that is no export is named in `refused` and does not keep the others from being loaded.

    Raises:
        ExportError: if a path is wrong, before anything is loaded; or if none of the files is a review export.
    """
    load = _Load(sink, redact, hash_text, now, progress, erased)
    load.take_files(list(paths), batch_size)
    return load.counts()


def retry_exports(
    paths: Iterable[Path],
    sink: SourceSink,
    *,
    redact: Callable[[str], str],
    hash_text: Callable[[str], str],
    now: datetime,
    batch_size: int = 1_000,
    progress: Callable[[LoadCounts], None] | None = None,
    erased: Erased | None = None,
) -> LoadCounts:
    """Load corrected rows; the dead letters that they mend leave in the same transaction.

    A row that carries `_dead_letter` mends that one; a row without it mends every dead letter of its `review_id`. A
    row that is still refused leaves its dead letter as it is, or becomes a new one where it names none.

    Arguments, result and errors as of `load_exports`.
    """
    load = _Load(sink, redact, hash_text, now, progress, erased, retry=True)
    load.take_files(list(paths), batch_size)
    return load.counts()


def erased_row(origin: str, original_hash: str) -> RejectedRow:
    """A row of an erased review or user as it may be stored: nothing of it."""
    reason = "the review or its user was erased: it is not taken in again"
    return RejectedRow(origin=origin, original_hash=original_hash, reason_code=ERASED, reason=reason, raw="")


@dataclass(frozen=True, slots=True)
class _Taken:
    """A row that the validator took, with where it came from."""

    row: SourceRow
    origin: str
    original_hash: str
    mends: str | None
    """Dead letter that it corrects, by key."""

    @property
    def keys(self) -> list[str]:
        """Dead letters that it stands for: its own, and the one that it corrects."""
        own = dead_letter_key(self.origin, self.original_hash)
        return [own, self.mends] if self.mends else [own]

    def blank(self) -> RejectedRow:
        return erased_row(self.origin, self.original_hash)


def _id_in(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1].strip('" ') if found else None


def owner_of(values: Mapping[str, object]) -> Owner:
    """Whose a row is, as far as it says so."""
    return identifier_text(values.get("review_id")), identifier_text(values.get("user_id"))


def owner_in(letter: DeadLetter) -> Owner:
    """Whose a row is that could not be read."""
    return letter.review_id or _id_in(_REVIEW, letter.raw), _id_in(_USER, letter.raw)


class _Load:
    """A load under way: what waits for its commit, and the counts."""

    def __init__(
        self,
        sink: SourceSink,
        redact: Callable[[str], str],
        hash_text: Callable[[str], str],
        now: datetime,
        progress: Callable[[LoadCounts], None] | None,
        erased: Erased | None,
        *,
        retry: bool = False,
    ) -> None:
        self._sink, self._redact, self._hash_text, self._now = sink, redact, hash_text, now
        self._progress, self._erased, self._retry = progress, erased, retry
        self._rows: list[_Taken] = []
        self._rejected: list[tuple[RejectedRow, str | None]] = []
        self._owners: list[Owner] = []
        """Whose the rejected rows are."""
        self._characters = 0
        self._totals: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._refused: dict[str, str] = {}

    def take_files(self, paths: Sequence[Path], batch_size: int) -> None:
        for path in paths:
            export_format(path)
        for path in paths:
            try:
                for item in read_export(path):
                    self.take(item)
                    if len(self._rows) + len(self._rejected) >= batch_size or self._characters > WAITING_CHARACTERS:
                        self.commit()
            except ExportError as error:
                self._refused[str(path)] = str(error)
            self.commit()
        if paths and len(self._refused) == len(set(map(str, paths))):
            raise ExportError("; ".join(self._refused.values()))

    def take(self, item: ExportRow | DeadLetter) -> None:
        self._totals["rows_read"] += 1
        if isinstance(item, DeadLetter):
            rejection = Rejection(item.reason_code, item.reason, item.review_id, item.product_id)
            letter = rejected_text(item.origin, item.raw, rejection, redact=self._redact, hash_text=self._hash_text)
            self._rejected.append((letter, None))
            self._owners.append(owner_in(item))
            return
        if item.repairs:
            self._totals["repaired"] += 1
        if unknown := item.values.keys() - _KNOWN:
            self._count_unknown(unknown)
        named = item.values.get(DEAD_LETTER_KEY)
        mends = named if isinstance(named, str) and _KEY.fullmatch(named) else None
        checked = check_row(item.values, now=self._now)
        if isinstance(checked, Rejection):
            letter = rejected_row(item.origin, item.values, checked, redact=self._redact, hash_text=self._hash_text)
            self._rejected.append((letter, mends))
            self._owners.append(owner_of(item.values))
            return
        self._rows.append(_Taken(checked, item.origin, self._hash_text(as_text(item.values)), mends))
        self._characters += len(checked.review_text)

    def commit(self) -> None:
        if not self._rows and not self._rejected:
            return
        if self._erased is not None:
            self._refuse_erased(self._erased)
        if self._rows:
            counts = self._write_rows()
            self._totals["loaded"] += counts.loaded
            self._totals["unchanged"] += counts.unchanged
        if self._rejected:
            self._sink.add_dead_letters(self._new_letters())
            self._totals["rejected"] += len(self._rejected)
            self._reasons.update(letter.reason_code for letter, _ in self._rejected)
        self._rows, self._rejected, self._owners, self._characters = [], [], [], 0
        if self._progress:
            self._progress(self.counts())

    def _refuse_erased(self, erased: Erased) -> None:
        """Reject the rows that a tombstone stands for, and blank the rejected ones."""
        refused = erased([(taken.row.review_id, taken.row.user_id) for taken in self._rows])
        blanks = [(taken.blank(), taken.mends) for taken, gone in zip(self._rows, refused, strict=True) if gone]
        self._rows = [taken for taken, gone in zip(self._rows, refused, strict=True) if not gone]
        for index, gone in enumerate(erased(self._owners)):
            if gone:
                letter, mends = self._rejected[index]
                self._rejected[index] = (erased_row(letter.origin, letter.original_hash), mends)
        self._rejected += blanks

    def _write_rows(self) -> UpsertCounts:
        rows = [taken.row for taken in self._rows]
        keys = [key for taken in self._rows for key in taken.keys]
        if self._retry:
            review_ids = [taken.row.review_id for taken in self._rows if not taken.mends]
            counts, mended = self._sink.mend(rows, keys, review_ids)
            self._totals["mended"] += mended
            return counts
        counts = self._sink.upsert(rows)
        self._sink.withdraw_dead_letters(keys)
        return counts

    def _new_letters(self) -> list[RejectedRow]:
        if not self._retry:
            return [letter for letter, _ in self._rejected]
        there = self._sink.live_dead_letters(mends for _, mends in self._rejected if mends)
        return [letter for letter, mends in self._rejected if mends not in there]

    def counts(self) -> LoadCounts:
        totals = self._totals
        return LoadCounts(
            rows_read=totals["rows_read"],
            loaded=totals["loaded"],
            unchanged=totals["unchanged"],
            rejected=totals["rejected"],
            unknown_keys=dict(sorted(self._unknown.items())),
            repaired=totals["repaired"],
            reasons=dict(sorted(self._reasons.items())),
            mended=totals["mended"],
            refused=dict(self._refused),
        )

    def _count_unknown(self, keys: Set[str]) -> None:
        first = heapq.nsmallest(_LOOKED_AT_UNKNOWN_KEYS, keys)
        if (rest := len(keys) - len(first)) > 0:
            self._unknown[_OTHER_KEYS] += rest
        for key in first:
            name = ascii(key)[1:-1][:60]
            known = name in self._unknown or len(self._unknown) < _NAMED_UNKNOWN_KEYS
            self._unknown[name if known else _OTHER_KEYS] += 1
