"""What the logic asks of the outside world: small protocols that `resources` implements.

Each protocol has an embedded and a production implementation, and one contract test suite that both pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from reviewsum_assets.contracts.records import SummaryRecord
from reviewsum_assets.contracts.source import RejectedRow, SourceChanges

Vectors = NDArray[np.float32]
"""Unit vectors, shape (n, dimensions)."""


class Embedder(Protocol):
    """Turns sentences into unit vectors."""

    @property
    def name(self) -> str:
        """Model and version: part of the key of every stored vector."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), dimensions), float32; the same text, the same vector."""
        ...


class ToxicityScorer(Protocol):
    """Judges whether sentences abuse people."""

    @property
    def version(self) -> str:
        """Model and weights: part of what a cleaned review depends on."""
        ...

    def score(self, vectors: Vectors, texts: Sequence[str]) -> NDArray[np.float32]:
        """Probabilities that the texts abuse people, shape (len(texts),).

        Args:
            vectors: Unit vectors of the texts by the platform's embedder, shape (len(texts), dimensions).
            texts: Sentences.

        Raises:
            ValueError: if there are not as many vectors as texts.
        """
        ...


@dataclass(frozen=True)
class ChatMessage:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class ChatRequest:
    """One prompt for a chat model.

    Where the last message is the assistant's, it is the beginning of the answer: the engine continues it, and the
    completion's text begins with it.
    """

    messages: tuple[ChatMessage, ...]
    max_tokens: int
    json_schema: Mapping[str, Any] | None = None
    """Schema that the answer must follow, for engines that can be held to one."""
    stop: tuple[str, ...] = ()
    adapter: str | None = None
    """LoRA adapter that answers; None: the base model."""
    allowed_words: tuple[str, ...] = ()
    """Words that the answer may use, for engines that can be held to them; empty: any."""
    copy_from: tuple[str, ...] = ()
    """Texts whose wording the answer should keep to, for engines that can be drawn to it."""


@dataclass(frozen=True)
class ChatCompletion:
    """The answer to one request; `error` says why there is none."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    error: str | None = None


@dataclass(frozen=True)
class EngineInfo:
    """What a record says about the engine that wrote it."""

    engine: str
    base_model: str
    languages: frozenset[str]
    """Languages that the model writes well enough to be asked; the template writes the others."""
    whole_plan: bool
    """Large models get the whole plan at once, small ones one opinion at a time."""
    adapter: str | None = None
    adapter_version: str | None = None
    settings: Mapping[str, str | int | float | bool] = field(default_factory=dict)


class ChatEngine(Protocol):
    """A language model. Deterministic: greedy decoding, and batches whose make-up depends on the requests alone."""

    @property
    def info(self) -> EngineInfo: ...

    def complete(self, requests: Sequence[ChatRequest]) -> list[ChatCompletion]:
        """One completion a request, in order. A request that fails for good yields a completion with `error`."""
        ...

    def close(self) -> None: ...


class SummaryCache(Protocol):
    """Published records by (product, locale, variant), each with a time to live."""

    def put(self, records: Iterable[SummaryRecord], ttl_seconds: int) -> int:
        """Write or replace records; returns how many. All are written or an error is raised."""
        ...

    def get(self, product_id: str, locale: str, variant: str) -> SummaryRecord | None:
        """The record, or None where there is none or its time has run out."""
        ...

    def delete(self, keys: Iterable[tuple[str, str, str]]) -> int:
        """Remove records by (product, locale, variant); returns how many keys were asked for."""
        ...

    def extend(self, keys: Iterable[tuple[str, str, str]], ttl_seconds: int) -> int:
        """Give records a new time to live from now, without rewriting them; missing keys are left out of the count."""
        ...

    def keys(self) -> Iterator[tuple[str, str, str]]:
        """All keys whose time has not run out."""
        ...

    def count(self) -> int: ...


@dataclass(frozen=True)
class SourceDay:
    """State of one day of the source: equal states mean equal rows."""

    day: str
    rows: int
    dead_letters: int
    changed_at: datetime | None
    checksum: str = ""
    """Over all rows of the day, deleted ones too: tells what the other fields do not, such as a row that was written
    with an older time than its neighbours, or that was physically removed."""

    def state(self) -> str:
        changed_at = self.changed_at.isoformat() if self.changed_at else ""
        return f"{self.rows}:{self.dead_letters}:{changed_at}:{self.checksum}"


class Source(Protocol):
    """Where reviews are read from: our own table, or a shop's.

    Days are UTC days of `created_at`; older rows count to `first_day`, newer ones to `last_day`.
    """

    @property
    def address(self) -> str:
        """Database and table, without its password."""
        ...

    @property
    def kind(self) -> str:
        """What stands behind it and how changes are found, for people."""
        ...

    def days(self, first_day: date, last_day: date) -> list[SourceDay]:
        """State of each day that has or had rows, in order; days without any are left out."""
        ...

    def changed_days(self, since: datetime, first_day: date, last_day: date) -> list[str]:
        """Days with a row changed, deleted or added at or after `since`; all days where the source keeps no times."""
        ...

    def changes(self, cursor: str | None, first_day: date, last_day: date) -> SourceChanges:
        """Days that changed since the cursor was made, and the next one; without a cursor all days that have rows."""
        ...

    def values_of(
        self, day: date | str, first_day: date, last_day: date, batch_size: int = 2_000
    ) -> Iterator[list[dict[str, object]]]:
        """The live rows of a day by `review_id`, streamed: values by field as the source holds them, unjudged."""
        ...

    def dead_letters_of(
        self, day: date | str, first_day: date, last_day: date, batch_size: int = 2_000
    ) -> Iterator[RejectedRow]:
        """Rows of a day that were refused before they came into the source."""
        ...

    def count(self) -> int:
        """Live reviews."""
        ...

    def ping(self) -> str:
        """Name and version of the database."""
        ...

    def close(self) -> None: ...
