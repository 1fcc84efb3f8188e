"""Real servers for the tests of this room."""

from __future__ import annotations

from reviewsum_tests.resources.conftest import source_postgres_url

__all__ = ["source_postgres_url"]
