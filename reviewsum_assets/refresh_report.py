"""What a refresh did, or why it could not; apart from `refresh`, so that it loads without Dagster."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


class RefreshError(RuntimeError):
    """A refresh that did not get everything done, with what to do."""


@dataclass
class RefreshReport:
    """What a refresh did."""

    partitions_run: int = 0
    """Partitions that changed, over all assets."""
    reviews_cleaned: int = 0
    chunks_embedded: int = 0
    products_summarised: int = 0
    products_unchanged: int = 0
    products_withheld: int = 0
    records_failed: int = 0
    """Records whose engine failed: the last good ones stand, and the next refresh tries again."""
    llm_calls: int = 0
    llm_tokens: int = 0
    seconds: float = 0.0
    runs: list[str] = field(default_factory=list)
    """Dagster run ids."""
    blocked: dict[str, list[str]] = field(default_factory=dict)
    """Partitions that failed blocking checks, by asset: they stay as they were until what they read is repaired."""

    def to_dict(self) -> dict[str, object]:
        return asdict(self)
