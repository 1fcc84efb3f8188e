"""Which reviews the sample holds: for each one its kind, product and language, before any word is written."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from reviewsum_assets.sample.personal_data import KINDS
from reviewsum_assets.sample.phrases import LANGUAGES
from reviewsum_assets.sample.products import BOMBED, SURGED, Product

BASE_REVIEWS = 1500
"""Reviews for which the numbers of special reviews below are meant."""

SPECIAL_SHARE = 0.4
"""Special reviews are at most this share of a sample: small samples leave some of them out."""

# Reviews of each kind in each language, in a sample of BASE_REVIEWS.
_PER_LANGUAGE: tuple[tuple[str, int], ...] = (
    ("spam", 3),
    ("abuse", 3),
    ("harsh_but_fair", 5),
    ("gibberish", 2),
    ("one_word", 6),
    ("injection", 3),
    ("markup", 4),
    ("mojibake", 2),
    ("mixed_language", 3),
    ("near_duplicate", 4),
    ("exact_copy", 2),
    ("repeat_user", 2),
    ("star_mismatch", 2),
)
_BOMBING_PER_LANGUAGE = 5
_SURGE_PER_LANGUAGE = 5


@dataclass(frozen=True)
class Slot:
    """A review to write; `detail` is the kind of personal data, where it carries some."""

    kind: str
    product: Product
    language: str
    detail: str = ""


def plan_reviews(products: Sequence[Product], reviews: int, rng: random.Random) -> list[Slot]:
    """`reviews` slots; special kinds grow with the number of reviews in whole steps of BASE_REVIEWS.

    Raises:
        ValueError: if `reviews` is below 1.
    """
    if reviews < 1:
        raise ValueError(f"reviews must be at least 1, got {reviews}")
    open_products = [p for p in products if p.fixed_reviews is None] or list(products)
    weights = [p.weight or 1.0 for p in open_products]
    slots = [Slot("", p, p.language(rng)) for p in products for _ in range(p.fixed_reviews or 0)][:reviews]
    special = _special(open_products, max(1, reviews // BASE_REVIEWS), rng)
    if len(special) > SPECIAL_SHARE * reviews:
        special = rng.sample(special, int(SPECIAL_SHARE * reviews))
    slots.extend(special[: reviews - len(slots)])
    for product in rng.choices(open_products, weights, k=reviews - len(slots)):
        slots.append(Slot("", product, product.language(rng)))
    return slots


def _special(products: Sequence[Product], steps: int, rng: random.Random) -> list[Slot]:
    found: list[Slot] = []
    even = [p for p in products if p.mostly is None] or list(products)

    def add(kind: str, language: str, detail: str = "") -> None:
        found.append(Slot(kind, rng.choice(even), language, detail))

    for language in LANGUAGES:
        for _ in range(steps):
            for kind, count in _PER_LANGUAGE:
                for _ in range(count):
                    add(kind, language)
            for detail in KINDS:
                add("personal_data", language, detail)
            add("personal_data", language, "name")
            add("personal_data", language, "email")
        for slug, kind, count in (
            (BOMBED, "review_bombing", _BOMBING_PER_LANGUAGE),
            (SURGED, "surge", _SURGE_PER_LANGUAGE),
        ):
            target = next((p for p in products if p.type.slug == slug), None)
            if target is not None:
                found.extend(Slot(kind, target, language) for _ in range(count))
    return found
