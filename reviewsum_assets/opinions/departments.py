"""A shop's leaf categories → departments, the partitions of everything about products.

Real shops have thousands of leaves, so the map is a list of whole leaves and a list of word stems, bundled in
`departments.yaml` for six languages and replaceable by the shop's own file of the same form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from reviewsum_assets.opinions.taxonomy import load_taxonomy, normalise

BUNDLED = Path(__file__).with_name("departments.yaml")

OTHER = "other"
"""Department of the leaves that the map does not know."""

_WORD = re.compile(r"[^\W_]+")
_SLUG = re.compile(r"[a-z][a-z0-9_]*")

_WHOLE_WORD_LENGTH = 4
"""Keywords up to this length must be a whole word or its plural: `tea` is not in `steam` nor `teak`."""


class Departments:
    """Department of each leaf category, and the adapter group of each department."""

    def __init__(
        self,
        leaves: Mapping[str, str],
        keywords: Mapping[str, str],
        adapter_groups: Mapping[str, str],
        slugs: Iterable[str],
    ) -> None:
        """Maps of leaf → department and keyword → department, both in any spelling; `slugs`: every department."""
        self._leaves = {_key(leaf): department for leaf, department in leaves.items()}
        self._keywords = sorted(
            ((" ".join(_words(keyword)), department) for keyword, department in keywords.items()),
            key=lambda pair: (-len(pair[0]), pair),
        )
        self._adapter_groups = dict(adapter_groups)
        self._slugs = tuple(dict.fromkeys([*slugs, OTHER]))
        for slug in self._slugs:
            self._leaves.setdefault(_key(slug), slug)

    @property
    def slugs(self) -> tuple[str, ...]:
        """All departments, `other` included."""
        return self._slugs

    def department_of(self, leaf: str) -> str:
        """The department of a leaf category; `other` if neither the leaf nor one of its words is known.

        Case, blanks, punctuation and diacritics do not matter, and a department's own slug is a leaf of it. Of
        several keywords in a leaf the longest decides, then the last: the head noun of `Coffee Tables` is the table.
        """
        if department := self._leaves.get(_key(leaf)):
            return department
        return self._by_keyword(" ".join(_words(leaf)))

    def adapter_group(self, department: str) -> str:
        """The group whose adapter writes for the department: itself unless the map says otherwise."""
        return self._adapter_groups.get(department, department)

    def _by_keyword(self, words: str) -> str:
        best: tuple[int, int] | None = None
        found = OTHER
        for keyword, department in self._keywords:
            if best and len(keyword) < best[0]:
                break
            position = _last_match(keyword, words)
            if position >= 0 and (best is None or position > best[1]):
                best, found = (len(keyword), position), department
        return found


def _last_match(keyword: str, words: str) -> int:
    """Where the keyword stands last in the words, or -1."""
    return max((match.start() for match in _pattern(keyword).finditer(words)), default=-1)


@lru_cache(maxsize=4_096)
def _pattern(keyword: str) -> re.Pattern[str]:
    """A long keyword may begin a word, or end one (compounds such as `Espressokaffeemaschine`); a short one is a whole
    word. Remembered here: there are more keywords than `re` remembers."""
    if len(keyword) <= _WHOLE_WORD_LENGTH:
        return re.compile(rf"(?<!\w){keyword}(?:s|es|e|en|n)?(?!\w)")
    return re.compile(rf"(?:(?<!\w){keyword}|{keyword}(?:s|es|e|en|er|n)?(?!\w))")


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise(text))


def _key(leaf: str) -> str:
    return "".join(_words(leaf))


@lru_cache(maxsize=8)
def load_departments(path: Path | None = None) -> Departments:
    """The bundled map, or the shop's own file of the same form, which then replaces the bundled one.

    The shop's file may leave out `keywords` and `adapter_groups`; a department that it invents gets the aspects of
    `other`.

    Raises:
        FileNotFoundError: if the file is absent.
        ValueError: if it is not a map of departments to leaves, or puts one leaf into two departments.
    """
    source = path or BUNDLED
    if not source.is_file():
        raise FileNotFoundError(f"no departments file at {source}: correct REVIEWSUM_DEPARTMENTS_FILE or unset it")
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not isinstance(content.get("leaves"), dict):
        raise ValueError(f"{source}: expected `leaves:` with a list of leaf categories for each department")
    leaves = _inverted(content["leaves"], source)
    keywords = _inverted(content.get("keywords") or {}, source)
    groups = {str(department): str(group) for department, group in (content.get("adapter_groups") or {}).items()}
    slugs = list(dict.fromkeys([*content["leaves"], *(content.get("keywords") or {}), *groups]))
    if path is None:
        slugs = list(load_taxonomy().departments)
    if bad := [slug for slug in slugs if not _SLUG.fullmatch(str(slug))]:
        raise ValueError(f"{source}: department {bad[0]!r} is no slug: use lower-case letters, digits and underscores")
    return Departments(leaves, keywords, groups, slugs)


def _inverted(by_department: Mapping[str, list[str]], source: Path) -> dict[str, str]:
    """`{department: [leaf, …]}` as `{leaf: department}`."""
    inverted: dict[str, str] = {}
    keys: dict[str, str] = {}
    for department, leaves in by_department.items():
        if not isinstance(leaves, list):
            raise ValueError(f"{source}: department {department!r} needs a list")
        for leaf in map(str, leaves):
            other = keys.setdefault(_key(leaf), department)
            if other != department:
                raise ValueError(f"{source}: {leaf!r} is in both {other!r} and {department!r}: keep it in one")
            inverted[leaf] = department
    return inverted
