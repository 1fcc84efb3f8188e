"""A day is screened review by review; what is known of an unchanged one is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages import screen
from reviewsum_assets.stages.chunk_vectors import VECTORS
from reviewsum_tests.stages.days import row, screen_days, screened, shop

DAY = "2026-06-01"
ROWS = [
    row("R1", "The kettle boils fast. The handle stays cool."),
    row("R2", "Der Deckel klemmt, aber das Wasser kocht schnell."),
    row("R3", "La bouilloire fuit. Le couvercle ne ferme pas."),
    row("R4", "ok"),
]


def files(platform: Platform, day: str = DAY) -> tuple[str, str]:
    """Data versions of the day's screened reviews and vectors."""
    found = [platform.lake.info(asset, day) for asset in (screen.SCREENED, VECTORS)]
    return tuple(info.data_version if info else "" for info in found)  # type: ignore[return-value]


def test_an_unchanged_day_is_left_as_it_is(platform: Platform) -> None:
    platform.source_database.upsert(ROWS)
    (first,) = screen_days(platform, DAY)
    (second,) = screen_days(platform, DAY)
    assert (first.changed, first.measures["reviews_screened"]) == (True, 4)
    assert (second.changed, second.data_version) == (False, first.data_version)
    assert "reviews_screened" not in second.measures


def test_only_the_review_whose_text_changed_is_screened_and_the_end_is_that_of_a_fresh_run(
    platform: Platform, tmp_path: Path
) -> None:
    platform.source_database.upsert(ROWS)
    screen_days(platform, DAY)
    changed = row("R3", "La bouilloire fuit. Le bec goutte.")
    platform.source_database.upsert([changed, row("R5", "Una tetera muy buena.")])
    (report,) = screen_days(platform, DAY)
    assert report.measures["reviews_screened"] == 2
    assert report.measures["reviews_kept"] == 3
    assert report.measures["chunks_embedded"] == 2, "one sentence of R3 and one of R5 are new"

    fresh = shop(tmp_path / "fresh", platform)
    fresh.source_database.upsert([*ROWS[:2], changed, ROWS[3], row("R5", "Una tetera muy buena.")])
    screen_days(fresh, DAY)
    assert files(platform) == files(fresh)


def test_votes_and_stars_change_without_screening_anything(platform: Platform) -> None:
    platform.source_database.upsert(ROWS)
    screen_days(platform, DAY)
    platform.source_database.upsert(
        [row("R1", ROWS[0].review_text, star_rating=1, helpful_votes=7, verified_purchase=True)]
    )
    (report,) = screen_days(platform, DAY)
    assert (report.measures["reviews_screened"], report.measures["chunks_embedded"]) == (0, 0)
    first = screened(platform, DAY).to_pylist()[0]
    assert (first["star_rating"], first["helpful_votes"], first["verified_purchase"]) == (1, 7, True)


def test_a_deleted_review_leaves_with_its_vectors(platform: Platform, tmp_path: Path) -> None:
    platform.source_database.upsert(ROWS)
    screen_days(platform, DAY)
    platform.source_database.delete(["R2"])
    (report,) = screen_days(platform, DAY)
    assert screened(platform, DAY)["review_id"].to_pylist() == ["R1", "R3", "R4"]
    assert report.measures["reviews_screened"] == 0
    fresh = shop(tmp_path / "fresh", platform)
    fresh.source_database.upsert([ROWS[0], *ROWS[2:]])
    screen_days(fresh, DAY)
    assert files(platform) == files(fresh)


def test_other_code_screens_every_review_anew_and_embeds_nothing_twice(platform: Platform) -> None:
    platform.source_database.upsert(ROWS)
    screen_days(platform, DAY)
    before = files(platform)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screen, "CODE_VERSION", "another")
        (report,) = screen_days(platform, DAY)
    assert report.measures["reviews_screened"] == 4
    assert report.measures["chunks_embedded"] == 0
    assert files(platform)[1] == before[1]


def test_many_batches_are_as_one(platform: Platform, tmp_path: Path) -> None:
    rows = [row(f"R{number:02d}", f"The kettle number {number} boils fast. It leaks.") for number in range(23)]
    platform.source_database.upsert(rows)
    other = shop(tmp_path / "other", platform)
    other.source_database.upsert(rows)
    screen_days(platform, DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screen, "BATCH_REVIEWS", 5)
        screen_days(other, DAY)
        changed = row("R11", "It does not boil at all.")
        for each in (platform, other):
            each.source_database.upsert([changed])
        screen_days(other, DAY)
    screen_days(platform, DAY)
    assert files(platform)[0] == files(other)[0]
