"""Texts that are no reviews: attempts to steer a language model, promotion of something else, keyboard noise.

Short is not noise: one word and an emoji count, and so does any criticism. A review that carries an instruction to a
model is set aside whole, whatever else it says: the rest of it was written by someone who wants the summary to lie.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.reviews.injection import injection_score
from reviewsum_assets.reviews.language import dictionary_coverage
from reviewsum_assets.reviews.promotion import SPAM_THRESHOLD, spam_score

GIBBERISH = "gibberish"
SPAM = "spam"
INJECTION = "injection"

MAX_GIBBERISH_COVERAGE = 0.29
"""Share of words in a dictionary of the six, below which a text is no language; reviews with typing errors, brands
and foreign words stay above (of 10,000 public reviews in four languages with four words or more, none was below
that also read like keyboard noise)."""

MIN_UNREADABLE_SHARE = 0.5
"""Share of the words that no European language would spell, from which an unknown text is keyboard noise. Without it
Polish or Swedish reviews would be gibberish, since no dictionary of the six knows their words."""

MAX_REPEATED_UNIQUE_SHARE = 0.15
MIN_REPEATED_WORDS = 12
"""A text of this many words, so few of them different, fills a form's minimum length."""

MAX_CHARACTERS_READ = 500
"""Noise shows at once; a book review has thousands of words."""

FEW_WORDS = 3
"""Below this many words of four letters each one has to be unreadable: two foreign names are no noise."""


LONE_WORD_LETTERS = 6
"""A single word below it must be mashed keys: `Mwah` is spelt like no other word and still an opinion."""


@dataclass(frozen=True)
class Noise:
    """Why a text is set aside, with the strength of the signs, 0–1."""

    reason: str
    score: float


def judge(raw_text: str, cleaned_text: str) -> Noise | None:
    """The first reason that applies (injection, spam, gibberish), or None for a review.

    Args:
        raw_text: The redacted text before cleaning, in which links and hidden markup are still visible.
        cleaned_text: The text after cleaning.
    """
    injection = injection_score(raw_text, cleaned_text)
    if injection:
        return Noise(INJECTION, injection)
    spam = spam_score(raw_text, cleaned_text)
    if spam >= SPAM_THRESHOLD:
        return Noise(SPAM, spam)
    gibberish = gibberish_score(cleaned_text)
    if gibberish:
        return Noise(GIBBERISH, gibberish)
    return None


_WORD = re.compile(r"[^\W\d_]+")
_RARE_PAIRS = {
    "a": "", "b": "cdfhjkmnpqvwxz", "c": "bdfgjmnpqvwx", "d": "cfhkmnpqxz", "f": "bchjkmnpqvwxz", "g": "cfjkmpqvwxz",
    "h": "bcdfghjkpqvx", "i": "hiwxy", "j": "bcghjlmpqrwxy", "k": "cdfgmpqvxz", "l": "hjqrwx", "m": "cfhjklqrvwxz",
    "n": "x",
    "p": "bcdkmnqvwxz", "q": "abcdefghijklmnopqrstvwxyz", "r": "jx", "s": "x", "t": "nqx", "u": "q",
    "v": "bcdfghjkmnpqstwxyz", "w": "bcdfgjklmpqtvwxyz", "x": "bdfghjklmnoqrsuvwxyz", "y": "bdfghjkquvwxyz",
    "z": "bdfghjklmnpqrsvxy",
}  # fmt: skip
"""Letter pairs that are below 0.03 % of the pairs in the word list of each of the six languages (simplemma)."""
_KEYBOARD_ROWS = ("qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "yxcvbnm", "wxcvbn")
_KEYBOARD = frozenset(
    row[i : i + 4] for line in _KEYBOARD_ROWS for row in (line, line[::-1]) for i in range(len(row) - 3)
) - {"poiu", "oper", "rewq"}
_ROWS = tuple(frozenset(row) for row in _KEYBOARD_ROWS)
_FAMILIAR = re.compile(r"[a-zàâäáãåæçèéêëìíîïñòóôöøùúûüÿœßñ]+", re.IGNORECASE)
"""Letters of the six languages: a word with others is foreign, not noise."""
_REPEATED = re.compile(r"(\w{2,4}?)\1{1,}\w?")
_VOWEL_RUN = re.compile(r"[aeiouy]{5}")
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœ")


def gibberish_score(text: str) -> float:
    """Strength of keyboard noise, 0 or 0.7–1: words that no dictionary knows and no European language would spell."""
    words = _WORD.findall(text[:MAX_CHARACTERS_READ])
    if not words:
        return 0.0
    if len(words) >= MIN_REPEATED_WORDS:
        unique = len({word.lower() for word in words}) / len(words)
        if unique <= MAX_REPEATED_UNIQUE_SHARE:
            return 1.0 - unique
    long_words = [word for word in words if len(word) >= 4]
    if not long_words or not all(_FAMILIAR.fullmatch(word) for word in long_words):
        return 0.0
    unread = [_is_mashed(word) or _is_unspelled(word) for word in long_words]
    unreadable = sum(unread) / len(long_words)
    if len(words) >= 2 and all(bad or _is_of_one_row(word) for bad, word in zip(unread, long_words, strict=True)):
        unreadable = 1.0
    if len(long_words) < FEW_WORDS and unreadable < 1.0:
        return 0.0
    if unreadable < MIN_UNREADABLE_SHARE:
        return 0.0
    if len(words) == 1 and len(words[0]) < LONE_WORD_LETTERS and not _is_mashed(words[0]):
        return 0.0
    coverage = max(dictionary_coverage(long_words, language) for language in LOCALES)
    if coverage > MAX_GIBBERISH_COVERAGE:
        return 0.0
    return max(0.7, unreadable) * (1.0 - coverage / 2)


@lru_cache(maxsize=100_000)
def _is_mashed(word: str) -> bool:
    """Neighbouring keys, one syllable over and over, or no vowel; capitals alone are an acronym."""
    lower = word.lower()
    if (word.isupper() and len(word) <= 5) or len(set(lower)) <= 2:
        return False
    if any(lower[i : i + 4] in _KEYBOARD for i in range(len(lower) - 3)):
        return True
    return _REPEATED.fullmatch(lower) is not None or not _VOWELS.intersection(lower)


@lru_cache(maxsize=100_000)
def _is_of_one_row(word: str) -> bool:
    """All its letters lie in one row of the keyboard: true of one word in forty of public reviews, of every one where
    somebody ran a hand along the keys."""
    letters = frozenset(word.lower())
    return not word.isupper() and any(letters <= row for row in _ROWS)


@lru_cache(maxsize=100_000)
def _is_unspelled(word: str) -> bool:
    """A fifth of its letter pairs are rare in all six languages, or five vowels stand in a row."""
    lower = word.lower()
    if _is_mashed(word) or len(set(lower)) <= 2 or word.isupper():
        return False
    rare = sum(second in _RARE_PAIRS.get(first, "") for first, second in pairwise(lower)) + lower.endswith(("q", "j"))
    return _VOWEL_RUN.search(lower) is not None or (rare / len(lower) >= 0.2 and (rare >= 2 or len(lower) <= 5))
