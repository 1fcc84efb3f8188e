"""`reviewsum erase`: a person's reviews out of everything, with proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewsum_assets.cli_output import AsJson, err, errors, fail, out, print_result
from reviewsum_assets.settings import get_settings

if TYPE_CHECKING:
    from reviewsum_assets.erasure import ErasureReport

Users = Annotated[list[str] | None, typer.Option("--user", help="User id as the shop writes it; may be repeated.")]
Reviews = Annotated[list[str] | None, typer.Option("--review", help="Review id; may be repeated.")]
FromFile = Annotated[
    Path | None,
    typer.Option("--from-file", help="Ids, one a line: `user ID` or `review ID`; empty lines and # are left out."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would go, and change nothing.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(erase)


def erase(
    user: Users = None,
    review: Reviews = None,
    from_file: FromFile = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Remove users or reviews everywhere, for good, and prove it. Exit code 0 only if nothing is left."""
    from dataclasses import asdict
    from getpass import getuser

    from reviewsum_assets.resources.platform import Platform

    with errors(as_json):
        users, reviews = list(user or ()), list(review or ())
        if from_file is not None:
            listed = ids_of_file(from_file)
            users += listed[0]
            reviews += listed[1]
        if not users and not reviews:
            raise ValueError("name whom to erase: --user ID, --review ID or --from-file FILE")
        if any(not one.strip() for one in (*users, *reviews)):
            raise ValueError("an id is empty: give --user ID or --review ID")
        platform = Platform(get_settings())
        from reviewsum_assets import erasure

        if dry_run or not (yes or as_json):
            report = erasure.preview(platform, users, reviews)
            if dry_run:
                print_result(asdict(report), as_json, lambda: _show(report))
                return
            _show(report)
            if not typer.confirm("Erase this for good?", err=True):
                fail("nothing was erased", as_json)
        elif not yes:
            raise ValueError("--json asks nothing: add --yes to erase, or --dry-run to look first")

        def on_step(step: str) -> None:
            err.print(f"[dim]{step} …[/]", highlight=False)

        report = erasure.erase(
            platform, users, reviews, actor=getuser(), on_step=(lambda step: None) if as_json else on_step
        )
        print_result(asdict(report), as_json, lambda: _show(report))
        if report.refresh_error:
            err.print(
                f"[yellow]the refresh did not get everything done ({report.refresh_error}); records that cited the "
                "erased are withdrawn until `reviewsum refresh` succeeds[/]",
                soft_wrap=True,
                highlight=False,
            )
        if not report.done:
            fail(_left(report), as_json=False)


def ids_of_file(path: Path) -> tuple[list[str], list[str]]:
    """Users and reviews of a list, one a line.

    Raises:
        ValueError: naming the first line that is neither.
    """
    users: list[str] = []
    reviews: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        kind, _, identifier = line.strip().partition(" ")
        if kind not in ("user", "review") or not identifier.strip():
            raise ValueError(f"{path}:{number} is neither `user ID` nor `review ID`")
        (users if kind == "user" else reviews).append(identifier.strip())
    return users, reviews


def _left(report: ErasureReport) -> str:
    traces, unreadable = report.proof["traces"], report.proof["unreadable"]
    assert isinstance(traces, dict)
    assert isinstance(unreadable, list)
    places = [f"{place} ({count})" for place, count in traces.items()] + [f"{one}: not readable" for one in unreadable]
    return (
        f"traces remain in {', '.join(places[:8])}: end what holds these files, take exports out of the state folder, "
        "then run the same command again"
    )


def _show(report: ErasureReport) -> None:
    from rich.table import Table

    table = Table("place", "rows", "removed after the refresh", box=None, header_style="bold")
    for place in sorted({*report.found, *report.removed}):
        table.add_row(place, f"{report.found.get(place, 0):,}", f"{report.removed.get(place, 0) or ''}")
    if report.found or report.removed:
        out.print(table)
    else:
        out.print("nothing of theirs was found")
    if report.rows_at_shop:
        out.print(
            f"[yellow]{report.rows_at_shop:,} rows stay in the shop's own table, which is only read: delete them at "
            "the shop too[/]",
            soft_wrap=True,
        )
    if report.dry_run:
        out.print(f"dry run: {report.users} users, {report.reviews} reviews would be erased; nothing was changed")
        return
    proof = report.proof
    out.print(
        f"records written anew {report.records_rewritten}, withdrawn {report.records_withdrawn}; searched "
        f"{proof['files']:,} files, {proof['bytes']:,} bytes, for {proof['searched_for']:,} forms of words and ids "
        f"({proof['shared']:,} of those found are in reviews that stay too)"
    )
    out.print("[green]nothing is left[/]" if report.done else "[red]traces remain[/]")
