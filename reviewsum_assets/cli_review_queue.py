"""`reviewsum review-queue`: reviews that were set aside, for a person to approve or reject, with an audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reviewsum_assets.cli_output import errors, out, print_result

if TYPE_CHECKING:
    from reviewsum_assets.contracts.decisions import Ruling
    from reviewsum_assets.resources.operations_db import AuditEntry
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.resources.review_queue import QueuedReview, ReviewQueue

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID…", help="Review ids.", show_default=False)]
FromFile = Annotated[Path | None, typer.Option("--from-file", help="More review ids, one a line; # starts a comment.")]
Note = Annotated[str, typer.Option("--note", help="Why, for the audit log. No text of a review.")]
Actor = Annotated[
    str | None,
    typer.Option("--actor", envvar="REVIEWSUM_ACTOR", help="Who decides; the system's user unless given."),
]

AFTERWARDS = "run `reviewsum refresh` to apply it"

review_queue = typer.Typer(
    no_args_is_help=True, help="Reviews that were set aside: list them, approve or reject, take back, look up."
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(review_queue, name="review-queue")


@review_queue.command("list")
def list_queue(
    reason: Annotated[str | None, typer.Option(help="Only those set aside for this reason.")] = None,
    product: Annotated[str | None, typer.Option(help="Only those of this product.")] = None,
    day: Annotated[str | None, typer.Option(help="Only those of this day, YYYY-MM-DD.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Reviews shown, newest first; 0: only the counts.")] = 20,
    text: Annotated[bool, typer.Option("--text", help="Show the cleaned and redacted text.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count the set-aside reviews by reason and show the newest."""
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.resources.review_queue import QueueFilter
    from reviewsum_assets.settings import get_settings

    with errors(as_json):
        platform = Platform(get_settings())
        queue = _queue(platform)
        which = QueueFilter(reason, product, day)
        counts = queue.counts(which)
        if reason is not None and reason not in counts:
            known = f"reasons here: {', '.join(counts)}" if counts else "nothing is set aside here"
            raise LookupError(f"no review is set aside as {reason!r}: {known}")
        now = datetime.now(UTC)
        rows = [_row(review, now, with_text=text) for review in queue.reviews(which, limit)] if limit else []
        result = {"counts": counts, "shown": len(rows), "reviews": rows}
        print_result(result, as_json, lambda: _show_queue(out, counts, rows, with_text=text))


@review_queue.command()
def approve(
    ids: Ids = None, note: Note = "", actor: Actor = None, from_file: FromFile = None, as_json: AsJson = False
) -> None:
    """Let reviews count, whatever the rules say."""
    _decide("approved", ids, note, actor, from_file, as_json)


@review_queue.command()
def reject(
    ids: Ids = None, note: Note = "", actor: Actor = None, from_file: FromFile = None, as_json: AsJson = False
) -> None:
    """Set reviews aside, also such as count now."""
    _decide("rejected", ids, note, actor, from_file, as_json)


@review_queue.command()
def undo(
    ids: Ids = None, note: Note = "", actor: Actor = None, from_file: FromFile = None, as_json: AsJson = False
) -> None:
    """Take decisions back: the rules decide again."""
    from reviewsum_assets.resources.decisions import DecisionStore
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.settings import get_settings

    with errors(as_json):
        wanted = _ids(ids, from_file)
        store = DecisionStore(Platform(get_settings()).operations)
        undone = store.undo(wanted, actor=actor or getuser(), note=note)
        result = {"undone": list(undone), "next": AFTERWARDS}
        print_result(result, as_json, lambda: out.print(f"{len(undone)} decisions taken back: {AFTERWARDS}"))


