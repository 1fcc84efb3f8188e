"""Warnings where a day does not look like the four weeks before it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from reviewsum_assets.resources.lake import Profile
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.reviews.trends import Trend, mix_trend, share_trend
from reviewsum_assets.stages.report import CheckOutcome

WEEKS = 4


def usual_profile(platform: Platform, asset: str, day: str) -> dict[str, Counter[str]]:
    """The counts of the four weeks before a day added up, from the footers of its partitions."""
    total: dict[str, Counter[str]] = {}
    for back in range(1, 7 * WEEKS + 1):
        info = platform.lake.info(asset, (date.fromisoformat(day) - timedelta(days=back)).isoformat())
        if info is not None and info.sound:
            for name, counts in info.profile.items():
                total.setdefault(name, Counter()).update(counts)
    return total


def share_check(name: str, value: str, profile: Profile, usual: Profile) -> CheckOutcome:
    """Whether the share of `value` among the day's rows is as usual."""
    rows, before = profile.get("rows", {}), usual.get("rows", {})
    trend = share_trend(rows.get(value, 0), rows.get("all", 0), before.get(value, 0), before.get("all", 0))
    return _outcome(name, trend)


def mix_check(name: str, distribution: str, profile: Profile, usual: Profile) -> CheckOutcome:
    """Whether the day's mix of a distribution is as usual."""
    return _outcome(name, mix_trend(profile.get(distribution, {}), usual.get(distribution, {})))


def _outcome(name: str, trend: Trend) -> CheckOutcome:
    measures = {"now": trend.now, "usual": trend.usual}
    return CheckOutcome(
        name,
        not trend.jumped,
        blocking=False,
        measures={key: round(value, 4) for key, value in measures.items() if value is not None},
    )
