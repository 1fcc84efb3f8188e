"""Reviewsum: multilingual product reviews in, short, balanced, checkable summaries out, as Dagster assets."""

import os

# One thread for each of numpy's matrix products: shared between threads they spin while they wait for each other, and
# with two cores under load the same work took ten times as long. The embedder runs products side by side instead.
# It stands here because it must be set before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Likewise for torch's own threads, which share their work but need not spin for it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"
