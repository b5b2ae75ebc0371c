"""The check digits of identifiers: each computed, never only compared.

All functions take the characters before the check digit, in canonical form, and
return the check digit as written. None of them raises on a right alphabet.
"""

from __future__ import annotations

from collections.abc import Iterable

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def gs1_mod_10(digits: str) -> str:
    """Return the check digit of a GTIN (GS1 General Specifications, 7.9).

    Weights 3 and 1 alternate from the right. Every substitution of one digit is
    detected; so is a swap of neighbours, unless they differ by 5.
    """
    weights = (3 if place % 2 == 0 else 1 for place in range(len(digits)))
    return _complement(_weighted(reversed(digits), weights))


def iswc_mod_10(digits: str) -> str:
    """Return the check digit of an ISWC's nine digits (ISO 15707).

    The T counts 1 and the digits weigh 1 to 9. Every swap of neighbours is
    detected; a substitution is not where weight times difference is a multiple of
    10, as of 0 by 5 in the second place.
    """
    return _complement(1 + _weighted(digits, range(1, 10)))


def ipi_base_mod_10(digits: str) -> str:
    """Return the check digit of an IPI base number's nine digits (CISAC).

    As an ISWC's, only that the I counts 2.
    """
    return _complement(2 + _weighted(digits, range(1, 10)))


def ipi_name_mod_101(digits: str) -> str:
    """Return the two check digits of an IPI name number's first nine (CISAC).

    The digits weigh 10 down to 2; the check is what the sum lacks to a multiple of
    101, of which only two digits are kept (100 is written 00). Every substitution
    is detected; so is a swap of neighbours, unless it turns a 0 into a written 100.
    """
    lacking = -_weighted(digits, range(10, 1, -1)) % 101
    return f"{lacking % 100:02d}"


def iso7064_mod_11_2(digits: str) -> str:
    """Return the check character, a digit or X, of *digits* (ISO 7064, MOD 11-2).

    A pure system: every substitution and every swap of neighbours is detected.
    """
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    check = (1 - remainder) % 11
    return "X" if check == 10 else str(check)


def iso7064_mod_37_36(characters: str) -> str:
    """Return the check character of letters and digits (ISO 7064, MOD 37,36).

    A hybrid system: every substitution is detected, and nearly every swap of
    neighbours.
    """
    product = 36
    for character in characters:
        total = (product + ALPHANUMERIC.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHANUMERIC[(1 - product) % 36]


def _weighted(digits: Iterable[str], weights: Iterable[int]) -> int:
    return sum(
        int(digit) * weight for digit, weight in zip(digits, weights, strict=True)
    )


def _complement(total: int) -> str:
    return str(-total % 10)
