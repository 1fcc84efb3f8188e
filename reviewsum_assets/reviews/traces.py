"""Traces: what a search for a person's words and ids looks for, held as keyed hashes.

An erasure has to search for words that it has already removed, and may be killed and run again when no copy of them is
left to search with. So each sentence and id is kept only as its length, a keyed hash, and 32 keyed bits of its last
bytes. The bits say where in a block of bytes it is worth to look, at some 100 MB a second, and the hash decides.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Literal

import numpy as np
import orjson
from numpy.typing import NDArray

TraceKind = Literal["text", "id", "key"]
"""`key`: the keyed hash of a user, which the tombstone is made of and so stays in the operations database."""

MIN_SENTENCE_CHARACTERS = 20
"""Shorter sentences are everyone's ("Would buy again.")."""

MIN_ID_BYTES = 6
"""Shorter ids occur by chance: they are looked for in the columns that hold ids alone."""

ANCHOR_BYTES = 8
BLOCK_BYTES = 4 << 20

_SENTENCE_END = re.compile(r"(?<=[.!?…。])\s+|[\r\n]+")


@dataclass(frozen=True, slots=True)
class Trace:
    """One sentence or id by keyed hash."""

    kind: TraceKind
    length: int
    """Bytes."""
    anchor: int
    """32 keyed bits of the last bytes, at most `ANCHOR_BYTES` of them."""
    digest: str
    """Keyed hash of all bytes, hex."""

    def to_list(self) -> list[str | int]:
        return [self.kind, self.length, self.anchor, self.digest]


def sentences_of(text: str) -> set[str]:
    """Sentences of a text that are long enough to be someone's own."""
    parts = {part.strip() for part in _SENTENCE_END.split(text)}
    return {part for part in parts if len(part) >= MIN_SENTENCE_CHARACTERS}


def stored_forms(text: str) -> set[bytes]:
    """The bytes of a text as files hold it: as it is, and within JSON of both habits."""
    plain = text.encode("utf-8", "surrogatepass")
    ascii_json = "".join(_escaped(character) for character in text).encode()
    try:
        json = orjson.dumps(text)[1:-1]
    except TypeError:
        json = plain
    return {plain, json, ascii_json}


def _escaped(character: str) -> str:
    if character < "\x80":
        return orjson.dumps(character)[1:-1].decode()
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


class TraceMaker:
    """Makes traces, and sets of them that can be searched for, under one secret key.

    Args:
        keyed: Keyed hash of bytes, at least 8 bytes long.
    """

    def __init__(self, keyed: Callable[[bytes], bytes]) -> None:
        self.digest = lambda data: keyed(data).hex()
        # Odd, so that every bit of the anchor's bytes reaches the upper half of the product.
        self.factor = np.uint64(int.from_bytes(keyed(b"anchor")[:8], "little") | 1)

    def of(self, kind: TraceKind, data: bytes) -> Trace:
        word = np.array([int.from_bytes(data[-ANCHOR_BYTES:], "little")], np.uint64)
        return Trace(kind, len(data), int((word * self.factor)[0] >> np.uint64(32)), self.digest(data))

    def of_text(self, text: str) -> set[Trace]:
        """Traces of the sentences of a text."""
        return {self.of("text", form) for part in sentences_of(text) for form in stored_forms(part)}

    def of_id(self, identifier: str, kind: TraceKind = "id") -> set[Trace]:
        """Traces of an id; none if it is too short to be told from other bytes."""
        if len(identifier.encode("utf-8", "surrogatepass")) < MIN_ID_BYTES:
            return set()
        return {self.of(kind, form) for form in stored_forms(identifier)}

    def searched(self, traces: Iterable[Trace]) -> TraceSet:
        return TraceSet(traces, self)


class TraceSet:
    """Traces to be searched for in bytes."""

    def __init__(self, traces: Iterable[Trace], maker: TraceMaker) -> None:
        self.traces = frozenset(traces)
        self._maker = maker
        self._longest = max((trace.length for trace in self.traces), default=0)
        widths: dict[int, list[Trace]] = {}
        for trace in self.traces:
            widths.setdefault(min(trace.length, ANCHOR_BYTES), []).append(trace)
        self._groups = [_Group(width, group) for width, group in sorted(widths.items())]

    def __bool__(self) -> bool:
        return bool(self.traces)

    def places(self, data: bytes) -> Iterator[tuple[int, int, Trace]]:
        """Every occurrence as (start, end, trace), in no order."""
        for group in self._groups:
            for end in group.candidates(data, self._maker.factor):
                anchor, position = end
                for trace in group.by_anchor[anchor]:
                    start = position - trace.length
                    if start >= 0 and self._maker.digest(data[start:position]) == trace.digest:
                        yield start, position, trace

    def found(self, data: bytes) -> set[Trace]:
        """The traces that occur in the bytes."""
        return {trace for _, _, trace in self.places(data)} if self.traces else set()

    def found_in(self, blocks: Iterable[bytes]) -> set[Trace]:
        """The traces that occur in bytes that come in blocks, also across their borders."""
        found: set[Trace] = set()
        tail = b""
        for block in blocks:
            data = tail + block
            found |= self.found(data)
            tail = data[-(self._longest - 1) :] if self._longest > 1 else b""
        return found

    def without(self, data: bytes, mark: bytes = b"[erased]") -> bytes:
        """The bytes with a mark in the place of each occurrence."""
        parts, last = [], 0
        for start, end, _ in sorted(self.places(data), key=lambda place: (place[0], -place[1])):
            if start >= last:
                parts += [data[last:start], mark]
            last = max(last, end)
        return b"".join([*parts, data[last:]])


class _Group:
    """Traces with anchors of one width."""

    def __init__(self, width: int, traces: Collection[Trace]) -> None:
        self._width = width
        self._mask = np.uint64((1 << 8 * width) - 1)
        self.by_anchor: dict[int, list[Trace]] = {}
        for trace in traces:
            self.by_anchor.setdefault(trace.anchor, []).append(trace)
        self._anchors = np.array(sorted(self.by_anchor), np.uint32)
        self._likely = np.zeros(1 << 16, np.bool_)
        self._likely[self._anchors >> np.uint32(16)] = True

    def candidates(self, data: bytes, factor: np.uint64) -> Iterator[tuple[int, int]]:
        """Anchors of the group that occur, as (anchor, end of its place)."""
        padded: NDArray[np.uint8] = np.frombuffer(data + b"\0" * 2 * ANCHOR_BYTES, np.uint8)
        for shift in range(min(ANCHOR_BYTES, len(data))):
            words = (len(data) - shift + ANCHOR_BYTES - 1) // ANCHOR_BYTES
            found = padded[shift : shift + ANCHOR_BYTES * words].view("<u8")
            mixed = (found & self._mask) * factor
            places = np.flatnonzero(self._likely[mixed >> np.uint64(48)])
            if not places.size:
                continue
            anchors = (mixed[places] >> np.uint64(32)).astype(np.uint32)
            known = np.isin(anchors, self._anchors)
            for place, anchor in zip(places[known].tolist(), anchors[known].tolist(), strict=True):
                end = shift + ANCHOR_BYTES * place + self._width
                if end <= len(data):
                    yield anchor, end


def blocks_of(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    """A file's bytes in blocks."""
    while block := file.read(BLOCK_BYTES):
        yield block
