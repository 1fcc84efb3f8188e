"""The language of short reviews: where the text leaves it open, its user's and its product's other reviews decide."""

from __future__ import annotations

from collections import Counter

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.reviews.chunking import split_chunks
from reviewsum_assets.reviews.language import with_context
from reviewsum_assets.stages.window import Window


def languages_by_context(window: Window) -> dict[str, tuple[str, float]]:
    """Language and confidence of the day's reviews whose text leaves it open, by review id.

    A review is left as it was where another language would split it into other sentences: its vectors are stored
    sentence by sentence.
    """
    rows = window.unsure().to_pylist()
    users = window.languages_of("user_key", {row["user_key"] for row in rows if row["user_key"]})
    products = window.languages_of("product_id", {row["product_id"] for row in rows})
    found: dict[str, tuple[str, float]] = {}
    for row in rows:
        guess = with_context(
            row["language_shares"],
            _counts(users.get(row["user_key"], Counter())),
            _counts(products[row["product_id"]]),
        )
        if _splits_alike(row["cleaned_text"], row["language"], guess.language):
            found[row["review_id"]] = (guess.language, guess.confidence)
    return found


def _counts(languages: Counter[str]) -> tuple[int, ...]:
    return tuple(languages[locale] for locale in LOCALES)


def _splits_alike(text: str, one: str, other: str) -> bool:
    return one == other or split_chunks(text, one) == split_chunks(text, other)
