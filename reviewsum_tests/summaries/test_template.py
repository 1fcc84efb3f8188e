from __future__ import annotations

import re

import pytest

from reviewsum_assets.contracts.records import ClaimPolarity, PlannedOpinion, Quantity, SummaryPlan
from reviewsum_assets.opinions.taxonomy import LANGUAGES, Taxonomy
from reviewsum_assets.summaries import template
from reviewsum_assets.summaries.planning import plan_product
from reviewsum_assets.summaries.quantities import ORDER
from reviewsum_tests.summaries.corpus import Mined


def stated(aspect: str, polarity: ClaimPolarity, quantity: Quantity = "many") -> PlannedOpinion:
    return PlannedOpinion(aspect=aspect, polarity=polarity, support=9, share=0.3, quantity=quantity, evidence=())


@pytest.mark.parametrize(
    ("locale", "aspect", "polarity", "quantity", "position", "text"),
    [
        ("en", "sound", "positive", "most", 0, "Most reviewers praise the sound."),
        ("en", "instructions", "negative", "a_few", 2, "The instructions disappoint a few reviewers."),
        ("de", "battery", "negative", "a_few", 0, "Einige Kunden bemängeln die Akkulaufzeit."),
        ("de", "sound", "positive", "many", 0, "Viele Kunden loben den Klang."),
        ("de", "stitching", "negative", "several", 1, "Mehrere Kunden sind mit den Nähten unzufrieden."),
        ("de", "features", "positive", "most", 3, "Bei den meisten Kunden kommen die Funktionen gut an."),
        ("fr", "sound", "positive", "many", 1, "De nombreux clients sont satisfaits du son."),
        ("fr", "performance", "negative", "several", 1, "Plusieurs clients se plaignent des performances."),
        ("fr", "screen", "positive", "a_few", 2, "L'écran plaît à quelques clients."),
        ("es", "price", "negative", "many", 1, "Muchos clientes se quejan del precio."),
        ("es", "instructions", "positive", "most", 2, "A la mayoría de los clientes le gustan las instrucciones."),
        ("it", "price", "positive", "most", 1, "La maggior parte dei clienti è soddisfatta del prezzo."),
        ("it", "sound", "negative", "several", 1, "Diversi clienti si lamentano dell'audio."),
        ("nl", "performance", "negative", "many", 2, "De prestaties stellen veel klanten teleur."),
    ],
)
def test_a_claim_is_grammatical(
    taxonomy: Taxonomy,
    locale: str,
    aspect: str,
    polarity: ClaimPolarity,
    quantity: Quantity,
    position: int,
    text: str,
) -> None:
    assert template.claim(stated(aspect, polarity, quantity), locale, taxonomy, position) == text


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_aspect_quantity_and_phrase_makes_one_whole_sentence_without_digits(
    taxonomy: Taxonomy, locale: str
) -> None:
    for aspect in (*taxonomy.aspects, "topic:strap"):
        for quantity in ORDER:
            for polarity in ("positive", "negative"):
                for position in range(6):
                    text = template.claim(stated(aspect, polarity, quantity), locale, taxonomy, position)  # type: ignore[arg-type]
                    assert re.fullmatch(r"[A-ZÀ-Ý«„“‘][^{}\[\]<>|.0-9]+\.", text), text


@pytest.mark.parametrize("locale", LANGUAGES)
def test_six_claims_in_a_row_read_differently(taxonomy: Taxonomy, locale: str) -> None:
    for polarity in ("positive", "negative"):
        texts = {template.claim(stated("price", polarity), locale, taxonomy, position) for position in range(6)}  # type: ignore[arg-type]
        assert len(texts) == 6


def test_a_claim_without_a_place_is_the_same_each_time(taxonomy: Taxonomy) -> None:
    texts = {template.claim(stated("price", "positive"), "en", taxonomy) for _ in range(5)}
    assert len(texts) == 1


def test_a_topic_that_the_taxonomy_lacks_is_quoted(taxonomy: Taxonomy) -> None:
    assert (
        template.claim(stated("topic:strap", "negative"), "en", taxonomy, 0) == "Many reviewers complain about “strap”."
    )
    assert "„strap“" in template.claim(stated("topic:strap", "negative"), "de", taxonomy, 0)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_paragraph_gives_verdict_praise_and_criticism_with_what_each_rests_on(
    taxonomy: Taxonomy, speaker: Mined, locale: str
) -> None:
    plan = plan_product(speaker.opinions, speaker.chunks, max_pros=4, max_cons=4, quotes_per_claim=2)
    sentences = template.paragraph(plan, locale, taxonomy)
    assert [len(opinions) for _, opinions in sentences] == [1, 2, 1]
    assert sentences[1][1] == plan.pros
    assert sentences[2][1] == plan.cons
    assert all(text.endswith(".") and not re.search(r"[\d{}\[\]|]", text) for text, _ in sentences)


def test_a_disliked_product_is_criticised_before_it_is_praised(taxonomy: Taxonomy) -> None:
    plan = SummaryPlan(
        product_id="p",
        category="electronics",
        review_count=40,
        set_aside={},
        as_of=None,
        positive_share=0.2,
        negative_share=0.7,
        pros=(stated("sound", "positive"),),
        cons=(stated("battery", "negative"), stated("stitching", "negative")),
    )
    texts = [text for text, _ in template.paragraph(plan, "en", taxonomy)]
    assert texts == [
        "Most reviewers are dissatisfied.",
        "Criticism mainly concerns the battery life and the stitching.",
        "Praise goes mainly to the sound.",
    ]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_generated_text_is_disclosed_and_a_missing_summary_explained_in_every_language(locale: str) -> None:
    assert len(template.disclosure(locale)) > 10
    for reason in ("too_few_reviews", "no_opinion_passes", "review_removed"):
        assert template.withheld_reason(reason, locale).endswith(".")


def test_an_unknown_reason_or_locale_is_an_error_that_says_what_there_is() -> None:
    with pytest.raises(ValueError, match="too_few_reviews"):
        template.withheld_reason("because", "en")
    with pytest.raises(ValueError, match=r"template/pt\.yaml"):
        template.disclosure("pt")
