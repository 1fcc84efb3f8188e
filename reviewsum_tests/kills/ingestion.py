"""Load, clean and index a growing shop in a child process that is killed over and over, and what is there in the end.

    python -m reviewsum_tests.kills.ingestion [--kills N] [--versions N] [--seed N]

A parent loads the models once and forks a child for each attempt; a child works until it is killed (SIGKILL, at a
random moment) or done. The export changes several times on the way: reviews are edited, added and left out, rows are
malformed, days get late reviews.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.source_tables import dead_letters, reviews
from reviewsum_assets.reviews.loading import load_exports
from reviewsum_assets.sample import generate
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages import clean, embed, index, ingest, screen
from reviewsum_assets.stages.staleness import all_days

FIRST, LAST = date(2026, 9, 27), date(2026, 9, 30)
NOW = datetime(2026, 10, 1, tzinfo=UTC)
REVIEWS = 100
LOAD_BATCH = 40
MODELS = ("embedder", "taxonomy", "aspects", "redactor", "departments", "toxicity", "verifier")


def export_lines(version: int) -> list[str]:
    """The export as it stands after so many changes."""
    rng = random.Random(11)
    lines = []
    span = (LAST - FIRST).days + 1
    for number, row in enumerate(generate(LAST, reviews=REVIEWS).rows):
        day = FIRST + timedelta(days=rng.randrange(span))
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=number)
        row = {**row, "review_id": f"R{number:04d}", "created_at": moment.isoformat()}
        if number % 7 == version % 7 and version:
            row["review_text"] = f"{row['review_text']} Edited {version} times, still in use."
        if number % 11 == version:
            row["helpful_votes"] = 10 + version
        if number % 60 < 50 or version >= 3:
            lines.append(json.dumps(row))
    lines.insert(20, '{"review_id": "broken')
    lines.insert(60, json.dumps({"review_id": f"bad-{version}", "star_rating": 9}))
    return lines


def work(platform: Platform, export: Path) -> None:
    """Everything from an export to LanceDB, as if it were the first time."""
    load_exports(
        [export],
        platform.source_database,
        redact=platform.redacted,
        hash_text=platform.keyed_hash.text,
        now=NOW,
        batch_size=LOAD_BATCH,
    )
    days = all_days(FIRST, LAST)
    states = ingest.source_days(platform, LAST.isoformat())
    for day in days:
        ingest.ingest_day(platform, day, states.get(day), LAST.isoformat())
    for day in days:
        screen.screen_day(platform, day)
    for day in days:
        clean.clean_day(platform, day)
    for day in days:
        embed.embed_day(platform, day)
    index.maintain_index(platform)


@dataclass(frozen=True)
class Outcome:
    """What a series of kills came to."""

    kills: int
    completed: int
    differences: list[str] = field(default_factory=list)
    """Parts of the end state that are not those of the run that nobody killed."""
    killed_in: dict[str, int] = field(default_factory=dict)
    """Kills by what had last been done."""


class Series:
    """A state folder that is worked on, and killed at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models = self.platform(folder / "models")
        self.models.embedder.embed(["warm"])
        self.models.aspects.match(["warm"], self.models.embedder.embed(["warm"]), ["other"], ["en"])
        self.models.redacted("warm")

    def platform(self, home: Path) -> Platform:
        settings = Settings(
            home=home,
            start_date=FIRST,
            engine="template",
            hash_key="a key of the tests, long enough",  # type: ignore[arg-type]
        )
        platform = Platform(settings)
        if home.name != "models":
            for name in MODELS[:-1]:
                platform.__dict__[name] = getattr(self.models, name)
        return platform

    def run(self, kills: int, versions: int, seed: int, progress: Callable[[int], None] | None = None) -> Outcome:
        """Work through versions of the export under so many kills; compare with a run without any."""
        rng = random.Random(seed)
        calm, killed = self.folder / "calm", self.folder / "killed"
        exports = []
        for version in range(versions):
            export = self.folder / f"version-{version}" / "export.jsonl"
            export.parent.mkdir()
            export.write_text("\n".join(export_lines(version)) + "\n")
            exports.append(export)
        lengths = [self._seconds(calm, export) for export in exports]
        done = completed = 0
        killed_in: dict[str, int] = {}
        for number, export in enumerate(exports):
            wanted = kills * (number + 1) // versions
            while done < wanted:
                if self._attempt(killed, export, rng.uniform(0.0, 1.1 * lengths[number])):
                    completed += 1
                    # There is nothing left to do: kill where it hurts, by starting over what came before.
                    self._attempt(killed, exports[max(0, number - 1)], 60.0)
                else:
                    done += 1
                    place = _progress_of(killed)
                    killed_in[place] = killed_in.get(place, 0) + 1
                    if progress:
                        progress(done)
            if not self._attempt(killed, export, 300.0):
                raise RuntimeError("an attempt that nobody kills did not end in 300 s")
        return Outcome(done, completed, self.differences(calm, killed), killed_in)

    def differences(self, one: Path, other: Path) -> list[str]:
        left, right = (state_of(self.platform(home)) for home in (one, other))
        return sorted(key for key in {*left, *right} if left.get(key) != right.get(key))

    def _seconds(self, home: Path, export: Path) -> float:
        started = time.perf_counter()
        if not self._attempt(home, export, 600.0):
            raise RuntimeError("the run to compare with did not end")
        return time.perf_counter() - started

    def _attempt(self, home: Path, export: Path, seconds: float) -> bool:
        """Whether a child finished before its time was up and it was killed."""
        child = os.fork()
        if child == 0:
            try:
                work(self.platform(home), export)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                if os.waitstatus_to_exitcode(status) != 0:
                    raise RuntimeError(f"the child failed with {os.waitstatus_to_exitcode(status)}")
                return True
            time.sleep(0.002)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return False


