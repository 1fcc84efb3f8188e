"""How an asset runs over the partitions of one run: skip what is unchanged, keep bad partitions out, report each.

All partitioned assets are single-run, so that a sensor asks for one covering range. Dagster reports every partition
of a range as materialised, with one data version for all of them. That hides what changed: forty events a second for
days that nobody touched, and downstream conditions on changed data versions that always hold. So an asset here reports
its partitions itself: one event for each that changed, with its own data version, row count and check results.
A partition that fails a blocking check is marked in the lake; the next asset leaves it as it was and goes on with the
others, and it recovers with the run that repairs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import dagster as dg
import pandera.errors
import pyarrow as pa
from dagster._core.definitions.source_asset import SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION

from reviewsum_assets.contracts.lineage import TABLES
from reviewsum_assets.defs import plots
from reviewsum_assets.defs.schemas import column_lineage
from reviewsum_assets.resources.lake import UNPARTITIONED, Lake, LakeError
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport

SAMPLE_ROWS = 5

PRIVATE_COLUMNS = frozenset(
    {
        "review_text",
        "cleaned_text",
        "raw_redacted",
        "record",
        "user_key",
        "text_hash",
        "original_hash",
        "vector",
        "review_id",
        "review_ids",
    }
)
"""Columns that never enter metadata: review text, keys of people, and what ties a row of a sample to its review."""

REPORTED_BY_ASSET: Mapping[str, dg.MetadataValue] = {
    # Dagster's own mark for outputs whose asset has logged its events by itself.
    SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION: dg.MetadataValue.bool(True),
}

PERMANENT = (pandera.errors.SchemaErrors, pandera.errors.SchemaError, LakeError, ValueError)
"""Failures that trying again does not mend: the partition stays out and the others go on."""


def check_specs(
    asset: str, partitions: dg.PartitionsDefinition | None, checks: Mapping[str, tuple[bool, str]]
) -> list[dg.AssetCheckSpec]:
    """Specs of the checks that an asset's stage makes: name → (blocking, description)."""
    return [
        dg.AssetCheckSpec(name=name, asset=asset, blocking=blocking, description=description, partitions_def=partitions)
        for name, (blocking, description) in checks.items()
    ]


def run_partitions(
    context: dg.AssetExecutionContext,
    lake: Lake,
    stage: Callable[[str], Mapping[str, PartitionReport]],
) -> Iterator[dg.MaterializeResult]:
    """Run a stage for each partition of the run and report what changed.

    Args:
        context: The asset's context.
        lake: For the sample of rows in the metadata.
        stage: Makes one partition; returns a report for each asset of the step.

    Raises:
        dagster.Failure: after all partitions have had their turn, if some failed for good; not retried.
    """
    # An asset without partitions sees the range of the run that it is in, and still has one partition.
    keys = list(context.partition_keys) if context.assets_def.partitions_def is not None else [None]
    assets = sorted(key.to_user_string() for key in context.selected_asset_keys)
    reporters = {asset: _Reporter(context, lake, asset, keys) for asset in assets}
    failures: dict[str, str] = {}
    for key in keys:
        try:
            reports = stage(key or UNPARTITIONED)
        except PERMANENT as error:
            failures[key or UNPARTITIONED] = _one_line(error)
            context.log.error(f"{key or context.asset_key.to_user_string()}: {_one_line(error)}")
            continue
        for asset, reporter in reporters.items():
            reporter.add(reports[asset], is_last=key == keys[-1])
    for reporter in reporters.values():
        yield reporter.result()
    if failures:
        raise dg.Failure(
            description=f"{len(failures)} of {len(keys)} partitions failed, the others are done: "
            + "; ".join(f"{key}: {reason}" for key, reason in list(failures.items())[:5]),
            allow_retries=False,
        )


