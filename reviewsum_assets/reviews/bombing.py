"""Review bombing: a burst of one-sided reviews of one product that say the same, by users who bought nothing.

A true surge of complaints looks alike from afar: after a bad firmware many people are angry at once. It differs in who
writes (buyers, most of them verified, who reviewed other things before) and in what they write (each his own story). No
sign alone is enough: similarity of the texts and, where the source knows it, the share of unverified users must each
be there, and all signs together reach a score. A suspected review is set aside with that score, for a person to decide.

Each review is judged by the reviews of its product and side within a day before and after it. So a burst may span
midnight and last two days, and the verdict does not depend on where the days were cut.

Meaning is compared by the signs of the mean sentence vector (Charikar 2002): 64 bytes a review, any language.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

SUSPECTED_BOMBING = "suspected_bombing"

REACH = timedelta(hours=24)
"""A review belongs to a burst with those so long before and after it: bursts of up to two days are seen whole."""

MIN_BURST = 6
"""Unverified reviews that say the same, the judged one among them, from which a burst is looked at."""

LOW_STARS, HIGH_STARS = (1, 2), (5,)
"""The two sides: bombs are thrown to move the mean."""

LINK = 0.4
"""Cosine from which two reviews say the same."""

MIN_SIMILARITY, FULL_SIMILARITY = 0.5, 0.85
"""Mean cosine of a review to the nearest half of those that say the same: the least, and the one that counts in full.
Honest reviews of one product and side, put into one day (1,800 public ones), have a median of 0.52, nine in ten below
0.61 and 99 in 100 below 0.70; reworded handouts in six languages, written for the tests, lie between 0.56 and 0.91."""

MIN_SIMILARITY_UNKNOWN = 0.65
"""The least where the source does not know who bought."""

MIN_UNVERIFIED_SHARE = 0.6
"""Least share of unverified users among those who say the same."""

MIN_SCORE = 0.65
STRICTER = 0.1
"""Least score with all signs; so much more where the source does not know who bought, and again where the product has
no history to compare with. At these an honest crowd of unverified users with a history like itself stays below."""

TRAILING_DAYS = 30
"""Days of `usual_stars`."""
MIN_USUAL = 5
"""Reviews in the trailing days below which a product has no usual star mix and no usual rate."""

USUAL_SURPLUS, CLEAR_SURPLUS = 2.0, 6.0
"""Reviews of the side above the usual number, in standard deviations of a Poisson process: up to the first it is no
burst at all, from the second on the sign is full."""

WEIGHTS = {"similarity": 0.35, "unverified": 0.25, "one_sided": 0.15, "burst": 0.15, "novelty": 0.10}
"""Novelty weighs least: on a marketplace most reviewers have written nothing else in the month."""

COLUMNS = (
    "review_id",
    "product_id",
    "user_key",
    "created_at",
    "star_rating",
    "verified_purchase",
    "sketch",
    "own_reason",
)
"""Columns of `screened_reviews` that are read."""

KnownUsers = Callable[[set[str]], set[str]]
UsualStars = Callable[[set[str]], Mapping[str, Sequence[int]]]

_BLOCK = 256
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REACH_US = REACH // timedelta(microseconds=1)


@dataclass(frozen=True)
class Suspicion:
    """Why a review is suspected: how strong all signs together are (0–1), and in which burst (product, first day)."""

    score: float
    product_id: str
    since: date


def sketch_of(vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Signs of the mean of the chunk vectors, packed: shape (n, d) to (d / 8,)."""
    return np.packbits(vectors.mean(axis=0) > 0)


