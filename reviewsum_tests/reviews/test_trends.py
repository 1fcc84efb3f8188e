"""A day is compared with the weeks before it; what chance explains, or what hardly matters, warns of nothing."""

from __future__ import annotations

import random
from collections import Counter

from reviewsum_assets.reviews.trends import mix_trend, share_trend

USUAL = {"de": 400, "en": 300, "fr": 200, "nl": 100}


def test_a_share_that_doubles_warns_and_one_that_wavers_does_not() -> None:
    assert share_trend(300, 1000, 1500, 10_000).jumped
    assert not share_trend(170, 1000, 1500, 10_000).jumped


def test_a_share_that_falls_to_nothing_warns() -> None:
    assert share_trend(0, 500, 1500, 10_000).jumped


def test_a_tiny_rise_on_a_huge_day_does_not_matter() -> None:
    assert not share_trend(2_000, 100_000, 10_000, 1_000_000).jumped


def test_a_few_rows_say_nothing() -> None:
    assert not share_trend(10, 10, 0, 10_000).jumped
    assert not share_trend(500, 500, 0, 100).jumped
    assert share_trend(500, 500, 0, 100).usual is None


def test_a_language_that_goes_missing_shows_in_the_mix() -> None:
    assert mix_trend({"en": 150, "fr": 100, "nl": 50}, USUAL).jumped
    assert mix_trend({"und": 80, "de": 40, "en": 30, "fr": 20, "nl": 10}, USUAL).jumped


def test_days_drawn_from_the_usual_mix_hardly_ever_warn() -> None:
    rng = random.Random(7)
    values, weights = list(USUAL), list(USUAL.values())
    warned = sum(
        mix_trend(Counter(rng.choices(values, weights, k=size)), USUAL).jumped
        for size in (60, 200, 1000)
        for _ in range(200)
    )
    assert warned <= 6
