"""`reviewsum`: load, land, refresh, show, tour, doctor, ui.

Every command has `--json`; progress goes to standard error; an error is one line that says what to do; the exit code
is 0 only when the thing was done.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from reviewsum_assets import cli_erase, cli_land, cli_rejects, cli_review_queue
from reviewsum_assets.cli_output import AsJson, Files, err, out
from reviewsum_assets.cli_output import errors as _errors
from reviewsum_assets.cli_output import fail as _fail
from reviewsum_assets.cli_output import print_result as _print
from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.settings import Settings, get_settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reviewsum: product reviews in, short, balanced, checkable summaries out.",
)
cli_erase.register(app)
cli_rejects.register(app)
cli_review_queue.register(app)

Product = Annotated[str, typer.Argument(help="Product id.")]
Locale = Annotated[str, typer.Option(help=f"Locale: {', '.join(LOCALES)}.")]
Variant = Annotated[str, typer.Option(help="Variant: champion or challenger.")]


@app.command()
def load(files: Files, as_json: AsJson = False) -> None:
    """Load review exports into the source database; upsert by review_id."""
    from reviewsum_assets.cli_views import load_progress, load_table
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.reviews.loading import load_exports

    with _errors(as_json):
        missing = [str(path) for path in files if not path.is_file()]
        if missing:
            raise FileNotFoundError(f"no such file: {missing[0]}")
        platform = Platform(_settings())
        with load_progress(err, quiet=as_json) as progress:
            counts = load_exports(
                files,
                platform.source_database,
                redact=platform.redacted,
                hash_text=platform.keyed_hash.text,
                now=datetime.now(UTC),
                progress=progress,
                erased=platform.tombstones.erased,
            )
        result = {
            "rows_read": counts.rows_read,
            "loaded": counts.loaded,
            "unchanged": counts.unchanged,
            "rejected": counts.rejected,
            "unknown_keys": dict(counts.unknown_keys),
            "reasons": dict(counts.reasons),
            "refused": dict(counts.refused),
        }
        _print(result, as_json, lambda: load_table(out, result))
        if counts.refused:
            _fail("; ".join(counts.refused.values()), as_json=False)


@app.command()
def refresh(as_json: AsJson = False) -> None:
    """Bring everything that is stale up to date, as recorded Dagster runs."""
    from reviewsum_assets.cli_views import refresh_progress, refresh_table
    from reviewsum_assets.resources.platform import Platform

    with _errors(as_json):
        _settings()
        from reviewsum_assets.refresh import refresh as run

        platform = Platform()
        with refresh_progress(err, quiet=as_json) as platform.watcher:
            report = run(platform)
        _print(report.to_dict(), as_json, lambda: refresh_table(out, report))
        if report.records_failed:
            _fail(
                f"the engine failed on {report.records_failed} records; their last good ones stand. See "
                "`reviewsum doctor`, then refresh again",
                as_json=False,
            )
        if report.blocked:
            asset, partitions = next(iter(report.blocked.items()))
            _fail(
                f"{sum(map(len, report.blocked.values()))} partitions failed a blocking check, first "
                f"{asset}[{partitions[0]}]: see its checks in Dagster's UI (`make ui`); the others are done",
                as_json=False,
            )


@app.command()
def show(product: Product, locale: Locale = "en", variant: Variant = "champion", as_json: AsJson = False) -> None:
    """Show the summary record of a product; a withheld one prints its reason."""
    from reviewsum_assets.cli_views import show_record
    from reviewsum_assets.resources.platform import Platform

    with _errors(as_json):
        platform = Platform(_settings())
        record = platform.cache.get(product, locale.lower(), variant)
        if record is None:
            raise LookupError(_why_missing(platform, product, locale))
        _print(record.model_dump(mode="json"), as_json, lambda: show_record(out, record))


@app.command()
def tour(as_json: AsJson = False) -> None:
    """Show some summaries and where to look next."""
    from reviewsum_assets.cli_views import show_tour, tour_records
    from reviewsum_assets.resources.platform import Platform

    with _errors(as_json):
        platform = Platform(_settings())
        records = tour_records(platform)
        if not records:
            raise LookupError("nothing is summarised yet: run `reviewsum load FILE`, then `reviewsum refresh`")
        _print([r.model_dump(mode="json") for r in records], as_json, lambda: show_tour(out, platform, records))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check each backend and model: reachable, version, what to fix."""
    from reviewsum_assets.cli_views import doctor_table
    from reviewsum_assets.doctor import examine
    from reviewsum_assets.resources.platform import Platform

    with _errors(as_json):
        findings = examine(Platform(_settings()))
        _print([finding.to_dict() for finding in findings], as_json, lambda: doctor_table(out, findings))
        if not all(finding.ok for finding in findings):
            raise typer.Exit(1)


@app.command()
def ui(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of Dagster's UI.")] = 3000,
) -> None:
    """Run Dagster's UI with its daemon over this state folder."""
    with _errors(False):
        from reviewsum_assets.refresh import dagster_instance
        from reviewsum_assets.resources.platform import Platform

        settings = _settings()
        dagster_instance(Platform(settings)).dispose()
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(settings.dagster_home),
            "REVIEWSUM_HOME": str(settings.root),
        }
        err.print(f"Dagster's UI: http://{host}:{port} (state in {settings.root}; Ctrl-C ends it)")
        command = [sys.executable, "-m", "dagster", "dev", "-m", "reviewsum_assets.definitions"]
        raise typer.Exit(
            subprocess.call([*command, "-h", host, "-p", str(port)], env=environment, cwd=settings.dagster_home)
        )


cli_land.register(app)


def _settings() -> Settings:
    return get_settings()


def _why_missing(platform: object, product: str, locale: str) -> str:
    from reviewsum_assets.contracts.tables import ProductCatalog
    from reviewsum_assets.resources.platform import Platform
    from reviewsum_assets.stages.catalog import CATALOG

    assert isinstance(platform, Platform)
    if locale.lower() not in platform.settings.locales:
        return f"no records in locale {locale!r}: this platform writes {', '.join(platform.settings.locales)}"
    products = platform.lake.read(CATALOG, ProductCatalog, columns=["product_id"])["product_id"].to_pylist()
    if product in products:
        return f"product {product} has no cached summary: run `reviewsum refresh`"
    near = [known for known in products if product.lower() in known.lower()][:3]
    hint = f"did you mean {', '.join(near)}?" if near else "load its reviews with `reviewsum load FILE`, then refresh"
    return f"no product {product!r}: {hint}"


def main() -> None:
    """Entry point of the command."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Progress is shown by these commands themselves.
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    app()


if __name__ == "__main__":
    main()
