"""Quantity words: how a share of reviewers is said in words.

Prose states no numbers, since counts move with every review and prose should not. The word is chosen here, from the
share, and is part of the plan; a model may not choose another. A share near a threshold keeps the word it had:
without that, a product at the threshold would be reworded at every refresh.
"""

from __future__ import annotations

from reviewsum_assets.contracts.records import Balance, Quantity

ORDER: tuple[Quantity, ...] = ("a_few", "several", "many", "most")
"""From the rarest to the commonest."""

HYSTERESIS = 0.10
"""A word changes only when the share passes its threshold by a tenth of the threshold."""

THRESHOLDS: dict[Quantity, float] = {"several": 0.05, "many": 0.20, "most": 0.56}
"""Share from which each word holds. `several` starts where the complaint floor does. `most` starts at 0.56 because
hysteresis may keep it down to 0.504, and at a half it would be untrue."""

MINIMUM_SUPPORT: dict[Quantity, int] = {"a_few": 0, "several": 3, "many": 5, "most": 6}
"""Reviewers below which a word would sound like more people than there are, whatever the share: three of ten are
30 %, and yet not many."""

BALANCE_SHARES: dict[Balance, float] = {"clearly_positive": 0.85, "positive": 0.62}
"""Share of 4–5 stars (1–2 stars for the two negative verdicts) from which each verdict holds. Hysteresis narrows
with the distance to 1, so that `positive` never falls below 0.58 and stays a true majority."""


def quantity(share: float, previous: Quantity | None = None, *, support: int | None = None) -> Quantity:
    """The quantity word for a share of counted reviews.

    Args:
        share: support / review_count, in 0–1.
        previous: the word that the published record uses for this opinion; it is kept within the hysteresis.
        support: reviewers behind the share; few people are never `many`. None: the share alone decides.

    Raises:
        ValueError: if the share is not in 0–1.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a share is a fraction in 0–1, got {share!r}")
    word: Quantity = "a_few"
    for candidate in ORDER[1:]:
        threshold = THRESHOLDS[candidate]
        if previous is not None:
            held = ORDER.index(previous) >= ORDER.index(candidate)
            threshold *= 1 - HYSTERESIS if held else 1 + HYSTERESIS
        enough = support is None or support >= MINIMUM_SUPPORT[candidate]
        if share >= threshold and enough:
            word = candidate
    return word


def balance(positive_share: float, negative_share: float, previous: Balance | None = None) -> Balance:
    """The verdict of all counted reviews, from the shares of 4–5 and of 1–2 stars, both in 0–1.

    A published verdict is kept while its share stays within a tenth of the distance from its threshold to 1.
    """
    for positive_verdict, floor in BALANCE_SHARES.items():
        negative_verdict: Balance = "clearly_negative" if positive_verdict == "clearly_positive" else "negative"
        for verdict, share in ((positive_verdict, positive_share), (negative_verdict, negative_share)):
            threshold = floor
            if previous is not None:
                margin = HYSTERESIS * (1 - floor)
                threshold += -margin if previous in (verdict, f"clearly_{verdict}") else margin
            if share >= threshold:
                return verdict
    return "divided"
