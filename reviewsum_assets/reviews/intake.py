"""The one judge of a review row: what a row must have to enter the platform, and why it may not.

`reviewsum load` and the ingestion assets both ask it, so that a row is never taken at one door and refused at the
other. Nothing is guessed and nothing altered: a value that cannot be read rejects the row with a reason that tells
what to correct. Reasons quote a value only where it cannot be a person's words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from reviewsum_assets.contracts.source import REQUIRED_FIELDS, SourceRow

MAX_ID_CHARACTERS = 255
"""Longest identifier or category: the width of the columns that hold them."""

MAX_TITLE_CHARACTERS = 1_000
MAX_TEXT_CHARACTERS = 100_000
"""Longest review; shops allow less. The longest of 13,371 real ones has 14,382 characters."""

MAX_LOCALE_CHARACTERS = 35
"""Longest language tag that RFC 5646 (4.4.1) asks software to hold."""

MAX_VOTES = 2**31 - 1
"""The lake keeps votes in 32 bits."""

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No review of a web shop is older; earlier times are a zero, a wrong unit or a wrong century."""

CLOCK_SKEW = timedelta(days=1)
"""How far ahead of `now` a review may be: shops write local times without their zone."""

_UNSAFE_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd\ud800-\udfff]")
"""Not in an identifier: control and direction characters, and what is left of a broken encoding (two broken ids could
become one)."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""Characters that UTF-8 or PostgreSQL cannot hold."""

_VISIBLE = re.compile("[^\\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]")
_STARS = re.compile(r"[1-5](?:\.0+)?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}(?:\.0+)?")
_EPOCH = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?|[0-9]{12,13}")
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[_-]([A-Za-z]{4}))?(?:[_-]([A-Za-z]{2}|[0-9]{3}))?(?:\.[A-Za-z0-9-]+)?")
_QUOTABLE = re.compile(r"[-+0-9.,:/TZ ]{1,32}|[A-Za-z]{1,5}")
_UTC_SUFFIX = re.compile(r"\s*(?:UTC|GMT)$", re.IGNORECASE)

_NULLS = frozenset({"", "null", "none", "nan", "na", "n/a", "\\n"})
"""How exports write 'no value' in an optional field, lower case (`\\N` is MySQL's and PostgreSQL's)."""

_TRUE = frozenset({"true", "t", "yes", "y", "1", "1.0"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "0.0"})

_MILLISECONDS_FROM = 10**11
"""A number this large counts milliseconds: as seconds it would be the year 5138, as milliseconds 1973."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row cannot be taken, with what of it could be read."""

    reason_code: str
    """Of the first problem found."""
    reason: str
    """All problems, for people; never the review's own words."""
    review_id: str | None = None
    product_id: str | None = None
    created_at: datetime | None = None


def check_row(values: Mapping[str, object], *, now: datetime) -> SourceRow | Rejection:
    """The row, typed, or why it cannot be taken.

    Required: `review_id`, `product_id`, `product_title`, `category`, `user_id` (text or whole numbers), `star_rating`
    (1–5; `"4"` and `4.0` are 4), `review_text`, `created_at` (ISO 8601, without a zone UTC; or seconds or milliseconds
    since 1970). Optional: `helpful_votes`, `verified_purchase`, `locale`; absent, null or empty means unknown. Other
    keys are ignored.

    Args:
        values: The row as read, values still untyped.
        now: The present (with zone): a review may not be more than a day ahead of it.
    """
    fields = _Fields(values, now)
    row = SourceRow(
        review_id=fields.identifier("review_id"),
        product_id=fields.identifier("product_id"),
        product_title=fields.title("product_title"),
        category=fields.identifier("category"),
        user_id=fields.identifier("user_id"),
        star_rating=fields.stars("star_rating"),
        review_text=fields.text("review_text"),
        created_at=fields.timestamp("created_at"),
        helpful_votes=fields.votes("helpful_votes"),
        verified_purchase=fields.flag("verified_purchase"),
        locale=fields.locale("locale"),
    )
    if not fields.missing and not fields.problems:
        return row
    return fields.rejection(row)


_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)


