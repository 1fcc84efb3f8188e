"""Addresses written loosely: in small letters, with flats and floors between street and town, or said to be a home.

Street patterns elsewhere ask for capitals, as people write street names. Here a street kind in any case counts where
the text speaks of living, delivering or a neighbour, and any words with a house number count right behind `I live at`.
"""

from __future__ import annotations

import re

from reviewsum_assets.reviews.personal_data.addresses import (
    CAPITAL,
    HOUSE,
    NUMBERED,
    POSTED,
    TOWN,
    UK_POSTCODE,
    has_postcode,
    is_famous_or_thing,
    speaks_of_place,
)
from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.recognition import Gated, Signs, digit_within, gated

_FLAT = (
    r"(?i:app?t?s?\.?|apart(?:ment|amento|ement)|apto\.?|appartement|flat|unit|suite|ste\.?|room|floor"
    r"|fl\.|wohnung|whg\.?"
    r"|stock|stiege|top|tür|haus|hinterhaus|vorderhaus|aufgang|eingang|og|eg|dg|ug|étage|étg\.?|etage"
    r"|bât(?:iment)?\.?|bat\.?|esc\.|pl\.|planta|pis"
    r"|escalier|esc(?:alera)?\.?|porte|bte\.?|boîte|bus|piso|portal|bloque|principal|pral\.?|entlo\.?"
    r"|entresuelo|puerta|pta\.?|planta|bajo|ático|izq(?:uierda|da)?\.?|izda\.?"
    r"|dcha\.?|derecha|parcela|nave|local|casa|chalet|interno|int\.?|scala|sc\.?|piano|palazzina"
    r"|pal\.?|citofono|edificio"
    r"|edif\.?|verdieping|toevoeging|kamer|unité|rdc|col(?:onia)?\.?|block|building|bldg|c/o)"
)
_SEGMENT = (
    rf"(?:\s?[,;–\n-]\s?|\s)(?:\d{{1,2}}(?:st|nd|rd|th|er|e|ème|\.?[ºª°]|[.o])?\s?-?\s?(?:{_FLAT}|(?i:[a-z]\b"
    rf"|izda?|dcha|izq))\.?"
    rf"(?:\s(?:links|rechts|gauche|droite|[A-Za-z0-9]{{1,3}}\b))?"
    rf"|{_FLAT}\s?(?:n[.º°]\s?)?[\w/-]{{1,10}}(?:\s(?:links|rechts))?|(?i:primer[oa]?|segund[oa]|tercer[oa]?"
    rf"|cuart[oa]|quint[oa]|sext[oa]|prim[oa]|second[oa]|terz[oa]|quart[oa]|ultim[oa])"
    rf"\s(?i:piso|planta|piano|izquierda|derecha|izq|dcha|puerta|(?-i:[A-D])\b)\.?|(?:bajo|ático|principal"
    rf"|entresuelo|bj)\.?(?:\s(?:izq|izda|dcha|[A-Z])\b\.?)?)"
)
_TAIL = (
    rf"(?:(?:{_SEGMENT}){{0,2}}\s?,?\s(?:\d{{5}}|\d{{4}}\s?[a-z]{{2}})\s[a-zà-ÿ][a-zà-ÿ'’-]{{2,}}(?!\w)"
    rf"|(?:{_SEGMENT}){{0,3}}(?:\s?,\s{CAPITAL}[\w'’.-]+(?:\s{CAPITAL}[\w'’.-]+){{0,2}}){{0,2}}{POSTED}"
    rf"|(?:{_SEGMENT}){{1,3}}(?:,\s{CAPITAL}[\w'’-]+)?"
    rf"|(?:,\s{CAPITAL}[\w'’.-]+(?:\s{CAPITAL}[\w'’.-]+){{0,2}}){{0,2}},?\s{UK_POSTCODE}"
    rf"|(?:,|\s(?:a|en|à|in|te))\s(?!(?:Aber|Und|But|And|Mais|Pero|Ma|Maar|Il|La|El|Le|De|Ich|Wir|I|We|Ho|Je|Per"
    rf"|Non|No|Yo|Das"
    rf"|Der|Die|The|It)\b){TOWN}(?=\s?[.,;:)!\n]|\Z))?"
)
_OF = (
    r"(?:(?:de\slas?|de\slos|de|du|des|di|da|dei|degli|delle|della|dello|del|alle|alla|al|ai|agli|aux?"
    r"|sul|sulla|dos|las?|los?"
    r"|les?|el|il|van|der|den|het|ter|ten|of|the|zum|zur|am|an|in|im|auf|bei|à\sla)\s|(?:de\s"
    r"|à\s)?[dlDL]['’]\s?|d[ae]ll['’]\s?)"
)
_ANY = (
    r"(?:(?!(?i:lieu|vez|lugar|invece|posto|pas|non|nicht|niet|est|è|es|ist|mais|pero|ma)\b)"
    r"(?:\d{1,2}\sde\s\w+|[^\W\d_][\w'’.-]*))"
)
_ROMANCE_KIND = (
    r"(?P<kind>calle|c/|avda?\.?|avenida|paseo|carrer|travesía|camino|plaza|plz\.?|plaça|ronda"
    r"|carretera|ctra\.?|urbanización"
    r"|urb\.?|barrio|pasaje|pje\.?|glorieta|rambla|rúa|vía|lugar|polígono|rue|avenue|av\.?|ave\.?"
    r"|boulevard|bd\.?|bld\.?|blvd\.?"
    r"|impasse|allées?|chemin|ch\.|chaussée|faubourg|ruelle|sentier|place|pl\.|quai|route|rte\.?|cours"
    r"|square|passage|résidence"
    r"|lotissement|hameau|cité|montée|esplanade|via|v\.|viale|v\.le|piazza|p\.?zza|piazzale|p\.le|piazzetta|vicolo|vico"
    r"|lungomare|lungarno|corso|c\.so|largo|strada|str\.|salita|borgo|traversa|calle|contrada|c\.da"
    r"|località|loc\.?|frazione"
    r"|fraz\.?|campo|calata|alameda)"
)
_NUMBERLESS = (
    r"(?i:s\.?n\.?c\.?|s/n[ºo°]?|s\.n\.|sin n[úu]mero|senza numero|sans num[ée]ro|zonder nummer|ohne nummer)(?!\w)"
)
_ROMANCE_STREET = (
    rf"(?<![\w/.-])(?P<pii>(?i:{_ROMANCE_KIND}\s?{_OF}{{0,3}}{_ANY}(?:[\s-]{_OF}{{0,2}}{_ANY}){{0,4}}?"
    rf"\s?,?\s(?:(?:al|en\sel|au)\s)?(?:n[úu]?m?(?:ero|éro)?[.º°o]*\s?|nr\.?\s?|(?:numero\s)?civico\s(?:n[.°]?\s?)?"
    rf"|portal\s|bloque\s|parcela\s|km\s)?)"
)
_KIND_FIRST = rf"{_ROMANCE_STREET}{HOUSE}{_TAIL})"
_NO_HOUSE_NUMBER = rf"{_ROMANCE_STREET}{_NUMBERLESS}{_TAIL})"
_NUMBER_OF_STREET = (
    rf"(?i)(?<!\w)(?P<pii>(?:(?:number|no\.?|n[.º°]|nummer|hausnummer|huisnummer|nr\.?|número|numéro|numero|civico)\s)?"
    rf"(?-i:{HOUSE})\s(?:de\sla|de|del|della|dello|di|du|des|d['’]|of|on|in|in\sder|in\sde|in\shet|van\sde|an\sder)\s?"
    rf"(?:(?:{_ROMANCE_KIND.replace('?P<kind>', '?:')}\s{_OF}{{0,2}}(?-i:{CAPITAL})[\w'’-]+"
    rf"(?:\s{_OF}{{0,2}}(?-i:{CAPITAL})[\w'’-]+){{0,3}})"
    rf"|(?-i:{CAPITAL})[\w-]*(?:straße|strasse|gasse|allee|weg|straat|laan|gracht|kade|plein)"
    rf"|(?:(?-i:{CAPITAL})[\w'’]+\s){{1,2}}(?:Street|Road|Avenue|Lane|Close|Drive|Terrace|Crescent|Gardens|Way|Place))"
    rf"(?P<kind>)(?!\w){_TAIL})"
)
_NUMBER_FIRST = (
    rf"(?<![\w.,€$£-])(?P<pii>(?:(?i:résidence|immeuble|domaine|lotissement|villa|bâtiment|bât\.?)\s(?:(?i:les?"
    rf"|la|du|des?|l['’])\s?)?"
    rf"{CAPITAL}[\w'’-]*(?:\s{CAPITAL}[\w'’-]+)?,\s)?\d{{1,4}}(?:\s?(?:bis|ter|quater"
    rf"|[a-dA-D])\b)?\s?,?\s(?i:(?P<kind>rue|avenue|av\.?|ave\.?"
    r"|boulevard|bd\.?|bld\.?|blvd\.?|impasse|allées?|chemin|chaussée|faubourg|ruelle|sentier|place"
    r"|pl\.|quai|route|rte\.?"
    rf"|cours|square|passage|résidence|lotissement|hameau|cité|montée|clos|venelle)\s{_OF}{{0,3}}"
    rf"[^\W\d_][\w'’-]*(?:[ -](?:(?:de|du|des|la|le|les|et|d['’]"
    rf"|l['’])\s?){{0,2}}(?-i:{CAPITAL})[\w'’-]+){{0,4}}){_TAIL})"
)
_ENGLISH_ANY_CASE = (
    r"(?<![\w.,€$£-])(?P<pii>(?!(?:19|20)\d\d\s)\d{1,5}[a-zA-Z]?,?\s(?i:(?:(?!(?:for|my|the|of|on|in"
    r"|to|and|with|our|this|is|was|per|from|by|at|an?|it|its|or|but|off|up"
    r"|minutes?|miles?|km|years?|days?|weeks?|hours?|months?|lbs?|inch|inches|times|more|new|way"
    r"|metres?|meters?)\s)[a-z'’.]{2,15}\s){1,3}?"
    r"(?P<kind>street|avenue|ave|road|rd|lane|ln|boulevard|blvd|crescent|terrace|mews|grove|parkway"
    r"|drive|close|court|gardens"
    rf"|square|place|hill|row|walk))\b\.?(?:,?\s(?i:flat|apt|unit)\.?\s\w{{1,4}})?(?:,?\s{UK_POSTCODE})?)"
)
_GERMANIC_COMPOUND = (
    r"(?<![\w-])(?P<pii>(?i:(?:(?:alte[rn]?|neue[rn]?|große[rn]?|kleine[rn]?|obere[nr]?|untere[nr]?"
    r"|hintere[nr]?|vordere[nr]?|\w+er|van|de|den|het)\s)?"
    r"[a-zäöüß.-]{3,30}(?P<kind>straße|strasse|str\.?|gasse|allee|chaussee|weg|platz|ufer|damm|ring"
    r"|straat|laan|gracht|kade"
    r"|dijk|singel|steeg|dreef|plein|pad|hof|markt|steenweg|lei|park|stieg|graben|berg|feld))"
    rf"(?:{NUMBERED})?\s{HOUSE}{_TAIL})"
)
_GERMAN_KIND_FIRST = (
    r"(?<![\w-])(?P<pii>(?:Straße|Strasse|Platz|Allee|Weg|Ring|Ufer|Brücke|Plein|Laan"
    r"|Straat)(?P<kind>)\s(?:der|des|des|am|an der|zum|zur|im|in der|vor dem"
    rf"|van de|van het|van der)\s(?:\d{{1,2}}\.\s)?{CAPITAL}[\wß-]+(?:\s{CAPITAL}[\wß-]+)?\s{HOUSE}{_TAIL})"
)
_LIVES = (
    r"(?i:i|we|he|she|they|who)\s(?i:live|lives|lived|living|reside)\s(?i:at|on)|(?i:living at|my "
    r"address is|my address:|home address is|our address is|deliver(?:ed)? to|ship(?:ped)? to"
    r"|send (?:it |them )?to|sent to|delivery to|collect(?:ed)? from|pick(?:ed)? up (?:at|from)|come "
    r"to|moved to|address:"
    r"|wohne|wohnen|wohnt|wohnhaft|lebe|leben|adresse(?: ist| lautet|:)?|anschrift(?: ist|:)?"
    r"|lieferadresse(?: ist|:)?|geliefert (?:an|nach|in)"
    r"|lieferung (?:an|nach|in)|schickt (?:es |sie )?(?:an|nach)|abzuholen (?:in|bei)|abholung (?:in"
    r"|bei)|zugestellt (?:in|an)"
    r"|habite|habitons|habitent|j['’]habite|demeurant|domiciliée?|adresse est|livr(?:er|é|ée|és"
    r"|aison) (?:au|à|chez moi au)|envoyer au|résid(?:e|ons)"
    r"|vivo|vivimos|vive|viven|resido|domicilio|dirección(?: es|:)?|entregad[oa] en|entregar en"
    r"|enviad[oa] a|envíen(?:lo|la)? a"
    r"|abito|abita|abitiamo|abitano|sto|sta|stanno|risiedo|indirizzo(?: è|:)?|consegna(?:to|ta|re)? "
    r"(?:in|a)|spedi(?:to|ta|re) (?:in|a)|vivo in"
    r"|woon|woont|wonen|adres(?: is|:)?|bezorg(?:d|en) (?:op|aan|in)|geleverd (?:op|aan|in)|stuur "
    r"(?:het )?naar|verstuurd naar|afgeleverd op|ophalen (?:op|aan|in))"
)
_AT_HOME = (
    rf"(?<!\w)(?:{_LIVES})(?i:\s?[,:]?\s(?:in|at|on|an|am|im|auf|bei|der|dem|den|die|au|à|aux|en|el|la"
    rf"|le|los|las|a|al|alla|op|aan|de|het|nel|nella|number|no\.?|nr\.?|numéro|número"
    rf"|n[°º.])){{0,3}}\s?,?:?\s"
    rf"(?P<pii>(?P<kind>)(?:{CAPITAL}[\w'’.ß-]+[ -](?:(?:de|del|della|dei|du|des|la|le|van|der|den|of"
    rf"|zum|zur|am)\s){{0,2}}){{1,4}}"
    rf",?(?:\s?n[.°º]\s?|nr\.?\s|no\.?\s)?{HOUSE}{_TAIL}"
    rf"|\d{{1,4}}[a-zA-Z]?,?\s{CAPITAL}[\w'’-]+(?:\s{CAPITAL}[\w'’-]+){{1,3}}{_TAIL})"
)
_AT_HOME_IN_SMALL = (
    r"(?<!\w)(?i:wohne|wohnen|wohnt|wohn|live|lives|habite|habitons|vivo|vivimos|abito|abitiamo|woon|wonen"
    r"|woont)(?:\s(?:ich|ik|we|wir|wij))?"
    r"(?:\s(?:in|at|on|an|am|im|auf|der|dem|den|au|aux|à|en|a|op|de|het|nel|nella|la|el|al)){1,3}\s"
    rf"(?P<pii>(?P<kind>)(?!(?:seit|since|for|mit|with|avec|con|met|from|depuis|desde|da|sinds|than|about|just"
    rf"|floor|stock|étage|piso|piano)\b)"
    rf"(?:(?!(?:der|die|dem|den|het|number|nummer|numéro|número|numero|flat|haus|house"
    rf"|nr)\b)[a-zà-ÿß][a-zà-ÿß'’.-]{{2,}}\s){{1,3}}{HOUSE}{_TAIL})"
)
_HOME_TOWN = (
    r"(?<!\w)(?i:wohne|wohnen|wohnt|wohnhaft|lebe|leben|komme aus|kommen aus|bin aus|sind aus|zu "
    r"hause in|bei mir in|hier in|"
    r"live|living|based|lives|i['’]m from|am from|from|habite|habitons|viens de|suis de|chez moi"
    r"|domiciliée?|vivo|vivimos"
    r"|soy de|somos de|resido|abito|abitiamo|sono di|vengo da|risiedo|sto|woon|wonen|kom uit|uit|adres"
    r"|adresse|address|dirección"
    r"|indirizzo|nach|liefern|geliefert|livr(?:er|é|aison)|entreg\w+|enví\w+|consegn\w+|sped\w+"
    r"|bezorg\w+|geleverd|shipped|delivered|abholung|abholen|collect(?:ion)?|retrait|recogida|recoger"
    r"|ritiro|ophalen)"
    r"(?:\W{1,3}[^\W\d_]{1,12}){0,3}?\W{1,3}"
    rf"(?P<pii>(?P<kind>)(?:(?:D|A|CH|F|E|I|NL|B|L)[ -])?(?:\d{{5}}|\d{{4}} ?[A-Z]{{2}}|\d{{4}}),?\s{TOWN})"
)
_WITH_FLOOR = (
    rf"(?<![\w-])(?P<pii>(?P<kind>)(?:{CAPITAL}[\w'’ß.-]+\s){{1,3}}\d{{1,3}}\s?[a-z]?,\s"
    rf"(?:\d{{1,2}}\.\s?(?:OG|Stock|Etage|Obergeschoss)|EG|DG|Erdgeschoss|Dachgeschoss|Hinterhaus|HH|Whg\.?\s\d+"
    rf"|Wohnung\s\d+|Tür\s\d+"
    rf"|Top\s\d+|\d{{1,2}}\s?(?:hoog|e verdieping)|\d{{1,2}}[ºª°]\s?\w{{1,4}})(?:\s(?:links|rechts|Mitte|li\.|re\.))?)"
)
_ROAD_NUMBER = (
    r"(?i)(?<!\w)(?P<pii>(?P<kind>(?:strada|via|route|rte|carretera|ctra\.?)\s(?:provinciale|statale"
    r"|comunale|vicinale|nationale|départementale"
    r"|nacional|comarcal)|s\.?p\.?|s\.?s\.?|r\.?n\.?)\s?\d{1,4}\s?,?\s?(?:n[.°º]?|km|numéro|numero"
    r"|nr\.?)\s?\d{1,4}[a-z]?)(?!\w)"
)
_COURIER = re.compile(
    r"(?i)\b(?:ch[óo]fer|conductor|transportista|mensajer[oa]|repartidora?|cartero|chauffeur\w*"
    r"|facteur|factrice|livreu[rs]e?|livreurs"
    r"|postino|postina|fattorino|corriere|autista|postbote|paketbote|briefträger\w*|kurier|bote"
    r"|zusteller\w*|fahrer\w*|spedition"
    r"|bezorgster|bezorger|koerier|postbode|driver|postman|postie|mailman|courier|wohne?n?|wohnt"
    r"|live[sd]?|living|vive|vivo|vivimos|viven"
    r"|habit\w+|abit\w+|sta|sto|woon|woont|wonen|adres\w*|address|dirección|indirizzo|deliver\w*"
    r"|liefer\w*|geliefert|livr\w+|entreg\w+"
    r"|consegn\w+|bezorg\w*|geleverd|cherch\w+|passe[rz]|holen|holt|komm[et]?n?|kommt|come|came|venez"
    r"|vengan|pasen|mánd\w+|venite|passate|collect\w*|abhol\w*|abgeholt|klingel\w*|recog\w+|ritir\w+"
    r"|ophal\w+|opgehaald|neighbou?rs?|nachbar\w*"
    r"|voisine?s?|vecin[oa]s?|vicin[oia]|buren|buur\w+|moved|umgezogen|déménag\w+|mudad\w+"
    r"|traslocat\w+|verhuisd|send|sent|shipp?\w*|schick\w*|geschickt|versand\w*|versendet|gesendet"
    r"|envoy\w+|envi\w+|enví\w+|mand\w+|sped\w+|stuur\w*|verstuurd|gestuurd|paket\w*|parcel|package"
    r"|colis|paquete|pacco|pakket\w*|tür|door|porte|puerta|porta|deur"
    r"|zu ?hause|at home|chez moi|chez nous|en casa|a casa|thuis|tante|onkel|oma|opa|mutter|vater"
    r"|mother|father|mère|père|madre|padre|moeder|vader|papà|mamma|eltern|parents|padres|genitori"
    r"|ouders)\b"
)
_NOT_A_PLACE = re.compile(
    r"(?i)\b(?:route|cours|place|passage|square|via|strada|largo|corso|plaza|camino|lugar|weg|pad"
    r"|platz|ring|hof|park|markt|hill|row|walk|drive|close|court|place|square|local|v\.)\s"
    r"(?:\d|de\s\d|e\s|a\s|è|e'|est|is|ist|in\s|on\s|für|for|pour|par|per|non|pas|sur|mail|email|app"
    r"|bluetooth|usb|internet|cavo|cable|wifi|web|sms|whatsapp|amazon|pour\s|di\s\d)"
)
_SOMETHING_ELSE = re.compile(
    r"(?i)\A(?:\S+\s)?(?:\w*(?:umweg|arbeitsweg|schulweg|heimweg|rückweg|hinweg|radweg|hubweg|ausweg"
    r"|steckplatz|speicherplatz|sitzplatz"
    r"|stellplatz|parkplatz|schlafplatz|arbeitsplatz|listenplatz|spielplatz|tabellenplatz|supermarkt"
    r"|baumarkt|flohmarkt|drogeriemarkt"
    r"|schlüsselring|o-ring|onderweg|halverwege|snelweg|fietspad|parkeerplaats|bauernhof|friedhof"
    r"|bahnhof|monitor|motor|vertrag|überweg|umfeld|blickfeld|spielfeld|suchfeld|textfeld|display\w*"
    r"|gerade\w*|hardeweg"
    r"|doppelring|dichtring|gummiring|festring|keyring|string|spring|during|bring|wiring|monitoring"
    r"|ladepark|skateboardpark))\s\d"
)


