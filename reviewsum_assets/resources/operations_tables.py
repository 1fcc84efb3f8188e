"""Tables of the operations database, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa

from reviewsum_assets.resources.source_tables import UtcTime

metadata = sa.MetaData()

audit_entries = sa.Table(
    "audit_entries",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("actor", sa.String(255), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(255), nullable=False, index=True),
    sa.Column("details", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("review_id", sa.String(255), primary_key=True),
    sa.Column("verdict", sa.String(16), nullable=False),
    # The keyed hash of the text that was judged: an edited review is judged anew.
    sa.Column("text_hash", sa.String(64), nullable=False),
    sa.Column("day", sa.String(10), nullable=False, index=True),
    sa.Column("actor", sa.String(255), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)
"""The standing decision of a person on a review: `approved` counts, `rejected` is set aside, whatever the rules say."""

tombstones = sa.Table(
    "tombstones",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
)
"""Erased users and reviews by keyed hash: a re-load does not bring them back."""

erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("traces", sa.Text, nullable=False),
)
"""Erasures that are under way, each with what the proof looks for, as keyed hashes; a row goes when its proof holds."""
