"""Phrases sorted by their first letter are found as one large pattern finds them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewsum_assets.reviews.phrase_patterns import ANY, Phrases, alternatives, first_characters

PATTERNS = {
    "threat": r"(?:i|we) (?:know|knows) where|you will regret|\w+ you up|val (?:toch )?dood|[ck]rep\w*",
    "insult": r"son of a (?:gun|fish)|(?:the )?idiots? of|'t varken|a{0,2}b c",
}
WORDS = (
    *("i", "we", "know", "knows", "where", "you", "will", "regret", "beat", "up", "val", "toch", "dood", "crepa"),
    *("krepier", "son", "of", "a", "gun", "fish", "the", "idiot", "'t", "varken", "b", "c"),
)


@pytest.mark.parametrize(
    ("pattern", "characters"),
    [
        ("(?:i|we) know", {"i", "w"}),
        ("(?:the )?idiots?", {"t", "i"}),
        (r"\w+ you", {ANY}),
        ("'t varken", {ANY}),
        ("[ck]rep", {"c", "k"}),
        ("a{0,2}b", {"a", "b"}),
    ],
)
def test_the_first_characters_of_a_pattern_are_told(pattern: str, characters: set[str]) -> None:
    assert first_characters(pattern) == characters


def test_a_pattern_is_cut_at_its_top_level_alone() -> None:
    assert list(alternatives(r"a(?:b|c)|[|)]d|e\|f")) == ["a(?:b|c)", "[|)]d", r"e\|f"]


@given(st.lists(st.sampled_from([*WORDS, ",", "-", "xval", "dooden"]), max_size=12), st.sampled_from([" ", "", ", "]))
def test_what_is_found_is_what_the_whole_pattern_finds(words: list[str], joint: str) -> None:
    text = joint.join(words)
    expected = {
        name for name, pattern in PATTERNS.items() if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text) is not None
    }
    assert Phrases(PATTERNS).found(text) == expected
