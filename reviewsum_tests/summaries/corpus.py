"""A small corpus of one speaker's reviews, mined with the real embedder, matcher and polarity head."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from reviewsum_assets.contracts.protocols import Embedder
from reviewsum_assets.contracts.tables import ProductOpinions, ReviewChunks, arrow_schema
from reviewsum_assets.opinions.aspects import AspectMatcher
from reviewsum_assets.opinions.polarity import PolarityHead

DEPARTMENT = "electronics"
PRODUCT = "speaker-1"
NEWEST = datetime(2026, 7, 1, tzinfo=UTC)

REVIEWS: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    ("r01", "en", 5, ("The sound is rich and full.", "The battery lasts for two days.")),
    ("r02", "en", 5, ("Voices sound clear and the bass is deep.", "I like the design, it looks elegant.")),
    ("r03", "en", 4, ("Wonderful sound for its size.", "The battery lasts a whole weekend.")),
    ("r04", "de", 5, ("Der Klang ist voll und klar.", "Der Akku hält zwei Tage.")),
    ("r05", "de", 4, ("Sehr guter Klang, auch bei hoher Lautstärke.",)),
    ("r06", "fr", 5, ("Le son est riche et clair.", "La batterie tient deux jours.")),
    ("r07", "es", 5, ("El sonido es claro y potente.",)),
    ("r08", "it", 4, ("L'audio è pieno e pulito.",)),
    ("r09", "nl", 5, ("Het geluid is vol en helder.", "De accu gaat twee dagen mee.")),
    ("r10", "en", 1, ("The Bluetooth connection drops every few minutes.", "Disappointing.")),
    ("r11", "en", 2, ("The connection to my laptop keeps breaking.",)),
    ("r12", "de", 1, ("Die Bluetooth-Verbindung bricht ständig ab.",)),
    ("r13", "fr", 2, ("La connexion Bluetooth coupe sans cesse.",)),
    ("r14", "en", 3, ("The sound is thin and tinny.",)),
)


@dataclass(frozen=True)
class Mined:
    """The corpus as the platform stores it."""

    chunks: pa.Table
    opinions: list[dict[str, object]]
    texts: dict[str, str]


def mined(embedder: Embedder, matcher: AspectMatcher, head: PolarityHead) -> Mined:
    """Chunks and counted opinions of the corpus; every review is one user's and none is set aside."""
    rows: list[dict[str, object]] = []
    texts: dict[str, str] = {}
    for number, (review, language, stars, sentences) in enumerate(REVIEWS):
        start = 0
        for position, sentence in enumerate(sentences):
            rows.append(
                {
                    "chunk_id": hashlib.sha256(f"{review}/{position}".encode()).hexdigest()[:32],
                    "review_id": review,
                    "product_id": PRODUCT,
                    "category": DEPARTMENT,
                    "user_key": f"u{review}",
                    "day": "2026-07-01",
                    "created_at": NEWEST - timedelta(days=number),
                    "language": language,
                    "star_rating": stars,
                    "helpful_votes": number % 4,
                    "verified_purchase": number % 2 == 0,
                    "set_aside_reason": None,
                    "position": position,
                    "start": start,
                    "end": start + len(sentence),
                    "text": sentence,
                    "quotable": len(sentence.split()) >= 3,
                    "models": "test",
                }
            )
            start += len(sentence) + 1
        texts[review] = " ".join(sentences)
    written = [str(row["text"]) for row in rows]
    languages = [str(row["language"]) for row in rows]
    vectors = embedder.embed(written)
    found = matcher.match(written, vectors, [DEPARTMENT] * len(rows), languages)
    scores = head.positive_probability(vectors, [row["star_rating"] for row in rows], written, languages)
    for row, matches, score, polarity in zip(rows, found, scores, head.polarity(scores), strict=True):
        row |= {"aspects": [match.aspect for match in matches], "polarity_score": float(score), "polarity": polarity}
    schema = arrow_schema(ReviewChunks)
    columns = [pa.array([row[field.name] for row in rows], field.type) for field in schema if field.name != "vector"]
    column = pa.FixedSizeListArray.from_arrays(pa.array(np.ravel(vectors), pa.float32()), vectors.shape[1])
    named = [field for field in schema if field.name != "vector"]
    chunks = pa.table([*columns, column], schema=pa.schema([*named, schema.field("vector")]))
    return Mined(chunks, opinions_of(rows, len(REVIEWS)), texts)


def opinions_of(rows: list[dict[str, object]], review_count: int) -> list[dict[str, object]]:
    """Support by aspect and polarity, a review once; a review with both polarities is `mixed`."""
    said: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        for aspect in row["aspects"]:  # type: ignore[attr-defined]
            said.setdefault(aspect, {}).setdefault(str(row["review_id"]), set()).add(str(row["polarity"]))
    counted: list[dict[str, object]] = []
    for aspect, by_review in sorted(said.items()):
        for polarity in ("positive", "negative", "mixed"):
            ids = sorted(
                review
                for review, sides in by_review.items()
                if ({"positive", "negative"} <= sides if polarity == "mixed" else sides - {"neutral"} == {polarity})
            )
            counted.append(opinion(aspect, polarity, ids, review_count))
    for polarity, stars in (("positive", (4, 5)), ("mixed", (3,)), ("negative", (1, 2))):
        ids = [review for review, _, rating, _ in REVIEWS if rating in stars]
        counted.append(opinion("overall", polarity, ids, review_count))
    return counted


def opinion(
    aspect: str,
    polarity: str,
    review_ids: list[str],
    review_count: int,
    *,
    helpful_votes: int = 0,
    verified_share: float = 0.0,
    latest_at: datetime = NEWEST,
) -> dict[str, object]:
    """One row of `ProductOpinions`."""
    row: dict[str, object] = {
        "product_id": PRODUCT,
        "category": DEPARTMENT,
        "aspect": aspect,
        "polarity": polarity,
        "support": len(review_ids),
        "share": len(review_ids) / review_count,
        "review_count": review_count,
        "set_aside": '{"spam": 2}',
        "helpful_votes": helpful_votes,
        "verified_share": verified_share,
        "latest_at": latest_at,
        "as_of": NEWEST,
        "review_ids": review_ids,
    }
    assert set(row) == set(arrow_schema(ProductOpinions).names)
    return row
