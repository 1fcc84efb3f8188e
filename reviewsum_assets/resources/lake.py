"""The lake: `lake/<asset>/<partition>/data.parquet`, one atomic file a partition.

Each file carries in its footer what a later run needs to decide whether there is anything to do: the data version
(SHA-256 of the column data), the inputs it was made from, and the blocking checks that it failed. File and footer are
renamed into place together, so a killed run leaves the old partition or the new one, never a mixture.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from reviewsum_assets.contracts.tables import Table, arrow_schema, validated

UNPARTITIONED = "all"
"""Folder of an asset without partitions."""

ROW_GROUP_ROWS = 8_192
"""Rows a row group: small enough to stream a day with vectors, large enough for zstd and column statistics."""

T = TypeVar("T")

Profile = Mapping[str, Mapping[str, int]]
"""Counts that a partition keeps of itself in its footer: distribution → value → rows. Read without its data."""

_FOOTER_KEY = b"reviewsum"
_FILE = "data.parquet"


class LakeError(Exception):
    """A partition that cannot be read or written, with what to do."""


@dataclass(frozen=True)
class PartitionInfo:
    """What the footer of a partition says."""

    rows: int
    data_version: str
    inputs: str
    failed_checks: tuple[str, ...] = ()
    profile: Profile = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """No blocking check failed: downstream may read it."""
        return not self.failed_checks


class Lake:
    """Parquet tables by asset and partition, under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._infos: dict[Path, tuple[tuple[int, int, int], PartitionInfo]] = {}

    def path(self, asset: str, partition: str = UNPARTITIONED) -> Path:
        return self.root / asset / partition / _FILE

    def partitions(self, asset: str) -> list[str]:
        """Partitions that exist, sorted."""
        return sorted(path.parent.name for path in (self.root / asset).glob(f"*/{_FILE}"))

    def info(self, asset: str, partition: str = UNPARTITIONED) -> PartitionInfo | None:
        """The footer of a partition, or None where there is none."""
        path = self.path(asset, partition)
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        # A partition is replaced whole, by another file: what was read of this one still holds. A refresh asks for the
        # same footers many times, for each day looks at the days around it.
        version = (found.st_ino, found.st_mtime_ns, found.st_size)
        known = self._infos.get(path)
        if known is not None and known[0] == version:
            return known[1]
        metadata = _read(path, lambda: pq.read_metadata(path))
        stored = orjson.loads((metadata.metadata or {}).get(_FOOTER_KEY, b"{}"))
        info = PartitionInfo(
            rows=metadata.num_rows,
            data_version=stored.get("data_version", ""),
            inputs=stored.get("inputs", ""),
            failed_checks=tuple(stored.get("failed_checks", ())),
            profile=stored.get("profile", {}),
        )
        self._infos[path] = (version, info)
        return info

    def columns(self, asset: str, partition: str = UNPARTITIONED) -> list[str]:
        """Columns that a stored partition has."""
        path = self.path(asset, partition)
        return list(_read(path, lambda: pq.read_schema(path)).names)

    def read(
        self, asset: str, table: type[Table], partition: str = UNPARTITIONED, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """A whole partition; no rows where there is none."""
        path = self.path(asset, partition)
        if not path.exists():
            schema = arrow_schema(table)
            return schema.empty_table() if columns is None else schema.empty_table().select(list(columns))
        return _read(path, lambda: pq.read_table(path, columns=None if columns is None else list(columns)))

    def batches(
        self,
        asset: str,
        partition: str = UNPARTITIONED,
        *,
        columns: Sequence[str] | None = None,
        batch_rows: int = ROW_GROUP_ROWS,
    ) -> Iterator[pa.Table]:
        """A partition in tables of at most `batch_rows` rows, in stored order."""
        path = self.path(asset, partition)
        if not path.exists():
            return
        with _read(path, lambda: pq.ParquetFile(path)) as file:
            for batch in file.iter_batches(batch_size=batch_rows, columns=None if columns is None else list(columns)):
                yield pa.Table.from_batches([batch])

    def write(
        self,
        asset: str,
        table: type[Table],
        batches: Iterable[pa.Table],
        partition: str = UNPARTITIONED,
        *,
        inputs: str = "",
    ) -> PartitionInfo:
        """Write a partition whole, from batches that are checked against the table's model as they pass.

        Args:
            inputs: What the rows were made from; `info(...).inputs` tells a later run whether it changed.

        Raises:
            pandera.errors.SchemaErrors: a row breaks the contract; the old partition stays.
        """
        writer = self.open(asset, table, partition, inputs=inputs)
        with writer:
            for batch in batches:
                writer.append(batch)
        return writer.info

    def open(
        self, asset: str, table: type[Table], partition: str = UNPARTITIONED, *, inputs: str = ""
    ) -> PartitionWriter:
        """A writer for callers that fill several partitions at once; it takes effect when its context ends well."""
        return PartitionWriter(self.path(asset, partition), table, inputs)

    def mark(self, asset: str, partition: str, failed_checks: Sequence[str]) -> None:
        """Record which blocking checks a partition failed, keeping its rows and data version."""
        info = self.info(asset, partition)
        if info is None or info.failed_checks == tuple(failed_checks):
            return
        path = self.path(asset, partition)
        data = _read(path, lambda: pq.ParquetFile(path))
        with (
            _aside(path) as file,
            data,
            pq.ParquetWriter(file, data.schema_arrow, **_encoding(data.schema_arrow)) as writer,
        ):
            for group in range(data.num_row_groups):
                writer.write_table(data.read_row_group(group))
            writer.add_key_value_metadata(_footer(info.data_version, info.inputs, failed_checks, info.profile))

    def rewrite(self, asset: str, partition: str, change: Callable[[pa.Table], pa.Table]) -> None:
        """Pass the rows of a partition, of any asset, through a function, a row group at a time.

        What it was made from is forgotten, so that the next refresh makes it anew.
        """
        path = self.path(asset, partition)
        data = _read(path, lambda: pq.ParquetFile(path))
        with _aside(path) as file, data:
            hashing = _HashingFile(file)
            with pq.ParquetWriter(hashing, data.schema_arrow, **_encoding(data.schema_arrow)) as writer:
                for group in range(data.num_row_groups):
                    writer.write_table(change(data.read_row_group(group)))
                writer.add_key_value_metadata(_footer(hashing.hexdigest(), "", (), {}))

    def remove_abandoned(self) -> int:
        """Remove what killed writers left beside their partitions; returns how many files."""
        leftovers = list(self.root.glob(f"*/*/.{_FILE}.*"))
        for leftover in leftovers:
            _remove_if_abandoned(leftover)
        return sum(not leftover.exists() for leftover in leftovers)

    def delete(self, asset: str, partition: str) -> None:
        path = self.path(asset, partition)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            path.parent.rmdir()


class PartitionWriter:
    """Streams one partition; on success it replaces the old file, on any error it leaves it."""

    def __init__(self, path: Path, table: type[Table], inputs: str) -> None:
        self._path = path
        self._table = table
        self._schema = arrow_schema(table)
        self._inputs = inputs
        self._pending: list[pa.Table] = []
        self._pending_rows = 0
        self._rows = 0
        self._info: PartitionInfo | None = None
        self.profile: Profile = {}
        """Counts to keep in the footer; set before the context ends."""

    @property
    def info(self) -> PartitionInfo:
        """The footer as written; there only once the context has ended."""
        if self._info is None:
            raise LakeError("the partition is still being written: read its info after the `with` block")
        return self._info

    def __enter__(self) -> PartitionWriter:
        self._context = _aside(self._path)
        self._file = _HashingFile(self._context.__enter__())
        self._writer = pq.ParquetWriter(self._file, self._schema, **_encoding(self._schema))
        return self

    def append(self, batch: pa.Table) -> None:
        self._pending.append(batch.select(self._schema.names))
        self._pending_rows += batch.num_rows
        if self._pending_rows >= ROW_GROUP_ROWS:
            self._flush(whole_groups_only=True)

    def _flush(self, *, whole_groups_only: bool) -> None:
        # Row groups have a fixed size whatever the batches were, so that equal rows are equal bytes. They are checked
        # group by group: a check costs 25 ms whatever it is given.
        data = pa.concat_tables([table.cast(self._schema) for table in self._pending])
        start = 0
        while data.num_rows - start >= ROW_GROUP_ROWS or (not whole_groups_only and start < data.num_rows):
            self._writer.write_table(validated(data.slice(start, ROW_GROUP_ROWS), self._table))
            start += ROW_GROUP_ROWS
        rest = data.slice(start)
        self._pending, self._pending_rows = ([rest], rest.num_rows) if rest.num_rows else ([], 0)
        self._rows += min(start, data.num_rows)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None:
            self._writer.close()
            self._context.__exit__(kind, error, trace)
            return
        try:
            if self._pending:
                self._flush(whole_groups_only=False)
            data_version = self._file.hexdigest()
            self._writer.add_key_value_metadata(_footer(data_version, self._inputs, (), self.profile))
            self._writer.close()
        except BaseException as failure:
            self._context.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._context.__exit__(None, None, None)
        self._info = PartitionInfo(self._rows, data_version, self._inputs, profile=self.profile)


def _encoding(schema: pa.Schema) -> dict[str, Any]:
    """zstd for all but vectors: random floats lose 8 % by it, at ten times the time."""
    vectors = {field.name for field in schema if pa.types.is_fixed_size_binary(field.type)}
    if not vectors:
        return {"compression": "zstd"}
    return {
        "compression": {name: "none" if name in vectors else "zstd" for name in schema.names},
        "use_dictionary": [name for name in schema.names if name not in vectors],
    }


class _HashingFile:
    """A file that hashes what is written: column data before the footer is a content hash of the rows."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        # The context that opened the file closes it, after syncing.
        self._file.flush()

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


class _aside:  # a context manager, named as it reads
    """Write a file beside its place, sync it, rename it in; on error, remove it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")

    def __enter__(self) -> IO[bytes]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for leftover in self._path.parent.glob(f".{self._path.name}.*"):
            _remove_if_abandoned(leftover)
        self._file = self._temporary.open("wb")
        return self._file

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None:
            self._file.close()
            self._temporary.unlink(missing_ok=True)
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._temporary.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _remove_if_abandoned(leftover: Path) -> None:
    """Remove a file that a killed process left behind; one whose process lives is still being written."""
    owner = leftover.name.split(".")[-2]
    if not owner.isdigit() or not Path(f"/proc/{owner}").exists():
        leftover.unlink(missing_ok=True)


def _footer(data_version: str, inputs: str, failed_checks: Sequence[str], profile: Profile) -> dict[str, str]:
    document = {
        "data_version": data_version,
        "inputs": inputs,
        "failed_checks": list(failed_checks),
        "profile": {name: dict(counts) for name, counts in profile.items()},
    }
    return {_FOOTER_KEY.decode(): orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode()}


def _read(path: Path, action: Callable[[], T]) -> T:
    try:
        return action()
    except (pa.ArrowInvalid, OSError) as error:
        raise LakeError(f"{path} cannot be read ({error}): delete it and materialise its partition again") from error
