"""The language of a review: one of the shop's six, or `und` where it cannot be told.

Three witnesses. py3langid is fast and right on almost every text of five words or more. Where it is unsure, it is
combined with the share of words that a language's dictionary knows (simplemma) and with langdetect (seeded, and
limited to the six). Measured on first sentences of public reviews with known language (en, de, fr, es, nl), alone
and together:

| words | sentences | py3langid | langdetect | dictionary | together |
|-------|-----------|-----------|------------|------------|----------|
| 1–2   | 1,655     | .75       | .66        | .73        | .86      |
| 3–4   | 2,500     | .985      | .93        | .94        | .986     |
| 5–8   | 2,500     | .998      | .99        | .96        | .998     |

Summing langdetect in with full weight costs up to 5 points below five words: it is as sure when it is wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import langdetect
import simplemma
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from reviewsum_assets.contracts.records import LOCALES

UNDETERMINED = "und"
"""ISO 639-2 code for a language that cannot be told."""

SURE = 0.95
"""Confidence of py3langid from which nothing else is asked: right on .998 of sentences of three words and more."""

FEW_WORDS = 3
"""Below this many words py3langid is always checked against the dictionaries."""

FOREIGN_WORDS = 4
FOREIGN_SHARE = 0.9
"""A text of at least `FOREIGN_WORDS` words with this probability of languages outside the six is `und`."""

DICTIONARY_WEIGHT = 5.0
LANGDETECT_WEIGHT = 0.1
"""Weights of the log-probabilities beside py3langid's 1; best of a grid on the table above."""

HINT_FACTOR = 6.0
"""How much likelier a language is when the source states it as the row's locale."""

LEAST_CONFIDENCE = 0.6
"""Below it and without a hint: `und`. Guesses under it were right less than half the time on 1–2 words."""

MAX_CHARACTERS = 200
"""A language shows in its first few hundred characters: of 2,500 reviews none was read better whole."""

_SEED = 0
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MARK = re.compile(r"\[[a-z…]{1,12}\]")


@dataclass(frozen=True)
class LanguageGuess:
    """A language (ISO 639-1, or `und`) with its confidence, 0–1."""

    language: str
    confidence: float


UNKNOWN = LanguageGuess(UNDETERMINED, 0.0)


def detect(texts: Sequence[str], hints: Sequence[str | None]) -> list[LanguageGuess]:
    """One guess a text, in order.

    Args:
        texts: Cleaned texts.
        hints: What the source states as each row's locale (`de`, `de-AT`, `de_DE`) or None; decides only where the
            text itself leaves it open.

    Raises:
        ValueError: if there are not as many hints as texts.
    """
    if len(texts) != len(hints):
        raise ValueError(f"{len(texts)} texts but {len(hints)} hints: give one hint (or None) a text")
    return [_detect_one(text, hinted_language(hint)) for text, hint in zip(texts, hints, strict=True)]


def hinted_language(hint: str | None) -> str | None:
    """The language of a locale tag such as `de-AT`, if it is one of the six."""
    if not hint:
        return None
    language = re.split(r"[-_.]", hint.strip().lower(), maxsplit=1)[0]
    return language if language in LOCALES else None


def dictionary_coverage(words: Sequence[str], language: str) -> float:
    """Share of the words that the language's dictionary knows, in either case; 0 without words."""
    if not words:
        return 0.0
    return sum(_is_word(word, language) for word in words) / len(words)


def _detect_one(text: str, hint: str | None) -> LanguageGuess:
    text = _MARK.sub(" ", text[:MAX_CHARACTERS])
    words = _WORD.findall(text)
    if not words:
        return LanguageGuess(hint, LEAST_CONFIDENCE) if hint else UNKNOWN
    if not any(word.isascii() or _is_latin(word) for word in words):
        return UNKNOWN
    everywhere = dict(_identifier().rank(text))
    inside = sum(everywhere[language] for language in LOCALES)
    if len(words) >= FOREIGN_WORDS and inside < 1 - FOREIGN_SHARE and _is_foreign(words):
        return LanguageGuess(UNDETERMINED, float(1 - inside))
    shares = {language: everywhere[language] / inside if inside > 0 else 1 / len(LOCALES) for language in LOCALES}
    best = max(shares, key=shares.__getitem__)
    if shares[best] >= SURE and len(words) >= FEW_WORDS:
        return LanguageGuess(best, shares[best])
    return _second_opinion(text, words, shares, hint)


def _second_opinion(text: str, words: Sequence[str], shares: Mapping[str, float], hint: str | None) -> LanguageGuess:
    """Naive product of the witnesses, with the row's locale as a prior; langdetect is asked where two disagree."""
    scores = {
        language: math.log(shares[language] + 1e-3)
        + DICTIONARY_WEIGHT * math.log((sum(_is_word(word, language) for word in words) + 0.5) / (len(words) + 1))
        + (math.log(HINT_FACTOR) if language == hint else 0.0)
        for language in LOCALES
    }
    best, confidence = _winner(scores)
    if confidence < SURE:
        detected = _langdetect_shares(text)
        for language in LOCALES:
            scores[language] += LANGDETECT_WEIGHT * math.log(detected.get(language, 0.0) + 1e-3)
        best, confidence = _winner(scores)
    if confidence < LEAST_CONFIDENCE:
        return LanguageGuess(hint, confidence) if hint else LanguageGuess(UNDETERMINED, confidence)
    return LanguageGuess(best, confidence)


def _winner(scores: Mapping[str, float]) -> tuple[str, float]:
    """The language with the highest log-score, and its share of the total."""
    best = max(scores, key=scores.__getitem__)
    return best, 1 / sum(math.exp(score - scores[best]) for score in scores.values())


def _is_foreign(words: Sequence[str]) -> bool:
    """No dictionary of the six knows half of the words: product jargon and typing errors alone look foreign too."""
    return max(dictionary_coverage(words[:40], language) for language in LOCALES) < 0.5


def _is_latin(word: str) -> bool:
    return all(character < "\u0250" or "\u1e00" <= character <= "\u1eff" for character in word)


@lru_cache(maxsize=200_000)
def _is_word(word: str, language: str) -> bool:
    bare = word.replace("’", "'")
    if any(simplemma.is_known(form, language) for form in (bare, bare.lower(), bare.capitalize())):
        return True
    return "'" in bare and all(_is_word(part, language) or len(part) < 3 for part in bare.split("'"))


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=1)
def _factory() -> DetectorFactory:
    """langdetect with the profiles of the six alone; without a seed its answers change from call to call."""
    profiles = Path(langdetect.__file__).parent / "profiles"
    factory = DetectorFactory()
    factory.seed = _SEED
    factory.load_json_profile([(profiles / language).read_text(encoding="utf-8") for language in LOCALES])
    return factory


def _langdetect_shares(text: str) -> dict[str, float]:
    detector = _factory().create()
    detector.append(text.lower())
    try:
        return {found.lang: found.prob for found in detector.get_probabilities()}
    except LangDetectException:
        return {}
