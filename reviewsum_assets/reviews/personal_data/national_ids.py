"""Numbers that a state or an insurer gave one person, in twelve countries, with their check digits.

A number whose form and check digit leave little to chance is redacted wherever it stands; the others where the text
says what they are. Presidio's recognisers are used where they ask enough of a number; ours check what theirs leave
out (spaced forms, dates inside numbers, check digits of NINO-like and Belgian, Austrian, Swiss, Irish numbers).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reviewsum_assets.reviews import personal_words as words
from reviewsum_assets.reviews.personal_data import check_digits
from reviewsum_assets.reviews.personal_data.dates import is_date
from reviewsum_assets.reviews.recognition import (
    DeSocialSecurityRecognizer,
    EsNieRecognizer,
    EsNifRecognizer,
    Gated,
    ItFiscalCodeRecognizer,
    PatternWithContext,
    Signs,
    digit_within,
    gated,
    spelled,
)

_PRODUCT_BEFORE = re.compile(
    rf"(?i)(?:\b(?:{words.NOT_PHONE}))[\s.:#°-]{{0,3}}(?:(?:{words.NUMBER_WORD})[\s.:#°-]{{0,3}})?\Z"
)


def _bare(match: re.Match[str]) -> str:
    return re.sub(r"[\s./-]", "", match.group("pii")).upper()


def _not_of_a_product(match: re.Match[str]) -> bool:
    return not _PRODUCT_BEFORE.search(match.string[max(0, match.start("pii") - 45) : match.start("pii")])


def _checked(valid: Callable[[str], bool]) -> Callable[[re.Match[str]], bool]:
    return lambda match: _not_of_a_product(match) and valid(_bare(match))


_EDGE, _END = r"(?<![\w.,+/-])(?<!\+\d\d )(?<!\+\d\d-)", r"(?![\w@])(?![.,/-]\d)"

_SSN_US = rf"{_EDGE}(?P<pii>(?!000|666)\d{{3}}-(?!00)\d{{2}}-(?!0000)\d{{4}}){_END}"
_NINO = rf"{_EDGE}(?P<pii>(?:QQ|(?![DFIQUV])[A-Z](?![DFIQUVO])[A-Z]) ?\d\d ?\d\d ?\d\d ?[A-D]){_END}"
_NHS = rf"{_EDGE}(?P<pii>\d{{3}}[ -]\d{{3}}[ -]\d{{4}}){_END}"
_UK_LICENCE = rf"{_EDGE}(?P<pii>[A-Z]{{1,5}}9{{0,4}}\d[0156]\d(?:[0-2]\d|3[01])\d[A-Z9]{{2}}[A-Z0-9][A-Z]{{2}}){_END}"
_PPS = rf"{_EDGE}(?P<pii>\d{{7}}[A-W][ABHIWTX]?){_END}"
_NIR = (
    rf"{_EDGE}(?P<pii>[12][ .-]?\d\d[ .-]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .-]?(?:\d\d|2[AB])[ .-]?\d{{3}}[ .-]?\d{{3}}"
    rf"[ .-]?/?\s?\d\d){_END}"
)
_RVNR = rf"{_EDGE}(?P<pii>\d\d ?(?:0[1-9]|[12]\d|3[01]|[5-8]\d) ?(?:0[1-9]|1[0-2]) ?\d\d ?[A-Z] ?\d\d ?\d){_END}"
_STEUER_ID = rf"{_EDGE}(?P<pii>[1-9]\d ?\d{{3}} ?\d{{3}} ?\d{{3}}|[1-9]\d(?:[/.-]\d{{3}}){{3}}){_END}"
_KVNR = rf"{_EDGE}(?P<pii>[A-Z]\d{{9}}){_END}"
_SVNR = rf"{_EDGE}(?P<pii>[1-9]\d{{3}}[ /-]?(?:0[1-9]|[12]\d|3[01])[ .]?(?:0[1-9]|1[0-5])[ .]?\d\d){_END}"
_AHV = rf"{_EDGE}(?P<pii>756[. ]?\d{{4}}[. ]?\d{{4}}[. ]?\d\d){_END}"
_DNI = rf"{_EDGE}(?P<pii>(?:\d{{2}}\.?\d{{3}}\.?\d{{3}}|[XYZ][ -]?\d\.?\d{{3}}\.?\d{{3}})[ -]?[A-HJ-NP-TV-Z]){_END}"
_SPANISH_INSURED = rf"{_EDGE}(?P<pii>\d\d[ /-]\d{{8}}[ /-]\d\d|\d{{12}}){_END}"
_BELGIAN = rf"{_EDGE}(?P<pii>\d\d\.\d\d\.\d\d-\d{{3}}[.-]\d\d|\d{{6}}[ -]\d{{3}}[ .-]\d\d){_END}"
_LUXEMBOURGISH = rf"{_EDGE}(?P<pii>(?:19|20)\d\d ?\d{{2}} ?\d{{2}} ?\d{{3}} ?\d\d){_END}"
_CODICE_FISCALE = rf"(?i){_EDGE}(?P<pii>[A-Z]{{3}} ?[A-Z]{{3}} ?\d\d[A-EHLMPRST]\d\d ?[A-Z]\d{{3}} ?[A-Z]){_END}"
_FISCAL = re.compile(r"[a-z]{3} ?\d\d[a-ehlmprst]\d\d")
_PARTITA_IVA = (
    r"(?i)\b(?P<mine>mia\s|personale\s|mi[ao]\s)?(?:partita\s?iva|p\.?\s?iva)(?:\s(?:personale|mia))?(?:\s(?:è"
    r"|n[.°]?|numero))?\s?:?\s"
    r"(?P<pii>(?:IT ?)?\d{11})(?!\w)"
)
_COMPANY_BEFORE = re.compile(
    r"(?i)\b(?:venditor\w+|aziend\w+|negozi\w+|societ\w+|ditt\w+|vostr\w+|lor\w+|impres\w+)\b[^.!?]{0,30}\Z"
)


def _is_own_vat(match: re.Match[str]) -> bool:
    """A person's, not the shop's."""
    number = re.sub(r"\D", "", match.group("pii"))
    if not check_digits.is_partita_iva(number):
        return False
    before = match.string[max(0, match.start() - 40) : match.start()]
    after = match.string[match.end() : match.end() + 30]
    return bool(match.group("mine")) or not (_COMPANY_BEFORE.search(before) or re.search(r"(?i)venditor|aziend", after))


def _is_nir(match: re.Match[str]) -> bool:
    return check_digits.is_nir(re.sub(r"\D(?<![AB])", "", match.group("pii").upper()))


# Where the text says what it is

_DOCUMENT = r"(?P<pii>[A-Z0-9][A-Z0-9]*(?:[ ./-]?[A-Z0-9]*\d[A-Z0-9]*){0,8}(?:[ -]?[A-Z]{1,3}(?![\w'’]))?)"
_CALLED = (
    rf"(?<!\w)(?:(?i:{words.NUMBER_WORD}){words.OF})?(?i:{words.IDENTITY})(?:[\s-]*(?i:{words.NUMBER_WORD}))?(?!\w)\.?"
    rf"(?:\s(?:war|is|ist|est|es|è|here|printed))?{words.CONNECTOR}{_DOCUMENT}{words.NOT_AFTER}"
)
_PLATE = (
    rf"(?<!\w)(?i:{words.PLATE})(?i:\s?(?:nr|no|n[°º.])\.?)?"
    + words.CONNECTOR
    + r"(?P<pii>(?=[A-ZÄÖÜ0-9 -]*\d)(?=[A-Z0-9ÄÖÜ -]*[A-Z])[A-ZÄÖÜ0-9]{1,4}(?:[ -]{0,3}[A-Z0-9]{1,4}){1,3})(?!\w)"
)


def _is_document(match: re.Match[str]) -> bool:
    """After the name of a paper: six characters with three digits; plates are shorter."""
    found = re.sub(r"\W", "", match.group("pii"))
    digits = re.sub(r"\D", "", found)
    return len(found) >= 6 and len(digits) >= 3 and not is_date(match.group("pii"))


_IDENTITY_WORDS = (spelled(words.IDENTITY) | frozenset({"ni", "id", "cf"})) - frozenset(
    {"card", "social", "carta", "carte", "sozial", "tessera", "security", "health", "driving", "tax", "document", "de"}
)
_BEGINNINGS = tuple(sorted(word for word in _IDENTITY_WORDS if len(word) > 3))


_PLATE_WORDS = words.word_set(
    "plate numberplate reg kfz kennzeichen autokennzeichen nummernschild plaque immatriculation immatriculé"
    " immatriculée matrícula targa targato targata kenteken nummerplaat"
)


def _numbered(signs: Signs) -> bool:
    return signs.has_digit


def national_id_recognizers() -> list[Gated]:
    """Recognisers of identity, insurance, tax and licence numbers, and of plates."""

    def digits(least: int) -> Callable[[Signs], bool]:
        return lambda signs: signs.digits >= least

    def named(signs: Signs) -> bool:
        return signs.digits >= 4 and (signs.any_word(_IDENTITY_WORDS) or signs.any_compound(_BEGINNINGS))

    def own(least: int, pattern: str, check: Callable[[re.Match[str]], bool] | None) -> Gated:
        return gated("id", pattern, check, digits(least))

    short = frozenset(word for word in _IDENTITY_WORDS if len(word) <= 3)
    called = PatternWithContext(
        "id", _CALLED, _is_document, words=short, beginnings=_BEGINNINGS, back=30, ahead=digit_within(60)
    )
    return [
        Gated("id", called, named),
        gated("id", _PLATE, None, _numbered, words=_PLATE_WORDS, back=12, ahead=digit_within(45)),
        own(9, _SSN_US, _not_of_a_product),
        own(7, _NINO, _not_of_a_product),
        own(10, _NHS, _checked(check_digits.is_nhs)),
        own(8, _UK_LICENCE, _not_of_a_product),
        own(7, _PPS, _checked(check_digits.is_pps)),
        own(13, _NIR, _is_nir),
        own(10, _RVNR, _checked(check_digits.is_rvnr)),
        own(11, _STEUER_ID, _checked(check_digits.is_steuer_id)),
        own(9, _KVNR, _checked(check_digits.is_kvnr)),
        own(10, _SVNR, _checked(check_digits.is_svnr)),
        own(13, _AHV, _checked(check_digits.is_ahv)),
        own(8, _DNI, _checked(check_digits.is_dni)),
        own(12, _SPANISH_INSURED, _checked(check_digits.is_spanish_insured)),
        own(11, _BELGIAN, _checked(check_digits.is_belgian)),
        own(13, _LUXEMBOURGISH, _checked(check_digits.is_luxembourgish)),
        gated("id", _CODICE_FISCALE, None, lambda signs: signs.has_digit and _FISCAL.search(signs.lower) is not None),
        gated("id", _PARTITA_IVA, _is_own_vat, digits(11), words=frozenset({"iva"}), back=16),
        Gated("id", DeSocialSecurityRecognizer(supported_language="xx"), digits(10)),
        Gated("id", EsNifRecognizer(supported_language="xx"), digits(7)),
        Gated("id", EsNieRecognizer(supported_language="xx"), digits(7)),
        Gated("id", ItFiscalCodeRecognizer(supported_language="xx"), digits(7)),
    ]
