"""A platform whose models are loaded once for all tests of the stages."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewsum_assets.resources.platform import Platform
from reviewsum_tests.stages.days import shop


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return shop(tmp_path_factory.mktemp("models"))


@pytest.fixture
def platform(tmp_path: Path, models: Platform) -> Platform:
    return shop(tmp_path, models)
