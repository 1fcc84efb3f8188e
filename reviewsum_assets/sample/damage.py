"""Damage that a text suffers on its way: markup, entities, URLs, broken encodings, light edits, mashed keys."""

from __future__ import annotations

import html
import random
import re

_ROWS = ("asdfghjkl", "qwertyuiop", "zxcvbnm")


def with_markup(text: str, rng: random.Random) -> tuple[str, str]:
    """`text` as a careless shop exports it, and the part of it that must go."""
    way = rng.randrange(4)
    if way == 0:
        first, _, rest = text.partition(". ")
        return (f"{first}.<br /><br />{rest}" if rest else f"{first}<br />"), "<br />"
    if way == 1:
        return f'<p class="review-body">{html.escape(text)}</p>', '<p class="review-body">'
    if way == 2:
        escaped = html.escape(text).replace("'", "&#39;")
        return f"{escaped}&nbsp;&amp;nbsp;", "&nbsp;"
    url = f"https://www.example.com/dp/{rng.randint(10**8, 10**9)}?ref=rev_{rng.randint(1, 99)}"
    return f"{text} {url}", url


def mojibake(text: str) -> tuple[str, str]:
    """UTF-8 read as Windows-1252: the damaged text and what was meant (straight quotes become curly first)."""
    meant = text.replace("'", "’")
    if meant.isascii():
        meant = meant.rstrip(".") + "…"
    damaged = "".join(_misread(character) for character in meant)
    return damaged, meant


def _misread(character: str) -> str:
    """A character's UTF-8 bytes read as Windows-1252, its five holes as Latin-1 (as browsers do)."""
    if character.isascii():
        return character
    return "".join(
        bytes([byte]).decode("latin-1" if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252")
        for byte in character.encode("utf-8")
    )


def lightly_edited(text: str, rng: random.Random) -> str:
    """A near-duplicate: one or two words changed in spelling, or the end altered. Never equal to `text`."""
    words = text.split(" ")
    places = [i for i, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    for index in rng.sample(places, min(len(places), rng.choice([1, 2]))):
        word = words[index]
        words[index] = word.upper() if rng.random() < 0.4 else word[:-2] + word[-1] + word[-2]
    edited = " ".join(words)
    edited = re.sub(r"[.!]+$", rng.choice(["!", "!!", " :)", ""]), edited)
    return edited if edited != text else f"{text} !"


def mashed_keys(rng: random.Random) -> str:
    """What a cat on the keyboard writes."""
    words = []
    for _ in range(rng.randint(2, 7)):
        row = rng.choice(_ROWS)
        words.append("".join(rng.choice(row) for _ in range(rng.randint(3, 11))))
    return " ".join(words)
