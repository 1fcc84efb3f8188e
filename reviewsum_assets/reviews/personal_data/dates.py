"""Dates: birthdates, which are personal, and the others, which are not."""

from __future__ import annotations

import re

from reviewsum_assets.reviews import personal_words as words
from reviewsum_assets.reviews.personal_data.people_words import KIN_WORDS, is_story
from reviewsum_assets.reviews.recognition import Gated, Signs, digit_within, gated

_NUMERIC_DATE = re.compile(
    r"\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20)?\d{2}\Z|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}\Z|(?:19|20)\d{2}\Z"
    r"|(?:19|20)\d{2}\s?[-/–]\s?(?:19|20)?\d{2}\Z|\d{1,2} \d{1,2} (?:19|20)\d{2}\Z"
)


def is_date(text: str) -> bool:
    """Whether the text is a date in digits, a year or a span of years."""
    return _NUMERIC_DATE.match(text.strip()) is not None


_MONTH = (
    r"(?:jan(?:uary|uar|vier|uari)?|jän(?:ner)?|enero|gennaio|feb(?:ruary|ruar|ruari|rero|braio)?|février|fév"
    r"|mar(?:ch|s|zo|et)?"
    r"|märz|maart|apr(?:il|ile)?|avril|abril|may|mai|mayo|maggio|mei|jun(?:e|i|io)?|juin|giugno|jul(?:y|i|io)?"
    r"|juillet|luglio"
    r"|aug(?:ust|ustus)?|août|agosto|sep(?:t|tember|tembre|tiembre)?|settembre|oct(?:ober|obre|ubre)?|okt(?:ober)?"
    r"|ottobre"
    r"|nov(?:ember|embre|iembre)?|dec(?:ember|embre)?|dez(?:ember)?|déc(?:embre)?|dic(?:iembre|embre)?)"
)
_DATE = (
    rf"(?P<pii>\d{{1,2}}\s?[./ -]\s?\d{{1,2}}\s?[./ -]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|ter|[.°ºª])?(?:\s(?:of|de|di|del))?[\s./-]{{1,2}}{_MONTH}\.?,?(?:\s(?:of|de|del|di"
    rf"|dell['’]))?[\s/-]?['’]?(?:(?:19|20)\d\d|\d\d)(?!\d)"
    rf"|[^\W\d_]{{2,20}}\s(?:of\s|de\s|di\s)?{_MONTH}\s(?:of\s|de\s|del\s|di\s)?['’]?(?:(?:19|20)\d\d|\d\d)(?!\d)"
    rf"|\d{{1,2}}[./-][IVX]{{1,4}}[./-](?:(?:19|20)\d\d|\d\d)(?!\d)"
    rf"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d(?!\d)"
    rf"|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}(?!\d))"
)
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|\w{2,10}tag|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche),?\s"
)
_AFTER_BIRTH = (
    rf"(?i)(?<!\w)(?:{words.BIRTH})(?:\W{{0,4}}(?:\(|is|ist|am|war|der|on|the|est|le|es|el|en|a|è|il|op|de|of"
    rf"|lautet|fällt auf den"
    rf"|the\s\w+\sof|{_WEEKDAY}|(?:in|à|en|a|in) "
    rf"(?-i:[A-ZÀ-Ý])[\w'’-]+(?:\s(?-i:[A-ZÀ-Ý])[\w'’-]+)?,?)(?!\w)){{0,3}}\W{{0,4}}{_DATE}"
)
_NOUN = (
    r"date of birth|birth[\s-]?dates?|d\.?o\.?b\.?|geburtsdatum|geburtsdaten|geb\.?-?\s?datum"
    r"|geburtstagsdatum|dates? de "
    r"naissance|né\(?e?\)? le|fechas? de nacimiento|f\.\s?nac\.?|nacimiento|naissance|nascita|dat[ae] di nascita"
    r"|geboortedat(?:um|a)|geboortedag|geb\.?\s?-?dat(?:um|\.)?|data nascita|date naissance|fecha "
    r"(?:de )?nac\.?|birth|jg|jahrgang|classe|quinta"
)
_NOUN_SOMEWHERE = rf"(?i)(?<!\w)(?:{_NOUN})(?!\w)[^\d\n]{{0,70}}?(?<!\w){_DATE}"
_YEAR_FIRST = (
    rf"(?i)(?<!\w)(?:jahrgang|jg\.?|classe|quinta|promo|born|né en|née en|geboren|nat[oa] nel"
    rf"|nacid[oa] en)\s(?P<pii>(?:19|20)\d\d\s?,\s?(?:(?:am|le|el|il|op)\s)?\d{{1,2}}\.?\s{_MONTH})"
)
_OLD = rf"(?i)(?<![\w./-])(?=\d){_DATE}(?![\w./-]\d)"
_NOT_BORN = re.compile(
    r"(?i)\b(?:bought|purchased|ordered|delivered|released?|published|edition|version|firmware"
    r"|recorded|gekauft|bestellt|geliefert|erschienen|auflage|ausgabe|stand|seit|ab|bis"
    r"|acheté\w*|commandé\w*|livré\w*|parue?|sortie?|édition|depuis|comprad[oa]|pedid[oa]|publicad[oa]"
    r"|edición|desde|hasta|comprat[oa]|ordinat[oa]|pubblicat[oa]|uscit[oa]|edizione|dal|fino|gekocht"
    r"|besteld|verschenen|uitgave|druk|vanaf|tot"
    r"|until|since|from|expir\w+|valid|gültig|garantie|warranty|battle|war|krieg|guerre|guerra|oorlog"
    r"|copyright|datum der|uitgegeven|konzert|concert|live|aufnahme|recording|folge|episode|mhd"
    r"|scad\w*|prodott\w+|hergestellt|fabri\w+|made|built|baujahr)\b"
)
_LATEST_BARE_YEAR = 2004
"""A full date up to then, in a text that tells no story: a birthdate. Bought things are younger in the real reviews."""
_YEAR_AND_DATE = rf"(?i)(?<!\w)(?:jg|jahrgang|bj|classe|quinta|promo)\.?\s?['’]?\d{{2,4}}\W{{1,3}}{_DATE}"
_VERB = (
    r"born|geb|geboren|née?s?|nacid[oa]s?|nací|nació|nat[oaie]|nacque|birthday|bday|b-day|geburtstag|anniversaire"
    r"|cumpleaños|cumple|cumplió|cumplía|compleanno|compie|compirà|verjaardag|jarig"
    r"|bin vom|sono del(?:l['’])?|soy del|suis du|ben van|auf die welt gekommen|came into the world"
    r"|vu le jour|ter wereld gekomen"
)
_VERB_SOMEWHERE = rf"(?i)(?<!\w)(?:{_VERB})(?!\w)(?:[^\d!?\n.]|(?<=\bgeb)\.){{1,60}}?(?<!\w){_DATE}"
_SOMEWHERE_BEFORE = (
    rf"(?i)(?<![\d./-])(?=\d){_DATE}(?![\d./-]\d)(?P<gap>[^.!?\n\d]{{1,35}}?)(?<!\w)(?:{_NOUN}|{_VERB}"
    rf"|zur welt|to the world"
    r"|vu le jour|ter wereld|al mondo|al mundo|auf die welt)(?!\w)"
)
_LATEST_BIRTH_YEAR = 2018
"""Later years are those in which the reviewed things were bought; measured on no one, set by the age of the data."""
_BEFORE_BIRTH = (
    rf"(?i)(?<![\d./-]){_DATE}\s?(?:\(?\s?(?:in \w+ )?(?:geboren|geb\.|geboortedatum|date of birth|dob|fecha de "
    rf"nacimiento"
    r"|data di nascita|date de naissance|birth ?date|geburtsdatum|mein geburtstag|my birthday)\b)"
)
_NOT_A_PERSON = re.compile(
    r"(?i)\b(?:author|writer|singer|composer|poet|actor|character|hero|king|queen|autor(?:in)?"
    r"|schriftsteller(?:in)?|dichter"
    r"|sänger(?:in)?|komponist|held(?:in)?|könig(?:in)?|auteure?|autrice|écrivain|chanteur|chanteuse|roi|reine"
    r"|autora|escritora?"
    r"|cantante|rey|reina|autore|scrittore|scrittrice|re|regina|schrijver|schrijfster|zanger(?:es)?|koning(?:in)?"
    r"|marke|brand"
    r"|firma|company|marque|marca|merk)\b[^.!?]{0,40}\Z"
)


