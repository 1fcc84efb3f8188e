"""What the source costs: landing events, the states of all days, and a tick of the sensor's cursor.

    python -m reviewsum_tests.bench.source [--events N]

Prints JSON. SQLite under a temporary folder; memory is the process's peak, after a tenth of the events and after all.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.shop_table import ShopTable
from reviewsum_assets.resources.source_db import SourceDatabase
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages.land import land

FIRST, LAST = date(2026, 3, 1), date(2026, 5, 29)
TEXT = "Boils fast and looks nice, but the lid does not close properly after a month of daily use. " * 3


def measure(events: int) -> dict[str, float | int | str]:
    """Seconds, ratios and megabytes of a source of so many reviews over ninety days."""
    with tempfile.TemporaryDirectory() as folder:
        zone = Path(folder) / "in"
        zone.mkdir()
        platform = Platform(Settings(home=Path(folder) / "home", landing_url=str(zone)))
        peaks = []
        for name, first, last in (("a", 0, events // 10), ("b", events // 10, events)):
            _drop(zone / f"{name}.jsonl.gz", first, last)
            started = time.perf_counter()
            counts = land(platform)
            seconds = time.perf_counter() - started
            assert counts.loaded == last - first
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        land(platform)
        again = _seconds(lambda: land(platform))
        platform.source.close()

        url = platform.settings.source_database_url
        now = datetime.now(UTC)
        source = SourceDatabase(url, clock=lambda: now)
        cursor = source.changes(None, FIRST, LAST).cursor
        full = len(cursor)
        for _ in range(2):
            now += timedelta(minutes=11)
            cursor = source.changes(cursor, FIRST, LAST).cursor
        states = _seconds(lambda: source.days(FIRST, LAST))
        tick = _seconds(lambda: source.changes(cursor, FIRST, LAST), times=20)
        source.close()
        shop = ShopTable(url, "reviews")
        shop_states = _seconds(lambda: shop.days(FIRST, LAST), times=1)
        shop.close()
    return {
        "reviews": events,
        "landed_events_a_second": round((events - events // 10) / seconds),
        "land_with_nothing_new_seconds": round(again, 4),
        "peak_megabytes_of_a_tenth": round(peaks[0]),
        "peak_megabytes_of_all": round(peaks[1]),
        "peak_ratio": round(peaks[1] / peaks[0], 2),
        "cursor_bytes_after_a_load_of_all_days": full,
        "cursor_bytes_when_quiet": len(cursor),
        "states_of_all_days_seconds": round(states, 3),
        "unchanged_tick_milliseconds": round(1000 * tick, 2),
        "shop_table_states_with_updated_at_seconds": round(shop_states, 3),
    }


def _drop(path: Path, first: int, last: int) -> None:
    start = datetime.combine(FIRST, datetime.min.time(), UTC)
    with gzip.open(path, "wt", compresslevel=1) as file:
        for number in range(first, last):
            created = (start + timedelta(seconds=number * 7919 % (90 * 86_400))).isoformat()
            row = {
                "review_id": f"R{number}",
                "product_id": f"P{number % 500}",
                "product_title": "Kettle",
                "category": "kettles",
                "user_id": f"U{number}",
                "star_rating": 1 + number % 5,
                "review_text": f"{TEXT}{number}",
                "created_at": created,
                "occurred_at": created,
            }
            file.write(json.dumps(row) + "\n")


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """Of the quickest of several."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return min(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=50_000)
    print(json.dumps(measure(parser.parse_args().events)))
