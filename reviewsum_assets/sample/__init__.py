"""The bundled multilingual sample: an invented shop's reviews, written by us, with the truth known."""

from reviewsum_assets.sample.catalogue import LEAF_CATEGORIES, LEAF_DEPARTMENTS
from reviewsum_assets.sample.export import truth_path, write_export, write_truth
from reviewsum_assets.sample.generator import generate
from reviewsum_assets.sample.phrases import BankSentence, bank_sentences
from reviewsum_assets.sample.truth import MalformedLine, ReviewTruth, Sample

__all__ = [
    "LEAF_CATEGORIES",
    "LEAF_DEPARTMENTS",
    "BankSentence",
    "MalformedLine",
    "ReviewTruth",
    "Sample",
    "bank_sentences",
    "generate",
    "truth_path",
    "write_export",
    "write_truth",
]
