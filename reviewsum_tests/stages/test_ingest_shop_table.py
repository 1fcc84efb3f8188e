"""A shop's own table through ingestion: every row in one place, and the table never written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from reviewsum_assets.contracts.tables import RawReviews, RejectedReviews
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.source_engine import SourceError, source_engine, source_url
from reviewsum_assets.resources.tombstones import Erased
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages import ingest

FIRST, DAY, LAST = "2026-01-10", "2026-01-15", "2026-01-20"

ROWS = [
    ("10", "P1", "Kettle", "kettles", 7, 5, "Boils fast, mail me at jane@example.org", "2026-01-15 10:00:00"),
    ("9", "P1", "Kettle", "kettles", 8, 7, "Seven stars.", "2026-01-15 11:00:00"),
    ("8", "P1", "Kettle", "kettles", 8, 4, None, "2026-01-15 12:00:00"),
    ("", "P1", "Kettle", "kettles", 8, 4, "Who wrote this?", "2026-01-15 13:00:00"),
    ("7", "P1", "Kettle", "kettles", 9, 2, "Leaks.", "2026-01-15 14:00:00"),
    ("7", "P1", "Kettle", "kettles", 9, 1, "Leaks still.", "2026-01-15 15:00:00"),
    ("6", "P1", "Kettle", "kettles", 9, 3, "When was that?", None),
]


class ShopDatabase:
    def __init__(self, url: str) -> None:
        self.url = url
        self.create("INTEGER")

    def create(self, customers: str) -> None:
        """The table with its rows, customers numbered in a column of this type."""
        self.run("DROP TABLE IF EXISTS opinions")
        self.run(
            "CREATE TABLE opinions (id VARCHAR(20), product_id TEXT, product_title TEXT, category TEXT, "
            f"customer {customers}, star_rating INTEGER, body TEXT, created_at TIMESTAMP)"
        )
        for row in ROWS:
            self.insert(row)

    def insert(self, row: tuple[object, ...]) -> None:
        names = "abcdefgh"
        marks = ", ".join(f":{name}" for name in names)
        self.run(f"INSERT INTO opinions VALUES ({marks})", **dict(zip(names, row, strict=True)))

    def run(self, statement: str, **parameters: object) -> None:
        engine = source_engine(source_url(self.url))
        with engine.execution_options(reviewsum_writes=True).begin() as connection:
            connection.execute(sa.text(statement), parameters)
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> ShopDatabase:
    if request.param == "sqlite":
        return ShopDatabase(f"sqlite:///{tmp_path / 'shop.db'}")
    return ShopDatabase(str(request.getfixturevalue("source_postgres_url")))


@pytest.fixture
def platform(shop: ShopDatabase, tmp_path: Path) -> Iterator[Platform]:
    made = Platform(
        Settings(
            home=tmp_path / "home",
            source_url=shop.url,
            source_table="opinions",
            source_columns={"review_id": "id", "user_id": "customer", "review_text": "body"},
            start_date=date.fromisoformat(FIRST),
            hash_key="a key of the tests",
        )
    )
    yield made
    made.source.close()


def run(platform: Platform, day: str) -> tuple[bool, dict[str, str]]:
    """Whether the day's raw rows changed, and what each row became, by id: its text, or why it was refused."""
    state = ingest.source_days(platform, LAST).get(day)
    report, _ = ingest.ingest_day(platform, day, state, LAST)
    assert report.failed_blocking == ()
    found = {
        row["review_id"]: row["review_text"] for row in platform.lake.read("raw_reviews", RawReviews, day).to_pylist()
    }
    for row in platform.lake.read("rejected_reviews", RejectedReviews, day).to_pylist():
        found[f"{row['review_id']} refused"] = row["reason_code"]
    return report.changed, found


def test_every_row_is_taken_or_is_a_dead_letter_with_its_reason(platform: Platform) -> None:
    changed, found = run(platform, DAY)
    assert changed
    assert "jane" not in found["10"]
    assert found | {"10": ""} == {
        "10": "",
        "7": "Leaks.",
        "7 refused": "repeated_id",
        "8 refused": "missing_field",
        "9 refused": "bad_star_rating",
        "None refused": "missing_field",
    }
    assert run(platform, FIRST)[1] == {"6 refused": "missing_field"}


def test_a_day_is_read_again_when_its_rows_changed_and_only_then(platform: Platform, shop: ShopDatabase) -> None:
    run(platform, DAY)
    assert run(platform, DAY)[0] is False
    shop.run("UPDATE opinions SET body = 'Boils slowly.' WHERE id = '10'")
    changed, found = run(platform, DAY)
    assert (changed, found["10"]) == (True, "Boils slowly.")
    shop.run("DELETE FROM opinions WHERE id = '10'")
    changed, found = run(platform, DAY)
    assert changed
    assert "10" not in found


def test_nothing_is_loaded_into_it(platform: Platform) -> None:
    with pytest.raises(SourceError, match="unset REVIEWSUM_SOURCE_TABLE"):
        platform.source_database  # noqa: B018


def erase_ids(platform: Platform, user_id: str, review_id: str) -> None:
    """Tombstones as an erasure writes them."""
    key = platform.keyed_hash
    erased = Erased({key.user(user_id)}, {key.text(user_id)}, {key.review(review_id)})
    platform.tombstones.start("asked", erased, actor="tests", counts={})


@pytest.mark.parametrize("customers", ["INTEGER", "DOUBLE PRECISION", "TEXT"])
def test_rows_of_the_erased_stay_out_though_the_shop_keeps_them(
    platform: Platform, shop: ShopDatabase, customers: str
) -> None:
    shop.create(customers)
    assert {"7", "8 refused", "9 refused"} <= set(run(platform, DAY)[1])
    erase_ids(platform, "8", "7")
    changed, found = run(platform, DAY)
    assert (changed, set(found)) == (True, {"10"})
    assert run(platform, DAY)[0] is False
    shop.insert(("11", "P1", "Kettle", "kettles", 8, 5, "Me again, I like it after all.", "2026-01-15 16:00:00"))
    assert set(run(platform, DAY)[1]) == {"10"}


@pytest.mark.parametrize("customers", ["INTEGER", "DOUBLE PRECISION", "TEXT"])
def test_an_erasure_finds_rows_by_the_ids_that_ingestion_takes_and_deletes_none(
    platform: Platform, shop: ShopDatabase, customers: str
) -> None:
    shop.create(customers)
    erasure = platform.source_erasure
    found = [(row.review_id, row.user_id, row.product_id, row.review_text) for row in erasure.reviews_of(["8"], ["7"])]
    assert sorted(found) == [
        ("", "8", "P1", "Who wrote this?"),
        ("7", "9", "P1", "Leaks still."),
        ("7", "9", "P1", "Leaks."),
        ("8", "8", "P1", ""),
        ("9", "8", "P1", "Seven stars."),
    ]
    assert list(erasure.reviews_of(["nobody"], ["70"])) == []
    others = [row.review_id for row in erasure.reviews_like(lambda review, user: user not in ("8", "9"))]
    assert others == ["10"]
    assert (list(erasure.letters()), erasure.delete(["7"], [])) == ([], (0, 0))
    assert sum(1 for _ in erasure.reviews_like(lambda *_: True)) == len(ROWS)
