"""An asset over a range reports what changed, keeps bad partitions out, and lets the good ones through."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pytest

from reviewsum_assets.contracts.tables import CachedSummaries, arrow_schema
from reviewsum_assets.defs.partition_runs import check_specs, run_partitions
from reviewsum_assets.resources.lake import Lake
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport, blocked, unchanged

DAYS = dg.DailyPartitionsDefinition("2026-01-01", end_date="2026-01-08")
KEYS = DAYS.get_partition_keys()


class Source:
    """Numbers by day: what the two assets below are made from."""

    def __init__(self) -> None:
        self.values = dict.fromkeys(KEYS, 1)

    def job(self, lake: Lake) -> dg.JobDefinition:
        def first_stage(day: str) -> Mapping[str, PartitionReport]:
            value = self.values[day]
            if value == -1:
                raise ValueError(f"{day} cannot be read")
            stored = lake.info("first", day)
            if stored and stored.inputs == str(value):
                return {"first": unchanged(day, stored)}
            info = lake.write("first", CachedSummaries, [rows(value)], day, inputs=str(value))
            check = CheckOutcome("is_small", value < 100, blocking=True, measures={"value": value})
            report = PartitionReport(day, info.rows, info.data_version, changed=True, checks=(check,))
            lake.mark("first", day, report.failed_blocking)
            return {"first": report}

        def second_stage(day: str) -> Mapping[str, PartitionReport]:
            upstream, stored = lake.info("first", day), lake.info("second", day)
            if upstream is None or not upstream.sound:
                return {"second": blocked(day, stored, "first", upstream.failed_checks if upstream else ("missing",))}
            if stored and stored.inputs == upstream.data_version:
                return {"second": unchanged(day, stored)}
            table = lake.read("first", CachedSummaries, day)
            info = lake.write("second", CachedSummaries, [table], day, inputs=upstream.data_version)
            return {"second": PartitionReport(day, info.rows, info.data_version, changed=True)}

        first = asset("first", (), lake, first_stage, {"is_small": (True, "The value is small")})
        second = asset("second", ("first",), lake, second_stage, {})
        return dg.Definitions(assets=[first, second]).resolve_implicit_global_asset_job_def()


def asset(
    name: str,
    deps: tuple[str, ...],
    lake: Lake,
    stage: Callable[[str], Mapping[str, PartitionReport]],
    checks: Mapping[str, tuple[bool, str]],
) -> dg.AssetsDefinition:
    @dg.asset(
        name=name,
        deps=list(deps),
        partitions_def=DAYS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=check_specs(name, DAYS, checks),
    )
    def made(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        yield from run_partitions(context, lake, stage)

    return made


def rows(value: int) -> pa.Table:
    names = arrow_schema(CachedSummaries).names
    return pa.table({name: ["published" if name == "status" else f"{name}{value}"] * value for name in names})


def run(job: dg.JobDefinition, instance: dg.DagsterInstance, keys: list[str]) -> dg.ExecuteInProcessResult:
    tags = {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}
    return job.execute_in_process(instance=instance, tags=tags, raise_on_error=False)


def materialised(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, str]:
    """Partition → data version, as the run reported them."""
    events = [event.materialization for event in result.get_asset_materialization_events()]
    own = [event for event in events if event.asset_key == dg.AssetKey(asset)]
    assert len(own) == len({event.partition for event in own}), "a partition was reported twice"
    return {str(event.partition): (event.tags or {})["dagster/data_version"] for event in own}


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as made:
        yield made


def test_the_first_run_reports_every_partition_with_its_own_data_version(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    source = Source()
    source.values[KEYS[2]] = 5
    result = run(source.job(Lake(tmp_path)), instance, KEYS)
    assert result.success
    reported = materialised(result, "second")
    assert set(reported) == set(KEYS)
    assert [key for key in KEYS if reported[key] != reported[KEYS[0]]] == [KEYS[2]]
    assert instance.get_materialized_partitions(dg.AssetKey("first")) == set(KEYS)


def test_a_covering_range_reports_only_what_changed_and_the_newest(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    source = Source()
    job = source.job(Lake(tmp_path))
    run(job, instance, KEYS)
    source.values[KEYS[3]] = 7
    result = run(job, instance, KEYS)
    assert set(materialised(result, "first")) == {KEYS[3], KEYS[-1]}
    assert set(materialised(result, "second")) == {KEYS[3], KEYS[-1]}


def test_a_bad_day_stays_out_and_the_others_go_on_and_it_recovers(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    lake, source = Lake(tmp_path), Source()
    job = source.job(lake)
    source.values[KEYS[1]] = 150
    result = run(job, instance, KEYS)
    assert result.success
    assert set(materialised(result, "second")) == set(KEYS) - {KEYS[1]}
    assert lake.info("second", KEYS[1]) is None
    evaluations = {e.partition: e for e in result.get_asset_check_evaluations() if e.partition}
    assert {key for key, evaluation in evaluations.items() if not evaluation.passed} == {KEYS[1]}
    source.values[KEYS[1]] = 2
    assert KEYS[1] in materialised(run(job, instance, KEYS), "second")


def test_one_partition_with_a_failed_blocking_check_stops_its_run(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    source = Source()
    source.values[KEYS[1]] = 150
    result = source.job(Lake(tmp_path)).execute_in_process(
        instance=instance, partition_key=KEYS[1], raise_on_error=False
    )
    assert not result.success
    assert materialised(result, "second") == {}


def test_a_partition_that_fails_for_good_lets_the_others_finish_and_fails_the_run_once(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    source = Source()
    source.values[KEYS[4]] = -1
    result = run(source.job(Lake(tmp_path)), instance, KEYS)
    assert not result.success
    assert set(materialised(result, "first")) == set(KEYS) - {KEYS[4]}
    failure = next(event for event in result.all_events if event.is_step_failure)
    assert "cannot be read" in str(failure.step_failure_data.user_failure_data)


def test_metadata_has_counts_a_sample_and_a_plot(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    lake, source = Lake(tmp_path), Source()
    run(source.job(lake), instance, KEYS)
    event = instance.get_latest_materialization_event(dg.AssetKey("first"))
    assert event is not None
    assert event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    assert metadata["dagster/partition_row_count"].value == 1
    assert str(metadata["rows_by_partition"].value).startswith("![first: rows by partition](data:image/png;base64,")


def test_an_asset_without_partitions_runs_once_in_a_range(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    lake = Lake(tmp_path)
    ran: list[str] = []

    def stage(partition: str) -> Mapping[str, PartitionReport]:
        ran.append(partition)
        return {"once": PartitionReport(partition, 1, "v1", changed=True)}

    @dg.asset(name="once")
    def once(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        yield from run_partitions(context, lake, stage)

    daily = asset("daily", (), lake, lambda day: {"daily": PartitionReport(day, 0, "v1", changed=True)}, {})
    result = run(dg.Definitions(assets=[once, daily]).resolve_implicit_global_asset_job_def(), instance, KEYS)
    assert result.success
    assert ran == ["all"]
