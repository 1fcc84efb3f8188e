"""LanceDB `review_chunks`: every chunk with its vector, opinions and review metadata.

One writer at a time: LanceDB retries a commit that another one overtook, but upserts and maintenance that keep
overtaking each other starve. Readers see each commit whole.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reviewsum_assets.contracts.protocols import Embedder
from reviewsum_assets.contracts.tables import EMBEDDING_DIMENSIONS, ReviewChunks, arrow_schema
from reviewsum_assets.resources.chunk_query import (
    DIVERSITY,
    NOT_BLANK,
    ChunkPolarity,
    ChunkQuery,
    Order,
    QueryVector,
    any_of,
    select_quotes,
    sql_text,
)

if TYPE_CHECKING:
    from lancedb.table import LanceTable

TABLE = "review_chunks"

T = TypeVar("T")

REVIEWS_A_COMMIT = 5_000
"""Bounds the memory of a commit: some 25,000 chunks with 50 MB of vectors, and a filter that names each review."""
PRODUCTS_A_QUERY = 2_000
"""Product keys that one filter names."""
COMMIT_ATTEMPTS = 5
READ_ATTEMPTS = 4
"""Of a reader whose version an erasure removes: a second one may follow the first at once."""
MAX_CLEANUPS = 4
FIRST_WAIT_SECONDS = 0.2

NEAREST = 400
"""Chunks nearest to `near` that are put in another order than similarity."""
QUOTE_CANDIDATES = 1_000
"""Chunks among which quotes are chosen: the nearest to what they should be about, else the most helpful."""

_ORDERINGS: dict[Order, tuple[tuple[str, bool], ...]] = {
    "helpful": (("helpful_votes", False), ("created_at", False), ("chunk_id", True)),
    "recent": (("created_at", False), ("chunk_id", True)),
    "similar": (("similarity", False), ("chunk_id", True)),
}
"""Columns of each order, and whether they ascend."""

_BTREES = ("chunk_id", "product_id", "review_id", "day", "created_at")
_BITMAPS = ("category", "language", "polarity", "star_rating")
_LABEL_LISTS = ("aspects",)


class ChunkStore:
    """The table `review_chunks` in a LanceDB folder or bucket; made when it is first needed."""

    def __init__(
        self,
        uri: str | Path,
        *,
        embedder: Embedder | None = None,
        storage_options: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            uri: A local folder, or a bucket as `s3://bucket/prefix`.
            embedder: Embeds the texts of questions; needed only for `near` as text.
            storage_options: Options of the bucket, as LanceDB names them.
        """
        self.uri = str(uri)
        self._embedder = embedder
        self._storage_options = dict(storage_options or {})

    @cached_property
    def _table(self) -> LanceTable:
        import lancedb

        database = lancedb.connect(
            self.uri, read_consistency_interval=timedelta(0), storage_options=self._storage_options or None
        )
        schema = arrow_schema(ReviewChunks)
        table = database.create_table(TABLE, schema=schema, exist_ok=True)
        if not table.schema.equals(schema):
            raise ValueError(
                f"the table {TABLE} at {self.uri} has other columns than this version of the platform: "
                "remove the folder and run `reviewsum refresh`, which builds it again from the lake"
            )
        return table

    # Writing

    def replace_reviews(self, day: str, review_ids: Collection[str], chunks: pa.Table) -> None:
        """Put `chunks` in the place of all chunks that these reviews have on that day, in one commit.

        A reader sees the old chunks or the new ones, never both or neither. More than `REVIEWS_A_COMMIT` reviews
        take several commits, each whole for its reviews. Running it again changes nothing.

        Args:
            day: Partition of the reviews, YYYY-MM-DD.
            review_ids: The reviews, with those that have no chunks any more.
            chunks: Rows of `ReviewChunks`, all of that day and of those reviews.

        Raises:
            ValueError: if a chunk is of another day or review, or two have the same key.
        """
        chunks = chunks.select(arrow_schema(ReviewChunks).names).cast(arrow_schema(ReviewChunks))
        reviews = sorted(set(review_ids))
        self._check(day, reviews, chunks)
        for start in range(0, len(reviews), REVIEWS_A_COMMIT):
            batch = reviews[start : start + REVIEWS_A_COMMIT]
            whole = len(batch) == len(reviews)
            fresh = chunks if whole else chunks.filter(pc.is_in(chunks["review_id"], pa.array(batch, pa.string())))
            self._replace(f"day = {sql_text(day)} AND {any_of('review_id', batch)}", fresh)

    def _replace(self, replaced: str, fresh: pa.Table) -> None:
        """One commit in which the rows that fit a filter leave and others enter.

        LanceDB can delete what a merge does not match, but then reads the whole table, vectors too: 1.5 s a commit
        at 300,000 rows, against 50 ms by index. So the merge blanks the rows that leave, and a commit after it sweeps
        the blanks, which no reader is shown.
        """
        table = self._table
        old = table.search().where(replaced).select(["chunk_id"]).limit(None).to_arrow()["chunk_id"]
        leaving = old.filter(pc.invert(pc.is_in(old, fresh["chunk_id"].combine_chunks()))).to_pylist()
        if not fresh.num_rows:
            if leaving:
                _commit(lambda: table.delete(replaced))
            return
        rows = pa.concat_tables([fresh, _blanks(leaving)]) if leaving else fresh
        merge = table.merge_insert("chunk_id").when_matched_update_all().when_not_matched_insert_all()
        _commit(lambda: merge.execute(rows))
        if leaving:
            self._sweep()

    def remove_reviews(self, review_ids: Collection[str]) -> None:
        """Delete all chunks of reviews, whatever their day; old versions hold them until `maintain(timedelta(0))`."""
        reviews = sorted(set(review_ids))
        for start in range(0, len(reviews), REVIEWS_A_COMMIT):
            leaving = any_of("review_id", reviews[start : start + REVIEWS_A_COMMIT])
            _commit(lambda leaving=leaving: self._table.delete(leaving))  # type: ignore[misc]

    def _sweep(self) -> None:
        _commit(lambda: self._table.delete(f"NOT ({NOT_BLANK})"))

    @staticmethod
    def _check(day: str, reviews: Sequence[str], chunks: pa.Table) -> None:
        other_days = set(pc.unique(chunks["day"]).to_pylist()) - {day}
        if not day:
            raise ValueError("the day is empty: give the partition of the reviews, YYYY-MM-DD")
        if other_days:
            raise ValueError(f"a chunk is of {min(other_days)}, not of {day}: write each day by itself")
        strays = set(pc.unique(chunks["review_id"]).to_pylist()).difference(reviews)
        if strays:
            raise ValueError(f"{len(strays)} reviews have chunks but are not named, for example {min(strays)!r}")
        if pc.count_distinct(chunks["chunk_id"]).as_py() != chunks.num_rows:
            raise ValueError("two chunks have the same chunk_id: it must be unique")

    def maintain(self, keep_versions_for: timedelta = timedelta(hours=1)) -> None:
        """Compact files, bring the indices up to date, and remove versions older than that.

        Args:
            keep_versions_for: A reader that opened the table within this time is not disturbed. Zero removes every
                deleted row from the disk, for erasure, and with it what killed writers left. No other writer may run.
                A reader whose files go under its hands reads again (`_read`).
        """
        table = self._table
        if table.count_rows() > self.count():
            self._sweep()
        indexed = {column for index in table.list_indices() for column in index.columns}
        if table.count_rows():
            for column, config in _index_configs().items():
                if column not in indexed:
                    table.create_index(column, config=config)
        if keep_versions_for:
            table.optimize(cleanup_older_than=keep_versions_for)
        else:
            self._rewrite_all()

    def _rewrite_all(self) -> None:
        """Leave one version, whose files hold nothing but its rows."""
        table = self._table
        # Compaction leaves a file alone while less than a tenth of its rows is deleted. A rewrite of every row leaves
        # none: the only way that removes a single person's text for certain. It also is a commit after the deleting
        # one, whose record names what was deleted.
        if table.count_rows():
            table.update(where="true", values_sql={"position": "position"})
        with warnings.catch_warnings():
            # LanceDB warns of a zero age; it was asked for.
            warnings.simplefilter("ignore", UserWarning)
            # The second call removes the version before the first one's own commit, and its indices.
            for _ in range(MAX_CLEANUPS):
                table.optimize(cleanup_older_than=timedelta(0), delete_unverified=True)
                if len(table.list_versions()) == 1:
                    return

    def every_row(self, columns: Sequence[str], version: int | None = None) -> Iterator[pa.RecordBatch]:
        """All rows, blanks included, of the newest version or of an old one, in batches."""
        import lancedb

        table = self._table
        if version is not None:
            table = lancedb.connect(self.uri, storage_options=self._storage_options or None).open_table(TABLE)
            table.checkout(version)
        yield from table.search().select(list(columns)).limit(None).to_batches()

    def version_numbers(self) -> list[int]:
        """Versions that can still be read."""
        return [int(version["version"]) for version in self._table.list_versions()]

    def deleted_rows_on_disk(self) -> int:
        """Rows of the current version that are deleted but still in its files."""
        fragments = self._table.stats()["fragment_stats"]
        return round(fragments["num_fragments"] * fragments["lengths"]["mean"]) - self._table.count_rows()

    # Reading

    def _read(self, question: Callable[[LanceTable], T]) -> T:
        """The answer; asked again of the newest version if an erasure took the files of the one being read."""
        for _ in range(READ_ATTEMPTS - 1):
            try:
                return question(self._table)
            except (RuntimeError, OSError, ValueError) as error:
                if "not found" not in str(error).lower():
                    raise
                self.__dict__.pop("_table", None)
        return question(self._table)

    @property
    def column_names(self) -> list[str]:
        return arrow_schema(ReviewChunks).names

    def count(self) -> int:
        """Chunks in the table."""
        return self._read(lambda table: table.count_rows(NOT_BLANK))

    def count_day(self, day: str) -> int:
        """Chunks of a day."""
        return self._read(lambda table: table.count_rows(f"day = {sql_text(day)}"))

    def version(self) -> int:
        """Version of the table: one more with each commit."""
        return self._read(lambda table: table.version)

    def ping(self) -> str:
        """What is there, for a person. Raises whatever keeps the table from being read."""
        from importlib.metadata import version

        return f"LanceDB {version('lancedb')} at {self.uri}: {self.count():,} chunks, version {self.version()}"

    def chunks_of_products(self, product_ids: Collection[str], columns: Sequence[str] | None = None) -> pa.Table:
        """All chunks of products, sorted by product, review, position and key.

        Args:
            columns: Columns wanted, in that order; None: all, vectors included.
        """
        wanted = list(columns) if columns is not None else self.column_names
        order = ("product_id", "review_id", "position", "chunk_id")
        fetched = list(dict.fromkeys([*wanted, *order]))
        products = sorted(set(product_ids))
        schema = arrow_schema(ReviewChunks)
        parts = [pa.schema([schema.field(name) for name in fetched]).empty_table()]
        for start in range(0, len(products), PRODUCTS_A_QUERY):
            batch = products[start : start + PRODUCTS_A_QUERY]
            found = self._where(any_of("product_id", batch), fetched)
            parts.append(found.select(fetched).cast(parts[0].schema))
        chunks = pa.concat_tables(parts)
        return chunks.take(pc.sort_indices(chunks, [(name, "ascending") for name in order])).select(wanted)

    def _where(self, condition: str, columns: Sequence[str]) -> pa.Table:
        return self._read(lambda table: table.search().where(condition).select(list(columns)).limit(None).to_arrow())

    def search(self, query: ChunkQuery) -> pa.Table:
        """The chunks that a question asks for, in its order, without vectors.

        With `near` there is a column `similarity` more, the cosine to it; an order other than by similarity is then
        among the `NEAREST` chunks nearest to it. Ties fall to the smaller `chunk_id`.
        """
        columns = [name for name in self.column_names if name != "vector"]
        if query.near is not None:
            found = self._nearest(query, columns, max(NEAREST, 4 * query.limit))
            return _first(_sorted(found, query.order_by), query)
        limit = query.limit
        while True:
            found = self._in_order(query, columns, limit)
            answer = _first(found, query)
            if answer.num_rows == query.limit or found.num_rows < limit:
                return answer
            limit *= 4

    def _in_order(self, query: ChunkQuery, columns: list[str], limit: int) -> pa.Table:
        """The first chunks in an order that the server keeps."""
        from lancedb.query import ColumnOrdering

        ordering = [ColumnOrdering(column_name=name, ascending=up) for name, up in _ORDERINGS[query.order_by]]
        found = self._read(
            lambda table: table.search().where(query.where()).order_by(ordering).select(columns).limit(limit).to_arrow()
        )
        return found.select(columns)

    def _nearest(self, query: ChunkQuery, columns: list[str], limit: int) -> pa.Table:
        """The chunks nearest to `near` among those that fit, with their similarity."""
        near = self._vector(query.near)
        found = self._read(
            lambda table: (
                table.search(near)
                .distance_type("dot")
                .where(query.where(), prefilter=True)
                .select([*columns, "_distance"])
                .limit(limit)
                .to_arrow()
            )
        )
        # Unit vectors: LanceDB's dot distance is 1 minus the cosine. Rounded, equal texts are equally near.
        similarity = pc.round(pc.subtract(pa.scalar(1.0, pa.float32()), found["_distance"]), 6)
        found = found.select(columns).append_column("similarity", similarity)
        return found.filter(pc.greater_equal(similarity, query.min_similarity))

    def quotes(
        self,
        product_id: str,
        aspect: str,
        polarity: ChunkPolarity,
        limit: int,
        *,
        near: str | QueryVector | None = None,
        diversity: float = DIVERSITY,
    ) -> pa.Table:
        """Quotes that show one opinion on a product: filtered vector search, then `select_quotes`."""
        fitting = ChunkQuery(product_ids=[product_id], aspects=[aspect], polarity=polarity, quotable_only=True)
        if near is None:
            # The middle of the opinion is not known before its chunks are.
            candidates = self._in_order(fitting, self.column_names, QUOTE_CANDIDATES)
        else:
            near = self._vector(near)
            candidates = self._nearest(
                replace(fitting, min_similarity=-1.0, near=near), self.column_names, QUOTE_CANDIDATES
            )
            candidates = candidates.select(self.column_names)
        return select_quotes(candidates, aspect=aspect, polarity=polarity, limit=limit, near=near, diversity=diversity)

    def _vector(self, near: str | QueryVector | None) -> QueryVector:
        if not isinstance(near, str):
            return np.asarray(near, dtype=np.float32)
        if self._embedder is None:
            raise ValueError("`near` is a text, and this store has no embedder: give it one, or give a vector")
        return self._embedder.embed([near])[0]


