"""Copies and bombing: speed and memory, false alarms on real reviews, recall on the sample's truth.

    python -m reviewsum_tests.bench.floods [--data DIR] [--rows 100000]

Prints JSON. `--data` is the folder of public reviews (`reviews.jsonl.gz`, `marc/`); without it their part is left out.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from reviewsum_assets.contracts.tables import ScreenedReviews, arrow_schema
from reviewsum_assets.reviews import bombing, duplicates
from reviewsum_assets.reviews.duplicates import find_copies, signatures_of
from reviewsum_assets.reviews.verdicts import Verdict, day_verdicts, with_decisions
from reviewsum_assets.sample import generate
from reviewsum_assets.sample.phrases import bank_sentences
from reviewsum_tests.reviews.screening import by_day, concat, screened

AS_OF = date(2026, 10, 1)
SEEDS = (7, 8, 9)
WINDOW_DAYS = 30
CROWD_REVIEWS, MOST_CROWD_REVIEWS = 12, 40
"""Reviews of a real product from which its history is used as a crowd of one day, and the most that are taken."""
CROWD_DAY = datetime(2026, 5, 4, tzinfo=UTC)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rows", type=int, default=100_000, help="reviews of the day that speed is measured on")
    arguments = parser.parse_args()
    result: dict[str, object] = {"speed": _speed(arguments.rows), "sample": _sample()}
    if arguments.data is not None:
        result["real"] = _real(arguments.data)
    sys.stdout.buffer.write(orjson.dumps(result, option=orjson.OPT_INDENT_2) + b"\n")
    return 0


def verdicts_of(table: pa.Table) -> dict[str, Verdict]:
    """The final verdict on every review of a table of screened reviews, day by day as cleaning does it."""
    days = by_day(table)
    by_user: dict[str, list[date]] = defaultdict(list)
    by_product: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for day, rows in days.items():
        columns = (rows[name].to_pylist() for name in ("user_key", "product_id", "star_rating"))
        for user, product, stars in zip(*columns, strict=True):
            by_user[user].append(date.fromisoformat(day))
            by_product[product].append((date.fromisoformat(day), stars))
    found: dict[str, Verdict] = {}
    for name, rows in days.items():
        day = date.fromisoformat(name)
        around = concat(days[key] for shift in (-1, 0, 1) if (key := _shifted(day, shift)) in days)
        earlier = (days[key] for shift in range(1, WINDOW_DAYS + 1) if (key := _shifted(day, -shift)) in days)
        first, last = day - timedelta(days=WINDOW_DAYS), day - timedelta(days=2)
        known = _known(by_user, first, last)
        verdicts = day_verdicts(rows, earlier, around, known, _usual(by_product, first, last))
        found.update(with_decisions(rows, verdicts, {}))
    return found


def _known(by_user: Mapping[str, Sequence[date]], first: date, last: date) -> Callable[[set[str]], set[str]]:
    return lambda users: {user for user in users if any(first <= day <= last for day in by_user[user])}


def _usual(
    by_product: Mapping[str, Sequence[tuple[date, int]]], first: date, last: date
) -> Callable[[set[str]], dict[str, list[int]]]:
    def usual(products: set[str]) -> dict[str, list[int]]:
        mixes = {}
        for product in products:
            stars = Counter(stars for day, stars in by_product[product] if first <= day <= last)
            mixes[product] = [stars[number] for number in range(1, 6)]
        return mixes

    return usual


def _shifted(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


def _speed(rows: int) -> dict[str, object]:
    """Reviews a second of processor time, and memory above what the day itself holds."""
    words = [word for sentence in bank_sentences() for word in sentence.text.split()]
    day, signed = _synthetic(rows, words, seed=1, start=datetime(2026, 5, 4, tzinfo=UTC))
    before, _ = _synthetic(rows, words, seed=2, start=datetime(2026, 5, 1, tzinfo=UTC))
    _forget_peak()
    held = _memory("VmRSS")
    alone = _seconds(lambda: find_copies(day, []))
    peak_alone = _memory("VmHWM") - held
    _forget_peak()
    with_earlier = _seconds(lambda: find_copies(day, [before] * 5))
    return {
        "rows": rows,
        "signed_a_second": round(signed),
        "day_against_itself_a_second": round(rows / alone),
        "earlier_rows_a_second": round(5 * rows / max(with_earlier - alone, 1e-9)),
        "memory_mb_alone": round(peak_alone),
        "memory_mb_with_earlier_days": round(_memory("VmHWM") - held),
        "found": len(find_copies(day, [before])),
    }


def _synthetic(rows: int, words: Sequence[str], *, seed: int, start: datetime) -> tuple[pa.Table, float]:
    """A day of reviews of 8 to 60 words, three in a hundred of them copies; and how many were signed a second."""
    rng = random.Random(seed)
    texts = [" ".join(rng.choices(words, k=rng.randint(8, 60))) for _ in range(rows)]
    for _ in range(3 * rows // 100):
        texts[rng.randrange(rows)] = texts[rng.randrange(rows)]
    began = time.process_time()
    signatures = signatures_of(texts)
    signed = rows / (time.process_time() - began)
    schema = arrow_schema(ScreenedReviews)
    table = pa.table(
        {
            "review_id": [f"{seed}-{i:07d}" for i in range(rows)],
            "created_at": pa.array(
                [start + timedelta(seconds=rng.randrange(86_400)) for _ in range(rows)],
                schema.field("created_at").type,
            ),
            "signature": pa.array(signatures, pa.binary()),
            "word_count": pa.array([len(text.split()) for text in texts], pa.int32()),
            "user_key": [f"u{rng.randrange(rows)}" for _ in range(rows)],
            "product_id": [f"p{rng.randrange(1 + rows // 200)}" for _ in range(rows)],
            "own_reason": pa.nulls(rows, pa.string()),
        }
    )
    return table.select(list(duplicates.COLUMNS)), signed


def _sample() -> dict[str, object]:
    """Per label of the truth, how many got which verdict, over some seeds."""
    wanted = {
        "spam": "spam",
        "gibberish": "gibberish",
        "near_duplicate": "near_duplicate",
        "exact_copy": "near_duplicate",
        "review_bombing": "suspected_bombing",
    }
    right, total = Counter[str](), Counter[str]()
    false: Counter[str] = Counter()
    ordinary = surge = surge_kept = 0
    for seed in SEEDS:
        sample = generate(AS_OF, seed=seed)
        verdicts = verdicts_of(screened(sample.rows))
        for truth in sample.truth:
            verdict = verdicts.get(truth.review_id)
            label = next(iter(truth.labels), "")
            if label in wanted:
                total[label] += 1
                right[label] += verdict is not None and verdict.reason == wanted[label]
            elif label == "surge":
                surge += 1
                surge_kept += verdict is None
            elif label != "injection":
                ordinary += 1
                false.update([verdict.reason] if verdict else [])
    return {
        "recall": {label: round(right[label] / total[label], 4) for label in wanted},
        "surge_kept": round(surge_kept / surge, 4),
        "ordinary_reviews": ordinary,
        "set_aside_per_1000_ordinary": {reason: round(1000 * n / ordinary, 2) for reason, n in sorted(false.items())},
    }


def _real(folder: Path) -> dict[str, object]:
    """Real reviews set aside by reason; and of crowds that never were: a product's history in one day."""
    rows = _real_rows(folder)
    table = screened(rows, sketched=_dense(rows))
    verdicts = verdicts_of(table)
    reasons = Counter(verdict.reason for verdict in verdicts.values())
    singles = screened(_marc_rows(folder), sketched=())
    alone = Counter(reason for reason in singles["own_reason"].to_pylist() if reason)
    return {
        "reviews": len(rows),
        "set_aside_per_1000": {reason: round(1000 * n / len(rows), 2) for reason, n in sorted(reasons.items())},
        "marc_reviews": singles.num_rows,
        "marc_set_aside_per_1000": {reason: round(1000 * n / singles.num_rows, 2) for reason, n in alone.items()},
        "crowds": _crowds(rows),
    }


