"""What an erasure is about: every row of the persons and reviews named, wherever it is, before anything is removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import orjson
import pyarrow as pa

from reviewsum_assets.resources.platform import Platform
from reviewsum_assets.resources.source_erasure import Letter, SourceReview, review_id_in, user_key_in
from reviewsum_assets.resources.tombstones import Erased
from reviewsum_assets.reviews.chunking import split_chunks
from reviewsum_assets.reviews.traces import TraceMaker

TEXT_COLUMNS = ("review_text", "cleaned_text")


@dataclass
class Scope:
    """What there is of those who are to be erased."""

    erased: Erased = field(default_factory=Erased)
    found: Counter[str] = field(default_factory=Counter)
    """Rows by place."""
    unsearchable_ids: int = 0
    """Ids that are too short to be told from other bytes."""


class ErasedRows:
    """Says which rows of the lake are of those who are to be erased."""

    def __init__(self, platform: Platform, erased: Erased) -> None:
        self._hash = platform.keyed_hash
        self._erased = erased

    def has_review(self, review_id: str | None) -> bool:
        return bool(review_id) and self._hash.review(str(review_id)) in self._erased.review_keys

    def has_user_key(self, user_key: str | None) -> bool:
        return user_key in self._erased.user_keys

    def has(self, review_id: str | None, user_id: str | None) -> bool:
        """For ids in the clear."""
        return self.has_review(review_id) or (bool(user_id) and self.has_user_key(self._hash.user(str(user_id))))

    def has_letter(self, letter: Letter) -> bool:
        return self.has_review(letter.review_id) or letter.user_key in self._erased.letter_keys

    def _has_raw(self, raw: str) -> bool:
        return user_key_in(raw) in self._erased.letter_keys or self.has_review(review_id_in(raw))

    def cites(self, record: str) -> bool:
        """Whether a summary record, as JSON, cites one of the reviews."""
        document = orjson.loads(record)
        return any(
            self.has_review(citation["review_id"])
            for part in ("summary", "pros", "cons")
            for text in document[part]
            for citation in text["citations"]
        )

    def named_in(self, table: pa.Table) -> list[bool]:
        """Rows of others that name one of the reviews in what decided on them, as `copy_of:R12`."""
        if "set_aside_details" not in table.column_names:
            return [False] * table.num_rows
        found = (str(value or "").partition(":")[2] for value in table["set_aside_details"].to_pylist())
        return [self.has_review(name) for name in found]

    def mask(self, table: pa.Table) -> list[bool]:
        """Which rows of a lake table are theirs, or speak of them by id."""
        mask = [False] * table.num_rows
        for name, fits in (
            ("review_id", self.has_review),
            ("user_key", self.has_user_key),
            ("review_ids", lambda ids: any(map(self.has_review, ids or ()))),
            ("record", self.cites),
            ("raw_redacted", self._has_raw),
        ):
            if name in table.column_names:
                mask = [was or fits(value) for was, value in zip(mask, table[name].to_pylist(), strict=True)]
        return mask


KEY_COLUMNS = ("review_id", "user_key", "review_ids", "record", "raw_redacted", "set_aside_details", "product_id")


def lake_partitions(platform: Platform) -> Iterator[tuple[str, str]]:
    """Every partition of the lake, of whatever asset."""
    for asset in sorted(path.name for path in platform.lake.root.glob("*") if path.is_dir()):
        for partition in platform.lake.partitions(asset):
            yield asset, partition


def find(platform: Platform, user_ids: Collection[str], review_ids: Collection[str]) -> Scope:
    """Find everything of users and reviews, with the words and ids that the proof will look for."""
    keyed, maker = platform.keyed_hash, TraceMaker(platform.keyed_hash.trace)
    scope = Scope()
    erased = scope.erased
    erased.user_keys |= {keyed.user(user_id) for user_id in user_ids}
    erased.letter_keys |= {keyed.text(user_id) for user_id in user_ids}
    # Of rows that write users as numbers.
    erased.letter_keys |= {keyed.text(f'{{"user_id":{user_id}}}') for user_id in user_ids if user_id.isdecimal()}
    erased.review_keys |= {keyed.review(review_id) for review_id in review_ids}
    for key in erased.user_keys | erased.letter_keys:
        erased.traces |= maker.of_id(key, "key")
    for identifier in {*user_ids, *review_ids}:
        traces = maker.of_id(identifier)
        erased.traces |= traces
        scope.unsearchable_ids += not traces
    for review in platform.source_erasure.reviews_of(user_ids, review_ids):
        _add_review(scope, platform, maker, review)
    _add_lake(scope, platform, maker)
    rows = ErasedRows(platform, erased)
    for letter in platform.source_erasure.letters():
        if rows.has_letter(letter):
            scope.found["source: dead letters"] += 1
            erased.traces |= maker.of_text(letter.review_text)
    return scope


def _add_review(scope: Scope, platform: Platform, maker: TraceMaker, review: SourceReview) -> None:
    scope.found[platform.source_erasure.place] += 1
    scope.erased.traces |= maker.of_text(review.review_text)
    # Rows of a shop's table may lack them.
    if review.review_id:
        scope.erased.review_keys.add(platform.keyed_hash.review(review.review_id))
        scope.erased.traces |= maker.of_id(review.review_id)
    if review.product_id:
        scope.erased.product_ids.add(review.product_id)


def _add_lake(scope: Scope, platform: Platform, maker: TraceMaker) -> None:
    """What the lake still has: other forms of the texts, and reviews that the source has lost.

    Two passes: what is known of a user by key names reviews, which other tables know by id alone.
    """
    rows = ErasedRows(platform, scope.erased)
    for by_user in (True, False):
        for asset, partition in lake_partitions(platform):
            names = platform.lake.columns(asset, partition)
            if ("user_key" in names) != by_user:
                continue
            keys = [name for name in KEY_COLUMNS if name in names]
            if not set(keys) - {"product_id"}:
                continue
            hits = 0
            for table in platform.lake.batches(asset, partition, columns=keys):
                mask = rows.mask(table)
                if any(mask):
                    theirs = table.filter(pa.array(mask))
                    hits += theirs.num_rows
                    if "product_id" in keys:
                        scope.erased.product_ids.update(one for one in theirs["product_id"].to_pylist() if one)
            scope.found[f"lake: {asset}"] += hits
            if hits and set(names) & set(TEXT_COLUMNS):
                _add_texts(scope, platform, maker, rows, asset, partition)
    scope.found = +scope.found


def _add_texts(
    scope: Scope, platform: Platform, maker: TraceMaker, rows: ErasedRows, asset: str, partition: str
) -> None:
    names = platform.lake.columns(asset, partition)
    wanted = [name for name in (*TEXT_COLUMNS, "review_id", "user_key", "language") if name in names]
    for table in platform.lake.batches(asset, partition, columns=wanted):
        for row in table.filter(pa.array(rows.mask(table))).to_pylist():
            scope.erased.review_keys.add(platform.keyed_hash.review(row["review_id"]))
            scope.erased.traces |= maker.of_id(row["review_id"])
            for name in TEXT_COLUMNS:
                if name in row:
                    scope.erased.traces |= maker.of_text(row[name])
            if "cleaned_text" in row:
                # What records quote.
                for chunk in split_chunks(row["cleaned_text"], row.get("language") or "und"):
                    scope.erased.traces |= maker.of_text(chunk.text)
