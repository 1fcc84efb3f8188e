"""`product_summaries[category]`: plan ► write ► verify ► publish, for the products whose opinions changed."""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from reviewsum_assets.contracts.records import DEFAULT_VARIANT, Lineage, SummaryPlan, SummaryRecord
from reviewsum_assets.contracts.tables import CleanedReviews, ProductOpinions, ProductSummaries, arrow_schema
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages.catalog import members_of, titles_of
from reviewsum_assets.stages.chunk_vectors import vectors_of
from reviewsum_assets.stages.clean import CLEANED
from reviewsum_assets.stages.count import OPINIONS, chunks_of
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport, blocked, inputs_key, unchanged
from reviewsum_assets.stages.screen import Progress
from reviewsum_assets.summaries import publishing
from reviewsum_assets.summaries.planning import plan_product
from reviewsum_assets.summaries.publishing import Product
from reviewsum_assets.summaries.template import TEMPLATE_VERSION
from reviewsum_assets.summaries.verifying import VERIFIER_VERSION
from reviewsum_assets.summaries.writing import WriteJob

SUMMARIES = "product_summaries"
CODE_VERSION = "5"

BATCH_PRODUCTS = 100
"""Products planned and written together: their chunks are in memory, and the engine sees full batches of prompts."""

MAX_TEMPLATE_SHARE = 0.5
"""Share of claims in the engine's languages worded by the template above which the engine is not earning its keep."""

QUOTE_DOUBT = 0.4
"""Probability of the other polarity, by its text alone, up to which a chunk may be quoted for an opinion."""

REDACTED = re.compile(r"\[[a-z_]{2,30}\]|\[…\]")

Key = tuple[str, str]


def generator_key(platform: Platform) -> str:
    """Everything but the opinions that decides a department's records."""
    settings = platform.settings
    generators = [platform.writer.generator(locale).model_dump(mode="json") for locale in settings.locales]
    return inputs_key(
        SUMMARIES,
        CODE_VERSION,
        TEMPLATE_VERSION,
        VERIFIER_VERSION,
        platform.taxonomy.version,
        orjson.dumps(generators, option=orjson.OPT_SORT_KEYS).decode(),
        settings.locales,
        settings.min_reviews,
        settings.max_pros,
        settings.max_cons,
        settings.quotes_per_claim,
    )


def summarise_inputs(platform: Platform, category: str, opinions_version: str) -> str:
    titles = sorted(titles_of(platform, category).items())
    return inputs_key(generator_key(platform), opinions_version, hashlib.sha256(orjson.dumps(titles)).hexdigest())


@dataclass
class _Tally:
    """What a category's writing came to."""

    statuses: Counter[str] = field(default_factory=Counter)
    written_by: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    written_products: set[str] = field(default_factory=set)
    engine_claims: int = 0
    engine_claims_by_model: int = 0
    failed_attempts: int = 0


