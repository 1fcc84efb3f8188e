"""The template writer: a plan in grammatical sentences of six languages, faithful by construction.

It is the writer of last resort (a claim that the model cannot word faithfully is worded here), the writer of the
languages that the model does not speak, and the baseline that every model must beat. Its phrases are in
`template/<locale>.yaml`. A phrase has slots for the noun in the case it needs (`{acc}`, `{dat}`, `{de}`), for who says
it (`{who}`), `[bevallen|bevalt]`-like brackets for the noun's number, singular first, and `<apprezza|apprezzano>` for
the number of who says it. A slot with a capital starts the sentence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from reviewsum_assets.contracts.records import (
    Balance,
    ClaimPolarity,
    PlannedOpinion,
    Quantity,
    SummaryPlan,
)
from reviewsum_assets.opinions.taxonomy import AspectName, Taxonomy
from reviewsum_assets.summaries.quantities import balance

TEMPLATE_VERSION = "1"
"""Part of every fingerprint: a change of the phrases rewords what they wrote."""

LISTED_ASPECTS = 3
"""Aspects that one sentence of the paragraph names at most."""

TOPIC_PREFIX = "topic:"


CONTRACTIONS: Mapping[str, Mapping[str, str]] = {
    "fr": {"le ": "du ", "les ": "des "},
    "es": {"el ": "del "},
    "it": {
        "il ": "del ",
        "lo ": "dello ",
        "la ": "della ",
        "l'": "dell'",
        "i ": "dei ",
        "gli ": "degli ",
        "le ": "delle ",
    },
}
"""Articles that merge with `de` (French, Spanish) or `di` (Italian) before them."""


@dataclass(frozen=True)
class Noun:
    """A noun phrase in the cases of its language; `known` is false for a term quoted as the reviewers use it."""

    forms: Mapping[str, str]
    plural: bool
    known: bool = True


@dataclass(frozen=True)
class Phrases:
    """The phrases of one locale, as its YAML file has them."""

    locale: str
    who: Mapping[Quantity, Mapping[str, str]]
    who_singular: frozenset[Quantity]
    claims: Mapping[ClaimPolarity, tuple[str, ...]]
    topic_claims: Mapping[ClaimPolarity, tuple[str, ...]]
    balance: Mapping[Balance, str]
    listed: Mapping[str, str]
    conjunction: str
    quotation: tuple[str, str]
    disclosure: str
    withheld: Mapping[str, str]


@lru_cache(maxsize=16)
def phrases(locale: str) -> Phrases:
    """The phrases of a locale.

    Raises:
        ValueError: if the locale has no phrase file.
    """
    file = resources.files("reviewsum_assets.summaries").joinpath("template", f"{locale}.yaml")
    if not file.is_file():
        raise ValueError(f"no template for locale {locale!r}: add reviewsum_assets/summaries/template/{locale}.yaml")
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    opening, closing = raw["quotation"]
    return Phrases(
        locale=locale,
        who=raw["who"],
        who_singular=frozenset(raw.get("who_singular", ())),
        claims={side: tuple(raw["claims"][side]) for side in ("positive", "negative")},
        topic_claims={side: tuple(raw["topic_claims"][side]) for side in ("positive", "negative")},
        balance=raw["balance"],
        listed=raw["listed"],
        conjunction=raw["conjunction"],
        quotation=(opening, closing),
        disclosure=raw["disclosure"],
        withheld=raw["withheld"],
    )


def claim(opinion: PlannedOpinion, locale: str, taxonomy: Taxonomy, position: int | None = None) -> str:
    """One sentence that says who thinks what of the aspect, without a number.

    Args:
        opinion: what to say.
        locale: language to say it in.
        taxonomy: names the aspect.
        position: place among the pros or cons; claims next to each other get different phrases. None: the phrase
            follows from the aspect, so that a sentence alone is also the same each time.
    """
    words = phrases(locale)
    noun = aspect_noun(opinion.aspect, locale, taxonomy)
    choices = (words.claims if noun.known else words.topic_claims)[opinion.polarity]
    start = position if position is not None else _stable_number(f"{opinion.aspect}/{opinion.polarity}")
    return _fill(choices[start % len(choices)], words, noun, opinion.quantity)


def paragraph(plan: SummaryPlan, locale: str, taxonomy: Taxonomy) -> list[tuple[str, tuple[PlannedOpinion, ...]]]:
    """One to three sentences with the opinions that each rests on: the verdict of the stars, then what is praised and
    what is criticised, the side that prevails first."""
    words = phrases(locale)
    verdict = plan.balance or balance(plan.positive_share, plan.negative_share)
    sides = [("praised", plan.pros), ("criticised", plan.cons)]
    if verdict in ("negative", "clearly_negative"):
        sides.reverse()
    leading = sides[0][1] or sides[1][1]
    sentences: list[tuple[str, tuple[PlannedOpinion, ...]]] = [(words.balance[verdict], leading[:1])]
    if verdict == "divided":
        sentences = [(words.balance[verdict], (*plan.pros[:1], *plan.cons[:1]))]
    for name, opinions in sides:
        named = opinions[:LISTED_ASPECTS]
        if not named:
            continue
        rare = all(opinion.quantity == "a_few" for opinion in opinions)
        noun = _listed([aspect_noun(opinion.aspect, locale, taxonomy) for opinion in named], words)
        sentences.append((_fill(words.listed[f"{name}_rarely" if rare else name], words, noun, "a_few"), named))
    return sentences


def disclosure(locale: str) -> str:
    """The label that says that the text was generated from reviews, as law asks of generated text."""
    return phrases(locale).disclosure


def withheld_reason(reason: str, locale: str) -> str:
    """Why there is no summary, for a shopper: `too_few_reviews`, `no_opinion_passes` or `review_removed`.

    Raises:
        ValueError: for a reason that has no text.
    """
    texts = phrases(locale).withheld
    if reason not in texts:
        raise ValueError(f"no text for the reason {reason!r}: use one of {', '.join(sorted(texts))}")
    return texts[reason]


def _fill(pattern: str, words: Phrases, noun: Noun, amount: Quantity) -> str:
    """A pattern with its slots and alternatives resolved, first letter capital."""
    many = amount not in words.who_singular
    text = re.sub(r"\[([^|\]]*)\|([^\]]*)\]", lambda match: match[2] if noun.plural else match[1], pattern)
    text = re.sub(r"<([^|>]*)\|([^>]*)>", lambda match: match[2] if many else match[1], text)
    text = text.format_map({**noun.forms, **words.who[amount]})
    return text[0].upper() + text[1:]


def aspect_noun(aspect: str, locale: str, taxonomy: Taxonomy) -> Noun:
    """The aspect as a noun phrase of the locale; a topic that the taxonomy lacks is quoted, without an article."""
    if aspect.startswith(TOPIC_PREFIX):
        opening, closing = phrases(locale).quotation
        quoted = f"{opening}{aspect.removeprefix(TOPIC_PREFIX)}{closing}"
        forms = {"nom": quoted, "acc": quoted, "dat": quoted, "de": f"de {quoted}", "di": f"di {quoted}"}
        return Noun(forms, plural=False, known=False)
    name = taxonomy.name(aspect, locale)
    forms = {
        "nom": name.text,
        "acc": name.accusative,
        "dat": _german_dative(name) if locale == "de" else name.text,
        "de": _contracted(name.text, "de ", CONTRACTIONS.get(locale, {})),
        "di": _contracted(name.text, "di ", CONTRACTIONS.get(locale, {})),
    }
    return Noun(forms, name.plural)


def _listed(nouns: Sequence[Noun], words: Phrases) -> Noun:
    """Several nouns as one phrase: `a, b and c` in every case."""
    forms: dict[str, str] = {}
    for case in nouns[0].forms:
        parts = [noun.forms[case] for noun in nouns]
        forms[case] = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {words.conjunction} {parts[-1]}"
    return Noun(forms, plural=len(nouns) > 1 or nouns[0].plural)


def _german_dative(name: AspectName) -> str:
    """`dem Klang`, `der Qualität`, `den Nähten`: a dative plural ends in n, unless it already does or ends in s."""
    _, _, noun = name.text.partition(" ")
    if name.plural:
        return f"den {noun}" if noun.endswith(("n", "s")) else f"den {noun}n"
    return f"{'der' if name.gender == 'f' else 'dem'} {noun}"


def _contracted(noun: str, preposition: str, contractions: Mapping[str, str]) -> str:
    """The noun after a preposition that may merge with its article: `de` + `le son` is `du son`."""
    for article, merged in contractions.items():
        if noun.startswith(article):
            return merged + noun.removeprefix(article)
    return preposition + noun


def _stable_number(text: str) -> int:
    """The same number for the same text in every process, unlike `hash`."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
