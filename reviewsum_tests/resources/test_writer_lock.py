"""One writer at a time; a dead one never stands in the way, and a living one is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reviewsum_assets.resources.writer_lock import LockHolder, WriterLockTimeoutError, writer_lock

HOLD = """
import sys
from pathlib import Path
from reviewsum_assets.resources.writer_lock import writer_lock

with writer_lock(Path(sys.argv[1]), "run 4c1f", timeout_seconds=30):
    print("held", flush=True)
    sys.stdin.readline()
"""

COUNT_UP = """
import sys
from pathlib import Path
from reviewsum_assets.resources.writer_lock import writer_lock

total = Path(sys.argv[2])
for _ in range(40):
    with writer_lock(Path(sys.argv[1]), "counter", timeout_seconds=60):
        total.write_text(str(int(total.read_text()) + 1))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "locks" / "writer.lock"


@contextmanager
def another_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until it is told a line or dies."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_lock_that_stays_held_ends_in_an_error_that_names_its_holder(path: Path) -> None:
    with another_process(path) as process:
        with (
            pytest.raises(
                WriterLockTimeoutError, match=rf"run 4c1f \(process {process.pid}, since 20.* UTC\)"
            ) as error,
            writer_lock(path, "refresh", timeout_seconds=0.2),
        ):
            pytest.fail("two writers at once")
        holder = error.value.holder
        assert holder is not None
        assert timedelta(0) <= datetime.now(UTC) - holder.since < timedelta(minutes=1)


def test_who_waits_is_told_once_for_whom_and_goes_on_when_the_holder_ends(path: Path) -> None:
    waited_for: list[LockHolder | None] = []
    with another_process(path) as process:
        ending = threading.Timer(0.3, lambda: print(file=process.stdin, flush=True))
        ending.start()
        with writer_lock(path, "refresh", timeout_seconds=30, on_wait=waited_for.append):
            assert process.wait(timeout=10) == 0
        ending.join()
    assert [(holder.name, holder.pid) for holder in waited_for if holder] == [("run 4c1f", process.pid)]


def test_a_free_lock_is_taken_without_a_word(path: Path) -> None:
    waited_for: list[LockHolder | None] = []
    with writer_lock(path, "refresh", timeout_seconds=0, on_wait=waited_for.append):
        pass
    assert waited_for == []


def test_the_lock_of_a_killed_process_is_free_at_once(path: Path) -> None:
    with another_process(path) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        started = time.monotonic()
        with writer_lock(path, "refresh", timeout_seconds=5):
            assert time.monotonic() - started < 1


def test_the_dead_are_not_named_as_holders(path: Path) -> None:
    with another_process(path) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    left_behind = path.with_name("writer.lock.holder").read_text()
    with another_process(path):
        path.with_name("writer.lock.holder").write_text(left_behind)
        with (
            pytest.raises(WriterLockTimeoutError, match="another process is still writing") as error,
            writer_lock(path, "refresh", timeout_seconds=0),
        ):
            pytest.fail("two writers at once")
        assert error.value.holder is None


def test_only_the_path_tells_locks_apart(path: Path) -> None:
    with (
        another_process(path),
        writer_lock(path.with_name("other.lock"), "run 4c1f", timeout_seconds=0),
        pytest.raises(WriterLockTimeoutError),
        writer_lock(path, "another name", timeout_seconds=0),
    ):
        pytest.fail("two writers at once")


def test_a_thread_may_take_again_what_it_holds_and_stays_the_holder_until_the_last_release(path: Path) -> None:
    holder_file = path.with_name("writer.lock.holder")
    with writer_lock(path, "refresh", timeout_seconds=0):
        with writer_lock(path, "run within", timeout_seconds=0):
            assert LockHolder.model_validate_json(holder_file.read_text()).name == "refresh"
        assert LockHolder.model_validate_json(holder_file.read_text()).pid == os.getpid()
        failed: list[bool] = []

        def other_thread() -> None:
            try:
                with writer_lock(path, "thread", timeout_seconds=0):
                    failed.append(False)
            except WriterLockTimeoutError:
                failed.append(True)

        thread = threading.Thread(target=other_thread)
        thread.start()
        thread.join()
        assert failed == [True]
    assert not holder_file.exists()


def test_an_error_in_the_block_frees_the_lock(path: Path) -> None:
    with pytest.raises(RuntimeError, match="broke"), writer_lock(path, "refresh", timeout_seconds=0):
        raise RuntimeError("the writer broke")
    with another_process(path):
        pass


def test_processes_that_share_it_never_overlap(path: Path, tmp_path: Path) -> None:
    total = tmp_path / "total"
    total.write_text("0")
    counters = [subprocess.Popen([sys.executable, "-c", COUNT_UP, str(path), str(total)]) for _ in range(3)]
    assert [counter.wait(timeout=60) for counter in counters] == [0, 0, 0]
    assert total.read_text() == "120"


def test_bad_arguments_are_refused_with_advice(path: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="give 0 to try once"), writer_lock(path, "refresh", timeout_seconds=-1):
        pass
    with pytest.raises(ValueError, match="path of a lock file"), writer_lock(tmp_path, "refresh", timeout_seconds=0):
        pass
