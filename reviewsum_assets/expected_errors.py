"""Errors whose message tells a person what to do: the command line prints them as one line."""

from __future__ import annotations

import pandera.errors

from reviewsum_assets.refresh_report import RefreshError
from reviewsum_assets.resources.lake import LakeError
from reviewsum_assets.resources.landing_zone import LandingError
from reviewsum_assets.resources.secrets import SecretError
from reviewsum_assets.resources.source_db import SourceError
from reviewsum_assets.resources.sql_database import SqlDatabaseError
from reviewsum_assets.resources.summary_cache import SummaryCacheError
from reviewsum_assets.resources.writer_lock import WriterLockTimeoutError
from reviewsum_assets.reviews.exports import ExportError
from reviewsum_assets.reviews.redaction import NerModelMissingError

EXPECTED: tuple[type[Exception], ...] = (
    ExportError,
    FileNotFoundError,
    LakeError,
    LandingError,
    LookupError,
    NerModelMissingError,
    PermissionError,
    RefreshError,
    SecretError,
    SourceError,
    SqlDatabaseError,
    SummaryCacheError,
    ValueError,
    WriterLockTimeoutError,
    pandera.errors.SchemaErrors,
)
