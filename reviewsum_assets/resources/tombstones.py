"""Tombstones: who was erased, by keyed hash, so that no door lets them in again; and erasures that are under way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from reviewsum_assets.resources.operations_db import OperationsDatabase
from reviewsum_assets.resources.operations_tables import audit_entries, decisions, erasures, tombstones
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.traces import Trace

USER = "user"
REVIEW = "review"
LETTER_USER = "letter_user"
"""A user as dead letters name them: rows are hashed before anyone knows which part of them is the user."""

KEYS_A_QUERY = 1_000


@dataclass
class Erased:
    """Who is being erased, by keyed hash, and what the proof looks for."""

    user_keys: set[str] = field(default_factory=set)
    letter_keys: set[str] = field(default_factory=set)
    """The users once more, as dead letters name them."""
    review_keys: set[str] = field(default_factory=set)
    product_ids: set[str] = field(default_factory=set)
    """Products that they reviewed: whose records are looked at."""
    traces: set[Trace] = field(default_factory=set)

    def __ior__(self, other: Erased) -> Erased:
        self.user_keys |= other.user_keys
        self.letter_keys |= other.letter_keys
        self.review_keys |= other.review_keys
        self.product_ids |= other.product_ids
        self.traces |= other.traces
        return self

    def to_json(self) -> str:
        document = {
            "users": sorted(self.user_keys),
            "letters": sorted(self.letter_keys),
            "reviews": sorted(self.review_keys),
            "products": sorted(self.product_ids),
            "traces": sorted((trace.to_list() for trace in self.traces), key=str),
        }
        return orjson.dumps(document).decode()

    @classmethod
    def from_json(cls, text: str) -> Erased:
        document = orjson.loads(text)
        return cls(
            set(document["users"]),
            set(document["letters"]),
            set(document["reviews"]),
            set(document["products"]),
            {Trace(*values) for values in document["traces"]},
        )


class Tombstones:
    """Tombstones and pending erasures in the operations database.

    Args:
        operations: The database.
        keyed_hash: Makes the keys.
    """

    def __init__(self, operations: OperationsDatabase, keyed_hash: KeyedHash) -> None:
        self._operations = operations
        self._hash = keyed_hash

    def erased(self, rows: Sequence[tuple[str | None, str | None]]) -> list[bool]:
        """Whether each row, as (review id, user id) in the clear, is of an erased review or user."""
        return self._any(
            [
                [*self._review(review_id), *([(USER, self._hash.user(user_id))] if user_id else [])]
                for review_id, user_id in rows
            ]
        )

    def erased_letters(self, rows: Sequence[tuple[str | None, str | None]]) -> list[bool]:
        """The same for dead letters, as (review id, user as the letter names them)."""
        return self._any(
            [[*self._review(review_id), *([(LETTER_USER, key)] if key else [])] for review_id, key in rows]
        )

    def count(self) -> int:
        with self._operations.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(tombstones)) or 0

    def _review(self, review_id: str | None) -> list[tuple[str, str]]:
        return [(REVIEW, self._hash.review(review_id))] if review_id else []

    def _any(self, keys: Sequence[Collection[tuple[str, str]]]) -> list[bool]:
        if not keys:
            return []
        known: set[tuple[str, str]] = set()
        with self._operations.reading() as connection:
            # Most platforms have erased nobody.
            if connection.execute(sa.select(tombstones.c.key).limit(1)).first() is None:
                return [False] * len(keys)
            for portion in _portions({key for row in keys for _, key in row}):
                query = sa.select(tombstones.c.kind, tombstones.c.key).where(tombstones.c.key.in_(portion))
                known.update((kind, key) for kind, key in connection.execute(query))
        return [any(key in known for key in row) for row in keys]

    # Erasures under way

    def start(self, key: str, erased: Erased, *, actor: str, counts: Mapping[str, int]) -> None:
        """Write the tombstones, remember what to prove, and forget what the operations database knows of the reviews.

        One transaction, with its audit entry. Started again, it keeps what it knew and adds what is new.
        """
        with self._operations.writing() as connection:
            old = connection.scalar(sa.select(erasures.c.traces).where(erasures.c.key == key))
            if old is not None:
                erased |= Erased.from_json(old)
            now = self._operations.clock()
            stones = [(USER, one) for one in sorted(erased.user_keys)]
            stones += [(LETTER_USER, one) for one in sorted(erased.letter_keys)]
            stones += [(REVIEW, one) for one in sorted(erased.review_keys)]
            if stones:
                values = [{"kind": kind, "key": stone, "at": now} for kind, stone in stones]
                connection.execute(self._insert(tombstones).on_conflict_do_nothing(), values)
            connection.execute(
                self._insert(erasures).on_conflict_do_update(
                    index_elements=[erasures.c.key], set_={"traces": erased.to_json()}
                ),
                [{"key": key, "started_at": now, "traces": erased.to_json()}],
            )
            forgotten = self._forget(connection, erased.review_keys)
            self._operations.audit(
                connection,
                actor=actor,
                action="erase started",
                subject=key,
                details={**counts, **forgotten},
            )

    def pending(self) -> dict[str, Erased]:
        """Erasures that were started and whose proof does not hold yet, by key."""
        with self._operations.reading() as connection:
            rows = connection.execute(sa.select(erasures.c.key, erasures.c.traces)).all()
        return {key: Erased.from_json(text) for key, text in rows}

    def finish(
        self, keys: Iterable[str], *, actor: str, action: str, details: Mapping[str, object], done: bool
    ) -> None:
        """Audit how an erasure came out; if it is done, forget what was searched for."""
        with self._operations.writing() as connection:
            for key in sorted(keys):
                self._operations.audit(connection, actor=actor, action=action, subject=key, details=details)
                if done:
                    connection.execute(sa.delete(erasures).where(erasures.c.key == key))

    def _forget(self, connection: Connection, review_keys: Collection[str]) -> dict[str, int]:
        """Delete decisions on the reviews, and name them by keyed hash in the audit log."""
        ids = [
            review_id
            for review_id in connection.scalars(sa.select(decisions.c.review_id))
            if self._hash.review(review_id) in review_keys
        ]
        for portion in _portions(ids):
            connection.execute(sa.delete(decisions).where(decisions.c.review_id.in_(portion)))
        subjects = [
            subject
            for subject in connection.scalars(sa.select(audit_entries.c.subject).distinct())
            if self._hash.review(subject) in review_keys
        ]
        for subject in subjects:
            here = audit_entries.c.subject == subject
            for seq, details in connection.execute(
                sa.select(audit_entries.c.seq, audit_entries.c.details).where(here)
            ).all():
                # A person's note may quote what they read.
                kept = {name: value for name, value in orjson.loads(details).items() if name != "note"}
                values = {"subject": self._hash.review(subject), "details": orjson.dumps(kept).decode()}
                connection.execute(sa.update(audit_entries).where(audit_entries.c.seq == seq).values(values))
        return {"decisions_deleted": len(ids), "audit_subjects_hashed": len(subjects)}

    def _insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        return sqlite.insert(table) if self._operations.is_sqlite else postgresql.insert(table)


def _portions(keys: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), KEYS_A_QUERY):
        yield ordered[start : start + KEYS_A_QUERY]
