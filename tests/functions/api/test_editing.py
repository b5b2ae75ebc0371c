from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from shared.domain.claims import Kind
from shared.domain.decisions import ReviewItem
from tests.functions.api.harness import START, record, stage


def test_an_edit_is_kept_against_later_sources(api, viewer, world, tenant, album):
    path = f"/api/tracks/{album.so_what}"

    edited = api.edit(path, {"title": "So What (mono)"})
    stage(
        world,
        tenant,
        record(
            Kind.RECORDING,
            ("isrc:USSM15900113",),
            {"title": "SO WHAT"},
            source="ddex:PADPIDA2007",
            origin="gs://uploads/ern.xml",
        ),
    )

    assert edited.status_code == 200
    assert edited.json()["title"] == "So What (mono)"
    told = viewer.get(f"{path}?include=provenance").json()
    assert told["title"] == "So What (mono)"
    assert told["provenance"]["title"]["locked"] is True


def test_an_edit_that_is_not_locked_says_so(api, viewer, album):
    path = f"/api/tracks/{album.so_what}"

    api.edit(f"{path}", {"title": "So what?"}, params={"lock": "false"})

    told = viewer.get(f"{path}?include=provenance").json()
    assert told["title"] == "So what?"
    assert told["provenance"]["title"]["locked"] is False


def test_null_takes_a_persons_word_back(api, album):
    path = f"/api/tracks/{album.so_what}"
    api.edit(path, {"title": "Wrong"})

    answer = api.edit(path, {"title": None})

    assert answer.json()["title"] == "So What"


def test_an_edit_is_announced_and_mirrored_after_its_commit(api, world, tenant, album):
    world.relay(tenant)
    world.bus.published.clear()

    api.edit(f"/api/tracks/{album.so_what}", {"title": "Sö What"})

    assert [item.attributes["type"] for item in world.bus.published] == [
        "recording.changed.v1"
    ]
    mirrored = world.documents.read(f"tenants/{tenant}/tracks/{album.so_what}")
    assert mirrored["title"] == "Sö What"


def test_a_change_needs_the_etag_of_what_was_seen(api, album):
    path = f"/api/tracks/{album.so_what}"
    etag = api.get(path).headers["etag"]
    api.edit(path, {"title": "Mine"})

    without = api.patch(path, json={"title": "Yours"})
    stale = api.patch(path, json={"title": "Yours"}, headers={"if-match": etag})

    assert without.status_code == 428
    assert stale.status_code == 412
    assert api.get(path).json()["title"] == "Mine"


def test_of_edits_that_race_on_one_etag_one_wins(api, world, album):
    path = f"/api/tracks/{album.so_what}"
    etag = api.get(path).headers["etag"]

    def rename(number: int) -> int:
        patch = {"title": f"Name {number}"}
        return api.patch(path, json=patch, headers={"if-match": etag}).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(rename, range(4)))

    assert statuses == [200, 412, 412, 412]


def test_a_releases_etag_guards_the_release_whatever_is_on_it(api, album):
    path = f"/api/releases/{album.release}"
    etag = api.get(path).headers["etag"]
    api.edit(f"/api/tracks/{album.blue}", {"title": "Blue"})

    answer = api.patch(path, json={"label": "CBS"}, headers={"if-match": etag})

    assert answer.status_code == 200
    assert answer.json()["label"] == "CBS"


def test_artists_and_albums_are_edited_alike(api, album):
    artist = api.edit(f"/api/artists/{album.artist}", {"isni": "0000 0001 2103 2683"})
    release = api.edit(f"/api/albums/{album.release}", {"catalog_number": "CL 1355"})

    assert artist.json()["isni"] == "0000000121032683"
    assert release.json()["catalog_number"] == "CL 1355"


def test_every_fault_of_an_edit_is_told_with_its_pointer(api, album):
    patch = {"bpm": 1000, "colour": "blue", "duration_ms": 1, "isrc": "x", "title": ""}

    answer = api.edit(f"/api/tracks/{album.so_what}", patch)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [
        "/bpm",
        "/colour",
        "/duration_ms",
        "/isrc",
        "/title",
    ]


def test_a_key_makes_a_repeated_edit_happen_once(api, viewer, album):
    path = f"/api/tracks/{album.so_what}"
    headers = {"if-match": api.get(path).headers["etag"], "idempotency-key": "k1"}

    first = api.patch(path, json={"title": "Once"}, headers=headers)
    again = api.patch(path, json={"title": "Once"}, headers=headers)

    assert first.status_code == again.status_code == 200
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    people = [
        step
        for step in viewer.get(f"{path}/history").json()["items"]
        if step["actor"].startswith("person:")
    ]
    assert len(people) == 1


