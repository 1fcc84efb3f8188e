"""A valid review comes out of every format, dialect and encoding as the same review."""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewsum_assets.contracts.source import EXPORT_FIELDS, SourceRow
from reviewsum_assets.reviews.exports import DeadLetter, ExportError, ExportRow, read_export
from reviewsum_assets.reviews.intake import check_row
from reviewsum_tests.fuzz.hostile_rows import as_values

NOW = datetime(2026, 10, 1, tzinfo=UTC)
BOUNDED = settings(derandomize=True, deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))

NAMES = st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]), min_size=1, max_size=12)
# Not what a database cannot hold; nor a mark that a text in UTF-16 would begin with.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=40)
REVIEWS = st.builds(
    SourceRow,
    review_id=NAMES.map(lambda name: f"R{name}"),
    product_id=NAMES.map(lambda name: f"P{name}"),
    product_title=NAMES.map(lambda name: f"Kettle {name}x"),
    category=NAMES.map(lambda name: f"c{name}"),
    user_id=NAMES.map(lambda name: f"U{name}"),
    star_rating=st.integers(1, 5),
    review_text=TEXTS.map(lambda text: f"Good{text}."),
    created_at=st.datetimes(datetime(1991, 1, 1), datetime(2026, 9, 30), timezones=st.just(UTC)),
    helpful_votes=st.none() | st.integers(0, 2**31 - 1),
    verified_purchase=st.none() | st.booleans(),
    locale=st.sampled_from([None, "de", "de_DE", "es_419"]),
)
TABLES = st.lists(REVIEWS, min_size=1, max_size=6)


def lines(items: list[dict[str, Any]], *, ascii_only: bool = False) -> str:
    return "".join(json.dumps(item, ensure_ascii=ascii_only) + "\n" for item in items)


def as_json(encoding: str, mark: bytes = b"", ascii_only: bool = False) -> Callable[[Path, list[dict[str, Any]]], None]:
    def write(path: Path, items: list[dict[str, Any]]) -> None:
        path.write_bytes(mark + lines(items, ascii_only=ascii_only).encode(encoding))

    return write


def as_csv(encoding: str = "utf-8", **dialect: Any) -> Callable[[Path, list[dict[str, Any]]], None]:
    def write(path: Path, items: list[dict[str, Any]]) -> None:
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, **dialect)
            writer.writerow(EXPORT_FIELDS)
            writer.writerows([["" if item.get(n) is None else item[n] for n in EXPORT_FIELDS] for item in items])

    return write


def as_parquet(path: Path, items: list[dict[str, Any]]) -> None:
    rows = [{name: item.get(name) for name in EXPORT_FIELDS} for item in items]
    schema = pa.schema([(name, pa.string()) for name in EXPORT_FIELDS])
    for name, kind in (("star_rating", pa.int8()), ("helpful_votes", pa.float64()), ("verified_purchase", pa.bool_())):
        schema = schema.set(schema.get_field_index(name), pa.field(name, kind))
    pq.write_table(pa.Table.from_pylist(rows, schema), path, row_group_size=2)


WAYS: dict[str, tuple[str, Callable[[Path, list[dict[str, Any]]], None]]] = {
    "json": ("a.jsonl", as_json("utf-8")),
    "json, escaped": ("a.jsonl", as_json("utf-8", ascii_only=True)),
    "json, marked": ("a.ndjson", as_json("utf-8", b"\xef\xbb\xbf")),
    "json, utf-16 without a mark": ("a.jsonl", as_json("utf-16-le")),
    "json, utf-16 big": ("a.jsonl", as_json("utf-16-be", b"\xfe\xff")),
    "json, utf-32": ("a.jsonl", as_json("utf-32-le")),
    "csv": ("a.csv", as_csv()),
    "csv, semicolon, crlf, marked": ("a.csv", as_csv("utf-8-sig", delimiter=";", lineterminator="\r\n")),
    "csv, tab, utf-16": ("a.tsv", as_csv("utf-16", delimiter="\t")),
    "csv, tab, utf-16 without a mark": ("a.tsv", as_csv("utf-16-le", delimiter="\t", lineterminator="\n")),
    "csv, bar, cr": ("a.csv", as_csv(delimiter="|", lineterminator="\r")),
    "parquet": ("a.parquet", as_parquet),
}


def stored(path: Path) -> list[str]:
    """Content hashes of the reviews, in the order of the file; every row must be one."""
    found = []
    for item in read_export(path):
        assert isinstance(item, ExportRow), item
        checked = check_row(item.values, now=NOW)
        assert isinstance(checked, SourceRow), checked
        found.append(checked.content_hash())
    return found


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("way", WAYS)
@BOUNDED
@given(reviews=TABLES)
def test_a_valid_review_is_the_same_in_every_format(way: str, packed: bool, reviews: list[SourceRow]) -> None:
    name, write = WAYS[way]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path, [as_values(review) for review in reviews])
        if packed:
            data = path.read_bytes()
            path = path.with_name(f"{name}.gz")
            path.write_bytes(gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :]))
        assert stored(path) == [review.content_hash() for review in reviews]


@BOUNDED
@given(reviews=TABLES)
def test_quotes_after_a_backslash_are_read_as_they_were_meant(reviews: list[SourceRow]) -> None:
    # A file that writes quotes so shows it: a quote is in its first review.
    shown = [
        SourceRow("R0", "P", "T", "c", "U", 3, 'He said "no" \\ twice', datetime(2026, 1, 1, tzinfo=UTC)),
        *reviews,
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        as_csv(doublequote=False, escapechar="\\")(path, [as_values(review) for review in shown])
        assert stored(path) == [review.content_hash() for review in shown]


WESTERN = st.lists(
    st.sampled_from(["größer", "été", "¿niño?", "5 €", "“gut”", "perché", "één", "à", "Ärger"]), max_size=8
)


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
@BOUNDED
@given(words=WESTERN)
def test_windows_1252_is_read_as_it_was_meant(name: str, words: list[str]) -> None:
    text = " ".join(["schön", *words])
    review = SourceRow("R0", "P", "T", "c", "U", 3, text, datetime(2026, 1, 1, tzinfo=UTC))
    write = as_json("cp1252") if name == "a.jsonl" else as_csv("cp1252")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path, [as_values(review)])
        assert stored(path) == [review.content_hash()]


JUNK = st.binary(max_size=200) | st.sampled_from(
    [b'"', b'""', b'","', b"\r\n", b"\n", b"\\", b"\x00", b"\xff\xfe", b"{}"]
)


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.tsv.gz", "a.parquet", "a.json.gz", "a.parquet.gz"])
@BOUNDED
@given(start=TABLES, parts=st.lists(JUNK, max_size=12), cut=st.floats(0, 1), packed=st.booleans())
def test_any_bytes_end_in_rows_dead_letters_or_one_clear_error(
    name: str, start: list[SourceRow], parts: list[bytes], cut: float, packed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        way = "parquet" if "parquet" in name else "json" if "json" in name else "csv"
        WAYS[way][1](path, [as_values(review) for review in start])
        data = path.read_bytes()
        place = int(len(data) * cut)
        data = data[:place] + b"".join(parts) + data[place:]
        path.write_bytes(gzip.compress(data)[: -3 if cut > 0.9 else None] if packed else data)
        try:
            items = list(read_export(path))
        except ExportError:
            return
        for item in items:
            if isinstance(item, DeadLetter):
                assert item.reason
                assert "\0" not in item.raw
                item.model_dump_json()
            else:
                check_row(item.values, now=NOW)
