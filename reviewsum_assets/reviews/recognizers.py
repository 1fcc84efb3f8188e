"""Recognisers of e-mail addresses, handles and numbers for all six countries, run on every text whatever its language.

Presidio's pattern recognisers find e-mail addresses, cards, IBANs and the national ids that carry a check character;
the others here are ours, written as Presidio recognisers. A review in French may hold a Dutch number, so none asks
for the language. Numbers that fill product reviews (EAN, model, firmware, size, price, date) are told from personal
ones by check digits or by the word before them, never by length alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import phonenumbers
import tldextract

from reviewsum_assets.reviews import personal_words as words
from reviewsum_assets.reviews.recognition import (
    CreditCardRecognizer,
    DeSocialSecurityRecognizer,
    EmailRecognizer,
    EsNieRecognizer,
    EsNifRecognizer,
    Gated,
    IbanRecognizer,
    ItFiscalCodeRecognizer,
    PatternWithContext,
    Signs,
    spelled,
)


class OfflineEmailRecognizer(EmailRecognizer):
    """Presidio's, with the suffix list that tldextract carries: its default fetches one at the first use."""

    _suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def validate_result(self, pattern_text: str) -> bool:
        return self._suffixes(pattern_text).fqdn != ""


class PaymentCardRecognizer(CreditCardRecognizer):
    """Presidio's, for 14 to 16 digits: its 13-digit cards are long gone, and German EANs start with a 4 too."""

    def validate_result(self, pattern_text: str) -> bool:
        digits = re.sub(r"\D", "", pattern_text)
        if not 14 <= len(digits) <= 16 or len(set(digits)) < 2:
            return False
        return bool(_CARD_PREFIX.match(digits)) and bool(super().validate_result(pattern_text))


_CARD_PREFIX = re.compile(r"4\d{15}|5[0-5]\d{14}|2[2-7]\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|3[47]\d{13}|3[068]\d{12}")


# E-mail and handles


_OBFUSCATED_EMAIL = (
    r"(?i)(?<![\w@])(?P<pii>[a-z0-9][a-z0-9_+-]{0,40}(?:(?:\.|\s?[(\[{]\s?(?:dot|punkt|point|punto|punt)\s?[)\]}]\s?)"
    r"[a-z0-9_+-]{1,40}){0,3}"
    r"(?:\s?[(\[{<]\s?(?:at|ät|@|arroba|arobase|chiocciola|apenstaartje|chez|a)\s?[)\]}>]\s?"
    r"|\s(?:at|arroba|arobase|chiocciola|apenstaartje|@)\s)"
    r"[a-z0-9][a-z0-9-]{1,40}"
    r"(?:(?:\s?[(\[{]\s?(?:dot|punkt|point|punto|punt|\.)\s?[)\]}]\s?|\s?\.\s?|\s(?:dot|punkt|point|punto|punt)\s)"
    r"(?:co\.uk|com|net|org|info|de|at|ch|fr|be|es|it|nl|eu|uk|io|me)){1,2})(?!\w)"
)
_NOT_LOCAL_PART = words.word_set(
    "me us them it he she look looked buy bought order ordered available is was only here sold arrive arrived "
    "stop points point price one you this that up"
)


def _is_obfuscated_email(match: re.Match[str]) -> bool:
    """`available at amazon.com` names a shop; `anna at gmail dot com` a mailbox."""
    found = match.group("pii")
    bracketed = bool(re.search(r"[(\[{<]", found))
    local = re.split(r"[\s(\[{<]", found, maxsplit=1)[0].lower()
    spelled = bool(re.search(r"(?i)\s(?:dot|punkt|point|punto|punt)\s|arroba|chiocciola|apenstaartje|arobase", found))
    provider = bool(
        re.search(r"(?i)gmail|googlemail|hotmail|outlook|yahoo|gmx|web\s?\.?\s?de|icloud|orange|libero", found)
    )
    return local not in _NOT_LOCAL_PART and (bracketed or spelled or provider)


