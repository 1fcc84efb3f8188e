"""Every source under one contract: our table and a shop's, with and without times, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from reviewsum_assets.contracts.protocols import Source
from reviewsum_assets.contracts.source import SourceRow
from reviewsum_assets.resources.shop_table import ShopTable
from reviewsum_assets.resources.source_db import SourceDatabase, SourceError
from reviewsum_assets.resources.source_engine import source_engine, source_url
from reviewsum_assets.resources.source_tables import UtcTime, metadata, reviews

FIRST, LAST = date(2026, 1, 10), date(2026, 1, 20)
START = datetime(2026, 1, 20, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KINDS = ("ours", "shop", "shop-without-times")


def review(review_id: str = "R1", day: int = 15, **changes: object) -> SourceRow:
    created = datetime(2026, 1, day, 12, 30, 15, 123456, tzinfo=UTC)
    row = SourceRow(review_id, "P1", "Kettle", "kettles", "U1", 4, "Boils fast – schön 👍", created, 3, True, "de_DE")
    return replace(row, **changes)  # type: ignore[arg-type]


def shop_reviews(*, times: bool, name: str = "product_reviews") -> sa.Table:
    """A shop's table: its own names, no hash, and times where it has them."""
    columns = [
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("product_id", sa.Text),
        sa.Column("product_title", sa.Text),
        sa.Column("category", sa.Text),
        sa.Column("customer", sa.Text),
        sa.Column("star_rating", sa.Integer),
        sa.Column("body", sa.Text),
        sa.Column("created_at", UtcTime),
        sa.Column("helpful_votes", sa.Integer),
        sa.Column("verified_purchase", sa.Boolean),
        sa.Column("locale", sa.Text),
        sa.Column("internal_note", sa.Text),
    ]
    if times:
        columns += [sa.Column("updated_at", UtcTime, index=True), sa.Column("deleted_at", UtcTime)]
    return sa.Table(name, sa.MetaData(), *columns)


NAMES = {"review_id": "id", "user_id": "customer", "review_text": "body"}


@dataclass
class Shop:
    """A source as its owner uses it: rows are written with the times that the writer's clock says."""

    url: str
    kind: str
    now: datetime = START
    source: Source = field(init=False)
    table: sa.Table = field(init=False)

    def __post_init__(self) -> None:
        self.engine = source_engine(source_url(self.url))
        metadata.drop_all(self.engine)
        self.table = reviews if self.kind == "ours" else shop_reviews(times=self.kind == "shop")
        self.table.drop(self.engine, checkfirst=True)
        if self.kind == "ours":
            database = SourceDatabase(self.url, clock=lambda: self.now)
            database.create()
            self.source = database
            return
        self.table.create(self.engine)
        self.put(review("R0", 11), at=START - timedelta(days=3))
        self.source = ShopTable(self.url, self.table.name, NAMES, clock=lambda: self.now)

    @property
    def times(self) -> bool:
        return "updated_at" in self.table.columns

    def put(self, row: SourceRow, *, at: datetime | None = None) -> None:
        """Insert or replace a row as a program of the shop's would."""
        values = {(NAMES.get(name, name) if self.kind != "ours" else name): v for name, v in asdict(row).items()}
        if self.kind == "ours":
            values["content_hash"] = row.content_hash()
        if self.times:
            values |= {"updated_at": at or self.now, "deleted_at": None}
        self.remove(row.review_id)
        self.run(sa.insert(self.table).values(values))

    def mark_deleted(self, review_id: str) -> None:
        if not self.times:
            self.remove(review_id)
            return
        marks = {"deleted_at": self.now, "updated_at": self.now}
        self.run(sa.update(self.table).where(self.key == review_id).values(marks))

    def remove(self, review_id: str) -> None:
        """Physically: nothing stays that says so."""
        self.run(sa.delete(self.table).where(self.key == review_id))

    def run(self, statement: sa.Executable) -> None:
        with self.engine.execution_options(reviewsum_writes=True).begin() as connection:
            connection.execute(statement)

    @property
    def key(self) -> sa.Column:
        return self.table.columns["review_id" if self.kind == "ours" else "id"]

    def state(self, day: int = 15) -> str:
        states = {found.day: found.state() for found in self.source.days(FIRST, LAST)}
        return states.get(f"2026-01-{day}", "")

    def ids(self, day: int = 15) -> list[object]:
        batches = self.source.values_of(f"2026-01-{day}", FIRST, LAST)
        return [values["review_id"] for batch in batches for values in batch]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'source.db'}"
    return str(request.getfixturevalue("source_postgres_url"))


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest, url: str) -> Iterator[Shop]:
    made = Shop(url, request.param)
    yield made
    made.source.close()
    made.engine.dispose()


