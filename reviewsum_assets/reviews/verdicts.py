"""Why a review does not count, after all that can be known: its own text, the other reviews, a person's decision.

The order: a decision outranks all; then what the review shows by itself; then bombing; then being a copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from reviewsum_assets.contracts.decisions import Decision
from reviewsum_assets.reviews.bombing import SUSPECTED_BOMBING, KnownUsers, UsualStars, suspects
from reviewsum_assets.reviews.duplicates import find_copies

NEAR_DUPLICATE = "near_duplicate"
REJECTED_BY_MODERATOR = "rejected_by_moderator"


class Verdict(NamedTuple):
    """Why a review is set aside, how sure that is (0–1), and what it rests on, for machines.

    `details`: `copy_of:R12` (the review that counts instead), `burst:P7:2026-08-01` (product and first day of the
    burst), `decision:rejected`, or empty.
    """

    reason: str
    score: float
    details: str = ""


def day_verdicts(
    day_table: pa.Table,
    earlier: Iterable[pa.Table],
    around: pa.Table,
    known_users: KnownUsers,
    usual_stars: UsualStars | None = None,
) -> dict[str, Verdict]:
    """What the other reviews say against reviews of a day, by review id, sorted.

    Args:
        day_table: The day's screened rows, with `duplicates.COLUMNS`.
        earlier: The same of the days before, a table a day.
        around: Screened rows of the day before, the day and the day after, with `bombing.COLUMNS`.
        known_users: As in `bombing.suspects`.
        usual_stars: As in `bombing.suspects`.
    """
    if not day_table.num_rows:
        return {}
    verdicts = {
        review_id: Verdict(NEAR_DUPLICATE, copy.similarity, f"copy_of:{copy.original}")
        for review_id, copy in find_copies(day_table, earlier).items()
    }
    # The first partition holds older rows too: its own day is its newest.
    day = pc.max(day_table["created_at"]).as_py().date()
    for review_id, found in suspects(day, around, known_users, usual_stars).items():
        details = f"burst:{found.product_id}:{found.since.isoformat()}"
        verdicts[review_id] = Verdict(SUSPECTED_BOMBING, found.score, details)
    return dict(sorted(verdicts.items()))


def with_decisions(
    day_table: pa.Table, verdicts: Mapping[str, Verdict], decisions: Mapping[str, Decision]
) -> dict[str, Verdict]:
    """Why each set-aside review of a day is so in the end, by review id, in the order of the table.

    Args:
        day_table: The day's screened rows, with `review_id`, `own_reason`, `own_score`, `text_hash`.
        verdicts: What the other reviews say, `day_verdicts`.
        decisions: Standing decisions by review id; one on another text than the row's has no effect.
    """
    final: dict[str, Verdict] = {}
    columns = (day_table[name].to_pylist() for name in ("review_id", "own_reason", "own_score", "text_hash"))
    for review_id, own_reason, own_score, text_hash in zip(*columns, strict=True):
        decision = decisions.get(review_id)
        if decision is not None and decision.text_hash == text_hash:
            if decision.verdict == "rejected":
                final[review_id] = Verdict(REJECTED_BY_MODERATOR, 1.0, "decision:rejected")
        elif own_reason is not None:
            final[review_id] = Verdict(own_reason, 1.0 if own_score is None else own_score)
        elif review_id in verdicts:
            final[review_id] = verdicts[review_id]
    return final