def summarise_category(
    platform: Platform, category: str, run_id: str = "", progress: Progress | None = None
) -> PartitionReport:
    """Bring the department's records to its opinions. Only records whose words change ask the engine."""
    started = time.perf_counter()
    opinions, stored = platform.lake.info(OPINIONS, category), platform.lake.info(SUMMARIES, category)
    if opinions is None or not opinions.sound:
        return blocked(category, stored, OPINIONS, opinions.failed_checks if opinions else ("materialisation",))
    inputs = summarise_inputs(platform, category, opinions.data_version)
    if stored and stored.inputs == inputs:
        return unchanged(category, stored)

    calls = platform.llm_usage()
    work = _Category(platform, category, run_id, opinions.data_version)
    rows: list[dict[str, object]] = []
    for batch in work.batches():
        rows += work.records_of(batch)
        if progress:
            progress(len(batch))
    table = pa.Table.from_pylist(rows, schema=arrow_schema(ProductSummaries))
    # A department with failed records stays stale: the next refresh tries them again.
    made_from = "" if work.tally.failed_attempts else inputs
    info = platform.lake.write(SUMMARIES, ProductSummaries, [table], category, inputs=made_from)
    used = platform.llm_usage() - calls
    tally = work.tally
    withheld = {str(row["product_id"]) for row in rows if row["status"] == "withheld"}
    products = {str(row["product_id"]) for row in rows}
    report = PartitionReport(
        category,
        info.rows,
        info.data_version,
        changed=stored is None or stored.data_version != info.data_version,
        measures={
            "products": len(products),
            "products_summarised": len(tally.written_products),
            "products_withheld": len(withheld),
            "products_unchanged": len(products - tally.written_products - withheld),
            "records_failed": tally.failed_attempts,
            "llm_calls": used.calls,
            "llm_reused": used.reused,
            "llm_prompt_tokens": used.prompt_tokens,
            "llm_completion_tokens": used.completion_tokens,
            "llm_tokens": used.tokens,
            "cost_eur": round(used.tokens * platform.settings.llm_cost_per_million_tokens / 1e6, 6),
        },
        counts={
            "records": dict(tally.statuses.most_common()),
            "claims_written_by": dict(tally.written_by.most_common()),
            "refusals": dict(tally.refusals.most_common(12)),
        },
        checks=(
            _records_check(platform, category, table),
            CheckOutcome(
                "template_share",
                tally.engine_claims_by_model >= (1 - MAX_TEMPLATE_SHARE) * tally.engine_claims,
                blocking=False,
                measures={
                    "claims_for_the_engine": tally.engine_claims,
                    "worded_by_it": tally.engine_claims_by_model,
                },
            ),
        ),
    )
    platform.lake.mark(SUMMARIES, category, report.failed_blocking)
    return report.timed(started)


