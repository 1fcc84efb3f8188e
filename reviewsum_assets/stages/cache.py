"""`cached_summaries[category]`: the cache holds exactly the department's records."""

from __future__ import annotations

import hashlib
import time

import pyarrow as pa

from reviewsum_assets.contracts.records import SummaryRecord
from reviewsum_assets.contracts.tables import CachedSummaries, ProductCatalog, arrow_schema
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages.catalog import CATALOG
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport, blocked, inputs_key, unchanged
from reviewsum_assets.stages.summarise import SUMMARIES

CACHED = "cached_summaries"
CODE_VERSION = "1"
BATCH_RECORDS = 500

Key = tuple[str, str, str]


def cache_inputs(platform: Platform, summaries_version: str) -> str:
    settings = platform.settings
    place = settings.dynamodb_table if settings.cache_backend == "dynamodb" else "local"
    return inputs_key(CACHED, CODE_VERSION, settings.cache_backend, place, summaries_version)


def cache_category(platform: Platform, category: str) -> PartitionReport:
    """Put changed records, remove those of products that are gone, and give the others a new time to live."""
    started = time.perf_counter()
    summaries, stored = platform.lake.info(SUMMARIES, category), platform.lake.info(CACHED, category)
    if summaries is None or not summaries.sound:
        return blocked(category, stored, SUMMARIES, summaries.failed_checks if summaries else ("materialisation",))
    inputs = cache_inputs(platform, summaries.data_version)
    if stored and stored.inputs == inputs:
        return unchanged(category, stored)

    before: dict[Key, str] = {}
    for row in platform.lake.read(CACHED, CachedSummaries, category).to_pylist():
        before[(row["product_id"], row["locale"], row["variant"])] = row["record_hash"]
    ttl = platform.settings.cache_ttl_seconds
    rows: list[dict[str, str]] = []
    written = 0
    kept: list[Key] = []
    pending: list[SummaryRecord] = []
    for batch in platform.lake.batches(SUMMARIES, category):
        for row in batch.to_pylist():
            key = (row["product_id"], row["locale"], row["variant"])
            digest = hashlib.sha256(row["record"].encode()).hexdigest()
            rows.append(dict(zip(("product_id", "locale", "variant"), key, strict=True)))
            rows[-1] |= {"status": row["status"], "record_hash": digest}
            if before.pop(key, None) == digest:
                kept.append(key)
            else:
                pending.append(SummaryRecord.model_validate_json(row["record"]))
            if len(pending) >= BATCH_RECORDS:
                written += platform.cache.put(pending, ttl)
                pending = []
    written += platform.cache.put(pending, ttl)
    extended = platform.cache.extend(kept, ttl)
    if extended < len(kept):
        # Another cache than last time, or one that lost records.
        written += reconcile_cache(platform, category)["records_restored"]
    gone = _gone(platform, list(before))
    platform.cache.delete(gone)
    table = pa.Table.from_pylist(rows, schema=arrow_schema(CachedSummaries))
    info = platform.lake.write(CACHED, CachedSummaries, [table], category, inputs=inputs)
    report = PartitionReport(
        category,
        info.rows,
        info.data_version,
        changed=stored is None or stored.data_version != info.data_version,
        measures={"records_put": written, "records_extended": extended, "records_deleted": len(gone)},
        checks=(_cache_check(platform, rows),),
    )
    platform.lake.mark(CACHED, category, report.failed_blocking)
    return report.timed(started)


def reconcile_cache(platform: Platform, category: str) -> dict[str, int]:
    """Give every record of the department a new time to live, and put back those that the cache has lost.

    Quiet products stay fresh by this, without a model call. Returns `records_extended` and `records_restored`.
    """
    ttl = platform.settings.cache_ttl_seconds
    lost: list[SummaryRecord] = []
    extended = 0
    for batch in platform.lake.batches(SUMMARIES, category):
        rows = batch.to_pylist()
        keys = [(row["product_id"], row["locale"], row["variant"]) for row in rows]
        found = platform.cache.extend(keys, ttl)
        extended += found
        if found < len(keys):
            missing = [row for row, key in zip(rows, keys, strict=True) if platform.cache.get(*key) is None]
            lost += [SummaryRecord.model_validate_json(row["record"]) for row in missing]
    restored = platform.cache.put(lost, ttl)
    return {"records_extended": extended, "records_restored": restored}


def _gone(platform: Platform, keys: list[Key]) -> list[Key]:
    """Keys whose product has no record any more; a product that moved is written by its new department."""
    catalog = platform.lake.read(CATALOG, ProductCatalog, columns=["product_id", "merged_into"]).to_pylist()
    sold = {row["product_id"] for row in catalog if not row["merged_into"]}
    locales = set(platform.settings.locales)
    return [key for key in keys if key[0] not in sold or key[1] not in locales]


def _cache_check(platform: Platform, rows: list[dict[str, str]]) -> CheckOutcome:
    """Read a spread of the records back from the cache."""
    step = max(1, len(rows) // 50)
    sample = rows[::step]
    missing = sum(platform.cache.get(row["product_id"], row["locale"], row["variant"]) is None for row in sample)
    return CheckOutcome(
        "cache_answers",
        missing == 0,
        blocking=True,
        measures={"records_read": len(sample), "missing": missing},
    )
