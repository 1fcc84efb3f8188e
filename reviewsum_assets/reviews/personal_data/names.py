"""Names of private people where the sentence shows one: greetings, thanks, signatures, introductions, family, staff.

Authors, characters and brands stay: they are what book and product reviews are about, and no list tells `Morgan` the
author from Morgan the courier. So a name alone never counts, only one in a private place; there it has to be a known
first name or a capitalised word that none of the six languages' dictionaries holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import simplemma

from reviewsum_assets.reviews.personal_data import people_words as people
from reviewsum_assets.reviews.personal_data.first_names import FIRST_NAMES
from reviewsum_assets.reviews.personal_data.first_names_by_country import WORDS_TOO
from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.recognition import Ahead, Gated, at_once, capital_within, gated, spelled

LANGUAGES = ("en", "de", "fr", "es", "it", "nl")

CAPITAL = r"[A-ZÀ-ÖØ-ÞĞİŞŁŽŠČĆ]"
NAME_WORD = (
    rf"(?:{CAPITAL}\.(?:[ -]?{CAPITAL}\.)*(?=\s?{CAPITAL})|(?:O['’]|D['’]|Mc"
    rf"|Mac)?{CAPITAL}[\w'’]*(?:-{CAPITAL}[\w'’]*)*(?<!['’]s)(?<!['’])|{CAPITAL}\.)"
)
PARTICLE = (
    r"(?:(?:van der|van den|van de|van 't|van|von der|von|de la|de los|de las|de|di|da|del|della|dos|du|le|la|el"
    r"|al|ten|ter|zu|y)\s)"
)
_PARTICLES = word_set("van der den de von la los las di da del della dos du le el al ten ter zu y and und et e en")
_BIG_PARTICLES = word_set("Van De Le La Di El Du Von Del Della Dos Ten Ter Al Da")
_NAME = rf"(?P<pii>{NAME_WORD}(?:\s{PARTICLE}?{NAME_WORD}){{0,3}})"
_SURNAME = rf"(?P<pii>{PARTICLE}?{NAME_WORD}(?:\s{PARTICLE}?{NAME_WORD}){{0,2}})"
_AND = r"(?:\s?,\s|\s?(?:&|\+|/)\s?|\s(?:and|und|et|y|e|ed|en|sowie|plus|u\.)\s)"
_NAMES = rf"(?P<pii>{NAME_WORD}(?:\s{PARTICLE}?{NAME_WORD})?(?:(?:{_AND}){NAME_WORD}){{0,4}})"
_NAME_OR_WORD = rf"(?P<pii>{NAME_WORD}(?:\s{PARTICLE}?{NAME_WORD}){{0,3}}|[^\W\d_]{{2,}}(?!\w))"
_ANY_CASE_NAME = r"(?P<pii>[^\W\d_][\w'’.-]*(?:\s(?!\s)[^\W\d_][\w'’.-]*){0,3})"


def _parts(found: str) -> list[str]:
    parts = [part for part in re.split(r"[\s,&+/-]+", found) if part]
    while len(parts) > 1 and (parts[0] in _PARTICLES or parts[0] in _BIG_PARTICLES):
        parts = parts[1:]
    return parts


def _first(found: str) -> str:
    return _parts(found)[0].lower().strip(".'’") if _parts(found) else ""


@lru_cache(maxsize=5_000)
def _plain(word: str) -> str:
    """Without accents: `Xoán` is `Xoan`."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


_PLAIN_FIRST_NAMES = frozenset(_plain(name) for name in FIRST_NAMES - WORDS_TOO if len(name) > 3)


def is_first_name(found: str) -> bool:
    """Whether it starts with a known first name."""
    first = _first(found)
    return first in FIRST_NAMES or (not first.isascii() and _plain(first) in _PLAIN_FIRST_NAMES)


def is_someone(found: str) -> bool:
    """Whether no part of it is a shop, a brand, a carrier, a pronoun."""
    parts = [part.lower().strip(".'’") for part in _parts(found)]
    return all(part not in people.NOT_A_NAME for part in (parts[:1] + [p for p in parts[1:] if p not in _PARTICLES]))


@lru_cache(maxsize=20_000)
def is_dictionary_word(word: str, languages: tuple[str, ...] = LANGUAGES) -> bool:
    """Whether a dictionary of one of the languages holds it, in small letters or with a capital."""
    lower = word.lower()
    forms = {lower, lower.capitalize()} if len(word) > 1 else {lower}
    return any(simplemma.is_known(form, language) for form in forms for language in languages)


def is_new_name(found: str, languages: tuple[str, ...] = LANGUAGES) -> bool:
    """A capitalised word that no dictionary holds and that is no known brand: `Tamsin`, `Oluwaseun`, `Süßenguth`."""
    parts = [part.strip(".'’") for part in _parts(found)]
    first = next((part for part in parts if len(part) > 1), "")  # initials say nothing: `O. Blenkinsop`
    inner = re.sub(r"\A(?:Mc|Mac|O['’]|D['’])|-.", "", first)[1:]
    if (
        len(first) < 3
        or inner != inner.lower()
        or not first[:1].isupper()
        or any(character.isdigit() for character in first)
    ):
        return False
    return is_someone(found) and not is_dictionary_word(first, languages)


def is_private_name(found: str) -> bool:
    """Whether it may be a private person's name: a known first name, or a word that no dictionary holds."""
    return is_someone(found) and (is_first_name(found) or is_new_name(found))


_ART_NEAR = re.compile(rf"(?i)(?<!\w)(?:{people.WORK_OF_ART})(?!\w)")
_SERVICE_NEAR = re.compile(rf"(?i)(?<!\w)(?:{people.SERVICE})(?!\w)")
_FROM_SERVICE = re.compile(
    r"(?i),?\s+\(?(?:from|of|in|at|on|for|vom|von|von der|aus|im|am|an der|beim|du|de|des|del|de la|da|dal|della"
    r"|dello|al|alla|au|à|van|uit|bij|bij de|en|the|der)\s+"
    rf"(?:\w+\s+){{0,3}}(?:{people.SERVICE})(?!\w)"
)


def _near(match: re.Match[str], before: int, after: int) -> str:
    """What stands around a name, without it."""
    start, end = match.span("pii")
    return match.string[max(0, start - before) : start] + " … " + match.string[end : end + after]


