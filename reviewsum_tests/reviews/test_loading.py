"""`reviewsum load` as a whole: real files into a real database, counted, repeated, broken off, killed."""

from __future__ import annotations

import csv
import gzip
import json
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewsum_assets.contracts.source import REQUIRED_FIELDS, DeadLetterFilter, RejectedRow, SourceRow
from reviewsum_assets.resources.source_db import SourceDatabase
from reviewsum_assets.reviews.dead_letter_export import written
from reviewsum_assets.reviews.dead_letters import STORED_CHARACTERS
from reviewsum_assets.reviews.exports import ExportError
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.loading import LoadCounts, load_exports, retry_exports

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), NOW.date()
KEYED = KeyedHash(b"a key of the tests only")


def redact(text: str) -> str:
    return re.sub(r"\S+@\S+\.\w+", "[EMAIL]", text)


def row(number: int = 1, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "review_id": f"R{number}",
        "product_id": "P1",
        "product_title": "Kettle",
        "category": "kettles",
        "user_id": f"U{number}",
        "star_rating": 1 + number % 5,
        "review_text": f"Boils in {number} seconds, schön.",
        "created_at": (datetime(2026, 1, 1) + timedelta(minutes=number)).isoformat(),
    }
    return values | changes


def write(path: Path, items: list[dict[str, object]] | list[bytes]) -> Path:
    lines = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in items]
    data = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def load(source: SourceDatabase, *paths: Path, batch_size: int = 100, now: datetime = NOW) -> LoadCounts:
    counts = load_exports(paths, source, redact=redact, hash_text=KEYED.text, now=now, batch_size=batch_size)
    assert counts.loaded + counts.unchanged + counts.rejected == counts.rows_read
    assert sum(counts.reasons.values()) == counts.rejected
    return counts


def content(source: SourceDatabase) -> tuple[list[SourceRow], list[RejectedRow]]:
    rows = [row for batch in source.rows_of(FIRST, FIRST, FIRST) for row in batch]
    return rows, list(source.dead_letters_of(FIRST, FIRST, FIRST))


def open_source(path: Path) -> SourceDatabase:
    source = SourceDatabase(f"sqlite:///{path}")
    source.create()
    return source


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SourceDatabase]:
    database = open_source(tmp_path / "source.db")
    yield database
    database.close()


