"""Prompts for chat models, and what is read from their answers.

Small models word one opinion at a time (`claim_request`, `parse_claim`), large ones the whole plan (`plan_request`,
`parse_plan`). In both, what is true is in the plan already: who says it, of what and in which polarity is given, and
the model only words the quotes. The texts of the prompts are versioned files under `reviewsum_assets/prompts`.

Quotes are data. They go into a user message as one line each, without what could end that line, imitate a role
marker of a chat template, or close the list they stand in.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

import jinja2
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reviewsum_assets.contracts.protocols import ChatMessage, ChatRequest
from reviewsum_assets.contracts.records import ClaimPolarity, PlannedOpinion, Quantity, SummaryPlan
from reviewsum_assets.summaries.quoting import CLAIM_QUOTES, prompt_quotes, quoted

PROMPT_VERSION = "v1"
"""Version of the prompt files, part of every fingerprint: a change of their words is a new version."""

LANGUAGE_NAMES: Mapping[str, str] = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
}

CLAIM_MAX_TOKENS = 56
"""Tokens of a claim; one that is longer does not end and is refused."""

CLAIM_MAX_WORDS = 45

PLAN_TOKENS_PER_CLAIM = 120


# The prompt files


class _Example(BaseModel):
    model_config = ConfigDict(extra="forbid")
    quotes: list[str]
    answer: str


class _Openings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    who: dict[Quantity, str]
    positive: list[str]
    negative: list[str]


class _ClaimPrompt(BaseModel):
    model_config = ConfigDict(extra="forbid")
    system: str
    question: str
    examples: dict[ClaimPolarity, list[_Example]]
    openings: dict[str, _Openings]
    function_words: dict[str, str]


class _PlanPrompt(BaseModel):
    model_config = ConfigDict(extra="forbid")
    system: str
    question: str
    who: dict[Quantity, str]


def _prompt_text(name: str) -> str:
    return resources.files("reviewsum_assets").joinpath("prompts", f"{name}-{PROMPT_VERSION}.yaml").read_text("utf-8")


@lru_cache(maxsize=1)
def _claim_prompt() -> _ClaimPrompt:
    return _ClaimPrompt.model_validate(yaml.safe_load(_prompt_text("claim")))


@lru_cache(maxsize=1)
def _plan_prompt() -> _PlanPrompt:
    return _PlanPrompt.model_validate(yaml.safe_load(_prompt_text("plan")))


@lru_cache(maxsize=8)
def _template(text: str) -> jinja2.Template:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    return environment.from_string(text)


# One opinion


def claim_request(
    opinion: PlannedOpinion,
    locale: str,
    aspect_name: str,
    refusal: str | None = None,
    adapter: str | None = None,
) -> ChatRequest:
    """The prompt for one sentence on one opinion; its answer is begun, so that only the quotes are left to word.

    Args:
        opinion: what to say; quotes in other languages than the locale's are used only if there are no others.
        locale: language of the sentence.
        aspect_name: the aspect as a sentence names it, for example `the battery`.
        refusal: why the last try was refused. A small model does nothing with a reason; it is given only the first
            quote then, which leaves less to go wrong.
        adapter: LoRA adapter that answers.
    """
    prompt = _claim_prompt()
    quotes = prompt_quotes(opinion, locale) or [quoted(e.quote) for e in opinion.evidence[:CLAIM_QUOTES]]
    if refusal is not None:
        quotes = quotes[:1]
    question = _template(prompt.question)
    messages = [ChatMessage("system", prompt.system)]
    for example in prompt.examples[opinion.polarity]:
        messages.append(ChatMessage("user", question.render(quotes=example.quotes)))
        messages.append(ChatMessage("assistant", example.answer))
    messages.append(ChatMessage("user", question.render(quotes=quotes)))
    opening = _opening(opinion, locale, aspect_name)
    messages.append(ChatMessage("assistant", opening))
    return ChatRequest(
        messages=tuple(messages),
        max_tokens=CLAIM_MAX_TOKENS,
        stop=("\n",),
        adapter=adapter,
        allowed_words=_allowed_words(prompt, locale, (*quotes, aspect_name)),
        copy_from=tuple(quotes),
    )


def _opening(opinion: PlannedOpinion, locale: str, aspect_name: str) -> str:
    """How the sentence begins. Which of the phrases follows from the opinion, so that one page does not repeat one."""
    openings = _claim_prompt().openings[locale]
    phrases = openings.positive if opinion.polarity == "positive" else openings.negative
    turn = hashlib.sha256(f"{opinion.aspect}/{opinion.polarity}".encode()).digest()[0]
    if locale == "en" and not re.match(r"(the|their|its)\b|['\"“‘]", aspect_name):
        aspect_name = f"the {aspect_name}"
    return phrases[turn % len(phrases)].format(who=openings.who[opinion.quantity], aspect=quoted(aspect_name))


def _allowed_words(prompt: _ClaimPrompt, locale: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Words of the texts and the language's function words; none where the language has no list."""
    if locale not in prompt.function_words:
        return ()
    words = set(prompt.function_words[locale].split())
    for text in texts:
        for word in _words(text):
            words |= {word, word.lower()}
    return tuple(sorted(words))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)


