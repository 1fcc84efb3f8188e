"""Plan, write, verify, publish: product_summaries, cached_summaries."""

from collections.abc import Iterator

import dagster as dg

from reviewsum_assets.defs.asset_defaults import DAILY_FRESHNESS, DATA_TEAM, LLM_POOL, ML_TEAM, RETRIES, SINGLE_RUN
from reviewsum_assets.defs.partition_runs import check_specs, run_partitions
from reviewsum_assets.defs.schemas import column_schema
from reviewsum_assets.partitions import categories
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages import cache, summarise

GROUP = "summarization"


@dg.asset(
    name="product_summaries",
    deps=["product_opinions"],
    description=(
        "One record per product, locale and variant. Counts decide what is said, the engine words it, the verifier "
        "refuses what the quotes do not carry, the template words what was refused."
    ),
    metadata={"dagster/column_schema": column_schema("product_summaries")},
    partitions_def=categories,
    code_version=summarise.CODE_VERSION,
    owners=[ML_TEAM],
    kinds={"python", "pytorch", "huggingface"},
    tags={"layer": "gold", "generated_text": "true"},
    group_name=GROUP,
    pool=LLM_POOL,
    freshness_policy=DAILY_FRESHNESS,
    backfill_policy=SINGLE_RUN,
    retry_policy=RETRIES,
    check_specs=check_specs(
        "product_summaries",
        categories,
        {
            "every_claim_is_checked": (
                True,
                "Quotes are exact spans of cleaned reviews of the product, support is the stored count, and no "
                "model sentence is there without a passed verification",
            ),
            "template_share": (False, "Most claims in the engine's languages are worded by the engine"),
        },
    ),
)
def product_summaries(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Write the records whose words changed; reassemble the counts of the others."""
    yield from run_partitions(
        context,
        platform.lake,
        lambda category: {
            summarise.SUMMARIES: summarise.summarise_category(
                platform, category, context.run.run_id, platform.progress(summarise.SUMMARIES)
            )
        },
    )


@dg.asset(
    name="cached_summaries",
    deps=["product_summaries"],
    description="The records as the storefront reads them: SQLite or DynamoDB, with a time to live.",
    metadata={"dagster/column_schema": column_schema("cached_summaries")},
    partitions_def=categories,
    code_version=cache.CODE_VERSION,
    owners=[DATA_TEAM],
    kinds={"python", "sqlite", "dynamodb"},
    tags={"layer": "serving"},
    group_name=GROUP,
    freshness_policy=DAILY_FRESHNESS,
    backfill_policy=SINGLE_RUN,
    retry_policy=RETRIES,
    check_specs=check_specs(
        "cached_summaries", categories, {"cache_answers": (True, "Records read back from the cache")}
    ),
)
def cached_summaries(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Bring the cache to the records."""
    yield from run_partitions(
        context, platform.lake, lambda category: {cache.CACHED: cache.cache_category(platform, category)}
    )
