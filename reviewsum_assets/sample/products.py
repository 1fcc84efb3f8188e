"""The products of the sample and their characters: how many review them, in which languages, how happily."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from reviewsum_assets.sample.catalogue import TYPES, ProductType

LANGUAGE_SHARES: Mapping[str, float] = {"en": 0.27, "de": 0.20, "fr": 0.16, "es": 0.13, "it": 0.12, "nl": 0.12}
DOMINANT_SHARE = 0.85
"""Share of the one language of a product that is reviewed mostly in it."""

BOMBED, SURGED = "honey", "watch"
"""Product types whose first product is bombed, and has a true surge of complaints."""


@dataclass(frozen=True)
class Product:
    """A product of the sample.

    `happy` is the share of happy reviewers; `praised` and `criticised` are aspects that pull away from that mood;
    `fixed_reviews`, where set, is the exact number of its reviews, else `weight` is its share of the rest.
    """

    product_id: str
    title: str
    type: ProductType
    character: str
    happy: float
    weight: float = 1.0
    praised: tuple[str, ...] = ()
    criticised: tuple[str, ...] = ()
    mostly: str | None = None
    fixed_reviews: int | None = None

    def language(self, rng: random.Random) -> str:
        if self.mostly is not None and rng.random() < DOMINANT_SHARE:
            return self.mostly
        return rng.choices(list(LANGUAGE_SHARES), list(LANGUAGE_SHARES.values()))[0]


_CHARACTERS: Mapping[str, tuple[str, float, float, str, str, str | None, int | None]] = {
    # type: character, happy, weight, praised, criticised, mostly in, exact number of reviews
    "earbuds": ("busy", 0.68, 3.2, "sound", "battery connectivity", None, None),
    "ereader": ("nearly_all_positive", 0.97, 1.1, "screen battery", "", None, None),
    "powerbank": ("minority_complaint", 0.88, 1.0, "battery", "durability", None, None),
    "phone": ("polarised", 0.50, 1.4, "camera", "software", None, None),
    "speaker": ("balanced", 0.65, 1.0, "sound", "connectivity", None, None),
    "watch": ("surge", 0.82, 1.1, "comfort", "", None, None),
    "vacuum": ("busy", 0.70, 3.4, "cleaning", "noise", None, None),
    "pan": ("polarised", 0.50, 0.9, "heat", "durability", None, None),
    "kettle": ("minority_complaint", 0.86, 0.9, "heat", "noise", None, None),
    "duvet": ("one_language", 0.76, 0.7, "comfort", "delivery", "de", None),
    "bookcase": ("mostly_negative", 0.25, 0.9, "design", "assembly instructions", None, None),
    "coffeemaker": ("balanced", 0.62, 0.9, "heat", "cleaning", None, None),
    "rainjacket": ("balanced", 0.70, 0.9, "waterproofing", "fit", None, None),
    "sneakers": ("nearly_all_positive", 0.95, 0.9, "comfort", "", None, None),
    "backpack": ("few_reviews", 0.75, 0.0, "comfort", "", None, 7),
    "sweater": ("one_language", 0.72, 0.6, "warmth", "material", "fr", None),
    "jeans": ("mostly_negative", 0.34, 0.8, "material", "fit", None, None),
    "boots": ("minority_complaint", 0.87, 0.8, "warmth", "stitching", None, None),
    "coffee": ("nearly_all_positive", 0.94, 1.5, "taste aroma", "", None, None),
    "oil": ("one_language", 0.78, 0.6, "taste", "packaging", "it", None),
    "tea": ("balanced", 0.68, 0.8, "aroma", "price", None, None),
    "chocolate": ("few_reviews", 0.80, 0.0, "taste", "", None, 9),
    "honey": ("bombed", 0.88, 0.8, "taste", "price", None, None),
    "muesli": ("balanced", 0.58, 0.8, "ingredients", "size", None, None),
}

_SYLLABLES = (
    "al",
    "bro",
    "cor",
    "dun",
    "fen",
    "gal",
    "hol",
    "jor",
    "kel",
    "lum",
    "mor",
    "nim",
    "pal",
    "quin",
    "rov",
    "sil",
)


def shop_products(count: int, rng: random.Random) -> tuple[Product, ...]:
    """The first `count` products: the 24 of the sample, then varied ones with invented brands.

    Raises:
        ValueError: if `count` is below 1.
    """
    if count < 1:
        raise ValueError(f"products must be at least 1, got {count}")
    kinds = list(TYPES.values())
    found = []
    for index in range(count):
        kind = kinds[index % len(kinds)]
        character, happy, weight, praised, criticised, mostly, fixed = _CHARACTERS[kind.slug]
        title = kind.title
        if index >= len(kinds):
            brand = (rng.choice(_SYLLABLES) + rng.choice(_SYLLABLES)).capitalize()
            title = f"{brand} {rng.randint(2, 99)} {kind.leaf}"
            character, mostly, fixed = "varied", None, None
            happy = min(0.97, max(0.15, rng.gauss(0.72, 0.16)))
            weight = rng.lognormvariate(0.0, 0.8)
            praised, criticised = rng.choice(list(kind.aspects)), rng.choice(list(kind.aspects))
        found.append(
            Product(
                f"P{1001 + index}",
                title,
                kind,
                character,
                happy,
                weight,
                tuple(praised.split()),
                tuple(a for a in criticised.split() if a not in praised.split()),
                mostly,
                fixed,
            )
        )
    return tuple(found)
