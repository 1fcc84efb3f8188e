"""What was answered once is not paid for again, and no answer depends on where a run was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from reviewsum_assets.contracts.protocols import ChatCompletion, ChatMessage, ChatRequest, EngineInfo
from reviewsum_assets.resources.wording_store import RememberingEngine, WordingStore, request_key

REPOSITORY = Path(__file__).resolve().parents[2]


class BatchingEngine:
    """A small deterministic engine whose answers depend on what shares their batch, as a model's numbers do."""

    def __init__(self, dies_at_batch: int | None = None, fails: str | None = None) -> None:
        self.batches: list[list[str]] = []
        self.closed = False
        self._dies_at_batch = dies_at_batch
        self._fails = fails

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("test", "letters", languages=frozenset({"en"}), whole_plan=False, settings={"dtype": "bf16"})

    def complete(self, requests: Sequence[ChatRequest]) -> list[ChatCompletion]:
        if len(self.batches) == self._dies_at_batch:
            os.kill(os.getpid(), signal.SIGKILL)
        asked = [request.messages[-1].content for request in requests]
        self.batches.append(asked)
        together = "".join(sorted(asked))
        return [
            ChatCompletion("", error="refused") if text == self._fails else ChatCompletion(f"{text}|{together}", 10, 3)
            for text in asked
        ]

    def close(self) -> None:
        self.closed = True


def prompts(letters: str) -> list[ChatRequest]:
    return [ChatRequest((ChatMessage("user", letter),), max_tokens=20) for letter in letters]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WordingStore]:
    with closing(WordingStore(tmp_path / "wordings.db")) as made:
        yield made


def texts(completions: list[ChatCompletion]) -> list[str]:
    return [completion.text for completion in completions]


class TestRememberingEngine:
    def test_answers_come_in_the_order_of_the_requests(self, store: WordingStore) -> None:
        engine = RememberingEngine(BatchingEngine(), store, batch_size=2)
        assert texts(engine.complete(prompts("cab"))) == ["c|ac", "a|ac", "b|b"]

    def test_the_same_requests_again_make_no_call_and_get_the_same_answers(self, store: WordingStore) -> None:
        first = RememberingEngine(BatchingEngine(), store, batch_size=2)
        answers = first.complete(prompts("abcde"))
        assert (first.calls, first.reused, first.prompt_tokens, first.completion_tokens) == (5, 0, 50, 15)

        inner = BatchingEngine()
        second = RememberingEngine(inner, store, batch_size=2)
        assert second.complete(prompts("abcde")) == answers
        assert inner.batches == []
        assert (second.calls, second.reused, second.prompt_tokens, second.completion_tokens) == (0, 5, 0, 0)

    @pytest.mark.parametrize("killed_at_batch", [0, 1, 2])
    def test_a_run_killed_at_any_batch_resumes_to_the_same_answers_and_repeats_no_finished_batch(
        self, tmp_path: Path, killed_at_batch: int
    ) -> None:
        path = tmp_path / "killed.db"
        script = (
            "import sys; from pathlib import Path\n"
            "from reviewsum_assets.resources.wording_store import RememberingEngine, WordingStore\n"
            "from reviewsum_tests.resources.test_wording_store import BatchingEngine, prompts\n"
            "engine = BatchingEngine(dies_at_batch=int(sys.argv[2]))\n"
            "RememberingEngine(engine, WordingStore(Path(sys.argv[1])), batch_size=2).complete(prompts('abcde'))\n"
        )
        killed = subprocess.run(
            [sys.executable, "-c", script, str(path), str(killed_at_batch)], check=False, cwd=REPOSITORY
        )
        assert killed.returncode == -signal.SIGKILL

        with closing(WordingStore(path)) as resumed, closing(WordingStore(tmp_path / "whole.db")) as whole:
            inner = BatchingEngine()
            answers = RememberingEngine(inner, resumed, batch_size=2).complete(prompts("abcde"))
            assert answers == RememberingEngine(BatchingEngine(), whole, batch_size=2).complete(prompts("abcde"))
            assert inner.batches == [["a", "b"], ["c", "d"], ["e"]][killed_at_batch:]

    def test_a_batch_with_anything_unknown_is_asked_whole_and_known_answers_stay(self, store: WordingStore) -> None:
        RememberingEngine(BatchingEngine(), store, batch_size=2).complete(prompts("a"))
        inner = BatchingEngine()
        engine = RememberingEngine(inner, store, batch_size=2)
        assert texts(engine.complete(prompts("abcd"))) == ["a|a", "b|ab", "c|cd", "d|cd"]
        assert inner.batches == [["a", "b"], ["c", "d"]]
        assert (engine.calls, engine.reused) == (4, 0)

    def test_an_engine_behind_a_server_is_asked_only_what_is_unknown(self, store: WordingStore) -> None:
        RememberingEngine(BatchingEngine(), store, batch_size=2).complete(prompts("a"))
        inner = BatchingEngine()
        engine = RememberingEngine(inner, store, batch_size=2, whole_batches=False)
        assert texts(engine.complete(prompts("abcd"))) == ["a|a", "b|b", "c|cd", "d|cd"]
        assert inner.batches == [["b"], ["c", "d"]]
        assert (engine.calls, engine.reused) == (3, 1)

    def test_a_request_that_stands_twice_in_a_list_is_asked_once(self, store: WordingStore) -> None:
        inner = BatchingEngine()
        engine = RememberingEngine(inner, store, batch_size=2)
        assert texts(engine.complete(prompts("abac"))) == ["a|ab", "b|ab", "a|ab", "c|c"]
        assert inner.batches == [["a", "b"], ["c"]]
        assert (engine.calls, engine.reused) == (3, 1)

    def test_an_error_is_passed_on_and_asked_again_next_time(self, store: WordingStore) -> None:
        failing = RememberingEngine(BatchingEngine(fails="b"), store, batch_size=4)
        answers = failing.complete(prompts("ab"))
        assert [answer.error for answer in answers] == [None, "refused"]
        assert failing.calls == 2
        assert store.count() == 1

        healthy = RememberingEngine(BatchingEngine(), store, batch_size=4)
        assert texts(healthy.complete(prompts("ab"))) == ["a|ab", "b|ab"]
        assert store.count() == 2

    def test_progress_counts_distinct_requests_batch_by_batch(self, store: WordingStore) -> None:
        seen: list[tuple[int, int]] = []
        engine = RememberingEngine(
            BatchingEngine(), store, batch_size=2, progress=lambda done, total: seen.append((done, total))
        )
        engine.complete(prompts("abcab"))
        assert seen == [(2, 3), (3, 3)]

    def test_no_requests_make_no_call(self, store: WordingStore) -> None:
        inner = BatchingEngine()
        assert RememberingEngine(inner, store, batch_size=2).complete([]) == []
        assert inner.batches == []

    def test_it_speaks_for_its_engine_and_closes_it(self, store: WordingStore) -> None:
        inner = BatchingEngine()
        engine = RememberingEngine(inner, store, batch_size=2)
        assert engine.info == inner.info
        engine.close()
        assert inner.closed

    def test_a_batch_of_none_is_refused(self, store: WordingStore) -> None:
        with pytest.raises(ValueError, match="batch_size ≥ 1"):
            RememberingEngine(BatchingEngine(), store, batch_size=0)