class _Category:
    """The department at work: its opinions, standing records and titles."""

    def __init__(self, platform: Platform, category: str, run_id: str, opinions_version: str) -> None:
        self._platform = platform
        self._category = category
        self._members = members_of(platform, category)
        self._titles = titles_of(platform, category)
        self._generator_key = generator_key(platform)
        self._at = datetime.now(UTC)
        self._lineage = Lineage(run_id=run_id or None, data_versions={OPINIONS: opinions_version})
        self._opinions: dict[str, list[dict[str, object]]] = defaultdict(list)
        for row in platform.lake.read(OPINIONS, ProductOpinions, category).to_pylist():
            self._opinions[row["product_id"]].append(row)
        self._stored: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
        for row in platform.lake.read(SUMMARIES, ProductSummaries, category).to_pylist():
            if row["variant"] == DEFAULT_VARIANT:
                self._stored[row["product_id"]][row["locale"]] = row
        self.tally = _Tally()

    def batches(self) -> Iterator[list[str]]:
        products = sorted(product for product in self._members if product in self._opinions)
        for start in range(0, len(products), BATCH_PRODUCTS):
            yield products[start : start + BATCH_PRODUCTS]

    def records_of(self, products: Sequence[str]) -> list[dict[str, object]]:
        """Rows of `ProductSummaries` for these products, in order of product and locale."""
        keys = {product: self._inputs(product) for product in products}
        changed = [product for product in products if not self._stands(product, keys[product])]
        plans, live = self._plans(changed)
        records = self._wanted(changed, plans, live)
        locales = self._platform.settings.locales
        rows = []
        for product in products:
            for locale in locales:
                row = self._stored[product][locale] if product not in plans else None
                if row is None:
                    record = records[(product, locale)]
                    row = {
                        "product_id": product,
                        "locale": locale,
                        "variant": record.variant,
                        "status": record.status,
                        "fingerprint": record.fingerprint,
                        "review_count": record.review_count,
                        # A record whose engine failed is tried again by the next run.
                        "inputs": "" if record.attempt.status == "failed" else keys[product],
                        "record": record.to_json().decode(),
                    }
                self.tally.statuses[str(row["status"])] += 1
                rows.append(row)
        return rows

    def _inputs(self, product: str) -> str:
        rows = orjson.dumps(self._opinions[product], default=str, option=orjson.OPT_SORT_KEYS)
        return inputs_key(self._generator_key, self._titles.get(product, ""), hashlib.sha256(rows).hexdigest())

    def _stands(self, product: str, key: str) -> bool:
        """Whether nothing that its records are made from has changed."""
        stored = self._stored.get(product, {})
        return all(locale in stored and stored[locale]["inputs"] == key for locale in self._platform.settings.locales)

    def _previous(self, product: str, locale: str) -> SummaryRecord | None:
        row = self._stored.get(product, {}).get(locale)
        return SummaryRecord.model_validate_json(str(row["record"])) if row else None

    def _plans(self, products: Sequence[str]) -> tuple[dict[str, SummaryPlan | None], dict[str, frozenset[str]]]:
        """A plan and the live reviews of each product."""
        if not products:
            return {}, {}
        settings = self._platform.settings
        members = {product: self._members[product] for product in products}
        chunks = self._quotable(chunks_of(self._platform, members, with_vectors=True))
        plans: dict[str, SummaryPlan | None] = {}
        live: dict[str, frozenset[str]] = {}
        for product in products:
            own = chunks.filter(pc.equal(chunks["product_id"], product))
            own = own.filter(pc.is_null(own["set_aside_reason"]))
            live[product] = frozenset(own["review_id"].to_pylist())
            words, balance, quotes = publishing.published_words(self._previous(product, settings.locales[0]))
            plans[product] = plan_product(
                self._opinions[product],
                own,
                max_pros=settings.max_pros,
                max_cons=settings.max_cons,
                quotes_per_claim=settings.quotes_per_claim,
                previous=words,
                previous_balance=balance,
                published_quotes=quotes,
                may_show=self._may_show,
            )
        return plans, live

    def _may_show(self, quote: str) -> bool:
        """Whether a quote by itself holds nothing that the blocking check on records would find personal."""
        return not self._platform.redactor.redact(quote).types

    def _quotable(self, chunks: pa.Table) -> pa.Table:
        """The chunks with `quotable` taken from those that do not say by themselves what they are counted for.

        Counting may lean on the stars; a reader sees the quote alone. "It lasts until noon" counts as a complaint by
        its one star and shows nobody why. Quotes with a place redacted are left out too.
        """
        text = chunks["text"].to_pylist()
        vectors = vectors_of(chunks)
        alone = self._platform.polarity.positive_probability(
            vectors, texts=text, languages=chunks["language"].to_pylist()
        )
        fits = {
            "positive": alone >= 1 - QUOTE_DOUBT,
            "negative": alone <= QUOTE_DOUBT,
            "neutral": np.zeros(len(text), bool),
        }
        quotable = [
            bool(marked and fits[polarity][index] and not REDACTED.search(text[index]))
            for index, (marked, polarity) in enumerate(
                zip(chunks["quotable"].to_pylist(), chunks["polarity"].to_pylist(), strict=True)
            )
        ]
        # Planning takes the surest quotes first: sure by what they say.
        for name, column in (("quotable", pa.array(quotable)), ("polarity_score", pa.array(alone.astype(np.float32)))):
            place = chunks.schema.get_field_index(name)
            chunks = chunks.set_column(place, chunks.schema.field(place), column)
        return chunks

    def _wanted(
        self,
        products: Sequence[str],
        plans: Mapping[str, SummaryPlan | None],
        live: Mapping[str, frozenset[str]],
    ) -> dict[Key, SummaryRecord]:
        """Records of the products, written, reassembled or withheld."""
        settings, writer = self._platform.settings, self._platform.writer
        records: dict[Key, SummaryRecord] = {}
        jobs: list[WriteJob] = []
        waiting: list[tuple[str, SummaryRecord | None, str]] = []
        for product in products:
            plan = plans[product]
            for locale in settings.locales:
                previous = self._previous(product, locale)
                generator = writer.generator(locale)
                fingerprint = publishing.fingerprint(plan, locale, generator) if plan else ""
                decision = publishing.decide(plan, previous, fingerprint, settings.min_reviews, live[product])
                title = self._titles.get(product, "")
                if decision == "withhold" or plan is None:
                    reason = publishing.withhold_reason(plan, settings.min_reviews) or "too_few_reviews"
                    records[(product, locale)] = publishing.withheld(
                        Product(product, self._category, title),
                        locale,
                        reason,
                        plan,
                        previous,
                        at=self._at,
                        generator=generator,
                        lineage=self._lineage,
                    )
                elif decision == "reassemble" and previous is not None:
                    records[(product, locale)] = publishing.refresh_counts(
                        previous, plan, at=self._at, title=title, lineage=self._lineage
                    )
                else:
                    jobs.append(WriteJob(plan=plan, locale=locale))
                    waiting.append((product, previous, fingerprint))
        for job, written, (product, previous, fingerprint) in zip(
            jobs, writer.write(jobs) if jobs else (), waiting, strict=True
        ):
            record = publishing.assemble(
                job.plan,
                written,
                previous,
                fingerprint=fingerprint,
                at=self._at,
                title=self._titles.get(product, ""),
                live_review_ids=live[product],
                lineage=self._lineage,
            )
            records[(product, job.locale)] = record
            self._count(product, record, in_engine_language=writer.speaks(job.locale))
            # Reasons name their kind before a colon; what follows may quote a review.
            reasons = (reason for refused in written.refused for reason in refused.reasons)
            self.tally.refusals.update(reason.split(":")[0] for reason in reasons)
        return records

    def _count(self, product: str, record: SummaryRecord, *, in_engine_language: bool) -> None:
        self.tally.written_products.add(product)
        self.tally.failed_attempts += record.attempt.status == "failed"
        writers = Counter(claim.written_by for claim in (*record.pros, *record.cons))
        for writer, count in writers.items():
            self.tally.written_by[f"{writer} ({record.locale})"] += count
        if in_engine_language:
            self.tally.engine_claims += sum(writers.values())
            self.tally.engine_claims_by_model += writers["model"]


