from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest

from reviewsum_assets.contracts.protocols import ChatCompletion, ChatRequest, EngineInfo
from reviewsum_assets.contracts.records import SummaryPlan
from reviewsum_assets.opinions.taxonomy import LANGUAGES, Taxonomy
from reviewsum_assets.resources.engines.smollm2 import BUNDLED_MODEL, prepare_smollm2
from reviewsum_assets.resources.engines.transformers_engine import TransformersEngine
from reviewsum_assets.summaries.planning import plan_product
from reviewsum_assets.summaries.publishing import assemble, check_record, fingerprint
from reviewsum_assets.summaries.verifying import Verifier
from reviewsum_assets.summaries.writing import SummaryWriter, WriteJob, normalised
from reviewsum_tests.bench.engines import models_dir
from reviewsum_tests.summaries.corpus import NEWEST, Mined


class AnsweringEngine:
    """A chat engine whose answers a test decides, as a server's operator would; it keeps what it was asked."""

    def __init__(self, answer: Callable[[ChatRequest], str | None], whole_plan: bool = False) -> None:
        self._answer = answer
        self.batches: list[list[ChatRequest]] = []
        self.info = EngineInfo("test", "answers-1", frozenset({"en"}), whole_plan)

    def complete(self, requests: Sequence[ChatRequest]) -> list[ChatCompletion]:
        self.batches.append(list(requests))
        answers = [self._answer(request) for request in requests]
        return [
            ChatCompletion("", 10, 0, "server answered 503") if text is None else ChatCompletion(text, 10, 5)
            for text in answers
        ]

    def close(self) -> None:
        pass


def quoting(request: ChatRequest) -> str:
    """Continue the opening with the last line of the prompt, which is a quote."""
    quote = request.messages[-2].content.strip().splitlines()[-1].removeprefix("- ")
    return f"{request.messages[-1].content} {quote[0].lower()}{quote[1:]}"


def inventing(request: ChatRequest) -> str:
    return f"{request.messages[-1].content} the customer service is very helpful."


@pytest.fixture(scope="module")
def plan(speaker: Mined) -> SummaryPlan:
    return plan_product(speaker.opinions, speaker.chunks, max_pros=4, max_cons=4, quotes_per_claim=3)


def test_without_an_engine_all_six_locales_are_the_templates(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier
) -> None:
    made = SummaryWriter(taxonomy, verifier).write([WriteJob(plan, locale) for locale in LANGUAGES])
    assert [written.locale for written in made] == list(LANGUAGES)
    for written in made:
        assert written.llm_calls == 0
        assert written.scores == {}
        assert {claim.written_by for claim in (*written.pros, *written.cons)} == {"template"}
        assert all(sentence.citations for sentence in written.sentences)
        assert written.generator.engine == "template"


def test_a_faithful_model_words_the_claims_and_is_scored(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier, speaker: Mined
) -> None:
    engine = AnsweringEngine(quoting)
    written = SummaryWriter(taxonomy, verifier, engine).write([WriteJob(plan, "en")])[0]
    # One of the three opinions has only quotes that speak of something else as well: the template words it.
    assert (written.asked, written.claims) == (2, 3)
    writers = [claim.written_by for claim in (*written.pros, *written.cons)]
    assert sorted(writers) == ["model", "model", "template"]
    assert written.first_try_accepted == written.llm_calls == 2
    assert written.scores["claims_verified"] == 1.0
    assert written.scores["mean_evidence_similarity"] > 0.5
    record = assemble(plan, written, None, fingerprint=fingerprint(plan, "en", written.generator), at=NEWEST)
    assert check_record(record, speaker.texts, speaker.opinions) == []


def test_an_inventing_model_is_asked_once_more_with_the_reason_and_then_replaced(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier
) -> None:
    engine = AnsweringEngine(inventing)
    written = SummaryWriter(taxonomy, verifier, engine).write([WriteJob(plan, "en")])[0]
    first, second = engine.batches
    assert len(first) == 2
    assert 1 <= len(second) <= 2
    assert not set(map(repr, first)) & set(map(repr, second))
    assert {claim.written_by for claim in (*written.pros, *written.cons)} == {"template"}
    assert written.scores == {"model_share": 0.0}
    assert len(written.refused) == written.llm_calls == len(first) + len(second)
    assert written.error is None


def test_a_second_try_that_holds_is_published(plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier) -> None:
    engine = AnsweringEngine(lambda request: quoting(request) if len(engine.batches) == 2 else inventing(request))
    written = SummaryWriter(taxonomy, verifier, engine).write([WriteJob(plan, "en")])[0]
    by_model = [claim for claim in (*written.pros, *written.cons) if claim.written_by == "model"]
    assert len(by_model) == len(engine.batches[1]) >= 1
    assert written.first_try_accepted == 0


def test_claims_of_all_products_reach_the_engine_in_one_batch(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier
) -> None:
    engine = AnsweringEngine(quoting)
    others = [plan.model_copy(update={"product_id": f"p{number}"}) for number in range(4)]
    SummaryWriter(taxonomy, verifier, engine).write([WriteJob(other, "en") for other in others])
    assert [len(batch) for batch in engine.batches] == [8]