class _Fields:
    """Reads one row field by field and remembers everything that is wrong with it."""

    __slots__ = ("missing", "now", "problems", "values")

    def __init__(self, values: Mapping[str, object], now: datetime) -> None:
        self.values = values
        self.now = now
        self.missing: list[str] = []
        self.problems: list[tuple[str, str]] = []

    def rejection(self, row: SourceRow) -> Rejection:
        if self.missing:
            names = ", ".join(self.missing)
            self.problems.insert(0, ("missing_field", f"missing {names} (needed: {', '.join(REQUIRED_FIELDS)})"))
        return Rejection(
            reason_code=self.problems[0][0],
            reason="; ".join(reason for _, reason in self.problems),
            review_id=row.review_id or None,
            product_id=row.product_id or None,
            created_at=None if row.created_at == _NO_TIME else row.created_at,
        )

    def _wrong(self, code: str, reason: str) -> None:
        self.problems.append((code, reason))

    def _required(self, name: str) -> object | None:
        value = self.values.get(name)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            self.missing.append(name)
            return None
        if isinstance(value, str):
            value = value.strip()
            if not value:
                self.missing.append(name)
                return None
        return value

    def _optional(self, name: str) -> object | None:
        value = self.values.get(name)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return None
        if isinstance(value, str):
            value = value.strip()
            if value.lower() in _NULLS:
                return None
        return value

    def identifier(self, name: str) -> str:
        """A short printable name; shops number their things, so whole numbers are taken as text."""
        value = self._required(name)
        if value is None:
            return ""
        number = _whole(value)
        if number is not None and abs(number) < 2**53:
            value = str(number)
        if not isinstance(value, str):
            self._wrong("bad_id", f"{name} is {_kind(value)}: write it as text")
        elif len(value) > MAX_ID_CHARACTERS:
            self._wrong("bad_id", _too_long(name, value, MAX_ID_CHARACTERS))
        elif found := _UNSAFE_IN_NAMES.search(value):
            self._wrong("bad_id", _holds(name, found[0]))
        else:
            return value
        return ""

    def title(self, name: str) -> str:
        value = self._required(name)
        if value is None:
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self._wrong("bad_title", f"{name} is {_kind(value)}: write it as text")
        elif len(value) > MAX_TITLE_CHARACTERS:
            self._wrong(
                "bad_title", f"{name} has {len(value):,} characters: at most {MAX_TITLE_CHARACTERS:,} are taken"
            )
        elif found := _UNSTORABLE.search(value):
            self._wrong("bad_title", _holds(name, found[0]))
        else:
            return value
        return ""

    def text(self, name: str) -> str:
        """The review as written, untouched: cleaning comes later and wants the original."""
        value = self.values.get(name)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            self.missing.append(name)
        elif not isinstance(value, str):
            self._wrong("bad_text", f"{name} is {_kind(value)}: write it as text")
        elif not _VISIBLE.search(value):
            self._wrong("empty_text", f"{name} is empty: a review needs words")
        elif len(value) > MAX_TEXT_CHARACTERS:
            self._wrong("text_too_long", _too_long(name, value, MAX_TEXT_CHARACTERS))
        elif found := _UNSTORABLE.search(value):
            self._wrong("bad_text", _holds(name, found[0]))
        else:
            return value
        return ""

    def stars(self, name: str) -> int:
        value = self._required(name)
        if value is None:
            return 0
        stars = _whole(value)
        if isinstance(value, str) and _STARS.fullmatch(value):
            stars = int(value[0])
        if stars is not None and 1 <= stars <= 5:
            return stars
        self._wrong("bad_star_rating", f"{name} is {_shown(value)}: it must be a whole number from 1 to 5")
        return 0

    def timestamp(self, name: str) -> datetime:
        value = self._required(name)
        if value is None:
            return _NO_TIME
        moment = parse_time(value)
        if moment is None:
            self._wrong(
                "bad_created_at",
                f"{name} is {_shown(value)}: write it as 2026-01-31T12:30:00Z or as seconds since 1970",
            )
        elif moment < EARLIEST:
            self._wrong("bad_created_at", f"{name} is {_shown(value)}: earlier than any web shop's reviews")
        elif moment > self.now + CLOCK_SKEW:
            self._wrong("future_created_at", f"{name} is {_shown(value)}: more than a day ahead of now")
            return moment
        else:
            return moment
        return _NO_TIME

    def votes(self, name: str) -> int | None:
        value = self._optional(name)
        if value is None:
            return None
        count = _whole(value)
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            count = int(value.split(".")[0])
        if count is not None and 0 <= count <= MAX_VOTES:
            return count
        self._wrong("bad_helpful_votes", f"{name} is {_shown(value)}: it must be a whole number from 0, or absent")
        return None

    def flag(self, name: str) -> bool | None:
        value = self._optional(name)
        if value is None or isinstance(value, bool):
            return value
        if (number := _whole(value)) in (0, 1):
            return number == 1
        if isinstance(value, str):
            word = value.lower()
            if word in _TRUE:
                return True
            if word in _FALSE:
                return False
        self._wrong("bad_verified_purchase", f"{name} is {_shown(value)}: it must be true or false, or absent")
        return None

    def locale(self, name: str) -> str | None:
        """`de`, `de_DE`, `zh_Hant_TW` in that spelling; another short word as the source states it."""
        value = self._optional(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > MAX_LOCALE_CHARACTERS or _UNSAFE_IN_NAMES.search(value):
            self._wrong("bad_locale", f"{name} cannot be read: write it as de or de_DE, or leave it out")
            return None
        if not (match := _LOCALE.fullmatch(value)):
            return value
        language, script, region = match.groups()
        parts = (language.lower(), script.title() if script else "", region.upper() if region else "")
        return "_".join(part for part in parts if part)


def parse_time(value: object) -> datetime | None:
    """A time in UTC from a datetime, a date, ISO 8601 text, or seconds or milliseconds since 1970; None if unreadable.

    Times without a zone are UTC; a date alone is its midnight.
    """
    try:
        if isinstance(value, datetime):
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime.combine(value, time(), UTC)
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float | Decimal):
            return _from_epoch(value)
        if not isinstance(value, str):
            return None
        text = value.strip()
        if _EPOCH.fullmatch(text):
            return _from_epoch(Decimal(text))
        if text.isdigit() and len(text) != 8:
            return None
        text = _UTC_SUFFIX.sub("Z", text) if text[-1:] in "CcTt" else text
        if len(text) > 10 and text[4:5] == "-" and text[10] not in "Tt ":
            return None
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, ArithmeticError):
        return None


