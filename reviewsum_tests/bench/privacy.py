"""How much personal data does redaction find, and how much else does it take? By type and by language.

Labelled texts, written by hand: the development set, on which the rules were tuned, and a held-out set by another
author where the file is there. A labelled place counts as found when at least 80 % of its characters lie in redacted
places of any type; a redacted place that touches no label is a false alarm. On real reviews, which nobody labelled,
only the number of redacted places is given: few of them hold personal data, so most of these would be false alarms.

Run `python -m reviewsum_tests.bench.privacy [--real DIR] [--misses]`; it prints JSON.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from reviewsum_assets.reviews.redaction import REDACTION_VERSION, Redactor

LABELLED = Path(__file__).parents[1] / "labelled"
SETS = {
    "development": LABELLED / "personal_data_development.yaml",
    "held_out": LABELLED / "personal_data_held_out.yaml",
}

FOUND_SHARE = 0.8
"""Of a place's characters that must be redacted for it to count as found."""


@dataclass(frozen=True)
class LabelledText:
    """A text with its personal data as (type, start, end); a text without any is a trap for false alarms."""

    language: str
    text: str
    places: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Outcome:
    """What redaction did to one labelled text."""

    labelled: LabelledText
    found: tuple[str, ...]
    missed: tuple[str, ...]
    mistyped: tuple[str, ...]
    false_alarms: tuple[tuple[str, str], ...]
    """As (type, text)."""


def read_labelled(path: Path) -> list[LabelledText]:
    """The labelled texts of a YAML list of `{language, text, spans: [{type, value}]}`.

    Raises ValueError where a value is not in its text exactly once.
    """
    texts = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        text, places = entry["text"], []
        for span in entry.get("spans") or ():
            value = str(span["value"])
            if text.count(value) != 1:
                raise ValueError(f"{path.name}: {value!r} is {text.count(value)} times in {text[:60]!r}, not once")
            start = text.index(value)
            places.append((span["type"], start, start + len(value)))
        texts.append(LabelledText(entry["language"], text, tuple(places)))
    return texts


def judge(redactor: Redactor, labelled: LabelledText) -> Outcome:
    """Found, missed and wrongly taken places of one text."""
    redacted = redactor.places(labelled.text)
    found, missed, mistyped = [], [], []
    for kind, start, end in labelled.places:
        covered = sum(max(0, min(end, place.end) - max(start, place.start)) for place in redacted)
        if covered < FOUND_SHARE * (end - start):
            missed.append(kind)
            continue
        found.append(kind)
        if not any(place.type == kind and place.start < end and start < place.end for place in redacted):
            mistyped.append(kind)
    alarms = tuple(
        (place.type, labelled.text[place.start : place.end])
        for place in redacted
        if not any(place.start < end and start < place.end for _, start, end in labelled.places)
    )
    return Outcome(labelled, tuple(found), tuple(missed), tuple(mistyped), alarms)


def scores(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Recall and precision over all, by type and by language; absent where there is nothing to divide by.

    Precision of a type is found places of that label over those and the false alarms with that mark.
    """
    kinds = sorted({kind for o in outcomes for kind, _, _ in o.labelled.places})
    languages = sorted({o.labelled.language for o in outcomes})
    found = Counter((o.labelled.language, kind) for o in outcomes for kind in o.found)
    missed = Counter((o.labelled.language, kind) for o in outcomes for kind in o.missed)
    mistyped = Counter((o.labelled.language, kind) for o in outcomes for kind in o.mistyped)
    alarms = Counter((o.labelled.language, kind) for o in outcomes for kind, _ in o.false_alarms)

    def rates(language: str | None = None, kind: str | None = None) -> dict[str, float | int | None]:
        def total(counts: Counter[tuple[str, str]]) -> int:
            return sum(n for (lang, mark), n in counts.items() if language in (None, lang) and kind in (None, mark))

        hits, misses, wrong = total(found), total(missed), total(alarms)
        return {
            "labelled": hits + misses,
            "recall": _ratio(hits, hits + misses),
            "precision": _ratio(hits, hits + wrong),
            "type_agreement": _ratio(hits - total(mistyped), hits),
        }

    return {
        "texts": len(outcomes),
        "all": rates(),
        "by_type": {kind: rates(kind=kind) for kind in kinds},
        "by_language": {language: rates(language=language) for language in languages},
    }


def lowest(result: dict[str, object], figure: str) -> float | None:
    """The lowest recall or precision among types and languages."""
    groups = [result["by_type"], result["by_language"]]
    values = [group[figure] for by in groups if isinstance(by, dict) for group in by.values()]
    return min((value for value in values if value is not None), default=None)


def measure(real: Path | None) -> dict[str, object]:
    """All figures: labelled sets that are there, places per 1,000 real reviews, and reviews redacted a second."""
    redactor = Redactor()
    result: dict[str, object] = {"redaction_version": REDACTION_VERSION}
    for name, path in SETS.items():
        if path.exists():
            of_set = scores([judge(redactor, labelled) for labelled in read_labelled(path)])
            of_set["lowest_recall"], of_set["lowest_precision"] = lowest(of_set, "recall"), lowest(of_set, "precision")
            result[name] = of_set
    if real is not None:
        result["real_reviews"] = _on_real(redactor, real)
    return result


def _on_real(redactor: Redactor, real: Path) -> dict[str, object]:
    texts = list(_real_texts(real))
    places: Counter[str] = Counter()
    touched = 0
    started = time.process_time()
    for text in texts:
        redacted = redactor.redact(text)
        touched += bool(redacted.types)
        places.update(redacted.types)
    seconds = time.process_time() - started
    return {
        "reviews": len(texts),
        "redacted_places_per_1000": round(1000 * sum(places.values()) / len(texts), 2),
        "reviews_with_a_redaction_per_1000": round(1000 * touched / len(texts), 2),
        "places_by_type": dict(sorted(places.items())),
        "reviews_per_second_of_cpu": round(len(texts) / seconds),
    }


def _real_texts(real: Path) -> Iterator[str]:
    with gzip.open(real / "reviews.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["review_text"] or ""
    for path in sorted((real / "marc").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["text"]


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def main() -> None:
    """Measure and print JSON; with `--misses` also what was missed or wrongly taken in the development set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, help="folder of real reviews; without it they are left out")
    parser.add_argument("--misses", action="store_true", help="list misses and false alarms of the development set")
    options = parser.parse_args()
    real = options.real if options.real and (options.real / "reviews.jsonl.gz").exists() else None
    result = measure(real)
    if options.misses:
        redactor = Redactor()
        outcomes = [judge(redactor, labelled) for labelled in read_labelled(SETS["development"])]
        result["missed"] = [f"{o.missed} {o.labelled.language}: {o.labelled.text}" for o in outcomes if o.missed]
        result["false_alarms"] = [
            f"{o.false_alarms} {o.labelled.language}: {o.labelled.text}" for o in outcomes if o.false_alarms
        ]
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
