"""The second, slower look at sentences that may be abuse: a support vector machine with a Gaussian kernel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

STEP = 1.0 / 256
"""Stored vectors are whole multiples of this: unit vectors of 512 dimensions have few values beyond 0.4."""

VECTOR_WEIGHT = 2.0
CUE_WEIGHT = 0.5
"""How much vectors and cues count in the distance."""

GAMMA = 0.3
"""Width of the kernel, see `toxicity_training.KERNEL_C`."""

AT_ONCE = 64
"""Sentences looked at in one go, always so many: a product of other shape may add up in another order, and a sentence's
score would depend on the sentences beside it."""


@dataclass(frozen=True)
class KernelHead:
    """Support vectors with their weights.

    Attributes:
        vectors: Sentence vectors in steps, shape (supports, dimensions), 8 bits.
        cues: Their word cues, shape (supports, cues), 0 or 1.
        weights: Dual coefficients, shape (supports,).
        bias: Added to the weighted sum.
    """

    vectors: NDArray[np.int8]
    cues: NDArray[np.int8]
    weights: NDArray[np.float32]
    bias: float

    @classmethod
    def load(cls, path: Path) -> KernelHead:
        """The head that `save` wrote; nothing in the file is executed."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["vectors"], stored["cues"], stored["weights"], float(stored["bias"]))

    def save(self, path: Path) -> None:
        """Write the head as npz."""
        np.savez_compressed(path, vectors=self.vectors, cues=self.cues, weights=self.weights, bias=self.bias)

    @staticmethod
    def features(vectors: NDArray[np.float32], cues: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where sentences lie for the kernel, shape (n, dimensions + cues)."""
        return np.hstack([vectors * VECTOR_WEIGHT, cues * CUE_WEIGHT]).astype(np.float32)

    @cached_property
    def _supports(self) -> NDArray[np.float32]:
        return self.features(self.vectors.astype(np.float32) * np.float32(STEP), self.cues.astype(np.float32))

    def decision(self, vectors: NDArray[np.float32], cues: NDArray[np.float32]) -> NDArray[np.float64]:
        """Signed distance from the border, shape (n,), above 0 on the side of abuse."""
        supports = self._supports
        lengths = (supports**2).sum(axis=1)
        rows = self.features(vectors, cues)
        found = np.empty(len(rows))
        for start in range(0, len(rows), AT_ONCE):
            part = np.zeros((AT_ONCE, rows.shape[1]), dtype=np.float32)
            count = min(AT_ONCE, len(rows) - start)
            part[:count] = rows[start : start + count]
            apart = (part**2).sum(axis=1)[:, None] + lengths[None, :] - 2.0 * (part @ supports.T)
            near = np.exp(-GAMMA * np.maximum(apart, 0.0))
            found[start : start + count] = (near @ self.weights + self.bias)[:count]
        return found
