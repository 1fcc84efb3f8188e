"""Names of any kind behind words that announce one: on papers, at a door, on the phone, of households, of writers."""

from __future__ import annotations

import re

from reviewsum_assets.reviews.personal_data.around_names import (
    AT_END,
    CLOSES,
    HOME_NEAR,
    LETTER_END,
    MADE_BY,
)
from reviewsum_assets.reviews.personal_data.first_names_by_country import FREQUENT_WORDS, WORDS_TOO
from reviewsum_assets.reviews.personal_data.names import (
    NAME_WORD,
    PARTICLE,
    is_first_name,
    is_new_name,
    is_someone,
    speaks_of_art,
    tells_a_story,
)
from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.recognition import Gated, capital_within, gated

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
    if MADE_BY.search(before[-40:]):
        return False
    if HOME_NEAR.search(before + " … " + after) or LETTER_END.search(before):
        return True
    return AT_END.match(after) is not None and before.strip() != "" and CLOSES.search(before) is not None


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
    if LETTER_END.search(found) or found.isupper():
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


def announced_name_recognizers() -> list[Gated]:
    """Recognisers of account holders, households, people asked for, and introductions."""
    return [
        gated("name", _HOLDER, _is_holder, words=_HOLDER_WORDS, back=14, ahead=capital_within(50)),
        gated("name", _FAMILY, _is_household, words=word_set("familie fam famille familia famiglia")),
        gated("name", _INTRODUCED, _is_full_name, words=_INTRODUCTIONS, back=16, ahead=capital_within(30)),
        gated("name", _ASKED_FOR, _is_asked_for, words=_ASKING_WORDS, back=22, ahead=capital_within(45)),
        gated("name", _ON_PHONE, _is_on_phone, words=_ON_PHONE_WORDS, back=42),
        gated("name", _FROM_TOWN, _is_from_town, tail=70),
        gated("name", _MYSELF, _is_myself, words=_MYSELF_WORDS, back=6, ahead=capital_within(14)),
    ]
