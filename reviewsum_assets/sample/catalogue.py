"""What the sample's shop sells: 24 product types in four departments, and how each is named in six languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reviewsum_assets.sample.phrases import read_yaml


@dataclass(frozen=True)
class ProductType:
    """A kind of product: its leaf category, the aspects its reviewers speak of and how often (relative weights)."""

    slug: str
    department: str
    leaf: str
    title: str
    aspects: Mapping[str, float]


_SHOP = {"price": 1.2, "delivery": 0.9, "packaging": 0.5, "customer_service": 0.6}
_DEVICE = {**_SHOP, "quality": 1.0, "durability": 0.7, "design": 0.8, "ease_of_use": 0.9, "instructions": 0.4}
_CLOTHES = {**_SHOP, "fit": 2.4, "material": 1.6, "stitching": 0.9, "quality": 0.9, "durability": 0.8, "design": 1.0}
_FOOD = {**_SHOP, "taste": 2.8, "aroma": 1.4, "freshness": 1.2, "ingredients": 1.0, "quality": 0.8, "size": 0.4}


def _type(
    slug: str, department: str, leaf: str, title: str, base: Mapping[str, float], **own: float
) -> tuple[str, ProductType]:
    aspects = {aspect: weight for aspect, weight in {**base, **own}.items() if weight > 0}
    return slug, ProductType(slug, department, leaf, title, aspects)


TYPES: Mapping[str, ProductType] = dict(
    [
        _type("earbuds", "electronics", "Wireless Earbuds", "Aurelo Buds 3 Wireless Earbuds", _DEVICE,
              battery=2.0, sound=2.6, connectivity=1.6, comfort=1.4, software=0.6),
        _type("ereader", "electronics", "E-Readers", "Papyra 7 E-Reader", _DEVICE,
              battery=1.6, screen=2.2, software=1.1, performance=1.0, connectivity=0.6, size=0.7),
        _type("powerbank", "electronics", "Power Banks", "Voltano 20000 Power Bank", _DEVICE,
              battery=2.6, performance=1.4, size=1.2),
        _type("phone", "electronics", "Smartphones", "Lumino X2 Smartphone", _DEVICE,
              battery=2.0, camera=2.0, screen=1.4, performance=1.4, software=1.1, connectivity=0.8, sound=0.6),
        _type("speaker", "electronics", "Bluetooth Speakers", "Tonda Go Bluetooth Speaker", _DEVICE,
              sound=2.8, battery=1.6, connectivity=1.4, size=0.8),
        _type("watch", "electronics", "Smartwatches", "Pulso 4 Smartwatch", _DEVICE,
              battery=1.8, software=1.6, screen=1.2, performance=1.2, connectivity=1.0, comfort=1.2),
        _type("vacuum", "home", "Robot Vacuums", "Dustin R5 Robot Vacuum", _DEVICE,
              cleaning=2.6, noise=1.6, capacity=0.9),
        _type("pan", "home", "Frying Pans", "Ferro Pro 28 cm Frying Pan", _DEVICE,
              heat=2.2, cleaning=2.0, size=0.8),
        _type("kettle", "home", "Kettles", "Brisa 1.7 l Kettle", _DEVICE,
              heat=1.8, noise=1.6, capacity=1.0, cleaning=1.0),
        _type("duvet", "home", "Duvets", "Nuvola All-Season Duvet 135 x 200", _SHOP,
              heat=2.2, comfort=2.4, quality=1.4, cleaning=1.2, size=0.9, durability=0.7),
        _type("bookcase", "home", "Bookcases", "Lagom Oak Bookcase 5 Shelves", _SHOP,
              assembly=3.0, instructions=1.4, quality=1.4, design=1.2, capacity=1.0, size=0.8, durability=0.5),
        _type("coffeemaker", "home", "Coffee Machines", "Crema Duo Coffee Machine", _DEVICE,
              noise=1.4, cleaning=1.8, heat=1.4, capacity=1.0),
        _type("rainjacket", "fashion", "Rain Jackets", "Nordsee Rain Jacket", _CLOTHES,
              waterproofing=2.8, warmth=1.0, comfort=0.6),
        _type("sneakers", "fashion", "Sneakers", "Passo Low Sneakers", _CLOTHES, comfort=2.4),
        _type("backpack", "fashion", "Backpacks", "Rambler 22 l Backpack", _CLOTHES,
              fit=0.0, comfort=1.6, size=1.6, waterproofing=1.4),
        _type("sweater", "fashion", "Wool Sweaters", "Highland Wool Sweater", _CLOTHES,
              warmth=2.2, comfort=1.0),
        _type("jeans", "fashion", "Jeans", "Delta Straight Jeans", _CLOTHES, fit=3.2, comfort=1.2),
        _type("boots", "fashion", "Winter Boots", "Tundra Winter Boots", _CLOTHES,
              warmth=2.2, waterproofing=1.8, comfort=1.6),
        _type("coffee", "grocery", "Coffee Beans", "Monte Sol Espresso Beans 1 kg", _FOOD),
        _type("oil", "grocery", "Olive Oil", "Oliveta Extra Virgin Olive Oil 1 l", _FOOD),
        _type("tea", "grocery", "Tea", "Himal Loose Leaf Tea 250 g", _FOOD),
        _type("chocolate", "grocery", "Chocolate", "Kakauna 70 % Dark Chocolate", _FOOD),
        _type("honey", "grocery", "Honey", "Imker Wald Forest Honey 500 g", _FOOD, aroma=1.0),
        _type("muesli", "grocery", "Muesli", "Korn & Nuss Crunchy Muesli 750 g", _FOOD, aroma=0.4),
    ]
)  # fmt: skip

LEAF_DEPARTMENTS: Mapping[str, str] = {product.leaf: product.department for product in TYPES.values()}
"""Leaf category of the sample's shop → department."""

LEAF_CATEGORIES: tuple[str, ...] = tuple(LEAF_DEPARTMENTS)


def noun_slots(language: str, product_type: str) -> dict[str, str]:
    """How a language names the product as an object: slots `the` and `a`. Raises KeyError for an unknown type."""
    nouns = read_yaml(language, "frame")["nouns"]
    if not isinstance(nouns, dict):
        raise ValueError(f"bank {language}/frame.yaml: nouns must map product types to `the|a`")
    the, a = str(nouns[product_type]).split("|")
    return {"the": the.strip(), "a": a.strip()}
