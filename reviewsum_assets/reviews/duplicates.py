"""Copies of a review under other names, products or days: the first one counts, later ones are set aside.

MinHash (Broder 1997) over word trigrams with banded locality-sensitive hashing: rensa signs the texts one by one, numpy
finds the signatures that share a band. A day is compared with itself and with the days before it, which pass by one at
a time, so memory follows the day and not the window.

What makes a copy differs by who wrote it. One user who posts the same words again says nothing new, on whatever
product. Two users who write the same six words (`top, works just as it should`) are two opinions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rensa import RMinHash

PERMUTATIONS = 128
SIGNATURE_BYTES = 4 * PERMUTATIONS

ROWS_A_BAND = 3
BANDS = PERMUTATIONS // ROWS_A_BAND
"""42 bands of three: a pair at similarity 0.5 shares one with probability .996, at 0.2 with .29 (then compared)."""

MIN_WORDS = 6
"""Shorter texts are never copies, not even of oneself: `Great product` on fifty products is fifty opinions."""

SIMILARITY = 0.5
"""Jaccard similarity of word trigrams from which a text is a copy. Among 23,000 public reviews in six languages no two
of ten words or more that were written independently reached it (the nearest were at 0.41); the 1,800 pairs above it
were read in samples and were copies, some with a sentence added."""

MIN_WORDS_OTHER_USER = 10
"""Below it a text of another user is never a copy: the independent pairs at similarity 1.0 in the same reviews had up
to nine words, all praise without a detail."""

MIN_WORDS_OTHER_PRODUCT = 15
SHORT_SIMILARITY = 0.9
"""A text of ten to fourteen words by another user on another product is a copy only if hardly a word differs: shops
hand out such sentences (`as expected, fast delivery, would buy again from this seller`)."""

COLUMNS = ("review_id", "created_at", "signature", "word_count", "user_key", "product_id", "own_reason")
"""Columns of `screened_reviews` that are read."""

_SEED = 20_240_501
_WORD = re.compile(r"\w+")
_SLICE_ROWS = 16_384
"""Rows of an earlier day looked at together: 8 MB of signatures."""
_PAIRS_A_BLOCK = 16_384
_PAIRS_HELD = 2_000_000
_PAIRS_A_GROUP = 64
"""Rows of the day times earlier rows that share a band, up to which each pair is compared."""
_BITMAP_BITS = 20


@dataclass(frozen=True)
class Copy:
    """A later copy of an earlier review.

    Attributes:
        original: Review that counts.
        similarity: Estimated Jaccard similarity to it, or to the copy of it that is nearer, 0–1 (standard error 0.04).
    """

    original: str
    similarity: float


def signatures_of(texts: Sequence[str]) -> list[bytes | None]:
    """MinHash signature of each text, 128 little-endian uint32 in 512 bytes; None below `MIN_WORDS` words."""
    found: list[bytes | None] = [None] * len(texts)
    places: list[int] = []
    shingles: list[list[str]] = []
    for place, text in enumerate(texts):
        words = _WORD.findall(text.lower())
        if len(words) >= MIN_WORDS:
            places.append(place)
            shingles.append(sorted({" ".join(words[i : i + 3]) for i in range(len(words) - 2)}))
    if shingles:
        digests = np.asarray(RMinHash.digests_from_token_sets(shingles, PERMUTATIONS, _SEED), dtype="<u4")
        for place, row in zip(places, digests, strict=True):
            found[place] = row.tobytes()
    return found


def find_copies(day: pa.Table, earlier: Iterable[pa.Table]) -> dict[str, Copy]:
    """The day's later copies by review id, sorted.

    Of reviews alike the first by (created_at, review_id) counts and is not among them. Reviews set aside by themselves
    (`own_reason`) neither are nor have copies.

    Args:
        day: Rows of one day with `COLUMNS`.
        earlier: Rows of the days before, in tables of any size and order; one is held at a time.

    Raises:
        ValueError: a signature does not have 512 bytes.
    """
    rows = _Rows.of(day).in_order()
    if not len(rows):
        return {}
    index = _BandIndex(rows)
    best = _Best(len(rows))
    for table in earlier:
        for start in range(0, table.num_rows, _SLICE_ROWS):
            index.compare(table.slice(start, _SLICE_ROWS), best)
    within = index.within()
    copies: dict[str, Copy] = {}
    for position in range(len(rows)):
        review_id = rows.ids[position].as_py()
        if best.ids[position] is not None:
            copies[review_id] = Copy(best.ids[position] or "", float(best.similarity[position]))
        elif (other := int(within.of[position])) >= 0:
            other_id = rows.ids[other].as_py()
            original = copies[other_id].original if other_id in copies else other_id
            copies[review_id] = Copy(original, float(within.similarity[position]))
    return dict(sorted(copies.items()))


@dataclass(frozen=True)
class _Rows:
    """Rows that may be or have copies, column by column."""

    ids: pa.Array
    times: NDArray[np.int64]
    words: NDArray[np.int32]
    users: pa.Array
    products: pa.Array
    signatures: NDArray[np.uint32]

    @staticmethod
    def of(table: pa.Table) -> _Rows:
        table = table.select(list(COLUMNS)).filter(pc.field("own_reason").is_null() & pc.field("signature").is_valid())
        table = table.combine_chunks()

        def column(name: str) -> pa.Array:
            chunks = table[name].chunks
            return chunks[0] if chunks else pa.array([], table.schema.field(name).type)

        return _Rows(
            ids=column("review_id"),
            times=column("created_at").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy(),
            words=column("word_count").cast(pa.int32()).to_numpy(),
            users=column("user_key"),
            products=column("product_id"),
            signatures=_unpacked(column("signature")),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def in_order(self) -> _Rows:
        """Sorted by (created_at, review_id)."""
        order = np.asarray(
            pc.sort_indices(
                pa.table({"time": self.times, "id": self.ids}), sort_keys=[("time", "ascending"), ("id", "ascending")]
            )
        )
        return _Rows(
            self.ids.take(order),
            self.times[order],
            self.words[order],
            self.users.take(order),
            self.products.take(order),
            self.signatures[order],
        )


class _Best:
    """For each row of the day the earliest review of the days before that it copies."""

    def __init__(self, rows: int) -> None:
        self.ids: list[str | None] = [None] * rows
        self.times = np.full(rows, np.iinfo(np.int64).max)
        self.similarity = np.zeros(rows)

    def offer(self, row: int, time: int, review_id: str, similarity: float) -> None:
        known = self.ids[row]
        if known is None or (time, review_id) < (int(self.times[row]), known):
            self.ids[row], self.times[row], self.similarity[row] = review_id, time, similarity


class _BandIndex:
    """The bands of a day's signatures, sorted, against which the days before are read."""

    def __init__(self, rows: _Rows) -> None:
        self._rows = rows
        self._users = rows.users.unique()
        self._products = rows.products.unique()
        self._user_of = _places(rows.users, self._users)
        self._product_of = _places(rows.products, self._products)
        self._keys = np.empty((BANDS, len(rows)), dtype=np.uint64)
        self._order = np.empty((BANDS, len(rows)), dtype=np.int32)
        # Most earlier rows share no band: a bitmap a band says so at once.
        self._bitmap = np.zeros((BANDS, 1 << _BITMAP_BITS), dtype=np.bool_)
        for band, keys in enumerate(_band_keys(rows.signatures)):
            self._bitmap[band, _low_bits(keys)] = True
            self._order[band] = _stable_order(keys)
            self._keys[band] = keys[self._order[band]]

    def within(self) -> _Within:
        """For each row the earliest row of the same day that it copies."""
        rows = self._rows
        parts: list[NDArray[np.int64]] = []
        held = 0
        for keys, order in zip(self._keys, self._order, strict=True):
            same = keys[1:] == keys[:-1]
            shared = np.flatnonzero(np.append(same, False) | np.append(False, same))
            if not len(shared):
                continue
            members = order[shared].astype(np.int64)
            parts.append(_neighbours(keys[shared], members))
            # Among many equal texts the same user's are neither the first nor the one before.
            of_user = _with_user(keys[shared], self._user_of[members])
            by_user = _stable_order(of_user, members)
            parts.append(_neighbours(of_user[by_user], members[by_user]))
            held += sum(part.shape[1] for part in parts[-2:])
            if held > _PAIRS_HELD:
                parts = [np.stack(_distinct(np.concatenate(parts, axis=1)))]
                held = parts[0].shape[1]
        within = _Within(np.full(len(rows), -1), np.zeros(len(rows)))
        if not parts:
            return within
        later, sooner = _distinct(np.concatenate(parts, axis=1))
        similarity = _similarities(rows.signatures, rows.signatures, later, sooner)
        copied = similarity >= _needed(
            np.minimum(rows.words[later], rows.words[sooner]),
            self._user_of[later] == self._user_of[sooner],
            self._product_of[later] == self._product_of[sooner],
        )
        later, sooner, similarity = later[copied], sooner[copied], similarity[copied]
        # Sorted by (later, sooner): written backwards, the earliest of each stays.
        within.of[later[::-1]] = sooner[::-1]
        within.similarity[later[::-1]] = similarity[::-1]
        return within

    def compare(self, table: pa.Table, best: _Best) -> None:
        """Offer `best` the rows of a table that rows of the day copy."""
        other = _Rows.of(table)
        if not len(other):
            return
        other = other.in_order()
        users, products = _places(other.users, self._users), _places(other.products, self._products)
        pairs = [
            self._pairs(band, keys[hit], hit, users)
            for band, keys in enumerate(_band_keys(other.signatures))
            if len(hit := np.flatnonzero(self._bitmap[band, _low_bits(keys)]))
        ]
        if not pairs:
            return
        left, right = _distinct(np.concatenate(pairs, axis=1))
        before = (other.times[right] < self._rows.times[left]) | (
            (other.times[right] == self._rows.times[left])
            & np.asarray(pc.less(other.ids.take(right), self._rows.ids.take(left)), dtype=bool)
        )
        left, right = left[before], right[before]
        similarity = _similarities(self._rows.signatures, other.signatures, left, right)
        copied = similarity >= _needed(
            np.minimum(self._rows.words[left], other.words[right]),
            self._user_of[left] == users[right],
            self._product_of[left] == products[right],
        )
        for row, source, value in zip(left[copied], right[copied], similarity[copied], strict=True):
            best.offer(int(row), int(other.times[source]), other.ids[int(source)].as_py(), float(value))

    def _pairs(
        self, band: int, keys: NDArray[np.uint64], rows: NDArray[np.int64], users: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Pairs (row of the day, other row), shape (2, n), that share a band: all of a small group, of a flood of
        equal texts each row with the first of the others and with the first by its own user."""
        order = _stable_order(keys, rows)
        keys, rows = keys[order], rows[order]
        starts = np.searchsorted(self._keys[band], keys, "left")
        ends = np.searchsorted(self._keys[band], keys, "right")
        found = ends > starts
        keys, rows, starts, sizes = keys[found], rows[found], starts[found], (ends - starts)[found]
        group = np.cumsum(np.append(True, keys[1:] != keys[:-1])) - 1 if len(keys) else np.empty(0, np.int64)
        crowded = np.bincount(group)[group] * sizes > _PAIRS_A_GROUP
        few = np.flatnonzero(~crowded)
        repeats = sizes[few]
        within = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        left = self._order[band][np.repeat(starts[few], repeats) + within].astype(np.int64)
        pairs = [np.stack([left, np.repeat(rows[few], repeats)])]
        for number in np.unique(group[crowded]):
            members = np.flatnonzero(group == number)
            others = rows[members]
            day_rows = self._order[band][starts[members[0]] :][: sizes[members[0]]].astype(np.int64)
            known, first = np.unique(users[others], return_index=True)
            place = np.minimum(np.searchsorted(known, self._user_of[day_rows]), len(known) - 1)
            same = known[place] == self._user_of[day_rows]
            pairs.append(np.stack([day_rows, np.full(len(day_rows), others[0])]))
            pairs.append(np.stack([day_rows[same], others[first[place[same]]]]))
        return np.concatenate(pairs, axis=1)


@dataclass(frozen=True)
class _Within:
    """For each row of the day the earliest row of the same day that it copies, -1 for none, and how near it is."""

    of: NDArray[np.int64]
    similarity: NDArray[np.float64]


def _needed(
    words: NDArray[np.int32], same_user: NDArray[np.bool_], same_product: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Similarity that makes a copy of a pair whose shorter text has so many words; above 1 where nothing does."""
    of_others = np.where(
        words < MIN_WORDS_OTHER_USER,
        2.0,
        np.where((words < MIN_WORDS_OTHER_PRODUCT) & ~same_product, SHORT_SIMILARITY, SIMILARITY),
    )
    return np.where(same_user, SIMILARITY, of_others)


def _unpacked(signatures: pa.Array) -> NDArray[np.uint32]:
    """A binary column as an array of shape (n, 128)."""
    if not len(signatures):
        return np.empty((0, PERMUTATIONS), dtype=np.uint32)
    if pc.any(pc.not_equal(pc.binary_length(signatures), SIGNATURE_BYTES)).as_py():
        raise ValueError(f"a signature does not have {SIGNATURE_BYTES} bytes: screen its day again")
    offsets = np.frombuffer(signatures.buffers()[1], np.int32)
    data = np.frombuffer(signatures.buffers()[2], np.uint8)
    start = int(offsets[signatures.offset])
    return data[start : start + len(signatures) * SIGNATURE_BYTES].view("<u4").reshape(-1, PERMUTATIONS)


def _band_keys(signatures: NDArray[np.uint32]) -> Iterator[NDArray[np.uint64]]:
    """64-bit hash of each band of each row, band by band."""
    for band in range(BANDS):
        keys = np.zeros(len(signatures), dtype=np.uint64)
        for column in range(band * ROWS_A_BAND, (band + 1) * ROWS_A_BAND):
            keys = _mixed(keys ^ signatures[:, column])
        yield keys


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    keys = (keys + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    keys ^= keys >> np.uint64(29)
    keys *= np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(32))


def _with_user(keys: NDArray[np.uint64], users: NDArray[np.int64]) -> NDArray[np.uint64]:
    return _mixed(keys ^ users.astype(np.uint64))


def _low_bits(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return keys & np.uint64((1 << _BITMAP_BITS) - 1)


def _places(values: pa.Array, known: pa.Array) -> NDArray[np.int64]:
    """Place of each value among the known ones; -1 for others."""
    places: NDArray[np.int64] = pc.fill_null(pc.index_in(values, value_set=known), -1).to_numpy().astype(np.int64)
    return places


def _stable_order(keys: NDArray[np.uint64], rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """Order by key, then by row. Equal keys are rare: numpy's fast sort, which mixes them up, and they alone again."""
    rows = np.arange(len(keys)) if rows is None else rows
    order = np.argsort(keys)
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    shared = np.flatnonzero(np.append(same, False) | np.append(False, same)) if len(keys) else order
    members = order[shared]
    order[shared] = members[np.lexsort((rows[members], keys[members]))]
    return order


def _neighbours(keys: NDArray[np.uint64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs (later row, earlier row), shape (2, n), of equal keys: with the first of its kind and the one before.

    Both are sorted by (key, row).
    """
    starts = np.append(True, keys[1:] != keys[:-1])
    later = np.flatnonzero(~starts)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(keys)), 0))[later]
    return np.stack([rows[np.concatenate([later, later])], rows[np.concatenate([first, later - 1])]])


def _distinct(pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each pair once, sorted."""
    packed = np.sort((pairs[0] << 32) | pairs[1])
    packed = packed[np.append(True, packed[1:] != packed[:-1])] if len(packed) else packed
    return packed >> 32, packed & 0xFFFFFFFF


def _similarities(
    left: NDArray[np.uint32], right: NDArray[np.uint32], left_rows: NDArray[np.int64], right_rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Share of equal hashes of each pair of rows."""
    found = np.empty(len(left_rows))
    for start in range(0, len(found), _PAIRS_A_BLOCK):
        block = slice(start, start + _PAIRS_A_BLOCK)
        found[block] = (left[left_rows[block]] == right[right_rows[block]]).mean(axis=1)
    return found
