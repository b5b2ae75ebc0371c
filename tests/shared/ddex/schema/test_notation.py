from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.ddex.schema import allowed_values, notation
from shared.ddex.schema.particles import (
    Attribute,
    Complex,
    Element,
    Group,
    Occurs,
    SchemaFacts,
    Simple,
)
from shared.domain.errors import InvalidInputError

_NAMES = st.sampled_from(["Deal", "DealList", "ddex_IsoDate", "X", "PriceCode_ERN"])
_BASES = st.one_of(
    _NAMES, st.builds("avs:{}".format, _NAMES), st.sampled_from(["xs:string", "xs:ID"])
)
_SIMPLES = st.one_of(
    st.builds(Simple, _BASES),
    st.builds(
        Simple, _BASES, st.sampled_from(["A[0-9]+", r"[a-z]{2,3}(-[A-Z ]+)?" * 3])
    ),
    st.builds(
        lambda base, values: Simple(base, values=tuple(values)),
        _BASES,
        st.lists(_NAMES, min_size=1, max_size=3),
    ),
)
_ELEMENTS = st.builds(Element, _NAMES, st.sampled_from(Occurs), _SIMPLES)
_PARTS = st.recursive(
    _ELEMENTS,
    lambda parts: st.builds(
        lambda is_choice, occurs, inner: Group(is_choice, occurs, tuple(inner)),
        st.booleans(),
        st.sampled_from(Occurs),
        st.lists(parts, max_size=3),
    ),
    max_leaves=8,
)
_ATTRIBUTES = st.lists(
    st.builds(Attribute, _NAMES, st.booleans(), _SIMPLES), max_size=3
)
_STRUCTURES = st.builds(
    lambda parts, attributes: Complex(
        Group(False, Occurs.ONCE, tuple(parts)), attributes=tuple(attributes)
    ),
    st.lists(_PARTS, max_size=4),
    _ATTRIBUTES,
)
_TEXTS = st.builds(
    lambda base, attributes: Complex(None, base, tuple(attributes)),
    _BASES,
    _ATTRIBUTES,
)


@settings(max_examples=50)
@given(
    st.dictionaries(_NAMES, _STRUCTURES, max_size=2),
    st.dictionaries(_NAMES, st.one_of(_STRUCTURES, _TEXTS, _SIMPLES), max_size=3),
)
def test_what_is_written_is_read_again(messages, types):
    facts = SchemaFacts("avs9", messages, types)

    again = notation.read(notation.written(facts))

    assert again == facts


def test_a_table_reads_as_it_looks():
    table = """# remark
edition 4.2
message NewReleaseMessage
 Deal* Deal
 choice ?
  TerritoryCode+ avs:TerritoryCode
  ExcludedTerritoryCode+ avs:TerritoryCode
 @AvsVersionId! xs:string
"""

    message = notation.read(table).messages["NewReleaseMessage"]

    assert message.content is not None
    deal, choice = message.content.parts
    assert deal == Element("Deal", Occurs.ANY, Simple("Deal"))
    assert isinstance(choice, Group)
    assert choice.is_choice
    assert [part.name for part in choice.parts] == [
        "TerritoryCode",
        "ExcludedTerritoryCode",
    ]
    assert message.attributes == (Attribute("AvsVersionId", True, Simple("xs:string")),)


def test_a_line_of_another_kind_is_refused():
    with pytest.raises(InvalidInputError, match="not a line"):
        notation.read("edition 4.2\nelement Deal\n")


_VALUES = st.dictionaries(
    _NAMES,
    st.lists(
        st.sampled_from(
            ["AD", "2101", "Album", "BoxedSet Classical", "AC-4", "x" * 90]
        ),
        unique=True,
        min_size=1,
    ).map(lambda values: tuple(sorted(values))),
    max_size=3,
)


@settings(max_examples=50)
@given(st.fixed_dictionaries({"4.2": _VALUES, "avs3": _VALUES, "avs9": _VALUES}))
def test_allowed_values_are_read_again_in_every_edition(editions):
    again = allowed_values.read(allowed_values.written(editions))

    assert {
        edition: {name: tuple(sorted(values)) for name, values in sets.items()}
        for edition, sets in again.items()
    } == editions