def suspects(
    day: date, around: pa.Table, known_users: KnownUsers, usual_stars: UsualStars | None = None
) -> dict[str, Suspicion]:
    """The day's suspected reviews by id, sorted.

    Args:
        day: Day (UTC) whose reviews are judged.
        around: Rows of the day before, the day and the day after, with `COLUMNS`.
        known_users: Which of these users wrote another review in the trailing days. Asked once, about those who write
            in bursts.
        usual_stars: Number of 1, 2, … 5-star reviews that these products had in the `TRAILING_DAYS` before `around`.
            None, or too few: the two signs that need it are left out.
    """
    bursts = [burst for burst in _bursts(around) if burst.on(day).any()]
    if not bursts:
        return {}
    close = [(burst, burst.close(day)) for burst in bursts]
    users = {user for burst, near in close for mates in near.values() for user in burst.users[mates.members]}
    known = known_users(users) if users else set()
    products = {burst.product_id for burst, near in close if near}
    usual = usual_stars(products) if usual_stars and products else {}
    found: dict[str, Suspicion] = {}
    for burst, near in close:
        is_new = np.array([user not in known for user in burst.users])
        for row, mates in near.items():
            score, needed = burst.score(row, mates, is_new, usual.get(burst.product_id, ()))
            if score >= needed:
                since = _EPOCH + timedelta(microseconds=int(burst.times[mates.members].min()))
                found[burst.ids[row]] = Suspicion(round(score, 4), burst.product_id, since.date())
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class _Mates:
    """The reviews of a burst that say the same as one of it, itself included.

    `unverified_share` is None where the source knows of none of them whether its user bought.
    """

    members: NDArray[np.int64]
    similarity: float
    unverified_share: float | None


