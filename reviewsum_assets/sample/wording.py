"""Puts a review into words: sentences of the banks, contrasts, frames, and the habits of the person who writes."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from reviewsum_assets.sample.catalogue import noun_slots
from reviewsum_assets.sample.phrases import (
    OVERALL,
    Phrase,
    opinion_phrases,
    phrase,
    phrases,
    read_yaml,
    sentence_case,
)
from reviewsum_assets.sample.products import Product

Opinion = tuple[str, str]
"""Aspect and polarity (`positive` or `negative`)."""

_EMOJI = {
    "positive": ["😊", "👍", "❤️", "😍", "👌", "🎉"],
    "negative": ["😡", "👎", "😤", "🙄", "😞"],
    "mixed": ["🤷", "😐", "🤔"],
}
_DIACRITICS = str.maketrans("éèêàâçùûîïôñíóúáòì", "eeeaacuuiioniouaoi")
_LABELLED = re.compile(r"^((?:[a-z_]+[+-] )+)(.+)$")


@dataclass(frozen=True)
class LabelledPhrase:
    """A hand-written line with the opinions that it states."""

    opinions: tuple[Opinion, ...]
    line: Phrase


@cache
def labelled_phrases(language: str, section: str) -> tuple[LabelledPhrase, ...]:
    """Lines of a section of `special.yaml` that begin with their opinions (`sound+ battery- …`)."""
    found = []
    for index, raw in enumerate(str(read_yaml(language, "special")[section]).splitlines()):
        match = _LABELLED.match(raw.strip())
        if match is None:
            raise ValueError(f"bank {language}/special.yaml, {section}: line {index + 1} names no opinion")
        opinions = tuple((mark[:-1], "positive" if mark.endswith("+") else "negative") for mark in match[1].split())
        found.append(LabelledPhrase(opinions, phrase(f"{language}/special/{section}/{index}", match[2])))
    return tuple(found)


@cache
def special_phrases(language: str, section: str, kind: str | None = None) -> tuple[Phrase, ...]:
    """Lines of a section of `special.yaml`; `kind` names one of its parts."""
    block = read_yaml(language, "special")[section]
    if kind is not None:
        if not isinstance(block, dict):
            raise ValueError(f"bank {language}/special.yaml: {section} has no parts")
        block = block[kind]
    return phrases(f"{language}/special/{section}/{kind or ''}", str(block))


@cache
def frame_phrases(language: str, section: str, product_type: str, department: str) -> tuple[Phrase, ...]:
    """Openers, closers, fillers and connectives of `frame.yaml` that fit a product."""
    lines = phrases(f"{language}/frame/{section}", str(read_yaml(language, "frame")[section]))
    return tuple(line for line in lines if line.fits(product_type, department))


_fitting = lru_cache(maxsize=None)(opinion_phrases)


@dataclass
class Writer:
    """Writes reviews, always with the lines that the product's reviews have used least."""

    rng: random.Random
    used: Counter[str] = field(default_factory=Counter)
    used_by_product: Counter[tuple[str, str]] = field(default_factory=Counter)

    def pick(self, product: Product, lines: Sequence[Phrase]) -> Phrase:
        """The least used line, first for the product and then over all; ties by chance."""
        chosen = min(
            lines,
            key=lambda p: (self.used_by_product[product.product_id, p.key], self.used[p.key], self.rng.random()),
        )
        self.used[chosen.key] += 1
        self.used_by_product[product.product_id, chosen.key] += 1
        return chosen

    def line(self, product: Product, language: str, lines: Sequence[Phrase]) -> str:
        return self.pick(product, lines).render(self.rng, noun_slots(language, product.type.slug))

    def frame(self, product: Product, language: str, section: str) -> str:
        kind = product.type
        return self.line(product, language, frame_phrases(language, section, kind.slug, kind.department))

    def opinion(self, product: Product, language: str, aspect: str, kind: str) -> str | None:
        """A line about an aspect, or None where the banks have none of that kind."""
        lines = _fitting(language, product.type.department, product.type.slug, aspect, kind)
        return self.line(product, language, lines) if lines else None

    def compose(self, product: Product, language: str, opinions: Sequence[Opinion], mood: str) -> list[str]:
        """Sentences that state the opinions, in a frame that fits the mood (`positive`, `negative`, `mixed`)."""
        rng = self.rng
        left = list(opinions)
        body: list[str] = []
        while left:
            body.append(self._next_sentence(product, language, left, first=not body))
        sentences = self._with_frame(product, language, body, mood)
        if not opinions and not sentences:
            sentences = [self.frame(product, language, "neutral")]
        if rng.random() < 0.25 and mood != "mixed" and len(sentences) < 6:
            general = self.opinion(product, language, OVERALL, mood)
            if general is not None:
                sentences.insert(rng.choice([0, len(sentences)]), general)
        return sentences

    def _next_sentence(self, product: Product, language: str, left: list[Opinion], first: bool) -> str:
        """Takes one to three opinions off `left` and words them in one sentence."""
        rng = self.rng
        positive = [o for o in left if o[1] == "positive"]
        negative = [o for o in left if o[1] == "negative"]
        if positive and negative and rng.random() < 0.6:
            sentence = self._contrast(product, language, positive, negative, left)
            if sentence is not None:
                return sentence
        same = positive if len(positive) >= len(negative) else negative
        if len(same) >= 2 and rng.random() < 0.3:
            taken = same[: rng.choice([2, 2, 3])]
            clauses = [self.opinion(product, language, a, f"{p}_clauses") for a, p in taken]
            found = [c for c in clauses if c is not None]
            if len(found) == len(taken):
                for opinion in taken:
                    left.remove(opinion)
                conjunction = str(read_yaml(language, "frame")["and"])
                return sentence_case(f"{', '.join(found[:-1])} {conjunction} {found[-1]}")
        aspect, polarity = left.pop(0)
        clause = self.opinion(product, language, aspect, f"{polarity}_clauses") if rng.random() < 0.3 else None
        if clause is not None:
            if not first and rng.random() < 0.35:
                return sentence_case(f"{self.frame(product, language, 'also')} {clause}")
            return sentence_case(clause)
        sentence = self.opinion(product, language, aspect, polarity)
        if sentence is None:
            raise ValueError(f"the {language} banks have nothing {polarity} about {aspect} of {product.type.slug}")
        return sentence

    def _contrast(
        self, product: Product, language: str, positive: list[Opinion], negative: list[Opinion], left: list[Opinion]
    ) -> str | None:
        """A sentence with one opinion of each polarity; takes them off `left`."""
        kind = product.type
        written = [
            entry
            for entry in labelled_phrases(language, "contrasts")
            if entry.line.fits(kind.slug, kind.department) and all(o in left for o in entry.opinions)
        ]
        if written and self.used_by_product[product.product_id, written[0].line.key] < 2:
            entry = written[0]
            self.used_by_product[product.product_id, entry.line.key] += 1
            for opinion in entry.opinions:
                left.remove(opinion)
            return entry.line.render(self.rng, noun_slots(language, kind.slug))
        pair = [positive[0], negative[0]]
        reverse = self.rng.random() < 0.3
        if reverse:
            pair.reverse()
        clauses = [self.opinion(product, language, a, f"{p}_clauses") for a, p in pair]
        if clauses[0] is None or clauses[1] is None:
            return None
        for opinion in pair:
            left.remove(opinion)
        usual, restricting = str(read_yaml(language, "frame")["but"]).split("|")
        conjunction = restricting if not reverse and self.rng.random() < 0.25 else usual
        return sentence_case(f"{clauses[0]}, {conjunction} {clauses[1]}")

    def _with_frame(self, product: Product, language: str, body: list[str], mood: str) -> list[str]:
        rng = self.rng
        sentences = list(body)
        # One reviewer in ten tells more than was asked for: real reviews have a long tail.
        for _ in range(rng.choice([2, 3]) if rng.random() < 0.1 else int(rng.random() < 0.22)):
            filler = self.frame(product, language, "neutral")
            if filler not in sentences:
                sentences.insert(rng.randint(0, len(sentences)), filler)
        if mood != "mixed" and rng.random() < 0.12:
            sentences.insert(0, self.frame(product, language, f"openers_{mood}"))
        elif rng.random() < 0.3:
            sentences.insert(0, self.frame(product, language, "openers"))
        if rng.random() < 0.4:
            sentences.append(self.frame(product, language, f"closers_{mood}"))
        return sentences

    def style(self, sentences: Sequence[str], language: str, mood: str) -> str:
        """The sentences as one text, with the writer's habits: case, punctuation, typos, emoji, line breaks."""
        rng = self.rng
        separator = "\n" if rng.random() < 0.06 and len(sentences) > 2 else " "
        parts = list(sentences)
        if rng.random() < 0.025:
            loud = rng.randrange(len(parts))
            parts[loud] = parts[loud].upper()
        text = separator.join(parts)
        if rng.random() < 0.06:
            text = text.lower()
        if rng.random() < 0.08:
            text = text.rstrip(".")
        elif rng.random() < 0.07:
            text = re.sub(r"\.(\s|$)", lambda m: rng.choice(["!!", "!", "!!!", "..."]) + m[1], text, count=1)
        if rng.random() < 0.07:
            text = _typo(text, rng)
        if language in ("fr", "es", "it") and rng.random() < 0.04:
            text = text.translate(_DIACRITICS)
        if rng.random() < 0.09:
            text = f"{text} {rng.choice(_EMOJI[mood])}"
        return text


def _typo(text: str, rng: random.Random) -> str:
    """One or two words with letters swapped, dropped or doubled."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    for index in rng.sample(long, min(len(long), rng.choice([1, 1, 2]))):
        word = words[index]
        at = rng.randrange(1, len(word) - 2)
        words[index] = rng.choice(
            [
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
            ]
        )
    return " ".join(words)
