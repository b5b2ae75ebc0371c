from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared.ddex.conversion.simple_types import SimpleTypes
from shared.ddex.schema.particles import Simple
from shared.ddex.schema.tables import editions, facts_of

_XS = "http://www.w3.org/2001/XMLSchema"
_BASES = ("boolean", "integer", "decimal", "duration", "dateTime", "gYear")
_PIECES = (
    *("2026", "-", "03", "06", "T", "10:30:00", "Z", "+01:00", "P", "PT", "1", "0"),
    *("3M", "5S", "1D", ".", "5", "24:00:00", "true", "+", "29", "02", "1900"),
)


@pytest.fixture(scope="module")
def types():
    facts = facts_of("4.3")
    return SimpleTypes(facts, editions()[facts.edition])


@pytest.fixture(scope="module")
def official():
    """Checkers of libxml2, one for each built-in type."""
    return {
        base: etree.XMLSchema(
            etree.fromstring(
                f'<xs:schema xmlns:xs="{_XS}"><xs:element name="a" type="xs:{base}"/>'
                "</xs:schema>"
            )
        )
        for base in _BASES
    }


@pytest.mark.parametrize("base", _BASES)
def test_what_is_accepted_is_what_libxml2_accepts(types, official, base):
    @given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=7).map("".join))
    def check(text):
        node = etree.Element("a")
        node.text = text
        if types.accepts(Simple(f"xs:{base}"), text):
            assert official[base].validate(node), text

    check()


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("boolean", " true "),
        ("integer", "12"),
        ("decimal", "12.50"),
        ("decimal", ".5"),
        ("duration", "PT3M26.2S"),
        ("duration", "P1DT2H"),
        ("dateTime", "2017-04-25T15:00:29.947Z"),
        ("dateTime", "2024-02-29T00:00:00"),
        ("gYear", "2026"),
    ],
)
def test_what_messages_write_is_accepted(types, official, base, text):
    node = etree.Element("a")
    node.text = text

    assert official[base].validate(node)
    assert types.accepts(Simple(f"xs:{base}"), text)


@pytest.mark.parametrize(
    ("simple", "text", "expected"),
    [
        (Simple("xs:boolean"), "TRUE", "true"),
        (Simple("xs:dateTime"), "2026-03-06", "2026-03-06T00:00:00Z"),
        (Simple("xs:decimal"), "PT1M16S", "76"),
        (Simple("xs:duration"), "30", "PT30S"),
        (Simple("xs:integer"), "PT2S", "2"),
        (Simple("avs:UseType_ERN"), "ondemandstream", "OnDemandStream"),
        (Simple("ddex_IsoDate"), "2026-03-06T00:00:00Z", "2026-03-06"),
        (Simple("xs:string", "PADPIDA[a-zA-Z0-9]+"), "PA-DPIDA-2013042401-U",
         "PADPIDA2013042401U"),
        (Simple("xs:IDREF", r"A[\d\-_a-zA-Z]+"), "1 2", "A1_2"),
        (Simple("xs:dateTime"), "soon", None),
        (Simple("xs:decimal"), "PXS", None),
        (Simple("avs:UseType_ERN"), "Teleport", None),
    ],
)  # fmt: skip
def test_a_text_is_written_as_the_type_wants_it(types, simple, text, expected):
    assert types.mended(simple, text) == expected


def test_a_set_without_values_lets_any_text_pass():
    facts = facts_of("3.8.2")
    types = SimpleTypes(facts, editions()[facts.edition])

    assert types.accepts(Simple("avs:PriceType"), "Gold")
