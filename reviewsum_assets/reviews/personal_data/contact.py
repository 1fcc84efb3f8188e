"""E-mail addresses, also spelled out, and handles and links of private profiles."""

from __future__ import annotations

import re

import tldextract

from reviewsum_assets.reviews.personal_data.names import is_dictionary_word
from reviewsum_assets.reviews.personal_data.people_words import NOT_A_NAME
from reviewsum_assets.reviews.personal_words import word_set
from reviewsum_assets.reviews.recognition import EmailRecognizer, Gated, Signs, gated, spelled


class OfflineEmailRecognizer(EmailRecognizer):
    """Presidio's, with the suffix list that tldextract carries: its default fetches one at the first use."""

    _suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def validate_result(self, pattern_text: str) -> bool:
        return self._suffixes(pattern_text).fqdn != ""


_ACCENTED_EMAIL = r"(?<![\w.+-])(?P<pii>[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,12})(?![\w@])"
"""Presidio's pattern stops at letters beyond ASCII: `büro.sahin@posteo.de`."""

_AT_WORD = r"at|ät|arroba|arob[aà]?s?e?|chiocciola|chiocciolina|apen?staart(?:je)?|klammeraffe|affenschwanz"
_DOT_WORD = r"dot|punkt|point|punto|punt"
_DASH_WORD = (
    r"minus|dash|hyphen|bindestrich|strich|tiret|trait d['’]union|moins|guion|guión|gui[oó]n medio|meno|trattino"
    r"|streepje"
    r"|koppelteken|min(?:teken)?|underscore|unterstrich|underline|tiret bas|tiret du bas|tiret du 8|guion bajo"
    r"|guión bajo|barra baja"
    r"|trattino basso|laag streepje|liggend streepje|plus"
)
_OPEN, _CLOSE = r"[(\[{<*_|/-]", r"[)\]}>*_|/-]"
_BRACKETED_AT = rf"\s?{_OPEN}{{1,2}}\s?(?:{_AT_WORD}|@|a|chez|et)\s?{_CLOSE}{{1,2}}\s?"
_BRACKETED_DOT = rf"\s?[(\[{{<*]\s?(?:{_DOT_WORD}|\.)\s?[)\]}}>*]\s?"
_SUFFIX = (
    r"(?:co\s?\.?\s?uk|com|net|org|info|biz|de|at|ch|fr|be|es|it|nl|lu|ie|eu|uk|io|me|li|cat|email|mail|online|shop|us)"
)
_OBFUSCATED_EMAIL = (
    rf"(?i)(?<![\w@.])(?P<pii>[a-z0-9À-ÿ][\wÀ-ÿ+-]{{0,40}}(?:(?:\.|{_BRACKETED_DOT}|\s(?:{_DOT_WORD}|{_DASH_WORD})\s)"
    r"[\wÀ-ÿ+-]{1,40}){0,4}"
    rf"(?:{_BRACKETED_AT}|\s(?:{_AT_WORD})\s|\s?@\s|\s@|_at_|(?<=[a-z0-9])AT(?=[a-z]))"
    rf"[a-z0-9À-ÿ][\wÀ-ÿ-]{{0,40}}(?:\s(?:{_DASH_WORD})\s[a-z0-9À-ÿ-]{{1,40}}){{0,2}}"
    rf"(?:(?:{_BRACKETED_DOT}|\s?\.\s?|\s(?:{_DOT_WORD})\s|-(?:{_DOT_WORD})-"
    rf"|_(?:{_DOT_WORD})_)[a-z0-9-]{{1,40}}){{0,2}}?"
    rf"(?:{_BRACKETED_DOT}|\s?\.\s?|\s(?:{_DOT_WORD})\s|-(?:{_DOT_WORD})-|_(?:{_DOT_WORD})_|(?<=[a-z0-9])DOT(?=[a-z]))"
    rf"{_SUFFIX}(?:(?:{_BRACKETED_DOT}|\s?\.\s?|\s(?:{_DOT_WORD})\s)uk)?)(?!\w)"
)
_NOT_LOCAL_PART = word_set(
    "me us them it he she look looked looking buy bought order ordered available is was only here sold arrive arrived "
    "stop points point price one you this that up them sale selling out online store listed cheaper found seen"
)
_SPELLED = re.compile(
    rf"(?i)\s(?:{_DOT_WORD})\s|\s(?:arroba|arobas?e?|chiocciola|apen?staart(?:je)?|klammeraffe|ät)\s|[-_](?:at"
    rf"|dot)[-_]"
)
_PROVIDER = re.compile(
    r"(?i)g-?mail|googlemail|hotmail|outlook|yahoo|gmx|\bweb\s?\.?\s?de|icloud|orange|libero|posteo|t-online"
    r"|freenet|aol"
    r"|proton|live\.|msn|wanadoo|laposte|free\.fr|virgilio|tiscali|alice|tin\.it|telefonica|ziggo|kpn|xs4all|planet\.nl"
    r"|bluewin|btinternet|talktalk|eircom|skynet|telenet|mailbox"
)