_STRONG_KIND = re.compile(
    r"(?i)(?:calle|c/|avda?\.?|avenida|paseo|carrer|travesía|glorieta|rambla|rue|avenue|boulevard"
    r"|impasse|allée|chemin|ruelle|viale|v\.le|piazza|piazzale|vicolo|lungomare|corso|contrada"
    r"|stra(?:ß|ss)e|str\.|gasse|allee|chaussee|straat|laan|gracht|kade|dijk|singel|steeg|dreef|plein"
    r"|street|avenue|road|crescent|terrace|mews)\Z"
)


def _is_home(match: re.Match[str]) -> bool:
    """Where the text speaks of living or delivering, and it is no thing that reads like a street."""
    found = match.group("pii")
    if is_famous_or_thing(found) or _NOT_A_PLACE.match(found) or _SOMETHING_ELSE.match(found):
        return False
    if has_postcode(found) or _STRONG_KIND.match(match.group("kind") or ""):
        return True
    start, end = match.span("pii")
    near = match.string[max(0, start - 90) : start] + " … " + match.string[end : end + 60]
    return _COURIER.search(near) is not None or speaks_of_place(near)


def _is_stated_home(match: re.Match[str]) -> bool:
    return not is_famous_or_thing(match.group("pii"))


_ROMANCE_WORDS = word_set(
    "calle c avda avd avenida paseo carrer travesía camino plaza plz plaça ronda carretera ctra "
    "urbanización urb barrio "
    "pasaje pje glorieta rambla rúa vía lugar polígono rue avenue av ave boulevard bd bld blvd "
    "impasse allée allées chemin "
    "ch chaussée faubourg ruelle sentier place pl quai route rte cours square passage résidence "
    "lotissement hameau cité "
    "montée esplanade via v viale piazza p pzza zza piazzale piazzetta vicolo vico lungomare "
    "lungarno corso largo strada "
    "str salita borgo traversa contrada località loc frazione fraz campo calata alameda"
)
_FRENCH_WORDS = word_set(
    "rue avenue av ave boulevard bd bld blvd impasse allée allées chemin chaussée faubourg ruelle "
    "sentier place pl quai "
    "route rte cours square passage résidence lotissement hameau cité montée clos venelle"
)
_ENGLISH_WORDS = word_set(
    "street avenue ave road rd lane ln boulevard blvd crescent terrace mews grove parkway drive close court gardens "
    "square place hill row walk"
)
_ENDINGS = word_set(
    "straße strasse str gasse allee chaussee weg platz ufer damm ring straat laan gracht kade dijk singel steeg dreef "
    "plein pad hof markt steenweg lei park stieg graben berg feld"
)
_LIVE_WORDS = word_set(
    "live lives lived living reside address deliver delivered ship shipped send sent delivery "
    "collect collected pick picked come moved "
    "wohne wohnen wohnt wohnhaft lebe leben adresse anschrift lieferadresse geliefert lieferung "
    "schickt abzuholen abholung zugestellt "
    "habite habitons habitent demeurant domicilié domiciliée livrer livré livrée livrés livraison "
    "envoyer réside résidons "
    "vivo vivimos vive viven resido domicilio dirección entregado entregada entregar enviado enviada "
    "envíen envíenlo envíenla "
    "abito abita abitiamo abitano sto sta stanno risiedo indirizzo consegna consegnato consegnata "
    "consegnare spedito spedita spedire "
    "woon woont wonen adres bezorgd bezorgen geleverd stuur verstuurd afgeleverd ophalen"
)
_TOWN_WORDS = _LIVE_WORDS | word_set(
    "komme kommen bin sind hause mir hier based from m am viens suis chez soy somos sono vengo kom "
    "uit nach liefern abholen "
    "entrega entregaron envío enviar consegnano consegne bezorging collection retrait recogida recoger ritiro"
)
_NUMBERLESS_SIGN = re.compile(_NUMBERLESS)
_NUMBER_OF_SIGN = re.compile(
    r"\d[a-z]? (?:de|del|della|dello|di|du|des|d['’]|of|on|in|van|an) ?(?:(?:la|der|de|het) )?"
    r"(?:[a-zà-ÿ]+(?:straße|strasse|gasse|allee|weg|straat|laan|gracht|kade|plein)\b|calle|c/|av|paseo|plaza"
    r"|camino|ronda"
    r"|rue|boulevard|chemin|place|quai|route|impasse|allée|via|viale|piazza|corso|vicolo|largo|strada|carrer"
    r"|(?:[a-z'’]+ ){1,2}(?:street|road|avenue|lane|close|drive|terrace|crescent|gardens|way|place))"
)
_TOWN_SIGN = re.compile(rf"\d{{4,5}}(?: ?[A-Z]{{2}})?,?\s{CAPITAL}")


