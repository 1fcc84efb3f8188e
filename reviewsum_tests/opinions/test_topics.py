"""Frequent topics that the taxonomy lacks are found, across languages, and everyday words are not."""

from __future__ import annotations

import pytest

from reviewsum_assets.opinions.topics import discover_topics
from reviewsum_assets.resources.embedder import Usem3Embedder

embedder = Usem3Embedder(threads=2, batch_size=256)

Row = tuple[str, str, bool]

SUBSCRIPTION = [
    "The subscription renewed without asking me.",
    "I had to cancel the subscription twice.",
    "Nobody mentioned that a subscription was needed.",
    "My subscription ended in March and so did the maps.",
    "You only get half of it unless you take the subscription.",
]
ABONNEMENT = [
    "Das Abonnement wurde einfach verlängert.",
    "Ohne ein Abonnement sieht man nur die Hälfte.",
    "Ich musste das Abonnement zweimal kündigen.",
]
BACKGROUND = [
    "The battery lasts all day and I use it on the train.",
    "The screen is bright when I read on the sofa.",
    "The price went up after I ordered it in May.",
    "The sofa next to it had the same colour.",
    "I like the train and the sofa on my way to work.",
]


def _discover(rows: list[Row], min_support: int = 3, merged: bool = True, known: tuple[str, ...] = ()) -> dict:
    topics = discover_topics(
        [text for text, _, _ in rows],
        [language for _, language, _ in rows],
        [matched for _, _, matched in rows],
        [f"r{index}" for index in range(len(rows))],
        min_support=min_support,
        embed=embedder.embed if merged else None,
        known_words=known,
    )
    return {topic.term: topic for topic in topics}


ENGLISH: list[Row] = [(text, "en", False) for text in SUBSCRIPTION]
GERMAN: list[Row] = [(text, "de", False) for text in ABONNEMENT]
MATCHED: list[Row] = [(text, "en", True) for text in BACKGROUND]


def test_a_frequent_topic_without_an_aspect_is_found() -> None:
    assert set(_discover([*ENGLISH, *MATCHED])) == {"subscription"}
    assert _discover([*ENGLISH, *MATCHED])["subscription"].support == 5


def test_terms_of_several_languages_are_one_topic_with_an_english_name() -> None:
    topics = _discover([*GERMAN, *ENGLISH, *MATCHED])
    assert set(topics) == {"subscription"}
    assert topics["subscription"].support == 8
    assert topics["subscription"].language_terms == {"de": "abonnement", "en": "subscription"}


def test_without_vectors_languages_stay_apart() -> None:
    assert set(_discover([*GERMAN, *ENGLISH, *MATCHED], merged=False)) == {"subscription", "abonnement"}


def test_a_topic_below_the_support_is_not_told() -> None:
    assert _discover([*ENGLISH, *MATCHED], min_support=6) == {}


def test_one_review_that_repeats_itself_is_no_topic() -> None:
    topics = discover_topics(SUBSCRIPTION, ["en"] * 5, [False] * 5, ["r1"] * 5, min_support=2, embed=embedder.embed)
    assert topics == []


def test_words_that_are_as_common_beside_aspects_are_no_topic() -> None:
    rows: list[Row] = [("It sat on the sofa.", "en", False), ("I put it next to the sofa.", "en", False)]
    assert _discover([*rows, ("We left the sofa.", "en", False), *MATCHED, *MATCHED]) == {}


def test_polarity_words_and_everyday_nouns_are_no_topic() -> None:
    rows: list[Row] = [(f"The product is a nightmare of a thing, says my husband {i}.", "en", False) for i in range(5)]
    assert _discover([*rows, *MATCHED]) == {}


def test_a_pair_stands_for_its_words() -> None:
    rows: list[Row] = [
        ("I never got the loyalty card.", "en", False),
        ("The loyalty card was for another country.", "en", False),
        ("You have to print the loyalty card yourself.", "en", False),
    ]
    assert set(_discover([*rows, *MATCHED])) == {"loyalty card"}


def test_words_of_the_title_are_no_topic() -> None:
    assert _discover([*ENGLISH, *MATCHED], known=("Nimbo Subscription Box",)) == {}


def test_order_of_the_chunks_does_not_matter() -> None:
    rows = [*GERMAN, *ENGLISH, *MATCHED]
    assert _discover(rows)["subscription"] == _discover(rows[::-1])["subscription"]


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="of one length"):
        discover_topics(["a"], ["en"], [], ["r"], min_support=2)
    with pytest.raises(ValueError, match="one review is no topic"):
        discover_topics([], [], [], [], min_support=1)
