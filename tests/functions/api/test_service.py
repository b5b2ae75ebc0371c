from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.adapters.postgres.engine import open_engine
from shared.domain.claims import Kind
from shared.domain.decisions import Export, ExportFormat, ExportStatus
from shared.domain.uploads import Stage, upload_id
from shared.events.pipeline import AnalysisRequested, ExportRequested
from shared.ports.dead_letters import DeadLetter
from tests.functions.api.harness import START, World, application, record, stage

FLAC = {"filename": "01 So What.flac", "content_type": "audio/flac"}


def announced(world, kind):
    return [
        kind.from_cloud_event(item.data)
        for item in world.bus.published
        if item.attributes["type"] == kind.type
    ]


def test_an_upload_is_expected_and_told_where_to_go(api, viewer, world, tenant):
    answer = api.post("/api/uploads", json={**FLAC, "size_bytes": 1000})

    assert answer.status_code == 201
    told = answer.json()
    name = world.uploads.signed[0]["name"]
    assert name.startswith(f"{tenant}/")
    assert name.endswith("/01 So What.flac")
    assert told["upload"]["id"] == str(upload_id(f"gs://uploads/{name}"))
    assert told["target"]["method"] == "PUT"
    assert told["target"]["headers"] == {"content-type": "audio/flac"}
    assert world.uploads.signed[0]["max_bytes"] == 1000
    followed = viewer.get(answer.headers["location"]).json()
    assert followed["stage"] == "expected"
    assert world.documents.read(f"tenants/{tenant}/uploads/{followed['id']}")


def test_a_resumable_upload_begins_with_a_session(api):
    answer = api.post("/api/uploads", json={**FLAC, "resumable": True})

    assert answer.json()["target"]["method"] == "POST"


