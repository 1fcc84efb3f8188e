"""What recognisers of personal data are built from: a first glance at a text, patterns with context, Presidio's base.

Presidio imports every NLP backend that it finds installed, torch and transformers among them (8 s of CPU on the
build machine). No model is used here, so the import hides them; what is already imported is left alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
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
        DeSocialSecurityRecognizer,
        EmailRecognizer,
        EsNieRecognizer,
        EsNifRecognizer,
        IbanRecognizer,
        ItFiscalCodeRecognizer,
    )

__all__ = [
    "MARKS",
    "CreditCardRecognizer",
    "DeSocialSecurityRecognizer",
    "EmailRecognizer",
    "EsNieRecognizer",
    "EsNifRecognizer",
    "Gated",
    "IbanRecognizer",
    "ItFiscalCodeRecognizer",
    "PatternWithContext",
    "Signs",
    "spelled",
]

MARKS = ("email", "iban", "card", "handle", "order", "id", "phone", "address", "birthdate", "name")
"""Types of personal data, strongest first: where two overlap, the stronger one stands."""


_WORDS = re.compile(r"[^\W\d_]+")
_DIGIT_RUN = re.compile(r"\d(?:[ \u00a0./()A-Z-]{0,3}\d){3,}")


class Signs:
    """What a text shows at a glance, looked at once for all recognisers: most reviews wake none.

    Attributes:
        text: The text.
        words: Its words, lower case.
        has_digit: Whether it has a digit.
        has_link: Whether it has a slash between words.
        has_at: Whether it has an `@`.
        digits: Digits in its longest run, separators aside; 0 below four.
    """

    __slots__ = ("digits", "has_at", "has_digit", "has_link", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = frozenset(_WORDS.findall(text.lower()))
        self.has_at = "@" in text
        self.has_link = "/" in text
        self.has_digit = any(digit in text for digit in "0123456789")
        runs = _DIGIT_RUN.findall(text) if self.has_digit else ()
        self.digits = max((sum(map(str.isdigit, run)) for run in runs), default=0)

    def any_word(self, words: frozenset[str]) -> bool:
        """Whether one of the words is in the text."""
        return not self.words.isdisjoint(words)

    def any_compound(self, beginnings: tuple[str, ...]) -> bool:
        """Whether a word begins with one of these: German and Dutch glue `Bestell` and `nummer` together."""
        return any(word.startswith(beginnings) for word in self.words)


@dataclass(frozen=True)
class Gated:
    """A recogniser and the cheap sign without which it is not run."""

    awake: Callable[[Signs], bool]
    recognizer: LocalRecognizer
    mark: str


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
    and after decide, and only the number or the name between them is redacted.
    """

    def __init__(self, mark: str, pattern: str, check: Callable[[re.Match[str]], bool] | None = None) -> None:
        super().__init__(supported_entities=[mark], supported_language="xx", name=f"{mark} in context")
        self._pattern = re.compile(pattern)
        self._check = check

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: object = None) -> list[RecognizerResult]:
        """All agreed matches as results with score 1."""
        return [
            RecognizerResult(self.supported_entities[0], *match.span("pii"), score=1.0)
            for match in self._pattern.finditer(text)
            if self._check is None or self._check(match)
        ]