def test_a_key_stands_for_one_request_alone(api, album):
    path = f"/api/tracks/{album.so_what}"
    api.edit(path, {"title": "Once"}, headers={"idempotency-key": "k1"})

    answer = api.edit(path, {"title": "Twice"}, headers={"idempotency-key": "k1"})

    assert answer.status_code == 422


def test_a_key_of_one_entry_means_nothing_for_another(api, album):
    headers = {"idempotency-key": "k1"}
    api.edit(f"/api/tracks/{album.so_what}", {"title": "A"}, headers=headers)

    answer = api.edit(f"/api/tracks/{album.blue}", {"title": "A"}, headers=headers)

    assert "idempotency-replayed" not in answer.headers


def test_provenance_tells_what_was_chosen_and_what_else_was_said(
    api, viewer, world, tenant, album
):
    path = f"/api/tracks/{album.so_what}"
    api.edit(path, {"title": "So What!"})

    title = viewer.get(f"{path}/provenance").json()["fields"]["title"]

    assert title["value"] == "So What!"
    assert title["source"].startswith("person:")
    assert [item["value"] for item in title["alternatives"]] == ["So What!", "So What"]
    assert title["alternatives"][1]["source"] == "tags"


def test_history_tells_what_each_record_made_of_the_entry(api, viewer, album):
    path = f"/api/tracks/{album.so_what}"
    api.edit(path, {"title": "So What!"})
    api.edit(path, {"title": None})

    told = viewer.get(f"{path}/history").json()

    assert [step["version"] for step in told["items"]] == [1, 2, 3]
    assert told["version"] == 3
    assert told["items"][0]["changed"]["isrc"] == {"from": None, "to": "USSM15900113"}
    assert told["items"][1]["changed"] == {
        "title": {"from": "So What", "to": "So What!"}
    }
    assert told["items"][2]["changed"] == {
        "title": {"from": "So What!", "to": "So What"}
    }


def revert(api, path: str, wanted: dict[str, object], **headers: str):
    etag = api.get(path).headers["etag"]
    headers = {"if-match": etag, **headers}
    return api.post(f"{path}/revert", json=wanted, headers=headers)


def test_reverting_to_a_version_restores_what_people_had_said(api, viewer, album):
    path = f"/api/tracks/{album.so_what}"
    api.edit(path, {"title": "First", "comment": "kept"})
    api.edit(path, {"title": "Second"})

    answer = revert(api, path, {"to_version": 2})

    assert answer.json()["title"] == "First"
    assert answer.json()["comment"] == "kept"
    why = viewer.get(f"{path}/provenance").json()["fields"]["title"]
    assert why["locked"] is True


def test_reverting_to_what_sources_say_takes_the_lock_away(api, viewer, album):
    path = f"/api/tracks/{album.so_what}"
    api.edit(path, {"title": "First"})

    answer = revert(api, path, {"to_version": 1})

    assert answer.json()["title"] == "So What"
    why = viewer.get(f"{path}/provenance").json()["fields"]["title"]
    assert (why["source"], why["locked"]) == ("tags", False)


def test_reverting_to_a_record_is_the_same_by_another_name(api, viewer, album):
    path = f"/api/tracks/{album.so_what}"
    api.edit(path, {"title": "First"})
    api.edit(path, {"title": "Second"})
    steps = viewer.get(f"{path}/history").json()["items"]

    answer = revert(api, path, {"record_id": steps[1]["record_id"]})

    assert answer.json()["title"] == "First"


def test_reverting_fields_undoes_the_last_word_about_them_alone(api, album):
    path = f"/api/tracks/{album.so_what}"
    api.edit(path, {"title": "First", "comment": "one"})
    api.edit(path, {"title": "Second", "comment": "two"})

    answer = revert(api, path, {"fields": ["title"]})

    assert answer.json()["title"] == "First"
    assert answer.json()["comment"] == "two"


def test_reverting_nothing_changes_nothing(api, album):
    path = f"/api/tracks/{album.so_what}"

    answer = revert(api, path, {"to_version": 1})

    assert answer.status_code == 200
    assert answer.json()["version"] == 1


