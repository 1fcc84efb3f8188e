"""Check digits of account, card and identity numbers, each from its standard or the issuing authority's rule."""

from __future__ import annotations

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_ODD_VALUES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def luhn_digit(body: str) -> str:
    """Luhn check digit (ISO/IEC 7812-1) of a number without it."""
    total = 0
    for place, character in enumerate(reversed(body)):
        doubled = int(character) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def iban_check(country: str, bban: str) -> str:
    """The two check digits of an IBAN (ISO 13616, modulo 97)."""
    number = "".join(str(int(character, 36)) for character in bban + country + "00")
    return f"{98 - int(number) % 97:02d}"


def rib_key(bank: str, branch: str, account: str) -> str:
    """The two key digits of a French account (relevé d'identité bancaire)."""
    return f"{97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97:02d}"


def spanish_account_check(bank_and_branch: str, account: str) -> str:
    """The two control digits of a Spanish account."""
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)

    def digit(number: str) -> str:
        rest = 11 - sum(w * int(c) for w, c in zip(weights, number, strict=True)) % 11
        return str({11: 0, 10: 1}.get(rest, rest))

    return digit("00" + bank_and_branch) + digit(account)


def _italian_sum(body: str) -> int:
    """Sum of a body whose 1st, 3rd, … characters count by the odd table and whose others by their value."""
    total = 0
    for place, character in enumerate(body):
        value = int(character) if character.isdigit() else ord(character) - ord("A")
        total += _ODD_VALUES[value] if place % 2 == 0 else value
    return total


def italian_cin(rest: str) -> str:
    """Control letter of an Italian account: over ABI, CAB and account number."""
    return chr(ord("A") + _italian_sum(rest) % 26)


def codice_fiscale_check(body: str) -> str:
    """Last letter of an Italian codice fiscale, from its first fifteen characters (decreto 23/12/1976)."""
    return chr(ord("A") + _italian_sum(body) % 26)


def dni_letter(number: str) -> str:
    """Letter of a Spanish DNI (modulo 23)."""
    return _DNI_LETTERS[int(number) % 23]


def nir_key(body: str) -> str:
    """Key of a French NIR of thirteen digits (modulo 97)."""
    return f"{97 - int(body) % 97:02d}"


def bsn_is_valid(number: str) -> bool:
    """The eleven-test of a Dutch burgerservicenummer of nine digits."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(c) for w, c in zip(weights, number, strict=True)) % 11 == 0


def steuer_id_digit(body: str) -> str:
    """Check digit of a German Steuer-ID (ISO 7064, MOD 11,10)."""
    product = 10
    for character in body:
        total = (int(character) + product) % 10 or 10
        product = 2 * total % 11
    return str((11 - product) % 10)


def nhs_digit(body: str) -> str | None:
    """Check digit of an English NHS number (modulo 11); None where the body has none."""
    digit = 11 - sum((10 - place) * int(c) for place, c in enumerate(body)) % 11
    if digit == 10:
        return None
    return str(digit % 11)
