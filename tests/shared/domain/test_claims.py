"""Claims and source records: what they refuse, and what identifies them."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claims import (
    Claim,
    Kind,
    SourceRecord,
    canonical_json,
    claims_from_json,
    claims_to_json,
)
from shared.domain.errors import InvalidInputError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RECORD = SourceRecord(
    kind=Kind.RECORDING,
    keys=("isrc:USRC17607839",),
    source="tags",
    origin="gs://uploads/acme/so-what.flac",
    origin_version=1,
    claims=(Claim("title", "So What"),),
    received_at=NOON,
)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=5,
)
claims = st.builds(
    Claim,
    field=st.text(min_size=1),
    value=values,
    confidence=st.floats(0, 1) | st.sampled_from([0, 1]),
    locked=st.booleans(),
    withdrawn=st.booleans(),
)


@given(found=st.lists(claims, max_size=4).map(tuple))
def test_claims_survive_json_to_the_last_byte(found):
    text = canonical_json(claims_to_json(found))

    again = claims_from_json(json.loads(text))

    assert again == found
    assert canonical_json(claims_to_json(again)) == text


@given(value=st.dictionaries(st.text(), values))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value):
    reversed_ = dict(reversed(value.items()))

    assert canonical_json(reversed_) == canonical_json(value)
    assert json.loads(canonical_json(value)) == value


def test_canonical_json_keeps_letters_and_refuses_what_json_has_not():
    assert canonical_json({"b": "é", "a": 1}) == '{"a":1,"b":"é"}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))


@pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan")])
def test_a_confidence_outside_0_to_1_is_refused(confidence):
    with pytest.raises(InvalidInputError, match="from 0 to 1"):
        Claim("title", "So What", confidence=confidence)


def test_a_record_without_a_key_is_refused():
    with pytest.raises(InvalidInputError, match="needs a key"):
        dataclasses.replace(RECORD, keys=())


def test_a_record_without_a_time_zone_is_refused():
    with pytest.raises(InvalidInputError, match="needs its zone"):
        dataclasses.replace(RECORD, received_at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "change",
    [
        {"received_at": NOON + timedelta(days=1)},
        {"raw": {"title": "So What "}},
        {"batch": RECORD.record_id},
    ],
)
def test_the_same_words_of_the_same_origin_are_the_same_record(change):
    again = dataclasses.replace(RECORD, **change)

    assert again.record_id == RECORD.record_id


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.RELEASE},
        {"keys": ("isrc:GBAYE0601498",)},
        {"source": "file"},
        {"origin": "gs://uploads/acme/other.flac"},
        {"origin_version": 2},
        {
            "source": "person:ann",
            "claims": (Claim("title", "So What", locked=True),),
        },
        {"claims": ()},
    ],
)
def test_other_words_or_another_origin_are_another_record(change):
    other = dataclasses.replace(RECORD, **change)

    assert other.record_id != RECORD.record_id


def test_a_confidence_given_as_a_whole_number_makes_the_same_record():
    whole = dataclasses.replace(RECORD, claims=(Claim("title", "So What", 1),))

    assert whole.record_id == RECORD.record_id


def test_only_a_person_speaks_for_a_person():
    assert dataclasses.replace(RECORD, source="person:ada").is_by_person
    assert not RECORD.is_by_person


@pytest.mark.parametrize("power", ["locked", "withdrawn"])
def test_only_a_person_locks_or_withdraws(power):
    claim = dataclasses.replace(Claim("title", "So What"), **{power: True})

    by_person = dataclasses.replace(RECORD, source="person:ann", claims=(claim,))

    assert by_person.claims == (claim,)
    with pytest.raises(InvalidInputError):
        dataclasses.replace(RECORD, source="ddex:PADPIDA2013042401U", claims=(claim,))
