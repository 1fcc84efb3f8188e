"""Kill load, cleaning and indexing at any moment, run again: the same end state."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewsum_tests.kills.ingestion import Series


def test_a_few_kills_on_the_way_change_nothing_in_the_end(tmp_path: Path) -> None:
    outcome = Series(tmp_path).run(kills=6, seed=3)
    assert outcome.kills == 6
    assert outcome.differences == []


@pytest.mark.slow
def test_two_hundred_kills_change_nothing_in_the_end(tmp_path: Path) -> None:
    outcome = Series(tmp_path).run(kills=200, seed=4)
    assert outcome.kills == 200
    assert outcome.differences == []
    assert set(outcome.killed_in) >= {"raw_reviews", "screened_reviews", "cleaned_reviews", "review_embeddings"}
