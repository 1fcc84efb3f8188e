"""Languages told: `python -m reviewsum_tests.bench --only language [--real DIR]`.

On labelled texts (`labelled/language_held_out.yaml`, `labelled/mixed_held_out.yaml`), and on the first words of public
reviews, alone and with the context of other reviews.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import time
from pathlib import Path

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.reviews.chunking import split_chunks
from reviewsum_assets.reviews.language import LanguageGuess, chunk_languages, detect_shares, with_context
from reviewsum_tests.bench import labelled

MARC = ("de", "en", "es", "fr")
FIRST_WORDS = (1, 2, 3, 4, 6)
DUTCH_REVIEWS = 2_500
USER_REVIEWS = 3
PRODUCT_REVIEWS = 20
"""Other reviews in the text's own language that the context stands for."""
FEW_WORDS = 5

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s|\n")


def main() -> int:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--real", type=Path, help="folder that holds marc/ and reviews.jsonl.gz")
    parser.add_argument("--misses", action="store_true", help="print the texts that were judged wrongly as well")
    arguments = parser.parse_args()
    found: dict[str, object] = {
        "labelled": _labelled(arguments.misses),
        "mixed": _mixed(arguments.misses),
    }
    if arguments.real is None or not (arguments.real / "marc").is_dir():
        found["public"] = {"skipped": "marc is not part of the project; give its folder with --real"}
    else:
        found["public"] = _public(arguments.real)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def _labelled(with_misses: bool) -> dict[str, object]:
    entries = labelled.read("language_held_out")
    if entries is None:
        return labelled.missing("language_held_out")
    guesses = detect_shares([entry["text"] for entry in entries], [None] * len(entries))
    right = [guess.language == entry["language"] for guess, entry in zip(guesses, entries, strict=True)]
    in_context = [_in_context(guess, entry["language"]) for guess, entry in zip(guesses, entries, strict=True)]
    few = [int(entry["words"]) < FEW_WORDS for entry in entries]
    clear = [not entry.get("ambiguous") for entry in entries]
    result: dict[str, object] = {
        "texts": len(entries),
        "accuracy": labelled.share(right),
        "accuracy_without_ambiguous": labelled.share(r for r, c in zip(right, clear, strict=True) if c),
        "accuracy_under_five_words": labelled.share(r for r, f in zip(right, few, strict=True) if f),
        "accuracy_under_five_words_without_ambiguous": labelled.share(
            r for r, f, c in zip(right, few, clear, strict=True) if f and c
        ),
        "accuracy_in_context": labelled.share(in_context),
        "accuracy_in_context_under_five_words": labelled.share(r for r, f in zip(in_context, few, strict=True) if f),
        "accuracy_by_language": labelled.by((entry["language"] for entry in entries), right),
        "accuracy_by_words": labelled.by((f"{min(int(entry['words']), 9)}" for entry in entries), right),
    }
    if with_misses:
        result["misses"] = [
            f"{entry['language']} as {guess.language} {guess.confidence:.2f}: {entry['text']}"
            for guess, entry, ok in zip(guesses, entries, right, strict=True)
            if not ok
        ]
    return result


def _in_context(guess: LanguageGuess, language: str) -> bool:
    """Whether the guess is right once the user's and the product's other reviews, in that language, are known."""
    if guess.shares is None:
        return guess.language == language
    one = [float(locale == language) for locale in LOCALES]
    counts = ([USER_REVIEWS * share for share in one], [PRODUCT_REVIEWS * share for share in one])
    return with_context(guess.shares, *counts).language == language


def _mixed(with_misses: bool) -> dict[str, object]:
    entries = labelled.read("mixed_held_out")
    if entries is None:
        return labelled.missing("mixed_held_out")
    guesses = detect_shares([entry["text"] for entry in entries], [None] * len(entries))
    sentences: list[tuple[str, str, str]] = []
    for entry, guess in zip(entries, guesses, strict=True):
        texts = [sentence["text"] for sentence in entry["sentences"]]
        wanted = [sentence["language"] for sentence in entry["sentences"]]
        sentences += zip(texts, wanted, chunk_languages(texts, guess.language), strict=True)
    long = [(want, got) for text, want, got in sentences if len(text.split()) >= 4]
    result: dict[str, object] = {
        "reviews": len(entries),
        "review_is_one_of_its_languages": labelled.share(
            guess.language in entry["languages"] for guess, entry in zip(guesses, entries, strict=True)
        ),
        "sentences": len(sentences),
        "sentence_accuracy": labelled.share(want == got for _, want, got in sentences),
        "sentence_accuracy_four_words_and_more": labelled.share(want == got for want, got in long),
    }
    if with_misses:
        result["misses"] = [f"{want} as {got}: {text}" for text, want, got in sentences if want != got]
    return result


def _public(real: Path) -> dict[str, object]:
    texts: list[tuple[str, str]] = []
    for language in MARC:
        with (real / "marc" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
            texts += [(row["text"], language) for row in csv.DictReader(file)]
    dutch = 0
    with gzip.open(real / "reviews.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            review = json.loads(line)
            if review["review_id"].startswith("nlbook") and dutch < DUTCH_REVIEWS:
                texts.append((review["review_text"], "nl"))
                dutch += 1
    result: dict[str, object] = {"texts_a_cpu_second": _speed([text for text, _ in texts])}
    for words in FIRST_WORDS:
        cut = [(" ".join(_first_sentence(text)[:words]), language) for text, language in texts]
        result[f"first_{words}_words"] = _accuracy([pair for pair in cut if len(pair[0].split()) == words])
    result["whole"] = _accuracy(texts)
    chunks = [([chunk.text for chunk in split_chunks(text, language)], language) for text, language in texts]
    started = time.process_time()
    told = [chunk_languages(of_review, language) for of_review, language in chunks]
    seconds = time.process_time() - started
    count = sum(len(of_review) for of_review, _ in chunks)
    other = [name != language for names, (_, language) in zip(told, chunks, strict=True) for name in names]
    result["sentences_of_another_language"] = labelled.share(other)
    result["microseconds_a_sentence"] = round(1e6 * seconds / count, 1)
    return result


def _speed(texts: list[str]) -> int:
    """Texts a second of CPU time, after a tenth of them has loaded the models and the commonest words."""
    detect_shares(texts[::10], [None] * len(texts[::10]))
    fresh = [text for place, text in enumerate(texts) if place % 10]
    started = time.process_time()
    detect_shares(fresh, [None] * len(fresh))
    return round(len(fresh) / (time.process_time() - started))


def _first_sentence(text: str) -> list[str]:
    return _SENTENCE_END.split(text.strip())[0].split()


def _accuracy(texts: list[tuple[str, str]]) -> dict[str, object]:
    guesses = detect_shares([text for text, _ in texts], [None] * len(texts))
    right = [guess.language == language for guess, (_, language) in zip(guesses, texts, strict=True)]
    return {
        "texts": len(texts),
        "accuracy": labelled.share(right),
        "in_context": labelled.share(_in_context(g, language) for g, (_, language) in zip(guesses, texts, strict=True)),
        "by_language": labelled.by((language for _, language in texts), right),
    }


if __name__ == "__main__":
    raise SystemExit(main())