def _sorted(chunks: pa.Table, order: Order) -> pa.Table:
    keys = [(name, "ascending" if up else "descending") for name, up in _ORDERINGS[order]]
    return chunks.take(pc.sort_indices(chunks, keys))


def _first(chunks: pa.Table, query: ChunkQuery) -> pa.Table:
    """The first rows up to the limit, one a review if so asked."""
    if query.one_a_review:
        _, firsts = np.unique(np.array(chunks["review_id"].to_pylist(), dtype=object), return_index=True)
        chunks = chunks.take(pa.array(np.sort(firsts)))
    return chunks.slice(0, query.limit)


def _index_configs() -> dict[str, object]:
    """The scalar indices: trees where keys and ranges are asked for, bitmaps where there are few values."""
    from lancedb.index import Bitmap, BTree, LabelList

    return {
        **{column: BTree() for column in _BTREES},
        **{column: Bitmap() for column in _BITMAPS},
        **{column: LabelList() for column in _LABEL_LISTS},
    }


def _blanks(chunk_ids: list[str]) -> pa.Table:
    """Rows that stand for nothing, under keys that are to leave."""
    schema = arrow_schema(ReviewChunks)
    empty: dict[pa.DataType, object] = {
        pa.string(): "",
        pa.int32(): 0,
        pa.float32(): 0.0,
        pa.bool_(): False,
        schema.field("created_at").type: 0,
        schema.field("aspects").type: [],
        schema.field("vector").type: [0.0] * EMBEDDING_DIMENSIONS,
    }
    columns = {field.name: pa.array([empty[field.type]] * len(chunk_ids), field.type) for field in schema}
    return pa.table(columns | {"chunk_id": pa.array(chunk_ids, pa.string())}, schema=schema)


def _commit(write: Callable[[], object]) -> None:
    """Commit, again if another writer was faster."""
    for attempt in range(1, COMMIT_ATTEMPTS + 1):
        try:
            write()
            return
        except (RuntimeError, OSError) as error:
            if attempt == COMMIT_ATTEMPTS or not _overtaken(error):
                raise
            time.sleep(FIRST_WAIT_SECONDS * 2 ** (attempt - 1))


def _overtaken(error: Exception) -> bool:
    """Whether a commit failed because another came first; it can then simply be made again."""
    reason = str(error).lower()
    return "commit conflict" in reason or "concurrent" in reason
