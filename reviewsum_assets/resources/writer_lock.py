"""One writer at a time: the lock that `refresh`, runs launched by sensors and runs by hand share.

LanceDB's upserts conflict when two processes write, and two refreshes would pay for the same words. The operating
system holds the lock, so it goes with its process however that ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

POLL_SECONDS = 0.1


class LockHolder(BaseModel):
    """Who holds the lock."""

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int
    since: datetime

    def __str__(self) -> str:
        return f"{self.name} (process {self.pid}, since {self.since:%Y-%m-%d %H:%M:%S} UTC)"


class WriterLockTimeoutError(TimeoutError):
    """The lock was not free in time; `holder` had it, if that could be read."""

    def __init__(self, path: Path, waited_seconds: float, holder: LockHolder | None) -> None:
        self.holder = holder
        super().__init__(
            f"{holder or 'another process'} is still writing after {waited_seconds:g} s: "
            f"let it end or stop it, then try again (lock {path})"
        )


@contextmanager
def writer_lock(
    path: Path,
    name: str,
    timeout_seconds: float,
    on_wait: Callable[[LockHolder | None], None] | None = None,
) -> Iterator[None]:
    """Hold the lock of the file `path` for the block; within one thread a lock that is held may be taken again.

    Args:
        path: The lock file: one path, one lock. `<path>.holder` beside it says who holds it.
        name: Who takes it, as shown to those who wait: `refresh`, `run 4c1f…`.
        timeout_seconds: How long to wait; 0: not at all.
        on_wait: Called once, with the holder if known, if there is need to wait.

    Raises:
        WriterLockTimeoutError: if it is not free in time.
        ValueError: if the time-out is negative, or `path` is a folder.
    """
    if timeout_seconds < 0:
        raise ValueError(f"a time-out of {timeout_seconds} s: give 0 to try once, or more to wait")
    if path.is_dir():
        raise ValueError(f"{path} is a folder: give the path of a lock file in it")
    path.parent.mkdir(parents=True, exist_ok=True)
    # A singleton by path, with a state a thread: taken again by its own thread, waited for by all others.
    # Never the soft lock of file systems without flock: that one outlives a killed process.
    lock = FileLock(str(path.resolve()), is_singleton=True, thread_local=True, fallback_to_soft=False)
    taken_before = lock.is_locked
    holder_file = path.with_name(f"{path.name}.holder")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if on_wait is not None:
            on_wait(_holder(holder_file))
        try:
            lock.acquire(timeout=timeout_seconds, poll_interval=POLL_SECONDS)
        except Timeout:
            raise WriterLockTimeoutError(path, timeout_seconds, _holder(holder_file)) from None
    try:
        if not taken_before:
            _write_holder(holder_file, LockHolder(name=name, pid=os.getpid(), since=datetime.now(UTC)))
        yield
    finally:
        if not taken_before:
            holder_file.unlink(missing_ok=True)
        lock.release()


def _write_holder(path: Path, holder: LockHolder) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.write_text(holder.model_dump_json())
    aside.replace(path)


def _holder(path: Path) -> LockHolder | None:
    """Who wrote the side file, unless that process is gone (killed, and the next one has not signed yet)."""
    try:
        holder = LockHolder.model_validate_json(path.read_text())
        os.kill(holder.pid, 0)
    except (FileNotFoundError, ProcessLookupError, ValidationError):
        return None
    except PermissionError:
        # A living process of another user.
        pass
    return holder