class _Reporter:
    """Collects the reports of one asset in one run and logs an event for each partition that changed."""

    def __init__(self, context: dg.AssetExecutionContext, lake: Lake, asset: str, keys: Sequence[str | None]) -> None:
        self._context = context
        self._lake = lake
        self._asset = asset
        self._key = dg.AssetKey(asset)
        self._several = len(keys) > 1
        self._specs = {spec.name: spec for spec in context.assets_def.check_specs if spec.asset_key == self._key}
        self._known = context.instance.get_materialized_partitions(self._key) if self._several else set()
        self._rows: dict[str, int] = {}
        self._totals: dict[str, Counter[str]] = {}
        self._failed: Counter[str] = Counter()
        self._outcomes: dict[str, CheckOutcome] = {}
        self._changed = 0
        self._blocked: list[str] = []

    def add(self, report: PartitionReport, *, is_last: bool) -> None:
        """Log what a partition's report says."""
        partition = None if report.partition == UNPARTITIONED else report.partition
        self._rows[report.partition] = report.rows
        if report.blocked_by:
            self._blocked.append(report.blocked_by)
            self._context.log.warning(f"{self._asset}[{report.partition}] left as it was: {report.blocked_by}")
            return
        for name, counts in report.counts.items():
            self._totals.setdefault(name, Counter()).update(counts)
        self._changed += report.changed
        if report.changed:
            took = report.measures.get("duration_seconds", 0)
            self._context.log.info(f"{self._asset}[{report.partition}]: {report.rows} rows in {took} s")
        if not (report.changed or is_last or partition not in self._known):
            return
        self._context.log_event(
            dg.AssetMaterialization(
                asset_key=self._key,
                partition=partition,
                metadata=self._metadata(report, whole=is_last),
                tags={"dagster/data_version": report.data_version, "dagster/code_version": self._code_version()},
            )
        )
        for check in self._checks(report):
            self._outcomes[check.name] = check
            self._failed[check.name] += not check.passed
            if self._several:
                self._log_check(check, partition)

    def result(self) -> dg.MaterializeResult:
        """The output of the step: its materialisations are logged already; check results of the whole run go with it.

        Over several partitions a failed check warns, since the lake keeps each bad partition out by itself; an error
        here would block the good ones too.
        """
        return dg.MaterializeResult(
            asset_key=self._key,
            metadata=dict(REPORTED_BY_ASSET),
            check_results=[self._check_result(name, spec) for name, spec in self._specs.items()],
        )

    def _check_result(self, name: str, spec: dg.AssetCheckSpec) -> dg.AssetCheckResult:
        outcome = self._outcomes.get(name)
        failed = self._failed[name]
        severity = dg.AssetCheckSeverity.ERROR if spec.blocking and not self._several else dg.AssetCheckSeverity.WARN
        measures = dict(outcome.measures) if outcome and not self._several else {}
        return dg.AssetCheckResult(
            asset_key=self._key,
            check_name=name,
            passed=failed == 0,
            severity=severity,
            metadata={**measures, "partitions": len(self._rows), "partitions_failed": failed},
            description=spec.description,
        )

    def _log_check(self, check: CheckOutcome, partition: str | None) -> None:
        self._context.log_event(
            dg.AssetCheckEvaluation(
                asset_key=self._key,
                check_name=check.name,
                passed=check.passed,
                partition=partition,
                metadata=dict(check.measures),
                severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
                description=self._specs[check.name].description,
                blocking=check.blocking,
            )
        )

    def _checks(self, report: PartitionReport) -> Sequence[CheckOutcome]:
        """The stage's checks; for an unchanged partition, what the lake says it passed or failed."""
        if report.checks:
            return report.checks
        info = self._lake.info(self._asset, report.partition)
        failed = info.failed_checks if info else ()
        return [CheckOutcome(name, name not in failed, spec.blocking) for name, spec in self._specs.items()]

    def _metadata(self, report: PartitionReport, *, whole: bool) -> dict[str, dg.MetadataValue]:
        rows = "dagster/row_count" if report.partition == UNPARTITIONED else "dagster/partition_row_count"
        metadata: dict[str, dg.MetadataValue] = {rows: dg.MetadataValue.int(report.rows)}
        for name, value in report.measures.items():
            metadata[name] = _value(value)
        metadata["changed"] = dg.MetadataValue.bool(report.changed)
        for name, counts in report.counts.items():
            if counts:
                records = [dg.TableRecord({name: key, "count": count}) for key, count in counts.items()]
                metadata[name] = dg.MetadataValue.table(records=records)
        if whole:
            metadata |= self._summary_of_run()
        if (whole or not self._several) and self._asset in TABLES:
            metadata["dagster/column_lineage"] = dg.MetadataValue.column_lineage(column_lineage(self._asset))
            metadata |= self._sample(report.partition)
        return metadata

    def _summary_of_run(self) -> dict[str, dg.MetadataValue]:
        """Plots of the whole run, on the last partition's event."""
        found: dict[str, dg.MetadataValue] = {}
        if self._several:
            keys = list(self._rows)
            values = [self._rows[key] for key in keys]
            found["rows_by_partition"] = plots.series(f"{self._asset}: rows by partition", keys, values, "rows")
            found["partitions_changed"] = dg.MetadataValue.int(self._changed)
        for name, counts in self._totals.items():
            if counts:
                title = f"{self._asset}: {name.replace('_', ' ')}"
                found[f"{name}_plot"] = plots.bars(title, counts, "count")
        if self._blocked:
            found["blocked"] = dg.MetadataValue.text("; ".join(self._blocked[:20]))
        return found

    def _sample(self, partition: str) -> dict[str, dg.MetadataValue]:
        """A few rows without review text or keys of people."""
        batch: pa.Table | None = next(self._lake.batches(self._asset, partition, batch_rows=SAMPLE_ROWS), None)
        if batch is None or not batch.num_rows:
            return {}
        shown = batch.select([name for name in batch.column_names if name not in PRIVATE_COLUMNS])
        records = [dg.TableRecord({name: _cell(value) for name, value in row.items()}) for row in shown.to_pylist()]
        return {"sample": dg.MetadataValue.table(records=records)}

    def _code_version(self) -> str:
        return self._context.assets_def.code_versions_by_key.get(self._key) or "1"


def _value(value: int | float | str) -> dg.MetadataValue:
    if isinstance(value, bool | str):
        return dg.MetadataValue.text(str(value))
    return dg.MetadataValue.int(value) if isinstance(value, int) else dg.MetadataValue.float(float(value))


def _cell(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _one_line(error: Exception) -> str:
    """The error in one line, without the rows that caused it: they may hold review text."""
    if isinstance(error, pandera.errors.SchemaErrors):
        cases = error.failure_cases
        columns = sorted({str(column) for column in cases["column"].dropna()})
        checks = sorted({str(check) for check in cases["check"].dropna()})
        return f"{len(cases)} values break the contract in {', '.join(columns)} ({', '.join(checks)})"
    return " ".join(str(error).split())[:500]
