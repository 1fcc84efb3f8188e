"""Publish: one record per product, locale and variant, reworded only when what decides its words has changed.

The fingerprint covers the words, not the counts: a new review that moves 41 to 42 costs no model call, for counts,
shares and `as_of` are put into the standing record (`refresh_counts`). A failed attempt leaves the last good record
standing, except where that record cites a review that has been deleted or erased.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import orjson

from reviewsum_assets.contracts.records import (
    DEFAULT_VARIANT,
    Attempt,
    Balance,
    Citation,
    Claim,
    ClaimPolarity,
    Generator,
    Lineage,
    PlannedOpinion,
    Quantity,
    Sentence,
    SummaryPlan,
    SummaryRecord,
)
from reviewsum_assets.opinions.taxonomy import load_taxonomy
from reviewsum_assets.summaries import template
from reviewsum_assets.summaries.evidence import QuoteKey
from reviewsum_assets.summaries.planning import opinion_counts
from reviewsum_assets.summaries.verifying import VERIFIER_VERSION
from reviewsum_assets.summaries.writing import WrittenSummary

Decision = Literal["write", "reassemble", "withhold"]

WithheldReason = Literal["too_few_reviews", "no_opinion_passes", "review_removed"]

SHARE_TOLERANCE = 1e-6
"""Stored shares are float32."""


@dataclass(frozen=True)
class Product:
    """What a record says of its product beside the plan."""

    product_id: str
    category: str
    title: str = ""


def template_generator() -> Generator:
    """The template as what wrote a record."""
    return Generator(engine="template", prompt_version=f"template-{template.TEMPLATE_VERSION}")


def fingerprint(plan: SummaryPlan, locale: str, generator: Generator) -> str:
    """SHA-256, hex, over all that decides the words of a record; equal fingerprints need no model call.

    Covered: aspects, polarity, quantity words, order and quotes (`SummaryPlan.wording_key`), the verdict of the
    stars, locale, engine, model, adapter, prompt, settings, and the versions of template, verifier and taxonomy.
    """
    decides = [
        plan.wording_key(),
        plan.balance,
        locale,
        generator.model_dump(mode="json"),
        template.TEMPLATE_VERSION,
        VERIFIER_VERSION,
        load_taxonomy().version,
    ]
    return hashlib.sha256(orjson.dumps(decides, option=orjson.OPT_SORT_KEYS)).hexdigest()


def published_words(
    record: SummaryRecord | None,
) -> tuple[dict[tuple[str, str], Quantity], Balance | None, frozenset[QuoteKey]]:
    """What the next plan keeps while it may: quantity words by (aspect, polarity), the verdict, and the quotes."""
    if record is None or record.status != "published":
        return {}, None, frozenset()
    sides = (("positive", record.pros), ("negative", record.cons))
    words = {(c.aspect, side): c.quantity for side, claims in sides for c in claims if c.quantity is not None}
    return words, record.balance, frozenset((c.review_id, c.start, c.end) for c in citations_of(record))


def decide(
    plan: SummaryPlan | None,
    previous: SummaryRecord | None,
    fingerprint: str,
    min_reviews: int,
    live_review_ids: Collection[str],
) -> Decision:
    """What a refresh does with a record.

    Args:
        plan: the new plan; None where the product has no counted reviews any more.
        previous: the standing record, if any.
        fingerprint: of the new plan.
        min_reviews: counted reviews that a product needs.
        live_review_ids: the product's reviews that still exist.
    """
    if withhold_reason(plan, min_reviews) is not None:
        return "withhold"
    if previous is None or previous.status != "published" or previous.fingerprint != fingerprint:
        return "write"
    return "write" if cites_removed(previous, live_review_ids) else "reassemble"


def withhold_reason(plan: SummaryPlan | None, min_reviews: int) -> WithheldReason | None:
    """Why a plan cannot be published, or None where it can."""
    if plan is None or plan.review_count < min_reviews:
        return "too_few_reviews"
    return None if plan.pros or plan.cons else "no_opinion_passes"


def assemble(
    plan: SummaryPlan,
    written: WrittenSummary,
    previous: SummaryRecord | None,
    *,
    fingerprint: str,
    at: datetime,
    title: str = "",
    live_review_ids: Collection[str] | None = None,
    lineage: Lineage | None = None,
) -> SummaryRecord:
    """The record of a written summary.

    If the engine failed (`written.error`), the last good record stands with a failed attempt. Where there is none, or
    where it cites a removed review (`live_review_ids` given), the template's words are published under a fingerprint
    of their own, so that the next refresh tries the engine again; the attempt says that it failed.
    """
    generator, key = written.generator, fingerprint
    attempt = Attempt(status="ok", at=at)
    if written.error is not None:
        attempt = Attempt(status="failed", reason=written.error, at=at)
        sound = live_review_ids is None or previous is None or not cites_removed(previous, live_review_ids)
        if previous is not None and previous.status == "published" and sound:
            return previous.model_copy(update={"attempt": attempt})
        generator = template_generator()
        key = _fingerprint_of(plan, written.locale, generator)
    return SummaryRecord(
        product_id=plan.product_id,
        product_title=title,
        category=plan.category,
        locale=written.locale,
        variant=written.variant,
        status="published",
        attempt=attempt,
        summary=written.sentences,
        pros=written.pros,
        cons=written.cons,
        balance=plan.balance,
        review_count=plan.review_count,
        set_aside=plan.set_aside,
        as_of=plan.as_of,
        fingerprint=key,
        disclosure=template.disclosure(written.locale),
        generator=generator,
        scores=written.scores,
        lineage=lineage or Lineage(),
    )


_fingerprint_of = fingerprint


def refresh_counts(
    record: SummaryRecord,
    plan: SummaryPlan,
    *,
    at: datetime | None = None,
    title: str | None = None,
    lineage: Lineage | None = None,
) -> SummaryRecord:
    """The record with the counts of a new plan of the same wording; the same record if nothing moved.

    Raises:
        ValueError: if the record states an opinion that the plan does not: then their fingerprints differ.
    """
    updates: dict[str, object] = {
        "pros": _recounted(record.pros, plan.pros),
        "cons": _recounted(record.cons, plan.cons),
        "category": plan.category,
        "review_count": plan.review_count,
        "set_aside": plan.set_aside,
        "as_of": plan.as_of,
        "product_title": record.product_title if title is None else title,
    }
    if all(getattr(record, name) == value for name, value in updates.items()) and record.attempt.status == "ok":
        return record
    updates["attempt"] = Attempt(status="ok", at=at or record.attempt.at)
    updates["lineage"] = lineage or record.lineage
    return record.model_copy(update=updates)


def withheld(
    product: Product,
    locale: str,
    reason: WithheldReason,
    plan: SummaryPlan | None,
    previous: SummaryRecord | None = None,
    *,
    at: datetime,
    variant: str = DEFAULT_VARIANT,
    generator: Generator | None = None,
    lineage: Lineage | None = None,
) -> SummaryRecord:
    """The record of a product without a summary, with the reason; the standing record if it already says so."""
    writer = generator or template_generator()
    decides = [product.product_id, locale, variant, reason]
    record = SummaryRecord(
        product_id=product.product_id,
        product_title=product.title,
        category=product.category,
        locale=locale,
        variant=variant,
        status="withheld",
        reason=reason,
        attempt=Attempt(status="withheld", reason=reason, at=at),
        review_count=plan.review_count if plan else 0,
        set_aside=plan.set_aside if plan else {},
        as_of=plan.as_of if plan else None,
        fingerprint=hashlib.sha256(orjson.dumps(decides)).hexdigest(),
        disclosure=template.disclosure(locale),
        generator=writer,
        lineage=lineage or Lineage(),
    )
    if previous is not None:
        same = record.model_copy(update={"attempt": previous.attempt, "lineage": previous.lineage})
        if same == previous:
            return previous
    return record


def cites_removed(record: SummaryRecord, live_review_ids: Collection[str]) -> bool:
    """Whether the record quotes a review that no longer exists."""
    live = live_review_ids if isinstance(live_review_ids, (set, frozenset)) else set(live_review_ids)
    return any(citation.review_id not in live for citation in citations_of(record))


def citations_of(record: SummaryRecord) -> list[Citation]:
    """All citations of a record: of the paragraph, the pros and the cons."""
    texts: tuple[Sentence | Claim, ...] = (*record.summary, *record.pros, *record.cons)
    return [citation for text in texts for citation in text.citations]


def check_record(
    record: SummaryRecord,
    cleaned_text_of: Mapping[str, str],
    opinions: Iterable[Mapping[str, object]],
    personal_types: Callable[[str], Sequence[str]] | None = None,
) -> list[str]:
    """What is wrong with a record, in words; empty for a sound one. It trusts nothing but the stored tables.

    Args:
        record: the record as published.
        cleaned_text_of: cleaned texts of the product's reviews by review id.
        opinions: the product's rows of `ProductOpinions`.
        personal_types: types of personal data in a text; every sentence, claim and quote is held against it.
    """
    if record.status == "withheld":
        shown = record.summary or record.pros or record.cons
        wrong = [] if record.reason else ["withheld without a reason"]
        return [*wrong, "withheld and yet shows text"] if shown else wrong
    counts = {(row.aspect, row.polarity): row for row in opinion_counts(opinions)}
    wrong = [] if record.summary and (record.pros or record.cons) else ["published without a text"]
    if not record.disclosure:
        wrong.append("generated text without a disclosure")
    for sentence in record.summary:
        wrong += _citation_faults(f"summary “{sentence.text}”", sentence.citations, cleaned_text_of)
    sides: tuple[tuple[ClaimPolarity, tuple[Claim, ...]], ...] = (("positive", record.pros), ("negative", record.cons))
    for polarity, claims in sides:
        if len({claim.aspect for claim in claims}) != len(claims):
            wrong.append(f"{polarity} claims state an aspect twice")
        for claim in claims:
            name = f"{claim.aspect}/{polarity}"
            wrong += _citation_faults(name, claim.citations, cleaned_text_of)
            row = counts.get((claim.aspect, polarity))
            if row is None:
                wrong.append(f"{name}: no such opinion is stored")
                continue
            if claim.support != row.support or claim.support != len(set(row.review_ids)):
                wrong.append(f"{name}: states support {claim.support}, stored are {row.support}")
            if record.review_count != row.review_count:
                wrong.append(f"{name}: counted of {record.review_count} reviews, stored are {row.review_count}")
            if abs(claim.share - claim.support / max(1, record.review_count)) > SHARE_TOLERANCE:
                wrong.append(f"{name}: share {claim.share} is not support / review_count")
            strangers = {citation.review_id for citation in claim.citations} - set(row.review_ids)
            if strangers:
                wrong.append(f"{name}: cites {len(strangers)} reviews that do not support it")
    texts: tuple[Sentence | Claim, ...] = (*record.summary, *record.pros, *record.cons)
    by_model = [text for text in texts if text.written_by == "model"]
    if by_model and record.scores.get("claims_verified") != 1.0:
        wrong.append(f"{len(by_model)} texts of a model without a passed verification")
    if by_model and record.generator.engine == "template":
        wrong.append("texts of a model in a record that names none")
    if personal_types is not None:
        displayed = {text.text for text in texts} | {quote.quote for text in texts for quote in text.citations}
        for words in sorted(displayed):
            if found := personal_types(words):
                wrong.append(f"shows personal data ({', '.join(sorted(set(found)))})")
    return wrong


def _citation_faults(name: str, citations: tuple[Citation, ...], cleaned_text_of: Mapping[str, str]) -> list[str]:
    if not citations:
        return [f"{name}: no citation"]
    faults = []
    for citation in citations:
        text = cleaned_text_of.get(citation.review_id)
        if text is None:
            faults.append(f"{name}: cites review {citation.review_id}, which is gone")
        elif text[citation.start : citation.end] != citation.quote:
            faults.append(f"{name}: the quote of review {citation.review_id} is not its text at the stated place")
    return faults


def _recounted(claims: tuple[Claim, ...], planned: tuple[PlannedOpinion, ...]) -> tuple[Claim, ...]:
    by_aspect = {opinion.aspect: opinion for opinion in planned}
    missing = [claim.aspect for claim in claims if claim.aspect not in by_aspect]
    if missing or len(claims) != len(planned):
        raise ValueError(f"record and plan state different opinions ({missing or 'the plan more'}): write it anew")
    return tuple(
        claim.model_copy(update={"support": by_aspect[claim.aspect].support, "share": by_aspect[claim.aspect].share})
        for claim in claims
    )
