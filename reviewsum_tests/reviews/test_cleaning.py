"""What others decide joins what a review says of itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow
import pytest

from reviewsum_assets.contracts.tables import CleanedReviews, ScreenedReviews, arrow_schema, validated
from reviewsum_assets.reviews.cleaning import cleaned_table
from reviewsum_assets.reviews.verdicts import Verdict

ROW = {
    "product_id": "p1",
    "source_category": "Kettles",
    "user_key": "u1",
    "star_rating": 2,
    "created_at": datetime(2026, 5, 4, 12, tzinfo=UTC),
    "helpful_votes": None,
    "verified_purchase": None,
    "text_hash": "h",
    "screened_key": "k",
    "cleaned_text": "The lid is stiff.",
    "language": "en",
    "language_confidence": 0.5,
    "language_shares": None,
    "word_count": 4,
    "redaction_count": 0,
    "toxicity_score": None,
    "own_reason": None,
    "own_score": None,
    "signature": None,
    "sketch": None,
}


def clean(
    verdicts: dict[str, Verdict], languages: dict[str, tuple[str, float]] | None = None
) -> list[dict[str, object]]:
    rows = [{**ROW, "review_id": f"r{number}"} for number in range(3)]
    screened = pyarrow.Table.from_pylist(rows, schema=arrow_schema(ScreenedReviews))
    table = cleaned_table(screened, department_of=str.lower, verdicts=verdicts, languages=languages or {})
    return validated(table, CleanedReviews).to_pylist()


def test_unknown_votes_and_purchases_are_none_and_departments_are_mapped() -> None:
    row = clean({})[0]
    assert (row["helpful_votes"], row["verified_purchase"], row["category"]) == (0, False, "kettles")
    assert (row["set_aside_reason"], row["set_aside_score"], row["set_aside_details"]) == (None, None, None)


def test_a_verdict_sets_aside_with_its_reason_score_and_ground_and_leaves_the_others() -> None:
    rows = clean({"r1": Verdict("near_duplicate", 0.75, "copy_of:r0"), "r2": Verdict("spam", 0.5)})
    assert [row["set_aside_reason"] for row in rows] == [None, "near_duplicate", "spam"]
    assert rows[1]["set_aside_score"] == pytest.approx(0.75)
    assert [row["set_aside_details"] for row in rows] == [None, "copy_of:r0", None]


def test_context_decides_the_language_that_the_text_left_open() -> None:
    rows = clean({}, {"r2": ("nl", 0.9)})
    assert [row["language"] for row in rows] == ["en", "en", "nl"]
    assert rows[2]["language_confidence"] == pytest.approx(0.9)