def _is_obfuscated_email(match: re.Match[str]) -> bool:
    """`available at amazon.com` names a shop; `anna at gmail dot com` a mailbox."""
    found = match.group("pii")
    local = re.split(r"[\s(\[{<*@]", found, maxsplit=1)[0].lower()
    if local in _NOT_LOCAL_PART:
        return False
    return bool(re.search(r"[(\[{<*]|AT[a-z]|\w@\s", found) or _SPELLED.search(found) or _PROVIDER.search(found))


_AT_WORDS = word_set(
    "ät arroba arobase arobas arrobas chiocciola chiocciolina apenstaartje apestaartje apenstaart klammeraffe "
    "affenschwanz"
)
_SPELLED_AT = re.compile(r"(?i)[(\[{<*]\s?(?:at|ät|@|a|et|chez)\s?[)\]}>*]|\s?@\s|\s@|_at_|-at-|\wAT[a-z]+DOT")
_AT_PLACE = re.compile(r" at [\w-]{2,40}(?: ?\. ?[a-z]| (?:dot|punkt|point|punto|punt)\b)")
_BRACKET_AT = re.compile(r"[(\[{<*_-] ?(?:at|ät|a|chez|et)[ )\]}>*_-]")


def _spells_at(signs: Signs) -> bool:
    text = signs.text
    if signs.any_word(_AT_WORDS) or ("@" in text and _SPELLED_AT.search(text)):
        return True
    if " at " in signs.lower and _AT_PLACE.search(signs.lower):
        return True
    if "DOT" in text and "AT" in text:
        return True
    return _BRACKET_AT.search(signs.lower) is not None


# Handles

