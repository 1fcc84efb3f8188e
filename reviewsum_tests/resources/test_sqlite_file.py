"""A SQLite file behaves when many threads and processes meet in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event

import pytest

from reviewsum_assets.resources.sqlite_file import SqliteFile

SCHEMA = ("CREATE TABLE names (name TEXT)", "CREATE INDEX names_name ON names (name)")
WRITERS = 8


def names(file: SqliteFile) -> list[str]:
    return [name for (name,) in file.connection().execute("SELECT name FROM names ORDER BY name")]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[SqliteFile]:
    with closing(SqliteFile(tmp_path / "names.db", schema=SCHEMA, version=1)) as made:
        yield made


def test_a_transaction_that_raises_leaves_nothing(file: SqliteFile) -> None:
    def break_in_the_middle() -> None:
        with file.transaction() as connection:
            connection.execute("INSERT INTO names VALUES ('half')")
            raise RuntimeError("the writer broke")

    with pytest.raises(RuntimeError, match="the writer broke"):
        break_in_the_middle()
    assert names(file) == []
    with file.transaction() as connection:
        connection.execute("INSERT INTO names VALUES ('whole')")
    assert names(file) == ["whole"]


def test_many_may_open_a_new_file_at_the_same_moment(tmp_path: Path) -> None:
    def open_and_write(path: Path, barrier: Barrier, number: int) -> None:
        barrier.wait()
        with closing(SqliteFile(path, schema=SCHEMA, version=1)) as file, file.transaction() as connection:
            connection.execute("INSERT INTO names VALUES (?)", (str(number),))

    with ThreadPoolExecutor(WRITERS) as pool:
        for attempt in range(10):
            path, barrier = tmp_path / f"{attempt}.db", Barrier(WRITERS)
            list(pool.map(lambda n, path=path, barrier=barrier: open_and_write(path, barrier, n), range(WRITERS)))
            with closing(SqliteFile(path, schema=SCHEMA, version=1)) as file:
                assert names(file) == [str(n) for n in range(WRITERS)]


def test_a_transaction_that_reads_before_it_writes_is_not_overtaken(file: SqliteFile) -> None:
    has_read = Event()

    def overtake() -> None:
        has_read.wait(timeout=30)
        with file.transaction() as connection:
            connection.execute("INSERT INTO names VALUES ('second')")

    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(overtake)
        with file.transaction() as connection:
            (count,) = connection.execute("SELECT count(*) FROM names").fetchone()
            has_read.set()
            with pytest.raises(TimeoutError):
                second.result(timeout=0.2)
            connection.execute("INSERT INTO names VALUES (?)", (f"first saw {count}",))
        second.result(timeout=30)
    assert names(file) == ["first saw 0", "second"]


FORK = """
import os, sys
from pathlib import Path
from reviewsum_assets.resources.sqlite_file import SqliteFile

file = SqliteFile(Path(sys.argv[1]), schema=(), version=1)
with file.transaction() as connection:
    connection.execute("INSERT INTO names VALUES ('not committed')")
    child = os.fork()
    if not child:
        (seen,) = file.connection().execute("SELECT count(*) FROM names").fetchone()
        os._exit(seen)
    _, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status))
"""


def test_a_forked_process_does_not_share_the_transaction_of_its_parent(file: SqliteFile) -> None:
    # In a process of its own: to fork this one, with the threads of other tests in it, would not be safe.
    forked = subprocess.run(
        [sys.executable, "-c", FORK, str(file.path)], check=True, capture_output=True, text=True, timeout=60
    )
    assert forked.stdout == "0\n"
    assert names(file) == ["not committed"]
