"""The taxonomy is complete in six languages and its names can stand in a sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from reviewsum_assets.opinions.taxonomy import FOLDER, LANGUAGES, load_taxonomy, normalise, read_taxonomy
from reviewsum_assets.settings import LOCALES

taxonomy = load_taxonomy()


def test_every_locale_of_the_shop_has_names() -> None:
    assert set(LOCALES) == set(LANGUAGES)


@pytest.mark.parametrize("department", ["electronics", "home", "fashion", "grocery", "books", "toys"])
def test_a_department_has_its_own_aspects_and_the_ones_of_every_purchase(department: str) -> None:
    aspects = taxonomy.aspects_of(department)
    assert {"price", "delivery", "packaging", "customer_service"} <= set(aspects)
    assert len(aspects) == len(set(aspects))


def test_an_unknown_department_has_the_aspects_of_other() -> None:
    assert taxonomy.aspects_of("garden_gnomes") == taxonomy.aspects_of("other")


def test_names_carry_the_grammar_that_a_sentence_needs() -> None:
    assert taxonomy.name("sound", "de").accusative == "den Klang"
    assert taxonomy.name("battery", "de").accusative == taxonomy.name("battery", "de").text == "die Akkulaufzeit"
    assert taxonomy.name("instructions", "en").plural
    assert not taxonomy.name("instructions", "fr").plural
    assert taxonomy.name("screen", "fr").gender == "m"
    assert taxonomy.name("screen", "fr").label == "Écran"


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_articles_and_plural_names_agree(language: str) -> None:
    plural = {"de": (), "en": (), "nl": (), "fr": ("les ",), "es": ("los ", "las "), "it": ("i ", "gli ", "le ")}
    for aspect in taxonomy.aspects:
        name = taxonomy.name(aspect, language)
        if plural[language]:
            assert name.plural == name.text.startswith(plural[language]), name.text
        if language == "de":
            masculine = name.text.startswith("der ")
            assert (name.accusative != name.text) == masculine, name.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_not_shared_by_two_aspects_of_a_department(language: str) -> None:
    for department in taxonomy.departments:
        names = [taxonomy.name(aspect, language).text for aspect in taxonomy.aspects_of(department)]
        assert len(names) == len(set(names)), (department, names)


def test_an_unknown_aspect_or_locale_is_named_in_the_error() -> None:
    with pytest.raises(KeyError, match="no aspect 'horsepower'"):
        taxonomy.name("horsepower", "en")
    with pytest.raises(KeyError, match="no names in locale 'sv'"):
        taxonomy.name("battery", "sv")


def test_words_compare_without_case_and_diacritics() -> None:
    assert normalise("GRÖSSE") == normalise("Größe") == "grosse"


def _copy_with(tmp_path: Path, file: str, change: dict[str, object]) -> Path:
    folder = tmp_path / "taxonomy"
    shutil.copytree(FOLDER, folder)
    content = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    (folder / file).write_text(yaml.safe_dump(content | change), encoding="utf-8")
    return folder


def test_an_aspect_without_words_in_a_language_is_refused(tmp_path: Path) -> None:
    folder = _copy_with(tmp_path, "names.yaml", {"echo": dict.fromkeys(LANGUAGES, "the echo")})
    with pytest.raises(ValueError, match="article of 'de'"):
        read_taxonomy(folder)


def test_a_department_with_an_unknown_aspect_is_refused(tmp_path: Path) -> None:
    folder = _copy_with(tmp_path, "departments.yaml", {"departments": {"other": ["price", "echo"]}})
    with pytest.raises(ValueError, match="'echo', which names"):
        read_taxonomy(folder)
