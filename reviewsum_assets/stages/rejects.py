"""Every dead letter in one view: those of loads, kept in the source database, and bad rows found in the source itself,
which the lake holds as of the last refresh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from reviewsum_assets.contracts.source import DeadLetterEntry, DeadLetterFilter, dead_letter_key
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages.ingest import REJECTED

SOURCE_ORIGIN = "source"
"""Origin of a bad row that was found in the source database."""


def dead_letter_reasons(platform: Platform, which: DeadLetterFilter) -> dict[str, int]:
    """Dead letters that fit, by reason code, the most frequent first."""
    counts: Counter[str] = Counter()
    if not platform.settings.source_table:
        counts.update(platform.source_database.dead_letter_reasons(which))
    counts.update(entry.reason_code for entry in _of_source(platform, which))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def dead_letters(platform: Platform, which: DeadLetterFilter, limit: int | None = None) -> Iterator[DeadLetterEntry]:
    """Dead letters that fit: those of files by origin, then those of the source by day; streamed."""

    def both() -> Iterator[DeadLetterEntry]:
        if not platform.settings.source_table:
            yield from platform.source_database.dead_letters(which, limit)
        yield from _of_source(platform, which)

    return islice(both(), limit)


def _of_source(platform: Platform, which: DeadLetterFilter) -> Iterator[DeadLetterEntry]:
    if which.origin not in (None, SOURCE_ORIGIN):
        return
    for day in platform.lake.partitions(REJECTED):
        if which.day not in (None, day):
            continue
        for batch in platform.lake.batches(REJECTED, day):
            for row in batch.to_pylist():
                if (
                    row["origin"] == SOURCE_ORIGIN
                    and which.reason_code in (None, row["reason_code"])
                    and which.product_id in (None, row["product_id"])
                ):
                    yield DeadLetterEntry(
                        key=dead_letter_key(row["origin"], row["original_hash"]),
                        origin=row["origin"],
                        reason_code=row["reason_code"],
                        reason=row["reason"],
                        raw=row["raw_redacted"],
                        day=day,
                        review_id=row["review_id"],
                        product_id=row["product_id"],
                    )
