"""How a claim may speak: one plain sentence in the right language, to nobody, with no degree or number of its own.

These checks read the claim's words alone, and of its quotes only which numbers and degrees they say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reviewsum_assets.opinions.taxonomy import LANGUAGES, normalise
from reviewsum_assets.reviews.language import UNDETERMINED
from reviewsum_assets.summaries.claims import ClaimToVerify
from reviewsum_assets.summaries.grounding import language_fit
from reviewsum_assets.summaries.lexicon import instruction_in, lexicon, numbers_in

WORDS = (4, 35)
"""Words of a claim at least and at most."""

OTHER_LANGUAGE = 0.15
"""Share of a clause's words that speak for another language more than for the right one, from which it is foreign."""

_MARKUP = re.compile(r"[<>{}\[\]|*_#`~^\\]|https?:|www\.|&\w+;")
_PERSONAL = re.compile(
    r"\S+@\S+|(?<!\w)@\w+|\+?\d[\d ()/.-]{6,}\d|(?<!\w)(?:mr|mrs|ms|herr|frau|mme|sig|sra|mevr)\.?\s[A-Z]"
)
_SENTENCE_BREAK = re.compile(r"[.!?…]['\"”»“’]?\s+(?=[\w¿¡«„“\"'])")
_END = re.compile(r"[.!?…]['\"”»“’]?$")
_FORMAL_ADDRESS = {
    "de": re.compile(r"(?<=[^.!?:\s] )(?:Sie|Ihnen|Ihr|Ihre[mnrs]?)(?!\w)"),
    "it": re.compile(r"(?<=[^.!?:\s] )(?:Lei|Suo|Sua|Suoi|Sue)(?!\w)"),
}


_STORY = re.compile(
    r"\b(?:he|she|him|her|his|hers)\b|\bthey\b[^,;.]*?\b(?:wish|wished|tried|purchased|bought|ordered|expected|returned|"
    r"thought|took|take|ended|got|received|gave|wore|asked|told)\b",
    re.IGNORECASE,
)
_NO_CLAUSE = re.compile(r"(?:but|and|or|so|because|which|love[ds]?|like[ds]?|wish|ended|got|bought)\b", re.IGNORECASE)
_CAPITALISED = re.compile(r"(?<=[ ,])[A-Z][a-z]+")
MOST_CAPITALISED = 2
"""Capitalised words after the opening that names may account for."""

_WORD = re.compile(r"[^\W\d_]+")
_GRAMMAR = (
    "their them they this that these those with from have been very more than when into every each some after before "
    "over only also even just were will would could about because "
    "eine einen einem einer nicht auch sich wenn aber oder sehr nach ohne beim sind wird dass noch kein keine "
    "pour dans avec sans plus très même mais elle elles leur sont cette tout tous toute "
    "para como pero esta este estos unos unas sino desde hasta todo toda muy más "
    "della delle degli dalla nella alla anche sono dopo prima ogni tutto tutti molto "
    "niet voor maar naar heel zeer zijn wordt deze door geen "
    "reviewers kunden rezensenten clients clientes clienti klanten"
)
_MAY_REPEAT = frozenset(_GRAMMAR.split())
"""Words of grammar, which a good sentence may hold twice."""


def shape_reasons(text: str) -> list[str]:
    reasons = []
    shortest, longest = WORDS
    count = len(text.split())
    if not shortest <= count <= longest:
        reasons.append(f"shape: {count} words, write {shortest} to {longest}")
    if not _END.search(text):
        reasons.append("shape: the sentence does not end")
    if _SENTENCE_BREAK.search(text) or "\n" in text:
        reasons.append("shape: write one sentence")
    if text.rstrip("\"'”»“’").endswith("?"):
        reasons.append("shape: a question states nothing")
    if _MARKUP.search(text):
        reasons.append("shape: markup or a link")
    if repeated := _repeated(text):
        reasons.append(f"shape: says “{repeated}” twice")
    return reasons


def _repeated(text: str) -> str | None:
    """A content word that the sentence says twice after its opening: small models go round in circles ("the battery
    is too battery", "it came late, and it came late")."""
    detail = text.rsplit(":", 1)[-1]
    words = [word for word in _WORD.findall(detail.casefold()) if len(word) > 3 and word not in _MAY_REPEAT]
    return next((word for index, word in enumerate(words) if word in words[:index]), None)


