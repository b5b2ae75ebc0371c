import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.terraform_provider.schema import Attribute, Block, NestedBlock
from scripts.terraform_provider.values import (
    UNKNOWN,
    Problem,
    decoded,
    encoded,
    planned,
    problems,
    read,
)

PART = Block(
    {
        "class": Attribute("string", "optional", ("HOT", "COLD")),
        "uri": Attribute("string", "computed"),
    }
)
THING = Block(
    attributes={
        "id": Attribute("string", "optional"),
        "key_wo": Attribute("string", "optional"),
        "labels": Attribute(["map", "string"], "computed"),
        "name": Attribute("string", "required"),
    },
    blocks={"part": NestedBlock("list", 0, 0, PART)},
)


def thing(**changes):
    return {
        "id": None,
        "key_wo": None,
        "labels": None,
        "name": "n",
        "part": [],
    } | changes


def test_what_the_provider_fills_is_unknown_in_a_plan():
    result = planned(THING, thing(part=[{"class": "HOT", "uri": None}]))

    assert result["id"] == UNKNOWN
    assert result["labels"] == UNKNOWN
    assert result["part"] == [{"class": "HOT", "uri": UNKNOWN}]


def test_what_is_known_already_stays():
    given_before = thing(id="i", labels={"a": "b"})

    assert planned(THING, given_before) == given_before


def test_what_is_write_only_is_never_planned():
    assert planned(THING, thing(key_wo="secret"))["key_wo"] is None


def test_what_is_read_is_wholly_known():
    result = read(THING, thing(part=[{"class": None, "uri": None}]))

    assert result["id"] == "offline-id"
    assert result["labels"] == {}
    assert result["part"] == [{"class": None, "uri": "offline-uri"}]


def test_a_value_that_may_not_be_is_told_with_its_place():
    found = list(problems(THING, thing(part=[{"class": "HOT"}, {"class": "WARM"}])))

    assert found == [Problem(("part", 1, "class"), "WARM", ("HOT", "COLD"))]


@pytest.mark.parametrize("value", [None, UNKNOWN, "COLD"])
def test_a_value_that_may_be_or_is_not_known_yet_is_no_problem(value):
    assert not list(problems(THING, thing(part=[{"class": value}])))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_VALUES)
def test_values_survive_the_wire(value):
    assert decoded(encoded(value)) == value


def test_an_unknown_value_survives_the_wire():
    assert decoded(encoded({"id": UNKNOWN})) == {"id": UNKNOWN}


def test_a_refined_unknown_value_is_just_unknown():
    refined = b"\xc7\x01\x0c\x80"

    assert decoded(refined) == UNKNOWN
