"""How good is the verifier? Share of corrupted claims it catches, by kind and language, and of true ones it refuses.

Two materials. `verifier_claims.yaml`, written by hand in a model's style: true claims, the template's sentences on the
same quotes, and corruptions of the former; the word lists were tuned on it. And the sample's banks: an opening with a
fact of the quotes (true), with another fact on the same aspect, with one of the opposite polarity, with one on another
aspect. The polarity bounds and the rule for copied clauses were chosen on the banks, so neither material is unseen.

Run `python -m reviewsum_tests.bench.verifier`; it prints JSON.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import yaml

from reviewsum_assets.contracts.records import ClaimPolarity, PlannedOpinion, Quantity
from reviewsum_assets.opinions.taxonomy import LANGUAGES, Taxonomy, load_taxonomy
from reviewsum_assets.sample.phrases import EVERYWHERE, bank_sentences
from reviewsum_assets.summaries import template
from reviewsum_assets.summaries.claims import ClaimToVerify, EvidenceText
from reviewsum_assets.summaries.corruptions import KINDS, corruptions
from reviewsum_assets.summaries.verifying import Verifier

CLAIMS = Path(__file__).with_name("verifier_claims.yaml")


def true_claims(path: Path = CLAIMS) -> list[ClaimToVerify]:
    """The hand-written true claims with their quotes."""
    claims = []
    for locale, entries in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for entry in entries:
            claims.append(
                ClaimToVerify(
                    text=entry["text"],
                    locale=locale,
                    aspects=(entry["aspect"],),
                    polarity=cast(ClaimPolarity, entry["polarity"]),
                    quantity=cast(Quantity, entry["quantity"]),
                    department=entry["department"],
                    evidence=tuple(_quote(quote, locale) for quote in entry["quotes"]),
                )
            )
    return claims


def template_claims(claims: Sequence[ClaimToVerify], taxonomy: Taxonomy) -> list[ClaimToVerify]:
    """What the template says on the same quotes, in all six languages and every phrase."""
    said = []
    for claim in claims:
        assert claim.polarity is not None
        assert claim.quantity is not None
        opinion = PlannedOpinion(
            aspect=claim.aspects[0],
            polarity=claim.polarity,
            support=9,
            share=0.1,
            quantity=claim.quantity,
            evidence=(),
        )
        for locale in LANGUAGES:
            for position in range(len(template.phrases(locale).claims[claim.polarity])):
                text = template.claim(opinion, locale, taxonomy, position)
                said.append(
                    ClaimToVerify(
                        text, locale, claim.aspects, claim.polarity, claim.quantity, claim.department, claim.evidence
                    )
                )
    return said


def translated_claims(claims: Sequence[ClaimToVerify]) -> list[ClaimToVerify]:
    """The battery claims on two days, which all six languages have, each on the quotes of another language alone."""
    said = [claim for claim in claims if claim.aspects == ("battery",) and claim.polarity == "positive"]
    return [
        replace(claim, evidence=tuple(quote for quote in other.evidence if quote.language == other.locale))
        for claim in said
        for other in said
        if other.locale != claim.locale
    ]


def bank_claims(taxonomy: Taxonomy, per_aspect: int = 3) -> list[tuple[str, ClaimToVerify]]:
    """Claims made of the sample's bank sentences, with what each does: `true` ones repeat a quote."""
    sentences: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for sentence in bank_sentences():
        if sentence.aspect in taxonomy.aspects:
            sentences[sentence.language, sentence.department, sentence.aspect, sentence.polarity].append(sentence.text)
    rng = random.Random(3)
    made: list[tuple[str, ClaimToVerify]] = []
    for (locale, source, aspect, side), texts in sorted(sentences.items()):
        department = "home" if source == EVERYWHERE else source
        usable = [text for text in texts if len(text.split()) >= 3]
        if aspect not in taxonomy.aspects_of(department) or len(usable) < 4:
            continue
        polarity = cast(ClaimPolarity, side)
        opinion = PlannedOpinion(aspect=aspect, polarity=polarity, support=9, share=0.3, quantity="many", evidence=())
        opening = template.claim(opinion, locale, taxonomy, 0).rstrip(".")
        opposite = sentences[locale, source, aspect, "negative" if side == "positive" else "positive"]
        elsewhere = [
            text
            for (language, bank, other, pole), others in sorted(sentences.items())
            if (language, bank, pole) == (locale, source, side) and other != aspect
            for text in others
        ]
        for _ in range(per_aspect):
            quotes = rng.sample(usable, 3)
            facts = {
                "true": quotes[0],
                "other_fact_on_the_aspect": rng.choice([text for text in usable if text not in quotes]),
                "opposite_fact": rng.choice(opposite) if opposite else None,
                "fact_on_another_aspect": rng.choice(elsewhere) if elsewhere else None,
            }
            evidence = tuple(EvidenceText(quote, locale) for quote in quotes)
            for kind, fact in facts.items():
                if fact is not None:
                    text = f"{opening}: {fact[0].lower()}{fact[1:].rstrip('.!')}."
                    claim = ClaimToVerify(text, locale, (aspect,), polarity, "many", department, evidence)
                    made.append((kind, claim))
    return made


