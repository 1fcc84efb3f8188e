"""One contract for both judges of abuse, and a checkpoint that is checked before it is read.

The tests with a model need the extra `[detoxify]`; its checkpoint is made here, tiny and random.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from reviewsum_assets.contracts.protocols import ToxicityScorer, Vectors
from reviewsum_assets.resources.detoxify_model import DetoxifyError, DetoxifyModel
from reviewsum_assets.resources.embedder import Usem3Embedder
from reviewsum_assets.resources.toxicity import make_toxicity
from reviewsum_assets.reviews.toxicity import MASK_THRESHOLD
from reviewsum_assets.settings import Settings
from reviewsum_tests.resources.detoxify_checkpoint import write_checkpoint

ABUSE = ["The seller is an idiot.", "Ihr seid alle Arschlöcher.", "Je vais te casser la gueule."]
CRITICISM = ["The battery is garbage.", "Der Akku ist Schrott.", "Muy mala calidad, dinero tirado."]
TEXTS = [*ABUSE, *CRITICISM]


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return Usem3Embedder(threads=1, batch_size=64).embed(TEXTS)


def _settings(checkpoint: Path | None = None, sha256: str = "") -> Settings:
    return Settings(detoxify_checkpoint=checkpoint, detoxify_sha256=sha256)


def _beside_detoxify(folder: Path, **model: object) -> ToxicityScorer:
    pytest.importorskip("detoxify", reason="needs the extra: pip install -c constraints.txt '.[detoxify]'")
    return make_toxicity(_settings(*write_checkpoint(folder, **model)))  # type: ignore[arg-type]


@pytest.fixture(params=["head", "detoxify"])
def scorer(request: pytest.FixtureRequest, tmp_path: Path) -> ToxicityScorer:
    return make_toxicity(_settings()) if request.param == "head" else _beside_detoxify(tmp_path)


def test_scores_are_probabilities_one_a_text(scorer: ToxicityScorer, vectors: Vectors) -> None:
    scores = scorer.score(vectors, TEXTS)
    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()


def test_abuse_is_masked(scorer: ToxicityScorer, vectors: Vectors) -> None:
    assert (scorer.score(vectors, TEXTS)[: len(ABUSE)] >= MASK_THRESHOLD).all()


def test_a_text_scores_the_same_in_any_company(scorer: ToxicityScorer, vectors: Vectors) -> None:
    together = scorer.score(vectors, TEXTS)
    alone = [scorer.score(vectors[row : row + 1], TEXTS[row : row + 1])[0] for row in range(len(TEXTS))]
    np.testing.assert_allclose(together, alone, atol=2e-3)
    np.testing.assert_array_equal(scorer.score(vectors, TEXTS), together)


def test_no_texts_have_no_scores(scorer: ToxicityScorer) -> None:
    assert scorer.score(np.empty((0, 512), np.float32), []).shape == (0,)


def test_vectors_and_texts_must_match(scorer: ToxicityScorer, vectors: Vectors) -> None:
    with pytest.raises(ValueError, match="text of each vector"):
        scorer.score(vectors, TEXTS[:2])


def test_the_version_is_short_and_one_word(scorer: ToxicityScorer) -> None:
    assert 12 <= len(scorer.version) <= 60
    assert scorer.version.split() == [scorer.version]


def test_other_weights_have_another_version(tmp_path: Path) -> None:
    first = _beside_detoxify(tmp_path / "a")
    second = _beside_detoxify(tmp_path / "b", always={"insult": 1.0})
    assert len({first.version, second.version, make_toxicity(_settings()).version}) == 3


def test_swearing_at_a_product_stays_whatever_detoxify_calls_it(tmp_path: Path, vectors: Vectors) -> None:
    swearing = dict.fromkeys(("toxicity", "severe_toxicity", "obscene", "sexual_explicit", "insult"), 6.0)
    scores = _beside_detoxify(tmp_path, always=swearing).score(vectors, TEXTS)
    assert (scores[len(ABUSE) :] < MASK_THRESHOLD).all()


def test_detoxify_raises_a_score_but_does_not_mask_alone_what_the_head_finds_harmless(tmp_path: Path) -> None:
    texts = ["The parcel arrived on Monday and the colour is nice."]
    vectors = Usem3Embedder(threads=1, batch_size=8).embed(texts)
    alone = make_toxicity(_settings()).score(vectors, texts)
    beside = _beside_detoxify(tmp_path, always={"threat": 6.0}).score(vectors, texts)
    assert alone[0] < beside[0] < MASK_THRESHOLD


def test_what_the_head_finds_is_not_lost_where_detoxify_is_silent(tmp_path: Path, vectors: Vectors) -> None:
    alone = make_toxicity(_settings()).score(vectors, TEXTS)
    beside = _beside_detoxify(tmp_path, always={}).score(vectors, TEXTS)
    assert (beside >= alone).all()


class _Opens:
    """Unpickled, it writes a file: what a poisoned checkpoint would do."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self.path,)


def test_another_file_than_the_pinned_one_is_not_read(tmp_path: Path) -> None:
    trap = tmp_path / "was_read"
    path = tmp_path / "multilingual.ckpt"
    path.write_bytes(pickle.dumps(_Opens(trap)))
    with pytest.raises(DetoxifyError, match="not the pinned"):
        DetoxifyModel.load(path, "0" * 64)
    assert not trap.exists()


def test_code_in_a_pinned_checkpoint_is_not_run(tmp_path: Path) -> None:
    trap = tmp_path / "was_run"
    path = tmp_path / "multilingual.ckpt"
    path.write_bytes(pickle.dumps(_Opens(trap)))
    with pytest.raises(DetoxifyError, match="could run code"):
        DetoxifyModel.load(path, hashlib.sha256(path.read_bytes()).hexdigest())
    assert not trap.exists()


def test_a_missing_checkpoint_says_which_setting(tmp_path: Path) -> None:
    with pytest.raises(DetoxifyError, match="REVIEWSUM_DETOXIFY_CHECKPOINT"):
        DetoxifyModel.load(tmp_path / "none.ckpt", "0" * 64)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ({"model_type": "xlm-roberta-base"}, "put its configuration and tokenizer into"),
        ({"model_name": "pipeline"}, "no models of Detoxify"),
        ({"classes": ["toxicity", "obscene"]}, "no class insult"),
    ],
)
def test_a_checkpoint_that_would_fetch_or_run_something_else_is_refused(
    tmp_path: Path, model: dict[str, object], reason: str
) -> None:
    path, sha256 = write_checkpoint(tmp_path, **model)  # type: ignore[arg-type]
    with pytest.raises(DetoxifyError, match=reason):
        DetoxifyModel.load(path, sha256)


@pytest.mark.parametrize("only", [{"detoxify_checkpoint": "x.ckpt"}, {"detoxify_sha256": "0" * 64}])
def test_checkpoint_and_hash_are_set_together(only: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="set both or neither"):
        Settings(**only)  # type: ignore[arg-type]
