"""Raw export lines that a loader must refuse, each with the reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from reviewsum_assets.sample.phrases import LANGUAGES
from reviewsum_assets.sample.truth import MalformedLine, Row

_TEXTS = {
    "en": "Does what it should, the lid could close better.",
    "de": "Macht, was es soll, nur der Deckel könnte besser schließen.",
    "fr": "Fait le travail, mais le couvercle ferme mal.",
    "es": "Cumple, aunque la tapa podría cerrar mejor.",
    "it": "Fa il suo dovere, il coperchio però chiude male.",
    "nl": "Doet wat het moet doen, al kan het deksel beter sluiten.",
}


def malformed_lines(as_of: date, template: Sequence[Row]) -> tuple[MalformedLine, ...]:
    """Malformed lines built on products of `template`; labels are `broken_json`, `not_an_object`, `missing_field`,
    `bad_star_rating`, `empty_text`, `bad_date`."""
    found: list[MalformedLine] = []

    def row(**changes: object) -> dict[str, object]:
        number = len(found)
        language = LANGUAGES[number % len(LANGUAGES)]
        base = template[number % len(template)]
        return {
            "review_id": f"BAD{number:03d}",
            "product_id": base["product_id"],
            "product_title": base["product_title"],
            "category": base["category"],
            "user_id": f"U8{number:05d}",
            "star_rating": 3,
            "review_text": _TEXTS[language],
            "created_at": f"{as_of.isoformat()}T00:00:00Z",
            **changes,
        }

    def add(label: str, document: object, without: str | None = None) -> None:
        if without is not None and isinstance(document, dict):
            document = {key: value for key, value in document.items() if key != without}
        found.append(MalformedLine(json.dumps(document, ensure_ascii=False), label))

    for stars in (0, 6, 4.5, "five", None, -1):
        add("bad_star_rating", row(star_rating=stars))
    for text in ("", "   ", "\n\t"):
        add("empty_text", row(review_text=text))
    for moment in ("2026-02-30T10:00:00Z", "yesterday", "", "31/31/2026"):
        add("bad_date", row(created_at=moment))
    for missing in ("review_id", "product_id", "user_id", "star_rating", "review_text", "created_at"):
        add("missing_field", row(), without=missing)
    add("missing_field", row(review_text=None))
    add("not_an_object", ["BAD", 5, "super"])
    add("not_an_object", "just a string")
    whole = json.dumps(row(), ensure_ascii=False)
    for raw in (
        whole[: len(whole) // 2],
        whole.replace('"star_rating": 3', '"star_rating": 3,,'),
        "{'review_id': 'X'}",
    ):
        found.append(MalformedLine(raw, "broken_json"))
    return tuple(found)
