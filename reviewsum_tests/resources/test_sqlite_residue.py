"""SQLite files that others write: marks in the place of what is searched for, and no free page that remembers."""

from __future__ import annotations

import gzip
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from reviewsum_assets.resources import sqlite_residue
from reviewsum_assets.resources.sqlite_residue import compact, found_in_rows, is_sqlite, rewrite_rows
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.traces import TraceMaker

WORDS = "It squeaks like a badger in a bassoon whenever it rains."
MAKER = TraceMaker(KeyedHash(b"a key of the tests, long enough").trace)
SEARCH = MAKER.searched(MAKER.of_text(WORDS) | MAKER.of_id("R000123"))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "events.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, event TEXT, body BLOB)")
        connection.execute("CREATE TABLE named (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        rows = [(f'{{"message": "review R{number:06}"}}', None) for number in range(2_000)]
        rows += [(WORDS, None), (None, gzip.compress(WORDS.encode()))]
        connection.executemany("INSERT INTO events (event, body) VALUES (?, ?)", rows)
        connection.execute("INSERT INTO named VALUES ('a', 'cites R000123'), ('b', 'cites R000124')")
    return path


def test_marks_take_the_place_of_traces_and_every_other_row_stays(database: Path) -> None:
    assert rewrite_rows(database, SEARCH) == 3
    with closing(sqlite3.connect(database)) as connection:
        events = [event for (event,) in connection.execute("SELECT event FROM events ORDER BY id")]
        assert connection.execute("SELECT value FROM named").fetchall() == [("cites [erased]",), ("cites R000124",)]
    assert events[123] == '{"message": "review [erased]"}'
    assert events[124] == '{"message": "review R000124"}'
    assert events[2_000] == "[erased]"
    assert rewrite_rows(database, SEARCH) == 0


def test_what_is_packed_in_a_value_is_found(database: Path) -> None:
    rewrite_rows(database, SEARCH)
    assert found_in_rows(database, SEARCH) == SEARCH.found(WORDS.encode())


def test_compaction_leaves_nothing_of_rows_deleted_without_care(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM events WHERE event = ?", (WORDS,))
    assert WORDS.encode() in database.read_bytes()
    assert compact(database) is None
    assert WORDS.encode() not in database.read_bytes()


def test_a_file_that_is_held_says_so_and_stays(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_residue, "BUSY_SECONDS", 0.1)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            held.set()
            release.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    assert "locked" in str(compact(database))
    release.set()
    thread.join()
    assert compact(database) is None


def test_only_sqlite_files_are_taken_for_some(database: Path, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"SQLite")
    assert is_sqlite(database)
    assert not is_sqlite(tmp_path / "x.db")
    assert not is_sqlite(tmp_path / "nowhere.db")
