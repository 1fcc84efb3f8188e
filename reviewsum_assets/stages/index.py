"""`chunk_index`: LanceDB's upkeep, apart from writing: compaction, scalar indices, old versions removed."""

from __future__ import annotations

import time
from datetime import timedelta

from reviewsum_assets.resources.lake import UNPARTITIONED
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.writer_lock import writer_lock
from reviewsum_assets.stages.embed import LOCK_TIMEOUT_SECONDS
from reviewsum_assets.stages.report import PartitionReport

INDEX = "chunk_index"
CODE_VERSION = "1"

KEEP_VERSIONS_FOR = timedelta(hours=1)
"""Readers that opened the table within this time are not disturbed."""


def maintain_index(platform: Platform) -> PartitionReport:
    """Compact the table and bring its indices up to date; cheap where nothing was written since the last time."""
    started = time.perf_counter()
    before = platform.chunks.version()
    with writer_lock(platform.settings.lancedb_dir / "writer.lock", INDEX, LOCK_TIMEOUT_SECONDS):
        platform.chunks.maintain(KEEP_VERSIONS_FOR)
    after = platform.chunks.version()
    return PartitionReport(
        UNPARTITIONED,
        platform.chunks.count(),
        str(after),
        changed=after != before,
        measures={"lancedb_version": after, "deleted_rows_on_disk": platform.chunks.deleted_rows_on_disk()},
    ).timed(started)
