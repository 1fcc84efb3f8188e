"""Invented personal data that looks real: right formats, valid check digits, nobody's.

Numbers come from ranges kept for fiction and tests where a country has them (Ofcom's 07700 900, ARCEP's 06 39 98, the
NHS's 999, e-mail under example.com, .org and .net), else from obviously patterned ones.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reviewsum_assets.sample.check_digits import (
    bsn_is_valid,
    codice_fiscale_check,
    dni_letter,
    iban_check,
    italian_cin,
    luhn_digit,
    nhs_digit,
    nir_key,
    rib_key,
    spanish_account_check,
    steuer_id_digit,
)

KINDS: tuple[str, ...] = (
    "email",
    "email_obfuscated",
    "phone",
    "iban",
    "card",
    "national_id",
    "address",
    "order_number",
    "handle",
    "name",
)


@dataclass(frozen=True)
class PersonalDatum:
    """Personal data in a review: `text` occurs in it literally and must be gone after redaction."""

    kind: str
    text: str


_FIRST: Mapping[str, str] = {
    "en": "Harriet Oliver Imogen Callum Beth Nigel Priya Gareth",
    "de": "Annika Holger Mareike Jürgen Svenja Detlef Katrin Björn",
    "fr": "Maëlle Thierry Solène Gérard Clémence Bastien Noémie Yves",
    "es": "Lucía Íñigo Marisol Paco Noelia Rubén Begoña Andrés",
    "it": "Chiara Davide Ilaria Gennaro Federica Matteo Simona Ettore",
    "nl": "Femke Joost Marieke Sjoerd Lotte Wouter Anouk Ruben",
}
_LAST: Mapping[str, str] = {
    "en": "Whitcombe Pargeter Ashdown Kettleworth Dunmore Fairley",
    "de": "Brinkhoff Wendland Oesterle Krummacher Süßenguth Tietjen",
    "fr": "Delacourcelle Marchandeau Roussillot Quéméner Vauthier Lespinat",
    "es": "Arrizabala Montilla Quiñonero Valdecasas Ferreruela Uribarri",
    "it": "Bellandini Marchesoli Cornaggia Tramontana Quaglierini Sforzini",
    "nl": "Hoogendoorn Wijnstra Kloosterboer Terpstra Zuidhoek Brouwershaven",
}
_STREETS: Mapping[str, str] = {
    "en": "14 Larkspur Road, Leeds LS8 2QT|7 Old Mill Lane, Bath BA2 9XY|Flat 3, 52 Harbour Street, Bristol BS1 9ZZ",
    "de": "Lindenallee 27, 04177 Leipzig|Am Mühlbach 3a, 79117 Freiburg|Kastanienweg 112, 22307 Hamburg",
    "fr": "12 rue des Tanneurs, 35000 Rennes|8 bis avenue du Moulin, 69003 Lyon|45 impasse des Lilas, 31200 Toulouse",
    "es": "Calle del Olmo 18, 3º B, 41003 Sevilla|Avenida de la Fuente 7, 28012 Madrid|Plaza Mayor 4, 37001 Salamanca",
    "it": "Via dei Tigli 23, 40121 Bologna|Viale della Stazione 5, 37122 Verona|Piazza del Pozzo 9, 56125 Pisa",
    "nl": "Kastanjelaan 41, 3571 KC Utrecht|Molenstraat 8a, 6811 GH Arnhem|Zeedijk 119, 9711 LM Groningen",
}
_AT_DOT: Mapping[str, tuple[str, str]] = {
    "en": (" (at) ", " (dot) "),
    "de": (" (at) ", " (punkt) "),
    "fr": (" arobase ", " point "),
    "es": (" arroba ", " punto "),
    "it": (" chiocciola ", " punto "),
    "nl": (" apenstaartje ", " punt "),
}
_PHONES: Mapping[str, tuple[str, ...]] = {
    "en": ("07700 900{:03d}", "+44 7700 900{:03d}", "020 7946 0{:03d}"),
    "de": ("030 23125 {:03d}", "+49 171 3920 {:03d}", "0171/3920{:03d}"),
    "fr": ("06 39 98 1{:01d} {:02d}", "+33 6 39 98 2{:01d} {:02d}", "01.99.00.3{:01d}.{:02d}"),
    "es": ("612 345 {:03d}", "+34 612 345 {:03d}", "91 234 5{:03d}"),
    "it": ("347 123 4{:03d}", "+39 347 123 4{:03d}", "06 1234 5{:03d}"),
    "nl": ("06 12345{:03d}", "+31 6 12345{:03d}", "020 123 4{:03d}"),
}
_ASCII = str.maketrans("äöüßéèëïíóñúÍ", "aousee" + "eiionuI")


def _digits(rng: random.Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def name(rng: random.Random, language: str) -> str:
    return f"{rng.choice(_FIRST[language].split())} {rng.choice(_LAST[language].split())}"


def _mailbox(rng: random.Random, language: str) -> str:
    first, last = name(rng, language).lower().translate(_ASCII).split()
    return rng.choice([f"{first}.{last}", f"{first}{rng.randint(61, 99)}", f"{first[0]}.{last}"])


def email(rng: random.Random, language: str) -> str:
    return f"{_mailbox(rng, language)}@example.{rng.choice(['com', 'org', 'net'])}"


def email_obfuscated(rng: random.Random, language: str) -> str:
    at, dot = _AT_DOT[language]
    return f"{_mailbox(rng, language)}{at}example{dot}{rng.choice(['com', 'org', 'net'])}"


def phone(rng: random.Random, language: str) -> str:
    pattern = rng.choice(_PHONES[language])
    if pattern.count("{") == 2:
        return pattern.format(rng.randrange(10), rng.randrange(100))
    return pattern.format(rng.randrange(1000))


def _bban(rng: random.Random, language: str) -> tuple[str, str]:
    """Country and basic account number, with the national check digits where the country has them."""
    if language == "de":
        return "DE", "50010517" + _digits(rng, 10)
    if language == "fr":
        bank, branch, account = "20041", "0" + _digits(rng, 4), _digits(rng, 11)
        return "FR", bank + branch + account + rib_key(bank, branch, account)
    if language == "es":
        bank, branch, account = "2100", "0" + _digits(rng, 3), _digits(rng, 10)
        return "ES", bank + branch + spanish_account_check(bank + branch, account) + account
    if language == "it":
        rest = "05428" + "1" + _digits(rng, 4) + _digits(rng, 12)
        return "IT", italian_cin(rest) + rest
    if language == "nl":
        return "NL", "ABNA0" + _digits(rng, 9)
    return "GB", "NWBK" + _digits(rng, 14)


def iban(rng: random.Random, language: str) -> str:
    """An IBAN with valid check digits (ISO 13616), half of them in groups of four."""
    country, bban = _bban(rng, language)
    compact = country + iban_check(country, bban) + bban
    if rng.random() < 0.5:
        return compact
    return " ".join(compact[i : i + 4] for i in range(0, len(compact), 4))


def card(rng: random.Random, language: str) -> str:
    """A card number of sixteen digits that passes the Luhn check (ISO/IEC 7812)."""
    body = rng.choice(["4111", "5454"]) + _digits(rng, 11)
    number = body + luhn_digit(body)
    separator = rng.choice([" ", " ", "-", ""])
    return separator.join(number[i : i + 4] for i in range(0, 16, 4))


def _steuer_id(rng: random.Random) -> str:
    digits = rng.sample("0123456789", 9)
    digits.insert(rng.randrange(1, 9), digits[0])
    if digits[0] == "0":
        digits = ["1" if d == "0" else "0" if d == "1" else d for d in digits]
    body = "".join(digits)
    return body + steuer_id_digit(body)


def _bsn(rng: random.Random) -> str:
    while True:
        number = "9" + _digits(rng, 8)
        if bsn_is_valid(number):
            return number


def national_id(rng: random.Random, language: str) -> str:
    """The number by which the state knows a person: NHS number, Steuer-ID, NIR, DNI, codice fiscale or BSN."""
    if language == "de":
        return _steuer_id(rng)
    if language == "fr":
        body = f"{rng.randint(1, 2)}{rng.randint(50, 99)}{rng.randint(1, 12):02d}{rng.randint(21, 94)}"
        body += f"{rng.randint(1, 700):03d}{rng.randint(1, 400):03d}"
        key = nir_key(body)
        return f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]} {key}"
    if language == "es":
        number = str(rng.randint(10_000_000, 79_999_999))
        return number + dni_letter(number)
    if language == "it":
        letters = "".join(rng.choice("BCDFGLMNPRSTVZ") for _ in range(6))
        body = f"{letters}{rng.randint(50, 99)}{rng.choice('ABCDEHLMPRST')}{rng.randint(1, 28):02d}"
        body += rng.choice("ADFHL") + _digits(rng, 3)
        return body + codice_fiscale_check(body)
    if language == "nl":
        return _bsn(rng)
    while True:
        body = "999" + _digits(rng, 6)
        digit = nhs_digit(body)
        if digit is not None:
            return f"{body[:3]} {body[3:6]} {body[6:]}{digit}"


def address(rng: random.Random, language: str) -> str:
    return rng.choice(_STREETS[language].split("|"))


def order_number(rng: random.Random, language: str) -> str:
    return rng.choice(
        [
            f"{rng.randint(300, 309)}-{_digits(rng, 7)}-{_digits(rng, 7)}",
            f"#{_digits(rng, 8)}",
            f"ORD-26-{_digits(rng, 6)}",
        ]
    )


def handle(rng: random.Random, language: str) -> str:
    return f"@{_mailbox(rng, language).replace('.', '_')}_{rng.choice(['nl', 'pics', 'home', 'diy', 'run'])}"


_MAKERS: Mapping[str, Callable[[random.Random, str], str]] = {
    "email": email,
    "email_obfuscated": email_obfuscated,
    "phone": phone,
    "iban": iban,
    "card": card,
    "national_id": national_id,
    "address": address,
    "order_number": order_number,
    "handle": handle,
    "name": name,
}


def personal_datum(rng: random.Random, kind: str, language: str) -> PersonalDatum:
    """Personal data of a kind as people of that language write it. Raises KeyError for an unknown kind."""
    return PersonalDatum(kind, _MAKERS[kind](rng, language))
