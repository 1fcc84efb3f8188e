"""Markup, entities, URLs, broken encodings and control characters out; everything that people and models read stays.

Case, diacritics, digits, punctuation and emoji survive: six languages are read by people, and a summary quotes the
cleaned text to the letter. Each step runs only on texts that show its sign, so most reviews cost one scan.
"""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy
from selectolax.lexbor import LexborHTMLParser

MAX_PASSES = 4
"""Passes until nothing changes: exports escape markup up to twice (`&amp;lt;br&amp;gt;`), seen on Amazon dumps."""

_TAG = re.compile(
    r"</?(?:a|abbr|article|b|blockquote|body|br|center|code|div|em|figure|font|footer|form|h[1-6]|head|header|hr|html"
    r"|i|iframe|img|input|label|li|link|main|meta|nav|ol|option|p|pre|s|script|section|select|small|span|strike|strong"
    r"|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|u|ul|video|button)(?:\s[^<>]*)?/?>|<!--",
    re.IGNORECASE,
)
"""Known tags only: `<3`, `a < b > c` and `<[email]>` are text."""

_BLOCK_TAG = re.compile(
    r"</?(?:address|article|blockquote|br|center|div|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|option|p|pre"
    r"|section|table|tbody|td|tfoot|th|thead|tr|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<(script|style|iframe|svg|head|select|textarea)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\((?:https?://|www\.)[^\s()]{1,2000}\)", re.IGNORECASE)
_PATH_DOMAINS = r"com|net|org|info|biz|io|co|me|ly|to|gl|gd|be|de|at|ch|fr|es|it|nl|uk|eu|us|shop|store|online|app|link"
_URL = re.compile(
    r"(?:\b(?:https?|ftp)\s?:\s?//|(?<![\w@.])www\.)[^\s<>\"']+"
    rf"|(?<![\w@./-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_PATH_DOMAINS})/[^\s<>\"']*",
    re.IGNORECASE,
)
"""Addresses with a scheme, with `www.`, or a known domain with a path. A bare `amazon.de` is a shop's name: it stays.
One optional space around the colon: OCR and copy-paste leave `https: //`."""
_URL_TAIL = re.compile(r"[.,;:!?)\]}»”’]+\Z")

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c"
    "\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffc\ud800-\udfff\ue000-\uf8ff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_STRAY_JOINER = re.compile(r"(?<=[\w\s])\u200d|\u200d(?=[\w\s])|\A\u200d|\u200d\Z|\ufffd+")

_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    remove_terminal_escapes=True,
    remove_control_chars=False,
    fix_character_width=True,
    normalization="NFC",
    explain=False,
)


def clean_text(text: str) -> str:
    """The text as a reader should see it: NFC, one space between words, one `\\n` between lines, no markup or URLs.

    Cleaning a cleaned text changes nothing. Never raises: what cannot be decoded (lone surrogates, replacement
    characters, private-use characters) is dropped.

    >>> clean_text("Works&nbsp;great!<br />Battery lasts 10 h. See https://example.org/x")
    'Works great!\\nBattery lasts 10 h. See'
    """
    for _ in range(MAX_PASSES):
        cleaned = _one_pass(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def has_url(text: str) -> bool:
    """Whether the text holds a web address that `clean_text` takes out."""
    return ("/" in text or "www." in text.lower()) and _URL.search(text) is not None


def _one_pass(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        text = _INVISIBLE.sub("", text)
    if not text.isascii():
        text = ftfy.fix_text(text, config=_FTFY)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    if "<" in text and _TAG.search(text):
        text = _strip_markup(text)
    if "](" in text:
        text = _MARKDOWN_LINK.sub(r"\1", text)
    if "/" in text or "www." in text.lower():
        text = _URL.sub(_url_replacement, text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _STRAY_JOINER.sub("", text)))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


def _url_replacement(match: re.Match[str]) -> str:
    tail = _URL_TAIL.search(match.group())
    return tail.group() if tail else " "


def _strip_markup(text: str) -> str:
    """Text of an HTML fragment: blocks become lines, inline tags vanish without gluing or splitting words."""
    text = _BLOCK_TAG.sub("\n", _SCRIPT.sub("\n", text))
    if not _TAG.search(text):
        return text
    body = LexborHTMLParser(text).body
    return body.text(deep=True, separator="") if body is not None else ""
