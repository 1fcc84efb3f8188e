"""`reviewsum erase`: nothing of a person is left, whatever happens on the way, and nobody else's reviews change."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewsum_assets.contracts.records import SummaryRecord
from reviewsum_assets.resources.chunk_store import ChunkStore
from reviewsum_assets.resources.operations_db import OperationsDatabase
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_tests.e2e.byte_search import places_of, sentences
from reviewsum_tests.e2e.conftest import SETTINGS
from reviewsum_tests.e2e.workspace import Workspace

KEY = KeyedHash(SETTINGS["REVIEWSUM_HASH_KEY"].encode())

LETTER_TEXT = "Mine squeaks like a badger in a bassoon whenever it rains."
"""In a row with nine stars, and in one whose JSON is broken off: no other review has these words."""


@dataclass
class Person:
    """Whom the tests erase."""

    user_id: str
    review_ids: list[str]
    own_words: set[str]
    """Sentences that nobody else wrote."""

    @property
    def needles(self) -> set[str]:
        return {self.user_id, *self.keys, *self.review_ids, *self.own_words}

    @property
    def keys(self) -> set[str]:
        """The user as tables and as dead letters name them, and as tombstones do."""
        return {KEY.user(self.user_id), KEY.text(self.user_id)}


def citations(record: SummaryRecord) -> set[str]:
    texts = (*record.summary, *record.pros, *record.cons)
    return {citation.review_id for text in texts for citation in text.citations}


@pytest.fixture(scope="module")
def person(refreshed: Workspace) -> Person:
    """The most cited user who has words of their own."""
    cited = Counter(review for record in refreshed.records().values() for review in citations(record))
    with sqlite3.connect(refreshed.home / "source.db") as connection:
        rows = connection.execute("SELECT review_id, user_id, review_text FROM reviews").fetchall()
    for review_id, _ in sorted(cited.items(), key=lambda one: (-one[1], one[0])):
        user = next(row[1] for row in rows if row[0] == review_id)
        own = {sentence for row in rows if row[1] == user for sentence in sentences(row[2])}
        others = "\n".join(row[2] for row in rows if row[1] != user)
        own = {sentence for sentence in own if sentence not in others}
        if len(own) > 1:
            return Person(user, [row[0] for row in rows if row[1] == user], own | {LETTER_TEXT})
    raise AssertionError("the sample has nobody to erase")


@pytest.fixture(scope="module")
def prepared(refreshed: Workspace, person: Person, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample with the person in every corner: dead letters, a decision, Dagster's logs, a killed writer's file."""
    workspace = refreshed.copy(tmp_path_factory.mktemp("prepared") / "home")
    with sqlite3.connect(workspace.home / "source.db") as connection:
        row = connection.execute("SELECT * FROM reviews WHERE review_id = ?", (person.review_ids[0],))
        values = dict(zip([column[0] for column in row.description], row.fetchone(), strict=True))
    rejected = {name: values[name] for name in ("product_id", "product_title", "category", "user_id")}
    rejected |= {"review_id": "R-nine", "star_rating": 9, "review_text": LETTER_TEXT, "created_at": "2026-08-02"}
    broken = json.dumps(rejected | {"review_id": "R-cut", "user_id": "someone else"})[:-20]
    export = workspace.home.parent / "letters.jsonl"
    export.write_text(f"{json.dumps(rejected)}\n{broken}\n")
    assert workspace.json("load", str(export))["rejected"] == 2
    workspace.json("refresh")
    operations = OperationsDatabase(f"sqlite:///{workspace.home / 'operations.db'}")
    with operations.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO decisions VALUES (?, 'approved', 'x', '2026-08-02', 'anna', ?, '2026-08-02 10:00:00.000000')",
            (person.review_ids[0], f"they wrote: {min(person.own_words)}"),
        )
        operations.audit(connection, actor="anna", action="approve", subject=person.review_ids[0], details={})
    operations.close()
    log = next((workspace.home / "dagster" / "history" / "runs").glob("*-*.db"))
    with sqlite3.connect(log) as connection:
        (event,) = connection.execute("SELECT event FROM event_logs LIMIT 1").fetchone()
        document = json.loads(event) | {"user_message": f"{person.review_ids[0]}: {min(person.own_words)}"}
        connection.execute("UPDATE event_logs SET event = ? WHERE id = 1", (json.dumps(document),))
    output = next((workspace.home / "dagster" / "storage").rglob("*.err"))
    output.write_text(f"warning: review {person.review_ids[0]} is odd\n")
    partition = next((workspace.home / "lake" / "raw_reviews").glob("*/data.parquet"))
    (partition.parent / ".data.parquet.999999999.abcd").write_text(min(person.own_words))
    (workspace.home / "landing" / "killed").mkdir(parents=True)
    (workspace.home / "landing" / "killed" / "events.jsonl.part").write_text(min(person.own_words))
    with sqlite3.connect(workspace.home / "source.db") as connection:
        connection.execute(
            "INSERT INTO applied_events VALUES (?, '2026-08-02 10:00:00.000000', 'a.jsonl', 1, 1)",
            (person.review_ids[0],),
        )
        connection.execute(
            "INSERT INTO moved_reviews VALUES (?, '2026-08-01', '2026-08-02 10:00:00.000000')", (person.review_ids[0],)
        )
    return workspace


