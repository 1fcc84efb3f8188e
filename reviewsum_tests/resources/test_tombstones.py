"""Tombstones keep the erased out, on both databases, and an erasure under way is remembered until it is proven."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from reviewsum_assets.resources.operations_db import OperationsDatabase
from reviewsum_assets.resources.operations_tables import decisions, metadata
from reviewsum_assets.resources.tombstones import Erased, Tombstones
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.traces import TraceMaker

KEY = KeyedHash(b"a key of the tests, long enough")
NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)


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


def erased(user: str = "anna", *reviews: str) -> Erased:
    traces = TraceMaker(KEY.trace).of_text("It squeaks like a badger in a bassoon.")
    keys = {KEY.review(review) for review in reviews}
    return Erased({KEY.user(user)}, {KEY.text(user)}, keys, {"P1"}, traces)


def test_rows_of_an_erased_user_or_review_are_known_and_others_are_not(operations: OperationsDatabase) -> None:
    tombstones = Tombstones(operations, KEY)
    rows = [("R1", "anna"), ("R2", "bert"), ("R9", "bert"), (None, "anna"), (None, None), ("R1", None)]
    assert tombstones.erased(rows) == [False] * 6
    tombstones.start("k", erased("anna", "R9"), actor="x", counts={})
    assert tombstones.erased(rows) == [True, False, True, True, False, False]
    letters = [("R1", KEY.text("anna")), ("R9", None), ("R1", KEY.user("anna")), (None, KEY.text("bert"))]
    assert tombstones.erased_letters(letters) == [True, True, False, False]
    assert tombstones.erased([]) == []


def test_a_long_batch_is_looked_up_whole(operations: OperationsDatabase) -> None:
    tombstones = Tombstones(operations, KEY)
    tombstones.start("k", erased("anna", *(f"R{number}" for number in range(0, 5_000, 7))), actor="x", counts={})
    found = tombstones.erased([(f"R{number}", f"user {number}") for number in range(5_000)])
    assert [number for number, gone in enumerate(found) if gone] == list(range(0, 5_000, 7))


def test_an_erasure_started_again_keeps_what_the_first_one_was_looking_for(operations: OperationsDatabase) -> None:
    tombstones = Tombstones(operations, KEY)
    first = erased("anna", "R1", "R2")
    tombstones.start("k", first, actor="x", counts={})
    # The second one finds nothing any more: the source is empty.
    tombstones.start("k", Erased({KEY.user("anna")}, {KEY.text("anna")}), actor="x", counts={})
    (pending,) = tombstones.pending().values()
    assert (pending.review_keys, pending.traces, pending.product_ids) == (first.review_keys, first.traces, {"P1"})
    tombstones.finish(["k"], actor="x", action="erase left traces", details={}, done=False)
    assert tombstones.pending()
    tombstones.finish(["k"], actor="x", action="erase finished", details={"files": 3}, done=True)
    assert tombstones.pending() == {}
    assert tombstones.erased([("R2", "bert")]) == [True]
    actions = [entry.action for entry in operations.entries()]
    assert actions == ["erase finished", "erase left traces", "erase started", "erase started"]


def test_decisions_go_and_the_audit_log_keeps_what_was_done_without_saying_to_which_review(
    operations: OperationsDatabase,
) -> None:
    for review in ("R1", "R2"):
        with operations.writing() as connection:
            values = {"verdict": "approved", "text_hash": "x", "day": "2026-08-01", "actor": "a", "note": "", "at": NOW}
            connection.execute(sa.insert(decisions).values(review_id=review, **values))
            operations.audit(
                connection, actor="a", action="approve", subject=review, details={"day": "d", "note": "squeaks"}
            )
    Tombstones(operations, KEY).start("k", erased("anna", "R1"), actor="x", counts={"reviews": 1})
    with operations.reading() as connection:
        assert connection.scalars(sa.select(decisions.c.review_id)).all() == ["R2"]
    subjects = [(entry.action, entry.subject) for entry in operations.entries()]
    assert subjects == [("erase started", "k"), ("approve", "R2"), ("approve", KEY.review("R1"))]
    assert [entry.details for entry in operations.entries()][1:] == [{"day": "d", "note": "squeaks"}, {"day": "d"}]
    assert next(operations.entries()).details == {"reviews": 1, "decisions_deleted": 1, "audit_subjects_hashed": 1}
