"""What is known about the sample: each review's opinions and labels, and the rows that a loader must refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from reviewsum_assets.sample.personal_data import PersonalDatum
from reviewsum_assets.sample.products import Product

Row = dict[str, str | int | bool | None]
"""A review export row."""

LABELS: tuple[str, ...] = (
    "personal_data",
    "abuse",
    "harsh_but_fair",
    "spam",
    "near_duplicate",
    "exact_copy",
    "gibberish",
    "one_word",
    "review_bombing",
    "surge",
    "injection",
    "markup",
    "mojibake",
    "mixed_language",
    "repeat_user",
    "star_mismatch",
)

SET_ASIDE_LABELS = frozenset({"abuse", "spam", "near_duplicate", "exact_copy", "gibberish", "review_bombing"})
"""Labels of reviews that should be kept but not counted."""


@dataclass(frozen=True)
class ReviewTruth:
    """The truth about one review.

    `duplicate_of` names the review that it copies; `intended_text` is the text before encoding damage;
    `superseded` is true where the same user wrote a later review of the product.
    """

    review_id: str
    product_id: str
    language: str
    opinions: tuple[tuple[str, str], ...]
    labels: tuple[str, ...] = ()
    personal_data: tuple[PersonalDatum, ...] = ()
    duplicate_of: str | None = None
    intended_text: str | None = None
    superseded: bool = False

    @property
    def counts(self) -> bool:
        """Whether the review should enter counting."""
        return not self.superseded and SET_ASIDE_LABELS.isdisjoint(self.labels)


@dataclass(frozen=True)
class MalformedLine:
    """A raw line that a loader must refuse, with the reason that it should give."""

    raw: str
    label: str


@dataclass(frozen=True)
class Sample:
    """The generated shop: export rows, the truth about each of them, products, and malformed lines."""

    as_of: date
    seed: int
    rows: list[Row]
    truth: list[ReviewTruth]
    products: tuple[Product, ...]
    malformed: tuple[MalformedLine, ...] = ()
    by_id: Mapping[str, ReviewTruth] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {t.review_id: t for t in self.truth})

    @property
    def malformed_lines(self) -> list[str]:
        return [line.raw for line in self.malformed]

    def support(self, product_id: str) -> dict[tuple[str, str], int]:
        """True support by (aspect, polarity): distinct counting reviews; one with both polarities counts as mixed."""
        support: dict[tuple[str, str], int] = defaultdict(int)
        for review in self.truth:
            if review.product_id != product_id or not review.counts:
                continue
            stated: dict[str, set[str]] = defaultdict(set)
            for aspect, polarity in review.opinions:
                stated[aspect].add(polarity)
            for aspect, polarities in stated.items():
                support[aspect, "mixed" if len(polarities) == 2 else next(iter(polarities))] += 1
        return dict(sorted(support.items()))

    def truth_document(self) -> dict[str, object]:
        """The truth as plain data for a JSON file beside the export."""
        return {
            "as_of": self.as_of.isoformat(),
            "seed": self.seed,
            "products": [
                {
                    "product_id": p.product_id,
                    "title": p.title,
                    "leaf": p.type.leaf,
                    "department": p.type.department,
                    "character": p.character,
                    "support": [[a, pol, n] for (a, pol), n in self.support(p.product_id).items()],
                }
                for p in self.products
            ],
            "reviews": [{**asdict(t), "counts": t.counts} for t in self.truth],
            "malformed": [asdict(line) for line in self.malformed],
        }
