"""People's decisions on reviews, in the operations database: the one that stands, and the audit log of all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from reviewsum_assets.contracts.decisions import Decision, Ruling
from reviewsum_assets.resources.operations_db import AuditEntry, OperationsDatabase
from reviewsum_assets.resources.operations_tables import audit_entries, decisions

ACTIONS: Mapping[Ruling, str] = {"approved": "approve", "rejected": "reject"}
UNDO = "undo"

_IDS_A_QUERY = 500


class DecisionStore:
    """Standing decisions by review. Each change is one transaction with its audit entries: all of it, or nothing."""

    def __init__(self, operations: OperationsDatabase) -> None:
        self._operations = operations

    def decide(
        self, verdict: Ruling, texts: Mapping[str, tuple[str, str]], *, actor: str, note: str = ""
    ) -> tuple[str, ...]:
        """Decide on reviews; a decision that stood on one is replaced.

        Args:
            verdict: The decision.
            texts: Review id → (day, hash of the text that was judged).
            actor: Who decides.
            note: Why, for the audit log.

        Returns:
            The reviews whose decision changed, sorted: one on the same text that said so already is left alone.
        """
        changed = []
        with self._operations.writing() as connection:
            standing = {decision.review_id: decision for decision in _read(connection, texts)}
            for review_id, (day, text_hash) in sorted(texts.items()):
                before = standing.get(review_id)
                if before and (before.verdict, before.text_hash, before.day) == (verdict, text_hash, day):
                    continue
                changed.append(review_id)
                values = {
                    "verdict": verdict,
                    "text_hash": text_hash,
                    "day": day,
                    "actor": actor,
                    "note": note,
                    "at": self._operations.clock(),
                }
                if before:
                    connection.execute(sa.update(decisions).where(decisions.c.review_id == review_id).values(values))
                else:
                    connection.execute(sa.insert(decisions).values(review_id=review_id, **values))
                details = {"day": day, "note": note, "before": before.verdict if before else None}
                self._operations.audit(
                    connection, actor=actor, action=ACTIONS[verdict], subject=review_id, details=details
                )
        return tuple(changed)

    def undo(self, review_ids: Iterable[str], *, actor: str, note: str = "") -> tuple[str, ...]:
        """Take back the decisions on reviews; the rules decide again. Returns the reviews, sorted.

        Raises:
            LookupError: there is no decision on one of them; then none is taken back.
        """
        wanted = sorted(set(review_ids))
        with self._operations.writing() as connection:
            standing = {decision.review_id: decision for decision in _read(connection, wanted)}
            if missing := [review_id for review_id in wanted if review_id not in standing]:
                raise LookupError(f"no decision on review {missing[0]!r}: see `reviewsum review-queue history`")
            for review_id in wanted:
                before = standing[review_id]
                connection.execute(sa.delete(decisions).where(decisions.c.review_id == review_id))
                details = {"day": before.day, "note": note, "before": before.verdict}
                self._operations.audit(connection, actor=actor, action=UNDO, subject=review_id, details=details)
        return tuple(wanted)

    def of_day(self, day: str) -> dict[str, Decision]:
        """Standing decisions on a day's reviews, by review id, sorted."""
        query = sa.select(decisions).where(decisions.c.day == day).order_by(decisions.c.review_id)
        with self._operations.reading() as connection:
            return {row["review_id"]: Decision(**row) for row in connection.execute(query).mappings()}

    def of(self, review_ids: Iterable[str]) -> dict[str, Decision]:
        """Standing decisions on these reviews."""
        with self._operations.reading() as connection:
            return {decision.review_id: decision for decision in _read(connection, review_ids)}

    def version(self, day: str) -> str:
        """Hash of what the day's decisions do: equal where cleaning would come out equal. Empty without any."""
        effects = [[decision.review_id, decision.verdict, decision.text_hash] for decision in self.of_day(day).values()]
        # Sorted here: databases sort text each in its own way.
        return hashlib.sha256(orjson.dumps(sorted(effects))).hexdigest()[:16] if effects else ""

    def history(self, review_id: str | None = None, limit: int = 100) -> list[AuditEntry]:
        """What was decided and taken back, newest first; of one review or of all."""
        query = sa.select(audit_entries).where(audit_entries.c.action.in_([*ACTIONS.values(), UNDO]))
        if review_id is not None:
            query = query.where(audit_entries.c.subject == review_id)
        with self._operations.reading() as connection:
            rows = connection.execute(query.order_by(audit_entries.c.seq.desc()).limit(limit)).mappings()
            return [AuditEntry(**{**row, "details": orjson.loads(row["details"])}) for row in rows]


def _read(connection: Connection, review_ids: Iterable[str]) -> Iterator[Decision]:
    for batch in _batches(sorted(set(review_ids))):
        query = sa.select(decisions).where(decisions.c.review_id.in_(batch))
        for row in connection.execute(query).mappings():
            yield Decision(**row)


def _batches(review_ids: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(review_ids)
    while batch := list(islice(rest, _IDS_A_QUERY)):
        yield batch
