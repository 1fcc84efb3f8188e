"""A platform whose models are loaded once for all tests of the stages, and real servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewsum_assets.resources.platform import Platform
from reviewsum_tests.resources.conftest import source_postgres_url
from reviewsum_tests.stages.days import shop

__all__ = ["source_postgres_url"]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return shop(tmp_path_factory.mktemp("models"))


@pytest.fixture
def platform(tmp_path: Path, models: Platform) -> Platform:
    return shop(tmp_path, models)