def speaks_of_art(match: re.Match[str], before: int = 120, after: int = 120) -> bool:
    return _ART_NEAR.search(_near(match, before, after)) is not None


def tells_a_story(text: str) -> bool:
    """Whether a review is about a book or a film: people in it are characters unless a shop is near them."""
    return people.is_story(text)


def _title_cased(match: re.Match[str]) -> bool:
    """A headline in capitals: `My Wife Loves It`, `MY SON LOVES IT` show no name."""
    line = match.group()[: match.start("pii") - match.start()]
    if line.lower().startswith(("mein", "unser")):
        return False
    words = re.findall(r"[^\W\d_]{3,}", line)
    return len(words) > 1 and all(word[0].isupper() for word in words)


# Thanks

_THANKS = (
    r"(?i:(?<!no )thanks?(?:\s(?:so much|a lot|a million|a bunch|again|very much|especially|also|goes?|must go|are "
    r"due))*(?:\s(?:goes? )?to)|thank you(?:\s(?:so|very)"
    r" much)?(?:\sagain)?,?(?:\sto)?|many thanks,?(?:\sto)?|thanks,?|cheers,?(?:\sto)?|kudos to|shout "
    r"?-?outs?(?:\sgoes)? to|hats off to|props to|credit to|big up to|well done,?|praise for|grateful to"
    r"|(?:vielen |herzlichen |besten |lieben |großen |tausend |1000 |ganz |riesen)*(?:lieben )?dank(?:e|eschön|e "
    r"schön)?(?:\s(?:auch|nochmals?|noch|noch mal|noch einmal|vor"
    r" allem|besonders|sehr|geht))*(?:\s(?:an|dem|der))?,?|danken?|(?:ein )?(?:großes |dickes |extra )?(?:lob"
    r"|kompliment|dankeschön)(?:\sgeht)?(?:\sauch)?\san|hut ab vor"
    r"|(?:un (?:grand|énorme|immense) |mille |tous mes )?(?:merci|mercis|remerciements)(?:\s(?:beaucoup|encore"
    r"|infiniment|surtout|mille fois))*(?:\s(?:à|a|au|aux|pour))?,?|(?:un grand )?bravo(?:\s(?:à|pour))?,?"
    r"|remercie(?:r|ments)?(?:\s(?:vivement|beaucoup|particulièrement|aussi|également))?(?:\sà)?|chapeau à"
    r"|(?:muchas |muchísimas |mil |infinitas )?gracias(?:\s(?:de nuevo|sobre todo|otra vez|especiales))*(?:\s(?:a"
    r"|por))?,?|agradecer(?:le)?(?:\smucho)?\sa|agradezco a|agradecido (?:a|con)|enhorabuena a|felicidades a"
    r"|(?:tante |mille |molte )?grazie(?:\s(?:mille|infinite|ancora|di cuore|soprattutto|tante|davvero))*(?:\s(?:a"
    r"|ad|anche a))?,?|ringrazio|ringraziare|ringraziamento (?:a|ad)|complimenti (?:a|ad)|un plauso a"
    r"|(?:hartelijk |heel erg |veel |met |heel veel |super )?(?:be)?dankt?(?:jewel|\sje ?wel|\su wel)?(?:\s(?:aan"
    r"|ook|nogmaals|gaat naar))*,?|complimenten (?:aan|voor)|(?:een )?pluim voor|hulde aan)\s"
)
_TALKED = (
    r"(?i:ask(?:ed)? for|sp(?:oke|eak|oken|eaking) (?:to|with)|talk(?:ed|ing)? (?:to|with)|chatted (?:to|with)"
    r"|(?:on the )?chat with|dealt with|helped by|served by|assisted by|emailed|mailed with|contact person is|in "
    r"contact with"
    r"|call with|conversation with|was put through to|signed by|addressed to|in the name of|made out to|delivered "
    r"to|handed to|belongs to"
    r"|gesprochen mit|sprach mit|telefoniert mit|telefonierte mit|telefonat mit|gespräch mit|geschrieben mit"
    r"|kontakt mit|beraten von|bedient von|betreut von|geholfen hat|chat mit|schrieb mir|adressiert an|auf den "
    r"namen|ausgestellt auf|übergeben an|verlangen sie|fragt nach"
    r"|parlé (?:à|avec)|discuté avec|échangé avec|eu affaire à|demandez|demander|conseillée? par|servie? par"
    r"|aidée? par|reçue? par|au nom de|adressée? à|contact avec|remis à|accueillie? par"
    r"|habl(?:é|e|ado|amos) con|atendió|atendid[oa] por|contacté con|preguntad? por|a nombre de|dirigido a"
    r"|conversación con|ayudad[oa] por|trató con|entregado a"
    r"|parlato con|parlare con|sentito|chiedete di|chiedere di|servit[oa] da|aiutat[oa] da|seguit[oa] da"
    r"|intestat[oa] a|a nome di|indirizzato a|contatto con|assistit[oa] da|consegnato a|rispost[oa] da|chattato "
    r"con"
    r"|gesproken met|sprak met|spraken met|belde met|sprak ik met|hablando con|parlando con|en parlant avec|gebeld "
    r"met|contact met|gesprek met|geholpen door|vraag naar|op naam van|geadresseerd aan"
    r"|gemaild met|gechat met|te woord gestaan door)\s"
)
_ARTICLES = (
    r"(?:(?i:the|our|my|a|lovely|nice|very|kind|helpful|friendly|great|unser(?:e[nmr]?)?|den|der|die|dem|einen?r?"
    r"|netten?|lieben?|freundlichen?|la|el|il|lo|al|alla|de|het|un|une|una|le|l['’]|notre"
    r"|gentil|gentille|gentile|simpatica?|amable|vriendelijke|aardige|jullie|team|member|agent|advisor|colleague"
    r"|miss|mister|sr\.|sra\.|certain|certo|tal|ene)\s){0,3}"
)
_BY_TITLE = rf"(?<![\w-])(?P<title>{people.TITLE})\s(?:(?:Dr|Prof|Dott|Ing|Mag|Dra)\.?\s)?{_SURNAME}"


