"""Days of a small shop, brought through ingestion by the stages themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from reviewsum_assets.contracts.source import SourceRow
from reviewsum_assets.contracts.tables import CleanedReviews, ScreenedReviews
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages import clean, ingest, screen
from reviewsum_assets.stages.report import PartitionReport

FIRST = date(2026, 5, 1)
LAST = "2026-06-30"


def shop(home: Path, like: Platform | None = None) -> Platform:
    """A platform with stores of its own; models are shared with another one, for they take seconds to load."""
    platform = Platform(
        Settings(home=home, start_date=FIRST, engine="template", hash_key="a key of the tests, long enough")  # type: ignore[arg-type]
    )
    if like is not None:
        for name in ("embedder", "taxonomy", "aspects", "redactor", "departments", "toxicity"):
            platform.__dict__[name] = getattr(like, name)
    return platform


def row(review_id: str, text: str, day: str = "2026-06-01", **fields: object) -> SourceRow:
    values: dict[str, object] = {
        "review_id": review_id,
        "product_id": f"P-{review_id}",
        "product_title": "Kettle",
        "category": "Kettles",
        "user_id": f"user-{review_id}",
        "star_rating": 4,
        "review_text": text,
        "created_at": datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC),
        **fields,
    }
    return SourceRow(**values)  # type: ignore[arg-type]


def ingest_days(platform: Platform, days: Iterable[str]) -> None:
    states = ingest.source_days(platform, LAST)
    for day in days:
        ingest.ingest_day(platform, day, states.get(day), LAST)


def screen_days(platform: Platform, *days: str) -> list[PartitionReport]:
    """Ingest and screen; the reports of screening."""
    ingest_days(platform, days)
    return [screen.screen_day(platform, day) for day in days]


def clean_days(platform: Platform, *days: str) -> list[PartitionReport]:
    """Ingest and screen all, then clean them in the order given; the reports of cleaning."""
    screen_days(platform, *days)
    return [clean.clean_day(platform, day) for day in days]


def screened(platform: Platform, day: str) -> pa.Table:
    return platform.lake.read(screen.SCREENED, ScreenedReviews, day)


def reasons(platform: Platform, day: str) -> dict[str, str | None]:
    """Why each review of a cleaned day is set aside."""
    table = platform.lake.read(clean.CLEANED, CleanedReviews, day)
    return dict(zip(table["review_id"].to_pylist(), table["set_aside_reason"].to_pylist(), strict=True))
