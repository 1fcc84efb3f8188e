"""The language of a review: one of the shop's six, or `und` where it cannot be told.

Four witnesses. Our own model of few words (`short_language`) is asked first; where it is sure of a longer text and a
dictionary (simplemma) knows its words, that is the answer. Else py3langid, which also knows other languages, the
dictionaries and, where still in doubt, langdetect (seeded, limited to the six) are combined with it. Where the text
leaves it open, its six shares go with the guess, and `with_context` weighs them by what else the user and the
product's reviewers write.

Accuracy of the best guess on the first words of public reviews with known language (en, de, fr, es, nl; 1,000 to 1,050
texts a row), alone and together. They were used to choose the weights, not to train.

| words | py3langid and dictionary (before) | own model | together |
|-------|-----------------------------------|-----------|----------|
| 1     | .758                              | .874      | .889     |
| 2     | .930                              | .959      | .968     |
| 3     | .983                              | .985      | .989     |
| 4     | .992                              | .994      | .994     |
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import langdetect
import numpy as np
import simplemma
import yaml
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.reviews.short_language import ROOM, WORD, log_shares

UNDETERMINED = "und"
"""ISO 639-2 code for a language that cannot be told."""

SURE = 0.95
"""Confidence from which nothing else is asked."""

PLAIN_WORDS = 5
READ_WORDS = 16
PLAIN_SHARE = 0.999
PLAIN_COVERAGE = 0.6
"""A text of at least `PLAIN_WORDS` words is told by its first `READ_WORDS` where the own model gives a language this
share and its dictionary knows this share of them: nine public reviews of ten, none of 4,167 wrongly."""

FOREIGN_WORDS = 4
FOREIGN_SHARE = 0.9
"""A text of at least `FOREIGN_WORDS` words with this probability of languages outside the six is `und`."""

LANGID_WEIGHT = 0.5
DICTIONARY_WEIGHT = 3.0
LANGDETECT_WEIGHT = 0.1
"""Weights of the log-probabilities beside the own model's 1; best of a grid on the table above."""

HINT_FACTOR = 6.0
"""How much likelier a language is when the source states it as the row's locale."""

LEAST_CONFIDENCE = 0.5
"""Below it and without a hint: `und`."""

USER_SMOOTHING = 0.5
PRODUCT_SMOOTHING = 2.0
PRODUCT_WEIGHT = 0.5
"""Counts added to each language before the counts of a user's or a product's other reviews are read as chances, and the
power of the product's: a person rarely writes two languages, a product is read about in several."""

SENTENCE_WORDS = 4
"""Words from which a sentence may be of another language than its review."""
SENTENCE_SURE = 0.98

MAX_CHARACTERS = 200
"""A language shows in its first few hundred characters: of 2,500 reviews none was read better whole."""

_SEED = 0
_MARK = re.compile(r"\[[a-z…]{1,12}\]")


@dataclass(frozen=True)
class LanguageGuess:
    """A language (ISO 639-1, or `und`) with its confidence, 0–1.

    Attributes:
        language: The language.
        confidence: Its probability.
        shares: Probabilities of the six in the order of `LOCALES`, where the text alone leaves room for doubt; None
            where it is sure, has no words or is in none of the six.
    """

    language: str
    confidence: float
    shares: tuple[float, ...] | None = None


UNKNOWN = LanguageGuess(UNDETERMINED, 0.0)


def detect(texts: Sequence[str], hints: Sequence[str | None]) -> list[LanguageGuess]:
    """One guess a text, in order: `detect_shares` for callers without context."""
    return detect_shares(texts, hints)


