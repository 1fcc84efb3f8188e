"""Check digits of national identity numbers, each by the rule of the authority that gives the number.

Every function takes the number without separators and says whether it could be one; none says whose it is.
"""

from __future__ import annotations

from datetime import date


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def luhn(number: str) -> bool:
    """Luhn's formula (ISO/IEC 7812-1 annex B), check digit last."""
    total = 0
    for place, character in enumerate(reversed(number)):
        doubled = int(character) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_nhs(number: str) -> bool:
    """NHS number (England, Wales): ten digits, weights 10 to 2, modulo 11."""
    if len(number) != 10 or len(set(number)) == 1:
        return False
    return (11 - _weighted(number[:9], tuple(range(10, 1, -1))) % 11) % 11 == int(number[9])


def is_bsn(number: str) -> bool:
    """Dutch burgerservicenummer: nine digits, weights 9 to 2 and −1, modulo 11 (the eleven test)."""
    number = number.zfill(9)
    if len(number) != 9 or len(set(number)) == 1:
        return False
    return _weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def is_belgian(number: str) -> bool:
    """Belgian national number: birthdate, serial, 97 − n mod 97; a 2 before those born from 2000."""
    if len(number) != 11 or not "00" <= number[2:4] <= "12" or number[4:6] > "31":
        return False
    check = int(number[9:])
    return check in (97 - int(number[:9]) % 97, 97 - int("2" + number[:9]) % 97)


def is_nir(number: str) -> bool:
    """French social security number: key 97 − n mod 97; Corsica's 2A and 2B count as 19 and 18 (INSEE)."""
    found = number.replace("2A", "19").replace("2B", "18")
    return len(found) == 15 and found.isdigit() and int(found[13:]) == 97 - int(found[:13]) % 97


_RVNR_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def is_rvnr(number: str) -> bool:
    """German pension insurance number: area, birthdate, letter, serial; check digit by § 4 VKVV."""
    data = number[:8] + f"{ord(number[8]) - 64:02d}" + number[9:11]
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(data, _RVNR_WEIGHTS, strict=True))
    return total % 10 == int(number[11])


def is_steuer_id(number: str) -> bool:
    """German tax id: eleven digits, ISO 7064 MOD 11,10, one digit of the first ten twice or thrice."""
    if len(number) != 11 or number[0] == "0":
        return False
    counts = [number[:10].count(digit) for digit in set(number[:10])]
    if max(counts) not in (2, 3) or sum(count > 1 for count in counts) != 1:
        return False
    product = 10
    for character in number[:10]:
        total = (int(character) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(number[10])


def is_svnr(number: str) -> bool:
    """Austrian social insurance number: serial, check digit in place four, birthdate; modulo 11."""
    if len(number) != 10 or number[0] == "0" or not "01" <= number[4:6] <= "31" or not "01" <= number[6:8] <= "15":
        return False
    return _weighted(number[:3] + number[4:], (3, 7, 9, 5, 8, 4, 2, 1, 6)) % 11 == int(number[3])


def is_ahv(number: str) -> bool:
    """Swiss AHV number: thirteen digits from 756, check digit as in an EAN-13."""
    if len(number) != 13 or not number.startswith("756"):
        return False
    return _weighted(number, (1, 3) * 6 + (1,)) % 10 == 0


_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def is_dni(number: str) -> bool:
    """Spanish DNI or NIE: letter by the number modulo 23; X, Y, Z count as 0, 1, 2."""
    digits = {"X": "0", "Y": "1", "Z": "2"}.get(number[0], number[0]) + number[1:-1]
    return digits.isdigit() and len(digits) == 8 and _DNI_LETTERS[int(digits) % 23] == number[-1]


def is_spanish_insured(number: str) -> bool:
    """Spanish social security number: province, number, and its remainder modulo 97."""
    return len(number) == 12 and "01" <= number[:2] <= "66" and int(number[:10]) % 97 == int(number[10:])


def is_pps(number: str) -> bool:
    """Irish PPS number: seven digits, weights 8 to 2, letter modulo 23; a second letter counts nine times."""
    second = ord(number[8]) - 64 if len(number) == 9 and number[8] != "W" else 0
    total = _weighted(number[:7], (8, 7, 6, 5, 4, 3, 2)) + 9 * second
    return "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] == number[7]


def is_partita_iva(number: str) -> bool:
    """Italian VAT number: eleven digits by Luhn's formula."""
    return len(number) == 11 and len(set(number)) > 1 and luhn(number)


def is_luxembourgish(number: str) -> bool:
    """Luxembourgish national number: birthdate from the year 1900, serial, and a Luhn digit in place twelve."""
    if len(number) != 13 or not number.startswith(("19", "20")):
        return False
    try:
        born = date(int(number[:4]), int(number[4:6]), int(number[6:8]))
    except ValueError:
        return False
    return born.year >= 1900 and luhn(number[:12])


_HEALTH_WEIGHTS = (1, 2) * 5


def is_kvnr(number: str) -> bool:
    """German health insurance number: a letter and nine digits, check digit by weights 1 and 2 (§ 290 SGB V)."""
    data = f"{ord(number[0]) - 64:02d}" + number[1:9]
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(data, _HEALTH_WEIGHTS, strict=True))
    return total % 10 == int(number[9])
