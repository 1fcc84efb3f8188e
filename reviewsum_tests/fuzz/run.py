"""Loads hostile exports twice, ingests their days twice, and accounts for every row."""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from reviewsum_assets.contracts.source import DeadLetterFilter, SourceRow
from reviewsum_assets.contracts.tables import RawReviews, RejectedReviews
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.reviews.loading import LoadCounts, load_exports
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages.ingest import RAW, REJECTED, ingest_day, source_days
from reviewsum_tests.fuzz.hostile_exports import ExportTruth, hostile_exports
from reviewsum_tests.fuzz.hostile_rows import FIRST

LAST_DAY = "2026-10-01"
_EVERY = DeadLetterFilter()

FOREIGN_ROWS = (
    ("foreign-stars", "star_rating", 9),
    ("foreign-word", "star_rating", "five"),
    ("foreign-nul", "review_text", "good\x00bad"),
    ("foreign|bars|", "star_rating", 0),
    (" foreign-blank ", "review_text", "fine"),
    ("foreign\nline", "review_text", "fine"),
    ("foreign-time", "created_at", "soon"),
    ("foreign-zero", "created_at", "0000-00-00 00:00:00"),
    ("foreign-number", "created_at", 7),
    ("foreign-future", "created_at", "2999-01-01 00:00:00.000000"),
    ("foreign-blob", "review_text", b"\xff\xfe bytes"),
    ("foreign-empty", "review_text", ""),
    ("foreign-long", "review_text", "x" * 5_000_000),
    ("foreign-votes", "helpful_votes", -5),
    ("foreign-category", "category", "a\x1bb"),
)
"""Bad rows that others wrote into the source, where SQLite takes any value: id, column, value. All must be refused."""


class Unaccounted(AssertionError):
    """A row was lost, doubled or altered."""


def platform_at(home: Path, source_url: str = "") -> Platform:
    return Platform(
        Settings(home=home, start_date=FIRST.date(), hash_key="a key of the tests, long enough", source_url=source_url)
    )


def load(platform: Platform, *paths: Path) -> LoadCounts:
    return load_exports(
        paths, platform.source, redact=platform.redacted, hash_text=platform.keyed_hash.text, now=datetime.now(UTC)
    )


def account(platform: Platform, folder: Path, rows: int, seed: int = 1) -> dict[str, object]:
    """Load every hostile export twice, then ingest every day twice; returns counts.

    Raises:
        Unaccounted: where a row was lost, doubled or altered.
    """
    started = time.perf_counter()
    written = read = loaded = unchanged = rejected = 0
    reviews: dict[str, SourceRow] = {}
    reasons: Counter[str] = Counter()
    by_file: dict[str, int] = {}
    for truth in hostile_exports(folder, rows, seed):
        counts = _load_twice(platform, truth)
        written += truth.rows
        read += counts.rows_read
        loaded += counts.loaded
        unchanged += counts.unchanged
        rejected += counts.rejected
        by_file[truth.path.name] = counts.rows_read
        reasons.update(counts.reasons)
        reviews |= truth.reviews
        truth.path.unlink()
    load_seconds = time.perf_counter() - started
    stored, true = _stored(platform), {key: row.content_hash() for key, row in reviews.items()}
    wrong = sorted(key for key in stored.keys() | true.keys() if stored.get(key) != true.get(key))
    _expect(not wrong, f"the source is not the truth: {wrong[:3]}")
    foreign = _foreign_rows(platform)
    _ingest(platform, reviews, rejected, foreign)
    return {
        "rows_written": written,
        "rows_read": read,
        "loaded": loaded,
        "unchanged": unchanged,
        "rejected": rejected,
        "unaccounted": read - loaded - unchanged - rejected,
        "reviews": len(reviews),
        "superseded": loaded + unchanged - len(reviews),
        "files": len(by_file),
        "fewest_rows_a_file": min(by_file.values()),
        "foreign_rows_refused": foreign,
        "load_seconds": round(load_seconds, 1),
        "seconds": round(time.perf_counter() - started, 1),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "reasons": dict(sorted(reasons.items())),
    }


