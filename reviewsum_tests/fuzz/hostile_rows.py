"""Rows with known truth: valid ones, however odd, and hostile ones of every kind, from one random generator."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reviewsum_assets.contracts.source import REQUIRED_FIELDS, SourceRow

FIRST = datetime(2026, 7, 10, tzinfo=UTC)
DAYS = 12

WORDS = (
    "Works well, but the lid leaks.",
    "Der Akku hält lange; leider zu laut.",
    "Très bon, même après l'été – 5 étoiles",
    "Muy útil, ¿verdad? Sí.",
    "È arrivato rotto: peccato!",
    "Werkt prima; het deksel sluit slecht.",
    "好 👍 ok",
    'He said "wow" and "never again"',
    "tab\there | bar ; semicolon, comma",
    "two\nlines",
    "three\r\nlines\r\nhere",
    "back\\slash \\n C:\\dir\\",
    "'; DROP TABLE reviews; --",
    "=1+1",
    '{"review_id": "R1"}',
    "  blanks around  ",
    "null",
    "[/bold] [red]",
    "a,b,c,d,e,f,g,h",
)

ODD_NAMES = (
    "a|b", "...", "../../etc/passwd", "2026-07-10...2026-07-12", "O'Brien'; DROP TABLE reviews; --", "%_\\",
    "[/red]", "{x}", "CON", "with blanks in it", "日本語", "a/b/c", "a\\b", "--help", "C:", "$HOME", "`id`", "a;b,c",
    "é", "x" * 200, "2026-07-10", "all", ".", "~", "a=b&c", "*", "' OR 1=1", "null",
)  # fmt: skip
"""Names that shops may use, and that must not become a path, a partition, a filter or a command anywhere."""

CONTROL_NAMES = ("a\nb", "a\x00b", "\x1b[31mred", "a\u202eb", "a\x7fb", "\x01\x02\x03", "a\u2028b", "a\ufffdb")


@dataclass(frozen=True)
class Planned:
    """One row of an export: its values as a shop would write them, and what must become of it."""

    values: dict[str, Any]
    truth: SourceRow | None
    """The review as it must be stored; None: the row must be refused."""
    kind: str


class Rows:
    """Valid and hostile rows, the same for the same seed.

    Args:
        seed: Of the random generator.
        prefix: Of review ids, so that files do not share any.
    """

    def __init__(self, seed: int, prefix: str, share_hostile: float = 0.5) -> None:
        self.random = random.Random(seed)
        self._prefix = prefix
        self._share_hostile = share_hostile
        self._number = 0
        self._valid: list[SourceRow] = []

    def take(self) -> Planned:
        """One more row."""
        chance = self.random.random()
        if self._valid and chance < 0.03:
            return self._repeated()
        return self.hostile() if chance < self._share_hostile else self.valid()

    def valid(self) -> Planned:
        pick = self.random.choice
        self._number += 1
        odd = self.random.random() < 0.3
        row = SourceRow(
            review_id=f"{self._prefix}-{self._number}{pick(ODD_NAMES) if odd else ''}"[:255],
            product_id=pick(ODD_NAMES) if odd else f"P{self.random.randrange(40)}",
            product_title=pick(["Kettle", "Wasserkocher", "[/b] 'Tea'", 'X "Pro" 2']),
            category=pick(ODD_NAMES) if odd else pick(["kettles", "Toasters", "Bücher"]),
            user_id=f"U{self.random.randrange(10**6)}",
            star_rating=self.random.randint(1, 5),
            review_text=" ".join(self.random.sample(WORDS, self.random.randint(1, 3))),
            created_at=self._moment(),
            helpful_votes=pick([None, 0, 7, 2**31 - 1]),
            verified_purchase=pick([None, True, False]),
            locale=pick([None, "de", "fr_FR", "es_419"]),
        )
        self._valid.append(row)
        return Planned(as_values(row), row, "valid")

    def _moment(self) -> datetime:
        return FIRST + timedelta(seconds=self.random.randrange(DAYS * 86_400))

    def _repeated(self) -> Planned:
        """An id once more, with the same content or another."""
        row = self.random.choice(self._valid[-50:])
        if self.random.random() < 0.7:
            row = replace(row, star_rating=self.random.randint(1, 5), review_text=self.random.choice(WORDS))
        return Planned(as_values(row), row, "repeated id")

    def hostile(self) -> Planned:
        values = self.valid().values
        self._valid.pop()
        pick = self.random.choice
        kind, name, value = pick(_HOSTILE)
        if kind == "missing":
            name = pick(REQUIRED_FIELDS)
            values.pop(name)
        elif kind == "odd name":
            name = pick(["review_id", "product_id", "category", "user_id"])
            values[name] = pick([*CONTROL_NAMES, "n" * 10_000, "", "  "])
        elif kind == "huge text":
            # Few are so long: a file of them alone would be no more of a test.
            values[name] = "x " * (2_500_000 if self.random.random() < 0.02 else 60_000)
        else:
            values[name] = value
        return Planned(values, None, kind)


_HOSTILE: list[tuple[str, str, Any]] = [
    ("missing", "", None),
    ("missing", "", None),
    ("odd name", "", None),
    ("odd name", "", None),
    ("huge text", "review_text", ""),
    *(("stars", "star_rating", value) for value in (0, 6, -1, 4.5, "five", "", "٤", 10**30, "4,5", "1e0", "NaN")),
    *(
        ("date", "created_at", value)
        for value in ("2026-02-30", "0000-00-00 00:00:00", "soon", "2999-01-01", 0, "9" * 400, "01/02/26", "1969-12-31")
    ),
    *(("empty text", "review_text", value) for value in ("", "   ", "\u200b", "\n\t")),
    *(("votes", "helpful_votes", value) for value in (-1, "many", 2**31, 1.5)),
    ("flag", "verified_purchase", "perhaps"),
    ("locale", "locale", "x" * 40),
]  # fmt: skip


def as_values(row: SourceRow) -> dict[str, Any]:
    """A review as a shop writes it: times as text, unknown fields left out."""
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    values["created_at"] = row.created_at.isoformat()
    return {name: value for name, value in values.items() if value is not None}
