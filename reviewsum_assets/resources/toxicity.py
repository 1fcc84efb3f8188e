"""Who judges abuse (`reviewsum_assets.contracts.protocols.ToxicityScorer`): the bundled head, or Detoxify beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import ToxicityScorer, Vectors
from reviewsum_assets.resources.detoxify_model import DetoxifyModel
from reviewsum_assets.reviews.abuse_cues import Cues, is_aimed
from reviewsum_assets.reviews.toxicity import ToxicityHead
from reviewsum_assets.settings import Settings

ABOUT_PEOPLE = ("threat", "identity_attack")
"""Detoxify's classes that are about people whatever else the sentence says. `toxicity`, `severe_toxicity`, `obscene`
and `sexual_explicit` are not: they fire on swearing at a product."""

AIMED = "insult"
"""A class that counts where the sentence addresses or names a person: harsh words about a thing raise it too."""

MOST_LOG_ODDS = 5.0
"""Log-odds of each judge are held to ± this, so that neither decides alone however sure it is."""


class HeadBesideDetoxify:
    """The head's score, raised where Detoxify is surer: the higher of the head's and the mean of the two log-odds.

    Never lowered: Detoxify's multilingual model was not trained on German and Dutch, so its silence says little there.
    A sentence that the head finds harmless beyond doubt stays below the mask threshold; one it hesitates about is
    masked where Detoxify is sure.
    """

    def __init__(self, head: ToxicityHead, model: DetoxifyModel) -> None:
        self._head = head
        self._model = model

    @property
    def version(self) -> str:
        return f"{self._head.version}+{self._model.version}"

    def score(self, vectors: Vectors, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `ToxicityScorer.score`."""
        mine = self._head.score(vectors, texts)
        if not texts:
            return mine
        classes = self._model.probabilities(texts)
        about = np.maximum.reduce([classes[name] for name in ABOUT_PEOPLE])
        aimed = is_aimed(Cues.load().features(texts))
        theirs = np.maximum(about, np.where(aimed, classes[AIMED], 0.0))
        both = 1.0 / (1.0 + np.exp(-(_log_odds(mine) + _log_odds(theirs)) / 2))
        raised: NDArray[np.float32] = np.maximum(mine, both).astype(np.float32)
        return raised


def _log_odds(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    clipped = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    return np.clip(np.log(clipped / (1 - clipped)), -MOST_LOG_ODDS, MOST_LOG_ODDS)


def make_toxicity(settings: Settings) -> ToxicityScorer:
    """The scorer that the settings name.

    Raises:
        DetoxifyError: if the checkpoint is missing, is another one than pinned, or cannot be loaded safely.
    """
    head = ToxicityHead.load()
    if settings.detoxify_checkpoint is None:
        return head
    return HeadBesideDetoxify(head, DetoxifyModel.load(settings.detoxify_checkpoint, settings.detoxify_sha256))
