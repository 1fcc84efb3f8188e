"""Street addresses of twelve countries, postcodes that are called so, post boxes.

A street kind that is also an everyday word (`Platz`, `Way`, `via`, `place`, `route`) counts only with a postcode and
town behind it or where the text speaks of living, delivering or a neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.recognition import Gated, PatternWithContext, Signs, at_once, digit_within, gated, spelled

CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_WORD = rf"{CAPITAL}[\w'’.-]*[\w'’]|{CAPITAL}"
_NAME = rf"(?:{CAPITAL}[\w'’ß-]+|St\.|S\.|Sta\.|Dr\.|Prof\.|{CAPITAL}\.)"
_UNIT = (
    r"(?:%|€|\$|£|°|x\b|mal\b|times\b|euros?\b|mm\b|cm\b|m\b|km\b|kg\b|g\b|gb\b|tb\b|mb\b|hz\b|w\b|v\b|mah\b"
    r"|watt\b|stück\b|st\.|minuten\b"
    r"|min\b|stunden\b|tagen?\b|wochen\b|monaten?\b|jahren?\b|sterne?\b|personen\b|seiten\b|giorni\b|ore\b|volte\b"
    r"|minuti\b|mesi\b"
    r"|anni\b|stelle\b|días\b|veces\b|horas\b|meses\b|años\b|estrellas\b|jours\b|fois\b|heures\b|mois\b|ans\b"
    r"|étoiles\b|keer\b"
    r"|dagen\b|uur\b|weken\b|maanden\b|jaar\b|sterren\b|bladzijden\b|minutes?\b|days?\b|hours?\b|stars?\b|years?\b"
    r"|kapitel\b|metros?\b|metri\b|mètres?\b|metres?\b|meters?\b|centímetros?\b|centimetri\b|zentimeter\b"
    r"|centimeter\b|litros?\b"
    r"|litri\b|litres?\b|liter\b|piezas\b|pezzi\b|stuks\b|pièces\b|personas\b|persone\b|personnes\b|people\b)"
)
HOUSE = (
    rf"\d{{1,4}}(?:\s?[a-zA-Z](?![\w'’])|\s?(?:bis|ter|quater|hs|rood|zwart)\b|[-/](?:[IVX]{{1,3}}|[a-zA-Z]|bis|hs)\b"
    rf"|\s?[-–/+]\s?\d{{1,4}}[a-z]?(?!\w)){{0,3}}(?!\w|[.,]\d|\s?(?i:{_UNIT}))"
)
NUMBERED = r",?\s(?:[Hh]aus|[Hh]uis)?(?:[Nn]ummer|[Nn]r\.?)(?=\s\d)"
"""`Gartenstraße, Hausnummer 17`."""
_NOT_TOWN = (
    r"(?!(?:Stunden|Euro|Stück|Watt|Bewertungen|Seiten|Lumen|Sterne|Reviews|Akkus|Batterien|Uhr|Jahre|Schritte"
    r"|Umdrehungen|W|V)\b)"
)
TOWN = (
    rf"{_NOT_TOWN}(?:(?:[AO]\s)?{CAPITAL}[\w'’-]+|St\.\s{CAPITAL}[\w-]+)(?:[ -](?:(?:am|an der|im|in der|ob der"
    rf"|bei|sur|sous"
    rf"|les|la|le|de|del|della|di|en|aan|den|op|upon"
    rf"|in)[ -])?(?:l['’])?{CAPITAL}[\w'’ß-]+){{0,3}}(?:\s\([A-Z]{{2}}\))?"
)
_PLACE = (
    rf"(?:\s?[,;–\n/-]?\s?(?:in\s)?(?:(?:D|A|CH|F|E|I|NL|B|L|BE|LU|FR|ES|IT|DE|AT)[ -])?(?:\d{{5}}|\d{{4}} "
    rf"?[A-Z]{{2}}|\d{{4}}),?\s{TOWN}"
    rf"|,\s(?:in\s)?\d{{5}}(?!\d)|,\s(?!(?:Herr|Frau|Aber|Und|But|And|Mais|Pero|Ma|Maar)\b){TOWN})"
)
POSTED = (
    rf"(?:\s?[,;–\n/-]?\s?(?:in\s)?(?:(?:D|A|CH|F|E|I|NL|B|L|BE|LU|FR|ES|IT|DE|AT)[ -])?(?:\d{{5}}|\d{{4}} "
    rf"?[A-Z]{{2}}|\d{{4}}),?\s{TOWN})"
)

# German, Austrian, Swiss

_GERMAN_ENDING = (
    r"stra(?:ß|ss)e|str\.|str|weg|allee|platz|gasse|damm|ufer|chaussee|promenade|stieg|steig|graben|markt|ring"
    r"|gürtel|hof"
    r"|berg|feld|wall|pfad|zeile|siedlung|park|brücke|tor|winkel|kamp|garten|wiese|rain|halde|matte|kai|lände|steg"
    r"|straat"
)
_GERMAN_STRONG = r"stra(?:ß|ss)e|str\.|gasse|allee|chaussee|weg|damm|ufer|promenade|gürtel|stieg|zeile"
_GERMAN_COMPOUND = (
    rf"(?<![\w-])(?P<pii>(?:(?:Große|Kleine|Alte|Neue|Obere|Untere|Äußere|Innere|Hintere|Vordere|Lange|Hohe"
    rf"|{CAPITAL}[\w-]+er)\s)?"
    rf"(?:{CAPITAL}[\wß.]*-){{0,4}}{CAPITAL}?[\wß]{{1,30}}?(?P<kind>{_GERMAN_ENDING})(?:{NUMBERED})?\s?{HOUSE}{_PLACE}?)"
)
_GERMAN_SEPARATE = (
    rf"(?<![\w-])(?P<pii>(?:{CAPITAL}[\w'’ß.-]+[ -]){{1,3}}(?P<kind>[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Aa]llee"
    rf"|Platz|Gasse|Ring|Damm|Ufer|Gürtel"
    rf"|Chaussee|Markt|Landstra(?:ß|ss)e|Hof)\s{HOUSE}{_PLACE}?)"
)
_GERMAN_AT = (
    rf"(?<![\w-])(?P<pii>(?:Am|An der|An den|Auf der|Auf dem|Auf den|Im|In der|In den|Zum|Zur|Unter den|Hinter der"
    rf"|Hinterm|Vor dem|Beim|Bei der|Neben der|Alter|Neuer|Ob der)"
    rf"(?P<kind>)\s(?:{CAPITAL}[\wß-]+\s){{0,2}}{CAPITAL}[\wß-]+\s{HOUSE}{_PLACE}?)"
)
_PLACED = (
    rf"(?<![\w-])(?P<pii>(?:(?:Het|De|Den|Op|Aan|Op de|Aan de|In de|La|Le|Les|El"
    rf"|Il)\s)?(?:{CAPITAL}[\w'’ß-]+\s){{1,3}}(?P<kind>)(?:\s?n[°.]?\s?)?\d{{1,3}}\s?[a-zA-Z]?(?:[-/]\w{{1,3}})?,"
    rf"\s(?:(?:D|A|CH|F|E|I|NL|B|L)-)?(?:\d{{5}}|\d{{4}} ?[A-Z]{{2}}|\d{{4}})\s{TOWN})"
)

# Dutch, Flemish

_DUTCH_STRONG = r"straat|laan|gracht|kade|dijk|singel|steeg|dreef|plantsoen|straatje|laantje|plein|steenweg|lei|hofje"
_DUTCH = (
    rf"(?<![\w-])(?P<pii>(?:(?:{CAPITAL}[\w'’.-]+|van|v\.d\.|v/d|vd|v\.|de|der|den|het|ten|ter|'s|’s|’t"
    rf"|'t)\s){{0,4}}?['’]?(?:{CAPITAL}|'s-|’s-)[\w'’-]{{1,30}}?"
    rf"(?P<kind>{_DUTCH_STRONG}|str\.|ln\.|weg|pad|park|veld|hof|wal|markt|burg|kamp|weide|akker|baan|berg|haven"
    rf"|oord|land"
    rf"|zijde|end|eind)(?:{NUMBERED})?\s{HOUSE}(?:\s?(?:I{{1,3}}|bis|hs|bus \d+)\b)?{_PLACE}?)"
)
_DUTCH_LANE = (
    rf"(?<![\w-])(?P<pii>(?:Laan|Plein|Straat|Kade|Steenweg|Weg)(?P<kind>)\s(?:(?:van|der|de|den|het|op|tot|ter"
    rf"|ten)\s){{0,3}}{CAPITAL}[\w'’-]+(?:\s{CAPITAL}[\w'’-]+){{0,2}}\s{HOUSE}(?:-[IV]+)?{_PLACE}?)"
)

# French, Belgian, Swiss, Luxembourgish

_FRENCH_STRONG = (
    r"rue|avenue|av\.|ave\.|boulevard|bd\.?|bld|blvd|impasse|allée|allées|chemin|chaussée|faubourg|fbg|ruelle"
    r"|sentier|venelle"
)
_FRENCH_WEAK = (
    r"place|pl\.|quai|route|rte|cours|square|passage|résidence|lotissement|hameau|cité|villa|clos|montée|promenade"
    r"|esplanade|voie|rond-point"
)
_FRENCH_OF = r"(?:(?:de\sla|de\sl['’]|de|du|des|le|la|les|aux?|d['’]|l['’]|à\sl['’]|en)\s?){0,2}"
_FRENCH_NAME = (
    rf"(?:{_NAME}|\d{{1,2}}\s[\w]+|[a-zà-ÿ-]{{4,}}(?=,?\s\d{{5}}))(?:[ -](?:(?:de|du|des|la|le|les|et|d['’]"
    rf"|l['’])\s?){{0,2}}{_NAME}){{0,4}}"
)
_FRENCH = (
    rf"(?<![\w.,])(?P<pii>(?:(?:bât(?:iment)?|appt?|appartement|résidence"
    rf"|étage)\.?\s[\w]+,?\s)?\d{{1,4}}(?:\s?(?:bis|ter|quater"
    rf"|[a-dA-D])\b)?(?:\s?[-/]\s?\d{{1,4}})?\s?,?\s(?i:(?P<kind>{_FRENCH_STRONG}|{_FRENCH_WEAK}))"
    rf"\s{_FRENCH_OF}{_FRENCH_NAME}{_PLACE}?)"
)
_FRENCH_AFTER = (
    rf"(?<![\w-])(?P<pii>(?i:(?P<kind>{_FRENCH_STRONG}"
    rf"|{_FRENCH_WEAK}))\s{_FRENCH_OF}{_FRENCH_NAME},?\s(?:n[°º]\s?)?{HOUSE}(?:\s(?:bte|boîte)\s\d+)?{_PLACE}?)"
)
_FRENCH_PLACE = (
    rf"(?<!\w)(?P<pii>(?i:lieu[- ]dit|hameau|résidence|lotissement)(?P<kind>)\s(?:(?:de|du|la|le|les|l['’]"
    rf"|des)\s?){{0,2}}{_NAME}(?:[ -]{_NAME}){{0,3}},?\s\d{{5}}\s{TOWN})"
)

# Italian

_ITALIAN_STRONG = (
    r"viale|v\.le|piazzale|p\.le|piazzetta|p\.?zza|piazza|vicolo|vico|lungomare|lungarno|lungotevere|c\.so"
    r"|contrada|c\.da"
)
_ITALIAN_WEAK = r"via|corso|largo|strada|salita|borgo|traversa|calle|rione|località|frazione|loc\.|fraz\."
_ITALIAN = (
    rf"(?<![\w-])(?P<pii>(?i:(?P<kind>{_ITALIAN_STRONG}|{_ITALIAN_WEAK}))\s"
    r"(?!Amazon|Ebay|eBay|Mail|Internet|Bluetooth|Usb|USB|Wifi|WiFi|Wi-Fi|App|Email|Corriere|Libera)"
    rf"(?:(?:d(?:el|ello|ella|ei|egli|elle|i|a|all['’]|ell['’])|l['’])\s?)?(?:{_NAME}|\d{{1,2}}\s{CAPITAL}[a-z]+"
    rf"|(?:XX|IV|XXV)\s{CAPITAL}\w+)"
    rf"(?:[\s-](?:(?:d(?:el|ello|ella|ei|i|egli|ell['’]))\s?|e\s)?(?:{_NAME}"
    rf"|[IVX]{{1,4}}\b)){{0,4}},?\s(?:n(?:um)?[°.º]*\s?|civico\s)?{HOUSE}(?:,?\s(?:int|interno|scala"
    rf"|sc)\.?\s\w+)?{_PLACE}?)"
)

# Spanish

_SPANISH_STRONG = (
    r"calle|avenida|avda\.?|avd\.?|paseo|carrer|travesía|glorieta|rambla|callejón|c/|cl\.|av\.|pso\.|pza\.?"
    r"|plza\.?|pº|ctra\.?"
)
_SPANISH_WEAK = r"plaza|plaça|camino|ronda|carretera|urbanización|urb\.|barrio|rúa|vía|pasaje|cuesta|polígono|c\."
_SPANISH_OF = r"(?:(?:de\slas?|de\slos|del|de|la|el|los|las|d['’]en|d['’])\s?){0,2}"
_SPANISH = (
    rf"(?<![\w/-])(?P<pii>(?i:(?P<kind>{_SPANISH_STRONG}|{_SPANISH_WEAK}))\s?{_SPANISH_OF}"
    rf"(?:{_NAME}|\d{{1,2}}\sde\s{CAPITAL}?\w+)(?:[\s-](?:(?:de\slas?|de\slos|del|de|la|y"
    rf"|i)\s){{0,2}}{_NAME}){{0,4}}\s?,?\s(?:n[úu]?m?(?:ero)?[.º°o]*\s?)?(?:{HOUSE}|s/n|km\s?\d+)"
    rf"(?:\s?,?\s?(?:piso|portal|bloque|esc(?:alera)?|puerta|bajo|ático|bj)\.?\s?\w{{0,3}}"
    rf"|\s?,?\s\d{{1,2}}\s?\.?[ºª°]\s?-?\s?(?:\w{{1,4}}\b)?){{0,3}}{_PLACE}?)"
)

# British, Irish, American

_ENGLISH_STRONG = r"Street|Avenue|Ave|Road|Rd|Lane|Ln|Boulevard|Blvd|Crescent|Terrace|Mews|Grove|Parkway|Pkwy"
_ENGLISH_WEAK = (
    r"St|Drive|Dr|Court|Ct|Way|Close|Square|Gardens|Place|Pl|Hill|Row|Walk|Parade|Park|View|Rise|Green|Quay|Wharf"
    r"|Circle|Cir|Trail|Trl"
    r"|Loop|Highway|Hwy|Vale|Fields?|Meadows?|Bank|Gate|Yard|Heights|Mount|Croft|Drove|Broadway|Embankment|Villas"
    r"|Estate|Cottages|Green|Common|Bridge"
)
UK_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}"
_EIRCODE = r"[AC-FHKNPRTV-Y]\d[0-9W]\s?[0-9AC-FHKNPRTV-Y]{4}"
_US_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    r"|W[AIVY])"
)
_ENGLISH_TAIL = (
    rf"(?:,?\s(?:Apt|Apartment|Flat|Unit|Suite|Ste"
    rf"|#)\.?\s?#?\d{{0,4}}[A-Za-z]?\b)?(?:,\s(?:Co\.?\s)?{_NAME}(?:[\s-](?:(?:upon"
    rf"|on|under|of|the|in)[\s-])?{_NAME}){{0,2}}){{0,3}}"
    rf"(?:,?\s{_US_STATE}(?:\s\d{{5}}(?:-\d{{4}})?)?\b|,?\s\d{{5}}\b|,?\s{UK_POSTCODE}\b|,?\s{_EIRCODE}\b"
    rf"|\sBT\d+\s\d[A-Z]{{2}})?"
)
_FLAT = (
    r"(?:(?:Flat|Apartment|Apt|Unit|Suite|Room|flat|apartment)\s\d{1,4}[A-Za-z]?,?\s"
    rf"(?:(?:The\s)?{_NAME}(?:\s{_NAME}){{0,2}},\s)?)?"
)
_ENGLISH = (
    rf"(?<![\w.,£$€-])(?P<pii>{_FLAT}\d{{1,5}}(?:\s?[a-zA-Z])?(?:\s?[-/]\s?\d{{1,4}})?,?\s(?:(?:North|South|East"
    rf"|West|[NSEW]\.?|[NS][EW])\s)?(?:{CAPITAL}[\w'’.-]+\s|\d{{1,3}}(?:st|nd|rd|th)\s){{1,3}}"
    rf"(?P<kind>{_ENGLISH_STRONG}|{_ENGLISH_WEAK})\b\.?(?:\s(?:North|South|East|West|[NSEW]|NW|NE|SW"
    rf"|SE)\b)?(?!\s(?:of|for|from)\b){_ENGLISH_TAIL})"
)
_ENGLISH_HOUSE = (
    rf"(?<![\w-])(?P<pii>(?:(?:The\s)?(?:{CAPITAL}[a-z'’]+\s){{1,2}}?(?:Cottage|House|Farm|Farmhouse|Lodge|Barn"
    rf"|Villa|Manor|Mill|Rectory|Vicarage|Bungalow)|The(?:\s{CAPITAL}[a-z'’]+){{1,3}}),\s"
    rf"(?:\d{{1,3}}[a-z]?\s)?(?:{CAPITAL}[\w'’.-]+\s){{1,3}}(?P<kind>{_ENGLISH_STRONG}"
    rf"|{_ENGLISH_WEAK})\b{_ENGLISH_TAIL})"
)
_ENGLISH_POSTED = (
    rf"(?<![\w.,£$€-])(?P<pii>{_FLAT}\d{{1,5}}[a-zA-Z]?,?(?P<kind>)\s(?:{CAPITAL}[\w'’-]+,?\s){{1,6}}"
    rf"(?:{UK_POSTCODE}|{_EIRCODE}|{_US_STATE}\s\d{{5}})(?!\w))"
)
_POST_BOX = (
    r"(?i)(?<!\w)(?P<pii>(?:P\.?\s?O\.?\s?Box|Postfach|Postbus|Apartado(?: de correos)?|Casella postale|Boîte "
    r"postale|B\.P\.|BP)\s\d[\d ]{1,7}\b(?P<kind>)"
    rf"(?-i:(?:,\s{_NAME}(?:\s{_NAME}){{0,2}})?(?:,?\s{_US_STATE}\s\d{{5}}|,?\s{UK_POSTCODE}\b)?{POSTED}?))"
)

# Postcodes

_POSTCODE_BEFORE = (
    r"(?i:post\s?code|zip\s?code|zip|postleitzahl|plz|code postal|c\.?p\.?|código postal|cap|c\.a\.p\.|eircode"
    r"|live in|living in|lives? (?:in|at)"
    r"|wohne in|wohnen in|wohnhaft in|wohnt in|habite à|habite au|habitons à|vivo en|vivimos en|abito a|abitiamo a"
    r"|woon in|wonen in)"
)
_POSTCODE = (
    rf"(?<!\w){_POSTCODE_BEFORE}\W{{1,4}}(?:(?i:is|ist|est|es|è|lautet|mi|mijn|mein)\s)?"
    rf"(?P<pii>{UK_POSTCODE}\b|{_EIRCODE}\b|\d{{4}} ?[A-Z]{{2}}\b(?:\s{TOWN})?"
    rf"|(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s{TOWN}|\d{{5}}(?:-\d{{4}})?\b)"
)
_UK_ALONE = (
    r"(?<![\w-])(?P<pii>(?:AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT"
    r"|DY|EC|EH|EN|EX|FK"
    r"|FY|GL|GU|HA|HD|HG|HP|HR|HS|HU|HX|IG|IP|IV|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX"
    r"|PA|PE|PH|PL|PO"
    r"|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO"
    r"|ZE|[BEGLMNSW])"
    r"\d[A-Z\d]?\s\d(?!GB|TB|HZ|PH|AH|EU|ND|RD|TH|ST|PC|PK)[ABD-HJLNP-UW-Z]{2})(?!\w)"
)
_DUTCH_POSTCODE = rf"(?<![\w-])(?P<pii>[1-9]\d{{3}} [A-Z]{{2}},?\s(?!(?:LED|USB|TV|RGB|HD|UHD)\b){TOWN})"

_ADDRESS_WORDS = word_set(
    "live lives living lived address addresses deliver delivered delivery delivers delivering courier driver van "
    "parcel "
    "package left sent send ship shipped shipping house flat apartment neighbour neighbours neighbor moved dumped "
    "dropped "
    "posted dispatched collect collection pick based located home wohne wohnen wohnt wohnhaft adresse "
    "lieferadresse anschrift "
    "geliefert lieferung liefern zugestellt zustellung abgegeben paket bote fahrer versand versendet verschickt "
    "nachbar "
    "nachbarn hof tür abgelegt abgestellt stand filiale gesendet geschickt schicken zuhause hause habite habitons "
    "adresse "
    "livré livrée livrés livraison livrer livreur colis déposé déposée laissé voisin voisine voisins chez "
    "domicile envoyé "
    "envoyer gardienne vivo vivimos dirección direccion entregado entregaron entregar entrega repartidor paquete "
    "dejaron "
    "dejado dejó domicilio casa envío enviado enviar mandaron vecino vecina vive abito abitiamo abita indirizzo "
    "consegnato "
    "consegnata consegna consegnare corriere pacco lasciato lasciata spedire spedito spedizione vicino vicina "
    "portiere sto "
    "recapitato recapito woon wonen woont adres bezorgd bezorger bezorging bezorgadres pakket pakketje afgeleverd "
    "afgegeben "
    "afgegeven buren buurman buurvrouw geleverd verstuurd gestuurd verzonden ophalen stuur komen c anschrift"
)
_NOT_A_STREET = re.compile(
    r"(?i)\b(?:pakweg|onderweg|flash|hard|thumb|usb|pen|disk|test|star|disc|tape|half|front|rear|wheel|all|direct"
    r"|umweg|armweg|federweg|hubweg|feldweg"
    r" nr)\s|^(?:umweg|geweg|weg|abweg|arbeitsweg|schulweg|heimweg|rückweg|hinweg|federweg|hubweg|ausweg|radweg)\s"
    r"|^(?:stapelplatz|arbeitsplatz|speicherplatz|sitzplatz|stellplatz|parkplatz|schlafplatz|bauplatz|steckplatz"
    r"|einschub|listenplatz|spielplatz|tabellenplatz"
    r"|markt|supermarkt|baumarkt|drogeriemarkt|elektromarkt|mediamarkt|flohmarkt|onderweg|halverwege|snelweg"
    r"|fietspad|ladepark|hausmarkt|erfahrung"
    r"|bijsteek|sauerstoffgürtel|klettgürtel|schlüsselring|o-ring|o ring|herr der ring|motor|monitor|faktor|vektor"
    r"|sektor|editor|autor|prozessor|generator|adapter\w+|reaktor|rotor|kompressor|projektor|tractor|ventilator"
    r"|transistor|sensor)\b"
    r"|jump street|downing street|wall street|sesame street|rue sésame|plaza sésamo|baker street|charing cross"
    r"|abbey road|penny lane|melrose place|coronation street|privet drive|ligusterweg|mulholland drive|sunset "
    r"boulevard|evergreen terrace|elm street\b(?!,)|fleet street|wisteria lane|cloverfield lane|main street|high"
    r" street(?!,)|lindenstraße$|rue morgue|boulevard saint-germain$|fury road|revolutionary road|madison avenue"
    r"|fifth avenue|park avenue|5th avenue|easy street|memory lane|fast lane|street fighter|street view|one way"
    r"|two way|parkway drive|third way"
)
_STRONG = re.compile(
    rf"(?i)(?:{_GERMAN_STRONG}|{_DUTCH_STRONG}|{_FRENCH_STRONG}|{_ITALIAN_STRONG}|{_SPANISH_STRONG}"
    rf"|{_ENGLISH_STRONG})\Z"
)
_WITH_POSTCODE = re.compile(
    rf"\b(?:\d{{5}}|\d{{4}} ?[A-Z]{{2}}|\d{{4}}),?\s{CAPITAL}[\w'’ß.-]+|\b{UK_POSTCODE}\b|{_US_STATE}\s\d{{5}}"
)
_VAGUE = word_set("c van stand home based send casa chez left house komen sto")
"""Of these words, those that say too much else."""
_SPEAKS_OF_PLACE = re.compile(
    r"(?i)(?<!\w)(?:" + "|".join(sorted(_ADDRESS_WORDS - _VAGUE, key=len, reverse=True)) + r")(?!\w)"
)
_PRIVATE_NEAR = re.compile(
    r"(?i)\b(?:sto in|i live|stand (?:in|vor)|left (?:it )?(?:at|in|by)|house (?:at|on)|home (?:at|on|in)|chez "
    r"(?:moi|nous)|mi casa|komt? (?:op|in)|van drove|went to|came to)\b"
)


_TO_A_PLACE = re.compile(r"(?i)\b(?:at|to|outside|near|no\.?|number)\s\Z")


def is_famous_or_thing(found: str) -> bool:
    """Whether it is an address of film and fiction or a thing that ends like a street (`Steckplatz 2`)."""
    return _NOT_A_STREET.search(found) is not None


def has_postcode(found: str) -> bool:
    """Whether a postcode and a town stand in it."""
    return _WITH_POSTCODE.search(found) is not None


def speaks_of_place(text: str) -> bool:
    """Whether words of living or delivering are in it."""
    return bool(_SPEAKS_OF_PLACE.search(text) or _PRIVATE_NEAR.search(text))


def _is_street(match: re.Match[str]) -> bool:
    """Neither a famous address of film and fiction nor a thing that ends like a street (`Steckplatz 2`)."""
    found = match.group("pii")
    if is_famous_or_thing(found):
        return False
    if _STRONG.match(match.group("kind") or "") or has_postcode(found):
        return True
    near = (
        match.string[max(0, match.start() - 80) : match.start()] + " … " + match.string[match.end() : match.end() + 60]
    )
    if _TO_A_PLACE.search(match.string[max(0, match.start() - 12) : match.start()]) and found.count(" ") >= 2:
        return True
    return speaks_of_place(near)


def _is_dutch_postcode(match: re.Match[str]) -> bool:
    """`2006 HD Night Train` is a model of that year; `2011 AB Haarlem` needs a word about living or delivering."""
    if not match.group("pii").startswith(("19", "20")):
        return True
    near = match.string[max(0, match.start() - 80) : match.end() + 60]
    return _SPEAKS_OF_PLACE.search(near) is not None


_GERMAN_ENDINGS = (
    *_GERMAN_ENDING.replace("stra(?:ß|ss)e", "straße").replace("str\\.", "str").split("|"),
    "strasse",
)
_DUTCH_WEAK = word_set("weg pad park veld hof wal markt burg kamp weide akker baan berg haven oord land zijde end eind")
_DUTCH_ENDINGS = ("str", "ln", *_DUTCH_STRONG.split("|"), *sorted(_DUTCH_WEAK))
_GERMAN_PREPOSITIONS = word_set("am an auf im in zum zur unter hinter hinterm vor beim bei neben alter neuer ob")
_FRENCH_STREETS = spelled(f"{_FRENCH_STRONG}|{_FRENCH_WEAK}") | frozenset({"av", "ave", "bd", "pl"})
_ITALIAN_STREETS = spelled(f"{_ITALIAN_STRONG}|{_ITALIAN_WEAK}") | frozenset(
    {"via", "v", "p", "zza", "pzza", "c", "loc", "fraz"}
)
_SPANISH_STREETS = spelled(f"{_SPANISH_STRONG}|{_SPANISH_WEAK}") | frozenset({"av", "c", "pº", "cl"})
_ENGLISH_STREETS = spelled(f"{_ENGLISH_STRONG}|{_ENGLISH_WEAK}") | frozenset({"st", "dr", "field", "meadow"})
_GERMAN_WORDS = word_set(
    "straße strasse str weg allee platz gasse ring damm ufer gürtel chaussee markt landstraße landstrasse hof"
)
_DUTCH_WORDS = word_set("laan plein straat kade steenweg weg")
_HOUSES = word_set(
    "cottage house farm farmhouse lodge barn villa manor mill rectory vicarage bungalow forge hall "
    "chapel grange "
    "stables dairy granary school annexe old"
)
_POSTCODE_WORDS = word_set(
    "postcode code zip postleitzahl plz postal cap eircode live living lives wohne wohnen wohnhaft wohnt habite "
    "habitons vivo "
    "vivimos abito abitiamo woon wonen cp c"
)
_BOX_WORDS = word_set("box postfach postbus apartado casella boîte bp b")


_INWARD = re.compile(r"\s\d[ABD-HJLNP-UW-Z]{2}(?!\w)")
_TOWN_SIGN = re.compile(rf"\d{{4,5}}(?: ?[A-Z]{{2}})?\s{CAPITAL}")


_STATE_SIGN = re.compile(r"[A-Z]{2} \d{5}(?!\d)|[A-Z]\d[0-9W] ?[0-9A-Z]{4}(?!\w)")
_PREPOSED = at_once(rf"[^\W\d_]+\s(?:de[rmn]\s)?(?:{CAPITAL}[\wß-]+\s){{1,3}}\d")


def address_recognizers() -> list[Gated]:
    """Recognisers of street addresses, post boxes and postcodes."""

    def numbered(signs: Signs) -> bool:
        return signs.has_digit

    def with_town(signs: Signs) -> bool:
        return signs.has_digit and _TOWN_SIGN.search(signs.text) is not None

    def posted(signs: Signs) -> bool:
        return signs.has_digit and (_INWARD.search(signs.text) or _STATE_SIGN.search(signs.text)) is not None

    def ends(pattern: str, endings: tuple[str, ...]) -> Gated:
        return Gated("address", PatternWithContext("address", pattern, _is_street, endings=endings, back=45), numbered)

    def own(
        pattern: str, words: frozenset[str], back: int = 0, awake: Callable[[Signs], bool] = numbered, ahead: int = 0
    ) -> Gated:
        digit = digit_within(ahead) if ahead else None
        return gated("address", pattern, _is_street, awake, words=words, back=back, ahead=digit)

    return [
        ends(_GERMAN_COMPOUND, _GERMAN_ENDINGS),
        own(_GERMAN_SEPARATE, _GERMAN_WORDS, 45, ahead=16),
        gated("address", _GERMAN_AT, _is_street, numbered, words=_GERMAN_PREPOSITIONS, ahead=_PREPOSED),
        gated("address", _PLACED, _is_street, with_town),
        ends(_DUTCH, _DUTCH_ENDINGS),
        own(_DUTCH_LANE, _DUTCH_WORDS, ahead=60),
        own(_FRENCH, _FRENCH_STREETS, 35),
        own(_FRENCH_AFTER, _FRENCH_STREETS, ahead=70),
        own(_FRENCH_PLACE, word_set("lieu hameau résidence lotissement"), 0, with_town),
        own(_ITALIAN, _ITALIAN_STREETS, ahead=70),
        own(_SPANISH, _SPANISH_STREETS, 0, lambda signs: signs.has_digit or "s/n" in signs.lower),
        own(_ENGLISH, _ENGLISH_STREETS, 60),
        gated("address", _ENGLISH_POSTED, _is_street, posted),
        own(_ENGLISH_HOUSE, _HOUSES, 35, lambda signs: ", " in signs.text),
        own(_POST_BOX, _BOX_WORDS, 6),
        gated("address", _POSTCODE, None, numbered, words=_POSTCODE_WORDS, back=14, ahead=digit_within(40)),
        gated("address", _UK_ALONE, None, lambda signs: signs.has_digit and _INWARD.search(signs.text) is not None),
        gated("address", _DUTCH_POSTCODE, _is_dutch_postcode, with_town),
    ]
