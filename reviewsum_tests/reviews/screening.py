"""Reviews as the screening step hands them on, made with the real parts: cleaning, noise rules, vectors, signatures."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from reviewsum_assets.contracts.tables import ScreenedReviews, arrow_schema
from reviewsum_assets.reviews.bombing import sketch_of
from reviewsum_assets.reviews.chunking import split_chunks
from reviewsum_assets.reviews.duplicates import signatures_of
from reviewsum_assets.reviews.language import LanguageGuess, detect
from reviewsum_assets.reviews.noise import judge
from reviewsum_assets.reviews.text import clean_text
from reviewsum_assets.reviews.toxicity_training import embed

BATCH = 2_000


def screened(rows: Sequence[Mapping[str, Any]], sketched: Container[str] | None = None) -> pa.Table:
    """Export rows (text already redacted or without personal data) as `ScreenedReviews`; abuse is not judged.

    `sketched`: reviews that get a sketch, where embedding all of them takes too long; None: all.
    """
    parts = [_screened(rows[start : start + BATCH], sketched) for start in range(0, len(rows), BATCH)]
    return pa.concat_tables(parts) if parts else arrow_schema(ScreenedReviews).empty_table()


def _screened(rows: Sequence[Mapping[str, Any]], sketched: Container[str] | None) -> pa.Table:
    texts = [clean_text(row["review_text"]) for row in rows]
    noises = [judge(row["review_text"], text) for row, text in zip(rows, texts, strict=True)]
    # The language only cuts sentences here: it is not asked for where nothing is embedded.
    guesses = dict.fromkeys(range(len(rows)), LanguageGuess("und", 0.0))
    read = [
        place
        for place, (row, noise) in enumerate(zip(rows, noises, strict=True))
        if noise is None and (sketched is None or row["review_id"] in sketched)
    ]
    found = detect([texts[place] for place in read], [rows[place].get("locale") for place in read])
    guesses.update(zip(read, found, strict=True))
    embedded = frozenset(read)
    chunks = [
        [chunk.text for chunk in split_chunks(text, guesses[place].language)] if place in embedded else []
        for place, text in enumerate(texts)
    ]
    texts_of_chunks = [chunk for of_review in chunks for chunk in of_review]
    vectors = embed(texts_of_chunks) if texts_of_chunks else np.empty((0, 512), np.float32)
    sketches: list[bytes | None] = []
    start = 0
    for of_review in chunks:
        own = vectors[start : start + len(of_review)]
        start += len(of_review)
        sketches.append(sketch_of(own).tobytes() if of_review else None)
    table = [
        {
            "review_id": row["review_id"],
            "product_id": row["product_id"],
            "source_category": row.get("category", "other"),
            "user_key": row["user_id"],
            "star_rating": row["star_rating"],
            "created_at": _time(row["created_at"]),
            "helpful_votes": row.get("helpful_votes"),
            "verified_purchase": row.get("verified_purchase"),
            "text_hash": f"hash of {row['review_id']}",
            "screened_key": f"key of {row['review_id']}",
            "cleaned_text": text,
            "language": guess.language,
            "language_confidence": guess.confidence,
            "language_shares": None,
            "word_count": len(text.split()),
            "redaction_count": 0,
            "toxicity_score": None,
            "own_reason": noise.reason if noise else None,
            "own_score": noise.score if noise else None,
            "signature": signature,
            "sketch": sketch,
        }
        for row, text, guess, noise, signature, sketch in zip(
            rows, texts, guesses.values(), noises, signatures_of(texts), sketches, strict=True
        )
    ]
    return pa.Table.from_pylist(table, schema=arrow_schema(ScreenedReviews))


def by_day(table: pa.Table) -> dict[str, pa.Table]:
    """The rows of each day (UTC), sorted by review."""
    days: dict[str, list[int]] = {}
    for place, time in enumerate(table["created_at"].to_pylist()):
        days.setdefault(time.date().isoformat(), []).append(place)
    return {day: table.take(places).sort_by("review_id") for day, places in sorted(days.items())}


def _time(value: str | datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    time = datetime.fromisoformat(value.replace("Z", "+00:00").replace(" ", "T"))
    return time if time.tzinfo else datetime.fromisoformat(f"{time.isoformat()}+00:00")


def concat(tables: Iterable[pa.Table]) -> pa.Table:
    """All rows; an empty table where there are none."""
    tables = list(tables)
    return pa.concat_tables(tables) if tables else arrow_schema(ScreenedReviews).empty_table()
