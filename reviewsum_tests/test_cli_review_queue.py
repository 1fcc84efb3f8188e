"""`reviewsum review-queue` over a lake: list, approve, reject, undo, history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from reviewsum_assets.cli import app
from reviewsum_assets.contracts.tables import CleanedReviews, ScreenedReviews, arrow_schema
from reviewsum_assets.resources.decisions import DecisionStore
from reviewsum_assets.resources.lake import Lake
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.settings import get_settings
from reviewsum_tests.reviews.screening import by_day, screened

FIRST = datetime(2026, 7, 30, 9, tzinfo=UTC)
DETAILS = {"R1": "copy_of:R0", "R2": "copy_of:R0", "R5": "burst:P2:2026-08-01"}
SECRET = "The lid is loose and the handle gets far too hot to hold."


def lake_of(rows: list[dict[str, Any]], root: Path, reasons: dict[str, tuple[str, float]]) -> Lake:
    """A lake with the screened and cleaned partitions of some reviews, as a refresh leaves them."""
    lake = Lake(root)
    schema = arrow_schema(CleanedReviews)
    for day, table in by_day(screened(rows)).items():
        lake.write("screened_reviews", ScreenedReviews, [table], day)
        cleaned = [
            {
                **{name: row.get(name) for name in schema.names},
                "category": "home",
                "helpful_votes": 0,
                "verified_purchase": False,
                "set_aside_reason": reasons.get(row["review_id"], (None, None))[0],
                "set_aside_score": reasons.get(row["review_id"], (None, None))[1],
                "set_aside_details": DETAILS.get(row["review_id"]),
            }
            for row in table.to_pylist()
        ]
        lake.write("cleaned_reviews", CleanedReviews, [pa.Table.from_pylist(cleaned, schema=schema)], day)
    return lake


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    rows = [
        {
            "review_id": f"R{i}",
            "product_id": "P1" if i < 4 else "P2",
            "user_id": f"u{i}",
            "star_rating": 1 + i % 5,
            "review_text": SECRET,
            "created_at": FIRST + timedelta(hours=9 * i),
        }
        for i in range(6)
    ]
    reasons = {
        "R0": ("spam", 0.8),
        "R1": ("near_duplicate", 0.95),
        "R2": ("near_duplicate", 0.7),
        "R5": ("suspected_bombing", 0.9),
    }
    lake_of(rows, tmp_path / "lake", reasons)
    monkeypatch.setenv("REVIEWSUM_HOME", str(tmp_path))
    monkeypatch.setenv("REVIEWSUM_ACTOR", "anna")
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


def run(*arguments: str, fails: bool = False) -> Any:
    result = CliRunner().invoke(app, ["review-queue", *arguments, "--json"])
    assert (result.exit_code != 0) == fails, result.output
    return json.loads(result.stdout.splitlines()[0]) if fails else json.loads(result.stdout)


def store() -> DecisionStore:
    return DecisionStore(Platform(get_settings()).operations)


def test_the_list_counts_by_reason_and_shows_the_newest_first_without_text(home: Path) -> None:
    result = run("list")
    assert result["counts"] == {"near_duplicate": 2, "spam": 1, "suspected_bombing": 1}
    assert [row["review_id"] for row in result["reviews"]] == ["R5", "R2", "R1", "R0"]
    first = result["reviews"][0]
    assert (first["reason"], first["score"], first["star_rating"], first["product_id"], first["day"]) == (
        "suspected_bombing",
        0.9,
        1,
        "P2",
        "2026-08-01",
    )
    assert first["age_days"] == (datetime.now(UTC) - (FIRST + timedelta(hours=45))).days
    assert [row["details"] for row in result["reviews"]] == ["burst:P2:2026-08-01", "copy_of:R0", "copy_of:R0", None]
    assert SECRET not in json.dumps(result)


def test_the_list_is_narrowed_by_reason_product_day_and_limit(home: Path) -> None:
    assert [row["review_id"] for row in run("list", "--reason", "near_duplicate")["reviews"]] == ["R2", "R1"]
    assert [row["review_id"] for row in run("list", "--product", "P2")["reviews"]] == ["R5"]
    assert [row["review_id"] for row in run("list", "--day", "2026-07-30")["reviews"]] == ["R1", "R0"]
    limited = run("list", "--limit", "1")
    assert (limited["shown"], sum(limited["counts"].values())) == (1, 4)
    assert run("list", "--limit", "0")["reviews"] == []


def test_the_text_is_shown_when_asked_for(home: Path) -> None:
    assert {row["text"] for row in run("list", "--text")["reviews"]} == {SECRET}
    shown = CliRunner().invoke(app, ["review-queue", "list", "--text"], env={"COLUMNS": "200"})
    assert "loose" in shown.stdout


def test_an_approval_is_kept_logged_and_marked_in_the_list(home: Path) -> None:
    result = run("approve", "R0", "R1", "--note", "both are buyers")
    assert result["approved"] == ["R0", "R1"]
    assert "refresh" in result["next"]
    decision = store().of_day("2026-07-30")["R0"]
    assert (decision.verdict, decision.text_hash, decision.actor) == ("approved", "hash of R0", "anna")
    marked = {row["review_id"]: row["decision"] for row in run("list")["reviews"]}
    assert marked == {"R0": "approved", "R1": "approved", "R2": None, "R5": None}
    assert run("approve", "R0")["unchanged"] == ["R0"]


def test_a_review_that_counts_can_be_rejected_and_that_taken_back(home: Path) -> None:
    assert run("reject", "R3", "--actor", "bert")["rejected"] == ["R3"]
    assert store().of_day("2026-07-31")["R3"].verdict == "rejected"
    assert run("undo", "R3")["undone"] == ["R3"]
    assert store().of_day("2026-07-31") == {}
    assert [(row["action"], row["actor"]) for row in run("history", "R3")] == [("undo", "anna"), ("reject", "bert")]
    assert len(run("history")) == 2


def test_many_ids_come_from_a_file(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "ids.txt"
    path.write_text("# judged on Monday\nR0\n\n R2 \nR5\n")
    assert run("reject", "--from-file", str(path))["rejected"] == ["R0", "R2", "R5"]
    assert run("undo", "R1", "--from-file", str(path), fails=True)["error"].startswith("no decision on review 'R1'")
    assert run("undo", "--from-file", str(path))["undone"] == ["R0", "R2", "R5"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("approve", "R0", "R77"), "no cleaned review 'R77', nothing decided"),
        (("approve",), "no review ids"),
        (("reject", "--from-file", "/nowhere/ids.txt"), "no such file"),
        (("undo", "R0"), "no decision on review 'R0'"),
        (("history", "R77"), "nothing was ever decided on review 'R77'"),
        (("list", "--day", "2020-01-01"), "no cleaned reviews of day '2020-01-01'"),
        (("list", "--reason", "boring"), "no review is set aside as 'boring': reasons here: near_duplicate, spam"),
    ],
)
def test_what_is_not_there_is_one_line_and_changes_nothing(home: Path, arguments: tuple[str, ...], error: str) -> None:
    assert error in run(*arguments, fails=True)["error"]
    assert store().history() == []


def test_an_empty_lake_has_an_empty_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSUM_HOME", str(tmp_path / "new"))
    get_settings.cache_clear()
    assert run("list") == {"counts": {}, "shown": 0, "reviews": []}
    get_settings.cache_clear()
