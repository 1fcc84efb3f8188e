"""Probability that a sentence abuses people: judged on the sentence vectors and word cues.

Only abuse of people is meant (insults, slurs, threats, wishes of harm). Harsh words about a product, a shop or a
company are criticism and must score low. The head was trained on our own sentences, see `toxicity/model_card.md`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from reviewsum_assets.reviews.abuse_cues import Cues
from reviewsum_assets.reviews.abuse_kernel import KernelHead

_ROOM = "reviewsum_assets.reviews"
WEIGHTS = "toxicity/head.json"
KERNEL = "toxicity/kernel.npz"

MASK_THRESHOLD = 0.6
"""From here a sentence is masked; the review stays if it says anything else."""

SET_ASIDE_THRESHOLD = 0.7
"""From here a review that says nothing else is set aside. Between the two it is masked and kept: when unsure, keep."""

LOOK_TWICE = 0.05
"""From this probability of the first look on, a sentence is looked at again: .29 of the sentences of public one-star
reviews, .42 of Dutch book reviews."""

OPERATING_POINT = 0.38
"""Distance from the kernel's border that becomes `MASK_THRESHOLD`. Chosen by cross-validation and by public
one-star reviews, of which at most 1 % may be touched, see `model_card.md`."""

SLOPE = 4.0
"""Log-odds a unit of that distance."""


@dataclass(frozen=True)
class LinearHead:
    """Weights, shape (features,), and bias of a logistic regression."""

    weights: NDArray[np.float32]
    bias: float

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities, shape (n,), of features, shape (n, features)."""
        logits = features.astype(np.float64) @ self.weights.astype(np.float64) + self.bias
        return (1.0 / (1.0 + np.exp(-logits))).astype(np.float32)


@dataclass(frozen=True)
class ToxicityHead:
    """Judges of unit vectors of one embedder: a regression on them alone, and with word cues a first and a second look.

    Attributes:
        version: Content hash of the weights, the support vectors and the cues, first 12 hex digits.
        embedder: Model whose vectors it reads.
    """

    plain: LinearHead
    cued: LinearHead
    kernel: KernelHead
    version: str
    embedder: str

    @classmethod
    def load(cls) -> ToxicityHead:
        """The head that comes with the package."""
        stored = json.loads(files(_ROOM).joinpath(WEIGHTS).read_text(encoding="utf-8"))
        plain, cued = (
            LinearHead(np.asarray(stored[name]["weights"], dtype=np.float32), float(stored[name]["bias"]))
            for name in ("plain", "cued")
        )
        with as_file(files(_ROOM).joinpath(KERNEL)) as path:
            kernel = KernelHead.load(path)
        return cls(plain, cued, kernel, str(stored["version"]), str(stored["embedder"]))

    def score(self, vectors: NDArray[np.float32], texts: Sequence[str] | None = None) -> NDArray[np.float32]:
        """Probabilities of abuse of people, shape (n,).

        Args:
            vectors: Sentence vectors, shape (n, dimensions).
            texts: The sentences themselves: with them the word cues are read too, which is more accurate.

        Raises:
            ValueError: if the vectors are not of the embedder that the head was trained on, or texts are missing.
        """
        if vectors.ndim != 2 or vectors.shape[1] != len(self.plain.weights):
            raise ValueError(
                f"the toxicity head reads vectors of {self.embedder} with shape (n, {len(self.plain.weights)}), "
                f"not {vectors.shape}: train it for this embedder with `python -m "
                "reviewsum_assets.reviews.toxicity_training`"
            )
        if texts is None:
            return self.plain.probabilities(vectors)
        if len(texts) != len(vectors):
            raise ValueError(f"{len(vectors)} vectors but {len(texts)} texts: give the text of each vector")
        cues = Cues.load().features(texts)
        scores = self.cued.probabilities(np.hstack([vectors, cues]))
        doubtful = np.flatnonzero(scores >= LOOK_TWICE)
        if len(doubtful):
            apart = self.kernel.decision(vectors[doubtful], cues[doubtful])
            at_border = np.log(MASK_THRESHOLD / (1 - MASK_THRESHOLD))
            scores[doubtful] = 1.0 / (1.0 + np.exp(-(SLOPE * (apart - OPERATING_POINT) + at_border)))
        return scores
