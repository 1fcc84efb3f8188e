"""Write: the plan in words, by the model where it speaks the language and the quotes allow, else by the template.

Every sentence of a model is verified before it is published. One that fails is reworded once with the reason and then
replaced by the template's sentence, and the claim says who worded it. Requests of all products go to the engine
together, so that its batches are full however few opinions one product has.

Small models get one opinion at a time, in quotes of the target language, for they do not translate and mix opinions
up; the paragraph is then the template's. Large ones (`EngineInfo.whole_plan`) get the whole plan and write both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reviewsum_assets.contracts.protocols import ChatCompletion, ChatEngine, ChatRequest
from reviewsum_assets.contracts.records import (
    DEFAULT_VARIANT,
    Citation,
    Claim,
    ClaimPolarity,
    Generator,
    PlannedOpinion,
    Sentence,
    SummaryPlan,
)
from reviewsum_assets.opinions.taxonomy import Taxonomy
from reviewsum_assets.summaries import prompting, template
from reviewsum_assets.summaries.claims import ClaimToVerify, EvidenceText, Verdict
from reviewsum_assets.summaries.quoting import MIN_KEPT_PAIRS, kept_pairs
from reviewsum_assets.summaries.verifying import Verifier

Place = tuple[int, ClaimPolarity, int]
"""Where a claim stands: job, side, position."""

UNREADABLE = "answer: no whole sentence to read"


@dataclass(frozen=True)
class WriteJob:
    """One record to write."""

    plan: SummaryPlan
    locale: str
    variant: str = DEFAULT_VARIANT
    adapter: str | None = None
    """LoRA adapter that words it; None: the engine's own."""
    adapter_version: str | None = None


@dataclass(frozen=True)
class RefusedClaim:
    """A sentence of the model that was not published, and why."""

    aspect: str
    polarity: ClaimPolarity | None
    text: str
    reasons: tuple[str, ...]
    attempt: Literal[1, 2]


@dataclass(frozen=True)
class WrittenSummary:
    """The words of one record and what they cost."""

    locale: str
    variant: str
    generator: Generator
    sentences: tuple[Sentence, ...]
    pros: tuple[Claim, ...]
    cons: tuple[Claim, ...]
    scores: dict[str, float]
    """`claims_verified`: share of the published texts of a model that passed verification, which is all of them or
    the record is not sound; `mean_evidence_similarity`: of those texts; `model_share`: share of the claims that are
    in a model's words. Absent where no model wrote."""
    claims: int
    """Pros and cons."""
    asked: int
    """Of those, the ones that a model was asked to word."""
    first_try_accepted: int
    llm_calls: int
    prompt_tokens: int
    completion_tokens: int
    refused: tuple[RefusedClaim, ...] = ()
    error: str | None = None
    """Why the engine could not answer, if it could not; the words are then the template's."""


@dataclass
class _Tally:
    """What a job has come to so far."""

    worded: dict[tuple[ClaimPolarity, int], tuple[str, Verdict]] = field(default_factory=dict)
    paragraph: list[tuple[Sentence, Verdict]] = field(default_factory=list)
    asked: set[tuple[ClaimPolarity, int]] = field(default_factory=set)
    refused: list[RefusedClaim] = field(default_factory=list)
    first_try: int = 0
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    error: str | None = None


