"""First names said in passing: of couriers, relatives, neighbours, writers, in any case and without a fixed phrase.

Anchored at known first names. In 23,371 real reviews known first names that are no words stand in some 250 places
outside stories, so little can be taken wrongly as long as brands, authors and heroes are told from people. A name in
small letters counts only right beside a person's word.
"""

from __future__ import annotations

import re

from reviewsum_assets.reviews.personal_data.first_names import FIRST_NAMES
from reviewsum_assets.reviews.personal_data.first_names_by_country import BRANDS_TOO, FREQUENT_WORDS, WORDS_TOO
from reviewsum_assets.reviews.personal_data.names import (
    CAPITAL,
    NAME_WORD,
    PARTICLE,
    is_first_name,
    is_new_name,
    is_someone,
    speaks_of_art,
    tells_a_story,
)
from reviewsum_assets.reviews.personal_data.people_words import KIN_WORDS, SERVICE, WORKER
from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.recognition import Gated, capital_within, gated, spelled

_PERSON = (
    r"lady|guy|lad|man|woman|girl|boy|chap|bloke|fella|gentleman|person|someone|somebody|team|crew"
    r"|staff|agent|rep|dame|typ|junge|kerl"
    r"|mensch|person|jemand|monteur\w*|fahrer\w*|monsieur|dame|femme|homme|gars|jeune|personne"
    r"|quelqu['’]un|équipe|señor|señora|chic[oa]"
    r"|chaval|hombre|mujer|persona|alguien|equipo|signor[ea]?|ragazz[oa]|tizi[oa]|tale|qualcuno|vrouw"
    r"|meisje|jongen|heer|mevrouw|meneer"
    r"|iemand|jongeman|support|service|kundenservice|kundendienst|hotline|chat|helpline|helpdesk|sav"
    r"|klantenservice|assistenza|atención"
    r"|reception|counter|desk|store|shop|laden|filiale|magasin|boutique|tienda|negozio|winkel|telefon"
    r"|phone|téléphone|teléfono|telefono"
    r"|telefoon|ein gewisser|un tal|un certo|un certain|ene|herr|frau|mr|mrs|ms|mme|sig|sra|dhr"
)
_PEOPLE = (
    KIN_WORDS
    | spelled(WORKER)
    | spelled(_PERSON)
    | word_set(
        "herrn hr dhr mevr mw kollegen team damen herren leute buren neighbours voisins vecinos "
        "vicini nachbarn schwester "
        "postier facteur kurier sitter babysitter nanny hebamme kinésithérapeute coach trainer "
        "trainerin pfleger pflegerin "
        "friseur friseurin coiffeuse ärztin arzt doctor nurse infirmière enfermera infermiera verpleegkundige elevator"
    )
) - word_set("boss elevator carta de the our a der ein unser le notre il el onze")
"""Words for people that a review may name."""
_CALLED = word_set(
    "called named name namens hieß heißt hiess nommé nommée appelle appelait qui s llamado llamada "
    "se llama llamaba chiamato "
    "chiamata si chiama chiamava heet heette genaamd was is ist war est è era es fue der die das who "
    "with by mit von la le el il"
)
_NAMED = word_set("called named hieß heißt hiess appelle appelait llama llamaba chiama chiamava heet heette")
_HE_OR_SHE = word_set("he she er sie il elle él ella lui lei hij zij ze they")
_OPEN_WORDS = re.compile(r"[^\W\d_]+")


def _people_before(before: str, within: int) -> bool:
    """Whether one of the last words, in the same sentence, is one for people."""
    sentence = re.split(r"[.!?\n]\s", before)[-1].lower()
    return not _PEOPLE.isdisjoint(_OPEN_WORDS.findall(sentence)[-within:])


def _people_right_before(before: str) -> bool:
    """`the lad Kieran`, `der Monteur hieß Mirko`: a word for people, at most with `called` between."""
    if before.rstrip()[-1:] in {".", "!", "?", "\n", ";"}:
        return False
    words = _OPEN_WORDS.findall(before.lower())[-4:]
    called = False
    while words and words[-1] in _CALLED and words[-1] not in _PEOPLE:
        called = called or words[-1] in _NAMED
        words.pop()
    if called and words and words[-1] in _HE_OR_SHE:
        return True
    return bool(words) and words[-1] in _PEOPLE


_WORKERS = spelled(WORKER)


def _worker_right_before(before: str) -> bool:
    words = _OPEN_WORDS.findall(before.lower())
    return bool(words) and words[-1] in _WORKERS


