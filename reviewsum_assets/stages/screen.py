"""`screened_reviews[day]`: each review cleaned and judged by itself. What is known of an unchanged review is kept."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from reviewsum_assets.contracts.tables import ChunkVectors, ScreenedReviews, arrow_schema
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.reviews import screening
from reviewsum_assets.stages.chunk_vectors import VECTORS, DayVectors, VectorCursor
from reviewsum_assets.stages.ingest import RAW, redaction_version
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport, blocked, inputs_key, unchanged

SCREENED = "screened_reviews"
CODE_VERSION = "1"

BATCH_REVIEWS = 1_000
"""Reviews a batch: about 4,000 chunks, 8 MB of vectors."""

Progress = Callable[[int], None]

_DERIVED = [name for name in arrow_schema(ScreenedReviews).names if name not in screening.RAW_COLUMNS]


def screening_version(platform: Platform) -> str:
    """Versions of all that decides what screening derives from a raw review: another one screens it anew."""
    return "|".join(
        (
            f"screening-{CODE_VERSION}.{screening.CODE_VERSION}",
            f"redaction-{redaction_version(platform)}",
            f"toxicity-{platform.toxicity.version}",
            platform.embedder.name,
        )
    )


def screen_inputs(platform: Platform, raw_version: str) -> str:
    return inputs_key(SCREENED, screening_version(platform), raw_version)


def screen_day(platform: Platform, day: str, progress: Progress | None = None) -> PartitionReport:
    """Screen the day's raw reviews; those that were screened before, with the same text and code, are taken over."""
    started = time.perf_counter()
    raw, stored = platform.lake.info(RAW, day), platform.lake.info(SCREENED, day)
    if raw is None or not raw.sound:
        return blocked(day, stored, RAW, raw.failed_checks if raw else ("materialisation",))
    inputs = screen_inputs(platform, raw.data_version)
    if stored and stored.inputs == inputs:
        return unchanged(day, stored)

    vectors = DayVectors(platform.embedder, VectorCursor(platform.lake.batches(VECTORS, day)))
    known = VectorCursor(platform.lake.batches(SCREENED, day, columns=["review_id", *_DERIVED]))
    screener = screening.ReviewScreener(chunk_vectors=vectors, redactor=platform.redactor, toxicity=platform.toxicity)
    version = screening_version(platform)
    languages: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    screened = redactions = 0
    # Vectors first: the screened partition says, by its inputs, that both are there.
    with (
        platform.lake.open(SCREENED, ScreenedReviews, day, inputs=inputs) as writer,
        platform.lake.open(VECTORS, ChunkVectors, day, inputs=inputs) as vector_writer,
    ):
        for batch in platform.lake.batches(RAW, day, batch_rows=BATCH_REVIEWS):
            found = _screen_batch(batch, version, known, screener, vectors)
            screened += found.screened
            vector_writer.append(found.vectors)
            writer.append(found.reviews)
            languages.update(found.reviews["language"].to_pylist())
            reasons.update(reason for reason in found.reviews["own_reason"].to_pylist() if reason)
            redactions += pc.sum(found.reviews["redaction_count"]).as_py() or 0
            if progress:
                progress(batch.num_rows)
    info = writer.info
    report = PartitionReport(
        day,
        info.rows,
        info.data_version,
        changed=stored is None or stored.data_version != info.data_version,
        measures={
            "reviews_screened": screened,
            "reviews_kept": info.rows - screened,
            "chunks": vector_writer.info.rows,
            "chunks_embedded": vectors.embedded,
            "redactions": redactions,
        },
        counts={"languages": dict(languages.most_common()), "set_aside": dict(reasons.most_common())},
        checks=(
            CheckOutcome(
                "every_raw_review_screened",
                info.rows == raw.rows,
                blocking=True,
                measures={"raw_rows": raw.rows, "screened_rows": info.rows},
            ),
        ),
    )
    platform.lake.mark(SCREENED, day, report.failed_blocking)
    return report.timed(started)


class _Batch:
    """A batch of raw reviews after screening."""

    def __init__(self, reviews: pa.Table, vectors: pa.Table, screened: int) -> None:
        self.reviews = reviews
        """`ScreenedReviews` rows in the order of the raw ones."""
        self.vectors = vectors
        """`ChunkVectors` rows in the same order."""
        self.screened = screened
        """How many of the reviews were screened now."""


def _screen_batch(
    raw: pa.Table,
    version: str,
    known: VectorCursor,
    screener: screening.ReviewScreener,
    vectors: DayVectors,
) -> _Batch:
    """Screen what is new in a batch and take the rest over."""
    ids = raw["review_id"].combine_chunks()
    keys = pa.array(screening.screened_keys(raw, version), pa.string())
    before = list(known.until(ids[-1].as_py()))
    table = pa.concat_tables(before) if before else arrow_schema(ScreenedReviews).empty_table()
    places = pc.index_in(ids, table["review_id"].combine_chunks())
    is_kept = pc.fill_null(pc.equal(keys, table["screened_key"].combine_chunks().take(places)), False)
    kept_raw, new_raw = raw.filter(is_kept), raw.filter(pc.invert(is_kept))
    kept_ids, new_ids = kept_raw["review_id"].combine_chunks(), new_raw["review_id"].combine_chunks()
    vectors.advance(raw["review_id"], new_ids)
    kept = screening.with_raw_columns(table.select(_DERIVED).take(places.filter(is_kept)), kept_raw)
    if not new_raw.num_rows:
        return _Batch(kept, vectors.kept(kept_ids), 0)
    new = screener.screen(new_raw)
    place = arrow_schema(ScreenedReviews).get_field_index("screened_key")
    new = new.add_column(place, "screened_key", keys.filter(pc.invert(is_kept)))
    reviews = _in_order(pa.concat_tables([kept, new.cast(kept.schema)]), ids)
    return _Batch(
        reviews, _in_order(pa.concat_tables([vectors.kept(kept_ids), vectors.table(new)]), ids), new_raw.num_rows
    )


def _in_order(table: pa.Table, review_ids: pa.Array) -> pa.Table:
    """Rows in the order of their reviews; those of one review stay in theirs."""
    order = pc.index_in(table["review_id"].combine_chunks(), review_ids)
    if order.null_count == 0 and pc.all(pc.less_equal(order[:-1], order[1:])).as_py() is not False:
        return table
    return table.take(pc.array_sort_indices(order))
