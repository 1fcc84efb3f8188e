"""A claim on its way to publication: the sentence, what it is meant to say, the quotes it rests on, the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field

from reviewsum_assets.contracts.records import ClaimPolarity, PlannedOpinion, Quantity


@dataclass(frozen=True)
class EvidenceText:
    """A quote with its language."""

    text: str
    language: str


@dataclass(frozen=True)
class ClaimToVerify:
    """A sentence with what it is meant to say and the quotes it rests on."""

    text: str
    locale: str
    aspects: tuple[str, ...]
    """Aspects that it is about: one for a pro or con, several for a sentence of the paragraph."""
    polarity: ClaimPolarity | None
    """None for a sentence that states both sides."""
    quantity: Quantity | None
    """The quantity word that it may use; None: none is planned, and so none may quantify reviewers."""
    department: str
    evidence: tuple[EvidenceText, ...]

    @classmethod
    def of_opinion(cls, text: str, locale: str, opinion: PlannedOpinion, department: str) -> ClaimToVerify:
        """The claim that words one planned opinion."""
        quotes = tuple(EvidenceText(item.quote, item.language) for item in opinion.evidence)
        return cls(text, locale, (opinion.aspect,), opinion.polarity, opinion.quantity, department, quotes)


@dataclass(frozen=True)
class Verdict:
    """Whether a claim may be published; each reason is `code: what is wrong`, fit to be told to a model."""

    accepted: bool
    reasons: tuple[str, ...]
    scores: dict[str, float] = field(default_factory=dict)
    """`evidence_similarity`: cosine to the nearest quote. `least_word_similarity`: of the content word that is least
    in the quotes, where one was not there by its letters. `polarity_probability`: of the planned polarity."""
