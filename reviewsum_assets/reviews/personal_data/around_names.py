"""What stands around people's names in six languages: people, what they do, how letters end, what is a brand."""

from __future__ import annotations

import re

from reviewsum_assets.reviews.personal_data.people_words import KIN_WORDS, WORKER
from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.recognition import spelled

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
PEOPLE = (
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
OPEN_WORDS = re.compile(r"[^\W\d_]+")


def people_before(before: str, within: int) -> bool:
    """Whether one of the last words, in the same sentence, is one for people."""
    sentence = re.split(r"[.!?\n]\s", before)[-1].lower()
    return not PEOPLE.isdisjoint(OPEN_WORDS.findall(sentence)[-within:])


def people_right_before(before: str) -> bool:
    """`the lad Kieran`, `der Monteur hieß Mirko`: a word for people, at most with `called` between."""
    if before.rstrip()[-1:] in {".", "!", "?", "\n", ";"}:
        return False
    words = OPEN_WORDS.findall(before.lower())[-4:]
    called = False
    while words and words[-1] in _CALLED and words[-1] not in PEOPLE:
        called = called or words[-1] in _NAMED
        words.pop()
    if called and words and words[-1] in _HE_OR_SHE:
        return True
    return bool(words) and words[-1] in PEOPLE


_WORKERS = spelled(WORKER)


def worker_right_before(before: str) -> bool:
    words = OPEN_WORDS.findall(before.lower())
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
DID_AFTER = re.compile(rf"(?i)\W{{1,2}}(?:[\w'’]+\s)?(?:{_DID})(?!\w)")
SERVED_AFTER = re.compile(
    r"(?i)\W{1,2}(?:[\w'’]+\s){0,3}?(?:helped|fixed|answered|replied|rang|delivered|brought|carried|installed"
    r"|fitted|phoned|emailed"
    r"|refused|deserves|went above|geholfen|half|brachte|rief|baute|antwortete|montiert|repariert|geliefert|beraten"
    r"|aidée?|répondu|expliqué|réglé|livrée?|installé|monté|ayudó|atendió|atendido|ayudado|llamó|resolvió"
    r"|resuelto|trajo|subió"
    r"|contestó|aiutat[oa]|risolto|portato|risposto|spiegato|montato|consegnato|seguit[oa]|gentilissim[oa]"
    r"|geholpen|hielp"
    r"|bracht|belde|loste|regelde|opgelost|bezorgd|gemonteerd)(?!\w)"
)
AT_SOMEONES = re.compile(
    r"(?i)(?<!\w)(?:bei|chez|with|con|da|bij|à|an|für|for|pour|para|per|voor|to|aan|durch|door|mit"
    r"|avec|met|von|by|from|par|por)\s(?:(?:unser\w*|mein\w*|our|my|notre|mon|ma|mi|nuestr\w+|mijn"
    r"|onze|der|dem|den|die|la|el|il|lo|de|lieben|kleine[nr]?|little|petite?)\s){0,2}\Z"
)
HOME_NEAR = re.compile(
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
CLOSES = re.compile(
    r"(?:\A|[.!?…\n:;)\]>❤️💕😊🙂👍😉😀🥰😍🙏💐🌸🎉😃🤗☺️]|\s[-–—~*/]|,|\b[xX]{1,3}|[Ll][Gg]|[Vv][Gg]"
    r"|[Mm]f[Gg])\s*[-–—~*/]*\s*\Z"
)
LETTER_END = re.compile(
    r"(?i)(?<!\w)(?:regards|wishes|sincerely|yours|cheers|ta(?: muchly)?|love|thanks|thank you|gr(?:ü|ue)(?:ß"
    r"|ss)(?:e|en|le|li)?"
    r"|gru(?:ß|ss)|grüssli|mfg|lg|vg|bg|glg|danke|dank|eure?|ihre?|dein\w*|bis bald|tschüss|servus"
    r"|alles liebe"
    r"|cordialement|salutations|cdlt|cdt|crdt|bises|bisous|amicalement|merci|amitiés|bien à vous|à "
    r"bientôt|votre|saludos?|atentamente|atte|abrazos?|besos?|gracias|vuestr[oa]|saluti|saluto"
    r"|abbraccio|baci|grazie|vostr[oa]|cordialmente|in fede"
    r"|groet(?:en|jes)?|groetnis|mvg|liefs|bedankt|dank|jullie|kusjes?|hoogachtend)(?!\w)[^\n.!?]{0,45}\Z"
)
WEAK_END = re.compile(
    r"(?i)(?<!\w)(?:love|thanks|thank you|danke|dank|merci|gracias|grazie|bedankt|votre|ihre?|eure?"
    r"|jullie|vostr[oa]|vuestr[oa]|dein\w*)(?!\w)([^\n.!?]{0,45})\Z"
)
_END = (
    r"(?P<end>(?:\s\d{1,2}\b|,?\s\(?\d\d\)?(?:\s(?:jahre|ans|años|anni|jaar|years))?|,?\s(?:aus|from"
    r"|de|da|di|uit|d['’]|in)\s[A-ZÀ-Þ][\w-]+(?:\s[A-ZÀ-Þ][\w-]+)?"
    r"|,\s[A-ZÀ-Þ][\w-]+)?(?:\W|x)*(?:\n|\Z))"
)
AT_END = re.compile(_END, re.IGNORECASE)
SPOKEN_TO = re.compile(
    r"(?i),\s(?:danke|du |ihr |falls|wenn du|vielen|thank|thanks|you |if you|please|merci|tu |si tu"
    r"|gracias|eres|si lees|grazie|sei |se leggi|bedankt|dank|jij|je |als je)"
)
MADE_BY = re.compile(
    r"(?i)(?<!\w)(?:author|book|novel|poet|singer|band|music|song|film|movie|actor|director|series"
    r"|brand|marke|modell?e?|matratze|mattress|parfum|perfume|duft|shampoo|koffer|schuhe|puppe|doll"
    r"|autor\w*|buch|roman|krimi|biogra\w+|lied|musik|album|sänger\w*|schauspieler\w*"
    r"|auteur|livre|roman|chanson|chanteu\w+|marque|parfum|autora?|libro|novela|canción|cantante|marca"
    r"|biograf\w+|autore|autrice|romanzo|canzone|schrijv\w+|boek|zanger\w*|merk|liedje|hörbuch"
    r"|audiobook|podcast|kochbuch|cookbook|rezept\w*|konzert|concert|cd|vinyl|lp|dvd|bluray|comic"
    r"|manga|tonie|hörspiel|kultfigur"
    r"|hurricane|hurrikan|orkan|ouragan|huracán|uragano|orkaan|tempête|kaiser|könig\w*|king|queen|saint|san|santa"
    r"|sankt|st|präsident|president|präsidentin|kanzler\w*"
    r"|pope|papst|kommissar\w*|detective|inspector|inspektor)(?!\w)"
)
BIG_BRAND_AFTER = re.compile(r"\s(?:[A-Z]{2,}|[A-Z]?\d)|[-®™]|['’]s\s[A-Z]")