def _is_birthdate(match: re.Match[str]) -> bool:
    """Not an author's and not a brand's."""
    return not _NOT_A_PERSON.search(match.string[max(0, match.start() - 60) : match.start()])


def _is_old_birthdate(match: re.Match[str]) -> bool:
    """Words stand between: a year in which people were born, not one in which a present was bought."""
    last = re.search(r"\d+\Z", match.group("pii"))
    year = int(last[0]) if last is not None else 0
    if 31 < year < 100:
        year += 1900
    gap = match.groupdict().get("gap")
    between = gap if gap is not None else match.string[match.start() : match.start("pii")]
    close = len(between.split()) <= (1 if gap is not None else 4) and not re.search(
        r"(?i)birthday|bday|geburtstag|annivers|cumple|complean|verjaar|jarig", match.group()
    )
    close = close or bool(
        re.search(r"(?i)\b(?:born|geboren|née?s?|nacid[oa]s?|nat[oa])\b", match.group()) and len(between.split()) <= 8
    )
    return (close or year <= _LATEST_BIRTH_YEAR) and _is_birthdate(match)


def _is_long_ago(match: re.Match[str]) -> bool:
    """A full date of a year in which nobody bought what is reviewed, with none of the words for that near."""
    year = re.search(r"(?:19|20)\d\d", match.group("pii"))
    if year is None or not 1905 <= int(year[0]) <= _LATEST_BARE_YEAR:
        return False
    before, after = match.string[max(0, match.start() - 60) : match.start()], match.string[match.end() :][:30]
    near = f"{before} … {after}"
    if is_story(match.string) and KIN_WORDS.isdisjoint(re.findall(r"[^\W\d_]+", before[-25:].lower())):
        return False
    return not _NOT_BORN.search(near) and _is_birthdate(match)