def _dense(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Reviews that could belong to a burst: at least six of the product on that day, the one before or after it."""
    by_product: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        by_product[row["product_id"], row["created_at"][:10]].append(row["review_id"])
    found: set[str] = set()
    for product, day in by_product:
        near = [_shifted(date.fromisoformat(day), shift) for shift in (-1, 0, 1)]
        reviews = [review for name in near for review in by_product.get((product, name), ())]
        if len(reviews) >= bombing.MIN_BURST:
            found.update(reviews)
    return found


def _crowds(all_rows: Sequence[dict[str, Any]]) -> dict[str, object]:
    """Share suspected if the reviews of each product with a dozen or more had come within one day."""
    by_product: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in all_rows:
        by_product[row["product_id"]].append(row)
    crowds = (reviews[:MOST_CROWD_REVIEWS] for reviews in by_product.values() if len(reviews) >= CROWD_REVIEWS)
    rows = screened([row for crowd in crowds for row in crowd])
    rng = random.Random(3)
    times = pa.array(
        [CROWD_DAY + timedelta(minutes=rng.randrange(1_440)) for _ in range(rows.num_rows)],
        rows.schema.field("created_at").type,
    )
    rows = rows.set_column(rows.schema.names.index("created_at"), rows.schema.field("created_at"), times)
    mixes: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for product, stars in zip(rows["product_id"].to_pylist(), rows["star_rating"].to_pylist(), strict=True):
        mixes[product][stars - 1] += 1
    found: dict[str, object] = {"reviews": rows.num_rows}
    for name, verified in (("buyers_unknown", None), ("nobody_a_buyer", False)):
        place = rows.schema.names.index("verified_purchase")
        flags = pa.array([verified] * rows.num_rows, pa.bool_())
        crowd = rows.set_column(place, rows.schema.field(place), flags)
        for history, usual in (("with_history", lambda products: mixes), ("without", None)):
            suspects = bombing.suspects(CROWD_DAY.date(), crowd, lambda users: set(), usual)
            found[f"{name}_{history}"] = round(len(suspects) / rows.num_rows, 4)
    return found


def _real_rows(folder: Path) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    with gzip.open(folder / "reviews.jsonl.gz") as file:
        for line in file:
            row = orjson.loads(line)
            row["user_id"] = row["user_id"] or row["review_id"]
            found.setdefault(row["review_id"], row)
    return list(found.values())


def _marc_rows(folder: Path) -> list[dict[str, Any]]:
    return [
        {
            "review_id": f"{path.stem}-{row['id']}",
            "product_id": "unknown",
            "user_id": f"{path.stem}-{row['id']}",
            "star_rating": int(row["stars"]),
            "review_text": row["text"],
            "created_at": CROWD_DAY,
        }
        for path in sorted((folder / "marc").glob("*.csv"))
        for row in _csv_rows(path)
    ]


def _csv_rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _seconds(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return time.process_time() - began


def _forget_peak() -> None:
    """Start the process's peak memory anew (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def _memory(name: str) -> float:
    """A line of the process's status, in megabytes: `VmRSS` now, `VmHWM` at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    raise SystemExit(main())