class TestReading:
    def test_rows_come_in_order_with_all_their_fields(self, shop: Shop) -> None:
        bare = review("R2", helpful_votes=None, verified_purchase=None, locale=None)
        for row in (bare, review("R10"), review()):
            shop.put(row)
        (batch,) = shop.source.values_of("2026-01-15", FIRST, LAST)
        assert [values["review_id"] for values in batch] == ["R1", "R10", "R2"]
        assert {name: batch[0][name] for name in ("review_text", "star_rating", "user_id", "helpful_votes")} == {
            "review_text": "Boils fast – schön 👍",
            "star_rating": 4,
            "user_id": "U1",
            "helpful_votes": 3,
        }
        assert [batch[2][name] for name in ("helpful_votes", "verified_purchase", "locale")] == [None, None, None]

    def test_days_count_live_rows_and_the_ends_hold_what_is_outside(self, shop: Shop) -> None:
        late = datetime(2026, 1, 15, 23, 59, 59, 999999, tzinfo=UTC)
        rows = [
            review("a", created_at=datetime(1999, 5, 1, tzinfo=UTC)),
            review("b", created_at=late),
            review("c", created_at=late + timedelta(microseconds=1)),
            review("d", created_at=datetime(2026, 2, 3, tzinfo=UTC)),
        ]
        for row in rows:
            shop.put(row)
        counted = {day.day: day.rows for day in shop.source.days(FIRST, LAST)} | {"2026-01-11": 0}
        expected = {"2026-01-10": 1, "2026-01-15": 1, "2026-01-16": 1, "2026-01-20": 1}
        assert counted == expected | {"2026-01-11": 0}
        assert [shop.ids(day) for day in (10, 15, 16, 20)] == [["a"], ["b"], ["c"], ["d"]]

    def test_rows_stream_in_batches(self, shop: Shop) -> None:
        for number in range(7):
            shop.put(review(f"R{number}"))
        assert [len(batch) for batch in shop.source.values_of("2026-01-15", FIRST, LAST, batch_size=3)] == [3, 3, 1]

    def test_it_counts_live_reviews_and_names_its_version(self, shop: Shop) -> None:
        before = shop.source.count()
        shop.put(review())
        shop.put(review("R2"))
        shop.mark_deleted("R2")
        assert shop.source.count() == before + 1
        assert shop.source.ping().split()[0] in ("SQLite", "PostgreSQL")

    @pytest.mark.parametrize("day", ["2026-01-09", "2026-01-21"])
    def test_a_day_outside_the_range_is_an_error(self, shop: Shop, day: str) -> None:
        with pytest.raises(ValueError, match="not between"):
            next(shop.source.values_of(day, FIRST, LAST))
        with pytest.raises(ValueError, match="not between"):
            list(shop.source.dead_letters_of(day, FIRST, LAST))


class TestStates:
    def test_the_same_rows_have_the_same_state(self, shop: Shop) -> None:
        shop.put(review())
        assert shop.state() == shop.state() != ""

    def test_every_kind_of_change_alters_the_state_of_its_day_alone(self, shop: Shop) -> None:
        shop.put(review("other", 12))
        shop.put(review())
        steps = [
            lambda: shop.put(review("late"), at=START - timedelta(days=2)),
            lambda: shop.put(review(review_text="Now it leaks.")),
            lambda: shop.mark_deleted("R1"),
            lambda: shop.put(review()),
            lambda: shop.put(review("late", star_rating=1), at=START - timedelta(days=3)),
            lambda: shop.remove("late"),
        ]
        other, states = shop.state(12), [shop.state()]
        for step in steps:
            shop.now += MINUTE
            step()
            states.append(shop.state())
        assert all(before != after for before, after in pairwise(states))
        assert shop.state(12) == other

    def test_a_row_that_takes_the_place_of_a_removed_one_is_a_change(self, shop: Shop) -> None:
        shop.put(review(), at=START)
        before = shop.state()
        shop.remove("R1")
        shop.put(review("R2"), at=START + timedelta(microseconds=1))
        assert shop.state() != before