_NETWORK = (
    r"(?:instagram|insta|ig|facebook|fb|twitter|x|tiktok|tik\s?tok|snapchat|snap|telegram|youtube|twitch|discord|skype"
    r"|linkedin|pinterest|reddit|goodreads|lovelybooks|vinted|threads|mastodon|bluesky|signal|kik|psn|xbox|steam|strava"
    r"|gamertag|babelio|komoot|ravelry|etsy|ebay|kleinanzeigen|marktplaats|leboncoin|wallapop)"
)
_COMMUNITY = (
    r"(?:"
    r"garmin(?:\sconnect)?|giallo\s?zafferano|library\s?thing|sens\scritique|jeuxvideo\.com|snap(?:chat)?"
    r"|kleinanzeigen|story\s?graph|outdooractive|librarything|bookcrossing|senscritique|couchsurfing"
    r"|battle\.?net|hardware\.fr|lovelybooks|marktplaats|tripadvisor|thingiverse|nebenan\.de|epic\sgames"
    r"|milanuncios|chollometro|soundcloud|letterboxd|polarsteps|lecturalia|printables|makerworld"
    r"|geocaching|chess\.com|deviantart|forocoches|instagram|tik\s?tok|pinterest|goodreads|leboncoin"
    r"|last\.?fm|blablacar|runkeeper|alltrails|willhaben|gutefrage|telegram|facebook|mastodon|wallapop"
    r"|gamertag|booknode|allociné|chefkoch|marmiton|bandcamp|mixcloud|nextdoor|duolingo|wordfeud|fortnite"
    r"|substack|linkedin|poshmark|catawiki|2dehands|tellonym|storytel|tweakers|discord|twitter|threads"
    r"|youtube|bluesky|babelio|ravelry|wattpad|untappd|cookpad|cults3d|spotify|wikiloc|lichess|behance"
    r"|patreon|threema|ricardo|whatnot|rednote|calibre|mydealz|dealabs|twitch|strava|komoot|vinted|reddit"
    r"|bereal|flickr|subito|anobii|hebban|vivino|github|gitlab|deezer|airbnb|relive|roblox|tumblr|ko-?fi"
    r"|medium|wechat|signal|pepper|insta|skype|steam|zwift|uplay|quora|viber|depop|shein|bsky|xbox|ebay"
    r"|etsy|xing|line|temu|fok!|psn|icq|ig|yt|fb"
    r"|(?:\w+-?)?(?:forum|foro|fórum)s?|board)"
)
"""Networks, communities and shops where people go by a name of their own."""
_HANDLE_LINK = (
    r"(?i)(?P<pii>(?:https?\s?:\s?//)?(?:www\.|m\.|old\.|[a-z]{2}-[a-z]{2}\.)?(?:"
    r"(?:instagram|facebook|twitter|tiktok|snapchat|pinterest|reddit|twitch|threads|github|bsky|vinted|strava|flickr"
    r"|soundcloud|mastodon|ravelry|vk)\.(?:com|tv|net|app|social|fr|de|es|it|nl|be)/[\w.@/?=&%\-]{2,80}"
    r"|youtube\.com/(?:@|c/|user/|channel/)[\w.\-]{2,80}|goodreads\.com/user/[\w.@/\-]{2,80}"
    r"|(?:t|wa|fb|m|ig|telegram)\.me/[\w.+\-]{2,60}|discord\.gg/\w{3,20}"
    r"|linkedin\.com/in/[\w.%\-]{2,80}|x\.com/\w{2,30}|linktr\.ee/[\w.\-]{2,40}"
    r"|amazon\.[a-z.]{2,6}/(?:gp/(?:profile|pdp)|shop)/[\w./\-]{2,80}"
    r"|(?:[\w-]{2,40}\.)(?:blogspot|wordpress|tumblr|substack|weebly|jimdo|bandcamp|itch|carrd|deviantart"
    r"|livejournal)\.[a-z.]{2,6}"
    r"(?:/[^\s<>\"']*)?"
    r"|(?:[\w-]{2,40}\.){1,3}[a-z]{2,6}/(?:[\w.%-]{1,30}/){0,3}?(?:user|users|usuario|usuarios|utente|utenti"
    r"|gebruiker|profile|profiles|profil|profils"
    r"|perfil|profilo|profiel|member|members|mitglied|mitglieder|membre|membres|miembro|people|author|u|id|in"
    r"|seller|usr|!)(?:/[\w.@%+~-]{2,60}){1,3}/?"
    r"|(?:[\w-]{2,40}\.){1,3}[a-z]{2,6}/@[\w.-]{2,40}"
    r"|(?:[\w-]{2,40}\.){1,3}[a-z]{2,6}/[\w./%-]{0,60}\?(?:[\w=&%-]{0,40}&)?(?:id_?user|user_?id|user|uid|u"
    r"|member|profile_?id|profil|id)=[\w.%-]{2,60}"
    r"|(?:github|gitlab|ko-fi|patreon|buymeacoffee|medium|letterboxd|behance|dribbble|bandcamp|thingiverse"
    r"|untappd|vivino|duolingo"
    r"|lichess|wattpad|librarything)\.(?:com|nl|org|net)/(?:user/|users/|profile/|!?[\w-]{0,10}/)?[\w.@%-]{3,60}))"
)
_AT_HANDLE = r"(?<![\w.@/&+=*#!$%-])(?P<pii>@[A-Za-z_][\w.-]{1,40}(?<![.-]))(?![\w@])"
_REDDIT_HANDLE = r"(?<![\w/])(?P<pii>/?u/[\w-]{3,30})(?!\w)"
_MINE = (
    r"my|mein(?:en?|em)?|mon|ma|mi|il mio|mio|mijn|follow me|add me|find me|folgt mir|folge mir|suivez[- ]moi"
    r"|retrouvez[- ]moi|ajoutez[- ]moi|sígueme|seguidme|búscame|seguitemi|seguimi|trovatemi|mi trovate|volg me"
    r"|volg mij|dm"
)
_ACCOUNT_WORD = (
    r"handle|name|user(?:name)?|account|acc|id|tag|channel|konto|kanal|benutzername|nutzername|compte|chaîne"
    r"|pseudo|cuenta"
    r"|canal|usuario|canale|nick(?:name)?|profil[eo]?|page|seite|pagina|página|gebruikersnaam|kanaal|utente"
)
_SAID = r"(?:heet|heißt|s['’]appelle|se llama|si chiama|is|ist|lautet|heißt|est|es|è|heet|:|=|->|→|@|-|–|is:|ist:)"
_NAMED_HANDLE = (
    rf"(?i)\b(?:(?P<mine>{_MINE})\s+)?(?:(?:auf|on|sur|en|su|op|via|at|bei)\s+)?(?P<network>{_NETWORK})"
    rf"(?:[\s-]*(?:{_ACCOUNT_WORD}))?(?:\s+(?:bin ich|je suis|soy|sono|ben ik|i['’]?m|i am|als|as|under|unter|sous"
    rf"|como|come))?"
    rf"\s*(?P<said>{_SAID})?\s*(?P<pii>@?[a-z0-9_][\w.-]{{2,40}}(?<![.-])(?:#\d{{4}})?)"
)
_ACCOUNT_NAME = (
    r"(?i)\b(?:my|mein|mon|mi|il mio|mio|mijn)\s(?:user\s?name|user id|screen name|handle|gamer\s?tag"
    r"|nick(?:name)?|benutzername"
    r"|nutzername|pseudo(?:nyme)?|usuario|nombre de usuario|nome utente|gebruikersnaam)"
    r"(?:\s(?:is|ist|lautet|est|es|è|auf \w+ ist|on \w+ is|here is|hier ist))?\s?:?\s(?P<pii>@?[\w.-]{3,40}(?<![.-]))"
)
_LOOSE_HANDLE = (
    rf"(?i)(?<!\w)(?P<network>{_COMMUNITY})"
    r"(?:\W{1,3}[^\W\d_]{1,12}){0,4}?\W{1,4}(?P<pii>@?[a-zà-ÿ][\w.-]*[\d_.][\w.-]*\w)(?<!['’]s)"
)
_I_AM = (
    r"(?:ben ik te vinden|bin ich zu finden|vous pouvez me trouver|me podéis encontrar|potete trovarmi"
    r"|mi potete trovare|bin ich|heiß(?:e)? ich|heisse ich|findet ihr mich|findet man mich|je suis"
    r"|je m['’]appelle"
    r"|mon pseudo(?: est|,? c['’]est)?"
    r"|on me trouve|vous me trouvez|soy|me llamo|mi usuario es|me encontr[áa]is|me encuentras|me sigues|sono"
    r"|mi chiamo|mi trovate"
    r"|mi trovi|ben ik|heet ik|vind je me|vinden jullie me|i['’]?m|i am|i go by|i['’]m called|my name is|i post"
    r"|i write|you can find me|you['’]ll find me"
    r"|find me|als|as|under|unter|sous|como|come|con el nombre|col nome|con il nome|mit dem namen"
    r"|onder(?: de naam)?|under the name)"
)
_SELF_HANDLE = (
    rf"(?i)(?<!\w)(?:auf|on|sur|en|su|op|via|at|bei|im|in|in the|nel|sul|dans|in het|op het|en el|sur le|on the"
    rf"|dem|beim)\s"
    rf"(?P<network>{_COMMUNITY})(?:\s(?:community|account|app))?,?\s{_I_AM}\s"
    r"(?:als\s|as\s|come\s|como\s|sous\s|unter\s|onder\s|con\s|the\s|le\s(?:pseudo|nom)\s|de\s)?[\"“„«'‘]?"
    r"(?P<pii>@?[^\W\d_][\w.-]{3,30}(?<![.-]))(?=\s?[\"”“»'’,.;!?)\n]|\s?\Z|\s(?:und|and|et|y|e|en|if|falls|wenn"
    r"|si|se|als)\s)"
)
_HANDLE_FIRST = (
    r"(?i)(?<!\w)(?:bin|heiße|heiß|i['’]?m|i am|je suis|soy|sono|ik ben|ben|heet|als|as|sous|como|come|ich|moi"
    r"|find me as|follow"
    r"|onder|unter|under|user|name|nick|nickname|pseudo|profil|profile|perfil|profilo|profiel|suivez|folgt"
    r"|seguite|seguid|sigue|volg)"
    r"\s(?:ich\s|is\s|ist\s|est\s|es\s|è\s|als\s|as\s|the\s)?:?\s?[\"“„«'‘]?"
    rf"(?P<pii>@?[\w][\w.-]{{2,30}}[\w])[\"”“»'’]?,?\s(?:auf|on|sur|en|su|op|via|at|bei|@|im|nel|sul|dans|over on"
    rf"|in)\s(?:le\s|the\s|dem\s|der\s|el\s|il\s|het\s|de\s|la\s)?{_COMMUNITY}(?!\w)"
)
_PROFILE = (
    r"(?i)(?<!\w)(?:profil|profile|perfil|profilo|profiel|username|user\s?name|user|nick(?:name)?"
    r"|benutzername|nutzername|pseudo|usuario|nome utente|gebruikersnaam|account|konto|cuenta|kanal"
    r"|channel|chaîne|canal|canale|kanaal|handle|gamertag|screenname)"
    r"\s?(?::|=|is|ist|est|es|è|heißt|lautet|named?|called)\s?[\"“„«]?(?P<pii>@?[^\W\d_][\w.-]*[\d_.][\w.-]*\w)"
)
_BLUESKY = r"(?i)(?<![\w.@])(?P<pii>@?[\w-]{2,40}\.bsky\.social|@[\w.]{2,40}@[\w-]{2,40}\.[a-z.]{2,12})(?!\w)"
_PRODUCT_LIKE = re.compile(
    r"(?i)@?(?:windows?|win|usb|hdmi|mp[34]|ipx|android|ios|iphone|ipad|galaxy|playstation|bluetooth"
    r"|bt|series|version|v"
    r"|ver|update|firmware|hd|full|ultra|gen|generation|ddr|rtx|gtx|core|ryzen|h|x|e\.g|z\.b|u\.a|p\.ex|i\.e)"
    r"[\d._-]*\w?\Z|.*\.(?:com|de|fr|es|it|nl|be|at|ch|co|uk|net|org|tv|io|eu|app|gg|me|exe|pdf|jpg)\Z"
)
_DISCORD = r"(?<![\w#])(?P<pii>[\w.-]{2,32}#\d{4})(?!\d)"
_NOT_A_HANDLE = re.compile(
    r"(?i)@(?:home|work|amazon|all|everyone|alle|tous|todos|tutti|night|school|media\d*|zuhause|hause|the|my|least"
    r"|\d.*)\Z"
)


