"""Words and phrases that go with abuse of people, or with what only looks like it, read from `toxicity/cues.yaml`.

A cue decides nothing alone. `idiot` is an insult beside `seller`, a joke beside `I am such an`, and a plot beside
`the hero`; so the head also reads pairs of cues.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray

from reviewsum_assets.reviews.masked_words import MaskedWords, folded
from reviewsum_assets.reviews.phrase_patterns import Phrases

CUES = "toxicity/cues.yaml"
ROOM = "reviewsum_assets.reviews"
"""Package that the cues lie in."""

NAMES = (
    "insult",
    "slight",
    "harm",
    "dehuman",
    "group",
    "address",
    "person",
    "self",
    "fiction",
    "harmless",
    "reported",
    "wish",
    "misfortune",
    "body",
    "violence",
    "brain",
    "every",
    "crime",
    "masked",
)
"""Single cues; `masked` is an insult in disguise (`id**t`)."""

PAIRS = (
    ("insult", "address"),
    ("insult", "person"),
    ("insult", "self"),
    ("insult", "fiction"),
    ("insult", "harmless"),
    ("insult", "reported"),
    ("slight", "address"),
    ("slight", "person"),
    ("slight", "self"),
    ("slight", "fiction"),
    ("slight", "harmless"),
    ("slight", "reported"),
    ("slight", "group"),
    ("harm", "address"),
    ("harm", "person"),
    ("harm", "self"),
    ("harm", "fiction"),
    ("harm", "harmless"),
    ("dehuman", "address"),
    ("dehuman", "person"),
    ("dehuman", "fiction"),
    ("dehuman", "group"),
    ("insult", "group"),
    ("wish", "misfortune"),
    ("misfortune", "person"),
    ("misfortune", "address"),
    ("body", "violence"),
    ("brain", "person"),
    ("brain", "address"),
    ("group", "every"),
    ("group", "crime"),
)

FEATURES = (*NAMES, *(f"{one}×{other}" for one, other in PAIRS))
"""Names of the columns that `Cues.features` gives."""

_WORD = re.compile(r"\w+(?:['-]\w+)*")
_SHORTEST_PREFIX = 3
_WORDS_REMEMBERED = 100_000


@dataclass(frozen=True)
class Cues:
    """The cues in a form that is quick to look up.

    Attributes:
        words: Whole folded word → names of its cues.
        prefixes: Beginning of a word → names of its cues.
        phrases: Finds those of more words than one.
        masks: Restores insults in disguise.
    """

    words: Mapping[str, frozenset[str]]
    prefixes: Mapping[str, frozenset[str]]
    phrases: Phrases
    masks: MaskedWords
    _known: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls) -> Cues:
        """The cues that come with the package."""
        return _load()

    def found(self, text: str) -> frozenset[str]:
        """Names of the cues that a text has."""
        plain = folded(text)
        restored = self.masks.restored(plain)
        found: set[str] = set()
        tokens = _WORD.findall(restored)
        known = self._known
        for token in tokens:
            names = known.get(token)
            if names is None:
                names = known[token] = self._of_word(token)
                if len(known) > _WORDS_REMEMBERED:
                    known.clear()
            if names:
                found |= names
        found |= self.phrases.found(restored)
        if restored != plain and self.masks.insults.intersection(tokens).difference(_WORD.findall(plain)):
            found.update(("insult", "masked"))
        return frozenset(found)

    def _of_word(self, token: str) -> frozenset[str]:
        names = self.words.get(token)
        if names is not None:
            return names
        for length in range(_SHORTEST_PREFIX, len(token)):
            names = self.prefixes.get(token[:length])
            if names is not None:
                return names
        if "'" in token:  # `l'idiota`, `d'abrutis`
            return self.words.get(token.rpartition("'")[2], frozenset())
        return frozenset()

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Which cues and pairs each text has, shape (n, len(FEATURES)), 0 or 1."""
        features = np.zeros((len(texts), len(FEATURES)), dtype=np.float32)
        for row, text in enumerate(texts):
            if found := self.found(text):
                features[row] = _row(found)
        return features


@lru_cache(maxsize=4_096)
def _row(found: frozenset[str]) -> tuple[bool, ...]:
    """The columns of `FEATURES` for these cues."""
    return (*(name in found for name in NAMES), *(a in found and b in found for a, b in PAIRS))


def is_aimed(features: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which rows of `Cues.features` address or name a person, or hold what only people are called, shape (n,)."""
    column = {name: features[:, place] > 0 for place, name in enumerate(FEATURES)}
    aimed: NDArray[np.bool_] = column["insult"] | column["address"] | column["person"] | column["group"]
    return aimed & ~column["self"]


@lru_cache(maxsize=1)
def _load() -> Cues:
    stored = yaml.safe_load(files(ROOM).joinpath(CUES).read_text(encoding="utf-8"))
    words: dict[str, set[str]] = defaultdict(set)
    prefixes: dict[str, set[str]] = defaultdict(set)
    insults: set[str] = set()
    for name, languages in stored["words"].items():
        for listed in languages.values():
            for word in map(folded, listed.split()):
                if word.endswith("*"):
                    prefixes[word[:-1]].add(name)
                else:
                    words[word].add(name)
                    if name == "insult":
                        insults.add(word)
    insults.update(stored["disguised"].split())
    phrases = Phrases({name: "|".join(map(folded, parts)) for name, parts in stored["phrases"].items()})
    return Cues(
        {word: frozenset(names) for word, names in words.items()},
        {word: frozenset(names) for word, names in prefixes.items()},
        phrases,
        MaskedWords(insults, map(folded, stored["swearing"].split())),
    )
