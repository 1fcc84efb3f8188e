"""Source to LanceDB on a dense day, against embedding alone, against the naive way, and with Dagster around it.

All figures of a call come from one process and the same reviews, so that their ratios hold when the machine's speed
does not. The naive way is what a first script does: a review at a time, one call to the embedder a chunk, one write a
review.
"""

from __future__ import annotations

import gzip
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from reviewsum_assets.contracts.protocols import SourceDay, Vectors
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.reviews.cleaning import cleaned_table
from reviewsum_assets.reviews.loading import load_exports
from reviewsum_assets.reviews.screening import ReviewScreener
from reviewsum_assets.reviews.verdicts import with_decisions
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages import clean, embed, ingest, screen

DAY = "2026-01-01"
NAIVE_REVIEWS = 150
ROUNDS = 3


def measure(export: Path, reviews: int) -> dict[str, float | int | str]:
    """Seconds and ratios for the first `reviews` rows of an export, all on one day; medians of three rounds."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "export.jsonl"
        _write_head(export, small, reviews)
        warm = _platform(Path(folder) / "warm")
        _load(warm, small)
        _run_stages(warm)  # models load, caches warm
        texts = _chunk_texts(warm)
        # Exports repeat rows: what counts is the reviews of the day.
        info = warm.lake.info(clean.CLEANED, DAY)
        distinct = info.rows if info else 0
        bare, staged = [], []
        for round_number in range(ROUNDS):
            started = time.perf_counter()
            warm.embedder.embed(texts)
            bare.append(time.perf_counter() - started)
            platform = _sharing_models(warm, Path(folder) / f"round-{round_number}")
            _load(platform, small)
            started = time.perf_counter()
            _run_stages(platform)
            staged.append(time.perf_counter() - started)
        naive = _naive_seconds_per_review(_sharing_models(warm, Path(folder) / "naive"), warm)
    staged_seconds, bare_seconds = sorted(staged)[ROUNDS // 2], sorted(bare)[ROUNDS // 2]
    per_review = staged_seconds / distinct
    return {
        "reviews": distinct,
        "chunks": len(texts),
        "bare_embedding_seconds": round(bare_seconds, 2),
        "source_to_lancedb_seconds": round(staged_seconds, 2),
        "ratio_to_bare_embedding": round(staged_seconds / bare_seconds, 3),
        "naive_milliseconds_per_review": round(1000 * naive, 2),
        "milliseconds_per_review": round(1000 * per_review, 2),
        "times_faster_than_naive": round(naive / per_review, 2),
    }


def _platform(home: Path) -> Platform:
    return Platform(Settings(home=home, start_date=date.fromisoformat(DAY), engine="template"))


def _sharing_models(warm: Platform, home: Path) -> Platform:
    """A platform with stores of its own and the models that are loaded already."""
    platform = _platform(home)
    for name in ("embedder", "taxonomy", "aspects", "redactor", "departments", "toxicity"):
        platform.__dict__[name] = getattr(warm, name)
    return platform


def _load(platform: Platform, export: Path) -> None:
    load_exports(
        [export],
        platform.source_database,
        redact=platform.redacted,
        hash_text=platform.keyed_hash.text,
        now=datetime.now(UTC),
    )


def _run_stages(platform: Platform) -> None:
    state: SourceDay = ingest.source_days(platform, DAY)[DAY]
    ingest.ingest_day(platform, DAY, state, DAY)
    screen.screen_day(platform, DAY)
    clean.clean_day(platform, DAY)
    report = embed.embed_day(platform, DAY)
    if report.blocked_by or report.failed_blocking:
        raise RuntimeError(f"the benchmark's day failed: {report.blocked_by or report.failed_blocking}")


def _chunk_texts(platform: Platform) -> list[str]:
    texts: list[str] = []
    for reviews in platform.lake.batches(clean.CLEANED, DAY):
        _, chunks = embed.split_reviews(reviews)
        texts += [chunk.text for chunk in chunks if chunk.text]
    return texts


def _naive_seconds_per_review(platform: Platform, warm: Platform) -> float:
    """The same steps by the same logic, one review at a time."""
    day = date.fromisoformat(DAY)
    batches = warm.source_database.rows_of(DAY, day, day, batch_size=500)
    rows = list(islice((row for batch in batches for row in batch), NAIVE_REVIEWS))

    def one_call_each(texts: Sequence[str]) -> Vectors:
        calls = [platform.embedder.embed([text])[0] for text in texts]
        return np.stack(calls) if calls else np.empty((0, platform.embedder.dimensions), np.float32)

    started = time.perf_counter()
    for row in rows:
        screener = ReviewScreener(chunk_vectors=one_call_each, redactor=platform.redactor, toxicity=platform.toxicity)
        screened = screener.screen(ingest.raw_table(platform, [row]))
        cleaned = cleaned_table(
            screened,
            department_of=platform.departments.department_of,
            verdicts=with_decisions(screened, {}, {}),
            languages={},
        )
        places, chunks = embed.split_reviews(cleaned)
        vectors = one_call_each([chunk.text for chunk in chunks])
        table = embed.chunk_table(platform, DAY, cleaned.take(places), chunks, vectors)
        platform.chunks.replace_reviews(DAY, [row.review_id], table)
    return (time.perf_counter() - started) / len(rows)


def _write_head(export: Path, target: Path, reviews: int) -> None:
    opener = gzip.open if export.suffix == ".gz" else open
    with opener(export, "rt", encoding="utf-8") as source, target.open("w", encoding="utf-8") as out:  # type: ignore[operator]
        out.writelines(islice(source, reviews))