def state_of(platform: Platform) -> dict[str, str]:
    """All that must be equal: source rows, every partition of the lake, every chunk of LanceDB, each by a hash."""
    state: dict[str, str] = {}
    clocks = {"updated_at", "received_at", "deleted_at", "withdrawn_at"}
    for table in (reviews, dead_letters):
        columns = [column for column in table.columns if column.name not in clocks]
        with platform.source_database._reading() as connection:
            rows = connection.execute(sa.select(*columns).order_by(*table.primary_key.columns)).all()
        state[f"source {table.name}"] = _digest(repr(rows))
    for folder in sorted(platform.lake.root.iterdir()):
        for partition in platform.lake.partitions(folder.name):
            info = platform.lake.info(folder.name, partition)
            state[f"lake {folder.name}/{partition}"] = f"{info.data_version} {info.failed_checks}" if info else ""
        leftovers = sorted(path.name for path in folder.rglob(".*"))
        state[f"leftovers {folder.name}"] = repr(leftovers) if leftovers else ""
    with platform.source_database._reading() as connection:
        products = connection.scalars(sa.select(reviews.c.product_id).distinct()).all()
    chunks = platform.chunks.chunks_of_products(sorted(products)).sort_by("chunk_id")
    state["lancedb"] = _digest(repr(chunks.to_pylist()))
    state["lancedb rows"] = str(platform.chunks.count())
    return state


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _progress_of(home: Path) -> str:
    """The newest asset of the lake, as a rough sign of where a kill struck."""
    files = list((home / "lake").glob("*/*/*.parquet"))
    return max(files, key=lambda path: path.stat().st_mtime_ns).parts[-3] if files else "load"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--versions", type=int, default=6, help="how often the export changes")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started = time.perf_counter()

    def told(done: int) -> None:
        print(f"\r{done} kills", end="", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        outcome = Series(Path(folder)).run(arguments.kills, arguments.versions, arguments.seed, told)
    print("", file=sys.stderr)
    found = {
        "kills": outcome.kills,
        "completed_between": outcome.completed,
        "differences": len(outcome.differences),
        "killed_after": outcome.killed_in,
        "seconds": round(time.perf_counter() - started),
    }
    print(json.dumps(found))
    for difference in outcome.differences[:20]:
        print(difference, file=sys.stderr)
    return 1 if outcome.differences else 0


if __name__ == "__main__":
    sys.exit(main())
