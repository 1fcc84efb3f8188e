"""Ids and categories that look like paths, partitions, filters or markup are names and nothing else, everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from reviewsum_assets.contracts.tables import ProductCatalog
from reviewsum_assets.opinions.departments import load_departments
from reviewsum_assets.resources.chunk_query import ChunkQuery
from reviewsum_assets.stages.catalog import CATALOG, build_catalog, categories_of, members_of
from reviewsum_assets.stages.ingest import ingest_day, source_days
from reviewsum_tests.fuzz.hostile_rows import FIRST, ODD_NAMES
from reviewsum_tests.fuzz.run import LAST_DAY, load, platform_at
from reviewsum_tests.resources.test_chunk_store import DAY, chunk, table

NOW = datetime(2026, 7, 12, tzinfo=UTC)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """One review for each odd name, which is its id, product, category and user."""
    path = tmp_path / "2026-07-10...2026-07-12|../x.jsonl".replace("/", "_")
    rows = [
        {
            "review_id": name,
            "product_id": name,
            "product_title": name,
            "category": name,
            "user_id": name,
            "star_rating": 4,
            "review_text": "Works well.",
            "created_at": FIRST.isoformat(),
        }
        for name in ODD_NAMES
    ]
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def test_odd_names_become_neither_folders_nor_partitions(tmp_path: Path, export: Path) -> None:
    platform = platform_at(tmp_path / "home")
    assert load(platform, export).loaded == len(ODD_NAMES)
    (day,) = source_days(platform, LAST_DAY).items()
    raw, rejected = ingest_day(platform, *day, LAST_DAY)
    assert (raw.rows, rejected.rows) == (len(ODD_NAMES), 0)
    build_catalog(platform)
    products = platform.lake.read(CATALOG, ProductCatalog)["product_id"].to_pylist()
    assert products == sorted(ODD_NAMES)
    slugs = set(load_departments().slugs)
    assert set(categories_of(platform)) <= slugs
    assert sorted(name for category in categories_of(platform) for name in members_of(platform, category)) == products
    folders = {str(path.relative_to(platform.settings.lake_dir)) for path in platform.settings.lake_dir.rglob("*")}
    assert {folder.split("/")[1] for folder in folders if "/" in folder} == {"2026-07-10", "all"}
    assert not [path for path in tmp_path.iterdir() if path.name not in ("home", export.name)]


def test_odd_names_in_filters_find_themselves_alone(tmp_path: Path) -> None:
    store = platform_at(tmp_path / "home").chunks
    rows = [chunk(name, product_id=name, category=name) for name in ODD_NAMES]
    store.replace_reviews(DAY, list(ODD_NAMES), table(*rows))
    for name in ODD_NAMES:
        assert store.search(ChunkQuery(product_ids=[name], limit=50))["review_id"].to_pylist() == [name]
        assert store.search(ChunkQuery(category=name, limit=50))["review_id"].to_pylist() == [name]
    store.replace_reviews(DAY, ["' OR 1=1"], table())
    assert store.count() == len(ODD_NAMES) - 1
