"""`make bench`: every figure with what it was measured on, as a table and as JSON under `bench-results/`.

    python -m reviewsum_tests.bench [--real DIR] [--only NAME ...] [--reviews N]

A ratio comes from one run of one process. Absolute times are shown beside them for orientation only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 10, 1)

TARGETS: dict[tuple[str, str], tuple[str, Callable[[float], bool]]] = {
    ("pipeline", "ratio_to_bare_embedding"): ("≤ 1.6", lambda value: value <= 1.6),
    ("pipeline", "times_faster_than_naive"): ("≥ 5", lambda value: value >= 5),
    ("scale", "reviews_per_second_without_embedding"): ("≥ 1500", lambda value: value >= 1500),
    ("scale", "unchanged_times_faster"): ("≥ 20", lambda value: value >= 20),
    ("scale", "peak_ratio"): ("≤ 1.3", lambda value: value <= 1.3),
    ("scale", "peak_megabytes_large_day"): ("≤ 2500", lambda value: value <= 2500),
    ("writing", "ratio"): ("≥ 0.85", lambda value: value >= 0.85),
    ("fuzz", "unaccounted"): ("0", lambda value: value == 0),
    ("fuzz", "fewest_rows_a_file"): ("≥ 10,000", lambda value: value >= 10_000),
    ("privacy", "held_out.lowest_recall"): ("≥ 0.98", lambda value: value >= 0.98),
    ("privacy", "held_out.lowest_precision"): ("≥ 0.95", lambda value: value >= 0.95),
    ("refresh", "second_refresh_llm_calls"): ("0", lambda value: value == 0),
    ("floods", "speed.day_against_itself_a_second"): ("≥ 20,000", lambda value: value >= 20_000),
    ("floods", "speed.earlier_rows_a_second"): ("≥ 100,000", lambda value: value >= 100_000),
    ("floods", "speed.memory_mb_with_earlier_days"): ("≤ 300", lambda value: value <= 300),
    ("floods", "sample.surge_kept"): ("1", lambda value: value == 1),
    ("abuse", "labelled.abuse_recall"): ("≥ 0.95", lambda value: value >= 0.95),
    ("abuse", "labelled.fair_filtered"): ("≤ 0.02", lambda value: value <= 0.02),
    ("abuse", "one_star_reviews.sentence_flagged"): ("≤ 0.01", lambda value: value <= 0.01),
    ("language", "labelled.accuracy"): ("≥ 0.98", lambda value: value >= 0.98),
    ("language", "labelled.accuracy_under_five_words"): ("≥ 0.94", lambda value: value >= 0.94),
    ("language", "public.texts_a_cpu_second"): ("≥ 8,000", lambda value: value >= 8_000),
    ("language", "public.microseconds_a_sentence"): ("≤ 20", lambda value: value <= 20),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--real", type=Path, default=Path(os.environ.get("REVIEWSUM_REAL_DATA", "../shared/real")))
    parser.add_argument("--only", nargs="*", default=[], help="names of suites, for example pipeline refresh writing")
    parser.add_argument("--reviews", type=int, default=2_000, help="rows of the dense day")
    arguments = parser.parse_args()
    real = arguments.real if (arguments.real / "reviews.jsonl.gz").exists() else None
    suites: dict[str, Callable[[], dict[str, object]]] = {
        "pipeline": lambda: _pipeline(real, arguments.reviews),
        "scale": lambda: _module("reviewsum_tests.bench.scale", "--real", str(arguments.real)),
        "events": lambda: _events(),
        "source": lambda: _module("reviewsum_tests.bench.source"),
        "refresh": lambda: _refresh(),
        "writing": lambda: _module("reviewsum_tests.bench.engines"),
        "verifier": lambda: _module("reviewsum_tests.bench.verifier"),
        "sample_opinions": lambda: _module("reviewsum_tests.bench.sample_opinions"),
        "floods": lambda: _module("reviewsum_tests.bench.floods", *(["--data", str(real)] if real else [])),
        "hu_liu": lambda: _hu_liu(real),
        "abuse": lambda: _module("reviewsum_tests.bench.abuse", *_real_arguments(real)),
        "language": lambda: _module("reviewsum_tests.bench.language", *_real_arguments(real)),
        "fuzz": lambda: _module("reviewsum_tests.fuzz.run"),
        "privacy": lambda: _module("reviewsum_tests.bench.privacy", *(["--real", str(real)] if real else [])),
    }
    wanted = [name for name in suites if not arguments.only or name in arguments.only]
    console = Console()
    results: dict[str, dict[str, object]] = {}
    for name in wanted:
        started = time.perf_counter()
        with console.status(f"{name} …"):
            results[name] = suites[name]()
        console.print(_table(name, results[name], time.perf_counter() - started))
    folder = REPOSITORY / "bench-results"
    folder.mkdir(exist_ok=True)
    document = {"machine": _machine(), "results": results}
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    console.print(f"written to {path.relative_to(REPOSITORY)}")
    return 0


def _pipeline(real: Path | None, reviews: int) -> dict[str, object]:
    from reviewsum_tests.bench.pipeline import measure

    if real is not None:
        return {"data": "real reviews", **measure(real / "reviews.jsonl.gz", reviews)}
    with tempfile.TemporaryDirectory() as folder:
        return {"data": "sample", **measure(_sample(Path(folder), reviews), reviews)}


def _events() -> dict[str, object]:
    from reviewsum_tests.bench.events import measure

    return dict(measure())


def _refresh() -> dict[str, object]:
    """A full refresh with the embedded model, then one with nothing changed."""
    from reviewsum_tests.e2e.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        settings = {"REVIEWSUM_START_DATE": "2026-07-10", "REVIEWSUM_LOCALES": "en,de"}
        workspace = Workspace(Path(folder) / "home", settings)
        workspace.json("load", str(_sample(Path(folder), 600)))
        first, second = workspace.json("refresh"), workspace.json("refresh")
    return {
        "first_refresh_seconds": first["seconds"],
        "first_refresh_llm_calls": first["llm_calls"],
        "first_refresh_llm_tokens": first["llm_tokens"],
        "second_refresh_seconds": second["seconds"],
        "second_refresh_llm_calls": second["llm_calls"],
        "second_to_first": round(second["seconds"] / first["seconds"], 4),
    }


def _hu_liu(real: Path | None) -> dict[str, object]:
    if real is None:
        return {"skipped": "the hu_liu reviews are not part of the project; give their folder with --real"}
    return _module("reviewsum_tests.bench.hu_liu", "--data", str(real / "hu_liu"))


def _real_arguments(real: Path | None) -> list[str]:
    return [] if real is None else ["--real", str(real)]


def _module(name: str, *arguments: str) -> dict[str, object]:
    """Run another benchmark in a process of its own; it prints JSON."""
    command = [sys.executable, "-m", name, *arguments]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        return {"failed": result.stderr.strip().splitlines()[-1] if result.stderr else f"exit {result.returncode}"}
    found: dict[str, object] = json.loads(result.stdout)
    return found


def _sample(folder: Path, reviews: int) -> Path:
    from reviewsum_assets.sample import generate, write_export

    path = folder / "sample.jsonl.gz"
    write_export(generate(AS_OF, seed=7, reviews=reviews), path, malformed=False)
    return path


def _table(name: str, result: dict[str, object], seconds: float) -> Table:
    table = Table("figure", "found", "target", title=f"{name} ({seconds:.0f} s)", title_justify="left")
    for key, value in _flat(result):
        target = TARGETS.get((name, key))
        met = "" if target is None or not isinstance(value, int | float) else (" ✓" if target[1](value) else " ✗")
        table.add_row(key, f"{value}{met}", target[0] if target else "")
    return table


def _flat(result: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for key, value in result.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{prefix}{key}.")
        else:
            rows.append((f"{prefix}{key}", value))
    return rows


def _machine() -> dict[str, object]:
    return {"cores": len(os.sched_getaffinity(0)), "python": platform.python_version(), "machine": platform.machine()}


if __name__ == "__main__":
    sys.exit(main())
