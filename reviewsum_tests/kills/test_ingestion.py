"""Kill load, cleaning and indexing at any moment, run again: the same end state."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest


def series(kills: int, versions: int) -> Any:
    """A series in a process of its own: it forks, and the threads of other tests would not survive that."""
    command = [sys.executable, "-m", "reviewsum_tests.kills.ingestion"]
    result = subprocess.run(
        [*command, "--kills", str(kills), "--versions", str(versions)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout)


def test_a_few_kills_on_the_way_change_nothing_in_the_end() -> None:
    outcome = series(kills=4, versions=2)
    assert (outcome["kills"], outcome["differences"]) == (4, 0)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_two_hundred_kills_change_nothing_in_the_end() -> None:
    outcome = series(kills=200, versions=6)
    assert (outcome["kills"], outcome["differences"]) == (200, 0)
    places = {"raw_reviews", "screened_reviews", "cleaned_reviews", "review_embeddings"}
    assert set(outcome["killed_after"]) >= places
