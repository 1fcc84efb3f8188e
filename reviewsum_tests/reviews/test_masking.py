"""Nothing personal is left in what is kept of a rejected row, whatever key or encoding it hides in."""

from __future__ import annotations

import json

import pytest

from reviewsum_assets.reviews.dead_letters import rejected_text
from reviewsum_assets.reviews.intake import Rejection
from reviewsum_assets.reviews.keyed_hash import KeyedHash
from reviewsum_assets.reviews.masking import MASKED
from reviewsum_assets.reviews.redaction import Redactor

KEYED = KeyedHash(b"a key of the tests only")
ROW = {"review_id": "R1", "product_id": "P1", "user_id": "U1", "review_text": "Fine kettle.", "star_rating": 9}


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor()


def masked(redactor: Redactor, text: str) -> str:
    rejection = Rejection("bad_json", "not readable")
    row = rejected_text("f:1", text, rejection, redact=lambda t: redactor.redact(t).text, hash_text=KEYED.text)
    return row.raw


def test_a_user_id_that_is_an_email_address_is_hashed(redactor: Redactor) -> None:
    stored = masked(redactor, json.dumps(ROW | {"user_id": "jo.b@example.com"}))
    assert "example.com" not in stored
    assert json.loads(stored)["user_id"] == KEYED.text("jo.b@example.com")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("email", "jo at home"),
        ("name", "Jo Bloggs"),
        ("phone", 7700900123),
        ("address", {"street": "Elm", "no": 4}),
        ("customer", ["Jo", "Bloggs"]),
    ],
)
def test_values_of_foreign_keys_are_masked(redactor: Redactor, key: str, value: object) -> None:
    stored = json.loads(masked(redactor, json.dumps(ROW | {key: value})))
    assert stored == ROW | {key: MASKED, "user_id": KEYED.text("U1")}


@pytest.mark.parametrize("field", ["review_text", "product_title", "category", "locale", "created_at", "star_rating"])
def test_personal_data_in_any_field_is_redacted(redactor: Redactor, field: str) -> None:
    stored = masked(redactor, json.dumps(ROW | {field: "jo.b@example.com, tel 07700 900123"}))
    assert json.loads(stored)[field] == "[email], tel [phone]"


def test_ids_that_look_like_order_numbers_stay(redactor: Redactor) -> None:
    stored = json.loads(masked(redactor, json.dumps(ROW | {"review_id": "302-7719283-1100293"})))
    assert stored["review_id"] == "302-7719283-1100293"


@pytest.mark.parametrize(
    "broken",
    [
        '{"review_id": "R1", "user_id": "jo.b@example.com", "email": "jo.b\\u0040example.com", "review_text": "x"',
        '{"user_id": "jo.b@example.com", "name": "Jo Bloggs", "review_text": "mail jo.b\\u0040example.com" oops}',
        "R1,P1,Kettle,kettles,jo.b%40example.com,5",
        "R1;P1;jo.b&#64;example.com;call 07700 900123",
    ],
)
def test_what_does_not_parse_is_masked_and_redacted_too(redactor: Redactor, broken: str) -> None:
    stored = masked(redactor, broken)
    assert "example" not in stored
    assert "Bloggs" not in stored
    assert "900123" not in stored
