"""Which columns each asset's columns are made from.

A column that carries the name of an upstream column is that column; the others are named here.
"""

from __future__ import annotations

from reviewsum_assets.contracts import tables
from reviewsum_assets.contracts.tables import Table, arrow_schema

TABLES: dict[str, type[Table]] = {
    "raw_reviews": tables.RawReviews,
    "rejected_reviews": tables.RejectedReviews,
    "screened_reviews": tables.ScreenedReviews,
    "cleaned_reviews": tables.CleanedReviews,
    "product_catalog": tables.ProductCatalog,
    "review_embeddings": tables.EmbeddedReviews,
    "product_opinions": tables.ProductOpinions,
    "discovered_topics": tables.DiscoveredTopics,
    "product_summaries": tables.ProductSummaries,
    "cached_summaries": tables.CachedSummaries,
}
"""The table behind each asset of the lake."""

UPSTREAM: dict[str, tuple[str, ...]] = {
    "screened_reviews": ("raw_reviews",),
    "cleaned_reviews": ("screened_reviews",),
    "product_catalog": ("raw_reviews",),
    "review_embeddings": ("cleaned_reviews",),
    "product_opinions": ("review_embeddings", "product_catalog"),
    "discovered_topics": ("product_opinions",),
    "product_summaries": ("product_opinions",),
    "cached_summaries": ("product_summaries",),
}

DERIVED: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "screened_reviews": {
        "screened_key": (("raw_reviews", "review_text"), ("raw_reviews", "locale"), ("raw_reviews", "redactions")),
        "cleaned_text": (("raw_reviews", "review_text"),),
        "language": (("raw_reviews", "review_text"), ("raw_reviews", "locale")),
        "language_confidence": (("raw_reviews", "review_text"), ("raw_reviews", "locale")),
        "language_shares": (("raw_reviews", "review_text"), ("raw_reviews", "locale")),
        "word_count": (("raw_reviews", "review_text"),),
        "redaction_count": (("raw_reviews", "redactions"),),
        "toxicity_score": (("raw_reviews", "review_text"),),
        "own_reason": (("raw_reviews", "review_text"),),
        "own_score": (("raw_reviews", "review_text"),),
        "signature": (("raw_reviews", "review_text"),),
        "sketch": (("raw_reviews", "review_text"),),
    },
    "cleaned_reviews": {
        "category": (("screened_reviews", "source_category"),),
        "language": tuple(
            ("screened_reviews", name) for name in ("language", "language_shares", "user_key", "product_id")
        ),
        **dict.fromkeys(
            ("set_aside_reason", "set_aside_score", "set_aside_details"),
            tuple(
                ("screened_reviews", name) for name in ("own_reason", "own_score", "signature", "sketch", "user_key")
            ),
        ),
    },
    "product_catalog": {
        "category": (("raw_reviews", "source_category"),),
        "last_review_at": (("raw_reviews", "created_at"),),
        "raw_reviews": (("raw_reviews", "review_id"),),
    },
    "review_embeddings": {
        "chunks": (("cleaned_reviews", "cleaned_text"),),
        "content_hash": (("cleaned_reviews", "cleaned_text"),),
    },
    "product_opinions": dict.fromkeys(
        ("aspect", "polarity", "support", "share", "review_count", "set_aside", "review_ids"),
        (("review_embeddings", "content_hash"),),
    ),
    "product_summaries": {
        "record": tuple(("product_opinions", name) for name in ("aspect", "polarity", "support", "share")),
        "fingerprint": tuple(("product_opinions", name) for name in ("aspect", "polarity", "share")),
        "status": (("product_opinions", "review_count"),),
    },
    "cached_summaries": {"record_hash": (("product_summaries", "record"),)},
}


def column_sources(asset: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Upstream (asset, column) pairs of each column of an asset that has any."""
    sources = dict(DERIVED.get(asset, {}))
    for column in arrow_schema(TABLES[asset]).names:
        for upstream in UPSTREAM.get(asset, ()):
            if column not in sources and column in arrow_schema(TABLES[upstream]).names:
                sources[column] = ((upstream, column),)
    return sources
