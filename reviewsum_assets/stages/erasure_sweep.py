"""What a refresh leaves of the erased: partitions that it kept out or no longer reaches, records, words, residue.

A refresh makes every stale partition without them. But a day that fails a blocking check stays as it was, a run may
fail, and folders of an earlier start date are no partition any more. Here their rows leave for certain.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from reviewsum_assets.contracts.records import DEFAULT_VARIANT, LOCALES, SummaryRecord
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.sqlite_residue import compact, is_of_database, is_sqlite, rewrite_rows
from reviewsum_assets.resources.state_search import drop_lines, export_files, found_in_file, ids_of_line
from reviewsum_assets.resources.tombstones import Erased
from reviewsum_assets.resources.writer_lock import writer_lock
from reviewsum_assets.reviews.traces import Trace, TraceMaker, TraceSet
from reviewsum_assets.stages.embed import LOCK_TIMEOUT_SECONDS
from reviewsum_assets.stages.erasure_scope import KEY_COLUMNS, TEXT_COLUMNS, ErasedRows, lake_partitions
from reviewsum_assets.stages.land import remove_copies
from reviewsum_assets.summaries import publishing
from reviewsum_assets.summaries.publishing import Product

VARIANTS = (DEFAULT_VARIANT, "challenger")


def sweep(platform: Platform, erased: Erased) -> Counter[str]:
    """Remove every row of the erased from lake, LanceDB and cache; returns the rows by place.

    A partition that lost rows is stale, and its products are in the feed: the next refresh makes them anew.
    """
    rows = ErasedRows(platform, erased)
    swept: Counter[str] = Counter()
    dirty = [
        (asset, partition) for asset, partition in lake_partitions(platform) if _holds(platform, rows, asset, partition)
    ]
    leaving = _chunks_of(platform, rows)
    if (dirty or leaving) and erased.product_ids:
        # Before the rows go: whoever counts must hear of it even if this process dies in between.
        platform.changes.append(sorted(erased.product_ids), day=datetime.now(UTC).date().isoformat(), run_id="erase")
    for asset, partition in dirty:
        swept[f"lake: {asset}"] += _clean(platform, rows, asset, partition)
    if leaving:
        with writer_lock(platform.settings.lancedb_dir / "writer.lock", "erase", LOCK_TIMEOUT_SECONDS):
            platform.chunks.remove_reviews(leaving)
        swept["lancedb: reviews"] = len(leaving)
    swept["cache: records"] = _withdraw_cached(platform, rows, erased.product_ids)
    return +swept


def shared_traces(platform: Platform, erased: Erased, traces: Iterable[Trace]) -> set[Trace]:
    """Those traces that reviews which stay hold too: they are not the erased person's alone."""
    search = TraceMaker(platform.keyed_hash.trace).searched(traces)
    if not search:
        return set()
    rows = ErasedRows(platform, erased)
    shared: set[Trace] = set()
    portion: list[str] = []
    for review in platform.source_erasure.reviews_like(lambda review, user: not rows.has(review, user)):
        portion += (review.review_id, review.user_id, review.product_id, review.review_text)
        if len(portion) >= 4_000:
            shared |= search.found("\n".join(portion).encode("utf-8", "surrogatepass"))
            portion.clear()
    shared |= search.found("\n".join(portion).encode("utf-8", "surrogatepass"))
    for asset, partition in lake_partitions(platform):
        names = platform.lake.columns(asset, partition)
        columns = [name for name in TEXT_COLUMNS if name in names]
        if not columns:
            continue
        keys = [name for name in ("review_id", "user_key") if name in names]
        for table in platform.lake.batches(asset, partition, columns=[*columns, *keys]):
            staying = table.filter(pa.array([not theirs for theirs in rows.mask(table)], pa.bool_()))
            texts = [text for name in columns for text in staying[name].to_pylist()]
            shared |= search.found("\n".join(texts).encode("utf-8", "surrogatepass"))
    return shared


def letters_that_quote(platform: Platform, erased: Erased) -> set[str]:
    """Dead letters of whatever row that hold words of the erased which no review that stays holds."""
    search = TraceMaker(platform.keyed_hash.trace).searched(trace for trace in erased.traces if trace.kind != "key")
    held: dict[str, set[Trace]] = {}
    for letter in platform.source_erasure.letters() if search else ():
        found = search.found(letter.raw.encode("utf-8", "surrogatepass"))
        if found:
            held[letter.id] = found
    shared = shared_traces(platform, erased, {trace for found in held.values() for trace in found})
    return {letter for letter, found in held.items() if found - shared}


def remove_residue(platform: Platform, erased: Erased) -> Counter[str]:
    """Remove what lies outside the rows: old versions, answers of the model, logs, free pages; counts by place."""
    maker = TraceMaker(platform.keyed_hash.trace)
    settings, removed = platform.settings, Counter[str]()
    removed["lake: files of killed writers"] = platform.lake.remove_abandoned()
    removed["landing: copies of killed landings"] = remove_copies(platform)
    if settings.lancedb_dir.exists():
        with writer_lock(settings.lancedb_dir / "writer.lock", "erase", LOCK_TIMEOUT_SECONDS):
            before = len(platform.chunks.version_numbers())
            platform.chunks.maintain(timedelta(0))
            removed["lancedb: old versions"] = before - len(platform.chunks.version_numbers())
    # An answer may echo a review in other words, and the store does not know which: it forgets all.
    if (settings.cache_dir / "wordings.db").exists():
        removed["wording store: answers"] = platform.wordings.purge_all()
    rows = ErasedRows(platform, erased)
    search = maker.searched(erased.traces)
    unshared = maker.searched(erased.traces - shared_traces(platform, erased, erased.traces))
    removed["export lines"] = sum(
        drop_lines(path, _leaves(rows, unshared)) for path in export_files(settings.root) if found_in_file(path, search)
    )
    foreign = platform.source_erasure.foreign_file
    removed["event log: values"], removed["logs: files"] = _clean_logs(settings.dagster_home, search, foreign)
    for path in _databases(platform):
        compact(path)
    platform.source_erasure.vacuum()
    return +removed


