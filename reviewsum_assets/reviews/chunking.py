"""Chunks: one sentence of a cleaned review, split again at contrast, with its place in the text.

A chunk is the unit that is embedded, given aspects and a polarity, and quoted. Reviewers write without spaces after
full stops, in lower case, in bullet lists, with emoji for punctuation; "great sound but the battery dies" holds two
opinions of opposite polarity. Where a cut is doubtful, none is made: half a clause ("Das Gerät funktioniert" |
"aber nicht") says the opposite of the whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

MAX_CHUNK_CHARACTERS = 850
MAX_CHUNK_WORDS = 140
"""Together these hold a chunk to 256 tokens of the default embedder: of 106,000 chunks of public reviews in five
languages the longest has 240, the mean 18."""

MIN_CLAUSE_WORDS = 3
"""Words of a clause, its conjunction included, below which a sentence is not cut."""
MIN_QUOTE_WORDS = 4
MAX_QUOTE_CHARACTERS = 300
MAX_CAPITALS_SHARE = 0.7
"""Share of capitals among the letters above which a text shouts."""
LETTER_RUN = 5
"""Repetitions of one letter ("sooooo") from which a text looks careless in a summary."""
MIN_LETTERS_SHARE = 0.6
"""Share of letters among the characters below which a text is keyboard noise or a table of numbers."""


@dataclass(frozen=True)
class Chunk:
    """A span of a cleaned review: `text == cleaned_text[start:end]`, offsets in code points."""

    position: int
    """Place among the chunks of its review, from 0."""
    start: int
    end: int
    text: str
    quotable: bool
    """Long and clean enough to be shown to a reader on its own."""


def split_chunks(text: str, language: str) -> list[Chunk]:
    """Split a cleaned review into chunks, in order, never overlapping, without white space at their ends.

    Args:
        text: The cleaned review.
        language: ISO 639-1 code. It decides where contrast is sought; an unknown one (`und`) gets sentences only.
    """
    return list(_split(text, language))


@lru_cache(maxsize=4_096)
def _split(text: str, language: str) -> tuple[Chunk, ...]:
    """Remembered: a review is split when it is cleaned, when its vectors are stored, and when it is indexed."""
    bounds, pauses = _sentence_bounds(text, language)
    cuts = sorted(
        [*(_Cut(pause, MIN_CLAUSE_WORDS) for pause in pauses), *_contrasts(text, language)], key=attrgetter("offset")
    )
    chunks: list[Chunk] = []
    for sentence_start, sentence_end in pairwise(bounds):
        for clause_start, clause_end in pairwise(_clause_bounds(text, cuts, sentence_start, sentence_end)):
            for start, end in _within_limits(text, clause_start, clause_end):
                start, end = _trimmed(text, start, end)
                if start < end:
                    span = text[start:end]
                    chunks.append(Chunk(len(chunks), start, end, span, is_quotable(span)))
    return tuple(chunks)


def opens_with_contrast(text: str, language: str) -> bool:
    """Whether a chunk begins with the conjunction that it was split at ("but the battery dies"): it turns against what
    was said before it, and so, more often than not, against the stars of its review."""
    contrast = _CONTRASTS.get(language)
    return contrast is not None and contrast.words.match(text) is not None


def is_quotable(text: str) -> bool:
    """Whether a chunk can be shown alone: a few real words, no link, no shouting, no keyboard noise."""
    if len(text) > MAX_QUOTE_CHARACTERS or (("." in text or ":" in text) and _LINK.search(text)):
        return False
    # One redacted place can be read over ("thanks to [name] it came in time"), two make a puzzle.
    spoken, redacted = _REDACTION_MARK.subn(" ", text) if "[" in text else (text, 0)
    if redacted > 1:
        return False
    words = _LETTER_WORD.findall(spoken)
    if len(words) < MIN_QUOTE_WORDS or len(set(words)) * 2 < len(words):
        return False
    letters = sum(map(len, words))
    if letters < MIN_LETTERS_SHARE * len("".join(spoken.split())):
        return False
    # Few words repeat letters often enough to be worth the search.
    if any(len(word) - len(set(word)) >= LETTER_RUN - 1 and _LETTER_RUN.search(word) for word in words):
        return False
    return sum(map(str.isupper, spoken)) <= MAX_CAPITALS_SHARE * letters


# Characters

_EMOJI = (
    "\U0001f000-\U0001faff\u2600-\u2704\u2706-\u2712\u2715-\u274b\u274d-\u2794\u2797-\u27bf\u2b50\u2b55\ufe0f\u200d"
)
_BULLETS = "•●▪◦‣✓✔✅❌➕➖"
_EMOTICON = r"[:;]-?[)(DP]+(?!\w)"
_CLOSERS = "\"'”’“»)\\]"

_WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
_LETTER_WORD = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")
_LETTER_RUN = re.compile(rf"(.)\1{{{LETTER_RUN - 1},}}", re.IGNORECASE)
_LINK = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|org|net|de|fr|es|it|nl|co\.uk|info|shop)\b", re.IGNORECASE)
_REDACTION_MARK = re.compile(r"\[[a-z_]{2,30}\]")

# Sentences

_FACES = rf"(?:[ ]?(?:[{_EMOJI}]+|{_EMOTICON}))*"

# The first character is one set and each kind looks back at it: the scan over the text is one table look-up a
# character, a third of the time of the plain alternation.
_BREAK = re.compile(
    rf"[.!?…\n\r\u2028\u2029;:{_BULLETS}{_EMOJI}]"
    rf"(?:(?<=[.!?…])(?P<stop>[.!?…]*[{_CLOSERS}]*{_FACES})"
    rf"|(?<=[\n\r\u2028\u2029])(?P<line>[\n\r\u2028\u2029]*)"
    rf"|(?<=[{_BULLETS}])(?P<bullet>)"
    rf"|(?P<pause>(?:(?<=[{_EMOJI}])|(?<=[:;])-?[)(DP]+(?!\w)){_FACES}[ ]?|(?<=;)))"
)


def _words(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


_ABBREVIATIONS_OF = {
    "en": "mr mrs ms dr prof st jr sr vs e.g i.e eg ie approx incl excl fig no vol dept est ext inc ltd co max min"
    " temp ft oz lbs lb sq ca cf al",
    "de": "z.b zb z d.h dh bzw ca inkl exkl zzgl max min nr dr prof hr fr str evtl ggf bspw vgl sog u.a ua o.ä v.a"
    " i.d.r u.u abs art bes d.i ehem einschl etw geb jh mind mio mrd mwst s.o s.u st std tel usf o.g lt gem entspr"
    " insb eigtl bzgl urspr zw",
    "fr": "m mm mme mlle dr prof env ex p.ex cf n° no art max min tél st ste c.-à-d càd c.a.d approx incl av bd",
    "es": "sr sra srta dr dra ud uds vd vds p.ej pej ej aprox máx mín max min núm num nº pág tel incl avda c/a ee.uu",
    "it": "sig sig.ra dott dr ing prof es p.es ad.es ca max min n nr tel incl art pag cfr circa.ca s avv vs",
    "nl": "bv bijv bijvb d.w.z dwz o.a oa m.b.t mbt t.o.v tov i.p.v ipv a.h.w ca incl excl max min nr dhr mevr mw dr"
    " prof evt resp m.a.w maw i.v.m ivm n.a.v nav t/m tel st blz i.c z.s.m mn m.n vnl",
}
_ABBREVIATIONS = {language: _words(words) for language, words in _ABBREVIATIONS_OF.items()}
_ALL_ABBREVIATIONS = frozenset().union(*_ABBREVIATIONS.values())

# "etc." ends a sentence as often as not: only a capital after it says which.
_OPEN_ENDED = _words("etc usw enz ecc uvm u.s.w e.t.c resp p.m a.m")

# Words that start a sentence often and are no domain or file ending: "great.but" is two sentences, "amazon.de" is one.
_STARTERS = _words(
    "but the this they we my very not would great good only also however and so if you "
    "aber das die der ich wir man sehr nicht leider auch und nur habe mein "
    "mais le les je il elle très pas bon par on ce cette un une "
    "pero el los muy lo se una por para "
    "ma il molto non ho per con "
    "maar het een ik niet ook zeer wel"
)
# One letter before a full stop is an initial, unless it is a word or a size: "… and so do I.", "taille S."
_LETTERS_THAT_END = "aàyoeuiISMLX"

_TOKEN_BEFORE = re.compile(r"[^\s(\"'“”«»,;:!?\[]*\Z")
_LOOK_BACK_CHARACTERS = 24


def _sentence_bounds(text: str, language: str) -> tuple[list[int], list[int]]:
    """Offsets at which sentences begin, with 0 before and the text's length after them; and those of pauses."""
    bounds, pauses = [0], []
    for match in _BREAK.finditer(text):
        kind = match.lastgroup
        cut = match.end()
        if kind == "pause":
            pauses.append(cut)
            continue
        if kind == "stop":
            if not _ends_sentence(text, language, match.start(), cut, bounds[-1]):
                if text.startswith(("..", "…"), match.start()):
                    pauses.append(cut)
                continue
        elif kind == "bullet":
            cut = match.start()
            if cut and not text[cut - 1].isspace():
                continue
        if cut > bounds[-1]:
            bounds.append(cut)
    if bounds[-1] < len(text):
        bounds.append(len(text))
    return bounds, pauses


