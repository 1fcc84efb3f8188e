"""The polarity head tells praise, complaint and neither; stars are a prior; a shop's stars refine it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reviewsum_assets.opinions.polarity import BUNDLED, PolarityHead
from reviewsum_assets.opinions.polarity_lexicon import FEATURES, lexical_features
from reviewsum_assets.opinions.polarity_training import MIN_ROWS_PER_CLASS, fit_logistic, star_shares, train_head
from reviewsum_assets.resources.embedder import Usem3Embedder
from reviewsum_assets.sample.phrases import bank_sentences

embedder = Usem3Embedder(threads=2, batch_size=256)
head = PolarityHead.load()


def _probability(text: str, language: str, stars: int | None = None) -> float:
    vectors = embedder.embed([text])
    [p] = head.positive_probability(vectors, None if stars is None else [stars], [text], [language])
    return float(p)


PLAIN = [
    ("The sound is excellent, I love it.", "The sound is terrible, a waste of money.", "en"),
    ("Der Klang ist hervorragend, ich bin begeistert.", "Der Klang ist furchtbar, rausgeworfenes Geld.", "de"),
    ("Le son est excellent, je suis ravi.", "Le son est horrible, quelle déception.", "fr"),
    ("El sonido es excelente, me encanta.", "El sonido es horrible, una decepción.", "es"),
    ("Il suono è eccellente, lo adoro.", "Il suono è orribile, che delusione.", "it"),
    ("Het geluid is uitstekend, heel blij mee.", "Het geluid is vreselijk, wat een teleurstelling.", "nl"),
]


@pytest.mark.parametrize(("praise", "complaint", "language"), PLAIN)
def test_plain_praise_and_complaint_are_told_apart(praise: str, complaint: str, language: str) -> None:
    assert head.polarity(np.array([_probability(praise, language), _probability(complaint, language)])) == [
        "positive",
        "negative",
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bought it for my brother.", "en"),
        ("Ich habe zwei davon im März bestellt.", "de"),
        ("Mon fils l'utilise à l'école.", "fr"),
        ("Lo compré para mi abuelo.", "es"),
        ("L'ho comprato per mio nonno.", "it"),
        ("Ik heb het voor mijn broer gekocht.", "nl"),
    ],
)
def test_a_chunk_that_judges_nothing_is_neutral_even_in_a_five_star_review(text: str, language: str) -> None:
    assert head.polarity(np.array([_probability(text, language, stars=5)])) == ["neutral"]


def test_a_plain_complaint_is_heard_in_a_five_star_review() -> None:
    text = "The battery is terrible and dies after an hour."
    assert head.polarity(np.array([_probability(text, "en", stars=5)])) == ["negative"]


def test_more_stars_never_make_a_chunk_less_positive() -> None:
    by_stars = [_probability("It is what it is, I suppose it works.", "en", stars) for stars in range(1, 6)]
    assert by_stars == sorted(by_stars)
    assert by_stars[0] < by_stars[4]


def test_the_sentences_of_the_sample_are_judged_with_their_stars() -> None:
    sentences = list(bank_sentences())[::5]
    positive = np.array([s.polarity == "positive" for s in sentences])
    texts, languages = [s.text for s in sentences], [s.language for s in sentences]
    stars = np.where(positive, 4, 2)
    probabilities = head.positive_probability(embedder.embed(texts), stars, texts, languages)
    # Measured with stars drawn at random around the truth: .89; from the text alone: .70.
    assert ((probabilities > 0.5) == positive).mean() > 0.85
    alone = head.positive_probability(embedder.embed(texts), None, texts, languages)
    assert ((alone > 0.5) == positive).mean() > 0.62


def test_a_negator_turns_a_word_round() -> None:
    counts = lexical_features(["good", "not very good", "no complaints", "nicht schlecht"], ["en", "en", "en", "de"])
    assert counts[0].tolist() == [1, 0, 0, 0]
    assert counts[1].tolist() == [0, 0, 1, 0]
    assert counts[2].tolist() == [1, 0, 0, 0]
    assert counts[3].tolist() == [1, 0, 0, 0]


def test_wrong_input_is_refused() -> None:
    vectors = np.zeros((2, 512), dtype=np.float32)
    with pytest.raises(ValueError, match="from 1 to 5"):
        head.positive_probability(vectors, [0, 5])
    with pytest.raises(ValueError, match="1 texts for 2 vectors"):
        head.positive_probability(vectors, texts=["one"])


def test_a_head_survives_saving_byte_for_byte(tmp_path: Path) -> None:
    head.save(tmp_path / "head.npz")
    assert PolarityHead.load(tmp_path / "head.npz").version == head.version
    assert (tmp_path / "head.npz").read_bytes() == BUNDLED.read_bytes()


def test_the_version_changes_with_any_weight() -> None:
    assert replace(head, star_log_odds=head.star_log_odds + 1e-9).version != head.version


def test_a_file_that_is_no_head_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    with pytest.raises(ValueError, match="is no polarity head"):
        PolarityHead.load(tmp_path / "other.npz")
    with pytest.raises(FileNotFoundError, match="no polarity head at"):
        PolarityHead.load(tmp_path / "none.npz")


# Training


def _shop(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Chunks whose polarity is one direction of their vectors, with stars that tell it nine times in ten."""
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(rows, 512)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    truth = vectors[:, 0] > 0
    agrees = rng.random(rows) < 0.9
    return vectors, np.where(truth == agrees, rng.integers(4, 6, rows), rng.integers(1, 3, rows))


