"""Erasure in the source: what is there of a person, and its physical removal from our own database."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import orjson
import sqlalchemy as sa

from reviewsum_assets.resources.source_db import SourceDatabase
from reviewsum_assets.resources.source_tables import applied_events, dead_letters, moved_reviews, reviews

BATCH_ROWS = 2_000
KEYS_A_QUERY = 1_000

_USER_KEY = re.compile(r'"user_id"\s*:\s*"([0-9a-f]{32})"')
_TEXT = re.compile(r'"review_text"\s*:\s*"((?:[^"\\]|\\.)*)')
_REVIEW = re.compile(r'"review_id"\s*:\s*"?((?:[^"\\,}]|\\.)+)')


@dataclass(frozen=True, slots=True)
class SourceReview:
    """What an erasure needs of a review in the source."""

    review_id: str
    user_id: str
    product_id: str
    review_text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What an erasure needs of a dead letter."""

    id: str
    review_id: str | None
    product_id: str | None
    user_key: str | None
    """Keyed hash of the user, as it stands in the row that was kept."""
    raw: str

    @property
    def review_text(self) -> str:
        """The text within the row that was kept, if it can be told."""
        found = _TEXT.search(self.raw)
        if found is None:
            return ""
        try:
            return str(orjson.loads(f'"{found[1]}"'))
        except orjson.JSONDecodeError:
            return found[1]


def user_key_in(raw: str) -> str | None:
    """The keyed hash of the user in a row as a dead letter keeps it."""
    found = _USER_KEY.search(raw)
    return found[1] if found else None


def review_id_in(raw: str) -> str | None:
    """The review id in a row as it was received, even where the row is no JSON."""
    found = _REVIEW.search(raw)
    return found[1].strip() if found else None


class ErasableSource(Protocol):
    """A source as an erasure sees it: our own database, or a shop's table, in which nothing is ever changed."""

    place: str
    """What its reviews are called in reports."""
    stays: bool
    """Its rows are not ours to delete: tombstones alone keep them out."""

    @property
    def foreign_file(self) -> Path | None:
        """The SQLite file that is not ours to search, to compact or to change."""
        ...

    def reviews_of(self, user_ids: Collection[str], review_ids: Collection[str]) -> Iterator[SourceReview]:
        """Every row of these users and of these reviews, once, streamed."""
        ...

    def reviews_like(self, fits: Callable[[str, str], bool]) -> Iterator[SourceReview]:
        """The rows whose (review id, user id) fit; reads all of them."""
        ...

    def noted(self) -> Iterator[str]:
        """Ids of reviews that are noted beside the reviews themselves."""
        ...

    def letters(self) -> Iterator[Letter]:
        """All dead letters, streamed."""
        ...

    def delete(self, review_ids: Iterable[str], letter_ids: Iterable[str]) -> tuple[int, int]:
        """Delete rows; returns how many reviews and dead letters there were."""
        ...

    def vacuum(self) -> str:
        """Give the place of deleted rows free; returns what was done."""
        ...


class SourceErasure:
    """Finds and removes reviews and dead letters of our own database for good, marked as deleted or not."""

    place = "source: reviews"
    stays = False

    def __init__(self, source: SourceDatabase) -> None:
        self._source = source

    @property
    def foreign_file(self) -> Path | None:
        return None

    def reviews_of(self, user_ids: Collection[str], review_ids: Collection[str]) -> Iterator[SourceReview]:
        """The reviews of users and those named, each once, streamed."""
        users = set(user_ids)
        for portion in _portions(users):
            yield from self._reviews(reviews.c.user_id.in_(portion))
        for portion in _portions(review_ids):
            yield from (one for one in self._reviews(reviews.c.review_id.in_(portion)) if one.user_id not in users)

    def reviews_like(self, fits: Callable[[str, str], bool]) -> Iterator[SourceReview]:
        """The reviews whose (review id, user id) fit; reads all of them."""
        return (review for review in self._reviews(sa.true()) if fits(review.review_id, review.user_id))

    def noted(self) -> Iterator[str]:
        """Ids of reviews that events were applied to, or that left a day."""
        for table in (applied_events, moved_reviews):
            with self._source.reading() as connection:
                query = sa.select(table.c.review_id).distinct()
                yield from connection.execution_options(yield_per=BATCH_ROWS).scalars(query)

    def letters(self) -> Iterator[Letter]:
        """All dead letters, streamed."""
        query = sa.select(*(dead_letters.c[name] for name in ("id", "review_id", "product_id", "raw")))
        with self._source.reading() as connection:
            for identifier, review_id, product_id, raw in connection.execution_options(yield_per=BATCH_ROWS).execute(
                query.order_by(dead_letters.c.id)
            ):
                yield Letter(identifier, review_id or review_id_in(raw), product_id, user_key_in(raw), raw)

    def delete(self, review_ids: Iterable[str], letter_ids: Iterable[str]) -> tuple[int, int]:
        """Delete rows in one transaction; returns how many reviews and dead letters there were.

        The number of rows of their days changes, and with it the state that tells a refresh what is stale. What is
        noted of the reviews goes too: that an older event brings none back, the tombstone sees to.
        """
        deleted = [0, 0]
        ids = set(review_ids)
        with self._source.writing() as connection:
            for place, (column, keys) in enumerate(((reviews.c.review_id, ids), (dead_letters.c.id, letter_ids))):
                for portion in _portions(keys):
                    deleted[place] += connection.execute(sa.delete(column.table).where(column.in_(portion))).rowcount
            for table in (applied_events, moved_reviews):
                for portion in _portions(ids):
                    connection.execute(sa.delete(table).where(table.c.review_id.in_(portion)))
        return deleted[0], deleted[1]

    def vacuum(self) -> str:
        """On PostgreSQL: give the deleted rows' place free, where the role may; returns what was done.

        SQLite files are compacted with all others of the state folder.
        """
        if self._source.is_sqlite:
            return "compacted with the other SQLite files"
        tables = ", ".join(table.name for table in (reviews, dead_letters, applied_events, moved_reviews))
        try:
            with self._source.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"VACUUM {tables}")
        except sa.exc.DBAPIError as problem:
            return f"VACUUM failed: {str(problem.orig).splitlines()[0]}"
        return f"VACUUM of {tables}"

    def _reviews(self, where: sa.ColumnElement[bool]) -> Iterator[SourceReview]:
        columns = [reviews.c[name] for name in SourceReview.__dataclass_fields__]
        query = sa.select(*columns).where(where).order_by(reviews.c.review_id)
        with self._source.reading() as connection:
            for row in connection.execution_options(yield_per=BATCH_ROWS).execute(query):
                yield SourceReview(*row)


def _portions(keys: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), KEYS_A_QUERY):
        yield ordered[start : start + KEYS_A_QUERY]
