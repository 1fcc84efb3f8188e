"""`cleaned_reviews[day]`: text fit to read and count, after what other reviews and people decided."""

from __future__ import annotations

import time
from collections import Counter

from reviewsum_assets.contracts.tables import CleanedReviews
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.reviews import cleaning
from reviewsum_assets.reviews.verdicts import day_verdicts, with_decisions
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport, blocked, inputs_key, unchanged
from reviewsum_assets.stages.screen import BATCH_REVIEWS, SCREENED, Progress
from reviewsum_assets.stages.trends import mix_check, share_check, usual_profile
from reviewsum_assets.stages.window import DayCache, Window, window_days

CLEANED = "cleaned_reviews"
CODE_VERSION = "2"

MAX_SET_ASIDE_SHARE = 0.5
"""Share of a day's reviews set aside above which a person should look."""


def clean_inputs(platform: Platform, day: str) -> str:
    """What the day's cleaned reviews are made from: the screened days around it, the decisions, the code."""
    lake = platform.lake
    versions = [info.data_version if (info := lake.info(SCREENED, each)) else "" for each in window_days(day)]
    return inputs_key(CLEANED, CODE_VERSION, cleaning.CODE_VERSION, platform.departments_version, versions)


def clean_day(
    platform: Platform, day: str, progress: Progress | None = None, cache: DayCache | None = None
) -> PartitionReport:
    """Clean the day's screened reviews, unless the days around it, decisions and code are those of the last time.

    Args:
        platform: The resources.
        day: Partition, YYYY-MM-DD.
        progress: Told the reviews that are done.
        cache: Days read before, where several days are cleaned in a row.
    """
    started = time.perf_counter()
    screened, stored = platform.lake.info(SCREENED, day), platform.lake.info(CLEANED, day)
    if screened is None or not screened.sound:
        return blocked(day, stored, SCREENED, screened.failed_checks if screened else ("materialisation",))
    inputs = clean_inputs(platform, day)
    if stored and stored.inputs == inputs:
        return unchanged(day, stored)

    window = Window(cache or DayCache(platform.lake), day)
    against = day_verdicts(window.day(), window.earlier(), window.around(), window.known_users, window.usual_stars)
    languages: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    stars: Counter[str] = Counter()
    with platform.lake.open(CLEANED, CleanedReviews, day, inputs=inputs) as writer:
        for batch in platform.lake.batches(SCREENED, day, batch_rows=BATCH_REVIEWS):
            cleaned = cleaning.cleaned_table(
                batch,
                department_of=platform.departments.department_of,
                verdicts=with_decisions(batch, against, {}),
                languages={},
            )
            languages.update(cleaned["language"].to_pylist())
            reasons.update(reason for reason in cleaned["set_aside_reason"].to_pylist() if reason)
            stars.update(map(str, cleaned["star_rating"].to_pylist()))
            writer.append(cleaned)
            if progress:
                progress(cleaned.num_rows)
        set_aside = sum(reasons.values())
        profile = {
            "rows": {"all": sum(stars.values()), "set_aside": set_aside},
            "languages": languages,
            "stars": stars,
            "set_aside": reasons,
        }
        writer.profile = profile
    info = writer.info
    usual = usual_profile(platform, CLEANED, day)
    report = PartitionReport(
        day,
        info.rows,
        info.data_version,
        changed=stored is None or stored.data_version != info.data_version,
        measures={"reviews_cleaned": info.rows, "reviews_set_aside": set_aside},
        counts={
            "languages": dict(languages.most_common()),
            "set_aside": dict(reasons.most_common()),
            "stars": dict(sorted(stars.items())),
        },
        checks=(
            CheckOutcome(
                "every_screened_review_cleaned",
                info.rows == screened.rows,
                blocking=True,
                measures={"screened_rows": screened.rows, "cleaned_rows": info.rows},
            ),
            CheckOutcome(
                "set_aside_share",
                info.rows == 0 or set_aside <= MAX_SET_ASIDE_SHARE * info.rows,
                blocking=False,
                measures={"reviews_set_aside": set_aside, "cleaned_rows": info.rows},
            ),
            share_check("set_aside_share_as_usual", "set_aside", profile, usual),
            mix_check("language_mix_as_usual", "languages", profile, usual),
            mix_check("star_mix_as_usual", "stars", profile, usual),
        ),
    )
    platform.lake.mark(CLEANED, day, report.failed_blocking)
    return report.timed(started)
