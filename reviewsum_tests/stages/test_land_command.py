"""`reviewsum land`, and what `load` and `doctor` say of a source that is not ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reviewsum_assets.cli import app
from reviewsum_assets.doctor import examine
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.settings import Settings, get_settings
from reviewsum_tests.stages.test_land import event, packed


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("REVIEWSUM_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


def run(*arguments: str) -> tuple[int, dict[str, object]]:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    # One line of the error may follow on standard error.
    return result.exit_code, json.loads(result.stdout)


def test_land_says_what_became_of_the_events(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(packed("a.jsonl", [event(), {"op": "delete", "review_id": "R2"}, b"{"]))
    (folder / "b.jsonl.tmp").write_bytes(b"{")
    monkeypatch.setenv("REVIEWSUM_LANDING_URL", str(folder))
    code, result = run("land")
    assert code == 0
    assert result == {
        "files_read": 1,
        "rows_read": 3,
        "loaded": 1,
        "unchanged": 1,
        "rejected": 1,
        "deleted": 0,
        "superseded": 0,
        "files_left": 1,
        "reasons": {"bad_json": 1},
    }
    result = CliRunner().invoke(app, ["land"])
    assert (result.exit_code, "files read" in result.stdout) == (0, True)


def test_without_a_landing_zone_it_fails_with_what_to_set(home: Path) -> None:
    code, result = run("land")
    assert code == 1
    assert "REVIEWSUM_LANDING_URL" in str(result["error"])


def test_load_into_a_shops_table_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "a.jsonl").write_bytes(packed("a.jsonl", [event()]))
    monkeypatch.setenv("REVIEWSUM_SOURCE_TABLE", "shop.reviews")
    monkeypatch.setenv("REVIEWSUM_SOURCE_COLUMNS", '{"review_text": "body"}')
    code, result = run("load", str(home / "a.jsonl"))
    assert code == 1
    assert "never written" in str(result["error"])


def test_columns_that_are_no_map_are_an_error_of_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSUM_SOURCE_COLUMNS", "review_text=body")
    code, result = run("land")
    assert code == 1
    assert "REVIEWSUM_SOURCE_COLUMNS" in str(result["error"])


def test_doctor_says_what_the_source_is_and_whether_the_landing_zone_can_be_read(home: Path) -> None:
    (home / "in").mkdir()
    (home / "in" / "a.jsonl").write_bytes(packed("a.jsonl", [event()]))
    settings = Settings(home=home / "home", engine="template", landing_url=str(home / "in"), source_table="elsewhere")
    found = {finding.part: finding for finding in examine(Platform(settings))}
    assert (found["source"].ok, "no database" in found["source"].detail) == (False, True)
    assert (found["landing zone"].ok, "1 files of events" in found["landing zone"].detail) == (True, True)
