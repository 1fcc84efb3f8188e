from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reviewsum_assets.contracts.records import Generator, PlannedOpinion, SummaryPlan, SummaryRecord
from reviewsum_assets.opinions.taxonomy import Taxonomy
from reviewsum_assets.summaries.planning import plan_product
from reviewsum_assets.summaries.publishing import (
    Product,
    assemble,
    check_record,
    cites_removed,
    decide,
    fingerprint,
    published_words,
    refresh_counts,
    template_generator,
    withheld,
    withhold_reason,
)
from reviewsum_assets.summaries.verifying import Verifier
from reviewsum_assets.summaries.writing import SummaryWriter, WriteJob, WrittenSummary
from reviewsum_tests.summaries.corpus import Mined

NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan(speaker: Mined) -> SummaryPlan:
    return plan_product(speaker.opinions, speaker.chunks, max_pros=4, max_cons=4, quotes_per_claim=3)


@pytest.fixture(scope="module")
def written(plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier) -> WrittenSummary:
    return SummaryWriter(taxonomy, verifier).write([WriteJob(plan, "en")])[0]


@pytest.fixture(scope="module")
def record(plan: SummaryPlan, written: WrittenSummary) -> SummaryRecord:
    key = fingerprint(plan, "en", written.generator)
    return assemble(plan, written, None, fingerprint=key, at=NOON, title="Speaker")


def one_more_review(plan: SummaryPlan) -> SummaryPlan:
    """The plan after a review that moves counts and no words."""

    def moved(opinion: PlannedOpinion) -> PlannedOpinion:
        return opinion.model_copy(
            update={"support": opinion.support + 1, "share": (opinion.support + 1) / (plan.review_count + 1)}
        )

    return plan.model_copy(
        update={
            "review_count": plan.review_count + 1,
            "pros": tuple(moved(o) for o in plan.pros),
            "cons": tuple(moved(o) for o in plan.cons),
        }
    )


def test_a_record_of_the_stored_opinions_is_sound(record: SummaryRecord, speaker: Mined) -> None:
    assert check_record(record, speaker.texts, speaker.opinions) == []
    assert record.status == "published"
    assert record.disclosure
    assert [claim.support for claim in record.pros] == [9, 5]


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("support", 10, "support"),
        ("share", 0.99, "share"),
        ("aspect", "screen", "no such opinion"),
        ("citations", (), "no citation"),
        ("written_by", "model", "without a passed verification"),
    ],
)
def test_a_claim_that_the_tables_do_not_bear_out_is_a_fault(
    record: SummaryRecord, speaker: Mined, field: str, value: object, fault: str
) -> None:
    bad = record.model_copy(update={"pros": (record.pros[0].model_copy(update={field: value}), *record.pros[1:])})
    assert any(fault in found for found in check_record(bad, speaker.texts, speaker.opinions))


def test_a_quote_that_is_not_the_text_or_whose_review_is_gone_is_a_fault(record: SummaryRecord, speaker: Mined) -> None:
    cited = record.pros[0].citations[0].review_id
    changed = speaker.texts | {cited: "Something else entirely was written here."}
    assert any("not its text" in fault for fault in check_record(record, changed, speaker.opinions))
    gone = {key: text for key, text in speaker.texts.items() if key != cited}
    assert any("gone" in fault for fault in check_record(record, gone, speaker.opinions))


def test_new_counts_keep_the_fingerprint_and_are_put_into_the_record_without_new_words(
    record: SummaryRecord, plan: SummaryPlan
) -> None:
    newer = one_more_review(plan)
    assert fingerprint(newer, "en", record.generator) == record.fingerprint
    refreshed = refresh_counts(record, newer, at=NOON + timedelta(days=1))
    assert [claim.support for claim in refreshed.pros] == [10, 6]
    assert [claim.text for claim in refreshed.pros] == [claim.text for claim in record.pros]
    assert refreshed.review_count == record.review_count + 1
    assert refreshed.pros[0].share == 10 / 15


def test_a_refresh_without_change_leaves_the_same_bytes(record: SummaryRecord, plan: SummaryPlan) -> None:
    assert refresh_counts(record, plan, at=NOON + timedelta(days=9)).to_json() == record.to_json()


def test_a_record_of_other_opinions_cannot_be_recounted(record: SummaryRecord, plan: SummaryPlan) -> None:
    with pytest.raises(ValueError, match="write it anew"):
        refresh_counts(record, plan.model_copy(update={"cons": ()}))


