"""The days around a day, as cleaning looks at them: who wrote what alike, when, and in which language.

A review may be a copy of an earlier one, and a burst may span midnight. So a day's verdicts depend on the screened
reviews of the days before and of the day after, and on nothing else: whatever order days are run in, the end is the
same.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.contracts.tables import ScreenedReviews, arrow_schema
from reviewsum_assets.resources.lake import Lake
from reviewsum_assets.reviews import bombing, duplicates
from reviewsum_assets.stages.screen import SCREENED

DAYS_BEFORE = 30
"""How far back a copy or an earlier review of a user is looked for."""

DAYS_AFTER = 1

CACHE_BYTES = 256 * 2**20
"""Columns of days that a run keeps: those of a month of a mid-sized shop. A larger shop reads its days again."""

COLUMNS = tuple(
    dict.fromkeys((*duplicates.COLUMNS, *bombing.COLUMNS, "language", "language_confidence", "language_shares"))
)


class DayCache:
    """Columns of screened days that were read last, up to `CACHE_BYTES`."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._tables: OrderedDict[tuple[str, str], pa.Table] = OrderedDict()
        self._bytes = 0

    def batches(self, day: str) -> Iterator[pa.Table]:
        """The day's rows with `COLUMNS`; in one table where they are kept, else streamed."""
        info = self._lake.info(SCREENED, day)
        if info is None or not info.sound or not info.rows:
            return
        key = (day, info.data_version)
        if key in self._tables:
            self._tables.move_to_end(key)
            yield self._tables[key]
            return
        held: list[pa.Table] | None = []
        size = 0
        for batch in self._lake.batches(SCREENED, day, columns=list(COLUMNS)):
            size += batch.nbytes
            if size > CACHE_BYTES // 8:
                held = None
            if held is not None:
                held.append(batch)
            yield batch
        if held is not None:
            self._keep(key, pa.concat_tables(held))

    def _keep(self, key: tuple[str, str], table: pa.Table) -> None:
        self._tables[key] = table
        self._bytes += table.nbytes
        while self._bytes > CACHE_BYTES:
            _, dropped = self._tables.popitem(last=False)
            self._bytes -= dropped.nbytes


def window_days(day: str) -> list[str]:
    """The days whose screened reviews decide the verdicts of a day, in order."""
    middle = date.fromisoformat(day)
    return [(middle + timedelta(days=offset)).isoformat() for offset in range(-DAYS_BEFORE, DAYS_AFTER + 1)]


class Window:
    """The screened reviews around one day."""

    def __init__(self, cache: DayCache, day: str) -> None:
        self._cache = cache
        self._day = day
        days = window_days(day)
        self._before = days[:DAYS_BEFORE]

    def day(self) -> pa.Table:
        """The day itself."""
        return self._table([self._day], COLUMNS)

    def earlier(self) -> Iterator[pa.Table]:
        """The days before, streamed."""
        for day in self._before:
            yield from self._cache.batches(day)

    def around(self) -> pa.Table:
        """The day before, the day and the day after, with what shows a burst."""
        middle = date.fromisoformat(self._day)
        days = [(middle + timedelta(days=offset)).isoformat() for offset in (-1, 0, 1)]
        return self._table(days, bombing.COLUMNS)

    def known_users(self, users: set[str]) -> set[str]:
        """Which of these users wrote a review in the days before yesterday."""
        wanted = pa.array(sorted(users), pa.string())
        known: set[str] = set()
        for day in self._before[:-1]:
            for batch in self._cache.batches(day):
                known.update(pc.unique(batch["user_key"].filter(pc.is_in(batch["user_key"], wanted))).to_pylist())
        return known

    def usual_stars(self, products: set[str]) -> dict[str, Sequence[int]]:
        """Number of 1- to 5-star reviews of each of these products in the days before yesterday."""
        wanted = pa.array(sorted(products), pa.string())
        stars: dict[str, list[int]] = {product: [0] * 5 for product in products}
        for day in self._before[:-1]:
            for batch in self._cache.batches(day):
                own = batch.filter(pc.is_in(batch["product_id"], wanted))
                for product, star in zip(own["product_id"].to_pylist(), own["star_rating"].to_pylist(), strict=True):
                    stars[product][star - 1] += 1
        return dict(stars)

    def languages_of(self, column: str, keys: set[str]) -> dict[str, Counter[str]]:
        """Languages of the reviews around, by user or product, where their text alone is sure."""
        wanted = pa.array(sorted(keys), pa.string())
        found: dict[str, Counter[str]] = {key: Counter() for key in keys}
        if not keys:
            return found
        for day in [*self._before, self._day]:
            for batch in self._cache.batches(day):
                sure = pc.and_(
                    pc.and_(pc.is_null(batch["language_shares"]), pc.is_in(batch["language"], pa.array(LOCALES))),
                    pc.is_in(batch[column], wanted),
                )
                own = batch.filter(sure)
                for key, language in zip(own[column].to_pylist(), own["language"].to_pylist(), strict=True):
                    found[key][language] += 1
        return found

    def _table(self, days: Sequence[str], columns: Sequence[str]) -> pa.Table:
        tables = [batch.select(list(columns)) for day in days for batch in self._cache.batches(day)]
        schema = arrow_schema(ScreenedReviews)
        return pa.concat_tables(tables or [pa.schema([schema.field(name) for name in columns]).empty_table()])
