"""Numbers of accounts, cards, customers, orders, parcels and cases.

Numbers that fill product reviews (EAN, model, firmware, size, price, date) are told from personal ones by check digits
or by the word before them, never by length alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reviewsum_assets.reviews import personal_words as words
from reviewsum_assets.reviews.personal_data.dates import is_date
from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.recognition import (
    CreditCardRecognizer,
    Gated,
    IbanRecognizer,
    PatternWithContext,
    Signs,
    digit_within,
    gated,
    spelled,
)


class PaymentCardRecognizer(CreditCardRecognizer):
    """Presidio's, for 14 to 16 digits: its 13-digit cards are long gone, and German EANs start with a 4 too."""

    def validate_result(self, pattern_text: str) -> bool:
        digits = re.sub(r"\D", "", pattern_text)
        if not 14 <= len(digits) <= 16 or len(set(digits)) < 2:
            return False
        return bool(_CARD_PREFIX.match(digits)) and bool(super().validate_result(pattern_text))


_CARD_PREFIX = re.compile(
    r"4\d{15}|5[0-5]\d{14}|2[2-7]\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|3[47]\d{13}|3[068]\d{12}|6[07]\d{14}|35\d{14}"
)
_CARD_SPACED = (
    r"(?<![\w.,-])(?P<pii>\d{4}(?:[ .-]{1,3}\d{4}){3}|3[47]\d{2}[ .-]{1,3}\d{6}[ .-]{1,3}\d{5})(?![\w.,-]?\d)"
)
_CARD_CALLED = (
    r"(?i)\b(?:credit\s?card|debit\s?card|card|visa|mastercard|amex|kreditkarte\w*|karten?\w*|carte|cb|tarjeta"
    r"|visa|carta"
    r"|creditcard|bankpas|pas|kaart)\b(?:[\s-]*(?:number|no|nummer|nr|numéro|n[°º]|número|numero|ending|endend"
    r"|endet auf))?"
    r"(?:\W{1,3}\w{1,10}){0,2}\W{1,4}(?P<pii>\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,4}(?:[ -]?\d{1,3})?)(?![\w.,-]?\d)"
)
_LOOSE_IBAN = (
    r"(?i)(?<![\w-])(?P<pii>(?:A[DT]|B[EG]|C[HYZ]|D[EK]|E[ES]|F[IR]|G[BR]|H[RU]|I[EST]|L[ITUV]|M[CT]|N[LO]|P[LT]|RO"
    r"|S[EIKM])[\s./–-]{0,3}\d\d(?:[\s./–-]{0,3}[A-Z0-9]){11,27}?)(?![A-Za-z0-9]|[./–-][A-Z0-9]|\s\d)"
)
_SORT_CODE = (
    r"(?i)\bsort\s?code\W{1,4}(?:is\s)?(?P<pii>\d\d[ -]?\d\d[ -]?\d\d(?:\W{1,3}(?:and\s|account\s"
    r"|acct?\.?\s|number\s|no\.?\s"
    r"|is\s){0,4}\d{8})?)(?!\d)"
)
_IBAN_LENGTH = {
    "AT": 20, "BE": 16, "CH": 21, "DE": 22, "ES": 24, "FR": 27, "GB": 22, "IE": 22, "IT": 27, "LI": 21, "LU": 20,
    "NL": 18, "PT": 25, "PL": 28, "AD": 24, "BG": 22, "CY": 28, "CZ": 24, "DK": 18, "EE": 20, "FI": 18, "GR": 27,
    "HR": 21, "HU": 28, "IS": 26, "LT": 20, "LV": 21, "MC": 27, "MT": 31, "NO": 15, "RO": 24, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27,
}  # fmt: skip
_IBAN_CALLED = re.compile(
    r"(?i)\b(?:iban|konto\w*|bank\w*|account|acct|compte|cuenta|conto|rekening\w*|überweis\w*|refund|erstatt\w*"
    r"|bonifico"
    r"|virement|transferencia)\b"
)


def _is_loose_iban(match: re.Match[str]) -> bool:
    """An IBAN with odd separators by its check digits (ISO 13616), or one mistyped that is called an account."""
    found = re.sub(r"[\s./–-]", "", match.group("pii")).upper()
    if len(found) != _IBAN_LENGTH[found[:2]]:
        return False
    rearranged = "".join(str(int(character, 36)) for character in found[4:] + found[:4])
    near = match.string[max(0, match.start() - 40) : match.start()]
    return int(rearranged) % 97 == 1 or _IBAN_CALLED.search(near) is not None