_DID = (
    r"helped|fixed|answered|replied|called|rang|came|arrived|delivered|brought|carried|explained|told"
    r"|said|sorted|solved|installed|fitted"
    r"|showed|listened|promised|went|took|gave|assured|apologi[sz]ed|phoned|emailed|texted|wrote"
    r"|refused|hung up|loves?|loved|adores?|wears?"
    r"|uses?|used|likes?|liked|got|turns|turned|turning|is (?:so|very|really|super|a star|a gem|\d)"
    r"|was (?:so|very|really|super|great|amazing|brilliant|lovely|kind|helpful|friendly|patient|rude"
    r"|wonderful|fantastic)|deserves|couldn['’]t have|went above"
    r"|hat (?:mir|uns|mich|sich|alles|sofort|das|den|die|es|sehr|super|gleich|schnell|gelacht|geholfen"
    r"|angerufen)|half|rief|brachte|kam|erklärte|sagte|meinte|zeigte|baute|schrieb|antwortete|nahm"
    r"|war (?:sehr|super|so|echt|total|richtig|wirklich|nett|freundlich|toll|mega|unfreundlich)"
    r"|liebt|mag|trägt|nutzt|benutzt|freut|wird|wurde|findet|ist (?:sehr|super|so|begeistert|\d|total|ganz)"
    r"|m['’]a|nous a|l['’]a|a (?:été|tout|pris|répondu|su|expliqué|réglé|livré|même|adoré|installé"
    r"|monté|bien|eu)|est (?:très|super|vraiment|venue?|ravie?|fan|aux anges|au top|adorable|gentille?"
    r"|passée?)|était|adore|aime|porte|utilise|s['’]en sert"
    r"|me (?:ha|atendió|ayudó|llamó|explicó|dijo|resolvió|contestó|trajo)|nos (?:ha|atendió|ayudó"
    r"|llamó|explicó)|le encanta|está (?:encantad|content|feliz|muy)|fue (?:muy|súper|super|un|una"
    r"|amable)|es (?:muy|un sol|un encanto|majísim)|ha sido|adora|usa|lleva|vino|trajo|subió|llamó"
    r"|ayudó|resolvió|cumple"
    r"|mi (?:ha|aiutò|chiamò)|ci ha|ha (?:risolto|portato|risposto|spiegato|aiutato|montato|fatto"
    r"|avuto|apprezzato)|è (?:stat[oa]|molto|gentilissim|bravissim|felice|contentissim|venut[oa]|un"
    r"|una)|la usa|lo usa|gentilissim[oa]|è|ama"
    r"|heeft (?:me|mij|ons|alles|het|geholpen|snel|direct|zich)|hielp|belde|bracht|kwam|legde|zei"
    r"|loste|regelde|was (?:heel|erg|zo|super|top|vriendelijk|aardig|behulpzaam)|is (?:heel|erg|zo|dol"
    r"|blij|super|gek)|draagt|gebruikt|vindt|houdt|wordt"
)
_DID_AFTER = re.compile(rf"(?i)\W{{1,2}}(?:[\w'’]+\s)?(?:{_DID})(?!\w)")
_SERVED_AFTER = re.compile(
    r"(?i)\W{1,2}(?:[\w'’]+\s){0,3}?(?:helped|fixed|answered|replied|rang|delivered|brought|carried|installed|fitted|phoned|emailed"
    r"|refused|deserves|went above|geholfen|half|brachte|rief|baute|antwortete|montiert|repariert|geliefert|beraten"
    r"|aidée?|répondu|expliqué|réglé|livrée?|installé|monté|ayudó|atendió|atendido|ayudado|llamó|resolvió|resuelto|trajo|subió"
    r"|contestó|aiutat[oa]|risolto|portato|risposto|spiegato|montato|consegnato|seguit[oa]|gentilissim[oa]|geholpen|hielp"
    r"|bracht|belde|loste|regelde|opgelost|bezorgd|gemonteerd)(?!\w)"
)
_AT_SOMEONES = re.compile(
    r"(?i)(?<!\w)(?:bei|chez|with|con|da|bij|à|an|für|for|pour|para|per|voor|to|aan|durch|door|mit"
    r"|avec|met|von|by|from|par|por)\s(?:(?:unser\w*|mein\w*|our|my|notre|mon|ma|mi|nuestr\w+|mijn"
    r"|onze|der|dem|den|die|la|el|il|lo|de|lieben|kleine[nr]?|little|petite?)\s){0,2}\Z"
)
_HOME_NEAR = re.compile(
    r"(?i)(?<!\w)(?:klingeln|läuten|abgeben|abgegeben|abgeholt|abholen|geklingelt|nebenan|gegenüber"
    r"|nachbar\w*|sonne[rz]|sonnette|voisine?s?|interphone|étage|déposé\w*|ring|bell|next door"
    r"|neighbou?rs?"
    r"|left (?:it )?with|collect(?:ed)?|downstairs|upstairs|timbre|llamen|toquen|vecin[oa]s?|al lado"
    r"|dejado|dejar|suonare|suonate|citofon\w*|vicin[oia]|lasciat[oa]|lasciare|aanbellen|bellen|buren"
    r"|buurman|buurvrouw|afgegeven|afgeven|ophalen|hiernaast"
    r"|geburtstag|birthday|anniversaire|cumpleaños|compleanno|verjaardag|bday|geschenk|gift|present"
    r"|cadeau|regalo|kado|cadeautje|geschenkt|offert|regalado|regalato|gekregen|weihnachten|christmas"
    r"|noël|navidad|natale|taufe|baptême|bautizo|battesimo|hochzeit|wedding|mariage|boda|matrimonio"
    r"|bruiloft|einschulung|kommunion"
    r"|grav\w+|engrav\w+|name|namen|prénom|nombre|nome|naam|getauft|baptised|email|mail|anruf\w*"
    r"|telefon\w*|gesprochen|geschrieben|spoke|speak|talk\w*|phone\w*|parl\w+|appel\w+|habl\w+|llam\w+"
    r"|chiam\w+|gesproken|gebeld|kinder|kids|zoon|dochter|sohn|tochter)(?!\w)"
)
_CLOSES = re.compile(
    r"(?:\A|[.!?…\n:;)\]>❤️💕😊🙂👍😉😀🥰😍🙏💐🌸🎉😃🤗☺️]|\s[-–—~*/]|,|\b[xX]{1,3}|[Ll][Gg]|[Vv][Gg]"
    r"|[Mm]f[Gg])\s*[-–—~*/]*\s*\Z"
)
_LETTER_END = re.compile(
    r"(?i)(?<!\w)(?:regards|wishes|sincerely|yours|cheers|ta(?: muchly)?|love|thanks|thank you|gr(?:ü|ue)(?:ß|ss)e?n?"
    r"|gru(?:ß|ss)|grüssli|mfg|lg|vg|bg|glg|danke|dank|eure?|ihre?|dein\w*|bis bald|tschüss|servus"
    r"|alles liebe"
    r"|cordialement|salutations|cdlt|cdt|crdt|bises|bisous|amicalement|merci|amitiés|bien à vous|à "
    r"bientôt|votre|saludos?|atentamente|atte|abrazos?|besos?|gracias|vuestr[oa]|saluti|saluto"
    r"|abbraccio|baci|grazie|vostr[oa]|cordialmente|in fede"
    r"|groet(?:en|jes)?|groetnis|mvg|liefs|bedankt|dank|jullie|kusjes?|hoogachtend)(?!\w)[^\n.!?]{0,45}\Z"
)
_WEAK_END = re.compile(
    r"(?i)(?<!\w)(?:love|thanks|thank you|danke|dank|merci|gracias|grazie|bedankt|votre|ihre?|eure?"
    r"|jullie|vostr[oa]|vuestr[oa]|dein\w*)(?!\w)([^\n.!?]{0,45})\Z"
)
_END = (
    r"(?P<end>(?:\s\d{1,2}\b|,?\s\(?\d\d\)?(?:\s(?:jahre|ans|años|anni|jaar|years))?|,?\s(?:aus|from"
    r"|de|da|di|uit|d['’]|in)\s[A-ZÀ-Þ][\w-]+(?:\s[A-ZÀ-Þ][\w-]+)?"
    r"|,\s[A-ZÀ-Þ][\w-]+)?(?:\W|x)*(?:\n|\Z))"
)
_AT_END = re.compile(_END, re.IGNORECASE)
_SPOKEN_TO = re.compile(
    r"(?i),\s(?:danke|du |ihr |falls|wenn du|vielen|thank|thanks|you |if you|please|merci|tu |si tu"
    r"|gracias|eres|si lees|grazie|sei |se leggi|bedankt|dank|jij|je |als je)"
)
_MADE_BY = re.compile(
    r"(?i)(?<!\w)(?:author|book|novel|poet|singer|band|music|song|film|movie|actor|director|series"
    r"|brand|marke|modell?e?|matratze|mattress|parfum|perfume|duft|shampoo|koffer|schuhe|puppe|doll"
    r"|autor\w*|buch|roman|krimi|biogra\w+|lied|musik|album|sänger\w*|schauspieler\w*"
    r"|auteur|livre|roman|chanson|chanteu\w+|marque|parfum|autora?|libro|novela|canción|cantante|marca"
    r"|biograf\w+|autore|autrice|romanzo|canzone|schrijv\w+|boek|zanger\w*|merk|liedje|hörbuch"
    r"|audiobook|podcast|kochbuch|cookbook|rezept\w*|konzert|concert|cd|vinyl|lp|dvd|bluray|comic"
    r"|manga|tonie|hörspiel|kultfigur"
    r"|kaiser|könig\w*|king|queen|saint|san|santa|sankt|st|präsident|president|präsidentin|kanzler\w*"
    r"|pope|papst|kommissar\w*|detective|inspector|inspektor)(?!\w)"
)
_BIG_BRAND_AFTER = re.compile(r"\s(?:[A-Z]{2,}|[A-Z]?\d)|[-®™]|['’]s\s[A-Z]")
_FULL = rf"(?P<pii>{NAME_WORD}(?:\s(?:{PARTICLE})?{NAME_WORD}){{0,3}}|[^\W\d_][\w'’-]+)"


