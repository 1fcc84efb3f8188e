"""An erasure whose source and operations database are PostgreSQL, on a state of four days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from reviewsum_assets.contracts.source import RejectedRow, SourceRow
from reviewsum_assets.erasure import STEPS, erase, preview
from reviewsum_assets.refresh import refresh
from reviewsum_assets.resources import operations_tables, source_tables
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.settings import Settings
from reviewsum_tests.e2e.byte_search import places_of
from reviewsum_tests.resources.conftest import source_postgres_url  # noqa: F401

NOW = datetime.now(UTC)
WORDS = "The lid squeaks like a badger in a bassoon whenever it rains."
PRAISE = "The battery lasts for days and the sound is warm and clear."


@pytest.fixture
def platform(
    source_postgres_url: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Platform]:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    settings = Settings(
        home=tmp_path / "home",
        source_url=source_postgres_url,
        operations_url=source_postgres_url,
        start_date=(NOW - timedelta(days=3)).date(),
        engine="template",
        min_reviews=3,
        locales=("en", "de"),
        hash_key=SecretStr("a key of the tests, long enough"),
    )
    made = Platform(settings)
    yield made
    source_tables.metadata.drop_all(made.source.engine)
    operations_tables.metadata.drop_all(made.operations.engine)
    made.source.close()
    made.operations.close()


def rows() -> list[SourceRow]:
    texts = [*(PRAISE for _ in range(5)), WORDS, f"{PRAISE} {WORDS.replace('badger', 'walrus')}"]
    users = [*(f"customer-{number}" for number in range(6)), "customer-5"]
    return [
        SourceRow(
            f"review-{number}",
            "P1",
            "Radio",
            "Radios",
            user,
            4 if text == PRAISE else 2,
            text,
            NOW - timedelta(days=number % 3, hours=1),
        )
        for number, (user, text) in enumerate(zip(users, texts, strict=True))
    ]


def test_nothing_is_left_in_either_database_or_the_state_folder(platform: Platform) -> None:
    platform.source.upsert(rows())
    raw = f'{{"review_text":"{WORDS}","user_id":"{platform.keyed_hash.text("customer-5")}"}}'
    platform.source.add_dead_letters(
        [RejectedRow("a:1", "hash", "bad_star_rating", "nine", raw, "review-x", "P1", NOW)]
    )
    refresh(platform)
    needles = {"customer-5", "review-5", "review-6", "badger in a bassoon", "walrus in a bassoon"}
    assert places_of(platform.settings.root, needles)
    looked = preview(platform, ["customer-5"], [])
    assert (looked.found["source: reviews"], looked.found["source: dead letters"]) == (2, 1)

    steps: list[str] = []
    report = erase(platform, ["customer-5"], [], actor="tests", on_step=steps.append)
    assert tuple(steps) == STEPS
    assert (report.done, report.refresh_error, report.reviews) == (True, "", 2)
    assert places_of(platform.settings.root, needles) == {}
    with platform.source.reading() as connection:
        left = connection.scalars(sa.select(source_tables.reviews.c.review_id)).all()
        assert sorted(left) == [f"review-{number}" for number in range(5)]
        assert connection.scalar(sa.select(sa.func.count()).select_from(source_tables.dead_letters)) == 0
    with platform.operations.reading() as connection:
        stored = [
            str(row) for table in operations_tables.metadata.sorted_tables for row in connection.execute(table.select())
        ]
    assert stored
    assert not [row for row in stored if any(needle in row for needle in needles)]
    assert [entry.action for entry in platform.operations.entries()] == ["erase finished", "erase started"]

    # A shop that writes its own table may write them again: they stay out of everything else.
    platform.source.upsert(rows())
    refresh(platform)
    assert not [place for place in places_of(platform.settings.root, needles) if not place.startswith("source")]
