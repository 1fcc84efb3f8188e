"""Labelled texts that nothing was tuned on, under `reviewsum_tests/labelled/`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "labelled"


def read(name: str) -> list[dict[str, Any]] | None:
    """The entries of `<name>.yaml`; None where there is no such file."""
    path = FOLDER / f"{name}.yaml"
    if not path.exists():
        return None
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entries


def missing(name: str) -> dict[str, object]:
    """What a benchmark says where the file is absent."""
    return {"skipped": f"reviewsum_tests/labelled/{name}.yaml is not there"}


def share(found: Iterable[bool]) -> float | None:
    """Share of true, four decimals; None of nothing."""
    values = list(found)
    return round(sum(values) / len(values), 4) if values else None


def by(keys: Iterable[object], found: Iterable[bool]) -> dict[str, float | None]:
    """Share of true by key, sorted."""
    groups: dict[str, list[bool]] = {}
    for key, value in zip(keys, found, strict=True):
        groups.setdefault(str(key), []).append(bool(value))
    return {key: share(groups[key]) for key in sorted(groups)}
