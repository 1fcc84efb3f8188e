"""What the validator takes, what it refuses, and what it says about it."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewsum_assets.contracts.source import REQUIRED_FIELDS, SourceRow
from reviewsum_assets.reviews.intake import (
    MAX_ID_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    Rejection,
    check_row,
    parse_time,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def row(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "review_id": "R1",
        "product_id": "P1",
        "product_title": "Travel kettle",
        "category": "kettles",
        "user_id": "U1",
        "star_rating": 4,
        "review_text": "Boils fast.",
        "created_at": "2026-02-01T10:00:00Z",
    }
    return values | changes


def taken(**changes: object) -> SourceRow:
    checked = check_row(row(**changes), now=NOW)
    assert isinstance(checked, SourceRow), checked
    return checked


def refused(**changes: object) -> Rejection:
    checked = check_row(row(**changes), now=NOW)
    assert isinstance(checked, Rejection), checked
    return checked


def test_a_minimal_row_is_taken_and_its_optional_fields_are_unknown() -> None:
    assert taken() == SourceRow(
        "R1", "P1", "Travel kettle", "kettles", "U1", 4, "Boils fast.", datetime(2026, 2, 1, 10, tzinfo=UTC)
    )


@pytest.mark.parametrize("name", REQUIRED_FIELDS)
@pytest.mark.parametrize("value", ["absent", None, math.nan])
def test_a_required_field_that_is_not_there_is_named_in_the_reason(name: str, value: object) -> None:
    values = row(**{name: value})
    if value == "absent":
        del values[name]
    checked = check_row(values, now=NOW)
    assert isinstance(checked, Rejection)
    assert checked.reason_code == "missing_field"
    assert f"missing {name} " in checked.reason


def test_all_problems_of_a_row_are_told_at_once() -> None:
    rejection = refused(product_id="", user_id=None, star_rating=9, created_at="soon")
    assert rejection.reason_code == "missing_field"
    for part in ("missing product_id, user_id", "star_rating is 9", "created_at is 'soon'"):
        assert part in rejection.reason


def test_a_refused_row_keeps_what_could_be_read_of_it() -> None:
    rejection = refused(star_rating=0)
    assert (rejection.review_id, rejection.product_id) == ("R1", "P1")
    assert rejection.created_at == datetime(2026, 2, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("stars", [4, "4", 4.0, "4.0", " 4 ", Decimal(4)])
def test_four_stars_are_read_however_they_are_written(stars: object) -> None:
    assert taken(star_rating=stars).star_rating == 4


@pytest.mark.parametrize("stars", [0, 6, -1, 4.5, "4.5", "five", "٤", True, [4], {"n": 4}, math.inf, 10**400])
def test_stars_that_are_no_whole_number_from_one_to_five_are_refused(stars: object) -> None:
    assert refused(star_rating=stars).reason_code == "bad_star_rating"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\ufeff", "\u00a0", "\x00\x07", "\ufffd\ufffd"])
def test_a_text_without_a_visible_character_is_empty(text: str) -> None:
    assert refused(review_text=text).reason_code == "empty_text"


@pytest.mark.parametrize("text", ["👍", "好", "ok", "   ok ", "?!"])
def test_the_shortest_texts_are_taken_untouched(text: str) -> None:
    assert taken(review_text=text).review_text == text


def test_a_text_of_the_longest_length_is_taken_and_one_character_more_is_not() -> None:
    assert len(taken(review_text="x" * MAX_TEXT_CHARACTERS).review_text) == MAX_TEXT_CHARACTERS
    assert refused(review_text="x" * (MAX_TEXT_CHARACTERS + 1)).reason_code == "text_too_long"


@pytest.mark.parametrize("text", [5, 5.5, True, ["a"], {"text": "a"}, b"bytes"])
def test_a_text_that_is_no_text_is_refused(text: object) -> None:
    assert refused(review_text=text).reason_code == "bad_text"


@pytest.mark.parametrize("text", ["good\x00bad", "half an emoji \ud83d"])
def test_a_text_that_no_database_can_hold_is_refused(text: str) -> None:
    assert refused(review_text=text).reason_code == "bad_text"


@pytest.mark.parametrize("value", [42, 42.0, Decimal(42), " 42 "])
def test_numbered_ids_become_text(value: object) -> None:
    assert taken(review_id=value, product_id=value, user_id=value).review_id == "42"


@pytest.mark.parametrize("value", ["SKU|1/2...", "../B00", "Größe-42", "a b"])
def test_shops_may_name_their_products_as_they_like(value: str) -> None:
    assert taken(product_id=value).product_id == value


@pytest.mark.parametrize("name", ["review_id", "product_id", "user_id", "category"])
@pytest.mark.parametrize(
    "value",
    ["a\nb", "a\x00b", "a\x1b[31m", "a\u202eb", "a\ufffd", "\ud83d", "x" * (MAX_ID_CHARACTERS + 1), True, 1.5, []],
)
def test_identifiers_that_deceive_break_or_overflow_are_refused(name: str, value: object) -> None:
    rejection = refused(**{name: value})
    assert rejection.reason_code == "bad_id"
    assert name in rejection.reason


def test_a_refused_id_is_not_passed_on() -> None:
    assert refused(review_id="a\nb").review_id is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-02-01T10:00:00Z", datetime(2026, 2, 1, 10, tzinfo=UTC)),
        ("2026-02-01T10:00:00+02:00", datetime(2026, 2, 1, 8, tzinfo=UTC)),
        ("2026-02-01T10:00:00", datetime(2026, 2, 1, 10, tzinfo=UTC)),
        ("2026-02-01 10:00:00", datetime(2026, 2, 1, 10, tzinfo=UTC)),
        ("2026-02-01 10:00:00 UTC", datetime(2026, 2, 1, 10, tzinfo=UTC)),
        ("2026-02-01 10:00:00.123456", datetime(2026, 2, 1, 10, 0, 0, 123456, tzinfo=UTC)),
        ("2026-02-01", datetime(2026, 2, 1, tzinfo=UTC)),
        ("20260201", datetime(2026, 2, 1, tzinfo=UTC)),
        (1769940000, datetime(2026, 2, 1, 10, tzinfo=UTC)),
        (1769940000123, datetime(2026, 2, 1, 10, 0, 0, 123000, tzinfo=UTC)),
        ("1769940000", datetime(2026, 2, 1, 10, tzinfo=UTC)),
        ("1769940000123", datetime(2026, 2, 1, 10, 0, 0, 123000, tzinfo=UTC)),
        (1769940000.5, datetime(2026, 2, 1, 10, 0, 0, 500000, tzinfo=UTC)),
        (datetime(2026, 2, 1, 10), datetime(2026, 2, 1, 10, tzinfo=UTC)),
        (datetime(2026, 2, 1, 10, tzinfo=timezone(timedelta(hours=-5))), datetime(2026, 2, 1, 15, tzinfo=UTC)),
        (date(2026, 2, 1), datetime(2026, 2, 1, tzinfo=UTC)),
        (Decimal("1769940000.123456"), datetime(2026, 2, 1, 10, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_every_usual_form_and_without_a_zone_it_is_utc(written: object, meant: datetime) -> None:
    assert taken(created_at=written).created_at == meant
    assert taken(created_at=written).created_at.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "01/02/2026",
        "2026-02-30",
        "2026-13-01",
        "2026-02-01T25:00",
        "0000-00-00 00:00:00",
        "1969-12-31",
        0,
        20260201,
        "0001-01-01T00:00:00+14:00",
        "9" * 5000,
        10**30,
        math.inf,
        Decimal("1e999999"),
        Decimal("sNaN"),
        True,
        [2026, 2, 1],
        "2026-02-01x10:00",
    ],
)
def test_times_that_are_impossible_or_ambiguous_are_refused(written: object) -> None:
    assert refused(created_at=written).reason_code == "bad_created_at"


def test_a_time_may_be_a_day_ahead_of_the_clock_and_no_more() -> None:
    assert taken(created_at=NOW + timedelta(days=1)).created_at == NOW + timedelta(days=1)
    rejection = refused(created_at=NOW + timedelta(days=1, seconds=1))
    assert rejection.reason_code == "future_created_at"
    assert rejection.created_at == NOW + timedelta(days=1, seconds=1)


@pytest.mark.parametrize("value", [None, "", " ", "null", "NULL", "\\N", "NaN", math.nan])
def test_an_optional_field_without_a_value_is_unknown(value: object) -> None:
    checked = taken(helpful_votes=value, verified_purchase=value, locale=value)
    assert (checked.helpful_votes, checked.verified_purchase, checked.locale) == (None, None, None)


@pytest.mark.parametrize(("written", "votes"), [(0, 0), (12, 12), ("12", 12), (12.0, 12), ("12.0", 12)])
def test_helpful_votes_are_whole_numbers_from_zero(written: object, votes: int) -> None:
    assert taken(helpful_votes=written).helpful_votes == votes


@pytest.mark.parametrize("written", [-1, "-1", 1.5, "many", True, 2**31, math.inf, []])
def test_helpful_votes_that_count_nothing_are_refused(written: object) -> None:
    assert refused(helpful_votes=written).reason_code == "bad_helpful_votes"


@pytest.mark.parametrize("written", [True, "true", "TRUE", "1", 1, 1.0, "yes"])
def test_a_verified_purchase_is_read_as_true(written: object) -> None:
    assert taken(verified_purchase=written).verified_purchase is True


@pytest.mark.parametrize("written", [False, "false", "False", "0", 0, "no"])
def test_an_unverified_purchase_is_read_as_false(written: object) -> None:
    assert taken(verified_purchase=written).verified_purchase is False


@pytest.mark.parametrize("written", [2, "maybe", [], Decimal("sNaN"), math.inf])
def test_a_verified_purchase_that_is_neither_is_refused(written: object) -> None:
    assert refused(verified_purchase=written).reason_code == "bad_verified_purchase"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("de", "de"),
        ("DE-de", "de_DE"),
        ("de_DE", "de_DE"),
        ("en_us.UTF-8", "en_US"),
        ("zh-hant-tw", "zh_Hant_TW"),
        ("es-419", "es_419"),
        ("Deutsch", "Deutsch"),
    ],
)
def test_locales_have_one_spelling_and_other_words_stay_as_stated(written: str, stored: str) -> None:
    assert taken(locale=written).locale == stored


@pytest.mark.parametrize("written", [5, "x" * 36, "de\n"[:2] + "\x00", ["de"]])
def test_a_locale_that_cannot_be_one_is_refused(written: object) -> None:
    assert refused(locale=written).reason_code == "bad_locale"


def test_reasons_do_not_repeat_what_a_person_wrote() -> None:
    words = "Call me, Jane Roe, on 555-0100"
    fields = ("star_rating", "created_at", "helpful_votes", "verified_purchase")
    rejection = refused(**dict.fromkeys(fields, words), locale=words * 2)
    for word in ("Jane", "Roe", "0100", "Call"):
        assert word not in rejection.reason


def test_keys_that_no_export_field_has_are_ignored() -> None:
    assert taken(date_is_real=True, nested={"a": [1]}) == taken()


def test_the_content_hash_follows_every_field_and_nothing_else() -> None:
    hashes = {taken().content_hash()}
    changes: dict[str, object] = {
        "review_id": "R2",
        "product_id": "P2",
        "product_title": "Kettle",
        "category": "tea",
        "user_id": "U2",
        "star_rating": 5,
        "review_text": "Boils slowly.",
        "created_at": "2026-02-01T10:00:01Z",
        "helpful_votes": 0,
        "verified_purchase": False,
        "locale": "de",
    }
    for name, value in changes.items():
        hashes.add(taken(**{name: value}).content_hash())
    assert len(hashes) == len(changes) + 1
    assert taken(created_at="2026-02-01T11:00:00+01:00").content_hash() == taken().content_hash()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.datetimes() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*row(), "helpful_votes", "verified_purchase", "locale", "x"]), JSON))
def test_any_values_give_a_verdict_and_what_is_taken_can_be_stored(values: dict[str, object]) -> None:
    checked = check_row(row(**values), now=NOW)
    if isinstance(checked, SourceRow):
        assert 1 <= checked.star_rating <= 5
        assert checked.created_at <= NOW + timedelta(days=1)
        checked.content_hash()
        json.dumps([checked.review_id, checked.review_text, checked.locale], ensure_ascii=False).encode()
    else:
        assert checked.reason_code
        checked.reason.encode()


@settings(derandomize=True)
@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2200, 1, 1)))
def test_a_time_written_as_milliseconds_is_the_same_to_the_millisecond(moment: datetime) -> None:
    exact = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    milliseconds = (exact - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert parse_time(milliseconds) == exact