def measure_banks(verifier: Verifier, taxonomy: Taxonomy) -> dict[str, object]:
    """Share refused by kind, of the claims that are in a manner fit to show: the banks speak in the first person, and
    what is refused for that alone would flatter the verifier."""
    made = bank_claims(taxonomy)
    refused: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for (kind, claim), verdict in zip(made, verifier.verify([claim for _, claim in made]), strict=True):
        if not any(reason.startswith(("first person", "address", "shape")) for reason in verdict.reasons):
            refused[kind][claim.locale].append(not verdict.accepted)
    return {
        kind: {
            "refused_rate": _rate([hit for hits in by_language.values() for hit in hits]),
            "count": sum(len(hits) for hits in by_language.values()),
            "by_language": {locale: _rate(by_language[locale]) for locale in LANGUAGES},
        }
        for kind, by_language in refused.items()
    }


def measure(verifier: Verifier, taxonomy: Taxonomy) -> dict[str, object]:
    """Catch rates and refusals; rates are fractions of the counts beside them."""
    claims = true_claims()
    verdicts = verifier.verify(claims)
    of_template = template_claims(claims, taxonomy)
    template_verdicts = verifier.verify(of_template)
    translated = translated_claims(claims)
    translated_refused = [
        {"text": claim.text, "quotes": claim.evidence[0].language, "reasons": verdict.reasons}
        for claim, verdict in zip(translated, verifier.verify(translated), strict=True)
        if not verdict.accepted
    ]
    made = [item for claim in claims for item in corruptions(claim, claims, taxonomy)]
    judged = verifier.verify([item.claim for item in made])
    caught: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    missed: dict[str, list[str]] = defaultdict(list)
    for item, verdict in zip(made, judged, strict=True):
        caught[item.kind][item.claim.locale].append(not verdict.accepted)
        if verdict.accepted:
            missed[item.kind].append(f"{item.claim.locale}: {item.claim.text}")
    refused = [
        {"text": claim.text, "reasons": verdict.reasons}
        for claim, verdict in zip(claims, verdicts, strict=True)
        if not verdict.accepted
    ]
    template_refused = [
        {"text": claim.text, "reasons": verdict.reasons}
        for claim, verdict in zip(of_template, template_verdicts, strict=True)
        if not verdict.accepted
    ]
    return {
        "caught": {
            kind: {
                "rate": _rate([hit for hits in caught[kind].values() for hit in hits]),
                "count": sum(len(hits) for hits in caught[kind].values()),
                "by_language": {
                    locale: {"rate": _rate(caught[kind][locale]), "count": len(caught[kind][locale])}
                    for locale in LANGUAGES
                },
            }
            for kind in KINDS
        },
        "true_claims": {"count": len(claims), "refused_rate": len(refused) / len(claims), "refused": refused},
        "claims_on_foreign_quotes": {
            "count": len(translated),
            "refused_rate": len(translated_refused) / len(translated),
            "refused": translated_refused,
        },
        "template_claims": {
            "count": len(of_template),
            "refused_rate": len(template_refused) / len(of_template),
            "refused": template_refused[:20],
        },
        "bank_claims": measure_banks(verifier, taxonomy),
        "missed": missed,
    }


def _rate(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 3) if hits else None


def _quote(written: str, locale: str) -> EvidenceText:
    language, separator, text = written.partition(": ")
    if separator and language in LANGUAGES:
        return EvidenceText(text, language)
    return EvidenceText(written, locale)


def main() -> None:
    """Measure with the bundled models and print JSON."""
    from reviewsum_assets.opinions.aspects import AspectMatcher
    from reviewsum_assets.opinions.polarity import PolarityHead
    from reviewsum_assets.resources.embedder import Usem3Embedder

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2, help="threads of the embedder")
    options = parser.parse_args()
    taxonomy, embedder = load_taxonomy(), Usem3Embedder(threads=options.threads, batch_size=512)
    verifier = Verifier(embedder.embed, AspectMatcher(taxonomy, embedder.embed), PolarityHead.load())
    print(json.dumps(measure(verifier, taxonomy), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