class SummaryWriter:
    """Words plans in any locale.

    Args:
        taxonomy: names the aspects.
        verifier: judges each sentence of a model.
        engine: the model; None: the template writes everything.
        locales: languages that the model may write; empty: those that its engine names.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        verifier: Verifier,
        engine: ChatEngine | None = None,
        locales: Collection[str] = (),
    ) -> None:
        self._taxonomy = taxonomy
        self._verifier = verifier
        self._engine = engine
        self._locales = frozenset(locales)

    def speaks(self, locale: str) -> bool:
        """Whether the model words this locale."""
        if self._engine is None or locale not in self._engine.info.languages:
            return False
        return not self._locales or locale in self._locales

    def generator(self, locale: str, adapter: str | None = None, adapter_version: str | None = None) -> Generator:
        """What writes this locale, for the record and its fingerprint."""
        if self._engine is None or not self.speaks(locale):
            return Generator(engine="template", prompt_version=f"template-{template.TEMPLATE_VERSION}")
        info = self._engine.info
        return Generator(
            engine=info.engine,
            base_model=info.base_model,
            adapter=adapter or info.adapter,
            adapter_version=adapter_version or info.adapter_version,
            prompt_version=prompting.PROMPT_VERSION,
            settings=dict(info.settings),
        )

    def write(self, jobs: Sequence[WriteJob]) -> list[WrittenSummary]:
        """The words of each job, in order. The same jobs, engine and models give the same words."""
        tallies = [_Tally() for _ in jobs]
        spoken = [index for index, job in enumerate(jobs) if self.speaks(job.locale)]
        if self._engine is not None and spoken:
            if self._engine.info.whole_plan:
                self._write_plans(jobs, tallies, spoken)
            else:
                self._write_claims(jobs, tallies, spoken)
        return [self._finished(job, tally) for job, tally in zip(jobs, tallies, strict=True)]

    # Small models: one opinion a request

    def _write_claims(self, jobs: Sequence[WriteJob], tallies: Sequence[_Tally], spoken: Iterable[int]) -> None:
        open_places: dict[Place, str | None] = {
            (index, polarity, position): None
            for index in spoken
            for polarity, position, opinion in _opinions(jobs[index].plan)
            if prompting.prompt_quotes(opinion, jobs[index].locale)
        }
        for index, polarity, position in open_places:
            tallies[index].asked.add((polarity, position))
        asked: dict[Place, ChatRequest] = {}
        for attempt in (1, 2):
            requests = {
                place: self._claim_request(jobs[place[0]], place, refusal) for place, refusal in open_places.items()
            }
            # The same request has the same answer: where the reason leaves the prompt as it was, none is made.
            open_places = {place: open_places[place] for place in requests if asked.get(place) != requests[place]}
            asked = requests
            completions = self._completed([requests[place] for place in open_places])
            answers: list[tuple[Place, str]] = []
            refusals: dict[Place, str | None] = {}
            for place, completion in zip(open_places, completions, strict=True):
                if not _count(tallies[place[0]], completion):
                    continue
                text = prompting.parse_claim(completion.text, jobs[place[0]].locale)
                if text is None:
                    refusals[place] = UNREADABLE
                    self._refuse(jobs, tallies, place, completion.text.strip(), (UNREADABLE,), attempt)
                else:
                    answers.append((place, normalised(text)))
            refusals |= self._judged(jobs, tallies, answers, attempt)
            open_places = {place: refusals[place] for place in open_places if place in refusals}
            if not open_places:
                return

    def _claim_request(self, job: WriteJob, place: Place, refusal: str | None) -> ChatRequest:
        opinion = _opinion(job.plan, place)
        name = template.aspect_noun(opinion.aspect, job.locale, self._taxonomy).forms["nom"]
        return prompting.claim_request(opinion, job.locale, name, refusal, job.adapter)

    # Large models: one plan a request

    def _write_plans(self, jobs: Sequence[WriteJob], tallies: Sequence[_Tally], spoken: Sequence[int]) -> None:
        for index in spoken:
            tallies[index].asked = {(polarity, position) for polarity, position, _ in _opinions(jobs[index].plan)}
        open_jobs: dict[int, dict[tuple[str, ClaimPolarity], str]] = {index: {} for index in spoken}
        for attempt in (1, 2):
            requests = [self._plan_request(jobs[index], reasons) for index, reasons in open_jobs.items()]
            answers: list[tuple[Place, str]] = []
            missing: list[Place] = []
            paragraphs: dict[int, str] = {}
            for index, completion in zip(open_jobs, self._completed(requests), strict=True):
                if not _count(tallies[index], completion):
                    continue
                wording = prompting.parse_plan(completion.text, jobs[index].plan)
                for polarity, position, opinion in _opinions(jobs[index].plan):
                    if (polarity, position) in tallies[index].worded:
                        continue
                    text = wording.text_of(opinion.aspect, polarity) if wording else None
                    if text is None:
                        missing.append((index, polarity, position))
                    else:
                        answers.append(((index, polarity, position), normalised(text)))
                if wording is not None and not tallies[index].paragraph:
                    paragraphs[index] = normalised(wording.summary)
            refusals: dict[Place, str | None] = dict.fromkeys(missing, UNREADABLE)
            for place in missing:
                self._refuse(jobs, tallies, place, "", (UNREADABLE,), attempt)
            refusals |= self._judged(jobs, tallies, answers, attempt)
            self._judge_paragraphs(jobs, tallies, paragraphs, attempt)
            open_jobs = {}
            for place, reason in refusals.items():
                aspect = _opinion(jobs[place[0]].plan, place).aspect
                open_jobs.setdefault(place[0], {})[(aspect, place[1])] = reason or UNREADABLE
            if not open_jobs:
                return

    def _plan_request(self, job: WriteJob, refusals: dict[tuple[str, ClaimPolarity], str]) -> ChatRequest:
        names = {
            opinion.aspect: template.aspect_noun(opinion.aspect, job.locale, self._taxonomy).forms["nom"]
            for _, _, opinion in _opinions(job.plan)
        }
        return prompting.plan_request(job.plan, job.locale, names, refusals, job.adapter)

    def _judge_paragraphs(
        self, jobs: Sequence[WriteJob], tallies: Sequence[_Tally], paragraphs: dict[int, str], attempt: int
    ) -> None:
        """A paragraph is taken whole or not at all: each sentence rests on planned opinions, and together they speak
        of both sides where there are both."""
        for index, text in paragraphs.items():
            job = jobs[index]
            texts = [part.strip() for part in re.split(r"(?<=[.!?…])\s+", text) if part.strip()]
            found = self._verifier.aspects_of(texts, job.locale, job.plan.category)
            rests = [
                [opinion for _, _, opinion in _opinions(job.plan) if opinion.aspect in aspects] for aspects in found
            ]
            named = {opinion.polarity for opinions in rests for opinion in opinions}
            planned = {polarity for polarity, _, _ in _opinions(job.plan)}
            if not texts or not all(rests) or named != planned:
                reason = "paragraph: each sentence must speak of planned opinions, and of praise and criticism alike"
                self._refuse_paragraph(tallies[index], text, (reason,), attempt)
                continue
            claims = [_sentence_claim(part, job, on) for part, on in zip(texts, rests, strict=True)]
            verdicts = self._verifier.verify(claims)
            if all(verdict.accepted for verdict in verdicts):
                tallies[index].paragraph = [
                    (Sentence(text=part, citations=_citations(on), written_by="model"), verdict)
                    for part, on, verdict in zip(texts, rests, verdicts, strict=True)
                ]
            else:
                reasons = tuple(reason for verdict in verdicts for reason in verdict.reasons)
                self._refuse_paragraph(tallies[index], text, reasons, attempt)

    # Both

    def _completed(self, requests: Sequence[ChatRequest]) -> list[ChatCompletion]:
        if self._engine is None or not requests:
            return []
        completions = self._engine.complete(requests)
        if len(completions) != len(requests):
            raise RuntimeError(f"the engine answered {len(completions)} of {len(requests)} requests")
        return completions

    def _judged(
        self, jobs: Sequence[WriteJob], tallies: Sequence[_Tally], answers: Sequence[tuple[Place, str]], attempt: int
    ) -> dict[Place, str | None]:
        """Verify answers of all jobs in one batch; returns the refused places with the reasons for the model."""
        claims = [
            ClaimToVerify.of_opinion(
                text, jobs[place[0]].locale, _opinion(jobs[place[0]].plan, place), jobs[place[0]].plan.category
            )
            for place, text in answers
        ]
        refusals: dict[Place, str | None] = {}
        for (place, text), verdict in zip(answers, self._verifier.verify(claims), strict=True):
            tally = tallies[place[0]]
            if verdict.accepted and self._is_garbled(jobs[place[0]], place, text):
                refusals[place] = "keep to the words of the quotes"
                self._refuse(jobs, tallies, place, text, ("garbled: words in an order that no quote has",), attempt)
            elif verdict.accepted:
                tally.worded[place[1:]] = (text, verdict)
                tally.first_try += attempt == 1
            else:
                refusals[place] = "; ".join(reason.partition(": ")[2] for reason in verdict.reasons)
                self._refuse(jobs, tallies, place, text, verdict.reasons, attempt)
        return refusals

    def _is_garbled(self, job: WriteJob, place: Place, text: str) -> bool:
        """Whether a small model put the quotes' words in an order of its own. Large ones may paraphrase."""
        if self._engine is None or self._engine.info.whole_plan:
            return False
        quotes = prompting.prompt_quotes(_opinion(job.plan, place), job.locale)
        return kept_pairs(text.partition(":")[2] or text, quotes) < MIN_KEPT_PAIRS

    def _refuse(
        self,
        jobs: Sequence[WriteJob],
        tallies: Sequence[_Tally],
        place: Place,
        text: str,
        reasons: tuple[str, ...],
        attempt: int,
    ) -> None:
        opinion = _opinion(jobs[place[0]].plan, place)
        refusal = RefusedClaim(opinion.aspect, opinion.polarity, text, reasons, 1 if attempt == 1 else 2)
        tallies[place[0]].refused.append(refusal)

    def _refuse_paragraph(self, tally: _Tally, text: str, reasons: tuple[str, ...], attempt: int) -> None:
        tally.refused.append(RefusedClaim("summary", None, text, reasons, 1 if attempt == 1 else 2))

    def _finished(self, job: WriteJob, tally: _Tally) -> WrittenSummary:
        if tally.error is not None:
            tally.worded.clear()
            tally.paragraph.clear()
        pros, cons = (self._claims(job, tally, polarity) for polarity in _SIDES)
        verdicts = [verdict for _, verdict in (*tally.worded.values(), *tally.paragraph)]
        scores: dict[str, float] = {}
        if tally.asked:
            scores["model_share"] = round(len(tally.worded) / len(pros + cons), 4)
        if verdicts:
            similarities = [verdict.scores["evidence_similarity"] for verdict in verdicts]
            scores["claims_verified"] = sum(verdict.accepted for verdict in verdicts) / len(verdicts)
            scores["mean_evidence_similarity"] = round(sum(similarities) / len(similarities), 4)
        return WrittenSummary(
            locale=job.locale,
            variant=job.variant,
            generator=self.generator(job.locale, job.adapter, job.adapter_version),
            sentences=tuple(sentence for sentence, _ in tally.paragraph) or self._template_paragraph(job),
            pros=pros,
            cons=cons,
            scores=scores,
            claims=len(pros) + len(cons),
            asked=len(tally.asked),
            first_try_accepted=tally.first_try,
            llm_calls=tally.calls,
            prompt_tokens=tally.prompt_tokens,
            completion_tokens=tally.completion_tokens,
            refused=tuple(tally.refused),
            error=tally.error,
        )

    def _claims(self, job: WriteJob, tally: _Tally, side: ClaimPolarity) -> tuple[Claim, ...]:
        claims = []
        for polarity, position, opinion in _opinions(job.plan):
            if polarity != side:
                continue
            worded = tally.worded.get((polarity, position))
            text = worded[0] if worded else template.claim(opinion, job.locale, self._taxonomy, position)
            claims.append(
                Claim(
                    aspect=opinion.aspect,
                    text=text,
                    support=opinion.support,
                    share=opinion.share,
                    citations=_citations([opinion]),
                    written_by="model" if worded else "template",
                    quantity=opinion.quantity,
                )
            )
        return tuple(claims)

    def _template_paragraph(self, job: WriteJob) -> tuple[Sentence, ...]:
        return tuple(
            Sentence(text=text, citations=_citations(opinions, each=1))
            for text, opinions in template.paragraph(job.plan, job.locale, self._taxonomy)
        )


