"""`reviewsum rejects`, as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reviewsum_assets import settings as settings_module
from reviewsum_assets.cli import app
from reviewsum_tests.fuzz.hostile_rows import Rows

WORDS = "write to jane@example.org"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWSUM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REVIEWSUM_START_DATE", "2026-07-10")
    settings_module.get_settings.cache_clear()
    rows = [Rows(1, "R").valid().values | {"review_id": f"R{n}", "product_id": "P1"} for n in range(4)]
    rows[1] |= {"star_rating": 9, "review_text": WORDS, "user_id": "jane-roe-7", "created_at": "2026-07-12"}
    rows[2] |= {"product_id": "[/red]", "review_text": ""}
    lines = [json.dumps(row) for row in rows]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, '{"review_id": "R9", "review_text": "', ""]))
    assert CliRunner().invoke(app, ["load", str(tmp_path / "a.jsonl")]).exit_code == 0
    yield tmp_path
    settings_module.get_settings.cache_clear()


def run(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, ["rejects", *arguments, "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout.splitlines()[0] if code else result.stdout)


def test_list_counts_by_reason_and_shows_no_text_unless_asked(home: Path) -> None:
    found = run("list")
    assert found["total"] == 3
    assert found["reasons"] == {"bad_json": 1, "bad_star_rating": 1, "empty_text": 1}
    assert [row["origin"] for row in found["dead_letters"]] == ["a.jsonl:2", "a.jsonl:3", "a.jsonl:5"]
    assert "write to" not in json.dumps(found)
    shown = run("list", "--text", "--reason", "bad_star_rating")
    assert shown["dead_letters"][0]["text"] == "write to [email]"
    assert "jane" not in json.dumps(shown)


@pytest.mark.parametrize(
    ("option", "value", "review_ids"),
    [
        ("--reason", "empty_text", ["R2"]),
        ("--file", "a.jsonl", ["R1", "R2", "R9"]),
        ("--file", "folder/a.jsonl:2", ["R1"]),
        ("--day", "2026-07-12", ["R1"]),
        ("--product", "[/red]", ["R2"]),
        ("--limit", "2", ["R1", "R2"]),
        ("--file", "other.jsonl", []),
    ],
)
def test_list_shows_what_is_asked_for(home: Path, option: str, value: str, review_ids: list[str]) -> None:
    assert [row["review_id"] for row in run("list", option, value)["dead_letters"]] == review_ids


def test_a_person_sees_the_same_without_json(home: Path) -> None:
    result = CliRunner().invoke(app, ["rejects", "list"])
    assert result.exit_code == 0
    for part in ("bad_star_rating", "a.jsonl:2", "must be a whole number from 1 to 5"):
        assert part in result.output
    assert "write to" not in result.output


def test_exported_rows_are_corrected_given_back_and_gone(home: Path) -> None:
    out = home / "out.jsonl"
    assert run("export", str(out), "--reason", "bad_star_rating") == {"exported": 1, "file": str(out)}
    text = out.read_text()
    assert "jane" not in text
    out.write_text(text.replace('"star_rating":9', '"star_rating":3'))
    found = run("retry", str(out))
    assert {name: found[name] for name in ("rows_read", "loaded", "unchanged", "rejected", "mended", "left")} == {
        "rows_read": 1,
        "loaded": 1,
        "unchanged": 0,
        "rejected": 0,
        "mended": 1,
        "left": 2,
    }
    assert run("retry", str(out))["mended"] == 0
    assert run("list")["total"] == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["list", "--day", "soon"], "2026-01-31"),
        (["export", "out.xlsx"], "unknown format"),
        (["export", "/no/such/folder/out.csv"], "no folder"),
        (["retry", "no-such-file.jsonl"], "does not exist"),
    ],
)
def test_what_cannot_be_done_is_one_line_that_says_what_to_do(home: Path, arguments: list[str], says: str) -> None:
    assert says in run(*arguments, code=1)["error"]
