"""The feed tells every consumer of every changed product, in order, whoever is killed on the way."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from reviewsum_assets.resources.changed_products import SINCE, Change, ChangedProducts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[ChangedProducts]:
    with closing(ChangedProducts(tmp_path / "feed.db", clock=NOON.timestamp)) as made:
        yield made


def products(changes: list[Change]) -> list[str]:
    return [change.product_id for change in changes]


def test_a_new_feed_is_empty(feed: ChangedProducts) -> None:
    assert feed.since(0) == []
    assert feed.latest_seq() == 0
    assert feed.latest_by_product() == {}
    assert feed.watermark("sensor") == 0


def test_what_is_appended_is_read_in_order_with_its_day_run_and_time(feed: ChangedProducts) -> None:
    assert feed.append(["kettle", "grill"], day="2026-02-27", run_id="run-1") == 2
    assert feed.append(["kettle"], day="2026-02-28", run_id="run-1") == 3
    assert feed.since(0) == [
        Change(1, "kettle", "2026-02-27", "run-1", NOON),
        Change(2, "grill", "2026-02-27", "run-1", NOON),
        Change(3, "kettle", "2026-02-28", "run-1", NOON),
    ]
    assert products(feed.since(1, limit=1)) == ["grill"]
    assert feed.since(3) == []


def test_a_product_named_twice_in_one_call_is_one_change(feed: ChangedProducts) -> None:
    feed.append(["kettle", "kettle", "grill", "kettle"], day="2026-02-27", run_id="run-1")
    assert products(feed.since(0)) == ["kettle", "grill"]


def test_a_product_that_changes_while_a_consumer_is_at_work_on_it_is_told_again(feed: ChangedProducts) -> None:
    at_work_on = feed.append(["kettle"], day="2026-02-27", run_id="run-1")
    feed.append(["kettle"], day="2026-02-27", run_id="run-1")
    feed.advance("sensor", at_work_on)
    assert products(feed.since(feed.watermark("sensor"))) == ["kettle"]


def test_appending_nothing_changes_nothing(feed: ChangedProducts) -> None:
    feed.append(["kettle"], day="2026-02-27", run_id="run-1")
    assert feed.append([], day="2026-02-27", run_id="run-2") == 1


def test_a_day_that_is_none_is_refused(feed: ChangedProducts) -> None:
    with pytest.raises(ValueError, match="isoformat"):
        feed.append(["kettle"], day="yesterday", run_id="run-1")
    assert feed.latest_seq() == 0


def test_an_append_that_breaks_leaves_nothing(feed: ChangedProducts) -> None:
    def breaking() -> Iterator[str]:
        yield "kettle"
        raise RuntimeError("no more products")

    with pytest.raises(RuntimeError, match="no more products"):
        feed.append(breaking(), day="2026-02-27", run_id="run-1")
    assert feed.latest_seq() == 0


def test_the_newest_change_of_each_product_is_known(feed: ChangedProducts) -> None:
    feed.append(["kettle", "grill"], day="2026-02-27", run_id="run-1")
    feed.append(["kettle"], day="2026-02-28", run_id="run-2")
    assert feed.latest_by_product() == {"kettle": 3, "grill": 2}
    assert feed.latest_by_product(["kettle", "unknown"]) == {"kettle": 3}
    assert feed.latest_by_product([]) == {}


def test_each_consumer_has_a_watermark_of_its_own_that_never_moves_back(feed: ChangedProducts) -> None:
    feed.append(["a", "b", "c"], day="2026-02-27", run_id="run-1")
    assert feed.advance("sensor", 3) == 3
    assert feed.advance("sensor", 1) == 3
    assert feed.watermark("sensor") == 3
    assert feed.watermark("refresh") == 0


def test_a_watermark_beyond_the_feed_is_refused(feed: ChangedProducts) -> None:
    feed.append(["a"], day="2026-02-27", run_id="run-1")
    with pytest.raises(ValueError, match="the feed ends at 1"):
        feed.advance("sensor", 2)
    assert feed.watermark("sensor") == 0


def test_compaction_keeps_the_newest_change_of_every_product_and_gives_no_number_twice(feed: ChangedProducts) -> None:
    for day in ("2026-02-26", "2026-02-27", "2026-02-28"):
        feed.append(["kettle", "grill"], day=day, run_id=day)
    feed.append(["toaster"], day="2026-02-28", run_id="last")
    assert feed.compact(before_seq=4) == 3
    assert [change.seq for change in feed.since(0)] == [4, 5, 6, 7]
    assert feed.compact(before_seq=1000) == 1
    assert feed.latest_by_product() == {"kettle": 5, "grill": 6, "toaster": 7}
    assert feed.append(["kettle"], day="2026-02-28", run_id="next") == 8


def test_a_poll_is_one_search_in_the_key_of_the_table(feed: ChangedProducts, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "feed.db")) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {SINCE}", (0, -1))]
    assert plan == ["SEARCH changes USING INTEGER PRIMARY KEY (rowid>?)"]


def test_an_unchanged_poll_of_a_long_feed_stays_quick(feed: ChangedProducts) -> None:
    latest = feed.append((f"product-{n}" for n in range(50_000)), day="2026-02-27", run_id="run-1")
    started = time.perf_counter()
    for _ in range(200):
        assert feed.since(latest) == []
    assert (time.perf_counter() - started) / 200 < 0.002


APPENDER = """
import sys
from pathlib import Path
from reviewsum_assets.resources.changed_products import ChangedProducts

feed = ChangedProducts(Path(sys.argv[1]))
for call in range(1_000_000):
    feed.append([f"{sys.argv[2]}-{call}-{n}" for n in range(20)], day="2026-02-27", run_id=sys.argv[2])
    print(call, flush=True)
"""


def appender(path: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", APPENDER, str(path), name], stdout=subprocess.PIPE, text=True)


def test_two_appenders_killed_at_any_moment_lose_nothing_they_reported_and_leave_no_half_call(tmp_path: Path) -> None:
    path = tmp_path / "feed.db"
    random = Random(11)
    reported: dict[str, int] = {}
    for generation in range(2):
        appenders = {f"{side}{generation}": appender(path, f"{side}{generation}") for side in ("left", "right")}
        first = {name: each.stdout.readline() for name, each in appenders.items() if each.stdout}
        time.sleep(random.uniform(0, 0.1))
        for each in appenders.values():
            os.kill(each.pid, signal.SIGKILL)
        for name, each in appenders.items():
            reported[name] = int((first[name] + each.communicate()[0]).splitlines()[-1])
    with closing(ChangedProducts(path)) as feed:
        changes = feed.since(0)
        assert feed.append(["after"], day="2026-02-27", run_id="after") == changes[-1].seq + 1
    assert [change.seq for change in changes] == list(range(1, len(changes) + 1))
    calls: dict[tuple[str, int], int] = {}
    for change in changes:
        name, call, _ = change.product_id.split("-")
        calls[name, int(call)] = calls.get((name, int(call)), 0) + 1
    assert set(calls.values()) == {20}
    for name, last in reported.items():
        assert set(range(last + 1)) <= {call for side, call in calls if side == name}
