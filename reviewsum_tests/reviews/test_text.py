"""Markup, links and broken encodings go; what people and models read stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewsum_assets.reviews.text import clean_text, has_url


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("Works&nbsp;great!<br />Lasts 10 h.", "Works great!\nLasts 10 h."),
        ("wor<b>d</b>, not wor d", "word, not wor d"),
        ("<p>First</p><p>Second</p>", "First\nSecond"),
        ("&lt;br&gt;escaped &amp;amp; twice", "escaped & twice"),
        ("<script>alert('x')</script>Fine.", "Fine."),
        ('See <a href="https://shop.example/x">the page</a> now', "See the page now"),
        ("Photos: https://img.example/a.jpg and www.example.org/b", "Photos: and"),
        ("see [my photo](https://img.example/1.png)!", "see my photo!"),
        ("fÃ¼r schÃ¶nen Kaffee", "für schönen Kaffee"),
        ("zero\u200bwidth and soft\xadhyphen", "zerowidth and softhyphen"),
        ("NUL\x00 and lone \ud800 surrogate", "NUL and lone surrogate"),
        ("e\u0301te\u0301", "été"),
        ("many   spaces\t and\r\n\r\nlines ", "many spaces and\nlines"),
    ],
)
def test_what_is_no_text_goes(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "I <3 it, 5 < 6 and 7 > 2, a <[email]> too",
        "GROSS, klein, naïve, Größe, ¿Qué?, l’été, 3,5/5 – „gut“",
        "Bought at amazon.de, km/h and and/or stay",
        "Top 👍🏽 👨‍👩‍👧 ❤️",
        "100 % Cotton & Co. 12:30–14:00",
        "Firmware 2.10.4.1, 1920x1080, 9.99 €",
    ],
)
def test_what_is_text_stays_to_the_letter(text: str) -> None:
    assert clean_text(text) == text


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.characters(codec=None), max_size=80) | st.text(alphabet="<>/&;abr #x0123\n\u200b", max_size=60)
)
def test_cleaning_never_fails_and_gives_text_that_can_be_stored(raw: str) -> None:
    cleaned = clean_text(raw)
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert cleaned == cleaned.strip()


@pytest.mark.parametrize("raw", ["<p>a</p>&lt;b&gt;", "a &amp;amp;lt; b", "x https://a.example y", "\x85\u2028z"])
def test_cleaning_a_cleaned_text_changes_nothing(raw: str) -> None:
    once = clean_text(raw)
    assert clean_text(once) == once


def test_links_are_recognised_and_shop_names_are_none() -> None:
    assert has_url("look: http://a.example/b")
    assert has_url("www.a.example")
    assert not has_url("bought at amazon.de for 5/5 stars")