def _load_twice(platform: Platform, truth: ExportTruth) -> LoadCounts:
    name = truth.path.name
    before = sum(platform.source.dead_letter_reasons(_EVERY).values())
    counts = load(platform, truth.path)
    _expect(counts.loaded + counts.unchanged + counts.rejected == counts.rows_read, f"{name}: counts do not add up")
    if truth.exact:
        _expect(counts.rows_read == truth.rows, f"{name}: {truth.rows} rows written, {counts.rows_read} read")
    _expect(counts.rows_read >= truth.rows, f"{name}: {truth.rows} rows written, only {counts.rows_read} read")
    letters = sum(platform.source.dead_letter_reasons(_EVERY).values()) - before
    _expect(letters == counts.rejected, f"{name}: {counts.rejected} rejected, {letters} dead letters")
    stored = _stored(platform)
    for review_id, row in truth.reviews.items():
        _expect(stored.get(review_id) == row.content_hash(), f"{name}: {review_id!r} is lost or altered")
    prefix = next(iter(truth.reviews), "").split("-")[0]
    if prefix:
        extra = {key for key in stored if key.startswith(f"{prefix}-")} - truth.reviews.keys()
        _expect(not extra, f"{name}: stored though it must be refused: {sorted(extra)[:3]}")
    again = load(platform, truth.path)
    _expect((again.rows_read, again.rejected) == (counts.rows_read, counts.rejected), f"{name}: read otherwise again")
    _expect(_stored(platform) == stored, f"{name}: a second load changed the reviews")
    _expect(
        sum(platform.source.dead_letter_reasons(_EVERY).values()) - before == letters,
        f"{name}: a second load doubled dead letters",
    )
    return counts


def _stored(platform: Platform) -> dict[str, str]:
    return {row.review_id: row.content_hash() for row in _rows(platform)}


def _rows(platform: Platform) -> list[SourceRow]:
    first = last = FIRST.date()
    return [row for batch in platform.source.rows_of(first, first, last) for row in batch]


def _foreign_rows(platform: Platform) -> int:
    """Write bad rows into a SQLite source past its loader; returns how many (0 where the source is no SQLite file)."""
    if platform.settings.source_url:
        return 0
    with sqlite3.connect(platform.settings.root / "source.db") as connection:
        names = [found[1] for found in connection.execute("PRAGMA table_info(reviews)")]
        pattern = dict(zip(names, connection.execute("SELECT * FROM reviews LIMIT 1").fetchone(), strict=True))
        stamp = connection.execute("SELECT max(updated_at) FROM reviews").fetchone()[0]
        for review_id, column, value in FOREIGN_ROWS:
            row = pattern | {"review_id": review_id, column: value, "updated_at": stamp}
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO reviews ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    connection.close()
    return len(FOREIGN_ROWS)


def _ingest(platform: Platform, reviews: dict[str, SourceRow], letters: int, foreign: int) -> None:
    days = source_days(platform, LAST_DAY)
    for day, state in days.items():
        raw, rejected = ingest_day(platform, day, state, LAST_DAY)
        placed = next(check for check in raw.checks if check.name == "every_row_in_one_place")
        _expect(placed.passed, f"{day}: not every row in one place")
        _expect(raw.rows + rejected.rows == state.rows + state.dead_letters, f"{day}: rows are missing")
    found: Counter[str] = Counter()
    refused = 0
    for day in days:
        table = platform.lake.read(RAW, RawReviews, day, columns=["review_id", "text_hash", "created_at"]).to_pylist()
        for row in table:
            found[row["review_id"]] += 1
            review = reviews[row["review_id"]]
            _expect(row["text_hash"] == platform.keyed_hash.text(review.review_text), f"{day}: text altered")
            _expect(row["created_at"].date().isoformat() == day, f"{day}: {row['review_id']!r} is in the wrong day")
        kept = platform.lake.read(REJECTED, RejectedReviews, day)
        _expect(max(map(len, kept["raw_redacted"].to_pylist()), default=0) <= 4_000, f"{day}: a dead letter too long")
        refused += kept.num_rows
    _expect(found == Counter(dict.fromkeys(reviews, 1)), "the lake's raw reviews are not the source's")
    _expect(refused == letters + foreign, f"{letters + foreign} rows refused, {refused} in the lake")
    for day, state in source_days(platform, LAST_DAY).items():
        raw, rejected = ingest_day(platform, day, state, LAST_DAY)
        _expect(not raw.changed and not rejected.changed, f"{day}: a second ingest changed it")
    partitions = {path.name for path in (platform.settings.lake_dir / RAW).iterdir()}
    _expect(partitions == set(days), f"the lake has folders that are no day: {sorted(partitions - set(days))[:3]}")


def _expect(true: bool, finding: str) -> None:
    if not true:
        raise Unaccounted(finding)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="rows a file")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = account(platform_at(Path(folder) / "home"), Path(folder), arguments.rows, arguments.seed)
    json.dump(result, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
