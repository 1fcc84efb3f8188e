"""Bytes to lines: the part of reading an export that deals with gzip, encodings, endless lines and broken files.

Everything is streamed. Memory is bounded by `MAX_LINE_BYTES`, however large the file, its lines or what a small
archive unfolds to. A file that breaks off yields every whole line first and then one line that carries the problem.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAX_LINE_BYTES = 8 * 1024 * 1024
"""A longer line is no review: it is refused without being held in memory."""

KEPT_BYTES = 64 * 1024
"""What is kept of a line that is refused for its length."""

GZIP_MAGIC = b"\x1f\x8b"
_EXPORT_AGAIN = "what came before is whole; export it again and load it again"
_READ_BYTES = 64 * 1024
_FIRST_END = re.compile(rb"\r*\n|\r+")

_ENCODING_SHOWS_IN = 16
"""Bytes at the start of an export that are ASCII in any of them: a brace and a key, or the first name of a header."""

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""UTF-32 first: its little-endian mark begins with that of UTF-16."""

_ZEROS = (("utf-16-le", 2, {1}), ("utf-16-be", 2, {0}), ("utf-32-le", 4, {1, 2, 3}), ("utf-32-be", 4, {0, 1, 2}))
"""Encoding, bytes a character, and which of them are zero for a Latin letter."""
_UNFOLDED_BYTES = 1024 * 1024


class ExportError(Exception):
    """A file that cannot be read as a review export; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be read."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end; with a problem it is no row, and `data` is only what was left of it."""

    number: int
    """From 1, as editors count."""
    data: bytes
    problem: Problem | None = None
    end: bytes = b"\n"
    """The line's end as it was. Empty for a last line without one: the file may have been cut there."""

    @property
    def ended(self) -> bool:
        return bool(self.end)


class _BrokenFileError(Exception):
    """The stream of bytes ends where it should not."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a text file, gzipped or plain, in UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

    Gzip is recognised by its content, not by the file's name. Lines end in LF, CRLF or, where the first one does, CR
    alone. After a break (a truncated or damaged archive, a read error) the last item has a problem that says where.
    """
    with path.open("rb") as file:
        yield from _split(_as_utf8(unfolded(file)))


def unfolded(file: BinaryIO) -> Iterator[bytes]:
    """The file's bytes in chunks of at most a megabyte, gunzipped if they are gzip."""
    head = _read(file, 0)
    if head.startswith(GZIP_MAGIC):
        yield from _gunzipped(head, file)
        return
    position = 0
    while head:
        yield head
        position += len(head)
        head = _read(file, position)


def _read(file: BinaryIO, position: int) -> bytes:
    try:
        return file.read(_READ_BYTES)
    except OSError as error:
        reason = f"the file cannot be read after byte {position:,} ({error.strerror or error})"
        raise _BrokenFileError(Problem("damaged_file", f"{reason}: {_EXPORT_AGAIN}")) from error


def _gunzipped(head: bytes, file: BinaryIO) -> Iterator[bytes]:
    """All members of a gzip file. Unlike the standard library it hands out every byte before a damaged place."""
    inflater = zlib.decompressobj(wbits=31)
    position, pending, unfolded_bytes = len(head), head, 0
    while True:
        before = inflater.copy()
        try:
            chunk = inflater.decompress(pending, _UNFOLDED_BYTES)
        except zlib.error:
            for byte in _salvaged(before, pending):
                unfolded_bytes += len(byte)
                yield byte
            reason = f"the gzip archive is damaged after {unfolded_bytes:,} unpacked bytes"
            problem = Problem(
                "damaged_file", f"{reason}: what came before is loaded; export it again and load it again"
            )
            raise _BrokenFileError(problem) from None
        if chunk:
            unfolded_bytes += len(chunk)
            yield chunk
        pending = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        if inflater.eof:
            pending = pending.lstrip(b"\0")
            while not pending and (more := _read(file, position)):
                position += len(more)
                pending = more.lstrip(b"\0")
            if not pending:
                return
            inflater = zlib.decompressobj(wbits=31)
        elif not pending and len(chunk) < _UNFOLDED_BYTES:
            pending = _read(file, position)
            position += len(pending)
            if not pending:
                reason = f"the gzip archive is cut off after {position:,} bytes"
                raise _BrokenFileError(Problem("truncated", f"{reason}: {_EXPORT_AGAIN}"))


