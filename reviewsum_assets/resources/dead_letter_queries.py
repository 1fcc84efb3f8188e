"""Which dead letters a person asks for, as conditions of the source database."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from reviewsum_assets.contracts.source import DeadLetterFilter
from reviewsum_assets.resources.source_tables import dead_letters

ENTRY_COLUMNS = [
    dead_letters.c[name] for name in ("id", "origin", "reason_code", "reason", "raw", "day", "review_id", "product_id")
]
"""Columns of a `DeadLetterEntry`, in its order."""


def that_fit(which: DeadLetterFilter) -> list[sa.ColumnElement[bool]]:
    """Conditions of the live dead letters that fit a filter."""
    found: list[sa.ColumnElement[bool]] = [dead_letters.c.withdrawn_at.is_(None)]
    if which.reason_code is not None:
        found.append(dead_letters.c.reason_code == which.reason_code)
    if which.origin is not None:
        lines = dead_letters.c.origin.startswith(f"{which.origin}:", autoescape=True)
        found.append(sa.or_(dead_letters.c.origin == which.origin, lines))
    if which.day is not None:
        found.append(dead_letters.c.day == date.fromisoformat(which.day))
    if which.product_id is not None:
        found.append(dead_letters.c.product_id == which.product_id)
    return found
