"""What other days say of a day's reviews, in whatever order the days are run."""

from __future__ import annotations

from pathlib import Path

from reviewsum_assets.contracts.source import SourceRow
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages import clean, screen
from reviewsum_assets.stages.staleness import covering_range, stale_days
from reviewsum_tests.stages.days import FIRST, LAST, clean_days, ingest_days, reasons, row, screen_days, screened, shop

TEXT = "The kettle boils a litre in three minutes, the handle stays cool and the lid is a little stiff to open."
DAYS = ("2026-06-01", "2026-06-05", "2026-06-20")


def shop_with_a_copy(platform: Platform) -> None:
    platform.source_database.upsert(
        [
            row("R1", TEXT, "2026-06-01"),
            row("R2", "Nothing to complain about, works every morning without a fuss.", "2026-06-05"),
            row("R3", TEXT + " Really.", "2026-06-20"),
        ]
    )


def test_a_copy_of_an_earlier_day_is_set_aside_and_says_of_which_review(platform: Platform) -> None:
    shop_with_a_copy(platform)
    clean_days(platform, *DAYS)
    assert reasons(platform, "2026-06-01") == {"R1": None}
    assert reasons(platform, "2026-06-20") == {"R3": "near_duplicate"}
    table = platform.lake.read(clean.CLEANED, clean.CleanedReviews, "2026-06-20")
    assert table["set_aside_details"].to_pylist() == ["copy_of:R1"]


def test_the_copy_counts_again_when_its_original_is_deleted(platform: Platform) -> None:
    shop_with_a_copy(platform)
    clean_days(platform, *DAYS)
    platform.source_database.delete(["R1"])
    reports = clean_days(platform, *DAYS)
    assert reasons(platform, "2026-06-20") == {"R3": None}
    assert [report.changed for report in reports] == [True, False, True]


def test_the_order_in_which_days_are_run_does_not_matter(platform: Platform, tmp_path: Path) -> None:
    other = shop(tmp_path / "other", platform)
    for each in (platform, other):
        shop_with_a_copy(each)
    clean_days(platform, *DAYS)
    for day in reversed(DAYS):
        clean_days(other, day)
    clean_days(other, *reversed(DAYS))
    for day in DAYS:
        one, two = platform.lake.info(clean.CLEANED, day), other.lake.info(clean.CLEANED, day)
        assert one is not None
        assert one == two


def test_the_days_that_look_at_a_changed_day_are_run_with_it(platform: Platform) -> None:
    assert covering_range(platform, ["2026-05-10", "2026-05-12"], LAST) == ("2026-05-09", "2026-06-11")
    assert covering_range(platform, [FIRST.isoformat()], LAST) == (FIRST.isoformat(), "2026-05-31")
    assert covering_range(platform, [LAST], LAST) == ("2026-06-29", LAST)


def test_a_late_review_makes_its_own_day_stale_and_then_only_those_that_see_it(platform: Platform) -> None:
    shop_with_a_copy(platform)
    every = [f"2026-{month:02d}-{day:02d}" for month, days in ((5, 31), (6, 30)) for day in range(1, days + 1)]
    clean_days(platform, *every)
    platform.source_database.upsert([row("R0", "A late word about the spout, which drips a little.", "2026-06-03")])
    ingest_days(platform, ["2026-06-03"])
    screen.screen_day(platform, "2026-06-03")
    seen = [day for day in every if _is_stale(platform, day)]
    assert (seen[0], seen[-1]) == ("2026-06-02", LAST)
    assert stale_days(platform, LAST)[0] == every[0], "nothing is in LanceDB yet"
    before = {day: platform.lake.info(clean.CLEANED, day) for day in seen}
    screen_days(platform, *seen)
    changed = [day for day in seen if clean.clean_day(platform, day).changed]
    assert changed == ["2026-06-03"]
    assert all(
        (now := platform.lake.info(clean.CLEANED, day)) and old and now.data_version == old.data_version
        for day, old in before.items()
        if day not in changed
    )


def _is_stale(platform: Platform, day: str) -> bool:
    info = platform.lake.info(clean.CLEANED, day)
    return info is None or info.inputs != clean.clean_inputs(platform, day)


def test_a_day_that_looks_unlike_the_weeks_before_is_reported_and_goes_on(platform: Platform) -> None:
    def day_of(day: str, stars: int, number: int) -> list[SourceRow]:
        return [
            row(f"{day}-{i:03d}", f"Kettle {day} {i} boils fast.", day, star_rating=stars if i % 4 else 3)
            for i in range(number)
        ]

    usual = [f"2026-06-{day:02d}" for day in range(1, 6)]
    for day in usual:
        platform.source_database.upsert(day_of(day, 5, 80))
    platform.source_database.upsert(day_of("2026-06-10", 1, 80))
    platform.source_database.upsert(day_of("2026-06-11", 5, 80))
    reports = clean_days(platform, *usual, "2026-06-10", "2026-06-11")
    jumped = {report.partition: [check.name for check in report.checks if not check.passed] for report in reports}
    assert jumped == {key: [] for key in (*usual, "2026-06-11")} | {"2026-06-10": ["star_mix_as_usual"]}
    assert all(report.failed_blocking == () for report in reports)


def test_a_persons_decision_stands_above_the_rules_until_the_text_is_another(platform: Platform) -> None:
    shop_with_a_copy(platform)
    clean_days(platform, *DAYS)
    text_hash = screened(platform, DAYS[2])["text_hash"][0].as_py()
    platform.decisions.decide("approved", {"R3": (DAYS[2], text_hash)}, actor="anna")
    changed = [report.partition for report in clean_days(platform, *DAYS) if report.changed]
    assert changed == [DAYS[2]]
    assert reasons(platform, DAYS[2]) == {"R3": None}
    platform.source_database.upsert([row("R3", TEXT + " Truly.", "2026-06-20")])
    clean_days(platform, *DAYS)
    assert reasons(platform, DAYS[2]) == {"R3": "near_duplicate"}


def test_a_counted_review_that_a_person_rejects_is_set_aside(platform: Platform) -> None:
    shop_with_a_copy(platform)
    clean_days(platform, *DAYS)
    text_hash = screened(platform, DAYS[1])["text_hash"][0].as_py()
    platform.decisions.decide("rejected", {"R2": (DAYS[1], text_hash)}, actor="anna")
    clean_days(platform, DAYS[1])
    assert reasons(platform, DAYS[1]) == {"R2": "rejected_by_moderator"}
    platform.decisions.undo(["R2"], actor="anna")
    clean_days(platform, DAYS[1])
    assert reasons(platform, DAYS[1]) == {"R2": None}
