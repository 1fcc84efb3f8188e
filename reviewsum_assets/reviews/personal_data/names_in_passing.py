"""First names said in passing: of couriers, relatives, neighbours, writers, in any case and without a fixed phrase.

Anchored at known first names. In 23,371 real reviews known first names that are no words stand in some 250 places
outside stories, so little can be taken wrongly as long as brands, authors and heroes are told from people. A name in
small letters counts only right beside a person's word.
"""

from __future__ import annotations

import re

from reviewsum_assets.reviews.personal_data.around_names import (
    AT_END,
    AT_SOMEONES,
    BIG_BRAND_AFTER,
    CLOSES,
    DID_AFTER,
    HOME_NEAR,
    LETTER_END,
    MADE_BY,
    OPEN_WORDS,
    PEOPLE,
    SERVED_AFTER,
    SPOKEN_TO,
    WEAK_END,
    people_before,
    people_right_before,
    worker_right_before,
)
from reviewsum_assets.reviews.personal_data.first_names import FIRST_NAMES
from reviewsum_assets.reviews.personal_data.first_names_by_country import BRANDS_TOO, FREQUENT_WORDS, WORDS_TOO
from reviewsum_assets.reviews.personal_data.names import (
    CAPITAL,
    NAME_WORD,
    PARTICLE,
    is_first_name,
    is_someone,
    speaks_of_art,
    tells_a_story,
)
from reviewsum_assets.reviews.personal_data.people_words import KIN_BRANDS, SERVICE
from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.recognition import Gated, gated, spelled

_FULL = rf"(?P<pii>{NAME_WORD}(?:\s(?:{PARTICLE})?{NAME_WORD}){{0,3}}|[^\W\d_][\w'’-]+)"


_WORD_BEFORE = re.compile(r"(?<![\w'’-])([A-ZÀ-Þ][\w'’-]*)\s\Z")


def _is_surname(text: str, start: int) -> bool:
    """Whether a first name stands right before: `Agatha Christie` is no Christie."""
    word = _WORD_BEFORE.search(text[max(0, start - 25) : start])
    return word is not None and word[1].lower() in FIRST_NAMES and word[1].lower() not in FREQUENT_WORDS


_APPOSED = re.compile(
    r"(?i)(?<!\w)(?:my|our|meine?[nmrs]?|unsere?[nmr]?|mon|ma|notre|mi|nuestr[oa]|mi[oa]|nostr[oa]|mijn|onze)\s"
    r"(?:[\w-]+\s){0,2}[\w-]+,\s\Z"
)
"""`My other half, Gareth,`: whoever stands between commas."""
_PET = re.compile(
    r"(?i)\b(?:cat|dog|puppy|kitten|bird|horse|katze|kater|hund|hündin|pferd|chat|chatte|chien|chienne|cheval"
    r"|gat[oa]|perr[oa]"
    r"|gatt[oa]|cane|cavallo|kat|poes|hond|paard|car|auto|voiture|coche|book|buch|livre|libro|boek)\b"
)
_AUNT_BEFORE = re.compile(
    r"(?i)\b(?:uncle|aunt(?:ie|y)?|tante|onkel|oncle|tía|tío|zi[ao]|oom|oma|opa|mamie|papy|nonn[oa]|abuel[oa]"
    r"|grandma|grandpa)\s\Z"
)
_TITLED_BEFORE = re.compile(
    r"(?i)\b(?:herrn?|frau|mr|mrs|ms|mme|sig|sra?|señora?|signora?|monsieur|madame|meneer|mevrouw|dhr|mevr)\.?\s\Z"
)
_TITLED_BRAND = re.compile(r"(?:Frau Antje|Tante Emma|Oma Clara|Onkel Ben)")


def _names_someone(match: re.Match[str]) -> bool:
    """Whether a known first name stands where people are spoken of, not where a brand or an author is."""
    found, text = match.group("pii"), match.string
    start, end = match.span("pii")
    first = re.split(r"[\s.-]", found)[0].lower().strip("'’")
    small = found[:1].islower()
    if first in FREQUENT_WORDS or _is_surname(text, start):
        return False
    if not is_first_name(found) or not is_someone(found) or (small and (first in WORDS_TOO or len(first) < 4)):
        return False
    before, after = text[max(0, start - 110) : start], text[end : end + 90]
    if BIG_BRAND_AFTER.match(after) and not re.match(r"\s\d{1,2}\b", after):
        return False
    odd = first in WORDS_TOO or first in BRANDS_TOO
    story = tells_a_story(text)
    if _TITLED_BRAND.search(before[-12:] + found):
        return False
    called = people_right_before(before[-60:])
    if small and not odd and AT_END.match(after) and LETTER_END.search(before[-40:]):
        return True
    if small:
        return called and not story and (not odd or (first not in WORDS_TOO and worker_right_before(before[-40:])))
    if AT_END.match(after) and LETTER_END.search(before[-70:]):
        weak = WEAK_END.search(before[-70:])
        if weak and (story or not re.match(r"\W{0,4}\Z", weak[1])):
            return False
        return not (MADE_BY.search(before[-25:]) or (odd and len(found.split()) > 3))
    if story or MADE_BY.search(before[-45:]) or MADE_BY.search(after[:20]) or speaks_of_art(match, 60, 40):
        return False
    if AT_END.match(after) and CLOSES.search(before) and before.strip() and len(found.split()) <= 3:
        after_comma = before.rstrip().endswith(",")
        return not odd and (not after_comma or (len(before) > 25 and re.search(r"[.!?…]", before) is not None))
    if called and first in KIN_BRANDS and _AUNT_BEFORE.search(before):
        return False
    if called and _TITLED_BEFORE.search(before) and not DID_AFTER.match(after):
        return False
    if called and not (odd and not DID_AFTER.match(after)):
        return True
    if odd:
        return False
    if after.startswith(",") and _APPOSED.search(before) and not _PET.search(before[-30:]):
        return True
    if SPOKEN_TO.match(after):
        return True
    if DID_AFTER.match(after):  # `Andrea Camilleri è sempre un piacere`: a full name needs a service too
        return " " not in found or SERVED_AFTER.match(after) is not None
    if people_before(before[-60:], 6) and len(found.split()) <= 2:
        return True
    alone = " " not in found and not re.match(r"[ -][A-ZÀ-Þ0-9]", after)
    opens = not before.strip() or before.rstrip()[-1] in ".!?\n:;)"
    if (
        alone
        and opens
        and _WHERE_AFTER.match(after)
        and not _PEOPLE_THERE.isdisjoint(OPEN_WORDS.findall(after[:60].lower()))
    ):
        return True
    if alone and _FOR_SOMEONE.search(before):
        return True
    near = before[-60:] + " … " + after[:50]
    return AT_SOMEONES.search(before) is not None and HOME_NEAR.search(near) is not None