@dataclass(frozen=True)
class _Burst:
    """Reviews of one product and side, in order of time, and the times of all of its reviews."""

    product_id: str
    stars: tuple[int, ...]
    ids: NDArray[np.object_]
    users: NDArray[np.object_]
    times: NDArray[np.int64]
    verified: NDArray[np.int8]
    """1 bought, 0 did not, -1 unknown."""
    signs: NDArray[np.float32]
    all_times: NDArray[np.int64]
    """Times of the product's reviews of any stars, sorted."""

    def on(self, day: date) -> NDArray[np.bool_]:
        """Which may be suspected: written on the day and not by a verified buyer."""
        start = (datetime(day.year, day.month, day.day, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
        return (self.times >= start) & (self.times < start + 86_400_000_000) & (self.verified != 1)

    def close(self, day: date) -> dict[int, _Mates]:
        """Those of the day that enough others resemble, row by row."""
        found: dict[int, _Mates] = {}
        rows = np.flatnonzero(self.on(day))
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            low = int(np.searchsorted(self.times, self.times[block[0]] - _REACH_US, "left"))
            high = int(np.searchsorted(self.times, self.times[block[-1]] + _REACH_US, "right"))
            cosines = _cosines(self.signs[block], self.signs[low:high])
            for row, of_row in zip(block, cosines, strict=True):
                if mates := self._mates(int(row), low, of_row):
                    found[int(row)] = mates
        return found

    def _mates(self, row: int, low: int, cosines: NDArray[np.float32]) -> _Mates | None:
        times = self.times[low : low + len(cosines)]
        near = np.flatnonzero((np.abs(times - self.times[row]) <= _REACH_US) & (cosines >= LINK))
        members = near + low
        verified = self.verified[members]
        alike = np.sort(cosines[near[(verified != 1) & (members != row)]])[::-1]
        if len(alike) + 1 < MIN_BURST:
            return None
        known = verified != -1
        # Unknown users among known ones are taken as the known ones are: they change no share.
        share = float(np.mean(verified[known] == 0)) if known.any() else None
        similarity = float(alike[: max(MIN_BURST - 1, len(alike) // 2)].mean())
        if share is not None and share < MIN_UNVERIFIED_SHARE:
            return None
        if similarity < (MIN_SIMILARITY_UNKNOWN if share is None else MIN_SIMILARITY):
            return None
        return _Mates(members, similarity, share)

    def score(self, row: int, mates: _Mates, is_new: NDArray[np.bool_], usual: Sequence[int]) -> tuple[float, float]:
        """Weighted mean of the signs that are known, 0–1, and the least one for a suspicion."""
        signs: dict[str, float] = {
            "similarity": _between(mates.similarity, MIN_SIMILARITY, FULL_SIMILARITY),
            "novelty": _between(float(is_new[mates.members].mean()), 0.5, 1.0),
        }
        needed = MIN_SCORE
        if mates.unverified_share is None:
            needed += STRICTER
        else:
            signs["unverified"] = mates.unverified_share
        if sum(usual) < MIN_USUAL:
            needed += STRICTER
        else:
            of_side = sum(usual[stars - 1] for stars in self.stars)
            reach = (self.times[row] - _REACH_US, self.times[row] + _REACH_US)
            here = _count(self.times, reach)
            expected = of_side * 2 * REACH / timedelta(days=TRAILING_DAYS)
            surplus = (here - expected) / math.sqrt(expected + 1)
            if surplus <= USUAL_SURPLUS:
                return 0.0, needed
            signs["burst"] = _between(surplus, USUAL_SURPLUS, CLEAR_SURPLUS)
            signs["one_sided"] = _between(here / _count(self.all_times, reach), of_side / sum(usual), 1.0)
        weight = sum(WEIGHTS[name] for name in signs)
        return sum(WEIGHTS[name] * value for name, value in signs.items()) / weight, needed


def _bursts(around: pa.Table) -> Iterator[_Burst]:
    """Products and sides with reviews enough for a burst, sorted."""
    rows = around.select(list(COLUMNS)).filter(pc.field("own_reason").is_null())
    rows = rows.set_column(COLUMNS.index("created_at"), "created_at", _microseconds(rows["created_at"]))
    for stars in (LOW_STARS, HIGH_STARS):
        side = rows.filter(
            pc.is_in(rows["star_rating"], value_set=pa.array(stars, rows["star_rating"].type)),
        ).filter(pc.field("sketch").is_valid())
        open_ = side.filter(~pc.fill_null(side["verified_purchase"], False).to_numpy(zero_copy_only=False).astype(bool))
        counts = open_.group_by("product_id").aggregate([("product_id", "count")])
        products = counts.filter(pc.greater_equal(counts["product_id_count"], MIN_BURST))["product_id"]
        if not len(products):
            continue
        products = products.combine_chunks()
        side = side.filter(pc.is_in(side["product_id"], value_set=products))
        side = side.sort_by([(name, "ascending") for name in ("product_id", "created_at", "review_id")])
        whole = rows.filter(pc.is_in(rows["product_id"], value_set=products))
        whole = whole.select(["product_id", "created_at"]).sort_by(
            [("product_id", "ascending"), ("created_at", "ascending")]
        )
        bounds, all_bounds = _groups(side["product_id"]), _groups(whole["product_id"])
        for product_id, (start, end) in bounds.items():
            part = side.slice(start, end - start)
            all_start, all_end = all_bounds[product_id]
            verified = pc.fill_null(part["verified_purchase"].cast(pa.int8()), -1)
            yield _Burst(
                product_id,
                stars,
                part["review_id"].to_numpy(),
                part["user_key"].to_numpy(),
                part["created_at"].to_numpy(),
                verified.to_numpy().astype(np.int8),
                _signs(part["sketch"].to_pylist()),
                whole["created_at"].slice(all_start, all_end - all_start).to_numpy(),
            )


def _microseconds(times: pa.ChunkedArray) -> pa.ChunkedArray:
    return times.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())


def _groups(sorted_keys: pa.ChunkedArray) -> dict[str, tuple[int, int]]:
    """First row and row after the last of each key."""
    runs = pc.run_end_encode(sorted_keys.combine_chunks().cast(pa.string()))
    runs = runs.chunk(0) if isinstance(runs, pa.ChunkedArray) else runs
    ends = runs.run_ends.to_pylist()
    return dict(zip(runs.values.to_pylist(), zip([0, *ends], ends, strict=False), strict=True))


def _signs(sketches: Sequence[bytes]) -> NDArray[np.float32]:
    """Packed signs as rows of -1 and 1."""
    packed = np.frombuffer(b"".join(sketches), np.uint8).reshape(len(sketches), -1)
    return np.unpackbits(packed, axis=1).astype(np.float32) * 2 - 1


def _cosines(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """Estimated cosine of each pair, shape (left, right): the angle is the share of signs that differ."""
    return np.sin(np.pi / 2 * (left @ right.T) / left.shape[1], dtype=np.float32)


def _between(value: float, low: float, high: float) -> float:
    """Where a value lies between two others, 0–1."""
    if high <= low:
        return float(value > low)
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _count(times: NDArray[np.int64], reach: tuple[int, int]) -> int:
    return int(np.searchsorted(times, reach[1], "right") - np.searchsorted(times, reach[0], "left"))
