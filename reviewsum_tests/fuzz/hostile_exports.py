"""A seeded generator of hostile exports in every format, dialect and encoding, each with its truth.

    python -m reviewsum_tests.fuzz.hostile_exports FOLDER [--rows N] [--seed N]

Each file mixes valid rows with every kind of hostile one that its format can say. What must become of it is known:
`ExportTruth.reviews` are stored just so, everything else is a dead letter.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reviewsum_assets.contracts.source import EXPORT_FIELDS, SourceRow
from reviewsum_tests.fuzz.hostile_rows import Planned, Rows

HOSTILE_LINES = (
    b"{", b"}", b"not json", b"[1, 2]", b'"text"', b"null", b"42", b"\x00\x01\x02", b"\x00" * 50, b"\xff\xfe\xfd",
    b'{"review_id": "X",}', b"[" * 100_000, b'{"a":' * 100_000, b'{"a": ' + b"9" * 5_000 + b"}", b"{'review_id': 'X'}",
    b'{"review_id": "\\ud800"}', b'{"review_id": "A\\u0000B"}', b'{"review_id": NaN}', b"<html><body>", b"\x1f\x8b\x08",
    b'{"review_id": {"a": [1]}, "star_rating": [5], "review_text": {"t": 1}, "user_id": ["u@example.org"]}',
    b'{"review_text": "cut in the midd', b"x" * 70_000, b"a,b,c,d,e,f,g,h",
)  # fmt: skip
"""Lines of JSON lines that are no review."""

_ALL = list(EXPORT_FIELDS)


@dataclass
class ExportTruth:
    """What must become of one file."""

    path: Path
    rows: int = 0
    """Rows that the generator wrote, hostile ones and repeated ids too."""
    exact: bool = True
    """Each row is one row to a reader too. Not so where a hostile row has line ends of its own or breaks the file."""
    reviews: dict[str, SourceRow] = field(default_factory=dict)
    """The stored reviews by id: of an id that comes more than once, the last."""
    kinds: dict[str, int] = field(default_factory=dict)
    sink: list[Planned] | None = None
    """Where the rows go too, for who decides later which of them are in the file."""

    def note(self, row: Planned) -> None:
        if self.sink is not None:
            self.sink.append(row)
        self.rows += 1
        self.kinds[row.kind] = self.kinds.get(row.kind, 0) + 1
        if row.truth is not None:
            self.reviews[row.truth.review_id] = row.truth


def hostile_exports(folder: Path, rows: int, seed: int = 1) -> Iterator[ExportTruth]:
    """Write every kind of export, one after the other, each of about so many rows."""
    for number, (name, write) in enumerate(WRITERS.items()):
        truth = ExportTruth(folder / name)
        write(truth, Rows(1_000 * seed + number, f"F{number}"), rows)
        yield truth


# JSON lines


def _json_lines(truth: ExportTruth, rows: Rows, count: int, encoding: str = "utf-8") -> Iterator[bytes]:
    for _ in range(count):
        chance = rows.random.random()
        if chance < 0.1 and encoding == "utf-8":
            truth.note(Planned({}, None, "hostile line"))
            yield rows.random.choice(HOSTILE_LINES) + b"\n"
            continue
        row = rows.take()
        truth.note(row)
        line = json.dumps(row.values, ensure_ascii=chance < 0.2)
        if chance > 0.9:
            line = json.dumps(row.values | {"extra": {"deep": [1, {"x": None}]}, "\x1b": 1}, ensure_ascii=False)
        if encoding != "utf-8":
            yield f"{line}\n".encode(encoding)
        elif 0.2 < chance < 0.3 and _western(line):
            yield f"{line}\n".encode("cp1252")
        else:
            yield line.encode() + rows.random.choice([b"\n", b"\r\n", b"\n\n", b" \n"])


def _western(line: str) -> bool:
    try:
        line.encode("cp1252").decode()
    except UnicodeEncodeError:
        return False
    except UnicodeDecodeError:
        return True
    return False


def _plain(encoding: str = "utf-8", mark: bytes = b"") -> Callable[[ExportTruth, Rows, int], None]:
    def write(truth: ExportTruth, rows: Rows, count: int) -> None:
        with truth.path.open("wb") as file:
            file.write(mark)
            file.writelines(_json_lines(truth, rows, count, encoding))

    return write


def _packed(truth: ExportTruth, rows: Rows, count: int) -> None:
    """Several gzip members, cut between any two bytes, and padding."""
    data = b"".join(_json_lines(truth, rows, count))
    cuts = sorted(rows.random.randrange(len(data)) for _ in range(5))
    parts = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    truth.path.write_bytes(b"".join(gzip.compress(part, mtime=0) for part in parts) + b"\0" * 512)


def _trailing(truth: ExportTruth, rows: Rows, count: int) -> None:
    """A whole archive with rubbish behind it: one dead letter more."""
    data = b"".join(_json_lines(truth, rows, count))
    truth.note(Planned({}, None, "trailing rubbish"))
    truth.path.write_bytes(gzip.compress(data, mtime=0) + b"rubbish behind the archive")


def _cut_off(truth: ExportTruth, rows: Rows, count: int) -> None:
    """An archive cut at two thirds: what is whole before it is read, and one dead letter says where it breaks off."""
    planned: list[Planned] = []
    scratch = ExportTruth(truth.path, sink=planned)
    lines = list(_json_lines(scratch, rows, count * 7 // 4))
    packed = gzip.compress(b"".join(lines), mtime=0)
    packed = packed[: len(packed) * 2 // 3]
    left = len(zlib.decompressobj(wbits=31).decompress(packed))
    for row, line in zip(planned, lines, strict=True):
        left -= len(line.rstrip(b" \r\n")) + 1
        if left < 0:
            break
        truth.note(row)
        left -= len(line) - len(line.rstrip(b" \r\n")) - 1
    truth.exact = False
    truth.note(Planned({}, None, "cut off"))
    truth.path.write_bytes(packed)


# CSV


@dataclass(frozen=True)
class CsvKind:
    """A dialect, and what else makes its files differ."""

    delimiter: str = ","
    line_end: str = "\n"
    encoding: str = "utf-8"
    backslash: bool = False
    quote_all: bool = False
    header: bool = True
    quotes: bool = True

    def fits(self, fields: list[str]) -> bool:
        """Whether the dialect and its encoding can say these fields."""
        try:
            "".join(fields).encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return self.quotes or not any(mark in part for part in fields for mark in (self.delimiter, '"', "\r", "\n"))

    def line(self, fields: list[str]) -> str:
        text = io.StringIO(newline="")
        everything = self.quote_all or any(end in part for part in fields for end in "\r\n")
        csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator=self.line_end,
            doublequote=not self.backslash,
            escapechar="\\" if self.backslash else None,
            quoting=csv.QUOTE_NONE if not self.quotes else csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL,
        ).writerow(fields)
        return text.getvalue()


def _csv(kind: CsvKind, packed: bool = False) -> Callable[[ExportTruth, Rows, int], None]:
    def write(truth: ExportTruth, rows: Rows, count: int) -> None:
        truth.exact = False
        opened = gzip.open if packed else open
        with opened(truth.path, "wt", encoding=kind.encoding, newline="") as file:
            file.writelines(_csv_lines(truth, rows, count, kind))

    return write


def _csv_lines(truth: ExportTruth, rows: Rows, count: int, kind: CsvKind) -> Iterator[str]:
    if kind.header:
        yield kind.line(_ALL)
    for _ in range(count):
        row, fields = _said(rows, kind)
        broken = rows.random.random() < 0.08
        if not kind.header:
            truth.note(Planned({}, None, "no header"))
            yield kind.line(fields)
        elif broken:
            truth.note(Planned({}, None, "broken line"))
            yield _broken(rows, fields, kind)
        else:
            truth.note(row)
            yield kind.line(fields)


def _said(rows: Rows, kind: CsvKind) -> tuple[Planned, list[str]]:
    """The next row that the dialect can say, with its fields."""
    while True:
        row = rows.take()
        fields = [_csv_field(row.values.get(name)) for name in _ALL]
        if kind.fits(fields):
            return row, fields


def _csv_field(value: Any) -> str:
    return "" if value is None else str(value)


def _broken(rows: Rows, fields: list[str], kind: CsvKind) -> str:
    """A line that is no row in any dialect."""
    safe = [part.replace('"', "").replace("\n", " ").replace("\r", " ").replace("\\", "") for part in fields]
    safe = [part.replace(kind.delimiter, " ")[:2_000] for part in safe]
    text = _ALL.index("review_text")
    way = rows.random.randrange(6)
    if way == 0:
        safe = safe[: rows.random.randrange(2, 7)]
    elif way == 1:
        safe.insert(text, "a text without, quotes")
        safe.append("and more")
    elif way == 2:
        safe[text] = f'"never closed {safe[text]}'
    elif way == 3:
        safe[text] = f'"loose "quotes" in it {safe[text]}"'
    elif way == 4:
        safe = list(_ALL)
    else:
        safe = ["\x00\x01", "<td>"]
    return kind.delimiter.join(safe) + kind.line_end


# Parquet


def _parquet(shape: str, packed: bool = False) -> Callable[[ExportTruth, Rows, int], None]:
    def write(truth: ExportTruth, rows: Rows, count: int) -> None:
        planned = [rows.take() for _ in range(count)]
        table = _TABLES[shape](planned)
        text = table["review_text"]
        nothing_but_refused = shape == "nested"
        for row in planned:
            truth.note(Planned({}, None, "nested text") if nothing_but_refused else row)
        sink = io.BytesIO()
        group = max(1, count // 7)
        plain = pa.types.is_string(text.type) and shape == "texts"
        pq.write_table(table, sink, row_group_size=group, compression="zstd", use_dictionary=not plain)
        data = sink.getvalue()
        truth.path.write_bytes(gzip.compress(data, mtime=0) if packed else data)

    return write


def _damaged(truth: ExportTruth, rows: Rows, count: int) -> None:
    """A Parquet file with a damaged page: its row group is lost, and one dead letter says so."""
    count = count * 6 // 5
    planned = [rows.take() for _ in range(count)]
    group = max(1, count // 7)
    sink = io.BytesIO()
    pq.write_table(_texts(planned), sink, row_group_size=group, compression="zstd", use_dictionary=False)
    data = bytearray(sink.getvalue())
    column = pq.ParquetFile(sink).metadata.row_group(2).column(_ALL.index("review_text"))
    end = column.data_page_offset + column.total_compressed_size
    middle = (column.data_page_offset + end) // 2
    data[middle:end] = bytes(end - middle)
    for row in (*planned[: 2 * group], *planned[3 * group :]):
        truth.note(row)
    truth.note(Planned({}, None, "damaged row group"))
    truth.exact = False
    truth.path.write_bytes(bytes(data))


def _texts(planned: list[Planned], names: list[str] | None = None) -> pa.Table:
    columns = {name: [_text(row.values.get(name)) for row in planned] for name in names or _ALL}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _typed(planned: list[Planned]) -> pa.Table:
    """Numbers, times, decimals and dictionaries, null where a value is of no such type."""
    table = _texts(planned)

    def stars(value: Any) -> float | None:
        return float(value) if isinstance(value, int | float) and abs(value) < 10**6 else None

    def moment(value: Any) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) and "+" in value else None

    def votes(value: Any) -> Decimal | None:
        return Decimal(str(value)) if isinstance(value, int | float) else None if value is None else Decimal(-1)

    columns: dict[str, pa.Array] = {
        "star_rating": pa.array([stars(row.values.get("star_rating")) for row in planned], pa.float32()),
        "created_at": pa.array([moment(row.values.get("created_at")) for row in planned], pa.timestamp("ns", "UTC")),
        "helpful_votes": pa.array([votes(row.values.get("helpful_votes")) for row in planned], pa.decimal128(20, 2)),
        "product_id": table["product_id"].combine_chunks().dictionary_encode(),
        "review_text": table["review_text"].combine_chunks().cast(pa.large_string()),
        "user_id": table["user_id"].combine_chunks(),
    }
    for name, column in columns.items():
        table = table.set_column(table.schema.names.index(name), name, column)
    return table.append_column("nested_extra", pa.array([[{"a": 1}]] * len(planned)))


def _nested(planned: list[Planned]) -> pa.Table:
    """A text that is an object, an id that is binary."""
    table = _texts(planned)
    texts = pa.array([{"text": row.values.get("review_text") or ""} for row in planned])
    return table.set_column(table.schema.names.index("review_text"), "review_text", texts)


_TABLES: dict[str, Callable[[list[Planned]], pa.Table]] = {"texts": _texts, "typed": _typed, "nested": _nested}


WRITERS: dict[str, Callable[[ExportTruth, Rows, int], None]] = {
    "plain.jsonl": _plain(),
    "marked.ndjson": _plain(mark=b"\xef\xbb\xbf"),
    "wide.jsonl": _plain("utf-16-le"),
    "wide big.json": _plain("utf-16-be", b"\xfe\xff"),
    "members.jsonl.gz": _packed,
    "trailing.jsonl.gz": _trailing,
    "cut.jsonl.gz": _cut_off,
    "comma.csv": _csv(CsvKind()),
    "quoted.csv": _csv(CsvKind(quote_all=True, line_end="\r\n")),
    "semicolon.csv": _csv(CsvKind(";", "\r\n", "utf-8-sig")),
    "bar.csv": _csv(CsvKind("|")),
    "tab.tsv": _csv(CsvKind("\t", "\r\n", "utf-16")),
    "backslash.csv": _csv(CsvKind(backslash=True, quote_all=True)),
    "old.csv": _csv(CsvKind(line_end="\r", quote_all=True)),
    "latin.csv": _csv(CsvKind(";", encoding="cp1252")),
    "unquoted.csv": _csv(CsvKind("\t", quotes=False)),
    "headless.csv": _csv(CsvKind(header=False)),
    "comma.csv.gz": _csv(CsvKind(), packed=True),
    "texts.parquet": _parquet("texts"),
    "typed.parquet": _parquet("typed"),
    "nested.parquet": _parquet("nested"),
    "texts.parquet.gz": _parquet("texts", packed=True),
    "damaged.parquet": _damaged,
}
"""How each file is written, by its name."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for truth in hostile_exports(arguments.folder, arguments.rows, arguments.seed):
        print(f"{truth.path}: {truth.rows:,} rows, {len(truth.reviews):,} reviews")


if __name__ == "__main__":
    main()