_NETWORK = (
    r"(?:instagram|insta|ig|facebook|fb|twitter|tiktok|tik\s?tok|snapchat|snap|telegram|youtube|twitch|discord|skype"
    r"|linkedin|pinterest|reddit|goodreads|lovelybooks|threads|mastodon|signal|kik)"
)
_HANDLE_LINK = (
    r"(?i)(?P<pii>(?:https?://)?(?:www\.|m\.|[a-z]{2}-[a-z]{2}\.)?(?:"
    r"(?:instagram|facebook|twitter|tiktok|snapchat|pinterest|reddit|twitch|threads|github)\.(?:com|tv"
    r"|net)/[\w.@/\-]{2,80}"
    r"|youtube\.com/(?:@|c/|user/|channel/)[\w.\-]{2,80}|goodreads\.com/user/[\w.@/\-]{2,80}|(?:t|wa|fb"
    r"|m)\.me/[\w.+\-]{2,60}|linkedin\.com/in/[\w.%\-]{2,80}|x\.com/\w{2,30}"
    r"|amazon\.[a-z.]{2,6}/(?:gp/(?:profile|pdp)|shop)/[\w./\-]{2,80}"
    r"|(?:[\w-]{2,40}\.)(?:blogspot|wordpress|tumblr|substack|weebly|jimdo)\.[a-z.]{2,6}(?:/[^\s<>\"']*)?))"
)
_AT_HANDLE = r"(?<![\w.@/&+=*#!$%-])(?P<pii>@[A-Za-z][\w.]{2,40}(?<!\.))(?![\w@])"
_NAMED_HANDLE = (
    rf"(?i)\b(?:(?:my|mein(?:en?)?|mon|mi|il mio|mijn|auf|on|sur|en|su|op|via|follow me|folgt mir|suivez[- ]moi"
    rf"|sígueme|seguitemi|volg mij)\s+(?:auf |on |sur |en |su |op )?)?{_NETWORK}"
    r"\s*(?:handle|name|user(?:name)?|account|id|konto|compte|cuenta|profil[eo]?|nick)?"
    r"\s*(?:is|ist|est|es|è|:|=|->|@)\s*(?P<pii>@?[a-z0-9][a-z0-9._-]{2,40}(?<![.]))"
)
_NOT_A_HANDLE = re.compile(r"(?i)@(?:home|work|amazon|all|everyone|alle|tous|todos|tutti|night|school|media\d*)\Z")


def _is_named_handle(match: re.Match[str]) -> bool:
    """`Instagram: nope` is a sentence; a handle has a digit, `_`, `.` or `@`, or `my` and a network before it."""
    found = match.group("pii").lower()
    if found in words.NOT_A_NAME or len(found) < 4:
        return False
    return bool(re.search(r"[\d_.@]", found)) or bool(
        re.match(r"(?i)my|mein|mon|mi\b|il mio|mijn|follow|folgt|suivez|sígueme|seguitemi|volg", match.group())
    )


# Numbers