def _is_thanked(match: re.Match[str]) -> bool:
    """Someone at the shop, or one first name alone where no book is spoken of: `Thanks to Stephen King` stays."""
    found = match.group("pii")
    if not is_someone(found):
        return False
    after = match.string[match.end("pii") : match.end("pii") + 70]
    if _FROM_SERVICE.match(after):
        return is_first_name(found) or is_new_name(found) or " " in found
    if _SERVICE_NEAR.search(after):
        return is_private_name(found)
    alone = len(found.split()) == 1 or re.search(_AND, found)
    if alone and re.match(r"(?i),\s(?:you|du|tu|jij|je|u|sei|eres|hai|has)\s", after) and is_new_name(found):
        return True
    return bool(alone) and is_first_name(found) and not speaks_of_art(match)


def _is_talked_to(match: re.Match[str]) -> bool:
    """No one speaks with an author on the phone; characters do all day."""
    found = match.group("pii")
    mailed = match.group().lower().startswith(("email", "mail"))
    if not (is_first_name(found) and is_someone(found)) and (mailed or not is_new_name(found)):
        return False
    return _is_helped(match) or not tells_a_story(match.string)


def _is_helped(match: re.Match[str]) -> bool:
    """Whether a shop's service is spoken of beside the name."""
    return _SERVICE_NEAR.search(_near(match, 60, 60)) is not None and not speaks_of_art(match, 60, 60)


def _is_titled(match: re.Match[str]) -> bool:
    """`Frau Huber vom Kundenservice`, yes; `Mr. Darcy`, `Dr. Oetker`, `Eine Frau Mitte 40`, no."""
    found, title = match.group("pii"), match.group("title").rstrip(".").lower()
    after = match.string[match.end("pii") : match.end("pii") + 80]
    before = match.string[max(0, match.start() - 60) : match.start()]
    last = _parts(found)[-1].lower().strip(".'’")
    if not is_someone(found) or last in people.TITLED_BRANDS or _first(found) in people.TITLED_BRANDS:
        return False
    plausible = is_first_name(found) or is_new_name(found)
    if not plausible and not _is_surname_place(before, after):
        return False
    if _FROM_SERVICE.match(after) or _THANKED_BEFORE.search(before) or _GREETED_BEFORE.search(before):
        return not _ART_NEAR.search(_near(match, 40, 20)) or bool(_FROM_SERVICE.match(after))
    if tells_a_story(match.string):  # characters telephone and have neighbours too
        return False
    owned = re.match(r"['’]s\s", after) is not None  # `Mrs Beeton's cookbook`
    if owned or title in {"don", "doña"} or not _is_spoken_of(before, after):
        near = _near(match, 80, 80)
        return bool(_SERVICE_NEAR.search(near) or _AROUND_HOME.search(near)) and plausible
    if title in people.DOCTORS:
        return (
            plausible
            and re.search(r"(?i)\b(?:le|la|el|il|mon|ma|mi|my|our|notre|unser|mein|mijn|onze|de|der|die)\s\Z", before)
            is not None
        )
    if title in people.LOOSE_TITLES or found.isupper():
        return bool(_SERVICE_NEAR.search(_near(match, 60, 60))) and (is_first_name(found) or is_new_name(found))
    return True


_SPOKE_AFTER = re.compile(
    r"(?i)\s(?:was|were|who|rang|called|told|said|helped|refused|answered|replied|from|in|at|on|hat|war|ist|konnte"
    r"|wollte|hatte|half|sagte|meinte|antwortete|rief|kam|vom|von|aus|an der|am|im"
    r"|a|est|était|m['’]a|nous|qui|du|de|me|nos|fue|es|era|que|del|mi|ci|ha|è|che|della|dal|al|was|heeft|is|had"
    r"|hielp|zei|van|uit|bij|belde|die)\b"
)


def _is_surname_place(before: str, after: str) -> bool:
    """A title and a word that dictionaries hold (`Frau Schneider`, `Mr Baker`): someone who did or said something."""
    return (
        bool(_SPOKE_AFTER.match(after) or re.match(r"\s*[,.!)\n]|\s*\Z", after))
        and not re.search(
            r"(?i)\b(?:eine|einer|meine|deine|seine|ihre|die|ein|mein|a|the|un|une|una|uno|een|de|le|la|el|il)\s\Z",
            before,
        )
    ) or bool(
        re.search(r"(?i)\b(?:la|il|el|le|der|die|mit|von|an|bei|avec|con|met|with|to|by|à|a|da)\s\Z", before)
        and _SPOKE_AFTER.match(after)
    )


_AROUND_HOME = re.compile(
    r"(?i)(?<!\w)(?:neighbou?rs?|next door|door|bell|doctor|surgery|practice|teacher|landlord|nachbar\w*|nebenan"
    r"|klingel\w*"
    r"|praxis|arzt|ärztin|lehrer\w*|vermieter\w*|voisine?s?|sonne[rz]|porte|médecin|cabinet|maîtresse|gardienne?"
    r"|vecin[oa]s?|puerta|timbre|médic[oa]|consulta|profesora?|porter[oa]|vicin[oi]|vicina|citofon\w*|medico"
    r"|floor|stock|étage|piso|piano|verdieping|signed|firm\w+|signé|unterschr\w+|getekend"
    r"|dottoress?a?|maestra|portinaia|portiere|buren|buurman|buurvrouw|aanbellen|huisarts|juf|meester|praktijk)(?!\w)"
)
_BY_SOMEONE = re.compile(
    r"(?i)(?<!\w)(?:by|with|to|from|ask(?:ed)? for|spoke|von|vom|mit|bei|an|durch|zu|par|avec|à|chez|demande[rz]"
    r"|eu|con|por"
    r"|da|dal|dalla|a|al|alla|met|door|bij|aan|naar|unser\w*|nette\w?|freundliche\w?)"
    r"\s(?:(?:the|a|der|die|dem|einem|einer|la|le|el|il|lo|lovely|nette[nr]?|kind|gentille?|simpatic[oa]|vriendelijke)"
    r"\s){0,2}\Z"
)