class TestCursor:
    def first(self, shop: Shop) -> str:
        return shop.source.changes(None, FIRST, LAST).cursor

    def test_without_a_cursor_all_days_are_asked_for_and_then_nothing(self, shop: Shop) -> None:
        shop.put(review("R1", 12))
        shop.put(review("R2", 15))
        first = shop.source.changes(None, FIRST, LAST)
        assert {"2026-01-12", "2026-01-15"} <= set(first.days)
        again = shop.source.changes(first.cursor, FIRST, LAST)
        assert again.days == ()
        assert shop.source.changes(again.cursor, FIRST, LAST) == again

    def test_a_change_is_asked_for_once(self, shop: Shop) -> None:
        shop.put(review())
        cursor = self.first(shop)
        for change in (
            lambda: shop.put(review("R2", 13)),
            lambda: shop.put(review("R2", 13, star_rating=1)),
            lambda: shop.mark_deleted("R2"),
            lambda: shop.put(review("R2", 13)),
        ):
            shop.now += MINUTE
            change()
            found = shop.source.changes(cursor, FIRST, LAST)
            assert found.days == ("2026-01-13",)
            cursor = shop.source.changes(found.cursor, FIRST, LAST).cursor
            assert shop.source.changes(cursor, FIRST, LAST).days == ()

    def test_a_row_that_commits_late_inside_the_overlap_is_not_missed(self, shop: Shop) -> None:
        shop.put(review())
        cursor = self.first(shop)
        shop.now += 30 * MINUTE
        shop.put(review("R2", 14))
        cursor = shop.source.changes(cursor, FIRST, LAST).cursor
        shop.put(review("R3", 13), at=shop.now - 9 * MINUTE)
        found = shop.source.changes(cursor, FIRST, LAST)
        assert found.days == ("2026-01-13",)
        assert shop.source.changes(found.cursor, FIRST, LAST).days == ()

    def test_a_clock_that_is_ahead_hides_no_other_writer(self, shop: Shop) -> None:
        shop.put(review())
        cursor = self.first(shop)
        shop.now += MINUTE
        shop.put(review("ahead", 13), at=shop.now + timedelta(days=365))
        found = shop.source.changes(cursor, FIRST, LAST)
        assert found.days == ("2026-01-13",)
        for number in range(3):
            shop.now += 30 * MINUTE
            assert shop.source.changes(found.cursor, FIRST, LAST).days == ()
            shop.put(review(f"N{number}", 14))
            found = shop.source.changes(found.cursor, FIRST, LAST)
            assert found.days == ("2026-01-14",)

    def test_clocks_that_are_all_behind_are_followed(self, shop: Shop) -> None:
        shop.put(review(), at=START - timedelta(hours=5))
        cursor = self.first(shop)
        for number in range(4):
            shop.now += 20 * MINUTE
            shop.put(review(f"N{number}", 13), at=shop.now - timedelta(hours=5))
            found = shop.source.changes(cursor, FIRST, LAST)
            assert found.days == ("2026-01-13",)
            cursor = shop.source.changes(found.cursor, FIRST, LAST).cursor
            assert shop.source.changes(cursor, FIRST, LAST).days == ()

    def test_its_size_follows_the_days_and_not_the_rows(self, shop: Shop) -> None:
        cursor = self.first(shop)
        for number in range(300):
            shop.put(review(f"N{number}", 12 + number % 3))
        found = shop.source.changes(cursor, FIRST, LAST)
        assert found.days == ("2026-01-12", "2026-01-13", "2026-01-14")
        assert len(found.cursor) < 600
        json.loads(found.cursor)

    def test_once_a_change_is_older_than_the_overlap_a_tick_reads_no_row(self, shop: Shop) -> None:
        if not shop.times:
            pytest.skip("without times each tick reads the days")
        shop.put(review())
        cursor = self.first(shop)
        shop.now += 11 * MINUTE
        cursor = shop.source.changes(cursor, FIRST, LAST).cursor
        assert json.loads(cursor)["known"] == {}
        assert shop.source.changes(cursor, FIRST, LAST).days == ()

    def test_a_new_day_and_the_one_before_it_are_asked_for(self, shop: Shop) -> None:
        shop.put(review("ahead", 21))
        cursor = self.first(shop)
        found = shop.source.changes(cursor, FIRST, LAST + timedelta(days=1))
        assert found.days == ("2026-01-20", "2026-01-21")
        assert shop.source.changes(found.cursor, FIRST, LAST + timedelta(days=1)).days == ()

    @pytest.mark.parametrize("broken", ["", "not json", "[]", '{"version": 0}'])
    def test_a_cursor_that_cannot_be_read_asks_for_all_days(self, shop: Shop, broken: str) -> None:
        shop.put(review())
        assert "2026-01-15" in shop.source.changes(broken, FIRST, LAST).days

    def test_another_first_day_asks_for_all_days(self, shop: Shop) -> None:
        shop.put(review())
        cursor = self.first(shop)
        assert "2026-01-15" in shop.source.changes(cursor, FIRST + timedelta(days=1), LAST).days

    def test_changed_days_are_those_touched_since(self, shop: Shop) -> None:
        shop.put(review("R1", 12))
        shop.now += MINUTE
        since = shop.now
        shop.put(review("R2", 13))
        found = shop.source.changed_days(since, FIRST, LAST)
        assert found == (["2026-01-13"] if shop.times else ["2026-01-11", "2026-01-12", "2026-01-13"])


