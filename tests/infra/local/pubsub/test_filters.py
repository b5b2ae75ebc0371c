from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from infra.local.pubsub.errors import InvalidArgumentError
from infra.local.pubsub.filters import (
    AllOf,
    AnyOf,
    Equals,
    Filter,
    Has,
    HasPrefix,
    Not,
    parse_filter,
)

keys = st.sampled_from(["a", "b", "kind", "x-y_z", "sp ace", 'q"\\uote', "né"])
values = st.text(max_size=4)
attributes = st.dictionaries(keys, values, max_size=4)
conditions: st.SearchStrategy[Filter] = (
    st.builds(Has, keys)
    | st.builds(Equals, keys, values)
    | st.builds(HasPrefix, keys, values)
)
filters = st.recursive(
    conditions,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.tuples(inner, inner))
        | st.builds(AnyOf, st.tuples(inner, inner))
    ),
    max_leaves=5,
)


@given(filters)
def test_what_is_written_down_reads_back(wanted):
    text = str(wanted)
    assume(len(text.encode()) <= 256)

    assert parse_filter(text) == wanted


@given(filters, attributes)
def test_not_turns_every_filter_round(wanted, message):
    assert Not(wanted).matches(message) is not wanted.matches(message)


@given(filters, filters, attributes)
def test_and_is_the_or_of_negations_negated(left, right, message):
    both = AllOf((left, right))
    neither = AnyOf((Not(left), Not(right)))

    assert both.matches(message) is Not(neither).matches(message)


@given(st.text(max_size=40))
def test_any_text_is_a_filter_or_refused(text):
    try:
        parsed = parse_filter(text)
    except InvalidArgumentError:
        return

    assert parse_filter(str(parsed)) == parsed


@given(st.text(alphabet='attributes:.="()ANDORT- xy\\', max_size=60))
def test_text_made_of_the_grammars_own_signs_never_breaks_it(text):
    with suppress(InvalidArgumentError):
        parse_filter(text)


@pytest.mark.parametrize(
    ("text", "message", "wanted"),
    [
        ("attributes:a", {"a": ""}, True),
        ("attributes:a", {"b": "1"}, False),
        ('attributes.a = "1"', {"a": "1"}, True),
        ('attributes.a = "1"', {"a": "2"}, False),
        ('attributes.a != "1"', {"a": "2"}, True),
        ('attributes.a != "1"', {}, True),
        ('hasPrefix(attributes.a, "x")', {"a": "xyz"}, True),
        ('hasPrefix(attributes.a, "x")', {"a": "yx"}, False),
        ('hasPrefix(attributes.a, "")', {}, False),
        ("NOT attributes:a", {}, True),
        ("-attributes:a", {"a": "1"}, False),
        ("NOT NOT attributes:a", {"a": "1"}, True),
        ('attributes:a AND attributes.b="2"', {"a": "1", "b": "2"}, True),
        ("attributes:a OR attributes:b OR attributes:c", {"c": ""}, True),
        ("(attributes:a OR attributes:b) AND attributes:c", {"c": ""}, False),
        ('attributes."strange key" = "1"', {"strange key": "1"}, True),
        (r'attributes.a = "\"\\\n\u00e9\x41\101"', {"a": '"\\\néAA'}, True),
        ("attributes.iana-language_tag:x", {}, None),
    ],
)
def test_filters_mean_what_the_service_says(text, message, wanted):
    if wanted is None:
        with pytest.raises(InvalidArgumentError):
            parse_filter(text)
    else:
        assert parse_filter(text).matches(message) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "attributes",
        "attributes.",
        "attributes.a",
        "attributes.a = b",
        'attributes.a < "1"',
        'attributes = "a"',
        'data = "a"',
        "attributes:a attributes:b",
        "attributes:a and attributes:b",
        "attributes:a AND",
        "attributes:a AND attributes:b OR attributes:c",
        "(attributes:a",
        "attributes:a)",
        'hasPrefix(attributes:a, "x")',
        "hasPrefix(attributes.a)",
        'attributes.a = "open',
        '"NOT" attributes:a',
        r'attributes.a = "\U00110000"',
        "attributes:" + "a" * 300,
    ],
)
def test_what_is_no_filter_is_refused(text):
    with pytest.raises(InvalidArgumentError):
        parse_filter(text)
