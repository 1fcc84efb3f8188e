"""The operations database on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from reviewsum_assets.resources.operations_db import OperationsDatabase, OperationsError
from reviewsum_assets.resources.operations_tables import metadata, tombstones

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def operations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OperationsDatabase]:
    url = f"sqlite:///{tmp_path}/operations.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("source_postgres_url")
    database = OperationsDatabase(url, clock=lambda: NOW)
    database.create()
    yield database
    metadata.drop_all(database.engine)
    database.close()


def test_a_change_and_its_audit_entry_are_kept_together_or_not_at_all(operations: OperationsDatabase) -> None:
    with operations.writing() as connection:
        connection.execute(sa.insert(tombstones).values(kind="review", key="k1", at=NOW))
        operations.audit(connection, actor="anna", action="erase", subject="k1", details={"rows": 3})

    def killed() -> None:
        with operations.writing() as connection:
            connection.execute(sa.insert(tombstones).values(kind="review", key="k2", at=NOW))
            operations.audit(connection, actor="anna", action="erase", subject="k2", details={})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    with operations.reading() as connection:
        assert connection.scalars(sa.select(tombstones.c.key)).all() == ["k1"]
    (entry,) = operations.entries()
    assert (entry.actor, entry.action, entry.subject, entry.at, entry.details) == (
        "anna",
        "erase",
        "k1",
        NOW,
        {"rows": 3},
    )


def test_entries_come_newest_first_and_by_subject(operations: OperationsDatabase) -> None:
    for subject in ("a", "b", "a"):
        with operations.writing() as connection:
            operations.audit(connection, actor="x", action="approve", subject=subject, details={})
    assert [entry.subject for entry in operations.entries()] == ["a", "b", "a"]
    seqs = [entry.seq for entry in operations.entries(subject="a")]
    assert len(seqs) == 2
    assert seqs[0] > seqs[1]


def test_a_url_that_is_none_says_what_to_write() -> None:
    with pytest.raises(OperationsError, match="REVIEWSUM_OPERATIONS_URL is no usable database URL"):
        OperationsDatabase("nonsense")