def home_address_recognizers() -> list[Gated]:
    """Recognisers of addresses in any case near a word of living or delivering."""

    def numbered(signs: Signs) -> bool:
        return signs.has_digit

    def numberless(signs: Signs) -> bool:
        return _NUMBERLESS_SIGN.search(signs.lower) is not None

    def numbered_first(signs: Signs) -> bool:
        return signs.has_digit and _NUMBER_OF_SIGN.search(signs.lower) is not None

    def with_town(signs: Signs) -> bool:
        return signs.has_digit and _TOWN_SIGN.search(signs.text) is not None

    def own(pattern: str, words: frozenset[str], back: int = 0, ahead: int = 0) -> Gated:
        digit = digit_within(ahead) if ahead else None
        return gated("address", pattern, _is_home, numbered, words=words, back=back, ahead=digit)

    return [
        own(_KIND_FIRST, _ROMANCE_WORDS, ahead=60),
        gated("address", _NO_HOUSE_NUMBER, _is_home, numberless, words=_ROMANCE_WORDS),
        gated("address", _NUMBER_OF_STREET, _is_home, numbered_first),
        own(_NUMBER_FIRST, _FRENCH_WORDS, 45),
        own(_ENGLISH_ANY_CASE, _ENGLISH_WORDS, 45),
        gated("address", _GERMANIC_COMPOUND, _is_home, numbered, endings=tuple(sorted(_ENDINGS)), back=20),
        gated(
            "address",
            _GERMAN_KIND_FIRST,
            _is_stated_home,
            numbered,
            words=word_set("straße strasse platz allee weg ring ufer brücke plein laan straat"),
            ahead=digit_within(50),
        ),
        gated(
            "address",
            _WITH_FLOOR,
            _is_home,
            numbered,
            words=word_set("og stock etage obergeschoss eg dg hinterhaus whg wohnung tür top hoog verdieping"),
            back=55,
        ),
        gated("address", _AT_HOME, _is_stated_home, numbered, words=_LIVE_WORDS, back=18, ahead=digit_within(70)),
        gated("address", _AT_HOME_IN_SMALL, _is_stated_home, numbered, words=_LIVE_WORDS, ahead=digit_within(60)),
        gated("address", _HOME_TOWN, _is_stated_home, with_town, words=_TOWN_WORDS, back=10, ahead=digit_within(50)),
        gated(
            "address",
            _ROAD_NUMBER,
            _is_home,
            numbered,
            words=word_set("strada via route rte carretera ctra sp ss rn p s n"),
            ahead=digit_within(30),
        ),
    ]
