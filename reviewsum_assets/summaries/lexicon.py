"""Word lists of the verifier in six languages, and how a text is searched for them.

The lists are in `lexicon/<locale>.yaml`. A hyphen at the end of a term lets any ending follow, as in the taxonomy.
Terms are compared in lower case without diacritics, except pronouns, where a diacritic can be the whole difference
(Spanish `te` and `té`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from reviewsum_assets.contracts.records import Quantity
from reviewsum_assets.opinions.taxonomy import LANGUAGES, normalise

_WORD = re.compile(r"[^\W_]+(?:[-&][^\W_]+)*")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


@dataclass(frozen=True)
class Lexicon:
    """The word lists of one language as patterns over folded text (`normalise`)."""

    locale: str
    positive: re.Pattern[str]
    negative: re.Pattern[str]
    negators: re.Pattern[str]
    quantity: Mapping[Quantity, re.Pattern[str]]
    universal: re.Pattern[str]
    exaggeration: re.Pattern[str]
    address: re.Pattern[str]
    """Over lower case with diacritics, like `first_person`."""
    first_person: re.Pattern[str]
    imperatives: re.Pattern[str]
    instruction: re.Pattern[str]
    abuse: re.Pattern[str]
    numbers: Mapping[str, float]
    function: frozenset[str]
    report: re.Pattern[str]
    verdict: re.Pattern[str]
    """General praise and blame, which fits any aspect; `positive` and `negative` also hold words with facts in them."""

    def is_plain(self, word: str) -> bool:
        """Whether a folded word says nothing about a product by itself: grammar, reviewers, degrees, verdicts."""
        if len(word) < 3 or word in self.function or word in self.numbers:
            return True
        lists = (self.report, self.verdict, self.negators, self.universal, *self.quantity.values())
        return any(pattern.fullmatch(word) for pattern in lists)


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(locale: str) -> Lexicon:
    """The word lists of a locale.

    Raises:
        ValueError: if there are none.
    """
    file = resources.files("reviewsum_assets.summaries").joinpath("lexicon", f"{locale}.yaml")
    if not file.is_file():
        raise ValueError(f"no word lists for locale {locale!r}: add reviewsum_assets/summaries/lexicon/{locale}.yaml")
    # BaseLoader reads every scalar as text: to the others `no`, `on` and `off` are truth values.
    raw = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return Lexicon(
        locale=locale,
        positive=_pattern(raw["positive"]),
        negative=_pattern(raw["negative"]),
        negators=_pattern(raw["negators"]),
        quantity={level: _pattern(raw["quantity"][level]) for level in ("a_few", "several", "many", "most")},
        universal=_pattern(raw["universal"]),
        exaggeration=_pattern(raw["exaggeration"]),
        address=_pattern(raw["address"], folded=False),
        first_person=_pattern(raw["first_person"], folded=False),
        imperatives=_pattern(raw["imperatives"]),
        instruction=_pattern(raw["instruction"]),
        abuse=_pattern(raw["abuse"]),
        numbers={normalise(word): float(value) for word, value in raw["numbers"].items()},
        function=frozenset(normalise(word) for word in raw["function"]),
        report=_pattern(raw["report"]),
        verdict=_pattern(raw["verdict"]),
    )


def words(text: str) -> list[str]:
    """The words of a text as written; `USB-C` is one, `l'autonomie` two."""
    return _WORD.findall(text)


def numbers_in(text: str, locale: str) -> set[float]:
    """Every number in figures, and in the number words of the locale where it has word lists."""
    found = {_value(figure) for figure in _FIGURE.findall(text)}
    if locale in LANGUAGES:
        known = lexicon(locale).numbers
        found |= {known[word] for word in map(normalise, words(text)) if word in known}
    return found


def instruction_in(text: str) -> str | None:
    """The first sign, in any language, that a text speaks to a machine instead of about a product; None: no sign."""
    folded = normalise(text)
    for locale in LANGUAGES:
        found = lexicon(locale).instruction.search(folded)
        if found:
            return found[0]
    return None


def _value(figure: str) -> float:
    """`20,000` and `20.000` are twenty thousand, `2,5` and `2.5` two and a half."""
    if _GROUPED.fullmatch(figure):
        return float(re.sub(r"[.,]", "", figure))
    whole, _, fraction = figure.replace(",", ".").partition(".")
    return float(f"{whole}.{fraction.replace('.', '') or 0}")


def _pattern(terms: Iterable[str], folded: bool = True) -> re.Pattern[str]:
    """One pattern that finds any of the terms as whole words, longest first."""
    written = {normalise(term) if folded else term.casefold() for term in terms}
    parts = [
        re.escape(term[:-1]) + r"\w*" if term.endswith("-") else re.escape(term)
        for term in sorted(written, key=lambda term: (-len(term), term))
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
