"""Rows of the erased are found and leave the source for good, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from reviewsum_assets.contracts.source import RejectedRow, SourceRow
from reviewsum_assets.resources.event_source import EventSource, LandedFile
from reviewsum_assets.resources.source_db import SourceDatabase
from reviewsum_assets.resources.source_erasure import SourceErasure, review_id_in, user_key_in
from reviewsum_assets.resources.source_tables import metadata
from reviewsum_assets.resources.sqlite_residue import compact
from reviewsum_assets.reviews.events import Event, EventOrder

DAY = datetime(2026, 8, 1, 9, tzinfo=UTC)
WORDS = "It squeaks like a badger in a bassoon whenever it rains."


@pytest.fixture(params=["sqlite", "postgresql"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SourceDatabase]:
    url = f"sqlite:///{tmp_path}/source.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("source_postgres_url")
    database = SourceDatabase(url)
    database.create()
    yield database
    metadata.drop_all(database.engine)
    database.close()


def row(review_id: str, user_id: str, day: int = 0, text: str = WORDS) -> SourceRow:
    return SourceRow(review_id, "P1", "Mug", "Mugs", user_id, 4, text, DAY + timedelta(days=day))


def letter(line: int, raw: str, review_id: str | None = None) -> RejectedRow:
    return RejectedRow(f"a.jsonl:{line}", f"hash {line}", "bad_json", "cut off", raw, review_id, created_at=DAY)


def test_reviews_are_found_by_user_or_id_marked_as_deleted_or_not(source: SourceDatabase) -> None:
    source.upsert([row("R1", "anna"), row("R2", "anna", 1), row("R3", "bert"), row("R4", "bert")])
    source.delete(["R2"])
    erasure = SourceErasure(source)
    assert [review.review_id for review in erasure.reviews_of(["anna"], ["R4"])] == ["R1", "R2", "R4"]
    assert [review.review_id for review in erasure.reviews_like(lambda review, user: user == "bert")] == ["R3", "R4"]
    assert list(erasure.reviews_of([], [])) == []


def test_a_dead_letter_says_whose_it_is_even_where_it_is_no_json(source: SourceDatabase) -> None:
    key = "0123456789abcdef" * 2
    source.add_dead_letters(
        [
            letter(1, f'{{"review_text":"He said \\"no\\" – never.","user_id":"{key}"}}', "R1"),
            letter(2, f'{{"review_id": "R2", "user_id": "{key}", "review_text": "cut o'),
            letter(3, "review_id;user_id"),
        ]
    )
    found = {one.review_id: one for one in SourceErasure(source).letters()}
    assert set(found) == {"R1", "R2", None}
    assert (found["R1"].user_key, found["R1"].review_text) == (key, 'He said "no" – never.')
    assert (found["R2"].user_key, found["R2"].review_text) == (key, "cut o")
    assert (found[None].user_key, found[None].review_text) == (None, "")
    assert user_key_in('"user_id": "anna"') is None
    assert review_id_in('{"review_id": 17, "x": 1}') == "17"


def test_deleting_alters_the_state_of_the_days_and_leaves_no_row(source: SourceDatabase) -> None:
    first, last = date(2026, 8, 1), date(2026, 8, 3)
    source.upsert([row("R1", "anna"), row("R2", "anna", 1), row("R3", "bert"), row("R4", "bert", 2)])
    source.add_dead_letters([letter(1, "x", "R1")])
    before = {day.day: day.state() for day in source.days(first, last)}
    erasure = SourceErasure(source)
    (letter_id,) = [one.id for one in erasure.letters()]
    assert erasure.delete(["R1", "R2", "never there"], [letter_id]) == (2, 1)
    after = {day.day: day.state() for day in source.days(first, last)}
    assert set(after) == {"2026-08-01", "2026-08-03"}
    assert after["2026-08-01"] != before["2026-08-01"]
    assert after["2026-08-03"] == before["2026-08-03"]
    assert erasure.delete(["R1", "R2"], [letter_id]) == (0, 0)
    assert "VACUUM" in erasure.vacuum() or source.is_sqlite
    assert [review.review_id for review in erasure.reviews_like(lambda *_: True)] == ["R3", "R4"]


def test_what_events_and_moves_left_of_a_review_goes_with_it(source: SourceDatabase) -> None:
    events = EventSource(source.engine.url.render_as_string(hide_password=False))
    file = LandedFile("a.jsonl", 1, "hash", 1, 1, consumed=True, settled=True)
    rows = [row("R1", "anna"), row("R2", "bert")]
    arrived = [Event(one.review_id, EventOrder(DAY, "a.jsonl", 1, line), one) for line, one in enumerate(rows, 1)]
    # Deleted before it was ever seen: the event is all that there is of it.
    arrived.append(Event("R3", EventOrder(DAY, "a.jsonl", 1, 3), None))
    events.apply(arrived, [], [], file, begins=True)
    source.upsert([row("R1", "anna", 2), row("R2", "bert", 1)])
    erasure = SourceErasure(source)
    assert sorted(erasure.noted()) == ["R1", "R1", "R2", "R2", "R3"]
    assert erasure.delete(["R1", "R3"], []) == (1, 0)
    assert list(erasure.noted()) == ["R2", "R2"]
    events.close()


def test_a_review_named_and_found_of_its_user_comes_once(source: SourceDatabase) -> None:
    source.upsert([row("R1", "anna"), row("R2", "bert")])
    found = SourceErasure(source).reviews_of(["anna"], ["R1", "R2"])
    assert [review.review_id for review in found] == ["R1", "R2"]


def test_after_compaction_no_byte_of_a_deleted_review_is_in_the_file_or_its_log(tmp_path: Path) -> None:
    source = SourceDatabase(f"sqlite:///{tmp_path}/source.db")
    source.create()
    source.upsert([row(f"R{number}", "bert", text=f"Number {number} is a good mug.") for number in range(500)])
    source.upsert([row("R-erased", "anna")])
    files = [tmp_path / "source.db", tmp_path / "source.db-wal"]
    assert any(WORDS.encode() in file.read_bytes() for file in files)
    SourceErasure(source).delete(["R-erased"], [])
    assert compact(tmp_path / "source.db") is None
    assert not [file for file in files if file.exists() and WORDS.encode() in file.read_bytes()]
    assert source.count() == 500
    source.close()