@pytest.fixture(scope="module")
def erased(
    prepared: Workspace, person: Person, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workspace, dict[str, object]]:
    """The state after the erasure, with its report."""
    workspace = prepared.copy(tmp_path_factory.mktemp("erased") / "home")
    return workspace, workspace.json("erase", "--user", person.user_id, "--yes")


def in_tombstones_only(found: dict[str, set[str]], person: Person) -> bool:
    """The user's keyed hash is what the tombstone is; nothing else may be anywhere."""
    return all(place.startswith("operations.db") and texts <= person.keys for place, texts in found.items())


def test_a_byte_search_finds_an_erased_person_nowhere(
    prepared: Workspace, erased: tuple[Workspace, dict[str, object]], person: Person
) -> None:
    before = places_of(prepared.home, person.needles)
    assert {place.split("/")[0].split(" ")[0] for place in before} >= {
        "source.db",
        "lake",
        "lancedb",
        "cache",
        "dagster",
        "operations.db",
    }
    assert set().union(*before.values()) == person.needles
    after = places_of(erased[0].home, person.needles)
    assert in_tombstones_only(after, person), after


def test_the_report_proves_it_and_names_every_place(
    erased: tuple[Workspace, dict[str, object]], person: Person
) -> None:
    report = json.loads(json.dumps(erased[1]))
    assert report["proof"]["holds"]
    assert report["proof"]["traces"] == {}
    assert report["proof"]["searched_for"] >= len(person.needles)
    assert report["found"]["source: reviews"] == len(person.review_ids)
    assert report["found"]["source: dead letters"] == 1
    assert {"lake: raw_reviews", "lake: cleaned_reviews", "lake: rejected_reviews"} <= set(report["found"])
    assert {
        "event log: values",
        "logs: files",
        "lake: files of killed writers",
        "landing: copies of killed landings",
    } <= set(report["removed"])
    assert not (erased[0].home / "landing").exists()
    assert report["records_rewritten"] > 0
    text = json.dumps(report)
    assert not [needle for needle in person.needles if needle in text]


def test_only_records_of_their_products_change_and_none_cites_them(
    prepared: Workspace, erased: tuple[Workspace, dict[str, object]], person: Person
) -> None:
    before, after = prepared.records(), erased[0].records()
    gone = set(person.review_ids)
    touched = {key[0] for key, record in before.items() if citations(record) & gone}
    assert touched
    assert not [key for key, record in after.items() if citations(record) & gone]
    with sqlite3.connect(prepared.home / "source.db") as connection:
        theirs = connection.execute("SELECT product_id FROM reviews WHERE user_id = ?", (person.user_id,)).fetchall()
    products = {product for (product,) in theirs}
    assert all(after[key] == record for key, record in before.items() if key[0] not in products)


def test_a_reload_of_the_same_export_brings_nothing_back_and_adds_up(
    erased: tuple[Workspace, dict[str, object]], person: Person, export: Path, tmp_path: Path
) -> None:
    workspace = erased[0].copy(tmp_path / "home")
    before = workspace.state()
    counts = workspace.json("load", str(export))
    assert counts["rows_read"] == counts["loaded"] + counts["unchanged"] + counts["rejected"]
    assert (counts["loaded"], counts["reasons"]["erased"]) == (0, len(person.review_ids))
    workspace.json("refresh")
    after = workspace.state()
    assert {name: after[name] for name in ("records", "cache", "chunks")} == {
        name: before[name] for name in ("records", "cache", "chunks")
    }
    assert in_tombstones_only(places_of(workspace.home, person.needles), person)


