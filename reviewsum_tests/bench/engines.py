"""Benchmark of writing: tokens a second against the bare engine, and what the engine makes of opinions.

    python -m reviewsum_tests.bench.engines            tokens/s of the platform's engine and of bare `model.generate`
    python -m reviewsum_tests.bench.engines --read en  answers beside their quotes, to be read by a person

The ratio comes from one run on the same prompts; stop strings and what draws answers to the quotes are left out of it,
since the bare engine has neither. Writes JSON with `--json FILE`.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from reviewsum_assets.contracts.protocols import ChatRequest
from reviewsum_assets.contracts.records import Evidence, PlannedOpinion
from reviewsum_assets.resources.engines.smollm2 import BUNDLED_MODEL, prepare_smollm2
from reviewsum_assets.resources.engines.transformers_engine import TransformersEngine
from reviewsum_assets.summaries.prompting import claim_request, parse_claim

OPINIONS = Path(__file__).with_name("engine_opinions.yaml")
REPOSITORY = Path(__file__).resolve().parents[2]


def models_dir() -> Path:
    """Folder of prepared models that tests and benchmarks share, so that the model is prepared once."""
    return Path(os.environ.get("REVIEWSUM_TEST_MODELS", REPOSITORY / ".reviewsum" / "test-models"))


def opinions(locale: str) -> list[tuple[PlannedOpinion, str]]:
    """The benchmark's opinions of a locale with the name of their aspect."""
    return [_opinion(entry, locale) for entry in yaml.safe_load(OPINIONS.read_text("utf-8"))[locale]]


def _opinion(entry: dict[str, object], locale: str) -> tuple[PlannedOpinion, str]:
    quotes = entry["quotes"]
    languages = entry.get("languages")
    assert isinstance(quotes, list)
    evidence = tuple(
        Evidence(
            review_id=f"r{number}",
            chunk_id=f"c{number}",
            quote=quote,
            start=0,
            end=len(quote),
            language=languages[number] if isinstance(languages, list) else locale,
            star_rating=5 if entry["polarity"] == "positive" else 1,
            helpful_votes=0,
            verified_purchase=True,
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for number, quote in enumerate(quotes)
    )
    opinion = PlannedOpinion(
        aspect=str(entry["aspect"]),
        polarity="positive" if entry["polarity"] == "positive" else "negative",
        support=10,
        share=0.2,
        quantity=str(entry["quantity"]),
        evidence=evidence,
    )
    return opinion, str(entry["name"])


def engine(dtype: str = "float32", batch_size: int = 32) -> TransformersEngine:
    """The bundled engine, prepared if need be."""
    folder = models_dir()
    return TransformersEngine(
        folder / BUNDLED_MODEL,
        BUNDLED_MODEL,
        dtype=dtype,
        batch_size=batch_size,
        threads=min(2, len(os.sched_getaffinity(0))),
        prepare=lambda: prepare_smollm2(folder, print),
    )


@dataclass(frozen=True)
class BareRun:
    """What `model.generate` made of prompts: texts in their order, completion tokens, seconds without loading."""

    texts: list[str]
    tokens: int
    seconds: float


def bare_generate(model_dir: Path, dtype: str, batch_size: int, requests: Sequence[ChatRequest]) -> BareRun:
    """Answers of `model.generate` alone, left-padded and sorted by length as one would by hand."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model_dir, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(model_dir, dtype=getattr(torch, dtype)).eval()
    prompts = []
    for request in requests:
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        prompts.append(tokenizer.apply_chat_template(messages, tokenize=False, continue_final_message=True))
    order = sorted(range(len(prompts)), key=lambda at: -len(prompts[at]))
    texts, tokens, started = [""] * len(prompts), 0, time.perf_counter()
    with torch.inference_mode():
        for start in range(0, len(prompts), batch_size):
            places = order[start : start + batch_size]
            batch = tokenizer(
                [prompts[at] for at in places], return_tensors="pt", padding=True, add_special_tokens=False
            )
            answer = model.generate(**batch, max_new_tokens=requests[0].max_tokens, do_sample=False)
            for at, row in zip(places, answer[:, batch["input_ids"].shape[1] :].tolist(), strict=True):
                ended = row.index(tokenizer.eos_token_id) + 1 if tokenizer.eos_token_id in row else len(row)
                tokens += ended
                texts[at] = tokenizer.decode(row[:ended], skip_special_tokens=True)
    return BareRun(texts, tokens, time.perf_counter() - started)


def measure(dtype: str, batch_size: int, count: int) -> dict[str, float | str | int]:
    """Tokens a second of the engine and of bare generation on the same prompts, and their ratio."""
    asked = [claim_request(opinion, "en", name) for opinion, name in opinions("en")]
    asked = [
        replace(request, stop=(), allowed_words=(), copy_from=())
        for request in (asked * (count // len(asked) + 1))[:count]
    ]
    writer = engine(dtype, batch_size)
    writer.complete(asked[:1])  # loads, and computes no prefix that the measured call uses
    writer.forget_prefixes()
    started = time.perf_counter()
    answers = writer.complete(asked)
    seconds = time.perf_counter() - started
    tokens = sum(answer.completion_tokens for answer in answers)
    writer.close()
    bare = bare_generate(models_dir() / BUNDLED_MODEL, dtype, batch_size, asked)
    return {
        "dtype": dtype,
        "batch_size": batch_size,
        "prompts": count,
        "prompt_tokens_mean": round(sum(answer.prompt_tokens for answer in answers) / count, 1),
        "engine_tokens_per_second": round(tokens / seconds, 1),
        "bare_tokens_per_second": round(bare.tokens / bare.seconds, 1),
        "ratio": round((tokens / seconds) / (bare.tokens / bare.seconds), 2),
    }


def read(locale: str, every: int = 1) -> dict[str, object]:
    """Words every opinion of the locale, and prints each answer above its quotes."""
    asked = opinions(locale)[::every]
    started = time.perf_counter()
    answers = engine().complete([claim_request(opinion, locale, name) for opinion, name in asked])
    seconds = time.perf_counter() - started
    whole = 0
    for (opinion, _), answer in zip(asked, answers, strict=True):
        claim = parse_claim(answer.text, locale)
        whole += claim is not None
        print(f"{opinion.polarity[:3]} | {claim or 'REFUSED ' + answer.text}")
        print("      " + " // ".join(evidence.quote for evidence in opinion.evidence))
    return {"locale": locale, "opinions": len(asked), "whole_sentences": whole, "seconds": round(seconds, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--read", metavar="LOCALE", help="print answers beside their quotes")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="read every N-th opinion only")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--prompts", type=int, default=32)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    given = parser.parse_args()
    figures = read(given.read, given.every) if given.read else measure(given.dtype, given.batch_size, given.prompts)
    print(json.dumps(figures, indent=1))
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
