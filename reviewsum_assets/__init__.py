"""Reviewsum: multilingual product reviews in, short, balanced, checkable summaries out, as Dagster assets."""

import os

# One thread for each of numpy's matrix products: shared between threads they spin while they wait for each other, and
# with two cores under load the same work took ten times as long. The embedder runs products side by side instead, and
# torch has threads of its own. Set before numpy is imported, which is why it stands here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
