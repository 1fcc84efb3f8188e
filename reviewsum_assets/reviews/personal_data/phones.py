"""Phone numbers: what a dialling plan knows, written the way people write phone numbers or announced as one."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberType

from reviewsum_assets.reviews import personal_words as words
from reviewsum_assets.reviews.personal_data.dates import is_date
from reviewsum_assets.reviews.recognition import Gated, Signs, gated

_PHONE = (
    r"(?<![\w.,/@-])(?P<pii>(?:\+\s?|00\s?)?\(?\d(?:[ ./()\-\u2013]{0,3}\d){5,15})"
    r"(?![\w@%€$£°])(?![.,/-]\d)(?!\s?(?:%|€|\$|£|mah|mm|cm|ml|watt|lumens?|euros?|volts?|stunden|hours|heures"
    r"|horas|ore|uur)\b)"
)
_PHONE_BEFORE = re.compile(rf"(?i)(?:\b(?:{words.PHONE}))\W{{0,4}}(?:\w+\W{{1,3}}){{0,5}}\Z")
_CLOSE_BEFORE = re.compile(rf"(?i)(?:\b(?:{words.PHONE_NOUN}))\W{{0,4}}(?:\w+\W{{1,3}}){{0,2}}\Z")
_PRODUCT_BEFORE = re.compile(
    rf"(?i)(?:\b(?:{words.NOT_PHONE}))[\s.:#°-]{{0,3}}(?:(?:{words.NUMBER_WORD})"
    rf"[\s.:#°-]{{0,3}})?(?:[\d\s,]{{3,20}}[,&]\s)?\Z"
)
_REGIONS = ("DE", "FR", "GB", "ES", "IT", "NL", "AT", "BE", "CH", "IE", "LU", "US")
_FURTHER_REGIONS = ("MX", "AR", "CO", "CL", "PL", "PT", "TR")
"""Where reviewers in the six languages live too; only for numbers that the text calls a phone's."""
_GROUPED = re.compile(
    r"0\d{1,5}[ ./()\-\u2013]{1,3}\d|\(0\d+\)|0[1-79](?:[ .-]?\d\d){4}\Z|0\d{9,11}\Z|[67]\d\d[ .-]\d{3}[ .-]\d{3}\Z"
    r"|[679]\d\d(?:[ .-]\d\d){3}\Z|3\d\d[ .-]\d{3}[ .-]?\d{3,4}\Z|3\d\d[ ./-]\d{7}\Z"
    r"|\(?[2-9]\d\d\)?[ .-]{1,2}\d{3}[ .-]\d{4}\Z"
    r"|9[1-9][ .-]\d{3}[ .-]?\d\d[ .-]?\d\d\Z|(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]{1,2}\d{3}[.-]\d{4}\Z"
)
_IN_GROUPS = re.compile(r"\d{2,4}([ .-])\d{2,4}\1\d{2,4}(?:\1\d{2,4}){0,2}\Z|\d{3,5}/\d{2,3} ?\d{2,3} ?\d{2,3}\Z")
"""Groups of one separator: a valid mobile number so written is taken for one."""
_WITH_ZERO = re.compile(r"\(?0(?!0)(?=(?:\D{0,3}\d){8,11}\Z)\d*(?:[ ./()–-]{1,3}\d+)+\Z")
"""A trunk zero and groups: how nothing but phone numbers is written."""
_SERVICE_LINE = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN}
)
"""Lines of companies: nobody's at home."""

