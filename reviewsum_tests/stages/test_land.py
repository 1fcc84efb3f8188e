"""Events from a folder and from S3 into SQLite and PostgreSQL: each once in effect, however they come."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import boto3
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from reviewsum_assets.contracts.source import RejectedRow
from reviewsum_assets.resources.landing_zone import LandingError, LandingZone
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.source_engine import SourceError, source_engine, source_url
from reviewsum_assets.resources.source_tables import applied_events, landed_files, metadata
from reviewsum_assets.resources.tombstones import Erased
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages.land import LandCounts, land

FIRST = date(2026, 1, 1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
BUCKET = "events"


def event(review_id: str = "R1", at: int | None = None, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "review_id": review_id,
        "product_id": "P1",
        "product_title": "Kettle",
        "category": "kettles",
        "user_id": "U1",
        "star_rating": 4,
        "review_text": "Boils fast, schön.",
        "created_at": "2026-01-05T10:00:00Z",
    }
    if at is not None:
        values["occurred_at"] = (datetime(2026, 1, 10, tzinfo=UTC) + timedelta(minutes=at)).isoformat()
    return values | changes


def deletion(review_id: str = "R1", at: int | None = None) -> dict[str, object]:
    stamp = {} if at is None else {"occurred_at": event(at=at)["occurred_at"]}
    return {"op": "delete", "review_id": review_id} | stamp


def packed(name: str, events: Sequence[dict[str, object] | bytes]) -> bytes:
    data = b"".join((item if isinstance(item, bytes) else json.dumps(item).encode()) + b"\n" for item in events)
    return gzip.compress(data, mtime=0) if name.endswith(".gz") else data


@dataclass
class Landing:
    """A landing zone with a platform that reads it."""

    platform: Platform
    folder: Path | None = None
    s3: object = None

    def drop(self, name: str, *events: dict[str, object] | bytes, data: bytes | None = None) -> bytes:
        data = packed(name, events) if data is None else data
        if self.folder is not None:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        else:
            self.s3.put_object(Bucket=BUCKET, Key=f"reviews/in/{name}", Body=data)  # type: ignore[attr-defined]
        return data

    def age(self) -> None:
        """As if what was dropped were dropped long ago."""
        if self.folder is not None:
            for path in self.folder.rglob("*"):
                os.utime(path, (LONG_AGO, LONG_AGO))

    def land(self, batch_size: int = 1_000) -> LandCounts:
        counts = land(self.platform, batch_size=batch_size)
        parts = counts.loaded + counts.unchanged + counts.rejected + counts.deleted + counts.superseded
        assert parts == counts.rows_read
        assert sum(counts.reasons.values()) == counts.rejected
        return counts

    def reviews(self) -> dict[str, int]:
        """Stars by live review."""
        return stars(self.platform)

    def letters(self) -> list[RejectedRow]:
        return list(self.platform.source.dead_letters_of(FIRST, FIRST, FIRST))


def stars(platform: Platform) -> dict[str, int]:
    batches = platform.source_database.rows_of(FIRST, FIRST, FIRST)
    return {row.review_id: row.star_rating for batch in batches for row in batch}


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    server = ThreadedMotoServer(port=0)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture(params=["folder into sqlite", "folder into postgresql", "s3 into sqlite"])
def landing(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Landing]:
    values: dict[str, object] = {"home": tmp_path / "home", "hash_key": "a key of the tests"}
    if "postgresql" in request.param:
        url = str(request.getfixturevalue("source_postgres_url"))
        metadata.drop_all(source_engine(source_url(url)))
        values["source_url"] = url
    if "folder" in request.param:
        folder = tmp_path / "in coming"
        folder.mkdir()
        made = Landing(Platform(Settings(**values, landing_url=str(folder))), folder)
    else:
        address = request.getfixturevalue("aws")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        client = boto3.client("s3", region_name="us-east-1", endpoint_url=address)
        client.create_bucket(Bucket=BUCKET)
        for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
            client.delete_object(Bucket=BUCKET, Key=found["Key"])
        url = f"s3://{BUCKET}/reviews/in"
        made = Landing(
            Platform(Settings(**values, landing_url=url, aws_endpoint_url=address, aws_region="us-east-1")), s3=client
        )
    yield made
    made.platform.source.close()


class TestFiles:
    def test_events_are_taken_once(self, landing: Landing) -> None:
        landing.drop("a.jsonl", event("R1"), event("R2"))
        landing.drop("2026/01/b.jsonl.gz", event("R3"), deletion("R1"))
        landing.age()
        assert landing.land() == LandCounts(files_read=2, rows_read=4, loaded=3, unchanged=1)
        assert landing.land() == LandCounts()
        assert set(landing.reviews()) == {"R1", "R2", "R3"}

    def test_a_folder_with_nothing_in_it_is_fine(self, landing: Landing) -> None:
        assert landing.land() == LandCounts()

    def test_what_is_still_being_written_or_holds_no_events_is_left(self, landing: Landing) -> None:
        for name in ("a.jsonl.tmp", ".a.jsonl", "b.jsonl.gz.part", ".hidden/c.jsonl", "notes.txt"):
            landing.drop(name, event())
        landing.drop("empty.jsonl", data=b"")
        assert landing.land() == LandCounts(files_left=6)
        landing.drop("empty.jsonl", event())
        assert landing.land() == LandCounts(files_read=1, rows_read=1, loaded=1, files_left=5)

    def test_a_file_dropped_again_under_another_name_is_harmless(self, landing: Landing) -> None:
        first = landing.drop("a.jsonl", event(star_rating=1))
        landing.land()
        landing.drop("b.jsonl", event(star_rating=2))
        landing.land()
        landing.drop("c.jsonl", data=first)
        assert landing.land() == LandCounts()
        assert landing.reviews() == {"R1": 2}

    def test_a_file_that_grew_is_read_again(self, landing: Landing) -> None:
        landing.drop("a.jsonl", event("R1", star_rating=1))
        landing.land()
        landing.drop("a.jsonl", event("R1", star_rating=1), event("R2"))
        assert landing.land() == LandCounts(files_read=1, rows_read=2, loaded=1, unchanged=1)
        assert landing.reviews() == {"R1": 1, "R2": 4}

    def test_a_file_that_was_replaced_counts_as_later_wherever_its_rows_are(self, landing: Landing) -> None:
        landing.drop("daily.jsonl", event("R2"), event("R1", star_rating=1))
        landing.land()
        landing.drop("daily.jsonl", event("R1", star_rating=5))
        assert landing.land().loaded == 1
        assert landing.reviews()["R1"] == 5

    def test_a_change_that_leaves_size_and_time_is_seen_while_they_are_fresh(self, landing: Landing) -> None:
        landing.drop("a.jsonl", event(star_rating=1))
        landing.land()
        changed = packed("a.jsonl", [event(star_rating=2)])
        if landing.folder is not None:
            before = (landing.folder / "a.jsonl").stat()
            landing.drop("a.jsonl", data=changed)
            os.utime(landing.folder / "a.jsonl", ns=(before.st_atime_ns, before.st_mtime_ns))
        else:
            landing.drop("a.jsonl", data=changed)
        assert landing.land().loaded == 1
        assert landing.reviews() == {"R1": 2}

    def test_files_with_no_rows_to_take_are_one_dead_letter_and_are_tried_when_they_change(
        self, landing: Landing
    ) -> None:
        landing.drop("a.jsonl", data=b"PK\x03\x04 a spreadsheet")
        assert landing.land() == LandCounts(1, 1, rejected=1, reasons={"unreadable_file": 1})
        assert landing.land() == LandCounts()
        landing.drop("a.jsonl", event())
        assert landing.land().loaded == 1
        assert landing.letters() == []


class TestOrder:
    def test_an_older_event_that_comes_later_changes_nothing(self, landing: Landing) -> None:
        landing.drop("a.jsonl", event(at=5, star_rating=5))
        landing.land()
        landing.drop("b.jsonl", event(at=3, star_rating=3), deletion(at=4))
        assert landing.land() == LandCounts(files_read=1, rows_read=2, superseded=2)
        assert landing.reviews() == {"R1": 5}

    def test_a_deletion_that_comes_before_its_review_holds(self, landing: Landing) -> None:
        landing.drop("a.jsonl", deletion(at=5))
        assert landing.land().unchanged == 1
        landing.drop("b.jsonl", event(at=4))
        assert landing.land().superseded == 1
        assert landing.reviews() == {}

    def test_a_review_that_is_written_again_after_its_deletion_is_back(self, landing: Landing) -> None:
        for name, item in (("c", event(at=1)), ("b", deletion(at=2)), ("a", event(at=3, star_rating=2))):
            landing.drop(f"{name}.jsonl", item)
            landing.land()
        assert landing.reviews() == {"R1": 2}

    def test_events_of_the_same_time_are_ordered_by_file_and_line_whichever_comes_first(self, landing: Landing) -> None:
        landing.drop("b.jsonl", event(at=1, star_rating=1), event(at=1, star_rating=2))
        landing.land()
        landing.drop("a.jsonl", event(at=1, star_rating=5))
        assert landing.land().superseded == 1
        assert landing.reviews() == {"R1": 2}

    def test_events_without_a_time_are_ordered_by_file_and_come_before_those_that_have_one(
        self, landing: Landing
    ) -> None:
        for name, item in (("2", event(star_rating=2)), ("1", event(star_rating=1)), ("3", event("R2", at=1))):
            landing.drop(f"{name}.jsonl", item)
            landing.land()
        landing.drop("9.jsonl", event("R2", star_rating=1))
        assert landing.land().superseded == 1
        assert landing.reviews() == {"R1": 2, "R2": 4}


class TestDeadLetters:
    def test_rows_that_cannot_be_taken_are_kept_with_their_place(self, landing: Landing) -> None:
        landing.drop("in/a.jsonl", event(), b"{", event("R2", star_rating=9), event("R3", occurred_at="soon"))
        counts = landing.land()
        assert counts.reasons == {"bad_json": 1, "bad_star_rating": 1, "bad_occurred_at": 1}
        assert {letter.origin for letter in landing.letters()} == {"in/a.jsonl:2", "in/a.jsonl:3", "in/a.jsonl:4"}
        assert set(landing.reviews()) == {"R1"}

    def test_a_truncated_archive_gives_its_whole_rows_and_the_whole_one_completes_it(self, landing: Landing) -> None:
        events = [event(f"R{n}", at=n) for n in range(2_000)]
        whole = packed("a.jsonl.gz", events)
        landing.drop("a.jsonl.gz", data=whole[: len(whole) // 2])
        counts = landing.land()
        assert counts.reasons == {"truncated": 1}
        assert 100 < counts.loaded < 2_000
        assert landing.land() == LandCounts()
        landing.drop("a.jsonl.gz", data=whole)
        again = landing.land()
        assert again.loaded == 2_000 - counts.loaded
        assert again.unchanged == counts.loaded
        assert landing.letters() == []

    def test_they_hold_no_clear_personal_data(self, landing: Landing) -> None:
        landing.drop("a.jsonl", event(star_rating=9, user_id="jane-roe", review_text="Mail jane@example.org"))
        landing.land()
        (letter,) = landing.letters()
        assert "jane" not in letter.raw

    def test_a_name_longer_than_the_column_is_cut(self, landing: Landing) -> None:
        name = "/".join(["d" * 100] * 4) + "/a.jsonl"
        landing.drop(name, b"{")
        landing.land()
        (letter,) = landing.letters()
        assert letter.origin.endswith("d/a.jsonl:1")
        landing.drop(name, event())
        landing.land()
        assert landing.letters() == []


class TestErased:
    """Nothing of whom a tombstone stands for comes in again."""

    ROWS: tuple[dict[str, object] | bytes, ...] = (
        event("R1", at=1),
        event("R2", at=2, user_id="anna"),
        event("R7", at=3),
        event("R3", at=4, user_id="anna", star_rating=9),
        event("R7", at=5, created_at="nonsense"),
        b'{"review_id": "R4", "user_id": "anna", "review_text": "cut o',
        deletion("R7", at=6),
        deletion("R99", at=6) | {"user_id": "anna"},
        event("R5", at=7, star_rating=9),
        event("R6", at=8),
        deletion("R6", at=9),
    )

    @pytest.fixture
    def landing(self, landing: Landing) -> Landing:
        key = landing.platform.keyed_hash
        erased = Erased({key.user("anna")}, {key.text("anna")}, {key.review("R7")})
        landing.platform.tombstones.start("asked", erased, actor="tests", counts={})
        return landing

    @pytest.mark.parametrize("batch_size", [1, 3, 100])
    def test_their_events_are_dead_letters_that_hold_nothing(self, landing: Landing, batch_size: int) -> None:
        landing.drop("a.jsonl", *self.ROWS)
        counts = landing.land(batch_size)
        assert (counts.rows_read, counts.rejected, counts.reasons) == (11, 8, {"erased": 7, "bad_star_rating": 1})
        assert set(landing.reviews()) == {"R1"}
        letters = {letter.origin: letter for letter in landing.letters()}
        assert sorted(letters) == sorted(f"a.jsonl:{line}" for line in range(2, 10))
        for line in range(2, 9):
            letter = letters[f"a.jsonl:{line}"]
            assert (letter.reason_code, letter.raw, letter.review_id, letter.product_id) == ("erased", "", None, None)
        with landing.platform.source_database.reading() as connection:
            noted = set(connection.scalars(sa.select(applied_events.c.review_id)))
        assert noted == {"R1", "R6"}

    def test_dropped_again_older_newer_and_under_other_names_they_stay_out(self, landing: Landing) -> None:
        landing.drop("a.jsonl", *self.ROWS)
        landing.land()
        before = landing.letters()
        landing.drop("b.jsonl", *self.ROWS, event("R2", user_id="anna"), event("R2", at=60, user_id="anna"))
        again = landing.land()
        assert (again.loaded, again.reasons["erased"]) == (0, 9)
        landing.drop("a.jsonl", *self.ROWS, event("R8", user_id="anna"))
        assert landing.land().reasons["erased"] == 8
        assert set(landing.reviews()) == {"R1"}
        assert {letter.origin for letter in before} <= {letter.origin for letter in landing.letters()}
        assert not [letter for letter in landing.letters() if letter.raw and letter.reason_code == "erased"]


def test_what_is_recorded_is_in_the_same_transaction_as_the_last_rows(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    landing = Landing(Platform(Settings(home=tmp_path / "home", landing_url=str(folder))), folder)
    landing.drop("a.jsonl", *[event(f"R{n}") for n in range(10)])
    seen: list[tuple[int, int]] = []

    def look(counts: LandCounts) -> None:
        with landing.platform.source_database._reading() as connection:
            query = sa.select(sa.func.count()).select_from(landed_files).where(landed_files.c.consumed.is_(True))
            seen.append((landing.platform.source.count(), connection.scalar(query) or 0))

    land(landing.platform, batch_size=4, progress=look)
    assert seen == [(4, 0), (8, 0), (10, 1)]


LANDER = """
import sys
from pathlib import Path
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages.land import land

