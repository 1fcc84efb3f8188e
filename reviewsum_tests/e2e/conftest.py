"""A small sample, loaded and refreshed once; each test works on a copy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reviewsum_assets.sample import Sample, generate, write_export
from reviewsum_tests.e2e.workspace import Workspace

AS_OF = date(2026, 10, 1)
SETTINGS = {
    "REVIEWSUM_START_DATE": "2026-07-10",
    "REVIEWSUM_ENGINE": "template",
    "REVIEWSUM_MIN_REVIEWS": "5",
    "REVIEWSUM_HASH_KEY": "a key of the tests, long enough",
}


@pytest.fixture(scope="session")
def sample() -> Sample:
    return generate(AS_OF, seed=11, reviews=300)


@pytest.fixture(scope="session")
def export(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "sample.jsonl.gz"
    write_export(sample, path)
    return path


@pytest.fixture(scope="session")
def loaded(export: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample in the source, nothing refreshed."""
    workspace = Workspace(tmp_path_factory.mktemp("loaded") / "home", dict(SETTINGS))
    workspace.json("load", str(export))
    return workspace


@pytest.fixture(scope="session")
def refreshed(loaded: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample, refreshed from nothing."""
    workspace = loaded.copy(tmp_path_factory.mktemp("refreshed") / "home")
    workspace.json("refresh")
    return workspace


@pytest.fixture
def workspace(refreshed: Workspace, tmp_path: Path) -> Workspace:
    """A refreshed state folder of the test's own."""
    return refreshed.copy(tmp_path / "home")