def _holds(platform: Platform, rows: ErasedRows, asset: str, partition: str) -> bool:
    keys = [name for name in platform.lake.columns(asset, partition) if name in KEY_COLUMNS]
    tables = platform.lake.batches(asset, partition, columns=keys) if keys else iter(())
    return any(any(rows.mask(table)) or any(rows.named_in(table)) for table in tables)


def _clean(platform: Platform, rows: ErasedRows, asset: str, partition: str) -> int:
    """Rewrite a partition: rows leave, and a record that cites the erased is withdrawn."""
    changed = 0

    def change(table: pa.Table) -> pa.Table:
        nonlocal changed
        mask = rows.mask(table)
        changed += sum(mask)
        named = rows.named_in(table)
        if any(named):
            changed += sum(named)
            place = table.schema.get_field_index("set_aside_details")
            silent = pa.array(
                [
                    None if is_named else value
                    for is_named, value in zip(named, table["set_aside_details"].to_pylist(), strict=True)
                ],
                pa.string(),
            )
            table = table.set_column(place, table.schema.field(place), silent)
        if "record" not in table.column_names:
            return table.filter(pa.array([not theirs for theirs in mask], pa.bool_()))
        kept = [_withdrawn(row) if theirs else row for row, theirs in zip(table.to_pylist(), mask, strict=True)]
        return pa.Table.from_pylist(kept, schema=table.schema)

    platform.lake.rewrite(asset, partition, change)
    return changed


def _withdrawn(row: dict[str, object]) -> dict[str, object]:
    """A row of `ProductSummaries` whose record says nothing any more, until the next refresh writes it."""
    record = _without_text(SummaryRecord.model_validate_json(str(row["record"])))
    return row | {
        "status": record.status,
        "fingerprint": record.fingerprint,
        "review_count": record.review_count,
        "inputs": "",
        "record": record.to_json().decode(),
    }


def _without_text(record: SummaryRecord) -> SummaryRecord:
    product = Product(record.product_id, record.category, record.product_title)
    return publishing.withheld(
        product, record.locale, "review_removed", None, at=datetime.now(UTC), variant=record.variant
    )


def _chunks_of(platform: Platform, rows: ErasedRows) -> list[str]:
    """Reviews of the erased that LanceDB still has."""
    if not platform.settings.lancedb_dir.exists():
        return []
    found: set[str] = set()
    for batch in platform.chunks.every_row(("review_id", "user_key")):
        for review_id, user_key in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if review_id not in found and (rows.has_user_key(user_key) or rows.has_review(review_id)):
                found.add(review_id)
    return sorted(found)


def _withdraw_cached(platform: Platform, rows: ErasedRows, product_ids: Iterable[str]) -> int:
    """Put a record without text in the place of each cached one that cites the erased."""
    withdrawn: list[SummaryRecord] = []
    gone: list[tuple[str, str, str]] = []
    for product in sorted(product_ids):
        for locale in LOCALES:
            for variant in VARIANTS:
                record = platform.cache.get(product, locale, variant)
                if record is None:
                    # One whose time has run out may still have its bytes.
                    gone.append((product, locale, variant))
                elif rows.cites(record.to_json().decode()):
                    withdrawn.append(_without_text(record))
    if withdrawn:
        platform.cache.put(withdrawn, platform.settings.cache_ttl_seconds)
    if gone:
        platform.cache.delete(gone)
    return len(withdrawn)


def _leaves(rows: ErasedRows, unshared: TraceSet) -> Callable[[bytes], bool]:
    def leaves(line: bytes) -> bool:
        ids = ids_of_line(line)
        return bool(unshared.found(line)) if ids is None else rows.has(*ids) or bool(unshared.found(line))

    return leaves


def _clean_logs(folder: Path, search: TraceSet, foreign: Path | None) -> tuple[int, int]:
    """Marks in the place of traces in Dagster's databases and files: (values, files) that changed."""
    values = files = 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or is_of_database(path, foreign):
            continue
        if is_sqlite(path):
            # One that another process holds too long is left: the proof names it.
            with suppress(sqlite3.OperationalError):
                values += rewrite_rows(path, search)
        elif path.suffix in (".out", ".err", ".log", ".txt", ".json"):
            data = path.read_bytes()
            clean = search.without(data)
            if clean != data:
                aside = path.with_name(f".{path.name}.aside")
                aside.write_bytes(clean)
                aside.replace(path)
                files += 1
    return values, files


def _databases(platform: Platform) -> list[Path]:
    """SQLite files of the state, those outside its folder too; a shop's file is none."""
    inside = [path for path in sorted(platform.settings.root.rglob("*")) if path.is_file() and is_sqlite(path)]
    foreign = platform.source_erasure.foreign_file
    return [path for path in inside + elsewhere(platform) if not is_of_database(path, foreign)]


def elsewhere(platform: Platform) -> list[Path]:
    """SQLite files that settings keep outside the state folder."""
    found, settings = [], platform.settings
    ours = [settings.operations_database_url]
    if not platform.source_erasure.stays:
        ours.insert(0, settings.source_database_url)
    for url in ours:
        path = Path(url.removeprefix("sqlite:///"))
        if url.startswith("sqlite:///") and not path.resolve().is_relative_to(settings.root) and path.exists():
            found.append(path)
    return found