def _salvaged(inflater: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """What unpacks of `data` before the damaged byte."""
    for place in range(len(data)):
        try:
            chunk = inflater.decompress(data[place : place + 1])
        except zlib.error:
            return
        if chunk:
            yield chunk


def _as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks without a byte order mark; UTF-16 and UTF-32, which spreadsheets and databases write, become UTF-8."""
    first = b""
    while len(first) < _ENCODING_SHOWS_IN and (more := next(chunks, b"")):
        first += more
    encoding = _wide_encoding(first)
    if encoding is None:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    yield decoder.decode(first).removeprefix("\ufeff").encode()
    for chunk in chunks:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 by its byte order mark, or by the zeros beside the Latin letters that exports begin with."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    sample = head[:_ENCODING_SHOWS_IN]
    for encoding, width, places in _ZEROS:
        whole = sample[: len(sample) // width * width]
        if len(whole) >= 4 and all((whole[place] == 0) == (place % width in places) for place in range(len(whole))):
            return encoding
    return None


def _split(chunks: Iterator[bytes]) -> Iterator[Line]:
    """Lines as they end. No more of a line is held than may be read."""
    number = 1
    held: list[bytes] = []
    size = 0
    separator: bytes | None = None
    pending = b""
    try:
        for chunk in chunks:
            if separator is None:
                chunk = pending + chunk
                separator = _line_end(chunk)
                body = chunk if separator else chunk.rstrip(b"\r")
                chunk, pending = body, chunk[len(body) :]
            *ends, rest = chunk.split(separator or b"\n")
            for end in ends:
                if held:
                    held.append(end)
                    yield _line(number, b"".join(held), size + len(end), separator or b"")
                    held, size = [], 0
                else:
                    yield _line(number, end, len(end), separator or b"")
                number += 1
            if rest:
                size += len(rest)
                if size <= MAX_LINE_BYTES:
                    held.append(rest)
                elif len(held) != 1 or len(held[0]) > KEPT_BYTES:
                    held = [b"".join([*held, rest])[:KEPT_BYTES]]
    except _BrokenFileError as broken:
        yield Line(number, b"".join(held)[:KEPT_BYTES], broken.problem, end=b"")
        return
    if held:
        yield _line(number, b"".join(held), size, pending)


def _line_end(chunk: bytes) -> bytes | None:
    """What ends the lines of a file by its first line end: LF (CRLF too), or CR alone, as old spreadsheets write; None
    while that cannot be told."""
    found = _FIRST_END.search(chunk)
    if found is None:
        return None
    if found[0].endswith(b"\n"):
        return b"\n"
    undecided = found.end() == len(chunk) and len(found[0]) < KEPT_BYTES
    return None if undecided else b"\r"


def _line(number: int, data: bytes, size: int, separator: bytes) -> Line:
    if size > MAX_LINE_BYTES:
        reason = f"the line has {size:,} bytes: at most {MAX_LINE_BYTES:,} are read; is it one row a line?"
        return Line(number, data[:KEPT_BYTES], Problem("line_too_long", reason), separator)
    text = data.rstrip(b"\r")
    return Line(number, text, None, data[len(text) :] + separator)


def decoded(data: bytes) -> tuple[str, str | None]:
    """A line as text, with what was repaired, if anything.

    Valid UTF-8 is taken as it is. A line that has more correct multi-byte characters than broken bytes is damaged
    UTF-8: each broken place becomes U+FFFD. Any other is Windows-1252, which Western shops still export (bytes that it
    leaves undefined become U+FFFD); its letters make a correct character by chance, but rarely, and read so nothing
    is lost.
    """
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
    broken = text.count("\ufffd")
    if sum(character > "\x7f" for character in text) - broken > broken:
        return text, "damaged UTF-8: unreadable bytes were replaced by U+FFFD"
    return data.decode("cp1252", errors="replace"), "not UTF-8: read as Windows-1252"
