"""Does a day look like the weeks before it? Shares and mixes that jump are worth a look by a person.

A feed that lost a country, an export that garbles a language, a wave of spam: each shows in what comes in before it
shows in summaries. The bounds ask for a change that is both larger than chance and large enough to matter, so that a
quiet day of a small shop warns of nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

MIN_ROWS = 50
"""Rows of the day below which nothing is said."""

MIN_USUAL_ROWS = 300
"""Rows of the weeks before below which there is no usual."""

MIN_CHANGE = 0.05
"""Change of a share (0–1) that matters."""

STANDARD_ERRORS = 4.0
"""Change in standard errors that is no chance: one day in 16,000 by chance alone."""

MIN_DISTANCE = 0.15
"""Total variation distance of two mixes that matters: so much of the day moved to other values."""


@dataclass(frozen=True)
class Trend:
    """A day beside its usual."""

    usual: float | None
    """Share in the weeks before (0–1), or None where there were too few rows."""
    now: float | None
    """Share of the day, or the distance of its mix from the usual one (0–1); None where there were too few rows."""
    jumped: bool


def share_trend(rows: int, of: int, usual_rows: int, usual_of: int) -> Trend:
    """Compare a share of the day with the same share of the weeks before.

    Args:
        rows: Rows of the day that have the property.
        of: Rows of the day.
        usual_rows: Rows of the weeks before that have it.
        usual_of: Rows of the weeks before.
    """
    if of < MIN_ROWS or usual_of < MIN_USUAL_ROWS:
        return Trend(None, rows / of if of else None, False)
    now, usual = rows / of, usual_rows / usual_of
    # Half a row keeps the error from being 0 where the property was never seen.
    pooled = (rows + usual_rows + 0.5) / (of + usual_of + 1)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / usual_of))
    return Trend(usual, now, abs(now - usual) > max(MIN_CHANGE, STANDARD_ERRORS * error))


def mix_trend(counts: Mapping[str, int], usual: Mapping[str, int]) -> Trend:
    """Compare the day's mix of values (languages, stars) with that of the weeks before, by total variation distance."""
    of, usual_of = sum(counts.values()), sum(usual.values())
    if of < MIN_ROWS or usual_of < MIN_USUAL_ROWS:
        return Trend(None, None, False)
    values = sorted({*counts, *usual})
    shares = [(counts.get(value, 0) / of, usual.get(value, 0) / usual_of) for value in values]
    distance = 0.5 * sum(abs(now - before) for now, before in shares)
    # The distance that chance alone makes: E|p̂ − p| of each value's share is √(2 p (1 − p) / π n).
    chance = 0.5 * sum(math.sqrt(2 * before * (1 - before) / (math.pi * of)) for _, before in shares)
    return Trend(0.0, distance, distance > max(MIN_DISTANCE, 2 * chance))