def _is_spaced_card(match: re.Match[str]) -> bool:
    return bool(_CARD_PREFIX.match(re.sub(r"\D", "", match.group("pii"))))


def _is_called_card(match: re.Match[str]) -> bool:
    return 13 <= len(re.sub(r"\D", "", match.group("pii"))) <= 19


# Orders, parcels, invoices, cases; customers

_TOKEN = (
    r"(?P<pii>#?\s?(?=[\w./ -]{0,14}\d)(?:[A-Za-z]{0,6}[-/._ ]?(?<![a-z]{4}[ ]))?\d[\dA-Z]*(?:[-/._ ]?(?<! "
    r")[A-Z]{0,5}\d[\dA-Z]*| \d{2,}[\dA-Z]*|-[A-Z]{1,6}(?![a-z]))*"
    r"|#?(?:[A-Z0-9]{2,}[-/._]){1,5}[A-Z0-9]{2,}"
    r"|#?[A-Z][A-Z0-9]*\d[A-Z0-9]*(?:[-/._][A-Z0-9]+)*)"
)
_ORDER_NUMBERED = (
    rf"(?<!\w)(?:(?i:{words.ORDER})s?[\s-]*(?i:{words.NUMBER_WORD})"
    rf"|(?i:{words.NUMBER_WORD})\.?{words.OF}(?i:{words.ORDER})"
    rf"|(?i:{words.ORDER})\s*[#:])(?!\w)\.?{words.OF}(?i:my order|mia|ma|mi|mijn|commande"
    rf"|client)?{words.CONNECTOR}{_TOKEN}{words.NOT_AFTER}"
)
_ORDER_ALONE = rf"(?<!\w)(?i:{words.ORDER_ALONE})(?!\w)\.?{words.CONNECTOR}{_TOKEN}{words.NOT_AFTER}"
_ORDER_THEN_NUMBER = (
    rf"(?<!\w)(?i:{words.ORDER_ALONE})(?!\w)[^\n!?]{{1,40}}?(?<!\w)(?:(?i:nr|no|num|number|nummer|numéro|número"
    rf"|numero)\.?:?|n[°º]|#)"
    rf"{words.CONNECTOR}{_TOKEN}{words.NOT_AFTER}"
)
_CUSTOMER = (
    rf"(?<!\w)(?:(?i:{words.CUSTOMER})s?[\s-]*(?i:{words.NUMBER_WORD})"
    rf"|(?i:{words.NUMBER_WORD})\.?{words.OF}(?i:{words.CUSTOMER}))"
    rf"(?!\w)\.?{words.CONNECTOR}{_TOKEN}{words.NOT_AFTER}"
)
_CUSTOMER_ALONE = rf"(?<!\w)(?i:{words.CUSTOMER_ALONE})(?!\w)\.?{words.CONNECTOR}{_TOKEN}{words.NOT_AFTER}"
_CODE = (
    r"(?P<pii>#?(?=[\w./-]{0,30}\d[\w ./-]{0,3}\d[\w ./-]{0,3}\d[\w ./-]{0,3}\d[\w ./-]{0,3}\d)"
    r"[A-Za-z]{0,6}[-/._]?\d[\dA-Za-z]*(?:[-/._]?[A-Za-z]{0,4}[-/._]?\d[\dA-Z]*|[ ]\d{2,}[\dA-Z]*|[- "
    r"][A-Z]{1,3}(?!\w))*"
    r"|#?(?=[\w./-]{0,30}\d[\w./-]{0,8}\d[\w./-]{0,8}\d[\w./-]{0,8}\d)[A-Z]{1,6}[-/._ "
    r"]?[A-Z0-9]*\d[\dA-Z]*(?:[-/._][A-Z0-9]+)*)"
)
_BETWEEN = r"(?P<between>[^\d\n!?]{1,60}?)(?<![\w.,/+-])"
_ORDER_SOMEWHERE = rf"(?<!\w)(?i:{words.ORDER_NOUN})(?!\w){_BETWEEN}{_CODE}{words.NOT_AFTER}"
_CUSTOMER_SOMEWHERE = rf"(?<!\w)(?i:{words.CUSTOMER_NOUN})(?!\w){_BETWEEN}{_CODE}{words.NOT_AFTER}"
_COMPOUND_NUMBER = (
    r"(?i)(?<!\w)(?!(?:artikel|modell?|serien?|teile?|produkt|product|typ|farb|chargen?|los|haus|huis"
    r"|seiten?|zimmer|ersatzteil\w*|katalog|part|ean|isbn|ruf|rück\w*|telefon\w*|telefoon|handy"
    r"|mobil\w*|gsm|fax|thuis\w*|vaste?|privé?\w*|privat\w*|rück\w*|paginas?|art|bau|kapitel|folgen?"
    r"|band|deel|onderdeel|bestell?artikel|kamer|kleur|maat|stück|start|lade|pin|glücks|lot|lotto"
    r"|versions?|rahmen|fahrgestell|kanal|material|pro\w*|hersteller)(?:-|s|en)*(?:nummer|nr))"
    r"[a-zà-ÿ-]{2,40}?(?:nummer|nr|auftrag|meldung|melding|antrag|aanvraag|anzeige|aangifte|zeichen"
    r"|kenmerk|ticket|sinistre|vorgang)(?!\w)\.?\s?(?:ist|is|war|lautet|:|=|#|–)?\s?:?\s?"
    r"(?-i:(?P<pii>(?=(?:[\w./-]{0,3}[ ]?){1,8}?(?:\d[\w ./-]{0,4}){5})[A-Z0-9]{1,12}(?:[ "
    r"./-][A-Z0-9]{1,12}){0,6}))(?![\w€$£%])"
)
_COMPOUND_SIGN = re.compile(
    r"(?:nummer|nr|auftrag|meldung|melding|antrag|aanvraag|anzeige|aangifte|zeichen|kenmerk"
    r"|ticket)\W{1,4}(?:(?:ist|is|war|lautet)\W{1,3})?[a-z]{0,5}[ ./-]?\d"
)
_OTHER_NUMBER = re.compile(
    rf"(?i)\b(?:{words.NOT_PHONE.replace('ref|', '')}|{words.PHONE_NOUN}|tel|euros?|eur|model+\w*|watt"
    rf"|for|with|mit|für|avec|pour|con|para|per"
    r"|met|voor|a|an|ein\w*|une?|una?|uno|een)\W{0,3}\Z|[€$£]"
)
_CALLS = re.compile(
    r"(?i)\b(?:call|ring|text|phone|chiam\w+|appel\w+|llam\w+|bel|bellen|ruf\w*|anruf\w*|tel"
    r"|telefon\w*|whatsapp|mobil\w*|handy\w*|cell|cellulare|portable)\b"
)
_REFERENCE = re.compile(
    r"(?i)\b(?:ref|réf|référence|referencia|riferimento|reference|referenz|código|codice|code"
    r"|cod)\W{0,3}\Z"
)
_PARCEL = (
    r"(?<![\w-])(?P<pii>1Z ?(?:[0-9A-Z] ?){15}[0-9A-Z]|(?!RTX|GTX)[A-Z]{2} ?\d{2,3} ?\d{3} ?\d{3,4} ?(?:DE|FR|ES|IT|NL"
    r"|GB|US|CN|BE|AT|CH"
    r"|LU|IE|PL|SE|HK|SG|DK|NO|FI|PT|CZ|HU|JP|KR|TR|CA|AU|LT|LV|EE)|JJ?D\d{10,24}|TBA\d{9,13}"
    r"|H\d\d ?[A-Z\d]{3} ?(?:\d ?){9}\d|3S[A-Z]{4,6}\d{7,10}|0034\d{16}|H10\d{17,18}|6[ACGMQVX]\d{11}"
    r"|LP\d{14}"
    r"|QX\d{10,12}|[89][RLV]\d{11}|YT\d{16}|2C\d{2}[A-Z]\d{8}|99[. ]\d\d[. ]\d{6}[. ]\d{8}|3232\d{20}"
    r"|GB\d{9,12}GB|XN\d{9}GB|[A-Z]{2}\d{13}[A-Z]?)(?!\w)"
)
_ORDER_ON_PAPER = (
    rf"(?<!\w)(?i:{words.ORDER_PAPER})(?!\w)\.?(?:\s(?i:{words.NUMBER_WORD})(?!\w)\.?)?{words.CONNECTOR}"
    rf"(?P<pii>#?\s?(?:[A-Z]{{1,5}}[ ./-]{{0,2}})?\d[\dA-Z]*(?:[./-][\dA-Z]+|\s\d{{2,}})*){words.NOT_AFTER}"
)
_ORDER_REGISTERED = (
    rf"(?<!\w)(?i:{words.ORDER_NOUN}|{words.ORDER_PAPER})(?!\w)(?P<between>[^\d\n!?]{{0,70}}?)(?<!\w)"
    r"(?i:under|as|called|appelée?|genannt|llamado|chiamato|genoemd|number(?:ed)?|no\.?|unter|als|nummer|nr\.?"
    r"|sous|comme|numéro|n°|bajo|con el|como|número|nº|sotto|come|col"
    r"|numero|onder|op nummer|code|código|codice|ref\.?|réf\.?|referencia|référence|reference|riferimento"
    r"|referentie|referenz"
    r"|id|zeichen|kennung|kenmerk)(?!\w)\.?(?:\s(?i:the|der|die|dem|le|la|el|il|de|het|number|nummer|nr\.?|no\.?"
    r"|numéro|número|numero|n[°º.]"
    r"|code|código|codice|reference|referenz|referencia|réf\.?|ref\.?|is|was|ist|war|lautet|est|es|è"
    r"|was))*\s?[:#\"“„(]?\s?"
    rf"(?P<pii>#?(?:[A-Z]{{1,5}}[ ./-]{{0,2}})?\d[\dA-Z]*(?:[./-][\dA-Z]+|\s\d{{2,}})*){words.NOT_AFTER}"
)
_UNDER_NUMBER = (
    r"(?<!\w)(?:(?i:under|unter|sous|bajo|sotto|onder|avec|con|mit|met|with|as|als|come)\s(?i:the\s|der\s|dem\s"
    r"|la\s|le\s|el\s|il\s|de\s|het\s)?)?"
    r"(?i:ref(?:erence|erenz|erencia|erentie)?|réf(?:érence)?|riferimento|aktenzeichen|az|vorgang|fall|case"
    r"|ticket|dossier|kenmerk|pratica|expediente|parte)"
    r"(?!\w)\.?:?\s(?:(?i:number|no\.?|nr\.?|n[°º.]|nummer|numéro|número|numero)\s)?"
    rf"(?P<pii>#?[A-Z]{{1,5}}[-/. ]?\d[\dA-Z]*(?:[./-][\dA-Z]+)*){words.NOT_AFTER}"
)
_COMPLAINS = re.compile(
    r"(?i)\b(?:abrier\w+|abrió|opened|ouvert\w*|apert[oa]|geopend|eröffnet|open|answer|reply|refund|claim"
    r"|complain\w*|damaged|exchange|returned|offen|antwort\w*|erstatt\w*"
    r"|reklam\w*|umtausch"
    r"|defekt|kaputt|under|unter|sous|bajo|sotto|onder|réponse|rembours\w*|échange|réclam\w*|cassé|abierto"
    r"|respuesta|reembolso|cambio|reclam\w*"
    r"|roto|aperta|risposta|rimborso|reso|sostituz\w*|rotto|antwoord|terug\w*|klacht|kapot|ruil\w*|service|sav"
    r"|support)\b"
)
_PREFIXED = (
    r"(?<![\w-])(?P<pii>#?(?:INV|ORD|ORDER|RMA|RET|RTN|TKT|TCK|INC|CMD|PED|FACT|AUF|BEST|SHP|TRK|TICKET|CASE"
    r"|REFUND)[-/_ ]?\d{4,}"
    r"(?:[-/]\d+)*)(?![\w-])"
)
_PREFIXED_SIGN = re.compile(
    r"(?:inv|ord|order|rma|ret|rtn|tkt|tck|inc|cmd|ped|fact|auf|best|shp|trk|ticket|case|refund)[-/_ ]?\d{4}"
)
_HASHED = (
    r"(?P<pii>(?<![\w&])#\s?(?=[\w-]{0,12}\d[\w-]{0,6}\d[\w-]{0,4}\d[\w-]{0,4}\d)"
    r"(?:[A-Z]{1,5}-?)?\d[\dA-Z]*(?:-[\dA-Z]+)*)(?![\w])"
)
_ABOUT_ORDERS = re.compile(
    rf"(?i)(?<!\w)(?:{words.ORDER}|{words.ORDER_ALONE}|{words.ORDER_NOUN}|nr|no|n°|nº|bestell\w*|stornier\w*"
    rf"|cancel\w*|refund\w*"
    r"|geliefert|delivered|livrée?|entregad[oa]|consegnat[oa]|geleverd|annul\w+)(?!\w)"
)
_MARKETPLACE_ORDER = r"(?<![\w-])(?P<pii>[0-9D]\d{2}-\d{7}-\d{7})(?![\w-])"
_PRODUCT_NEAR = re.compile(
    r"(?i)\b(?:part|article|item|artikel\w*|teile?\w*|ersatzteil\w*|pièce|pieza|pezzo|onderdeel\w*|onderdelen"
    r"|model+\w*|product)"
    r"\s?(?:no|nr|number|nummer|n[°º])?\.?:?\s?\Z"
)
_QUANTITY = re.compile(r"\d+(?:[.,]\d{1,2})\Z|\d{1,3}(?:[. ]000)+\Z")


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match.group("pii"))


