"""Verify: is a claim what its quotes say, and fit to be shown?

No single check sees everything. A sentence vector is blind to polarity, to numbers and to added facts; a word list is
blind to paraphrase. So a claim has to pass all of them, and a claim that fails is reworded once and then replaced by
the template's sentence: refusing a true claim costs style, letting a false one through costs trust.

That citations are exact spans of cleaned reviews is checked where the texts are: `publishing.check_record`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.opinions.aspects import AspectMatch, AspectMatcher
from reviewsum_assets.opinions.polarity import PolarityHead
from reviewsum_assets.opinions.taxonomy import Taxonomy, load_taxonomy, normalise
from reviewsum_assets.reviews.language import detect
from reviewsum_assets.summaries import grounding
from reviewsum_assets.summaries.claims import ClaimToVerify, Verdict
from reviewsum_assets.summaries.grounding import ContentWord
from reviewsum_assets.summaries.lexicon import words
from reviewsum_assets.summaries.manner import (
    degree_reasons,
    language_reasons,
    manner_reasons,
    number_reasons,
    shape_reasons,
)
from reviewsum_assets.summaries.siding import copied, polarity_reasons

__all__ = ["VERIFIER_VERSION", "ClaimToVerify", "Verdict", "Verifier"]

VERIFIER_VERSION = "3"

EVIDENCE_SIMILARITY = 0.20
"""Cosine to the nearest quote below which a claim speaks of something else."""

WORD_SIMILARITY = 0.60
"""Cosine of a content word to the nearest word of the quotes from which it counts as said there. Measured on
`reviewsum_tests/bench/verifier_claims.yaml`: at 0.60 this check alone refuses no true claim and 98.7 % of the facts of
other aspects and products, at 0.50 it refuses 88.9 % of them."""

STRANGE_ASPECT = 0.60
"""Probability from which a clause counts as being about an aspect that is not its claim's."""

TOXIC = 0.7
"""Probability of abuse of people from which a claim is refused; measured for the head in `reviews`."""

_CLAUSES = re.compile(r"\s*[:;–—]\s*|\s*,\s+|\s+\((?=\w)")
_JOINTS = {
    "en": r"and|because|since|which|but|although|though|however|yet|while|whereas",
    "de": r"und|weil|da|aber|obwohl|jedoch|allerdings|doch|während",
    "fr": r"et|car|parce que|puisque|mais|bien que|cependant|pourtant|tandis que|alors que",
    "es": r"y|porque|ya que|pero|aunque|sin embargo|mientras que",
    "it": r"e|ed|perché|poiché|ma|anche se|però|tuttavia|mentre",
    "nl": r"en|omdat|want|maar|hoewel|echter|terwijl",
}
"""Words that begin a new clause, which may be on another side or aspect than the one before."""


@dataclass(frozen=True)
class _Matched:
    """Aspects of a claim as a whole, of each of its clauses, and of its quotes together."""

    whole: set[str]
    clauses: Sequence[Sequence[AspectMatch]]
    quotes: set[str]


