"""Topics that reviewers often speak of and that the taxonomy lacks, so that it can grow.

Found in the chunks without an aspect: words and pairs of words that stand like nouns, are commoner there than in the
chunks that have an aspect, and carry no polarity of their own. Terms of several languages that mean the same are one
topic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from reviewsum_assets.contracts.protocols import Vectors
from reviewsum_assets.opinions.keywords import raw_words, words_of
from reviewsum_assets.opinions.polarity_lexicon import lexical_features
from reviewsum_assets.opinions.taxonomy import LANGUAGES

MIN_NOUN_SHARE = 0.25
"""Share of a term's occurrences that stand like a noun: between a determiner and a word that is none of the content
(which leaves out adjectives, `the blue strap`); in German, with a capital inside the sentence. Nouns of public
reviews have .3 and more, verbs, adverbs and adjectives mostly under .15."""

MIN_LIFT = 2.0
"""How much more common a term is in chunks without an aspect than in those with one."""

PAIR_SHARE = 0.6
"""A pair of words stands for its rarer word if it holds this share of its reviews: `return label`, not `label`."""

SAME_TOPIC = 0.65
"""Cosine from which two terms are one topic. Translations lie at 0.75 on average, unrelated words at 0.1."""

MAX_TOPICS = 50

_MIN_LETTERS = 3

WORDS = Path(__file__).with_name("topics.yaml")


@dataclass(frozen=True)
class Topic:
    """A frequent topic without an aspect."""

    term: str
    """Its English term if it has one, else the commonest."""
    language_terms: Mapping[str, str]
    """Language → the commonest term in it."""
    support: int
    """Distinct reviews that speak of it."""


@dataclass
class _Term:
    language: str
    words: tuple[str, ...]
    reviews: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        return " ".join(self.words)


def discover_topics(
    texts: Sequence[str],
    languages: Sequence[str],
    matched: Sequence[bool],
    review_ids: Sequence[str],
    *,
    min_support: int,
    embed: Callable[[Sequence[str]], Vectors] | None = None,
    known_words: Iterable[str] = (),
) -> list[Topic]:
    """Frequent topics of the chunks without an aspect, the best supported first, `MAX_TOPICS` at most.

    Args:
        texts: All chunks of a department: those with an aspect are the background.
        languages: Language of each (ISO 639-1); chunks of other languages than the six (`und`) are left out.
        matched: Whether the chunk has an aspect.
        review_ids: Review of each.
        min_support: Distinct reviews that a topic needs.
        embed: Unit vectors of terms; without it terms of different languages stay apart.
        known_words: Words that are no topic, such as those of the product titles.

    Raises:
        ValueError: if the lengths differ or `min_support` is under 2.
    """
    if not len(texts) == len(languages) == len(matched) == len(review_ids):
        raise ValueError("texts, languages, matched and review_ids must be of one length")
    if min_support < 2:
        raise ValueError(f"min_support must be at least 2, not {min_support}: one review is no topic")
    known = frozenset(word for text in known_words for word in words_of(text))
    terms: list[_Term] = []
    for language in sorted(set(languages) & set(LANGUAGES)):
        rows = [row for row, one in enumerate(languages) if one == language]
        terms.extend(_terms(language, rows, texts, matched, review_ids, known, min_support))
    topics = [_topic(group) for group in _groups(terms, embed)]
    kept = [topic for topic in topics if topic.support >= min_support]
    return sorted(kept, key=lambda topic: (-topic.support, topic.term))[:MAX_TOPICS]


def _terms(
    language: str,
    rows: Sequence[int],
    texts: Sequence[str],
    matched: Sequence[bool],
    review_ids: Sequence[str],
    known: frozenset[str],
    min_support: int,
) -> list[_Term]:
    """The noun-like terms of one language that the background lacks."""
    determiners, no_topics = _listed_words(language)
    barred = no_topics | known
    found: dict[tuple[str, ...], _Term] = {}
    seen: Counter[tuple[str, ...]] = Counter()
    as_noun: Counter[tuple[str, ...]] = Counter()
    background: Counter[tuple[str, ...]] = Counter()
    with_aspect = 0
    for row in rows:
        words = words_of(texts[row])
        grams = list(_grams(words, barred))
        if matched[row]:
            with_aspect += 1
            background.update({gram for _, gram in grams})
            continue
        capitals = _capitals(texts[row], words) if language == "de" else None
        starts = {position for position, _ in grams}
        for position, gram in grams:
            seen[gram] += 1
            last = position + len(gram) - 1
            if capitals:
                as_noun[gram] += position > 0 and capitals[last]
            else:
                as_noun[gram] += position > 0 and words[position - 1] in determiners and last + 1 not in starts
            found.setdefault(gram, _Term(language, gram)).reviews.add(review_ids[row])
    without = max(1, len(rows) - with_aspect)

    def is_topic(gram: tuple[str, ...]) -> bool:
        lift = (seen[gram] / without) / ((background[gram] + 0.5) / (with_aspect + 1))
        return lift >= MIN_LIFT and as_noun[gram] >= MIN_NOUN_SHARE * seen[gram]

    # A topic may reach the support in several languages together; a third of it in one shows that it is no slip.
    least = max(2, -(-min_support // 3))
    frequent = [t for gram, t in found.items() if len(t.reviews) >= least and is_topic(gram)]
    judging = [
        bool(row.any()) for row in lexical_features([term.text for term in frequent], [language] * len(frequent))
    ]
    nouns = [term for term, judges in zip(frequent, judging, strict=True) if not judges]
    return sorted(_without_parts(nouns, found), key=lambda term: (-len(term.reviews), term.text))


def _capitals(text: str, words: list[str]) -> list[bool]:
    """Whether each of the text's words has a capital; none has, if the text falls into other words unfolded."""
    raw = raw_words(text)
    return [word[0].isupper() for word in raw] if len(raw) == len(words) else [False] * len(words)


