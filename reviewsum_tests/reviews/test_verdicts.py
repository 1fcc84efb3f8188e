"""Why a review does not count in the end: a decision outranks its own text, that bombing, that being a copy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from reviewsum_assets.contracts.decisions import Decision, Ruling
from reviewsum_assets.contracts.tables import ScreenedReviews, arrow_schema
from reviewsum_assets.reviews.verdicts import Verdict, day_verdicts, with_decisions
from reviewsum_tests.reviews.screening import screened

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
BOMB = "This is not honey at all, it is sugar syrup. Do not buy it, boycott this firm and tell all of your friends!"
STORY = "My jar arrived broken, the parcel was sticky inside and out and the shop took two weeks to answer my mails."


def review(review_id: str, text: str, minute: int, **fields: object) -> dict[str, object]:
    return {
        "review_id": review_id,
        "product_id": "P7",
        "user_id": f"u-{review_id}",
        "star_rating": 1,
        "review_text": text,
        "created_at": NOON + timedelta(minutes=minute),
        "verified_purchase": False,
        **fields,
    }


def day() -> pa.Table:
    bombs = [review(f"B{i}", BOMB, i) for i in range(8)]
    stories = [review("S1", STORY, 20, star_rating=3), review("S2", STORY, 21, star_rating=3)]
    return screened([*bombs, *stories, review("N", "fjdksl vnmxcz qpwx kjhgf", 30)])


def decision(review_id: str, verdict: Ruling, text_hash: str | None = None) -> Decision:
    return Decision(review_id, verdict, text_hash or f"hash of {review_id}", "2026-05-04", "anna", "", NOON)


def test_bombing_outranks_being_a_copy_and_both_say_what_they_rest_on() -> None:
    table = day()
    found = day_verdicts(table, [], table, lambda users: set(), lambda products: {"P7": [1, 1, 2, 6, 20]})
    assert {found[f"B{i}"].reason for i in range(8)} == {"suspected_bombing"}
    assert found["B0"].details == "burst:P7:2026-05-04"
    assert found["S2"] == Verdict("near_duplicate", 1.0, "copy_of:S1")
    assert "S1" not in found
    assert "N" not in found
    assert list(found) == sorted(found)


def test_without_a_decision_its_own_reason_comes_first() -> None:
    table = day()
    verdicts = {"N": Verdict("near_duplicate", 0.8, "copy_of:X"), "S2": Verdict("near_duplicate", 0.9, "copy_of:S1")}
    final = with_decisions(table, verdicts, {})
    assert final["N"].reason == "gibberish"
    assert final["S2"] == verdicts["S2"]
    assert set(final) == {"N", "S2"}


def test_an_approved_review_counts_whatever_spoke_against_it() -> None:
    table = day()
    verdicts = {"S2": Verdict("near_duplicate", 0.9, "copy_of:S1")}
    decisions = {"N": decision("N", "approved"), "S2": decision("S2", "approved")}
    assert with_decisions(table, verdicts, decisions) == {}


def test_a_rejected_review_is_set_aside_even_if_nothing_spoke_against_it() -> None:
    final = with_decisions(day(), {}, {"S1": decision("S1", "rejected")})
    assert final["S1"] == Verdict("rejected_by_moderator", 1.0, "decision:rejected")


def test_a_decision_on_another_text_has_no_effect() -> None:
    verdicts = {"S2": Verdict("near_duplicate", 0.9, "copy_of:S1")}
    decisions = {"S2": decision("S2", "approved", "older text"), "S1": decision("S1", "rejected", "older text")}
    final = with_decisions(day(), verdicts, decisions)
    assert final["S2"] == verdicts["S2"]
    assert "S1" not in final


def test_a_day_without_reviews_has_no_verdicts() -> None:
    empty = arrow_schema(ScreenedReviews).empty_table()
    assert day_verdicts(empty, [], empty, lambda users: set()) == {}
    assert with_decisions(empty, {}, {}) == {}