def _is_at_handle(match: re.Match[str]) -> bool:
    found = match.group("pii")
    return not _NOT_A_HANDLE.match(found) and found[1:].lower() not in _BRANDS


_BRANDS = NOT_A_NAME


def _is_named_handle(match: re.Match[str]) -> bool:
    """`Instagram: nope` is a sentence; a handle has a digit, `_`, `.` or `@`, or `my` and a network before it."""
    found = match.group("pii").lower()
    if found in NOT_A_NAME or len(found) < 4 or re.fullmatch(r"[\d.,-]+", found):
        return False
    network = match.group("network").lower()
    shop = network in {"x", "ebay", "etsy", "kleinanzeigen", "signal", "steam", "xbox", "vinted", "snap", "ig"}
    marked = bool(re.search(r"[a-z][\w-]*[\d_.#][\w]|@|\d[a-z]", found)) and not re.search(
        r"\.(?:com|de|fr|es|it|nl|be|at|ch|co|net|org)\b", found
    )
    if match.group("mine") and not shop and len(found) >= 10 and not is_dictionary_word(found):
        return True
    if match.group("mine"):
        return marked or (match.group("said") is not None and (not shop or len(found) >= 10))
    if shop:
        return marked and match.group("said") is not None
    return marked


def _is_loose_handle(match: re.Match[str]) -> bool:
    """Some words behind a network: small letters with a digit, `_` or a point inside."""
    found = match.group("pii").strip("@")
    if len(found) < 5 or len(re.findall(r"[^\W\d_]", found)) < 4 or _PRODUCT_LIKE.match(found):
        return False
    if "_" not in found and (found != found.lower() or re.search(r"[a-zà-ÿ]\.[A-ZÀ-Þ]", match.group("pii"))):
        return False
    return re.search(r"\.{2}|\A\w{1,3}\.\w{1,3}\Z", found) is None


