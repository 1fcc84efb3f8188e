"""A dense day of cleaning: reviews a second, the same again with nothing changed, and memory of ten times the reviews.

    python -m reviewsum_tests.bench.scale [--reviews N] [--large N] [--real DIR]

Texts are made of sentences of the real reviews where they are at hand, else of the sample's, put together anew so that
no two are alike. "Without embedding" is the day screened again by other code: every review anew, its vectors at hand.
Peaks are those of processes of their own, from the source to LanceDB.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from reviewsum_assets.contracts.source import SourceRow
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages import clean, embed, ingest, screen

DAY = "2026-01-01"
BATCH_ROWS = 2_000
ROUNDS = 3


def sentences(real: Path | None) -> list[list[str]]:
    """Sentences to put reviews together from, a list a language."""
    by_language: dict[str, set[str]] = {}
    for language, text in _texts(real):
        parts = (part.strip() for part in re.split(r"(?<=[.!?])\s+|\n", text))
        by_language.setdefault(language, set()).update(part for part in parts if 3 <= len(part.split()) <= 40)
    return [sorted(parts) for _, parts in sorted(by_language.items())]


def _texts(real: Path | None) -> Iterator[tuple[str, str]]:
    """Reviews with their language."""
    if real is None:
        from reviewsum_assets.sample import generate

        for row in generate(date(2026, 10, 1), reviews=1_500).rows:
            yield str(row["locale"])[:2], str(row["review_text"])
        return
    with gzip.open(real / "reviews.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            found = json.loads(line)
            yield found["review_id"][:2], found["review_text"]


def rows(count: int, pools: list[list[str]], seed: int = 7) -> Iterator[SourceRow]:
    """Reviews of two to five sentences of one language, all on one day."""
    rng = random.Random(seed)
    start = datetime.fromisoformat(DAY).replace(tzinfo=UTC)
    for number in range(count):
        yield SourceRow(
            review_id=f"R{number:07d}",
            product_id=f"P{rng.randrange(max(1, count // 10)):06d}",
            product_title="Something",
            category=rng.choice(("Kettles", "Headphones", "Novels", "Jackets")),
            user_id=f"U{rng.randrange(count):07d}",
            star_rating=rng.choice((1, 2, 3, 4, 4, 5, 5, 5)),
            review_text=" ".join(rng.choices(rng.choice(pools), k=rng.randint(2, 5))),
            created_at=start + timedelta(seconds=rng.randrange(86_400)),
            helpful_votes=rng.randrange(5),
            verified_purchase=rng.random() < 0.8,
        )


def loaded(home: Path, count: int, real: Path | None) -> Platform:
    """A platform with so many reviews on the day."""
    platform = Platform(Settings(home=home, start_date=date.fromisoformat(DAY), engine="template"))
    batch: list[SourceRow] = []
    for row in rows(count, sentences(real)):
        batch.append(row)
        if len(batch) == BATCH_ROWS:
            platform.source_database.upsert(batch)
            batch = []
    if batch:
        platform.source_database.upsert(batch)
    return platform


def ingested(platform: Platform) -> None:
    ingest.ingest_day(platform, DAY, ingest.source_days(platform, DAY)[DAY], DAY)


def timed_cleaning(platform: Platform) -> tuple[float, dict[str, object]]:
    """Seconds to screen and clean the day, and what screening measured."""
    started = time.perf_counter()
    report = screen.screen_day(platform, DAY)
    cleaned = clean.clean_day(platform, DAY)
    if not (report.changed or cleaned.changed):
        raise RuntimeError("the day was not cleaned: nothing to measure")
    return time.perf_counter() - started, dict(report.measures)


def measure_speed(count: int, real: Path | None) -> dict[str, object]:
    """Reviews a second: cleaned without embedding, and with all but one review unchanged."""
    with tempfile.TemporaryDirectory() as folder:
        platform = loaded(Path(folder), count, real)
        ingested(platform)
        with_embedding, _ = timed_cleaning(platform)
        anew, unchanged = [], []
        row = next(rows(1, sentences(real)))
        for number in range(ROUNDS):
            with patch.object(screen, "CODE_VERSION", f"round-{number}"):
                seconds, measures = timed_cleaning(platform)
                # An abusive sentence was stored masked: read anew, it is embedded anew.
                if int(str(measures["chunks_embedded"])) > count / 50 or measures["reviews_screened"] != count:
                    raise RuntimeError(f"measured something else: {measures}")
                anew.append(seconds)
                platform.source_database.upsert([replace(row, helpful_votes=100 + number)])
                ingested(platform)
                seconds, measures = timed_cleaning(platform)
                if measures["reviews_screened"] > 1:
                    raise RuntimeError(f"measured something else: {measures}")
                unchanged.append(seconds)
    full, again = sorted(anew)[ROUNDS // 2], sorted(unchanged)[ROUNDS // 2]
    return {
        "reviews": count,
        "reviews_per_second_with_embedding": round(count / with_embedding),
        "reviews_per_second_without_embedding": round(count / full),
        "reviews_per_second_unchanged": round(count / again),
        "unchanged_times_faster": round(full / again, 1),
        "unchanged_times_faster_than_with_embedding": round(with_embedding / again, 1),
    }


def peak_megabytes(count: int, real: Path | None) -> dict[str, float]:
    """Peak memory of a process that takes so many reviews from the source to LanceDB."""
    with tempfile.TemporaryDirectory() as folder:
        loaded(Path(folder), count, real).source.close()
        command = [sys.executable, "-m", "reviewsum_tests.bench.scale", "--day-of", folder]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        found: dict[str, float] = json.loads(result.stdout)
        return found


def run_day(home: Path) -> dict[str, float]:
    """Source to LanceDB in this process; its peak memory and seconds."""
    started = time.perf_counter()
    platform = Platform(Settings(home=home, start_date=date.fromisoformat(DAY), engine="template"))
    ingested(platform)
    screen.screen_day(platform, DAY)
    clean.clean_day(platform, DAY)
    report = embed.embed_day(platform, DAY)
    if report.blocked_by or report.failed_blocking:
        raise RuntimeError(f"the day failed: {report.blocked_by or report.failed_blocking}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"peak_megabytes": round(peak), "seconds": round(time.perf_counter() - started, 1)}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reviews", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000, help="reviews of the large day; 0: leave memory out")
    parser.add_argument("--real", type=Path, default=Path(os.environ.get("REVIEWSUM_REAL_DATA", "../shared/real")))
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--day-of", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.day_of:
        print(json.dumps(run_day(arguments.day_of)))
        return 0
    real = arguments.real if (arguments.real / "reviews.jsonl.gz").exists() else None
    result: dict[str, object] = {"data": "sentences of real reviews" if real else "sentences of the sample"}
    if not arguments.no_speed:
        result |= measure_speed(arguments.reviews, real)
    if arguments.large:
        small, large = peak_megabytes(arguments.reviews, real), peak_megabytes(arguments.large, real)
        result |= {
            "peak_megabytes_small_day": small["peak_megabytes"],
            "peak_megabytes_large_day": large["peak_megabytes"],
            "peak_ratio": round(large["peak_megabytes"] / small["peak_megabytes"], 3),
            "large_day_seconds": large["seconds"],
        }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
