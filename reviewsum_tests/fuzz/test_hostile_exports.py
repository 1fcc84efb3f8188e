"""Whatever an export holds: no row is lost, none doubled, nothing stops, and valid rows are stored as they are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from reviewsum_assets.resources.source_tables import metadata
from reviewsum_tests.fuzz.hostile_exports import WRITERS, hostile_exports
from reviewsum_tests.fuzz.run import FOREIGN_ROWS, account, platform_at
from reviewsum_tests.resources.conftest import source_postgres_url  # noqa: F401 - a fixture


def test_every_row_of_hostile_exports_in_every_format_is_accounted_for(tmp_path: Path) -> None:
    found = account(platform_at(tmp_path / "home"), tmp_path, rows=120, seed=1)
    assert found["files"] == len(WRITERS)
    assert found["unaccounted"] == 0
    assert found["foreign_rows_refused"] == len(FOREIGN_ROWS)


def test_the_same_holds_on_postgresql(tmp_path: Path, source_postgres_url: str) -> None:  # noqa: F811
    engine = sa.create_engine(sa.make_url(source_postgres_url).set(drivername="postgresql+psycopg"))
    metadata.drop_all(engine)
    engine.dispose()
    platform = platform_at(tmp_path / "home", source_postgres_url)
    found = account(platform, tmp_path, rows=60, seed=4)
    platform.source.close()
    assert found["unaccounted"] == 0


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        contents.append({truth.path.name: truth.path.read_bytes() for truth in hostile_exports(folder, 40, seed=7)})
    assert contents[0] == contents[1]
    assert set(contents[0]) == set(WRITERS)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_ten_thousand_hostile_rows_in_each_format_are_accounted_for() -> None:
    command = [sys.executable, "-m", "reviewsum_tests.fuzz.run", "--rows", "10000", "--seed", "3"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2_000:]
    found = json.loads(result.stdout)
    assert found["fewest_rows_a_file"] >= 10_000
    assert found["peak_megabytes"] < 1_500
