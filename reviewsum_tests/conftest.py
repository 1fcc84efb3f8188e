"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

# The code location reads its settings when it is imported: tests that import it work in a state folder of their own.
os.environ["REVIEWSUM_HOME"] = tempfile.mkdtemp(prefix="reviewsum-tests-")
os.environ["REVIEWSUM_START_DATE"] = "2026-07-10"
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_data_dir() -> Path:
    """Folder of real public reviews, kept beside the project and not part of it; skips where it is absent."""
    folder = Path(os.environ.get("REVIEWSUM_REAL_DATA", REPOSITORY.parent / "shared" / "real"))
    if not folder.is_dir():
        pytest.skip(f"real reviews are not part of the project and none were found at {folder}")
    return folder
