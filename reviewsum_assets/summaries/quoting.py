"""Quotes as a prompt shows them: safe to stand in one, and easy for a small model to copy.

A model of 135 million parameters paraphrases badly and copies well. So the quotes that it joins are chosen and turned
here, by rules, into what its sentence needs: whole clauses, in the third person, without numbers. The citations that
readers see stay as the reviewers wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from reviewsum_assets.contracts.records import PlannedOpinion
from reviewsum_assets.summaries.lexicon import lexicon

CLAIM_QUOTES = 2
"""Quotes that a small model is given: with three it mixed them up, two it joins (read on the opinions of
`reviewsum_tests/bench/engine_opinions.yaml`)."""

EASY_QUOTE_WORDS = 20
"""Words up to which a quote is copied whole; longer ones are taken only if there are no others."""

QUOTE_MAX_WORDS = 40
"""Words of a quote that enter a prompt."""


def quoted(text: str) -> str:
    """A quote as one line that cannot break out of its prompt, cut to 40 words.

    Control characters and line breaks become spaces; role markers such as `<|im_start|>` or `[INST]`, code fences and
    runs of dashes lose the characters that make them one; double quotes become single ones.
    """
    line = "".join(character if character.isprintable() else " " for character in text)
    line = re.sub(r"<\|?|\|?>|[\[\]{}`\\|#]|-{2,}|={2,}", " ", line)
    line = re.sub(r"[\"“”„«»]", "'", line)
    line = re.sub(r"(?i)\b(system|assistant|user)\s*:", r"\1", line)
    words = line.split()
    return " ".join(words[:QUOTE_MAX_WORDS]) + ("…" if len(words) > QUOTE_MAX_WORDS else "")


_THIRD_PERSON: Sequence[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern.replace("'", "['’]")), replacement)
    for pattern, replacement in (
        (r"(?<=for |ith |ets |ves |eep |eps )you\b", "them"),
        (r"(?i)\b(?:I'm|I am|we're|we are|you're|you are)\b", "they are"),
        (r"(?i)\b(?:I was|we were|you were)\b", "they were"),
        (r"(?i)\b(?:I've|we've|you've)\b", "they have"),
        (r"(?i)\b(?:I'd|we'd|you'd)\b", "they would"),
        (r"(?i)\b(?:I'll|we'll|you'll)\b", "they will"),
        (r"(?i)\b(?:I|we|you)\b", "they"),
        (r"\b(?:me|us)\b", "them"),  # not in capitals: US is a country
        (r"(?i)\b(?:myself|ourselves|yourself)\b", "themselves"),
        (r"(?i)\b(?:my|our|your)\b", "their"),
        (r"(?i)\b(?:mine|ours|yours)\b", "theirs"),
    )
]


def in_third_person(quote: str) -> str:
    """An English quote told of the reviewers: "I charge my phone" becomes "They charge their phone".

    A small model copies the person of what it reads, so it is given the person that the sentence needs.
    """
    for pattern, replacement in _THIRD_PERSON:
        quote = pattern.sub(replacement, quote)
    return quote[:1].upper() + quote[1:]


_NUMBER = (
    r"(?:\d+(?:[.,]\d+)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|"
    r"hundred|thousand)"
)


def without_counts(quote: str) -> str:
    """An English quote without numbers that count something: "after 3 weeks" becomes "after weeks".

    Prose states no numbers, and a small model that reads one repeats it. Other numbers stay as they are.
    """
    return re.sub(
        rf"(?i)\b(?:(?:only|just|about|over)\s+)?(?:{_NUMBER}[\s-]+)+(?=[a-z]{{2,}}s\b)(?!times\b)", "", quote
    )


_SUBJECTS = re.compile(
    r"(?i)(?:the|this|that|these|those|it|its|it's|they|he|she|there|their|my|our|i|i'm|i've|we|we've|all|every|each|"
    r"both|some|everything|nothing|nobody|everyone)\b"
)
_NOUN_AND_VERB = re.compile(
    r"(?i)(?:[a-z'-]+ ){1,2}(?:is|are|was|were|has|have|had|does|did|can|could|will|would|came|broke|went|fell|"
    r"started|stopped|never|always|[a-z]+(?<!ee)ed)\b|[a-z'-]+[^s\s] [a-z]+[^s'\W]s\b"
)


_VERBS_ALONE = re.compile(
    r"(?i)(?:breaks|charges|cleans|closes|comes|cooks|cuts|does|dries|falls|feels|fits|gets|goes|heats|holds|keeps|"
    r"lasts|leaks|lets|looks|makes|needs|opens|runs|shrinks|smells|sounds|stays|sticks|takes|tastes|tears|turns|wipes|"
    r"works)\b"
)
"""Verbs that reviewers begin with, leaving "it" out."""


def with_subject(quote: str) -> str:
    """An English quote with the "it" that it leaves out: "Fits well" becomes "It fits well"."""
    return f"It {quote[0].lower()}{quote[1:]}" if _VERBS_ALONE.match(quote) else quote


def is_clause(quote: str) -> bool:
    """Whether an English quote seems to begin with a subject, as "Screen scratched" does and "Quick delivery" not.

    By its first words alone; what it gets wrong costs the better of two quotes, no more.
    """
    return bool(_SUBJECTS.match(quote) or _NOUN_AND_VERB.match(quote))


def prompt_quotes(opinion: PlannedOpinion, locale: str) -> list[str]:
    """The quotes that a small model is given: two at most, in the locale's language and the plan's order.

    In English they are short clauses, which it joins as they are. Where there are none it is given one quote, for it
    makes no clause of a fragment beside another. Quotes in which the reviewer speaks of themselves are left out: put
    into the third person, "most reviewers like the comfort: they are five months pregnant" says of all what one said.
    So are quotes on other aspects as well, whose support is not this opinion's. Empty where no quote is left: the
    opinion is then better left to the template.
    """
    own = [
        quoted(evidence.quote)
        for evidence in opinion.evidence
        if evidence.language == locale
        and set(evidence.aspects) <= {opinion.aspect}
        and not lexicon(locale).first_person.search(evidence.quote.casefold())
    ]
    if locale != "en":
        return own[:CLAIM_QUOTES]
    own = [with_subject(quote) for quote in own]
    short = [quote for quote in own if len(quote.split()) <= EASY_QUOTE_WORDS]
    chosen = [quote for quote in short if is_clause(quote)][:CLAIM_QUOTES] or (short or own)[:1]
    return [in_third_person(without_counts(quote)) for quote in chosen]


MIN_KEPT_PAIRS = 0.5
"""Share of a detail's word pairs that must stand in its quotes. Read on the claims of 93 real products: the garbled one
("they are so in the capacity to everything") kept 0.45, the others 0.65 and more."""

_OPENING_WORDS = 2
"""Words that open a detail ("they are", "it has"): grammar that a fragment needs to become a clause."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def kept_pairs(detail: str, quotes: Sequence[str]) -> float:
    """Share of the pairs of neighbouring words of a detail that stand so in one of the quotes, its opening aside; 1.0
    where it has no other pairs.

    A small model that joins clauses keeps most of them; where it puts words in an order of its own it mostly talks
    nonsense out of true words, which no check of meaning sees.
    """
    words = _words(detail)
    pairs = list(pairwise(words))[_OPENING_WORDS - 1 :]
    if not pairs:
        return 1.0
    said = {pair for quote in quotes for pair in pairwise(_words(quote))}
    joints = {"and", "but", "while", "or"}
    kept = sum(pair in said or not joints.isdisjoint(pair) for pair in pairs)
    return kept / len(pairs)


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text.replace("&", " and ").casefold())]
