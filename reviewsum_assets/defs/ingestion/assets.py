"""From the source to clean text: raw_reviews, rejected_reviews, product_catalog, screened_reviews, cleaned_reviews."""

from collections.abc import Iterator, Mapping

import dagster as dg

from reviewsum_assets.defs.asset_defaults import DAILY_FRESHNESS, DATA_TEAM, RETRIES, SINGLE_RUN
from reviewsum_assets.defs.partition_runs import check_specs, run_partitions
from reviewsum_assets.defs.schemas import column_schema
from reviewsum_assets.partitions import categories, days, today
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages import catalog, clean, ingest, screen
from reviewsum_assets.stages.report import PartitionReport
from reviewsum_assets.stages.window import DAYS_AFTER, DAYS_BEFORE, DayCache

GROUP = "ingestion"


@dg.multi_asset(
    name="ingest_reviews",
    specs=[
        dg.AssetSpec(
            "raw_reviews",
            description="Every valid row of the source, text redacted, users and original texts as keyed hashes.",
            metadata={"dagster/column_schema": column_schema("raw_reviews")},
            code_version=ingest.CODE_VERSION,
            owners=[DATA_TEAM],
            kinds={"python", "parquet", "sql"},
            tags={"layer": "bronze", "personal_data": "redacted"},
            freshness_policy=DAILY_FRESHNESS,
            partitions_def=days,
            group_name=GROUP,
        ),
        dg.AssetSpec(
            "rejected_reviews",
            description="Dead letters: rows that could not be taken, each with a reason that a person understands.",
            metadata={"dagster/column_schema": column_schema("rejected_reviews")},
            code_version=ingest.CODE_VERSION,
            owners=[DATA_TEAM],
            kinds={"python", "parquet"},
            tags={"layer": "bronze", "personal_data": "redacted"},
            freshness_policy=DAILY_FRESHNESS,
            partitions_def=days,
            group_name=GROUP,
        ),
    ],
    check_specs=check_specs(
        "raw_reviews",
        days,
        {
            "every_row_in_one_place": (True, "Raw and rejected rows add up to the rows of the source"),
            "no_personal_data": (True, "A second scan of stored texts finds no personal data"),
            "rejected_share_as_usual": (False, "The share of dead letters is that of the four weeks before"),
            "redacted_share_as_usual": (False, "The share of redacted reviews is that of the four weeks before"),
        },
    ),
    backfill_policy=SINGLE_RUN,
    retry_policy=RETRIES,
)
def ingest_reviews(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Read the source's days and put each row in exactly one place."""
    last_day = today().isoformat()
    states = ingest.source_days(platform, last_day)

    def stage(day: str) -> Mapping[str, PartitionReport]:
        raw, rejected = ingest.ingest_day(platform, day, states.get(day), last_day)
        return {ingest.RAW: raw, ingest.REJECTED: rejected}

    yield from run_partitions(context, platform.lake, stage)


@dg.asset(
    name="product_catalog",
    deps=[dg.AssetDep("raw_reviews", partition_mapping=dg.AllPartitionMapping())],
    description="The latest row per product with its department. Adds the departments as category partitions.",
    metadata={"dagster/column_schema": column_schema("product_catalog")},
    code_version=catalog.CODE_VERSION,
    owners=[DATA_TEAM],
    kinds={"python", "parquet"},
    tags={"layer": "silver"},
    group_name=GROUP,
    freshness_policy=DAILY_FRESHNESS,
    retry_policy=RETRIES,
    check_specs=check_specs(
        "product_catalog", None, {"merged_products_exist": (False, "Products named by merged_into have reviews")}
    ),
)
def product_catalog(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Build the catalogue and let its departments be category partitions."""

    def stage(_: str) -> Mapping[str, PartitionReport]:
        report = catalog.build_catalog(platform)
        known = set(context.instance.get_dynamic_partitions(str(categories.name)))
        new = [category for category in catalog.categories_of(platform) if category not in known]
        if new:
            context.instance.add_dynamic_partitions(str(categories.name), new)
        return {catalog.CATALOG: report}

    yield from run_partitions(context, platform.lake, stage)


@dg.asset(
    name="screened_reviews",
    deps=["raw_reviews"],
    description=(
        "Each review cleaned and judged by itself: no markup, URLs or personal data; language, abuse, noise, and the "
        "signs by which it is compared to others. A review that was screened before with the same text and code is "
        "taken over."
    ),
    metadata={"dagster/column_schema": column_schema("screened_reviews")},
    partitions_def=days,
    code_version=screen.CODE_VERSION,
    owners=[DATA_TEAM],
    kinds={"python", "parquet"},
    tags={"layer": "silver", "personal_data": "redacted"},
    group_name=GROUP,
    freshness_policy=DAILY_FRESHNESS,
    backfill_policy=SINGLE_RUN,
    retry_policy=RETRIES,
    check_specs=check_specs(
        "screened_reviews", days, {"every_raw_review_screened": (True, "Each raw review is screened")}
    ),
)
def screened_reviews(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Screen the reviews that changed of the days that changed."""
    yield from run_partitions(
        context,
        platform.lake,
        lambda day: {screen.SCREENED: screen.screen_day(platform, day, platform.progress(screen.SCREENED))},
    )


@dg.asset(
    name="cleaned_reviews",
    deps=[
        dg.AssetDep(
            "screened_reviews",
            partition_mapping=dg.TimeWindowPartitionMapping(
                start_offset=-DAYS_BEFORE, end_offset=DAYS_AFTER, allow_nonexistent_upstream_partitions=True
            ),
        )
    ],
    description=(
        "Text fit to read and count. What other reviews say joins what each says of itself: copies and suspected "
        "bombing are set aside with a reason, never dropped, and people's decisions stand above both."
    ),
    metadata={"dagster/column_schema": column_schema("cleaned_reviews")},
    partitions_def=days,
    code_version=clean.CODE_VERSION,
    owners=[DATA_TEAM],
    kinds={"python", "parquet"},
    tags={"layer": "silver", "personal_data": "redacted"},
    group_name=GROUP,
    freshness_policy=DAILY_FRESHNESS,
    backfill_policy=SINGLE_RUN,
    retry_policy=RETRIES,
    check_specs=check_specs(
        "cleaned_reviews",
        days,
        {
            "every_screened_review_cleaned": (True, "Each screened review is cleaned, counted or set aside"),
            "set_aside_share": (False, "Reviews set aside stay below half of the day"),
            "set_aside_share_as_usual": (False, "The share set aside is that of the four weeks before"),
            "language_mix_as_usual": (False, "Languages are mixed as in the four weeks before"),
            "star_mix_as_usual": (False, "Stars are mixed as in the four weeks before"),
        },
    ),
)
def cleaned_reviews(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform]
) -> Iterator[dg.MaterializeResult]:
    """Clean the days whose surroundings changed."""
    cache = DayCache(platform.lake)
    yield from run_partitions(
        context,
        platform.lake,
        lambda day: {clean.CLEANED: clean.clean_day(platform, day, platform.progress(clean.CLEANED), cache)},
    )