_WORD_BEFORE = re.compile(r"(?<![\w'’-])([A-ZÀ-Þ][\w'’-]*)\s\Z")


def _is_surname(text: str, start: int) -> bool:
    """Whether a first name stands right before: `Agatha Christie` is no Christie."""
    word = _WORD_BEFORE.search(text[max(0, start - 25) : start])
    return word is not None and word[1].lower() in FIRST_NAMES and word[1].lower() not in FREQUENT_WORDS


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
    if _BIG_BRAND_AFTER.match(after) and not re.match(r"\s\d{1,2}\b", after):
        return False
    odd = first in WORDS_TOO or first in BRANDS_TOO
    story = tells_a_story(text)
    if _TITLED_BRAND.search(before[-12:] + found):
        return False
    called = _people_right_before(before[-60:])
    if small and not odd and _AT_END.match(after) and _LETTER_END.search(before[-40:]):
        return True
    if small:
        return called and not story and (not odd or (first not in WORDS_TOO and _worker_right_before(before[-40:])))
    if _AT_END.match(after) and _LETTER_END.search(before[-70:]):
        weak = _WEAK_END.search(before[-70:])
        if weak and (story or not re.match(r"\W{0,4}\Z", weak[1])):
            return False
        return not (_MADE_BY.search(before[-25:]) or (odd and len(found.split()) > 3))
    if story or _MADE_BY.search(before[-45:]) or _MADE_BY.search(after[:35]) or speaks_of_art(match, 60, 40):
        return False
    if _AT_END.match(after) and _CLOSES.search(before) and before.strip() and len(found.split()) <= 3:
        after_comma = before.rstrip().endswith(",")
        return not odd and (not after_comma or (len(before) > 25 and re.search(r"[.!?…]", before) is not None))
    if called and not (odd and not _DID_AFTER.match(after)):
        return True
    if odd:
        return False
    if _SPOKEN_TO.match(after):
        return True
    if _DID_AFTER.match(after):  # `Andrea Camilleri è sempre un piacere`: a full name needs a service too
        return " " not in found or _SERVED_AFTER.match(after) is not None
    if _people_before(before[-60:], 6) and len(found.split()) <= 2:
        return True
    alone = " " not in found and not re.match(r"[ -][A-ZÀ-Þ0-9]", after)
    opens = not before.strip() or before.rstrip()[-1] in ".!?\n:;)"
    if (
        alone
        and opens
        and _WHERE_AFTER.match(after)
        and not _PEOPLE_THERE.isdisjoint(_OPEN_WORDS.findall(after[:60].lower()))
    ):
        return True
    if alone and _FOR_SOMEONE.search(before):
        return True
    near = before[-60:] + " … " + after[:50]
    return _AT_SOMEONES.search(before) is not None and _HOME_NEAR.search(near) is not None


