"""Six languages, also in few words; what cannot be told is left open."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.reviews.language import (
    SURE,
    UNDETERMINED,
    chunk_languages,
    detect,
    detect_shares,
    hinted_language,
    with_context,
)

SHORT = {
    "en": ["Really good sound", "Broke after two days", "Would not buy again", "Lovely colour, thanks", "Works fine"],
    "de": ["Sehr gute Qualität", "Nach zwei Tagen kaputt", "Nie wieder", "Schöne Farbe, danke", "Funktioniert gut"],
    "fr": ["Très bonne qualité", "Cassé au bout de deux jours", "Je suis déçue", "Belle couleur, merci", "Marche bien"],
    "es": [
        "Muy buena calidad",
        "Se rompió a los dos días",
        "No lo volvería a comprar",
        "Bonito color",
        "Funciona bien",
    ],
    "it": ["Ottima qualità", "Rotto dopo due giorni", "Non lo ricomprerei", "Bel colore, grazie", "Funziona bene"],
    "nl": ["Hele goede kwaliteit", "Na twee dagen kapot", "Nooit meer kopen", "Mooie kleur, bedankt", "Werkt goed"],
}


def test_short_reviews_in_six_languages_are_told_apart() -> None:
    texts = [(text, language) for language, lines in SHORT.items() for text in lines]
    guesses = detect([text for text, _ in texts], [None] * len(texts))
    right = sum(guess.language == language for guess, (_, language) in zip(guesses, texts, strict=True))
    assert right == len(texts)


@pytest.mark.parametrize("text", ["👍👍👍", "5/5", "...", "", "Очень хороший товар", "非常好的产品"])
def test_without_words_of_the_six_the_language_stays_open(text: str) -> None:
    assert detect([text], [None])[0].language == UNDETERMINED


@pytest.mark.parametrize(
    "text",
    ["To jest bardzo dobry produkt, polecam każdemu klientowi", "Mycket bra produkt som jag varmt rekommenderar"],
)
def test_other_languages_are_not_forced_into_the_six(text: str) -> None:
    assert detect([text], [None])[0].language == UNDETERMINED


def test_the_locale_decides_what_one_word_leaves_open() -> None:
    assert detect(["Top"], ["de-DE"])[0].language == "de"
    assert detect(["Top"], ["nl_NL"])[0].language == "nl"


def test_a_clear_text_outweighs_the_locale() -> None:
    assert detect(["The battery lasts all day and charges quickly"], ["de-DE"])[0].language == "en"


def test_a_locale_outside_the_six_is_no_hint() -> None:
    assert hinted_language("sv-SE") is None
    assert hinted_language("") is None


def test_the_same_texts_get_the_same_answers() -> None:
    texts = ["super", "bon x", "ok", "mega", "perfect", "prima", "bof", "Lg"]
    assert detect(texts, [None] * 8) == detect(texts, [None] * 8)


def test_a_missing_hint_is_an_error() -> None:
    with pytest.raises(ValueError, match="one hint"):
        detect(["a", "b"], [None])


VERY_SHORT = {
    "en": ["Love it", "Thank you", "Not bad", "Doesn’t work", "Waste"],
    "de": ["Vielen Dank", "Gar nicht", "Schrott", "Finger weg", "Naja"],
    "fr": ["Pas mal", "Déçue", "À fuir", "J'adore", "Nul"],
    "es": ["Me encanta", "Muy bueno", "Una mierda", "Mala calidad", "Perfecto, gracias"],
    "it": ["Molto bello", "Che schifo", "Non funziona", "Grazie mille", "Pessimo"],
    "nl": ["Heel mooi", "Geen aanrader", "Waardeloos", "Helaas kapot", "Bedankt"],
}


def test_even_one_or_two_words_are_told_apart() -> None:
    texts = [(text, language) for language, lines in VERY_SHORT.items() for text in lines]
    guesses = detect([text for text, _ in texts], [None] * len(texts))
    wrong = [text for guess, (text, language) in zip(guesses, texts, strict=True) if guess.language != language]
    assert len(wrong) <= 1, wrong


def test_an_unsure_guess_carries_its_six_shares_and_a_sure_one_none() -> None:
    unsure, sure = detect_shares(["Super", "The battery lasts all day and charges quickly"], [None, None])
    assert unsure.shares is not None
    assert len(unsure.shares) == len(LOCALES)
    assert sum(unsure.shares) == pytest.approx(1, abs=1e-4)
    assert max(unsure.shares) == pytest.approx(unsure.confidence, abs=1e-5)
    assert sure.confidence >= SURE
    assert sure.shares is None


def _counts(**languages: int) -> list[float]:
    return [float(languages.get(locale, 0)) for locale in LOCALES]


def test_the_users_other_reviews_decide_what_one_word_leaves_open() -> None:
    shares = detect_shares(["Super"], [None])[0].shares
    assert shares is not None
    assert with_context(shares, _counts(de=3), _counts()).language == "de"
    assert with_context(shares, _counts(nl=3), _counts()).language == "nl"


def test_the_products_other_reviews_help_too_and_the_users_weigh_more() -> None:
    open_between = [0.4 if locale in ("fr", "it") else 0.05 for locale in LOCALES]
    assert with_context(open_between, _counts(), _counts(fr=20)).language == "fr"
    assert with_context(open_between, _counts(it=4), _counts(fr=20)).language == "it"


def test_context_does_not_overrule_what_the_text_says() -> None:
    german = [0.94 if locale == "de" else 0.012 for locale in LOCALES]
    assert with_context(german, _counts(), _counts(en=5)).language == "de"


def test_without_text_or_context_the_language_stays_open() -> None:
    assert with_context([1 / 6] * 6, _counts(), _counts()).language == UNDETERMINED


def test_shares_must_be_six() -> None:
    with pytest.raises(ValueError, match="6 shares or counts"):
        with_context([1.0], _counts(), _counts())


def test_a_sentence_in_another_language_gets_that_language() -> None:
    chunks = [
        "Der Akku hält leider nur zwei Tage.",
        "I would not buy this product again.",
        "Top!",
        "Sonst bin ich mit dem Gerät zufrieden.",
        "Le bouton ne marche plus depuis hier.",
    ]
    assert chunk_languages(chunks, "de") == ["de", "en", "de", "de", "fr"]


def test_a_foreign_title_or_a_few_borrowed_words_change_nothing() -> None:
    chunks = ["Ich habe The Lord of the Rings gelesen.", "Preis Leistung top, Sound nice.", "Game of Thrones."]
    assert chunk_languages(chunks, "de") == ["de"] * 3


def test_sentences_of_a_review_whose_language_is_open_are_told_one_by_one() -> None:
    chunks = ["The sound is really good.", "La qualité est vraiment bonne.", "ok"]
    assert chunk_languages(chunks, UNDETERMINED) == ["en", "fr", UNDETERMINED]


@pytest.mark.realdata
def test_nearly_every_public_review_gets_its_language(real_data_dir: Path) -> None:
    right = total = 0
    for language in ("en", "de", "fr", "es"):
        with (real_data_dir / "marc" / f"{language}.csv").open(encoding="utf-8") as file:
            texts = [row["text"] for row in csv.DictReader(file)][::5]
        right += sum(guess.language == language for guess in detect(texts, [None] * len(texts)))
        total += len(texts)
    assert right / total >= 0.99
