"""The aspect taxonomy: what a department's reviews speak of, and how each aspect is named and recognised.

It is data, in `taxonomy/`: `departments.yaml` lists each department's aspects and holds the version, `names.yaml` the
names as they stand in a sentence, `words/<language>.yaml` the keywords and the seed sentences that aspects are
matched by. A keyword is a word or a phrase; a hyphen at its end lets any ending follow (`charg-`), one at its front
lets any compound precede (`-akku`), as dictionaries write it. `hints` are words that speak for an aspect without
settling it. Everything is compared in lower case and without diacritics, as `normalise` does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import yaml

LANGUAGES: tuple[str, ...] = ("en", "de", "fr", "es", "it", "nl")
"""Languages that every aspect is named and recognised in."""

FOLDER = Path(__file__).parent / "taxonomy"

Gender = Literal["m", "f", "n", "c"]
"""Grammatical gender; `c` is the common gender of Dutch, and English counts as `n`."""

_ARTICLES: Mapping[str, Mapping[str, Gender | None]] = {
    "en": {"the ": "n"},
    "de": {"der ": "m", "die ": "f", "das ": "n"},
    "fr": {"le ": "m", "la ": "f", "l'": None, "les ": None},
    "es": {"el ": "m", "la ": "f", "los ": "m", "las ": "f"},
    "it": {"il ": "m", "lo ": "m", "la ": "f", "l'": None, "i ": "m", "gli ": "m", "le ": "f"},
    "nl": {"de ": "c", "het ": "n"},
}
"""Definite articles, with the gender that each shows; None where it shows none."""


@dataclass(frozen=True)
class AspectName:
    """An aspect's name in one language, as a sentence uses it."""

    text: str
    """With the definite article: `the battery life`, `der Klang`."""
    plural: bool
    accusative: str
    """The form after a verb such as German `loben`; in the other languages it equals `text`."""
    gender: Gender
    label: str
    """Without the article and with a capital, for lists and charts: `Battery life`."""


@dataclass(frozen=True)
class AspectWords:
    """What an aspect is recognised by in one language."""

    keywords: tuple[str, ...]
    hints: tuple[str, ...]
    praise: tuple[str, ...]
    """Seed sentences that praise the aspect."""
    complaint: tuple[str, ...]
    """Seed sentences that criticise it."""


class Taxonomy:
    """Aspects by department, with names and words in six languages."""

    def __init__(
        self,
        version: str,
        departments: Mapping[str, tuple[str, ...]],
        names: Mapping[str, Mapping[str, AspectName]],
        words: Mapping[str, Mapping[str, AspectWords]],
    ) -> None:
        self.version = version
        self._departments = dict(departments)
        self._names = names
        self._words = words

    @property
    def departments(self) -> tuple[str, ...]:
        """Slugs of all departments."""
        return tuple(self._departments)

    @property
    def aspects(self) -> tuple[str, ...]:
        """Slugs of all aspects, in the order of `names.yaml`."""
        return tuple(self._names)

    def aspects_of(self, department: str) -> tuple[str, ...]:
        """Aspects of a department, its own before the general ones.

        A department of the shop's own making (it is not in the taxonomy) has the aspects of `other`.
        """
        return self._departments.get(department, self._departments["other"])

    def name(self, aspect: str, locale: str) -> AspectName:
        """The aspect's name in a locale.

        Raises:
            KeyError: if the taxonomy has no such aspect, or the locale is not one of `LANGUAGES`.
        """
        if aspect not in self._names:
            raise KeyError(f"no aspect {aspect!r} in taxonomy {self.version}: use one of {', '.join(self._names)}")
        if locale not in LANGUAGES:
            raise KeyError(f"no names in locale {locale!r}: use one of {', '.join(LANGUAGES)}")
        return self._names[aspect][locale]

    def words(self, aspect: str, language: str) -> AspectWords:
        """Keywords and seed sentences of an aspect in a language; `KeyError` if there is no such pair."""
        return self._words[language][aspect]


def normalise(text: str) -> str:
    """Lower case without diacritics, so that `Größe`, `grösse` and `GROSSE` are one word."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    folded = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in folded if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """The bundled taxonomy, read once a process."""
    return read_taxonomy(FOLDER)


def read_taxonomy(folder: Path) -> Taxonomy:
    """The taxonomy in a folder of the layout that this module's docstring tells.

    Raises:
        ValueError: if an aspect lacks a name or words in a language, or a department lists an unknown aspect.
    """
    index = _mapping(folder / "departments.yaml")
    raw_names = _mapping(folder / "names.yaml")
    names = {
        str(aspect): {language: _name(aspect, language, by_language) for language in LANGUAGES}
        for aspect, by_language in raw_names.items()
    }
    departments = {str(slug): tuple(listed) for slug, listed in index["departments"].items()}
    for slug, listed in departments.items():
        if unknown := [aspect for aspect in listed if aspect not in names]:
            raise ValueError(f"department {slug!r} lists aspect {unknown[0]!r}, which names.yaml lacks")
    if "other" not in departments:
        raise ValueError("departments.yaml lacks the department `other`, which unknown ones fall back to")
    words = {language: _words(folder / "words" / f"{language}.yaml", tuple(names)) for language in LANGUAGES}
    return Taxonomy(str(index["version"]), departments, names, words)


def _mapping(path: Path) -> dict:
    """The mapping that a YAML file holds."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{path} holds no mapping")
    return content


def _name(aspect: str, language: str, by_language: Mapping[str, object]) -> AspectName:
    if language not in by_language:
        raise ValueError(f"aspect {aspect!r} has no name in {language!r}: add it to names.yaml")
    entry = by_language[language]
    fields = cast(Mapping[str, object], entry) if isinstance(entry, dict) else {"text": entry}
    text = str(fields["text"])
    for article, shown in _ARTICLES[language].items():
        if text.startswith(article):
            bare = text.removeprefix(article)
            gender = fields.get("gender", shown)
            break
    else:
        raise ValueError(f"name {text!r} of aspect {aspect!r} has no definite article of {language!r}")
    if gender is None:
        raise ValueError(f"name {text!r} of aspect {aspect!r} needs a `gender`: its article shows none")
    return AspectName(
        text=text,
        plural=bool(fields.get("plural", False)),
        accusative=str(fields.get("acc", text)),
        gender=cast(Gender, gender),
        label=bare[0].upper() + bare[1:],
    )


def _words(path: Path, aspects: tuple[str, ...]) -> dict[str, AspectWords]:
    content = _mapping(path)
    if wrong := set(content) ^ set(aspects):
        raise ValueError(f"{path.name} and names.yaml differ in aspect {min(wrong)!r}")
    words = {}
    for aspect in aspects:
        entry = content[aspect]
        words[aspect] = AspectWords(
            keywords=_listed(entry["keywords"]),
            hints=_listed(entry.get("hints", "")),
            praise=tuple(entry["praise"]),
            complaint=tuple(entry["complaint"]),
        )
        if not (words[aspect].keywords and words[aspect].praise and words[aspect].complaint):
            raise ValueError(f"aspect {aspect!r} needs keywords, praise and complaint in {path.name}")
    return words


def _listed(text: str) -> tuple[str, ...]:
    """`charg-, power bank` as normalised keywords."""
    return tuple(normalise(part.strip()) for part in text.split(",") if part.strip())
