"""Promotion of something else under a review's name: shops, codes, easy money, contacts, in six languages."""

from __future__ import annotations

import re

from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.text import has_url

SPAM_THRESHOLD = 0.7

FEW_WORDS, SOME_WORDS, MANY_WORDS = 3, 12, 60
"""A link with nothing beside it is spam, in a short text it weighs double, in a long one it is a source."""

_MY = (
    r"(?:my|our|mein(?:en?|em)?|unser(?:en?|em)?|ma|mon|mes|notre|nos|mi|mis|nuestr[oa]s?|(?:il |la )?(?:mi[oa]"
    r"|nostr[oa])|mijn|onze?)"
)
_PLACE = (
    r"(?:shop|store|site|website|web ?site|webshop|page|profile|channel|seite|webseite|laden|kanal|profil|boutique"
    r"|magasin|chaîne|page"
    r"|tienda|página|web|canal|perfil|negozio|sito|pagina|canale|profilo|winkel|kanaal|profiel|etsy|ebay shop)"
)
_VISIT = (
    r"(?:visit|check out|come to|go to|see|order at|buy (?:it )?(?:from|at)|besuch(?:t|en sie|e)?|schaut?(?: mal)?"
    r" (?:auf|bei|in)|kauft? (?:bei|in)"
    r"|visite[zr]?|venez (?:sur|dans|voir)|allez (?:sur|voir)|achetez (?:sur|dans)|visit(?:a|ad|en|e|ate|i)"
    r"|compr(?:a|ad|en) en|entra en|vai su"
    r"|andate su|acquista(?:te)? su|vieni su|bezoek|kijk op|koop (?:bij|op)|ga naar)"
)
_STRONG_SPAM = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_VISIT}\b\s+(?:on |auf |in |sur |en |su |op |naar )?{_MY}\s+(?:\w+\s){{0,2}}{_PLACE}\b",
        r"\b(?:use|with|enter|apply|nutzt?|mit|verwende|utilise[zr]?|avec|usa|con|utiliza|usate|inserisci|gebruik"
        r"|met)\s+(?:my |our |the |meinen? |dem "
        r"|le |mon |el |mi |il (?:mio )?|de |mijn )?(?:promo|discount|coupon|referral|affiliate|voucher|rabatt"
        r"|gutschein|aktions|kortings|réduction|promotionnel"
        r"|descuento|promocional|sconto)?[- ]?(?:code|codes|código|codice)\s*(?:promo |de réduction |de descuento "
        r"|sconto |promozionale )?:?\s*[\"'“«]?[A-Z0-9]{4,15}\b",
        r"\b(?:earn|make|verdien(?:e|st|en sie|t)?|gagne[zr]?|gan(?:o|a[rs]?)"
        r"|guadagn[aio](?:re)?)\b[^.!?\n]{0,30}(?:(?:[$€£]\s?\d|\d\s?(?:[$€£]|euros?|dollars?))[^.!?\n]{0,25}"
        # A bare number is money only if nothing is counted by it: `I make sure that I walk 10,000 steps a day`.
        r"|\d[.,\s]?\d{3}\s(?:(?:an?|per|each|every|im|am|pro|jeden?|par|au|chaque|al|a la|cada|alla|ogni|elke|from"
        r"|von|de|depuis|desde|da|vanuit)\s)?)"
        r"\b(?:day|daily|week|weekly|month|hour|tag|täglich|woche|monat|stunde|jour|semaine|mois|heure|día|semana"
        r"|mes|hora|giorno|settimana|mese|ora|dag"
        r"|week|maand|uur|home|zuhause|maison|casa|thuis)\b",
        r"\b(?:work|working|arbeiten|arbeite|travaille[rz]?|trabaj[ao]r?|lavor[ao](?:re)?|werk(?:en)?) (?:from"
        r" home|von zu ?hause|chez (?:toi|vous)|à domicile|desde casa"
        r"|da casa|vanuit huis)\b[^.\n]{0,80}(?:[$€£\d]|earn|verdien|gagn|gana|guadagn|\[phone\]|\[email\]"
        r"|\[handle\]|http|www)",
        r"\b(?:contact|message|text|write|call|whatsapp|dm|kontaktier(?:t|en sie|e)?|schreibt?|melde[nt]?(?:"
        r" sie)?(?: dich| euch| sich)?|ruf(?:t|en sie)?|contacte[zr]?"
        r"|écri(?:s|vez)|appele[zr]|contáct(?:a|e|en)(?:me|nos)?|escríb(?:e|a|an)(?:me|nos)?|llám(?:a|e|en)(?:me"
        r"|nos)|contatta(?:te|mi|temi)?|scriv(?:i|ete)(?:mi|ci)?"
        r"|chiama(?:te|mi|temi|ci)?|neem contact|stuur|bel)\b[^.!?\n]{0,50}\b(?:whats ?app|telegram|viber|wechat"
        r"|signal)\b",
        r"\b(?:online |sports? )?(?:casino|betting|sportwetten|forex|bitcoin|btc|crypto ?(?:trading|investment"
        r"|currency)?|krypto|payday loans?|kredit ohne|prêt (?:rapide|personnel)"
        r"|préstamos? rápidos?|prestiti? (?:veloce|rapid[oi])|snelle lening|viagra|cialis|replica watches|fake"
        r" (?:id|reviews)|escort|buy followers|acheter des abonnés"
        r"|comprar seguidores|followers kaufen|seo services?)\b[^.\n]{0,80}(?:http|www\.|\[phone\]|\[email\]"
        r"|\[handle\]|click|klick|cliquez|clic|klik|contact|kontakt|now|jetzt"
        r"|maintenant|ahora|ora|nu\b|bonus|\d+ ?%|guarante|garant|win|profit|return)",
        r"\b(?:subscribe to|abonnier(?:t|e|en sie)?|abonne[zr](?:-(?:vous|toi))?|suscríbe(?:te|nse)|suscribi?os"
        r"|iscriv(?:iti|etevi)|abonneer(?: je)?)\b[^.!?\n]{0,25}"
        rf"\b{_MY}\b",
        r"\b(?:follow|folgt?|suive[zr]|suis|sígue(?:me|nos)|seguid(?:me|nos)|segui(?:mi|ci|te(?:mi|ci))"
        r"|volg)\s*(?:me|us|mir|uns|moi|nous|mij|me|ons)?\b[^.!?\n]{0,25}"
        r"(?:\[handle\]|\[email\]|https?://|www\.)",
        r"\b(?:hot|sexy|single) (?:girls|singles|women)\b|\b(?:free|gratis) (?:iphone|gift ?cards?|geschenkkarte"
        r"|bitcoin)\b",
    )
)
_CHEAPER = r"\b(?:cheaper|billiger|günstiger|moins cher|más barat[oa]|goedkoper|in meno|di meno|más económico)\b"
_PRICE_FELL = re.compile(
    r"\b(?:was|were|war|wurde|était|era|estaba|costaba|costava|stava|werd)\b[^.!?\n]{0,20}"
    rf"(?:\d{{2}}\s?%[^.!?\n]{{0,3}})?{_CHEAPER}",
    re.IGNORECASE,
)
"""A buyer's complaint that it cost less a week later, not an offer."""
_WEAK_SPAM = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:free|gratis|gratuit\w*|kostenlos\w*|umsonst)\b",
        r"\b(?:gift ?cards?|vouchers?|gutscheine?|geschenkkarten?|cartes? cadeaux?|bons? d['’]achat|tarjetas?"
        r" (?:de )?regalo|vales? regalo"
        r"|buoni? regalo|cadeaubon(?:nen)?)\b",
        # One sign, not two.
        rf"\d{{2}}\s?%|{_CHEAPER}",
        r"\b(?:code|código|codice)\s+[A-Z]{3,}\d{1,3}\b",
        r"\b(?:today only|only today|nur heute|aujourd['’]hui seulement|solo hoy|solo oggi|alleen vandaag)\b",
        r"\b(?:earn|make|verdien\w*|gagne\w*|gan[ao]\w?|guadagn\w+)\b[^.!?\n]{0,20}\d",
        r"\b\d{1,2}\s?%\s?(?:off|rabatt|de réduction|de remise|de descuento|di sconto|korting|discount)"
        r"|\b(?:discount|promo|coupon|rabatt|gutschein|kortings)[- ]?code\b"
        r"|\bcode promo\b|\bcodice sconto\b|\bcódigo (?:de )?descuento\b",
        r"\b(?:click (?:here|the link|below)|klick(?:t|en sie)? (?:hier|auf)|cliquez (?:ici|sur)|haz clic|pincha"
        r" aquí|clicca (?:qui|sul)|klik (?:hier|op))\b",
        r"\b(?:buy now|order now|limited (?:time )?offer|act now|jetzt (?:kaufen|bestellen|zugreifen)|nur heute"
        r"|achetez maintenant|commandez maintenant|offre limitée"
        r"|compra ahora|oferta limitada|acquista ora|ordina ora|offerta limitata|koop nu|bestel nu|aanbieding)\b",
        r"\b(?:best price|cheapest|lowest price|bester preis|günstigste[rns]?|meilleur prix|mejor precio|miglior"
        r" prezzo|beste prijs|goedkoopste|wholesale|großhandel)\b",
        r"\b(?:whats ?app|telegram|dm me|inbox me|pm me)\b",
        rf"\b{_VISIT}\b",
        r"\b(?:100 ?% (?:free|gratis|gratuit|garanti|legit)|risk[- ]free|no risk|money back guaranteed|guaranteed"
        r" (?:income|profit|results)|ohne risiko|sans risque|sin riesgo"
        r"|senza rischi|zonder risico)\b",
    )
)