_DOES_AFTER = re.compile(
    r"(?i)\s(?:was|were|who|rang|called|told|said|helped|refused|answered|replied|came|took|has|had|phoned|hat"
    r"|war|konnte|wollte"
    r"|hatte|half|sagte|meinte|antwortete|rief|kam|nahm|a|était|m['’]a(?:vait)?|nous|l['’]a|qui|me|nos|lo|la|fue"
    r"|era|que|mi|ci|ha"
    r"|aveva|che|heeft|hielp|zei|belde|die|kwam|nam)\b"
    r"|\s(?:is|ist|est|es|è)\s(?:so|very|really|lovely|kind|helpful|great|sehr|super|echt|total|nett|freundlich"
    r"|toll|très|vraiment"
    r"|gentille?|adorable|muy|un sol|un encanto|amable|molto|gentil\w+|bravissim\w+|heel|erg|zo|vriendelijk|aardig)\b"
)


_AT_WORK = re.compile(
    r"(?i)\s(?:am|an der|vom|von der|im|in der|aus der|aan de|van de|bij de|at the|on the|du|de la|del|della|al|alla)\s"
    r"[\w-]*(?:telefon|hotline|service|abteilung|theke|kasse|zentrale|schalter|beratung|team|support|telefoon"
    r"|lijn|balie|desk|counter)\b"
)


def _is_spoken_of(before: str, after: str) -> bool:
    """Whether someone with a title does or says something, has something done, or stands alone in the sentence."""
    if _DOES_AFTER.match(after) or _AT_WORK.match(after) or _BY_SOMEONE.search(before):
        return True
    return re.match(r"\s*[,.!?)\n]|\s*\Z", after) is not None


_THANKED_BEFORE = re.compile(rf"(?:{_THANKS}|{_TALKED}){_ARTICLES}\Z")

# Introductions

_INTRODUCED = (
    r"(?i:my (?:full )?name is|my name['’]s|name['’]?s|the name is|they call me|mein name ist|mein name lautet|ich "
    r"heiß(?:e)?|ich heisse|man nennt mich|je m['’]appelle|je me nomme|mon nom est|mon prénom est|moi c['’]est|me "
    r"llamo|mi nombre es"
    r"|mi chiamo|il mio nome è|mijn naam is|ik heet)\s" + _NAME_OR_WORD
)
_FIELD = (
    r"(?<!\w)(?i:name|full name|nom|prénom|nombre|nome|naam|empfänger(?:in)?|recipient|destinataire|destinatario"
    r"|ontvanger|ansprechpartner(?:in)?|kontakt|contact|c/o|z\.\s?hd\.?|attn\.?|sachbearbeiter(?:in)?|ship to"
    r"|kundin|client|customer|unterschrift|signed|gezeichnet|gez\.|firmado|firmato|signé|getekend|account holder"
    r"|kontoinhaber(?:in)?|titulaire|titular|intestatario)(?:\s?:\s?|(?<=c/o)\s|(?<=hd\.)\s|(?<=gez\.)\s"
    r"|(?<=igned)\s)" + _NAME
)
_I_AM = (
    r"(?<!\w)(?:I am|I['’]m|[Ii]ch bin(?: (?:die|der))?|[Jj]e suis|[Ss]oy|[Ss]ono|[Ii]k ben|[Tt]his is|[Ii]t['’]s"
    r"|[Hh]ier ist|[Hh]ier schreibt|[Hh]ier spricht|[Qq]ui è|[Aa]quí|[Ii]ci|[Dd]it is|[Hh]ier|[Mm]oi,?|[Ii]o sono"
    r"|[Yy]o soy|[Qq]ui)\s"
    + _NAME
    + r"(?P<more>\s(?:from|aus|de|da|uit|di|vom|and|und|et|y|e|en|here|again|wieder|\()\b|\s?,|\s?\.|\s?!|\s?\(|\Z|\s-)"
)
_HERE = (
    rf"(?P<pii>{NAME_WORD}(?:\s{NAME_WORD})?)\s(?:here|hier|ici|aquí|qui)(?=\s?[,.!:\n-]|\Z|\s(?:from|aus|again"
    rf"|wieder|de|da|uit|with))"
)


def _is_introduced(match: re.Match[str]) -> bool:
    found = match.group("pii")
    return is_private_name(found) and not _ART_NEAR.search(_near(match, 60, 20)) and _speaks_for_himself(match)


def _speaks_for_himself(match: re.Match[str]) -> bool:
    """Not a machine's or a pet's name (`my name is Alexa`, `Hi, my name is Barbie`)."""
    return not re.search(
        r"(?i)\b(?:says|sagt|dit|dice|zegt|doll|puppe|poupée|muñeca|bambola|pop|song|called)\b", _near(match, 40, 5)
    )


def _is_self(match: re.Match[str]) -> bool:
    found, more = match.group("pii"), match.group("more").strip().lower()
    if not is_someone(found) or speaks_of_art(match, 40, 20) or (found.isupper() and len(found) > 3):
        return False
    if " " not in found and _first(found) in WORDS_TOO:
        return more in {"from", "aus", "uit"} and _next_is_place(match) and not tells_a_story(match.string)
    if is_first_name(found):
        opener = match.group()[: match.start("pii") - match.start()].strip().lower()
        if opener in {"aquí", "ici", "hier", "qui", "it's", "it’s", "this is"}:
            return more not in {"de", "da", "di", "y", "e", "et", "en"}
        return more not in {"de", "da", "di"} or _next_is_place(match)
    return (
        more in {"from", "aus", "de", "uit", "da", "di", "here"}
        and not tells_a_story(match.string)
        and is_new_name(found)
        and _next_is_place(match)
    )


def _next_is_place(match: re.Match[str]) -> bool:
    return bool(re.match(r"\s[A-ZÀ-Þ]", match.string[match.end() : match.end() + 2]))


def _is_here(match: re.Match[str]) -> bool:
    return is_first_name(match.group("pii")) and is_someone(match.group("pii")) and _opens(match)


def _opens(match: re.Match[str]) -> bool:
    """Whether a match stands at the start of a sentence, or after `Hi,`."""
    before = match.string[: match.start()].rstrip(' \t"“„(')
    return not before or before[-1] in "\n.!?:,;" or re.search(r"(?i)\b(?:hi|hello|hallo|hey)\Z", before) is not None


def _is_in_field(match: re.Match[str]) -> bool:
    found = match.group("pii")
    return is_someone(found) and is_first_name(found) and not tells_a_story(match.string)


# Signatures

