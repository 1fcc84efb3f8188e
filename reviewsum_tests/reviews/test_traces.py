"""A search that holds no words finds them in bytes, in JSON and across blocks, and nothing else."""

from __future__ import annotations

import json
import random

import orjson
import pytest

from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.traces import Trace, TraceMaker, TraceSet, sentences_of

MAKER = TraceMaker(KeyedHash(b"a key of the tests, long enough").trace)
OTHER_KEY = TraceMaker(KeyedHash(b"another key of the tests, long").trace)

TEXT = 'Der Deckel quietscht "wie verrückt" 😀, sobald es regnet.\nNever again, not even as a present! Nope.'


def searched(*texts: str, ids: tuple[str, ...] = ()) -> TraceSet:
    traces = {trace for text in texts for trace in MAKER.of_text(text)}
    return MAKER.searched(traces | {trace for one in ids for trace in MAKER.of_id(one)})


def test_sentences_are_those_long_enough_to_be_someones_own() -> None:
    assert sentences_of(TEXT) == {
        'Der Deckel quietscht "wie verrückt" 😀, sobald es regnet.',
        "Never again, not even as a present!",
    }


@pytest.mark.parametrize("write", [str.encode, orjson.dumps, lambda text: json.dumps(text).encode()])
def test_a_sentence_is_found_in_each_form_in_which_files_hold_it(write: object) -> None:
    for sentence in sentences_of(TEXT):
        assert callable(write)
        data = b"\x00\xff" * 9 + bytes(write(sentence)).strip(b'"') + b"\x01"
        assert searched(TEXT).found(data)
        assert not searched(TEXT).found(data.replace(b"e", b"a"))


def test_it_is_found_wherever_a_block_ends() -> None:
    search = searched(TEXT)
    data = b"." * 61 + min(sentences_of(TEXT)).encode() + b"." * 61
    for size in (1, 7, 8, 31, 64, 500):
        assert search.found_in(data[start : start + size] for start in range(0, len(data), size)), size


def test_ids_are_found_between_other_bytes_and_short_ones_are_not_sought() -> None:
    assert searched(ids=("R000123",)).found(b"xxR000123P7")
    assert not searched(ids=("R000123",)).found(b"xxR000124P7")
    assert searched(ids=("review-of-a-mug",)).found(b"review-of-a-mug")
    assert MAKER.of_id("R12") == set()


def test_a_mark_takes_the_place_of_each_occurrence() -> None:
    search = searched(ids=("U100200", "R000123"))
    assert search.without(b'{"review_id": "R000123", "by": "U100200"} R000124') == (
        b'{"review_id": "[erased]", "by": "[erased]"} R000124'
    )


def test_what_is_kept_of_a_sentence_says_nothing_without_the_key() -> None:
    ours, theirs = MAKER.of_text(TEXT), OTHER_KEY.of_text(TEXT)
    assert {trace.digest for trace in ours}.isdisjoint({trace.digest for trace in theirs})
    assert {trace.anchor for trace in ours}.isdisjoint({trace.anchor for trace in theirs})
    assert {Trace(*trace.to_list()) for trace in ours} == ours  # type: ignore[arg-type]


def test_it_finds_exactly_what_a_plain_search_finds() -> None:
    chance = random.Random(3)
    words = ["mug", "lid", "très", "gut", "kapot", "bello", "rápido", "ok"]
    sentences = {" ".join(chance.choices(words, k=chance.randint(6, 12))) for _ in range(300)}
    sentences = {sentence for sentence in sentences if len(sentence) >= 20}
    data = " ".join(chance.choices(words, k=40_000)).encode()
    data += b"".join(sentence.encode() for sentence in sorted(sentences)[::3])
    traces = {sentence: MAKER.of("text", sentence.encode()) for sentence in sentences}
    found = MAKER.searched(traces.values()).found(data)
    assert {one for one, trace in traces.items() if trace in found} == {s for s in sentences if s.encode() in data}