def _ends_sentence(text: str, language: str, stop: int, end: int, sentence_start: int) -> bool:
    """Whether the punctuation `text[stop:end]` ends a sentence."""
    if end == len(text):
        return True
    after = text[end]
    spaced = after.isspace()
    following = _next_character(text, end) if spaced else after
    if following == "":
        return True
    mark = text[stop]
    full_stops = 0
    while stop + full_stops < end and text[stop + full_stops] == ".":
        full_stops += 1
    quoted = text[end - 1] in "\"'”’“»)]"
    if mark in "!?":
        # "Yahoo!" she said: a quotation goes on in lower case.
        if quoted and following.islower():
            return False
        return spaced or following.isalnum() or following in '"“«(¡¿'
    if full_stops > 1 or mark == "…":
        # Three dots pause as often as they end; in lower case they are left to the clauses.
        return not following.islower() and (spaced or following.isupper() or following in "¡¿")
    if end - stop > 1 and text[stop + 1] in "!?":
        return True
    return _full_stop_ends(text, language, stop, spaced, following, end, sentence_start)


def _full_stop_ends(
    text: str, language: str, stop: int, spaced: bool, following: str, end: int, sentence_start: int
) -> bool:
    token_match = _TOKEN_BEFORE.search(text, max(sentence_start, stop - _LOOK_BACK_CHARACTERS), stop)
    token = token_match.group().casefold() if token_match else ""
    if not spaced:
        if following.isdigit() or not token or not token[-1].isalnum():
            return False
        word = _WORD.match(text, end)
        if word is None or "." in token:
            return False
        if following.isupper():
            # "good.The battery", not "Node.JS" or "U.S.A"
            return len(token) > 1 and len(word.group()) > 1 and not word.group().isupper()
        return len(token) > 2 and word.group().casefold() in _STARTERS
    if token in _ABBREVIATIONS.get(language, _ALL_ABBREVIATIONS) and not _starts_over(text, token, following, end):
        return False
    if token in _OPEN_ENDED:
        return not following.islower() and not following.isdigit()
    if token.isdigit():
        # "1. Open the box" counts; German writes ordinals so ("am 3. Tag").
        counts = not text[sentence_start : stop - len(token)].strip(" \t\n-*(")
        return not counts and not (language == "de" and len(token) <= 2) and not following.islower()
    # Initials and spelt abbreviations: "J. Smith", "U.S. plug", "z. B."
    letters = token.rsplit(".", 1)[-1]
    if len(letters) == 1 and letters.isalpha():
        return "." not in token and text[stop - 1] in _LETTERS_THAT_END
    return True


