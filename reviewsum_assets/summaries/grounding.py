"""Is every content word of a claim in its evidence? Words, numbers and names against the quotes.

A sentence vector says whether two texts speak of the same; it does not see that one of them adds a fact. So each
content word of a claim must have a counterpart in a quote: the same word, the same lemma, a compound with it, or,
across languages and for synonyms, a word vector near one of the quotes' words.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import simplemma
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.opinions.taxonomy import LANGUAGES, Taxonomy, normalise
from reviewsum_assets.summaries.claims import ClaimToVerify, EvidenceText
from reviewsum_assets.summaries.lexicon import lexicon, words

COMPOUND_PART = 5
"""Letters that a word must have to count as part of another: `Akku` is in `Akkulaufzeit` for readers, but `rat` is in
`Apparat` only for computers."""

SHARED_PREFIX = 5
SHARED_PREFIX_RATIO = 0.7
"""Two words with this many first letters in common, and this share of the longer one, are forms of one word where no
dictionary says so (`charging`, `charger`)."""


@dataclass(frozen=True)
class ContentWord:
    """A word of a claim that says something about the product."""

    written: str
    folded: str
    grounded: bool
    """Found in the evidence by its letters; if not, its vector decides."""


def content_words(
    text: str, locale: str, evidence: tuple[EvidenceText, ...], vocabulary: Iterable[re.Pattern[str]]
) -> list[ContentWord]:
    """The words of a claim that must have a counterpart in the evidence.

    Left out are grammar, reviewers, general praise and blame, and the vocabulary of the claim's own aspect.

    Args:
        text: the claim.
        locale: its language.
        evidence: the quotes it rests on.
        vocabulary: patterns over folded words that the claim may use in any case.
    """
    known = lexicon(locale)
    patterns = tuple(vocabulary)
    forms = evidence_forms(evidence)
    lemmas = {simplemma.lemmatize(form.text, lang=locale).casefold() for form in forms if form.language == locale}
    folded_lemmas = {normalise(lemma) for lemma in lemmas}
    found = []
    for written in words(text):
        for part in written.split("-"):
            folded = normalise(part)
            if known.is_plain(folded) or any(pattern.fullmatch(folded) for pattern in patterns):
                continue
            lemma = normalise(simplemma.lemmatize(part, lang=locale))
            if known.is_plain(lemma):
                continue
            grounded = lemma in folded_lemmas or any(_same_word(folded, form.folded) for form in forms)
            found.append(ContentWord(part, folded, grounded))
    return found


def content_of(clause: str, content: Sequence[ContentWord]) -> list[ContentWord]:
    """Those of a claim's content words that stand in one of its clauses."""
    folded = {normalise(part) for word in words(clause) for part in (word, *word.split("-"))}
    return [word for word in content if word.folded in folded]


@dataclass(frozen=True)
class Form:
    """A word of the evidence."""

    text: str
    folded: str
    language: str


@lru_cache(maxsize=4096)
def evidence_forms(evidence: tuple[EvidenceText, ...]) -> tuple[Form, ...]:
    """The distinct words of the quotes that are not mere grammar, in order."""
    forms: dict[tuple[str, str], Form] = {}
    for quote in evidence:
        grammar = lexicon(quote.language).function if quote.language in LANGUAGES else frozenset()
        for written in words(quote.text):
            for part in {written, *written.split("-")}:
                folded = normalise(part)
                if len(folded) > 1 and folded not in grammar:
                    forms.setdefault((folded, quote.language), Form(part, folded, quote.language))
    return tuple(forms[key] for key in sorted(forms))


def names_in(text: str, locale: str) -> list[str]:
    """Words that look like proper names: brands, models, places.

    A capital inside a sentence is one, except in German, where every noun has it: there a name is a word with a
    capital that no dictionary knows and that is no compound of known words. Figures glued to letters (`XM4`) and
    words in capitals (`HDR`) are names in every language.
    """
    names = []
    known = lexicon(locale)
    for index, written in enumerate(words(text)):
        folded = normalise(written)
        if any(c.isdigit() for c in written):
            if any(c.isalpha() for c in written):
                names.append(written)
            continue
        if len(written) > 1 and written.isupper():
            names.append(written)
        elif written[0].isupper() and not known.is_plain(folded) and len(written) > 2:
            if locale == "de" or index == 0:
                if not _in_dictionary(written, locale):
                    names.append(written)
            else:
                names.append(written)
    return names


def unsupported_names(text: str, locale: str, evidence: Sequence[EvidenceText], allowed: str = "") -> list[str]:
    """Names of a claim that no quote has, compared without case; `allowed` are words that are given, not claimed."""
    given = {normalise(part) for word in words(allowed) for part in (word, *word.split("-"))}
    present = {normalise(part) for quote in evidence for word in words(quote.text) for part in (word, *word.split("-"))}
    return [name for name in names_in(text, locale) if normalise(name) not in present | given]


