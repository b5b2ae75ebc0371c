"""Check digits: against published identifiers, and against what they promise."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.check_digits import (
    ALPHANUMERIC,
    gs1_mod_10,
    ipi_base_mod_10,
    ipi_name_mod_101,
    iso7064_mod_11_2,
    iso7064_mod_37_36,
    iswc_mod_10,
)

DIGITS = "0123456789"

# Function, alphabet, and how many characters come before the check digit.
SYSTEMS = [
    pytest.param(gs1_mod_10, DIGITS, 12, id="gs1"),
    pytest.param(iswc_mod_10, DIGITS, 9, id="iswc"),
    pytest.param(ipi_base_mod_10, DIGITS, 9, id="ipi-base"),
    pytest.param(ipi_name_mod_101, DIGITS, 9, id="ipi-name"),
    pytest.param(iso7064_mod_11_2, DIGITS, 15, id="mod-11-2"),
    pytest.param(iso7064_mod_37_36, ALPHANUMERIC, 17, id="mod-37-36"),
]
CATCHES_EVERY_SUBSTITUTION = [
    system for system in SYSTEMS if system.id not in ("iswc", "ipi-base")
]


@pytest.mark.parametrize(
    ("compute", "characters", "published"),
    [
        (gs1_mod_10, "400638133393", "1"),
        (gs1_mod_10, "03600029145", "2"),
        (gs1_mod_10, "0950600013435", "2"),
        (gs1_mod_10, "9638507", "4"),
        (iswc_mod_10, "034524680", "1"),
        (iswc_mod_10, "000000001", "0"),
        (ipi_base_mod_10, "000000229", "7"),
        (ipi_base_mod_10, "001635861", "3"),
        (ipi_name_mod_101, "000141073", "38"),
        (ipi_name_mod_101, "003342849", "61"),
        (iso7064_mod_11_2, "000000012103268", "3"),
        (iso7064_mod_11_2, "000000012150090", "X"),
        (iso7064_mod_11_2, "0794", "0"),
        (iso7064_mod_37_36, "A12425GABC1234002", "M"),
        (iso7064_mod_37_36, "PADPIDA2013042401", "U"),
    ],
)
def test_published_identifiers_have_the_computed_check_digit(
    compute, characters, published
):
    assert compute(characters) == published


@pytest.mark.parametrize(("compute", "alphabet", "length"), SYSTEMS)
@given(data=st.data())
def test_a_check_digit_is_of_fixed_length_and_the_same_every_time(
    compute, alphabet, length, data
):
    characters = data.draw(st.text(alphabet, min_size=length, max_size=length))

    check = compute(characters)

    assert len(check) == (2 if compute is ipi_name_mod_101 else 1)
    assert set(check) <= set(ALPHANUMERIC)
    assert compute(characters) == check


@pytest.mark.parametrize(("compute", "alphabet", "length"), CATCHES_EVERY_SUBSTITUTION)
@given(data=st.data())
def test_a_substituted_character_changes_the_check_digit(
    compute, alphabet, length, data
):
    characters = data.draw(st.text(alphabet, min_size=length, max_size=length))
    place = data.draw(st.integers(0, length - 1))
    other = data.draw(st.sampled_from(alphabet.replace(characters[place], "")))

    changed = characters[:place] + other + characters[place + 1 :]

    assert compute(changed) != compute(characters)


@pytest.mark.parametrize("compute", [iswc_mod_10, ipi_base_mod_10])
@given(data=st.data())
def test_a_weighted_mod_10_misses_only_multiples_of_ten(compute, data):
    digits = data.draw(st.text(DIGITS, min_size=9, max_size=9))
    place = data.draw(st.integers(0, 8))
    other = data.draw(st.sampled_from(DIGITS))

    changed = digits[:place] + other + digits[place + 1 :]
    difference = (place + 1) * (int(other) - int(digits[place]))

    assert (compute(changed) == compute(digits)) == (difference % 10 == 0)


@pytest.mark.parametrize("compute", [iswc_mod_10, ipi_base_mod_10, iso7064_mod_11_2])
@given(data=st.data())
def test_swapped_neighbours_change_the_check_digit(compute, data):
    digits = data.draw(st.text(DIGITS, min_size=9, max_size=9))
    place = data.draw(st.integers(0, 7))

    swapped = _swapped(digits, place)

    assert (compute(swapped) == compute(digits)) == (swapped == digits)


@given(digits=st.text(DIGITS, min_size=12, max_size=12), place=st.integers(0, 10))
def test_gs1_misses_a_swap_only_of_digits_five_apart(digits, place):
    swapped = _swapped(digits, place)

    difference = abs(int(digits[place]) - int(digits[place + 1]))

    assert (gs1_mod_10(swapped) == gs1_mod_10(digits)) == (difference in (0, 5))


@given(digits=st.text(DIGITS, min_size=9, max_size=9), place=st.integers(0, 7))
def test_an_ipi_name_misses_a_swap_only_where_100_is_written_00(digits, place):
    swapped = _swapped(digits, place)

    is_missed = ipi_name_mod_101(swapped) == ipi_name_mod_101(digits)

    assert swapped == digits or not is_missed or ipi_name_mod_101(digits) == "00"


def test_mod_37_36_catches_nearly_every_swap_of_neighbours():
    pairs = list(itertools.permutations(ALPHANUMERIC, 2))
    before = "A12425GAB"

    missed = sum(
        iso7064_mod_37_36(before + a + b) == iso7064_mod_37_36(before + b + a)
        for a, b in pairs
    )

    assert missed / len(pairs) < 0.01


def _swapped(text, place):
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