def _records_check(platform: Platform, category: str, table: pa.Table) -> CheckOutcome:
    """Hold every published record against the stored tables, as they were written."""
    opinions: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in platform.lake.read(OPINIONS, ProductOpinions, category).to_pylist():
        opinions[row["product_id"]].append(row)
    records = [SummaryRecord.model_validate_json(text) for text in table["record"].to_pylist()]
    texts = _cleaned_texts(platform, category, records)
    faults: list[str] = []
    # Locales share their quotes and the template its sentences: each distinct text is scanned once.
    personal_types = cache(lambda text: platform.redactor.redact(text).types)
    for record in records:
        found = publishing.check_record(record, texts, opinions[record.product_id], personal_types)
        faults += [f"{record.product_id} {record.locale}: {fault}" for fault in found]
    first = faults[0].split("“")[0].strip() if faults else ""
    return CheckOutcome(
        "every_claim_is_checked",
        not faults,
        blocking=True,
        measures={"records": len(records), "faults": len(faults), "first_fault": first},
    )


def _cleaned_texts(platform: Platform, category: str, records: Iterable[SummaryRecord]) -> dict[str, str]:
    """Cleaned texts of the reviews that the records cite, from the days that these reviews are of."""
    cited = {citation.review_id for record in records for citation in publishing.citations_of(record)}
    if not cited:
        return {}
    members = members_of(platform, category)
    places = platform.chunks.chunks_of_products(
        sorted(one for group in members.values() for one in group), columns=["review_id", "day"]
    )
    days = pc.unique(places.filter(pc.is_in(places["review_id"], pa.array(sorted(cited))))["day"]).to_pylist()
    texts: dict[str, str] = {}
    for day in sorted(days):
        table = platform.lake.read(CLEANED, CleanedReviews, day, columns=["review_id", "cleaned_text"])
        wanted = table.filter(pc.is_in(table["review_id"], pa.array(sorted(cited))))
        texts.update(zip(wanted["review_id"].to_pylist(), wanted["cleaned_text"].to_pylist(), strict=True))
    return texts