_SIDES: tuple[ClaimPolarity, ClaimPolarity] = ("positive", "negative")


def normalised(text: str) -> str:
    """A model's sentence with composed characters, single spaces, no quotation marks around it and a capital."""
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    if (
        len(composed) > 1
        and composed[0] in "\"“„«'"
        and composed[-1] in "\"”“»'"
        and not re.search(r"[\"“”„«»]", composed[1:-1])
    ):
        composed = composed[1:-1].strip()
    composed = re.sub(r"\s+([.,;])", r"\1", composed)
    return composed[:1].upper() + composed[1:]


def _opinions(plan: SummaryPlan) -> list[tuple[ClaimPolarity, int, PlannedOpinion]]:
    """The plan's opinions with their places: pros, then cons."""
    sides = zip(_SIDES, (plan.pros, plan.cons), strict=True)
    return [(side, position, opinion) for side, opinions in sides for position, opinion in enumerate(opinions)]


def _opinion(plan: SummaryPlan, place: Place) -> PlannedOpinion:
    _, polarity, position = place
    return (plan.pros if polarity == "positive" else plan.cons)[position]


def _count(tally: _Tally, completion: ChatCompletion) -> bool:
    """Book a call; whether it was answered."""
    tally.calls += 1
    tally.prompt_tokens += completion.prompt_tokens
    tally.completion_tokens += completion.completion_tokens
    if completion.error is not None:
        tally.error = completion.error
    return completion.error is None


def _citations(opinions: Sequence[PlannedOpinion], each: int | None = None) -> tuple[Citation, ...]:
    """The quotes of the opinions, each span once, `each` of an opinion at most."""
    spans: dict[tuple[str, int, int], Citation] = {}
    for opinion in opinions:
        for evidence in opinion.evidence[:each]:
            spans.setdefault((evidence.review_id, evidence.start, evidence.end), evidence.citation())
    return tuple(spans.values())


def _sentence_claim(text: str, job: WriteJob, opinions: Sequence[PlannedOpinion]) -> ClaimToVerify:
    """A sentence of the paragraph, to be verified against the quotes of all opinions that it names."""
    sides = {opinion.polarity for opinion in opinions}
    amounts = {opinion.quantity for opinion in opinions}
    return ClaimToVerify(
        text=text,
        locale=job.locale,
        aspects=tuple(dict.fromkeys(opinion.aspect for opinion in opinions)),
        polarity=sides.pop() if len(sides) == 1 else None,
        quantity=amounts.pop() if len(amounts) == 1 else None,
        department=job.plan.category,
        evidence=tuple(EvidenceText(e.quote, e.language) for opinion in opinions for e in opinion.evidence),
    )
