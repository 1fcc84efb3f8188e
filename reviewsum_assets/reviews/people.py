"""Recognisers of street addresses and of private people's names, for six countries in every language.

Names are redacted only where the sentence shows a private person: a greeting, a signature, thanks to someone at the
shop, someone who introduces himself, a member of the family. Authors, characters and brands stay: they are what book
and product reviews are about, and no list tells `Morgan` the author from Morgan the courier.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reviewsum_assets.reviews import personal_words as words
from reviewsum_assets.reviews.recognition import Gated, PatternWithContext, Signs, spelled

# Street addresses

_CAPITAL = r"[A-ZÄÖÜÀ-ÖØ-Þ]"
_WORD = rf"{_CAPITAL}[\w'’ß-]+"
_HOUSE = (
    r"\d{1,4}(?:\s?[a-hA-H](?!\w)|\s?(?:bis|ter)\b|-\d{1,4})?(?![\d.,]*\d|\s?(?:%|€|\$|£|mal\b|times\b"
    r"|giorni\b))"
)
_PLACE = (
    rf"(?:\s?[,;–\n-]?\s?(?:(?:D|A|CH|F|E|I|NL|B)-)?(?:\d{{5}}|\d{{4}} ?[A-Z]{{2}}|\d{{4}})\s+{_WORD}(?:["
    rf" -]{_WORD}){{0,3}})"
)

_FRENCH_STREET = (
    r"(?i:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|allée|quai|route|cours|square|passage|faubourg)"
)
_ITALIAN_STREET = r"(?i:viale|piazzale|piazza|corso|vicolo|largo|lungomare|via)"
_SPANISH_STREET = (
    r"(?:\b(?i:calle|avenida|avda\.?|plaza|paseo|carrer|camino|ronda|travesía|carretera)|\b[Cc]/|\bAv\.|\bC\.|\bPº)"
)
_ENGLISH_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Close|Crescent|Terrace|Square"
    r"|Gardens|Grove|Mews)"
)
_GERMAN_COMPOUND = (
    rf"(?P<pii>(?:{_CAPITAL}[\w'’ß.-]+\s)?{_CAPITAL}[\wß-]{{2,30}}"
    rf"(?:stra(?:ß|ss)e|str\.|weg|allee|platz|gasse|damm|ufer|chaussee|promenade|stieg|steig|graben"
    rf"|markt)\s{_HOUSE}{_PLACE}?)"
)
_GERMAN_SEPARATE = (
    rf"(?P<pii>\b(?:{_WORD}[ -]){{1,3}}(?:Stra(?:ß|ss)e|Str\.|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer"
    rf"|Chaussee)\s{_HOUSE}{_PLACE}?)"
)
_GERMAN_AT = rf"(?P<pii>\b(?:Am|An der|Auf der|Auf dem|Im|Zum|Zur|Unter den)\s{_WORD}\s{_HOUSE}{_PLACE})"
_DUTCH = (
    rf"(?P<pii>(?:\b{_WORD}\s){{0,2}}\b{_CAPITAL}[\w'’-]{{2,30}}"
    rf"(?:straat|laan|weg|plein|gracht|kade|dijk|singel|steeg|dreef)\s{_HOUSE}{_PLACE}?)"
)
_FRENCH = (
    rf"(?P<pii>\b\d{{1,4}}(?:\s?(?:bis|ter|[a-c]))?,?\s{_FRENCH_STREET}"
    r"\s(?:(?:de la|de l['’]|de|du|des|le|la|les|d['’]|l['’])\s?)?"
    rf"(?:{_WORD}|\d{{1,2}}\s[\w]+)(?:[ -](?:(?:de|du|des|la|le)\s)?{_WORD}){{0,4}}{_PLACE}?)"
)
_ITALIAN = (
    rf"(?P<pii>\b{_ITALIAN_STREET}\s"
    rf"(?!Amazon|Ebay|eBay|Mail|Internet|Bluetooth|Usb|USB|Wifi|WiFi|Wi-Fi|App|Email|Corriere|Libera)"
    rf"(?:(?:d(?:el|ella|ei|egli|elle|ell['’]|i|a)\s?)?{_WORD})(?:\s(?:(?:d(?:el|ella|ei|i)\s)?{_WORD})){{0,3}}"
    rf",?\s(?:n[°.]?\s?)?{_HOUSE}{_PLACE}?)"
)
_SPANISH = (
    rf"(?P<pii>{_SPANISH_STREET}\s?"
    r"(?:(?:de la|de los|de las|del|de|la|el)\s)?"
    rf"{_WORD}(?:\s(?:(?:de la|del|de|y)\s)?{_WORD}){{0,3}},?\s(?:n[úu]?m?[º°o.]*\s?)?{_HOUSE}"
    rf"(?:,?\s\d{{1,2}}[º°]\s?\w{{1,4}}\b)?{_PLACE}?)"
)
_ENGLISH = (
    rf"(?P<pii>\b\d{{1,5}}[a-z]?,?\s(?:(?:North|South|East|West|N\.|S\.|E\.|W\.)\s)?(?:{_CAPITAL}[a-z'’]+\s){{1,3}}"
    rf"{_ENGLISH_STREET}"
    r"\b\.?(?!\s(?:of|for|from)\b)(?:,?\s(?:Apt|Apartment|Flat|Unit|#)\.?\s?\d{1,4}[A-Za-z]?)?"
    rf"(?:,\s{_WORD}(?:\s{_WORD}){{0,2}})?(?:,?\s[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?"
    rf"|,?\s[A-Z]{{1,2}}\d[A-Z\d]?\s\d[A-Z]{{2}})?)"
)
_POSTCODE_BEFORE = (
    r"(?i:postcode|post code|zip code|postleitzahl|plz|code postal|código postal|cap|live in|lives? (?:in|at)"
    r"|wohne in"
    r"|wohnhaft in|habite à|habite au|vivo en|abito a|woon in)"
)
_POSTCODE = (
    rf"{_POSTCODE_BEFORE}\W{{1,4}}(?:is |est |es |è )?"
    rf"(?P<pii>[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}\b|\d{{4}} ?[A-Z]{{2}}\b(?:\s{_WORD})?|\d{{5}}\b(?:\s{_WORD})?)"
)
_NOT_A_STREET = re.compile(
    r"(?i)\b(?:pakweg|onderweg|flash|hard|thumb|usb|pen|disk|test|star|one|two|five|only|umweg|armweg|feldweg"
    r" nr)\s|^(?:umweg|geweg|weg)\s"
    r"|^(?:stapelplatz|arbeitsplatz|speicherplatz|sitzplatz|stellplatz|parkplatz|schlafplatz|bauplatz|steckplatz"
    r"|markt|supermarkt|baumarkt|drogeriemarkt|elektromarkt|mediamarkt|flohmarkt|onderweg|halverwege|snelweg"
    r"|bijsteek)\s"
    r"|jump street|downing street|wall street|sesame street|baker street|charing cross|abbey road|main street|high"
    r" street"
)


def _is_street(match: re.Match[str]) -> bool:
    """Neither a famous address of film and fiction nor a thing that ends like a street (`Steckplatz 2`)."""
    return not _NOT_A_STREET.search(match.group("pii"))


# Names

_NAME_WORD = rf"{_CAPITAL}(?:[\w'’-]*[a-zß-öø-ÿ]|\.)"
_NAME = (
    rf"(?P<pii>{_NAME_WORD}(?:\s(?:(?:van der|van den|van de|van|von|de la|de|di|del|du|le|la"
    rf"|el)\s)?{_NAME_WORD}|\s{_CAPITAL}{{2,}}\b){{0,2}})"
)
_ANY_CASE_NAME = r"(?P<pii>[^\W\d_][\w'’-]+(?:\s[^\W\d_][\w'’-]+){0,2})"
_THANKS = (
    r"(?i:thanks?(?:\s(?:so much|a lot|again|very much|especially))?\s(?:to|go to)|thank you(?:\s(?:so|very)"
    r" much)?,?(?:\sto)?"
    r"|thanks,?|kudos to|shout ?-?out to|big up to|ask(?:ed)? for|spoke (?:to|with)|speak (?:to|with)|talked (?:to"
    r"|with)"
    r"|dealt with|helped by|served by|assisted by"
    r"|(?:vielen |herzlichen |besten |lieben |großen |1000 )?dank(?:e|eschön)?(?:\s(?:auch|nochmals?|noch|vor"
    r" allem|besonders))?"
    r"(?:\s(?:geht )?an)?,?|(?:großes )?(?:lob|kompliment)(?:\sgeht)?\san|gesprochen mit|telefoniert mit|telefonat"
    r" mit"
    r"|(?:un (?:grand|énorme) )?merci(?:\s(?:beaucoup|encore|infiniment|surtout))?(?:\s(?:à|a|au|pour))?,?|bravo à"
    r"|remercie(?:r)?"
    r"|(?:muchas |muchísimas |mil )?gracias(?:\s(?:de nuevo|sobre todo))?(?:\s(?:a|por))?,?|agradecer a|hablé con"
    r"|hable con"
    r"|grazie(?:\s(?:mille|infinite|ancora|di cuore|soprattutto))?(?:\s(?:a|ad|anche a))?,?|ringrazio|ringraziare"
    r"|parlato con"
    r"|(?:hartelijk |heel erg |veel |met )?(?:be)?dankt?(?:jewel|\sje ?wel|\su wel)?(?:\s(?:aan|ook))?,?"
    r"|complimenten (?:aan|voor)"
    r"|gesproken met)\s"
)
_ARTICLES = r"(?:(?:the lovely|the|our|unser(?:en?)?|den|der|die|lieben?|la|el|il|al|alla|de|het)\s)?"
_BY_TITLE = rf"\b(?P<title>{words.TITLE})\s{_NAME}"
_INTRODUCED = (
    r"(?i:my name is|my name['’]s|mein name ist|ich heiß(?:e)?|ich heisse|je m['’]appelle|mon nom est|me llamo|mi"
    r" nombre es"
    r"|mi chiamo|il mio nome è|mijn naam is|ik heet)\s" + _NAME
)
_I_AM = (
    r"\b(?:I am|I['’]m|[Ii]ch bin(?: (?:die|der))?|[Jj]e suis|[Ss]oy|[Ss]ono|[Ii]k ben|[Tt]his is|[Hh]ier ist"
    r"|[Hh]ier schreibt)\s" + _NAME + r"(?P<more>\s(?:from|aus|de|da|uit|and|und|et|y|e|en)\b|,|\.|!)"
)
_SIGNED_WITH = (
    r"(?i:(?:kind |best |warm |many )?regards|best wishes|sincerely|yours (?:truly|sincerely|faithfully)|cheers"
    r"|mit (?:freundlichen|besten|lieben|herzlichen) grüßen|mfg|(?:viele|liebe|beste|herzliche|schöne) grüße|lg|vg"
    r"|gruß|gruss"
    r"|cordialement|bien (?:cordialement|à vous)|amicalement|sincères salutations|bonne journée"
    r"|(?:un |muchos )?(?:cordial )?saludos?|atentamente|un abrazo|(?:cordiali |distinti )?saluti|un saluto"
    r"|cordialmente"
    r"|(?:met )?(?:vriendelijke |hartelijke )?(?:groeten|groetjes|groet)|mvg)"
)
_SIGNED = (
    rf"{_SIGNED_WITH}\b[\s,.!:;–-]{{1,4}}(?P<from>(?i:von |de |da |van |from"
    rf" ))?{_ANY_CASE_NAME}(?=\s*[.!,)]*\s*(?:\n|\Z))"
)
_GREETED_WITH = (
    r"(?i:hi|hello|dear|hey|hallo|lieber?|liebe|guten tag|sehr geehrter?|sehr geehrte|bonjour|chère|cher|salut|hola"
    r"|estimado|estimada|querido|querida|ciao|gentile|caro|cara|beste|lieve|geachte|dag|hoi)"
)
_GREETED = rf"(?:\A|[\n.!?]\s*){_GREETED_WITH}\s(?P<title>(?:{words.TITLE}\s)?){_NAME}(?=\s?[,!.:\n]|\Z|\s[a-z])"
_RELATIVE = rf"\b(?i:{words.FAMILY}),?\s(?:\(\d{{1,2}}\),?\s)?(?P<pii>{_NAME_WORD})"
_SERVICE_NEAR = re.compile(rf"(?i)\b(?:{words.SERVICE})\b")
_ART_NEAR = re.compile(rf"(?i)\b(?:{words.WORK_OF_ART})\b")
_FROM_SERVICE = re.compile(
    r"(?i),?\s+\(?(?:from|of|in|at|vom|von|aus|im|du|de|des|del|da|dal|della|van|uit|bij)\s+"
    rf"(?:\w+\s+){{0,3}}(?:{words.SERVICE})\b"
)


def _first_name(found: str) -> str:
    return found.split()[0].lower().rstrip(".")


def _is_known_first_name(found: str) -> bool:
    first = _first_name(found)
    return any(part in words.FIRST_NAMES for part in (first, first.split("-")[0]))


def _is_someone(found: str) -> bool:
    return all(part.lower().strip(".'’") not in words.NOT_A_NAME for part in found.split())


def _window(match: re.Match[str], before: int, after: int) -> str:
    return match.string[max(0, match.start() - before) : match.end() + after]


def _is_thanked(match: re.Match[str]) -> bool:
    """Someone at the shop, or one first name alone where no book is spoken of: `Thanks to Stephen King` stays."""
    found = match.group("pii")
    if not _is_someone(found):
        return False
    after = match.string[match.end() : match.end() + 60]
    if _FROM_SERVICE.match(after):
        return True
    if _SERVICE_NEAR.search(after):
        return _is_known_first_name(found)
    return _is_known_first_name(found) and " " not in found and not _ART_NEAR.search(_window(match, 120, 120))


def _is_titled(match: re.Match[str]) -> bool:
    """`Frau Huber vom Kundenservice`, yes; `Mr. Darcy` and `Dr. Oetker`, no."""
    found = match.group("pii")
    near = _window(match, 60, 60)
    if not _is_someone(found) or _ART_NEAR.search(near):
        return False
    return bool(_FROM_SERVICE.match(match.string[match.end() : match.end() + 80])) or bool(
        _THANKED_BEFORE.search(match.string[max(0, match.start() - 45) : match.start()])
    )


_THANKED_BEFORE = re.compile(rf"{_THANKS}{_ARTICLES}\Z")


def _is_introduced(match: re.Match[str]) -> bool:
    return _is_someone(match.group("pii")) and not _ART_NEAR.search(_window(match, 60, 30))


def _is_self(match: re.Match[str]) -> bool:
    return _is_someone(match.group("pii")) and _is_known_first_name(match.group("pii"))


def _is_signature(match: re.Match[str]) -> bool:
    """At the end of a line: a known first name in any case, or one to three capitalised words."""
    found = match.group("pii")
    if not _is_someone(found):
        return False
    return _is_known_first_name(found) or (
        not match.group("from") and all(part[:1].isupper() for part in found.split())
    )


def _is_greeted(match: re.Match[str]) -> bool:
    found = match.group("pii")
    if not _is_someone(found):
        return False
    return bool(match.group("title")) or (_is_known_first_name(found) and not _ART_NEAR.search(_window(match, 0, 80)))


def _is_relative(match: re.Match[str]) -> bool:
    return _is_known_first_name(match.group("pii"))


_GERMAN_STREETS = (
    "straße", "strasse", "str", "weg", "allee", "platz", "gasse", "damm", "ufer", "chaussee", "promenade", "stieg",
    "steig", "graben", "markt", "ring",
)  # fmt: skip
_GERMAN_PREPOSITIONS = words.word_set("am an der auf dem im zum zur unter")
_DUTCH_STREETS = ("straat", "laan", "weg", "plein", "gracht", "kade", "dijk", "singel", "steeg", "dreef")
_ROMANCE_STREETS = spelled(_FRENCH_STREET + _ITALIAN_STREET + _SPANISH_STREET)
_ENGLISH_STREETS = spelled(_ENGLISH_STREET)
_POSTCODE_WORDS = spelled(_POSTCODE_BEFORE)
_THANKS_WORDS = words.word_set(
    "thank thanks kudos shout shoutout big ask asked spoke speak talked dealt helped served assisted dank "
    "danke dankeschön lob kompliment gesprochen telefoniert telefonat merci bravo remercie remercier gracias "
    "agradecer hablé hable grazie ringrazio ringraziare parlato bedankt dankjewel complimenten gesproken"
)
_TITLE_WORDS = spelled(words.TITLE)
_INTRODUCTION_WORDS = words.word_set("name nom nombre nome naam heiß heiße heisse appelle llamo chiamo heet")
_SELF_WORDS = words.word_set("i ich je suis soy sono ik this hier")
_SIGNING_WORDS = (
    "regards", "wishes", "sincerely", "yours", "cheers", "grü", "gru", "mfg", "lg", "vg", "mvg", "cordial", "bien",
    "amical", "salut", "journée", "salud", "atentamente", "abrazo", "groet",
)  # fmt: skip
_GREETING_WORDS = spelled(_GREETED_WITH)
_FAMILY_WORDS = spelled(words.FAMILY)


def people_recognizers() -> list[Gated]:
    """Recognisers of addresses and names."""

    def own(
        mark: str, awake: Callable[[Signs], bool], pattern: str, check: Callable[[re.Match[str]], bool] | None
    ) -> Gated:
        return Gated(awake, PatternWithContext(mark, pattern, check), mark)

    def ends(*endings: str) -> Callable[[Signs], bool]:
        return lambda signs: signs.has_digit and any(word.endswith(endings) for word in signs.words)

    def street(known: frozenset[str]) -> Callable[[Signs], bool]:
        return lambda signs: signs.has_digit and signs.any_word(known)

    def said(known: frozenset[str]) -> Callable[[Signs], bool]:
        return lambda signs: signs.any_word(known)

    return [
        own("address", ends(*_GERMAN_STREETS), _GERMAN_COMPOUND, _is_street),
        own("address", ends(*_GERMAN_STREETS), _GERMAN_SEPARATE, _is_street),
        own(
            "address", lambda signs: signs.digits >= 5 and signs.any_word(_GERMAN_PREPOSITIONS), _GERMAN_AT, _is_street
        ),
        own("address", ends(*_DUTCH_STREETS), _DUTCH, _is_street),
        own("address", street(_ROMANCE_STREETS), _FRENCH, _is_street),
        own("address", street(_ROMANCE_STREETS), _ITALIAN, _is_street),
        own("address", street(_ROMANCE_STREETS), _SPANISH, _is_street),
        own("address", street(_ENGLISH_STREETS), _ENGLISH, _is_street),
        own("address", street(_POSTCODE_WORDS), _POSTCODE, None),
        own("name", said(_THANKS_WORDS), rf"\b{_THANKS}{_ARTICLES}{_NAME}", _is_thanked),
        own("name", said(_TITLE_WORDS), _BY_TITLE, _is_titled),
        own("name", said(_INTRODUCTION_WORDS), _INTRODUCED, _is_introduced),
        own("name", said(_SELF_WORDS), _I_AM, _is_self),
        own("name", lambda signs: signs.any_compound(_SIGNING_WORDS), rf"\b{_SIGNED}", _is_signature),
        own("name", said(_GREETING_WORDS), _GREETED, _is_greeted),
        own("name", said(_FAMILY_WORDS), _RELATIVE, _is_relative),
    ]
