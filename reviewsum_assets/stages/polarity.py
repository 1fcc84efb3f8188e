"""`polarity_head`: the polarity head, fitted to the platform's own stars around the bundled one."""

from __future__ import annotations

import time

import numpy as np
import pyarrow.compute as pc

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.opinions.polarity import PolarityHead
from reviewsum_assets.opinions.polarity_training import train_head
from reviewsum_assets.resources.lake import UNPARTITIONED
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.reviews.chunking import split_chunks
from reviewsum_assets.stages.chunk_vectors import VECTORS, VectorCursor, stored_vectors
from reviewsum_assets.stages.clean import CLEANED
from reviewsum_assets.stages.report import PartitionReport

HEAD = "polarity_head"
MAX_CHUNKS = 40_000
"""Chunks that the head is fitted to at most: the newest days first, whole days."""


def train_polarity(platform: Platform) -> PartitionReport:
    """Fit the head to the stars of counted reviews; the next refresh re-scores every chunk if it came out otherwise."""
    started = time.perf_counter()
    vectors: list[Vectors] = []
    stars: list[int] = []
    texts: list[str] = []
    languages: list[str] = []
    for day in reversed(platform.lake.partitions(CLEANED)):
        if len(stars) >= MAX_CHUNKS:
            break
        info = platform.lake.info(CLEANED, day)
        if info is None or not info.sound:
            continue
        stored = VectorCursor(platform.lake.batches(VECTORS, day))
        for reviews in platform.lake.batches(CLEANED, day):
            counted = {
                row["review_id"]: row
                for row in reviews.select(["review_id", "cleaned_text", "language", "star_rating"])
                .filter(pc.is_null(reviews["set_aside_reason"]))
                .to_pylist()
            }
            chunks = {
                (review_id, chunk.position): chunk.text
                for review_id, row in counted.items()
                for chunk in split_chunks(row["cleaned_text"], row["language"])
            }
            for batch in stored.until(reviews["review_id"][-1].as_py()):
                places = list(zip(batch["review_id"].to_pylist(), batch["position"].to_pylist(), strict=True))
                keep = [place in chunks for place in places]
                vectors.append(stored_vectors(batch)[np.array(keep, bool)])
                for place in (place for place, kept in zip(places, keep, strict=True) if kept):
                    stars.append(counted[place[0]]["star_rating"])
                    languages.append(counted[place[0]]["language"])
                    texts.append(chunks[place])
    matrix = np.concatenate(vectors) if vectors else np.empty((0, platform.embedder.dimensions), np.float32)
    prior = PolarityHead.load()
    trained = train_head(matrix, np.array(stars, np.int32), prior, texts=texts, languages=languages)
    before = platform.polarity.version if platform.polarity_file.exists() else None
    trained.head.save(platform.polarity_file)
    return PartitionReport(
        UNPARTITIONED,
        len(stars),
        trained.head.version,
        changed=before != trained.head.version,
        measures={"chunks": len(stars), "outcome": trained.reason, **trained.metrics},
    ).timed(started)
