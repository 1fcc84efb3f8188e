"""What an event is, and which of two is the later one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from reviewsum_assets.reviews.events import UNDATED, Event, EventOrder, read_event
from reviewsum_assets.reviews.intake import Rejection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def row(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "review_id": "R1",
        "product_id": "P1",
        "product_title": "Kettle",
        "category": "kettles",
        "user_id": "U1",
        "star_rating": 4,
        "review_text": "Boils fast.",
        "created_at": "2026-01-05",
    }
    return values | changes


def read(values: dict[str, object]) -> Event | Rejection:
    return read_event(values, file="a.jsonl", version=1, line=7, now=NOW)


@pytest.mark.parametrize("op", [{}, {"op": None}, {"op": "upsert"}, {"op": " Upsert "}])
def test_an_export_row_is_an_event(op: dict[str, object]) -> None:
    event = read(row(**op))
    assert isinstance(event, Event)
    assert event.row is not None
    assert event.order == EventOrder(UNDATED, "a.jsonl", 1, 7)


@pytest.mark.parametrize("op", ["delete", "DELETE", " delete\n"])
def test_a_deletion_needs_the_id_alone(op: str) -> None:
    event = read({"op": op, "review_id": 17, "occurred_at": 1_770_000_000})
    assert event == Event("17", EventOrder(datetime.fromtimestamp(1_770_000_000, UTC), "a.jsonl", 1, 7), None)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"op": "delete"}, "missing_field"),
        ({"op": "delete", "review_id": "a\nb"}, "bad_id"),
        (row(op="remove"), "bad_op"),
        (row(op=1), "bad_op"),
        (row(op="upsert", star_rating=9), "bad_star_rating"),
        (row(occurred_at="yesterday"), "bad_occurred_at"),
        (row(occurred_at="1970-01-01"), "bad_occurred_at"),
        (row(occurred_at=[]), "bad_occurred_at"),
        ({"op": "delete", "review_id": "R1", "occurred_at": "2026-03-03"}, "future_occurred_at"),
    ],
)
def test_what_cannot_be_taken_is_rejected_with_a_reason(values: dict[str, object], code: str) -> None:
    found = read(values)
    assert isinstance(found, Rejection)
    assert found.reason_code == code


def test_time_counts_before_the_file_and_the_file_before_the_line() -> None:
    orders = [
        EventOrder(UNDATED, "z", 9, 9),
        EventOrder(NOW, "a", 1, 9),
        EventOrder(NOW, "a", 2, 1),
        EventOrder(NOW, "b", 1, 1),
        EventOrder(NOW, "b", 1, 2),
        EventOrder(NOW + timedelta(microseconds=1), "a", 1, 1),
    ]
    assert all(earlier < later for earlier, later in pairwise(orders))
