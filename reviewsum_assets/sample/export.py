"""Writes a sample as a review export (JSONL, CSV or Parquet, plain or gzip) with its truth beside it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pyarrow
import pyarrow.parquet

from reviewsum_assets.sample.truth import Row, Sample

Format = Literal["jsonl", "csv", "parquet"]

FIELDS: tuple[str, ...] = (
    "review_id",
    "product_id",
    "product_title",
    "category",
    "user_id",
    "star_rating",
    "review_text",
    "created_at",
    "helpful_votes",
    "verified_purchase",
    "locale",
)


def write_export(sample: Sample, path: Path, fmt: Format = "jsonl", malformed: bool = True) -> int:
    """Writes the export and returns its number of rows. A path that ends in `.gz` is compressed (not for Parquet).

    Same sample, same bytes. JSONL has the malformed lines in it, at even distances, unless told otherwise; CSV and
    Parquet never have them, since most of them cannot be said there.

    Raises:
        ValueError: for an unknown format, or Parquet with a path that ends in `.gz`.
    """
    if fmt == "parquet":
        if path.suffix == ".gz":
            raise ValueError(f"Parquet is compressed already: drop `.gz` from {path}")
        path.parent.mkdir(parents=True, exist_ok=True)
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(sample.rows), path, compression="zstd")
        return len(sample.rows)
    if fmt == "jsonl":
        lines = list(_jsonl(sample, malformed))
        text, rows = "".join(f"{line}\n" for line in lines), len(lines)
    elif fmt == "csv":
        text, rows = _csv(sample.rows), len(sample.rows)
    else:
        raise ValueError(f"unknown format {fmt!r}: use jsonl, csv or parquet")
    _write(path, text)
    return rows


def write_truth(sample: Sample, path: Path) -> None:
    """Writes the truth of the sample as JSON."""
    _write(path, json.dumps(sample.truth_document(), ensure_ascii=False, indent=1) + "\n")


def truth_path(export: Path) -> Path:
    """Where the truth of an export lies: `reviews.jsonl.gz` → `reviews.truth.json`."""
    name = export.name.removesuffix(".gz")
    return export.with_name(f"{name.rsplit('.', 1)[0]}.truth.json")


def _jsonl(sample: Sample, malformed: bool) -> Iterator[str]:
    bad = sample.malformed_lines if malformed else []
    step = max(1, len(sample.rows) // (len(bad) + 1))
    for number, row in enumerate(sample.rows, start=1):
        yield json.dumps(row, ensure_ascii=False)
        if number % step == 0 and bad:
            yield bad[0]
            bad = bad[1:]
    yield from bad


def _csv(rows: list[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode("utf-8")
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
