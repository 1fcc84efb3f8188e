"""Scores of mined opinions against labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

Opinion = tuple[str, str, str, str]
"""(product, review, aspect, polarity) of one stated opinion."""


@dataclass(frozen=True)
class Scores:
    """Precision, recall and F1 over pairs of item and label, each 0–1."""

    precision: float
    recall: float
    f1: float
    labels: int
    """Labels that there are."""


@dataclass(frozen=True)
class CountError:
    """How far counts of reviews are from the labels', over every (product, aspect, polarity) that either has."""

    mean_absolute: float
    """Reviews."""
    relative: float
    """Sum of the absolute errors / sum of the labels' counts."""
    correlation: float
    """Pearson's, over the same cells; 0 if there is no variance."""
    cells: int


def set_scores(gold: Sequence[AbstractSet[T]], predicted: Sequence[AbstractSet[T]]) -> Scores:
    """Micro-averaged scores of sets of labels, item by item.

    Raises:
        ValueError: if the lengths differ.
    """
    right = sum(len(g & p) for g, p in zip(gold, predicted, strict=True))
    labels, claimed = sum(map(len, gold)), sum(map(len, predicted))
    return Scores(
        precision=right / claimed if claimed else 0.0,
        recall=right / labels if labels else 0.0,
        f1=2 * right / (labels + claimed) if labels + claimed else 0.0,
        labels=labels,
    )


def accuracy(gold: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> float:
    """Share of equal values; 0 if there are none."""
    return float((gold == predicted).mean()) if len(gold) else 0.0


def count_error(gold: Iterable[Opinion], predicted: Iterable[Opinion]) -> CountError:
    """Compare how many distinct reviews of a product state each (aspect, polarity)."""
    reviews: dict[tuple[str, str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for side, opinions in enumerate((gold, predicted)):
        for product, review, aspect, polarity in opinions:
            reviews[product, aspect, polarity][side].add(review)
    if not reviews:
        return CountError(0.0, 0.0, 0.0, 0)
    counts = np.array([[len(g), len(p)] for g, p in reviews.values()], dtype=np.float64)
    errors = np.abs(counts[:, 0] - counts[:, 1])
    varied = bool((counts.std(axis=0) > 0).all())
    return CountError(
        mean_absolute=float(errors.mean()),
        relative=float(errors.sum() / max(1.0, counts[:, 0].sum())),
        correlation=float(np.corrcoef(counts.T)[0, 1]) if varied else 0.0,
        cells=len(counts),
    )