def test_a_load_counts_its_rows_and_a_second_one_finds_them_unchanged(source: SourceDatabase, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", [row(n) for n in range(1, 251)])
    assert load(source, path) == LoadCounts(rows_read=250, loaded=250)
    before = source.days(FIRST, LAST)
    assert load(source, path) == LoadCounts(rows_read=250, unchanged=250)
    assert source.days(FIRST, LAST) == before


def test_an_update_loads_what_changed(source: SourceDatabase, tmp_path: Path) -> None:
    load(source, write(tmp_path / "a.jsonl", [row(1), row(2)]))
    counts = load(source, write(tmp_path / "b.jsonl", [row(1), row(2, review_text="Now it leaks."), row(3)]))
    assert (counts.loaded, counts.unchanged) == (2, 1)
    assert [found.review_text for found in content(source)[0]][1] == "Now it leaks."


def test_every_format_ends_in_the_same_rows(tmp_path: Path) -> None:
    items = [row(n, helpful_votes=n, verified_purchase=n % 2 == 0, locale="de-de") for n in range(1, 30)]
    write(tmp_path / "a.jsonl", items)
    with (tmp_path / "a.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(items[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(items)
    pq.write_table(pa.Table.from_pylist(items), tmp_path / "a.parquet")
    loaded = []
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        database = open_source(tmp_path / f"{name}.db")
        assert load(database, tmp_path / name).loaded == 29
        loaded.append(content(database))
        database.close()
    assert loaded[0] == loaded[1] == loaded[2]
    assert (loaded[0][0][0].verified_purchase, loaded[0][0][0].locale) == (False, "de_DE")


def test_several_files_are_one_load(source: SourceDatabase, tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{n}.jsonl", [row(n), row(n + 10)]) for n in range(1, 4)]
    assert load(source, *paths) == LoadCounts(rows_read=6, loaded=6)


def test_a_wrong_path_stops_the_load_before_its_first_row(source: SourceDatabase, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        load(source, write(tmp_path / "a.jsonl", [row()]), tmp_path / "typo.jsonl")
    assert source.count() == 0


def test_progress_tells_the_counts_after_each_batch(source: SourceDatabase, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = write(tmp_path / "a.jsonl", [row(n) for n in range(1, 251)])
    load_exports(
        [path],
        source,
        redact=redact,
        hash_text=KEYED.text,
        now=NOW,
        batch_size=100,
        progress=lambda counts: seen.append((counts.rows_read, source.count())),
    )
    assert seen == [(100, 100), (200, 200), (250, 250)]


def test_unknown_keys_are_ignored_counted_and_cannot_fill_the_memory(source: SourceDatabase, tmp_path: Path) -> None:
    items = [row(n, date_is_real=True, **{f"key {n}": 1, f"\x1b[31m{n}" * 1000: 2}) for n in range(1, 201)]
    counts = load(source, write(tmp_path / "a.jsonl", items))
    assert counts.loaded == 200
    assert counts.unknown_keys["date_is_real"] == 200
    assert sum(counts.unknown_keys.values()) == 600
    assert len(counts.unknown_keys) <= 51
    assert all(key.isprintable() and len(key) <= 60 for key in counts.unknown_keys)


def test_repaired_rows_are_loaded_and_counted(source: SourceDatabase, tmp_path: Path) -> None:
    latin = json.dumps(row(2, review_text="schön"), ensure_ascii=False).encode("cp1252")
    counts = load(source, write(tmp_path / "a.jsonl", [json.dumps(row()).encode(), latin]))
    assert (counts.loaded, counts.repaired) == (2, 1)
    assert content(source)[0][1].review_text == "schön"


# Rejected rows


def test_a_rejected_row_is_kept_with_its_place_and_reason(source: SourceDatabase, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [row(1), row(2, star_rating="five"), row(3)])
    counts = load(source, path)
    assert (counts.loaded, counts.rejected, counts.reasons) == (2, 1, {"bad_star_rating": 1})
    ((letter,)) = content(source)[1]
    assert (letter.origin, letter.reason_code, letter.review_id) == ("a.jsonl:2", "bad_star_rating", "R2")
    assert [day.dead_letters for day in source.days(FIRST, LAST)] == [1]


@pytest.mark.parametrize("bad", ["validator", "reader"])
def test_what_is_kept_of_a_rejected_row_is_redacted_and_its_user_hashed(
    source: SourceDatabase, tmp_path: Path, bad: str
) -> None:
    values = row(1, user_id="jane.roe-77", review_text="Write to jane@example.org")
    line = json.dumps(values | {"star_rating": 9}) if bad == "validator" else json.dumps(values)[:-1]
    load(source, write(tmp_path / "a.jsonl", [line.encode()]))
    ((letter,)) = content(source)[1]
    assert "jane" not in letter.raw
    assert "[EMAIL]" in letter.raw
    assert KEYED.text("jane.roe-77") in letter.raw
    assert letter.original_hash


@pytest.mark.parametrize("padding", [0, 100, 3_000, 3_990, 15_990, 40_000])
def test_a_long_rejected_row_is_cut_and_no_personal_data_slips_through_the_cut(
    source: SourceDatabase, tmp_path: Path, padding: int
) -> None:
    text = "x" * padding + " " + f"{'someone.' * 30}x@example.org " * 200
    load(source, write(tmp_path / "a.jsonl", [row(1, star_rating=9, review_text=text)]))
    ((letter,)) = content(source)[1]
    assert len(letter.raw) <= STORED_CHARACTERS
    assert "@" not in letter.raw
    assert "someone" not in letter.raw


def test_the_same_rejected_rows_again_are_the_same_dead_letters(source: SourceDatabase, tmp_path: Path) -> None:
    refused = json.dumps(row(1, star_rating=9)).encode()
    path = write(tmp_path / "a.jsonl", [refused, refused, b"{"])
    load(source, path)
    before = content(source), source.days(FIRST, LAST)
    assert load(source, path).rejected == 3
    assert (content(source), source.days(FIRST, LAST)) == before
    assert len(before[0][1]) == 3


def test_a_row_refused_for_its_date_is_in_one_place_once_its_day_has_come(
    source: SourceDatabase, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", [row(1, created_at="2026-03-04"), row(2)])
    assert load(source, path).rejected == 1
    assert load(source, path, now=NOW + timedelta(days=3)).loaded == 1
    rows, letters = content(source)
    assert ([found.review_id for found in rows], letters) == (["R1", "R2"], [])


@pytest.mark.parametrize("wrong", [b"", b"nothing of ours\n", b"PK\x03\x04"])
def test_a_file_that_is_no_export_is_named_and_keeps_no_other_from_being_loaded(
    source: SourceDatabase, tmp_path: Path, wrong: bytes
) -> None:
    bad = tmp_path / "b.csv"
    bad.write_bytes(wrong)
    counts = load(source, write(tmp_path / "a.jsonl", [row(1)]), bad, write(tmp_path / "c.jsonl", [row(2)]))
    assert (counts.rows_read, counts.loaded, list(counts.refused)) == (2, 2, [str(bad)])
    with pytest.raises(ExportError, match=r"b\.csv"):
        load(source, bad)


@pytest.mark.parametrize(
    "line",
    [
        "R1,P1,Kettle,kettles,jane.roe-77,4,one, two,2026-01-05",
        'R1,P1,Kettle,kettles,jane.roe-77,4,"never closed,2026-01-05',
        "R1,P1,Kettle,kettles,jane.roe-77",
        "R1,P1,Kettle,kettles,jane.roe-77,9,Write to jane@example.org,2026-01-05",
    ],
)
@pytest.mark.parametrize("header", [True, False])
def test_the_user_of_a_refused_csv_row_is_hashed_however_broken_it_is(
    source: SourceDatabase, tmp_path: Path, line: str, header: bool
) -> None:
    good = "R9,P1,Kettle,kettles,U9,4,fine,2026-01-05"
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(REQUIRED_FIELDS) if header else good, line, ""]))
    load(source, path)
    letter = content(source)[1][-1]
    assert "jane" not in letter.raw
    assert KEYED.text("jane.roe-77") in letter.raw
    assert letter.review_id == "R1"


@pytest.mark.parametrize("user", [["jane@example.org"], {"id": "jane"}, ["jane", "roe"]])
def test_a_user_of_a_wrong_type_is_hashed_too(source: SourceDatabase, tmp_path: Path, user: object) -> None:
    values = json.dumps(row(1, user_id=user))
    load(source, write(tmp_path / "a.jsonl", [values.encode(), values[:-1].encode()]))
    for letter in content(source)[1]:
        assert "jane" not in letter.raw
        assert "roe" not in letter.raw


def test_what_is_kept_of_a_refused_row_is_bounded_and_still_says_each_field(
    source: SourceDatabase, tmp_path: Path
) -> None:
    extra = {f"key {n}": "x" * 5_000 for n in range(500)}
    load(source, write(tmp_path / "a.jsonl", [row(1, star_rating=9, review_text='"\n' * 90_000, **extra)]))
    ((letter,)) = content(source)[1]
    assert len(letter.raw) <= STORED_CHARACTERS
    values = json.loads(letter.raw)
    assert (values["review_id"], values["star_rating"], values["(cut)"]) == ("R1", 9, True)


def test_the_same_file_gives_the_same_dead_letters_in_another_database(tmp_path: Path) -> None:
    lines = [b"{", json.dumps(row(1, star_rating=9)).encode(), b'{"user_id": "u", "review_text": "cut']
    path, kept = write(tmp_path / "a.jsonl", [*lines, b"\xff\xfe"]), []
    for name in ("one", "two"):
        database = open_source(tmp_path / name)
        load(database, path)
        kept.append([(letter.key, letter.raw, letter.reason) for letter in content(database)[1]])
        database.close()
    assert kept[0] == kept[1]
    assert len(kept[0]) == 4


# Corrected rows


def retry(source: SourceDatabase, *paths: Path) -> LoadCounts:
    counts = retry_exports(paths, source, redact=redact, hash_text=KEYED.text, now=NOW)
    assert counts.loaded + counts.unchanged + counts.rejected == counts.rows_read
    return counts


def letters_of(source: SourceDatabase) -> dict[str, str]:
    """Keys of the live dead letters by origin."""
    return {entry.origin: entry.key for entry in source.dead_letters(DeadLetterFilter())}


@pytest.fixture
def refused(source: SourceDatabase, tmp_path: Path) -> Path:
    """A loaded file of one good row and three bad ones: stars, id, JSON."""
    items = [row(1), row(2, star_rating=9), row(3, review_id="a\nb"), b'{"review_id": "R4", "user_id": "u", "review']
    path = write(
        tmp_path / "a.jsonl", [item if isinstance(item, bytes) else json.dumps(item).encode() for item in items]
    )
    assert load(source, path).rejected == 3
    return path


def test_a_corrected_row_is_loaded_and_its_dead_letter_leaves_by_review_or_by_key(
    source: SourceDatabase, tmp_path: Path, refused: Path
) -> None:
    keys = letters_of(source)
    assert sorted(keys) == ["a.jsonl:2", "a.jsonl:3", "a.jsonl:4"]
    fixed = [row(2), row(3) | {"_dead_letter": keys["a.jsonl:3"]}, row(4), row(5)]
    counts = retry(source, write(tmp_path / "fixed.jsonl", fixed))
    assert (counts.loaded, counts.mended, counts.rejected, counts.unknown_keys) == (4, 3, 0, {})
    assert (source.count(), letters_of(source)) == (5, {})


def test_a_retry_done_twice_changes_nothing_and_the_old_file_brings_no_dead_letter_back(
    source: SourceDatabase, tmp_path: Path, refused: Path
) -> None:
    fixed = write(tmp_path / "fixed.jsonl", [row(2)])
    assert retry(source, fixed).mended == 1
    before = content(source), source.days(FIRST, LAST)
    again = retry(source, fixed)
    assert (again.unchanged, again.mended) == (1, 0)
    assert load(source, refused).rejected == 3
    assert (content(source), source.days(FIRST, LAST)) == before


def test_a_row_that_is_still_refused_leaves_its_dead_letter_and_makes_no_other(
    source: SourceDatabase, tmp_path: Path, refused: Path
) -> None:
    keys = letters_of(source)
    still = row(2, star_rating=7) | {"_dead_letter": keys["a.jsonl:2"]}
    counts = retry(source, write(tmp_path / "fixed.jsonl", [still]))
    assert (counts.rejected, counts.mended, letters_of(source)) == (1, 0, keys)
    retry(source, write(tmp_path / "fixed.jsonl", [row(8, star_rating=7) | {"_dead_letter": "no key"}]))
    assert sorted(letters_of(source)) == ["a.jsonl:2", "a.jsonl:3", "a.jsonl:4", "fixed.jsonl:1"]


def test_a_row_that_names_its_dead_letter_mends_no_other_of_its_review(
    source: SourceDatabase, tmp_path: Path, refused: Path
) -> None:
    load(source, write(tmp_path / "b.jsonl", [row(2, star_rating=8)]))
    fixed = row(2) | {"_dead_letter": letters_of(source)["b.jsonl:1"]}
    assert retry(source, write(tmp_path / "fixed.jsonl", [fixed])).mended == 1
    assert "a.jsonl:2" in letters_of(source)


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.jsonl.gz", "out.csv.gz"])
def test_exported_dead_letters_can_be_corrected_and_given_back(
    source: SourceDatabase, tmp_path: Path, refused: Path, name: str
) -> None:
    out = tmp_path / name
    assert written(source.dead_letters(DeadLetterFilter()), out) == 3
    first = out.read_bytes()
    assert written(source.dead_letters(DeadLetterFilter()), out) == 3
    assert out.read_bytes() == first
    text = (gzip.decompress(first) if name.endswith(".gz") else first).decode()
    assert KEYED.text("U2") in text
    fixed = text.replace('"star_rating":9', '"star_rating":4').replace(",9,", ",4,")
    out.write_bytes(gzip.compress(fixed.encode()) if name.endswith(".gz") else fixed.encode())
    counts = retry(source, out)
    assert (counts.rows_read, counts.loaded, counts.rejected, counts.mended) == (3, 1, 2, 1)
    assert sorted(letters_of(source)) == ["a.jsonl:3", "a.jsonl:4"]


def test_what_was_cut_or_guessed_is_never_taken_for_the_review(source: SourceDatabase, tmp_path: Path) -> None:
    load(source, write(tmp_path / "a.jsonl", [row(1, review_text="x" * 100_001)]))
    (tmp_path / "b.csv").write_text(f"{','.join(REQUIRED_FIELDS)}\nR2,P1,Kettle,kettles,U2,4,one, two,2026-01-05\n")
    load(source, tmp_path / "b.csv")
    out = tmp_path / "out.jsonl"
    written(source.dead_letters(DeadLetterFilter()), out)
    counts = retry(source, out)
    assert (counts.rejected, counts.reasons) == (2, {"missing_field": 2})
    assert len(letters_of(source)) == 2


# Broken off


def test_a_truncated_archive_loads_what_is_whole_and_the_whole_one_completes_it(
    source: SourceDatabase, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl.gz", [row(n) for n in range(1, 3_001)])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    counts = load(source, path)
    assert 1_000 < counts.loaded < 3_000
    assert counts.reasons == {"truncated": 1}
    assert source.count() == counts.loaded
    path.write_bytes(whole)
    assert load(source, path) == LoadCounts(rows_read=3_000, loaded=3_000 - counts.loaded, unchanged=counts.loaded)


LOADER = """
import sys
from datetime import datetime
from pathlib import Path
from reviewsum_assets.resources.source_db import SourceDatabase
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.loading import load_exports

source = SourceDatabase(f"sqlite:///{sys.argv[1]}")
source.create()
load_exports(
    [Path(sys.argv[2])], source, redact=str, hash_text=KeyedHash(b"a key of the tests only").text,
    now=datetime.fromisoformat(sys.argv[3]), batch_size=40, progress=lambda counts: print(counts.rows_read, flush=True),
)
"""


@pytest.mark.parametrize("batches", [1, 20])
def test_a_killed_load_leaves_whole_batches_and_the_next_one_ends_as_if_nothing_had_happened(
    tmp_path: Path, batches: int
) -> None:
    items = [row(n, **({"star_rating": 9} if n % 10 == 0 else {})) for n in range(1, 2_001)]
    path = write(tmp_path / "a.jsonl", items)
    arguments = [sys.executable, "-c", LOADER, str(tmp_path / "killed.db"), str(path), NOW.isoformat()]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(batches):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL

    killed, whole = open_source(tmp_path / "killed.db"), open_source(tmp_path / "whole.db")
    left = killed.count()
    assert left % 36 == 0
    assert 36 * batches <= left < 1_800
    assert load(killed, path).unchanged == left
    load(whole, path)
    assert content(killed) == content(whole)
    assert (len(content(whole)[0]), len(content(whole)[1])) == (1_800, 200)
    killed.close()
    whole.close()


# Whatever the file

JUNK = st.sampled_from(
    [
        b"{",
        b"null",
        b"[1]",
        b"",
        b"  ",
        b"\xff\xfe",
        b"\x00",
        b'{"review_id": 1}',
        b'{"review_id": "\\ud83d"}',
        b"[" * 2000,
    ]
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "review_id": st.sampled_from(["R1", "R2", "", None, "a\nb", 7]),
        "star_rating": st.sampled_from([1, "5", 9, None, 4.5, True]),
        "review_text": st.text(max_size=20) | st.none() | st.integers(),
        "created_at": st.sampled_from(["2026-01-05", "never", "2999-01-01", 0, None, 1767600000]),
        "helpful_votes": st.sampled_from([None, -1, 3, "3", float("nan")]),
        "extra": st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    },
)
LINES = st.lists(
    JUNK | st.builds(lambda n, changes: json.dumps(row(n, **changes)).encode(), st.integers(1, 5), CHANGES), max_size=25
)


@settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(lines=LINES, packed=st.booleans(), kept=st.floats(0.1, 1.0), batch_size=st.integers(1, 30))
def test_every_row_of_any_file_is_loaded_unchanged_or_rejected_whatever_the_batches(
    lines: list[bytes], packed: bool, kept: float, batch_size: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = b"".join(line + b"\n" for line in [json.dumps(row(9)).encode(), *lines])
        data = gzip.compress(data) if packed else data
        path = Path(folder) / "a.jsonl"
        path.write_bytes(data[: max(60, int(len(data) * kept))])
        ends = []
        for size in (batch_size, 1_000):
            database = SourceDatabase("sqlite://")
            database.create()
            try:
                counts = load(database, path, batch_size=size)
            except ExportError:
                assert packed, "only an archive cut in its first row holds none"
                return
            stored = content(database)
            assert len(stored[1]) == counts.rejected
            again = load(database, path, batch_size=size)
            assert content(database) == stored
            assert (again.rows_read, again.rejected) == (counts.rows_read, counts.rejected)
            ends.append((counts, stored))
            database.close()
        assert ends[0] == ends[1]


@pytest.mark.realdata
def test_every_real_review_loads(source: SourceDatabase, real_data_dir: Path) -> None:
    path = real_data_dir / "reviews.jsonl.gz"
    today = datetime.now(UTC)
    counts = load(source, path, batch_size=1_000, now=today)
    assert (counts.rows_read, counts.rejected, counts.repaired) == (13_371, 0, 0)
    assert source.count() == counts.loaded
    assert load(source, path, batch_size=1_000, now=today).unchanged == 13_371
