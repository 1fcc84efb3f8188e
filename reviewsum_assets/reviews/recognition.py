"""What recognisers of personal data are built from: a first glance at a text, patterns with context, Presidio's base.

Presidio imports every NLP backend that it finds installed, torch and transformers among them (8 s of CPU on the
build machine). No model is used here, so the import hides them; what is already imported is left alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from reviewsum_assets.reviews.personal_words import word_set


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Make optional imports of modules that are not loaded yet fail inside the block."""
    absent = [name for name in modules if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with without("torch", "transformers", "spacy_huggingface_pipelines"):
    from presidio_analyzer import LocalRecognizer, RecognizerResult
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        DeHealthInsuranceRecognizer,
        DeIdCardRecognizer,
        DeSocialSecurityRecognizer,
        DeTaxIdRecognizer,
        EmailRecognizer,
        EsNieRecognizer,
        EsNifRecognizer,
        IbanRecognizer,
        ItFiscalCodeRecognizer,
        UkNinoRecognizer,
    )

__all__ = [
    "MARKS",
    "Ahead",
    "CreditCardRecognizer",
    "DeHealthInsuranceRecognizer",
    "DeIdCardRecognizer",
    "DeSocialSecurityRecognizer",
    "DeTaxIdRecognizer",
    "EmailRecognizer",
    "EsNieRecognizer",
    "EsNifRecognizer",
    "Gated",
    "IbanRecognizer",
    "ItFiscalCodeRecognizer",
    "PatternWithContext",
    "Signs",
    "UkNinoRecognizer",
    "at_once",
    "capital_within",
    "digit_within",
    "gated",
    "spelled",
]

MARKS = ("email", "iban", "card", "handle", "order", "id", "phone", "address", "birthdate", "name")
"""Types of personal data, strongest first: where two overlap, the stronger one stands."""


_WORDS = re.compile(r"[^\W\d_]+")
_WORD_START = re.compile(r"(?<!\w)[\w#]")
_DIGIT = re.compile(r"[0-9]")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞĞİŞŁŽŠČĆ]")
_NUMBER = re.compile(r"[0-9]+")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_NUMBER_SIGNS = frozenset(
    {"n", "nr", "no", "num", "número", "numero", "km", "nummer", "hausnummer", "hausnr", "huisnummer", "huisnr"}
)

Ahead = tuple[re.Pattern[str], int]
"""What has to stand within so many characters behind an anchor's start; 0 characters: right there."""


def digit_within(characters: int) -> Ahead:
    """A digit so near behind an anchor."""
    return _DIGIT, characters


def at_once(pattern: str) -> Ahead:
    """A pattern that has to match from the anchor on."""
    return re.compile(pattern), 0


def capital_within(characters: int) -> Ahead:
    """A capital letter so near behind an anchor, the anchor's own first letter aside."""
    return _CAPITAL, characters


_DIGIT_RUN = re.compile(r"\d(?:[ \u00a0./()A-Z-]{0,3}\d){3,}")


