"""The proof of an erasure: a search over everything that is stored, and what of it is left."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.state_search import search_state
from reviewsum_assets.resources.tombstones import Erased
from reviewsum_assets.reviews.traces import TraceMaker
from reviewsum_assets.stages.erasure_scope import ErasedRows, lake_partitions
from reviewsum_assets.stages.erasure_sweep import VARIANTS, elsewhere, shared_traces


@dataclass(frozen=True)
class Proof:
    """What the search looked for and found; numbers and places, never words."""

    searched_for: int
    """Sentences and ids, in each form in which files hold them."""
    shared: int
    """Of those found: also in reviews that stay, and so not the person's alone."""
    files: int
    bytes: int
    traces: dict[str, int]
    """What is left, by place."""
    unreadable: list[str]

    @property
    def holds(self) -> bool:
        return not self.traces and not self.unreadable

    def to_dict(self) -> dict[str, object]:
        return {**asdict(self), "holds": self.holds}


def prove(platform: Platform, erased: Erased) -> Proof:
    """Search the whole state for the erased."""
    settings = platform.settings
    maker = TraceMaker(platform.keyed_hash.trace)
    search = maker.searched(erased.traces)
    operations = settings.operations_database_url.removeprefix("sqlite:///")
    outside = elsewhere(platform)
    logs = [file for path in outside for file in (path.with_name(f"{path.name}-wal"),) if file.exists()]
    state = search_state(
        settings.root,
        search,
        chunks=platform.chunks if settings.lancedb_dir.exists() else None,
        elsewhere=[*outside, *logs],
        without_keys=[settings.root.__class__(operations)],
        foreign=platform.source_erasure.foreign_file,
    )
    rows = ErasedRows(platform, erased)
    for product in sorted(erased.product_ids):
        for locale in LOCALES:
            for variant in VARIANTS:
                record = platform.cache.get(product, locale, variant)
                if record is not None:
                    state.note("summary cache", search.found(record.to_json()))
    shared = shared_traces(platform, erased, {trace for found in state.found.values() for trace in found})
    left: Counter[str] = Counter({place: len(found - shared) for place, found in state.found.items()})
    left += _rows_left(platform, rows)
    return Proof(
        searched_for=len(erased.traces),
        shared=len(shared),
        files=state.files,
        bytes=state.bytes,
        traces=dict(sorted((+left).items())),
        unreadable=state.unreadable,
    )


def _rows_left(platform: Platform, rows: ErasedRows) -> Counter[str]:
    """Rows by id: short ids are not searched for in bytes."""
    left: Counter[str] = Counter()
    source = platform.source_erasure
    if not source.stays:
        left[source.place] = sum(1 for _ in source.reviews_like(rows.has))
    left["source: events and moves"] = sum(map(rows.has_review, source.noted()))
    left["source: dead letters"] = sum(rows.has_letter(letter) for letter in source.letters())
    for asset, partition in lake_partitions(platform):
        names = platform.lake.columns(asset, partition)
        keys = [name for name in ("review_id", "user_key", "review_ids", "record", "raw_redacted") if name in names]
        for table in platform.lake.batches(asset, partition, columns=keys) if keys else ():
            left[f"lake: {asset}"] += sum(rows.mask(table))
    return left
