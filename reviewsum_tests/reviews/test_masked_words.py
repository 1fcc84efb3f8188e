"""Insults in disguise are read as the word that is meant; other signs and digits stay."""

from __future__ import annotations

import pytest

from reviewsum_assets.reviews.abuse_cues import Cues
from reviewsum_assets.reviews.masked_words import folded


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("The seller is an id**t", "idiot"),
        ("what an a**hole", "asshole"),
        ("a bunch of m0r0ns", "morons"),
        ("total a$$hole", "asshole"),
        ("you i d i o t s", "idiots"),
        ("S.c.u.m. like you", "scum"),
        ("lauter 1d10ten", "idioten"),
        ("so ein A****loch", "arschloch"),
        ("ihr Idiooooten", "idioten"),
        ("menudo gilip*llas", "gilipollas"),
        ("H i j o d e p u t a", "puta"),
        ("K l o o t z a k", "klootzak"),
        ("che str0nzo", "stronzo"),
        ("quel conn*rd", "connard"),
    ],
)
def test_a_disguised_insult_is_read_as_the_word(written: str, meant: str) -> None:
    cues = Cues.load()
    assert meant in cues.masks.restored(folded(written)).replace(".", " ").split()
    assert {"insult", "masked"} <= cues.found(written)


@pytest.mark.parametrize(
    "text",
    [
        "A4 paper, USB-C and 5*** hotel",
        "the model X-100 in 4k at 60 Hz",
        "s m l xl, all sizes",
        "C. S. Lewis wrote it",
        "superrrr!!!",
        "100 % cotton, 3 for 2",
        "a b c d e f g",
    ],
)
def test_models_sizes_and_initials_are_no_disguise(text: str) -> None:
    assert Cues.load().masks.restored(folded(text)) == folded(text)
    assert "masked" not in Cues.load().found(text)


@pytest.mark.parametrize(
    "text", ["sh*t quality", "bull****", "this f***ing plug", "sch***e verarbeitet", "caz*o di cavo"]
)
def test_a_starred_swear_word_is_no_insult(text: str) -> None:
    assert "insult" not in Cues.load().found(text)


def test_diacritics_and_capitals_do_not_matter() -> None:
    assert folded("IMBÉCILE, Schwachköpfe, GROß") == "imbecile, schwachkopfe, gross"