def _is_marked_handle(match: re.Match[str]) -> bool:
    """With a digit, `_` or a point inside, and no model or site."""
    found = match.group("pii").strip("@")
    return (
        re.search(r"[\d_.]", found) is not None
        and re.search(r"[^\W\d]{3}", found) is not None
        and not _PRODUCT_LIKE.match(found)
    )


def _is_self_handle(match: re.Match[str]) -> bool:
    """Whoever says what they are called somewhere: small letters, or a digit, `_` or a capital inside."""
    found = match.group("pii")
    if found.lower() in NOT_A_NAME or _PRODUCT_LIKE.match(found) or re.fullmatch(_COMMUNITY, found, re.IGNORECASE):
        return False
    return found == found.lower() or re.search(r"[\d_.]|[a-zà-ÿ][A-Z]", found) is not None


def _is_account_name(match: re.Match[str]) -> bool:
    return match.group("pii").lower() not in NOT_A_NAME


_NETWORK_WORDS = (spelled(_NETWORK)) - {"x", "s"}
_PROFILE_WORDS = word_set(
    "profil profile perfil profilo profiel username user nick nickname benutzername nutzername pseudo usuario utente "
    "gebruikersnaam account konto cuenta kanal channel chaîne canal canale kanaal handle gamertag screenname"
)
_LOOSE_NETWORKS = (
    spelled(_COMMUNITY)
    | word_set("snapchat snap tiktok tik kofi ko fi lastfm battlenet forums foros")
    | word_set("hififorum hundeforum katzenforum gartenforum motorradforum rennradforum nähforum computerforum")
) - word_set(
    "line com medium epic games fr connect pepper calibre app library story sens chess hardware giallo chat "
    "board the last"
)
_LINK_SIGN = re.compile(
    r"(?:instagram|facebook|twitter|tiktok|snapchat|pinterest|reddit|twitch|threads|git(?:hub|lab)|bsky|vinted|strava"
    r"|flickr|soundcloud|mastodon|ko-fi|patreon|buymeacoffee|medium|letterboxd|behance|dribbble|thingiverse"
    r"|untappd|vivino"
    r"|ravelry|vk|youtube|goodreads|amazon|linkedin|linktr|discord|telegram|duolingo|lichess|hebban|wattpad"
    r"|librarything"
    r"|\bx|\bt|\bwa|\bfb|\bm|\big)\.[a-z.]{2,6}/"
    r"|/(?:users?|usuarios?|utent[ei]|gebruiker|profiles?|profils?|perfil|profil[oe]|profiel|members?"
    r"|mitglied(?:er)?|membres?|miembro"
    r"|people|author|u|id|in|seller|usr)/|/@|\?\S{0,40}(?:user|uid|u|member|profil\w*|id)="
)
_SLASHED = re.compile(r"\.[a-z.]{2,6}/")
_BLOG_HOSTS = ("blogspot.", "wordpress.", "tumblr.", "substack.", "weebly.", "jimdo.")


