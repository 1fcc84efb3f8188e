"""How well opinions are read from the sample, whose truth is known: `python -m reviewsum_tests.bench.sample_opinions`.

Compares the (aspect, polarity) pairs of each counted review with those that it was written to hold, by language, and
each product's support with the true one. The sample's reviews are ours and took no part in fitting any model.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from reviewsum_assets.contracts.tables import CleanedReviews, arrow_schema
from reviewsum_assets.opinions.counting import count_opinions
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.sample import generate
from reviewsum_assets.sample.truth import Sample
from reviewsum_assets.settings import Settings
from reviewsum_assets.stages import embed

DAY = "2026-01-01"
Pairs = set[tuple[str, str]]


def measure(sample: Sample, platform: Platform) -> dict[str, object]:
    """Precision, recall and F1 of (aspect, polarity) by review, and the error of counts by product."""
    counted = [(row, truth) for row, truth in zip(sample.rows, sample.truth, strict=True) if truth.counts]
    table = _cleaned(platform, [row for row, _ in counted], [truth.language for _, truth in counted])
    places, chunks = embed.split_reviews(table)
    vectors = platform.embedder.embed([chunk.text for chunk in chunks])
    found = embed.chunk_table(platform, DAY, table.take(places), chunks, vectors)
    read: dict[str, Pairs] = defaultdict(set)
    for row in found.select(["review_id", "aspects", "polarity"]).to_pylist():
        if row["polarity"] != "neutral":
            read[row["review_id"]].update((aspect, row["polarity"]) for aspect in row["aspects"])
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for _, truth in counted:
        true_pairs = {(aspect, polarity) for aspect, polarity in truth.opinions if aspect != "overall"}
        predicted = read[truth.review_id]
        for name in (truth.language, "all"):
            tallies[name].update(hit=len(true_pairs & predicted), read=len(predicted), true=len(true_pairs))
            aspects_read, aspects_true = {a for a, _ in predicted}, {a for a, _ in true_pairs}
            both = aspects_read & aspects_true
            tallies[name].update(aspect_hit=len(both), aspect_read=len(aspects_read), aspect_true=len(aspects_true))
            agreed = sum(
                {p for a, p in predicted if a == aspect} == {p for a, p in true_pairs if a == aspect} for aspect in both
            )
            tallies[name].update(polarity_hit=agreed)
    return {
        "opinion_f1": {name: round(_f1(t["hit"], t["read"], t["true"]), 3) for name, t in sorted(tallies.items())},
        "aspect_f1": {
            name: round(_f1(t["aspect_hit"], t["aspect_read"], t["aspect_true"]), 3)
            for name, t in sorted(tallies.items())
        },
        "polarity_accuracy_where_aspect_is_right": {
            name: round(t["polarity_hit"] / max(1, t["aspect_hit"]), 3) for name, t in sorted(tallies.items())
        },
        **_count_error(sample, found),
    }


def _cleaned(platform: Platform, rows: list[dict], languages: list[str]) -> pa.Table:
    from datetime import datetime

    from reviewsum_assets.reviews.text import clean_text

    texts = [clean_text(platform.redacted(str(row["review_text"]))) for row in rows]
    columns = {
        "review_id": [row["review_id"] for row in rows],
        "product_id": [row["product_id"] for row in rows],
        "category": [platform.departments.department_of(str(row["category"])) for row in rows],
        "source_category": [row["category"] for row in rows],
        "user_key": [row["user_id"] for row in rows],
        "star_rating": [row["star_rating"] for row in rows],
        "cleaned_text": texts,
        "language": languages,
        "language_confidence": [1.0] * len(rows),
        "created_at": [datetime.fromisoformat(str(row["created_at"]).replace("Z", "+00:00")) for row in rows],
        "helpful_votes": [row["helpful_votes"] or 0 for row in rows],
        "verified_purchase": [bool(row["verified_purchase"]) for row in rows],
        "word_count": [len(text.split()) for text in texts],
        "redaction_count": [0] * len(rows),
        "toxicity_score": [None] * len(rows),
        "set_aside_reason": [None] * len(rows),
        "set_aside_score": [None] * len(rows),
        "set_aside_details": [None] * len(rows),
    }
    return pa.table(columns, schema=arrow_schema(CleanedReviews))


def _count_error(sample: Sample, chunks: pa.Table) -> dict[str, float]:
    """Relative error of support over (product, aspect, polarity), and the correlation of found and true support."""
    opinions = count_opinions(chunks, "all")
    found = {
        (row["product_id"], row["aspect"], row["polarity"]): row["support"]
        for row in opinions.select(["product_id", "aspect", "polarity", "support"]).to_pylist()
        if row["aspect"] != "overall"
    }
    true: dict[tuple[str, str, str], int] = {}
    for product in sample.products:
        for (aspect, polarity), support in sample.support(product.product_id).items():
            if aspect != "overall":
                true[(product.product_id, aspect, polarity)] = support
    cells = sorted(set(found) | set(true))
    a = np.array([found.get(cell, 0) for cell in cells], float)
    b = np.array([true.get(cell, 0) for cell in cells], float)
    return {
        "count_error_relative": round(float(np.abs(a - b).sum() / b.sum()), 3),
        "count_correlation": round(float(np.corrcoef(a, b)[0, 1]), 3),
    }


def _f1(hit: int, read: int, true: int) -> float:
    return 2 * hit / (read + true) if read + true else 0.0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        platform = Platform(Settings(home=Path(folder), engine="template"))
        print(json.dumps(measure(generate(date(2026, 10, 1), seed=7), platform), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