def test_a_review_of_ours_that_moves_tells_the_tick_of_both_days(url: str) -> None:
    shop = Shop(url, "ours")
    assert isinstance(shop.source, SourceDatabase)
    shop.source.upsert([review("R1", 12), review("R2", 12)])
    shop.now += 60 * MINUTE
    cursor = shop.source.changes(None, FIRST, LAST).cursor
    shop.source.upsert([review("R1", 15)])
    assert shop.source.changes(cursor, FIRST, LAST).days == ("2026-01-12", "2026-01-15")
    shop.source.close()
    shop.engine.dispose()


def test_the_first_row_of_an_empty_source_is_seen_though_its_writers_clock_is_far_behind(url: str) -> None:
    shop = Shop(url, "ours")
    cursor = shop.source.changes(None, FIRST, LAST).cursor
    shop.put(review(), at=START - timedelta(days=2))
    found = shop.source.changes(cursor, FIRST, LAST)
    assert found.days == ("2026-01-15",)
    assert shop.source.changes(found.cursor, FIRST, LAST).days == ()
    shop.source.close()
    shop.engine.dispose()


def test_on_sqlite_an_unchanged_tick_is_one_query_by_the_index(tmp_path: Path) -> None:
    shop = Shop(f"sqlite:///{tmp_path / 'source.db'}", "ours")
    assert isinstance(shop.source, SourceDatabase)
    shop.put(review())
    cursor = shop.source.changes(None, FIRST, LAST).cursor
    asked: list[tuple[str, tuple[object, ...]]] = []

    @sa.event.listens_for(shop.source._engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, context, executemany) -> None:  # type: ignore[no-untyped-def]
        asked.append((statement, parameters))

    assert shop.source.changes(cursor, FIRST, LAST).days == ()
    queries = [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]
    assert len(queries) == 1
    with shop.engine.connect() as connection:
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {queries[0][0]}", queries[0][1]).all())
    assert "reviews_by_updated_at" in plan
    assert "SCAN reviews" not in plan


# A shop's table


class TestShopTable:
    def make(self, url: str, statements: list[str], table: str = "odd", **columns: str) -> ShopTable:
        engine = source_engine(source_url(url))
        with engine.execution_options(reviewsum_writes=True).begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()
        return ShopTable(url, table, columns)

    def odd(self, url: str, types: str = "TEXT", created: str = "TIMESTAMP") -> list[str]:
        names = ("review_id", "product_id", "product_title", "category", "user_id", "star_rating", "review_text")
        columns = ", ".join(f"{name} {types}" for name in names)
        return ["DROP TABLE IF EXISTS odd", f"CREATE TABLE odd ({columns}, created_at {created})"]

    def test_rows_that_break_the_contract_are_handed_out_as_they_are(self, url: str) -> None:
        rows = [
            "INSERT INTO odd VALUES ('a', NULL, 't', 'c', 'u', '7', NULL, '2026-01-15 10:00:00')",
            "INSERT INTO odd VALUES (NULL, 'p', 't', 'c', 'u', '5', 'x', NULL)",
        ]
        table = self.make(url, self.odd(url) + rows)
        assert {day.day: day.rows for day in table.days(FIRST, LAST)} == {"2026-01-10": 1, "2026-01-15": 1}
        ((broken,),) = table.values_of("2026-01-15", FIRST, LAST)
        assert (broken["product_id"], broken["star_rating"], broken["review_text"]) == (None, "7", None)
        ((undated,),) = table.values_of(FIRST, FIRST, LAST)
        assert (undated["review_id"], undated["created_at"]) == (None, None)
        table.close()

    def test_numbers_are_identifiers_too_however_large(self, url: str) -> None:
        rows = ["INSERT INTO odd VALUES (9223372036854775807, 2, 3, 4, 5, 5, 6, '2026-01-15 10:00:00')"]
        table = self.make(url, self.odd(url, types="BIGINT") + rows)
        ((values,),) = table.values_of("2026-01-15", FIRST, LAST)
        assert (values["review_id"], values["product_id"], values["star_rating"]) == ("9223372036854775807", "2", 5)
        table.close()

    def test_it_is_never_written(self, url: str) -> None:
        table = self.make(url, self.odd(url))
        with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"), table._engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM odd")
        table.close()

    @pytest.mark.parametrize("filled", [True, False])
    def test_updated_at_is_used_once_it_is_filled(self, url: str, filled: bool) -> None:
        value = "'2026-01-16 10:00:00'" if filled else "NULL"
        rows = [
            "ALTER TABLE odd ADD COLUMN updated_at TIMESTAMP",
            f"INSERT INTO odd VALUES ('a', 'p', 't', 'c', 'u', '5', 'x', '2026-01-15 10:00:00', {value})",
        ]
        table = self.make(url, self.odd(url) + rows)
        assert ("by updated_at" in table.kind) is filled
        table.close()

    @pytest.mark.parametrize(
        ("table", "columns", "message"),
        [
            ("nowhere", {}, "there is no"),
            ("odd", {"review_text": "words"}, "no column words.*review_text"),
            ("odd", {"stars": "star_rating"}, "names stars, which is none of"),
        ],
    )
    def test_what_is_wrong_with_its_settings_is_told_in_one_line(
        self, url: str, table: str, columns: dict[str, str], message: str
    ) -> None:
        made = self.make(url, self.odd(url), table, **columns)
        with pytest.raises(SourceError, match=message) as caught:
            made.ping()
        assert "\n" not in str(caught.value)
        made.close()

    def test_a_missing_required_column_is_named(self, url: str) -> None:
        made = self.make(url, [*self.odd(url), "ALTER TABLE odd DROP COLUMN user_id"])
        with pytest.raises(SourceError, match="no column user_id"):
            made.days(FIRST, LAST)
        made.close()


