"""The graph as Dagster loads it: complete, described, and changed only on purpose."""

import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from reviewsum_assets.contracts.lineage import TABLES, column_sources
from reviewsum_assets.contracts.tables import arrow_schema
from reviewsum_assets.definitions import defs
from reviewsum_assets.defs.schemas import column_lineage, column_schema

SNAPSHOT = Path(__file__).with_name("graph.json")
REPOSITORY = Path(__file__).resolve().parents[2]


def specs() -> list[dg.AssetSpec]:
    return sorted(defs.resolve_all_asset_specs(), key=lambda spec: spec.key.to_user_string())


def graph() -> dict[str, object]:
    """What a change of the graph would change, as plain data."""
    found = defs.resolve_asset_graph()
    checks = sorted(
        (found.get_check_spec(key) for key in found.asset_check_keys),
        key=lambda check: (check.asset_key.to_user_string(), check.name),
    )
    return {
        "assets": {
            spec.key.to_user_string(): {
                "deps": sorted(dep.asset_key.to_user_string() for dep in spec.deps),
                "group": spec.group_name,
                "partitions": type(spec.partitions_def).__name__ if spec.partitions_def else None,
                "code_version": spec.code_version,
                "owners": sorted(spec.owners),
                "kinds": sorted(spec.kinds),
                "fresh": spec.freshness_policy is not None,
            }
            for spec in specs()
        },
        "checks": {
            f"{check.asset_key.to_user_string()}.{check.name}": {
                "blocking": check.blocking,
                "by_partition": check.partitions_def is not None,
            }
            for check in checks
        },
        "jobs": sorted(job.name for job in defs.jobs or ()),
    }


def test_the_graph_is_the_one_that_was_agreed() -> None:
    """Set REVIEWSUM_UPDATE_SNAPSHOTS=1 to agree on a new one; the difference shows in the review of the change."""
    now = json.dumps(graph(), indent=2, sort_keys=True) + "\n"
    if os.environ.get("REVIEWSUM_UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(now)
    assert now == SNAPSHOT.read_text()


@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.key.to_user_string())
def test_every_asset_says_what_it_is_and_whose(spec: dg.AssetSpec) -> None:
    assert spec.description
    assert spec.owners
    assert spec.kinds
    assert spec.code_version
    assert spec.group_name not in (None, "default")


def test_partitioned_assets_run_a_range_in_one_run() -> None:
    for assets in defs.resolve_asset_graph().assets_defs:
        if assets.partitions_def is not None:
            assert assets.backfill_policy == dg.BackfillPolicy.single_run()


def test_every_table_asset_shows_its_columns_and_where_they_come_from() -> None:
    for asset, table in TABLES.items():
        assert [column.name for column in column_schema(asset).columns] == arrow_schema(table).names
        assert all(column.description for column in column_schema(asset).columns)
        for column, sources in column_sources(asset).items():
            assert column in arrow_schema(table).names
            for upstream, name in sources:
                assert name in arrow_schema(TABLES[upstream]).names, f"{asset}.{column} names {upstream}.{name}"
        assert set(column_lineage(asset).deps_by_column) == set(column_sources(asset))


def test_dagster_validates_the_workspace_as_a_user_would(tmp_path: Path) -> None:
    environment = {**os.environ, "REVIEWSUM_HOME": str(tmp_path), "DAGSTER_HOME": ""}
    environment.pop("DAGSTER_HOME")
    result = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-w", "workspace.yaml"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]
