"""A bombing is a burst of unverified reviews that say the same; a true surge passes."""

from __future__ import annotations

from datetime import date

import numpy as np

from reviewsum_assets.reviews.bombing import RatedReview, sketch_of, suspects

DAY = date(2026, 5, 4)


def reviews(
    count: int, *, spread: float, verified: bool | None, stars: int = 1, product: str = "p", seed: int = 0
) -> list[RatedReview]:
    """Reviews around one meaning: with `spread` 0 all the same, with 1 hardly alike."""
    random = np.random.default_rng(seed)
    centre = random.normal(size=512)
    vectors = (1 - spread) * centre + spread * random.normal(size=(count, 512))
    return [
        RatedReview(
            f"{product}-{seed}-{i:03d}", product, DAY, stars, verified, sketch_of(vector[None].astype(np.float32))
        )
        for i, vector in enumerate(vectors)
    ]


def test_many_unverified_reviews_that_say_the_same_are_suspected() -> None:
    found = suspects(reviews(20, spread=0.3, verified=False))
    assert len(found) == 20
    assert all(0 < score <= 1 for score in found.values())


def test_verified_buyers_with_the_same_complaint_are_a_surge() -> None:
    assert suspects(reviews(40, spread=0.3, verified=True)) == {}


def test_unverified_users_who_each_tell_their_own_story_are_no_bombing() -> None:
    assert suspects(reviews(40, spread=0.9, verified=False)) == {}


def test_a_few_bombs_among_many_buyers_do_not_taint_the_surge() -> None:
    mixed = reviews(8, spread=0.3, verified=False) + reviews(30, spread=0.6, verified=True, seed=1)
    assert suspects(mixed) == {}


def test_verified_buyers_on_the_day_of_a_bombing_still_count() -> None:
    buyers = reviews(3, spread=0.3, verified=True, seed=1)
    found = suspects(reviews(20, spread=0.3, verified=False) + buyers)
    assert len(found) == 20
    assert not {buyer.review_id for buyer in buyers} & set(found)


def test_praise_can_be_a_bombing_too() -> None:
    assert len(suspects(reviews(12, spread=0.2, verified=False, stars=5))) == 12


def test_middling_stars_and_small_groups_are_none() -> None:
    assert suspects(reviews(20, spread=0.1, verified=False, stars=3)) == {}
    assert suspects(reviews(5, spread=0.1, verified=False)) == {}


def test_where_nobody_is_known_as_a_buyer_only_near_identical_texts_are_suspected() -> None:
    assert suspects(reviews(20, spread=0.45, verified=None)) == {}
    assert len(suspects(reviews(20, spread=0.2, verified=None))) == 20
