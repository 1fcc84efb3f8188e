"""What all assets share: owners, retries, freshness."""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

DATA_TEAM = "team:data-platform"
ML_TEAM = "team:ml"

SINGLE_RUN = dg.BackfillPolicy.single_run()
"""One run for a range: starting a run costs seconds, an unchanged partition milliseconds."""

RETRIES = dg.RetryPolicy(max_retries=2, delay=10, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
"""For what passes by itself: a source or server that is away. Failures that stay raise with retries off."""

DAILY_FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=26), warn_window=timedelta(hours=13))
"""Each asset reports at least its newest partition at every refresh; two missed half-days are a fault."""

LANCEDB_POOL = "lancedb_writer"
"""LanceDB knows one writer at a time."""

LLM_POOL = "llm"
"""Runs that ask the language model."""
