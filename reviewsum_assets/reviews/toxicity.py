"""Probability that a sentence abuses people: a logistic head on the platform's sentence vectors.

Only abuse of people is meant (insults, slurs, threats, wishes of harm). Harsh words about a product, a shop or a
company are criticism and must score low. The head was trained on our own sentences, see `toxicity/model_card.md`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

WEIGHTS = "toxicity/head.json"

MASK_THRESHOLD = 0.5
"""From here a sentence is masked; the review stays if it says anything else."""

SET_ASIDE_THRESHOLD = 0.7
"""From here a review that says nothing else is set aside. Between the two it is masked and kept: when unsure, keep."""


@dataclass(frozen=True)
class ToxicityHead:
    """A logistic regression on unit vectors of one embedder.

    Attributes:
        version: Content hash of the weights, first 12 hex digits.
        embedder: Model whose vectors it reads.
    """

    weights: NDArray[np.float32]
    bias: float
    version: str
    embedder: str

    @classmethod
    def load(cls) -> ToxicityHead:
        """The head that comes with the package."""
        stored = json.loads(files("reviewsum_assets.reviews").joinpath(WEIGHTS).read_text(encoding="utf-8"))
        return cls(
            weights=np.asarray(stored["weights"], dtype=np.float32),
            bias=float(stored["bias"]),
            version=str(stored["version"]),
            embedder=str(stored["embedder"]),
        )

    def score(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities of abuse of people, shape (n,), of sentence vectors, shape (n, dimensions).

        Raises:
            ValueError: if the vectors are not of the embedder that the head was trained on.
        """
        if vectors.ndim != 2 or vectors.shape[1] != len(self.weights):
            raise ValueError(
                f"the toxicity head reads vectors of {self.embedder} with shape (n, {len(self.weights)}), "
                f"not {vectors.shape}: train it for this embedder with `python -m "
                "reviewsum_assets.reviews.toxicity_training`"
            )
        logits = vectors.astype(np.float64) @ self.weights.astype(np.float64) + self.bias
        return (1.0 / (1.0 + np.exp(-logits))).astype(np.float32)
