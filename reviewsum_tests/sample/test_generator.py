"""The sample: the same for the same seed, varied, and true to its labels."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest

from reviewsum_assets.sample import Sample, generate
from reviewsum_assets.sample.personal_data import KINDS
from reviewsum_assets.sample.phrases import LANGUAGES
from reviewsum_assets.sample.truth import LABELS


def test_the_same_arguments_give_the_same_sample_and_another_seed_another(sample: Sample) -> None:
    again = generate(sample.as_of)
    assert again.rows == sample.rows
    assert again.truth == sample.truth
    assert generate(sample.as_of, seed=8).rows != sample.rows


def test_there_are_1500_reviews_of_24_products_with_truth_row_by_row(sample: Sample) -> None:
    assert len(sample.rows) == 1500
    assert len(sample.products) == 24
    assert [row["review_id"] for row in sample.rows] == [truth.review_id for truth in sample.truth]
    assert len(sample.by_id) == 1500
    assert {row["product_id"] for row in sample.rows} == {p.product_id for p in sample.products}


def test_each_language_has_a_tenth_of_the_reviews_at_least(sample: Sample) -> None:
    counts = Counter(truth.language for truth in sample.truth)
    assert set(counts) == set(LANGUAGES)
    assert min(counts.values()) >= 150


def test_each_label_is_there_in_three_languages_at_least(sample: Sample) -> None:
    languages: dict[str, set[str]] = defaultdict(set)
    for truth in sample.truth:
        for label in truth.labels:
            languages[label].add(truth.language)
    assert set(languages) == set(LABELS)
    assert {label: len(found) for label, found in languages.items() if len(found) < 3} == {}


def test_each_kind_of_personal_data_is_there_in_all_six_languages(sample: Sample) -> None:
    found = {(datum.kind, truth.language) for truth in sample.truth for datum in truth.personal_data}
    assert found == {(kind, language) for kind in KINDS for language in LANGUAGES}


def test_personal_data_occurs_in_the_text_letter_by_letter(sample: Sample) -> None:
    labelled = [
        (datum.text, row["review_text"])
        for row, truth in zip(sample.rows, sample.truth, strict=True)
        for datum in truth.personal_data
    ]
    assert len(labelled) >= 60
    assert [pair for pair in labelled if pair[0] not in str(pair[1])] == []


def test_reviews_do_not_repeat_but_for_the_labelled_copies(sample: Sample) -> None:
    own = [
        str(row["review_text"])
        for row, truth in zip(sample.rows, sample.truth, strict=True)
        if not {"exact_copy", "one_word", "review_bombing", "spam"} & set(truth.labels)
    ]
    assert len(set(own)) >= 0.99 * len(own)


def test_no_long_sentence_is_worn_out_within_a_product(sample: Sample) -> None:
    worn: Counter[tuple[str, str]] = Counter()
    for row, truth in zip(sample.rows, sample.truth, strict=True):
        if not truth.labels:
            sentences = re.split(r"(?<=[.!?])\s+", str(row["review_text"]))
            worn.update({(truth.product_id, s) for s in sentences if len(s) > 40})
    assert worn.most_common(1)[0][1] <= 4


def test_lengths_run_from_a_word_to_a_paragraph(sample: Sample) -> None:
    lengths = sorted(len(str(row["review_text"])) for row in sample.rows)
    assert lengths[0] < 10
    assert 90 <= median(lengths) <= 220
    assert lengths[len(lengths) * 95 // 100] > 250
    assert lengths[-1] < 1000


def test_stars_follow_the_opinions(sample: Sample) -> None:
    stars: dict[str, list[int]] = defaultdict(list)
    for row, truth in zip(sample.rows, sample.truth, strict=True):
        polarities = {polarity for _, polarity in truth.opinions}
        if len(polarities) == 1 and not truth.labels:
            stars[polarities.pop()].append(int(row["star_rating"] or 0))
    assert min(stars["positive"]) >= 3
    assert max(stars["negative"]) <= 3


def test_nearly_all_reviews_lie_in_the_eighty_days_before_and_none_after(sample: Sample) -> None:
    days = [datetime.fromisoformat(str(row["created_at"])).astimezone(UTC).date() for row in sample.rows]
    assert max(days) == sample.as_of
    assert sum(day == sample.as_of for day in days) >= 5
    old = sum(day < sample.as_of - timedelta(days=90) for day in days)
    assert 5 <= old <= 60


def test_the_bombing_is_a_burst_of_new_unverified_users_on_one_product(sample: Sample) -> None:
    rows = [r for r, t in zip(sample.rows, sample.truth, strict=True) if "review_bombing" in t.labels]
    assert len(rows) >= 20
    assert len({r["product_id"] for r in rows}) == 1
    assert len({str(r["created_at"])[:10] for r in rows}) <= 2
    assert not any(r["verified_purchase"] for r in rows)
    users = Counter(row["user_id"] for row in sample.rows)
    assert all(users[r["user_id"]] == 1 for r in rows)


def test_the_surge_is_of_verified_buyers_in_their_own_words(sample: Sample) -> None:
    pairs = [(r, t) for r, t in zip(sample.rows, sample.truth, strict=True) if "surge" in t.labels]
    assert len(pairs) >= 20
    assert len({r["product_id"] for r, _ in pairs}) == 1
    assert all(r["verified_purchase"] is not False for r, _ in pairs)
    assert len({r["review_text"] for r, _ in pairs}) == len(pairs)
    assert all(t.counts and ("negative" in {p for _, p in t.opinions}) for _, t in pairs)


def test_copies_name_their_original_and_come_after_it(sample: Sample) -> None:
    rows = {row["review_id"]: row for row in sample.rows}
    copies = [t for t in sample.truth if t.duplicate_of is not None]
    assert {label for t in copies for label in t.labels} == {"near_duplicate", "exact_copy"}
    for truth in copies:
        copy, original = rows[truth.review_id], rows[truth.duplicate_of]
        assert copy["user_id"] != original["user_id"]
        assert str(copy["created_at"]) > str(original["created_at"])
        assert (copy["review_text"] == original["review_text"]) == ("exact_copy" in truth.labels)


def test_a_user_who_reviews_a_product_twice_counts_once(sample: Sample) -> None:
    counted = Counter((r["user_id"], r["product_id"]) for r in sample.rows if sample.by_id[str(r["review_id"])].counts)
    assert max(counted.values()) == 1
    assert sum(truth.superseded for truth in sample.truth) >= 6


def test_mojibake_can_be_traced_to_what_was_meant(sample: Sample) -> None:
    damaged = [(str(r["review_text"]), t) for r, t in zip(sample.rows, sample.truth, strict=True) if t.intended_text]
    assert all(text != truth.intended_text for text, truth in damaged)
    broken = [text for text, truth in damaged if "mojibake" in truth.labels]
    assert broken
    assert all(re.search(r"[ÃâÂðÅ]", text) for text in broken)


def test_products_have_the_characters_that_the_summaries_must_cope_with(sample: Sample) -> None:
    reviews = Counter(truth.product_id for truth in sample.truth)
    by_character = defaultdict(list)
    for product in sample.products:
        by_character[product.character].append(product)
    assert all(reviews[p.product_id] < 10 for p in by_character["few_reviews"])
    assert any(reviews[p.product_id] > 150 for p in by_character["busy"])
    for product in by_character["one_language"]:
        own = Counter(t.language for t in sample.truth if t.product_id == product.product_id)
        assert own[product.mostly or ""] > 0.5 * own.total()
    for product in by_character["minority_complaint"]:
        support = sample.support(product.product_id)
        counted = sum(t.counts for t in sample.truth if t.product_id == product.product_id)
        complaints = sum(n for (a, p), n in support.items() if a in product.criticised and p == "negative")
        assert complaints >= 3
        assert complaints >= 0.05 * counted


def test_support_counts_a_review_with_both_polarities_as_mixed(sample: Sample) -> None:
    product = sample.products[0].product_id
    reviews = [t for t in sample.truth if t.product_id == product and t.counts]
    support = sample.support(product)
    for aspect in {a for a, _ in support}:
        stating = sum(any(a == aspect for a, _ in t.opinions) for t in reviews)
        assert sum(n for (a, _), n in support.items() if a == aspect) == stating


def test_a_larger_shop_is_made_by_varying_products() -> None:
    large = generate(date(2026, 3, 14), reviews=3000, products=120)
    assert len(large.rows) == 3000
    assert len({p.title for p in large.products}) >= 118
    assert len({row["category"] for row in large.rows}) == 24


def test_a_small_sample_still_holds_ordinary_reviews() -> None:
    small = generate(date(2026, 3, 14), reviews=100)
    assert len(small.rows) == 100
    assert sum(not truth.labels for truth in small.truth) >= 50


@pytest.mark.parametrize("arguments", [{"reviews": 0}, {"products": 0}])
def test_an_empty_shop_is_refused(arguments: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        generate(date(2026, 3, 14), **arguments)
