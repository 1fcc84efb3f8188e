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