@pytest.mark.slow
def test_whoever_was_never_there_is_kept_out_from_then_on(
    erased: tuple[Workspace, dict[str, object]], export: Path, tmp_path: Path
) -> None:
    workspace = erased[0].copy(tmp_path / "home")
    (tmp_path / "list.txt").write_text("# asked for in writing\nuser not-yet-a-customer\nreview R-not-yet\n")
    result = workspace.run("erase", "--from-file", str(tmp_path / "list.txt"), "--yes")
    assert result.returncode == 0, result.stderr
    assert "nothing of theirs was found" in result.stdout
    row = {"product_id": "P1", "product_title": "A", "category": "Mugs", "star_rating": 5, "created_at": "2026-08-02"}
    row |= {"review_text": "It is exactly as big as it looks."}
    rows = [
        row | {"review_id": "R1", "user_id": "not-yet-a-customer"},
        row | {"review_id": "R-not-yet", "user_id": "x"},
    ]
    rows.append(row | {"review_id": "R2", "user_id": "not-yet-a-customer", "star_rating": 7})
    rows.append(row | {"review_id": "R3", "user_id": "x"})
    (tmp_path / "late.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    counts = workspace.json("load", str(tmp_path / "late.jsonl"))
    assert (counts["loaded"], counts["rejected"], counts["reasons"]) == (1, 3, {"erased": 3})
    with sqlite3.connect(workspace.home / "source.db") as connection:
        letters = connection.execute(
            "SELECT origin, raw, review_id, product_id FROM dead_letters WHERE reason_code = 'erased' ORDER BY origin"
        ).fetchall()
    assert letters == [(f"late.jsonl:{line}", "", None, None) for line in (1, 2, 3)]


def test_a_dry_run_changes_nothing_and_an_unconfirmed_one_neither(prepared: Workspace, person: Person) -> None:
    before = {path: path.stat().st_mtime_ns for path in (prepared.home / "lake").rglob("*.parquet")}
    report = prepared.json("erase", "--user", person.user_id, "--dry-run")
    assert report["dry_run"]
    assert report["found"]["source: reviews"] == len(person.review_ids)
    asked = prepared.run("erase", "--user", person.user_id, "--json")
    assert (asked.returncode, "--yes" in asked.stderr) == (1, True)
    assert {path: path.stat().st_mtime_ns for path in (prepared.home / "lake").rglob("*.parquet")} == before
    assert places_of(prepared.home, {person.user_id})


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [((), "--user ID"), (("--user", ""), "an id is empty"), (("--from-file", "nowhere.txt"), "nowhere.txt")],
)
def test_a_request_that_names_nobody_says_what_to_give(tmp_path: Path, arguments: tuple[str, ...], advice: str) -> None:
    result = Workspace(tmp_path / "home", dict(SETTINGS)).run("erase", *arguments, "--yes")
    assert result.returncode == 1
    assert advice in result.stderr
    assert "Traceback" not in result.stderr


KILLED = """
import os, signal, sys
from reviewsum_assets.erasure import erase
from reviewsum_assets.resources.platform import Platform

def on_step(step):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

erase(Platform(), [sys.argv[1]], [], actor="tests", on_step=on_step)
"""


