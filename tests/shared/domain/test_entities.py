"""Entities: ids that a replay mints again, validators, and digests of catalogs."""

import dataclasses
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.claims import Kind
from shared.domain.entities import Entity, content_digest, entity_id, exact_digest

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ENTITY = Entity(
    tenant_id="acme",
    kind=Kind.RECORDING,
    id=entity_id("acme", Kind.RECORDING, "isrc:USRC17607839", NOON),
    version=1,
    values={"title": "So What"},
    provenance={"title": {"source": "tags", "record_id": "1", "at": "2026-01-01"}},
    quality=0.5,
    created_at=NOON,
    updated_at=NOON,
)
OTHER = dataclasses.replace(ENTITY, id=UUID(int=2), values={"title": "Blue in Green"})
instants = st.integers(0, 7 * 10**12).map(lambda ms: EPOCH + timedelta(milliseconds=ms))


# A detour through floats would lose a millisecond of this one.
@example(at=EPOCH + timedelta(milliseconds=1_099_079_480_883), key="")
@given(at=instants, key=st.text())
def test_an_id_is_a_uuid_of_version_7_and_of_its_time(at, key):
    found = entity_id("acme", Kind.RECORDING, key, at)

    assert (found.version, found.variant) == (7, RFC_4122)
    assert found.int >> 80 == (at - EPOCH) // timedelta(milliseconds=1)


@given(at=instants, key=st.text())
def test_a_replay_mints_the_same_id(at, key):
    assert entity_id("acme", Kind.PARTY, key, at) == entity_id(
        "acme", Kind.PARTY, key, at
    )


@pytest.mark.parametrize(
    "other",
    [
        ("other", Kind.RECORDING, "key", NOON),
        ("acme", Kind.RELEASE, "key", NOON),
        ("acme", Kind.RECORDING, "yek", NOON),
        ("acme", Kind.RECORDING, "key", NOON + timedelta(milliseconds=1)),
    ],
)
def test_another_thing_has_another_id(other):
    assert entity_id(*other) != entity_id("acme", Kind.RECORDING, "key", NOON)


def test_later_ids_sort_later():
    ids = [
        entity_id("acme", Kind.RECORDING, "key", NOON + timedelta(seconds=s))
        for s in range(50)
    ]

    assert [str(i) for i in ids] == sorted(str(i) for i in ids)


def test_an_etag_changes_with_the_version_alone():
    renamed = dataclasses.replace(ENTITY, values={"title": "Other"})
    newer = dataclasses.replace(ENTITY, version=2)

    assert renamed.etag == ENTITY.etag
    assert newer.etag != ENTITY.etag
    assert ENTITY.etag.isalnum()


@pytest.mark.parametrize("digest", [content_digest, exact_digest])
def test_a_digest_does_not_depend_on_order(digest):
    assert digest([ENTITY, OTHER]) == digest([OTHER, ENTITY])


@pytest.mark.parametrize(
    "change",
    [
        {"id": UUID(int=3)},
        {"version": 7},
        {"created_at": EPOCH},
        {"updated_at": EPOCH},
        {"provenance": {"title": {"source": "tags", "record_id": "2", "at": "2027"}}},
    ],
)
def test_ids_versions_and_times_are_exact_and_not_content(change):
    changed = dataclasses.replace(ENTITY, **change)

    assert content_digest([changed]) == content_digest([ENTITY])
    assert exact_digest([changed]) != exact_digest([ENTITY])


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.RELEASE},
        {"values": {"title": "Other"}},
        {"quality": 0.25},
        {"provenance": {"title": {"source": "table", "record_id": "1"}}},
    ],
)
def test_what_an_entity_says_is_content(change):
    changed = dataclasses.replace(ENTITY, **change)

    assert content_digest([changed]) != content_digest([ENTITY])
    assert exact_digest([changed]) != exact_digest([ENTITY])


def test_a_tombstone_has_no_content_but_is_exact():
    dead = dataclasses.replace(OTHER, deleted_at=NOON, merged_into=ENTITY.id)

    assert content_digest([ENTITY, dead]) == content_digest([ENTITY])
    assert exact_digest([ENTITY, dead]) != exact_digest([ENTITY])
