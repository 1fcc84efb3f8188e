"""A bombing is a burst of one-sided, unverified reviews that say the same; a true surge passes. Real vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.contracts.tables import ScreenedReviews, arrow_schema
from reviewsum_assets.reviews.bombing import COLUMNS, Suspicion, sketch_of, suspects
from reviewsum_assets.reviews.toxicity_training import embed

DAY = date(2026, 5, 4)
MORNING = datetime(2026, 5, 4, 8, tzinfo=UTC)
USUALLY_LIKED = [4, 4, 12, 30, 50]
USUALLY_DISLIKED = [40, 30, 20, 5, 5]


@cache
def texts(kind: str, language: str) -> list[str]:
    document = yaml.safe_load(Path(__file__).with_name("bursts.yaml").read_text(encoding="utf-8"))
    return list(document[language][kind])


@cache
def sketches(kind: str, language: str) -> list[bytes]:
    return [sketch_of(vector[None]).tobytes() for vector in embed(texts(kind, language))]


def burst(
    kind: str,
    languages: Sequence[str],
    *,
    stars: int,
    verified: bool | None,
    product: str = "P",
    start: datetime = MORNING,
    apart: timedelta = timedelta(minutes=50),
    prefix: str = "",
) -> pa.Table:
    """Reviews of a kind in some languages, so far apart."""
    all_sketches = [sketch for language in languages for sketch in sketches(kind, language)]
    schema = arrow_schema(ScreenedReviews)
    rows = [
        {
            "review_id": f"{prefix}{kind}-{i:03d}",
            "product_id": product,
            "user_key": f"user-{prefix}{kind}-{i}",
            "created_at": start + apart * i,
            "star_rating": stars,
            "verified_purchase": verified,
            "sketch": sketch,
            "own_reason": None,
        }
        for i, sketch in enumerate(all_sketches)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([schema.field(name) for name in COLUMNS]))


def suspected(
    *tables: pa.Table,
    day: date = DAY,
    known: frozenset[str] = frozenset(),
    usual: Sequence[int] | None = USUALLY_LIKED,
) -> dict[str, Suspicion]:
    def usual_stars(products: set[str]) -> Mapping[str, Sequence[int]]:
        return {} if usual is None else dict.fromkeys(products, usual)

    return suspects(day, pa.concat_tables(tables), lambda users: users & known, usual_stars)


@pytest.mark.parametrize("language", LOCALES)
def test_a_campaign_of_unverified_users_is_suspected_in_each_language(language: str) -> None:
    found = suspected(burst("campaign", [language], stars=1, verified=False))
    assert len(found) == 8
    assert all(0.65 <= suspicion.score <= 1 for suspicion in found.values())
    assert {(suspicion.product_id, suspicion.since) for suspicion in found.values()} == {("P", DAY)}


@pytest.mark.parametrize("language", LOCALES)
def test_bought_praise_is_suspected_in_each_language(language: str) -> None:
    assert len(suspected(burst("praise", [language], stars=5, verified=False), usual=USUALLY_DISLIKED)) == 8


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("verified", [True, False, None])
def test_a_surge_of_complaints_in_peoples_own_words_passes_in_each_language(
    language: str, verified: bool | None
) -> None:
    assert suspected(burst("surge", [language], stars=1, verified=verified)) == {}


@pytest.mark.parametrize("usual", [USUALLY_LIKED, None])
def test_a_surge_of_buyers_in_six_languages_passes(usual: list[int] | None) -> None:
    surge = burst("surge", LOCALES, stars=1, verified=True, apart=timedelta(minutes=20))
    assert suspected(surge, usual=usual) == {}


def test_a_surge_that_everybody_words_alike_passes_while_most_of_them_are_buyers() -> None:
    buyers = burst("campaign", ["en", "nl"], stars=1, verified=True, prefix="buyer-")
    others = burst("campaign", ["en"], stars=1, verified=False, prefix="other-")
    assert suspected(buyers, others) == {}


def test_a_campaign_in_six_languages_is_one_burst() -> None:
    campaign = burst("campaign", LOCALES, stars=1, verified=False, apart=timedelta(minutes=15))
    assert len(suspected(campaign)) == 48


def test_buyers_who_complain_while_a_bombing_goes_on_still_count() -> None:
    campaign = burst("campaign", LOCALES, stars=1, verified=False, apart=timedelta(minutes=15))
    buyers = burst("surge", LOCALES, stars=1, verified=True, apart=timedelta(minutes=15))
    found = suspected(campaign, buyers)
    assert len(found) == 48
    assert not any(review_id.startswith("surge") for review_id in found)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("verified", [False, None])
def test_happy_first_users_of_a_new_product_pass_without_any_history(language: str, verified: bool | None) -> None:
    assert suspected(burst("launch", [language], stars=5, verified=verified), usual=None) == {}


def test_a_burst_over_midnight_is_seen_from_both_days() -> None:
    evening = datetime(2026, 5, 4, 20, tzinfo=UTC)
    campaign = burst("campaign", ["de"], stars=1, verified=False, start=evening, apart=timedelta(hours=1))
    first, second = suspected(campaign), suspected(campaign, day=date(2026, 5, 5))
    assert (len(first), len(second)) == (4, 4)
    assert not set(first) & set(second)
    assert {suspicion.since for suspicion in [*first.values(), *second.values()]} == {DAY}


def test_the_same_words_over_weeks_are_no_burst() -> None:
    slow = burst("campaign", ["de"], stars=1, verified=False, apart=timedelta(hours=14))
    assert suspected(slow) == {}


def test_users_with_a_past_weigh_against_a_suspicion() -> None:
    campaign = burst("campaign", ["es"], stars=1, verified=False)
    new = suspected(campaign)
    known = suspected(campaign, known=frozenset(campaign["user_key"].to_pylist()))
    assert all(known[review_id].score < new[review_id].score for review_id in known)


def test_praise_that_a_liked_product_gets_every_day_is_no_burst() -> None:
    praise = burst("praise", ["en"], stars=5, verified=False)
    assert suspected(praise, usual=[0, 2, 8, 30, 400]) == {}


def test_where_the_source_does_not_know_who_bought_more_is_asked_for() -> None:
    weak = burst("campaign", ["es"], stars=1, verified=None)
    strong = burst("praise", ["en"], stars=5, verified=None)
    assert len(suspected(weak)) < len(suspected(burst("campaign", ["es"], stars=1, verified=False)))
    assert len(suspected(strong, usual=USUALLY_DISLIKED)) == 8
    assert suspected(strong, usual=None) == {} or min(s.score for s in suspected(strong, usual=None).values()) >= 0.85


def test_middling_stars_small_groups_and_what_is_set_aside_already_are_none() -> None:
    assert suspected(burst("campaign", ["en"], stars=3, verified=False)) == {}
    assert suspected(burst("campaign", ["en"], stars=1, verified=False).slice(0, 5)) == {}
    campaign = burst("campaign", ["en"], stars=1, verified=False)
    place = campaign.schema.names.index("own_reason")
    spam = campaign.set_column(place, campaign.schema.field(place), pa.array(["spam"] * 8, pa.string()))
    assert suspected(spam) == {}


def test_the_order_of_the_rows_changes_nothing() -> None:
    rows = pa.concat_tables(
        [
            burst("campaign", LOCALES, stars=1, verified=False, apart=timedelta(minutes=15)),
            burst("praise", ["en"], stars=5, verified=False, product="Q"),
        ]
    )
    shuffled = rows.take(np.random.default_rng(5).permutation(len(rows)))
    assert suspected(rows) == suspected(shuffled)


def test_known_users_are_asked_once_and_only_about_those_in_bursts() -> None:
    asked: list[set[str]] = []

    def known_users(users: set[str]) -> set[str]:
        asked.append(users)
        return set()

    campaign = burst("campaign", ["en"], stars=1, verified=False)
    suspects(
        DAY, pa.concat_tables([campaign, burst("surge", ["en"], stars=1, verified=True, product="Q")]), known_users
    )
    assert asked == [set(campaign["user_key"].to_pylist())]
