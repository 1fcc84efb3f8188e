"""Corrupted claims: true sentences made false in one known way, to measure what the verifier catches.

Six kinds, after what language models do to summaries: the polarity flipped, a number changed or added, the aspect
swapped, a fact of another product told of this one, an exaggeration, a name changed or added. A corruption keeps the
evidence, so a verifier that accepts it is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Literal, TypedDict, get_args

import yaml

from reviewsum_assets.contracts.records import ClaimPolarity, PlannedOpinion
from reviewsum_assets.opinions.taxonomy import Taxonomy
from reviewsum_assets.summaries import template
from reviewsum_assets.summaries.claims import ClaimToVerify
from reviewsum_assets.summaries.grounding import names_in
from reviewsum_assets.summaries.lexicon import lexicon, numbers_in, words

CorruptionKind = Literal[
    "polarity_flipped", "number_changed", "aspect_swapped", "other_product", "exaggeration", "entity_changed"
]

KINDS: tuple[CorruptionKind, ...] = get_args(CorruptionKind)


class Material(TypedDict):
    """What corruptions are made of in one language, as `corruptions.yaml` has it."""

    opposites: list[tuple[str, str]]
    numbers: list[str]
    exaggerations: list[str]
    intensified: str
    intensified_negative: str
    entities: list[str]
    joint: str


@dataclass(frozen=True)
class Corruption:
    """A false claim with the way in which it was made."""

    kind: CorruptionKind
    claim: ClaimToVerify


def corruptions(claim: ClaimToVerify, others: Sequence[ClaimToVerify], taxonomy: Taxonomy) -> Iterator[Corruption]:
    """Every corruption that the claim's words allow, each once, in a fixed order.

    Args:
        claim: a true claim about one aspect.
        others: true claims of other products, of which those in the claim's locale lend their facts.
        taxonomy: names the aspects.
    """
    made = {
        "polarity_flipped": _flipped(claim, others, taxonomy),
        "number_changed": _renumbered(claim),
        "aspect_swapped": _swapped(claim, others, taxonomy),
        "other_product": _of_other_products(claim, others),
        "exaggeration": _exaggerated(claim),
        "entity_changed": _renamed(claim),
    }
    for kind in KINDS:
        for text in dict.fromkeys(made[kind]):
            if text != claim.text:
                yield Corruption(kind, replace(claim, text=text))


def _flipped(claim: ClaimToVerify, others: Sequence[ClaimToVerify], taxonomy: Taxonomy) -> Iterator[str]:
    """Each opposite exchanged; the whole claim said the other way; the facts of an opposite claim on the aspect."""
    for one, other in _material(claim.locale)["opposites"]:
        flipped = _exchanged(claim.text, one, other)
        if flipped != claim.text:
            yield flipped
    if claim.polarity is not None and claim.quantity is not None:
        opposite: ClaimPolarity = "negative" if claim.polarity == "positive" else "positive"
        opinion = PlannedOpinion(
            aspect=claim.aspects[0], polarity=opposite, support=3, share=0.1, quantity=claim.quantity, evidence=()
        )
        yield template.claim(opinion, claim.locale, taxonomy)
    for other_claim in others:
        same = other_claim.locale == claim.locale and other_claim.aspects == claim.aspects
        if same and other_claim.polarity != claim.polarity:
            yield _with_facts_of(claim.text, other_claim.text)


def _renumbered(claim: ClaimToVerify) -> Iterator[str]:
    """Each number word or figure made another one, or a phrase with a number added."""
    known = lexicon(claim.locale).numbers
    present = {number for quote in claim.evidence for number in numbers_in(quote.text, quote.language)}
    for word in words(claim.text):
        folded = word.casefold()
        value = known.get(folded) or (float(word) if word.isdigit() else None)
        if value is None:
            continue
        strange = [name for name, other in known.items() if other not in present and other > 2]
        yield claim.text.replace(word, strange[len(word) % len(strange)], 1)
    for phrase in _material(claim.locale)["numbers"]:
        if not numbers_in(phrase, claim.locale) & present:
            yield _appended(claim.text, phrase)


def _swapped(claim: ClaimToVerify, others: Sequence[ClaimToVerify], taxonomy: Taxonomy) -> Iterator[str]:
    """The aspect's name replaced, another aspect's facts under this aspect's opening, and another claim whole."""
    own = taxonomy.name(claim.aspects[0], claim.locale)
    for aspect in ("delivery", "customer_service", "design", "weight"):
        if aspect in claim.aspects:
            continue
        name = taxonomy.name(aspect, claim.locale)
        for old, new in ((own.accusative, name.accusative), (own.text, name.text)):
            if old in claim.text:
                yield claim.text.replace(old, new, 1)
    for other in others:
        alike = other.locale == claim.locale and other.department == claim.department
        if alike and other.polarity == claim.polarity and other.aspects != claim.aspects:
            yield _with_facts_of(claim.text, other.text)
            yield other.text


def _of_other_products(claim: ClaimToVerify, others: Sequence[ClaimToVerify]) -> Iterator[str]:
    """The facts of claims of the same polarity about other products, in place of the claim's and after them."""
    joint = _material(claim.locale)["joint"]
    for other in others:
        if other.locale != claim.locale or other.polarity != claim.polarity or other.department == claim.department:
            continue
        yield _with_facts_of(claim.text, other.text)
        yield _appended(claim.text, joint + _facts(other.text))


def _exaggerated(claim: ClaimToVerify) -> Iterator[str]:
    """Who says it made everyone; a superlative added."""
    material = _material(claim.locale)
    if claim.quantity is not None:
        for who in sorted(template.phrases(claim.locale).who[claim.quantity].values(), key=len, reverse=True):
            lead = re.match(rf"{re.escape(who)}(?!\w)", claim.text, re.IGNORECASE)
            if lead:
                for everyone in material["exaggerations"]:
                    yield everyone + claim.text[lead.end() :]
                break
    superlative = material["intensified_negative"] if claim.polarity == "negative" else material["intensified"]
    yield _appended(claim.text, superlative)


def _renamed(claim: ClaimToVerify) -> Iterator[str]:
    """A name of the claim replaced, or one added."""
    for name in names_in(claim.text, claim.locale):
        yield claim.text.replace(name, "Kestrel", 1)
    for phrase in _material(claim.locale)["entities"]:
        yield _appended(claim.text, phrase)


def _exchanged(text: str, one: str, other: str) -> str:
    """The first of the two phrases that the text has, exchanged for the other; the longer is looked for first."""
    pairs = sorted(((one, other), (other, one)), key=lambda pair: -len(pair[0]))
    for old, new in pairs:
        found = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", text)
        if found:
            return text[: found.start()] + new + text[found.end() :]
    return text


def _with_facts_of(text: str, other: str) -> str:
    """The opening of one claim with the facts of another."""
    opening = _CUT.split(text, maxsplit=1)[0]
    return f"{opening.rstrip('.')}: {_facts(other)}."


def _facts(text: str) -> str:
    """What a claim says after its opening, or all of it, without the full stop."""
    return _CUT.split(text, maxsplit=1)[-1].strip().rstrip(".")


_CUT = re.compile(r"\s*:\s|,\s|(?<=\w)\s(?=because |from the |dass |dès |que |che |dat |tot )")


def _appended(text: str, phrase: str) -> str:
    return text.rstrip(".") + phrase + "."


@lru_cache(maxsize=1)
def _materials() -> Mapping[str, Material]:
    file = resources.files("reviewsum_assets.summaries").joinpath("corruptions.yaml")
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _material(locale: str) -> Material:
    return _materials()[locale]