def test_a_language_that_the_model_or_the_shop_does_not_want_is_left_to_the_template(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier
) -> None:
    engine = AnsweringEngine(quoting)
    writer = SummaryWriter(taxonomy, verifier, engine)
    german = writer.write([WriteJob(plan, "de")])[0]
    assert engine.batches == []
    assert german.generator.engine == "template"
    assert not SummaryWriter(taxonomy, verifier, engine, locales=("de",)).speaks("en")


def test_a_job_names_the_adapter_that_words_it(plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier) -> None:
    engine = AnsweringEngine(quoting)
    writer = SummaryWriter(taxonomy, verifier, engine)
    written = writer.write([WriteJob(plan, "en", "challenger", "electronics", "7")])[0]
    assert {request.adapter for request in engine.batches[0]} == {"electronics"}
    assert written.variant == "challenger"
    assert (written.generator.adapter, written.generator.adapter_version) == ("electronics", "7")


def test_an_engine_that_is_down_is_an_error_and_never_half_a_summary(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier
) -> None:
    answers = iter(["quote", None, "quote"])
    engine = AnsweringEngine(lambda request: quoting(request) if next(answers, None) else None)
    written = SummaryWriter(taxonomy, verifier, engine).write([WriteJob(plan, "en")])[0]
    assert written.error == "server answered 503"
    assert {claim.written_by for claim in (*written.pros, *written.cons)} == {"template"}


def test_a_large_model_writes_paragraph_and_claims_from_the_whole_plan(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier, speaker: Mined
) -> None:
    answer = {
        "summary": "Most reviewers praise the sound. Several reviewers criticise the connection.",
        "pros": [
            {"aspect": "sound", "text": "Most reviewers like the sound."},
            {"aspect": "battery", "text": "Many reviewers praise the battery, which lasts two days."},
        ],
        "cons": [{"aspect": "connectivity", "text": "Several reviewers say that the connection keeps breaking."}],
    }
    engine = AnsweringEngine(lambda request: json.dumps(answer), whole_plan=True)
    written = SummaryWriter(taxonomy, verifier, engine).write([WriteJob(plan, "en")])[0]
    assert written.llm_calls == 1
    assert [sentence.written_by for sentence in written.sentences] == ["model", "model"]
    assert {claim.written_by for claim in (*written.pros, *written.cons)} == {"model"}
    record = assemble(plan, written, None, fingerprint="f", at=NEWEST)
    assert check_record(record, speaker.texts, speaker.opinions) == []


def test_a_paragraph_that_hides_the_criticism_is_replaced_by_the_templates(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier
) -> None:
    answer = {"summary": "Most reviewers praise the sound.", "pros": [], "cons": []}
    engine = AnsweringEngine(lambda request: json.dumps(answer), whole_plan=True)
    written = SummaryWriter(taxonomy, verifier, engine).write([WriteJob(plan, "en")])[0]
    assert {sentence.written_by for sentence in written.sentences} == {"template"}
    assert any(refusal.aspect == "summary" for refusal in written.refused)


def test_only_the_refused_claims_of_a_plan_are_taken_from_the_second_answer(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier
) -> None:
    def answered(request: ChatRequest) -> str:
        second = len(engine.batches) == 2
        sound = "Most reviewers love the sound." if second else "Most reviewers like the sound."
        battery = "Many reviewers praise the battery." if second else "Everyone says the battery lasts forever."
        return json.dumps(
            {
                "summary": "Nothing to say.",
                "pros": [{"aspect": "sound", "text": sound}, {"aspect": "battery", "text": battery}],
                "cons": [{"aspect": "connectivity", "text": "Several reviewers complain about the connection."}],
            }
        )

    engine = AnsweringEngine(answered, whole_plan=True)
    written = SummaryWriter(taxonomy, verifier, engine).write([WriteJob(plan, "en")])[0]
    assert [claim.text for claim in written.pros] == [
        "Most reviewers like the sound.",
        "Many reviewers praise the battery.",
    ]
    assert written.first_try_accepted == 2


def test_a_models_sentence_is_tidied() -> None:
    assert normalised('  "most  reviewers like it ."  ') == "Most reviewers like it."
    assert normalised("Cafe\u0301 drinkers like it.") == "Café drinkers like it."


def bundled_engine() -> TransformersEngine:
    """The bundled model, prepared once for all tests, for English."""
    folder = models_dir()
    return TransformersEngine(
        folder / BUNDLED_MODEL,
        BUNDLED_MODEL,
        languages=frozenset({"en"}),
        threads=2,
        prepare=lambda: prepare_smollm2(folder, print),
    )


@pytest.mark.llm
def test_the_bundled_model_never_publishes_an_unverified_claim(
    plan: SummaryPlan, taxonomy: Taxonomy, verifier: Verifier, speaker: Mined
) -> None:
    written = SummaryWriter(taxonomy, verifier, bundled_engine()).write([WriteJob(plan, "en")])[0]
    record = assemble(plan, written, None, fingerprint="f", at=NEWEST)
    assert check_record(record, speaker.texts, speaker.opinions) == []
    assert written.llm_calls >= written.asked > 0