def test_an_upload_with_a_key_is_announced_once(api):
    headers = {"idempotency-key": "u1"}

    answers = [api.post("/api/uploads", json=FLAC, headers=headers) for _ in range(2)]

    assert len({answer.json()["upload"]["id"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"filename": "a.flac"}, "/content_type"),
        ({**FLAC, "filename": "  "}, "/filename"),
        ({**FLAC, "content_type": "flac"}, "/content_type"),
        ({**FLAC, "size_bytes": 0}, "/size_bytes"),
        ({**FLAC, "size_bytes": 2_000_000}, "/size_bytes"),
        ({**FLAC, "colour": "blue"}, "/colour"),
    ],
)
def test_an_upload_that_cannot_be_is_refused_with_a_pointer(api, body, pointer):
    answer = api.post("/api/uploads", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_uploads_are_listed_newest_first_and_by_stage(api, viewer, world, tenant):
    ids = [api.post("/api/uploads", json=FLAC).json()["upload"]["id"] for _ in range(3)]
    with world.catalog.transaction(tenant) as tx:
        known = tx.upload(upload_id(f"gs://uploads/{world.uploads.signed[0]['name']}"))
        tx.save_upload(known.reached(world.clock.now(), Stage.RECEIVED))

    first = viewer.get("/api/uploads?limit=2")
    second = viewer.get(first.headers["link"].partition(">")[0].lstrip("<"))

    listed = first.json()["items"] + second.json()["items"]
    assert [item["id"] for item in listed] == ids[::-1]
    received = viewer.get("/api/uploads?stage=received").json()["items"]
    assert [item["id"] for item in received] == ids[:1]


def test_an_unknown_upload_is_not_found(viewer):
    assert viewer.get(f"/api/uploads/{uuid4()}").status_code == 404


def test_every_change_is_told_in_order_without_gaps(api, viewer, album):
    api.edit(f"/api/tracks/{album.so_what}", {"title": "A"})

    told = viewer.get("/api/updates?since=0&limit=200").json()

    numbers = [event["data"]["number"] for event in told["items"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert told["next_since"] == numbers[-1]
    assert told["more"] is False


def test_following_in_small_steps_tells_the_same(viewer, album):
    whole = viewer.get("/api/updates?limit=200").json()["items"]
    steps, since, more = [], 0, True
    while more:
        page = viewer.get(f"/api/updates?since={since}&limit=2").json()
        steps += page["items"]
        since, more = page["next_since"], page["more"]

    assert [event["id"] for event in steps] == [event["id"] for event in whole]


def test_changes_of_some_kinds_alone_can_be_followed(viewer, album):
    told = viewer.get("/api/updates?types=release,party").json()
    everything = viewer.get("/api/updates?limit=200").json()

    assert {event["data"]["kind"] for event in told["items"]} == {"release", "party"}
    assert told["next_since"] == everything["next_since"]


def test_deletions_are_changes_too(viewer, world, tenant):
    for version, sha in ((1, "1"), (2, "2")):
        made = record(
            Kind.RECORDING,
            (f"sha256:{sha}",),
            {"title": sha},
            origin="gs://u/a",
            version=version,
        )
        stage(world, tenant, made)

    actions = [
        event["data"]["action"] for event in viewer.get("/api/updates").json()["items"]
    ]

    assert sorted(actions) == ["created", "created", "deleted"]


def test_an_empty_answer_waits_for_something_to_happen(viewer, world, tenant):
    def later() -> None:
        time.sleep(0.2)
        made = record(Kind.RECORDING, ("sha256:1",), {"title": "A"}, origin="x:1")
        stage(world, tenant, made)

    thread = threading.Thread(target=later)
    thread.start()
    told = viewer.get("/api/updates?wait_s=10").json()
    thread.join()

    assert len(told["items"]) == 1


def test_waiting_ends(viewer, tenant):
    told = viewer.get("/api/updates?wait_s=1&since=7").json()

    assert told == {"items": [], "next_since": 7, "more": False}


def test_a_track_is_listened_to_again_under_a_new_event(api, world, tenant, album):
    stage(
        world,
        tenant,
        record(Kind.RECORDING, ("sha256:1",), {"title": "A"}, origin="gs://other/1"),
    )
    with world.catalog.transaction(tenant) as tx:
        elsewhere = tx.find(Kind.RECORDING, "sha256:1")
    nobody_knows = uuid4()
    ids = [str(found) for found in (album.so_what, elsewhere, nobody_knows)]

    answers = [api.post("/api/tracks/analyze", json={"ids": ids}) for _ in range(2)]

    assert answers[0].status_code == 202
    assert answers[0].json()["accepted"] == [str(album.so_what)]
    assert [item["id"] for item in answers[0].json()["skipped"]] == ids[1:]
    events = announced(world, AnalysisRequested)
    assert len({event.event_id for event in events}) == 2
    assert {event.uri for event in events} == {f"gs://uploads/{tenant}/1.flac"}


@pytest.mark.parametrize("ids", [[], ["x"], [str(uuid4())] * 101])
def test_what_cannot_be_analyzed_is_refused(api, ids):
    assert api.post("/api/tracks/analyze", json={"ids": ids}).status_code == 422


def test_an_export_is_asked_for_and_told_when_done(viewer, world, tenant):
    body = {
        "kind": "recording",
        "format": "csv",
        "filters": {"isrc": "us-sm1-59-00113"},
        "fields": ["title"],
    }

    answer = viewer.post("/api/exports", json=body)

    assert answer.status_code == 202
    assert answer.json()["filters"] == {"isrc": "USSM15900113"}
    assert "download_url" not in answer.json()
    export_id = answer.json()["id"]
    assert [str(e.export_id) for e in announced(world, ExportRequested)] == [export_id]
    done(world, tenant, export_id)
    told = viewer.get(answer.headers["location"]).json()
    assert told["download_url"].startswith("https://store.test/")
    assert told["row_count"] == 3


def test_an_export_may_ask_for_provenance_as_for_a_field(viewer):
    body = {"kind": "recording", "fields": ["title", "+provenance"]}

    answer = viewer.post("/api/exports", json=body)

    assert answer.status_code == 202
    assert answer.json()["fields"] == ["title", "+provenance"]


def done(world, tenant: str, export_id: str) -> None:
    with world.catalog.transaction(tenant) as tx:
        export = tx.export(export_id)
        tx.save_export(
            Export(
                id=export.id,
                tenant_id=tenant,
                kind=export.kind,
                format=ExportFormat.CSV,
                status=ExportStatus.DONE,
                requested_at=export.requested_at,
                requested_by=export.requested_by,
                object_name=f"{tenant}/{export_id}.csv",
                finished_at=export.requested_at + timedelta(seconds=1),
                row_count=3,
                size_bytes=99,
            )
        )


def test_an_export_with_a_key_is_asked_for_once(viewer, world):
    headers = {"idempotency-key": "e1"}

    ids = {
        viewer.post("/api/exports", json={"kind": "release"}, headers=headers).json()[
            "id"
        ]
        for _ in range(2)
    }

    assert len(ids) == 1
    assert len(announced(world, ExportRequested)) == 1


def test_exports_are_listed_newest_first(viewer):
    ids = [
        viewer.post("/api/exports", json={"kind": kind}).json()["id"]
        for kind in ("recording", "release", "recording")
    ]

    first = viewer.get("/api/exports?limit=2")
    second = viewer.get(first.headers["link"].partition(">")[0].lstrip("<"))

    listed = first.json()["items"] + second.json()["items"]
    assert [item["id"] for item in listed] == ids[::-1]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "party"}, "/kind"),
        ({"kind": "release", "format": "xls"}, "/format"),
        ({"kind": "release", "filters": {"bpm_min": "3"}}, "/filters/bpm_min"),
        ({"kind": "recording", "filters": {"isrc": "x"}}, "/filters/isrc"),
        ({"kind": "recording", "fields": ["title", "x"]}, "/fields/1"),
    ],
)
def test_an_export_that_cannot_be_is_refused(viewer, body, pointer):
    answer = viewer.post("/api/exports", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def letter(tenant: str, number: int) -> DeadLetter:
    return DeadLetter(
        message_id=str(number),
        subscription="entity-extracted.enrich",
        data=b'{"a": 1}' if number % 2 else b"\xff",
        attributes={"tenant": tenant},
        published_at=START,
        delivery_attempts=8,
    )


def test_dead_letters_of_the_tenant_are_shown_and_driven_again(
    admin, world, tenant, other_tenant
):
    letters = [letter(tenant, 1), letter(other_tenant, 2), letter(tenant, 3)]
    world.dead_letters.letters = {"entity-extracted.enrich": letters}

    shown = admin.get("/api/dead-letters").json()["items"][0]["messages"]
    answer = admin.post(
        "/api/dead-letters/entity-extracted.enrich/redrive", json={"limit": 10}
    )

    assert [message["message_id"] for message in shown] == ["1", "3"]
    assert shown[0]["data"] == {"a": 1}
    assert answer.json()["redriven"] == 2
    assert [item.message_id for item in letters] == ["2"]


def test_dead_letters_of_nothing_are_not_found(admin):
    answer = admin.post("/api/dead-letters/x.y/redrive", json={})

    assert answer.status_code == 404


def test_a_storage_notification_names_its_tenant_in_the_object():
    made = DeadLetter("1", "object-uploaded.extract", b"", {"objectId": "t1/a"}, START)

    assert made.tenant_id == "t1"


def test_the_key_tells_who_one_is(api, tenant):
    told = api.get("/api/me").json()

    assert told["tenant_id"] == tenant
    assert told["role"] == "editor"
    assert told["client"]["name"] == "the editor"


def test_the_service_tells_that_it_is_well(nobody):
    assert nobody.get("/health").json()["database"] == "reached"


def test_without_a_database_it_says_so_and_asks_to_try_again(nobody, closed_port):
    url = f"postgresql+pg8000://nobody:x@127.0.0.1:{closed_port}/none"
    alone = type(nobody)(application(World(open_engine(url))), "ln_x")

    health = alone.get("/health")
    asked = alone.get("/api/me")

    assert health.status_code == 503
    assert health.json()["database"] == "away"
    assert asked.status_code == 503
    assert asked.headers["retry-after"]
    assert "127.0.0.1" not in asked.text


def test_figures_count_requests_by_operation_and_status(nobody):
    nobody.get("/health")

    told = nobody.get("/metrics").text

    assert (
        'linernotes_api_requests_total{method="GET",operation="health.get",'
        'status="200"}' in told
    )
    assert "linernotes_api_request_seconds_bucket" in told
    assert "linernotes_api_requests_in_flight 1.0" in told


def test_the_documentation_stands_alone(nobody):
    page = nobody.get("/docs")

    assert "/api/tracks/{id}" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert nobody.get("/").headers["location"] == "/docs"


def test_the_document_is_served_as_it_is_written(nobody):
    from functions.api.openapi import document

    assert nobody.get("/openapi.json").json() == json.loads(json.dumps(document()))


@pytest.fixture
def closed_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
