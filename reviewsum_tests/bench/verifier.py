"""How good is the verifier? Share of corrupted claims it catches, by kind and language, and of true ones it refuses.

True claims are those of `verifier_claims.yaml`, written by hand in a model's style, and the template's sentences on
the same quotes. Corruptions are made from the former. Run `python -m reviewsum_tests.bench.verifier`; it prints JSON.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import yaml

from reviewsum_assets.contracts.records import ClaimPolarity, PlannedOpinion, Quantity
from reviewsum_assets.opinions.taxonomy import LANGUAGES, Taxonomy, load_taxonomy
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
        assert claim.polarity is not None and claim.quantity is not None
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


def measure(verifier: Verifier, taxonomy: Taxonomy) -> dict[str, object]:
    """Catch rates and refusals; rates are fractions of the counts beside them."""
    claims = true_claims()
    verdicts = verifier.verify(claims)
    of_template = template_claims(claims, taxonomy)
    template_verdicts = verifier.verify(of_template)
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
        "template_claims": {
            "count": len(of_template),
            "refused_rate": len(template_refused) / len(of_template),
            "refused": template_refused[:20],
        },
        "missed": missed,
    }


def _rate(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 3) if hits else None


def _quote(written: str, locale: str) -> EvidenceText:
    language, separator, text = written.partition(": ")
    if separator and language in LANGUAGES:
        return EvidenceText(text, language)
    return EvidenceText(written, locale)
