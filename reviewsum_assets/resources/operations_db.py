"""The operations database: what people decided and did, apart from the reviews themselves.

SQLite under the home, PostgreSQL by `REVIEWSUM_OPERATIONS_URL`. It holds the audit log, decisions on reviews that were
set aside, and the tombstones of erased people. It never holds a review's text or a user's id in the clear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from reviewsum_assets.resources.operations_tables import audit_entries, metadata
from reviewsum_assets.resources.sql_database import SqlDatabase, SqlDatabaseError

_WRITERS_LOCK = 0x5265_766F_7073
"""Key of PostgreSQL's advisory lock that writers of this schema hold to the end of their transaction."""


class OperationsError(SqlDatabaseError):
    """The operations database cannot be used; the message says what to do."""


@dataclass(frozen=True)
class AuditEntry:
    """Who did what to what, and when."""

    seq: int
    at: datetime
    actor: str
    action: str
    """`approve`, `reject`, `erase`, …"""
    subject: str
    """Review id, keyed hash of a user, product, …"""
    details: Mapping[str, object]
    """Numbers and reasons; never text of a review."""


class OperationsDatabase(SqlDatabase):
    """Transactions on the operations tables, and the audit log.

    A change and its audit entry belong in one transaction:

    >>> with operations.writing() as connection:  # doctest: +SKIP
    ...     connection.execute(change)
    ...     operations.audit(connection, actor="anna", action="approve", subject="R1", details={})
    """

    def __init__(self, url: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(
            url, metadata, setting="REVIEWSUM_OPERATIONS_URL", writers_lock=_WRITERS_LOCK, error=OperationsError
        )
        self.clock = clock

    def audit(
        self, connection: Connection, *, actor: str, action: str, subject: str, details: Mapping[str, object]
    ) -> None:
        """Append an entry within the transaction of what it tells of."""
        connection.execute(
            sa.insert(audit_entries).values(
                at=self.clock(),
                actor=actor,
                action=action,
                subject=subject,
                details=orjson.dumps(details, option=orjson.OPT_SORT_KEYS).decode(),
            )
        )

    def entries(self, *, subject: str | None = None, limit: int = 100) -> Iterator[AuditEntry]:
        """The newest entries first."""
        query = sa.select(audit_entries).order_by(audit_entries.c.seq.desc()).limit(limit)
        if subject is not None:
            query = query.where(audit_entries.c.subject == subject)
        with self.reading() as connection:
            for row in connection.execute(query).mappings():
                yield AuditEntry(**{**row, "details": orjson.loads(row["details"])})