_NOT_AFTER = (
    r"(?![\w€$£%°])(?!\s?(?:mah|wh|kwh|mm|cm|ml|gb|tb|mb|kb|hz|khz|mhz|ghz|euros?|eur|usd|€|lumen|lm|kg|watt)\b)"
)
_CONNECTOR = r"(?:\s*(?:is|was|war|ist|lautet|est|es|è|era|vom|[:#=.,(\-–]|n[°ºo]\.?)){0,3}\s*"
_LONG_TOKEN = (
    r"(?P<pii>(?:[A-Z]{1,4}[ -]?)?\d[\dA-Z]*(?:[-/. ]?[A-Z]{0,3}\d[\dA-Z]{1,}){0,6}"
    r"|(?:[A-Z0-9]{2,}-){1,4}[A-Z0-9]{3,}"
    r"|[A-Z]{2,6}\d[A-Z0-9]{4,})"
)
_OF = r"(?:\s+(?:de\s+la|de\s+l['’]|de|du|di|del|della|d['’]|of|for|van|der|meiner|l['’]))?\s*"
_ORDER_NUMBERED = (
    rf"\b(?:(?:(?i:{words.ORDER})s?[\s-]*(?i:{words.NUMBER_WORD})|(?i:{words.NUMBER_WORD}){_OF}(?i:{words.ORDER}))"
    rf"{_OF}(?:my order|mia|ma|mi|mijn|commande|client)?\b"
    rf"|(?i:{words.ORDER_ALONE})\s*#)\.?{_CONNECTOR}{_LONG_TOKEN}{_NOT_AFTER}"
)
_ORDER_ALONE = rf"\b(?i:{words.ORDER_ALONE})\.?{_CONNECTOR}{_LONG_TOKEN}{_NOT_AFTER}"
_CUSTOMER = (
    rf"\b(?:(?i:{words.CUSTOMER})s?[\s-]*(?i:{words.NUMBER_WORD})|(?i:{words.NUMBER_WORD}){_OF}(?i:{words.CUSTOMER}))"
    rf"\b\.?{_CONNECTOR}{_LONG_TOKEN}{_NOT_AFTER}"
)
_IDENTITY = (
    rf"\b(?:(?i:{words.NUMBER_WORD}){_OF})?(?i:{words.IDENTITY})(?:[\s-]*(?i:{words.NUMBER_WORD}))?\b\.?{_CONNECTOR}"
    r"(?P<pii>[A-Z0-9][A-Z0-9]*(?:[ ./-]?[A-Z0-9]*\d[A-Z0-9]*){0,8}(?:[ -]?[A-Z]{1,2}(?![\w'’]))?)" + _NOT_AFTER
)
_PARCEL = (
    r"(?<![\w-])(?P<pii>1Z ?(?:[0-9A-Z] ?){15}[0-9A-Z]|[A-Z]{2} ?\d{3} ?\d{3} ?\d{3} ?(?:DE|FR|ES|IT|NL|GB"
    r"|US|CN)|JJD\d{10,20})(?!\w)"
)
_MARKETPLACE_ORDER = r"(?<![\w-])(?P<pii>[0-9D]\d{2}-\d{7}-\d{7})(?![\w-])"
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}\Z|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}\Z|(?:19|20)\d{2}\Z"
)


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match.group("pii"))


def _is_numbered(match: re.Match[str]) -> bool:
    """After `order number`: four digits or more, or a long code with some."""
    return len(_digits(match)) >= 4 and not _DATE.match(match.group("pii"))


def _is_long_number(match: re.Match[str]) -> bool:
    """After a bare `order`: six digits, so that amounts, years and dates stay."""
    found = match.group("pii")
    return len(_digits(match)) >= 6 and not _DATE.match(found) and not re.search(r"\d[.,]\d{1,2}\Z", found)


def _is_document(match: re.Match[str]) -> bool:
    """After the name of a paper: six characters with three digits; plates are shorter."""
    found = re.sub(r"\W", "", match.group("pii"))
    return len(found) >= 6 and len(_digits(match)) >= 3 and not _DATE.match(match.group("pii"))


_PLATE = (
    r"(?i:license plate|number ?plate|registration plate|kennzeichen|nummernschild|plaque(?: d['’]immatriculation)?"
    r"|immatriculation|matrícula|targa|kenteken)(?i:\s(?:nr|no)\.?)?"
    + _CONNECTOR
    + r"(?P<pii>(?=[A-Z0-9 -]*\d)(?=[A-Z0-9 -]*[A-Z])[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4}){1,3})(?!\w)"
)
_SSN_US = r"(?<![\w-])(?P<pii>(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4})(?![\w-])"
_NINO_SPACED = r"(?<!\w)(?P<pii>(?![DFIQUV])[A-Z](?![DFIQUVO])[A-Z] \d\d \d\d \d\d [A-D])(?!\w)"
_NIR = r"(?<!\w)(?P<pii>[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d)(?!\w)"
_DE_RVNR_SPACED = r"(?<!\w)(?P<pii>\d\d ?(?:0[1-9]|[12]\d|3[01]|[5-8]\d)(?:0[1-9]|1[0-2])\d\d ?[A-Z] ?\d\d ?\d)(?!\w)"


