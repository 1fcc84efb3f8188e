"""`chunk_vectors[day]`: vectors of the day's sentences, in the order of its reviews, so that none is embedded twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reviewsum_assets.contracts.protocols import Embedder, Vectors
from reviewsum_assets.contracts.tables import EMBEDDING_DIMENSIONS, ChunkVectors, arrow_schema
from reviewsum_assets.resources.embedder import text_hash
from reviewsum_assets.reviews.chunking import split_chunks

VECTORS = "chunk_vectors"


class DayVectors:
    """Vectors of a day's chunks, a batch of reviews at a time: those of the last run for sentences that have not
    changed, fresh ones for others.

    Holds one batch: raw reviews and stored vectors are both sorted by review.
    """

    def __init__(self, embedder: Embedder, stored: VectorCursor) -> None:
        self._embedder = embedder
        self._stored = stored
        self._batch: dict[str, Vectors] = {}
        self._before: pa.Table = arrow_schema(ChunkVectors).empty_table()
        self.embedded = 0

    def advance(self, review_ids: pa.ChunkedArray, to_screen: pa.Array) -> None:
        """Go on to a batch of raw reviews, of which these are to be screened anew."""
        before = list(self._stored.until(review_ids[-1].as_py()))
        self._before = pa.concat_tables(before) if before else arrow_schema(ChunkVectors).empty_table()
        self._batch = {}
        if len(to_screen) and self._before.num_rows:
            own = self._before.filter(pc.is_in(self._before["review_id"], to_screen))
            self._batch.update(zip(own["text_hash"].to_pylist(), stored_vectors(own), strict=True))

    def __call__(self, texts: Sequence[str]) -> Vectors:
        keys = [text_hash(self._embedder.name, text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._batch}
        if missing:
            self._batch.update(zip(missing, self._embedder.embed(list(missing.values())), strict=True))
            self.embedded += len(missing)
        if not keys:
            return np.empty((0, EMBEDDING_DIMENSIONS), np.float32)
        return np.stack([self._batch[key] for key in keys])

    def kept(self, review_ids: pa.Array) -> pa.Table:
        """The stored vectors of reviews of this batch that are not screened anew."""
        if not self._before.num_rows or not len(review_ids):
            return arrow_schema(ChunkVectors).empty_table()
        return self._before.filter(pc.is_in(self._before["review_id"], review_ids))

    def table(self, screened: pa.Table) -> pa.Table:
        """The vectors of screened reviews of this batch, chunk by chunk."""
        review_ids, positions, texts = [], [], []
        columns = (screened[name].to_pylist() for name in ("review_id", "cleaned_text", "language"))
        for review_id, text, language in zip(*columns, strict=True):
            for chunk in split_chunks(text, language):
                review_ids.append(review_id)
                positions.append(chunk.position)
                texts.append(chunk.text)
        hashes = [text_hash(self._embedder.name, text) for text in texts]
        return pa.table(
            [review_ids, positions, hashes, vector_bytes(self(texts))],
            schema=arrow_schema(ChunkVectors),
        )


class VectorCursor:
    """Reads stored rows forward, up to a review at a time; they are sorted by review."""

    def __init__(self, batches: Iterator[pa.Table]) -> None:
        self._batches = batches
        self._rest: pa.Table | None = None

    def until(self, last_review_id: str) -> Iterator[pa.Table]:
        """Tables of the rows up to and including a review."""
        while True:
            table = self._rest if self._rest is not None else next(self._batches, None)
            if table is None:
                return
            # Counted by binary order, as the source sorts and Python compares.
            taken = pc.sum(pc.less_equal(table["review_id"], pa.scalar(last_review_id))).as_py() or 0
            if taken:
                yield table.slice(0, taken)
            self._rest = table.slice(taken) if taken < table.num_rows else None
            if self._rest is not None:
                return


def vector_bytes(vectors: Vectors) -> pa.FixedSizeBinaryArray:
    """Vectors, shape (n, dimensions), as the column of `chunk_vectors`."""
    data = np.ascontiguousarray(vectors, "<f4")
    kind = arrow_schema(ChunkVectors).field("vector").type
    return pa.Array.from_buffers(kind, len(data), [None, pa.py_buffer(data)])


def stored_vectors(table: pa.Table) -> Vectors:
    """The column of `chunk_vectors` as an array of shape (n, dimensions)."""
    column = table["vector"].combine_chunks()
    if not len(column):
        return np.empty((0, EMBEDDING_DIMENSIONS), np.float32)
    width = 4 * EMBEDDING_DIMENSIONS
    data = column.buffers()[1]
    flat = np.frombuffer(data, "<f4", len(column) * EMBEDDING_DIMENSIONS, offset=column.offset * width)
    return flat.reshape(len(column), EMBEDDING_DIMENSIONS)


def vector_column(vectors: Vectors) -> pa.FixedSizeListArray:
    """Vectors, shape (n, dimensions), as the column of LanceDB."""
    flat = pa.array(np.ascontiguousarray(vectors, np.float32).reshape(-1))
    return pa.FixedSizeListArray.from_arrays(flat, EMBEDDING_DIMENSIONS)


def vectors_of(table: pa.Table) -> Vectors:
    """The column of LanceDB as an array of shape (n, dimensions)."""
    column = table["vector"].combine_chunks()
    flat: Vectors = column.flatten().to_numpy(zero_copy_only=False)
    return flat.reshape(len(table), EMBEDDING_DIMENSIONS)
