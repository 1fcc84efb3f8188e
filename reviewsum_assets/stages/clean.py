"""`cleaned_reviews[day]`: text fit to read and count. Its chunk vectors are kept beside it, for the next asset."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

import numpy as np
import pyarrow as pa

from reviewsum_assets.contracts.protocols import Embedder, Vectors
from reviewsum_assets.contracts.tables import EMBEDDING_DIMENSIONS, ChunkVectors, CleanedReviews, arrow_schema
from reviewsum_assets.resources.embedder import text_hash
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.reviews import cleaning
from reviewsum_assets.reviews.chunking import split_chunks
from reviewsum_assets.stages.ingest import RAW
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport, blocked, inputs_key, unchanged

CLEANED = "cleaned_reviews"
VECTORS = "chunk_vectors"
CODE_VERSION = "1"

BATCH_REVIEWS = 1_000
"""Reviews a batch: about 4,000 chunks, 8 MB of vectors."""

MAX_SET_ASIDE_SHARE = 0.5
"""Share of a day's reviews set aside above which a person should look."""

Progress = Callable[[int], None]


def clean_inputs(platform: Platform, raw_version: str) -> str:
    return inputs_key(
        CLEANED,
        CODE_VERSION,
        cleaning.CODE_VERSION,
        platform.embedder.name,
        platform.departments_version,
        raw_version,
    )


def clean_day(platform: Platform, day: str, progress: Progress | None = None) -> PartitionReport:
    """Clean the day's raw reviews, unless they and the code are those of the stored partition."""
    started = time.perf_counter()
    raw, stored = platform.lake.info(RAW, day), platform.lake.info(CLEANED, day)
    if raw is None or not raw.sound:
        return blocked(day, stored, RAW, raw.failed_checks if raw else ("materialisation",))
    inputs = clean_inputs(platform, raw.data_version)
    if stored and stored.inputs == inputs:
        return unchanged(day, stored)

    vectors = _DayVectors(platform.embedder, VectorCursor(platform.lake.batches(VECTORS, day)))
    cleaner = cleaning.DayCleaner(
        department_of=platform.departments.department_of,
        chunk_vectors=vectors,
    )
    languages: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    with _spool() as spool:
        # Vectors first: the cleaned partition says, by its inputs, that both are there.
        with platform.lake.open(VECTORS, ChunkVectors, day, inputs=inputs) as vector_writer:
            for raw_batch in platform.lake.batches(RAW, day, batch_rows=BATCH_REVIEWS):
                vectors.advance(raw_batch["review_id"][-1].as_py())
                cleaned = cleaner.clean_batch(raw_batch)
                vector_writer.append(vectors.table(cleaned))
                spool.append(cleaned)
                if progress:
                    progress(cleaned.num_rows)
        set_asides = cleaner.day_set_asides()
        with platform.lake.open(CLEANED, CleanedReviews, day, inputs=inputs) as writer:
            for cleaned in spool.read():
                cleaned = cleaning.apply_set_asides(cleaned, set_asides)
                languages.update(cleaned["language"].to_pylist())
                reasons.update(reason for reason in cleaned["set_aside_reason"].to_pylist() if reason)
                writer.append(cleaned)
    info = writer.info
    set_aside = sum(reasons.values())
    report = PartitionReport(
        day,
        info.rows,
        info.data_version,
        changed=stored is None or stored.data_version != info.data_version,
        measures={
            "reviews_cleaned": info.rows,
            "reviews_set_aside": set_aside,
            "chunks": vector_writer.info.rows,
            "chunks_embedded": vectors.embedded,
        },
        counts={"languages": dict(languages.most_common()), "set_aside": dict(reasons.most_common())},
        checks=(
            CheckOutcome(
                "every_raw_review_cleaned",
                info.rows == raw.rows,
                blocking=True,
                measures={"raw_rows": raw.rows, "cleaned_rows": info.rows},
            ),
            CheckOutcome(
                "set_aside_share",
                info.rows == 0 or set_aside <= MAX_SET_ASIDE_SHARE * info.rows,
                blocking=False,
                measures={"reviews_set_aside": set_aside, "cleaned_rows": info.rows},
            ),
        ),
    )
    platform.lake.mark(CLEANED, day, report.failed_blocking)
    return report.timed(started)


