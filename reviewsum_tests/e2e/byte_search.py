"""A search of its own over a state folder: nothing of the platform's code decides what it looks at."""

from __future__ import annotations

import gzip
import re
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

import lancedb
import pyarrow.parquet as pq


def sentences(text: str) -> set[str]:
    """Sentences of at least 20 characters."""
    return {part.strip() for part in re.split(r"(?<=[.!?…])\s+|\n", text) if len(part.strip()) >= 20}


def contents(home: Path) -> Iterator[tuple[str, bytes]]:
    """Every file in raw bytes, and what packed ones unpack to, by name."""
    for path in sorted(home.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        name = str(path.relative_to(home))
        yield name, data
        if path.suffix == ".gz":
            yield f"{name} (unpacked)", gzip.decompress(data)
        if path.suffix == ".parquet":
            for column in pq.read_table(path).drop_columns(_vectors(path)).to_pydict().values():
                yield f"{name} (decoded)", repr(column).encode()
        if data.startswith(b"SQLite format 3"):
            yield f"{name} (rows)", b"\n".join(_rows(path))
    if (home / "lancedb").exists():
        table = lancedb.connect(home / "lancedb").open_table("review_chunks")
        for version in table.list_versions():
            table.checkout(version["version"])
            columns = table.search().select(["review_id", "user_key", "text"]).limit(None).to_arrow().to_pydict()
            yield f"lancedb version {version['version']}", "\n".join(map(str, columns.values())).encode()


def places_of(home: Path, needles: Collection[str]) -> dict[str, set[str]]:
    """Where each of some texts occurs, as UTF-8 or as JSON escapes it: place → texts."""
    forms = [(needle, {needle.encode(), needle.encode("ascii", "backslashreplace")}) for needle in needles]
    found: dict[str, set[str]] = {}
    for place, data in contents(home):
        here = {needle for needle, ways in forms if any(way in data for way in ways)}
        if here:
            found.setdefault(place, set()).update(here)
    return found


def _vectors(path: Path) -> list[str]:
    return [name for name in pq.read_schema(path).names if name == "vector"]


def _rows(path: Path) -> Iterator[bytes]:
    connection = sqlite3.connect(path)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in connection.execute(f'SELECT * FROM "{table}"'):
            for value in row:
                if isinstance(value, bytes):
                    yield gzip.decompress(value) if value[:2] == b"\x1f\x8b" else value
                elif value is not None:
                    yield str(value).encode("utf-8", "surrogatepass")
    connection.close()
