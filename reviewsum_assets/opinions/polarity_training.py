"""Training the polarity head on stars: the free labels of every review.

A star rates a review and not its sentences, so the labels of chunks are noisy: five-star reviews complain, too. The
fit alternates (expectation maximisation): how often is a chunk of an s-star review positive, given the head; and which
head fits the chunks, each taken as positive with the probability that stars and text give it. It is a maximum a
posteriori fit: the weights are held to those of a head that is known to be good, so that a shop with few reviews
moves it little and one with many moves it to its own language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.opinions.polarity import STARS, PolarityHead, sigmoid
from reviewsum_assets.opinions.polarity_lexicon import FEATURES, lexical_features

MIN_ROWS_PER_CLASS = 200
"""Chunks of 1–2-star and of 4–5-star reviews that a fit needs, each."""

HELD_OUT_FOLDS = 5
"""One row in this many is held out for the metrics."""

_ROUNDS = 3
"""Of expectation maximisation; a fourth changed nothing (0.1 points on labelled sentences)."""

_VECTOR_SCALE = 4.0
"""Vectors are multiplied by this in the fit, so that one penalty suits them and the counts of words."""

_START_SHARES = np.array([0.05, 0.15, 0.5, 0.9, 0.96])
"""Share of positive chunks by stars that the first round starts from."""

MOST_STAR_LOG_ODDS = 2.0
"""The stars' prior is cut here: a plain complaint in a five-star review must still be heard. Uncut, the estimate
runs to ±3.5, for the head learned from the same stars."""


@dataclass(frozen=True)
class Anchors:
    """Sentences of known polarity, which keep a fit on stars honest."""

    vectors: Vectors
    texts: Sequence[str]
    languages: Sequence[str]
    positive: NDArray[np.bool_]
    weight: float = 5.0
    """Of one anchor against one chunk. Measured on the sentences of Hu & Liu: 0, 1, 3 and 8 are alike (.817–.821), and
    on the sample's sentences 0, 1, 3, 8 give .656, .670, .693, .702."""


@dataclass(frozen=True)
class TrainingResult:
    """The head to use from now on."""

    head: PolarityHead
    trained: bool
    reason: str
    """What was trained on, or why nothing was: then `head` is the prior."""
    metrics: dict[str, float] = field(default_factory=dict)
    """On the held-out rows, stars as labels, text alone: accuracy of the new head and of the prior."""


def train_head(
    vectors: Vectors,
    stars_per_row: ArrayLike,
    prior: PolarityHead,
    *,
    texts: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    anchors: Anchors | None = None,
    strength: float = 3e-4,
) -> TrainingResult:
    """Fit a head on chunks with the stars of their reviews, held to a prior head.

    Args:
        vectors: Unit vectors of the chunks, shape (n, 512). One row in five is held out, by its place, so rows should
            be in an order that has nothing to do with their stars.
        stars_per_row: Stars of each chunk's review, 1–5.
        prior: The head that the weights are held to: the bundled one; its neutrality is kept as it is.
        texts: The chunks; without them the weights of words stay the prior's.
        languages: Languages of the texts.
        anchors: Sentences of known polarity to fit as well.
        strength: Weight of half the squared distance to the prior, against the mean loss of a row. Measured on
            labelled sentences (`reviewsum_tests.bench.hu_liu`): 1e-4 and 3e-4 are alike.

    Returns:
        The new head, or the prior and the reason where either class has under `MIN_ROWS_PER_CLASS` rows.
    """
    stars = np.asarray(stars_per_row, dtype=np.int64)
    if stars.shape != (len(vectors),) or (len(stars) and not (stars.min() >= 1 and stars.max() <= STARS)):
        raise ValueError(f"stars_per_row must be {len(vectors)} whole numbers from 1 to {STARS}")
    low, high = int((stars < 3).sum()), int((stars > 3).sum())
    if min(low, high) < MIN_ROWS_PER_CLASS:
        reason = f"{low} chunks of 1–2 stars and {high} of 4–5: {MIN_ROWS_PER_CLASS} of each are needed"
        return TrainingResult(prior, False, reason)

    lexical = _lexical(texts, languages, len(vectors))
    rows = _rows(vectors, lexical)
    held_out = np.arange(len(stars)) % HELD_OUT_FOLDS == HELD_OUT_FOLDS - 1
    fixed = _rows(anchors.vectors, lexical_features(anchors.texts, anchors.languages)) if anchors else rows[:0]

    def fitted(use: NDArray[np.bool_]) -> PolarityHead:
        return _expectation_maximisation(rows[use], stars[use], fixed, anchors, prior, strength)

    # The metrics are of a head that never saw the rows held out; the head to use is then fitted on all.
    told = held_out & (stars != 3)
    positive = stars[told] > 3
    metrics = {
        "held_out_rows": float(told.sum()),
        "accuracy": _accuracy(fitted(~held_out), vectors[told], lexical[told], positive),
        "accuracy_prior": _accuracy(prior, vectors[told], lexical[told], positive),
    }
    return TrainingResult(fitted(np.ones_like(held_out)), True, f"trained on {len(stars)} chunks", metrics)


def fit_opinion(
    head: PolarityHead,
    vectors: Vectors,
    texts: Sequence[str],
    languages: Sequence[str],
    judges: NDArray[np.bool_],
    strength: float = 1e-3,
) -> PolarityHead:
    """The head with its neutrality fitted: which of the texts judge something, shape (n,). Classes count alike."""
    rows = _rows(vectors, lexical_features(texts, languages))
    share = judges.mean()
    weights = fit_logistic(
        rows,
        judges.astype(np.float64),
        np.where(judges, 0.5 / share, 0.5 / (1 - share)),
        np.zeros(rows.shape[1] + 1),
        strength,
    )
    return replace(
        head,
        opinion_vector=weights[: -len(FEATURES) - 1] * _VECTOR_SCALE,
        opinion_lexical=weights[-len(FEATURES) - 1 : -1],
        opinion_intercept=np.array(weights[-1]),
    )


