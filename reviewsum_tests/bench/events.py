"""What Dagster's own bookkeeping costs: a range of days whose work is nothing, on an instance on disk."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from reviewsum_assets.defs.partition_runs import run_partitions
from reviewsum_assets.resources.lake import Lake
from reviewsum_assets.stages.report import PartitionReport

DAYS = dg.DailyPartitionsDefinition("2026-01-01", end_date="2026-04-01")


def measure() -> dict[str, float | int]:
    """Seconds of a range run of ninety days, all of them changed, then none; and milliseconds an event."""
    keys = DAYS.get_partition_keys()
    with tempfile.TemporaryDirectory() as folder, dg.instance_for_test(temp_dir=folder) as instance:
        lake = Lake(Path(folder) / "lake")
        changed = True

        @dg.asset(name="idle", partitions_def=DAYS, backfill_policy=dg.BackfillPolicy.single_run())
        def idle(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
            yield from run_partitions(
                context, lake, lambda day: {"idle": PartitionReport(day, 0, f"v-{day}", changed=changed)}
            )

        job = dg.Definitions(assets=[idle]).resolve_implicit_global_asset_job_def()
        tags = {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        seconds = []
        for touched in (True, False):
            changed = touched
            started = time.perf_counter()
            job.execute_in_process(instance=instance, tags=tags, run_config=quiet)
            seconds.append(time.perf_counter() - started)
    return {
        "days": len(keys),
        "all_changed_seconds": round(seconds[0], 2),
        "none_changed_seconds": round(seconds[1], 2),
        "milliseconds_an_event": round(1000 * (seconds[0] - seconds[1]) / (len(keys) - 1), 1),
    }