def _from_epoch(number: int | float | Decimal) -> datetime:
    """Exact to the microsecond: a float would lose the last digits of milliseconds."""
    seconds = Decimal(str(number)) if isinstance(number, float) else Decimal(number)
    if abs(seconds) >= _MILLISECONDS_FROM * 1_000:
        raise ValueError("neither seconds nor milliseconds")
    if abs(seconds) >= _MILLISECONDS_FROM:
        seconds /= 1_000
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(seconds * 1_000_000))


def identifier_text(value: object) -> str | None:
    """An identifier as `check_row` takes it: without blanks around it, a whole number as text; None if it is none."""
    number = _whole(value)
    if number is not None:
        return str(number) if abs(number) < 2**64 else None
    return (value.strip() or None) if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    """The number if it is a whole one; true and false are none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and value == int(value) else None
    if isinstance(value, Decimal):
        # Written out, 1e999999 would have a million digits.
        return int(value) if value.is_finite() and abs(value) < 2**64 and value == int(value) else None
    return None


def _too_long(name: str, value: str, limit: int) -> str:
    return f"{name} has {len(value):,} characters: at most {limit:,} are taken"


def _holds(name: str, character: str) -> str:
    return f"{name} holds the character U+{ord(character):04X}: remove it at the source"


def _kind(value: object) -> str:
    return {
        bool: "true or false",
        dict: "an object",
        list: "a list",
        str: "text",
        bytes: "binary",
        int: "a number",
        float: "a number",
    }.get(type(value), f"of type {type(value).__name__}")


def _shown(value: object) -> str:
    """The value if it is a number, a date or one short word; else only what kind of thing it is."""
    if isinstance(value, str):
        return repr(value) if _QUOTABLE.fullmatch(value) else f"text of {len(value):,} characters"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if -(2**63) < value < 2**63 else "a number of more than 64 bits"
    return str(value) if isinstance(value, float | Decimal | date) else _kind(value)
