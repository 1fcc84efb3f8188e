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
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.opinions.aspects import AspectMatch, AspectMatcher
from reviewsum_assets.opinions.taxonomy import Taxonomy, load_taxonomy, normalise
from reviewsum_assets.reviews.language import detect
from reviewsum_assets.summaries import grounding
from reviewsum_assets.summaries.claims import ClaimToVerify, Verdict
from reviewsum_assets.summaries.grounding import ContentWord
from reviewsum_assets.summaries.lexicon import Lexicon, lexicon, words
from reviewsum_assets.summaries.manner import (
    degree_reasons,
    language_reasons,
    manner_reasons,
    number_reasons,
    shape_reasons,
)

__all__ = ["VERIFIER_VERSION", "ClaimToVerify", "Verdict", "Verifier"]

VERIFIER_VERSION = "1"

EVIDENCE_SIMILARITY = 0.20
"""Cosine to the nearest quote below which a claim speaks of something else."""

WORD_SIMILARITY = 0.50
"""Cosine of a content word to the nearest word of the quotes from which it counts as said there."""

STRANGE_ASPECT = 0.60
"""Probability from which a clause counts as being about an aspect that is not its claim's."""

OPPOSED = 0.30
"""Probability of the planned polarity below which the polarity head contradicts a clause that the word lists do not
decide."""

STRONGLY_OPPOSED = 0.08
"""The same for a clause that the word lists find in order."""

CONTRADICTED = 0.90
"""Probability of the planned polarity that outweighs word lists which lean the other way (`too good to put down`)."""

TOXIC = 0.7
"""Probability of abuse of people from which a claim is refused; measured for the head in `reviews`."""

_CLAUSES = re.compile(r"\s*[:;–—]\s*|\s*,\s+|\s+\((?=\w)")
_CONTRAST = {
    "en": r"but|although|though|however|yet|while|whereas",
    "de": r"aber|obwohl|jedoch|allerdings|doch|während",
    "fr": r"mais|bien que|cependant|pourtant|tandis que|alors que",
    "es": r"pero|aunque|sin embargo|mientras que",
    "it": r"ma|anche se|però|tuttavia|mentre",
    "nl": r"maar|hoewel|echter|terwijl|al",
}
_NEGATION_REACH = 3
"""Words between a negator and the word that it turns: `not at all convinced`."""


@dataclass(frozen=True)
class _Matched:
    """Aspects of a claim as a whole, of each of its clauses, and of its quotes together."""

    whole: set[str]
    clauses: Sequence[Sequence[AspectMatch]]
    quotes: set[str]


