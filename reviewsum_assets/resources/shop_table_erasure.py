"""Erasure where a shop's own table is the source: its rows are found, and stay where they are.

The shop deletes them in its own time. Tombstones keep them out of the platform until then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from reviewsum_assets.resources.shop_table import ShopTable
from reviewsum_assets.resources.source_erasure import Letter, SourceReview
from reviewsum_assets.reviews.intake import identifier_text

_FIELDS = tuple(SourceReview.__dataclass_fields__)


class ShopTableErasure:
    """Finds reviews in a shop's table by their ids as ingestion takes them, whatever type its columns have."""

    place = "shop's table: reviews"
    stays = True

    def __init__(self, source: ShopTable) -> None:
        self._source = source

    @property
    def foreign_file(self) -> Path | None:
        return self._source.file

    def reviews_of(self, user_ids: Collection[str], review_ids: Collection[str]) -> Iterator[SourceReview]:
        """Every row of users and of reviews named, streamed: a shop need not keep its ids apart."""
        users, named = set(user_ids), set(review_ids)
        return self.reviews_like(lambda review_id, user_id: user_id in users or review_id in named)

    def reviews_like(self, fits: Callable[[str, str], bool]) -> Iterator[SourceReview]:
        """The rows whose (review id, user id) fit, marked as deleted or not; an id that is none is empty."""
        for review_id, user_id, product_id, text in self._source.every_row(_FIELDS):
            ids = identifier_text(review_id) or "", identifier_text(user_id) or ""
            if fits(*ids):
                yield SourceReview(*ids, identifier_text(product_id) or "", "" if text is None else str(text))

    def noted(self) -> Iterator[str]:
        return iter(())

    def letters(self) -> Iterator[Letter]:
        """None: ingestion judges the rows, and its dead letters are in the lake."""
        return iter(())

    def delete(self, review_ids: Iterable[str], letter_ids: Iterable[str]) -> tuple[int, int]:
        return 0, 0

    def vacuum(self) -> str:
        return "the shop's table is never written"
