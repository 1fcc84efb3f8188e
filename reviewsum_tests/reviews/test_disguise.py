"""Personal data behind entities, escapes and odd characters is found, and cut from the text as it was written."""

from __future__ import annotations

import pytest

from reviewsum_assets.reviews.disguise import plain_reading
from reviewsum_assets.reviews.redaction import Redactor

DISGUISED = [
    ("write to a.smith&#64;example.com now", "write to [email] now"),
    ("write to a.smith&commat;example&period;com now", "write to [email] now"),
    ("write to a.smith&#x40;example.com now", "write to [email] now"),
    ("write to a.smith&amp;#64;example.com now", "write to [email] now"),
    ("write to a.smith%40example.com now", "write to [email] now"),
    ("write to a.smith\\u0040example.com now", "write to [email] now"),
    ("write to a.smith\u200b@exam\u00adple.com now", "write to [email] now"),
    ("write to ａ.smith＠example．com now", "write to [email] now"),
    ("call me on ０７７００ ９００１２３ please", "call me on [phone] please"),
    ("call me on 07700\u00a0900\u2011123 please", "call me on [phone] please"),
    ("Tel. 06\u202f39\u202f98\u202f12\u202f34 le soir", "Tel. [phone] le soir"),
    ("ring 0️⃣7️⃣7️⃣0️⃣0️⃣900123 please", "ring [phone] please"),
    ("livré au １２ rue des Lilas, 69003 Lyon hier", "livré au [address] hier"),
    ("Top.\\nMfG Uwe Sommer", "Top.\\nMfG [name]"),
]


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor()


@pytest.mark.parametrize(("written", "redacted"), DISGUISED)
def test_disguised_personal_data_is_found(redactor: Redactor, written: str, redacted: str) -> None:
    found = redactor.redact(written)
    assert found.text == redacted
    assert redactor.redact(found.text).types == ()


@pytest.mark.parametrize(
    "text", ["100% cotton & 50%50 mix", "R&D; 5 &lt; 6", "C:\\new\\table", "２００ ｍｌ Ｆｌａｓｃｈｅ"]
)
def test_odd_characters_that_hide_nothing_stay(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text).text == text


def test_a_plain_text_needs_no_second_reading() -> None:
    assert plain_reading("Works great, 10 of 10.") is None


def test_every_place_of_the_plain_reading_leads_back_to_what_was_written() -> None:
    written = "a&#64;b\u200bc \\u00e9 %41 ｘ"
    reading = plain_reading(written)
    assert reading is not None
    assert reading.text == "a@bc é A x"
    for word, original in (("@", "&#64;"), ("bc", "b\u200bc"), ("é", "\\u00e9"), ("A", "%41"), ("x", "ｘ")):
        start = reading.text.index(word)
        begin, end = reading.written(start, start + len(word))
        assert written[begin:end] == original
