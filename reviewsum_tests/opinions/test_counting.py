"""Counting opinions: the unit is the review, one a user and product, over everything that is not set aside."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewsum_assets.contracts.tables import ProductOpinions, ReviewChunks, arrow_schema, validated
from reviewsum_assets.opinions.counting import COUNTED_COLUMNS, count_opinions

START = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMA = pa.schema([arrow_schema(ReviewChunks).field(name) for name in COUNTED_COLUMNS])

Row = dict[str, Any]


def chunk(review_id: str, aspects: list[str], polarity: str, **review: Any) -> Row:
    return {
        "review_id": review_id,
        "product_id": review.get("product_id", "kettle"),
        "user_key": review.get("user_key", f"user of {review_id}"),
        "created_at": START + timedelta(hours=review.get("hour", 0)),
        "star_rating": review.get("stars", 4),
        "helpful_votes": review.get("votes", 0),
        "verified_purchase": review.get("verified", True),
        "set_aside_reason": review.get("aside"),
        "aspects": aspects,
        "polarity": polarity,
    }


def counted(*rows: Row) -> dict[tuple[str, str, str], Row]:
    opinions = count_opinions(pa.Table.from_pylist(list(rows), SCHEMA), "kitchen")
    return {(row["product_id"], row["aspect"], row["polarity"]): row for row in opinions.to_pylist()}


def test_a_review_counts_once_however_often_it_repeats_itself() -> None:
    opinions = counted(chunk("a", ["noise"], "negative"), chunk("a", ["noise"], "negative"), chunk("b", [], "neutral"))
    noise = opinions["kettle", "noise", "negative"]
    assert (noise["support"], noise["review_count"], noise["share"], noise["review_ids"]) == (1, 2, 0.5, ["a"])


def test_praise_and_criticism_of_one_aspect_in_one_review_count_once_as_mixed() -> None:
    opinions = counted(chunk("a", ["lid"], "positive"), chunk("a", ["lid", "noise"], "negative"))
    assert {key[1:] for key in opinions if key[1] != "overall"} == {("lid", "mixed"), ("noise", "negative")}


def test_a_neutral_chunk_neither_counts_nor_turns_an_opinion_mixed() -> None:
    opinions = counted(chunk("a", ["lid"], "positive"), chunk("a", ["lid"], "neutral"), chunk("b", ["lid"], "neutral"))
    assert opinions["kettle", "lid", "positive"]["review_ids"] == ["a"]
    assert ("kettle", "lid", "mixed") not in opinions


def test_of_two_reviews_by_one_user_the_newer_counts_and_the_older_is_shown_apart() -> None:
    opinions = counted(
        chunk("old", ["lid"], "positive", user_key="ann", hour=1, stars=5),
        chunk("new", ["lid"], "negative", user_key="ann", hour=2, stars=1),
        chunk("else", ["lid"], "positive", user_key="ann", hour=1, product_id="toaster"),
    )
    assert opinions["kettle", "lid", "negative"]["review_ids"] == ["new"]
    assert ("kettle", "lid", "positive") not in opinions
    assert opinions["kettle", "overall", "negative"]["set_aside"] == '{"same_user":1}'
    assert opinions["toaster", "overall", "positive"]["set_aside"] == "{}"


def test_a_review_set_aside_does_not_supersede_the_one_that_stands() -> None:
    opinions = counted(
        chunk("old", ["lid"], "positive", user_key="ann", hour=1),
        chunk("spam", ["lid"], "negative", user_key="ann", hour=2, aside="spam"),
    )
    assert opinions["kettle", "lid", "positive"]["support"] == 1
    assert opinions["kettle", "lid", "positive"]["set_aside"] == '{"spam":1}'


def test_reviews_without_a_user_are_users_of_their_own() -> None:
    opinions = counted(chunk("a", ["lid"], "positive", user_key=""), chunk("b", ["lid"], "positive", user_key=""))
    assert opinions["kettle", "lid", "positive"]["support"] == 2


def test_stars_decide_overall_and_all_three_polarities_are_always_there() -> None:
    opinions = counted(
        chunk("a", [], "negative", stars=5), chunk("b", [], "neutral", stars=3), chunk("c", [], "neutral", stars=4)
    )
    overall = {polarity: row["support"] for (_, aspect, polarity), row in opinions.items() if aspect == "overall"}
    assert overall == {"positive": 2, "mixed": 1, "negative": 0}


def test_a_product_whose_reviews_are_all_set_aside_is_counted_as_nothing_and_says_so() -> None:
    opinions = counted(chunk("a", ["lid"], "positive", aside="bombing"), chunk("b", ["lid"], "positive", aside="spam"))
    assert len(opinions) == 3
    for row in opinions.values():
        assert (row["support"], row["share"], row["review_count"], row["as_of"]) == (0, 0.0, 0, None)
        assert row["set_aside"] == '{"bombing":1,"spam":1}'


def test_votes_verified_share_and_times_are_those_of_the_supporting_reviews() -> None:
    opinions = counted(
        chunk("a", ["lid"], "positive", votes=3, verified=True, hour=1),
        chunk("b", ["lid"], "positive", votes=4, verified=False, hour=5),
        chunk("c", [], "neutral", votes=90, hour=9),
    )
    lid = opinions["kettle", "lid", "positive"]
    assert (lid["helpful_votes"], lid["verified_share"]) == (7, 0.5)
    assert (lid["latest_at"], lid["as_of"]) == (START + timedelta(hours=5), START + timedelta(hours=9))


def test_an_aspect_named_overall_is_refused() -> None:
    with pytest.raises(ValueError, match="overall"):
        counted(chunk("a", ["overall"], "positive"))


def test_no_chunks_no_opinions() -> None:
    assert count_opinions(SCHEMA.empty_table(), "kitchen").schema == arrow_schema(ProductOpinions)


# The same by the book: one loop over reviews, no arrays.


def counted_by_hand(rows: list[Row], category: str) -> list[Row]:
    reviews: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        reviews[row["product_id"], row["review_id"]].append(row)
    aside: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    standing: dict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
    for (product, review), said in reviews.items():
        if said[0]["set_aside_reason"] is not None:
            aside[product][said[0]["set_aside_reason"]] += 1
        else:
            user = f"user {said[0]['user_key']}" if said[0]["user_key"] else f"review {review}"
            standing[product, user].append((said[0]["created_at"], review))
    kept: dict[str, list[str]] = defaultdict(list)
    for (product, _), theirs in standing.items():
        kept[product].append(max(theirs)[1])
        if len(theirs) > 1:
            aside[product]["same_user"] += len(theirs) - 1
    result = []
    for product in sorted({product for product, _ in reviews}):
        groups: dict[tuple[str, str], list[str]] = {("overall", p): [] for p in ("mixed", "negative", "positive")}
        for review in sorted(kept[product]):
            said = reviews[product, review]
            stars = said[0]["star_rating"]
            groups["overall", "positive" if stars > 3 else "mixed" if stars == 3 else "negative"].append(review)
            for aspect in sorted({aspect for row in said for aspect in row["aspects"]}):
                sides = {row["polarity"] for row in said if aspect in row["aspects"]} - {"neutral"}
                if sides:
                    groups.setdefault((aspect, "mixed" if len(sides) == 2 else sides.pop()), []).append(review)
        for (aspect, polarity), ids in sorted(groups.items()):
            supporting = [reviews[product, review][0] for review in ids]
            result.append(
                {
                    "product_id": product,
                    "category": category,
                    "aspect": aspect,
                    "polarity": polarity,
                    "support": len(ids),
                    "share": float(np.float32(len(ids) / len(kept[product]))) if ids else 0.0,
                    "review_count": len(kept[product]),
                    "set_aside": orjson.dumps(aside[product], option=orjson.OPT_SORT_KEYS).decode(),
                    "helpful_votes": sum(row["helpful_votes"] for row in supporting),
                    "verified_share": float(
                        np.float32(sum(row["verified_purchase"] for row in supporting) / len(ids)) if ids else 0
                    ),
                    "latest_at": max((row["created_at"] for row in supporting), default=None),
                    "as_of": max((reviews[product, r][0]["created_at"] for r in kept[product]), default=None),
                    "review_ids": ids,
                }
            )
    return result


IDS = st.sampled_from(["r1", "r2", "r'3", 'r"4', "r,5", "ré6", "r7\n", "😀8", "R9"])
REVIEWS = st.dictionaries(
    st.tuples(st.sampled_from(["kettle", "o'brien's mug", "Ä-lampe"]), IDS),
    st.tuples(
        st.sampled_from(["", "ann", "bob's", "eve"]),
        st.integers(0, 3),
        st.integers(1, 5),
        st.integers(0, 9),
        st.booleans(),
        st.sampled_from([None, None, None, "spam", "bombing", "same_user"]),
        st.lists(
            st.tuples(
                st.lists(st.sampled_from(["noise", "lid", "topic:wi-fi", "zip"]), max_size=3, unique=True),
                st.sampled_from(["positive", "negative", "neutral"]),
            ),
            min_size=1,
            max_size=4,
        ),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=200, deadline=None)
@given(REVIEWS, st.randoms(use_true_random=False))
def test_counts_are_those_of_counting_by_hand_in_whatever_order_the_chunks_come(reviews: Any, random: Any) -> None:
    rows = [
        chunk(
            review_id,
            aspects,
            polarity,
            product_id=product_id,
            user_key=user,
            hour=hour,
            stars=stars,
            votes=votes,
            verified=verified,
            aside=aside,
        )
        for (product_id, review_id), (user, hour, stars, votes, verified, aside, said) in reviews.items()
        for aspects, polarity in said
    ]
    random.shuffle(rows)
    halves = [pa.Table.from_pylist(half, SCHEMA) for half in (rows[::2], rows[1::2])]
    opinions = count_opinions(pa.concat_tables(halves), "kitchen")
    assert opinions.to_pylist() == counted_by_hand(rows, "kitchen")
    assert validated(opinions, ProductOpinions).equals(opinions)


def test_two_hundred_thousand_chunks_are_counted_in_a_few_seconds() -> None:
    rng = np.random.default_rng(7)
    rows = 200_000
    review = np.sort(rng.integers(0, rows // 4, rows))
    aspects = np.array(["noise", "lid", "size", "price", "design", "battery"])
    table = pa.table(
        {
            "review_id": [f"r{number}" for number in review],
            "product_id": [f"p{number % 900}" for number in review],
            "user_key": [f"u{number % 30_000}" for number in review],
            "created_at": pa.array(review.astype("int64") * 1_000_000, pa.timestamp("us", "UTC")),
            "star_rating": review % 5 + 1,
            "helpful_votes": review % 7,
            "verified_purchase": pa.array(review % 2 == 0),
            "set_aside_reason": pa.array([None] * rows, pa.string()),
            "aspects": pa.array([[aspects[number]] for number in rng.integers(0, 6, rows)]),
            "polarity": np.array(["positive", "negative", "neutral"])[rng.integers(0, 3, rows)],
        }
    ).cast(SCHEMA)
    started = time.perf_counter()
    opinions = count_opinions(table, "kitchen")
    assert time.perf_counter() - started < 5
    assert opinions.num_rows > 900 * 3