_FIRST_PERSON: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:I|I'm|me|my|mine|we|us|our|ours)\b"),
}


def parse_claim(text: str, locale: str = "en") -> str | None:
    """The claim in a model's answer: its first sentence, tidied; None where there is no whole, usable sentence.

    A clause that only says again what was said is left out. Refused are: nothing, a sentence that does not end, one
    that is longer than 45 words, an answer that adds nothing to its opening, and one that still speaks in the first
    person (English).
    """
    line = next((part.strip() for part in text.strip().splitlines() if part.strip()), "")
    line = re.sub(r"^(?:[-*•]\s+|\d+[.)]\s+)", "", line)
    line = re.sub(r"\s+", " ", line).lstrip("\"“”'‘’ ")
    sentence = re.match(r".*?[.!?…](?=[\"”'’]?(?:\s|$))", line)
    if sentence is None:
        return None
    claim = _without_repeats(sentence.group().strip(), locale)
    if claim is None or len(claim.split()) > CLAIM_MAX_WORDS or not claim[0].isalpha():
        return None
    if locale in _FIRST_PERSON and _FIRST_PERSON[locale].search(claim):
        return None
    return claim[0].upper() + claim[1:]


def _without_repeats(claim: str, locale: str) -> str | None:
    """The claim without clauses that add no new word: "it leaks, and it is leaking." becomes "it leaks.".

    None where no clause adds anything to the opening before the colon.
    """
    head, colon, tail = claim.partition(":")
    parts = re.split(r"(,? and |, |; )", tail if colon else claim)
    seen = _content(head, locale) if colon else set()
    kept = ""
    for joint, clause in zip(["", *parts[1::2]], parts[0::2], strict=True):
        said = _content(clause, locale)
        if said - seen:
            kept += (joint if kept.strip() else " " if colon else "") + clause.strip()
            seen |= said
    if not kept.strip():
        return None
    return (f"{head}:" if colon else "") + kept.rstrip(" ,;.!?…") + "."


def _content(text: str, locale: str) -> set[str]:
    """First four letters of the words that are not function words: "leaks" and "leaking" count as one."""
    functional = set(_claim_prompt().function_words.get(locale, "").split())
    return {word[:4] for word in _words(text.lower()) if word not in functional}


# The whole plan


class ClaimWording(BaseModel):
    """Words for one pro or con."""

    model_config = ConfigDict(frozen=True)
    aspect: str
    text: str = Field(min_length=1)


class PlanWording(BaseModel):
    """Words for a whole plan: a paragraph and one sentence for each pro and con, in the plan's order."""

    model_config = ConfigDict(frozen=True)
    summary: str = Field(min_length=1)
    pros: tuple[ClaimWording, ...]
    cons: tuple[ClaimWording, ...]

    def text_of(self, aspect: str, polarity: ClaimPolarity) -> str | None:
        """The sentence for an opinion of the plan, or None where the model left it out."""
        claims = self.pros if polarity == "positive" else self.cons
        return next((claim.text for claim in claims if claim.aspect == aspect), None)