_WHERE_AFTER = re.compile(
    r"(?i),?\s(?:(?:la|el|le|il|die|der|celle|celui|quella|quello|the one)\s(?:del?|della|du|de|van|von|from)"
    r"|behind|hinter|derrière|detrás|dietro|vom|von|aus|an|am|im|in|bei|from|on|at|in|behind|du|de|des|à|au|chez"
    r"|del|dello|della"
    r"|dal|dalla|al|alla|en|van|uit|bij|aan|achter|der|die|who|qui|que|che)\s?"
)
_PEOPLE_THERE = (PEOPLE | spelled(SERVICE)) | word_set(
    "phones chat empfang theke kasse markt balie receptie reparto banco accueil rayon guichet tienda "
    "mostrador caja sucursal "
    "branch department abteilung aufbau lager warehouse depot filiaal vestiging afdeling bakker "
    "apotheke pharmacie farmacia till checkout complaints returns accounts dispatch guichet comptoir info "
    "infothek empfang "
    "caisse cassa banco bancone sportello kassa retouren reklamation réclamations reclamaciones mensajería "
    "versand spedition "
    "lieferdienst livraison entrega consegna bezorging"
)
_FOR_SOMEONE = re.compile(
    r"(?i)(?<!\w)(?:für|for|pour|para|per|voor|(?:ans|anniversaire|fête|baptême|mariage|naissance) de"
    r"|(?:cumple(?:años)?|años|bautizo|boda) de"
    r"|(?:compleanno|anni|battesimo|matrimonio) di|(?:verjaardag|jaar) van|(?:geburtstag|taufe|hochzeit) von"
    r"|birthday of|wedding of|offerte? à|offerts? à|cadeau (?:à|voor)|regal(?:o|ado"
    r"|ato) (?:a|per|para)|gift (?:for|to)|geschenkt? an|gave (?:it |one )?to|geschonken "
    r"aan)\s(?:(?:la|le|il|el|den|die|meine[nr]?|unsere[nr]?|little|kleine|petite?|onze|our|my)\s)?\Z"
)

# Two at once: `Josiane et Marcel`

_PAIR = rf"(?P<pii>{NAME_WORD}\s(?:and|und|et|y|e|ed|en|u\.|&|\+|mit|with|avec|con|met)\s{NAME_WORD})(?!\s{CAPITAL})"


def _is_pair(match: re.Match[str]) -> bool:
    """Two first names, of which one is nothing else, outside stories."""
    first, *_, last = (word.lower().strip(".'’") for word in match.group("pii").split())
    if (
        first not in FIRST_NAMES
        or last not in FIRST_NAMES
        or tells_a_story(match.string)
        or speaks_of_art(match, 60, 40)
    ):
        return False
    if first in WORDS_TOO | BRANDS_TOO and last in WORDS_TOO | BRANDS_TOO:
        return False
    before = match.string[max(0, match.start() - 60) : match.start()]
    after = match.string[match.end() : match.end() + 90]
    closes = AT_END.match(after) is not None and (
        CLOSES.search(before) or LETTER_END.search(before) or _GREETS.search(before)
    )
    return bool(closes) or _FOR_SOMEONE.search(before) is not None or people_right_before(before)


_GREETS = re.compile(r"(?i)(?<!\w)(?:von|from|de|da|van|par|by|door|eure?|ihre?|ciao|signed|firmado|gezeichnet)\s\Z")


def passing_name_recognizers() -> list[Gated]:
    """Recognisers of first names in passing, one or two at once."""
    return [
        gated("name", _FULL, _names_someone, words=FIRST_NAMES - FREQUENT_WORDS),
        gated("name", _PAIR, _is_pair, words=FIRST_NAMES - FREQUENT_WORDS),
    ]
