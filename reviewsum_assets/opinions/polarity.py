"""Is a chunk praise, complaint or neither: a logistic head on its sentence vector and a few counts of its words.

The stars of the review are a prior, not a feature: how often chunks of a five-star review are positive is estimated by
expectation maximisation on unlabelled chunks (Saerens, Latinne & Decaestecker, Adjusting the Outputs of a Classifier
to New a Priori Probabilities, Neural Computation 14, 2002), and its log-odds are added to those of the text.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.contracts.tables import EMBEDDING_DIMENSIONS
from reviewsum_assets.opinions.polarity_lexicon import FEATURES, lexical_features

ChunkPolarity = Literal["positive", "negative", "neutral"]

BUNDLED = Path(__file__).parent / "polarity" / "head.npz"

NEUTRAL_BAND = 0.15
"""A chunk whose probability is nearer to one half than this is neutral. Measured on the sentences of Hu & Liu: the
error of the counts is least at 0.15–0.2 (.47 of the labels; .55 at 0.05, .50 at 0.3), F1 of opinions at 0.1–0.15."""

STARS = 5


_SHAPES: Mapping[str, tuple[int, ...]] = {
    "vector": (EMBEDDING_DIMENSIONS,),
    "lexical": (len(FEATURES),),
    "intercept": (),
    "star_log_odds": (STARS,),
    "opinion_vector": (EMBEDDING_DIMENSIONS,),
    "opinion_lexical": (len(FEATURES),),
    "opinion_intercept": (),
}


@dataclass(frozen=True, eq=False)
class PolarityHead:
    """Weights of the head, in log-odds, float64. Two heads are the same if their `version` is."""

    vector: NDArray[np.float64]
    """Shape (512,): for each dimension of the unit vector."""
    lexical: NDArray[np.float64]
    """Shape (4,): for each count of `polarity_lexicon.FEATURES`."""
    intercept: NDArray[np.float64]
    """Shape ()."""
    star_log_odds: NDArray[np.float64]
    """Shape (5,): of a positive chunk in a review of 1–5 stars, before its text is read."""
    opinion_vector: NDArray[np.float64]
    """Shape (512,): the same for whether a chunk judges at all."""
    opinion_lexical: NDArray[np.float64]
    """Shape (4,)."""
    opinion_intercept: NDArray[np.float64]
    """Shape ()."""

    def __post_init__(self) -> None:
        for name, shape in _SHAPES.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} of a polarity head has shape {shape}, not {getattr(self, name).shape}")

    @classmethod
    def blank(cls) -> PolarityHead:
        """A head that knows nothing: every weight 0."""
        return cls(**{name: np.zeros(shape) for name, shape in _SHAPES.items()})

    @classmethod
    def load(cls, path: Path | None = None) -> PolarityHead:
        """The head in a file that `save` wrote; the bundled one without a path.

        Raises:
            FileNotFoundError: if the file is absent.
            ValueError: if it does not hold a head.
        """
        return _bundled() if path is None else _read(path)

    def save(self, path: Path) -> None:
        """Write the head as `.npz`; equal heads are equal bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        np.savez(buffer, **{name: getattr(self, name).astype("<f8") for name in _SHAPES})
        path.write_bytes(buffer.getvalue())

    @property
    def version(self) -> str:
        """`polarity-` and 12 hex digits of the SHA-256 over all weights."""
        digest = hashlib.sha256()
        for name in _SHAPES:
            digest.update(getattr(self, name).astype("<f8").tobytes())
        return f"polarity-{digest.hexdigest()[:12]}"

    def log_odds(self, vectors: Vectors, lexical: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds of a positive text, stars and neutrality aside, shape (n,). `lexical`: shape (n, 4)."""
        return vectors @ self.vector + lexical @ self.lexical + float(self.intercept)

    def opinion_probability(self, vectors: Vectors, lexical: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability that a text judges at all, shape (n,)."""
        return sigmoid(vectors @ self.opinion_vector + lexical @ self.opinion_lexical + float(self.opinion_intercept))

    def positive_probability(
        self,
        vectors: Vectors,
        stars: ArrayLike | None = None,
        texts: Sequence[str] | None = None,
        languages: Sequence[str] | None = None,
    ) -> NDArray[np.float64]:
        """Probability that each chunk is positive, shape (n,). Near one half where it judges nothing.

        Args:
            vectors: Unit vectors of the chunks, shape (n, 512).
            stars: Stars of each chunk's review, 1–5; None: the text alone.
            texts: The chunks; with them the lexicon is read too, which is right 3 to 4 times more in 100.
            languages: Their languages; None: unknown.

        Raises:
            ValueError: if lengths differ or a star rating is not 1–5.
        """
        n = len(vectors)
        if texts is not None and len(texts) != n:
            raise ValueError(f"{len(texts)} texts for {n} vectors")
        lexical = (
            np.zeros((n, len(FEATURES)), dtype=np.float32)
            if texts is None
            else lexical_features(texts, languages if languages is not None else ["und"] * n)
        )
        odds = self.log_odds(vectors, lexical)
        if stars is not None:
            rating = np.asarray(stars, dtype=np.int64)
            if rating.shape != (n,) or (n and not (rating.min() >= 1 and rating.max() <= STARS)):
                raise ValueError(f"stars must be {n} whole numbers from 1 to {STARS}")
            odds = odds + self.star_log_odds[rating - 1]
        return sigmoid(odds * self.opinion_probability(vectors, lexical))

    def polarity(self, probabilities: NDArray[np.float64]) -> list[ChunkPolarity]:
        """The polarity that each probability stands for; `neutral` within `NEUTRAL_BAND` of one half."""
        return [
            "neutral" if abs(p - 0.5) < NEUTRAL_BAND else "positive" if p > 0.5 else "negative"
            for p in np.asarray(probabilities).tolist()
        ]


def sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of log-odds, without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * log_odds))


@lru_cache(maxsize=1)
def _bundled() -> PolarityHead:
    return _read(BUNDLED)


def _read(path: Path) -> PolarityHead:
    if not path.is_file():
        raise FileNotFoundError(f"no polarity head at {path}: train one, or leave the path out for the bundled head")
    with np.load(path, allow_pickle=False) as stored:
        if missing := [name for name in _SHAPES if name not in stored]:
            raise ValueError(f"{path} is no polarity head: it lacks {', '.join(missing)}")
        return PolarityHead(**{name: stored[name].astype(np.float64) for name in _SHAPES})