def aspect_vocabulary(aspects: Iterable[str], locale: str, taxonomy: Taxonomy) -> tuple[re.Pattern[str], ...]:
    """Patterns over folded words for what a claim about the aspects may say in any case: their names and keywords."""
    return tuple(_vocabulary(aspect, locale, taxonomy) for aspect in aspects)


def foreign_aspects(
    claim: ClaimToVerify, text: str, allowed: Container[str], taxonomy: Taxonomy, quoted_too: bool = False
) -> list[str]:
    """Aspects that a text of the claim names in so many words although they are not allowed.

    Args:
        claim: the claim.
        text: all of it or a clause.
        allowed: aspects that may be named.
        taxonomy: names the aspects.
        quoted_too: also those whose name a quote has.
    """
    folded = f" {' '.join(normalise(word) for word in words(text))} "
    quoted = set() if quoted_too else {form.folded for form in evidence_forms(claim.evidence)}
    own = aspect_vocabulary(claim.aspects, claim.locale, taxonomy)
    found = []
    for aspect in taxonomy.aspects:
        label = normalise(taxonomy.name(aspect, claim.locale).label)
        if aspect in allowed or label in quoted or f" {label} " not in folded:
            continue
        if not any(pattern.fullmatch(label) for pattern in own):
            found.append(aspect)
    return found


def nearest(content: NDArray[np.float32], evidence: Vectors) -> NDArray[np.float32]:
    """For each content word vector the highest cosine to an evidence vector, shape (n,); 0 without evidence."""
    if not len(content) or not len(evidence):
        return np.zeros(len(content), dtype=np.float32)
    return (content @ evidence.T).max(axis=1)


_VOCABULARIES: dict[tuple[str, str, str], re.Pattern[str]] = {}


def _vocabulary(aspect: str, locale: str, taxonomy: Taxonomy) -> re.Pattern[str]:
    key = (taxonomy.version, aspect, locale)
    if key not in _VOCABULARIES:
        if aspect in taxonomy.aspects:
            terms = [*taxonomy.words(aspect, locale).keywords, normalise(taxonomy.name(aspect, locale).text)]
        else:
            terms = [normalise(aspect.partition(":")[2] or aspect)]
        parts = {part for term in terms for part in re.split(r"[\s']+", term) if len(part.strip("-")) > 2}
        patterns = sorted(_open_ended(part) for part in parts)
        _VOCABULARIES[key] = re.compile("|".join(patterns) or r"(?!)")
    return _VOCABULARIES[key]


def _open_ended(term: str) -> str:
    """A taxonomy keyword as a pattern: a hyphen stands for any ending or any front; plurals are let in."""
    front = r"\w*" if term.startswith("-") else ""
    back = r"\w*" if term.endswith("-") else r"\w{0,2}"
    return front + re.escape(term.strip("-")) + back


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= COMPOUND_PART and shorter in longer:
        return True
    common = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        common += 1
    return common >= SHARED_PREFIX and common >= SHARED_PREFIX_RATIO * len(longer)


@lru_cache(maxsize=20_000)
def _in_dictionary(word: str, locale: str) -> bool:
    """Whether the language's dictionary knows the word, as written or in lower case, or as a compound of two."""
    if simplemma.is_known(word, lang=locale) or simplemma.is_known(word.casefold(), lang=locale):
        return True
    if locale not in ("de", "nl"):
        return False
    folded = word.casefold()
    return any(_is_part(folded[:cut], locale) and _is_part(folded[cut:], locale) for cut in range(4, len(folded) - 3))


def _is_part(part: str, locale: str) -> bool:
    """Whether a compound may be made of the part, with or without a linking s."""
    candidates = (part, part.capitalize(), part.removesuffix("s"), part.removesuffix("s").capitalize())
    return any(simplemma.is_known(candidate, lang=locale) for candidate in candidates)


def language_fit(text: str, locales: Sequence[str] = LANGUAGES) -> Mapping[str, float]:
    """Share of a text's words that are grammar, reviewers, verdicts or numbers of each language, 0–1."""
    folded = [normalise(word) for word in words(text)]
    if not folded:
        return dict.fromkeys(locales, 0.0)
    return {locale: _fit(folded, locale) for locale in locales}


def _fit(folded: Sequence[str], locale: str) -> float:
    known = lexicon(locale)
    hits = sum(word in known.function or bool(known.report.fullmatch(word)) for word in folded)
    return hits / len(folded)