REQUEST = ChatRequest(
    (ChatMessage("system", "s"), ChatMessage("user", "u")), 20, {"type": "object", "title": "t"}, ("\n",), "gems"
)
INFO = BatchingEngine().info


class TestRequestKey:
    @pytest.mark.parametrize(
        "other",
        [
            replace(REQUEST, messages=(ChatMessage("user", "s"), ChatMessage("user", "u"))),
            replace(REQUEST, messages=(ChatMessage("system", "su"),)),
            replace(REQUEST, max_tokens=21),
            replace(REQUEST, json_schema={"type": "array", "title": "t"}),
            replace(REQUEST, stop=()),
            replace(REQUEST, adapter=None),
        ],
    )
    def test_every_part_of_a_request_is_in_its_key(self, other: ChatRequest) -> None:
        assert request_key(INFO, other) != request_key(INFO, REQUEST)

    @pytest.mark.parametrize(
        "other",
        [
            replace(INFO, engine="x"),
            replace(INFO, base_model="x"),
            replace(INFO, adapter="x"),
            replace(INFO, adapter_version="2"),
            replace(INFO, settings={"dtype": "float32"}),
        ],
    )
    def test_so_is_what_the_engine_answers_with(self, other: EngineInfo) -> None:
        assert request_key(other, REQUEST) != request_key(INFO, REQUEST)

    def test_the_order_in_which_a_schema_is_written_does_not_matter(self) -> None:
        turned = replace(REQUEST, json_schema={"title": "t", "type": "object"})
        assert request_key(INFO, turned) == request_key(INFO, REQUEST)

    def test_trusting_the_engine_with_another_language_keeps_what_was_paid_for(self) -> None:
        info = replace(INFO, languages=frozenset({"en", "de"}))
        assert request_key(info, REQUEST) == request_key(INFO, REQUEST)


class TestWordingStore:
    def test_it_recalls_what_it_was_told_and_nothing_else(self, store: WordingStore) -> None:
        kept = ChatCompletion("Der Akku hält lange – „super“ 👍", 12, 7)
        assert store.remember({"k1": kept, "k2": ChatCompletion("", error="time-out")}) == 1
        assert store.recall(["k1", "k2", "k3"]) == {"k1": kept}
        assert store.recall([]) == {}

    def test_a_key_keeps_its_first_answer(self, store: WordingStore) -> None:
        store.remember({"k": ChatCompletion("first")})
        assert store.remember({"k": ChatCompletion("second"), "l": ChatCompletion("new")}) == 1
        assert store.recall(["k"])["k"].text == "first"

    def test_purge_all_leaves_no_copy_of_any_answer_on_disk(self, tmp_path: Path) -> None:
        def holding() -> list[str]:
            return [file.name for file in tmp_path.iterdir() if b"a secret of the reviewer" in file.read_bytes()]

        with closing(WordingStore(tmp_path / "wordings.db")) as store:
            store.remember({f"k{n}": ChatCompletion(f"{n}: a secret of the reviewer") for n in range(200)})
            assert holding()
            assert store.purge_all() == 200
            assert holding() == []
            assert store.count() == 0

    def test_purge_older_than_keeps_younger_answers(self, tmp_path: Path) -> None:
        now = [1000.0]
        with closing(WordingStore(tmp_path / "wordings.db", clock=lambda: now[0])) as store:
            store.remember({"old": ChatCompletion("old")})
            now[0] += 100
            store.remember({"young": ChatCompletion("young")})
            assert store.purge_older_than(50) == 1
            assert set(store.recall(["old", "young"])) == {"young"}