def test_whatever_decides_the_words_changes_the_fingerprint(plan: SummaryPlan) -> None:
    model = Generator(engine="transformers", base_model="m", prompt_version="v1", settings={"dtype": "float32"})
    louder = plan.pros[0].model_copy(update={"quantity": "many"})
    fewer = plan.pros[0].model_copy(update={"evidence": plan.pros[0].evidence[:1]})
    changed = [
        fingerprint(plan, "en", template_generator()),
        fingerprint(plan, "de", model),
        fingerprint(plan, "en", model.model_copy(update={"adapter": "a"})),
        fingerprint(plan, "en", model.model_copy(update={"prompt_version": "v2"})),
        fingerprint(plan, "en", model.model_copy(update={"settings": {"dtype": "bfloat16"}})),
        fingerprint(plan.model_copy(update={"balance": "divided"}), "en", model),
        fingerprint(plan.model_copy(update={"pros": tuple(reversed(plan.pros))}), "en", model),
        fingerprint(plan.model_copy(update={"pros": (louder, *plan.pros[1:])}), "en", model),
        fingerprint(plan.model_copy(update={"pros": (fewer, *plan.pros[1:])}), "en", model),
    ]
    assert len({*changed, fingerprint(plan, "en", model)}) == len(changed) + 1


def test_a_product_is_written_reassembled_or_withheld(record: SummaryRecord, plan: SummaryPlan, speaker: Mined) -> None:
    live = set(speaker.texts)
    assert decide(plan, None, record.fingerprint, 10, live) == "write"
    assert decide(plan, record, "another", 10, live) == "write"
    assert decide(plan, record, record.fingerprint, 10, live) == "reassemble"
    assert decide(plan, record, record.fingerprint, 15, live) == "withhold"
    assert decide(None, record, "", 10, live) == "withhold"
    empty = plan.model_copy(update={"pros": (), "cons": ()})
    assert withhold_reason(empty, 10) == "no_opinion_passes"


def test_a_record_that_cites_an_erased_review_is_written_anew_even_with_the_same_fingerprint(
    record: SummaryRecord, plan: SummaryPlan, speaker: Mined
) -> None:
    live = set(speaker.texts) - {record.cons[0].citations[0].review_id}
    assert cites_removed(record, live)
    assert decide(plan, record, record.fingerprint, 10, live) == "write"


def test_a_failed_attempt_leaves_the_last_good_record_standing(
    record: SummaryRecord, plan: SummaryPlan, written: WrittenSummary, speaker: Mined
) -> None:
    failed = replace(written, error="server answered 503")
    later = NOON + timedelta(hours=1)
    after = assemble(plan, failed, record, fingerprint="new", at=later, live_review_ids=speaker.texts.keys())
    assert after.attempt.status == "failed"
    assert after.attempt.reason == "server answered 503"
    assert after.model_copy(update={"attempt": record.attempt}) == record


def test_a_failed_attempt_never_leaves_an_erased_review_cited(
    record: SummaryRecord, plan: SummaryPlan, written: WrittenSummary, speaker: Mined
) -> None:
    erased = record.cons[0].citations[0].review_id
    trimmed = plan.model_copy(update={"cons": ()})
    words = replace(written, error="down", cons=(), sentences=written.sentences[:2])
    after = assemble(trimmed, words, record, fingerprint="new", at=NOON, live_review_ids=set(speaker.texts) - {erased})
    assert not cites_removed(after, set(speaker.texts) - {erased})
    assert after.attempt.status == "failed"
    assert after.generator.engine == "template"
    assert after.fingerprint != "new"


def test_a_withheld_record_says_why_and_is_not_rewritten_while_nothing_changes(plan: SummaryPlan) -> None:
    product = Product(plan.product_id, plan.category, "Speaker")
    first = withheld(product, "de", "too_few_reviews", plan, at=NOON)
    assert first.reason == "too_few_reviews"
    assert check_record(first, {}, []) == []
    assert withheld(product, "de", "too_few_reviews", plan, first, at=NOON + timedelta(days=1)) is first
    grown = withheld(product, "de", "too_few_reviews", one_more_review(plan), first, at=NOON + timedelta(days=1))
    assert grown.review_count == first.review_count + 1


def test_the_next_plan_keeps_the_words_of_the_published_record(record: SummaryRecord, speaker: Mined) -> None:
    words, verdict, quotes = published_words(record)
    assert words == {
        ("sound", "positive"): "most",
        ("battery", "positive"): "many",
        ("connectivity", "negative"): "several",
    }
    again = plan_product(
        speaker.opinions,
        speaker.chunks,
        max_pros=4,
        max_cons=4,
        quotes_per_claim=3,
        previous=words,
        previous_balance=verdict,
        published_quotes=quotes,
    )
    assert fingerprint(again, "en", record.generator) == record.fingerprint
