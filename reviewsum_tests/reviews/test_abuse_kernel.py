"""The second look at doubtful sentences gives what it was trained to give, and is stored without code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.svm import SVC

from reviewsum_assets.reviews.abuse_kernel import GAMMA, STEP, KernelHead
from reviewsum_assets.reviews.toxicity import ToxicityHead


def _trained() -> tuple[KernelHead, SVC, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    steps = rng.integers(-100, 100, (60, 8)).astype(np.int8)
    cues = rng.integers(0, 2, (60, 3)).astype(np.float32)
    vectors = steps.astype(np.float32) * np.float32(STEP)
    model = SVC(C=3.0, gamma=GAMMA).fit(KernelHead.features(vectors, cues), vectors[:, 0] > 0)
    head = KernelHead(
        steps[model.support_],
        cues[model.support_].astype(np.int8),
        model.dual_coef_[0].astype(np.float32),
        float(model.intercept_[0]),
    )
    return head, model, vectors, cues


def test_its_decisions_are_those_of_the_machine_it_was_taken_from() -> None:
    head, model, vectors, cues = _trained()
    np.testing.assert_allclose(
        head.decision(vectors, cues), model.decision_function(KernelHead.features(vectors, cues)), atol=1e-4
    )


def test_it_is_the_same_after_writing_and_reading_and_so_are_its_bytes(tmp_path: Path) -> None:
    head, _, vectors, cues = _trained()
    for name in ("one.npz", "two.npz"):
        head.save(tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    np.testing.assert_array_equal(
        KernelHead.load(tmp_path / "one.npz").decision(vectors, cues), head.decision(vectors, cues)
    )


def test_of_no_sentences_it_decides_nothing() -> None:
    head, _, vectors, cues = _trained()
    assert head.decision(vectors[:0], cues[:0]).shape == (0,)


def test_a_sentence_scores_the_same_bits_whatever_stands_beside_it() -> None:
    head = ToxicityHead.load()
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(300, 512)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cues = (rng.random((300, head.kernel.cues.shape[1])) < 0.1).astype(np.float32)
    whole = head.kernel.decision(vectors, cues)
    for start, size in ((0, 1), (7, 3), (100, 64), (60, 130), (1, 299)):
        part = head.kernel.decision(vectors[start : start + size], cues[start : start + size])
        assert (part == whole[start : start + size]).all()