_SIGNED_WITH = (
    r"(?i:(?:kind(?:est)? |best |warm(?:est)? |many |with )*regards|(?:best|warm|kind) wishes|sincerely|yours(?: "
    r"(?:truly|sincerely|faithfully))?|all the best|take care|cheers(?: from)?|best|respectfully|happy customer"
    r"|mit (?:freundlichen|besten|lieben|herzlichen|sonnigen|freundlichem) gr(?:ü|ue)(?:ß|ss)(?:en)?|mfg|mit "
    r"freundl\. gr(?:ü|ue)ßen|(?:viele|liebe|beste|herzliche|schöne|freundliche|sonnige|ganz liebe) gr(?:ü|ue)(?:ß"
    r"|ss)e(?: aus \w+| von)?|lg|vg|bg|glg|gr(?:ü|ue)(?:ß|ss)e?(?: aus \w+)?|(?:lieben |schönen |besten "
    r"|herzlichen )?gru(?:ß|ss)|hochachtungsvoll|tschüss|servus|alles gute|ihre?|eure?"
    r"|cordialement|(?:bien|très) (?:cordialement|à vous)|amicalement|sincères salutations|salutations(?: "
    r"distinguées)?|bonne journée|bonne soirée|bises|bisous|à bientôt|respectueusement|cdlt|cdt|crdt"
    r"|(?:un |muchos |mis )?(?:cordial(?:es)? |afectuosos? )?saludos?(?: cordiales)?(?: desde \w+)?|atentamente"
    r"|atte\.?|un (?:fuerte )?abrazo|abrazos|besos|fdo\.?|firmado|(?:cordiali |distinti |cari )?saluti(?: da \w+)?"
    r"|un (?:caro |cordiale )?saluto|un abbraccio|baci"
    r"|i\.\s?a\.|i\.\s?v\.|p\.\s?p\.|cordialmente|in fede|(?:met )?(?:vriendelijke |hartelijke |lieve "
    r"|warme )?(?:groeten|groetjes|groet)(?: uit "
    r"\w+| van)?|mvg|hoogachtend|gr\.?|grtz|liefs|kusjes?|xx+|xo(?:xo)?|love(?: from)?|thanks(?: again)?|thank you"
    r"|many thanks|danke|vielen dank|merci|gracias|grazie|bedankt|signed|greetings(?: from \w+)?|ciao)"
)
_STRONG_SIGNING = re.compile(
    r"(?i)(?:\bi\.\s?[av]\.|regards|wishes|sincerely|yours truly|faithfully|all the best|gr(?:ü|ue|u)(?:ß|ss)|mfg"
    r"|mit freundl|gruss"
    r"|hochacht|cordialement|à vous|salutations|amicalement|saludo|atentamente|atte|fdo|firmado|saluti|un saluto"
    r"|in fede"
    r"|cordialmente|groet|mvg|hoogachtend|cdlt|cdt|crdt|respect|abrazo|abbraccio)"
)
_SIGNED = (
    rf"{_SIGNED_WITH}(?!\w)(?P<gap>[\s,.!:;–-]{{1,5}})(?P<from>(?i:von |de |da |van |from |ihre? |euer |eure "
    rf"|deine? |vostr[oa] |jullie |je |your |votre "
    rf"|vuestr[oa] ))?(?:(?:Dr|Prof|Mr|Mrs|Ms|Frau|Herr|Mme|Sr|Sra|Sig|Ing"
    rf"|Dipl\.-Ing)\.?\s)*{_ANY_CASE_NAME}(?=[^\w\n(]*(?:\n|\Z|\())"
)
_LAST_LINE = rf"[\n]\s*[-–—~*]?\s?(?P<pii>{NAME_WORD}(?:\s{PARTICLE}?{NAME_WORD}){{0,2}})\s*[.!]?\s*\Z"
_DASHED = (
    rf"(?:\s[-–—~]{{1,2}}\s?"
    rf"|[.!?]\s*[-–—~]{{1,2}}\s?)(?P<pii>{NAME_WORD}(?:\s{NAME_WORD}){{0,2}})(?:,?\s(?:\(?{CAPITAL}[\w-]+\)?"
    rf"|\d\d))?\s*[.!]?\s*\Z"
)


def _is_signature(match: re.Match[str]) -> bool:
    """At the end of a line: a known first name in any case, or one to three capitalised words."""
    found = re.sub(r"\s[xX]{1,4}\Z", "", match.group("pii"))
    if not is_someone(found):
        return False
    if found != match.group("pii") and found[:1].isupper() and len(found.split()) == 1:  # `cheers Abi xx`
        return is_private_name(found)
    signing = match.group()[: match.start("gap") - match.start()]
    strong = _STRONG_SIGNING.search(signing) is not None
    if not strong and signing.lower() in {"lg", "vg", "bg", "best", "love", "gr", "ihr", "ihre", "eure", "euer"}:
        before = match.string[: match.start()].rstrip(" ")
        if before and before[-1] not in "\n.!?,;)…:" and found.split()[0].lower() not in FIRST_NAMES:
            return False
    if is_first_name(found) and (strong or len(found.split()) <= 2):
        return strong or not speaks_of_art(match, 60, 5)
    capitals = all(part[:1].isupper() or re.fullmatch(PARTICLE.strip(), f"{part} ") for part in found.split())
    if not capitals or match.group("from"):
        return capitals and is_new_name(found)
    if strong:
        return all(part in _PARTICLES or not _is_plain_word(part) for part in found.split())
    alone = len(found.split()) == 1 and found[:1].isupper() and found[1:].islower()
    if alone and signing.lower().startswith("cheers") and match.group("gap").strip():
        return True
    return bool({",", "\n"} & set(match.group("gap"))) and is_new_name(found)


def _is_plain_word(part: str) -> bool:
    return part.lower().strip(".,!") in people.NOT_A_NAME


def _is_last_line(match: re.Match[str]) -> bool:
    found = match.group("pii")
    return is_first_name(found) and is_someone(found) and not speaks_of_art(match, 100, 0)


# Greetings

