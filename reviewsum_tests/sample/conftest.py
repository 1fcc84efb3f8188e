"""The sample that these tests read: made once."""

from __future__ import annotations

from datetime import date

import pytest

from reviewsum_assets.sample import Sample, generate

AS_OF = date(2026, 3, 14)


@pytest.fixture(scope="session")
def sample() -> Sample:
    return generate(AS_OF)