def _is_numbered(match: re.Match[str]) -> bool:
    """After `order number`: four digits or more, or a long code with some."""
    found = match.group("pii").strip("# ")
    enough = len(_digits(match)) >= 4 or (len(found) >= 6 and len(_digits(match)) >= 2)
    return enough and not is_date(found) and not _QUANTITY.match(found)


def _is_long_number(match: re.Match[str]) -> bool:
    """After a bare `order`: six digits (five after a #), so that amounts, years and dates stay."""
    found = match.group("pii")
    least = 5 if "#" in match.group() or re.match(r"[A-Z]", found) else 6
    if len(_digits(match)) < least or is_date(found.strip("# ")) or _QUANTITY.match(found):
        return False
    return not _PRODUCT_NEAR.search(match.string[max(0, match.start("pii") - 25) : match.start("pii")])


def _is_on_paper(match: re.Match[str]) -> bool:
    """Four digits with letters or a stroke, five without: a paper's own number, no year, amount or date."""
    found = match.group("pii").strip("# ")
    if is_date(found) or _QUANTITY.match(found) or re.fullmatch(r"(?:19|20)\d\d", found):
        return False
    digits = len(_digits(match))
    shaped = re.search(r"[A-Z#]|\d[/-]\d", match.group("pii")) is not None
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}|[A-Z]{1,3}\s?(?:19|20)\d\d|\d+\s\d{1,3}", found):
        return False
    return digits >= 4 if shaped else digits >= 5