class Polarities(Protocol):
    """What the verifier asks of a polarity head."""

    def positive_probability(
        self,
        vectors: Vectors,
        stars: NDArray[np.float32] | None,
        texts: Sequence[str] | None = None,
        languages: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Probability that each text is positive, shape (n,)."""
        ...


class Verifier:
    """All checks, batched over claims.

    Args:
        embed: unit vectors of texts.
        matcher: finds the aspects that a text speaks of.
        polarity_head: probability that a sentence is positive.
        language_detect: languages of texts; None: the detector of the cleaning stage.
        toxicity: probability of abuse of people for texts and their vectors; None: word lists alone.
        taxonomy: names and words of the aspects; None: the bundled one.
    """

    def __init__(
        self,
        embed: Callable[[Sequence[str]], Vectors],
        matcher: AspectMatcher,
        polarity_head: Polarities,
        language_detect: Callable[[Sequence[str]], Sequence[str]] | None = None,
        toxicity: Callable[[Sequence[str], Vectors], NDArray[np.float32]] | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> None:
        self._embed = embed
        self._matcher = matcher
        self._polarity = polarity_head
        self._languages = language_detect or _detected
        self._toxicity = toxicity
        self._taxonomy = taxonomy or load_taxonomy()

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
                *_aspect_reasons(claim, matched[index], self._taxonomy),
                *_polarity_reasons(claim, clauses[index], positive[index], scores),
                *_meaning_reasons(claim, content[index], vectors, scores),
            ]
            if toxic is not None and toxic[index] >= TOXIC:
                reasons.append("toxic: abuses people")
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
    ) -> list[list[float]]:
        """Probability that each clause is positive."""
        texts = [part for parts in clauses for part in parts]
        languages = [claim.locale for claim, parts in zip(claims, clauses, strict=True) for _ in parts]
        flat = self._polarity.positive_probability(_rows(vectors, texts), None, texts, languages)
        answers, at = [], 0
        for parts in clauses:
            answers.append([float(value) for value in flat[at : at + len(parts)]])
            at += len(parts)
        return answers

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
    """The claim's clauses: split at colon, semicolon, comma, dash and contrast, short rests glued to the one before."""
    contrast = re.compile(rf"\s+(?=(?:{_CONTRAST[claim.locale]})\s)", re.IGNORECASE)
    parts = [part for piece in _CLAUSES.split(claim.text) for part in contrast.split(piece) if part.strip()]
    clauses: list[str] = []
    for part in parts:
        if clauses and len(part.split()) < 3:
            clauses[-1] = f"{clauses[-1]}, {part}"
        else:
            clauses.append(part)
    return clauses or [claim.text]


def _aspect_reasons(claim: ClaimToVerify, matched: _Matched, taxonomy: Taxonomy) -> list[str]:
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
    for row in matched.clauses:
        aspects = {match.aspect for match in row}
        if aspects and not aspects & allowed and row[0].score >= STRANGE_ASPECT:
            reasons.append(f"aspect: no quote speaks of {row[0].aspect.replace('_', ' ')}")
    return reasons


def _polarity_reasons(
    claim: ClaimToVerify, clauses: Sequence[str], positive: Sequence[float], scores: dict[str, float]
) -> list[str]:
    """Each clause must be on the planned side, by the word lists where they decide, else by the polarity head."""
    if claim.polarity is None:
        return []
    sign = 1 if claim.polarity == "positive" else -1
    planned = [value if sign > 0 else 1 - value for value in positive]
    scores["polarity_probability"] = round(min(planned), 4)
    known = lexicon(claim.locale)
    reasons = []
    for clause, probability in zip(clauses, planned, strict=True):
        lean = sign * _lean(normalise(clause), known)
        against = probability < (STRONGLY_OPPOSED if lean > 0 else OPPOSED)
        if against or (lean < 0 and probability < CONTRADICTED):
            reasons.append(f"polarity: “{clause}” is not {claim.polarity}")
    return reasons


def _lean(folded: str, known: Lexicon) -> int:
    """Words of praise less words of blame; a negator shortly before one, or behind it in German or Dutch, turns it."""
    total = 0
    for pattern, sign in ((known.positive, 1), (known.negative, -1)):
        for found in pattern.finditer(folded):
            before = " ".join(folded[: found.start()].split()[-_NEGATION_REACH:])
            after = " ".join(folded[found.end() :].split()[: _NEGATION_REACH + 2])
            turned = len(known.negators.findall(before))
            if known.locale in ("de", "nl") and re.match(r"(?:\w+ ){0,4}(?:nicht|niet)(?!\w)", after.strip()):
                turned += 1
            total += -sign if turned % 2 else sign
    return total


def _meaning_reasons(
    claim: ClaimToVerify,
    content: Sequence[ContentWord],
    vectors: dict[str, NDArray[np.float32]],
    scores: dict[str, float],
) -> list[str]:
    """Near to a quote as a whole, and every content word near to a word of the quotes."""
    quotes = _rows(vectors, [quote.text for quote in claim.evidence])
    similarity = float((quotes @ vectors[claim.text]).max())
    scores["evidence_similarity"] = round(similarity, 4)
    reasons = [] if similarity >= EVIDENCE_SIMILARITY else ["meaning: far from every quote"]
    unseen = [word for word in content if not word.grounded]
    if unseen:
        forms = _rows(vectors, [form.text for form in grounding.evidence_forms(claim.evidence)])
        near = grounding.nearest(_rows(vectors, [word.written for word in unseen]), forms)
        scores["least_word_similarity"] = round(float(near.min()), 4)
        reasons.extend(
            f"meaning: no quote speaks of “{word.written}”"
            for word, value in zip(unseen, near, strict=True)
            if value < WORD_SIMILARITY
        )
    return reasons