class Signs:
    """What a text shows at a glance, looked at once for all recognisers: most reviews wake none.

    Attributes:
        text: The text.
        lower: In lower case, character by character: positions are those of `text`.
        words: Its words, lower case.
        has_digit: Whether it has a digit.
        has_link: Whether it has a slash between words.
        has_at: Whether it has an `@`.
        digits: Digits in its longest run, separators aside; 0 below four.
    """

    __slots__ = (
        "_before_number",
        "_index",
        "digits",
        "has_at",
        "has_digit",
        "has_link",
        "lower",
        "text",
        "words",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        lower = text.lower()
        if len(lower) != len(text):  # `İ` grows by a character
            lower = "".join(small if len(small := character.lower()) == 1 else character for character in text)
        self.lower = lower
        self.words = frozenset(_WORDS.findall(lower))
        self.has_at = "@" in text
        self.has_link = "/" in text
        self.has_digit = _DIGIT.search(text) is not None
        runs = _DIGIT_RUN.findall(text) if self.has_digit else ()
        self.digits = max((sum(map(str.isdigit, run)) for run in runs), default=0)
        self._index: dict[str, list[int]] | None = None
        self._before_number: frozenset[str] | None = None

    def any_word(self, words: frozenset[str]) -> bool:
        """Whether one of the words is in the text."""
        return not self.words.isdisjoint(words)

    def any_compound(self, beginnings: tuple[str, ...]) -> bool:
        """Whether a word begins with one of these: German and Dutch glue `Bestell` and `nummer` together."""
        return any(word.startswith(beginnings) for word in self.words)

    @property
    def index(self) -> Mapping[str, Sequence[int]]:
        """Where each word starts."""
        if self._index is None:
            found: dict[str, list[int]] = {}
            for match in _WORDS.finditer(self.lower):
                found.setdefault(match.group(), []).append(match.start())
            self._index = found
        return self._index

    @property
    def before_number(self) -> frozenset[str]:
        """Words with a number right behind them, as street names have."""
        if self._before_number is None:
            self._before_number = frozenset(self._words_before_numbers()) if self.has_digit else frozenset()
        return self._before_number

    def _words_before_numbers(self) -> Iterator[str]:
        for number in _NUMBER.finditer(self.lower):
            before = self.lower[max(0, number.start() - 45) : number.start()].rstrip(" \u00a0.,°º")
            word = _LAST_WORD.search(before)
            if word is not None and word.group() in _NUMBER_SIGNS:
                word = _LAST_WORD.search(before[: word.start()].rstrip(" \u00a0.,"))
            if word is not None:
                yield word.group()


@dataclass(frozen=True)
class Gated:
    """A recogniser and the cheap signs without which it is not run.

    Attributes:
        mark: Type of what it finds.
        recognizer: Presidio's or ours.
        awake: Sign to look for in the text; looked at after `words`.
        words: The text has one of these; empty: any text.
    """

    mark: str
    recognizer: LocalRecognizer
    awake: Callable[[Signs], bool] | None = None
    words: frozenset[str] = frozenset()


_FUNCTION_WORDS = word_set(
    "a à al am an and at au aux best bien bonne code d da das de del della der di die du e el en et from i id "
    "il im in is l la las le les los m many me mein met mi mia mijn mio mit mon most my n ni no nr nummer "
    "number o of on op por s su un una und unter van viele von x y your yours d.o.b ne ted es ist est era was "
    "si"
)


def spelled(pattern: str) -> frozenset[str]:
    """The content words that stand in a pattern of `personal_words`, lower case: each text it matches has one."""
    return frozenset(_WORDS.findall(re.sub(r"\\[a-zA-Z]", " ", pattern).lower())) - _FUNCTION_WORDS


class PatternWithContext(LocalRecognizer):
    """Finds the group `pii` of a pattern where a check on the whole match agrees.

    Presidio's own `PatternRecognizer` reports whole matches and checks the matched text alone; here the words before
    and after decide, and only the number or the name between them is redacted. With anchor words the pattern is tried
    only at word starts up to `back` characters before one of them, which is what makes hundreds of alternatives cheap.
    """

    def __init__(
        self,
        mark: str,
        pattern: str,
        check: Callable[[re.Match[str]], bool] | None = None,
        *,
        words: frozenset[str] = frozenset(),
        beginnings: tuple[str, ...] = (),
        endings: tuple[str, ...] = (),
        back: int = 0,
        ahead: Ahead | None = None,
        tail: int | None = None,
    ) -> None:
        """
        Args:
            mark: Type of what is found.
            pattern: With a group `pii`.
            check: Whether a match is personal.
            words: Anchors; none of any kind: the pattern is tried everywhere.
            beginnings: Anchors too: words that begin so.
            endings: Anchors too: words that end so and have a number behind them.
            ahead: What has to stand behind an anchor.
            back: Characters before an anchor at which a match may start.
            tail: Matches start within so many characters of the text's end.
        """
        super().__init__(supported_entities=[mark], supported_language="xx", name=f"{mark} in context")
        self._pattern = re.compile(pattern)
        self._check = check
        self._words, self._beginnings, self._endings = words, beginnings, endings
        self._back, self._ahead, self._tail = back, ahead, tail

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: object = None) -> list[RecognizerResult]:
        """All agreed matches as results with score 1; `nlp_artifacts` are the text's `Signs`."""
        signs = nlp_artifacts if isinstance(nlp_artifacts, Signs) else Signs(text)
        mark = self.supported_entities[0]
        return [RecognizerResult(mark, *match.span("pii"), score=1.0) for match in self._matches(text, signs)]

    def _matches(self, text: str, signs: Signs) -> Iterator[re.Match[str]]:
        check = self._check
        if not (self._words or self._beginnings or self._endings):
            start = 0 if self._tail is None else max(0, len(text) - self._tail)
            for match in self._pattern.finditer(text, start):
                if check is None or check(match):
                    yield match
            return
        end = 0
        for start in self._anchored_starts(text, signs):
            if start < end:
                continue
            found = self._pattern.match(text, start)
            if found is not None and (check is None or check(found)):
                yield found
                end = found.end()

    def _anchored_starts(self, text: str, signs: Signs) -> list[int]:
        anchors: set[str] = set(signs.words & self._words)
        if self._beginnings:
            anchors.update(word for word in signs.words if word.startswith(self._beginnings))
        if self._endings:
            anchors.update(word for word in signs.before_number if word.endswith(self._endings))
        if not anchors:
            return []
        index = signs.index
        places = [place for word in anchors for place in index.get(word, ())]
        if self._ahead is not None:
            sign, reach = self._ahead
            if reach:
                places = [place for place in places if sign.search(text, place + 1, place + reach)]
            else:
                places = [place for place in places if sign.match(text, place)]
        if not self._back:
            return sorted(places)
        starts: set[int] = set()
        for place in places:
            starts.update(match.start() for match in _WORD_START.finditer(text, max(0, place - self._back), place + 1))
        return sorted(starts)


def gated(
    mark: str,
    pattern: str,
    check: Callable[[re.Match[str]], bool] | None = None,
    awake: Callable[[Signs], bool] | None = None,
    *,
    words: frozenset[str] = frozenset(),
    beginnings: tuple[str, ...] = (),
    endings: tuple[str, ...] = (),
    back: int = 0,
    ahead: Ahead | None = None,
    tail: int | None = None,
) -> Gated:
    """A pattern of ours that looks only where its anchor words are; arguments as for `PatternWithContext`."""
    recognizer = PatternWithContext(
        mark, pattern, check, words=words, beginnings=beginnings, endings=endings, back=back, ahead=ahead, tail=tail
    )
    return Gated(mark, recognizer, awake, words)
