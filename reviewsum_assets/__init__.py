"""Reviewsum: multilingual product reviews in, short, balanced, checkable summaries out, as Dagster assets."""

__version__ = "0.1.0"
