"""What the commands show a person: progress, tables, summaries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from reviewsum_assets.contracts.records import Citation, Claim, SummaryRecord
from reviewsum_assets.contracts.tables import ProductSummaries
from reviewsum_assets.doctor import Finding
from reviewsum_assets.refresh_report import RefreshReport
from reviewsum_assets.resources.platform import Platform, ProgressWatcher
from reviewsum_assets.reviews.loading import LoadCounts

TOUR_PRODUCTS = 3


@contextmanager
def load_progress(console: Console, quiet: bool) -> Iterator[Callable[[LoadCounts], None] | None]:
    """A line that counts the rows of a load."""
    if quiet:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("[progress.description]{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading", total=None)
        yield lambda counts: progress.update(
            task, description=f"{counts.rows_read:,} rows read, {counts.rejected:,} rejected"
        )


class _Bars:
    """A bar a task; tasks appear when they start."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def advance(self, task: str, items: int) -> None:
        self._progress.advance(self._task(task), items)

    def reached(self, task: str, done: int, total: int) -> None:
        self._progress.update(self._task(task), completed=done, total=total)

    def _task(self, task: str) -> TaskID:
        if task not in self._tasks:
            self._tasks[task] = self._progress.add_task(task.replace("_", " "), total=None)
        return self._tasks[task]


@contextmanager
def refresh_progress(console: Console, quiet: bool) -> Iterator[ProgressWatcher | None]:
    """Bars for what a refresh works through."""
    if quiet:
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield _Bars(progress)


def load_table(console: Console, result: Mapping[str, object]) -> None:
    table = Table("rows read", "loaded", "unchanged", "rejected", box=None, header_style="bold")
    table.add_row(*(f"{result[name]:,}" for name in ("rows_read", "loaded", "unchanged", "rejected")))
    console.print(table)
    reasons, unknown = result["reasons"], result["unknown_keys"]
    if reasons and isinstance(reasons, dict):
        shown = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items(), key=lambda x: -x[1]))
        console.print(f"[dim]rejected, kept as dead letters: {shown}[/]")
    if unknown and isinstance(unknown, dict):
        shown = ", ".join(f"{key} ({count} rows)" for key, count in unknown.items())
        console.print(f"keys ignored: {shown}", style="dim", markup=False)


def refresh_table(console: Console, report: RefreshReport) -> None:
    table = Table(box=None, show_header=False)
    for name, value in report.to_dict().items():
        if isinstance(value, int | float):
            table.add_row(name.replace("_", " "), f"{value:,}")
    console.print(table)


def show_record(console: Console, record: SummaryRecord) -> None:
    """A summary as a shopper would read it, each claim with its count and quotes."""
    console.print(_panel(record))


def tour_records(platform: Platform) -> list[SummaryRecord]:
    """A few published records with praise and complaints: one a department, in different locales."""
    found: list[SummaryRecord] = []
    locales = platform.settings.locales
    for category in platform.lake.partitions("product_summaries"):
        if len(found) == TOUR_PRODUCTS:
            break
        table = platform.lake.read("product_summaries", ProductSummaries, category).to_pylist()
        locale = locales[len(found) % len(locales)]
        best = max(
            (SummaryRecord.model_validate_json(row["record"]) for row in table if row["locale"] == locale),
            key=lambda record: (bool(record.pros and record.cons), record.review_count),
            default=None,
        )
        if best is not None and best.status == "published":
            found.append(best)
    return found


def show_tour(console: Console, platform: Platform, records: Sequence[SummaryRecord]) -> None:
    for record in records:
        console.print(_panel(record))
    product = records[0].product_id
    table = Table(box=None, show_header=False, title="Where to look next", title_justify="left")
    home = platform.settings.home
    table.add_row(f"REVIEWSUM_HOME={home} reviewsum show {escape(product)} --locale de", "any product, any locale")
    table.add_row(f"REVIEWSUM_HOME={home} make ui", "Dagster: graph, partitions, checks, plots")
    table.add_row(str(platform.settings.lake_dir), "the lake: Parquet by asset and partition")
    table.add_row(f"REVIEWSUM_HOME={home} reviewsum doctor", "each backend and model")
    console.print(table)


def _panel(record: SummaryRecord) -> Panel:
    # As Text: a title is the shop's words and may hold what reads as markup.
    title = Text(f"{record.product_title or record.product_id} · {record.locale}")
    if record.status == "withheld":
        return Panel(Text(f"No summary: {record.reason} ({record.review_count} reviews counted)"), title=title)
    parts: list[object] = [Text(" ".join(sentence.text for sentence in record.summary))]
    for heading, sign, claims in (("Pros", "+", record.pros), ("Cons", "–", record.cons)):
        if claims:
            parts.append(Text(f"\n{heading}", style="bold"))
            parts += [_claim(sign, claim, record.review_count) for claim in claims]
    aside = sum(record.set_aside.values())
    as_of = f" as of {record.as_of:%Y-%m-%d}" if record.as_of else ""
    foot = f"\n{record.disclosure} · {record.review_count:,} reviews{as_of}"
    if aside:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(record.set_aside.items()))
        foot += f" · {aside} set aside ({reasons})"
    parts.append(Text(foot, style="dim"))
    return Panel(Group(*parts), title=title, title_align="left")  # type: ignore[arg-type]


def _claim(sign: str, claim: Claim, review_count: int) -> Group:
    by = "" if claim.written_by == "model" else " · template"
    line = Text.assemble(
        (f" {sign} ", "green" if sign == "+" else "red"),
        claim.text,
        (f"  {claim.support} of {review_count:,} ({claim.share:.0%}){by}", "cyan"),
    )
    quotes = [Padding(Text(_quote(citation), style="dim italic"), (0, 0, 0, 6)) for citation in claim.citations[:2]]
    return Group(line, *quotes)


def _quote(citation: Citation) -> str:
    return f"“{citation.quote}” — {citation.review_id}"


def doctor_table(console: Console, findings: Sequence[Finding]) -> None:
    table = Table("", "part", "finding", "what to do", box=None, header_style="bold")
    for finding in findings:
        table.add_row("[green]ok[/]" if finding.ok else "[red]no[/]", finding.part, finding.detail, finding.fix)
    console.print(table)