class Verifier:
    """All checks, batched over claims.

    Args:
        embed: unit vectors of texts.
        matcher: finds the aspects that a text speaks of.
        polarity_head: probability that a sentence is positive.
        language_detect: languages of texts; None: the detector of the cleaning stage.
        toxicity: probability of abuse of people for texts and their vectors; None: word lists alone.
        taxonomy: names and words of the aspects; None: the bundled one.
        personal_types: types of personal data in a text; None: patterns of contact data alone.
    """

    def __init__(
        self,
        embed: Callable[[Sequence[str]], Vectors],
        matcher: AspectMatcher,
        polarity_head: PolarityHead,
        language_detect: Callable[[Sequence[str]], Sequence[str]] | None = None,
        toxicity: Callable[[Sequence[str], Vectors], NDArray[np.float32]] | None = None,
        taxonomy: Taxonomy | None = None,
        personal_types: Callable[[str], Sequence[str]] | None = None,
    ) -> None:
        self._embed = embed
        self._matcher = matcher
        self._polarity = polarity_head
        self._languages = language_detect or _detected
        self._toxicity = toxicity
        self._taxonomy = taxonomy or load_taxonomy()
        self._personal_types = personal_types

    def verify(self, claims: Sequence[ClaimToVerify]) -> list[Verdict]:
        """A verdict for each claim, in order. All texts are embedded in one batch.

        Raises:
            ValueError: if a claim has no evidence: nothing can be verified against nothing.
        """
        for claim in claims:
            if not claim.evidence:
                raise ValueError(f"no evidence for the claim {claim.text[:60]!r}: a plan never states such an opinion")
        if not claims:
            return []
        clauses = [_clauses(claim) for claim in claims]
        content = [
            grounding.content_words(
                claim.text,
                claim.locale,
                claim.evidence,
                grounding.aspect_vocabulary(claim.aspects, claim.locale, self._taxonomy),
            )
            for claim in claims
        ]
        vectors = self._vectors(claims, clauses, content)
        whole = _rows(vectors, [claim.text for claim in claims])
        matched = self._matched(claims, clauses, vectors)
        positive = self._positive(claims, clauses, vectors)
        languages = self._languages([claim.text for claim in claims])
        toxic = self._toxicity([claim.text for claim in claims], whole) if self._toxicity else None
        verdicts = []
        for index, claim in enumerate(claims):
            scores: dict[str, float] = {}
            reasons = [
                *shape_reasons(claim.text),
                *language_reasons(claim, languages[index], clauses[index]),
                *manner_reasons(claim),
                *number_reasons(claim),
                *degree_reasons(claim),
                *self._name_reasons(claim),
                *_aspect_reasons(claim, clauses[index], matched[index], content[index], self._taxonomy),
                *polarity_reasons(claim, clauses[index], content[index], positive, vectors, self._taxonomy, scores),
                *_meaning_reasons(claim, content[index], vectors, scores),
            ]
            if toxic is not None and toxic[index] >= TOXIC:
                reasons.append("toxic: abuses people")
            if self._personal_types and (kinds := self._personal_types(claim.text)):
                reasons.append(f"personal: shows {', '.join(sorted(set(kinds)))}")
            verdicts.append(Verdict(not reasons, tuple(reasons), scores))
        return verdicts

    def aspects_of(self, texts: Sequence[str], locale: str, department: str) -> list[set[str]]:
        """The aspects that each text speaks of."""
        if not texts:
            return []
        count = len(texts)
        found = self._matcher.match(texts, self._embed(texts), [department] * count, [locale] * count)
        return [{match.aspect for match in row} for row in found]

    def _vectors(
        self,
        claims: Sequence[ClaimToVerify],
        clauses: Sequence[Sequence[str]],
        content: Sequence[Sequence[ContentWord]],
    ) -> dict[str, NDArray[np.float32]]:
        """Every text that some check compares, embedded once."""
        texts: set[str] = set()
        for claim, parts, found in zip(claims, clauses, content, strict=True):
            texts.update((claim.text, *parts), (quote.text for quote in claim.evidence))
            unseen = [word.written for word in found if not word.grounded]
            if unseen:
                texts.update(unseen, (form.text for form in grounding.evidence_forms(claim.evidence)))
        ordered = sorted(texts)
        return dict(zip(ordered, self._embed(ordered), strict=True))

    def _matched(
        self,
        claims: Sequence[ClaimToVerify],
        clauses: Sequence[Sequence[str]],
        vectors: dict[str, NDArray[np.float32]],
    ) -> list[_Matched]:
        """The aspects of each claim, of its clauses and of its quotes."""
        texts: list[tuple[str, str, str]] = []
        for claim, parts in zip(claims, clauses, strict=True):
            texts += [(part, claim.locale, claim.department) for part in (claim.text, *parts)]
            texts += [(quote.text, quote.language, claim.department) for quote in claim.evidence]
        written, languages, departments = (list(column) for column in zip(*texts, strict=True))
        found = self._matcher.match(written, _rows(vectors, written), departments, languages)
        answers, at = [], 0
        for claim, parts in zip(claims, clauses, strict=True):
            until = at + 1 + len(parts)
            end = until + len(claim.evidence)
            quotes = {match.aspect for row in found[until:end] for match in row}
            answers.append(_Matched({match.aspect for match in found[at]}, found[at + 1 : until], quotes))
            at = end
        return answers

    def _positive(
        self,
        claims: Sequence[ClaimToVerify],
        clauses: Sequence[Sequence[str]],
        vectors: dict[str, NDArray[np.float32]],
    ) -> dict[tuple[str, str], float]:
        """Probability that a text is positive, for each clause and quote by (text, language)."""
        texts = {(part, claim.locale) for claim, parts in zip(claims, clauses, strict=True) for part in parts}
        texts |= {(quote.text, quote.language) for claim in claims for quote in claim.evidence}
        ordered = sorted(texts)
        written, languages = [text for text, _ in ordered], [language for _, language in ordered]
        values = self._polarity.positive_probability(_rows(vectors, written), None, written, languages)
        return {text: float(value) for text, value in zip(ordered, values, strict=True)}

    def _name_reasons(self, claim: ClaimToVerify) -> list[str]:
        given = " ".join(
            self._taxonomy.name(aspect, claim.locale).text if aspect in self._taxonomy.aspects else aspect
            for aspect in claim.aspects
        )
        names = grounding.unsupported_names(claim.text, claim.locale, claim.evidence, given.replace(":", " "))
        return [f"name: no quote mentions {name}" for name in names]


