"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_data_dir() -> Path:
    """Folder of real public reviews, kept beside the project and not part of it; skips where it is absent."""
    folder = Path(os.environ.get("REVIEWSUM_REAL_DATA", REPOSITORY.parent / "shared" / "real"))
    if not folder.is_dir():
        pytest.skip(f"real reviews are not part of the project and none were found at {folder}")
    return folder
