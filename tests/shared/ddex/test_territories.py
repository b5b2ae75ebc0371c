from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.ddex.territories import EVERYWHERE, NOWHERE, Territories

_WORLD = ("DE", "FR", "JP", "US", "ZA")
_SETS = st.builds(
    Territories, st.frozensets(st.sampled_from(_WORLD[:4])), st.booleans()
)


def _meant(territories):
    """The countries of a world of five: ZA stands for those that no deal names."""
    codes = set(territories.codes)
    return set(_WORLD) - codes if territories.is_rest else codes


@given(_SETS, _SETS)
def test_the_algebra_is_that_of_sets(one, other):
    assert _meant(one.without(other)) == _meant(one) - _meant(other)
    assert _meant(one.joined(other)) == _meant(one) | _meant(other)
    assert one.overlaps(other) == bool(_meant(one) & _meant(other))
    assert bool(one) == bool(_meant(one))


def test_a_deal_says_where_it_holds():
    assert Territories.of(["DE", "FR"], ["FR"]) == Territories(frozenset({"DE"}))
    assert Territories.of(["Worldwide"]) == EVERYWHERE
    assert Territories.of([], ["US"]) == Territories(frozenset({"US"}), is_rest=True)
    assert Territories.of([], ["Worldwide"]) == NOWHERE
    assert Territories.of([]).is_world


def test_territories_are_told_in_words():
    assert str(Territories.of(["FR", "DE"])) == "DE, FR"
    assert str(Territories.of([], ["US"])) == "Worldwide without US"
    assert str(EVERYWHERE) == "Worldwide"
    assert str(Territories.of(map(str, range(12)))).endswith("and 4 more")