_OLD_YEAR = re.compile(r"(?<!\d)(?:19[0-9]\d|200[0-4])(?!\d)")
_SOMEWHERE_WORDS = words.word_set(
    "birthday bday born geb geboren né née nés nées nacido nacida nací nació nato nata nacque geburtstag anniversaire "
    "cumpleaños cumple cumplió cumplía compleanno compie compirà verjaardag jarig bin sono soy suis "
    "ben welt came vu wereld"
)
_NOUN_WORDS = words.word_set(
    "birth birthdate birthdates dob d geburtsdatum geburtsdaten geb naissance né née nacimiento nac nascita "
    "geboortedatum geboortedata geboortedag geburtstagsdatum jg jahrgang classe quinta dat fecha date data"
)
_BORN_BEFORE = (_SOMEWHERE_WORDS | _NOUN_WORDS | words.word_set("welt world jour wereld mondo mundo")) - {"d"}
_BIRTH_WORDS = words.word_set(
    "birthdate birthdates birthday birthdays dob d born geboren geb geburtstag geburtsdatum geburtsdaten née né nacido"
    " nacida nací nacque cumpleaños nato nata compleanno verjaardag jarig anniversaire birth naissance nacimiento"
    " nascita geboortedatum"
)


def birthdate_recognizers() -> list[Gated]:
    """Recognisers of birthdates that the text calls so."""

    def numbered(signs: Signs) -> bool:
        return signs.has_digit

    return [
        gated("birthdate", _AFTER_BIRTH, _is_birthdate, numbered, words=_BIRTH_WORDS, back=12, ahead=digit_within(60)),
        gated(
            "birthdate",
            _NOUN_SOMEWHERE,
            _is_birthdate,
            numbered,
            words=_NOUN_WORDS,
            back=12,
            ahead=digit_within(100),
        ),
        gated(
            "birthdate",
            _VERB_SOMEWHERE,
            _is_old_birthdate,
            numbered,
            words=_SOMEWHERE_WORDS,
            ahead=digit_within(80),
        ),
        gated(
            "birthdate",
            _YEAR_FIRST,
            _is_birthdate,
            numbered,
            words=words.word_set("jahrgang jg classe quinta promo born né née geboren nato nata nacido nacida"),
        ),
        gated(
            "birthdate", _OLD, _is_long_ago, lambda signs: signs.has_digit and _OLD_YEAR.search(signs.text) is not None
        ),
        gated("birthdate", _YEAR_AND_DATE, _is_birthdate, numbered, words=words.word_set("jg jahrgang classe quinta")),
        gated("birthdate", _SOMEWHERE_BEFORE, _is_old_birthdate, numbered, words=_BORN_BEFORE, back=75),
        gated("birthdate", _BEFORE_BIRTH, _is_birthdate, numbered, words=_BIRTH_WORDS, back=50),
    ]
