"""No export brings an erased person back, and every row is accounted for all the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reviewsum_assets.resources.operations_db import OperationsDatabase
from reviewsum_assets.resources.source_db import SourceDatabase
from reviewsum_assets.resources.tombstones import Erased, Tombstones
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.loading import LoadCounts, Owner, load_exports, retry_exports

KEY = KeyedHash(b"a key of the tests, long enough")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = date(2026, 1, 1)


@pytest.fixture
def source(tmp_path: Path) -> SourceDatabase:
    database = SourceDatabase(f"sqlite:///{tmp_path}/source.db")
    database.create()
    return database


@pytest.fixture
def tombstones(tmp_path: Path) -> Tombstones:
    operations = OperationsDatabase(f"sqlite:///{tmp_path}/operations.db")
    operations.create()
    found = Tombstones(operations, KEY)
    found.start("k", Erased({KEY.user("anna")}, {KEY.text("anna")}, {KEY.review("R7")}), actor="x", counts={})
    return found


def line(review_id: str, user_id: object, **changes: object) -> str:
    row = {"review_id": review_id, "user_id": user_id, "product_id": "P1", "product_title": "Kettle", "category": "k"}
    row |= {"star_rating": 4, "review_text": f"Words of {user_id}.", "created_at": "2026-01-05"}
    return json.dumps(row | changes)


def load(source: SourceDatabase, tombstones: Tombstones, path: Path, batch_size: int = 2) -> LoadCounts:
    counts = load_exports(
        [path],
        source,
        redact=lambda text: text,
        hash_text=KEY.text,
        now=NOW,
        batch_size=batch_size,
        erased=tombstones.erased,
    )
    assert counts.loaded + counts.unchanged + counts.rejected == counts.rows_read
    assert sum(counts.reasons.values()) == counts.rejected
    return counts


@pytest.mark.parametrize("batch_size", [1, 3, 100])
def test_rows_of_the_erased_are_rejected_and_nothing_of_them_is_kept(
    source: SourceDatabase, tombstones: Tombstones, tmp_path: Path, batch_size: int
) -> None:
    lines = [
        line("R1", "bert"),
        line("R2", "anna"),
        line("R7", "bert"),
        line("R3", "anna", star_rating=9),
        line("R7", "bert", created_at="nonsense"),
        line("R4", "anna")[:-30],
        line("R5", "bert", star_rating=9),
        line("R6", "carla"),
    ]
    export = tmp_path / "a.jsonl"
    export.write_text("\n".join(lines) + "\n")
    counts = load(source, tombstones, export, batch_size)
    assert (counts.rows_read, counts.loaded, counts.rejected) == (8, 2, 6)
    assert counts.reasons == {"erased": 5, "bad_star_rating": 1}
    kept = [row.review_id for batch in source.rows_of(FIRST, FIRST, FIRST) for row in batch]
    assert kept == ["R1", "R6"]
    letters = {letter.origin: letter for letter in source.dead_letters_of(FIRST, FIRST, FIRST)}
    assert sorted(letters) == [f"a.jsonl:{number}" for number in (2, 3, 4, 5, 6, 7)]
    for number in (2, 3, 4, 5, 6):
        letter = letters[f"a.jsonl:{number}"]
        assert (letter.reason_code, letter.raw, letter.review_id, letter.product_id) == ("erased", "", None, None)
    assert b"anna" not in (tmp_path / "source.db").read_bytes()
    again = load(source, tombstones, export, batch_size)
    assert (again.loaded, again.unchanged, again.rejected) == (0, 2, 6)


def test_a_corrected_row_of_the_erased_is_refused_too(
    source: SourceDatabase, tombstones: Tombstones, tmp_path: Path
) -> None:
    corrected = tmp_path / "corrected.jsonl"
    rows = [line("R1", "bert"), line("R2", "anna"), line("R7", "bert"), line("R3", "anna", star_rating=9)]
    corrected.write_text("\n".join(rows) + "\n")
    counts = retry_exports(
        [corrected], source, redact=lambda text: text, hash_text=KEY.text, now=NOW, erased=tombstones.erased
    )
    assert (counts.loaded, counts.reasons) == (1, {"erased": 3})
    assert [letter.raw for letter in source.dead_letters_of(FIRST, FIRST, FIRST)] == ["", "", ""]


@pytest.mark.parametrize("user_id", [8, 8.0, " 8 ", "8"])
def test_a_user_who_is_a_number_is_known_however_it_is_written(
    source: SourceDatabase, tombstones: Tombstones, tmp_path: Path, user_id: object
) -> None:
    tombstones.start("n", Erased({KEY.user("8")}, {KEY.text("8")}), actor="x", counts={})
    export = tmp_path / "a.jsonl"
    export.write_text(line("R1", user_id) + "\n" + line("R2", user_id, star_rating=9) + "\n")
    assert load(source, tombstones, export).reasons == {"erased": 2}


def test_where_nobody_was_erased_loading_is_as_before(source: SourceDatabase, tmp_path: Path) -> None:
    def nobody(rows: Sequence[Owner]) -> list[bool]:
        return [False] * len(rows)

    export = tmp_path / "a.jsonl"
    export.write_text(line("R1", "bert") + "\n" + line("R2", "anna", star_rating=9) + "\n")
    counts = load_exports(
        [export], source, redact=lambda text: text, hash_text=KEY.text, now=NOW, batch_size=10, erased=nobody
    )
    assert (counts.loaded, counts.reasons) == (1, {"bad_star_rating": 1})