def test_a_shop_with_few_reviews_keeps_the_prior_and_is_told_why() -> None:
    vectors, stars = _shop(300)
    result = train_head(vectors, stars, head)
    assert not result.trained
    assert result.head.version == head.version
    assert f"{MIN_ROWS_PER_CLASS} of each are needed" in result.reason


def test_a_shop_with_its_own_language_moves_the_head_to_it() -> None:
    vectors, stars = _shop(3000)
    result = train_head(vectors, stars, head)
    assert result.trained
    assert result.metrics["accuracy"] > result.metrics["accuracy_prior"] + 0.05
    assert np.array_equal(result.head.opinion_vector, head.opinion_vector)


def test_training_is_deterministic() -> None:
    vectors, stars = _shop(1000)
    assert train_head(vectors, stars, head).head.version == train_head(vectors, stars, head).head.version


def test_a_stronger_prior_is_left_less() -> None:
    vectors, stars = _shop(1000)
    loose = train_head(vectors, stars, head, strength=1e-4).head
    tight = train_head(vectors, stars, head, strength=1.0).head
    assert np.linalg.norm(tight.vector - head.vector) < np.linalg.norm(loose.vector - head.vector) / 5


def test_star_shares_recover_the_true_shares() -> None:
    rng = np.random.default_rng(3)
    true_shares = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    stars = rng.integers(1, 6, 20000)
    positive = rng.random(20000) < true_shares[stars - 1]
    # Log-odds of a calibrated head: two normal distributions at ±1 with variance 1 have log-odds 2 x.
    log_odds = 2 * (np.where(positive, 1.0, -1.0) + rng.normal(size=20000))
    found = star_shares(log_odds, stars, np.array([0.3, 0.4, 0.5, 0.6, 0.7]))
    assert np.abs(found - true_shares).max() < 0.05


def test_the_logistic_fit_finds_known_weights() -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(50000, 3))
    targets = 1 / (1 + np.exp(-(rows @ np.array([1.0, -2.0, 0.0]) + 0.5)))
    found = fit_logistic(rows, targets, np.ones(50000), np.zeros(4), strength=0.0)
    assert np.allclose(found, [1.0, -2.0, 0.0, 0.5], atol=0.01)


def test_a_blank_head_knows_nothing() -> None:
    blank = PolarityHead.blank()
    assert blank.positive_probability(np.ones((2, 512), dtype=np.float32), [1, 5]).tolist() == [0.5, 0.5]
    assert blank.lexical.shape == (len(FEATURES),)
