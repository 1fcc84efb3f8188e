"""`product_opinions[category]`: counts by product, aspect and polarity, over all reviews."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from reviewsum_assets.contracts.records import OVERALL
from reviewsum_assets.contracts.tables import ProductOpinions
from reviewsum_assets.opinions.counting import COUNTING_VERSION, count_opinions
from reviewsum_assets.resources.lake import PartitionInfo
from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.stages.catalog import members_of
from reviewsum_assets.stages.report import CheckOutcome, PartitionReport, inputs_key, unchanged

OPINIONS = "product_opinions"
CODE_VERSION = "1"

BATCH_PRODUCTS = 500
"""Products read from LanceDB by one query."""


def _key(members: dict[str, list[str]]) -> str:
    """What makes every count of a department out of date: other code, or other products merged together."""
    merged = sorted((product, group) for product, group in members.items() if group != [product])
    return inputs_key(OPINIONS, CODE_VERSION, COUNTING_VERSION, merged)


def _inputs(info: PartitionInfo | None) -> tuple[str, int]:
    """What a stored partition was made from: the key of its products and code, and how far it had read the feed."""
    if info is None or not info.inputs:
        return "", -1
    stored = orjson.loads(info.inputs)
    return stored["key"], stored["feed_seq"]


@dataclass(frozen=True)
class StaleCounts:
    """What a department's counts lack."""

    products: tuple[str, ...]
    """Products to count anew."""
    gone: tuple[str, ...]
    """Products that left the department."""
    feed_seq: int
    """Place in the feed at which this is true."""

    def __bool__(self) -> bool:
        return bool(self.products or self.gone)


def stale_counts(platform: Platform, category: str, members: dict[str, list[str]]) -> StaleCounts:
    """Products whose chunks changed since the department was counted, that came, or that left."""
    # The feed's end is read before the chunks: what is appended meanwhile is seen again by the next run.
    now = platform.changes.latest_seq()
    key, seen = _inputs(platform.lake.info(OPINIONS, category))
    stored = platform.lake.read(OPINIONS, ProductOpinions, category, columns=["product_id"])
    counted = set(stored["product_id"].to_pylist())
    gone = tuple(sorted(counted - set(members)))
    if key != _key(members):
        return StaleCounts(tuple(sorted(members)), gone, now)
    changed = platform.changes.latest_by_product([one for group in members.values() for one in group])
    stale = (
        product
        for product, group in members.items()
        if product not in counted or any(changed.get(one, 0) > seen for one in group)
    )
    return StaleCounts(tuple(stale), gone, now)


def count_category(platform: Platform, category: str) -> PartitionReport:
    """Count the department's changed products anew and keep the others' rows."""
    started = time.perf_counter()
    members = members_of(platform, category)
    info = platform.lake.info(OPINIONS, category)
    stale = stale_counts(platform, category, members)
    if info and not stale:
        return unchanged(category, info)

    stored = platform.lake.read(OPINIONS, ProductOpinions, category)
    kept_products = sorted(set(members) - set(stale.products))
    kept = stored.filter(pc.is_in(stored["product_id"], pa.array(kept_products, pa.string())))
    counted = [count_opinions(chunks, category) for chunks in _chunks(platform, members, stale.products)]
    table = pa.concat_tables([kept, *counted]).sort_by(
        [("product_id", "ascending"), ("aspect", "ascending"), ("polarity", "ascending")]
    )
    inputs = orjson.dumps({"key": _key(members), "feed_seq": stale.feed_seq}, option=orjson.OPT_SORT_KEYS).decode()
    written = platform.lake.write(OPINIONS, ProductOpinions, [table], category, inputs=inputs)
    overall = table.filter(pc.equal(table["aspect"], OVERALL))
    set_aside: Counter[str] = Counter()
    for text in overall.filter(pc.equal(overall["polarity"], "positive"))["set_aside"].to_pylist():
        set_aside.update(orjson.loads(text))
    aspects = table.filter(pc.not_equal(table["aspect"], OVERALL))
    by_aspect: Counter[str] = Counter()
    for aspect, support in zip(aspects["aspect"].to_pylist(), aspects["support"].to_pylist(), strict=True):
        by_aspect[aspect] += support
    report = PartitionReport(
        category,
        written.rows,
        written.data_version,
        changed=info is None or info.data_version != written.data_version,
        measures={
            "products": len(members),
            "products_counted": len(stale.products),
            "reviews_counted": int(pc.sum(overall["support"]).as_py() or 0),
        },
        counts={"support_by_aspect": dict(by_aspect.most_common(20)), "set_aside": dict(set_aside.most_common())},
        checks=(_adds_up(table, overall),),
    )
    platform.lake.mark(OPINIONS, category, report.failed_blocking)
    return report.timed(started)


def _chunks(platform: Platform, members: dict[str, list[str]], products: Sequence[str]) -> Iterator[pa.Table]:
    for start in range(0, len(products), BATCH_PRODUCTS):
        batch = products[start : start + BATCH_PRODUCTS]
        yield chunks_of(platform, {product: members[product] for product in batch}, with_vectors=False)


def chunks_of(platform: Platform, members: dict[str, list[str]], *, with_vectors: bool) -> pa.Table:
    """Chunks of products, those of merged products under the product that they were merged into."""
    owner = {one: product for product, group in members.items() for one in group}
    columns = None if with_vectors else [name for name in platform.chunks.column_names if name != "vector"]
    chunks = platform.chunks.chunks_of_products(sorted(owner), columns=columns)
    if all(one == product for one, product in owner.items()):
        return chunks
    owners = pa.array([owner[one] for one in chunks["product_id"].to_pylist()], pa.string())
    return chunks.set_column(chunks.schema.get_field_index("product_id"), "product_id", owners)


def _adds_up(table: pa.Table, overall: pa.Table) -> CheckOutcome:
    """Stars split the counted reviews without rest, and no opinion has more support than there are reviews."""
    frame = overall.select(["product_id", "support", "review_count"]).to_pandas()
    sums = frame.groupby("product_id").agg(support=("support", "sum"), review_count=("review_count", "first"))
    wrong = int((sums["support"] != sums["review_count"]).sum())
    lists = pc.list_value_length(table["review_ids"])
    wrong += int(pc.sum(pc.not_equal(lists, pc.cast(table["support"], lists.type))).as_py() or 0)
    wrong += int(pc.sum(pc.greater(table["support"], table["review_count"])).as_py() or 0)
    return CheckOutcome(
        "counts_add_up",
        wrong == 0,
        blocking=True,
        measures={"rows": table.num_rows, "wrong": wrong},
    )