def _is_registered(match: re.Match[str]) -> bool:
    lettered = re.match(r"[A-Z]{2,5}-\d", match.group("pii")) is not None
    if not lettered and (_CALLS.search(match.group("between")) or _OTHER_NUMBER.search(match.group("between"))):
        return False
    near = match.group()[: match.start("pii") - match.start()][-25:]
    return _is_on_paper(match) and _ARTICLE_NUMBER.search(near) is None


_ARTICLE_NUMBER = re.compile(
    r"(?i)\b(?:art\w*|model\w*|part\w*|teile\w*|ean|serien\w*|serial|phone|telefon\w*|tel|pagin\w*|seite)\b"
)


def _is_complaint(match: re.Match[str]) -> bool:
    """`Ref SR-44019-B for the damaged hob`: a product has a reference too, but none that is answered."""
    near = (
        match.string[max(0, match.start() - 60) : match.start("pii")]
        + " … "
        + match.string[match.end() : match.end() + 60]
    )
    return _is_on_paper(match) and _COMPLAINS.search(near) is not None and not _PRODUCT_NEAR.search(near)


def _is_hashed(match: re.Match[str]) -> bool:
    """`Nr. #40733-DE geliefert`: where orders are spoken of near."""
    near = (
        match.string[max(0, match.start() - 90) : match.start()] + " … " + match.string[match.end() : match.end() + 60]
    )
    return len(_digits(match)) >= 4 and _ABOUT_ORDERS.search(near) is not None


