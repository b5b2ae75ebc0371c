"""What was heard, what sounds alike, what waits, and what people decided about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.adapters.postgres.administration import change_tenant_settings
from shared.adapters.postgres.replay import replay
from shared.domain.audio_features import features_of, to_raw
from shared.domain.claims import Kind
from shared.domain.decisions import Outcome, ReviewItem
from shared.domain.errors import NotFoundError
from shared.ports.analyses import QueuedAnalysis
from tests.contract.statements import START, recording

URI = "gs://up/t/1.flac"


def analysis(key, *, origin=URI, version=1, source="audio-analysis@v3", **parts):
    """Return the record of an analysis, and the features it carries."""
    raw = {
        "sha256": "ab" * 32,
        "document": {"bpm": 120.5, "embedding": [0.25, -0.5], "lossless": True},
        "terms": range(-5, 20),
        "waveform": b"\x01\x00\x00\x01\x80\x7f",
    } | parts
    said = recording([key], source=source, origin=origin, version=version, bpm=120.5)
    record = replace(said, raw=to_raw(raw.pop("sha256"), raw.pop("document"), **raw))
    return record, features_of(record)


def save(catalog, tenant, *given):
    """Stage records of analyses with their features; return whose they are."""
    with catalog.transaction(tenant) as tx:
        for record, features in given:
            tx.stage([record])
            tx.save_audio_features(features)
    with catalog.transaction(tenant) as tx:
        return [tx.find(Kind.RECORDING, record.keys[0]) for record, _ in given]


def features_at(catalog, tenant, recording_id):
    with catalog.transaction(tenant) as tx:
        return list(tx.audio_features(recording_id))


def test_what_was_saved_is_read_to_the_last_byte(any_catalog, at):
    record, features = analysis("isrc:1")

    (found,) = save(any_catalog, at, (record, features))

    assert features_at(any_catalog, at, found) == [features]
    assert features_at(any_catalog, at, uuid4()) == []
    assert features.embedding == (0.25, -0.5)


def test_a_newer_generation_takes_the_place_and_an_older_does_not(any_catalog, at):
    newer = analysis("isrc:1", version=2, terms=[7, 8])
    older = analysis("isrc:1", version=1)

    (found, *_) = save(any_catalog, at, older, newer, older)

    assert features_at(any_catalog, at, found) == [newer[1]]


def test_each_version_of_the_analyser_and_each_file_has_its_own(any_catalog, at):
    given = [
        analysis("isrc:1"),
        analysis("isrc:1", source="audio-analysis@v4"),
        analysis("isrc:1", origin="gs://up/t/2.mp3"),
    ]

    (found, *_) = save(any_catalog, at, *given)

    told = [(f.source, f.origin) for f in features_at(any_catalog, at, found)]
    assert told == [
        ("audio-analysis@v3", URI),
        ("audio-analysis@v3", "gs://up/t/2.mp3"),
        ("audio-analysis@v4", URI),
    ]


def test_equal_bytes_are_found_wherever_they_lie(any_catalog, at, elsewhere):
    record, features = analysis("isrc:1", sha256="cd" * 32)
    save(any_catalog, at, (record, features))

    with any_catalog.transaction(at) as tx:
        assert tx.heard_before("audio-analysis@v3", "cd" * 32) == features
        assert tx.heard_before("audio-analysis@v4", "cd" * 32) is None
        assert tx.heard_before("audio-analysis@v3", "ef" * 32) is None
    with any_catalog.transaction(elsewhere) as tx:
        assert tx.heard_before("audio-analysis@v3", "cd" * 32) is None


def test_what_has_enough_terms_in_common_is_alike(any_catalog, at, elsewhere):
    own = analysis("isrc:1", terms=range(20))
    near = analysis("isrc:2", origin="gs://up/t/2.mp3", terms=range(8, 40))
    far = analysis("isrc:3", origin="gs://up/t/3.mp3", terms=range(18, 40))
    same = analysis("isrc:1", origin="gs://up/t/4.mp3", terms=range(20))
    (_, second, third, _) = save(any_catalog, at, own, near, far, same)
    save(any_catalog, elsewhere, near)

    with any_catalog.transaction(at) as tx:
        found = list(tx.alike(own[1], least=3, limit=5))
        none = list(tx.alike(own[1], least=13, limit=5))
        back = list(tx.alike(near[1], least=3, limit=1))

    assert [(a.recording_id, a.features, a.shared_terms) for a in found] == [
        (second, near[1], 12)
    ]
    assert none == []
    assert [(a.recording_id, a.shared_terms) for a in back] == [(third, 22)]


def test_terms_of_a_generation_that_is_gone_are_gone(any_catalog, at):
    before = analysis("isrc:1", terms=range(20))
    after = analysis("isrc:1", version=2, terms=range(100, 120))
    other = analysis("isrc:2", origin="gs://up/t/2.mp3", terms=range(20))
    save(any_catalog, at, before, after, other)

    with any_catalog.transaction(at) as tx:
        assert list(tx.alike(other[1], least=1, limit=5)) == []


def test_features_follow_a_recording_that_is_joined_to_another(any_catalog, at):
    one = analysis("object:1")
    two = analysis("object:2", origin="gs://up/t/2.mp3")
    save(any_catalog, at, one, two)

    with any_catalog.transaction(at) as tx:
        tx.stage([recording(["object:1", "object:2"], origin="edit", title="One")])
        joined = tx.find(Kind.RECORDING, "object:2")

    assert features_at(any_catalog, at, joined) == [one[1], two[1]]


def queued(uri, minutes, generation=1):
    return QueuedAnalysis(
        uuid4(), uri, generation, ("isrc:1",), START + timedelta(minutes=minutes)
    )


def released(catalog, tenant, minutes, **options):
    now = START + timedelta(minutes=minutes)
    told = {"limit": 2, "lost_before": now - timedelta(hours=1), "most_releases": 2}
    with catalog.transaction(tenant) as tx:
        return list(tx.release_analyses(now, **(told | options)))


def queue(catalog, tenant, *items):
    with catalog.transaction(tenant) as tx:
        for item in items:
            tx.queue_analysis(item)


def test_what_waited_longest_goes_first_and_few_are_under_way(any_catalog, at):
    items = [queued(f"gs://{n}", minutes=n) for n in (3, 1, 2)]
    queue(any_catalog, at, *items)

    first = released(any_catalog, at, 10)
    none = released(any_catalog, at, 11)
    with any_catalog.transaction(at) as tx:
        tx.forget_queued("gs://1", 1)
    last = released(any_catalog, at, 12)

    assert [item.uri for item in first] == ["gs://1", "gs://2"]
    assert first[0] == replace(items[1], releases=1)
    assert none == []
    assert [item.uri for item in last] == ["gs://3"]
    assert at in any_catalog.tenants_with_queued_analyses()


def test_what_was_lost_goes_again_and_is_given_up_at_last(any_catalog, at):
    queue(any_catalog, at, queued("gs://1", minutes=1))

    tries = [released(any_catalog, at, minutes) for minutes in (10, 80, 150, 220)]

    assert [[item.releases for item in one] for one in tries] == [[1], [2], [], []]
    assert at not in any_catalog.tenants_with_queued_analyses()


def test_a_newer_generation_waits_in_place_of_the_older(any_catalog, at):
    newer = queued("gs://1", minutes=2, generation=2)
    queue(any_catalog, at, queued("gs://1", 1), newer, queued("gs://1", 3))
    with any_catalog.transaction(at) as tx:
        tx.forget_queued("gs://1", 1)

    assert released(any_catalog, at, 10) == [replace(newer, releases=1)]


def test_a_tenant_has_no_settings_of_its_own_at_first(any_catalog, at):
    with any_catalog.transaction(at) as tx:
        assert dict(tx.tenant_settings()) == {}


def review(tenant, entity, value=120.0):
    return ReviewItem(
        tenant_id=tenant,
        kind=Kind.RECORDING,
        entity_id=entity,
        field="bpm",
        value=value,
        source="audio-analysis@v3",
        confidence=0.5,
        reason="the analysis is not sure",
        created_at=START,
    )


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.CORRECTED])
def test_what_was_decided_is_closed_once_and_may_be_asked_again(
    any_catalog, at, outcome
):
    item = review(at, uuid4())
    with any_catalog.transaction(at) as tx:
        tx.open_review(item)

    with any_catalog.transaction(at) as tx:
        decided = [tx.decide_review(item, outcome, "ann", 60.0) for _ in range(2)]
        left = list(tx.reviews(Kind.RECORDING, item.entity_id))
        tx.open_review(item)

        assert decided == [True, False]
        assert left == []
        assert list(tx.reviews(Kind.RECORDING, item.entity_id)) == [item]


def test_what_was_dismissed_is_asked_again_only_of_another_value(any_catalog, at):
    item = review(at, uuid4())
    other = review(at, item.entity_id, value=61.0)
    with any_catalog.transaction(at) as tx:
        tx.open_review(item)
        tx.decide_review(item, Outcome.DISMISSED, "ann")

    with any_catalog.transaction(at) as tx:
        tx.open_review(item)
        before = list(tx.reviews(Kind.RECORDING, item.entity_id))
        tx.open_review(other)

        assert before == []
        assert list(tx.reviews(Kind.RECORDING, item.entity_id)) == [other]


def rows(engine, tenant, table):
    with engine.begin() as connection:
        connection.execute(
            sa.text("SELECT set_config('linernotes.tenant', :t, true)"), {"t": tenant}
        )
        found = connection.execute(sa.text(f"SELECT CAST(t AS text) FROM {table} t"))
        return sorted(found.scalars())


def test_a_replay_writes_the_same_rows_again(postgres_catalog, admin_engine, tenant):
    tables = ("audio_features", "embedding", "fingerprint_term")
    save(
        postgres_catalog,
        tenant,
        analysis("isrc:1"),
        analysis("isrc:1", version=2, document={"bpm": -0.0, "embedding": [0.1]}),
        analysis("isrc:2", origin="gs://up/2", document={}, damage="no", terms=[]),
        analysis("isrc:2", origin="gs://up/t/3.mp3", terms=[2**31 - 1, -(2**31)]),
    )
    before = [rows(admin_engine, tenant, table) for table in tables]

    report = replay(admin_engine, tenant)

    assert report.is_kept
    assert [len(found) for found in before] == [3, 2, 27]
    assert [rows(admin_engine, tenant, table) for table in tables] == before


def test_an_operator_changes_what_is_set_for_one_tenant(
    postgres_catalog, admin_engine, tenant, other_tenant
):
    change_tenant_settings(
        admin_engine, tenant, {"audio_timing": "batch", "audio_models": "genre_v2"}
    )
    told = change_tenant_settings(
        admin_engine, tenant, {"audio_models": None, "more": 1}
    )

    assert told == {"audio_timing": "batch", "more": 1}
    with postgres_catalog.transaction(tenant) as tx:
        assert tx.tenant_settings() == {"audio_timing": "batch", "more": 1}
    with postgres_catalog.transaction(other_tenant) as tx:
        assert tx.tenant_settings() == {}
    with pytest.raises(NotFoundError):
        change_tenant_settings(admin_engine, "nobody", {"more": 1})