def _is_nir(match: re.Match[str]) -> bool:
    """French social security number: key = 97 − number mod 97 (INSEE; Corsica's 2A, 2B count as 19, 18)."""
    found = match.group("pii").replace(" ", "").replace("2A", "19").replace("2B", "18")
    return len(found) == 15 and found.isdigit() and int(found[13:]) == 97 - int(found[:13]) % 97


_RVNR_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def _is_rvnr(match: re.Match[str]) -> bool:
    """German pension insurance number: check digit by § 4 VKVV."""
    found = match.group("pii").replace(" ", "")
    data = found[:8] + f"{ord(found[8]) - 64:02d}" + found[9:11]
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(data, _RVNR_WEIGHTS, strict=True))
    return total % 10 == int(found[11])


# Phones


_PHONE = r"(?<![\w.,/@-])(?P<pii>(?:\+|00)?\(?\d(?:[ \u00a0./()-]{0,3}\d){6,14})(?![\w@])(?![.,/-]\d)"
_PHONE_BEFORE = re.compile(rf"(?i)(?:\b(?:{words.PHONE}))\W{{0,3}}(?:\w+\W{{1,3}}){{0,4}}\Z")
_PRODUCT_BEFORE = re.compile(
    rf"(?i)(?:\b(?:{words.NOT_PHONE}))[\s.:#°-]{{0,3}}(?:(?:{words.NUMBER_WORD})[\s.:#°-]{{0,3}})?\Z"
)
_REGIONS = ("DE", "FR", "GB", "ES", "IT", "NL", "AT", "BE", "CH", "US")
_GROUPED = re.compile(
    r"0\d{1,5}[ ./()-]{1,3}\d|\(0\d+\)|0[1-79](?:[ .-]?\d\d){4}\Z|0\d{9,11}\Z|[67]\d\d[ .-]\d{3}[ .-]\d{3}\Z"
    r"|[679]\d\d(?:[ .-]\d\d){3}\Z|3\d\d[ .-]\d{3}[ .-]?\d{3,4}\Z|\(?[2-9]\d\d\)?[ .-]\d{3}[.-]\d{4}\Z"
)


def _is_phone(match: re.Match[str]) -> bool:
    """A number that a dialling plan knows, written the way people write phone numbers or announced as one."""
    found = match.group("pii")
    before = match.string[max(0, match.start() - 45) : match.start()]
    if _PRODUCT_BEFORE.search(before) or _DATE.match(found.strip()):
        return False
    if found.startswith(("+", "00")) and _is_possible_number(re.sub(r"\A00", "+", found)):
        return True
    if not _PHONE_BEFORE.search(before) and not _GROUPED.match(found):
        return False
    return any(_is_valid_number(found, region) for region in _REGIONS)


