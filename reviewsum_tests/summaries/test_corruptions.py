from __future__ import annotations

from collections import defaultdict

from reviewsum_assets.opinions.taxonomy import LANGUAGES, Taxonomy
from reviewsum_assets.summaries.corruptions import KINDS, corruptions
from reviewsum_assets.summaries.verifying import Verifier
from reviewsum_tests.bench.verifier import true_claims


def test_every_kind_is_made_in_every_language(taxonomy: Taxonomy) -> None:
    claims = true_claims()
    made = {(item.kind, item.claim.locale) for claim in claims for item in corruptions(claim, claims, taxonomy)}
    assert made == {(kind, locale) for kind in KINDS for locale in LANGUAGES}


def test_a_corruption_changes_the_text_and_nothing_else(taxonomy: Taxonomy) -> None:
    claims = true_claims()
    for claim in claims:
        for item in corruptions(claim, claims, taxonomy):
            assert item.claim.text != claim.text
            assert item.claim.evidence == claim.evidence
            assert item.claim.aspects == claim.aspects
            assert item.claim.text.endswith(".")


def test_the_same_claim_is_corrupted_in_the_same_way_each_time(taxonomy: Taxonomy) -> None:
    claims = true_claims()
    assert list(corruptions(claims[0], claims, taxonomy)) == list(corruptions(claims[0], claims, taxonomy))


def test_the_verifier_catches_nearly_all_corruptions_of_each_kind(verifier: Verifier, taxonomy: Taxonomy) -> None:
    claims = true_claims()
    made = [item for claim in claims[::2] for item in corruptions(claim, claims, taxonomy)]
    caught: dict[str, list[bool]] = defaultdict(list)
    for item, verdict in zip(made, verifier.verify([item.claim for item in made]), strict=True):
        caught[item.kind].append(not verdict.accepted)
    rates = {kind: sum(hits) / len(hits) for kind, hits in caught.items()}
    floors = dict.fromkeys(KINDS, 0.97) | {"polarity_flipped": 0.90}
    assert {kind: rate for kind, rate in rates.items() if rate < floors[kind]} == {}