def _is_code_somewhere(match: re.Match[str]) -> bool:
    """Some words behind `order`: five digits or more, not of a model, a phone or a price."""
    found = match.group("pii").strip("# ")
    if _CALLS.search(match.group("between")):
        return False
    if len(_digits(match)) < (4 if re.search(r"[A-Z]", found) and len(found) >= 8 else 6):
        return False
    if (
        is_date(found)
        or _QUANTITY.match(found)
        or (_OTHER_NUMBER.search(match.group("between")) and not _REFERENCE.search(match.group("between")))
    ):
        return False
    return not re.match(r"(?:[a-z]{5}|(?:19|20)\d\d\b[ -](?:19|20)?\d\d\b)", found)


_OWN_NUMBER = re.compile(
    r"(?i)(?:kunden|klant|lid|mitglied|vertrag|contract|polis|police|versicher|steuer|sozial|pass"
    r"|paspoort|ausweis|bsn|burger|rijks|ahv|sv|id|konto"
    r"|führerschein|rijbewijs|renten|personal|patient|patiënt|kranken|matrikel|leden|abo|teilnehmer|bank|rekening|post)"
)


def _is_own_number(match: re.Match[str]) -> bool:
    return _is_long_enough(match) and _OWN_NUMBER.match(match.group()) is not None


