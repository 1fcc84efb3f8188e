"""A search over a state folder sees through every way in which a file hides its words."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reviewsum_assets.resources.chunk_store import ChunkStore
from reviewsum_assets.resources.state_search import drop_lines, export_files, ids_of_line, search_state
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.traces import TraceMaker
from reviewsum_tests.resources.test_chunk_store import DAY, chunk, table

WORDS = "Er quietscht wie ein Dachs im Fagott, sobald es regnet."
MAKER = TraceMaker(KeyedHash(b"a key of the tests, long enough").trace)
SEARCH = MAKER.searched(MAKER.of_text(WORDS))


def parquet(path: Path, column: pa.Array) -> None:
    pq.write_table(pa.table({"n": list(range(len(column))), "x": column}), path, compression="zstd")


def write_parquet(path: Path) -> None:
    # Many like it, so that compression and dictionaries leave no plain copy in the pages.
    parquet(path, pa.array([f"{WORDS} {number}" for number in range(500)]))


def write_list(path: Path) -> None:
    parquet(path, pa.array([["a"], ["b", WORDS]] * 300))


def write_dictionary(path: Path) -> None:
    parquet(path, pa.array([WORDS, "b"] * 300).dictionary_encode())


def write_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(b"." * (5 << 20) + WORDS.encode()))


def write_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (x BLOB)")
        connection.execute("INSERT INTO t VALUES (?)", (gzip.compress(WORDS.encode()),))


def write_log(path: Path) -> None:
    path.write_text(json.dumps({"message": WORDS}))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("data.parquet", write_parquet),
        ("lists.parquet", write_list),
        ("words.parquet", write_dictionary),
        ("export.jsonl.gz", write_gzip),
        ("cache.db", write_sqlite),
        ("run.out", write_log),
    ],
)
def test_words_are_found_however_they_are_packed(tmp_path: Path, name: str, write: Callable[[Path], None]) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    write(folder / name)
    (folder / "other.txt").write_text("Nothing of the kind.")
    search = search_state(tmp_path, SEARCH, chunks=None)
    assert set(search.found) == {f"a/b/{name}"}
    assert (search.files, search.unreadable) == (2, [])
    assert not search_state(tmp_path, MAKER.searched(MAKER.of_text(f"Or so {WORDS}")), chunks=None).found


def test_old_versions_of_the_chunk_table_are_read_too(tmp_path: Path) -> None:
    store = ChunkStore(tmp_path / "lancedb")
    keys = [f"r{number}" for number in range(50)]
    store.replace_reviews(DAY, keys, table(*(chunk(key, text=f"{WORDS} {key}") for key in keys)))
    written = store.version()
    store.replace_reviews(DAY, keys, table(*(chunk(key, text="Good.") for key in keys)))
    found = search_state(tmp_path, SEARCH, chunks=store).found
    assert f"lancedb, version {written}" in found
    assert f"lancedb, version {store.version()}" not in found


def test_a_file_that_cannot_be_decoded_proves_nothing_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "half.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "half.gz").write_bytes(gzip.compress(b"x" * 1_000)[:-9])
    search = search_state(tmp_path, SEARCH, chunks=None)
    assert sorted(one.split(":")[0] for one in search.unreadable) == ["half.gz", "half.parquet"]


def test_the_users_key_may_stand_in_the_file_of_the_tombstones_and_nowhere_else(tmp_path: Path) -> None:
    key = "0123456789abcdef" * 2
    search = MAKER.searched(MAKER.of_id(key, "key"))
    for name in ("operations.db", "operations.db-wal", "source.db"):
        (tmp_path / name).write_text(key)
    assert set(search_state(tmp_path, search, chunks=None, without_keys=[tmp_path / "operations.db"]).found) == {
        "source.db"
    }


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_lines_of_an_export_leave_and_the_others_stay_byte_for_byte(tmp_path: Path, name: str) -> None:
    lines = [b'{"review_id": "R1", "user_id": 7}\n', b"no json\n", b'{"review_id": "R2", "user_id": "U2"}\n', b"[1]\n"]
    data = b"".join(lines)
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    (tmp_path / "b.csv").write_text("review_id\n")
    assert list(export_files(tmp_path)) == [path]
    assert [ids_of_line(line) for line in lines] == [("R1", "7"), None, ("R2", "U2"), None]
    assert drop_lines(path, lambda line: (ids_of_line(line) or ("", ""))[0] == "R2") == 1
    left = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    assert left == b"".join([lines[0], lines[1], lines[3]])
    assert drop_lines(path, lambda line: False) == 0
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