_ACCOUNT_NAME_WORDS = word_set(
    "user username screen handle gamertag gamer nick nickname benutzername nutzername pseudo pseudonyme usuario utente "
    "gebruikersnaam"
)


def contact_recognizers() -> list[Gated]:
    """Recognisers of e-mail addresses, handles and profile links."""

    def at_sign(signs: Signs) -> bool:
        return signs.has_at

    def link(signs: Signs) -> bool:
        if signs.has_link and _SLASHED.search(signs.lower) and _LINK_SIGN.search(signs.lower) is not None:
            return True
        return any(host in signs.lower for host in _BLOG_HOSTS)

    return [
        Gated("email", OfflineEmailRecognizer(supported_language="xx"), at_sign),
        gated("email", _ACCENTED_EMAIL, None, at_sign),
        gated("email", _OBFUSCATED_EMAIL, _is_obfuscated_email, _spells_at),
        gated("handle", _HANDLE_LINK, None, link),
        gated("handle", _AT_HANDLE, _is_at_handle, at_sign),
        gated("handle", _REDDIT_HANDLE, None, lambda signs: "u/" in signs.text),
        gated("handle", _NAMED_HANDLE, _is_named_handle, words=_NETWORK_WORDS, back=40),
        gated("handle", _LOOSE_HANDLE, _is_loose_handle, words=_LOOSE_NETWORKS),
        gated("handle", _SELF_HANDLE, _is_self_handle, words=_LOOSE_NETWORKS, back=8),
        gated("handle", _HANDLE_FIRST, _is_marked_handle, words=_LOOSE_NETWORKS, back=60),
        gated("handle", _PROFILE, _is_marked_handle, words=_PROFILE_WORDS, back=6),
        gated("handle", _BLUESKY, None, lambda signs: signs.has_at or "bsky" in signs.lower),
        gated("handle", _ACCOUNT_NAME, _is_account_name, words=_ACCOUNT_NAME_WORDS, back=25),
        gated("handle", _DISCORD, None, lambda signs: "#" in signs.text and "discord" in signs.words),
    ]