def _detected(texts: Sequence[str]) -> list[str]:
    return [guess.language for guess in detect(texts, [None] * len(texts))]


def _rows(vectors: dict[str, NDArray[np.float32]], texts: Sequence[str]) -> Vectors:
    if not texts:
        width = len(next(iter(vectors.values()))) if vectors else 0
        return np.zeros((0, width), dtype=np.float32)
    return np.stack([vectors[text] for text in texts])


def _clauses(claim: ClaimToVerify) -> list[str]:
    """The claim's clauses: split at punctuation and joints, short rests glued to the one before."""
    joints = re.compile(rf"\s+(?=(?:{_JOINTS[claim.locale]})\s)", re.IGNORECASE)
    parts = [part for piece in _CLAUSES.split(claim.text) for part in joints.split(piece) if part.strip()]
    clauses: list[str] = []
    for part in parts:
        if clauses and len(part.split()) < 3:
            clauses[-1] = f"{clauses[-1]}, {part}"
        else:
            clauses.append(part)
    return clauses or [claim.text]


def _aspect_reasons(
    claim: ClaimToVerify,
    clauses: Sequence[str],
    matched: _Matched,
    content: Sequence[ContentWord],
    taxonomy: Taxonomy,
) -> list[str]:
    """It names its aspect, by the matcher or in the taxonomy's words, and no clause is about one that no quote has."""
    reasons = []
    named = {
        aspect
        for aspect in claim.aspects
        for pattern in grounding.aspect_vocabulary([aspect], claim.locale, taxonomy)
        if any(pattern.fullmatch(normalise(word)) for word in words(claim.text))
    }
    if not (matched.whole | named) & set(claim.aspects):
        reasons.append(f"aspect: does not speak of {', '.join(claim.aspects)}")
    allowed = set(claim.aspects) | matched.quotes
    foreign = set(grounding.foreign_aspects(claim, claim.text, allowed, taxonomy))
    for clause, row in zip(clauses, matched.clauses, strict=True):
        aspects = {match.aspect for match in row}
        own_words = any(not word.grounded for word in grounding.content_of(clause, content))
        if own_words and aspects and not aspects & allowed and row[0].score >= STRANGE_ASPECT:
            foreign.add(row[0].aspect)
        # A quote on the sound "for its size" does not praise the size: what it mentions is no claim to repeat.
        if aspects and not aspects & set(claim.aspects) and not copied(clause, claim):
            foreign.update(grounding.foreign_aspects(claim, clause, claim.aspects, taxonomy, quoted_too=True))
    reasons.extend(f"aspect: this is no claim about {aspect.replace('_', ' ')}" for aspect in sorted(foreign))
    return reasons


def _meaning_reasons(
    claim: ClaimToVerify,
    content: Sequence[ContentWord],
    vectors: dict[str, NDArray[np.float32]],
    scores: dict[str, float],
) -> list[str]:
    """Near to a quote as a whole, and every content word near to a word of the quotes.

    One bound for all: a looser one for the words of a clause that is near to a quote (0.35 within 0.50) let through
    four of the 150 names that were put into claims of the benchmark.
    """
    quotes = _rows(vectors, [quote.text for quote in claim.evidence])
    similarity = float((quotes @ vectors[claim.text]).max())
    scores["evidence_similarity"] = round(similarity, 4)
    # A claim without content words says its aspect and its polarity alone, which have checks of their own.
    reasons = [] if similarity >= EVIDENCE_SIMILARITY or not content else ["meaning: far from every quote"]
    unseen = [word for word in content if not word.grounded]
    if not unseen:
        return reasons
    forms = _rows(vectors, [form.text for form in grounding.evidence_forms(claim.evidence)])
    near = grounding.nearest(_rows(vectors, [word.written for word in unseen]), forms)
    scores["least_word_similarity"] = round(float(near.min()), 4)
    for word, value in zip(unseen, near, strict=True):
        if value < WORD_SIMILARITY:
            reasons.append(f"meaning: no quote speaks of “{word.written}”")
    return reasons
