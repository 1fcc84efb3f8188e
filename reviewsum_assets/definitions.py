"""Front door: what the code location exports."""

from __future__ import annotations

import warnings

import dagster as dg

# Asset checks by partition and backfill policies are the platform's ground; that Dagster still calls them beta or
# preview is noted in docs/architecture.md, not on every line that a command prints.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)

from reviewsum_assets.defs import jobs  # noqa: E402
from reviewsum_assets.defs.embedding import assets as embedding  # noqa: E402
from reviewsum_assets.defs.ingestion import assets as ingestion  # noqa: E402
from reviewsum_assets.defs.opinions import assets as opinions  # noqa: E402
from reviewsum_assets.defs.summarization import assets as summarization  # noqa: E402
from reviewsum_assets.resources.platform import Platform  # noqa: E402


def definitions_for(platform: Platform) -> dg.Definitions:
    """The code location over the resources of one platform."""
    return dg.Definitions(
        assets=dg.load_assets_from_modules([ingestion, embedding, opinions, summarization]),
        jobs=[jobs.refresh_days, jobs.refresh_categories],
        resources={"platform": platform},
        # One process a run: its steps share the models that are already in memory.
        executor=dg.in_process_executor,
    )


defs = definitions_for(Platform())
