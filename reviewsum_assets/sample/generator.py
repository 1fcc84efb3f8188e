"""The sample: seeded, with the truth known for each review.

`generate` writes the reviews of an invented shop from the sentence banks. Same arguments, same sample.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from reviewsum_assets.sample.damage import lightly_edited, mashed_keys, mojibake, with_markup
from reviewsum_assets.sample.malformed import malformed_lines
from reviewsum_assets.sample.personal_data import PersonalDatum, personal_datum
from reviewsum_assets.sample.phrases import LANGUAGES, OVERALL, read_yaml
from reviewsum_assets.sample.plan import Slot, plan_reviews
from reviewsum_assets.sample.products import Product, shop_products
from reviewsum_assets.sample.truth import ReviewTruth, Row, Sample
from reviewsum_assets.sample.wording import Opinion, Writer, labelled_phrases, special_phrases

WINDOW_DAYS = 80
"""Days before `as_of` over which nearly all reviews spread."""

BOMBING_DAYS_AGO, SURGE_DAYS_AGO = 12, 4
"""First day of the bombing (it lasts two days) and last day of the surge (it lasts six), before `as_of`."""

_LOCALES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "nl": "nl-NL"}
_STARS = {
    # share of positive opinions, at least: weights of 1, 2, 3, 4, 5 stars
    1.0: (0, 0, 2, 22, 76),
    0.55: (0, 2, 28, 58, 12),
    0.45: (4, 24, 56, 16, 0),
    0.05: (22, 48, 27, 3, 0),
    0.0: (60, 32, 8, 0, 0),
}


@dataclass
class _Written:
    """A review before it has its key, user and date."""

    slot: Slot
    text: str
    stars: int
    opinions: tuple[Opinion, ...] = ()
    personal_data: tuple[PersonalDatum, ...] = ()
    copied_from: int | None = None
    intended_text: str | None = None
    repeats: int | None = None
    user: str = ""
    written_at: datetime = field(default_factory=lambda: datetime(2000, 1, 1, tzinfo=UTC))


SAME_DAY_COPIES = 0.7
"""Share of copied reviews that appear on the day of their original, as those of one campaign do."""


def generate(as_of: date, seed: int = 7, reviews: int = 1500, products: int = 24) -> Sample:
    """The sample of the shop.

    Args:
        as_of: the newest day of the reviews (UTC); the others spread over the eighty days before it.
        seed: same seed and arguments, same sample.
        reviews: valid rows; malformed lines come on top.
        products: products; beyond 24, varied ones under invented brands.

    Raises:
        ValueError: if `reviews` or `products` is below 1.
    """
    rng = random.Random(f"{seed}/{as_of.isoformat()}/{reviews}/{products}")
    shop = shop_products(products, rng)
    author = _Author(Writer(rng), rng)
    written = author.write_all(plan_reviews(shop, reviews, rng))
    _date_all(written, as_of, rng)
    _sign_all(written, rng)
    order = sorted(range(len(written)), key=lambda i: (written[i].written_at, i))
    keys = {index: f"R{number:06d}" for number, index in enumerate(order, start=1)}
    latest: dict[tuple[str, str], str] = {}
    for index in order:
        latest[written[index].user, written[index].slot.product.product_id] = keys[index]
    rows: list[Row] = []
    truth: list[ReviewTruth] = []
    for index in order:
        review = written[index]
        slot = review.slot
        rows.append(_row(review, keys[index], rng))
        truth.append(
            ReviewTruth(
                review_id=keys[index],
                product_id=slot.product.product_id,
                language=slot.language,
                opinions=tuple(dict.fromkeys(review.opinions)),
                labels=(slot.kind,) if slot.kind else (),
                personal_data=review.personal_data,
                duplicate_of=None if review.copied_from is None else keys[review.copied_from],
                intended_text=review.intended_text,
                superseded=latest[review.user, slot.product.product_id] != keys[index],
            )
        )
    return Sample(as_of, seed, rows, truth, shop, malformed_lines(as_of, rows))


def _mood(opinions: Sequence[Opinion], happy: bool) -> str:
    polarities = {polarity for _, polarity in opinions}
    if len(polarities) == 2:
        return "mixed"
    return next(iter(polarities), "positive" if happy else "negative")


class _Author:
    """Writes the text of each slot."""

    def __init__(self, writer: Writer, rng: random.Random) -> None:
        self.writer = writer
        self.rng = rng
        self.seen: set[str] = set()
        self.written: list[_Written] = []
        self.ordinary: dict[tuple[str, str], list[int]] = {}

    def write_all(self, slots: Sequence[Slot]) -> list[_Written]:
        """The reviews of all slots. Copies and repeats come last, for there must be something to copy."""
        late = ("near_duplicate", "exact_copy", "repeat_user")
        for slot in sorted(slots, key=lambda s: s.kind in late):
            review = self._write(slot)
            self.written.append(review)
            if slot.kind in ("", "harsh_but_fair") and len(review.text) > 60 and slot.product.fixed_reviews is None:
                self.ordinary.setdefault(("", slot.language), []).append(len(self.written) - 1)
        return self.written

    def _write(self, slot: Slot) -> _Written:
        if slot.kind in ("near_duplicate", "exact_copy", "repeat_user"):
            originals = self.ordinary.get(("", slot.language), [])
            if originals:
                return self._after(slot, originals.pop(self.rng.randrange(len(originals))))
            return self._ordinary(replace(slot, kind=""))
        special = {
            "spam": self._spam,
            "gibberish": self._gibberish,
            "one_word": self._one_word,
            "review_bombing": self._bombing,
            "surge": self._surge,
            "harsh_but_fair": self._with_line,
            "abuse": self._with_line,
            "injection": self._with_line,
            "personal_data": self._with_personal_data,
            "markup": self._damaged,
            "mojibake": self._damaged,
            "mixed_language": self._mixed,
        }
        return special.get(slot.kind, self._ordinary)(slot)

    def _opinions(self, product: Product, happy: bool, most: int = 5) -> list[Opinion]:
        rng = self.rng
        count = min(most, rng.choices([1, 2, 3, 4, 5], [24, 29, 23, 14, 10])[0])
        weights = dict(product.type.aspects)
        if product.character == "minority_complaint":
            for aspect in product.criticised:
                weights[aspect] = 1.9
        opinions: list[Opinion] = []
        for _ in range(min(count, len(weights))):
            aspect = rng.choices(list(weights), list(weights.values()))[0]
            del weights[aspect]
            chance = 0.9 if happy else 0.14
            if product.character == "polarised":
                chance = 0.97 if happy else 0.05
            if product.character == "nearly_all_positive" and happy:
                chance = 0.985
            if aspect in product.praised:
                chance += 0.6 * (1 - chance)
            elif aspect in product.criticised:
                chance *= 0.45
            opinions.append((aspect, "positive" if rng.random() < chance else "negative"))
        return opinions

    def _stars(self, opinions: Sequence[Opinion], happy: bool) -> int:
        share = sum(p == "positive" for _, p in opinions) / len(opinions) if opinions else float(happy)
        weights = next(w for floor, w in _STARS.items() if share >= floor)
        return self.rng.choices([1, 2, 3, 4, 5], weights)[0]

    def _sentences(self, slot: Slot, happy: bool, most: int = 5) -> tuple[list[str], list[Opinion], str]:
        opinions = self._opinions(slot.product, happy, most)
        mood = _mood(opinions, happy)
        return self.writer.compose(slot.product, slot.language, opinions, mood), opinions, mood

    def _ordinary(self, slot: Slot) -> _Written:
        happy = self.rng.random() < slot.product.happy
        for _ in range(8):
            sentences, opinions, mood = self._sentences(slot, happy)
            text = self.writer.style(sentences, slot.language, mood)
            if text not in self.seen:
                break
        self.seen.add(text)
        stars = self._stars(opinions, happy)
        if slot.kind == "star_mismatch":
            stars = 1 if stars >= 3 else 5
        return _Written(slot, text, stars, tuple(opinions))

    def _after(self, slot: Slot, original: int) -> _Written:
        source = self.written[original]
        slot = replace(slot, product=source.slot.product)
        if slot.kind == "repeat_user":
            return replace(self._ordinary(slot), repeats=original)
        text = source.text if slot.kind == "exact_copy" else lightly_edited(source.text, self.rng)
        return _Written(slot, text, source.stars, source.opinions, copied_from=original)

    def _spam(self, slot: Slot) -> _Written:
        site = f"{self.rng.choice(['mega', 'best', 'super', 'top'])}-{self.rng.choice(['deal', 'shop', 'cash'])}"
        number = self.rng.randint(2, 99)
        slots = {"url": f"http://www.{site}{number}.example/win", "shop": f"www.{site}{number}.example"}
        line = self.writer.pick(slot.product, special_phrases(slot.language, "spam"))
        return _Written(slot, line.render(self.rng, slots), 5)

    def _gibberish(self, slot: Slot) -> _Written:
        return _Written(slot, mashed_keys(self.rng), self.rng.randint(1, 5))

    def _one_word(self, slot: Slot) -> _Written:
        happy = self.rng.random() < 0.65
        words = str(read_yaml(slot.language, "special")[f"one_word_{'positive' if happy else 'negative'}"])
        return _Written(slot, self.rng.choice(words.split("|")), self.rng.choice([4, 5, 5] if happy else [1, 1, 2]))

    def _bombing(self, slot: Slot) -> _Written:
        line = self.writer.pick(slot.product, special_phrases(slot.language, "bombing"))
        text = line.render(self.rng, {}) + self.rng.choice(["", "", "!!", " 😡", " BOYCOTT"])
        return _Written(slot, text, 1)

    def _surge(self, slot: Slot) -> _Written:
        entries = labelled_phrases(slot.language, "surge")
        chosen = self.writer.pick(slot.product, [entry.line for entry in entries])
        stated = next(entry.opinions for entry in entries if entry.line == chosen)
        known = {aspect for aspect, _ in stated}
        opinions = [o for o in self._opinions(slot.product, self.rng.random() < 0.5, most=2) if o[0] not in known]
        sentences = self.writer.compose(slot.product, slot.language, opinions, "mixed") if opinions else []
        sentences.insert(self.rng.choice([0, len(sentences)]), chosen.render(self.rng, {}))
        text = self.writer.style(sentences, slot.language, "negative")
        return _Written(slot, text, self.rng.choices([1, 2, 3], [5, 3, 1])[0], (*stated, *opinions))

    def _with_line(self, slot: Slot) -> _Written:
        """An ordinary review with a line of abuse, harsh criticism or injected instructions in it."""
        happy = slot.kind == "injection" and self.rng.random() < slot.product.happy
        section = {"harsh_but_fair": "harsh"}.get(slot.kind, slot.kind)
        sentences, opinions, mood = self._sentences(slot, happy, most=2)
        if slot.kind != "injection":
            while mood != "negative":
                sentences, opinions, mood = self._sentences(slot, False, most=2)
        line = self.writer.line(slot.product, slot.language, special_phrases(slot.language, section))
        text = self.writer.style(sentences, slot.language, mood)
        text = f"{line} {text}" if self.rng.random() < 0.5 else f"{_ended(text)} {line}"
        stars = self._stars(opinions, happy) if slot.kind == "injection" else self.rng.choice([1, 1, 1, 2])
        return _Written(slot, text, stars, tuple(opinions))

    def _with_personal_data(self, slot: Slot) -> _Written:
        happy = self.rng.random() < slot.product.happy
        sentences, opinions, mood = self._sentences(slot, happy, most=3)
        datum = personal_datum(self.rng, slot.detail, slot.language)
        line = self.writer.pick(slot.product, special_phrases(slot.language, "personal", slot.detail))
        text = self.writer.style(sentences, slot.language, mood)
        text = f"{_ended(text)} {line.render(self.rng, {'pii': datum.text})}"
        if slot.detail in ("address", "order_number"):
            opinions.append(("delivery", "negative"))
        elif slot.detail == "name" and line.key.endswith("/1"):  # the line that thanks a person of the support
            opinions.append(("customer_service", "positive"))
        return _Written(slot, text, self._stars(opinions, happy), tuple(opinions), (datum,))

    def _damaged(self, slot: Slot) -> _Written:
        review = self._ordinary(slot)
        if slot.kind == "markup":
            damaged, _ = with_markup(review.text, self.rng)
            return replace(review, text=damaged, intended_text=review.text)
        damaged, meant = mojibake(review.text)
        return replace(review, text=damaged, intended_text=meant)

    def _mixed(self, slot: Slot) -> _Written:
        happy = self.rng.random() < slot.product.happy
        sentences, opinions, mood = self._sentences(slot, happy, most=3)
        other = self.rng.choice([language for language in LANGUAGES if language != slot.language])
        extra = self.writer.opinion(slot.product, other, OVERALL, "positive" if happy else "negative")
        closing = [extra] if extra is not None else []
        closing.append(self.writer.frame(slot.product, other, "neutral"))
        text = self.writer.style([*sentences, *closing], slot.language, mood)
        return _Written(slot, text, self._stars(opinions, happy), tuple(opinions))


def _ended(text: str) -> str:
    """The text with a mark at its end, so that what follows is a sentence of its own."""
    return text if text[-1] in ".!?…" or not text[-1].isalnum() else f"{text}."


def _date_all(written: Sequence[_Written], as_of: date, rng: random.Random) -> None:
    """Gives each review its time: mostly within the window, a few older, a few on `as_of` itself."""
    for review in written:
        kind = review.slot.kind
        if kind == "review_bombing":
            days = BOMBING_DAYS_AGO - rng.randrange(2)
        elif kind == "surge":
            days = SURGE_DAYS_AGO + rng.randrange(6)
        elif rng.random() < 0.015:
            days = rng.randint(WINDOW_DAYS + 1, 3 * WINDOW_DAYS)
        elif rng.random() < 0.012:
            days = 0
        else:
            days = rng.randint(1, WINDOW_DAYS)
        review.written_at = _moment(as_of - timedelta(days=days), days, rng)
    for review in written:
        origin = review.copied_from if review.copied_from is not None else review.repeats
        if review.copied_from is not None and rng.random() < SAME_DAY_COPIES:
            original = written[review.copied_from].written_at
            last_minute = 58 if original.date() >= as_of else 24 * 60 - 1
            left = last_minute - (60 * original.hour + original.minute)
            review.written_at = original + timedelta(minutes=rng.randint(1, max(1, left)))
        elif origin is not None:
            later = written[origin].written_at.date() + timedelta(days=rng.randint(1, 9))
            day = min(later, as_of)
            review.written_at = max(
                _moment(day, (as_of - day).days, rng), written[origin].written_at + timedelta(minutes=1)
            )


def _moment(day: date, days_ago: int, rng: random.Random) -> datetime:
    """A time of that day; on the newest day within its first hour, so that it is not in the future."""
    if days_ago <= 0:
        return datetime.combine(day, time(0, rng.randrange(50), rng.randrange(60)), UTC)
    hour = rng.choices(range(24), [1] * 6 + [3, 5, 6, 6, 6, 6, 7, 7, 6, 6, 7, 8, 10, 12, 13, 12, 8, 4])[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), UTC)


def _sign_all(written: Sequence[_Written], rng: random.Random) -> None:
    """Gives each review its user: mostly a new one, some who review several products, a few the same one twice."""
    number = 0
    known: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    reviewed: set[tuple[str, str]] = set()
    for review in sorted(written, key=lambda r: r.repeats is not None):
        slot = review.slot
        product_id = slot.product.product_id
        if review.repeats is not None:
            review.user = written[review.repeats].user
            continue
        fresh = slot.kind in ("review_bombing", "spam", "near_duplicate", "exact_copy")
        again = rng.choice(known[slot.language]) if known[slot.language] and not fresh and rng.random() < 0.14 else None
        if again is not None and (again, product_id) not in reviewed:
            review.user = again
        else:
            number += 1
            review.user = f"U{100_000 + number * 7 % 900_001:06d}"
            if not fresh:
                known[slot.language].append(review.user)
        reviewed.add((review.user, product_id))


def _row(review: _Written, review_id: str, rng: random.Random) -> Row:
    slot = review.slot
    votes: int | None = int(rng.paretovariate(1.1) - 1) if rng.random() < 0.45 else 0
    if len(review.text) > 180:
        votes = (votes or 0) + rng.choice([0, 0, 1, 2, 3, 5])
    votes = min(votes or 0, 250)
    verified = slot.kind not in ("review_bombing", "spam") and (slot.kind == "surge" or rng.random() < 0.87)
    locale: str | None = _LOCALES[slot.language]
    if rng.random() < 0.03:
        locale = rng.choice([*_LOCALES.values(), None])
    return {
        "review_id": review_id,
        "product_id": slot.product.product_id,
        "product_title": slot.product.title,
        "category": slot.product.type.leaf,
        "user_id": review.user,
        "star_rating": review.stars,
        "review_text": review.text,
        "created_at": review.written_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "helpful_votes": votes if rng.random() < 0.97 else None,
        "verified_purchase": verified if rng.random() < 0.98 else None,
        "locale": locale,
    }
