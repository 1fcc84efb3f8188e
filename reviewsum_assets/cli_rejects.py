"""`reviewsum rejects`: rows that could not be taken, listed, exported to be corrected, and given back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from reviewsum_assets.cli_output import AsJson, Files, err, errors, fail, out, print_result
from reviewsum_assets.contracts.source import DeadLetterEntry, DeadLetterFilter
from reviewsum_assets.settings import get_settings

Reason = Annotated[str | None, typer.Option("--reason", help="Only this reason code.")]
Origin = Annotated[
    str | None, typer.Option("--file", "--origin", help="Only of this file, or file:line; `source`: found there.")
]
Day = Annotated[str | None, typer.Option("--day", help="Only of this day, YYYY-MM-DD.")]
ProductOption = Annotated[str | None, typer.Option("--product", help="Only of this product.")]

app = typer.Typer(no_args_is_help=True, help="Dead letters: rows that could not be taken, each with its reason.")


def register(parent: typer.Typer) -> None:
    """Add the commands to `reviewsum`."""
    parent.add_typer(app, name="rejects")


@app.command("list")
def list_rejects(
    reason: Reason = None,
    origin: Origin = None,
    day: Day = None,
    product: ProductOption = None,
    limit: Annotated[int, typer.Option(min=0, help="Dead letters shown at most; 0: only the counts.")] = 20,
    text: Annotated[bool, typer.Option("--text", help="Show what is kept of each review's text, redacted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count dead letters by reason, and show the first of them, without the reviews' text."""
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.stages.rejects import dead_letter_reasons, dead_letters

    with errors(as_json):
        platform = Platform(get_settings())
        which = _filter(reason, origin, day, product)
        reasons = dead_letter_reasons(platform, which)
        shown = [_shown(entry, text=text) for entry in dead_letters(platform, which, limit)]
        if text:
            # Once more: what is kept was redacted by the rules of its day.
            for row in shown:
                row["text"] = platform.redacted(row["text"] or "")
        result = {"total": sum(reasons.values()), "reasons": reasons, "shown": len(shown), "dead_letters": shown}
        print_result(result, as_json, lambda: _list_table(reasons, shown))


@app.command("export")
def export_rejects(
    file: Annotated[Path, typer.Argument(help="File to write: .jsonl or .csv, plain or .gz.")],
    reason: Reason = None,
    origin: Origin = None,
    day: Day = None,
    product: ProductOption = None,
    as_json: AsJson = False,
) -> None:
    """Write dead letters as rows to correct: redacted, users hashed, each with its reason and its key."""
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.reviews.dead_letter_export import written
    from reviewsum_assets.stages.rejects import dead_letters

    with errors(as_json):
        platform = Platform(get_settings())
        count = written(dead_letters(platform, _filter(reason, origin, day, product)), file)
        result = {"exported": count, "file": str(file)}
        print_result(result, as_json, lambda: out.print(f"{count:,} dead letters written to {escape(str(file))}"))


@app.command("retry")
def retry_rejects(files: Files, as_json: AsJson = False) -> None:
    """Load corrected rows; each dead letter that they mend, by `_dead_letter` or else by review_id, leaves with it."""
    from reviewsum_assets.cli_views import load_progress
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.reviews.loading import retry_exports
    from reviewsum_assets.stages.rejects import dead_letter_reasons

    with errors(as_json):
        platform = Platform(get_settings())
        with load_progress(err, quiet=as_json) as progress:
            counts = retry_exports(
                files,
                platform.source_database,
                redact=platform.redacted,
                hash_text=platform.keyed_hash.text,
                now=datetime.now(UTC),
                progress=progress,
                erased=platform.tombstones.erased,
            )
        left = sum(dead_letter_reasons(platform, DeadLetterFilter()).values())
        result = {
            "rows_read": counts.rows_read,
            "loaded": counts.loaded,
            "unchanged": counts.unchanged,
            "rejected": counts.rejected,
            "mended": counts.mended,
            "left": left,
            "reasons": dict(counts.reasons),
            "refused": dict(counts.refused),
        }
        print_result(result, as_json, lambda: _retry_table(result))
        if counts.refused:
            fail("; ".join(counts.refused.values()), as_json=False)


def _filter(reason: str | None, origin: str | None, day: str | None, product: str | None) -> DeadLetterFilter:
    if day is not None:
        try:
            day = date.fromisoformat(day).isoformat()
        except ValueError:
            raise ValueError(f"--day {day!r} is no day: write it as 2026-01-31") from None
    return DeadLetterFilter(reason, None if origin is None else Path(origin).name, day, product)


def _shown(entry: DeadLetterEntry, *, text: bool) -> dict[str, str | None]:
    from reviewsum_assets.reviews.dead_letter_export import kept_values

    row: dict[str, str | None] = {
        "key": entry.key,
        "origin": entry.origin,
        "day": entry.day,
        "reason_code": entry.reason_code,
        "reason": entry.reason,
        "review_id": entry.review_id,
        "product_id": entry.product_id,
    }
    if text:
        values = kept_values(entry)
        row["text"] = entry.raw if values is None else str(values.get("review_text") or "")
    return row


def _list_table(reasons: dict[str, int], shown: Sequence[dict[str, str | None]]) -> None:
    counts = Table("reason", "dead letters", box=None, header_style="bold")
    for reason, count in reasons.items():
        counts.add_row(reason, f"{count:,}")
    counts.add_row("[bold]all[/]", f"[bold]{sum(reasons.values()):,}[/]")
    out.print(counts)
    for row in shown:
        review = f" review {row['review_id']}" if row["review_id"] else ""
        out.print(f"\n{row['origin']}{review}, day {row['day']}", markup=False, highlight=False)
        out.print(f"  {row['reason_code']}: {row['reason']}", markup=False, highlight=False)
        if row.get("text"):
            out.print(f"  {row['text']}", markup=False, highlight=False, style="dim")
    rest = sum(reasons.values()) - len(shown)
    if rest > 0:
        out.print(f"\n{rest:,} more: --limit, or `reviewsum rejects export FILE`", style="dim", highlight=False)


def _retry_table(result: dict[str, object]) -> None:
    names = ("rows_read", "loaded", "unchanged", "rejected", "mended", "left")
    table = Table(*(name.replace("_", " ") for name in names), box=None, header_style="bold")
    table.add_row(*(f"{result[name]:,}" for name in names))
    out.print(table)
    reasons = result["reasons"]
    if isinstance(reasons, dict) and reasons:
        out.print("rejected: " + ", ".join(f"{reason} {count}" for reason, count in reasons.items()), style="dim")
