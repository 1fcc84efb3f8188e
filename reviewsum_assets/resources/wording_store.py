"""What engines answered, kept by request: a killed run resumes without paying twice.

`RememberingEngine` stands before any `ChatEngine` and answers what was asked before from the store. The store holds
answers and hashes of requests, no prompts; an answer may still echo a review, so erasure empties it (`purge_all`).
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from reviewsum_assets.contracts.protocols import ChatCompletion, ChatEngine, ChatRequest, EngineInfo
from reviewsum_assets.resources.sqlite_file import SqliteFile

TABLE_VERSION = 1

SCHEMA = (
    """
    CREATE TABLE wordings (
        key TEXT NOT NULL PRIMARY KEY,
        text TEXT NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        answered_at REAL NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX wordings_answered_at ON wordings (answered_at)",
)


def request_key(info: EngineInfo, request: ChatRequest) -> str:
    """SHA-256, hex, over all that decides the answer: engine, model, adapter, settings and the request.

    The languages an engine is trusted with, and whether it gets whole plans, decide which requests are made and not
    how they are answered: they are left out, so that a change of them keeps what was paid for.
    """
    decides = {
        "engine": info.engine,
        "base_model": info.base_model,
        "adapter": info.adapter,
        "adapter_version": info.adapter_version,
        "settings": dict(info.settings),
        "request": asdict(request),
    }
    return hashlib.sha256(orjson.dumps(decides, option=orjson.OPT_SORT_KEYS)).hexdigest()


class WordingStore:
    """Completions by request key, in one SQLite file. A key keeps its first answer until it is purged.

    Args:
        path: The file.
        clock: Now, in epoch seconds.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._file = SqliteFile(path, schema=SCHEMA, version=TABLE_VERSION)
        self._clock = clock

    def recall(self, keys: Iterable[str]) -> dict[str, ChatCompletion]:
        """The completions of those keys that are known."""
        rows = self._file.connection().execute(
            "SELECT key, text, prompt_tokens, completion_tokens FROM wordings "
            "WHERE key IN (SELECT value FROM json_each(?))",
            (orjson.dumps(list(keys)).decode(),),
        )
        return {key: ChatCompletion(text, prompt, completion) for key, text, prompt, completion in rows}

    def remember(self, completions: Mapping[str, ChatCompletion]) -> int:
        """Keep completions in one transaction; returns how many were new. Failed ones are never kept."""
        now = self._clock()
        rows = [
            (key, answer.text, answer.prompt_tokens, answer.completion_tokens, now)
            for key, answer in completions.items()
            if answer.error is None
        ]
        with self._file.transaction() as connection:
            return max(
                0,
                connection.executemany(
                    "INSERT INTO wordings (key, text, prompt_tokens, completion_tokens, answered_at) "
                    "VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                    rows,
                ).rowcount,
            )

    def count(self) -> int:
        (rows,) = self._file.connection().execute("SELECT count(*) FROM wordings").fetchone()
        return int(rows)

    def purge_all(self) -> int:
        """Forget everything and leave no copy on disk: part of every erasure. Returns how many were forgotten."""
        with self._file.transaction() as connection:
            purged = connection.execute("DELETE FROM wordings").rowcount
        self._file.flush_deleted()
        return purged

    def purge_older_than(self, age_seconds: float) -> int:
        """Forget completions answered longer ago; returns how many."""
        with self._file.transaction() as connection:
            return connection.execute(
                "DELETE FROM wordings WHERE answered_at < ?", (self._clock() - age_seconds,)
            ).rowcount

    def close(self) -> None:
        self._file.close()


class RememberingEngine:
    """A `ChatEngine` that asks another one only what the store does not know.

    An answer of a batched model depends, in the last bits of its numbers, on what shared its batch. So batches are
    cut from the full list of distinct requests, known or not, and a batch with anything unknown is asked whole: an
    answer is the same whether or not an earlier run was killed on the way. A request that was answered before keeps
    its first answer even then. Each batch is saved in one transaction as it finishes.

    Args:
        engine: Who is asked.
        store: What was answered.
        batch_size: Distinct requests a batch: what a kill can cost. For an engine that batches by itself, a multiple
            of its own batch.
        whole_batches: False asks only the unknown requests of a batch: for engines behind a server, whose batches
            are not ours to fix.
        progress: Called after each batch with (done, total) distinct requests.

    Attributes:
        calls: Requests sent to the engine, failed ones included.
        reused: Requests of the caller that cost no call: known before, or repeated within one list.
        prompt_tokens: Tokens read by the engine in those calls.
        completion_tokens: Tokens written by it.
    """

    def __init__(
        self,
        engine: ChatEngine,
        store: WordingStore,
        *,
        batch_size: int,
        whole_batches: bool = True,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"a batch of {batch_size} requests cannot be asked: give batch_size ≥ 1")
        self._engine = engine
        self._store = store
        self._batch_size = batch_size
        self._whole_batches = whole_batches
        self._progress = progress
        self.calls = 0
        self.reused = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0

    @property
    def info(self) -> EngineInfo:
        return self._engine.info

    def complete(self, requests: Sequence[ChatRequest]) -> list[ChatCompletion]:
        """One completion a request, in order; an error is passed on and asked again next time."""
        info = self._engine.info
        keys = [request_key(info, request) for request in requests]
        distinct = dict(zip(keys, requests, strict=True))
        times_asked = Counter(keys)
        answers: dict[str, ChatCompletion] = {}
        order = list(distinct)
        for start in range(0, len(order), self._batch_size):
            batch = order[start : start + self._batch_size]
            known = self._store.recall(batch)
            unknown = [key for key in batch if key not in known]
            asked = batch if unknown and self._whole_batches else unknown
            fresh = self._ask({key: distinct[key] for key in asked}) if asked else {}
            self._store.remember({key: fresh[key] for key in unknown})
            answers |= fresh | known
            self.reused += sum(times_asked[key] for key in batch) - len(asked)
            if self._progress is not None:
                self._progress(start + len(batch), len(order))
        return [answers[key] for key in keys]

    def close(self) -> None:
        """Close the engine and the store."""
        self._engine.close()
        self._store.close()

    def _ask(self, requests: Mapping[str, ChatRequest]) -> dict[str, ChatCompletion]:
        completions = self._engine.complete(list(requests.values()))
        self.calls += len(requests)
        self.prompt_tokens += sum(completion.prompt_tokens for completion in completions)
        self.completion_tokens += sum(completion.completion_tokens for completion in completions)
        return dict(zip(requests, completions, strict=True))