def test_on_postgresql_a_table_in_a_schema_is_found_and_times_without_end_cost_no_day(source_postgres_url: str) -> None:
    statements = [
        "DROP SCHEMA IF EXISTS shop CASCADE",
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.reviews (review_id uuid, product_id text, product_title text, category text, user_id text, "
        "star_rating numeric, review_text text, created_at timestamptz, updated_at timestamptz)",
        "INSERT INTO shop.reviews VALUES ('00000000-0000-0000-0000-00000000000a', 'p', 't', 'c', 'u', 5.0, 'x', "
        "'infinity', 'infinity'), ('00000000-0000-0000-0000-00000000000b', 'p', 't', 'c', 'u', 5, 'x', '-infinity', "
        "NULL), (NULL, 'p', 't', 'c', 'u', 5, 'x', '0044-03-15 BC', '2026-01-16 00:00+02')",
    ]
    table = TestShopTable().make(source_postgres_url, statements, "shop.reviews")
    assert {day.day: day.rows for day in table.days(FIRST, LAST)} == {"2026-01-10": 2, "2026-01-20": 1}
    ((endless,),) = table.values_of(LAST, FIRST, LAST)
    assert endless["review_id"] == "00000000-0000-0000-0000-00000000000a"
    found = table.changes(None, FIRST, LAST)
    assert table.changes(found.cursor, FIRST, LAST).days == ()
    table.close()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-15T23:30:00-02:00", 16),
        ("2026-01-15 00:30:00+01:00", 14),
        ("2026-01-15T10:00:00Z", 15),
        (1768474800, 15),
        (1768474800000, 15),
        ("2026-01-15", 15),
        ("never", 10),
    ],
)
def test_on_sqlite_times_are_read_however_they_are_written(tmp_path: Path, written: object, day: int) -> None:
    shop = Shop(f"sqlite:///{tmp_path / 'source.db'}", "shop-without-times")
    shop.remove("R0")
    shop.put(review())
    with shop.engine.execution_options(reviewsum_writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE product_reviews SET created_at = ?", (written,))
    assert [(found.day, found.rows) for found in shop.source.days(FIRST, LAST)] == [(f"2026-01-{day}", 1)]
    assert [shop.ids(number) for number in range(10, 21) if shop.ids(number)] == [["R1"]]
    assert shop.ids(day) == ["R1"]


def test_on_sqlite_a_text_in_a_broken_encoding_costs_its_characters_only(tmp_path: Path) -> None:
    shop = Shop(f"sqlite:///{tmp_path / 'source.db'}", "shop-without-times")
    shop.put(review())
    with shop.engine.execution_options(reviewsum_writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE product_reviews SET body = CAST(x'736368f66e' AS TEXT) WHERE id = 'R1'")
    ((values,),) = shop.source.values_of("2026-01-15", FIRST, LAST)
    assert values["review_text"] == "sch�n"


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no database"):
        ShopTable(f"sqlite:///{tmp_path / 'typo.db'}", "reviews")
    assert not (tmp_path / "typo.db").exists()
