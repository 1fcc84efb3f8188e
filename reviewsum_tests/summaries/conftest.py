"""The real components that verify and mine, made once a session."""

from __future__ import annotations

import pytest

from reviewsum_assets.opinions.aspects import AspectMatcher
from reviewsum_assets.opinions.polarity import PolarityHead
from reviewsum_assets.opinions.taxonomy import Taxonomy, load_taxonomy
from reviewsum_assets.resources.embedder import Usem3Embedder
from reviewsum_assets.summaries.verifying import Verifier
from reviewsum_tests.summaries.corpus import Mined, mined


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture(scope="session")
def embedder() -> Usem3Embedder:
    return Usem3Embedder(threads=2, batch_size=512)


@pytest.fixture(scope="session")
def matcher(taxonomy: Taxonomy, embedder: Usem3Embedder) -> AspectMatcher:
    return AspectMatcher(taxonomy, embedder.embed)


@pytest.fixture(scope="session")
def verifier(embedder: Usem3Embedder, matcher: AspectMatcher) -> Verifier:
    return Verifier(embedder.embed, matcher, PolarityHead.load())


@pytest.fixture(scope="session")
def speaker(embedder: Usem3Embedder, matcher: AspectMatcher) -> Mined:
    """Chunks and opinions of fourteen reviews of a speaker."""
    return mined(embedder, matcher, PolarityHead.load())
