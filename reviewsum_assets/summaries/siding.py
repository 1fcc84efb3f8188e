"""Is each clause of a claim on the side that the plan says: praise among the pros, blame among the cons?

Sentence vectors hardly see polarity, so words come first: lists of praise and blame with their negators. Where a
clause says something that the lists do not know, the polarity head decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewsum_assets.opinions.taxonomy import LANGUAGES, Taxonomy, normalise
from reviewsum_assets.summaries.claims import ClaimToVerify
from reviewsum_assets.summaries.grounding import ContentWord, content_of
from reviewsum_assets.summaries.lexicon import Lexicon, lexicon, words

OPPOSED = 0.40
"""Probability of the planned polarity below which the polarity head contradicts a clause that the word lists do not
decide.

Measured with the next three on claims with the facts of an opposite sentence of the sample's banks (874): 0.40, 0.15
and 0.20 refuse 96.3 %; 0.30, 0.08 and 0.25 refuse 95.4 %; 0.48, 0.25 and 0.10 refuse 96.9 % and more true claims."""

VERBATIM_WORDS = 3
"""Words of a clause that is taken to be copied rather than alike by chance."""

FALL = 0.20
"""How much less likely than its nearest quote a clause must be to be of the planned polarity to count as opposed."""

STRONGLY_OPPOSED = 0.15
"""The same for a clause that the word lists find in order."""

_NEGATION_REACH = 5
"""A negator turns a word that stands less than this many words from it: `do not find the cleaning easy`."""


def polarity_reasons(
    claim: ClaimToVerify,
    clauses: Sequence[str],
    content: Sequence[ContentWord],
    positive: Mapping[tuple[str, str], float],
    vectors: Mapping[str, NDArray[np.float32]],
    taxonomy: Taxonomy,
    scores: dict[str, float],
) -> list[str]:
    """Each clause must be on the planned side, by the word lists where they decide, else by the polarity head.

    What reviewers do (praise, complain) may nowhere be of the other side. The head is asked about clauses that say
    something in words of their own, or that say nothing the lists know; not about what the quotes say word for word.

    "It lasts two days" is praise to who knows phones and neutral to a classifier, so a clause that the head finds
    opposed is held against the quote nearest to it: if that reads as opposed as well, the clause is as it should be.
    """
    if claim.polarity is None:
        return []
    sign = 1 if claim.polarity == "positive" else -1
    quotes = np.stack([vectors[quote.text] for quote in claim.evidence])
    known = lexicon(claim.locale)
    denied = any(
        _lean(normalise(quote.text), lexicon(quote.language)).loose
        for quote in claim.evidence
        if quote.language in LANGUAGES
    )
    # The noise level and the comfort are no blame and no praise.
    names = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in _names(claim, taxonomy)))
    reasons, least = [], 1.0
    for clause in clauses:
        probability = _side(positive[clause, claim.locale], sign)
        least = min(least, probability)
        near = claim.evidence[int(np.argmax(quotes @ vectors[clause]))]
        expected = _side(positive[near.text, near.language], sign)
        lean = _lean(names.sub(" ", normalise(clause)), known)
        total = sign * lean.total
        floor = STRONGLY_OPPOSED if total > 0 else OPPOSED
        facts = content_of(clause, content)
        asked = any(not fact.grounded for fact in facts) or (not total and not facts)
        if copied(clause, claim):
            continue
        if total < 0 or (lean.blames if sign > 0 else lean.praises):
            reasons.append(f"polarity: “{clause}” is not {claim.polarity}")
        elif lean.loose and not denied:
            reasons.append(f"polarity: “{clause}” denies what no quote denies")
        elif asked and probability < min(floor, expected - FALL):
            reasons.append(f"polarity: “{clause}” is not {claim.polarity}")
    scores["polarity_probability"] = round(least, 4)
    return reasons


def _names(claim: ClaimToVerify, taxonomy: Taxonomy) -> list[str]:
    """The folded names of the claim's aspects, without articles."""
    return [
        normalise(taxonomy.name(aspect, claim.locale).label if aspect in taxonomy.aspects else aspect.partition(":")[2])
        for aspect in claim.aspects
    ]


def copied(clause: str, claim: ClaimToVerify) -> bool:
    """Whether a quote of the claim's language has the clause word for word, and denies nothing around it.

    Such a clause is on the side that the mining stage gave to its quote, whatever its words look like alone.
    """
    said = [normalise(word) for word in words(clause)]
    negators = lexicon(claim.locale).negators
    for quote in claim.evidence:
        quoted = [normalise(word) for word in words(quote.text)]
        if quote.language != claim.locale or len(said) < VERBATIM_WORDS:
            continue
        spans = (quoted[at : at + len(said)] for at in range(len(quoted) - len(said) + 1))
        if said in spans and len(negators.findall(" ".join(said))) == len(negators.findall(" ".join(quoted))):
            return True
    return False


def _side(positive: float, sign: int) -> float:
    """Probability of the planned polarity."""
    return positive if sign > 0 else 1 - positive


@dataclass(frozen=True)
class _Lean:
    """Which side a clause's words are on."""

    total: int
    """Words of praise less words of blame, each turned by its negators."""
    praises: bool
    """Whether general praise is among them (`like`, `happy`), not turned."""
    blames: bool
    """Whether general blame is (`complain`, `bad`), not turned."""
    loose: int
    """Negators that turn none, and so deny a fact."""


def _lean(folded: str, known: Lexicon) -> _Lean:
    """Count a clause's words of praise and blame.

    A negator turns a word that follows shortly, or in German and Dutch one that stands shortly before it.
    """
    total = 0
    verdicts: set[int] = set()
    turning: set[int] = set()
    negators = [(found.start(), found.end()) for found in known.negators.finditer(folded)]
    for pattern, sign in ((known.positive, 1), (known.negative, -1)):
        for found in pattern.finditer(folded):
            turned = 0
            for index, (start, end) in enumerate(negators):
                if start == found.start():
                    continue
                gap = folded[end : found.start()] if end <= found.start() else folded[found.end() : start]
                follows = end <= found.start() and len(gap.split()) < _NEGATION_REACH
                precedes = known.locale in ("de", "nl") and start >= found.end() and len(gap.split()) <= _NEGATION_REACH
                if follows or precedes:
                    turned += 1
                    turning.add(index)
            said = -sign if turned % 2 else sign
            total += said
            if known.verdict.fullmatch(found[0]) and found[0] not in known.function:
                verdicts.add(said)
    return _Lean(total, 1 in verdicts, -1 in verdicts, len(negators) - len(turning))
