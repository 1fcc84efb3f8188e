"""The source database, the same on SQLite and PostgreSQL: every test of the contract runs on both."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from reviewsum_assets.contracts.protocols import SourceDay
from reviewsum_assets.contracts.source import DeadLetterEntry, DeadLetterFilter, RejectedRow, SourceRow, UpsertCounts
from reviewsum_assets.resources.source_db import KEYS_A_QUERY, SourceDatabase, SourceError
from reviewsum_assets.resources.source_tables import dead_letters, metadata, reviews

FIRST, LAST = date(2026, 1, 10), date(2026, 1, 20)
START = datetime(2026, 1, 21, 8, tzinfo=UTC)


def review(review_id: str = "R1", day: int = 15, **changes: object) -> SourceRow:
    created = datetime(2026, 1, day, 12, 30, 15, 123456, tzinfo=UTC)
    row = SourceRow(review_id, "P1", "Kettle", "kettles", "U1", 4, "Boils fast – schön 👍", created, 3, True, "de_DE")
    return replace(row, **changes)  # type: ignore[arg-type]


def letter(origin: str = "a.jsonl:1", digest: str = "h1", **changes: object) -> RejectedRow:
    row = RejectedRow(origin, digest, "bad_json", "not readable", "{", "R9", None, datetime(2026, 1, 15, tzinfo=UTC))
    return replace(row, **changes)  # type: ignore[arg-type]


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'source.db'}"
    url = str(request.getfixturevalue("source_postgres_url"))
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    metadata.drop_all(engine)
    with engine.begin() as connection:
        # Servers are not all in UTC; the days are.
        connection.execute(sa.text("ALTER ROLE CURRENT_USER SET timezone TO 'Pacific/Auckland'"))
    engine.dispose()
    return url


@pytest.fixture
def source(url: str, clock: Clock) -> Iterator[SourceDatabase]:
    database = SourceDatabase(url, clock=clock)
    database.create()
    yield database
    database.close()


def stored(source: SourceDatabase, day: int = 15) -> list[SourceRow]:
    return [row for batch in source.rows_of(date(2026, 1, day), FIRST, LAST) for row in batch]


def state(source: SourceDatabase, day: str = "2026-01-15") -> str:
    return {found.day: found.state() for found in source.days(FIRST, LAST)}.get(day, "")


class TestUpsert:
    def test_a_row_comes_back_as_it_was_given(self, source: SourceDatabase) -> None:
        bare = review("R2", helpful_votes=None, verified_purchase=None, locale=None)
        assert source.upsert([review(), bare]) == UpsertCounts(loaded=2, unchanged=0)
        assert stored(source) == [review(), bare]

    def test_an_unchanged_row_is_not_touched(self, source: SourceDatabase, clock: Clock) -> None:
        source.upsert([review()])
        before = state(source)
        clock.now += timedelta(hours=1)
        assert source.upsert([review()]) == UpsertCounts(loaded=0, unchanged=1)
        assert state(source) == before

    def test_a_changed_row_is_replaced_and_changes_its_day(self, source: SourceDatabase) -> None:
        source.upsert([review()])
        before = state(source)
        assert source.upsert([review(star_rating=1)]) == UpsertCounts(loaded=1, unchanged=0)
        assert stored(source) == [review(star_rating=1)]
        assert state(source) != before

    def test_of_an_id_that_comes_twice_in_a_batch_the_last_stays_and_both_count(self, source: SourceDatabase) -> None:
        counts = source.upsert([review(star_rating=1), review(star_rating=2), review(star_rating=2)])
        assert counts == UpsertCounts(loaded=2, unchanged=1)
        assert stored(source) == [review(star_rating=2)]

    def test_a_batch_that_ends_where_it_began_leaves_the_day_as_it_was(self, source: SourceDatabase) -> None:
        source.upsert([review()])
        before = state(source)
        assert source.upsert([review(star_rating=1), review()]) == UpsertCounts(loaded=2, unchanged=0)
        assert state(source) == before

    def test_a_batch_larger_than_a_query_is_one_batch(self, source: SourceDatabase) -> None:
        many = [review(f"R{n}") for n in range(2 * KEYS_A_QUERY + 1)]
        assert source.upsert(many).loaded == len(many)
        assert source.upsert(many).unchanged == len(many)
        assert source.count() == len(many)

    def test_a_batch_that_fails_leaves_nothing_behind(self, source: SourceDatabase) -> None:
        broken = review("R2", created_at=datetime(2026, 1, 15))
        with pytest.raises(SourceError, match="zone"):
            source.upsert([review(), broken])
        assert source.count() == 0

    def test_an_empty_batch_is_nothing(self, source: SourceDatabase) -> None:
        assert source.upsert([]) == UpsertCounts(0, 0)

    def test_changes_are_stamped_strictly_forward_though_the_clock_stands_or_goes_back(
        self, source: SourceDatabase, clock: Clock
    ) -> None:
        stamps: list[datetime | None] = []
        for stars, shift in ((1, 0), (2, 0), (3, -3600), (4, 7200)):
            clock.now = START + timedelta(seconds=shift)
            source.upsert([review(star_rating=stars)])
            stamps.append(source.days(FIRST, LAST)[0].changed_at)
        tick = timedelta(microseconds=1)
        assert stamps == [START, START + tick, START + 2 * tick, START + timedelta(hours=2)]

    def test_writers_take_turns_and_no_two_changes_share_a_stamp(self, source: SourceDatabase) -> None:
        def write(name: str) -> None:
            for n in range(10):
                source.upsert([review(f"{name}{n}")])

        writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        with source._reading() as connection:
            stamps = list(connection.scalars(sa.select(reviews.c.updated_at)))
        assert len(set(stamps)) == 20


class TestDelete:
    def test_a_deleted_review_leaves_its_day_and_changes_its_state(self, source: SourceDatabase) -> None:
        source.upsert([review(), review("R2")])
        before = state(source)
        assert source.delete(["R1", "unknown"]) == 1
        assert stored(source) == [review("R2")]
        assert source.count() == 1
        assert state(source) != before

    def test_a_day_whose_reviews_are_all_deleted_is_still_reported(self, source: SourceDatabase) -> None:
        source.upsert([review()])
        source.delete(["R1"])
        (day,) = source.days(FIRST, LAST)
        assert (day.day, day.rows) == ("2026-01-15", 0)
        assert day.changed_at is not None

    def test_deleting_again_changes_nothing(self, source: SourceDatabase) -> None:
        source.upsert([review()])
        source.delete(["R1"])
        before = state(source)
        assert source.delete(["R1"]) == 0
        assert state(source) == before

    def test_a_deleted_review_that_is_loaded_again_is_back(self, source: SourceDatabase) -> None:
        source.upsert([review()])
        source.delete(["R1"])
        assert source.upsert([review()]) == UpsertCounts(loaded=1, unchanged=0)
        assert stored(source) == [review()]


class TestDays:
    def test_reviews_are_counted_by_their_utc_day(self, source: SourceDatabase) -> None:
        late = datetime(2026, 1, 15, 23, 59, 59, 999999, tzinfo=UTC)
        source.upsert([review("R1", created_at=late), review("R2", created_at=late + timedelta(microseconds=1))])
        assert [(day.day, day.rows) for day in source.days(FIRST, LAST)] == [("2026-01-15", 1), ("2026-01-16", 1)]
        assert [row.review_id for row in stored(source, 15)] == ["R1"]
        assert [row.review_id for row in stored(source, 16)] == ["R2"]

    def test_older_reviews_fall_into_the_first_day_and_newer_ones_into_the_last(self, source: SourceDatabase) -> None:
        old, ahead = datetime(1996, 5, 1, tzinfo=UTC), datetime(2026, 1, 22, tzinfo=UTC)
        source.upsert(
            [review("old", created_at=old), review("in", 10), review("end", 20), review("z", created_at=ahead)]
        )
        assert [(day.day, day.rows) for day in source.days(FIRST, LAST)] == [("2026-01-10", 2), ("2026-01-20", 2)]
        assert [row.review_id for row in stored(source, 10)] == ["in", "old"]
        assert [row.review_id for row in stored(source, 20)] == ["end", "z"]

    def test_every_row_is_in_exactly_one_day(self, source: SourceDatabase) -> None:
        moments = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=7 * n) for n in range(80)]
        source.upsert([review(f"R{n}", created_at=moment) for n, moment in enumerate(moments)])
        found = [row.review_id for day in range(10, 21) for row in stored(source, day)]
        assert sorted(found) == sorted(f"R{n}" for n in range(80))
        assert sum(day.rows for day in source.days(FIRST, LAST)) == 80

    def test_one_day_alone_holds_everything(self, source: SourceDatabase) -> None:
        source.upsert([review("R1", 1), review("R2", 28)])
        assert [(day.day, day.rows) for day in source.days(FIRST, FIRST)] == [("2026-01-10", 2)]
        assert sum(len(batch) for batch in source.rows_of(FIRST, FIRST, FIRST)) == 2

    def test_an_empty_source_has_no_days(self, source: SourceDatabase) -> None:
        assert source.days(FIRST, LAST) == []

    def test_a_change_alters_the_state_of_its_own_day_alone(self, source: SourceDatabase) -> None:
        source.upsert([review("R1", 14), review("R2", 15)])
        before = {day.day: day.state() for day in source.days(FIRST, LAST)}
        source.upsert([review("R1", 14, review_text="Now it leaks.")])
        after = {day.day: day.state() for day in source.days(FIRST, LAST)}
        assert before["2026-01-14"] != after["2026-01-14"]
        assert before["2026-01-15"] == after["2026-01-15"]

    def test_rows_stream_in_batches_ordered_by_code_points_on_every_database(self, source: SourceDatabase) -> None:
        names = ["b", "B", "a", "_", "10", "9", "ä", "a-b", "a b", "A"]
        source.upsert([review(name) for name in names])
        batches = list(source.rows_of("2026-01-15", FIRST, LAST, batch_size=3))
        assert [len(batch) for batch in batches] == [3, 3, 3, 1]
        assert [row.review_id for batch in batches for row in batch] == sorted(names)

    def test_rows_being_read_are_one_snapshot_while_others_write(self, source: SourceDatabase) -> None:
        source.upsert([review(f"R{n}") for n in range(10)])
        reading = source.rows_of("2026-01-15", FIRST, LAST, batch_size=2)
        first = next(reading)
        source.upsert([review(f"R{n}", star_rating=1) for n in range(10)])
        source.delete(["R9"])
        rest = [row for batch in reading for row in batch]
        assert [row.star_rating for row in first + rest] == [4] * 10

    def test_changed_days_are_those_touched_since(self, source: SourceDatabase, clock: Clock) -> None:
        source.upsert([review("R1", 12), review("R2", 13), review("R3", 14), review("R4", 1)])
        clock.now += timedelta(hours=1)
        since = clock.now
        source.upsert([review("R2", 13, star_rating=1), review("R1", 12), review("R4", 1, star_rating=1)])
        source.delete(["R3"])
        source.add_dead_letters([letter()])
        assert source.changed_days(since, FIRST, LAST) == ["2026-01-10", "2026-01-13", "2026-01-14", "2026-01-15"]
        assert source.changed_days(since + timedelta(hours=1), FIRST, LAST) == []

    @pytest.mark.parametrize("day", ["2026-01-09", "2026-01-21"])
    def test_a_day_outside_the_range_is_an_error(self, source: SourceDatabase, day: str) -> None:
        with pytest.raises(ValueError, match="not between"):
            next(source.rows_of(day, FIRST, LAST))


class TestOtherWriters:
    """Other programs may write the table: their clocks differ, their commits come late, and they may remove rows."""

    def write(self, source: SourceDatabase, statement: sa.Executable) -> None:
        with source._engine.begin() as connection:
            connection.execute(statement)

    def insert(self, source: SourceDatabase, row: SourceRow, updated_at: datetime) -> None:
        values = asdict(row) | {"content_hash": row.content_hash(), "updated_at": updated_at}
        self.write(source, sa.insert(reviews).values(values))

    def test_a_row_that_commits_late_with_an_older_time_changes_its_day(self, source: SourceDatabase) -> None:
        source.upsert([review(), review("R2")])
        before = state(source)
        self.insert(source, review("R3"), START - timedelta(hours=1))
        assert state(source) != before

    def test_an_update_stamped_by_a_clock_that_is_behind_changes_its_day(self, source: SourceDatabase) -> None:
        source.upsert([review("R1")])
        source.upsert([review("R2")])
        before = state(source)
        behind = {"star_rating": 1, "updated_at": START - timedelta(hours=1)}
        self.write(source, sa.update(reviews).where(reviews.c.review_id == "R1").values(behind))
        assert source.days(FIRST, LAST)[0].rows == 2
        assert state(source) != before

    def test_a_deletion_and_its_undoing_change_the_day_though_no_time_does(self, source: SourceDatabase) -> None:
        source.upsert([review(), review("R2")])
        states = [state(source)]
        for deleted_at in (START, None):
            self.write(source, sa.update(reviews).where(reviews.c.review_id == "R1").values(deleted_at=deleted_at))
            states.append(state(source))
        assert states[0] != states[1] != states[2]
        assert [row.review_id for row in stored(source)] == ["R1", "R2"]

    def test_a_row_that_is_removed_for_good_changes_its_day(self, source: SourceDatabase) -> None:
        source.upsert([review(f"R{n}") for n in range(3)])
        source.delete(["R1"])
        for gone in ("R1", "R0"):
            before = state(source)
            self.write(source, sa.delete(reviews).where(reviews.c.review_id == gone))
            assert state(source) != before

    def test_a_clock_that_is_far_ahead_does_not_take_our_stamps_along(self, source: SourceDatabase) -> None:
        self.insert(source, review("R1", 14), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
        source.upsert([review("R2")])
        assert source.days(FIRST, LAST)[1].changed_at == START

    def test_a_clock_that_is_somewhat_ahead_does_so_that_ours_still_come_after(self, source: SourceDatabase) -> None:
        self.insert(source, review("R1", 14), START + timedelta(hours=2))
        source.upsert([review("R2")])
        assert source.days(FIRST, LAST)[1].changed_at == START + timedelta(hours=2, microseconds=1)


class TestLateRows:
    def test_a_back_dated_row_changes_its_own_day_alone(self, source: SourceDatabase) -> None:
        source.upsert([review("R1", 12), review("R2", 15)])
        before = {day.day: day.state() for day in source.days(FIRST, LAST)}
        source.upsert([review("R3", 12)])
        after = {day.day: day.state() for day in source.days(FIRST, LAST)}
        assert [day for day in after if after[day] != before[day]] == ["2026-01-12"]

    def test_a_review_that_moves_to_another_day_changes_both(self, source: SourceDatabase, clock: Clock) -> None:
        source.upsert([review("R1", 12), review("R2", 12)])
        before = state(source, "2026-01-12")
        clock.now += timedelta(hours=1)
        source.upsert([review("R1", 15)])
        assert state(source, "2026-01-12") != before
        assert [row.review_id for row in stored(source, 12) + stored(source, 15)] == ["R2", "R1"]
        assert source.changed_days(clock.now, FIRST, LAST) == ["2026-01-12", "2026-01-15"]

    def test_a_restored_review_is_one_more_change(self, source: SourceDatabase) -> None:
        source.upsert([review()])
        states = [state(source)]
        for step in (lambda: source.delete(["R1"]), lambda: source.upsert([review()]), lambda: source.delete(["R1"])):
            step()
            states.append(state(source))
        assert len(set(states)) == 4


class TestDeadLetters:
    def test_a_dead_letter_comes_back_on_the_day_of_its_review(self, source: SourceDatabase) -> None:
        assert source.add_dead_letters([letter()]) == 1
        (day,) = source.days(FIRST, LAST)
        assert replace(day, checksum="") == SourceDay("2026-01-15", rows=0, dead_letters=1, changed_at=START)
        assert list(source.dead_letters_of("2026-01-15", FIRST, LAST)) == [replace(letter(), created_at=None)]

    @pytest.mark.parametrize("created", [None, START + timedelta(days=400)])
    def test_without_a_readable_day_it_is_that_of_receipt(
        self, source: SourceDatabase, created: datetime | None
    ) -> None:
        source.add_dead_letters([letter(created_at=created)])
        assert [day.day for day in source.days(FIRST, date(2026, 1, 31))] == ["2026-01-21"]

    def test_days_outside_the_range_fall_into_its_ends(self, source: SourceDatabase) -> None:
        source.add_dead_letters(
            [letter(created_at=datetime(1999, 1, 1, tzinfo=UTC)), letter(digest="h2", created_at=None)]
        )
        assert [(day.day, day.dead_letters) for day in source.days(FIRST, LAST)] == [
            ("2026-01-10", 1),
            ("2026-01-20", 1),
        ]
        assert len(list(source.dead_letters_of(LAST, FIRST, LAST))) == 1

    def test_the_same_row_of_the_same_file_is_one_dead_letter(self, source: SourceDatabase, clock: Clock) -> None:
        source.add_dead_letters([letter(), letter()])
        before = state(source)
        clock.now += timedelta(days=1)
        assert source.add_dead_letters([letter(raw="redacted better")]) == 0
        assert state(source) == before
        assert source.add_dead_letters([letter("a.jsonl:2"), letter(digest="h2")]) == 2
        assert [found.origin for found in source.dead_letters_of("2026-01-15", FIRST, LAST)] == [
            "a.jsonl:1",
            "a.jsonl:1",
            "a.jsonl:2",
        ]

    def test_a_withdrawn_dead_letter_is_gone_with_its_text_and_changes_its_day(self, source: SourceDatabase) -> None:
        source.add_dead_letters([letter(), letter(digest="h2")])
        before = state(source)
        assert source.withdraw_dead_letters([letter().key, "unknown"]) == 1
        assert state(source) != before
        assert [found.original_hash for found in source.dead_letters_of("2026-01-15", FIRST, LAST)] == ["h2"]
        with source._reading() as connection:
            kept = connection.scalars(sa.select(dead_letters.c.raw).where(dead_letters.c.id == letter().key)).all()
        assert kept == [""]

    def test_a_row_that_is_refused_again_after_it_was_taken_is_back(self, source: SourceDatabase) -> None:
        source.add_dead_letters([letter()])
        source.withdraw_dead_letters([letter().key])
        assert source.add_dead_letters([letter()]) == 1
        assert len(list(source.dead_letters_of("2026-01-15", FIRST, LAST))) == 1

    def test_withdrawing_what_is_not_there_writes_nothing(self, source: SourceDatabase) -> None:
        source.upsert([review()])
        before = state(source)
        assert source.withdraw_dead_letters(["unknown"]) == 0
        assert state(source) == before


class TestAsADatabase:
    def test_many_may_make_the_same_new_database_at_once(self, url: str) -> None:
        databases = [SourceDatabase(url) for _ in range(6)]
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(SourceDatabase.create, databases))
        assert [database.count() for database in databases] == [0] * 6
        for database in databases:
            database.close()

    def test_making_the_tables_again_keeps_the_rows(self, url: str, source: SourceDatabase) -> None:
        source.upsert([review()])
        again = SourceDatabase(url)
        again.create()
        assert again.count() == 1
        again.close()

    def test_it_names_its_version(self, url: str, source: SourceDatabase) -> None:
        name, version = source.ping().split(" ", 1)
        assert name == ("SQLite" if url.startswith("sqlite") else "PostgreSQL")
        assert version[0].isdigit()

    def test_reading_before_anything_was_loaded_says_what_to_do(self, url: str, tmp_path: Path) -> None:
        (tmp_path / "new").mkdir()
        database = SourceDatabase(url)
        with pytest.raises(SourceError, match="run `reviewsum load FILE`"):
            database.days(FIRST, LAST)
        database.close()

    def test_a_failed_write_is_told_without_the_words_of_the_review(self, source: SourceDatabase) -> None:
        with pytest.raises(SourceError, match="star_rating") as caught:
            source.upsert([review(review_text=" ".join("secret"), star_rating=None)])
        assert "\n" not in str(caught.value)
        assert "s e c r e t" not in "".join(traceback.format_exception(caught.value))
        assert source.count() == 0


def test_on_postgresql_keys_sort_by_code_point_whatever_the_locale_of_the_server(source_postgres_url: str) -> None:
    database = SourceDatabase(source_postgres_url)
    database.create()
    query = (
        "SELECT column_name, collation_name FROM information_schema.columns "
        "WHERE (table_name, column_name) IN (('reviews', 'review_id'), ('dead_letters', 'origin'))"
    )
    with database._reading() as connection:
        collations = {str(name): str(collation) for name, collation in connection.exec_driver_sql(query)}
    assert collations == {"review_id": "C", "origin": "C"}
    database.close()


def test_on_sqlite_days_and_changes_are_read_from_indexes_alone(tmp_path: Path) -> None:
    database = SourceDatabase(f"sqlite:///{tmp_path / 'source.db'}")
    database.create()
    asked: list[tuple[str, tuple[object, ...]]] = []

    @sa.event.listens_for(database._engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, context, executemany) -> None:  # type: ignore[no-untyped-def]
        asked.append((statement, parameters))

    database.days(FIRST, LAST)
    database.changed_days(START, FIRST, LAST)
    sa.event.remove(database._engine, "before_cursor_execute", note)
    queries = [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]
    assert len(queries) == 5
    for statement, parameters in queries:
        with database._reading() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        assert "COVERING INDEX" in str(plan), statement
    database.close()


def _unreachable(tmp_path: Path) -> str:
    return "postgresql://someone:pa55word@127.0.0.1:9/reviews"


def _no_database(tmp_path: Path) -> str:
    (tmp_path / "notes.txt").write_text("not a database, and long enough to be read as one " * 50)
    return f"sqlite:///{tmp_path / 'notes.txt'}"


def _no_folder(tmp_path: Path) -> str:
    (tmp_path / "file").touch()
    return f"sqlite:///{tmp_path / 'file' / 'source.db'}"


def _no_url(tmp_path: Path) -> str:
    return "somewhere else"


def _no_dialect(tmp_path: Path) -> str:
    return "nosuchdb://host/reviews"


@pytest.mark.parametrize("broken", [_unreachable, _no_database, _no_folder, _no_url, _no_dialect])
def test_a_source_that_cannot_be_used_is_told_in_one_line_without_its_password(
    tmp_path: Path, broken: Callable[[Path], str]
) -> None:
    with pytest.raises(SourceError) as caught:
        SourceDatabase(broken(tmp_path)).create()
    assert "\n" not in str(caught.value)
    assert "pa55word" not in str(caught.value)


class TestMending:
    def test_corrected_rows_enter_as_the_dead_letters_they_mend_leave(self, source: SourceDatabase) -> None:
        letters = [letter(), letter("a.jsonl:2", "h2", review_id="R1"), letter("a.jsonl:3", "h3", review_id="R8")]
        source.add_dead_letters(letters)
        before = state(source)
        counts, mended = source.mend([review("R1"), review("R2")], [letters[0].key, "f" * 64], ["R1"])
        assert (counts, mended) == (UpsertCounts(loaded=2, unchanged=0), 2)
        assert [row.review_id for row in stored(source)] == ["R1", "R2"]
        assert [entry.origin for entry in source.dead_letters(DeadLetterFilter())] == ["a.jsonl:3"]
        assert state(source) != before

    def test_a_mended_dead_letter_does_not_come_back_with_its_file(self, source: SourceDatabase) -> None:
        source.add_dead_letters([letter()])
        source.mend([review("R9")], [], ["R9"])
        before = state(source)
        assert source.add_dead_letters([letter()]) == 0
        assert source.live_dead_letters([letter().key]) == set()
        assert state(source) == before

    def test_a_correction_that_cannot_be_written_mends_nothing(self, source: SourceDatabase) -> None:
        source.add_dead_letters([letter()])
        with pytest.raises((SourceError, TypeError)):
            source.mend([review(created_at=None)], [letter().key], [])
        assert source.live_dead_letters([letter().key]) == {letter().key}


class TestListing:
    def test_dead_letters_are_counted_and_found_by_what_is_asked_for(self, source: SourceDatabase) -> None:
        other = letter("b_c.jsonl:1", "h2", reason_code="bad_id", product_id="it's|..%", created_at=START)
        # Beside `b_c.jsonl`, where an underscore is no wild card.
        third = letter("bxc.jsonl:1", "h3")
        source.add_dead_letters([letter(), other, third])

        def found(**which: str) -> list[str]:
            return [entry.origin for entry in source.dead_letters(DeadLetterFilter(**which))]

        assert source.dead_letter_reasons(DeadLetterFilter()) == {"bad_json": 2, "bad_id": 1}
        assert found() == ["a.jsonl:1", "b_c.jsonl:1", "bxc.jsonl:1"]
        assert found(origin="b_c.jsonl") == ["b_c.jsonl:1"]
        assert found(origin="a.jsonl:1") == ["a.jsonl:1"]
        assert found(reason_code="bad_id") == found(product_id="it's|..%") == found(day="2026-01-21") == ["b_c.jsonl:1"]
        assert found(day="2026-01-15", reason_code="bad_id") == []
        assert len(list(source.dead_letters(DeadLetterFilter(), limit=2))) == 2
        assert next(source.dead_letters(DeadLetterFilter())) == DeadLetterEntry(
            letter().key, "a.jsonl:1", "bad_json", "not readable", "{", "2026-01-15", "R9", None
        )


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
class TestForeignRows:
    """SQLite takes any value in any column: what others wrote must not end a day."""

    def write(self, source: SourceDatabase, **values: object) -> None:
        with source._writing() as connection:
            marks = ", ".join(f"{name} = :{name}" for name in values)
            connection.execute(sa.text(f"UPDATE reviews SET {marks}"), values)

    @pytest.mark.parametrize(
        ("created", "day"),
        [
            ("2026-01-15", "2026-01-15"),
            ("2026-01-15 00:00:00", "2026-01-15"),
            ("2026-01-15T05:00:00", "2026-01-15"),
            ("soon", "2026-01-20"),
            ("0000-00-00", "2026-01-10"),
            (7, "2026-01-10"),
            (7.5, "2026-01-10"),
        ],
    )
    def test_a_row_is_read_on_the_day_that_it_is_counted_on(
        self, source: SourceDatabase, created: object, day: str
    ) -> None:
        source.upsert([review()])
        self.write(source, created_at=created)
        assert [(found.day, found.rows) for found in source.days(FIRST, LAST)] == [(day, 1)]
        for number in range(10, 21):
            here = [row for batch in source.rows_of(date(2026, 1, number), FIRST, LAST) for row in batch]
            assert len(here) == (f"2026-01-{number}" == day)

    def test_a_time_that_is_none_and_bytes_that_are_no_text_are_handed_on_as_they_are(
        self, source: SourceDatabase
    ) -> None:
        source.upsert([review()])
        self.write(source, created_at="soon", star_rating="five")
        with source._writing() as connection:
            connection.execute(sa.text("UPDATE reviews SET product_title = CAST(X'fffe41' AS TEXT)"))
        (row,) = stored(source, 20)
        assert (row.created_at, row.star_rating, row.product_title) == ("soon", "five", "\ufffd\ufffdA")
