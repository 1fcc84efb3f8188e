"""`raw_reviews[day]` and `rejected_reviews[day]`: every source row of the day in exactly one of them, redacted."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

import pyarrow as pa

from reviewsum_assets.contracts.protocols import SourceDay
from reviewsum_assets.contracts.source import RejectedRow, SourceRow
from reviewsum_assets.contracts.tables import RawReviews, RejectedReviews, arrow_schema
from reviewsum_assets.resources.lake import PartitionInfo
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.source_erasure import user_key_in
from reviewsum_assets.reviews.dead_letters import rejected_row
from reviewsum_assets.reviews.intake import Rejection, check_row
from reviewsum_assets.reviews.loading import owner_of
from reviewsum_assets.reviews.redaction import REDACTION_VERSION
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport, inputs_key, unchanged
from reviewsum_assets.stages.trends import share_check, usual_profile

T = TypeVar("T")

RAW = "raw_reviews"
REJECTED = "rejected_reviews"
CODE_VERSION = "1"

BATCH_ROWS = 2_000

RESCANNED_ROWS = 200
"""Stored texts that the privacy check scans again in a partition of each table, evenly spread."""


def source_days(platform: Platform, last_day: str) -> dict[str, SourceDay]:
    """State of each day that has rows, by one grouped query."""
    first = platform.settings.first_day()
    return {day.day: day for day in platform.source.days(first, datetime.fromisoformat(last_day).date())}


def redaction_version(platform: Platform) -> str:
    """Version of the rules, and of the models where names are found by NER; loads nothing where it is off."""
    return platform.redactor.version if platform.settings.pii_ner == "on" else REDACTION_VERSION


def ingest_inputs(platform: Platform, day: SourceDay | None) -> str:
    """What the day's partitions are made from.

    An erasure deletes rows of our own table, and so the state of their days changes. A shop's rows stay, and only the
    number of tombstones says that there are some more to leave out.
    """
    made_from = [RAW, CODE_VERSION, redaction_version(platform), day.state() if day else "empty"]
    if platform.settings.source_table and (stones := platform.tombstones.count()):
        made_from.append(f"{stones} tombstones")
    return inputs_key(*made_from)


def ingest_day(
    platform: Platform, day: str, state: SourceDay | None, last_day: str
) -> tuple[PartitionReport, PartitionReport]:
    """Write the day's raw and rejected rows from the source, unless they are already made from this source state."""
    started = time.perf_counter()
    inputs = ingest_inputs(platform, state)
    stored = platform.lake.info(RAW, day), platform.lake.info(REJECTED, day)
    if stored[0] and stored[1] and stored[0].inputs == stored[1].inputs == inputs:
        return unchanged(day, stored[0]), unchanged(day, stored[1])

    first, last = platform.settings.first_day(), datetime.fromisoformat(last_day).date()
    now = datetime.now(UTC)
    redactions: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    read = redacted = erased = 0
    # The raw partition is renamed into place last: its inputs say that both are there.
    raw_writer = platform.lake.open(RAW, RawReviews, day, inputs=inputs)
    rejected_writer = platform.lake.open(REJECTED, RejectedReviews, day, inputs=inputs)
    with raw_writer, rejected_writer:
        taken = ""
        for rows in platform.source.values_of(day, first, last, batch_size=BATCH_ROWS) if state else ():
            read += len(rows)
            gone = platform.tombstones.erased([owner_of(row) for row in rows])
            erased += sum(gone)
            rows = _not_erased(rows, gone)
            checked: list[tuple[dict[str, object], SourceRow | Rejection]] = []
            for values in rows:
                verdict = _judged(values, now)
                if isinstance(verdict, SourceRow):
                    # A shop's table need not keep its ids apart. They come in order, so equal ones are neighbours.
                    repeated, taken = verdict.review_id == taken, verdict.review_id
                    verdict = _repeated(verdict) if repeated else verdict
                checked.append((values, verdict))
            batch = raw_table(platform, [found for _, found in checked if isinstance(found, SourceRow)])
            redacted += sum(map(bool, batch["redactions"].to_pylist()))
            redactions.update(kind for kinds in batch["redactions"].to_pylist() for kind in kinds)
            raw_writer.append(batch)
            refused = [
                rejected_row("source", values, found, redact=platform.redacted, hash_text=platform.keyed_hash.text)
                for values, found in checked
                if isinstance(found, Rejection)
            ]
            reasons.update(row.reason_code for row in refused)
            rejected_writer.append(_rejected_table(refused))
        letters = platform.source.dead_letters_of(day, first, last) if state else iter(())
        while batch_of_letters := list(islice(letters, BATCH_ROWS)):
            read += len(batch_of_letters)
            owners = [(letter.review_id, user_key_in(letter.raw)) for letter in batch_of_letters]
            staying = _not_erased(batch_of_letters, platform.tombstones.erased_letters(owners))
            erased += len(batch_of_letters) - len(staying)
            reasons.update(letter.reason_code for letter in staying)
            # Redacted when they were rejected, maybe by older rules.
            letters_now = [replace(letter, raw=platform.redacted(letter.raw)) for letter in staying]
            rejected_writer.append(_rejected_table(letters_now))
        profile = {"rows": {"all": read, "rejected": sum(reasons.values()), "redacted": redacted}}
        raw_writer.profile = profile

    raw, rejected_info = raw_writer.info, rejected_writer.info
    accounted = CheckOutcome(
        "every_row_in_one_place",
        raw.rows + rejected_info.rows + erased == read,
        blocking=True,
        measures={
            "source_rows": read,
            "raw_rows": raw.rows,
            "rejected_rows": rejected_info.rows,
            "erased_rows": erased,
        },
    )
    private = _privacy_check(platform, day, raw, rejected_info)
    usual = usual_profile(platform, RAW, day)
    report = PartitionReport(
        day,
        raw.rows,
        raw.data_version,
        changed=stored[0] is None or stored[0].data_version != raw.data_version,
        measures={"source_rows": read, "erased": erased, "redactions": sum(redactions.values())},
        counts={"redactions": dict(sorted(redactions.items()))},
        checks=(
            accounted,
            private,
            share_check("rejected_share_as_usual", "rejected", profile, usual),
            share_check("redacted_share_as_usual", "redacted", profile, usual),
        ),
    )
    platform.lake.mark(RAW, day, report.failed_blocking)
    rejected_report = PartitionReport(
        day,
        rejected_info.rows,
        rejected_info.data_version,
        changed=stored[1] is None or stored[1].data_version != rejected_info.data_version,
        counts={"reasons": dict(sorted(reasons.items()))},
    )
    return report.timed(started), rejected_report.timed(started)


