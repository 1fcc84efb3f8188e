"""Jobs that `refresh` and the sensors launch: over the days that changed, then over the departments that changed."""

from __future__ import annotations

import dagster as dg

from reviewsum_assets.partitions import categories, days

DAY_ASSETS = ("raw_reviews", "rejected_reviews", "screened_reviews", "cleaned_reviews", "review_embeddings")
ONCE_ASSETS = ("product_catalog", "polarity_head", "chunk_index")
CATEGORY_ASSETS = ("product_opinions", "discovered_topics", "product_summaries", "cached_summaries")

refresh_days = dg.define_asset_job(
    "refresh_days",
    selection=dg.AssetSelection.assets(*DAY_ASSETS, *ONCE_ASSETS),
    partitions_def=days,
    description="From the source to LanceDB for a range of days, with the catalogue.",
)

refresh_categories = dg.define_asset_job(
    "refresh_categories",
    selection=dg.AssetSelection.assets(*CATEGORY_ASSETS),
    partitions_def=categories,
    description="From counts to cached summaries for a range of departments.",
)