def _is_case_number(match: re.Match[str]) -> bool:
    return _is_long_enough(match) and _OWN_NUMBER.match(match.group()) is None


def _is_long_enough(match: re.Match[str]) -> bool:
    return len(_digits(match)) >= 5 and not is_date(match.group("pii"))


_NOUNS = spelled(words.ORDER_NOUN)
_REFERENCE_WORDS = word_set(
    "ref reference referenz referencia referentie réf référence riferimento aktenzeichen az vorgang fall case "
    "ticket dossier kenmerk "
    "pratica expediente parte"
)
_PAPER_WORDS = spelled(words.ORDER_PAPER) - word_set("ra crédito order delivery")
_CUSTOMER_NOUNS = spelled(words.CUSTOMER_NOUN)
_ORDER_WORDS = spelled(words.ORDER) | spelled(words.ORDER_ALONE)
_CUSTOMER_WORDS = spelled(words.CUSTOMER)


def account_recognizers() -> list[Gated]:
    """Recognisers of IBANs, payment cards, and numbers of customers and orders."""
    orders = tuple(sorted(word for word in _ORDER_WORDS if len(word) > 2))
    customers = tuple(sorted(_CUSTOMER_WORDS))

    def digits(least: int) -> Callable[[Signs], bool]:
        return lambda signs: signs.digits >= least

    def called(
        mark: str, pattern: str, check: Callable[[re.Match[str]], bool], least: int, near: tuple[str, ...]
    ) -> Gated:
        recognizer = PatternWithContext(mark, pattern, check, beginnings=near, back=25, ahead=digit_within(75))
        return Gated(mark, recognizer, lambda signs: signs.digits >= least and signs.any_compound(near))

    def compound(signs: Signs) -> bool:
        return signs.digits >= 4 and _COMPOUND_SIGN.search(signs.lower) is not None

    return [
        Gated("iban", IbanRecognizer(supported_language="xx"), digits(7)),
        gated("iban", _LOOSE_IBAN, _is_loose_iban, digits(9)),
        gated("iban", _SORT_CODE, None, digits(6), words=frozenset({"sort", "sortcode"}), back=5),
        Gated("card", PaymentCardRecognizer(supported_language="xx"), digits(12)),
        gated("card", _CARD_SPACED, _is_spaced_card, digits(14)),
        gated("card", _CARD_CALLED, _is_called_card, digits(13)),
        called("order", _ORDER_NUMBERED, _is_numbered, 4, orders),
        called("order", _ORDER_ALONE, _is_long_number, 5, orders),
        called("order", _ORDER_THEN_NUMBER, _is_long_number, 5, orders),
        gated("order", _ORDER_SOMEWHERE, _is_code_somewhere, digits(4), words=_NOUNS, back=16, ahead=digit_within(90)),
        gated(
            "id",
            _CUSTOMER_SOMEWHERE,
            _is_code_somewhere,
            digits(4),
            words=_CUSTOMER_NOUNS,
            back=16,
            ahead=digit_within(90),
        ),
        gated("order", _COMPOUND_NUMBER, _is_case_number, compound),
        gated("id", _COMPOUND_NUMBER, _is_own_number, compound),
        gated("order", _ORDER_ON_PAPER, _is_on_paper, digits(4), words=_PAPER_WORDS, back=22, ahead=digit_within(50)),
        gated(
            "order",
            _ORDER_REGISTERED,
            _is_registered,
            digits(4),
            words=_NOUNS | _PAPER_WORDS,
            back=22,
            ahead=digit_within(110),
        ),
        gated(
            "order", _UNDER_NUMBER, _is_complaint, digits(4), words=_REFERENCE_WORDS, back=12, ahead=digit_within(40)
        ),
        gated(
            "order", _PREFIXED, None, lambda signs: signs.digits >= 4 and _PREFIXED_SIGN.search(signs.lower) is not None
        ),
        gated("order", _HASHED, _is_hashed, lambda signs: "#" in signs.text and signs.digits >= 4),
        gated("order", _MARKETPLACE_ORDER, None, digits(12)),
        gated("order", _PARCEL, None, digits(7)),
        called("id", _CUSTOMER, _is_numbered, 4, customers),
        called("id", _CUSTOMER_ALONE, _is_long_number, 5, customers),
    ]
