"""Six languages, also in few words; what cannot be told is left open."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reviewsum_assets.reviews.language import UNDETERMINED, detect, hinted_language

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
    assert right >= len(texts) - 1


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


@pytest.mark.realdata
def test_nearly_every_public_review_gets_its_language(real_data_dir: Path) -> None:
    right = total = 0
    for language in ("en", "de", "fr", "es"):
        with (real_data_dir / "marc" / f"{language}.csv").open(encoding="utf-8") as file:
            texts = [row["text"] for row in csv.DictReader(file)][::5]
        right += sum(guess.language == language for guess in detect(texts, [None] * len(texts)))
        total += len(texts)
    assert right / total >= 0.99