def _is_possible_number(text: str) -> bool:
    """The country and the length fit; numbers of a range not handed out yet are private too."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, None))
    except phonenumbers.NumberParseException:
        return False


def _is_valid_number(text: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False


BIRTHDATE = (
    rf"(?i:{words.BIRTH})\W{{0,4}}(?:is|ist|am|on|est|le|es|el|è|il|op)?\W{{0,2}}"
    r"(?P<pii>\d{1,2}[./ -]{1,2}(?:\d{1,2}|[^\W\d_]{3,10})[./ -]{1,2}(?:19|20)?\d\d)\b"
)


_SPELLED_AT = re.compile(r"(?i)[(\[{<]\s?(?:at|ät|@|a)\s?[)\]}>]|\s@\s")
_AT_WORDS = words.word_set("at arroba arobase chiocciola apenstaartje chez")
_NETWORK_WORDS = spelled(_NETWORK) | words.word_set("tok github blogspot wordpress tumblr substack weebly jimdo")
_ORDER_WORDS = spelled(words.ORDER)
_CUSTOMER_WORDS = spelled(words.CUSTOMER)
_IDENTITY_WORDS = (spelled(words.IDENTITY) | frozenset({"ni", "id"})) - frozenset({"card", "social", "carta", "carte"})
_PLATE_WORDS = words.word_set(
    "plate numberplate kennzeichen nummernschild plaque immatriculation matrícula targa kenteken"
)
_BIRTH_WORDS = spelled(words.BIRTH) | frozenset({"birthdate", "dob", "née", "né", "nacido", "nacida", "nato", "nata"})


def _spells_at(signs: Signs) -> bool:
    return bool(signs.any_word(_AT_WORDS) or (signs.text.find("@") >= 0 and _SPELLED_AT.search(signs.text)))


def number_recognizers() -> list[Gated]:
    """Recognisers of e-mail addresses, handles and numbers."""

    def digits(least: int, near: frozenset[str] = frozenset()) -> Callable[[Signs], bool]:
        beginnings = tuple(sorted(near))
        return lambda signs: signs.digits >= least and (not beginnings or signs.any_compound(beginnings))

    def at_sign(signs: Signs) -> bool:
        return signs.has_at

    def link(signs: Signs) -> bool:
        return (signs.has_link or "." in signs.text) and (
            signs.any_word(_NETWORK_WORDS) or any(part in signs.text for part in (".me/", "x.com/", "amazon."))
        )

    def network(signs: Signs) -> bool:
        return signs.any_word(_NETWORK_WORDS)

    def own(
        mark: str, awake: Callable[[Signs], bool], pattern: str, check: Callable[[re.Match[str]], bool] | None = None
    ) -> Gated:
        return Gated(awake, PatternWithContext(mark, pattern, check), mark)

    return [
        Gated(at_sign, OfflineEmailRecognizer(supported_language="xx"), "email"),
        own("email", _spells_at, _OBFUSCATED_EMAIL, _is_obfuscated_email),
        Gated(digits(7), IbanRecognizer(supported_language="xx"), "iban"),
        Gated(digits(12), PaymentCardRecognizer(supported_language="xx"), "card"),
        own("handle", link, _HANDLE_LINK),
        own("handle", at_sign, _AT_HANDLE, lambda match: not _NOT_A_HANDLE.match(match.group("pii"))),
        own("handle", network, _NAMED_HANDLE, _is_named_handle),
        own("order", digits(4, _ORDER_WORDS), _ORDER_NUMBERED, _is_numbered),
        own("order", digits(6, _ORDER_WORDS), _ORDER_ALONE, _is_long_number),
        own("order", digits(12), _MARKETPLACE_ORDER),
        own("order", digits(7), _PARCEL),
        own("id", digits(4, _CUSTOMER_WORDS), _CUSTOMER, _is_numbered),
        own("id", digits(4, _IDENTITY_WORDS), _IDENTITY, _is_document),
        own("id", lambda signs: signs.has_digit and signs.any_word(_PLATE_WORDS), _PLATE),
        own("id", digits(9), _SSN_US),
        own("id", digits(6), _NINO_SPACED),
        own("id", digits(13), _NIR, _is_nir),
        own("id", digits(10), _DE_RVNR_SPACED, _is_rvnr),
        Gated(digits(10), DeSocialSecurityRecognizer(supported_language="xx"), "id"),
        Gated(digits(7), EsNifRecognizer(supported_language="xx"), "id"),
        Gated(digits(7), EsNieRecognizer(supported_language="xx"), "id"),
        Gated(digits(7), ItFiscalCodeRecognizer(supported_language="xx"), "id"),
        own("phone", digits(7), _PHONE, _is_phone),
        own("birthdate", digits(4, _BIRTH_WORDS), BIRTHDATE),
    ]