_GREETED_WITH = (
    r"(?i:hi(?: there)?|hello|dear|hey|hallo|hallöchen|moin|lieber?|liebe|liebes|guten (?:tag|morgen|abend)|grüß "
    r"(?:gott|dich)|servus|werter?|werte|sehr geehrter?|sehr geehrte|bonjour|bonsoir|chère|cher|coucou|salut|hola"
    r"|buenas|buenos días|buenas tardes"
    r"|estimad[oa]|querid[oa]|apreciad[oa]|ciao|salve|buongiorno|buonasera|gentile|gent\.(?:ma|mo)|egregio|caro"
    r"|cara|beste|lieve|geachte|dag|hoi|goedendag|goedemorgen|good (?:morning|afternoon|evening|day))"
)
_GREETED = (
    rf"(?<!\w){_GREETED_WITH},?\s(?P<title>(?:(?:{people.TITLE})\s)?){_NAMES}(?P<end>\s?[,!.:;?\n-]|\Z|\s[a-zà-ÿ])"
)
_GREETED_BEFORE = re.compile(rf"(?:\A|[\n.!?:,]\s*){_GREETED_WITH},?\s\Z")


def _is_greeted(match: re.Match[str]) -> bool:
    found = match.group("pii")
    if not is_someone(found) or not _opens(match) or speaks_of_art(match, 0, 60):
        return False
    if match.group("title"):
        return _first(found) not in people.TITLED_BRANDS
    return is_first_name(found) or (match.group("end").strip() in {",", "!", ":"} and is_new_name(found))


# Relatives, friends, staff

_RELATIVE = (
    rf"(?<!\w)(?i:{people.FAMILY})(?i:,? (?:called|named|namens|nommée?|prénommée?|llamad[oa]|di nome|chiamat[oa]"
    rf"|genaamd))?,?\s(?:\(\d{{1,2}}\),?\s|[\"'“„(])?{_NAMES}"
)
_KINSHIP = (
    r"(?<!\w)(?:[Aa]unt(?:ie|y)?|[Uu]ncle|[Gg]randma|[Gg]randpa|[Gg]rannie|[Gg]ranny|[Nn]an|[Nn]ana|[Tt]ante"
    r"|[Oo]nkel|[Oo]ma|[Oo]pa|[Tt]onton|[Tt]ata|[Mm]amie|[Pp]apy|[Pp]api|[Tt]ía|[Tt]ío|[Aa]buel[oa]|[Nn]onn[oa]"
    r"|[Zz]i[ao]|[Oo]om|[Tt]atie|[Gg]randson|[Gg]randdaughter|[Nn]ephew|[Nn]iece|Enkel(?:in|kind)?|Neffen?|Nichte"
    r"|Patenkind|Sohn|Tochter"
    r"|[Pp]etit-fils|[Pp]etite-fille|[Nn]ièce|[Ff]illeule?|[Nn]iet[oa]|[Ss]obrin[oa]|[Nn]ipot(?:e|ino|ina)"
    r"|[Ff]igli[oa]|[Kk]lein(?:zoon|dochter)"
    r"|[Nn]eefje|[Nn]ichtje|[Zz]oontje|[Dd]ochtertje|[Zz]oon|[Dd]ochter|[Ff]ille|[Ff]ils|[Hh]ij[oa]|[Dd]aughter"
    r"|[Ss]on)\s"
    r"(?P<pii>" + NAME_WORD + r")"
)
_WORKER = (
    rf"(?<!\w)(?i:{people.WORKER})(?P<called>,?\s(?i:called|named|by the name of|namens|mit namen|nommée?"
    rf"|prénommée?|du nom de|llamad[oa]|de nombre|di nome|chiamat[oa]|genaamd|met de naam|name[nd]?)\s|\s?,\s|\s?\("
    rf"|\s[\"“„'])?(?P<space>\s?)(?:(?:Herrn?|Frau|Mr\.?|Mrs\.?|Ms\.?|Mme|M\.)\s)?{_NAME}"
)
_CALLED = (
    r"(?<!\w)(?:(?i:(?:lady|guy|man|woman|girl|boy|chap|bloke|gentleman|person|someone|somebody|colleague|lad"
    r"|fella|dame|mann|frau|mitarbeiter(?:in)?|herr|typ|person|kollege|kollegin|dame|monsieur|femme|homme|personne"
    r"|gars|fille|señor|señora|chic[oa]|persona|hombre|mujer|signore?|signora|ragazz[oa]|tizi[oa]|persona|man"
    r"|vrouw|meisje|jongen|heer|mevrouw|iemand)"
    r",? (?:called|named|by the name of|with the name|namens|mit namen|mit dem namen|nommée?|prénommée?|du nom de"
    r"|qui s['’]appelle|llamad[oa]|de nombre|que se llama|di nome|chiamat[oa]|che si chiama|genaamd|met de naam))"
    r"|(?i:un(?:e)? certaine?|un tal|una tal|un cert[oa]|una certa|un tale|tal|ene|een zekere|ein gewisser|eine "
    r"gewisse|einem gewissen|einer gewissen|a certain))\s" + _NAME
)
_BY_TRADE = (
    rf"(?<![\w'’-])(?P<pii>{NAME_WORD}),?\s\(?(?:the|our|der|die|unser|unsere|le|la|l['’]|notre|el|nuestro|il|lo"
    rf"|nostro"
    rf"|de|onze)\s?(?i:{people.WORKER})(?!\w)"
)
_IS_CALLED = (
    r"(?<!\w)(?i:was called|is called|(?:he|she|who)['’]s called|goes by|go by|went by|name (?:was|is)"
    r"|hieß|heißt|s['’]appelle|s['’]appelait|se llama|se llamaba|si "
    r"chiama"
    rf"|si chiamava|heet|heette)\s{_NAME}"
)
_BY_SERVICE = (
    rf"(?<![\w'’-])(?P<pii>{NAME_WORD}(?:\s{PARTICLE}?{NAME_WORD})?)(?P<rest>,?\s\(?(?:from|at|on|in|vom|von der"
    rf"|von|im|aus dem|aus der|an der|am|du|de la|de l['’]|del|dal|della|dello|van de|van|bij de|van het|uit de|de"
    rf"|di|der|the)\s(?:\w+\s){{0,2}}(?i:{people.SERVICE_DESK})(?!\w))"
)


_MINE = {
    "my": "en", "our": "en", "mon": "fr", "ma": "fr", "mes": "fr", "notre": "fr", "nos": "fr", "mi": "es", "mis": "es",
    "nuestro": "es", "nuestra": "es", "mijn": "nl", "onze": "nl", "ons": "nl", "mio": "it", "mia": "it", "miei": "it",
}  # fmt: skip
"""Language of a possessive: there only its own dictionary tells names from words."""


