"""The first of several copies counts; short praise is never a copy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from reviewsum_assets.reviews.duplicates import NearDuplicates

MORNING = datetime(2026, 5, 4, 8, tzinfo=UTC)
LONG = (
    "The kettle boils a litre in three minutes and the handle stays cool, but the lid is stiff and the cord could be "
    "longer for my kitchen."
)


def copies_of(*texts: str) -> dict[str, str]:
    found = NearDuplicates()
    ids = [f"r{i}" for i in range(len(texts))]
    found.add(ids, [MORNING + timedelta(minutes=i) for i in range(len(texts))], texts)
    return {review_id: copy.original for review_id, copy in found.copies().items()}


def test_later_copies_point_to_the_first() -> None:
    assert copies_of(LONG, "Something else that has nothing to do with kettles at all.", LONG, LONG) == {
        "r2": "r0",
        "r3": "r0",
    }


def test_a_copy_with_a_few_words_changed_is_still_a_copy() -> None:
    assert copies_of(LONG, LONG.replace("stiff", "tight").upper()) == {"r1": "r0"}


def test_the_earliest_counts_whatever_the_order_of_arrival() -> None:
    found = NearDuplicates()
    found.add(["late"], [MORNING + timedelta(hours=2)], [LONG])
    found.add(["early"], [MORNING], [LONG])
    assert set(found.copies()) == {"late"}


def test_short_praise_by_many_is_genuine() -> None:
    assert copies_of(*["Great product"] * 50) == {}


def test_two_opinions_on_the_same_thing_are_no_copies() -> None:
    assert (
        copies_of(
            "The battery lasts ten hours and charging takes only forty minutes, very happy with it.",
            "Very happy with the battery, it lasts for more than ten hours and charging is quick too.",
        )
        == {}
    )


def test_a_batch_of_many_is_fast_and_finds_all_copies() -> None:
    texts = [
        f"Review {i} says that item {i * 7} broke after {i * 3} days of use in room {i * 11}." for i in range(3_000)
    ]
    assert set(copies_of(*texts, texts[5], texts[2_000])) == {"r3000", "r3001"}
