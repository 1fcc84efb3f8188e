"""Reading a review export: JSON lines, CSV or Parquet, plain or gzipped, as a stream of rows.

Every row of the file becomes one item: an `ExportRow`, or a `DeadLetter` with its place and reason. Only a file that is
no export at all (unknown format, missing columns, nothing in it) raises `ExportError`, before its first row.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

import orjson
import pyarrow
import pyarrow.parquet

from reviewsum_assets.contracts.records import DeadLetter
from reviewsum_assets.contracts.source import EXPORT_FIELDS, REQUIRED_FIELDS
from reviewsum_assets.reviews.export_lines import (
    GZIP_MAGIC,
    MAX_LINE_BYTES,
    ExportError,
    Line,
    Problem,
    decoded,
    read_lines,
    unfolded,
)

__all__ = ["DeadLetter", "ExportError", "ExportRow", "export_format", "read_export"]

Format = Literal["json", "csv", "parquet"]

_FORMATS: dict[str, Format] = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}
_FORMATS_IN_WORDS = "JSON lines (.jsonl, .ndjson, .json), CSV (.csv, .tsv) or Parquet (.parquet), each plain or .gz"

_DELIMITERS = ",;\t|"
_PARQUET_BATCH_ROWS = 1_000

_KEPT_CHARACTERS = 16_000
"""Of a refused row: enough to redact with context before it is cut for storage."""

_MAX_RECORD_LINES = 10_000
"""Lines a quoted CSV field may run over before its quote counts as never closed."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row as read: values untyped and not yet judged."""

    origin: str
    """File and line (CSV: where the row starts; Parquet: row), from 1: `reviews.jsonl.gz:42`."""
    values: dict[str, object]
    repairs: tuple[str, ...] = ()
    """What had to be repaired to read it: encodings, characters that no database can hold."""


