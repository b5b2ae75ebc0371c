import math

import pytest
from hypothesis import given

from infra.local.firestore.values import (
    is_number,
    order_key,
    reversed_key,
    same_type,
    vector,
)
from tests.infra.local.firestore import made
from tests.infra.local.firestore.made import VALUES, compared, geo, reference, value


def _sign(one, other):
    return (one > other) - (one < other)


# "Value type ordering" and the examples of Firestore's "Supported data types".
_IN_ORDER = [
    value(None),
    value(False),
    value(True),
    value(math.nan),
    value(-math.inf),
    value(-(2**63)),
    value(-1.5),
    value(0),
    value(2**53),
    value(2**53 + 1),
    value(2**63 - 1),
    value(2.0**63),
    value(""),
    value("a"),
    value("a\x00"),
    value("aa"),
    value("\uffff"),
    value("🎵"),
    value(b""),
    value(b"\x00"),
    value(b"\x00\xff"),
    value(b"\x01"),
    reference(made.name("c/a")),
    reference(made.name("c/a/d/a")),
    reference(made.name("c/aa")),
    geo(-1, 9),
    geo(1, -9),
    geo(1, 2),
    value([]),
    value([1, 2, 3]),
    value([1, 2, 3, 1]),
    value([2]),
    made.vector([9]),
    made.vector([1, 2]),
    made.vector([1, 3]),
    value({}),
    value({"a": "aaa", "b": "baz"}),
    value({"a": "foo", "b": "bar"}),
    value({"a": "foo", "b": "bar", "c": "qux"}),
    value({"a": "foo", "b": "baz"}),
    value({"b": "aaa", "c": "baz"}),
    value({"c": "aaa"}),
]


def test_keys_are_in_the_documented_order():
    keys = [order_key(each) for each in _IN_ORDER]

    assert keys == sorted(set(keys))


@given(VALUES, VALUES)
def test_keys_compare_like_values(one, other):
    assert _sign(order_key(one), order_key(other)) == compared(one, other)


@given(VALUES, VALUES)
def test_reversed_keys_compare_the_other_way_round(one, other):
    keys = reversed_key(order_key(one)), reversed_key(order_key(other))

    assert _sign(*keys) == compared(other, one)


@given(VALUES, VALUES)
def test_no_key_is_the_beginning_of_another(one, other):
    first, second = order_key(one), order_key(other)

    assert first == second or not second.startswith(first)


@given(VALUES)
def test_what_follows_a_key_stays_below_its_upper_end(each):
    for key in (order_key(each), reversed_key(order_key(each))):
        for follower in (order_key(value(None)), reversed_key(order_key(value(None)))):
            assert key < key + follower < key + b"\xff"


@pytest.mark.parametrize(
    ("one", "other"), [(1, 1.0), (0.0, -0.0), (2**53, 2.0**53), (math.nan, -math.nan)]
)
def test_values_that_firestore_holds_equal_have_one_key(one, other):
    assert order_key(value(one)) == order_key(value(other))


def test_types_are_told_apart_but_integers_and_doubles_are_one():
    assert same_type(order_key(value(1)), order_key(value(0.5)))
    assert not same_type(order_key(value(1)), order_key(value("1")))
    assert not same_type(order_key(value(1)), order_key(value(math.nan)))


def test_a_vector_is_a_map_with_its_mark():
    assert vector(made.vector([1, 2])) == [1.0, 2.0]
    assert vector(value({"value": [1.0]})) is None
    assert vector(None) is None


def test_booleans_are_no_numbers():
    assert [is_number(value(each)) for each in (1, 1.5, True, "1")] == [
        True,
        True,
        False,
        False,
    ]
    assert not is_number(None)
