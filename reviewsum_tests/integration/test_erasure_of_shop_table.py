"""An erasure where the source is a shop's own table: its rows stay, and nothing of them is anywhere else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from reviewsum_assets import cli_erase
from reviewsum_assets.cli import app
from reviewsum_assets.erasure import erase, preview
from reviewsum_assets.refresh import refresh
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.settings import Settings
from reviewsum_tests.e2e.byte_search import places_of

NOW = datetime.now(UTC)
WORDS = "The lid squeaks like a badger in a bassoon whenever it rains."
NINE = "Nine stars from me, as a heron on a hovercraft would say."
PRAISE = "The battery lasts for days and the sound is warm and clear."
THEIRS = {"badger in a bassoon", "walrus in a bassoon", "heron on a hovercraft", "opinion-5", "opinion-6", "opinion-7"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop's database that lies in the state folder, in write-ahead mode, with a deleted row in its free pages."""
    path = tmp_path / "home" / "shop.db"
    path.parent.mkdir()
    texts = [*(PRAISE for _ in range(5)), WORDS, f"{PRAISE} {WORDS.replace('badger', 'walrus')}", NINE]
    users = [100, 101, 102, 103, 104, 105, 105, 105]
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE opinions (id TEXT, product_id TEXT, product_title TEXT, category TEXT, customer INTEGER, "
            "star_rating INTEGER, body TEXT, created_at TEXT)"
        )
        for number, (user, text) in enumerate(zip(users, texts, strict=True)):
            day = (NOW - timedelta(days=number % 2, hours=1)).isoformat()
            stars = {PRAISE: 4, NINE: 9}.get(text, 2)
            row = (f"opinion-{number}", "P1", "Radio", "Radios", user, stars, text, day)
            connection.execute("INSERT INTO opinions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.close()
    return path


@pytest.fixture
def platform(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    settings = Settings(
        home=tmp_path / "home",
        source_url=f"sqlite:///{shop}",
        source_table="opinions",
        source_columns={"review_id": "id", "user_id": "customer", "review_text": "body"},
        start_date=(NOW - timedelta(days=1)).date(),
        engine="template",
        min_reviews=3,
        locales=("en",),
        hash_key=SecretStr("a key of the tests, long enough"),
    )
    made = Platform(settings)
    yield made
    made.source.close()
    made.operations.close()


def places(platform: Platform) -> dict[str, set[str]]:
    """Where the person's words and ids are, the shop's own file aside."""
    return {
        place: found
        for place, found in places_of(platform.settings.root, THEIRS).items()
        if not place.startswith("shop.db")
    }


def test_the_rows_stay_at_the_shop_and_are_nowhere_else(platform: Platform, shop: Path) -> None:
    refresh(platform)
    assert {place.split("/")[0].split(" ")[0] for place in places(platform)} >= {"lake", "lancedb"}
    before = shop.read_bytes(), shop.stat().st_mtime_ns
    looked = preview(platform, ["105"], [])
    assert (looked.found["shop's table: reviews"], looked.rows_at_shop) == (3, 3)
    assert {"lake: raw_reviews", "lake: rejected_reviews"} <= set(looked.found)

    report = erase(platform, ["105"], [], actor="tests")
    assert (report.done, report.refresh_error, report.reviews, report.rows_at_shop) == (True, "", 3, 3)
    assert places(platform) == {}
    assert (shop.read_bytes(), shop.stat().st_mtime_ns) == before

    # What stays at the shop comes back by no door.
    assert refresh(platform).partitions_run == 0
    assert places(platform) == {}


@pytest.mark.slow
def test_what_the_shop_writes_of_them_later_stays_out_until_it_deletes_them(platform: Platform, shop: Path) -> None:
    refresh(platform)
    assert erase(platform, ["105"], [], actor="tests").done
    with sqlite3.connect(shop) as connection:
        connection.execute("UPDATE opinions SET body = body || ' Truly.'")
    connection.close()
    assert refresh(platform).partitions_run > 0
    assert places(platform) == {}
    with sqlite3.connect(shop) as connection:
        connection.execute("DELETE FROM opinions WHERE customer = 105")
    connection.close()
    again = erase(platform, ["105"], [], actor="tests")
    assert (again.done, again.rows_at_shop) == (True, 0)


def test_the_command_says_that_rows_stay_at_the_shop(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_erase, "get_settings", lambda: platform.settings)
    looked = CliRunner().invoke(app, ["erase", "--user", "105", "--review", "opinion-4", "--dry-run"])
    assert looked.exit_code == 0, looked.output
    assert "4 rows stay in the shop's own table, which is only read: delete them at the shop too" in looked.output
    nobody = CliRunner().invoke(app, ["erase", "--user", "nobody", "--dry-run"])
    assert "shop" not in nobody.output
