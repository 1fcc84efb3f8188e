"""What a stage says of the partition it made."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reviewsum_assets.resources.lake import PartitionInfo

Measure = int | float | str


@dataclass(frozen=True)
class CheckOutcome:
    """One asset check on one partition; its asset's spec describes it."""

    name: str
    passed: bool
    blocking: bool
    measures: Mapping[str, Measure] = field(default_factory=dict)


@dataclass(frozen=True)
class PartitionReport:
    """A partition after its stage: what is there now, whether it changed, and what that took."""

    partition: str
    rows: int
    data_version: str
    changed: bool
    measures: Mapping[str, Measure] = field(default_factory=dict)
    """Numbers for the materialisation's metadata; units in the names."""
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Distributions for tables and plots, for example reviews by language."""
    checks: tuple[CheckOutcome, ...] = ()
    blocked_by: str | None = None
    """Upstream partition that failed a blocking check; this one was left as it was."""

    @property
    def failed_blocking(self) -> tuple[str, ...]:
        return tuple(check.name for check in self.checks if check.blocking and not check.passed)

    def timed(self, started: float) -> PartitionReport:
        """The report with `duration_seconds` since `started` (`time.perf_counter`)."""
        return replace(self, measures={**self.measures, "duration_seconds": round(time.perf_counter() - started, 3)})


def unchanged(partition: str, info: PartitionInfo) -> PartitionReport:
    """Report of a partition whose inputs are those that it was made from."""
    return PartitionReport(partition, info.rows, info.data_version, changed=False)


def blocked(partition: str, info: PartitionInfo | None, upstream: str, failed: tuple[str, ...]) -> PartitionReport:
    """Report of a partition left alone because the one that it reads failed a blocking check."""
    return PartitionReport(
        partition,
        info.rows if info else 0,
        info.data_version if info else "",
        changed=False,
        blocked_by=f"{upstream}[{partition}] failed {', '.join(failed)}",
    )


def inputs_key(*parts: object) -> str:
    """SHA-256 of what a partition is made from, in order."""
    digest = hashlib.sha256()
    for part in parts:
        text = str(part)
        digest.update(f"{len(text)}:{text};".encode())
    return digest.hexdigest()