def export_format(path: Path) -> Format:
    """The format by the file's name.

    Raises:
        ExportError: if the file is missing, no file, empty or of an unknown format.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    if not path.exists():
        raise ExportError(f"{path} does not exist: check the path")
    if not path.is_file():
        raise ExportError(f"{path} is not a file: name the export files themselves")
    if not suffixes or suffixes[-1] not in _FORMATS:
        raise ExportError(f"{path.name} is of an unknown format: export it as {_FORMATS_IN_WORDS}")
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise ExportError(f"{path} cannot be read ({error.strerror}): check its permissions") from error
    if not head:
        raise ExportError(f"{path.name} is empty: export it again")
    found = _FORMATS[suffixes[-1]]
    if head == b"PK\x03\x04":
        raise ExportError(f"{path.name} is a zip archive or a spreadsheet: unpack it, or save it as CSV in UTF-8")
    if head == b"PAR1" and found != "parquet":
        raise ExportError(f"{path.name} is a Parquet file: rename it to end in .parquet")
    return found


def read_export(path: Path) -> Iterator[ExportRow | DeadLetter]:
    """The rows of an export in file order, streamed; rows that cannot be read as dead letters, their text as it came.

    A truncated archive yields every whole row and then one dead letter that says where it breaks off. Blank lines are
    no rows.

    Raises:
        ExportError: if the file is no review export; the message says what to do.
    """
    path = Path(path)
    found = export_format(path)
    name = path.name.encode(errors="replace").decode()
    if found == "json":
        return _read_json_lines(path, name)
    if found == "csv":
        return _read_csv(path, name)
    return _read_parquet(path, name)


# JSON lines


def _read_json_lines(path: Path, name: str) -> Iterator[ExportRow | DeadLetter]:
    first = True
    for line in read_lines(path):
        if line.problem is None and not line.data.strip():
            continue
        if first and _is_document(line, path):
            raise ExportError(f"{name} is one JSON document: write one object a line (jq -c '.[]' {name} > rows.jsonl)")
        first = False
        yield _json_row(f"{name}:{line.number}", line)
    if first:
        raise ExportError(f"{name} holds no rows: export it again")


def _is_document(first: Line, path: Path) -> bool:
    """The file is a single array or an indented object, and not an object a line."""
    data = first.data.strip()
    return data in (b"[", b"{") or (data.startswith(b"[") and ".json" in [suffix.lower() for suffix in path.suffixes])


def _json_row(origin: str, line: Line) -> ExportRow | DeadLetter:
    if line.problem is not None:
        return _dead_letter(origin, line.problem, line.data)
    repairs: list[str] = []
    try:
        values = orjson.loads(line.data)
    except orjson.JSONDecodeError:
        text, repair = decoded(line.data)
        if repair:
            repairs.append(repair)
        try:
            # The standard parser also knows NaN, which Python and R write, and halves of surrogate pairs, which
            # exports hold that cut texts at a length.
            values = json.loads(text, parse_constant=_null)
        except json.JSONDecodeError as error:
            return _dead_letter(origin, _json_problem(error, line), line.data)
        except (RecursionError, ValueError) as error:
            reason = "nested too deeply" if isinstance(error, RecursionError) else "a number has too many digits"
            return _dead_letter(origin, Problem("bad_json", f"not readable as JSON: {reason}"), line.data)
    if not isinstance(values, dict):
        return _dead_letter(origin, Problem("not_an_object", "JSON, but no object: write one a line"), line.data)
    if b"\\u0000" in line.data or b"\\ud" in line.data or b"\\uD" in line.data or b"\0" in line.data:
        values, repaired = _storable(values)
        repairs += repaired
    return ExportRow(origin, values, tuple(repairs))


def _null(_: str) -> None:
    return None


def _json_problem(error: json.JSONDecodeError, line: Line) -> Problem:
    if not line.ended:
        return Problem("truncated", f"the file ends in the middle of this row, after {len(line.data):,} bytes of it")
    return Problem("bad_json", f"not readable as JSON: {error.msg} at character {error.pos + 1:,} of the line")


def _storable(values: dict[str, object]) -> tuple[dict[str, object], list[str]]:
    """The values with every NUL and half surrogate pair in their texts replaced by U+FFFD."""
    repaired = {
        key: value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if isinstance(value, str)
        else value
        for key, value in values.items()
    }
    changed = repaired != values
    return repaired, ["NUL or half a character was replaced by U+FFFD"] if changed else []


# CSV


class _Dialect(csv.Dialect):
    """Strict, so that a row whose quotes do not match is refused and not mixed with its neighbours."""

    quotechar = '"'
    doublequote = True
    lineterminator = "\n"
    quoting = csv.QUOTE_MINIMAL
    strict = True

    def __init__(self, delimiter: str, *, skip_space: bool) -> None:
        self.delimiter = delimiter
        self.skipinitialspace = skip_space
        super().__init__()


def _read_csv(path: Path, name: str) -> Iterator[ExportRow | DeadLetter]:
    lines = read_lines(path)
    header_line = next((line for line in lines if line.data.strip()), None)
    if header_line is None:
        raise ExportError(f"{name} holds no rows: export it again")
    dialect, header = _csv_header(decoded(header_line.data)[0], name)
    for line, fields, repair in _csv_records(lines, dialect):
        origin = f"{name}:{line.number}"
        if isinstance(fields, Problem):
            yield _dead_letter(origin, fields, line.data)
        elif len(fields) != len(header):
            yield _dead_letter(origin, _count_problem(fields, header, line), line.data)
        else:
            values: dict[str, object] = dict(zip(header, fields, strict=True))
            repairs = [repair] if repair else []
            if b"\0" in line.data:
                values, repaired = _storable(values)
                repairs += repaired
            yield ExportRow(origin, values, tuple(repairs))


def _count_problem(fields: list[str], header: list[str], line: Line) -> Problem:
    if not line.ended and len(fields) < len(header):
        return Problem("truncated", f"the file ends in the middle of this row, in field {len(fields)} of {len(header)}")
    reason = f"{len(fields)} fields where the header has {len(header)}: quote fields that hold delimiters or line ends"
    return Problem("bad_csv", reason)


def _csv_header(text: str, name: str) -> tuple[_Dialect, list[str]]:
    """The dialect under which the first line names the most fields of an export, and those names."""
    best: tuple[int, _Dialect, list[str]] | None = None
    for delimiter in _DELIMITERS:
        dialect = _Dialect(delimiter, skip_space=f"{delimiter} " in text)
        try:
            names = [field.strip() for field in next(csv.reader([text], dialect))]
        except csv.Error:
            continue
        known = len(set(names).intersection(EXPORT_FIELDS))
        if best is None or known > best[0]:
            best = (known, dialect, names)
    if best is None or best[0] == 0:
        raise ExportError(f"{name} has no header: its first line must name {', '.join(REQUIRED_FIELDS)}")
    _require_columns(best[2], name)
    return best[1], best[2]


def _require_columns(names: Iterable[str], name: str) -> None:
    missing = [field for field in REQUIRED_FIELDS if field not in set(names)]
    if missing:
        raise ExportError(f"{name} has no column {', '.join(missing)}: an export needs {', '.join(REQUIRED_FIELDS)}")


def _csv_records(lines: Iterator[Line], dialect: _Dialect) -> Iterator[tuple[Line, list[str] | Problem, str | None]]:
    """Records with the line they start on. A record that cannot be read costs its first line: reading goes on at the
    next, so that one lost quote does not swallow the rest of the file."""
    waiting: deque[Line] = deque()
    while line := (waiting.popleft() if waiting else next(lines, None)):
        if line.problem is not None:
            yield line, line.problem, None
            continue
        text, repair = decoded(line.data)
        if not text.strip():
            continue
        if '"' not in text:
            yield line, _unquoted(text, dialect), repair
            continue
        taken: list[Line] = []
        repairs = [repair]

        def texts(taken: list[Line] = taken, repairs: list[str | None] = repairs, text: str = text) -> Iterator[str]:
            yield text + "\n"
            size = len(text)
            while len(taken) < _MAX_RECORD_LINES and size < MAX_LINE_BYTES:
                more = waiting.popleft() if waiting else next(lines, None)
                if more is None:
                    return
                taken.append(more)
                if more.problem is not None:
                    return
                following, following_repair = decoded(more.data)
                repairs.append(following_repair)
                size += len(following)
                yield following + "\n"

        try:
            fields = next(csv.reader(texts(), dialect))
        except csv.Error as error:
            waiting.extendleft(reversed(taken))
            yield line, _csv_problem(error, line), None
            continue
        data = b"\n".join([line.data, *(more.data for more in taken)])
        whole = Line(line.number, data, None, (taken or [line])[-1].ended)
        yield whole, fields, next(filter(None, repairs), None)


def _unquoted(text: str, dialect: _Dialect) -> list[str]:
    fields = text.split(dialect.delimiter)
    return [field.lstrip(" ") for field in fields] if dialect.skipinitialspace else fields


def _csv_problem(error: csv.Error, line: Line) -> Problem:
    if not line.ended:
        return Problem("truncated", "the file ends in the middle of this row, inside quotes")
    return Problem("bad_csv", f"its quotes do not match ({error}): double each quote inside a quoted field")


# Parquet


def _read_parquet(path: Path, name: str) -> Iterator[ExportRow | DeadLetter]:
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
            table = pyarrow.parquet.ParquetFile(source)
        except (pyarrow.ArrowException, OSError) as error:
            raise ExportError(f"{name} is no whole Parquet file ({_first_line(error)}): export it again") from error
        names: list[str] = table.schema_arrow.names
        _require_columns(names, name)
        yield from _parquet_rows(table, names, name)


def _parquet_rows(table: pyarrow.parquet.ParquetFile, names: list[str], name: str) -> Iterator[ExportRow | DeadLetter]:
    """Rows group by group: a damaged group costs its own rows from the damage on, not those of the groups after it."""
    known = [column for column in names if column in EXPORT_FIELDS]
    others = dict.fromkeys(column for column in names if column not in EXPORT_FIELDS)
    start = 0
    for group in range(table.num_row_groups):
        number, end = start, start + table.metadata.row_group(group).num_rows
        try:
            for batch in table.iter_batches(_PARQUET_BATCH_ROWS, row_groups=[group], columns=known, use_threads=False):
                for item in _batch_rows(batch, name, number, others):
                    number += 1
                    yield item
        except (pyarrow.ArrowException, OSError) as error:
            reason = f"rows {number + 1:,} to {end:,} cannot be read ({_first_line(error)}): export the file again"
            yield _dead_letter(f"{name}:{number + 1}", Problem("damaged_file", reason), b"")
        start = end


def _batch_rows(
    batch: pyarrow.RecordBatch, name: str, number: int, others: dict[str, object]
) -> Iterator[ExportRow | DeadLetter]:
    columns = [_plain_times(column) for column in batch.columns]
    for row in range(batch.num_rows):
        origin = f"{name}:{number + row + 1}"
        values: dict[str, object] = {}
        problem = None
        for column_name, column in zip(batch.schema.names, columns, strict=True):
            try:
                values[column_name] = column[row].as_py()
            except (ValueError, OverflowError, pyarrow.ArrowException) as error:
                problem = Problem("unreadable_value", f"{column_name} cannot be read: {type(error).__name__}")
        if problem:
            yield _dead_letter(origin, problem, repr(values).encode(errors="replace"))
            continue
        repairs: list[str] = []
        if any(isinstance(value, str) and "\0" in value for value in values.values()):
            values, repairs = _storable(values)
        yield ExportRow(origin, values | others, tuple(repairs))


def _plain_times(column: pyarrow.Array) -> pyarrow.Array:
    """Nanosecond times cut to microseconds, which is what Python's times hold."""
    kind = column.type
    if pyarrow.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pyarrow.timestamp("us", kind.tz), safe=False)
    return column


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:160]


# Dead letters


def _dead_letter(origin: str, problem: Problem, data: bytes) -> DeadLetter:
    raw = data[: 4 * _KEPT_CHARACTERS].decode(errors="replace")[:_KEPT_CHARACTERS]
    return DeadLetter(origin=origin, reason_code=problem.code, reason=problem.reason, raw=raw.replace("\0", "\ufffd"))