def _is_relative(match: re.Match[str]) -> bool:
    found = match.group("pii")
    if _title_cased(match) or re.match(r"['’]s\s", match.string[match.end("pii") :][:3]):
        return False
    own = _MINE.get(re.split(r"\s", match.group().lower(), maxsplit=1)[0])
    if is_private_name(found) or is_new_name(found, (own,) if own else LANGUAGES):
        return True
    # `My sister-in-law Journey has one`: English gives words as names, and writes no other with a capital there.
    after = match.string[match.end("pii") : match.end("pii") + 12]
    titled = found[:1].isupper() and found[1:].islower() and len(found) > 2
    return (
        own == "en" and titled and not found.endswith("ly") and is_someone(found) and _KIN_DOES.match(after) is not None
    )


_KIN_DOES = re.compile(
    r"(?i)\s(?:is|has|had|was|loves?|loved|who|uses?|wears?|wants?|wanted|got|likes?|says|said|and)\s"
)


def _is_kin(match: re.Match[str]) -> bool:
    found = match.group("pii")
    if not (is_first_name(found) and is_someone(found)) or re.match(r"['’]s\b", match.string[match.end() :][:2]):
        return False
    if tells_a_story(match.string):
        return False
    # `Tante Emma Laden`, `Tía María con hielo`: things are called so too.
    after = match.string[match.end("pii") : match.end("pii") + 30]
    before = match.string[max(0, match.start() - 20) : match.start()]
    return _first(found) not in people.KIN_BRANDS and bool(
        _DOES_AFTER.match(after)
        or re.match(r"\s*[,.!?)\n]|\s*\Z|\s(?:and|und|et|y|e|en)\s", after)
        or _FOR_KIN.search(before)
    )


_FOR_KIN = re.compile(
    r"(?i)\b(?:for|from|to|with|by|my|our|für|von|an|bei|mit|meine?r?|unsere?r?|pour|à|de|avec|chez|ma|mon|notre"
    r"|para|a|con|mi|per|da|di"
    r"|alla|la|il|voor|van|aan|met|bij|mijn|onze)\s\Z"
)
_OUR = re.compile(r"(?i).*\b(?:our|unser\w*|notre|nuestr[oa]|nostr[oa]|onze|mein\w*|my|mon|ma|mi|mijn)\s\Z")


def _is_worker(match: re.Match[str]) -> bool:
    found, called = match.group("pii"), (match.group("called") or "").strip()
    if not (called or match.group("space")) or not is_someone(found) or tells_a_story(match.string):
        return False
    if is_first_name(found):
        return not _title_cased(match)
    if not called and _OUR.match(match.group()[:0] + match.string[max(0, match.start() - 10) : match.start()]):
        return is_new_name(found)
    return bool(called) and is_new_name(found) and not (called in {",", "("} and _is_company_worker(match))


def _is_company_worker(match: re.Match[str]) -> bool:
    return (
        re.search(
            r"(?i)\b(?:seller|vendor|dealer|verkäufer|händler|vendeur|vendedor|venditore|verkoper)\b", match.group()
        )
        is not None
    )


def _is_called(match: re.Match[str]) -> bool:
    return is_private_name(match.group("pii")) and not tells_a_story(match.string)


_PET_OR_TOY = re.compile(
    r"(?i)\b(?:cat|dog|pup|puppy|kitten|bird|hamster|horse|pet|doll|toy|bear|song|model|app|brand|game|katze|kater"
    r"|hund|hündin"
    r"|welpe|pferd|puppe|bär|spiel|marke|chat|chatte|chien|chienne|cheval|poupée|jeu|gato|gata|perr[oa]|caballo"
    r"|muñeca|juego|gatt[oa]"
    r"|cane|cagnolin[oa]|cavallo|bambola|gioco|marca|marque|kat|hond|paard|pop|spel|merk)\b"
)


def _is_named(match: re.Match[str]) -> bool:
    """`The fitter was called Errol`; a cat, a doll or a game has a name too."""
    found = match.group("pii")
    if not (is_first_name(found) and is_someone(found)) or tells_a_story(match.string):
        return False
    return _PET_OR_TOY.search(_near(match, 60, 10)) is None


def _is_at_desk(match: re.Match[str]) -> bool:
    found = match.group("pii")
    return is_someone(found) and is_first_name(found) and not speaks_of_art(match, 60, 60)


