"""Fields: canonical values, parsed once and the same when parsed again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claims import Kind, canonical_json
from shared.domain.errors import InvalidInputError
from shared.domain.fields import FIELDS, parsed

ALL_FIELDS = [(kind, name) for kind in Kind for name in FIELDS[kind]]
credit = st.fixed_dictionaries(
    {"name": st.sampled_from(["Miles Davis", " Nas "])},
    optional={
        "role": st.sampled_from(["MainArtist", "Producer"]),
        "credited_as": st.sampled_from(["Miles", ""]),
        "join": st.sampled_from([" feat. ", " & ", ""]),
        "isni": st.just("0000 0001 2150 090X"),
        "ipi": st.just("14107338"),
    },
)
anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 500),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        [
            "2026-02",
            "2026-02-28",
            "8A",
            "Eb minor",
            "en",
            "US-RC1-76-07839",
            "T-034.524.680-1",
            "036000291452",
            "A1-2425G-ABC1234002-M",
            "0000 0001 2150 090X",
            "14107338",
            "I-000000229-7",
        ]
    ),
    st.lists(st.sampled_from(["Jazz", " Jazz ", "Modal"]), max_size=3),
    st.lists(credit, max_size=3),
)


@given(field=st.sampled_from(ALL_FIELDS), value=anything)
def test_a_parsed_value_is_json_and_parses_to_itself(field, value):
    kind, name = field
    try:
        once = parsed(kind, name, value)
    except InvalidInputError as refusal:
        told = refusal.facts["field"]
        once = None
    else:
        told = name
        assert parsed(kind, name, once) == once

    assert told == name
    assert json.loads(canonical_json(once)) == once


@pytest.mark.parametrize(
    ("kind", "name", "value", "canonical"),
    [
        (Kind.RECORDING, "isrc", "US-RC1-76-07839", "USRC17607839"),
        (Kind.RECORDING, "iswc", "T-034.524.680-1", "T0345246801"),
        (Kind.RELEASE, "gtin", "036000291452", "00036000291452"),
        (Kind.RELEASE, "grid", "A1-2425G-ABC1234002-M", "A12425GABC1234002M"),
        (Kind.PARTY, "isni", "0000 0001 2150 090X", "000000012150090X"),
        (Kind.PARTY, "ipi", "14107338", "00014107338"),
        (Kind.PARTY, "ipi_base", "I-000000229-7", "I0000002297"),
        (Kind.RECORDING, "title", "  So What ", "So What"),
        (Kind.RECORDING, "genres", ["Jazz", " Jazz", "Modal"], ["Jazz", "Modal"]),
        (Kind.RECORDING, "bpm", 119.999, 120.0),
        (Kind.RECORDING, "bpm", 120, 120.0),
        (Kind.RECORDING, "energy", -0.0, 0.0),
        (Kind.RECORDING, "release_date", "1959-08", "1959-08"),
        (Kind.RECORDING, "key", "Eb minor", "Eb minor"),
        (Kind.RECORDING, "language", "pt-BR", "pt-BR"),
        (Kind.RECORDING, "explicit", False, False),
    ],
)
def test_a_value_becomes_canonical(kind, name, value, canonical):
    # As text, because to Python -0.0 is 0.0 and 120 is 120.0.
    assert canonical_json(parsed(kind, name, value)) == canonical_json(canonical)


def test_credits_keep_their_order_and_only_what_is_known():
    found = parsed(
        Kind.RECORDING,
        "artists",
        [
            {"name": "Miles Davis ", "join": " feat. ", "isni": ""},
            {"name": "Nas", "role": "FeaturedArtist", "ipi": "14107338"},
        ],
    )

    assert found == [
        {"name": "Miles Davis", "role": "MainArtist", "join": " feat. "},
        {"name": "Nas", "role": "FeaturedArtist", "ipi": "00014107338"},
    ]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (Kind.RECORDING, "title", ""),
        (Kind.RECORDING, "title", 7),
        (Kind.RECORDING, "isrc", "XXABC1234567"),
        (Kind.RECORDING, "release_date", "1959-13"),
        (Kind.RECORDING, "release_date", "1959-02-30"),
        (Kind.RECORDING, "release_date", "17.8.1959"),
        (Kind.RECORDING, "release_date", "\u0661\u0669\u0665\u0669"),
        (Kind.RECORDING, "duration_ms", 0),
        (Kind.RECORDING, "duration_ms", True),
        (Kind.RECORDING, "duration_ms", 1.5),
        (Kind.RECORDING, "bpm", 1_000),
        (Kind.RECORDING, "bpm", float("nan")),
        (Kind.RECORDING, "key", "H moll"),
        (Kind.RECORDING, "camelot", "13A"),
        (Kind.RECORDING, "explicit", "yes"),
        (Kind.RECORDING, "genres", "Jazz"),
        (Kind.RECORDING, "artists", []),
        (Kind.RECORDING, "artists", ["Miles Davis"]),
        (Kind.RECORDING, "artists", [{"role": "MainArtist"}]),
        (Kind.RECORDING, "artists", [{"name": "Nas", "shoe_size": 44}]),
    ],
)
def test_a_value_of_another_form_is_refused_by_field(kind, name, value):
    with pytest.raises(InvalidInputError) as caught:
        parsed(kind, name, value)

    assert caught.value.facts["field"] == name


def test_a_field_that_does_not_exist_is_refused():
    with pytest.raises(InvalidInputError, match="no such field") as caught:
        parsed(Kind.PARTY, "isrc", "USRC17607839")

    assert caught.value.facts == {"kind": "party", "field": "isrc"}


@pytest.mark.parametrize(("kind", "name"), ALL_FIELDS)
def test_every_field_has_a_label_a_type_and_a_weight_that_counts(kind, name):
    field = FIELDS[kind][name]

    assert field.label
    assert field.type
    assert field.weight >= 0
