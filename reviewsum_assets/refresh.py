"""`reviewsum refresh`: everything that is stale, now, to quiescence, as ordinary recorded Dagster runs."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
)

from reviewsum_assets.contracts.tables import ProductSummaries
from reviewsum_assets.definitions import definitions_for
from reviewsum_assets.defs import jobs
from reviewsum_assets.partitions import categories, today
from reviewsum_assets.refresh_report import RefreshError, RefreshReport
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.writer_lock import writer_lock
from reviewsum_assets.stages import cache, staleness
from reviewsum_assets.stages.land import land
from reviewsum_assets.stages.summarise import SUMMARIES

MAX_ROUNDS = 4
"""Rounds to quiescence: days make departments stale, never the other way; more means that something never settles."""

LOCK_TIMEOUT_SECONDS = 3_600.0
RECONCILE_SECONDS = 3_600.0
PROCESS_TAG = "reviewsum/process"

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The run's log is kept by Dagster; on the terminal there are progress bars."""

COUNTED = (
    "reviews_cleaned",
    "chunks_embedded",
    "products_summarised",
    "products_unchanged",
    "products_withheld",
    "records_failed",
    "llm_calls",
    "llm_tokens",
)


def dagster_instance(platform: Platform) -> dg.DagsterInstance:
    """The instance under the state folder, configured by the project's `dagster.yaml`."""
    home = platform.settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = Path(__file__).resolve().parents[1] / "dagster.yaml"
    if config.exists() and (not (home / "dagster.yaml").exists() or _differs(config, home / "dagster.yaml")):
        shutil.copyfile(config, home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home)
    return dg.DagsterInstance.get()


def refresh(platform: Platform) -> RefreshReport:
    """Run what is stale until nothing is, and return what that took.

    Raises:
        RefreshError: if a run failed, or something stays stale.
        WriterLockTimeoutError: if another refresh holds the lock for an hour.
    """
    started = time.perf_counter()
    report = RefreshReport()
    lock = platform.settings.root / "refresh.lock"
    with writer_lock(lock, "refresh", LOCK_TIMEOUT_SECONDS), dagster_instance(platform) as instance:
        _end_killed_runs(instance)
        if platform.settings.landing_url:
            land(platform)
        runner = _Runner(platform, instance, report)
        tried: set[str] = set()
        for _ in range(MAX_ROUNDS):
            days = staleness.stale_days(platform, today().isoformat())
            if days:
                runner.run_days(days)
                tried.clear()
            elif staleness.catalog_is_stale(platform):
                runner.run_catalog()
            # A department that is stale right after its run has records whose engine failed: the next refresh's work.
            stale = [category for category in staleness.stale_categories(platform) if category not in tried]
            if not days and not stale:
                break
            if stale:
                runner.run_categories(stale)
                tried.update(stale)
        else:
            raise RefreshError(
                f"still stale after {MAX_ROUNDS} rounds: days {', '.join(days[:3])}, departments "
                f"{', '.join(stale[:3])}; look at the last runs in Dagster's UI (`make ui`)"
            )
        _reconcile_cache(platform)
        _count_quiet_products(platform, report)
        report.blocked = staleness.blocked_partitions(platform)
    report.seconds = round(time.perf_counter() - started, 2)
    return report


