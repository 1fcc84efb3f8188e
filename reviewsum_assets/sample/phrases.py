"""The hand-written sentence banks and their small template language.

A bank is `banks/<language>/<department>.yaml` (`everywhere` for what fits every department): aspect → kind → one
sentence a line. Kinds are `positive`, `negative` (whole sentences) and `positive_clauses`, `negative_clauses` (clauses
without capital or full stop, which stand in short sentences and on either side of a "but"). In a line

- `@earbuds,speaker ` at the start limits it to those product types or departments,
- `[a|b|]` is a choice,
- `{days}`, `{weeks}`, `{months}` are numbers of at least two, `{the}` and `{a}` the product as an object.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

LANGUAGES: tuple[str, ...] = ("en", "de", "fr", "es", "it", "nl")
DEPARTMENTS: tuple[str, ...] = ("electronics", "home", "fashion", "grocery")
EVERYWHERE = "everywhere"
OVERALL = "overall"

BankPolarity = Literal["positive", "negative"]

BANKS = Path(__file__).parent / "banks"
_NUMBERS: dict[str, tuple[int, int]] = {"days": (2, 9), "weeks": (2, 6), "months": (2, 11)}
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Phrase:
    """One line of a bank: its template and the product types or departments that it is limited to."""

    key: str
    template: str
    only: frozenset[str] = frozenset()

    def fits(self, product_type: str, department: str) -> bool:
        return not self.only or product_type in self.only or department in self.only

    def render(self, rng: random.Random, slots: dict[str, str]) -> str:
        """The line with choices and slots filled. Raises KeyError for a slot that is neither number nor in `slots`."""
        text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), self.template)
        text = _SLOT.sub(lambda match: _slot(match[1], rng, slots), text)
        return re.sub(r" +([.,])", r"\1", re.sub(r" {2,}", " ", text)).strip()


@dataclass(frozen=True)
class BankSentence:
    """A labelled sentence of the banks: `department` is `everywhere` where it fits every one of them."""

    language: str
    department: str
    aspect: str
    polarity: BankPolarity
    text: str


def _slot(name: str, rng: random.Random, slots: dict[str, str]) -> str:
    if name in slots:
        return slots[name]
    low, high = _NUMBERS[name]
    return str(rng.randint(low, high))


def phrase(key: str, line: str) -> Phrase:
    """One line of a bank as a phrase."""
    line = line.strip()
    if not line.startswith("@"):
        return Phrase(key, line)
    tags, template = line[1:].split(" ", 1)
    return Phrase(key, template, frozenset(tags.split(",")))


def phrases(key: str, block: str) -> tuple[Phrase, ...]:
    """The lines of a YAML block as phrases; keys are `key/0`, `key/1`, …"""
    lines = [line for line in block.splitlines() if line.strip()]
    return tuple(phrase(f"{key}/{index}", line) for index, line in enumerate(lines))


@cache
def read_yaml(language: str, name: str) -> dict[str, object]:
    """A bank file as YAML gives it. Raises FileNotFoundError if the language has no such bank."""
    with (BANKS / language / f"{name}.yaml").open(encoding="utf-8") as file:
        content = yaml.safe_load(file)
    if not isinstance(content, dict):
        raise ValueError(f"bank {language}/{name}.yaml must be a mapping")
    return content


@cache
def bank(language: str, department: str) -> dict[str, dict[str, tuple[Phrase, ...]]]:
    """Phrases of a department (or `everywhere`) by aspect and kind."""
    parsed: dict[str, dict[str, tuple[Phrase, ...]]] = {}
    for aspect, kinds in read_yaml(language, department).items():
        if not isinstance(kinds, dict):
            raise ValueError(f"bank {language}/{department}.yaml: {aspect} must map kinds to lines")
        parsed[aspect] = {
            kind: phrases(f"{language}/{department}/{aspect}/{kind}", block) for kind, block in kinds.items()
        }
    return parsed


def opinion_phrases(language: str, department: str, product_type: str, aspect: str, kind: str) -> tuple[Phrase, ...]:
    """Phrases of an aspect and kind that fit a product: the department's own and those for every department."""
    found: list[Phrase] = []
    for source in (department, EVERYWHERE):
        found.extend(
            p for p in bank(language, source).get(aspect, {}).get(kind, ()) if p.fits(product_type, department)
        )
    return tuple(found)


def sentence_case(clause: str) -> str:
    """A clause as a sentence of its own: capital and full stop."""
    text = clause[:1].upper() + clause[1:]
    return text if text[-1] in ".!?…" else text + "."


def bank_sentences(variants: int = 1, overall: bool = False) -> Iterator[BankSentence]:
    """Every labelled sentence of the banks, clauses included, in a fixed order.

    Args:
        variants: distinct renderings a line at most (a line without choices has one).
        overall: also the sentences about the product as a whole, with aspect `overall`.
    """
    # Imported here: the catalogue's nouns are read through this module.
    from reviewsum_assets.sample.catalogue import TYPES, noun_slots

    for language in LANGUAGES:
        for source in (*DEPARTMENTS, EVERYWHERE):
            for aspect, kinds in bank(language, source).items():
                if aspect == OVERALL and not overall:
                    continue
                for kind, lines in kinds.items():
                    polarity: BankPolarity = "positive" if kind.startswith("positive") else "negative"
                    for line in lines:
                        types = [t for t in TYPES.values() if line.fits(t.slug, t.department)]
                        slots = noun_slots(language, types[0].slug)
                        rng = random.Random(line.key)
                        texts = {line.render(rng, slots): None for _ in range(4 * variants if variants > 1 else 1)}
                        for text in list(texts)[:variants]:
                            yield BankSentence(
                                language,
                                source,
                                aspect,
                                polarity,
                                sentence_case(text) if kind.endswith("_clauses") else text,
                            )
