"""`reviewsum land`: consume the events that were dropped into the landing zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

COUNTED = ("files_read", "rows_read", "loaded", "unchanged", "rejected", "deleted", "superseded")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(land)


def land(as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False) -> None:
    """Consume new files of events from the landing zone (REVIEWSUM_LANDING_URL), each event once in effect."""
    from reviewsum_assets.cli import _errors, _print, _settings, err, out
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.stages import land as stage

    with _errors(as_json):
        platform = Platform(_settings())
        if as_json:
            counts = stage.land(platform)
        else:
            with err.status("reading events") as status:
                counts = stage.land(
                    platform, progress=lambda so_far: status.update(f"{so_far.rows_read:,} events read")
                )
        result = counts.to_dict()
        _print(result, as_json, lambda: land_table(out, result))


def land_table(console: Console, result: Mapping[str, object]) -> None:
    table = Table(*(name.replace("_", " ") for name in COUNTED), box=None, header_style="bold")
    table.add_row(*(f"{result[name]:,}" for name in COUNTED))
    console.print(table)
    reasons = result["reasons"]
    if reasons and isinstance(reasons, dict):
        shown = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items(), key=lambda x: -x[1]))
        console.print(f"[dim]rejected, kept as dead letters: {shown}[/]")
    if left := result["files_left"]:
        console.print(f"[dim]files left (still being written, empty, or of another kind): {left}[/]")
