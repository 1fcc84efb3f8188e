"""Parquet exports, plain or gzipped, of any types: row by row, so that one bad value costs its row alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow
import pyarrow.compute
import pyarrow.parquet

from reviewsum_assets.contracts.records import DeadLetter
from reviewsum_assets.contracts.source import DEAD_LETTER_KEY, EXPORT_FIELDS
from reviewsum_assets.reviews.export_csv import require_columns
from reviewsum_assets.reviews.export_lines import GZIP_MAGIC, ExportError, Problem, unfolded
from reviewsum_assets.reviews.export_rows import ExportRow, dead_letter, dead_values, plain, storable

_BATCH_ROWS = 1_000

_UNFOLDED_BYTES = 256 * 1024 * 1024
"""What a batch may unfold to, as far as the file says: row groups that say more are read in smaller batches."""

_AT_ONCE_BYTES = 16 * 1024 * 1024
"""Of a column and batch that become Python texts at once, which is faster than one by one."""

_BUFFER_BYTES = 1024 * 1024


def read_parquet(path: Path, name: str) -> Iterator[ExportRow | DeadLetter]:
    """The rows of a Parquet export in file order.

    Raises:
        ExportError: if the file is no whole Parquet file or lacks a needed column.
    """
    with path.open("rb") as file, tempfile.TemporaryFile() as unpacked:
        source: BinaryIO = file
        if file.read(2) == GZIP_MAGIC:
            # Parquet is read from its end, so a gzipped one is unpacked to disk, not to memory.
            file.seek(0)
            try:
                for chunk in unfolded(file):
                    unpacked.write(chunk)
            except Exception as error:
                raise ExportError(f"{name} cannot be unpacked: {error}") from error
            source = cast(BinaryIO, unpacked)
        source.seek(0)
        try:
            table = _opened(source)
            names: list[str] = table.schema_arrow.names
        except Exception as error:
            raise ExportError(f"{name} is no whole Parquet file ({_first_line(error)}): export it again") from error
        require_columns(names, name)
        yield from _rows(table, names, name)


def _opened(source: BinaryIO) -> pyarrow.parquet.ParquetFile:
    """The file, read in small buffers; a text that many rows share is held once, or it could fill the memory."""
    schema = pyarrow.parquet.read_schema(source)
    texts = [field.name for field in schema if field.name in EXPORT_FIELDS and _is_text(field.type)]
    source.seek(0)
    return pyarrow.parquet.ParquetFile(source, buffer_size=_BUFFER_BYTES, read_dictionary=sorted(set(texts)))


def _is_text(kind: pyarrow.DataType) -> bool:
    types = pyarrow.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind))


def _rows(table: pyarrow.parquet.ParquetFile, names: list[str], name: str) -> Iterator[ExportRow | DeadLetter]:
    """Rows group by group: a damaged group costs its own rows from the damage on, not those of the groups after it."""
    wanted = {*EXPORT_FIELDS, DEAD_LETTER_KEY}
    known = [column for column in names if column in wanted]
    others = dict.fromkeys(column for column in names if column not in wanted)
    start = 0
    for group in range(table.num_row_groups):
        metadata = table.metadata.row_group(group)
        number, end = start, start + metadata.num_rows
        batch_rows = min(_BATCH_ROWS, max(1, _BATCH_ROWS * _UNFOLDED_BYTES // max(1, metadata.total_byte_size)))
        try:
            for batch in table.iter_batches(batch_rows, row_groups=[group], columns=known, use_threads=False):
                for item in _batch_rows(batch, name, number, others):
                    number += 1
                    yield item
        except Exception as error:
            reason = f"rows {number + 1:,} to {end:,} cannot be read ({_first_line(error)}): export the file again"
            yield dead_letter(f"{name}:{number + 1}", Problem("damaged_file", reason), b"")
        start = end


def _batch_rows(
    batch: pyarrow.RecordBatch, name: str, number: int, others: dict[str, object]
) -> Iterator[ExportRow | DeadLetter]:
    columns = [_values(column) for column in batch.columns]
    for row in range(batch.num_rows):
        origin = f"{name}:{number + row + 1}"
        values: dict[str, object] = {}
        problem = None
        for column_name, column in zip(batch.schema.names, columns, strict=True):
            try:
                values[column_name] = column[row].as_py() if isinstance(column, pyarrow.Array) else column[row]
            except Exception as error:
                # Times beyond the calendar, zones that nobody knows, bytes that are no text: Arrow raises all kinds.
                problem = Problem("unreadable_value", f"{column_name} cannot be read: {type(error).__name__}")
        if problem:
            yield dead_values(origin, problem, values)
            continue
        repairs: list[str] = []
        if any(isinstance(value, str) and "\0" in value for value in values.values()):
            values, repairs = storable(values)
        yield ExportRow(origin, values | others, tuple(repairs))


def _values(column: pyarrow.Array) -> pyarrow.Array | list[object]:
    """The column's values at once, or the column itself where that would fill the memory or one cannot be read."""
    if pyarrow.types.is_dictionary(column.type):
        lengths = pyarrow.compute.binary_length(column.dictionary).take(column.indices)
        if (pyarrow.compute.sum(lengths).as_py() or 0) > _AT_ONCE_BYTES:
            return column
        column = column.dictionary_decode()
    try:
        return list(_plain_times(column).to_pylist())
    except Exception:
        return column


def _plain_times(column: pyarrow.Array) -> pyarrow.Array:
    """Nanosecond times cut to microseconds, which is what Python's times hold."""
    kind = column.type
    if pyarrow.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pyarrow.timestamp("us", kind.tz), safe=False)
    return column


def _first_line(error: Exception) -> str:
    return plain(str(error).split("\n", 1)[0][:160])
