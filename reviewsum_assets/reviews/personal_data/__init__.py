"""Recognisers of personal data, one module a kind: contact, phones, accounts, national ids, dates, addresses, names."""

from __future__ import annotations

from reviewsum_assets.reviews.personal_data.accounts import account_recognizers
from reviewsum_assets.reviews.personal_data.addresses import address_recognizers
from reviewsum_assets.reviews.personal_data.contact import contact_recognizers
from reviewsum_assets.reviews.personal_data.dates import birthdate_recognizers
from reviewsum_assets.reviews.personal_data.home_addresses import home_address_recognizers
from reviewsum_assets.reviews.personal_data.names import name_recognizers
from reviewsum_assets.reviews.personal_data.names_announced import announced_name_recognizers
from reviewsum_assets.reviews.personal_data.names_in_passing import passing_name_recognizers
from reviewsum_assets.reviews.personal_data.national_ids import national_id_recognizers
from reviewsum_assets.reviews.personal_data.phones import phone_recognizers
from reviewsum_assets.reviews.recognition import Gated


def recognizers() -> list[Gated]:
    """All recognisers, run on every text whatever its language: a review in French may hold a Dutch number."""
    return [
        *contact_recognizers(),
        *account_recognizers(),
        *national_id_recognizers(),
        *phone_recognizers(),
        *birthdate_recognizers(),
        *address_recognizers(),
        *home_address_recognizers(),
        *name_recognizers(),
        *passing_name_recognizers(),
        *announced_name_recognizers(),
    ]
