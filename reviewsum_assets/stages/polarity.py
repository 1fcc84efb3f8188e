"""`polarity_head`: the polarity head, fitted to the platform's own stars around the bundled one."""

from __future__ import annotations

import time

import numpy as np

from reviewsum_assets.opinions.polarity import PolarityHead
from reviewsum_assets.opinions.polarity_training import train_head
from reviewsum_assets.resources.lake import UNPARTITIONED
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages.clean import CLEANED, VECTORS, vectors_of
from reviewsum_assets.stages.report import PartitionReport

HEAD = "polarity_head"
MAX_REVIEWS = 50_000
"""Reviews that the head is fitted to at most: the newest days first, whole days."""


def train_polarity(platform: Platform) -> PartitionReport:
    """Fit the head to the stars of counted reviews; the next refresh re-scores every chunk if it came out otherwise."""
    started = time.perf_counter()
    vectors: list[np.ndarray] = []
    stars: list[int] = []
    for day in reversed(platform.lake.partitions(CLEANED)):
        if len(stars) >= MAX_REVIEWS:
            break
        info = platform.lake.info(CLEANED, day)
        if info is None or not info.sound:
            continue
        counted: dict[str, int] = {}
        for reviews in platform.lake.batches(CLEANED, day, columns=["review_id", "star_rating", "set_aside_reason"]):
            for row in reviews.to_pylist():
                if row["set_aside_reason"] is None:
                    counted[row["review_id"]] = row["star_rating"]
        for batch in platform.lake.batches(VECTORS, day):
            of_review = batch["review_id"].to_pylist()
            keep = np.array([review_id in counted for review_id in of_review], bool)
            vectors.append(vectors_of(batch)[keep])
            stars += [counted[review_id] for review_id, kept in zip(of_review, keep, strict=True) if kept]
    prior = PolarityHead.load()
    matrix = np.concatenate(vectors) if vectors else np.empty((0, platform.embedder.dimensions), np.float32)
    trained = train_head(matrix, np.array(stars, np.int32), prior)
    before = platform.polarity.version if platform.polarity_file.exists() else None
    trained.head.save(platform.polarity_file)
    return PartitionReport(
        UNPARTITIONED,
        len(stars),
        trained.head.version,
        changed=before != trained.head.version,
        measures={"chunks": len(stars), "outcome": trained.reason, **trained.metrics},
    ).timed(started)
