"""A search over every file of the state folder, in raw bytes and in what they decode to."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from reviewsum_assets.resources.chunk_store import ChunkStore
from reviewsum_assets.resources.sqlite_residue import found_in_rows, is_of_database, is_sqlite
from reviewsum_assets.reviews.traces import Trace, TraceSet, blocks_of

LANCE_COLUMNS = ("chunk_id", "review_id", "user_key", "text")

_EXPORTS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


@dataclass
class StateSearch:
    """What a search read and found."""

    files: int = 0
    bytes: int = 0
    found: dict[str, set[Trace]] = field(default_factory=dict)
    """Traces by file, or by table version."""
    unreadable: list[str] = field(default_factory=list)
    """Files that could not be decoded: nothing is proven of them."""

    def note(self, place: str, traces: Collection[Trace]) -> None:
        if traces:
            self.found.setdefault(place, set()).update(traces)


def search_state(
    root: Path,
    traces: TraceSet,
    *,
    chunks: ChunkStore | None,
    elsewhere: Iterable[Path] = (),
    without_keys: Collection[Path] = (),
    foreign: Path | None = None,
) -> StateSearch:
    """Search all files under a folder; memory is bounded by a block, a batch or a portion of rows.

    Args:
        chunks: The chunk table, decoded in every version that can be read; None where there is none.
        elsewhere: Files outside the folder that belong to the state.
        without_keys: Files in which the keyed hashes of users may stand: that of the tombstones.
        foreign: A SQLite file under the folder that is not part of the state, with its log: a shop's own.
    """
    search = StateSearch()
    for path in [*sorted(root.rglob("*")), *elsewhere]:
        if path.is_symlink() or not path.is_file() or is_of_database(path, foreign):
            continue
        place = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
        try:
            found = found_in_file(path, traces)
            search.bytes += path.stat().st_size
        except FileNotFoundError:
            # Another process removed it; LanceDB and SQLite do so at any time.
            continue
        except (OSError, EOFError, zlib.error, pa.ArrowInvalid, sqlite3.Error) as error:
            search.unreadable.append(f"{place}: {' '.join(str(error).split())[:120]}")
            continue
        search.files += 1
        exempt = any(path.name.startswith(file.name) and path.parent == file.parent for file in without_keys)
        search.note(place, {trace for trace in found if not (exempt and trace.kind == "key")})
    if chunks is not None:
        for version in chunks.version_numbers():
            for batch in chunks.every_row(LANCE_COLUMNS, version):
                search.note(f"lancedb, version {version}", traces.found_in(_strings(batch.columns)))
    return search


def found_in_file(path: Path, traces: TraceSet) -> set[Trace]:
    """Traces in a file: its bytes, and what they are the compressed or packed form of."""
    with path.open("rb") as file:
        found = traces.found_in(blocks_of(file))
    if path.suffix == ".gz":
        with gzip.open(path) as unpacked:
            found |= traces.found_in(blocks_of(unpacked))
    elif path.suffix == ".parquet" or ".parquet." in path.name:
        with pq.ParquetFile(path) as table:
            for batch in table.iter_batches(columns=_text_columns(table.schema_arrow)):
                found |= traces.found_in(_strings(batch.columns))
    elif is_sqlite(path):
        found |= found_in_rows(path, traces)
    return found


def export_files(root: Path) -> Iterator[Path]:
    """Review exports that lie in the state folder, as the demo's does."""
    for path in sorted(root.rglob("*.*")):
        if path.name.endswith(_EXPORTS) and path.is_file():
            yield path


def drop_lines(path: Path, leaving: Callable[[bytes], bool]) -> int:
    """Rewrite a file of lines, compressed or not, without those that leave; returns how many left."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        dropped = sum(leaving(line) for line in file)
    if not dropped:
        return 0
    aside = path.with_name(f".{path.name}.aside")
    with opened(path, "rb") as file, opened(aside, "wb") as kept:
        for line in file:
            if not leaving(line):
                kept.write(line)
    aside.replace(path)
    return dropped


def ids_of_line(line: bytes) -> tuple[str | None, str | None] | None:
    """Review and user id of a line of an export; None if it is no JSON object."""
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(row, dict):
        return None
    review_id, user_id = row.get("review_id"), row.get("user_id")
    return (None if review_id is None else str(review_id), None if user_id is None else str(user_id))


def _text_columns(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if _holds_text(field.type)]


def _holds_text(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _holds_text(kind.value_type)
    if pa.types.is_dictionary(kind):
        return _holds_text(kind.value_type)
    return any(
        test(kind)
        for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    )


def _strings(columns: Iterable[pa.Array]) -> Iterator[bytes]:
    """The bytes of text columns, value after value."""
    for column in columns:
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            yield from _strings([column.flatten()])
        elif pa.types.is_dictionary(column.type):
            yield from _strings([column.dictionary])
        elif _holds_text(column.type):
            data = column.buffers()[2]
            # A break that no text goes over: values of two columns are no neighbours.
            yield b"" if data is None else data.to_pybytes() + b"\n"
