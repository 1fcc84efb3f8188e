"""Plots for asset metadata: small PNG pictures inside Markdown, which is what Dagster's UI shows."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR_COLOUR = "#4f46e5"
MAX_BARS = 20


def bars(title: str, counts: Mapping[str, int], unit: str) -> dg.MarkdownMetadataValue:
    """Horizontal bars of the largest counts; `unit` names what is counted."""
    largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_BARS]
    figure, axes = _figure(height=0.6 + 0.28 * max(1, len(largest)))
    axes.barh([name for name, _ in largest], [count for _, count in largest], color=BAR_COLOUR)
    axes.invert_yaxis()
    axes.set_title(title)
    axes.set_xlabel(unit)
    return _markdown(figure, title)


def series(title: str, keys: Sequence[str], values: Sequence[float], unit: str) -> dg.MarkdownMetadataValue:
    """Values over partitions, in their order."""
    figure, axes = _figure(height=2.6)
    axes.bar(range(len(keys)), values, color=BAR_COLOUR)
    step = max(1, len(keys) // 8)
    axes.set_xticks(range(0, len(keys), step), keys[::step], rotation=30, ha="right", fontsize=7)
    axes.set_title(title)
    axes.set_ylabel(unit)
    return _markdown(figure, title)


def _figure(height: float) -> tuple[Figure, Axes]:
    # Imported here: matplotlib takes a second, and most processes that load the code location never draw.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, height), dpi=90, layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    return figure, axes


def _markdown(figure: Figure, title: str) -> dg.MarkdownMetadataValue:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    picture = base64.b64encode(buffer.getvalue()).decode()
    return dg.MetadataValue.md(f"![{title}](data:image/png;base64,{picture})")
