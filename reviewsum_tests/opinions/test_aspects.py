"""Chunks are matched to the aspects of their department, in six languages, by words and by meaning."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from reviewsum_assets.opinions.aspects import MAX_ASPECTS, AspectMatcher
from reviewsum_assets.opinions.evaluation import set_scores
from reviewsum_assets.opinions.keywords import KeywordLexicon
from reviewsum_assets.opinions.taxonomy import load_taxonomy
from reviewsum_assets.resources.embedder import Usem3Embedder
from reviewsum_assets.sample.phrases import DEPARTMENTS, bank_sentences

embedder = Usem3Embedder(threads=2, batch_size=256)


@pytest.fixture(scope="module")
def matcher() -> AspectMatcher:
    return AspectMatcher(load_taxonomy(), embedder.embed)


def _aspects(matcher: AspectMatcher, text: str, department: str, language: str) -> list[str]:
    [found] = matcher.match([text], embedder.embed([text]), [department], [language])
    return [match.aspect for match in found]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The battery lasts barely four hours.", "en"),
        ("Der Akku hält kaum vier Stunden.", "de"),
        ("La batterie tient à peine quatre heures.", "fr"),
        ("La batería dura apenas cuatro horas.", "es"),
        ("La batteria dura appena quattro ore.", "it"),
        ("De batterij gaat amper vier uur mee.", "nl"),
    ],
)
def test_one_complaint_has_the_same_aspect_in_six_languages(matcher: AspectMatcher, text: str, language: str) -> None:
    assert _aspects(matcher, text, "electronics", language)[0] == "battery"


def test_a_compound_holds_its_keyword(matcher: AspectMatcher) -> None:
    assert _aspects(matcher, "Mit der Smartphoneakkulaufzeit bin ich zufrieden.", "electronics", "de") == ["battery"]


def test_meaning_finds_what_no_keyword_says(matcher: AspectMatcher) -> None:
    text = "By noon I am looking for somewhere to plug it in."
    keywords, _ = KeywordLexicon(load_taxonomy(), "en").marks(text)
    assert load_taxonomy().aspects.index("battery") not in keywords
    assert "battery" in _aspects(matcher, text, "electronics", "en")


def test_a_phrase_counts_as_the_phrase_alone() -> None:
    taxonomy = load_taxonomy()
    keywords, _ = KeywordLexicon(taxonomy, "en").marks("The sound quality is fine.")
    assert [taxonomy.aspects[index] for index in keywords] == ["sound"]


def test_two_aspects_in_one_chunk_are_both_found(matcher: AspectMatcher) -> None:
    assert set(_aspects(matcher, "Great sound at a very low price.", "electronics", "en")) == {"sound", "price"}


def test_only_aspects_of_the_department_are_found(matcher: AspectMatcher) -> None:
    text = "The ending of the book is a letdown."
    assert _aspects(matcher, text, "books", "en") == ["ending"]
    assert "ending" not in _aspects(matcher, text, "electronics", "en")


@pytest.mark.parametrize("text", ["Bought it for my sister.", "I am very happy with it.", "See you next year."])
def test_a_chunk_about_nothing_in_particular_has_no_aspect(matcher: AspectMatcher, text: str) -> None:
    assert _aspects(matcher, text, "electronics", "en") == []


def test_an_unknown_language_is_read_with_the_words_of_all(matcher: AspectMatcher) -> None:
    assert _aspects(matcher, "Verpakking beschadigd, emballage abîmé.", "home", "und")[0] == "packaging"


def test_matches_come_best_first_and_the_same_alone_as_among_others(matcher: AspectMatcher) -> None:
    texts = [sentence.text for sentence in bank_sentences()][:200]
    vectors = embedder.embed(texts)
    together = matcher.match(texts, vectors, ["electronics"] * 200, ["en"] * 200)
    alone = [matcher.match([t], vectors[[i]], ["electronics"], ["en"])[0] for i, t in enumerate(texts)]
    assert [[m.aspect for m in found] for found in together] == [[m.aspect for m in found] for found in alone]
    assert all(len(found) <= MAX_ASPECTS for found in together)
    assert all(list(found) == sorted(found, key=lambda m: -m.score) for found in together)


def test_no_chunks_have_no_matches(matcher: AspectMatcher) -> None:
    assert matcher.match([], np.empty((0, 512), dtype=np.float32), [], []) == []


def test_unequal_lengths_are_refused(matcher: AspectMatcher) -> None:
    with pytest.raises(ValueError, match="of one length"):
        matcher.match(["a", "b"], np.zeros((1, 512), dtype=np.float32), ["home"], ["en"])


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "nl"])
def test_the_sentences_of_the_sample_are_matched(matcher: AspectMatcher, language: str) -> None:
    sentences = [s for s in bank_sentences() if s.language == language and s.department in DEPARTMENTS][::3]
    texts = [s.text for s in sentences]
    found = matcher.match(texts, embedder.embed(texts), [s.department for s in sentences], [language] * len(texts))
    scores = set_scores([{s.aspect} for s in sentences], [{m.aspect for m in one} for one in found])
    # Measured: F1 .79 (French, Italian, Dutch) to .89 (English).
    assert scores.f1 > 0.7
    assert scores.precision > 0.75


def test_five_thousand_chunks_take_about_a_second(matcher: AspectMatcher) -> None:
    texts = [sentence.text for sentence in bank_sentences()][:500]
    vectors = np.tile(embedder.embed(texts), (10, 1))
    matcher.match(texts, vectors[:500], ["home"] * 500, ["en"] * 500)
    started = time.process_time()
    matcher.match(texts * 10, vectors, ["home"] * 5000, ["en"] * 5000)
    # 5,000 to 12,000 a second on two cores; the bound leaves room for a loaded machine.
    assert time.process_time() - started < 5


@pytest.mark.realdata
def test_aspects_agree_with_people(matcher: AspectMatcher, real_data_dir: Path) -> None:
    from reviewsum_assets.opinions.polarity import PolarityHead
    from reviewsum_tests.bench.hu_liu import ARCHIVE, evaluate, read_sentences

    sentences = read_sentences(real_data_dir / "hu_liu" / ARCHIVE)
    report = evaluate([s for s in sentences if s.product in ("Canon_G3", "Nokia_6610")], matcher, PolarityHead.load())
    # Measured over all five products: aspect F1 .62, polarity .815, relative count error .47.
    assert report.aspects_where_judged.f1 > 0.5
    assert report.polarity_accuracy > 0.75
    assert report.counts.correlation > 0.7
