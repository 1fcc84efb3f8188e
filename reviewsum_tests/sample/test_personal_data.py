"""Invented personal data pass the checks that real ones pass, by rules written apart from the generator's."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from reviewsum_assets.sample.personal_data import KINDS, personal_datum
from reviewsum_assets.sample.phrases import LANGUAGES

REGION = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL"}


def made(kind: str, language: str, count: int = 50) -> list[str]:
    rng = random.Random(3)
    return [personal_datum(rng, kind, language).text for _ in range(count)]


def luhn(number: str) -> bool:
    total = sum(sum(map(int, str(int(c) * 2))) if i % 2 else int(c) for i, c in enumerate(reversed(number)))
    return total % 10 == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_ibans_leave_one_modulo_97_and_have_their_country_s_length(language: str) -> None:
    for text in made("iban", language):
        compact = text.replace(" ", "")
        assert len(compact) == {"en": 22, "de": 22, "fr": 27, "es": 24, "it": 27, "nl": 18}[language]
        assert int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_pass_the_luhn_check(language: str) -> None:
    assert all(luhn(text.replace(" ", "").replace("-", "")) for text in made("card", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_phones_are_possible_in_their_country(language: str) -> None:
    for text in made("phone", language):
        assert phonenumbers.is_possible_number(phonenumbers.parse(text, REGION[language])), text


def test_a_dutch_bsn_passes_the_eleven_test() -> None:
    for text in made("national_id", "nl"):
        total = sum(int(c) * (9 - i) for i, c in enumerate(text[:8])) - int(text[8])
        assert total % 11 == 0


def test_a_french_nir_and_its_key_add_up_to_a_multiple_of_97() -> None:
    for text in made("national_id", "fr"):
        digits = text.replace(" ", "")
        assert (int(digits[:13]) + int(digits[13:])) % 97 == 0


def test_a_spanish_dni_ends_in_its_letter() -> None:
    assert all("TRWAGMYFPDXBNJZSQVHLCKE"[int(t[:8]) % 23] == t[8] for t in made("national_id", "es"))


def test_known_numbers_of_italy_germany_and_england_have_their_check_digits() -> None:
    """Widely used example numbers, and the drawn ones against the same rule."""
    from reviewsum_assets.sample.check_digits import codice_fiscale_check, nhs_digit, steuer_id_digit

    assert codice_fiscale_check("RSSMRA85T10A562") == "S"
    assert steuer_id_digit("8609574271") == "9"
    assert nhs_digit("943476591") == "9"
    assert all(codice_fiscale_check(t[:15]) == t[15] for t in made("national_id", "it"))
    assert all(steuer_id_digit(t[:10]) == t[10] for t in made("national_id", "de"))


def test_a_german_steuer_id_repeats_exactly_one_digit() -> None:
    assert all(len(t) == 11 and t[0] != "0" and len(set(t[:10])) == 9 for t in made("national_id", "de"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_data_and_different_draws_differ(kind: str) -> None:
    assert made(kind, "de") == made(kind, "de")
    assert len(set(made(kind, "de"))) >= 3
