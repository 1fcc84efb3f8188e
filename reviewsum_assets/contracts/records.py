"""Records that pass between rooms and reach readers: opinions, plans, claims, the summary record.

Pydantic models, frozen: a record is made once and replaced whole. Offsets count Unicode code points of the cleaned
text; shares are fractions of `review_count` in 0–1; times are UTC.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

LOCALES: tuple[str, ...] = ("en", "de", "fr", "es", "it", "nl")
"""The six languages of the shop: the order in which records are written and shown."""

Polarity = Literal["positive", "negative", "mixed"]
"""Polarity of a review on an aspect; `mixed`: it says both."""

ClaimPolarity = Literal["positive", "negative"]

Quantity = Literal["a_few", "several", "many", "most"]
"""The quantity word that a claim may use. It comes from the share, never from a model."""

Balance = Literal["clearly_positive", "positive", "divided", "negative", "clearly_negative"]
"""How the reviews as a whole come out, from the stars. It decides the first sentence of the paragraph."""

OVERALL = "overall"
"""The aspect of the review as a whole; its polarity is read from the stars (4–5, 3, 1–2)."""

DEFAULT_VARIANT = "champion"


class Record(BaseModel):
    """Base of all records: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> bytes:
        """Canonical JSON: sorted keys, so that equal records are equal bytes."""
        return orjson.dumps(self.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)


class Citation(Record):
    """An exact span of a cleaned review: `quote == cleaned_text[start:end]`."""

    review_id: str
    quote: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Evidence(Record):
    """A quotable chunk with what a reader and the verifier want to know of its review."""

    review_id: str
    chunk_id: str
    quote: str
    start: int
    end: int
    language: str
    star_rating: int
    helpful_votes: int
    verified_purchase: bool
    created_at: datetime
    aspects: tuple[str, ...] = ()
    """Aspects that the chunk speaks of; empty: not known."""

    def citation(self) -> Citation:
        return Citation(review_id=self.review_id, quote=self.quote, start=self.start, end=self.end)


class PlannedOpinion(Record):
    """One opinion that the summary states: what, how many, and the quotes that show it."""

    aspect: str
    polarity: ClaimPolarity
    support: int
    share: float
    quantity: Quantity
    evidence: tuple[Evidence, ...]


class SummaryPlan(Record):
    """What a summary will state, decided by counts before any word is written. Independent of the locale."""

    product_id: str
    category: str
    review_count: int
    set_aside: dict[str, int]
    as_of: datetime | None
    positive_share: float
    """Share of counted reviews with 4 or 5 stars."""
    negative_share: float
    """Share of counted reviews with 1 or 2 stars."""
    pros: tuple[PlannedOpinion, ...]
    cons: tuple[PlannedOpinion, ...]
    balance: Balance | None = None
    """Verdict of the stars with hysteresis; None: read from the two shares alone."""
    unstated: dict[str, str] = Field(default_factory=dict)
    """Opinions that passed the floor and yet are not stated: `aspect/polarity` to the reason."""

    def wording_key(self) -> str:
        """SHA-256 over what decides the words: aspects, polarity, quantity word, order, quotes — not the counts."""
        words = [
            [o.aspect, o.polarity, o.quantity, [[e.review_id, e.start, e.end, e.quote] for e in o.evidence]]
            for o in (*self.pros, *self.cons)
        ]
        return hashlib.sha256(orjson.dumps([self.product_id, words])).hexdigest()


class Sentence(Record):
    """A sentence of the paragraph with the spans that support it."""

    text: str
    citations: tuple[Citation, ...]
    written_by: Literal["model", "template"] = "template"


class Claim(Record):
    """A pro or a con: the sentence, the count behind it and the quotes that show it."""

    aspect: str
    text: str
    support: int
    share: float
    citations: tuple[Citation, ...]
    written_by: Literal["model", "template"] = "template"
    quantity: Quantity | None = None
    """The quantity word that the text uses: the next plan keeps it while the share stays near."""


class Generator(Record):
    """What wrote the record."""

    engine: str
    base_model: str | None = None
    adapter: str | None = None
    adapter_version: str | None = None
    prompt_version: str
    settings: dict[str, str | int | float | bool] = Field(default_factory=dict)


class Attempt(Record):
    """The last try at a record: `ok`, `failed` (the last good record stands) or `withheld`."""

    status: Literal["ok", "failed", "withheld"]
    reason: str | None = None
    at: datetime


class Lineage(Record):
    """Where the record came from: the Dagster run and the data versions it read."""

    run_id: str | None = None
    data_versions: dict[str, str] = Field(default_factory=dict)


class SummaryRecord(Record):
    """The published record of one product in one locale and variant."""

    product_id: str
    product_title: str = ""
    category: str
    locale: str
    variant: str = DEFAULT_VARIANT
    status: Literal["published", "withheld"]
    reason: str | None = None
    attempt: Attempt
    summary: tuple[Sentence, ...] = ()
    pros: tuple[Claim, ...] = ()
    cons: tuple[Claim, ...] = ()
    balance: Balance | None = None
    """The verdict that the paragraph opens with: the next plan keeps it while the stars stay near."""
    review_count: int
    set_aside: dict[str, int] = Field(default_factory=dict)
    """Reviews kept but not counted, by reason."""
    as_of: datetime | None = None
    """Time of the newest review that is counted."""
    fingerprint: str
    disclosure: str
    generator: Generator
    scores: dict[str, float] = Field(default_factory=dict)
    """Only scores that were computed: an absent score was not computed."""
    lineage: Lineage = Field(default_factory=Lineage)

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.product_id, self.locale, self.variant)


class DeadLetter(Record):
    """A row that could not be taken, with a reason that a person understands. Its text is redacted before storage."""

    origin: str
    """Where it came from, for example `reviews.jsonl.gz:42`."""
    reason_code: str
    reason: str
    review_id: str | None = None
    product_id: str | None = None
    raw: str
    """The row as read, cut to 4,000 characters; redacted before it is stored."""
