"""Exports in every format, whole, odd, broken and hostile."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reviewsum_assets.contracts.records import DeadLetter
from reviewsum_assets.reviews.export_lines import MAX_LINE_BYTES
from reviewsum_assets.reviews.exports import ExportError, ExportRow, read_export
from reviewsum_assets.reviews.intake import Rejection, check_row

NAMES = ["review_id", "product_id", "product_title", "category", "user_id", "star_rating", "review_text", "created_at"]
TEXTS = ["Boils fast.", "Sehr laut, aber schön", 'He said "wow"', "Two\nlines; and a tab\t", "好 👍"]


def rows(texts: list[str] | None = None) -> list[dict[str, str]]:
    return [
        dict(zip(NAMES, [f"R{n}", "P1", "Kettle", "kettles", f"U{n}", "4", text, "2026-02-01"], strict=True))
        for n, text in enumerate(TEXTS if texts is None else texts, 1)
    ]


def read(path: Path) -> tuple[list[ExportRow], list[DeadLetter]]:
    items = list(read_export(path))
    return [i for i in items if isinstance(i, ExportRow)], [i for i in items if isinstance(i, DeadLetter)]


def json_lines(items: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()


def write_csv(path: Path, items: list[dict[str, str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, NAMES, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(items)
    return path


def write_bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# Formats


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "A.JSONL"])
def test_json_lines_are_read_in_order_with_their_line_as_origin(tmp_path: Path, name: str) -> None:
    found, letters = read(write_bytes(tmp_path / name, json_lines(rows())))
    assert [row.values for row in found] == rows()
    assert [row.origin for row in found] == [f"{name}:{n}" for n in range(1, 6)]
    assert letters == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_with_any_usual_delimiter_quotes_and_line_ends_in_fields(tmp_path: Path, delimiter: str) -> None:
    found, letters = read(write_csv(tmp_path / "a.csv", rows(), delimiter))
    assert [row.values for row in found] == rows()
    assert [row.origin for row in found] == [f"a.csv:{n}" for n in (2, 3, 4, 5, 7)]
    assert letters == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_csv_saved_by_a_spreadsheet_is_read(tmp_path: Path, encoding: str) -> None:
    found, _ = read(write_csv(tmp_path / "a.csv", rows(), ";", encoding))
    assert [row.values for row in found] == rows()


def test_parquet_is_read_with_its_types_and_extra_columns_named(tmp_path: Path) -> None:
    table = pa.Table.from_pylist(rows())
    table = table.set_column(5, "star_rating", pa.array([4.0] * 5))
    moment = datetime(2026, 2, 1, 10, 0, 0, 123456, tzinfo=UTC)
    table = table.set_column(7, "created_at", pa.array([moment] * 5, pa.timestamp("ns", "UTC")))
    table = table.append_column("helpful_votes", pa.array([1, None, 3, 4, 5])).append_column(
        "extra", pa.array([[1]] * 5)
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    found, letters = read(tmp_path / "a.parquet")
    assert [row.values["review_text"] for row in found] == TEXTS
    assert [row.origin for row in found] == [f"a.parquet:{n}" for n in range(1, 6)]
    assert [row.values["helpful_votes"] for row in found] == [1, None, 3, 4, 5]
    assert found[0].values["created_at"] == moment
    assert "extra" in found[0].values
    assert letters == []


def _jsonl(path: Path) -> None:
    path.write_bytes(json_lines(rows()))


def _csv(path: Path) -> None:
    write_csv(path, rows())


def _parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(rows()), path)


@pytest.mark.parametrize(("suffix", "write"), [(".jsonl", _jsonl), (".csv", _csv), (".parquet", _parquet)])
def test_gzip_changes_nothing_but_the_name(tmp_path: Path, suffix: str, write: Callable[[Path], None]) -> None:
    plain, packed = tmp_path / f"a{suffix}", tmp_path / f"a{suffix}.gz"
    write(plain)
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert [row.values for row in read(packed)[0]] == [row.values for row in read(plain)[0]] == rows()


def test_a_gzip_of_several_members_and_padding_is_one_file(tmp_path: Path) -> None:
    data = json_lines(rows())
    packed = gzip.compress(data[:100]) + gzip.compress(data[100:]) + b"\0" * 512
    assert [row.values for row in read(write_bytes(tmp_path / "a.jsonl.gz", packed))[0]] == rows()


# Files that are no export


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.xlsx", b"x", "unknown format"),
        ("reviews", b"x", "unknown format"),
        ("a.csv", b"PK\x03\x04rest", "save it as CSV"),
        ("a.jsonl", b"PAR1....", "rename"),
        ("a.jsonl", b"", "empty"),
        ("a.jsonl", b"\n\n", "no rows"),
        ("a.jsonl.gz", gzip.compress(b""), "no rows"),
        ("a.csv", b"\xef\xbb\xbf", "no rows"),
        ("a.json", b'[{"review_id": "R1"}]', "one object a line"),
        ("a.json", b'{\n  "review_id": "R1"\n}\n', "one object a line"),
        ("a.csv", b"R1,P1,Kettle\n", "no header"),
        ("a.csv", b"review_id,product_id\nR1,P1\n", "no column product_title"),
        ("a.parquet", b"PAR1 and no footer", "no whole Parquet file"),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_what_to_do(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(ExportError, match=says):
        read(write_bytes(tmp_path / name, data))


def test_a_parquet_file_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"review_id": ["R1"]}), tmp_path / "a.parquet")
    with pytest.raises(ExportError, match="no column product_id"):
        read(tmp_path / "a.parquet")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        read(tmp_path / "a.jsonl")
    with pytest.raises(ExportError, match="not a file"):
        read(tmp_path)


def test_a_csv_with_a_header_alone_has_no_rows_and_is_no_error(tmp_path: Path) -> None:
    assert read(write_csv(tmp_path / "a.csv", [])) == ([], [])


# Broken files


def noise(number: int) -> list[dict[str, str]]:
    """Rows that gzip cannot fold to nothing, so that a cut falls among them."""
    return rows([hashlib.sha256(str(n).encode()).hexdigest() * 4 for n in range(number)])


@pytest.mark.parametrize("kept", [0.2, 0.55, 0.9, 0.999])
def test_a_truncated_gzip_yields_its_whole_rows_and_says_where_it_broke(tmp_path: Path, kept: float) -> None:
    packed = gzip.compress(json_lines(noise(3_000)))
    cut = packed[: int(len(packed) * kept)]
    found, letters = read(write_bytes(tmp_path / "a.jsonl.gz", cut))
    assert [row.values for row in found] == noise(3_000)[: len(found)]
    assert len(found) > 3_000 * (kept - 0.1)
    assert [letter.reason_code for letter in letters] == ["truncated"]
    assert f"{len(cut):,} bytes" in letters[0].reason
    assert letters[0].origin == f"a.jsonl.gz:{len(found) + 1}"


@pytest.mark.parametrize("number", [100, 3_000])
def test_a_gzip_damaged_in_the_middle_yields_every_row_before_the_damage(tmp_path: Path, number: int) -> None:
    packed = bytearray(gzip.compress(json_lines(noise(number))))
    middle = len(packed) // 2
    packed[middle : middle + 400] = b"\xff" * 400
    found, letters = read(write_bytes(tmp_path / "a.jsonl.gz", bytes(packed)))
    sound = number * 2 // 5
    assert [row.values for row in found[:sound]] == noise(number)[:sound]
    assert letters[-1].reason_code == "damaged_file"


def test_bytes_after_a_gzip_archive_do_not_pass_unnoticed(tmp_path: Path) -> None:
    found, letters = read(write_bytes(tmp_path / "a.jsonl.gz", gzip.compress(json_lines(rows())) + b"garbage"))
    assert len(found) == 5
    assert [letter.reason_code for letter in letters] == ["damaged_file"]


def test_a_plain_file_cut_in_a_row_says_so(tmp_path: Path) -> None:
    found, letters = read(write_bytes(tmp_path / "a.jsonl", json_lines(rows())[:-20]))
    assert len(found) == 4
    assert [(letter.reason_code, letter.origin) for letter in letters] == [("truncated", "a.jsonl:5")]
    whole = write_csv(tmp_path / "a.csv", rows(["one", "two"])).read_bytes()
    found, letters = read(write_bytes(tmp_path / "b.csv", whole[:-14]))
    assert len(found) == 1
    assert [(letter.reason_code, letter.origin) for letter in letters] == [("truncated", "b.csv:3")]


def test_a_last_line_without_a_line_end_is_a_row(tmp_path: Path) -> None:
    assert len(read(write_bytes(tmp_path / "a.jsonl", json_lines(rows()).rstrip()))[0]) == 5


def test_a_damaged_parquet_row_group_costs_its_rows_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.Table.from_pylist(noise(3_000)), path, row_group_size=1_000, compression="zstd", use_dictionary=False
    )
    column = pq.ParquetFile(path).metadata.row_group(1).column(6)
    data = bytearray(path.read_bytes())
    start = column.data_page_offset
    data[start + 200 : start + 2_000] = b"\0" * 1_800
    found, letters = read(write_bytes(path, bytes(data)))
    assert [row.values for row in found] == noise(3_000)[:1_000] + noise(3_000)[2_000:]
    assert [letter.origin for letter in letters] == ["a.parquet:1001"]
    assert "rows 1,001 to 2,000" in letters[0].reason


# Hostile and odd rows


def hostile(tmp_path: Path, line: bytes) -> tuple[ExportRow | None, DeadLetter | None]:
    """The line between two good ones, which must come through."""
    good = json_lines(rows(["first"])), json_lines(rows(["last"]))
    found, letters = read(write_bytes(tmp_path / "a.jsonl", good[0] + line + b"\n" + good[1]))
    texts = [row.values.get("review_text") for row in found]
    assert (texts[0], texts[-1]) == ("first", "last")
    assert len(found) + len(letters) == 3
    return (found[1] if len(found) == 3 else None), (letters[0] if letters else None)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "bad_json"),
        (b"not json", "bad_json"),
        (b'{"review_id": "R1",}', "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"a":' * 100_000, "bad_json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", None),
        (b"[1, 2]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"null", "not_an_object"),
        (b"\x00\x01\x02", "bad_json"),
    ],
)
def test_a_line_that_is_no_row_is_a_dead_letter_in_its_place(tmp_path: Path, line: bytes, code: str | None) -> None:
    row, letter = hostile(tmp_path, line)
    if code is None:
        assert (row is None) != (letter is None)
        return
    assert letter is not None
    assert (letter.reason_code, letter.origin) == (code, "a.jsonl:2")
    assert "\0" not in letter.raw


def test_an_endless_line_is_refused_without_being_held(tmp_path: Path) -> None:
    line = b'{"review_text": "' + b"x" * (4 * MAX_LINE_BYTES) + b'"}'
    path = write_bytes(tmp_path / "a.jsonl", json_lines(rows(["first"])) + line + b"\n" + json_lines(rows(["last"])))
    del line
    tracemalloc.start()
    found, letters = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [row.values["review_text"] for row in found] == ["first", "last"]
    assert [letter.reason_code for letter in letters] == ["line_too_long"]
    assert len(letters[0].raw) < 20_000
    assert peak < 2.5 * MAX_LINE_BYTES


def test_an_archive_that_unfolds_to_a_thousand_times_its_size_is_streamed(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a.jsonl.gz", gzip.compress(b" " * (64 * 1024 * 1024)))
    tracemalloc.start()
    _, letters = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [letter.reason_code for letter in letters] == ["line_too_long"]
    assert peak < 2.5 * MAX_LINE_BYTES


def test_not_a_number_is_no_value(tmp_path: Path) -> None:
    row, _ = hostile(tmp_path, b'{"review_id": "R2", "helpful_votes": NaN}')
    assert row is not None
    assert row.values == {"review_id": "R2", "helpful_votes": None}


@pytest.mark.parametrize("text", [r"cut \ud83d", r"nul \u0000 here", r"\udc00 wrong way round \ud83d"])
def test_half_characters_and_nul_are_replaced_and_told(tmp_path: Path, text: str) -> None:
    row, _ = hostile(tmp_path, b'{"review_text": "' + text.encode() + b'"}')
    assert row is not None
    stored = str(row.values["review_text"])
    assert "\ufffd" in stored
    assert "\0" not in stored
    stored.encode()
    assert row.repairs


def test_a_whole_surrogate_pair_is_its_character_and_no_repair(tmp_path: Path) -> None:
    row, _ = hostile(tmp_path, rb'{"review_text": "\ud83d\udc4d", "votes": NaN}')
    assert row is not None
    assert row.values["review_text"] == "👍"
    assert row.repairs == ()


def test_a_line_in_windows_1252_is_read_and_told(tmp_path: Path) -> None:
    row, _ = hostile(tmp_path, '{"review_text": "schön, 5 €"}'.encode("cp1252"))
    assert row is not None
    assert row.values["review_text"] == "schön, 5 €"
    assert "Windows-1252" in row.repairs[0]


def test_a_damaged_byte_in_utf8_costs_its_character_alone(tmp_path: Path) -> None:
    row, _ = hostile(tmp_path, '{"review_text": "schön gr'.encode() + b"\xc3" + 'n, für mich"}'.encode())
    assert row is not None
    assert row.values["review_text"] == "schön gr\ufffdn, für mich"
    assert "damaged UTF-8" in row.repairs[0]


def test_a_parquet_time_beyond_the_calendar_is_a_dead_letter_and_its_neighbours_are_rows(tmp_path: Path) -> None:
    table = pa.Table.from_pylist(rows())
    times = pa.array([0, 2**62, 0, 0, 0], pa.int64()).cast(pa.timestamp("us"))
    pq.write_table(table.set_column(7, "created_at", times), tmp_path / "a.parquet")
    found, letters = read(tmp_path / "a.parquet")
    assert [row.values["review_id"] for row in found] == ["R1", "R3", "R4", "R5"]
    assert [(letter.origin, letter.reason_code) for letter in letters] == [("a.parquet:2", "unreadable_value")]


def test_a_quote_that_is_never_closed_costs_its_row_alone(tmp_path: Path) -> None:
    whole = write_csv(tmp_path / "a.csv", rows([f"text {n}" for n in range(50)])).read_bytes()
    found, letters = read(write_bytes(tmp_path / "a.csv", whole.replace(b"text 9,", b'"text 9,')))
    assert len(found) == 49
    assert [(letter.origin, letter.reason_code) for letter in letters] == [("a.csv:11", "bad_csv")]


def test_a_row_with_loose_quotes_is_refused_and_not_garbled(tmp_path: Path) -> None:
    whole = write_csv(tmp_path / "a.csv", rows(["one", "two", "three"])).read_bytes()
    found, letters = read(write_bytes(tmp_path / "a.csv", whole.replace(b"two", b'"He said "wow" twice"')))
    assert [row.values["review_text"] for row in found] == ["one", "three"]
    assert [letter.reason_code for letter in letters] == ["bad_csv"]


@pytest.mark.parametrize("text", [b"one, two", b"o,n,e"])
def test_a_row_with_another_number_of_fields_than_the_header_is_refused(tmp_path: Path, text: bytes) -> None:
    whole = write_csv(tmp_path / "a.csv", rows(["one", "two"])).read_bytes()
    found, letters = read(write_bytes(tmp_path / "a.csv", whole.replace(b"one", text)))
    assert [row.values["review_text"] for row in found] == ["two"]
    assert [(letter.origin, letter.reason_code) for letter in letters] == [("a.csv:2", "bad_csv")]


# Dialects, encodings and files that are not what they should be


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_wide_encodings_are_read_without_a_mark_too(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    if name == "a.csv":
        write_csv(path, rows(), encoding=encoding)
    else:
        path.write_bytes(json_lines(rows()).decode().encode(encoding))
    assert [row.values for row in read(path)[0]] == rows()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_lines_may_end_in_any_way_and_those_in_quotes_stay_as_they_are(tmp_path: Path, end: str) -> None:
    texts = ["one\ntwo", "one\r\ntwo", "plain"]
    with (tmp_path / "a.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, NAMES, lineterminator=end, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows(texts))
    found, letters = read(tmp_path / "a.csv")
    assert ([row.values["review_text"] for row in found], letters) == (texts, [])


def test_quotes_after_a_backslash_and_the_databases_word_for_no_value_are_read(tmp_path: Path) -> None:
    header = ",".join([*NAMES, "verified_purchase"])
    first = r'R1,P1,Kettle,kettles,U1,4,"He said \"wow\", twice",2026-02-01,\N'
    second = r'R2,P1,Kettle,kettles,U1,4,"in C:\\new",2026-02-01,1'
    found, letters = read(write_bytes(tmp_path / "a.csv", "\n".join([header, first, second, ""]).encode()))
    assert letters == []
    assert [row.values["review_text"] for row in found] == ['He said "wow", twice', "in C:\\new"]
    assert [row.values["verified_purchase"] for row in found] == ["", "1"]


def test_a_backslash_in_a_file_that_doubles_its_quotes_is_a_backslash(tmp_path: Path) -> None:
    texts = ["in C:\\new\\", 'a "b" \\ c', "\\N"]
    found, letters = read(write_csv(tmp_path / "a.csv", rows(texts)))
    assert ([row.values["review_text"] for row in found], letters) == (texts, [])


@pytest.mark.parametrize("first", ["R0,P1,Kettle,kettles,U1,4,fine,2026-02-01", "R0;oops"])
def test_each_row_of_an_export_without_a_header_is_a_dead_letter_that_says_so(tmp_path: Path, first: str) -> None:
    lines = [first, *(",".join(row.values()) for row in rows(["one", "two"]))]
    found, letters = read(write_bytes(tmp_path / "a.csv", "\n".join(lines).encode()))
    assert found == []
    assert [letter.reason_code for letter in letters] == ["no_header"] * 3
    assert "must name review_id" in letters[0].reason
    assert [letter.review_id for letter in letters[1:]] == ["R1", "R2"]


def test_an_unknown_delimiter_is_named_as_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="unknown delimiter"):
        read(write_bytes(tmp_path / "a.csv", "^".join(NAMES).encode()))


def test_a_header_inside_a_file_of_joined_exports_is_no_review(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a.csv", rows(["one"]), encoding="utf-8-sig").read_bytes()
    found, letters = read(write_bytes(tmp_path / "b.csv", one + one))
    assert [row.values["review_text"] for row in found] == ["one", "one"]
    assert [letter.reason_code for letter in letters] == ["repeated_header"]


def test_joined_json_exports_with_a_mark_each_are_read(tmp_path: Path) -> None:
    one = b"\xef\xbb\xbf" + json_lines(rows(["one"]))
    assert len(read(write_bytes(tmp_path / "a.jsonl", one + one))[0]) == 2


@pytest.mark.parametrize("line", [b"{", b"[", b'["a"]'])
def test_a_damaged_first_line_costs_itself_alone(tmp_path: Path, line: bytes) -> None:
    found, letters = read(write_bytes(tmp_path / "a.json", line + b"\n" + json_lines(rows(["one"]))))
    assert [row.values["review_text"] for row in found] == ["one"]
    assert len(letters) == 1


def test_a_quote_lost_in_one_row_and_another_lost_later_do_not_join_the_rows_between(tmp_path: Path) -> None:
    whole = write_csv(tmp_path / "a.csv", rows(["one", "two", "three", "four"])).read_bytes()
    data = whole.replace(b"one", b'"one').replace(b"three", b'three"')
    found, letters = read(write_bytes(tmp_path / "a.csv", data))
    assert [row.values["review_text"] for row in found] == ["two", 'three"', "four"]
    assert [(letter.reason_code, letter.origin) for letter in letters] == [("bad_csv", "a.csv:2")]


def test_a_quoted_text_of_five_megabytes_with_line_ends_is_one_row(tmp_path: Path) -> None:
    long = ("x" * 599 + "\n") * 9_000
    found, letters = read(write_csv(tmp_path / "a.csv", rows(["first", long, "last"])))
    assert [len(str(row.values["review_text"])) for row in found] == [5, 5_400_000, 4]
    assert letters == []


def test_quotes_that_are_never_closed_in_any_line_are_read_past_in_bounded_time(tmp_path: Path) -> None:
    # Each line opens a quote that the next closes and opens anew: read ahead to the end for each, it would take hours.
    lines = b'a","c\n' * 6_000
    good = write_csv(tmp_path / "a.csv", rows(["last"])).read_bytes().split(b"\r\n")
    found, letters = read(write_bytes(tmp_path / "a.csv", good[0] + b"\n" + lines + good[1] + b"\n"))
    assert [row.values["review_text"] for row in found] == ["last"]
    assert len(letters) == 6_000


def test_a_csv_archive_cut_in_its_header_says_so(tmp_path: Path) -> None:
    found, letters = read(write_bytes(tmp_path / "a.csv.gz", gzip.compress(b"review_id,product_id")[:14]))
    assert (found, [letter.reason_code for letter in letters]) == ([], ["truncated"])


def test_a_user_is_told_from_the_rest_of_a_ragged_row(tmp_path: Path) -> None:
    whole = write_csv(tmp_path / "a.csv", rows(["one"])).read_bytes().replace(b"one", b"one, two, three")
    _, (letter,) = read(write_bytes(tmp_path / "a.csv", whole))
    values = json.loads(letter.raw)
    assert (values["user_id"], values["review_text"], values["created_at"]) == ("U1", "one, two, three", "2026-02-01")


@pytest.mark.parametrize("name", ["n" * 240 + ".jsonl", "two\nlines \x1b[31m.jsonl", "a|b...c.jsonl"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    found, _ = read(write_bytes(tmp_path / name, json_lines(rows(["one"]))))
    assert len(found[0].origin) <= 255
    assert found[0].origin.isprintable()
    assert found[0].origin.endswith(":1")


# Parquet of other types


def columns(**changes: pa.Array) -> pa.Table:
    table = pa.Table.from_pylist(rows(["one", "two"]))
    for name, values in changes.items():
        table = table.set_column(table.schema.names.index(name), name, values)
    return table


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("review_text", pa.array([{"t": "one"}, None])),
        ("review_text", pa.array([["one"], []])),
        ("review_text", pa.array([b"one", b"\xff\xfe"])),
        ("star_rating", pa.array([True, False])),
        ("created_at", pa.array([1, 2], pa.duration("s"))),
        ("created_at", pa.array([0, 1], pa.time64("us"))),
        ("review_id", pa.array([[("k", "v")], []], pa.map_(pa.string(), pa.string()))),
        ("user_id", pa.nulls(2)),
    ],
)
def test_parquet_columns_of_another_type_give_rows_for_the_validator(
    tmp_path: Path, name: str, values: pa.Array
) -> None:
    pq.write_table(columns(**{name: values}), tmp_path / "a.parquet")
    found, letters = read(tmp_path / "a.parquet")
    assert len(found) + len(letters) == 2
    for row in found:
        assert isinstance(check_row(row.values, now=datetime(2026, 3, 1, tzinfo=UTC)), Rejection)


def test_a_text_that_many_parquet_rows_share_does_not_fill_the_memory(tmp_path: Path) -> None:
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 600, pa.int32()), pa.array(["x" * 4_000_000]))
    table = pa.Table.from_pylist(rows(["one"]) * 600)
    table = table.set_column(6, "review_text", text)
    pq.write_table(table, tmp_path / "a.parquet", compression="zstd")
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    lengths = {
        len(str(row.values["review_text"])) for row in read_export(tmp_path / "a.parquet") if isinstance(row, ExportRow)
    }
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lengths == {4_000_000}
    assert peak < 64_000_000
    assert pa.default_memory_pool().max_memory() - before < 500_000_000
