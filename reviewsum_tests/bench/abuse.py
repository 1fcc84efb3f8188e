"""Abuse found and criticism let through: `python -m reviewsum_tests.bench --only abuse [--real DIR]`.

On labelled sentences (`labelled/abuse_held_out.yaml`, and the 120 beside the head), and on public one-star reviews.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewsum_assets.contracts.protocols import ToxicityScorer
from reviewsum_assets.resources.embedder import Usem3Embedder
from reviewsum_assets.resources.toxicity import make_toxicity
from reviewsum_assets.reviews.chunking import split_chunks
from reviewsum_assets.reviews.text import clean_text
from reviewsum_assets.reviews.toxicity import MASK_THRESHOLD, SET_ASIDE_THRESHOLD
from reviewsum_assets.reviews.toxicity_training import FOLDER, read_sentences
from reviewsum_assets.settings import get_settings
from reviewsum_tests.bench import labelled

MARC = ("de", "en", "es", "fr")
EMBEDDED_AT_ONCE = 4_096


def main() -> int:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--real", type=Path, help="folder that holds marc/")
    parser.add_argument("--misses", action="store_true", help="print the sentences that were judged wrongly as well")
    arguments = parser.parse_args()
    embedder = Usem3Embedder(threads=2, batch_size=128)
    scorer = make_toxicity(get_settings())
    print(json.dumps(measure(embedder, scorer, arguments.real, arguments.misses), ensure_ascii=False, indent=1))
    return 0


def measure(
    embedder: Usem3Embedder, scorer: ToxicityScorer, real: Path | None, with_misses: bool = False
) -> dict[str, object]:
    """Figures by language and kind, and the scorer's speed without embedding."""
    entries = labelled.read("abuse_held_out")
    near = [
        {"language": s.language, "text": s.text, "is_abuse": s.is_abuse, "kind": "abuse" if s.is_abuse else "fair"}
        for s in read_sentences(FOLDER / "held_out_sentences.yaml")
    ]
    found: dict[str, object] = {"scorer": scorer.version, "mask_threshold": MASK_THRESHOLD}
    if entries is None:
        found["labelled"] = labelled.missing("abuse_held_out")
    else:
        found["labelled"] = _labelled(embedder, scorer, entries, with_misses)
    found["beside_the_head"] = _labelled(embedder, scorer, near, with_misses)
    if real is None or not (real / "marc").is_dir():
        found["one_star_reviews"] = {"skipped": "marc is not part of the project; give its folder with --real"}
    else:
        found["one_star_reviews"] = _one_star(embedder, scorer, real / "marc")
    return found


def _labelled(
    embedder: Usem3Embedder, scorer: ToxicityScorer, entries: Sequence[dict[str, object]], with_misses: bool
) -> dict[str, object]:
    texts = [str(entry["text"]) for entry in entries]
    scores = scorer.score(embedder.embed(texts), texts)
    flagged = scores >= MASK_THRESHOLD
    abuse = [entry for entry, _ in zip(entries, flagged, strict=True) if entry["is_abuse"]]
    fair = [entry for entry in entries if not entry["is_abuse"]]
    caught = [bool(hit) for entry, hit in zip(entries, flagged, strict=True) if entry["is_abuse"]]
    filtered = [bool(hit) for entry, hit in zip(entries, flagged, strict=True) if not entry["is_abuse"]]
    result: dict[str, object] = {
        "sentences": len(entries),
        "abuse_recall": labelled.share(caught),
        "fair_filtered": labelled.share(filtered),
        "abuse_recall_by_language": labelled.by((entry["language"] for entry in abuse), caught),
        "fair_filtered_by_language": labelled.by((entry["language"] for entry in fair), filtered),
        "abuse_recall_by_kind": labelled.by((entry["kind"] for entry in abuse), caught),
        "fair_filtered_by_kind": labelled.by((entry["kind"] for entry in fair), filtered),
    }
    if with_misses:
        result["misses"] = [
            f"{score:.2f} {entry['language']} {entry['kind']}: {entry['text']}"
            for entry, score, hit in zip(entries, scores, flagged, strict=True)
            if bool(entry["is_abuse"]) != bool(hit)
        ]
    return result


def _one_star(embedder: Usem3Embedder, scorer: ToxicityScorer, folder: Path) -> dict[str, object]:
    """Shares of the one-star reviews with a sentence masked, and with nothing left so that they are set aside."""
    languages: list[str] = []
    chunks: list[list[str]] = []
    for language in MARC:
        with (folder / f"{language}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["stars"] == "1":
                    languages.append(language)
                    chunks.append([chunk.text for chunk in split_chunks(clean_text(row["text"]), language)])
    flat = [text for of_review in chunks for text in of_review]
    vectors = np.concatenate(
        [embedder.embed(flat[at : at + EMBEDDED_AT_ONCE]) for at in range(0, len(flat), EMBEDDED_AT_ONCE)]
    )
    started = time.perf_counter()
    scores = scorer.score(vectors, flat)
    seconds = time.perf_counter() - started
    edges = pairwise([0, *accumulate(len(of_review) for of_review in chunks)])
    of_review = [scores[start:end] for start, end in edges]
    masked = [bool((own >= MASK_THRESHOLD).any()) for own in of_review]
    return {
        "reviews": len(chunks),
        "sentences": len(flat),
        "sentence_flagged": labelled.share(masked),
        "review_set_aside": labelled.share(_set_aside(own) for own in of_review),
        "sentence_flagged_by_language": labelled.by(languages, masked),
        "microseconds_a_sentence": round(1e6 * seconds / len(flat), 1),
    }


def _set_aside(scores: NDArray[np.float32]) -> bool:
    return len(scores) > 0 and bool((scores >= MASK_THRESHOLD).all()) and bool(scores.max() >= SET_ASIDE_THRESHOLD)


if __name__ == "__main__":
    raise SystemExit(main())
