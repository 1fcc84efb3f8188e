"""The chunk store: whole commits, one question one call, and nothing left of what was deleted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pyarrow as pa
import pytest

from reviewsum_assets.contracts.tables import EMBEDDING_DIMENSIONS, ReviewChunks, arrow_schema
from reviewsum_assets.resources.chunk_query import ChunkQuery, select_quotes
from reviewsum_assets.resources.chunk_store import REVIEWS_A_COMMIT, ChunkStore
from reviewsum_assets.resources.embedder import Usem3Embedder

SCHEMA = arrow_schema(ReviewChunks)
TODAY = datetime(2026, 6, 30, 12, tzinfo=UTC)
DAY = "2026-06-29"


def unit(seed: int) -> np.ndarray:
    vector = np.random.default_rng(seed).standard_normal(EMBEDDING_DIMENSIONS).astype(np.float32)
    return vector / np.linalg.norm(vector)


def chunk(review_id: str, position: int = 0, **columns: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "chunk_id": f"{review_id}#{position}",
        "review_id": review_id,
        "product_id": "kettle",
        "category": "kitchen",
        "user_key": f"user of {review_id}",
        "day": DAY,
        "created_at": TODAY - timedelta(days=1),
        "language": "en",
        "star_rating": 4,
        "helpful_votes": 0,
        "verified_purchase": True,
        "set_aside_reason": None,
        "position": position,
        "start": 10 * position,
        "end": 10 * position + 9,
        "text": f"Sentence {position}.",
        "quotable": True,
        "aspects": ["noise"],
        "polarity": "negative",
        "polarity_score": 0.1,
        "models": "test",
        "vector": unit(position),
    }
    return row | columns


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), SCHEMA)


def stored(store: ChunkStore, *products: str) -> list[str]:
    return store.chunks_of_products(products or ("kettle",), columns=["chunk_id"])["chunk_id"].to_pylist()


@pytest.fixture
def store(tmp_path: Path) -> ChunkStore:
    return ChunkStore(tmp_path / "lancedb")


# Writing


def test_a_changed_reviews_old_chunks_leave_in_the_commit_in_which_the_new_ones_enter(
    store: ChunkStore, tmp_path: Path
) -> None:
    store.replace_reviews(DAY, ["a", "b"], table(chunk("a"), chunk("a", 1), chunk("a", 2), chunk("b")))
    before = store.version()
    store.replace_reviews(DAY, ["a"], table(chunk("a", 1, text="Rewritten."), chunk("a", 7)))
    history = lancedb.connect(tmp_path / "lancedb").open_table("review_chunks")
    for version in range(before, store.version() + 1):
        history.checkout(version)
        rows = history.search().where("review_id = 'a'").limit(None).to_arrow().sort_by("chunk_id")
        new = ["Rewritten.", "Sentence 7."]
        assert rows["text"].to_pylist() == (new if version > before else ["Sentence 0.", "Sentence 1.", "Sentence 2."])
    assert stored(store) == ["a#1", "a#7", "b#0"]
    assert store.count() == history.count_rows() == 3


def test_a_writer_killed_before_its_sweep_shows_no_one_what_was_leaving(store: ChunkStore, tmp_path: Path) -> None:
    store.replace_reviews(DAY, ["a"], table(chunk("a"), chunk("a", 1)))
    before = store.version()
    store.replace_reviews(DAY, ["a"], table(chunk("a", 2)))
    history = lancedb.connect(tmp_path / "lancedb").open_table("review_chunks")
    history.checkout(before + 1)
    history.restore()
    assert history.count_rows() == 3
    everything = ChunkQuery(near=unit(0), min_similarity=-1, counted_only=False, one_a_review=False, limit=9)
    for question in (everything, replace(everything, near=None)):
        assert store.search(question)["chunk_id"].to_pylist() == ["a#2"]
    assert (stored(store), store.count(), store.count_day(DAY)) == (["a#2"], 1, 1)
    store.maintain(timedelta(0))
    history.checkout_latest()
    assert (history.count_rows(), store.deleted_rows_on_disk()) == (1, 0)


def test_removing_a_review_that_was_never_there_commits_nothing(
    store: ChunkStore,
) -> None:
    before = store.version()
    store.replace_reviews(DAY, ["never seen"], table())
    assert store.version() == before


def test_a_review_that_is_gone_leaves_nothing(store: ChunkStore) -> None:
    store.replace_reviews(DAY, ["a", "b"], table(chunk("a"), chunk("b")))
    store.replace_reviews(DAY, ["a"], table())
    assert stored(store) == ["b#0"]


def test_the_same_review_on_another_day_is_not_touched(store: ChunkStore) -> None:
    store.replace_reviews("2026-06-28", ["a"], table(chunk("a", 5, day="2026-06-28")))
    store.replace_reviews(DAY, ["a"], table(chunk("a")))
    store.replace_reviews(DAY, ["a"], table())
    assert stored(store) == ["a#5"]
    assert (store.count_day("2026-06-28"), store.count_day(DAY)) == (1, 0)


def test_a_review_that_moves_to_another_day_is_there_once_whichever_day_is_written_first(store: ChunkStore) -> None:
    store.replace_reviews("2026-06-28", ["a"], table(chunk("a", day="2026-06-28")))
    store.replace_reviews(DAY, ["a"], table(chunk("a")))
    store.replace_reviews("2026-06-28", ["a"], table())
    assert (stored(store), store.count_day(DAY)) == (["a#0"], 1)


def test_keys_with_quotes_and_other_languages_are_only_keys(store: ChunkStore) -> None:
    keys = ["o'brien", "'; --", 'say "no"', "größe\n", "100%_"]
    rows = [chunk(key, product_id=key, aspects=[key]) for key in keys]
    store.replace_reviews(DAY, keys, table(*rows))
    store.replace_reviews(DAY, keys[:2], table(*rows[:1]))
    assert stored(store, *keys) == sorted(f"{key}#0" for key in keys if key != keys[1])
    assert store.search(ChunkQuery(aspects=["o'brien"]))["review_id"].to_pylist() == ["o'brien"]
    assert store.search(ChunkQuery(product_ids=['say "no"']))["review_id"].to_pylist() == ['say "no"']


def test_writing_the_same_again_changes_nothing(store: ChunkStore) -> None:
    rows = table(*(chunk(f"r{number}", position) for number in range(30) for position in range(3)))
    keys = [f"r{number}" for number in range(30)]
    store.replace_reviews(DAY, keys, rows)
    first = store.chunks_of_products(["kettle"])
    store.replace_reviews(DAY, keys, rows)
    assert store.chunks_of_products(["kettle"]).equals(first)


def test_more_reviews_than_a_commit_holds_are_written_and_replaced_whole(store: ChunkStore) -> None:
    keys = [f"r{number:05d}" for number in range(REVIEWS_A_COMMIT + 50)]
    rows = [chunk(key) for key in keys]
    store.replace_reviews(DAY, keys, table(*rows))
    assert store.count() == len(keys)
    store.replace_reviews(DAY, keys, table(*rows[::2]))
    assert stored(store) == [f"{key}#0" for key in keys[::2]]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([chunk("a", day="2026-01-01")], "2026-01-01"),
        ([chunk("stranger")], "stranger"),
        ([chunk("a"), chunk("a")], "chunk_id"),
    ],
)
def test_chunks_that_do_not_belong_are_refused(store: ChunkStore, rows: list[dict[str, Any]], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        store.replace_reviews(DAY, ["a"], table(*rows))
    assert store.count() == 0


def test_another_process_sees_a_commit_at_once(store: ChunkStore, tmp_path: Path) -> None:
    reader = ChunkStore(tmp_path / "lancedb")
    assert reader.count() == 0
    store.replace_reviews(DAY, ["a"], table(chunk("a")))
    assert reader.count() == 1
    assert "1 chunks" in reader.ping()


def test_writers_and_maintenance_that_meet_lose_nothing(store: ChunkStore, tmp_path: Path) -> None:
    store.replace_reviews(DAY, ["seed"], table(chunk("seed")))
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def write(writer: int) -> None:
        mine = ChunkStore(tmp_path / "lancedb")
        for number in range(6):
            key = f"w{writer}-{number}"
            mine.replace_reviews(DAY, [key], table(chunk(key)))

    def maintain() -> None:
        for _ in range(3):
            ChunkStore(tmp_path / "lancedb").maintain()

    threads = [*(guarded(partial(write, writer)) for writer in range(2)), guarded(maintain)]
    for thread in threads:
        thread.join()
    assert failures == []
    assert stored(store) == ["seed#0", *(f"w{writer}-{number}#0" for writer in range(2) for number in range(6))]


ENDLESS_WRITER = """
import sys
from reviewsum_tests.resources.test_chunk_store import DAY, chunk, table
from reviewsum_assets.resources.chunk_store import ChunkStore
store = ChunkStore(sys.argv[1])
keys = [f"r{number}" for number in range(40)]
for turn in range(10_000):
    rows = [chunk(key, 3 * (turn % 2) + position, text=f"turn {turn % 2}") for key in keys for position in range(3)]
    store.replace_reviews(DAY, keys, table(*rows))
    print(turn, flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_whole_reviews(tmp_path: Path) -> None:
    folder = tmp_path / "lancedb"
    for commits in (3, 5):
        command = [sys.executable, "-c", ENDLESS_WRITER, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(commits):
                writer.stdout.readline()
            time.sleep(0.01 * commits)
            os.kill(writer.pid, signal.SIGKILL)
        texts = ChunkStore(folder).chunks_of_products(["kettle"], columns=["text"])["text"].to_pylist()
        assert len(texts) == 120
        assert len(set(texts)) == 1


# Maintenance


def test_after_maintenance_every_answer_and_every_write_is_as_before(store: ChunkStore) -> None:
    rows = random_rows(400)
    store.replace_reviews(DAY, [row["review_id"] for row in rows], table(*rows))
    questions = [
        ChunkQuery(aspects=["lid"], languages=["de", "fr"], limit=50),
        ChunkQuery(near=unit(3), min_similarity=-1),
    ]
    before = [store.search(question).to_pylist() for question in questions]
    store.maintain()
    assert [store.search(question).to_pylist() for question in questions] == before
    review = rows[0]["review_id"]
    fresh = chunk(review, 99, product_id="new", aspects=["lid"], language="de", helpful_votes=10**6)
    store.replace_reviews(DAY, [review], table(fresh))
    store.maintain()
    assert store.search(replace(questions[0], limit=1))["chunk_id"].to_pylist() == [fresh["chunk_id"]]
    assert rows[0]["chunk_id"] not in stored(store, rows[0]["product_id"])


def test_maintenance_that_keeps_no_versions_leaves_no_deleted_row_on_the_disk(store: ChunkStore) -> None:
    keys = [f"r{number}" for number in range(200)]
    store.replace_reviews(DAY, keys, table(*(chunk(key) for key in keys)))
    store.maintain()
    store.replace_reviews(DAY, ["r7"], table())
    store.maintain(timedelta(hours=1))
    assert store.deleted_rows_on_disk() == 1
    store.maintain(timedelta(0))
    assert store.deleted_rows_on_disk() == 0
    assert len(stored(store)) == 199
    assert "r7#0" not in stored(store)


def test_an_erased_review_is_in_no_version_no_index_and_no_record_of_a_commit(
    store: ChunkStore, tmp_path: Path
) -> None:
    keys = [f"review-{number}" for number in range(300)]
    rows = [chunk(key, text=f"A sentence of {key} and of no other.", user_key=f"user of {key}") for key in keys]
    store.replace_reviews(DAY, keys, table(*rows))
    store.maintain()
    store.replace_reviews(DAY, ["review-299"], table(chunk("review-299", 1)))
    gone = (b"review-150", b"user of review-150")

    def holding() -> list[str]:
        files = [path for path in (tmp_path / "lancedb").rglob("*") if path.is_file()]
        return [str(path) for path in files if any(words in path.read_bytes() for words in gone)]

    assert holding()
    store.remove_reviews(["review-150"])
    store.maintain(timedelta(0))
    assert holding() == []
    assert len(store.version_numbers()) == 1
    (batch,) = store.every_row(("review_id", "text"))
    assert set(batch["review_id"].to_pylist()) == set(keys) - {"review-150"}
    store.remove_reviews(keys)
    store.maintain(timedelta(0))
    assert (store.count(), len(store.version_numbers())) == (0, 1)


def test_what_a_killed_writer_left_goes_with_the_old_versions(store: ChunkStore, tmp_path: Path) -> None:
    store.replace_reviews(DAY, ["a"], table(chunk("a")))
    orphan = tmp_path / "lancedb" / "review_chunks.lance" / "data" / "0101.lance"
    orphan.write_bytes(next(orphan.parent.glob("*.lance")).read_bytes())
    store.maintain(timedelta(0))
    assert not orphan.exists()
    assert stored(store) == ["a#0"]


def test_a_reader_whose_version_is_taken_away_reads_the_newest_one(
    store: ChunkStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.replace_reviews(DAY, ["a", "b"], table(chunk("a"), chunk("b")))
    reader = ChunkStore(tmp_path / "lancedb")
    asked: list[int] = []

    def slow(opened: Any) -> list[str]:
        # An erasure comes between the reader's look at the version and its reading of the files.
        asked.append(opened.version)
        if len(asked) == 1:
            opened.checkout(opened.version)
            store.remove_reviews(["a"])
            store.maintain(timedelta(0))
        return opened.search().select(["review_id"]).limit(None).to_arrow()["review_id"].to_pylist()

    assert reader._read(slow) == ["b"]
    assert len(asked) == 2


def test_an_error_that_is_no_lost_file_is_not_asked_again(store: ChunkStore) -> None:
    asked = []

    def wrong(opened: Any) -> None:
        asked.append(opened)
        raise ValueError("no such column")

    with pytest.raises(ValueError, match="no such column"):
        store._read(wrong)
    assert len(asked) == 1


# Questions


def random_rows(count: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(11)

    def pick(values: list[Any]) -> Any:
        return values[rng.integers(len(values))]

    rows = []
    for number in range(count):
        created = TODAY - timedelta(days=int(rng.integers(0, 200)), microseconds=int(rng.integers(0, 10**6)))
        rows.append(
            chunk(
                f"r{number // 3}",
                number % 3,
                product_id=pick(["kettle", "mug", "o'toaster"]),
                category=pick(["kitchen", "garden"]),
                created_at=created,
                language=pick(["en", "de", "fr"]),
                star_rating=pick([1, 3, 5]),
                helpful_votes=pick([0, 1, 5, 9]),
                verified_purchase=pick([True, False]),
                set_aside_reason=pick([None, None, None, "spam"]),
                quotable=pick([True, True, False]),
                aspects=pick([[], ["lid"], ["noise", "lid"], ["price"]]),
                polarity=pick(["positive", "negative", "neutral"]),
                vector=unit(number % 17),
            )
        )
    return rows


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[ChunkStore, list[dict[str, Any]]]:
    rows = random_rows(1_500)
    store = ChunkStore(tmp_path_factory.mktemp("filled"))
    store.replace_reviews(DAY, [row["review_id"] for row in rows], table(*rows))
    store.maintain()
    return store, rows


def answered_by_hand(rows: list[dict[str, Any]], query: ChunkQuery) -> list[str]:
    def fits(row: dict[str, Any]) -> bool:
        return (
            (query.product_ids is None or row["product_id"] in query.product_ids)
            and (query.category is None or row["category"] == query.category)
            and (query.aspects is None or bool(set(row["aspects"]) & set(query.aspects)))
            and (query.polarity is None or row["polarity"] == query.polarity)
            and (query.languages is None or row["language"] in query.languages)
            and (query.stars is None or row["star_rating"] in query.stars)
            and (query.verified is None or row["verified_purchase"] == query.verified)
            and (query.created_after is None or row["created_at"] >= query.created_after)
            and (query.created_before is None or row["created_at"] < query.created_before)
            and (not query.counted_only or row["set_aside_reason"] is None)
            and (not query.quotable_only or row["quotable"])
        )

    def rank(row: dict[str, Any]) -> tuple[Any, ...]:
        newest = -row["created_at"].timestamp()
        return (
            (-row["helpful_votes"], newest, row["chunk_id"])
            if query.order_by == "helpful"
            else (newest, row["chunk_id"])
        )

    answer: list[str] = []
    reviews: set[str] = set()
    for row in sorted(filter(fits, rows), key=rank):
        if not (query.one_a_review and row["review_id"] in reviews):
            answer.append(row["chunk_id"])
            reviews.add(row["review_id"])
    return answer[: query.limit]


def test_most_helpful_five_star_verified_german_reviews_about_the_lid_of_the_last_90_days_are_one_call(
    filled: tuple[ChunkStore, list[dict[str, Any]]],
) -> None:
    store, rows = filled
    question = ChunkQuery(
        aspects=["lid"], languages=["de"], stars=[5], verified=True, created_after=TODAY - timedelta(days=90)
    )
    answer = store.search(question)["chunk_id"].to_pylist()
    assert answer == answered_by_hand(rows, question)
    assert len(answer) > 3


@pytest.mark.parametrize("seed", range(40))
def test_any_combination_of_filters_finds_what_reading_every_chunk_finds(
    filled: tuple[ChunkStore, list[dict[str, Any]]], seed: int
) -> None:
    store, rows = filled
    rng = np.random.default_rng(seed)

    def maybe(*values: Any) -> Any:
        return values[rng.integers(len(values))] if rng.random() < 0.4 else None

    question = ChunkQuery(
        product_ids=maybe(["kettle", "o'toaster"], ["mug"], []),
        category=maybe("kitchen"),
        aspects=maybe(["lid"], ["noise", "price"], ["unheard of"]),
        polarity=maybe("positive", "negative"),
        languages=maybe(["de"], ["en", "fr"]),
        stars=maybe([5], [1, 3]),
        verified=maybe(True, False),
        created_after=maybe(TODAY - timedelta(days=90), rows[0]["created_at"]),
        created_before=maybe(TODAY - timedelta(days=20), rows[1]["created_at"]),
        counted_only=bool(rng.integers(2)),
        quotable_only=bool(rng.integers(2)),
        one_a_review=bool(rng.integers(2)),
        order_by=("helpful", "recent")[rng.integers(2)],
        limit=int(rng.integers(1, 40)),
    )
    assert store.search(question)["chunk_id"].to_pylist() == answered_by_hand(rows, question)


def test_the_most_similar_chunks_come_first_and_the_filter_comes_before_the_search(
    filled: tuple[ChunkStore, list[dict[str, Any]]],
) -> None:
    store, rows = filled
    question = ChunkQuery(near=unit(3), order_by="similar", languages=["de"], min_similarity=-1, limit=25)
    answer = store.search(question).to_pylist()
    fitting = [row for row in rows if row["language"] == "de" and row["set_aside_reason"] is None]
    ranked = sorted(fitting, key=lambda row: (-round(float(row["vector"] @ unit(3)), 5), row["chunk_id"]))
    reviews = list(dict.fromkeys(row["review_id"] for row in ranked))[:25]
    assert [row["review_id"] for row in answer] == reviews
    assert answer[0]["similarity"] == pytest.approx(1, abs=1e-5)


def test_an_order_other_than_similarity_is_among_what_is_near(
    filled: tuple[ChunkStore, list[dict[str, Any]]],
) -> None:
    store, _ = filled
    answer = store.search(ChunkQuery(near=unit(3), min_similarity=0.9, limit=10)).to_pylist()
    assert all(row["similarity"] > 0.9 for row in answer)
    votes = [row["helpful_votes"] for row in answer]
    assert votes == sorted(votes, reverse=True)
    assert len(votes) == 10


def test_questions_that_make_no_sense_say_what_to_do() -> None:
    with pytest.raises(ValueError, match="near"):
        ChunkQuery(order_by="similar")
    with pytest.raises(TypeError, match=r"\['de'\]"):
        ChunkQuery(languages="de").where()
    with pytest.raises(ValueError, match="limit"):
        ChunkQuery(limit=0)


def test_a_text_to_be_near_needs_an_embedder(store: ChunkStore) -> None:
    with pytest.raises(ValueError, match="embedder"):
        store.search(ChunkQuery(near="loud"))


def test_a_question_in_words_finds_the_complaint_in_other_languages(tmp_path: Path) -> None:
    embedder = Usem3Embedder(threads=1, batch_size=64)
    store = ChunkStore(tmp_path, embedder=embedder)
    texts = {
        "de": "Der Akku ist nach einer Stunde leer.",
        "fr": "La batterie se vide en une heure.",
        "nl": "De levering was snel en netjes.",
        "it": "Mi piace molto il colore della borsa.",
    }
    rows = [
        chunk(key, text=text, vector=vector)
        for (key, text), vector in zip(texts.items(), embedder.embed(list(texts.values())), strict=True)
    ]
    store.replace_reviews(DAY, list(texts), table(*rows))
    found = store.search(ChunkQuery(near="The battery is empty after an hour.", order_by="similar"))
    assert set(found["review_id"].to_pylist()) == {"de", "fr"}


# Quotes


def blend(first: int, second: int, weight: float) -> np.ndarray:
    vector = (1 - weight) * unit(first) + weight * unit(second)
    return vector / np.linalg.norm(vector)


def quote_rows() -> list[dict[str, Any]]:
    return [
        chunk("a", 0, vector=unit(1)),
        chunk("a", 1, vector=blend(1, 2, 0.1)),
        chunk("copy", 0, vector=blend(1, 3, 0.02)),
        chunk("other", 0, vector=blend(1, 4, 0.5)),
        chunk("praise", 0, vector=unit(1), polarity="positive"),
        chunk("spam", 0, vector=unit(1), set_aside_reason="spam"),
        chunk("short", 0, vector=unit(1), quotable=False),
        chunk("lid", 0, vector=unit(1), aspects=["lid"]),
        chunk("mug", 0, vector=unit(1), product_id="mug"),
    ]


def test_quotes_are_of_the_opinion_one_a_review_and_do_not_repeat_each_other(store: ChunkStore) -> None:
    rows = quote_rows()
    store.replace_reviews(DAY, [row["review_id"] for row in rows], table(*rows))
    varied = store.quotes("kettle", "noise", "negative", 2, near=unit(1), diversity=0.6)
    assert varied["review_id"].to_pylist() == ["a", "other"]
    nearest = store.quotes("kettle", "noise", "negative", 2, near=unit(1), diversity=0)
    assert nearest["review_id"].to_pylist() == ["a", "copy"]
    everyone = store.quotes("kettle", "noise", "negative", 9)
    assert sorted(everyone["review_id"].to_pylist()) == ["a", "copy", "other"]


def test_quotes_do_not_depend_on_the_order_of_the_chunks() -> None:
    rows = [chunk(f"r{number}", vector=unit(number % 4), helpful_votes=number % 3) for number in range(24)]
    chosen = [
        select_quotes(table(*order), aspect="noise", polarity="negative", limit=8)["chunk_id"].to_pylist()
        for order in (rows, rows[::-1], rows[1::2] + rows[::2])
    ]
    assert chosen[0] == chosen[1] == chosen[2]
    assert len(chosen[0]) == 8


def test_no_fitting_chunk_no_quote(store: ChunkStore) -> None:
    assert store.quotes("kettle", "noise", "negative", 3).num_rows == 0
