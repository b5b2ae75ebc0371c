from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidInputError
from shared.domain.territories import (
    EVERYWHERE,
    NOWHERE,
    Territories,
    all_countries,
    country_of,
    territories_of,
)

_SETS = st.frozensets(st.sampled_from(all_countries()))


def of(codes):
    return Territories.of(codes) if codes else NOWHERE


def test_iso_3166_has_249_countries_and_ddex_one_more():
    assert len(all_countries()) == 250
    assert len(set(all_countries())) == 250


@pytest.mark.parametrize(
    ("code", "countries"),
    [
        ("DE", "DE"),
        ("de ", "DE"),
        ("276", "DE"),
        ("8", "AL"),
        ("008", "AL"),
        ("UK", "GB"),
        ("ANHH", "BQ CW SX"),
        ("CSHH", "CZ SK"),
        ("CS", "ME RS"),
        ("BENELUX", "BE LU NL"),
        ("2131", "DK NO SE"),
        ("DACH", "AT CH DE"),
    ],
)
def test_codes_of_all_kinds_stand_for_countries(code, countries):
    assert list(territories_of(code)) == countries.split()


def test_the_european_union_has_27_members_and_not_the_united_kingdom():
    union = territories_of("EU")

    assert len(union) == 27
    assert "GB" not in union
    assert union == territories_of("2123")


@pytest.mark.parametrize("code", ["ZZ", "", "Nowhere", "9999", "D E", "US-CA-X-Y"])
def test_what_stands_for_nothing_is_refused(code):
    with pytest.raises(InvalidInputError) as caught:
        territories_of(code)

    assert caught.value.facts == {"code": code}


@pytest.mark.parametrize("code", ["EU", "Worldwide", "AN", "ZZ"])
def test_a_country_is_one(code):
    with pytest.raises(InvalidInputError):
        country_of(code)


def test_a_deal_that_names_no_territory_is_for_the_world():
    assert Territories.of([]).is_world
    assert Territories.of(["Worldwide"]).is_world
    assert list(~Territories.of([], ["DE"])) == ["DE"]


def test_a_part_of_a_country_is_never_taken_for_more_than_it_is():
    assert not Territories.of(["US-CA"])
    assert "US" not in Territories.of(["Worldwide"], ["US-CA"])


def test_sets_are_told_in_few_words():
    assert str(Territories.of(["FR", "DE"])) == "DE, FR"
    assert str(Territories.of([], ["DE"])) == "Worldwide without DE"
    assert str(EVERYWHERE) == "Worldwide"
    assert str(NOWHERE) == "nowhere"
    assert str(territories_of("EU")) == "AT, BE, BG, CY, CZ, DE, DK, EE and 19 more"


@given(_SETS, _SETS)
def test_the_algebra_is_that_of_sets(one, other):
    left, right = of(one), of(other)

    assert set(left | right) == one | other
    assert set(left & right) == one & other
    assert set(left - right) == one - other
    assert set(~left) == set(all_countries()) - one
    assert left.overlaps(right) == bool(one & other)
    assert len(left) == len(one)
    assert bool(left) == bool(one)
    assert all((country in left) == (country in one) for country in all_countries())


@given(_SETS, _SETS)
def test_what_is_excluded_is_not_covered(included, excluded):
    found = Territories.of(included, excluded)

    assert set(found) == (included or set(all_countries())) - excluded
