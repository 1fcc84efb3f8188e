"""Fits the bundled polarity head: `python -m reviewsum_tests.bench.polarity_head --data DIR --out FILE`.

From reviews with stars (`marc/<language>.csv` with columns id, text, stars), the taxonomy's seed sentences as anchors
and `polarity/neutral.yaml`. Same data, same bytes. The model card beside the head says where its data come from.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import yaml

from reviewsum_assets.opinions.polarity import BUNDLED, PolarityHead
from reviewsum_assets.opinions.polarity_training import Anchors, fit_opinion, train_head
from reviewsum_assets.opinions.taxonomy import LANGUAGES, load_taxonomy
from reviewsum_assets.resources.embedder import Usem3Embedder
from reviewsum_assets.reviews.chunking import split_chunks

MOST_CHUNKS_A_REVIEW = 12


def read_chunks(folder: Path) -> list[tuple[str, str, int]]:
    """(text, language, stars) of every chunk, languages and stars interleaved by the reviews' ids."""
    rows = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for review in csv.DictReader(file):
                for chunk in split_chunks(review["text"], path.stem)[:MOST_CHUNKS_A_REVIEW]:
                    rows.append((int(review["id"]), path.stem, chunk.position, chunk.text, int(review["stars"])))
    return [(text, language, stars) for _, language, _, text, stars in sorted(rows)]


def main() -> int:
    """Fit, write and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that holds marc/")
    parser.add_argument("--out", type=Path, default=BUNDLED)
    arguments = parser.parse_args()
    embedder = Usem3Embedder(threads=2, batch_size=256)

    chunks = read_chunks(arguments.data / "marc")
    taxonomy = load_taxonomy()
    seeds = [
        (text, language, positive)
        for aspect in taxonomy.aspects
        for language in LANGUAGES
        for words in [taxonomy.words(aspect, language)]
        for positive, texts in ((True, words.praise), (False, words.complaint))
        for text in texts
    ]
    seed_texts, seed_languages = [s[0] for s in seeds], [s[1] for s in seeds]
    seed_vectors = embedder.embed(seed_texts)
    anchors = Anchors(seed_vectors, seed_texts, seed_languages, np.array([s[2] for s in seeds]))
    result = train_head(
        embedder.embed([c[0] for c in chunks]),
        [c[2] for c in chunks],
        PolarityHead.blank(),
        texts=[c[0] for c in chunks],
        languages=[c[1] for c in chunks],
        anchors=anchors,
    )
    neutral = [
        (text, language)
        for language, texts in yaml.safe_load(BUNDLED.with_name("neutral.yaml").read_text(encoding="utf-8")).items()
        for text in texts
    ]
    head = fit_opinion(
        result.head,
        np.concatenate([seed_vectors, embedder.embed([text for text, _ in neutral])]),
        [*seed_texts, *(text for text, _ in neutral)],
        [*seed_languages, *(language for _, language in neutral)],
        np.arange(len(seeds) + len(neutral)) < len(seeds),
    )
    head.save(arguments.out)
    print(head.version, result.reason, result.metrics, "star log-odds", np.round(head.star_log_odds, 2).tolist())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
