"""What passes between a review export, its validator and the source database: rows, rejected rows, counts.

The validator is logic and the database a resource, so what both speak of is named here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import orjson

REQUIRED_FIELDS: tuple[str, ...] = (
    "review_id",
    "product_id",
    "product_title",
    "category",
    "user_id",
    "star_rating",
    "review_text",
    "created_at",
)
"""Fields that every row of a review export has."""

OPTIONAL_FIELDS: tuple[str, ...] = ("helpful_votes", "verified_purchase", "locale")
"""Fields that a row may have; absent means unknown."""

EXPORT_FIELDS: tuple[str, ...] = REQUIRED_FIELDS + OPTIONAL_FIELDS


DEAD_LETTER_KEY = "_dead_letter"
"""Field of a corrected row that names the dead letter it mends."""

DEAD_LETTER_FIELDS: tuple[str, ...] = (DEAD_LETTER_KEY, "_origin", "_day", "_reason_code", "_reason", "_raw")
"""What an exported dead letter tells beside the row's own fields; none of it is a review's."""

GUESSED = "(guessed)"
"""Mark in what is kept of a row whose fields could not be told apart for certain."""

CUT = "(cut)"
"""Mark in what is kept of a row that was too long to be kept whole."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One valid review as the source holds it: clear text, typed, `created_at` in UTC."""

    review_id: str
    product_id: str
    product_title: str
    category: str
    """Leaf category as the shop names it."""
    user_id: str
    star_rating: int
    review_text: str
    created_at: datetime
    helpful_votes: int | None = None
    verified_purchase: bool | None = None
    locale: str | None = None
    """`de` or `de_DE` where it has that form, else as the source states it."""

    def content_hash(self) -> str:
        """SHA-256 (hex) over all fields: equal hashes mean that nothing of the review changed."""
        fields = [
            self.review_id,
            self.product_id,
            self.product_title,
            self.category,
            self.user_id,
            self.star_rating,
            self.review_text,
            self.created_at,
            self.helpful_votes,
            self.verified_purchase,
            self.locale,
        ]
        return hashlib.sha256(orjson.dumps(fields)).hexdigest()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A dead letter as it is stored: text redacted, with a keyed hash of the row as received."""

    origin: str
    """Where the row came from: `reviews.jsonl.gz:42`."""
    original_hash: str
    reason_code: str
    reason: str
    raw: str
    """The row, personal data redacted, cut to 4,000 characters."""
    review_id: str | None = None
    product_id: str | None = None
    created_at: datetime | None = None
    """The review's own time (UTC) where it could be read: it decides the day of the dead letter."""

    @property
    def key(self) -> str:
        return dead_letter_key(self.origin, self.original_hash)


@dataclass(frozen=True, slots=True)
class DeadLetterEntry:
    """A dead letter as it is listed and exported."""

    key: str
    origin: str
    reason_code: str
    reason: str
    raw: str
    day: str
    """Partition day by the review's own time, or the day it was received, YYYY-MM-DD."""
    review_id: str | None = None
    product_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetterFilter:
    """Which dead letters: those that fit everything that is given."""

    reason_code: str | None = None
    origin: str | None = None
    """A file's name, or a file and line."""
    day: str | None = None
    product_id: str | None = None


@dataclass(frozen=True, slots=True)
class UpsertCounts:
    """What became of a batch; both together are the rows given."""

    loaded: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """What a look at the source with a cursor found."""

    days: tuple[str, ...]
    """Days to look at again, in order. A day may be named that ends up equal; one that changed is not left out."""
    cursor: str
    """For the next look: JSON, its size by the days in it and never by their rows."""


def dead_letter_key(origin: str, original_hash: str) -> str:
    """Key of a dead letter: the same row of the same file again has the same key, however well it was redacted."""
    return hashlib.sha256(f"{origin}\0{original_hash}".encode()).hexdigest()