def test_a_revert_with_a_key_happens_once(api, album):
    path = f"/api/tracks/{album.so_what}"
    api.edit(path, {"title": "First"})
    key = {"idempotency-key": "r1"}
    first = revert(api, path, {"to_version": 1}, **key)

    again = revert(api, path, {"to_version": 1}, **key)

    assert again.json()["version"] == first.json()["version"]
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"to_version": 99}, 404),
        ({"record_id": str(uuid4())}, 404),
        ({"fields": ["colour"]}, 422),
        ({}, 422),
        ({"to_version": 1, "record_id": str(uuid4())}, 422),
        ({"to_version": 0}, 422),
        ({"version": 1}, 422),
    ],
)
def test_a_point_that_never_was_cannot_be_gone_back_to(api, album, wanted, status):
    answer = revert(api, f"/api/tracks/{album.so_what}", wanted)

    assert answer.status_code == status


def test_versions_before_a_merge_are_not_made_up(api, viewer, world, tenant):
    for number in (1, 2):
        stage(
            world,
            tenant,
            record(
                Kind.RECORDING,
                (f"sha256:{number}",),
                {"title": f"A{number}"},
                origin=f"x:{number}",
            ),
        )
    both = ("sha256:1", "sha256:2")
    stage(world, tenant, record(Kind.RECORDING, both, {"title": "A"}, origin="x:3"))
    with world.catalog.transaction(tenant) as tx:
        path = f"/api/tracks/{tx.find(Kind.RECORDING, 'sha256:1')}"

    answer = revert(api, path, {"to_version": 1})

    steps = viewer.get(f"{path}/history").json()["items"]
    if steps[-1]["version"] is None:
        assert answer.status_code == 409


def doubt(world, tenant, album, value=68.0, field="bpm") -> ReviewItem:
    item = ReviewItem(
        tenant_id=tenant,
        kind=Kind.RECORDING,
        entity_id=album.so_what,
        field=field,
        value=value,
        source="audio-analysis@v1",
        confidence=0.4,
        reason="low-confidence",
        created_at=START,
        alternatives=(136.0,),
    )
    with world.catalog.transaction(tenant) as tx:
        tx.open_review(item)
    return item


def test_what_waits_for_a_person_is_listed_least_sure_first(
    viewer, world, tenant, album
):
    item = doubt(world, tenant, album)
    doubt(world, tenant, album, "E minor", "key")

    told = viewer.get("/api/reviews?limit=1&kind=recording")
    following = told.headers["link"].partition(">")[0].lstrip("<")

    fields = [told.json()["items"][0]["field"]]
    fields += [found["field"] for found in viewer.get(following).json()["items"]]
    assert sorted(fields) == ["bpm", "key"]
    only = viewer.get(f"/api/reviews?field=bpm&entity_id={album.so_what}").json()
    assert [found["id"] for found in only["items"]] == [str(item.id)]
    beside = viewer.get(f"/api/tracks/{album.so_what}/reviews").json()
    assert len(beside["items"]) == 2


@pytest.mark.parametrize(
    ("decision", "expected"),
    [({"decision": "accept"}, 68.0), ({"decision": "correct", "value": 135.5}, 135.5)],
)
def test_a_decision_becomes_a_persons_claim(api, world, album, decision, expected):
    tenant = api.get("/api/me").json()["tenant_id"]
    item = doubt(world, tenant, album)

    answer = api.post(f"/api/reviews/{item.id}", json=decision)

    assert answer.status_code == 200
    assert answer.json()["bpm"] == expected
    assert api.get("/api/reviews").json()["items"] == []
    why = api.get(f"/api/tracks/{album.so_what}/provenance").json()["fields"]["bpm"]
    assert why["locked"] is True


def test_an_edit_settles_what_waited_for_its_fields(api, viewer, world, tenant, album):
    doubt(world, tenant, album)
    doubt(world, tenant, album, "E minor", "key")

    api.edit(f"/api/tracks/{album.so_what}", {"bpm": 137})

    waiting = viewer.get("/api/reviews").json()["items"]
    assert [item["field"] for item in waiting] == ["key"]


@pytest.mark.parametrize(
    "decision",
    [
        {"decision": "correct"},
        {"decision": "accept", "value": 3},
        {"decision": "correct", "value": 5000},
        {"decision": "shrug"},
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(api, world, tenant, album, decision):
    item = doubt(world, tenant, album)

    assert api.post(f"/api/reviews/{item.id}", json=decision).status_code == 422


def test_what_was_settled_cannot_be_decided_again(api, world, tenant, album):
    item = doubt(world, tenant, album)
    api.post(f"/api/reviews/{item.id}", json={"decision": "accept"})

    again = api.post(f"/api/reviews/{item.id}", json={"decision": "accept"})

    assert again.status_code == 404
