"""The first of several copies counts, across products, users and days; short praise is never a copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from reviewsum_assets.contracts.tables import ScreenedReviews, arrow_schema
from reviewsum_assets.reviews.duplicates import COLUMNS, SIGNATURE_BYTES, find_copies, signatures_of

MORNING = datetime(2026, 5, 4, 8, tzinfo=UTC)
YESTERDAY = MORNING - timedelta(days=1)
LONG = (
    "The kettle boils a litre in three minutes and the handle stays cool, but the lid is stiff and the cord could be "
    "longer for my kitchen."
)
GENERIC = "As expected, fast delivery, thanks, I would order here again."
STANDARD = "Everything as described, arrived on time, well packed, I would buy from here again."


def reviews(
    *texts: str,
    prefix: str = "r",
    start: datetime = MORNING,
    users: Sequence[str] | None = None,
    products: Sequence[str] | None = None,
    reasons: Sequence[str | None] | None = None,
) -> pa.Table:
    """Screened rows a minute apart, each by its own user on one product unless told otherwise."""
    schema = arrow_schema(ScreenedReviews)
    return pa.table(
        {
            "review_id": [f"{prefix}{i}" for i in range(len(texts))],
            "created_at": pa.array(
                [start + timedelta(minutes=i) for i in range(len(texts))], schema.field("created_at").type
            ),
            "signature": pa.array(signatures_of(texts), pa.binary()),
            "word_count": pa.array([len(text.split()) for text in texts], pa.int32()),
            "user_key": users or [f"{prefix}-user{i}" for i in range(len(texts))],
            "product_id": products or ["P1"] * len(texts),
            "own_reason": pa.array(reasons or [None] * len(texts), pa.string()),
        }
    )


def originals(day: pa.Table, *earlier: pa.Table) -> dict[str, str]:
    return {review_id: copy.original for review_id, copy in find_copies(day, earlier).items()}


def test_later_copies_point_to_the_first() -> None:
    other = "Something else that has nothing to do with kettles at all, it is about a lamp."
    assert originals(reviews(LONG, other, LONG, LONG)) == {"r2": "r0", "r3": "r0"}


def test_a_copy_with_a_few_words_changed_is_still_a_copy() -> None:
    assert originals(reviews(LONG, LONG.replace("stiff", "tight").upper())) == {"r1": "r0"}


def test_the_earliest_counts_whatever_the_order_of_the_rows() -> None:
    day = reviews(LONG, LONG, LONG)
    assert originals(day.take([2, 0, 1])) == {"r1": "r0", "r2": "r0"}


def test_a_copy_of_a_review_of_another_day_names_that_one() -> None:
    two_days_ago = reviews(LONG, prefix="a", start=MORNING - timedelta(days=2))
    yesterday = reviews("A lamp that is bright enough for the whole of my desk.", LONG, prefix="b", start=YESTERDAY)
    day = reviews(LONG, LONG)
    assert originals(day, yesterday, two_days_ago) == {"r0": "a0", "r1": "a0"}
    assert originals(day, two_days_ago, yesterday) == {"r0": "a0", "r1": "a0"}


def test_an_original_does_not_become_a_copy_of_what_comes_later() -> None:
    tomorrow = reviews(LONG, prefix="t", start=MORNING + timedelta(days=1))
    assert originals(reviews(LONG), tomorrow) == {}


def test_a_user_who_posts_the_same_words_on_two_products_counts_once() -> None:
    day = reviews(GENERIC, GENERIC, users=["u", "u"], products=["P1", "P2"])
    assert originals(day) == {"r1": "r0"}
    before = reviews(GENERIC, prefix="b", start=YESTERDAY, users=["u"], products=["P9"])
    assert originals(day, before) == {"r0": "b0", "r1": "b0"}


def test_a_user_is_found_again_among_many_others_with_the_same_words() -> None:
    short = "Works just as expected, thank you."
    crowd = [f"u{i}" for i in range(200)]
    before = reviews(*[short] * 200, prefix="b", start=YESTERDAY, users=crowd)
    day = reviews(*[short] * 3, users=["u150", "somebody", "u0"])
    assert originals(day, before) == {"r0": "b150", "r2": "b0"}
    assert originals(reviews(*[short] * 201, users=[*crowd, "u77"])) == {"r200": "r77"}


def test_the_same_short_words_by_other_users_are_opinions_of_their_own() -> None:
    assert originals(reviews(*["Top, it is just what I had hoped for."] * 50)) == {}
    assert originals(reviews(*["Great product"] * 50, users=["u"] * 50)) == {}


def test_a_standard_phrase_on_other_products_is_a_copy_only_word_for_word() -> None:
    varied = STANDARD.replace("well packed", "nicely packed")
    assert originals(reviews(STANDARD, varied, products=["P1", "P2"])) == {}
    assert originals(reviews(STANDARD, varied)) == {"r1": "r0"}
    assert originals(reviews(STANDARD, STANDARD, products=["P1", "P2"])) == {"r1": "r0"}


def test_two_opinions_on_the_same_thing_are_no_copies() -> None:
    day = reviews(
        "The battery lasts ten hours and charging takes only forty minutes, very happy with it.",
        "Very happy with the battery, it lasts for more than ten hours and charging is quick too.",
    )
    assert originals(day) == {}


def test_what_is_set_aside_by_itself_neither_is_nor_has_copies() -> None:
    assert originals(reviews(LONG, LONG, LONG, reasons=["spam", None, None])) == {"r2": "r1"}
    assert originals(reviews(LONG), reviews(LONG, prefix="b", start=YESTERDAY, reasons=["spam"])) == {}


def test_a_flood_of_equal_texts_is_found_whole_and_in_one_piece_or_many() -> None:
    texts = [
        f"Review {i} says that item {i * 7} broke after {i * 3} days in room {i * 11} of my house." for i in range(900)
    ]
    day = reviews(*texts, *[LONG] * 2_000, texts[5], texts[700])
    found = originals(day, reviews(*[LONG] * 500, prefix="b", start=YESTERDAY))
    assert len(found) == 2_002
    assert (found["r2900"], found["r2901"], found["r900"], found["r2899"]) == ("r5", "r700", "b0", "b0")


def test_the_result_does_not_depend_on_how_the_days_are_cut_into_tables() -> None:
    before = reviews(*[f"{LONG} {i}" for i in range(40)], prefix="b", start=YESTERDAY)
    day = reviews(*[f"{LONG} {i} {i}" for i in range(20)])
    whole = find_copies(day, [before])
    assert whole == find_copies(day, [before.slice(20), before.slice(0, 20)])
    assert set(originals(day, before).values()) == {"b0"}


def test_signatures_have_a_fixed_size_and_short_texts_none() -> None:
    short, long = signatures_of(["Great product", LONG])
    assert short is None
    assert long is not None
    assert len(long) == SIGNATURE_BYTES
    assert signatures_of([LONG, "x"])[0] == long


def test_a_day_without_reviews_or_signatures_has_no_copies() -> None:
    assert find_copies(arrow_schema(ScreenedReviews).empty_table().select(list(COLUMNS)), []) == {}
    assert originals(reviews("ok", "ok"), reviews("ok", prefix="b")) == {}


def test_a_broken_signature_is_named() -> None:
    day = reviews(LONG)
    broken = day.set_column(day.schema.names.index("signature"), "signature", pa.array([b"short"], pa.binary()))
    with pytest.raises(ValueError, match="512 bytes"):
        find_copies(broken, [])