def language_reasons(claim: ClaimToVerify, detected: str, clauses: Sequence[str]) -> list[str]:
    """Wrong if the detector says so and the word lists do not gainsay it, or if a clause has foreign grammar."""
    fit = language_fit(claim.text)
    best = max(LANGUAGES, key=lambda locale: (fit[locale], locale == claim.locale))
    if detected not in (claim.locale, UNDETERMINED) and fit[best] > fit[claim.locale]:
        return [f"language: this is {detected}, write {claim.locale}"]
    for clause in clauses:
        if len(clause.split()) < 4:
            continue
        fit = language_fit(clause)
        if max(fit.values()) - fit[claim.locale] >= 2 * OTHER_LANGUAGE:
            return [f"language: part of it is not {claim.locale}"]
    return []


def manner_reasons(claim: ClaimToVerify) -> list[str]:
    """How the claim speaks: to nobody, of nobody in person, in no one's own name, at no one's order."""
    known = lexicon(claim.locale)
    folded, lower = normalise(claim.text), claim.text.casefold().replace("’", "'")
    reasons = []
    formal = _FORMAL_ADDRESS.get(claim.locale)
    addressed = known.address.search(lower) or (formal.search(claim.text) if formal else None)
    if addressed:
        reasons.append(f"address: speaks to the reader ({addressed[0]})")
    if known.imperatives.match(folded):
        reasons.append("address: starts with an order to the reader")
    own = known.first_person.search(lower)
    if own:
        reasons.append(f"first person: says {own[0]}, speak of reviewers")
    found = instruction_in(claim.text)
    if found:
        reasons.append(f"instruction: repeats an instruction ({found})")
    if _PERSONAL.search(claim.text):
        reasons.append("personal: contains contact data or a person's name")
    if known.abuse.search(folded):
        reasons.append("toxic: abuses people")
    if claim.locale == "en":
        reasons += _anecdote_reasons(claim.text)
    return reasons


def _anecdote_reasons(text: str) -> list[str]:
    """What a small model makes of one reviewer's story, told of all: read off its refused and published sentences."""
    detail = text.rsplit(":", 1)[-1].strip()
    reasons = []
    if told := _STORY.search(detail):
        reasons.append(f"anecdote: “{told[0]}” tells what happened to one reviewer")
    if opening := _NO_CLAUSE.match(detail):
        reasons.append(f"shape: no clause starts with “{opening[0]}”")
    if len(_CAPITALISED.findall(detail)) > MOST_CAPITALISED:
        reasons.append("shape: a list of headings is no sentence")
    return reasons


def number_reasons(claim: ClaimToVerify) -> list[str]:
    present = {number for quote in claim.evidence for number in numbers_in(quote.text, quote.language)}
    missing = sorted(numbers_in(claim.text, claim.locale) - present)
    return [f"number: no quote says {number:g}" for number in missing]


def degree_reasons(claim: ClaimToVerify) -> list[str]:
    """Quantity of reviewers only as planned; no `everyone`, `never` or `best` that no quote says."""
    known = lexicon(claim.locale)
    folded = normalise(claim.text)
    reasons = []
    for level, pattern in known.quantity.items():
        for found in pattern.finditer(folded):
            if level != claim.quantity and _counts_reviewers(folded, found):
                planned = claim.quantity.replace("_", " ") if claim.quantity else "no quantity"
                reasons.append(f"quantity: says {found[0]}, the plan says {planned}")
    for found in known.universal.finditer(folded):
        if _counts_reviewers(folded, found):
            reasons.append(f"exaggeration: says {found[0]} of the reviewers")
        elif not _said(claim, "universal"):
            reasons.append(f"exaggeration: no quote says {found[0]}")
    strong = known.exaggeration.search(folded)
    if strong and not _said(claim, "exaggeration"):
        reasons.append(f"exaggeration: no quote says {strong[0]}")
    return reasons


def _counts_reviewers(folded: str, found: re.Match[str]) -> bool:
    """Whether a quantity word is about reviewers: it begins the claim, or a word for people follows closely."""
    before, after = folded[: found.start()].split(), folded[found.end() :].split()[:3]
    return len(before) <= 1 or any(_PEOPLE.fullmatch(re.sub(r"\W", "", word)) for word in after)


_PEOPLE = re.compile(
    r"(?:reviewer|customer|buyer|user|owner|people|shopper|reader|wearer|kund|kauf|kauferin|nutzer|rezensent|anwender|leser|leute|trager"
    r"|client|acheteur|utilisat|consommateur|lecteur|gens|comprador|usuari|consumidor|lector|persona|acquirent|utent|lettor|persone"
    r"|klant|koper|gebruiker|recensent|lezer|mensen|opinion|recension|review|bewertung|avis|resena|beoordeling)\w*"
)


def _said(claim: ClaimToVerify, kind: str) -> bool:
    """Whether some quote, in its own language, uses a word of the list."""
    for quote in claim.evidence:
        if quote.language in LANGUAGES:
            pattern: re.Pattern[str] = getattr(lexicon(quote.language), kind)
            if pattern.search(normalise(quote.text)):
                return True
    return False
