"""Decisions on reviews on SQLite and PostgreSQL: the standing one, its audit entries, the version of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest

from reviewsum_assets.contracts.decisions import Decision
from reviewsum_assets.resources.decisions import DecisionStore
from reviewsum_assets.resources.operations_db import OperationsDatabase
from reviewsum_assets.resources.operations_tables import metadata

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
DAY = "2026-07-30"


@pytest.fixture(params=["sqlite", "postgresql"])
def operations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OperationsDatabase]:
    url = f"sqlite:///{tmp_path}/operations.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("source_postgres_url")
    database = OperationsDatabase(url, clock=lambda: NOW)
    database.create()
    yield database
    metadata.drop_all(database.engine)
    database.close()


@pytest.fixture
def store(operations: OperationsDatabase) -> DecisionStore:
    return DecisionStore(operations)


def test_a_decision_stands_with_who_when_and_why(store: DecisionStore) -> None:
    assert store.decide("approved", {"R1": (DAY, "h1")}, actor="anna", note="a real buyer") == ("R1",)
    expected = Decision("R1", "approved", "h1", DAY, "anna", "a real buyer", NOW)
    assert store.of_day(DAY) == {"R1": expected}
    assert store.of(["R1", "R2"]) == {"R1": expected}
    (entry,) = store.history("R1")
    assert (entry.actor, entry.action, entry.subject, entry.at) == ("anna", "approve", "R1", NOW)
    assert entry.details == {"day": DAY, "note": "a real buyer", "before": None}


def test_a_later_decision_replaces_the_earlier_and_both_stay_in_the_log(store: DecisionStore) -> None:
    store.decide("approved", {"R1": (DAY, "h1")}, actor="anna")
    store.decide("rejected", {"R1": (DAY, "h1")}, actor="bert", note="sold by a firm")
    assert store.of_day(DAY)["R1"].verdict == "rejected"
    assert [(entry.action, entry.details["before"]) for entry in store.history("R1")] == [
        ("reject", "approved"),
        ("approve", None),
    ]


def test_the_same_decision_again_changes_and_logs_nothing(store: DecisionStore) -> None:
    store.decide("approved", {"R1": (DAY, "h1")}, actor="anna")
    assert store.decide("approved", {"R1": (DAY, "h1")}, actor="bert") == ()
    assert store.of_day(DAY)["R1"].actor == "anna"
    assert len(store.history()) == 1
    assert store.decide("approved", {"R1": (DAY, "the text was edited")}, actor="bert") == ("R1",)


def test_undo_gives_the_review_back_to_the_rules(store: DecisionStore) -> None:
    store.decide("rejected", {"R1": (DAY, "h1"), "R2": (DAY, "h2")}, actor="anna")
    assert store.undo(["R1"], actor="bert", note="my mistake") == ("R1",)
    assert list(store.of_day(DAY)) == ["R2"]
    newest = store.history("R1")[0]
    assert (newest.action, newest.actor, newest.details["before"]) == ("undo", "bert", "rejected")


def test_an_undo_that_cannot_be_whole_changes_nothing(store: DecisionStore) -> None:
    store.decide("rejected", {"R1": (DAY, "h1")}, actor="anna")
    with pytest.raises(LookupError, match="no decision on review 'R9'"):
        store.undo(["R1", "R9"], actor="bert")
    assert list(store.of_day(DAY)) == ["R1"]
    assert len(store.history()) == 1


def test_a_killed_batch_leaves_neither_decisions_nor_entries(
    operations: OperationsDatabase, store: DecisionStore
) -> None:
    ticks = iter([NOW, NOW, NOW])

    def dying_clock() -> datetime:
        try:
            return next(ticks)
        except StopIteration:
            raise KeyboardInterrupt from None

    operations.clock = dying_clock
    with pytest.raises(KeyboardInterrupt):
        store.decide("approved", {f"R{i}": (DAY, "h") for i in range(5)}, actor="anna")
    assert store.of_day(DAY) == {}
    assert store.history() == []


def test_thousands_of_reviews_are_decided_at_once(store: DecisionStore) -> None:
    texts = {f"R{i:04d}": (DAY if i % 2 else "2026-07-31", f"h{i}") for i in range(1_300)}
    assert len(store.decide("approved", texts, actor="anna")) == 1_300
    assert len(store.of_day(DAY)) == 650
    assert len(store.of(texts)) == 1_300
    assert store.decide("approved", texts, actor="anna") == ()
    assert len(store.undo(texts, actor="anna")) == 1_300


def test_the_version_of_a_day_changes_with_what_its_decisions_do_and_only_then(store: DecisionStore) -> None:
    assert store.version(DAY) == ""
    store.decide("approved", {"R1": (DAY, "h1")}, actor="anna")
    approved = store.version(DAY)
    assert approved
    store.decide("approved", {"X": ("2026-07-31", "hx")}, actor="anna")
    assert store.version(DAY) == approved
    store.decide("rejected", {"R1": (DAY, "h1")}, actor="anna")
    assert store.version(DAY) not in ("", approved)
    store.decide("approved", {"R1": (DAY, "h1")}, actor="bert", note="other words")
    assert store.version(DAY) == approved
    store.undo(["R1"], actor="bert")
    assert store.version(DAY) == ""


def test_the_version_does_not_depend_on_the_database(
    source_postgres_url: str, tmp_path: Path, operations: OperationsDatabase
) -> None:
    other = OperationsDatabase(f"sqlite:///{tmp_path}/other.db", clock=lambda: NOW)
    other.create()
    texts = dict.fromkeys(("b", "A", "ä", "a", "_", "Z-1", "z"), (DAY, "h"))
    for database in (operations, other):
        DecisionStore(database).decide("approved", texts, actor="anna")
    assert DecisionStore(operations).version(DAY) == DecisionStore(other).version(DAY)
    other.close()


def test_two_people_who_decide_at_once_take_turns(store: DecisionStore) -> None:
    def work(actor: str, verdict: str) -> None:
        for _ in range(10):
            store.decide(verdict, {"R1": (DAY, "h1")}, actor=actor)  # type: ignore[arg-type]

    threads = [Thread(target=work, args=("anna", "approved")), Thread(target=work, args=("bert", "rejected"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = list(reversed(store.history("R1", limit=100)))
    verdicts = {"approve": "approved", "reject": "rejected"}
    assert entries[0].details["before"] is None
    assert all(later.details["before"] == verdicts[sooner.action] for sooner, later in pairwise(entries))
    assert store.of_day(DAY)["R1"].verdict == verdicts[entries[-1].action]
