"""What every command has in common: where it prints, `--json`, and errors of one line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

out = Console()
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Files = Annotated[list[Path], typer.Argument(help="Review exports: JSONL, CSV or Parquet, plain or .gz.")]


def print_result(result: object, as_json: bool, view: Callable[[], None]) -> None:
    """Print a result as JSON, or as the view prints it."""
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(result, option=orjson.OPT_INDENT_2) + b"\n")
        sys.stdout.flush()
    else:
        view()


@contextmanager
def errors(as_json: bool) -> Iterator[None]:
    """Errors that a person can act on become one line and exit code 1; others keep their traceback."""
    from reviewsum_assets.expected_errors import EXPECTED

    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        fail(f"setting REVIEWSUM_{name}: {first['msg'].removeprefix('Value error, ')}", as_json)
    except EXPECTED as error:
        fail(" ".join(str(error).split()), as_json)


def fail(message: str, as_json: bool) -> NoReturn:
    """Say in one line what is wrong, and exit with 1."""
    if as_json:
        sys.stdout.buffer.write(orjson.dumps({"error": message}) + b"\n")
    # Messages name files and products, which may hold what reads as markup.
    err.print(f"[bold red]error:[/] {escape(message)}", soft_wrap=True, highlight=False)
    raise typer.Exit(1)