_STRONG_WORDS = word_set(
    "shop store site website webshop page profile channel seite webseite laden kanal profil boutique magasin "
    "chaîne tienda página web canal perfil negozio sito pagina canale profilo winkel kanaal profiel etsy code "
    "codes código codice earn make verdiene verdienst verdienen verdient gagne gagnez gagner gana gano ganar ganas "
    "guadagna guadagno guadagni guadagnare home zuhause hause domicile casa huis whatsapp whats telegram viber wechat "
    "signal casino betting sportwetten forex bitcoin btc crypto cryptocurrency krypto payday kredit prêt "
    "préstamo préstamos prestito prestiti lening viagra cialis replica fake escort followers abonnés "
    "seguidores seo subscribe abonniert abonniere abonnieren abonnez abonner suscríbete suscríbanse suscribíos "
    "iscriviti iscrivetevi abonneer follow folgt folge suivez suis sígueme síguenos seguidme seguidnos seguimi "
    "seguici seguitemi volg girls singles women iphone gift geschenkkarte"
)
_WORD = re.compile(r"[^\W\d_]+")
_CONTACT = re.compile(r"\[(?:phone|email|handle)\]")


def spam_score(raw_text: str, cleaned_text: str) -> float:
    """Strength of a promotion, 0–1. A link alone is none: book reviewers link their blogs."""
    words = len(cleaned_text.split())
    url = has_url(raw_text)
    contact = _CONTACT.search(raw_text) is not None
    promising = not _STRONG_WORDS.isdisjoint(_WORD.findall(raw_text.lower()))
    if not (url or contact or promising):
        return 0.0
    strong = sum(pattern.search(raw_text) is not None for pattern in _STRONG_SPAM)
    offer = _PRICE_FELL.sub(" ", raw_text)
    weak = url + sum(pattern.search(offer) is not None for pattern in _WEAK_SPAM)
    if strong:
        return min(1.0, 0.65 + 0.15 * strong + 0.1 * weak - (0.2 if words > 80 else 0.0))
    if url and words <= FEW_WORDS:
        return 0.75
    if words > MANY_WORDS or not (url or contact):
        return 0.0
    return min(0.95, 0.25 * weak + (0.25 if url and words <= SOME_WORDS else 0.0))
