"""The export: byte for byte the same, with bad lines in it that are labelled, and readable in three formats."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pyarrow.parquet
import pytest

from reviewsum_assets.sample import Sample, generate, write_export
from reviewsum_assets.sample.__main__ import main

REASONS = {"broken_json", "not_an_object", "missing_field", "bad_star_rating", "empty_text", "bad_date"}


def fault(raw: str) -> str | None:
    """Why a line cannot be taken, decided without looking at the generator."""
    try:
        row = json.loads(raw)
    except ValueError:
        return "broken_json"
    if not isinstance(row, dict):
        return "not_an_object"
    needed = ("review_id", "product_id", "user_id", "review_text", "created_at")
    if any(row.get(key) is None for key in needed) or "star_rating" not in row:
        return "missing_field"
    if type(row["star_rating"]) is not int or not 1 <= row["star_rating"] <= 5:
        return "bad_star_rating"
    if not row["review_text"].strip():
        return "empty_text"
    try:
        datetime.fromisoformat(row["created_at"])
    except ValueError:
        return "bad_date"
    return None


def test_the_same_sample_gives_the_same_bytes(sample: Sample, tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "reviews.jsonl.gz", tmp_path / "b" / "reviews.jsonl.gz"
    write_export(sample, first)
    write_export(generate(sample.as_of), second)
    assert first.read_bytes() == second.read_bytes()


def test_every_malformed_line_is_malformed_in_the_way_its_label_says(sample: Sample) -> None:
    assert [(fault(line.raw), line.label) for line in sample.malformed if fault(line.raw) != line.label] == []
    assert set(Counter(line.label for line in sample.malformed)) == REASONS


def test_every_other_line_is_sound_and_the_bad_ones_are_spread_among_them(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    rows = write_export(sample, path)
    lines = path.read_text(encoding="utf-8").splitlines()
    bad = [index for index, line in enumerate(lines) if fault(line) is not None]
    assert rows == len(lines) == 1500 + len(sample.malformed)
    assert [lines[index] for index in bad] == sample.malformed_lines
    assert bad[-1] - bad[0] > len(lines) / 2


def test_without_malformed_lines_the_export_is_the_rows(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    write_export(sample, path, malformed=False)
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == sample.rows


def test_csv_and_parquet_hold_the_same_reviews(sample: Sample, tmp_path: Path) -> None:
    write_export(sample, tmp_path / "reviews.csv.gz", "csv")
    write_export(sample, tmp_path / "reviews.parquet", "parquet")
    with gzip.open(tmp_path / "reviews.csv.gz", "rt", encoding="utf-8", newline="") as file:
        texts = [row["review_text"] for row in csv.DictReader(file)]
    assert texts == [row["review_text"] for row in sample.rows]
    assert pyarrow.parquet.read_table(tmp_path / "reviews.parquet").to_pylist() == sample.rows


def test_parquet_is_not_compressed_twice(sample: Sample, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"drop `\.gz`"):
        write_export(sample, tmp_path / "reviews.parquet.gz", "parquet")


def test_the_command_writes_the_export_and_its_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "shop.jsonl.gz"
    main([str(out), "--as-of", "2026-03-14", "--reviews", "120", "--products", "30"])
    truth = json.loads((tmp_path / "shop.truth.json").read_text(encoding="utf-8"))
    assert len(truth["reviews"]) == 120
    assert len(truth["products"]) == 30
    lines = gzip.decompress(out.read_bytes()).decode("utf-8").splitlines()
    assert sum(fault(line) is None for line in lines) == 120
    assert str(out) in capsys.readouterr().out


def test_the_command_says_what_to_do_about_an_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "shop.xlsx")])
