"""Abuse of people is found in six languages; harsh criticism passes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from reviewsum_assets.reviews.chunking import split_chunks
from reviewsum_assets.reviews.text import clean_text
from reviewsum_assets.reviews.toxicity import MASK_THRESHOLD, WEIGHTS, ToxicityHead
from reviewsum_assets.reviews.toxicity_training import (
    FOLDER,
    Sentence,
    content_hash,
    embed,
    read_sentences,
    train,
    training_sentences,
    write_head,
)


@pytest.fixture(scope="module")
def held_out() -> list[Sentence]:
    return read_sentences(FOLDER / "held_out_sentences.yaml")


@pytest.fixture(scope="module")
def scores(held_out: list[Sentence]) -> np.ndarray:
    texts = [sentence.text for sentence in held_out]
    return ToxicityHead.load().score(embed(texts), texts)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "nl"])
def test_most_held_out_abuse_is_found_in_each_language(
    held_out: list[Sentence], scores: np.ndarray, language: str
) -> None:
    chosen = np.array([sentence.is_abuse and sentence.language == language for sentence in held_out])
    assert (scores[chosen] >= MASK_THRESHOLD).mean() >= 0.8


def test_harsh_but_fair_held_out_sentences_pass(held_out: list[Sentence], scores: np.ndarray) -> None:
    fair = np.array([not sentence.is_abuse for sentence in held_out])
    assert (scores[fair] >= MASK_THRESHOLD).mean() <= 0.02


def test_held_out_sentences_were_not_trained_on(held_out: list[Sentence]) -> None:
    assert not {sentence.text for sentence in held_out} & {sentence.text for sentence in training_sentences()}


def test_things_may_be_called_names() -> None:
    texts = [
        "Total garbage, waste of money.",
        "Idiotensicher und verdammt laut.",
        "Le vendeur est un menteur, quelle arnaque.",
        "Un sonido de muerte, la batería es una mierda.",
        "Che schifo, soldi buttati via.",
        "De stomme batterij is alweer leeg.",
    ]
    assert (ToxicityHead.load().score(embed(texts), texts) < MASK_THRESHOLD).all()


def test_the_version_covers_weights_and_cues() -> None:
    head = ToxicityHead.load()
    assert head.version == content_hash(head.plain, head.cued, head.kernel), "the cues changed: run toxicity_training"


def test_people_are_not_called_names_in_disguise_or_without_swearing() -> None:
    texts = [
        "The courier is an id**t.",
        "Ihr 1d10ten.",
        "Le livreur est un c*nnard.",
        "Eres un desperdicio de oxígeno.",
        "So dove abiti, guardati le spalle.",
        "Ik hoop dat jullie kanker krijgen.",
    ]
    assert (ToxicityHead.load().score(embed(texts), texts) >= MASK_THRESHOLD).all()


def test_names_said_of_oneself_or_by_others_pass() -> None:
    texts = [
        "I am such an idiot for ordering two.",
        "Der Mitarbeiter nannte mich einen Idioten und legte auf.",
        "Ils nous prennent pour des imbéciles.",
        "A prueba de idiotas.",
        "Il protagonista è un cretino ma il romanzo è bello.",
    ]
    assert (ToxicityHead.load().score(embed(texts), texts) < MASK_THRESHOLD).all()


def test_vectors_of_another_model_are_refused() -> None:
    with pytest.raises(ValueError, match="toxicity_training"):
        ToxicityHead.load().score(np.zeros((2, 384), dtype=np.float32))


def test_texts_must_match_the_vectors() -> None:
    with pytest.raises(ValueError, match="text of each vector"):
        ToxicityHead.load().score(np.zeros((2, 512), dtype=np.float32), ["one"])


@pytest.mark.slow
def test_training_again_gives_the_stored_weights(tmp_path: Path) -> None:
    sentences = training_sentences()
    head = train(sentences, embed([sentence.text for sentence in sentences]))
    stored = ToxicityHead.load()
    np.testing.assert_allclose(head.cued.weights, stored.cued.weights, atol=0.01)
    np.testing.assert_array_equal(head.kernel.vectors, stored.kernel.vectors)
    np.testing.assert_allclose(head.kernel.weights, stored.kernel.weights, atol=0.01)
    write_head(head, tmp_path / "head.json")
    assert (tmp_path / "head.json").stat().st_size < 100_000
    assert (FOLDER.parent / WEIGHTS).stat().st_size < 100_000


@pytest.mark.realdata
def test_at_most_one_in_a_hundred_harsh_public_reviews_is_touched(real_data_dir: Path) -> None:
    head = ToxicityHead.load()
    touched = total = 0
    for language in ("en", "de", "fr", "es"):
        with (real_data_dir / "marc" / f"{language}.csv").open(encoding="utf-8") as file:
            texts = [clean_text(row["text"]) for row in csv.DictReader(file) if row["stars"] == "1"][::10]
        chunks = [[chunk.text for chunk in split_chunks(text, language)] for text in texts]
        flat = [text for of_review in chunks for text in of_review]
        owner = np.repeat(np.arange(len(texts)), [len(of_review) for of_review in chunks])
        touched += len(set(owner[head.score(embed(flat), flat) >= MASK_THRESHOLD]))
        total += len(texts)
    assert touched / total <= 0.01
