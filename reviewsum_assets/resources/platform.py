"""The platform's resources by settings: each made once a process, at first use.

Assets, commands and benchmarks take a `Platform`; which backend stands behind each name is decided here and nowhere
else. Making a `Platform` is free: models and connections open when they are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from reviewsum_assets.contracts.protocols import Embedder, Source, SummaryCache, ToxicityScorer
from reviewsum_assets.opinions.aspects import AspectMatcher
from reviewsum_assets.opinions.departments import BUNDLED as BUNDLED_DEPARTMENTS
from reviewsum_assets.opinions.departments import Departments, load_departments
from reviewsum_assets.opinions.polarity import PolarityHead
from reviewsum_assets.opinions.taxonomy import Taxonomy, load_taxonomy
from reviewsum_assets.resources.changed_products import ChangedProducts
from reviewsum_assets.resources.chunk_store import ChunkStore
from reviewsum_assets.resources.decisions import DecisionStore
from reviewsum_assets.resources.embedder import make_embedder
from reviewsum_assets.resources.engines import make_engine
from reviewsum_assets.resources.event_source import EventSource
from reviewsum_assets.resources.lake import Lake
from reviewsum_assets.resources.operations_db import OperationsDatabase
from reviewsum_assets.resources.secrets import hashing_key
from reviewsum_assets.resources.shop_table import ShopTable
from reviewsum_assets.resources.shop_table_erasure import ShopTableErasure
from reviewsum_assets.resources.source_engine import SourceError
from reviewsum_assets.resources.source_erasure import ErasableSource, SourceErasure
from reviewsum_assets.resources.summary_cache import make_cache
from reviewsum_assets.resources.tombstones import Tombstones
from reviewsum_assets.resources.toxicity import make_toxicity
from reviewsum_assets.resources.wording_store import RememberingEngine, WordingStore
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.redaction import Redactor
from reviewsum_assets.settings import Settings, get_settings
from reviewsum_assets.summaries.verifying import Verifier
from reviewsum_assets.summaries.writing import SummaryWriter

BATCHES_REMEMBERED = 4
"""Engine batches that are saved together: several, so that the engine can sort prompts by length among them."""


@dataclass(frozen=True)
class LlmUsage:
    """Calls and tokens of a language model."""

    calls: int = 0
    reused: int = 0
    """Requests answered from the wording store."""
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def __sub__(self, other: LlmUsage) -> LlmUsage:
        return LlmUsage(
            self.calls - other.calls,
            self.reused - other.reused,
            self.prompt_tokens - other.prompt_tokens,
            self.completion_tokens - other.completion_tokens,
        )


class ProgressWatcher(Protocol):
    """Who shows progress: the command line, in bars."""

    def advance(self, task: str, items: int) -> None:
        """So many more items of a task are done."""
        ...

    def reached(self, task: str, done: int, total: int) -> None:
        """A task stands at `done` of `total`."""
        ...


class Platform:
    """Resources of one state folder.

    | name | embedded | production |
    |---|---|---|
    | `source` | SQLite under the home | PostgreSQL by `REVIEWSUM_SOURCE_URL`, or the shop's table in it |
    | `operations` | SQLite under the home | PostgreSQL by `REVIEWSUM_OPERATIONS_URL` |
    | `lake` | Parquet under the home | the same, on a shared volume |
    | `chunks` | LanceDB under the home | the same, on a shared volume |
    | `embedder` | universal sentence encoder in process | the same |
    | `toxicity` | head on the embedder's vectors | Detoxify beside it |
    | `engine` | SmolLM2 by transformers | vLLM, or any OpenAI-compatible server |
    | `cache` | SQLite under the home | DynamoDB |
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or get_settings()
        self._polarity: tuple[int | None, PolarityHead] | None = None
        self.watcher: ProgressWatcher | None = None

    @cached_property
    def source(self) -> Source:
        """Where reviews are read from."""
        settings = self.settings
        if settings.source_table:
            return ShopTable(settings.source_database_url, settings.source_table, settings.source_columns)
        return self.source_database

    @cached_property
    def source_database(self) -> EventSource:
        """Our own table, which takes reviews too.

        Raises:
            SourceError: where a shop's table is the source.
        """
        if table := self.settings.source_table:
            raise SourceError(
                f"the source is the shop's own table {table}, which is never written: unset REVIEWSUM_SOURCE_TABLE to "
                "load reviews into our own"
            )
        self.settings.root.mkdir(parents=True, exist_ok=True)
        source = EventSource(self.settings.source_database_url)
        source.create()
        return source

    @cached_property
    def source_erasure(self) -> ErasableSource:
        """The source as an erasure sees it: rows of ours can be deleted, a shop's are only found."""
        source = self.source
        return ShopTableErasure(source) if isinstance(source, ShopTable) else SourceErasure(self.source_database)

    @cached_property
    def operations(self) -> OperationsDatabase:
        self.settings.root.mkdir(parents=True, exist_ok=True)
        operations = OperationsDatabase(self.settings.operations_database_url)
        operations.create()
        return operations

    @cached_property
    def tombstones(self) -> Tombstones:
        return Tombstones(self.operations, self.keyed_hash)

    @cached_property
    def decisions(self) -> DecisionStore:
        """What people decided on reviews that were set aside, or that count."""
        return DecisionStore(self.operations)

    @cached_property
    def lake(self) -> Lake:
        return Lake(self.settings.lake_dir)

    @cached_property
    def chunks(self) -> ChunkStore:
        return ChunkStore(self.settings.lancedb_dir)

    @cached_property
    def embedder(self) -> Embedder:
        settings = self.settings
        return make_embedder(settings.embedder, settings.threads, settings.embedding_batch_size)

    @cached_property
    def engine(self) -> RememberingEngine | None:
        """The writer, answering what it was asked before from the wording store; None: the template writes."""
        engine = make_engine(self.settings)
        if engine is None:
            return None
        return RememberingEngine(
            engine,
            self.wordings,
            batch_size=BATCHES_REMEMBERED * self.settings.llm_batch_size,
            whole_batches=self.settings.engine != "openai",
            progress=self._wrote,
        )

    def progress(self, task: str) -> Callable[[int], None] | None:
        """A function that tells the watcher how many more items of a task are done; None where no one watches."""
        watcher = self.watcher
        return None if watcher is None else lambda done: watcher.advance(task, done)

    def _wrote(self, done: int, total: int) -> None:
        if self.watcher is not None:
            self.watcher.reached("sentences written", done, total)

    @cached_property
    def verifier(self) -> Verifier:
        return Verifier(
            self.embedder.embed,
            self.aspects,
            self.polarity,
            personal_types=lambda text: self.redactor.redact(text).types,
        )

    @cached_property
    def writer(self) -> SummaryWriter:
        return SummaryWriter(self.taxonomy, self.verifier, self.engine)

    def llm_usage(self) -> LlmUsage:
        """What this process has asked of the language model so far."""
        engine = self.__dict__.get("engine")
        if engine is None:
            return LlmUsage()
        return LlmUsage(engine.calls, engine.reused, engine.prompt_tokens, engine.completion_tokens)

    @cached_property
    def wordings(self) -> WordingStore:
        return WordingStore(self.settings.cache_dir / "wordings.db")

    @cached_property
    def cache(self) -> SummaryCache:
        return make_cache(self.settings)

    @cached_property
    def changes(self) -> ChangedProducts:
        return ChangedProducts(self.settings.root / "changed_products.db")

    @cached_property
    def keyed_hash(self) -> KeyedHash:
        return KeyedHash(hashing_key(self.settings))

    @cached_property
    def redactor(self) -> Redactor:
        return Redactor(ner=self.settings.pii_ner == "on")

    def redacted(self, text: str) -> str:
        """The text without personal data."""
        return self.redactor.redact(text).text

    @cached_property
    def toxicity(self) -> ToxicityScorer:
        return make_toxicity(self.settings)

    @cached_property
    def departments(self) -> Departments:
        return load_departments(self.settings.departments_file)

    @cached_property
    def departments_version(self) -> str:
        """Hash of the map from leaf categories to departments: its change moves products."""
        path = self.settings.departments_file or BUNDLED_DEPARTMENTS
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12]

    @cached_property
    def taxonomy(self) -> Taxonomy:
        return load_taxonomy()

    @cached_property
    def aspects(self) -> AspectMatcher:
        return AspectMatcher(self.taxonomy, self.embedder.embed)

    @property
    def polarity_file(self) -> Path:
        """Where the head trained on the platform's own stars is kept."""
        return self.settings.models_dir / "polarity_head.npz"

    @property
    def polarity(self) -> PolarityHead:
        """The head trained on the platform's own stars, or the bundled one until there is one.

        Looked up at each use: a run that trains the head uses it in its next step.
        """
        changed = self.polarity_file.stat().st_mtime_ns if self.polarity_file.exists() else None
        if self._polarity is None or self._polarity[0] != changed:
            self._polarity = (changed, PolarityHead.load(self.polarity_file if changed else None))
        return self._polarity[1]