_DASHES = re.compile(r"[-–—~]")
_THANKS_WORDS = word_set(
    "thank thanks cheers kudos shout shoutout shoutouts hats props credit big praise grateful done dank danke "
    "danken dankeschön herzlichendank "
    "riesendank lob kompliment hut merci mercis remerciements bravo remercie remercier chapeau gracias agradecer "
    "agradecerle agradezco agradecido "
    "enhorabuena felicidades grazie ringrazio ringraziare ringraziamento complimenti plauso bedankt dankt "
    "dankjewel complimenten pluim hulde"
)
_TALKED_WORDS = word_set(
    "ask asked spoke speak spoken speaking talk talked talking chatted chat dealt helped served assisted emailed "
    "mailed contact call conversation "
    "put signed addressed name made delivered handed belongs gesprochen sprach telefoniert telefonierte telefonat "
    "gespräch geschrieben kontakt "
    "beraten bedient betreut geholfen schrieb adressiert namen ausgestellt übergeben verlangen fragt parlé "
    "discuté échangé affaire demandez demander "
    "eu conseillé conseillée servi servie aidé aidée reçu reçue nom adressé adressée remis accueilli accueillie "
    "hablé hable hablado hablamos atendió "
    "atendido atendida contacté preguntad pregunta nombre dirigido conversación ayudado ayudada trató entregado "
    "parlato parlare sentito chiedete "
    "chiedere servito servita aiutato aiutata seguito seguita intestato intestata nome indirizzato contatto "
    "assistito assistita consegnato risposto "
    "risposta chattato sprak spraken belde hablando parlando parlant gesproken gebeld gesprek geholpen vraag naam "
    "geadresseerd gemaild gechat woord"
)
_TITLE_WORDS = (spelled(people.TITLE) - {"de"}) | word_set(
    "herr señor signor signora hr sig m mme mlle sr sra sig heer "
    "docteur doctor doctora dottor dottore dottoressa dokter doktor"
)
_INTRODUCTION_WORDS = word_set(
    "name names nom prénom nombre nome naam heiß heiße heisse appelle nomme llamo chiamo heet nennt call moi"
)
_FIELD_WORDS = word_set(
    "name nom prénom nombre nome naam empfänger empfängerin recipient destinataire destinatario ontvanger "
    "ansprechpartner ansprechpartnerin kontakt "
    "contact c z attn sachbearbeiter sachbearbeiterin ship kundin client customer unterschrift signed gezeichnet "
    "gez firmado firmato signé getekend "
    "holder kontoinhaber kontoinhaberin titulaire titular intestatario"
)
_SELF_WORDS = word_set("i ich je suis soy sono ik this it hier qui aquí ici dit moi yo io")
_HERE_WORDS = word_set("here hier ici aquí qui")
_SIGNING_WORDS = word_set(
    "regards wishes sincerely yours best care cheers respectfully customer mfg lg vg bg glg gruß grüße grüßen "
    "grusse gruesse gruessen grüssen grüsse gruss freundl hochachtungsvoll tschüss "
    "i servus gute ihr ihre eure cordialement vous amicalement salutations journée soirée bises bisous bientôt "
    "respectueusement cdlt cdt crdt saludo saludos atentamente "
    "atte abrazo abrazos besos fdo firmado saluti saluto abbraccio baci cordialmente fede groeten groetjes groet "
    "mvg hoogachtend gr grtz liefs kusjes kusje xx "
    "xxx xo xoxo love thanks thank danke dank merci gracias grazie bedankt signed greetings ciao"
)
_GREETING_WORDS = (spelled(_GREETED_WITH) | word_set("hi hey hallo dag moin")) - word_set(
    "good guten buenos grüß sehr there dich gott abend tardes días evening ma mo"
)
_FAMILY_WORDS = people.FAMILY_WORDS
_KIN_WORDS = word_set(
    "aunt auntie aunty uncle grandma grandpa grannie granny nan nana tante onkel oma opa tonton tata mamie papy "
    "papi tía tío abuelo abuela nonno nonna "
    "zia zio oom tatie "
    "grandson granddaughter nephew niece enkel enkelin enkelkind neffe neffen nichte patenkind sohn tochter fils "
    "fille nièce filleul "
    "filleule nieto nieta sobrino sobrina nipote nipotino nipotina figlio figlia kleinzoon kleindochter neefje "
    "nichtje zoontje "
    "dochtertje zoon dochter hijo hija daughter son petit petite"
)
_WORKER_WORDS = spelled(people.WORKER) - word_set(
    "the our a der ein unser le notre il el de onze der delivery shop customer service"
)
_CALLED_WORDS = word_set(
    "called named name namens namen nommé nommée prénommé prénommée nom appelle llamado llamada nombre llama "
    "chiamato chiamata nome chiama genaamd naam certain certaine tal certo "
    "certa tale ene zekere gewisser gewisse gewissen"
)
_DESK_WORDS = spelled(people.SERVICE_DESK)


_TITLED = at_once(rf"[^\W\d_]+\.?(?:ra|ssa|na)?\.?\s(?:['’a-z]{{1,5}}\s){{0,2}}{CAPITAL}")
_KIN_NAME = at_once(rf"[\w-]+(?:,?\s[\w(),]+){{0,3}}?,?\s[(\"“„]?{CAPITAL}")
_LAST_ON_LINE = at_once(r"[^\n]{0,75}(?:\n|\Z|\()")
_GREETED_NAME = at_once(rf"[^\W\d_]+,?\s(?:[^\W\d_]{{1,12}}\.?\s){{0,3}}?{CAPITAL}")


def name_recognizers() -> list[Gated]:
    """Recognisers of names."""

    def own(
        words: frozenset[str],
        pattern: str,
        check: Callable[[re.Match[str]], bool],
        back: int = 0,
        ahead: int | Ahead | None = None,
    ) -> Gated:
        found = capital_within(ahead) if isinstance(ahead, int) else ahead
        return gated("name", pattern, check, words=words, back=back, ahead=found)

    return [
        own(_THANKS_WORDS, rf"(?<!\w){_THANKS}{_ARTICLES}{_NAMES}", _is_thanked, 0, 60),
        own(_TALKED_WORDS, rf"(?<!\w){_TALKED}{_ARTICLES}{_NAMES}", _is_talked_to, 15, 50),
        own(_TITLE_WORDS, _BY_TITLE, _is_titled, 3, _TITLED),
        own(_INTRODUCTION_WORDS, rf"(?<!\w){_INTRODUCED}", _is_introduced, 14),
        own(_FIELD_WORDS, _FIELD, _is_in_field),
        own(_SELF_WORDS, _I_AM, _is_self),
        own(_HERE_WORDS, _HERE, _is_here, 30),
        own(_SIGNING_WORDS, rf"(?<!\w){_SIGNED}", _is_signature, 30, _LAST_ON_LINE),
        gated("name", _LAST_LINE, _is_last_line, lambda signs: "\n" in signs.text[-60:], tail=60),
        gated(
            "name",
            _DASHED,
            _is_last_line,
            lambda signs: _DASHES.search(signs.text, max(0, len(signs.text) - 50)) is not None,
            tail=60,
        ),
        own(_GREETING_WORDS, _GREETED, _is_greeted, 14, _GREETED_NAME),
        own(_FAMILY_WORDS, _RELATIVE, _is_relative, 35, _KIN_NAME),
        own(_KIN_WORDS, _KINSHIP, _is_kin, 0, 14),
        own(_WORKER_WORDS, _WORKER, _is_worker, 0, 50),
        own(_CALLED_WORDS, _CALLED, _is_called, 22, 35),
        own(
            word_set(
                "called name go goes went by hieß heißt appelle appelait llama llamaba chiama chiamava heet heette"
            ),
            _IS_CALLED,
            _is_named,
            6,
            40,
        ),
        own(_WORKER_WORDS, _BY_TRADE, _is_at_desk, 35),
        own(_DESK_WORDS, _BY_SERVICE, _is_at_desk, 70),
    ]
