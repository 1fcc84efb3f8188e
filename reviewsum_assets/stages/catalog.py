"""`product_catalog`: the latest row per product, its department, and what was merged into what."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow as pa

from reviewsum_assets.contracts.tables import ProductCatalog, RawReviews, arrow_schema
from reviewsum_assets.resources.lake import UNPARTITIONED
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages.ingest import RAW
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport, inputs_key, unchanged

CATALOG = "product_catalog"
CODE_VERSION = "1"

_COLUMNS = ["product_id", "product_title", "source_category", "created_at", "review_id"]


class CatalogError(ValueError):
    """A catalogue file that cannot be used, with what to do."""


def catalog_inputs(platform: Platform) -> str:
    days = [(day, info.data_version) for day in platform.lake.partitions(RAW) if (info := platform.lake.info(RAW, day))]
    file = platform.settings.catalog_file
    return inputs_key(CATALOG, CODE_VERSION, platform.departments_version, days, file.read_bytes() if file else b"")


def build_catalog(platform: Platform) -> PartitionReport:
    """Write the catalogue from all raw reviews and the optional catalogue file, unless neither changed."""
    started = time.perf_counter()
    inputs, stored = catalog_inputs(platform), platform.lake.info(CATALOG)
    if stored and stored.inputs == inputs:
        return unchanged(UNPARTITIONED, stored)

    latest = _latest_rows(platform)
    overrides = read_catalog_file(platform.settings.catalog_file) if platform.settings.catalog_file else {}
    departments = platform.departments
    rows: list[dict[str, object]] = []
    for row in latest.to_dict("records"):
        override = overrides.get(row["product_id"], {})
        leaf = override.get("category") or row["source_category"]
        department = departments.department_of(leaf)
        rows.append(
            {
                "product_id": row["product_id"],
                "product_title": row["product_title"],
                "source_category": leaf,
                "category": department,
                "adapter_group": departments.adapter_group(department),
                "variant_of": override.get("variant_of"),
                "merged_into": override.get("merged_into"),
                "last_review_at": row["created_at"],
                "raw_reviews": row["raw_reviews"],
            }
        )
    schema = arrow_schema(ProductCatalog)
    table = pa.Table.from_pylist(rows, schema=schema)
    info = platform.lake.write(CATALOG, ProductCatalog, [table], inputs=inputs)
    known = {str(row["product_id"]) for row in rows}
    dangling = sorted({str(row["merged_into"]) for row in rows if row["merged_into"]} - known)
    return PartitionReport(
        UNPARTITIONED,
        info.rows,
        info.data_version,
        changed=stored is None or stored.data_version != info.data_version,
        measures={"products": info.rows},
        counts={"departments": dict(Counter(str(row["category"]) for row in rows).most_common())},
        checks=(
            CheckOutcome(
                "merged_products_exist",
                not dangling,
                blocking=False,
                measures={"missing": len(dangling), "first_missing": dangling[0] if dangling else ""},
            ),
        ),
    ).timed(started)


def categories_of(platform: Platform) -> list[str]:
    """Departments that have products, sorted."""
    catalog = platform.lake.read(CATALOG, ProductCatalog, columns=["category"])
    return sorted(set(catalog["category"].to_pylist()))


def members_of(platform: Platform, category: str) -> dict[str, list[str]]:
    """Products of a department, sorted, each with the products whose reviews it counts: itself and those merged in."""
    catalog = platform.lake.read(CATALOG, ProductCatalog, columns=["product_id", "category", "merged_into"]).to_pylist()
    category_of = {row["product_id"]: row["category"] for row in catalog}
    target = {row["product_id"]: row["merged_into"] for row in catalog if row["merged_into"] in category_of}
    members: dict[str, list[str]] = {}
    for product in sorted(category_of):
        final, seen = product, {product}
        while (following := target.get(final)) and following not in seen:
            final = following
            seen.add(final)
        if category_of[final] == category:
            members.setdefault(final, []).append(product)
    return dict(sorted(members.items()))


def titles_of(platform: Platform, category: str) -> dict[str, str]:
    """Titles of a department's products."""
    columns = ["product_id", "product_title", "category"]
    catalog = platform.lake.read(CATALOG, ProductCatalog, columns=columns).to_pylist()
    return {row["product_id"]: row["product_title"] for row in catalog if row["category"] == category}


def read_catalog_file(path: Path) -> dict[str, dict[str, str]]:
    """Rows of the optional catalogue CSV by product: `category`, `variant_of`, `merged_into`, empty cells left out.

    Raises:
        CatalogError: if it cannot be read or has no `product_id` column.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if "product_id" not in (reader.fieldnames or ()):
                raise CatalogError(f"{path} has no product_id column: give it a header line with product_id")
            return {row["product_id"]: {key: value for key, value in row.items() if key and value} for row in reader}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CatalogError(f"{path} cannot be read ({error}): check REVIEWSUM_CATALOG_FILE") from error


def _latest_rows(platform: Platform) -> pd.DataFrame:
    """The newest raw row of each product, with its number of rows, a day at a time."""
    latest: pd.DataFrame | None = None
    for day in platform.lake.partitions(RAW):
        info = platform.lake.info(RAW, day)
        if info is None or not info.sound:
            continue
        frame = pa.concat_tables(list(platform.lake.batches(RAW, day, columns=_COLUMNS)) or [_empty()]).to_pandas()
        frame["raw_reviews"] = 1
        both = frame if latest is None else pd.concat([latest, frame], ignore_index=True)
        both = both.sort_values(["product_id", "created_at", "review_id"], kind="stable")
        totals = both.groupby("product_id")["raw_reviews"].sum()
        latest = both.drop_duplicates("product_id", keep="last").copy()
        latest["raw_reviews"] = latest["product_id"].map(totals).astype("int32")
    if latest is None:
        return _empty().to_pandas().assign(raw_reviews=pd.Series(dtype="int32"))
    return latest.sort_values("product_id")


def _empty() -> pa.Table:
    return arrow_schema(RawReviews).empty_table().select(_COLUMNS)
