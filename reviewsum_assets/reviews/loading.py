"""`reviewsum load`: exports into the source, every row counted once as loaded, unchanged or rejected.

Rows are committed in batches. A load that is killed leaves whole batches; run again it finds them unchanged and ends
in the state of a load that was never killed. What cannot be taken is kept as a dead letter, redacted before it is
handed over.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

import orjson

from reviewsum_assets.contracts.records import DeadLetter
from reviewsum_assets.contracts.source import EXPORT_FIELDS, RejectedRow, SourceRow, UpsertCounts, dead_letter_key
from reviewsum_assets.reviews.exports import ExportRow, export_format, read_export
from reviewsum_assets.reviews.intake import Rejection, check_row
from reviewsum_assets.reviews.masking import masked_row

STORED_CHARACTERS = 4_000
"""What is kept of a rejected row."""

_REDACTED_CHARACTERS = 16_000
"""Of a value of a rejected row, what is looked at."""
_NAMED_UNKNOWN_KEYS = 50
_OTHER_KEYS = "(others)"

_KNOWN = frozenset(EXPORT_FIELDS)


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


def load_exports(
    paths: Iterable[Path],
    sink: SourceSink,
    *,
    redact: Callable[[str], str],
    hash_text: Callable[[str], str],
    now: datetime,
    batch_size: int = 1_000,
    progress: Callable[[LoadCounts], None] | None = None,
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

    Raises:
        ExportError: if a file is no review export. Files before it are loaded.
    """
    files = list(paths)
    for path in files:
        export_format(path)
    load = _Load(sink, redact, hash_text, now, progress)
    for path in files:
        for item in read_export(path):
            load.take(item)
            if load.waiting >= batch_size:
                load.commit()
        load.commit()
    return load.counts()


def rejected_row(
    origin: str,
    values: Mapping[str, object],
    rejection: Rejection,
    *,
    redact: Callable[[str], str],
    hash_text: Callable[[str], str],
) -> RejectedRow:
    """A row that the validator refused, as it may be stored: user hashed, text redacted and cut."""
    return _storable(
        _as_text(values),
        origin=origin,
        rejection=rejection,
        redact=redact,
        hash_text=hash_text,
    )


class _Load:
    """A load under way: what waits for its commit, and the counts."""

    def __init__(
        self,
        sink: SourceSink,
        redact: Callable[[str], str],
        hash_text: Callable[[str], str],
        now: datetime,
        progress: Callable[[LoadCounts], None] | None,
    ) -> None:
        self._sink, self._redact, self._hash_text, self._now = sink, redact, hash_text, now
        self._progress = progress
        self._rows: list[SourceRow] = []
        self._keys: list[str] = []
        self._rejected: list[RejectedRow] = []
        self._totals: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()

    @property
    def waiting(self) -> int:
        return len(self._rows) + len(self._rejected)

    def take(self, item: ExportRow | DeadLetter) -> None:
        self._totals["rows_read"] += 1
        if isinstance(item, DeadLetter):
            rejection = Rejection(item.reason_code, item.reason, item.review_id, item.product_id)
            self._reject(item.origin, item.raw, rejection)
            return
        if item.repairs:
            self._totals["repaired"] += 1
        if unknown := item.values.keys() - _KNOWN:
            self._count_unknown(unknown)
        checked = check_row(item.values, now=self._now)
        if isinstance(checked, Rejection):
            self._reject(item.origin, _as_text(item.values), checked)
        else:
            self._rows.append(checked)
            self._keys.append(dead_letter_key(item.origin, self._hash_text(_as_text(item.values))))

    def commit(self) -> None:
        if not self.waiting:
            return
        if self._rows:
            counts = self._sink.upsert(self._rows)
            self._sink.withdraw_dead_letters(self._keys)
            self._totals["loaded"] += counts.loaded
            self._totals["unchanged"] += counts.unchanged
        if self._rejected:
            self._sink.add_dead_letters(self._rejected)
            self._totals["rejected"] += len(self._rejected)
            self._reasons.update(row.reason_code for row in self._rejected)
        self._rows, self._keys, self._rejected = [], [], []
        if self._progress:
            self._progress(self.counts())

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
        )

    def _reject(self, origin: str, text: str, rejection: Rejection) -> None:
        self._rejected.append(
            _storable(text, origin=origin, rejection=rejection, redact=self._redact, hash_text=self._hash_text)
        )

    def _count_unknown(self, keys: Iterable[str]) -> None:
        for key in sorted(keys):
            name = ascii(key)[1:-1][:60]
            known = name in self._unknown or len(self._unknown) < _NAMED_UNKNOWN_KEYS
            self._unknown[name if known else _OTHER_KEYS] += 1


def _storable(
    text: str,
    *,
    origin: str,
    rejection: Rejection,
    redact: Callable[[str], str],
    hash_text: Callable[[str], str],
) -> RejectedRow:
    redacted = masked_row(text, redact=redact, hash_text=hash_text, characters=_REDACTED_CHARACTERS)
    return RejectedRow(
        origin=origin,
        original_hash=hash_text(text),
        reason_code=rejection.reason_code,
        reason=redact(rejection.reason),
        # Once more: what ends at the cut may look like a signature.
        raw=redact(redacted[:STORED_CHARACTERS])[:STORED_CHARACTERS],
        review_id=_redacted_id(rejection.review_id, redact),
        product_id=_redacted_id(rejection.product_id, redact),
        created_at=rejection.created_at,
    )


def _redacted_id(identifier: str | None, redact: Callable[[str], str]) -> str | None:
    """An id as it is, unless it is an e-mail address: order numbers may well be ids of reviews."""
    return redact(identifier) if identifier and "@" in identifier else identifier


def _as_text(values: Mapping[str, object]) -> str:
    """The row as JSON with sorted keys: the same row, the same text, whatever format it came in."""
    try:
        return orjson.dumps(values, default=str, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:
        # Half characters, nesting or numbers beyond what orjson writes.
        return json.dumps({key: _flat(value) for key, value in sorted(values.items())})


def _flat(value: object) -> object:
    if value is None or isinstance(value, str | bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**64 else "(huge number)"
    return f"({type(value).__name__})"