_ALSO_WORDS = _words("no est temp co art es ex max min fig al s fr st")


def _starts_over(text: str, token: str, following: str, end: int) -> bool:
    """Whether a new sentence plainly starts after a word that is also an abbreviation ("Say no. The seller …")."""
    if token not in _ALSO_WORDS:
        return False
    word = _WORD.search(text, end)
    return following.isupper() and word is not None and word.group().casefold() in _STARTERS


def _next_character(text: str, offset: int) -> str:
    length = len(text)
    while offset < length and text[offset].isspace():
        offset += 1
    return text[offset] if offset < length else ""


# Clauses


@dataclass(frozen=True)
class _Contrast:
    """How a language marks contrast."""

    words: re.Pattern[str]
    """Group `anywhere`: opens a clause wherever it stands; group `after_comma`: only there, a particle elsewhere."""
    joined: re.Pattern[str]
    """"Not only", after which the conjunction joins two praises."""
    never_after: frozenset[str] = frozenset()
    """Words that make a phrase with the conjunction: "nothing but", "last but not least"."""
    without_comma: re.Pattern[str] | None = None
    """Where a particle opens a clause although the reviewer left the comma out."""


def _contrast_words(anywhere: str, after_comma: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:(?P<anywhere>{anywhere})|(?P<after_comma>{after_comma}))\b(?![’'])", re.IGNORECASE)


def _joined(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b{pattern}\b", re.IGNORECASE)


# German "aber" and Dutch "maar" are particles as often as conjunctions ("ist aber zu klein", "duurt maar kort").
# Without a comma they split before a word that opens a clause, and not after a verb, pronoun or adverb.
_CONTRASTS = {
    "en": _Contrast(
        _contrast_words(r"but|(?:even\s+)?though|although", r"however|yet|unfortunately"),
        _joined(r"not\s+(?:only|just|merely|simply)"),
        _words("nothing anything everything everyone anyone nobody all none last one cannot never as"),
    ),
    "de": _Contrast(
        _contrast_words(r"(?!)", r"aber|jedoch|allerdings|obwohl|leider"),
        _joined(r"nicht\s+(?:nur|bloß)"),
        _words(
            "ist sind war waren hat habe haben wird wurde kann muss geht gibt ich du er sie es man wir das mir mich"
            " sich oder dann nun jetzt und jedoch zwar"
        ),
        re.compile(
            r"\baber(?=\s+(?:der|die|das|ein|eine|ich|es|er|sie|man|wir|wenn|für|mit|bei|nach|am|im|dafür|sonst|"
            r"dieser?|dieses|meine?|leider|trotzdem|dennoch|ansonsten)\b)",
            re.IGNORECASE,
        ),
    ),
    "fr": _Contrast(
        _contrast_words(
            r"mais|par\s+contre|en\s+revanche|bien\s+que", r"cependant|toutefois|néanmoins|malheureusement"
        ),
        _joined(r"(?:non|pas|pas\s+que)\s+(?:seulement|uniquement)"),
    ),
    "es": _Contrast(
        _contrast_words(r"pero|aunque|sin\s+embargo|no\s+obstante", r"eso\s+sí|lástima"),
        _joined(r"no\s+(?:solo|sólo|solamente|únicamente)"),
    ),
    "it": _Contrast(
        _contrast_words(r"ma|anche\s+se|sebbene", r"però|tuttavia|purtroppo"),
        _joined(r"non\s+(?:solo|soltanto|solamente)"),
    ),
    "nl": _Contrast(
        _contrast_words(r"hoewel", r"maar|echter|alleen|helaas|jammer"),
        _joined(r"niet\s+(?:alleen|enkel|slechts)"),
        _words("alleen nog zeg toch dan ook en ga steeds er niet is pas kost duurt"),
        re.compile(
            r"\bmaar(?=\s+(?:de|het|ik|dit|dat|deze|die|er|je|we|ze|hij|zij|te|niet|wel|ook|helaas|toch|als|voor|met|"
            r"na|mijn|daar|echt|soms|heel|zeker|vooral|door|op|in)\b)",
            re.IGNORECASE,
        ),
    ),
}

_AFTER_COMMA = re.compile(r"[,;:–—(\-….]\s*\Z")
_LAST_WORD = re.compile(r"(\w+)\W*\Z")


class _Cut(NamedTuple):
    """A place where a sentence may be cut."""

    offset: int
    words_before: int
    """Words that the clause before it must have."""
    contrast: _Contrast | None = None
    """None: a pause, such as three dots or an emoji."""


def _contrasts(text: str, language: str) -> list[_Cut]:
    """Where a conjunction of contrast opens a clause."""
    contrast = _CONTRASTS.get(language)
    if contrast is None:
        return []
    cuts = []
    for match in contrast.words.finditer(text):
        offset = match.start()
        if _AFTER_COMMA.search(text, max(0, offset - 3), offset):
            cuts.append(_Cut(offset, 2, contrast))
            continue
        last_word = _LAST_WORD.search(text, max(0, offset - _LOOK_BACK_CHARACTERS), offset)
        if last_word is None or last_word.group(1).casefold() in contrast.never_after:
            continue
        if match.lastgroup == "anywhere":
            cuts.append(_Cut(offset, 2, contrast))
        elif contrast.without_comma is not None and contrast.without_comma.match(text, offset):
            # After a German noun ("Gute Qualität aber …") two words are a clause; after a verb they are half of one.
            noun = language == "de" and last_word.group(1)[0].isupper()
            cuts.append(_Cut(offset, 2 if noun else 3, contrast))
    return cuts


def _clause_bounds(text: str, cuts: list[_Cut], start: int, end: int) -> list[int]:
    """Offsets at which the clauses of one sentence begin, with the sentence's start before and its end after them."""
    bounds = [start]
    for cut in cuts:
        if (
            bounds[-1] < cut.offset < end
            and _has_words(text, bounds[-1], cut.offset, cut.words_before)
            and _has_words(text, cut.offset, end, MIN_CLAUSE_WORDS)
            and not (cut.contrast and cut.contrast.joined.search(text, start, cut.offset))
        ):
            bounds.append(cut.offset)
    bounds.append(end)
    return bounds


def _has_words(text: str, start: int, end: int, least: int) -> bool:
    return len(_WORD.findall(text, start, min(end, start + 60 * least))) >= least


# Limits

_PAUSE = re.compile(r"[,;:)–—]\s|\s[-–—(]\s?|\s")
_BULLET_START = re.compile(rf"[{_BULLETS}*·>]+\s+")


def _within_limits(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span in pieces that keep the limits, cut at the last pause that fits, else at white space, else anywhere."""
    while end - start > 2 * MAX_CHUNK_WORDS:
        limit = min(end, start + MAX_CHUNK_CHARACTERS)
        for count, word in enumerate(_WORD.finditer(text, start, limit)):
            if count == MAX_CHUNK_WORDS:
                limit = word.start()
                break
        if limit == end:
            break
        cut = _last_pause(text, start, limit)
        yield start, cut
        start = cut
    yield start, end


def _last_pause(text: str, start: int, limit: int) -> int:
    """The last good place to cut in the second half of the span."""
    middle = (start + limit) // 2
    spaces = clauses = 0
    for match in _PAUSE.finditer(text, middle, limit):
        spaces = match.end()
        if len(match.group()) > 1:
            clauses = match.end()
    cut = clauses or spaces or limit
    # Never between a letter and its accent, or inside a joined emoji.
    while cut > middle and (unicodedata.combining(text[cut]) or text[cut] in _JOINERS or text[cut - 1] == "\u200d"):
        cut -= 1
    return cut


_JOINERS = "\u200d\ufe0e\ufe0f"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends and without a bullet. Plus and minus stay: they are a verdict."""
    while start < end and text[start].isspace():
        start += 1
    bullet = _BULLET_START.match(text, start, end)
    if bullet:
        start = bullet.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
