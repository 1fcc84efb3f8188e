"""Which day partition a row of the source belongs to: the one rule that every source follows.

A row counts to the UTC day of its `created_at`; older rows to the first day, newer ones to the last.
"""

from __future__ import annotations

from datetime import date, timedelta


def check_days(first_day: date, last_day: date) -> None:
    """Raises ValueError if the range is empty."""
    if first_day > last_day:
        raise ValueError(f"the first day {first_day} is after the last {last_day}")


def clamped(day: date | str, first_day: date, last_day: date) -> str:
    """The day partition (YYYY-MM-DD) of a UTC day."""
    return min(max(str(day), first_day.isoformat()), last_day.isoformat())


def bounds(day: date | str, first_day: date, last_day: date) -> tuple[date | None, date | None]:
    """First day and the day after the last of what falls into `day`; None: open on that side.

    Raises:
        ValueError: if the day is outside the range.
    """
    check_days(first_day, last_day)
    asked = date.fromisoformat(day) if isinstance(day, str) else day
    if not first_day <= asked <= last_day:
        raise ValueError(f"{asked} is not between the first day {first_day} and the last {last_day}")
    return (None if asked == first_day else asked, None if asked == last_day else asked + timedelta(days=1))