def star_shares(
    log_odds: NDArray[np.float64], stars: NDArray[np.int64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of positive chunks among those of 1–5 stars, shape (5,), from a head's log-odds (Saerens et al. 2002).

    Args:
        log_odds: Of each chunk, by a head whose training classes counted alike, shape (n,).
        stars: Of its review, shape (n,).
        start: Shares to start from, shape (5,); a rating without chunks keeps its own.
    """
    rated = [(rating, log_odds[stars == rating + 1]) for rating in range(STARS) if (stars == rating + 1).any()]
    shares = start.copy()
    # The head's own prior. Half, for its classes counted alike; the mean over the ratings is that too, and holds the
    # shares together: with a fixed half they drifted upwards, and labelled sentences lost two points in 100.
    centre = _log_odds(shares[[rating for rating, _ in rated]].mean())
    for _ in range(10):
        for rating, odds in rated:
            shares[rating] = np.clip(sigmoid(odds + _log_odds(shares[rating]) - centre).mean(), 0.03, 0.97)
    return shares


def fit_logistic(
    rows: NDArray[np.float64],
    targets: NDArray[np.float64],
    row_weights: NDArray[np.float64],
    prior: NDArray[np.float64],
    strength: float,
    start: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Weights and intercept of a logistic regression on soft targets, shape (d + 1,).

    Minimises the weighted mean of the cross-entropy plus `strength` / 2 times the squared distance of the weights (not
    of the intercept) to `prior`, by L-BFGS from `start` (`prior` if None). The problem is convex: where it starts
    decides only how long it takes.
    """
    from scipy.optimize import minimize

    total = row_weights.sum()
    penalty = np.append(np.full(rows.shape[1], strength), 0.0)

    def loss_and_gradient(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = rows @ weights[:-1] + weights[-1]
        away = weights - prior
        loss = (row_weights * (np.logaddexp(0, odds) - targets * odds)).sum() / total + (
            penalty * away * away
        ).sum() / 2
        slope = row_weights * (sigmoid(odds) - targets) / total
        return float(loss), np.append(rows.T @ slope, slope.sum()) + penalty * away

    options = {"maxiter": 200, "ftol": 1e-7, "gtol": 1e-5}
    found = minimize(loss_and_gradient, prior if start is None else start, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x, dtype=np.float64)


def _expectation_maximisation(
    rows: NDArray[np.float64],
    stars: NDArray[np.int64],
    fixed: NDArray[np.float64],
    anchors: Anchors | None,
    prior: PolarityHead,
    strength: float,
) -> PolarityHead:
    """The prior with its weights, intercept and star log-odds fitted to rows of shape (n, 516)."""
    start = np.concatenate([prior.vector / _VECTOR_SCALE, prior.lexical, [float(prior.intercept)]])
    fixed_targets = anchors.positive.astype(np.float64) if anchors else np.empty(0)
    fixed_weights = np.full(len(fixed), anchors.weight if anchors else 0.0)
    both = np.concatenate([rows, fixed])

    def fitted(
        targets: NDArray[np.float64], row_weights: NDArray[np.float64], near: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        return fit_logistic(
            both,
            np.concatenate([targets, fixed_targets]),
            np.concatenate([row_weights, fixed_weights]),
            start,
            strength,
            near,
        )

    # First the stars as labels; three stars say nothing yet.
    told = stars != 3
    weights = fitted((stars > 3).astype(np.float64), _balanced(stars > 3) * told, start)
    shares = _START_SHARES.copy()
    for _ in range(_ROUNDS):
        odds = rows @ weights[:-1] + weights[-1]
        shares = star_shares(odds, stars, shares)
        targets = sigmoid(odds + (_log_odds(shares) - _log_odds(shares.mean()))[stars - 1])
        weights = fitted(targets, _balanced(targets > 0.5), weights)
    shares = star_shares(rows @ weights[:-1] + weights[-1], stars, shares)
    return replace(
        prior,
        vector=weights[: -len(FEATURES) - 1] * _VECTOR_SCALE,
        lexical=weights[-len(FEATURES) - 1 : -1],
        intercept=np.array(weights[-1]),
        star_log_odds=np.clip(_log_odds(shares), -MOST_STAR_LOG_ODDS, MOST_STAR_LOG_ODDS),
    )


def _balanced(positive: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights under which both classes count alike, with mean 1."""
    share = float(np.clip(positive.mean(), 1e-3, 1 - 1e-3))
    return np.where(positive, 0.5 / share, 0.5 / (1 - share))


def _rows(vectors: Vectors, lexical: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.hstack([vectors * _VECTOR_SCALE, lexical]).astype(np.float64)


def _lexical(texts: Sequence[str] | None, languages: Sequence[str] | None, n: int) -> NDArray[np.float32]:
    if texts is None:
        return np.zeros((n, len(FEATURES)), dtype=np.float32)
    return lexical_features(texts, languages if languages is not None else ["und"] * n)


def _accuracy(head: PolarityHead, vectors: Vectors, lexical: NDArray[np.float32], positive: NDArray[np.bool_]) -> float:
    return float(((head.log_odds(vectors, lexical) > 0) == positive).mean())


def _log_odds(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(share / (1 - share))
