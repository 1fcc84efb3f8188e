"""Counts over all reviews: product_opinions, and the topics that the taxonomy lacks."""

from collections.abc import Iterator

import dagster as dg

from reviewsum_assets.defs.asset_defaults import DAILY_FRESHNESS, DATA_TEAM, ML_TEAM, RETRIES, SINGLE_RUN
from reviewsum_assets.defs.partition_runs import check_specs, run_partitions
from reviewsum_assets.defs.schemas import column_schema
from reviewsum_assets.partitions import categories
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages import count, topics

GROUP = "opinions"

LINEAGE_ONLY = dg.AllPartitionMapping()
"""Days to categories: drawn for lineage. What runs is decided by the changed-products feed, since with this mapping
a re-run day would ask for every category and a missing day for none."""


@dg.asset(
    name="product_opinions",
    deps=[dg.AssetDep("review_embeddings", partition_mapping=LINEAGE_ONLY), "product_catalog"],
    description=(
        "Support of each opinion: distinct reviews by product, aspect and polarity, one per user and product, over all "
        "reviews and not over those that fit a prompt. Reviews set aside are counted apart with their reason."
    ),
    metadata={"dagster/column_schema": column_schema("product_opinions")},
    partitions_def=categories,
    code_version=count.CODE_VERSION,
    owners=[DATA_TEAM],
    kinds={"python", "parquet", "lancedb"},
    tags={"layer": "gold"},
    group_name=GROUP,
    freshness_policy=DAILY_FRESHNESS,
    backfill_policy=SINGLE_RUN,
    retry_policy=RETRIES,
    check_specs=check_specs(
        "product_opinions",
        categories,
        {"counts_add_up": (True, "Support is the number of distinct reviews named, and stars split the counted ones")},
    ),
)
def product_opinions(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Count the opinions of the products that changed."""
    yield from run_partitions(
        context, platform.lake, lambda category: {count.OPINIONS: count.count_category(platform, category)}
    )


@dg.asset(
    name="discovered_topics",
    deps=["product_opinions"],
    description="Frequent topics of a department that no aspect of the taxonomy covers: what to add to it next.",
    partitions_def=categories,
    metadata={"dagster/column_schema": column_schema("discovered_topics")},
    code_version=topics.CODE_VERSION,
    owners=[ML_TEAM],
    kinds={"python", "parquet"},
    tags={"layer": "gold"},
    group_name=GROUP,
    backfill_policy=SINGLE_RUN,
    retry_policy=RETRIES,
)
def discovered_topics(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Find the topics of the chunks that no aspect matches."""
    yield from run_partitions(
        context, platform.lake, lambda category: {topics.TOPICS: topics.topics_of_category(platform, category)}
    )