_WHERE_AFTER = re.compile(
    r"(?i),?\s(?:vom|von|aus|an|am|im|in|bei|from|on|at|in|behind|du|de|des|à|au|chez|del|dello|della"
    r"|dal|dalla|al|alla|en|van|uit|bij|aan|achter|der|die|who|qui|que|che)\s?"
)
_PEOPLE_THERE = (_PEOPLE | spelled(SERVICE)) | word_set(
    "phones chat empfang theke kasse markt balie receptie reparto banco accueil rayon guichet tienda "
    "mostrador caja sucursal "
    "branch department abteilung aufbau lager warehouse depot filiaal vestiging afdeling bakker "
    "apotheke pharmacie farmacia"
)
_FOR_SOMEONE = re.compile(
    r"(?i)(?<!\w)(?:für|for|pour|para|per|voor|offerte? à|offerts? à|cadeau (?:à|voor)|regal(?:o|ado"
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
    closes = _AT_END.match(after) is not None and (
        _CLOSES.search(before) or _LETTER_END.search(before) or _GREETS.search(before)
    )
    return bool(closes) or _FOR_SOMEONE.search(before) is not None or _people_right_before(before)


_GREETS = re.compile(r"(?i)(?<!\w)(?:von|from|de|da|van|par|by|door|eure?|ihre?|ciao|signed|firmado|gezeichnet)\s\Z")


# Holders of accounts and names on papers, with any capitalised words

_HOLDER = (
    r"(?<!\w)(?i:konto-?\s?inhaber(?:in)?|account\s?holder|account name|titulaire(?: du compte)?"
    r"|titular(?: de la cuenta)?|intestatari[oa](?: del conto)?|intestat[oa] a|beneficiary"
    r"|bénéficiaire|beneficiari[oa]|begünstigte[r]?|rekeninghouder|t\.?n\.?v\.?|ten name van|op naam "
    r"van|auf den namen|lautet auf|lautend auf|ausgestellt auf|au nom de"
    r"|a nombre de|a nome di|a nome|in the name of|under the name(?: of)?|unter dem namen|sous le "
    r"nom(?: de)?|bajo el nombre(?: de)?|made out to|addressed to|adressiert an"
    r"|empfänger(?:in)?|recipient|destinataire|destinatari[oa]|ontvanger|geadresseerd aan|z\.\s?hd\."
    r"|c/o|attn\.?|fao|besteller(?:in)?|auftraggeber(?:in)?|klingel(?:schild)?|sonnette au nom de"
    r"|citofono|timbre|naambordje"
    r"|name(?:ns)?|nom|nombre|nome|naam|cognome|apellidos?|nachname|vorname|surname|last name|first "
    r"name|prénom|achternaam|voornaam)"
    r"(?:\s(?:is|war|ist|lautet|est|es|è|was|heißt|steht|von"
    r"|auf))?\s?[:,=–(-]?\s?[\"“„«]?\s?(?i:herrn?\s|frau\s|mr\.?\s|mrs\.?\s|ms\.?\s|m\.\s|mme\s"
    r"|sr\.?\s|sra\.?\s|sig\.?\s|dhr\.?\s|mevr\.?\s|dr\.?\s|familie\s|fam\.\s|famille\s|familia\s"
    r"|famiglia\s)?"
    rf"(?P<pii>{NAME_WORD}(?:\s(?:{PARTICLE})?{NAME_WORD}){{0,3}})"
)
_CALLED_LOOSELY = re.compile(
    r"(?i)\A(?:name|nom|nombre|nome|naam|namens|titular|titulaire|timbre|recipient|destinat|ontvanger"
    r"|empf|a nome\s|klingel|citofono|cognome|nachname|vorname|surname|last|first|prénom|achter|voor"
    r"|apellido)"
)


def _is_holder(match: re.Match[str]) -> bool:
    """Two capitalised words, or a first name, or a new word; of one word behind a loose announcement only these."""
    found = match.group("pii")
    if not is_someone(found) or tells_a_story(match.string) or speaks_of_art(match, 40, 20):
        return False
    if is_first_name(found):
        return True
    loose = _CALLED_LOOSELY.match(match.group()) is not None
    return is_new_name(found) or (not loose and len(found.split()) >= 2 and not found.isupper())


# Households

_FAMILY = (
    r"(?<!\w)(?:[Ff]amilie|[Ff]am\.|[Ff]amille|[Ff]amilia|[Ff]amiglia|[Tt]he|[Dd]ie|[Ll]es|[Ll]os|[Ii]|[Dd]e)\s"
    rf"(?P<pii>(?:{PARTICLE})?{NAME_WORD}(?:[- ]{NAME_WORD})?)(?P<family>)"
)


def _is_household(match: re.Match[str]) -> bool:
    opener = match.group()[: match.start("pii") - match.start()].strip().lower()
    found = match.group("pii")
    if not opener.startswith("fam") or not is_someone(found) or tells_a_story(match.string) or found.isupper():
        return False
    before, after = (
        match.string[max(0, match.start() - 60) : match.start()],
        match.string[match.end() : match.end() + 50],
    )
    if _MADE_BY.search(before[-40:]):
        return False
    if _HOME_NEAR.search(before + " … " + after) or _LETTER_END.search(before):
        return True
    return _AT_END.match(after) is not None and before.strip() != "" and _CLOSES.search(before) is not None


# At a door, on the phone: any name behind the words that ask for someone

_ASKED_FOR = (
    r"(?<!\w)(?i:klingeln(?: sie)?(?: bitte)? bei|läuten bei|abgeben bei|abgegeben bei|abgegeben beim "
    r"nachbarn|(?:beim|bei) (?:nachbarn?|nachbarin)|abzuholen bei|abholen bei|fragen sie nach|fragt "
    r"nach|verlangen sie|nachbarn?"
    r"|sonne[rz] chez|sonnez à|déposé(?:e)? chez|laissée? chez|remis(?:e)? à|demande[rz]|sonnette au "
    r"nom de|chez (?:mon|ma|le|la|notre) voisine?|interphone|timbre de|llam[ae]n? (?:al timbre de|a "
    r"la puerta de)|toquen en casa de|pregunt(?:en|ad|ar|e) por"
    r"|dejad[oa] a|en casa de|suona(?:te|re|no)? (?:a|da)|citofon(?:ate|are|o) a?|chiede(?:te|re) di"
    r"|lasciat[oa] (?:a|da)|aanbellen bij|bel aan bij|afgegeven bij|vraag naar|vragen naar|ophalen bij"
    r"|af te halen bij"
    r"|ask for|asking for|ring the bell (?:for|marked)|buzz(?:er)?|left (?:it )?with|collected? from"
    r"|signed for by|unterschrieben von|signé par|firmado por|firmat[oa] da|getekend door|in empfang "
    r"genommen von|angenommen von|accepted by|réceptionné par|recogido por|ritirat[oa] da|aangenomen "
    r"door|i go by)"
    r"\s(?i:herrn?\s|frau\s|familie\s|mr\.?\s|mrs\.?\s|ms\.?\s|m\.\s|mme\s|madame\s|monsieur\s|sr\.?\s"
    r"|sra\.?\s|señora?\s|sig\.?(?:ra)?\s|signora?\s|dhr\.?\s|mevr\.?\s|mevrouw\s|meneer\s|doña\s"
    r"|don\s|der\s|die\s|dem\s|la\s|el\s|il\s){0,2}"
    rf"(?P<pii>(?:{PARTICLE}|Van\s(?:der\s|den\s|de\s)?|De\s|Le\s|La\s|Di\s"
    rf"|El\s)?{NAME_WORD}(?:\s(?:{PARTICLE})?{NAME_WORD}){{0,2}})"
)
_NO_PERSON_THERE = re.compile(
    r"(?i)\A(?:der|die|das|the|le|la|el|il|de|het|refund|rückgabe|amazon|top|haus|post|packstation|tür"
    r"|door|filiale|shop|\w*(?:straße|weg|platz|gasse|straat|laan|shop|markt|laden|center|point|nummer"
    r"|number))\b"
)


def _is_asked_for(match: re.Match[str]) -> bool:
    """A door, a desk or a phone has people behind it: any capitalised word that is no shop."""
    found = match.group("pii")
    if not is_someone(found) or found.isupper() or _NO_PERSON_THERE.match(found):
        return False
    if tells_a_story(match.string) or speaks_of_art(match, 60, 40):
        return False
    if re.match(r"\s?\d", match.string[match.end() : match.end() + 2]):
        return False
    return (
        is_first_name(found)
        or is_new_name(found)
        or _PARTICLE_FIRST.match(found) is not None
        or len(found.split()) == 2
    )


_PARTICLE_FIRST = re.compile(r"(?:[Vv]an|[Dd]e|[Ll]e|[Ll]a|[Dd]i|[Ee]l|von|du|da)\s")

# On the phone, at a desk: `j'ai eu Assia au téléphone`

_ON_PHONE = (
    rf"(?<![\w'’-])(?P<pii>{NAME_WORD}(?:\s{NAME_WORD})?),?\s(?i:am telefon|am apparat|an der strippe"
    rf"|in der leitung|im chat|au téléphone|au bout du fil|en ligne|sur le chat|on the (?:phones?|line"
    rf"|chat|helpline|desk|till)|al teléfono|por teléfono|en el chat|al telefono|in linea|in chat|aan "
    rf"de (?:telefoon|lijn|balie|kassa)|op de chat|via de chat|an der kasse|an der theke|à la caisse|à "
    rf"l['’]accueil|en caja|alla cassa|vom chat|von der hotline|du chat|from chat|vom support|du "
    rf"support|del chat|dalla hotline|van de chat|van de helpdesk)(?!\w)"
)
_ON_PHONE_WORDS = word_set(
    "telefon apparat strippe leitung chat téléphone fil ligne phone phones line helpline desk till "
    "teléfono telefono linea "
    "telefoon lijn balie kassa kasse theke caisse accueil caja cassa hotline support helpdesk"
)


def _is_on_phone(match: re.Match[str]) -> bool:
    found = match.group("pii")
    if not is_someone(found) or tells_a_story(match.string) or speaks_of_art(match, 40, 40) or len(found) > 24:
        return False
    if is_first_name(found):
        return found.lower() not in FREQUENT_WORDS
    return is_new_name(found) and len(found.split()[0]) <= 10


# At the end, with a town: `Solenn, Quimper` after a full sentence

_FROM_TOWN = (
    rf"(?:[.!?…)]|\n)\s*[-–—~]?\s?(?:die\s|der\s|la\s|il\s|el\s|tante\s|oma\s|opa\s|nonna\s|mamie\s"
    rf"|big\s)?(?P<pii>{NAME_WORD}(?:\s{NAME_WORD})?)"
    r"(?:,\s|\s(?:aus|from|de|da|di|uit|d['’])\s?)[A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ][\w-]+)?[\s.!]*\Z"
)


def _is_from_town(match: re.Match[str]) -> bool:
    found = match.group("pii")
    if not is_someone(found) or tells_a_story(match.string) or speaks_of_art(match, 60, 40):
        return False
    if _LETTER_END.search(found) or found.isupper():
        return False
    return is_first_name(found) or is_new_name(found)


# Introductions with any name

_INTRODUCED = (
    r"(?<!\w)(?i:my (?:full )?name is|my name['’]s|mein (?:voller )?name ist|mein name lautet|ich "
    r"heiße|ich heisse|ich heiß|je m['’]appelle|je me nomme|mon nom est"
    r"|mon prénom est|me llamo|mi nombre es|mi chiamo|il mio nome è|mijn naam is|ik heet|hier spricht"
    r"|hier schreibt|this is|am apparat|signed by|signé par|gezeichnet)"
    rf"\s(?i:übrigens\s|dr\.?\s|die\s|der\s)?(?P<pii>{NAME_WORD}(?:\s(?:{PARTICLE})?{NAME_WORD}){{0,3}})"
)


def _is_full_name(match: re.Match[str]) -> bool:
    """Someone says who they are: two capitalised words are enough, whatever dictionaries hold."""
    found = match.group("pii")
    opener = match.group()[: match.start("pii") - match.start()].lower()
    if not is_someone(found) or found.isupper() or speaks_of_art(match, 60, 20):
        return False
    if re.search(
        r"(?i)\b(?:doll|puppe|poupée|muñeca|bambola|says|sagt|dit|dice|zegt|song|alexa|siri|robot)\b",
        match.string[max(0, match.start() - 40) : match.start()],
    ):
        return False
    if opener.startswith("this is"):
        return (
            is_first_name(found)
            and len(found.split()) == 2
            and bool(re.match(r"\s?[,.(]|\sfrom|\swriting", match.string[match.end() : match.end() + 9]))
        )
    return len(found.split()) >= 2 or is_first_name(found) or is_new_name(found)


# Myself, put in: `I, Geraldine Poskitt,` and `Sono la Iole di Modena`

_MYSELF = (
    r"(?<!\w)(?:[Ii]ch|I|[Mm]oi|[Yy]o|[Ii]o|[Ii]k|[Ss]oy|[Ss]ono|[Jj]e suis|[Ii]ch bin|[Ii]k ben|I am"
    r"|I['’]m|[Bb]in|[Ww]ir sind|[Ss]omos|[Ss]iamo|[Ww]ij zijn|[Nn]ous sommes|[Hh]ier (?:ist|schreibt"
    r"|spricht)|[Qq]ui (?:è|parla|scrive)|[Aa]quí|[Ii]ci|[Mm]e)"
    rf",?\s(?:la|il|el|die|der|de|l['’]|le|da|d['’]"
    rf"|a)?\s?(?P<pii>{NAME_WORD}(?:\s(?:{PARTICLE})?{NAME_WORD}){{0,2}})(?P<after>\s?[,.(]|\s(?:de|di"
    rf"|da|d['’]|aus|from|uit|van|and|und|et|y|e|en|vom|von)\s|\s?[!–-])"
)


def _is_myself(match: re.Match[str]) -> bool:
    found = match.group("pii")
    first = re.split(r"[\s.-]", found)[0].lower()
    if found.isupper():
        return False
    if not is_someone(found) or tells_a_story(match.string) or speaks_of_art(match, 40, 30):
        return False
    if not is_first_name(found):
        placed = re.match(r"\s(?:de|di|da|d['’]|aus|from|uit|vom|von)\s\Z", match.group("after")) is not None
        return placed and match.string[match.end() : match.end() + 1].isupper() and is_new_name(found)
    return first not in WORDS_TOO or len(found.split()) > 1


_HOLDER_WORDS = (
    word_set(
        "konto kontoinhaber kontoinhaberin inhaber account holder titulaire titular intestatario "
        "intestataria intestato intestata "
        "beneficiary bénéficiaire beneficiario beneficiaria begünstigter begünstigte rekeninghouder tnv "
        "t ten op auf lautet lautend "
        "ausgestellt au a in under unter sous bajo made addressed adressiert empfänger empfängerin "
        "recipient destinataire destinatario "
        "destinataria ontvanger geadresseerd z c attn fao besteller bestellerin auftraggeber "
        "auftraggeberin klingel klingelschild "
        "sonnette citofono timbre naambordje name namens nom nombre nome naam cognome apellido apellidos "
        "nachname vorname surname "
        "last first prénom achternaam voornaam"
    )
    | frozenset({"v", "hd", "o", "tav"})
) - word_set("a au op auf in ten t c z")
_ASKING_WORDS = word_set(
    "klingeln läuten abgeben abgegeben nachbar nachbarn nachbarin abzuholen abholen fragen fragt "
    "verlangen sonnez sonner déposé "
    "déposée laissé laissée remis remise demandez demander sonnette voisin voisine interphone timbre "
    "toquen pregunten preguntad "
    "preguntar pregunte dejado dejada suonate suonare suona citofonate citofonare citofono chiedete "
    "chiedere lasciato lasciata "
    "aanbellen aan afgegeven vraag vragen ophalen halen ask asking bell buzz buzzer left collect "
    "collected signed unterschrieben "
    "signé firmado firmato firmata getekend empfang angenommen accepted réceptionné recogido "
    "ritirato ritirata aangenomen go casa"
)
_INTRODUCTIONS = word_set(
    "name names heiße heisse heiß appelle nomme nom prénom llamo nombre chiamo nome naam heet "
    "spricht schreibt this apparat "
    "signed signé gezeichnet"
)
_MYSELF_WORDS = word_set("ich i moi yo io ik soy sono suis bin am m sind somos siamo zijn sommes hier qui aquí ici me")


def passing_name_recognizers() -> list[Gated]:
    """Recognisers of first names in passing, account holders, households and full introductions."""
    return [
        gated("name", _FULL, _names_someone, words=FIRST_NAMES - FREQUENT_WORDS),
        gated("name", _PAIR, _is_pair, words=FIRST_NAMES - FREQUENT_WORDS),
        gated("name", _HOLDER, _is_holder, words=_HOLDER_WORDS, back=14, ahead=capital_within(50)),
        gated("name", _FAMILY, _is_household, words=word_set("familie fam famille familia famiglia")),
        gated("name", _INTRODUCED, _is_full_name, words=_INTRODUCTIONS, back=16, ahead=capital_within(30)),
        gated("name", _ASKED_FOR, _is_asked_for, words=_ASKING_WORDS, back=22, ahead=capital_within(45)),
        gated("name", _ON_PHONE, _is_on_phone, words=_ON_PHONE_WORDS, back=42),
        gated("name", _FROM_TOWN, _is_from_town, tail=70),
        gated("name", _MYSELF, _is_myself, words=_MYSELF_WORDS, back=6, ahead=capital_within(14)),
    ]