@review_queue.command()
def history(
    review: Annotated[str | None, typer.Argument(metavar="ID", help="Only of this review.", show_default=False)] = None,
    limit: Annotated[int, typer.Option(min=1, help="Entries shown, newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show what was decided and taken back, by whom and when."""
    from reviewsum_assets.resources.decisions import DecisionStore
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.settings import get_settings

    with errors(as_json):
        entries = DecisionStore(Platform(get_settings()).operations).history(review, limit)
        if review is not None and not entries:
            raise LookupError(f"nothing was ever decided on review {review!r}")
        rows = [
            {"at": entry.at, "actor": entry.actor, "action": entry.action, "review_id": entry.subject, **entry.details}
            for entry in entries
        ]
        print_result(rows, as_json, lambda: _show_history(out, entries))


def _decide(
    verdict: Ruling, ids: list[str] | None, note: str, actor: str | None, from_file: Path | None, as_json: bool
) -> None:
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.settings import get_settings

    with errors(as_json):
        wanted = _ids(ids, from_file)
        changed = _queue(Platform(get_settings())).decide(verdict, wanted, actor=actor or getuser(), note=note)
        same = sorted(set(wanted) - set(changed))
        result = {verdict: list(changed), "unchanged": same, "next": AFTERWARDS}
        said = f", {len(same)} were so already" if same else ""
        print_result(result, as_json, lambda: out.print(f"{len(changed)} reviews {verdict}{said}: {AFTERWARDS}"))


def _queue(platform: Platform) -> ReviewQueue:
    from reviewsum_assets.resources.decisions import DecisionStore
    from reviewsum_assets.resources.review_queue import ReviewQueue

    return ReviewQueue(platform.lake, DecisionStore(platform.operations))


def _ids(ids: Sequence[str] | None, from_file: Path | None) -> list[str]:
    """Ids of the command line and of the file.

    Raises:
        ValueError: there are none, or the file is no text.
        FileNotFoundError: there is no such file.
    """
    found = list(ids or ())
    if from_file is not None:
        if not from_file.is_file():
            raise FileNotFoundError(f"no such file: {from_file}")
        try:
            lines = from_file.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise ValueError(f"{from_file} is no UTF-8 text: write one review id a line") from None
        found += [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not found:
        raise ValueError("no review ids: name some, or give a file of them with --from-file")
    return list(dict.fromkeys(found))


def _row(review: QueuedReview, now: datetime, *, with_text: bool) -> dict[str, object]:
    decision = review.decision
    row: dict[str, object] = {
        "review_id": review.review_id,
        "product_id": review.product_id,
        "day": review.day,
        "age_days": (now - review.created_at).days,
        "star_rating": review.star_rating,
        "language": review.language,
        "reason": review.reason,
        "score": None if review.score is None else round(review.score, 4),
        "details": review.details or None,
        "decision": None if decision is None else decision.verdict,
        "decided_by": None if decision is None else decision.actor,
    }
    if with_text:
        row["text"] = review.text
    return row


def _show_queue(
    console: Console, counts: Mapping[str, int], rows: Sequence[Mapping[str, object]], *, with_text: bool
) -> None:
    if not counts:
        console.print("nothing is set aside here")
        return
    console.print("set aside: " + ", ".join(f"{reason} {count:,}" for reason, count in counts.items()))
    if not rows:
        return
    table = Table(box=None, header_style="bold")
    for name in ("review", "reason", "rests on", "score", "stars", "product", "day", "age", "decided"):
        table.add_column(name, justify="right" if name in ("score", "stars", "age") else "left")
    if with_text:
        table.add_column("text", overflow="fold")
    for row in rows:
        score, decided = row["score"], row["decision"]
        table.add_row(
            escape(str(row["review_id"])),
            str(row["reason"]),
            escape(str(row["details"] or "")),
            f"{score:.2f}" if isinstance(score, float) else "–",
            str(row["star_rating"]),
            escape(str(row["product_id"])),
            str(row["day"]),
            f"{row['age_days']} d",
            escape(f"{decided} by {row['decided_by']}") if decided else "",
            *([escape(str(row["text"]))] if with_text else []),
        )
    console.print(table)


def _show_history(console: Console, entries: Sequence[AuditEntry]) -> None:
    if not entries:
        console.print("nothing was decided yet")
        return
    table = Table("when (UTC)", "who", "what", "review", "day", "before", "note", box=None, header_style="bold")
    for entry in entries:
        details = (str(entry.details.get(name) or "") for name in ("day", "before", "note"))
        table.add_row(
            f"{entry.at:%Y-%m-%d %H:%M:%S}",
            *(escape(value) for value in (entry.actor, entry.action, entry.subject, *details)),
        )
    console.print(table)