@pytest.mark.slow
@pytest.mark.parametrize("step", ["source", "refresh", "sweep", "residue", "proof", "audit"])
def test_an_erasure_killed_at_any_step_ends_erased_when_run_again(
    prepared: Workspace, erased: tuple[Workspace, dict[str, object]], person: Person, step: str, tmp_path: Path
) -> None:
    workspace = prepared.copy(tmp_path / "home")
    command = [sys.executable, "-c", KILLED, person.user_id, step]
    killed = subprocess.run(command, env=workspace.environment(), capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    report = workspace.json("erase", "--user", person.user_id, "--yes")
    assert report["proof"]["holds"]
    # What the first one searched for, the second one searches for, though no copy of the words is left.
    assert report["proof"]["searched_for"] >= erased[1]["proof"]["searched_for"]  # type: ignore[index]
    assert workspace.state() == erased[0].state()
    assert in_tombstones_only(places_of(workspace.home, person.needles), person)
    operations = OperationsDatabase(f"sqlite:///{workspace.home / 'operations.db'}")
    actions = [entry.action for entry in operations.entries()]
    operations.close()
    assert actions[0] == "erase finished"


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [3.0, 6.0, 9.0])
def test_an_erasure_killed_at_some_moment_is_finished_by_the_next_one_of_anyone(
    prepared: Workspace, erased: tuple[Workspace, dict[str, object]], person: Person, seconds: float, tmp_path: Path
) -> None:
    workspace = prepared.copy(tmp_path / "home")
    process = workspace.start("erase", "--user", person.user_id, "--yes")
    # The clock starts when the tombstones stand: before that nothing was asked for.
    for line in process.stderr or ():
        if "source" in line:
            break
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    process.communicate()
    timer.join()
    workspace.json("erase", "--user", "somebody-else-entirely", "--yes")
    assert workspace.state() == erased[0].state()
    assert in_tombstones_only(places_of(workspace.home, person.needles), person)


@pytest.mark.slow
def test_with_the_engine_down_a_citing_record_falls_to_the_template(
    prepared: Workspace, person: Person, tmp_path: Path
) -> None:
    workspace = prepared.copy(tmp_path / "home")
    workspace.settings |= {
        "REVIEWSUM_ENGINE": "openai",
        "REVIEWSUM_LLM_BASE_URL": "http://127.0.0.1:9/v1",
        "REVIEWSUM_LLM_MAX_ATTEMPTS": "1",
        "REVIEWSUM_LLM_TIMEOUT_SECONDS": "2",
    }
    citing = {key for key, record in workspace.records().items() if citations(record) & set(person.review_ids)}
    report = workspace.json("erase", "--user", person.user_id, "--yes")
    assert report["proof"]["holds"]
    after = workspace.records()
    assert all(after[key].generator.engine == "template" for key in citing if after[key].status == "published")
    assert any(after[key].attempt.status == "failed" for key in citing)
    assert in_tombstones_only(places_of(workspace.home, person.needles), person)


@pytest.mark.slow
def test_where_the_refresh_cannot_run_their_records_are_withdrawn_and_all_else_is_erased_all_the_same(
    prepared: Workspace, person: Person, tmp_path: Path
) -> None:
    workspace = prepared.copy(tmp_path / "home")
    citing = {key for key, record in workspace.records().items() if citations(record) & set(person.review_ids)}
    (tmp_path / "departments.yaml").write_text("departments: [")
    workspace.settings["REVIEWSUM_DEPARTMENTS_FILE"] = str(tmp_path / "departments.yaml")
    result = workspace.run("erase", "--user", person.user_id, "--yes")
    assert result.returncode == 0, result.stderr
    assert "withdrawn until" in result.stderr
    assert in_tombstones_only(places_of(workspace.home, person.needles), person)
    withdrawn = [workspace.records()[key] for key in citing]
    assert {(record.status, record.reason) for record in withdrawn} == {("withheld", "review_removed")}
    shown = workspace.json("show", withdrawn[0].product_id, "--locale", withdrawn[0].locale)
    assert shown["status"] == "withheld"
    del workspace.settings["REVIEWSUM_DEPARTMENTS_FILE"]
    workspace.json("refresh")
    assert "published" in {workspace.records()[key].status for key in citing}


@pytest.mark.slow
def test_readers_are_unharmed_while_an_erasure_takes_old_versions_away(
    prepared: Workspace, person: Person, tmp_path: Path
) -> None:
    workspace = prepared.copy(tmp_path / "home")
    products = sorted({key[0] for key in workspace.records()})
    failures: list[BaseException] = []
    reads = 0
    done = threading.Event()

    def read() -> Iterator[int]:
        store = ChunkStore(workspace.home / "lancedb")
        while not done.is_set():
            yield store.chunks_of_products(products, columns=["review_id", "text"]).num_rows

    def reading() -> None:
        nonlocal reads
        try:
            for rows in read():
                assert rows > 0
                reads += 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=reading) for _ in range(2)]
    for thread in threads:
        thread.start()
    workspace.json("erase", "--user", person.user_id, "--yes")
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert reads > 10
