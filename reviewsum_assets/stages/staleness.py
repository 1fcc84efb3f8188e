"""What is out of date: the days and departments that a refresh has to run, found without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages import cache, catalog, clean, count, embed, ingest, screen, summarise, topics
from reviewsum_assets.stages.window import DAYS_AFTER, DAYS_BEFORE


def all_days(first: date, last: date) -> list[str]:
    """Day partitions from first to last inclusive."""
    return [(first + timedelta(days=offset)).isoformat() for offset in range((last - first).days + 1)]


def stale_days(platform: Platform, last_day: str) -> list[str]:
    """Days whose stored partitions were not made from the present source, code and models.

    A day that failed a blocking check is not stale until its source or the code changes: running it again would fail
    again.
    """
    states = ingest.source_days(platform, last_day)
    lake = platform.lake
    stale = []
    for day in all_days(platform.settings.first_day(), date.fromisoformat(last_day)):
        inputs = ingest.ingest_inputs(platform, states.get(day))
        raw, rejected = lake.info(ingest.RAW, day), lake.info(ingest.REJECTED, day)
        if raw is None or rejected is None or raw.inputs != inputs or rejected.inputs != inputs:
            stale.append(day)
            continue
        if not raw.sound:
            continue
        screened = lake.info(screen.SCREENED, day)
        if screened is None or screened.inputs != screen.screen_inputs(platform, raw.data_version):
            stale.append(day)
            continue
        if not screened.sound:
            continue
        cleaned = lake.info(clean.CLEANED, day)
        if cleaned is None or cleaned.inputs != clean.clean_inputs(platform, day):
            stale.append(day)
            continue
        if not cleaned.sound:
            continue
        embedded = lake.info(embed.EMBEDDED, day)
        if embedded is None or embedded.inputs != embed.embed_inputs(platform, cleaned.data_version):
            stale.append(day)
    return stale


def covering_range(platform: Platform, days: Sequence[str], last_day: str) -> tuple[str, str]:
    """First and last day of the run that brings stale days up to date, with the days whose verdicts look at them."""
    first = max(platform.settings.first_day(), date.fromisoformat(min(days)) - timedelta(days=DAYS_AFTER))
    last = min(date.fromisoformat(last_day), date.fromisoformat(max(days)) + timedelta(days=DAYS_BEFORE))
    return first.isoformat(), last.isoformat()


def catalog_is_stale(platform: Platform) -> bool:
    stored = platform.lake.info(catalog.CATALOG)
    return stored is None or stored.inputs != catalog.catalog_inputs(platform)


def stale_categories(platform: Platform) -> list[str]:
    """Departments whose counts, topics, records or cache are not those of their products' chunks."""
    lake = platform.lake
    departments = sorted({*catalog.categories_of(platform), *lake.partitions(count.OPINIONS)})
    stale = []
    for category in departments:
        opinions = lake.info(count.OPINIONS, category)
        if opinions is None or count.stale_counts(platform, category, catalog.members_of(platform, category)):
            stale.append(category)
            continue
        if not opinions.sound:
            continue
        found = lake.info(topics.TOPICS, category)
        summaries = lake.info(summarise.SUMMARIES, category)
        if (
            found is None
            or found.inputs != topics.topics_inputs(opinions.data_version)
            or summaries is None
            or summaries.inputs != summarise.summarise_inputs(platform, category, opinions.data_version)
        ):
            stale.append(category)
            continue
        if not summaries.sound:
            continue
        cached = lake.info(cache.CACHED, category)
        if cached is None or cached.inputs != cache.cache_inputs(platform, summaries.data_version):
            stale.append(category)
    return stale


def blocked_partitions(platform: Platform) -> dict[str, list[str]]:
    """Partitions that failed blocking checks, by asset."""
    assets = (
        ingest.RAW,
        screen.SCREENED,
        clean.CLEANED,
        embed.EMBEDDED,
        count.OPINIONS,
        summarise.SUMMARIES,
        cache.CACHED,
    )
    found = {
        asset: [
            partition
            for partition in platform.lake.partitions(asset)
            if (info := platform.lake.info(asset, partition)) and not info.sound
        ]
        for asset in assets
    }
    return {asset: partitions for asset, partitions in found.items() if partitions}
