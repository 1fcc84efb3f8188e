"""A state folder as a user has it, driven through the command line, and what can be read back from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from reviewsum_assets.contracts.records import SummaryRecord
from reviewsum_assets.contracts.tables import ProductSummaries
from reviewsum_assets.resources.chunk_store import ChunkStore
from reviewsum_assets.resources.lake import Lake
from reviewsum_assets.resources.summary_cache import SqliteSummaryCache

TIMEOUT_SECONDS = 900


@dataclass
class Workspace:
    """One `REVIEWSUM_HOME` with the settings of its commands."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("REVIEWSUM_", "DAGSTER_"))}
        return {**kept, **self.settings, "REVIEWSUM_HOME": str(self.home)}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "reviewsum_assets.cli", *arguments],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
        return subprocess.CompletedProcess(arguments, process.returncode, stdout, stderr)

    def json(self, *arguments: str) -> Any:
        """The command's JSON; fails with its error output if it did not exit with 0."""
        result = self.run(*arguments, "--json")
        assert result.returncode == 0, f"{arguments}: {result.stderr[-3000:]}"
        return json.loads(result.stdout)

    def copy(self, home: Path) -> Workspace:
        shutil.copytree(self.home, home)
        return Workspace(home, dict(self.settings))

    @property
    def lake(self) -> Lake:
        return Lake(self.home / "lake")

    def records(self) -> dict[tuple[str, str, str], SummaryRecord]:
        """Every record of the lake by product, locale and variant."""
        found = {}
        for category in self.lake.partitions("product_summaries"):
            for text in self.lake.read("product_summaries", ProductSummaries, category)["record"].to_pylist():
                record = SummaryRecord.model_validate_json(text)
                found[record.key] = record
        return found

    def chunks(self) -> pa.Table:
        store = ChunkStore(self.home / "lancedb")
        products = sorted({key[0] for key in self.records()})
        return store.chunks_of_products(products)

    def state(self) -> Mapping[str, object]:
        """All that a refresh leaves, without what tells when and by which run it was made."""
        versions = {
            f"{asset.name}/{partition}": info.data_version
            for asset in sorted((self.home / "lake").iterdir())
            if asset.name not in ("product_summaries", "cached_summaries")
            for partition in self.lake.partitions(asset.name)
            if (info := self.lake.info(asset.name, partition))
        }
        cache = SqliteSummaryCache(self.home / "cache" / "summaries.db")
        records = {key: timeless(record) for key, record in self.records().items()}
        cached = {key: timeless(record) for key in cache.keys() if (record := cache.get(*key))}  # noqa: SIM118
        cache.close()
        chunks = self.chunks().drop_columns(["vector"])
        return {"lake": versions, "records": records, "cache": cached, "chunks": chunks.to_pylist()}


def timeless(record: SummaryRecord) -> dict[str, Any]:
    """A record without the time of its last attempt and the run that wrote it."""
    return record.model_dump(mode="json", exclude={"attempt": {"at"}, "lineage": True})
