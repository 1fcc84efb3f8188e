"""The sentence banks: large, labelled, and complete for every product in every language."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from reviewsum_assets.sample import LEAF_CATEGORIES, LEAF_DEPARTMENTS, bank_sentences
from reviewsum_assets.sample.catalogue import TYPES, noun_slots
from reviewsum_assets.sample.phrases import DEPARTMENTS, LANGUAGES, opinion_phrases

SENTENCES = list(bank_sentences())


def test_the_banks_hold_over_1800_sentences_spread_evenly_over_six_languages() -> None:
    counts = Counter(sentence.language for sentence in SENTENCES)
    assert set(counts) == set(LANGUAGES)
    assert sum(counts.values()) >= 1800
    assert max(counts.values()) - min(counts.values()) < 20


def test_no_sentence_is_there_twice_in_a_language() -> None:
    counts = Counter((s.language, s.text) for s in SENTENCES)
    assert [key for key, count in counts.items() if count > 1] == []


def test_no_choice_or_slot_is_left_unfilled() -> None:
    assert [s.text for s in SENTENCES if re.search(r"[\[\]{}|@]|  | [.,]", s.text)] == []


def test_each_line_has_as_many_variants_as_asked_for_and_all_differ() -> None:
    several = list(bank_sentences(variants=3))
    assert len(several) > len(SENTENCES) * 1.3
    assert len({(s.language, s.aspect, s.polarity, s.text) for s in several}) >= len(several) - 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_aspect_of_every_product_type_can_be_praised_and_criticised(language: str) -> None:
    missing = [
        (kind.slug, aspect, polarity)
        for kind in TYPES.values()
        for aspect in kind.aspects
        for polarity in ("positive", "negative")
        if not opinion_phrases(language, kind.department, kind.slug, aspect, polarity)
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_product_type_has_a_name_in_every_language(language: str) -> None:
    assert all(all(noun_slots(language, slug).values()) for slug in TYPES)


def test_there_are_six_product_types_in_each_of_four_departments() -> None:
    assert Counter(LEAF_DEPARTMENTS.values()) == dict.fromkeys(DEPARTMENTS, 6)
    assert len(LEAF_CATEGORIES) == 24