def detect_shares(texts: Sequence[str], hints: Sequence[str | None]) -> list[LanguageGuess]:
    """One guess a text, in order; an unsure one with its six shares, for `with_context`.

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


def with_context(
    shares: Sequence[float], user_shares: Sequence[float], product_shares: Sequence[float]
) -> LanguageGuess:
    """The guess for an unsure text when it is known what else its user and its product's reviewers write.

    Args:
        shares: The text's own shares, from `detect_shares`.
        user_shares: How many other reviews of the same user are in each language, in the order of `LOCALES`; zeros
            where there are none.
        product_shares: The same for the product's other reviews.

    Raises:
        ValueError: if one of them has not six entries, none below 0.
    """
    for given in (shares, user_shares, product_shares):
        if len(given) != len(LOCALES) or min(given) < 0:
            raise ValueError(f"give {len(LOCALES)} shares or counts, none below 0, not {list(given)}")
    users, products = sum(user_shares), sum(product_shares)
    weights = [
        (share + 1e-6)
        * (user + USER_SMOOTHING)
        / (users + len(LOCALES) * USER_SMOOTHING)
        * ((product + PRODUCT_SMOOTHING) / (products + len(LOCALES) * PRODUCT_SMOOTHING)) ** PRODUCT_WEIGHT
        for share, user, product in zip(shares, user_shares, product_shares, strict=True)
    ]
    total = math.fsum(weights)
    return _guess([weight / total for weight in weights], None)


def chunk_languages(chunk_texts: Sequence[str], review_language: str) -> list[str]:
    """The language of each sentence of one review.

    A sentence of `SENTENCE_WORDS` words or more that is clearly in another of the six gets that one, any other the
    review's. Sentences with words that only the review's language has are not looked at further.
    """
    found = []
    for text in chunk_texts:
        words = WORD.findall(text.lower())
        if len(words) < SENTENCE_WORDS or _speaks(words, review_language):
            found.append(review_language)
            continue
        guess = _detect_one(text, None)
        clear = guess.confidence >= SENTENCE_SURE and guess.language != UNDETERMINED
        found.append(guess.language if clear else review_language)
    return found


def _speaks(words: Sequence[str], language: str) -> bool:
    """Whether the words hold common words of this language alone, and no fewer than of the others together."""
    only = _telling_words()
    mine = others = 0
    for word in words:
        told = only.get(word)
        if told == language:
            mine += 1
        elif told is not None:
            others += 1
    return mine > 0 and mine >= others


@lru_cache(maxsize=1)
def _telling_words() -> dict[str, str]:
    """Listed word → its language, where only one of the six has it."""
    owners: dict[str, list[str]] = {}
    for language in LOCALES:
        listed = yaml.safe_load(files(ROOM).joinpath("language_words", f"{language}.yaml").read_text(encoding="utf-8"))
        for word in dict.fromkeys(listed["words"].lower().split()):
            owners.setdefault(word, []).append(language)
    return {word: languages[0] for word, languages in owners.items() if len(languages) == 1}


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
    words = WORD.findall(text)
    if not words:
        return LanguageGuess(hint, LEAST_CONFIDENCE) if hint else UNKNOWN
    own = log_shares(words[:READ_WORDS])
    if len(words) >= PLAIN_WORDS and (best := float(own.max())) >= math.log(PLAIN_SHARE):
        language = LOCALES[int(own.argmax())]
        if dictionary_coverage(words[:READ_WORDS], language) >= PLAIN_COVERAGE:
            return LanguageGuess(language, math.exp(best))
    if not any(word.isascii() or _is_latin(word) for word in words):
        return UNKNOWN
    everywhere = dict(_identifier().rank(text))
    inside = sum(everywhere[language] for language in LOCALES)
    if len(words) >= FOREIGN_WORDS and inside < 1 - FOREIGN_SHARE and _is_foreign(words):
        return LanguageGuess(UNDETERMINED, float(1 - inside))
    return _together(
        text, words, own, [everywhere[language] / inside if inside > 0 else 0.0 for language in LOCALES], hint
    )


def _together(
    text: str, words: Sequence[str], own: NDArray[np.float64], langid: Sequence[float], hint: str | None
) -> LanguageGuess:
    """Naive product of the witnesses, with the row's locale as a prior; langdetect is asked where they leave doubt."""
    scores = [
        float(own[place])
        + LANGID_WEIGHT * math.log(langid[place] + 1e-3)
        + DICTIONARY_WEIGHT * math.log((sum(_is_word(word, language) for word in words) + 0.5) / (len(words) + 1))
        + (math.log(HINT_FACTOR) if language == hint else 0.0)
        for place, language in enumerate(LOCALES)
    ]
    shares = _normalised(scores)
    if max(shares) < SURE:
        detected = _langdetect_shares(text)
        shares = _normalised(
            [
                score + LANGDETECT_WEIGHT * math.log(detected.get(language, 0.0) + 1e-3)
                for score, language in zip(scores, LOCALES, strict=True)
            ]
        )
    return _guess(shares, hint)


def _guess(shares: Sequence[float], hint: str | None) -> LanguageGuess:
    """The likeliest language; an unsure one with its shares, and the hint or `und` where none is likely enough."""
    confidence = max(shares)
    kept = None if confidence >= SURE else tuple(round(share, 6) for share in shares)
    if confidence < LEAST_CONFIDENCE:
        return LanguageGuess(hint or UNDETERMINED, confidence, kept)
    return LanguageGuess(LOCALES[list(shares).index(confidence)], confidence, kept)


def _normalised(scores: Sequence[float]) -> list[float]:
    """Probabilities of log-scores."""
    highest = max(scores)
    weights = [math.exp(score - highest) for score in scores]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def _is_foreign(words: Sequence[str]) -> bool:
    """No dictionary of the six knows half of the words: product jargon and typing errors alone look foreign too."""
    return max(dictionary_coverage(words[:40], language) for language in LOCALES) < 0.5


def _is_latin(word: str) -> bool:
    return all(character < "\u0250" or character == "’" or "\u1e00" <= character <= "\u1eff" for character in word)


@lru_cache(maxsize=200_000)
def _is_word(word: str, language: str) -> bool:
    bare = word.replace("’", "'")
    if any(simplemma.is_known(form, language) for form in (bare, bare.lower(), bare.capitalize())):
        return True
    return "'" in bare and all(len(part) < 3 or _is_word(part, language) for part in bare.split("'"))


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
