from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.errors import InvalidInputError
from shared.domain.resolve import resolve
from shared.domain.source_policy import SourcePolicy
from shared.domain.trust import DEFAULT_TRUST

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_FAMILIES = st.lists(
    st.sampled_from([*DEFAULT_TRUST.general, "own-system", "warehouse"]), unique=True
)


def record(source, **said):
    claims = tuple(Claim(name, value) for name, value in sorted(said.items()))
    return SourceRecord(
        Kind.RECORDING, ("isrc:QZLN92600001",), source, f"o:{source}", 1, claims, _AT
    )


def test_without_decisions_sources_are_believed_as_usual():
    assert SourcePolicy().trust() == DEFAULT_TRUST


def test_a_tenant_may_believe_its_tables_before_its_messages():
    records = [record("ddex:PADP1", title="A"), record("table", title="B")]

    usual = resolve(records)
    decided = resolve(records, SourcePolicy(priorities=("table", "ddex")).trust())

    assert usual.values["title"] == "A"
    assert decided.values["title"] == "B"


def test_a_decision_about_one_field_leaves_the_others():
    policy = SourcePolicy(per_field={"label": ("tags",)})
    records = [
        record("ddex:PADP1", title="A", label="X"),
        record("tags", title="B", label="Y"),
    ]

    found = resolve(records, policy.trust())

    assert found.values == {"title": "A", "label": "Y"}


def test_what_was_measured_still_beats_words():
    policy = SourcePolicy(priorities=("table", "ddex"))
    records = [record("table", duration_ms=1000), record("file", duration_ms=2000)]

    assert resolve(records, policy.trust()).values["duration_ms"] == 2000


@given(_FAMILIES)
def test_people_come_first_whatever_is_decided(order):
    trust = SourcePolicy(priorities=tuple(order)).trust()

    ranks = [trust.rank("title", name) for name in trust.general]
    assert trust.general[0] == "person"
    assert ranks == sorted(ranks, reverse=True)
    assert set(DEFAULT_TRUST.general) <= set(trust.general)


@given(_FAMILIES, st.dictionaries(st.sampled_from(["title", "bpm"]), _FAMILIES))
def test_a_policy_survives_being_written(order, per_field):
    policy = SourcePolicy(
        tuple(order),
        {name: tuple(o) for name, o in per_field.items()},
        {"f1": {"name": "ours"}},
    )

    assert SourcePolicy.from_json(policy.to_json()) == policy


@pytest.mark.parametrize(
    "told",
    [
        {"priorities": "table"},
        {"priorities": ["table", "table"]},
        {"priorities": ["ddex:PADP1"]},
        {"per_field": ["title"]},
        {"mappings": {"f": 3}},
    ],
)
def test_what_is_no_policy_is_refused(told):
    with pytest.raises(InvalidInputError):
        SourcePolicy.from_json(told)
