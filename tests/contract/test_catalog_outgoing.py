"""Numbers, inbox, outbox, uploads and decisions: what every catalog promises."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from shared.domain.claims import Kind
from shared.domain.decisions import Export, ExportFormat, ExportStatus, ReviewItem
from shared.domain.errors import TransientError
from shared.domain.findings import Finding, Level
from shared.domain.uploads import Stage, Upload, upload_id
from shared.events.pipeline import RecordingExtracted
from shared.ports.document_store import Mirror
from shared.ports.event_bus import Announcement
from tests.contract.statements import START, recording, release, said

URI = "gs://up/t/so-what.flac"


def stage(catalog, tenant, *records):
    with catalog.transaction(tenant) as tx:
        return tx.stage(records)


def drained(catalog, tenant, **options):
    items = []
    catalog.drain(tenant, items.extend, **options)
    return [out.item for out in items]


def numbers(catalog, tenant):
    return [
        json.loads(item.data)["data"]["number"]
        for item in drained(catalog, tenant, limit=10_000)
        if isinstance(item, Announcement) and item.topic == "catalog-events"
    ]


def an_upload(tenant):
    return Upload(
        id=upload_id(URI),
        tenant_id=tenant,
        uri=URI,
        generation=1_761_000_000_123_456,
        created_at=START,
        updated_at=START,
    ).reached(START, Stage.RECEIVED)


def extracted(tenant):
    return RecordingExtracted(
        event_id=uuid4(),
        tenant_id=tenant,
        occurred_at=START,
        recording_id=uuid4(),
        upload_id=upload_id(URI),
    )


def test_changes_are_numbered_from_one_without_a_gap(any_catalog, at):
    stage(any_catalog, at, recording(["a:1"], title="1"), recording(["a:2"], title="2"))
    stage(any_catalog, at, recording(["a:3"], title="3"))

    assert numbers(any_catalog, at) == [1, 2, 3]


def test_each_tenant_has_numbers_of_its_own(any_catalog, at, elsewhere):
    stage(any_catalog, at, recording(["a:1"], title="1"))
    stage(any_catalog, elsewhere, recording(["a:1"], title="1"))

    assert numbers(any_catalog, elsewhere) == [1]


def test_an_undone_transaction_leaves_no_gap(any_catalog, at):
    def broken():
        with any_catalog.transaction(at) as tx:
            tx.stage([recording(["a:1"], title="1")])
            raise LookupError

    with pytest.raises(LookupError):
        broken()
    stage(any_catalog, at, recording(["a:2"], title="2"))

    assert numbers(any_catalog, at) == [1]


def test_eight_writers_at_once_leave_no_gap_and_lose_nothing(any_catalog, at):
    def work(writer):
        for step in range(4):
            stage(
                any_catalog,
                at,
                recording([f"w:{writer}-{step}"], origin=f"{writer}-{step}", title="x"),
                release(["gtin:shared"], origin=f"{writer}-{step}", title="Shared"),
            )

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(work, range(8)))

    told = numbers(any_catalog, at)
    assert sorted(told) == list(range(1, len(told) + 1))
    with any_catalog.transaction(at) as tx:
        shared = tx.entity(Kind.RELEASE, tx.find(Kind.RELEASE, "gtin:shared"))
    assert shared.provenance["title"]["agreeing"] == 32
    assert shared.version == 32


def test_a_change_is_announced_with_what_subscribers_filter_by(any_catalog, at):
    (change,) = stage(any_catalog, at, recording(["a:1"], title="So What"))

    announced, _ = drained(any_catalog, at)

    body = json.loads(announced.data)
    assert announced.attributes["type"] == body["type"] == "recording.changed.v1"
    assert announced.attributes["tenant"] == at
    assert announced.ordering_key == f"{at}/recording/{change.entity.id}"
    assert body["data"]["changed_fields"] == ["title"]


def test_a_recording_is_mirrored_with_its_sources(any_catalog, at):
    (change,) = stage(any_catalog, at, recording(["a:1"], title="So What"))

    _, mirror = drained(any_catalog, at)

    assert mirror.path == f"tenants/{at}/tracks/{change.entity.id}"
    assert mirror.version == 1
    assert mirror.content == {
        "id": str(change.entity.id),
        "version": 1,
        "etag": change.entity.etag,
        "updated_at": START.isoformat(),
        "quality": change.entity.quality,
        "title": "So What",
        "sources": {"title": {"source": "tags", "confidence": 1.0, "locked": False}},
    }


def test_a_deleted_recording_is_mirrored_as_gone(any_catalog, at):
    stage(any_catalog, at, recording(["a:1"], title="So What"))
    drained(any_catalog, at)

    stage(any_catalog, at, release(["b:1"], version=2, title="Other"))

    mirrors = [i for i in drained(any_catalog, at) if isinstance(i, Mirror)]
    assert [m.content for m in mirrors if "/tracks/" in m.path] == [None]


def test_parties_and_places_are_announced_but_not_mirrored(any_catalog, at):
    stage(any_catalog, at, said(Kind.TRACK_POSITION, ["p:1"], track_number=1))

    assert [type(item) for item in drained(any_catalog, at)] == [Announcement]


def test_announcements_go_first_then_entries_then_uploads(any_catalog, at):
    with any_catalog.transaction(at) as tx:
        tx.save_upload(an_upload(at))
        tx.stage([recording(["a:1"], title="So What")])
        tx.announce(extracted(at))

    items = drained(any_catalog, at)
    assert [getattr(i, "topic", "") or i.path.split("/")[2] for i in items] == [
        "catalog-events", "entity-extracted", "tracks", "uploads",
    ]  # fmt: skip


def test_what_was_delivered_is_forgotten(any_catalog, at):
    stage(any_catalog, at, recording(["a:1"], title="So What"))

    first = any_catalog.drain(at, [].extend)
    second = any_catalog.drain(at, [].extend)

    assert (first, second) == (2, 0)


def test_a_delivery_that_fails_forgets_nothing(any_catalog, at):
    def refuse(_):
        raise TransientError("the bus is away")

    stage(any_catalog, at, recording(["a:1"], title="So What"))

    with pytest.raises(TransientError):
        any_catalog.drain(at, refuse)

    assert len(drained(any_catalog, at)) == 2


def test_a_drain_takes_no_more_than_asked_and_keeps_the_order(any_catalog, at):
    for number in range(5):
        stage(any_catalog, at, said(Kind.PARTY, [f"n:{number}"], name=str(number)))

    parts = [drained(any_catalog, at, limit=2) for _ in range(3)]

    assert [len(part) for part in parts] == [2, 2, 1]
    told = [json.loads(i.data)["data"]["number"] for part in parts for i in part]
    assert told == [1, 2, 3, 4, 5]


def test_drains_at_once_deliver_each_item_once(any_catalog, at):
    for number in range(20):
        stage(any_catalog, at, said(Kind.PARTY, [f"n:{number}"], name=str(number)))
    seen = []

    with ThreadPoolExecutor(4) as drainers:
        list(drainers.map(lambda _: any_catalog.drain(at, seen.extend), range(4)))

    assert len(seen) == len({out.sequence for out in seen}) == 20


def test_only_tenants_with_something_to_deliver_are_listed(any_catalog, at, elsewhere):
    stage(any_catalog, at, recording(["a:1"], title="So What"))

    listed = any_catalog.tenants_with_outgoing()

    assert at in listed
    assert elsewhere not in listed
    assert list(listed) == sorted(listed)


def test_an_event_is_new_once_per_consumer(any_catalog, at):
    event = uuid4()
    with any_catalog.transaction(at) as tx:
        first = tx.first_sight("extract", event)
    with any_catalog.transaction(at) as tx:
        assert first
        assert not tx.first_sight("extract", event)
        assert tx.first_sight("enrich", event)


def test_an_event_is_new_again_if_its_transaction_was_undone(any_catalog, at):
    event = uuid4()

    def broken():
        with any_catalog.transaction(at) as tx:
            tx.first_sight("extract", event)
            raise LookupError

    with pytest.raises(LookupError):
        broken()

    with any_catalog.transaction(at) as tx:
        assert tx.first_sight("extract", event)


def test_an_upload_comes_back_as_it_was_saved(any_catalog, at):
    finding = Finding("LN-X", Level.WARNING, "title", "odd", "look", "frame 3", "v")
    upload = replace(
        an_upload(at),
        size_bytes=12,
        entities=("recording/1",),
        findings=(finding,),
        reason={"code": "x", "message": "m", "facts": {"n": 1.5}},
    )

    with any_catalog.transaction(at) as tx:
        saved = tx.save_upload(upload)
    with any_catalog.transaction(at) as tx:
        again = tx.upload(upload.id)

    assert saved == replace(upload, version=1)
    assert again == saved


def test_an_unknown_upload_is_none(any_catalog, at):
    with any_catalog.transaction(at) as tx:
        assert tx.upload(uuid4()) is None


def test_each_save_of_an_upload_is_a_version_and_a_mirror(any_catalog, at):
    with any_catalog.transaction(at) as tx:
        first = tx.save_upload(an_upload(at))
        tx.save_upload(first.reached(START + timedelta(seconds=1), Stage.STAGED))

    mirrors = drained(any_catalog, at)
    assert [(m.version, m.content["stage"]) for m in mirrors] == [
        (1, "received"),
        (2, "staged"),
    ]


def test_saving_an_upload_that_moved_on_is_a_lost_race(any_catalog, at):
    stale = an_upload(at)
    with any_catalog.transaction(at) as tx:
        tx.save_upload(stale)

    with pytest.raises(TransientError), any_catalog.transaction(at) as tx:
        tx.save_upload(stale)


def test_findings_of_one_producer_replace_only_its_own(any_catalog, at):
    entity = uuid4()
    one, two, three = (
        Finding(f"LN-{n}", Level.ERROR, "title", "m", "f") for n in (1, 2, 3)
    )
    with any_catalog.transaction(at) as tx:
        tx.replace_findings(Kind.RELEASE, entity, "validate", [two, one])
        tx.replace_findings(Kind.RELEASE, entity, "extract", [three])

    with any_catalog.transaction(at) as tx:
        tx.replace_findings(Kind.RELEASE, entity, "extract", [])
        assert list(tx.findings(Kind.RELEASE, entity)) == [one, two]


def test_findings_said_again_stand_once(any_catalog, at):
    entity = uuid4()
    found = [Finding("LN-1", Level.ERROR, "title", "m", "f", place="line 3")]
    for _ in range(2):
        with any_catalog.transaction(at) as tx:
            tx.hold_findings(Kind.RELEASE, entity, "validate")
            tx.replace_findings(Kind.RELEASE, entity, "validate", found)

    with any_catalog.transaction(at) as tx:
        assert list(tx.findings(Kind.RELEASE, entity)) == found


def review(tenant, entity, field="bpm", confidence=0.5):
    return ReviewItem(
        tenant_id=tenant,
        kind=Kind.RECORDING,
        entity_id=entity,
        field=field,
        value=120.0,
        source="audio-analysis@v1",
        confidence=confidence,
        reason="not sure",
        created_at=START,
        alternatives=(60.0, 240.0),
    )


def test_a_review_is_open_once_and_closed_by_a_decision(any_catalog, at):
    entity = uuid4()
    with any_catalog.transaction(at) as tx:
        tx.open_review(review(at, entity))
        tx.open_review(review(at, entity, confidence=0.7))
        tx.open_review(review(at, entity, field="key"))

    with any_catalog.transaction(at) as tx:
        assert [i.field for i in tx.reviews(Kind.RECORDING, entity)] == ["bpm", "key"]
        settled = tx.settle_reviews(Kind.RECORDING, entity, ["bpm", "title"])

    with any_catalog.transaction(at) as tx:
        assert settled == 1
        assert list(tx.reviews(Kind.RECORDING, entity)) == [
            review(at, entity, field="key")
        ]


def test_a_settled_review_can_be_opened_again(any_catalog, at):
    entity = uuid4()
    with any_catalog.transaction(at) as tx:
        tx.open_review(review(at, entity))
        tx.settle_reviews(Kind.RECORDING, entity, ["bpm"])
        tx.open_review(review(at, entity))

        assert len(tx.reviews(Kind.RECORDING, entity)) == 1


def test_an_export_comes_back_as_it_was_saved(any_catalog, at):
    export = Export(
        id=UUID(int=uuid4().int),
        tenant_id=at,
        kind=Kind.RECORDING,
        format=ExportFormat.CSV,
        status=ExportStatus.REQUESTED,
        requested_at=START,
        requested_by="client:1",
        filters={"title": "blue"},
        fields=("title", "isrc"),
    )
    done = replace(
        export, status=ExportStatus.DONE, row_count=3, finished_at=START, size_bytes=9
    )

    with any_catalog.transaction(at) as tx:
        tx.save_export(export)
        assert tx.export(export.id) == export
        tx.save_export(done)

    with any_catalog.transaction(at) as tx:
        assert tx.export(export.id) == done
        assert tx.export(uuid4()) is None
