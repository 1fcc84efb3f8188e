"""Trains the model of `short_language.py`: `python -m reviewsum_assets.reviews.language_training`.

From our own sentences (the sample's banks, the taxonomy's and the toxicity head's), cut into windows of one to five
words, and from the word lists under `language_words/`. Deterministic: the same sentences give the same weights.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.reviews.short_language import BUCKETS, ROOM, WEIGHTS, WORD, bucket, ngrams
from reviewsum_assets.reviews.toxicity_training import training_sentences

REGULARISATION_C = 1.0
LONGEST_WINDOW = 5
LIST_REPEATS = 3
"""A listed word counts as often as one that occurs three times in our sentences."""

_TEMPLATE_SLOT = re.compile(r"\{[a-z_]+\}|@\S+\s")


def bank_lines(language: str) -> Iterator[str]:
    """Lines of the sample's sentence banks; of a choice `[a|b]` all words, of slots none."""
    folder = files("reviewsum_assets.sample").joinpath("banks", language)
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        yield from _lines(yaml.safe_load(path.read_text(encoding="utf-8")))


def taxonomy_lines(language: str) -> Iterator[str]:
    """What reviewers say of each aspect, from the opinions' taxonomy."""
    path = files("reviewsum_assets.opinions").joinpath("taxonomy", "words", f"{language}.yaml")
    yield from _lines(yaml.safe_load(path.read_text(encoding="utf-8")))


def _lines(stored: object) -> Iterator[str]:
    if isinstance(stored, dict):
        for value in stored.values():
            yield from _lines(value)
    elif isinstance(stored, list):
        for value in stored:
            yield from _lines(value)
    elif isinstance(stored, str):
        yield from (_TEMPLATE_SLOT.sub(" ", line) for line in stored.splitlines() if line.strip())


def windows(language: str, rng: random.Random) -> Iterator[list[str]]:
    """Runs of one to five words of all our texts of a language, one from each word on, and its listed words."""
    listed = yaml.safe_load(_listed(language).read_text(encoding="utf-8"))
    texts = [*bank_lines(language), *taxonomy_lines(language)]
    texts += [sentence.text for sentence in training_sentences() if sentence.language == language]
    for text in dict.fromkeys(texts):
        words = WORD.findall(text)
        for start in range(len(words)):
            yield words[start : start + rng.randint(1, LONGEST_WINDOW)]
    for _ in range(LIST_REPEATS):
        yield from ([word] for word in listed["words"].split())
        yield from (WORD.findall(phrase) for phrase in listed["phrases"].splitlines())


def _listed(language: str) -> Traversable:
    return files(ROOM).joinpath("language_words", f"{language}.yaml")


def main() -> None:
    """Train and write."""
    rng = random.Random(0)
    columns: list[int] = []
    ends: list[int] = [0]
    labels: list[int] = []
    for label, language in enumerate(LOCALES):
        for words in windows(language, rng):
            # A place counts once a word, as when it is looked up.
            columns += [place for word in words for place in sorted({bucket(ngram) for ngram in ngrams(word)})]
            ends.append(len(columns))
            labels.append(label)
    matrix = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(labels), BUCKETS))
    matrix.sum_duplicates()
    model = LogisticRegression(C=REGULARISATION_C, max_iter=300, class_weight="balanced")
    model.fit(matrix, np.array(labels))
    weights = model.coef_.T - model.coef_.T.mean(axis=1, keepdims=True)
    scale = float(np.abs(weights).max()) / 127
    path = Path(__file__).parent / WEIGHTS
    np.savez_compressed(
        path,
        weights=np.round(weights / scale).astype(np.int8),
        bias=np.round(model.intercept_ - model.intercept_.mean(), 4),
        scale=np.float64(scale),
        languages=np.array(LOCALES),
    )
    print(f"{len(labels)} windows, {path.stat().st_size:,} bytes, scale {scale:.4f}")


if __name__ == "__main__":
    main()