def _grams(words: list[str], barred: frozenset[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Position and words of every single word and pair that might be a topic."""
    fits = [len(word) >= _MIN_LETTERS and word not in barred and not word[0].isdigit() for word in words]
    for position, word in enumerate(words):
        if fits[position]:
            yield position, (word,)
            if position + 1 < len(words) and fits[position + 1]:
                yield position, (word, words[position + 1])


def _without_parts(terms: Sequence[_Term], found: Mapping[tuple[str, ...], _Term]) -> list[_Term]:
    """Pairs that stand for one of their words, and the words that no pair stands for. `found`: every word and pair."""
    kept, covered = [], set()
    for pair in (term for term in terms if len(term.words) == 2):
        parts = [w for w in pair.words if len(pair.reviews) >= PAIR_SHARE * len(found[w,].reviews)]
        if parts:
            kept.append(pair)
            covered.update(parts)
    return [*kept, *(term for term in terms if len(term.words) == 1 and term.words[0] not in covered)]


def _groups(terms: Sequence[_Term], embed: Callable[[Sequence[str]], Vectors] | None) -> list[list[_Term]]:
    """Terms that mean the same, the best supported first: each joins the first group whose first term is near."""
    ordered = sorted(terms, key=lambda term: (-len(term.reviews), term.language, term.text))
    if embed is None or not ordered:
        return [[term] for term in ordered]
    vectors = embed([term.text for term in ordered])
    groups: list[list[int]] = []
    for row in range(len(ordered)):
        near = [g for g in groups if float(np.dot(vectors[g[0]], vectors[row])) >= SAME_TOPIC]
        if near:
            max(near, key=lambda g: float(np.dot(vectors[g[0]], vectors[row]))).append(row)
        else:
            groups.append([row])
    return [[ordered[row] for row in group] for group in groups]


def _topic(group: Sequence[_Term]) -> Topic:
    by_language: dict[str, list[_Term]] = defaultdict(list)
    for term in group:
        by_language[term.language].append(term)
    language_terms = {language: members[0].text for language, members in sorted(by_language.items())}
    return Topic(
        term=language_terms.get("en", group[0].text),
        language_terms=language_terms,
        support=len(set().union(*(term.reviews for term in group))),
    )


@lru_cache(maxsize=len(LANGUAGES))
def _listed_words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Determiners of a language, and the words that are no topic: determiners, function words, everyday nouns."""
    listed = yaml.safe_load(WORDS.read_text(encoding="utf-8"))[language]
    words = {kind: frozenset(listed[kind].split()) for kind in ("determiners", "function", "everyday")}
    return words["determiners"], words["determiners"] | words["function"] | words["everyday"]