def _not_erased(rows: list[T], erased: Sequence[bool]) -> list[T]:
    """The rows that no tombstone stands for: a source that others write may still hold them."""
    return [row for row, gone in zip(rows, erased, strict=True) if not gone]


def _judged(values: Mapping[str, object], now: datetime) -> SourceRow | Rejection:
    """The validator's verdict on a row of the source. Others may have written it: its id must be one already, or two
    reviews of the source could be one in the lake."""
    found = check_row(values, now=now)
    if isinstance(found, SourceRow) and found.review_id != str(values["review_id"]):
        reason = "review_id begins or ends with blanks in the source: correct it there"
        return Rejection("bad_id", reason, None, found.product_id, found.created_at)
    return found


def _repeated(row: SourceRow) -> Rejection:
    reason = "its review_id is that of another row of the day, which was taken: keep one row a review"
    return Rejection("repeated_id", reason, row.review_id, row.product_id, row.created_at)


def raw_table(platform: Platform, rows: Sequence[SourceRow]) -> pa.Table:
    """`RawReviews` rows: text redacted, user and original text as keyed hashes."""
    redacted = [platform.redactor.redact(row.review_text) for row in rows]
    columns = {
        "review_id": [row.review_id for row in rows],
        "product_id": [row.product_id for row in rows],
        "product_title": [row.product_title for row in rows],
        "source_category": [row.category for row in rows],
        "user_key": [platform.keyed_hash.user(row.user_id) for row in rows],
        "star_rating": [row.star_rating for row in rows],
        "review_text": [text.text for text in redacted],
        "text_hash": [platform.keyed_hash.text(row.review_text) for row in rows],
        "redactions": [list(text.types) for text in redacted],
        "created_at": [row.created_at for row in rows],
        "helpful_votes": [row.helpful_votes for row in rows],
        "verified_purchase": [row.verified_purchase for row in rows],
        "locale": [row.locale for row in rows],
    }
    return pa.table(columns, schema=arrow_schema(RawReviews))


def _rejected_table(rows: Sequence[RejectedRow]) -> pa.Table:
    """`RejectedReviews` rows; the text was redacted when the row was rejected."""
    columns = {
        "origin": [row.origin for row in rows],
        "original_hash": [row.original_hash for row in rows],
        "review_id": [row.review_id for row in rows],
        "product_id": [row.product_id for row in rows],
        "reason_code": [row.reason_code for row in rows],
        "reason": [row.reason for row in rows],
        "raw_redacted": [row.raw for row in rows],
    }
    return pa.table(columns, schema=arrow_schema(RejectedReviews))


def _privacy_check(platform: Platform, day: str, raw: PartitionInfo, rejected: PartitionInfo) -> CheckOutcome:
    """Scan stored texts again: an even sample of both tables, another one whenever what is stored is another."""
    scanned: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for asset, column, info in ((RAW, "review_text", raw), (REJECTED, "raw_redacted", rejected)):
        step = max(1, info.rows // RESCANNED_ROWS)
        first = int(hashlib.sha256(f"{day} {info.data_version}".encode()).hexdigest(), 16) % step
        for text in islice(_texts(platform, asset, day, column), first, None, step):
            scanned[asset] += 1
            found.update(platform.redactor.redact(text).types)
    return CheckOutcome(
        "no_personal_data",
        not found,
        blocking=True,
        measures={
            "texts_scanned": scanned.total(),
            "rejected_rows_scanned": scanned[REJECTED],
            "found": found.total(),
            "types_found": ", ".join(sorted(found)),
        },
    )


def _texts(platform: Platform, asset: str, day: str, column: str) -> Iterable[str]:
    for batch in platform.lake.batches(asset, day, columns=[column]):
        yield from batch[column].to_pylist()
