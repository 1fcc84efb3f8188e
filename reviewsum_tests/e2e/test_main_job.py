"""From a review export to checked, cached summaries, by the commands that a user types."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest

from reviewsum_assets.contracts.tables import CleanedReviews, ProductOpinions, RawReviews, RejectedReviews
from reviewsum_assets.sample import Sample
from reviewsum_tests.e2e.workspace import Workspace

KILLS = 3


def rows_of(workspace: Workspace, asset: str, table: type) -> list[dict]:
    return [
        row
        for partition in workspace.lake.partitions(asset)
        for row in workspace.lake.read(asset, table, partition).to_pylist()
    ]


def source_ids(workspace: Workspace) -> list[str]:
    with sqlite3.connect(workspace.home / "source.db") as connection:
        return [row[0] for row in connection.execute("SELECT review_id FROM reviews WHERE deleted_at IS NULL")]


def test_loading_again_changes_nothing_and_the_counts_add_up(workspace: Workspace, export: Path) -> None:
    again = workspace.json("load", str(export))
    assert again["rows_read"] == again["loaded"] + again["unchanged"] + again["rejected"]
    assert again["loaded"] == 0
    assert again["unchanged"] > 0
    assert again["rejected"] > 0


def test_every_source_row_is_in_exactly_one_place(refreshed: Workspace) -> None:
    raw = [row["review_id"] for row in rows_of(refreshed, "raw_reviews", RawReviews)]
    rejected = rows_of(refreshed, "rejected_reviews", RejectedReviews)
    cleaned = [row["review_id"] for row in rows_of(refreshed, "cleaned_reviews", CleanedReviews)]
    from_source = [row["review_id"] for row in rejected if row["origin"] == "source"]
    assert sorted(raw + from_source) == sorted(source_ids(refreshed))
    assert sorted(cleaned) == sorted(raw)
    assert all(row["reason"] for row in rejected)


def test_every_published_claim_quotes_its_product_exactly_and_counts_truly(refreshed: Workspace) -> None:
    reviews = {row["review_id"]: row for row in rows_of(refreshed, "cleaned_reviews", CleanedReviews)}
    opinions = {
        (row["product_id"], row["aspect"], row["polarity"]): row
        for row in rows_of(refreshed, "product_opinions", ProductOpinions)
    }
    published = [record for record in refreshed.records().values() if record.status == "published"]
    assert len(published) > 20
    claims = 0
    for record in published:
        for polarity, sided in (("positive", record.pros), ("negative", record.cons)):
            for claim in sided:
                claims += 1
                stored = opinions[(record.product_id, claim.aspect, polarity)]
                assert claim.support == stored["support"] == len(set(stored["review_ids"]))
                assert claim.share == pytest.approx(claim.support / record.review_count, abs=1e-4)
                for citation in claim.citations:
                    review = reviews[citation.review_id]
                    assert review["product_id"] == record.product_id
                    assert review["cleaned_text"][citation.start : citation.end] == citation.quote
                    assert review["set_aside_reason"] is None
    assert claims > 50


def test_a_second_refresh_finds_nothing_to_do(workspace: Workspace) -> None:
    before = workspace.state()
    report = workspace.json("refresh")
    assert (report["partitions_run"], report["llm_calls"], report["runs"]) == (0, 0, [])
    assert report["products_unchanged"] > 0
    assert workspace.state() == before


def test_a_new_review_runs_its_day_and_its_department_alone(
    workspace: Workspace, sample: Sample, tmp_path: Path
) -> None:
    before = workspace.state()
    counted = Counter(row["product_id"] for row in sample.rows)
    product = counted.most_common(1)[0][0]
    row = dict(next(row for row in sample.rows if row["product_id"] == product))
    row |= {"review_id": "late-1", "user_id": "late-user", "created_at": "2026-08-03T10:00:00Z"}
    row |= {"review_text": "The colour is lovely and it arrived two days early.", "star_rating": 5}
    (tmp_path / "late.jsonl").write_text(json.dumps(row) + "\n")
    assert workspace.json("load", str(tmp_path / "late.jsonl"))["loaded"] == 1
    report = workspace.json("refresh")
    after = workspace.state()
    changed = {key for key in after["lake"] if after["lake"][key] != before["lake"].get(key)}
    assert {key.split("/")[1] for key in changed if key.startswith(("raw", "cleaned", "chunk", "review"))} == {
        "2026-08-03"
    }
    assert len([key for key in changed if key.startswith("product_opinions/")]) == 1
    others = [key for key in before["records"] if key[0] != product]
    assert all(after["records"][key] == before["records"][key] for key in others)
    assert after["records"][(product, "en", "champion")]["review_count"] == (
        before["records"][(product, "en", "champion")]["review_count"] + 1
    )
    assert report["reviews_cleaned"] < 20


def test_a_deleted_review_leaves_every_table_and_every_quote(workspace: Workspace) -> None:
    records = workspace.records()
    cited = next(
        claim.citations[0].review_id for record in records.values() for claim in record.pros if claim.citations
    )
    with sqlite3.connect(workspace.home / "source.db") as connection:
        connection.execute(
            "UPDATE reviews SET deleted_at = '2026-10-01 12:00:00.000000', updated_at = '2099-01-01 00:00:00.000000' "
            "WHERE review_id = ?",
            (cited,),
        )
    workspace.json("refresh")
    assert cited not in {row["review_id"] for row in rows_of(workspace, "cleaned_reviews", CleanedReviews)}
    assert cited not in set(workspace.chunks()["review_id"].to_pylist())
    assert all(cited not in record.to_json().decode() for record in workspace.records().values())
    assert cited not in json.dumps(list(workspace.state()["cache"].values()))


def test_a_refresh_killed_at_any_moment_ends_in_the_same_state_when_run_again(
    loaded: Workspace, refreshed: Workspace, tmp_path: Path
) -> None:
    workspace = loaded.copy(tmp_path / "home")
    chance = random.Random(5)
    for _ in range(KILLS):
        process = workspace.start("refresh", "--json")
        time.sleep(chance.uniform(4, 16))
        process.kill()
        process.communicate()
    workspace.json("refresh")
    assert workspace.state() == refreshed.state()


def test_nothing_personal_of_the_sample_is_stored_outside_the_source(refreshed: Workspace, sample: Sample) -> None:
    stored = [row["review_text"] for row in rows_of(refreshed, "raw_reviews", RawReviews)]
    stored += [row["cleaned_text"] for row in rows_of(refreshed, "cleaned_reviews", CleanedReviews)]
    stored += [row["raw_redacted"] for row in rows_of(refreshed, "rejected_reviews", RejectedReviews)]
    stored += refreshed.chunks()["text"].to_pylist()
    stored += [record.to_json().decode() for record in refreshed.records().values()]
    text = "\n".join(stored)
    personal = [datum.text for truth in sample.truth for datum in truth.personal_data]
    assert len(personal) > 5
    leaked = [secret for secret in personal if secret in text]
    assert len(leaked) <= 0.05 * len(personal), leaked


def test_the_event_log_holds_no_review_text(refreshed: Workspace) -> None:
    texts = [row["cleaned_text"] for row in rows_of(refreshed, "cleaned_reviews", CleanedReviews)]
    longest = sorted(texts, key=len)[-50:]
    logs = b"".join(path.read_bytes() for path in sorted((refreshed.home / "dagster").rglob("*.db")))
    assert len(logs) > 100_000
    assert not [text for text in longest if text[:60].encode() in logs]


def test_a_cache_that_lost_its_records_is_restored_without_writing_anything_anew(workspace: Workspace) -> None:
    before = workspace.state()
    with sqlite3.connect(workspace.home / "cache" / "summaries.db") as connection:
        (table,) = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1").fetchone()
        connection.execute(f"DELETE FROM {table}")
    (workspace.home / "cache" / "reconciled").unlink()
    report = workspace.json("refresh")
    assert (report["partitions_run"], report["llm_calls"]) == (0, 0)
    assert workspace.state() == before


def test_show_prints_a_summary_a_withheld_reason_and_a_hint(refreshed: Workspace) -> None:
    records = refreshed.records()
    published = next(key for key, record in sorted(records.items()) if record.status == "published" and key[1] == "de")
    shown = refreshed.run("show", published[0], "--locale", "de")
    assert shown.returncode == 0
    assert records[published].disclosure in " ".join(shown.stdout.replace("│", " ").split())
    withheld = next(key for key, record in sorted(records.items()) if record.status == "withheld")
    result = refreshed.json("show", withheld[0], "--locale", withheld[1])
    assert (result["status"], bool(result["reason"])) == ("withheld", True)
    unknown = refreshed.run("show", "no-such-product")
    assert unknown.returncode == 1
    assert "no product 'no-such-product'" in unknown.stderr


@pytest.mark.parametrize(
    ("setting", "value", "advice"),
    [
        ("REVIEWSUM_LOCALES", "en,xx", "unknown locale"),
        ("REVIEWSUM_MIN_REVIEWS", "0", "greater than or equal to 1"),
        ("REVIEWSUM_SOURCE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none", "REVIEWSUM_SOURCE_URL"),
    ],
)
def test_a_wrong_setting_is_one_line_that_says_what_to_do(
    tmp_path: Path, export: Path, setting: str, value: str, advice: str
) -> None:
    result = Workspace(tmp_path / "home", {setting: value}).run("load", str(export))
    assert result.returncode == 1
    assert advice in result.stderr
    assert "Traceback" not in result.stderr


def test_doctor_finds_every_part_well(refreshed: Workspace) -> None:
    findings = refreshed.json("doctor")
    assert {finding["part"] for finding in findings} >= {
        "source",
        "lake",
        "lancedb",
        "embedder",
        "engine",
        "summary cache",
    }
    assert all(finding["ok"] for finding in findings)


def test_a_refresh_takes_the_events_that_were_dropped_first(workspace: Workspace, tmp_path: Path) -> None:
    gone = sorted(row["review_id"] for row in rows_of(workspace, "raw_reviews", RawReviews))[0]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text(json.dumps({"op": "delete", "review_id": gone}) + "\n")
    workspace.settings["REVIEWSUM_LANDING_URL"] = str(tmp_path / "in")
    workspace.json("refresh")
    assert gone not in {row["review_id"] for row in rows_of(workspace, "raw_reviews", RawReviews)}
    assert gone not in {row["review_id"] for row in rows_of(workspace, "cleaned_reviews", CleanedReviews)}
    assert workspace.json("land")["rows_read"] == 0
