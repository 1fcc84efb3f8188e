"""`discovered_topics[category]`: frequent topics of a department that the taxonomy lacks."""

from __future__ import annotations

import time

import pyarrow as pa

from reviewsum_assets.contracts.tables import DiscoveredTopics, arrow_schema
from reviewsum_assets.opinions.topics import discover_topics
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages.catalog import members_of, titles_of
from reviewsum_assets.stages.count import OPINIONS, chunks_of
from reviewsum_assets.stages.report import PartitionReport, blocked, inputs_key, unchanged

TOPICS = "discovered_topics"
CODE_VERSION = "1"

MIN_SUPPORT = 5
MAX_REVIEWS = 20_000
"""Reviews that topics are sought in at most, taken product by product in order: enough to see a frequent one."""


def topics_inputs(opinions_version: str) -> str:
    return inputs_key(TOPICS, CODE_VERSION, opinions_version)


def topics_of_category(platform: Platform, category: str) -> PartitionReport:
    """Find the topics of the chunks that no aspect matches, unless the opinions did not change."""
    started = time.perf_counter()
    opinions, stored = platform.lake.info(OPINIONS, category), platform.lake.info(TOPICS, category)
    if opinions is None or not opinions.sound:
        return blocked(category, stored, OPINIONS, opinions.failed_checks if opinions else ("materialisation",))
    inputs = topics_inputs(opinions.data_version)
    if stored and stored.inputs == inputs:
        return unchanged(category, stored)

    texts: list[str] = []
    languages: list[str] = []
    matched: list[bool] = []
    review_ids: list[str] = []
    members = list(members_of(platform, category).items())
    for start in range(0, len(members), 200):
        chunks = chunks_of(platform, dict(members[start : start + 200]), with_vectors=False)
        chunks = chunks.filter(pa.compute.is_null(chunks["set_aside_reason"]))
        texts += chunks["text"].to_pylist()
        languages += chunks["language"].to_pylist()
        matched += [bool(aspects) for aspects in chunks["aspects"].to_pylist()]
        review_ids += chunks["review_id"].to_pylist()
        if len(set(review_ids)) >= MAX_REVIEWS:
            break
    topics = discover_topics(
        texts,
        languages,
        matched,
        review_ids,
        min_support=MIN_SUPPORT,
        embed=platform.embedder.embed,
        known_words=list(titles_of(platform, category).values()),
    )
    rows = [
        {
            "category": category,
            "term": topic.term,
            "language_terms": _by_language(topic.language_terms),
            "support": topic.support,
        }
        for topic in topics
    ]
    table = pa.Table.from_pylist(rows, schema=arrow_schema(DiscoveredTopics))
    info = platform.lake.write(TOPICS, DiscoveredTopics, [table], category, inputs=inputs)
    return PartitionReport(
        category,
        info.rows,
        info.data_version,
        changed=stored is None or stored.data_version != info.data_version,
        measures={"chunks_without_aspect": matched.count(False), "chunks": len(matched)},
        counts={"topics": {topic.term: topic.support for topic in topics[:20]}},
    ).timed(started)


def _by_language(terms: object) -> list[str]:
    """`de:Geruch` and so on, sorted."""
    return sorted(f"{language}:{term}" for language, term in dict(terms).items())  # type: ignore[call-overload]