settings = Settings(home=Path(sys.argv[1]), landing_url=sys.argv[2], hash_key="a key of the tests")
land(Platform(settings), batch_size=20, progress=lambda counts: print(counts.rows_read, flush=True))
"""


@pytest.mark.parametrize("batches", [1, 13])
def test_a_killed_landing_leaves_whole_batches_and_the_next_one_ends_as_if_nothing_had_happened(
    tmp_path: Path, batches: int
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(4):
        items: list[dict[str, object] | bytes] = [
            event(f"R{(number * 37 + n) % 150}", at=(n * 7 + number) % 90, star_rating=1 + n % 5) for n in range(200)
        ]
        items[::25] = [b"{broken"] * 8
        items[11::40] = [deletion(f"R{n}", at=n) for n in range(5)]
        (folder / f"{number}.jsonl").write_bytes(packed("a.jsonl", items))
    arguments = [sys.executable, "-c", LANDER, str(tmp_path / "killed"), str(folder)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(batches):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL

    ends = []
    for home in ("killed", "whole"):
        values = Settings(home=tmp_path / home, landing_url=str(folder), hash_key="a key of the tests")
        landing = Landing(Platform(values), folder)
        counts = landing.land()
        assert counts.rows_read <= 800
        assert list((tmp_path / home / "landing").iterdir()) == [], "no copy of the clear text is left"
        ends.append((landing.reviews(), sorted(letter.origin for letter in landing.letters()), orders(landing)))
    assert ends[0] == ends[1]
    assert len(ends[0][1]) == 32


def orders(landing: Landing) -> list[tuple[object, ...]]:
    with landing.platform.source_database._reading() as connection:
        query = sa.select(applied_events).order_by(applied_events.c.review_id)
        return [tuple(row) for row in connection.execute(query)]


# Whatever the delivery

HISTORY = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2", "R3"]),
        st.integers(0, 4) | st.none(),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=14,
)


@settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    history=HISTORY,
    places=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=14, max_size=14),
    arrivals=st.permutations(range(5)),
    pauses=st.sets(st.integers(0, 4)),
    batch_size=st.integers(1, 6),
    copied=st.integers(0, 4),
)
def test_a_history_ends_in_the_same_reviews_however_it_is_split_repeated_and_shuffled(
    history: list[tuple[str, int | None, int]],
    places: list[tuple[int, int]],
    arrivals: list[int],
    pauses: set[int],
    batch_size: int,
    copied: int,
) -> None:
    files: list[list[tuple[str, int | None, int]]] = [[] for _ in range(5)]
    for item, (file, repeat) in zip(history, places, strict=False):
        files[file].append(item)
        files[repeat].append(item)
    expected: dict[str, tuple[tuple[int, int, int], int]] = {}
    for number, items in enumerate(files):
        for line, (review_id, at, star) in enumerate(items):
            place = (-1 if at is None else at, number, line)
            expected[review_id] = max(expected.get(review_id, (place, star)), (place, star))
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "in"
        folder.mkdir()
        values = Settings(
            home=Path(home), landing_url=folder.as_uri(), hash_key="a key of the tests", source_url="sqlite://"
        )
        landing = Landing(Platform(values), folder)
        for turn, number in enumerate(arrivals):
            if not files[number]:
                continue
            name = f"{number}.jsonl" + (".gz" if number % 2 else "")
            landing.drop(
                name,
                # Each delivery names itself: no two files are the same, unless one is dropped again.
                *(
                    {**(event(key, at, star_rating=star) if star else deletion(key, at)), "delivery": name}
                    for key, at, star in files[number]
                ),
            )
            if turn in pauses:
                landing.land(batch_size)
            if number == copied:
                landing.land(batch_size)
                shutil.copy(folder / name, folder / f"zz-{name}")
        landing.land(batch_size)
        landing.age()
        assert landing.land(batch_size).rows_read == 0
        assert landing.reviews() == {key: star for key, (_, star) in expected.items() if star}
        landing.platform.source.close()


# What can be wrong with it


def test_a_shops_own_table_takes_no_events(tmp_path: Path) -> None:
    values = Settings(home=tmp_path, landing_url=str(tmp_path), source_table="shop_reviews")
    with pytest.raises(SourceError, match="never written"):
        land(Platform(values))


@pytest.mark.parametrize(
    ("url", "message"),
    [("/nowhere/at/all", "there is no folder"), ("s3://", "names no bucket"), ("ftp://host/x", "use a folder or")],
)
def test_a_zone_that_cannot_be_read_is_told_in_one_line(url: str, message: str) -> None:
    with pytest.raises(LandingError, match=message) as caught:
        LandingZone(url).listing()
    assert "\n" not in str(caught.value)


def test_a_bucket_that_is_not_there_is_told_in_one_line(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with pytest.raises(LandingError, match=r"no bucket|cannot be read") as caught:
        LandingZone("s3://nobody-made-it/x", region="us-east-1", endpoint_url=aws).listing()
    assert "\n" not in str(caught.value)


def test_without_a_landing_zone_the_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="REVIEWSUM_LANDING_URL"):
        land(Platform(Settings(home=tmp_path)))