def plan_request(
    plan: SummaryPlan,
    locale: str,
    aspect_names: Mapping[str, str],
    refusals: Mapping[tuple[str, ClaimPolarity], str] | None = None,
    adapter: str | None = None,
) -> ChatRequest:
    """The prompt for a whole plan, for large models; the answer is JSON under a schema that fixes the aspects.

    Args:
        plan: what to say.
        locale: language of the answer; the quotes may be in any.
        aspect_names: name of each aspect in that language; an aspect that is missing goes by its key.
        refusals: why the last wording of an opinion, by (aspect, polarity), was refused.
        adapter: LoRA adapter that answers.
    """
    prompt = _plan_prompt()
    refusals = refusals or {}

    def entry(opinion: PlannedOpinion) -> dict[str, object]:
        described: dict[str, object] = {
            "aspect": opinion.aspect,
            "name": quoted(aspect_names.get(opinion.aspect, opinion.aspect)),
            "who": prompt.who[opinion.quantity],
            "quotes": [quoted(evidence.quote) for evidence in opinion.evidence],
        }
        if reason := refusals.get((opinion.aspect, opinion.polarity)):
            described["last_try_refused"] = quoted(reason)
        return described

    data = {"pros": [entry(o) for o in plan.pros], "cons": [entry(o) for o in plan.cons]}
    question = _template(prompt.question).render(
        language=LANGUAGE_NAMES[locale], plan=json.dumps(data, ensure_ascii=False, indent=1)
    )
    return ChatRequest(
        messages=(ChatMessage("system", prompt.system), ChatMessage("user", question)),
        max_tokens=PLAN_TOKENS_PER_CLAIM * (2 + len(plan.pros) + len(plan.cons)),
        json_schema=_plan_schema(plan),
        adapter=adapter,
    )


def _plan_schema(plan: SummaryPlan) -> dict[str, object]:
    """JSON schema of the answer: exactly the plan's claims, in any order, each of a planned aspect."""

    def claims(opinions: Sequence[PlannedOpinion]) -> dict[str, object]:
        aspect: dict[str, object] = {"type": "string"}
        if opinions:
            aspect["enum"] = [opinion.aspect for opinion in opinions]
        item = {
            "type": "object",
            "properties": {"aspect": aspect, "text": {"type": "string"}},
            "required": ["aspect", "text"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": item, "minItems": len(opinions), "maxItems": len(opinions)}

    return {
        "type": "object",
        "properties": {"summary": {"type": "string"}, "pros": claims(plan.pros), "cons": claims(plan.cons)},
        "required": ["summary", "pros", "cons"],
        "additionalProperties": False,
    }


def parse_plan(text: str, plan: SummaryPlan) -> PlanWording | None:
    """The wording in a model's answer, its claims in the plan's order; None where there is none to read.

    Code fences and words around the JSON are tolerated. A claim on what is not planned, and a second one on the same
    opinion, are dropped; an opinion that the model left out is missing, and the caller words it otherwise.
    """
    for candidate in _json_objects(text):
        try:
            wording = PlanWording.model_validate(candidate)
        except ValidationError:
            continue
        return PlanWording(
            summary=" ".join(wording.summary.split()),
            pros=_in_plan_order(wording.pros, plan.pros),
            cons=_in_plan_order(wording.cons, plan.cons),
        )
    return None


def _json_objects(text: str) -> list[object]:
    """Every JSON object that starts at a brace outside the ones already read, in order."""
    decoder = json.JSONDecoder()
    found: list[object] = []
    at = text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            end = at + 1
        else:
            found.append(value)
        at = text.find("{", end)
    return found


def _in_plan_order(claims: Sequence[ClaimWording], opinions: Sequence[PlannedOpinion]) -> tuple[ClaimWording, ...]:
    first: dict[str, ClaimWording] = {}
    for claim in claims:
        tidied = " ".join(claim.text.split())
        if tidied:
            first.setdefault(claim.aspect, ClaimWording(aspect=claim.aspect, text=tidied))
    return tuple(first[opinion.aspect] for opinion in opinions if opinion.aspect in first)
