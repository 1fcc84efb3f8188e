"""A hostile export of hundreds of megabytes takes no more memory than a small one."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

LOADER = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from reviewsum_assets.resources.source_db import SourceDatabase
from reviewsum_assets.reviews.loading import load_exports

resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
source = SourceDatabase(f"sqlite:///{sys.argv[1]}/source.db")
source.create()
counts = load_exports([Path(sys.argv[2])], source, redact=str, hash_text=lambda text: str(len(text)),
                      now=datetime(2026, 10, 1, tzinfo=UTC))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps([counts.rows_read, counts.loaded + counts.unchanged + counts.rejected, counts.rejected, peak]))
"""

GOOD = {
    "review_id": "R1",
    "product_id": "P1",
    "product_title": "Kettle",
    "category": "kettles",
    "user_id": "U1",
    "star_rating": 4,
    "review_text": "fine",
    "created_at": "2026-08-01",
}
MEGABYTES = 300


def parts(kind: str) -> list[bytes]:
    """Lines that are written over and over, until the file is large."""
    if kind == "longest texts":
        return [json.dumps(GOOD | {"review_text": "ab" * 50_000}).encode() + b"\n"]
    if kind == "huge texts":
        return [json.dumps(GOOD | {"review_text": "x" * 5_000_000}).encode() + b"\n"]
    if kind == "endless lines":
        return [b"x" * 30_000_000 + b"\n"]
    if kind == "many keys":
        return [json.dumps(GOOD | {f"k{n}": n for n in range(300_000)}).encode() + b"\n"]
    return [b"[" * 100_000 + b"\n", b"{" * 50_000 + b"\n", b"\x00" * 100_000 + b"\n"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["longest texts", "huge texts", "endless lines", "many keys", "nesting"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_large_hostile_export_is_loaded_in_bounded_memory(tmp_path: Path, kind: str, packed: bool) -> None:
    path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
    lines, size, rows = parts(kind), 0, 0
    with gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb") as file:
        while size < MEGABYTES * 1_000_000:
            file.write(lines[rows % len(lines)])
            size += len(lines[rows % len(lines)])
            rows += 1
    command = [sys.executable, "-c", LOADER, str(tmp_path), str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2_000:]
    read, accounted, rejected, peak = json.loads(result.stdout)
    assert (read, accounted) == (rows, rows)
    assert rejected == (0 if kind in ("longest texts", "many keys") else rows)
    print(f"{kind}: {peak // 1_000_000} MB")
    assert peak < 700_000_000
