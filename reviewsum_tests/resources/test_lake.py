"""The lake keeps whole partitions, knows what they were made from, and survives a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandera.errors
import pyarrow as pa
import pyarrow.compute
import pytest

from reviewsum_assets.contracts.tables import CachedSummaries
from reviewsum_assets.resources.lake import ROW_GROUP_ROWS, Lake, LakeError


def rows(count: int, status: str = "published") -> pa.Table:
    return pa.table(
        {
            "product_id": [f"p{i:06}" for i in range(count)],
            "locale": ["en"] * count,
            "variant": ["champion"] * count,
            "status": [status] * count,
            "record_hash": [f"{i * 7919:x}" for i in range(count)],
        }
    )


def test_a_partition_reads_back_as_written_with_its_inputs(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    info = lake.write("a", CachedSummaries, [rows(10)], "x", inputs="from here")
    assert lake.read("a", CachedSummaries, "x").to_pylist() == rows(10).to_pylist()
    assert lake.info("a", "x") == info
    assert (info.rows, info.inputs, info.sound) == (10, "from here", True)
    assert lake.partitions("a") == ["x"]


def test_equal_rows_are_equal_bytes_however_they_were_batched(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    data = rows(2 * ROW_GROUP_ROWS + 100)
    whole = lake.write("a", CachedSummaries, [data], "whole", inputs="i")
    pieces = lake.write(
        "a", CachedSummaries, [data.slice(i, 777) for i in range(0, data.num_rows, 777)], "pieces", inputs="i"
    )
    assert whole.data_version == pieces.data_version
    assert lake.path("a", "whole").read_bytes() == lake.path("a", "pieces").read_bytes()


def test_other_rows_are_another_data_version_and_other_inputs_are_not(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    first = lake.write("a", CachedSummaries, [rows(10)], inputs="1")
    assert lake.write("a", CachedSummaries, [rows(10)], inputs="2").data_version == first.data_version
    assert lake.write("a", CachedSummaries, [rows(11)], inputs="1").data_version != first.data_version


def test_a_row_that_breaks_the_contract_leaves_the_old_partition(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write("a", CachedSummaries, [rows(10)])
    with pytest.raises(pandera.errors.SchemaErrors):
        lake.write("a", CachedSummaries, [rows(5), rows(5, status="lost")])
    assert lake.read("a", CachedSummaries).num_rows == 10
    assert [path.name for path in lake.path("a").parent.iterdir()] == ["data.parquet"]


def test_a_missing_partition_has_the_schema_and_no_rows(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert lake.read("a", CachedSummaries, "x", columns=["status"]).schema.names == ["status"]
    assert lake.info("a", "x") is None
    assert list(lake.batches("a", "x")) == []


def test_a_failed_check_marks_the_partition_and_keeps_its_data_version(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    before = lake.write("a", CachedSummaries, [rows(ROW_GROUP_ROWS + 5)], "x", inputs="i")
    lake.mark("a", "x", ["no_personal_data"])
    marked = lake.info("a", "x")
    assert marked is not None
    assert (marked.failed_checks, marked.sound) == (("no_personal_data",), False)
    assert (marked.data_version, marked.rows) == (before.data_version, before.rows)
    lake.mark("a", "x", [])
    assert lake.info("a", "x") == before


def test_an_unreadable_partition_says_what_to_do(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.path("a").parent.mkdir(parents=True)
    lake.path("a").write_bytes(b"not parquet")
    with pytest.raises(LakeError, match="delete it and materialise"):
        lake.info("a")


def test_a_killed_writer_leaves_the_old_partition_and_its_leftovers_are_swept(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write("a", CachedSummaries, [rows(10)])
    script = (
        "import sys, time\n"
        "from reviewsum_tests.resources.test_lake import rows\n"
        "from reviewsum_assets.resources.lake import Lake\n"
        "from reviewsum_assets.contracts.tables import CachedSummaries\n"
        "def slow():\n"
        "    yield rows(20000)\n"
        "    print('writing', flush=True)\n"
        "    time.sleep(60)\n"
        "Lake(sys.argv[1]).write('a', CachedSummaries, slow())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"writing"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.05)
    assert lake.read("a", CachedSummaries).num_rows == 10
    assert len(list(lake.path("a").parent.iterdir())) == 2
    lake.write("a", CachedSummaries, [rows(11)])
    assert [path.name for path in lake.path("a").parent.iterdir()] == ["data.parquet"]


def test_a_rewritten_partition_keeps_its_other_rows_and_counts_as_made_from_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    count = 2 * ROW_GROUP_ROWS + 10
    before = lake.write("a", CachedSummaries, [rows(count)], "x", inputs="from here")
    lake.mark("a", "x", ["a_check"])
    lake.rewrite("a", "x", lambda table: table.filter(pa.compute.not_equal(table["product_id"], "p000007")))
    after = lake.info("a", "x")
    assert after is not None
    assert (after.rows, after.inputs, after.failed_checks) == (count - 1, "", ())
    assert after.data_version != before.data_version
    kept = lake.read("a", CachedSummaries, "x")
    assert kept.to_pylist() == [row for row in rows(count).to_pylist() if row["product_id"] != "p000007"]
    assert lake.columns("a", "x") == kept.column_names


def test_what_killed_writers_left_is_removed_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write("a", CachedSummaries, [rows(1)], "x")
    abandoned, living = (tmp_path / "a" / "x" / f".data.parquet.{pid}.ab" for pid in (999_999_999, os.getpid()))
    abandoned.touch()
    living.touch()
    assert lake.remove_abandoned() == 1
    assert (abandoned.exists(), living.exists()) == (False, True)