class _Runner:
    """Launches runs in this process, so that they share its models, and adds up what they report."""

    def __init__(self, platform: Platform, instance: dg.DagsterInstance, report: RefreshReport) -> None:
        self._platform = platform
        self._instance = instance
        self._report = report
        self._definitions = definitions_for(platform)

    def run_days(self, days: Sequence[str]) -> None:
        """One run over the covering range; days in between that did not change are skipped inside."""
        once = ["product_catalog", "chunk_index"]
        if not self._platform.polarity_file.exists():
            once.append("polarity_head")
        first, last = staleness.covering_range(self._platform, days, today().isoformat())
        self._run("refresh_days", [*jobs.DAY_ASSETS, *once], first, last)

    def run_catalog(self) -> None:
        self._run("refresh_days", ["product_catalog"])

    def run_categories(self, stale: Sequence[str]) -> None:
        """One run over the range of category partitions, which are ordered by when they were added."""
        known = list(self._instance.get_dynamic_partitions(str(categories.name)))
        missing = [category for category in stale if category not in known]
        if missing:
            self._instance.add_dynamic_partitions(str(categories.name), missing)
            known += missing
        places = sorted(known.index(category) for category in stale)
        self._run("refresh_categories", list(jobs.CATEGORY_ASSETS), known[places[0]], known[places[-1]])

    def _run(self, job: str, assets: Iterable[str], first: str | None = None, last: str | None = None) -> None:
        tags = {PROCESS_TAG: str(os.getpid())}
        if first is not None and last is not None:
            tags |= {ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: last}
        result = self._definitions.resolve_job_def(job).execute_in_process(
            instance=self._instance,
            asset_selection=[dg.AssetKey(asset) for asset in assets],
            tags=tags,
            run_config=QUIET,
            raise_on_error=False,
        )
        self._report.runs.append(result.run_id)
        self._add_up(result)
        if not result.success:
            raise RefreshError(_failure(job, result))

    def _add_up(self, result: dg.ExecuteInProcessResult) -> None:
        totals: Counter[str] = Counter()
        for event in result.get_asset_materialization_events():
            metadata = event.materialization.metadata
            changed = metadata.get("changed")
            self._report.partitions_run += bool(changed and changed.value)
            for name in COUNTED:
                found = metadata.get(name)
                if found is not None and isinstance(found.value, int):
                    totals[name] += found.value
        for name, total in totals.items():
            setattr(self._report, name, getattr(self._report, name) + total)


def _count_quiet_products(platform: Platform, report: RefreshReport) -> None:
    """Products of departments that were not run are unchanged too."""
    products = withheld = 0
    for category in platform.lake.partitions(SUMMARIES):
        table = platform.lake.read(SUMMARIES, ProductSummaries, category, columns=["product_id", "status"]).to_pandas()
        status = table.groupby("product_id")["status"].agg(lambda values: set(values) == {"withheld"})
        products += len(status)
        withheld += int(status.sum())
    report.products_withheld = withheld
    report.products_unchanged = max(0, products - withheld - report.products_summarised)


def _reconcile_cache(platform: Platform) -> None:
    """Once an hour: a new time to live for every cached record, and lost ones put back. Quiet products stay fresh by
    this, without a model call."""
    done = platform.settings.cache_dir / "reconciled"
    if done.exists() and time.time() - done.stat().st_mtime < RECONCILE_SECONDS:
        return
    for category in platform.lake.partitions(SUMMARIES):
        cache.reconcile_cache(platform, category)
    done.parent.mkdir(parents=True, exist_ok=True)
    done.touch()


def _end_killed_runs(instance: dg.DagsterInstance) -> None:
    """End the runs of refreshes that were killed: nobody else will, and they may hold pool slots.

    Only called under the refresh lock, so any earlier refresh still shown as running is dead.
    """
    going = dg.RunsFilter(
        statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.NOT_STARTED]
    )
    for run in instance.get_runs(going):
        if PROCESS_TAG in run.tags:
            instance.report_run_failed(run, message="The refresh that ran it was killed; the next one took over.")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _failure(job: str, result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error
            while cause is not None and cause.cause is not None:
                cause = cause.cause
            message = event.step_failure_data.user_failure_data
            text = message.description if message else (cause.message if cause else "unknown error")
            line = " ".join(str(text).split())[:400]
            return f"{job}, step {event.step_key}: {line} (run {result.run_id}; `make ui` shows it)"
    return f"{job} failed (run {result.run_id}; `make ui` shows it)"


def _differs(one: Path, other: Path) -> bool:
    return one.read_bytes() != other.read_bytes()
