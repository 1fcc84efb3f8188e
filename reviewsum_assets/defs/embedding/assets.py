"""From clean text to LanceDB: review_embeddings, and the polarity head that scores its chunks."""

from collections.abc import Iterator

import dagster as dg

from reviewsum_assets.defs.asset_defaults import (
    DAILY_FRESHNESS,
    DATA_TEAM,
    LANCEDB_POOL,
    ML_TEAM,
    RETRIES,
    SINGLE_RUN,
)
from reviewsum_assets.defs.partition_runs import check_specs, run_partitions
from reviewsum_assets.defs.schemas import column_schema
from reviewsum_assets.partitions import days
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages import embed, index, polarity

GROUP = "embedding"


@dg.asset(
    name="polarity_head",
    deps=[dg.AssetDep("cleaned_reviews", partition_mapping=dg.AllPartitionMapping())],
    description=(
        "Logistic head on sentence vectors that tells praise from complaint, fitted to the platform's own stars. "
        "`refresh` fits it once; a materialisation by hand fits it anew, and the next refresh re-scores every chunk."
    ),
    code_version="1",
    owners=[ML_TEAM],
    kinds={"python", "scikitlearn"},
    tags={"layer": "model"},
    group_name=GROUP,
    retry_policy=RETRIES,
)
def polarity_head(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Fit the polarity head to the stars of the counted reviews."""
    yield from run_partitions(context, platform.lake, lambda _: {polarity.HEAD: polarity.train_polarity(platform)})


@dg.asset(
    name="review_embeddings",
    deps=["cleaned_reviews", "polarity_head"],
    description=(
        "One chunk a sentence, split again at contrast, with vector, aspects and polarity in LanceDB `review_chunks`. "
        "Writes the feed of changed products, from which the categories are refreshed."
    ),
    metadata={"dagster/column_schema": column_schema("review_embeddings"), "lancedb_table": "review_chunks"},
    partitions_def=days,
    code_version=embed.CODE_VERSION,
    owners=[DATA_TEAM, ML_TEAM],
    kinds={"python", "lancedb"},
    tags={"layer": "silver", "personal_data": "redacted"},
    group_name=GROUP,
    pool=LANCEDB_POOL,
    freshness_policy=DAILY_FRESHNESS,
    backfill_policy=SINGLE_RUN,
    retry_policy=RETRIES,
    check_specs=check_specs(
        "review_embeddings", days, {"index_holds_every_chunk": (True, "LanceDB holds exactly the day's chunks")}
    ),
)
def review_embeddings(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Bring LanceDB to the cleaned reviews of the days that changed."""
    yield from run_partitions(
        context,
        platform.lake,
        lambda day: {
            embed.EMBEDDED: embed.embed_day(platform, day, context.run.run_id, platform.progress(embed.EMBEDDED))
        },
    )


@dg.asset(
    name="chunk_index",
    deps=[dg.AssetDep("review_embeddings", partition_mapping=dg.AllPartitionMapping())],
    description="Upkeep of LanceDB's `review_chunks`: compaction, scalar indices, old versions removed.",
    code_version=index.CODE_VERSION,
    owners=[DATA_TEAM],
    kinds={"lancedb"},
    tags={"layer": "maintenance"},
    group_name=GROUP,
    pool=LANCEDB_POOL,
    retry_policy=RETRIES,
)
def chunk_index(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Compact the table and bring its indices up to date."""
    yield from run_partitions(context, platform.lake, lambda _: {index.INDEX: index.maintain_index(platform)})
