"""A person's decision on a review, as the review queue keeps it and cleaning applies it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Ruling = Literal["approved", "rejected"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a review: `approved` counts, `rejected` is set aside, whatever the rules say.

    It stands for the text that was judged (`text_hash`): an edited review is judged anew by the rules.
    """

    review_id: str
    verdict: Ruling
    text_hash: str
    """Keyed hash of the original text, as in `screened_reviews`."""
    day: str
    """Partition of the review, YYYY-MM-DD."""
    actor: str
    note: str
    at: datetime