_DIGIT_WORDS = (
    r"zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|null|eins|zwo|zwei|drei|vier|fünf|sechs"
    r"|sieben|acht"
    r"|neun|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|due|tre"
    r"|quattro|cinque|sei|sette|otto|nove|nul|een|twee|drie|vijf|zes|zeven|negen"
)
_TENS = (
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|\w*(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig"
    r"|achtzig|neunzig)"
    r"|vingt|trente|quarante|cinquante|soixante|dix|onze|douze|treize|quatorze|quinze|seize|et|veinti\w+|veinte"
    r"|treinta|cuarenta"
    r"|cincuenta|sesenta|setenta|ochenta|noventa|y|(?:venti|trenta|quaranta|cinquanta|sessanta|settanta|ottanta"
    r"|novanta)\w*"
    r"|\w*(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)|doppel\w+|dubbel\w*|doppio|doble"
    r"|plus|plus|más|più"
)
_THREE_DIGIT_WORDS = re.compile(rf"(?<!\w)(?:{_DIGIT_WORDS})(?:[\s,.\-–]{{1,3}}(?:{_DIGIT_WORDS}|{_TENS})){{3}}(?!\w)")
_IN_WORDS = rf"(?i)(?<!\w)(?P<pii>(?:{_DIGIT_WORDS})(?:[\s,.\-–]{{1,3}}(?:{_DIGIT_WORDS}|{_TENS})){{5,18}})(?!\w)"
_SPOKEN = rf"(?i)(?<!\w)(?P<pii>(?:zero|oh|null|zéro|cero|nul)(?:[\s,.\-]{{1,3}}(?:{_DIGIT_WORDS})){{6,14}})(?!\w)"


_ORDER_NEAR = re.compile(
    rf"(?i)(?<!\w)(?:{words.ORDER}|{words.ORDER_NOUN}|{words.CUSTOMER_NOUN}|\w*(?:number|nummer|numéro|número"
    rf"|numero)|référence"
    rf"|reference|code|codice|código)(?!\w)[^!?\n]{{0,60}}\Z"
)
_PHONE_SAID = re.compile(rf"(?i)(?<!\w)(?:{words.PHONE_NOUN})(?!\w)[^!?\n]{{0,50}}\Z|(?:{_DIGIT_WORDS})\W{{1,3}}\Z")
_PHONE_NEAR = re.compile(rf"(?i)(?<!\w)(?:{words.PHONE})(?!\w)[^!?\n]{{0,50}}\Z")


def _is_order_in_words(match: re.Match[str]) -> bool:
    """Six digits and more in words behind an order, and no phone: `tracking number four four seven one double two`."""
    before = match.string[max(0, match.start() - 90) : match.start()]
    return _ORDER_NEAR.search(before) is not None and not _PHONE_SAID.search(before) and not _counts(match)


def _is_phone_in_words(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 90) : match.start()]
    return _PHONE_NEAR.search(before) is not None and not _counts(match)


def _counts(match: re.Match[str]) -> bool:
    return (
        re.match(
            r"(?i)(?:one\W+two\W+three|eins\W+zwei\W+drei|un\W+deux\W+trois|uno\W+dos\W+tres|uno\W+due\W+tre|een\W+twee\W+drie)\b",
            match.group("pii"),
        )
        is not None
    )


def _is_phone(match: re.Match[str]) -> bool:
    found = match.group("pii")
    before = match.string[max(0, match.start() - 60) : match.start()]
    if _PRODUCT_BEFORE.search(before) or is_date(found):
        return False
    digits = re.sub(r"\D", "", found)
    if len(digits) < 7 or (len(set(digits)) < 3 and not found.startswith("+")):
        return False
    if found.startswith(("+", "00")):
        number = _parsed(re.sub(r"\A00\s?", "+", found), None)
        if number is not None and phonenumbers.is_possible_number(number):
            return phonenumbers.number_type(number) not in _SERVICE_LINE
    announced = _CLOSE_BEFORE.search(before) is not None
    loosely = not announced and not _PHONE_BEFORE.search(before) and not _GROUPED.match(found)
    if loosely and _WITH_ZERO.match(found):
        numbers = [number for region in _REGIONS if (number := _parsed(found, region)) is not None]
        valid = [number for number in numbers if phonenumbers.is_valid_number(number)]
        if valid:
            return any(phonenumbers.number_type(number) not in _SERVICE_LINE for number in valid)
        return any(phonenumbers.is_possible_number(number) for number in numbers)
    if loosely and not _IN_GROUPS.match(found):
        return False
    regions = (*_REGIONS, *_FURTHER_REGIONS) if announced else _REGIONS
    numbers = [number for region in regions if (number := _parsed(found, region)) is not None]
    valid = [number for number in numbers if phonenumbers.is_valid_number(number)]
    if loosely:
        return any(phonenumbers.number_type(number) == PhoneNumberType.MOBILE for number in valid)
    if valid:
        return any(phonenumbers.number_type(number) not in _SERVICE_LINE for number in valid)
    # A range that is not handed out, as in made-up numbers: only where the text says that it is a phone's.
    return announced and len(digits) >= 8 and any(phonenumbers.is_possible_number(number) for number in numbers)


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def phone_recognizers() -> list[Gated]:
    """Recognisers of phone numbers, in digits and in words."""

    def digits(signs: Signs) -> bool:
        return signs.digits >= 7

    spoken = frozenset(["zero", "null", "zéro", "cero", "nul", "oh"])

    def in_words(signs: Signs) -> bool:
        return len(signs.words & all_digits) >= 3 and _THREE_DIGIT_WORDS.search(signs.lower) is not None

    all_digits = frozenset(_DIGIT_WORDS.split("|"))
    said = all_digits - {"un", "due", "sei", "dos", "oh", "een", "uno"}
    return [
        gated("phone", _PHONE, _is_phone, digits),
        gated("phone", _SPOKEN, words=spoken),
        gated("order", _IN_WORDS, _is_order_in_words, in_words, words=said, back=30),
        gated("phone", _IN_WORDS, _is_phone_in_words, in_words, words=said, back=30),
    ]
