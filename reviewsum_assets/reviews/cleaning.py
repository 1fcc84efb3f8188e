"""From screened reviews to cleaned ones: fit to read and count, or set aside with a reason. No row is lost.

What other reviews and people decide joins what each review says of itself. Nothing here reads a clock: the same
screened rows, verdicts and decisions give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow
import pyarrow.compute as pc

from reviewsum_assets.contracts.tables import CleanedReviews, arrow_schema
from reviewsum_assets.reviews.verdicts import Verdict

CODE_VERSION = "1"
"""Bumped whenever the same screened rows and verdicts would give other cleaned rows."""


def cleaned_table(
    screened: pyarrow.Table,
    *,
    department_of: Callable[[str], str],
    verdicts: Mapping[str, Verdict],
    languages: Mapping[str, tuple[str, float]],
) -> pyarrow.Table:
    """`ScreenedReviews` rows to as many `CleanedReviews` rows, in order.

    Args:
        screened: The rows.
        department_of: Department slug of a leaf category.
        verdicts: Why reviews are set aside, by review id; one that is not among them counts.
        languages: By review id, language and confidence of those whose text left it open.
    """
    against = [verdicts.get(review_id) for review_id in screened["review_id"].to_pylist()]
    language, confidence = _language_columns(screened, languages)
    leaves = screened["source_category"].to_pylist()
    departments = {leaf: department_of(leaf) for leaf in set(leaves)}
    schema = arrow_schema(CleanedReviews)
    columns = {name: screened[name] for name in screened.column_names if name in schema.names} | {
        "category": pyarrow.array([departments[leaf] for leaf in leaves], pyarrow.string()),
        "helpful_votes": pc.fill_null(screened["helpful_votes"], 0),
        "verified_purchase": pc.fill_null(screened["verified_purchase"], False),
        "language": language,
        "language_confidence": confidence,
        "set_aside_reason": pyarrow.array([verdict and verdict.reason for verdict in against], pyarrow.string()),
        "set_aside_score": pyarrow.array([verdict and verdict.score for verdict in against], pyarrow.float32()),
        "set_aside_details": pyarrow.array(
            [(verdict.details or None) if verdict else None for verdict in against], pyarrow.string()
        ),
    }
    return pyarrow.table({name: columns[name] for name in schema.names}, schema=schema)


def _language_columns(
    screened: pyarrow.Table, languages: Mapping[str, tuple[str, float]]
) -> tuple[pyarrow.ChunkedArray, pyarrow.ChunkedArray]:
    """Language and confidence of each row: by its text, unless its context decided."""
    language, confidence = screened["language"], screened["language_confidence"]
    ids = screened["review_id"].to_pylist() if languages else []
    if languages.keys().isdisjoint(ids):
        return language, confidence
    found, sure = language.to_pylist(), confidence.to_pylist()
    for row, review_id in enumerate(ids):
        if review_id in languages:
            found[row], sure[row] = languages[review_id]
    return pyarrow.array(found, language.type), pyarrow.array(sure, confidence.type)
