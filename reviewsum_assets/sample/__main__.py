"""`python -m reviewsum_assets.sample OUT.jsonl.gz`: writes the sample and, beside it, its truth."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from reviewsum_assets.sample.export import Format, truth_path, write_export, write_truth
from reviewsum_assets.sample.generator import generate

_FORMATS: dict[str, Format] = {".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet"}


def main(arguments: list[str] | None = None) -> None:
    """Command line of the sample; the date of today is only a default of the command, never of the generator."""
    parser = argparse.ArgumentParser(prog="python -m reviewsum_assets.sample", description=__doc__)
    parser.add_argument("out", type=Path, help="export to write: .jsonl, .csv (either with .gz) or .parquet")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, default=None, help="newest day, YYYY-MM-DD (default: today)"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--reviews", type=int, default=1500)
    parser.add_argument("--products", type=int, default=24)
    options = parser.parse_args(arguments)
    suffix = Path(options.out.name.removesuffix(".gz")).suffix
    if suffix not in _FORMATS:
        parser.error(f"cannot tell the format of {options.out}: end it in {', '.join(_FORMATS)}, with or without .gz")
    if options.reviews < 1 or options.products < 1:
        parser.error("--reviews and --products must be at least 1")
    as_of = options.as_of or datetime.now(UTC).date()
    sample = generate(as_of, options.seed, options.reviews, options.products)
    rows = write_export(sample, options.out, _FORMATS[suffix])
    write_truth(sample, truth_path(options.out))
    print(f"{options.out}: {rows} rows as of {as_of}, truth in {truth_path(options.out)}")


if __name__ == "__main__":
    main()
