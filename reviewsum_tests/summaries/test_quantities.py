from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewsum_assets.contracts.records import Quantity
from reviewsum_assets.summaries.quantities import ORDER, balance, quantity

shares = st.floats(0, 1, allow_nan=False)


@pytest.mark.parametrize(
    ("share", "word"),
    [(0.01, "a_few"), (0.049, "a_few"), (0.05, "several"), (0.2, "many"), (0.5, "many"), (0.6, "most")],
)
def test_the_word_follows_the_share(share: float, word: Quantity) -> None:
    assert quantity(share) == word


def test_a_word_is_kept_while_its_share_stays_near_the_threshold() -> None:
    assert quantity(0.19) == "several"
    assert quantity(0.19, "many") == "many"
    assert quantity(0.21) == "many"
    assert quantity(0.21, "several") == "several"


def test_a_word_changes_once_the_share_passes_the_threshold_by_a_tenth() -> None:
    assert quantity(0.179, "many") == "several"
    assert quantity(0.221, "several") == "many"


@given(shares, st.sampled_from(ORDER))
def test_most_is_never_said_of_half_or_less(share: float, previous: Quantity) -> None:
    assert quantity(share, previous) != "most" or share > 0.5


@given(shares, shares, st.none() | st.sampled_from(ORDER))
def test_more_reviewers_never_get_a_smaller_word(one: float, other: float, previous: Quantity | None) -> None:
    low, high = sorted((one, other))
    assert ORDER.index(quantity(low, previous)) <= ORDER.index(quantity(high, previous))


@given(shares, st.none() | st.sampled_from(ORDER))
def test_a_word_once_chosen_stays_at_the_same_share(share: float, previous: Quantity | None) -> None:
    chosen = quantity(share, previous)
    assert quantity(share, chosen) == chosen


def test_three_of_ten_reviewers_are_not_called_many() -> None:
    assert quantity(0.3, support=3) == "several"
    assert quantity(0.3, support=30) == "many"


def test_a_percentage_is_refused_as_a_share() -> None:
    with pytest.raises(ValueError, match="fraction"):
        quantity(16)


def test_one_percent_of_complaints_is_not_called_divided() -> None:
    assert balance(0.95, 0.01) == "clearly_positive"
    assert balance(0.45, 0.40) == "divided"
    assert balance(0.10, 0.88) == "clearly_negative"


def test_the_verdict_of_the_stars_is_kept_within_its_margin() -> None:
    assert balance(0.60, 0.2) == "divided"
    assert balance(0.60, 0.2, "positive") == "positive"
    assert balance(0.60, 0.2, "clearly_positive") == "positive"
    assert balance(0.50, 0.2, "positive") == "divided"


@given(shares, st.sampled_from(["clearly_positive", "positive", "divided", "negative", "clearly_negative"]))
def test_a_positive_verdict_always_has_a_majority_behind_it(positive: float, previous: str) -> None:
    verdict = balance(positive, 1 - positive, previous)  # type: ignore[arg-type]
    assert verdict not in ("positive", "clearly_positive") or positive > 0.5
    assert verdict not in ("negative", "clearly_negative") or positive < 0.5
