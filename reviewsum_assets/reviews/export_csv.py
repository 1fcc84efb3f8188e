"""CSV exports: any usual delimiter, quotes doubled or with a backslash, line ends in quotes, and what is none of it.

A row that cannot be read costs itself alone: reading goes on at the next line, so that one lost quote does not swallow
the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reviewsum_assets.contracts.records import DeadLetter
from reviewsum_assets.contracts.source import EXPORT_FIELDS, REQUIRED_FIELDS
from reviewsum_assets.reviews.export_lines import MAX_LINE_BYTES, ExportError, Line, Problem, decoded, read_lines
from reviewsum_assets.reviews.export_rows import ExportRow, dead_fields, dead_letter, storable
from reviewsum_assets.reviews.intake import parse_time

# The module's own limit, 131,072 characters, would break a longer text off in its middle and take the rest for rows.
csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_LINE_BYTES))

DELIMITERS = ",;\t|"

MAX_RECORD_LINES = 10_000
"""Lines a quoted field may run over before its quote counts as never closed."""

_FEW_LINES = 100
"""What is read ahead at least for a closing quote, however many were never closed before."""

_SHOWN_LINES = 500
"""Lines at the start of a file that tell whether it writes quotes with a backslash."""

_HEADLESS_SHOWS_IN = 50
"""Lines among which one is a review, if a file without a header is an export."""

_HEADER_NAMED = ", ".join(REQUIRED_FIELDS)
_NO_HEADER = Problem("no_header", f"the file has no header: its first line must name {_HEADER_NAMED}")
_JOINED = Problem("repeated_header", "the header once more, from files that were joined: it is no review")
_STARS = re.compile(r'\s*"?[1-5](?:\.0+)?"?\s*')


def read_csv(path: Path, name: str) -> Iterator[ExportRow | DeadLetter]:
    """The rows of a CSV export in file order.

    Raises:
        ExportError: if it names none or not all of the needed columns, and does not look like an export either.
    """
    lines = read_lines(path)
    first = next((line for line in lines if line.problem or line.data.strip()), None)
    if first is None:
        raise ExportError(f"{name} holds no rows: export it again")
    if first.problem is not None:
        if first.problem.code == "line_too_long":
            raise ExportError(f"{name} has no header: its first line must name {_HEADER_NAMED}")
        yield dead_letter(f"{name}:{first.number}", first.problem, first.data)
        return
    text = decoded(first.data)[0]
    if (found := _header(text)) is None:
        yield from _without_header(first, lines, name)
        return
    dialect, header = found
    require_columns(header, name)
    for record in _Records(lines, dialect, header):
        yield _item(f"{name}:{record.line.number}", record, header, dialect.delimiter)


def _without_header(first: Line, lines: Iterator[Line], name: str) -> Iterator[DeadLetter]:
    """Every row of an export that names no columns, as a dead letter; anything else is no export."""
    ahead = [first, *islice(lines, _HEADLESS_SHOWS_IN)]
    dialects = (_headless(decoded(line.data)[0]) for line in ahead if line.problem is None)
    dialect = next(filter(None, dialects), None)
    if dialect is None:
        text = decoded(first.data)[0]
        if "review_id" in text and "product_id" in text:
            raise ExportError(f"{name} has an unknown delimiter: export it with commas, semicolons, tabs or bars")
        raise ExportError(f"{name} has no header: its first line must name {_HEADER_NAMED}")
    for record in _Records(lines, dialect, EXPORT_FIELDS, ahead):
        problem = record.problem or _NO_HEADER
        yield dead_fields(f"{name}:{record.line.number}", problem, EXPORT_FIELDS, record.fields, dialect.delimiter)


def require_columns(names: Iterable[str], name: str) -> None:
    """Raise `ExportError` unless every needed column is named."""
    missing = [field for field in REQUIRED_FIELDS if field not in set(names)]
    if missing:
        raise ExportError(f"{name} has no column {', '.join(missing)}: an export needs {_HEADER_NAMED}")


@dataclass(frozen=True, slots=True)
class _Record:
    """One record with the line it starts on; with a problem, `fields` are what they may have been."""

    line: Line
    fields: list[str]
    repair: str | None = None
    problem: Problem | None = None


def _item(origin: str, record: _Record, header: Sequence[str], delimiter: str) -> ExportRow | DeadLetter:
    fields = record.fields
    if record.problem is not None:
        if len(fields) < 2:
            return dead_letter(origin, record.problem, record.line.data)
        return dead_fields(origin, record.problem, header, fields, delimiter)
    if len(fields) != len(header):
        return dead_fields(origin, _count_problem(fields, header, record.line), header, fields, delimiter)
    if [field.strip().removeprefix("\ufeff") for field in fields] == list(header):
        return dead_fields(origin, _JOINED, header, fields, delimiter)
    values: dict[str, object] = dict(zip(header, fields, strict=True))
    repairs = [record.repair] if record.repair else []
    if any("\0" in field for field in fields):
        values, repaired = storable(values)
        repairs += repaired
    return ExportRow(origin, values, tuple(repairs))


def _count_problem(fields: Sequence[str], header: Sequence[str], line: Line) -> Problem:
    if not line.ended and len(fields) < len(header):
        return Problem("truncated", f"the file ends in the middle of this row, in field {len(fields)} of {len(header)}")
    reason = f"{len(fields)} fields where the header has {len(header)}: quote fields that hold delimiters or line ends"
    return Problem("bad_csv", reason)


# Dialects


class _Dialect(csv.Dialect):
    """Strict, so that a row whose quotes do not match is refused and not mixed with its neighbours."""

    quotechar = '"'
    doublequote = True
    lineterminator = "\n"
    quoting = csv.QUOTE_MINIMAL
    strict = True

    def __init__(self, delimiter: str, *, skip_space: bool = False, backslash: bool = False) -> None:
        self.delimiter = delimiter
        self.skipinitialspace = skip_space
        self.escapechar = "\\" if backslash else None
        mark = re.escape(delimiter)
        self._no_value = re.compile(rf"(?:^|(?<={mark}))\\N(?={mark}|\r*\n?$)")
        super().__init__()

    def other(self) -> _Dialect:
        """The same with the other way to write a quote in quotes: doubled, or after a backslash."""
        return _Dialect(self.delimiter, skip_space=self.skipinitialspace, backslash=self.escapechar is None)

    def needs_parser(self, text: str) -> bool:
        return '"' in text or (self.escapechar is not None and "\\" in text)

    def split(self, text: str) -> list[str]:
        """The fields of a line without quotes."""
        fields = text.split(self.delimiter)
        return [field.lstrip(" ") for field in fields] if self.skipinitialspace else fields

    def parse(self, texts: Iterator[str]) -> list[str]:
        """The first record. Raises `csv.Error`."""
        if self.escapechar is None:
            return next(csv.reader(texts, self))
        # Databases that write a backslash before quotes write `\N` for no value; it is no letter N.
        return next(csv.reader((self._no_value.sub("", text) for text in texts), self))


def _header(text: str) -> tuple[_Dialect, list[str]] | None:
    """The dialect under which the first line names the most fields of an export, and those names; None: it names
    none."""
    best: tuple[int, _Dialect, list[str]] | None = None
    for delimiter in DELIMITERS:
        dialect = _Dialect(delimiter, skip_space=f"{delimiter} " in text)
        try:
            names = [field.strip() for field in next(csv.reader([text], dialect))]
        except csv.Error:
            continue
        known = len(set(names).intersection(EXPORT_FIELDS))
        if best is None or known > best[0]:
            best = (known, dialect, names)
    return None if best is None or best[0] == 0 else best[1:]


def _headless(text: str) -> _Dialect | None:
    """The dialect under which a line is a review, if it is one."""
    for delimiter in DELIMITERS:
        dialect = _Dialect(delimiter, skip_space=f"{delimiter} " in text)
        try:
            fields = next(csv.reader([text], dialect))
        except csv.Error:
            continue
        if len(fields) >= len(REQUIRED_FIELDS) and _is_review(fields):
            return dialect
    return None


def _is_review(fields: Sequence[str]) -> bool:
    """Whether fields have stars and a time among them: a header has not, nor a line of a text."""
    return any(_STARS.fullmatch(field) for field in fields) and any(
        parse_time(field.strip(' "')) is not None for field in fields if 8 <= len(field) <= 40
    )


# Records


class _Records:
    """The records of a file's lines.

    What a lost quote costs is bounded: how far is read ahead for its end halves with each that was never closed, or a
    file full of them would be read once for each of its lines.
    """

    def __init__(
        self, lines: Iterator[Line], dialect: _Dialect, header: Sequence[str], ahead: Sequence[Line] = ()
    ) -> None:
        self._lines = lines
        self._waiting = deque(ahead)
        self._header = header
        self._dialect = dialect
        self._most_lines = MAX_RECORD_LINES
        self._taken: list[Line] = []
        self._look_ahead()

    def _look_ahead(self) -> None:
        size = 0
        for line in self._lines:
            self._waiting.append(line)
            size += len(line.data)
            if line.problem or len(self._waiting) >= _SHOWN_LINES or size > MAX_LINE_BYTES:
                break
        for line in self._waiting:
            if b'\\"' in line.data:
                text = decoded(line.data)[0]
                doubled, other = (self._alone(text, dialect) for dialect in (self._dialect, self._dialect.other()))
                if other and not doubled:
                    self._dialect = self._dialect.other()
                    return

    def _alone(self, text: str, dialect: _Dialect) -> bool:
        """Whether one line by itself is a whole record under a dialect."""
        try:
            return len(dialect.parse(iter([text]))) == len(self._header)
        except csv.Error:
            return False

    def _next(self) -> Line | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def __iter__(self) -> Iterator[_Record]:
        while (line := self._next()) is not None:
            if line.problem is not None:
                yield _Record(line, [], None, line.problem)
                continue
            text, repair = decoded(line.data)
            if not text.strip():
                continue
            if self._dialect.needs_parser(text):
                yield self._quoted(line, text, repair)
            else:
                yield _Record(line, self._dialect.split(text), repair)

    def _quoted(self, line: Line, text: str, repair: str | None) -> _Record:
        found = self._attempt(line, text, repair, self._dialect)
        if found.problem is None and len(found.fields) == len(self._header):
            return found
        if "\\" in text:
            self._give_back()
            other = self._attempt(line, text, repair, self._dialect.other())
            if other.problem is None and len(other.fields) == len(self._header):
                return other
            self._give_back()
            found = self._attempt(line, text, repair, self._dialect)
        return found

    def _give_back(self) -> None:
        """Lines that the last attempt took beyond its first are read again."""
        self._waiting.extendleft(reversed(self._taken))
        self._taken = []

    def _attempt(self, line: Line, text: str, repair: str | None, dialect: _Dialect) -> _Record:
        """The record that starts on a line; lines read beyond one that cannot be read are read again."""
        taken = self._taken = []
        repairs = [repair]
        following_texts: list[str] = []

        def texts() -> Iterator[str]:
            yield text + _end(line)
            size = len(text)
            while len(taken) < self._most_lines and size < MAX_LINE_BYTES:
                more = self._next()
                if more is None:
                    return
                taken.append(more)
                if more.problem is not None:
                    return
                following, following_repair = decoded(more.data)
                following_texts.append(following)
                repairs.append(following_repair)
                size += len(following)
                yield following + _end(more)

        try:
            fields = dialect.parse(texts())
        except csv.Error as error:
            if len(taken) > _FEW_LINES:
                self._most_lines = max(_FEW_LINES, self._most_lines // 2)
            problem = _quote_problem(error, line)
            if not self._cut_off(taken, following_texts):
                self._give_back()
            return _Record(line, dialect.split(text), None, problem)
        swallows = taken and len(fields) != len(self._header)
        if swallows or any(self._is_row(following, dialect) for following in following_texts):
            self._give_back()
            return _Record(line, dialect.split(text), None, _SWALLOWS)
        if taken:
            self._most_lines = MAX_RECORD_LINES
        data = b"".join([line.data, *(line.end + more.data for more in taken)])
        whole = Line(line.number, data, None, (taken or [line])[-1].end)
        return _Record(whole, fields, next(filter(None, repairs), None))

    def _cut_off(self, taken: Sequence[Line], texts: Sequence[str]) -> bool:
        """Whether a quoted field runs to the end of a file that breaks off there: then its lines are no rows."""
        if not taken or taken[-1].ended or taken[-1].problem:
            return False
        return not any(self._is_row(text, self._dialect) for text in texts)

    def _is_row(self, text: str, dialect: _Dialect) -> bool:
        """Whether a line inside quotes is a row of its own: then the quotes are not what they seem."""
        if text.count(dialect.delimiter) < len(self._header) - 1:
            return False
        try:
            fields = dialect.parse(iter([text]))
        except csv.Error:
            return False
        # A quote in its first field is the end of a quoted one that began on the line before.
        return len(fields) == len(self._header) and '"' not in fields[0] and _is_review(fields)


def _end(line: Line) -> str:
    return line.end.decode() or "\n"


_SWALLOWS = Problem("bad_csv", "a quote is closed only in a later row: double each quote inside a quoted field")


def _quote_problem(error: csv.Error, line: Line) -> Problem:
    if not line.ended:
        return Problem("truncated", "the file ends in the middle of this row, inside quotes")
    if "unexpected end" in str(error):
        reason = "a quote is opened and never closed"
    elif "field larger" in str(error):
        return Problem("bad_csv", f"a field has more than {MAX_LINE_BYTES:,} characters: is one of its quotes lost?")
    else:
        reason = f"its quotes do not match ({error})"
    return Problem("bad_csv", f"{reason}: double each quote inside a quoted field")