class _DayVectors:
    """Vectors of a day's chunks: those of the last run for sentences that have not changed, fresh ones for others.

    Holds one batch at a time: raw reviews and stored vectors are both sorted by review.
    """

    def __init__(self, embedder: Embedder, stored: VectorCursor) -> None:
        self._embedder = embedder
        self._stored = stored
        self._batch: dict[str, Vectors] = {}
        self.embedded = 0

    def advance(self, last_review_id: str) -> None:
        """Go on to the batch of raw reviews that ends with this one."""
        self._batch = {}
        for table in self._stored.until(last_review_id):
            self._batch.update(zip(table["text_hash"].to_pylist(), vectors_of(table), strict=True))

    def __call__(self, texts: Sequence[str]) -> Vectors:
        keys = [text_hash(self._embedder.name, text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._batch}
        if missing:
            self._batch.update(zip(missing, self._embedder.embed(list(missing.values())), strict=True))
            self.embedded += len(missing)
        if not keys:
            return np.empty((0, EMBEDDING_DIMENSIONS), np.float32)
        return np.stack([self._batch[key] for key in keys])

    def table(self, cleaned: pa.Table) -> pa.Table:
        """The vectors of a cleaned batch, chunk by chunk, as `chunk_vectors` stores them."""
        review_ids, positions, texts = [], [], []
        columns = (cleaned[name].to_pylist() for name in ("review_id", "cleaned_text", "language"))
        for review_id, text, language in zip(*columns, strict=True):
            for chunk in split_chunks(text, language):
                review_ids.append(review_id)
                positions.append(chunk.position)
                texts.append(chunk.text)
        hashes = [text_hash(self._embedder.name, text) for text in texts]
        return pa.table(
            [review_ids, positions, hashes, vector_column(self(texts))],
            schema=arrow_schema(ChunkVectors),
        )


class VectorCursor:
    """Reads stored vectors forward, up to a review at a time; both are sorted by review."""

    def __init__(self, batches: Iterator[pa.Table]) -> None:
        self._batches = batches
        self._rest: pa.Table | None = None

    def until(self, last_review_id: str) -> Iterator[pa.Table]:
        """Tables of the rows up to and including a review."""
        while True:
            table = self._rest if self._rest is not None else next(self._batches, None)
            if table is None:
                return
            ids = table["review_id"].to_pylist()
            taken = sum(1 for review_id in ids if review_id <= last_review_id)
            if taken:
                yield table.slice(0, taken)
            self._rest = table.slice(taken) if taken < len(ids) else None
            if self._rest is not None:
                return


class _Spool:
    """Cleaned batches on disk between the first pass over a day and the second; unlinked from the start."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._writer: pa.ipc.RecordBatchFileWriter | None = None

    def append(self, table: pa.Table) -> None:
        if self._writer is None:
            self._writer = pa.ipc.new_file(pa.PythonFile(self._file, mode="w"), table.schema)
        self._writer.write_table(table)

    def read(self) -> Iterator[pa.Table]:
        if self._writer is None:
            return
        self._writer.close()
        self._file.seek(0)
        reader = pa.ipc.open_file(pa.PythonFile(self._file, mode="r"))
        for index in range(reader.num_record_batches):
            yield pa.Table.from_batches([reader.get_batch(index)])


@contextmanager
def _spool() -> Iterator[_Spool]:
    with tempfile.TemporaryFile() as file:
        yield _Spool(file)


def vector_column(vectors: Vectors) -> pa.FixedSizeListArray:
    """Vectors, shape (n, dimensions), as an Arrow column."""
    flat = pa.array(np.ascontiguousarray(vectors, np.float32).reshape(-1))
    return pa.FixedSizeListArray.from_arrays(flat, EMBEDDING_DIMENSIONS)


def vectors_of(table: pa.Table) -> Vectors:
    """The `vector` column as an array of shape (n, dimensions)."""
    column = table["vector"].combine_chunks()
    flat: Vectors = column.flatten().to_numpy(zero_copy_only=False)
    return flat.reshape(len(table), EMBEDDING_DIMENSIONS)
