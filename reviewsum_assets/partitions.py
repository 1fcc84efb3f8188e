"""Every partitions definition of the platform."""

from __future__ import annotations

from datetime import UTC, date, datetime

import dagster as dg

from reviewsum_assets.settings import get_settings

days = dg.DailyPartitionsDefinition(start_date=get_settings().first_day().isoformat(), end_offset=1, timezone="UTC")
"""`day` of a review by its `created_at` (UTC), from the start date to today inclusive."""

categories = dg.DynamicPartitionsDefinition(name="category")
"""Departments, added by `product_catalog`. Never products: an asset is sound to about 100,000 partitions."""


def today() -> date:
    """The last day partition: today in UTC."""
    return datetime.now(UTC).date()
