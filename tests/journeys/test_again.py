"""The same again, something else under the same name, and what people said."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import httpx
import pytest

from infra.local.environment import bucket_name
from infra.local.places import PROJECT
from infra.local.samples import SampleTags, Song, encoded, samples, tagged
from tests.journeys.label import until

_TAGS = SampleTags(track_total=1)


@pytest.fixture(scope="module")
def sound():
    return encoded(samples(Song(duration_s=2.0)), "flac")


def records(label, isrc_or_uri):
    return label.cloud.rows(
        "SELECT source, origin_version FROM source_record "
        "WHERE tenant_id = :tenant AND origin = :origin ORDER BY seq",
        tenant=label.tenant,
        origin=isrc_or_uri,
    )


def deliver(label, name, generation, size):
    """Tell extract of an object as Pub/Sub does."""
    resource = {
        "bucket": bucket_name("uploads"),
        "name": f"{label.tenant}/{name}",
        "generation": str(generation),
        "size": str(size),
        "contentType": "audio/flac",
    }
    body = {
        "message": {
            "data": base64.b64encode(json.dumps(resource).encode()).decode(),
            "attributes": {"eventType": "OBJECT_FINALIZE"},
            "messageId": "1",
            "publishTime": "2026-11-21T12:00:00Z",
        },
        "subscription": f"projects/{PROJECT}/subscriptions/object-uploaded.extract",
    }
    topic = f"projects/{PROJECT}/topics/object-uploaded"
    answer = httpx.post(f"{label.cloud.url('extract')}/{topic}", json=body, timeout=30)
    assert answer.status_code < 300


def test_the_same_object_told_of_twice_adds_nothing(label, sound):
    content = tagged(sound, _TAGS)
    generation = label.send("01.flac", content)
    label.sent("01.flac.txt", b"")
    upload = label.done(label_upload(label, "01.flac"), generation)
    before = label.updates(), records(label, label.uri("01.flac"))

    deliver(label, "01.flac", generation, len(content))

    assert (label.updates(), records(label, label.uri("01.flac"))) == before
    assert label.done(upload["id"])["version"] == upload["version"]


def label_upload(label, name):
    from shared.domain.uploads import upload_id

    return upload_id(label.uri(name))


def test_the_same_bytes_again_are_unchanged(label, sound):
    content = tagged(sound, _TAGS)
    label.sent("01.flac", content)
    version = label.track(_TAGS.isrc)["version"]

    upload = label.sent("01.flac", content)

    assert upload["stage"] == "unchanged"
    assert label.track(_TAGS.isrc)["version"] == version


def test_changed_bytes_are_a_new_version_that_is_heard_once(label, sound):
    first = int(label.sent("01.flac", tagged(sound, _TAGS))["generation"])

    title = replace(_TAGS, title="Night Ferry (Remastered)")
    second = int(label.sent("01.flac", tagged(sound, title))["generation"])

    assert label.track(_TAGS.isrc)["title"] == "Night Ferry (Remastered)"
    heard = [
        row.origin_version
        for row in records(label, label.uri("01.flac"))
        if row.source.startswith("audio-analysis@")
    ]
    assert heard == [first, second]


def test_what_a_person_said_outlives_a_new_upload_and_an_analysis(label, sound):
    label.sent("01.flac", tagged(sound, _TAGS))
    track = label.track(_TAGS.isrc)
    label.edit(track, title="What Ann Said", bpm=99.5)

    label.sent("01.flac", tagged(sound, replace(_TAGS, title="Other", bpm="140")))

    after = label.track(_TAGS.isrc)
    assert (after["title"], after["bpm"]) == ("What Ann Said", 99.5)
    why = label.get(f"/api/tracks/{track['id']}/provenance")["fields"]["title"]
    assert why["source"].startswith("person:")
    assert why["locked"]
    assert why["differing"] >= 1


def test_an_edit_is_taken_back_and_the_history_keeps_it(label, sound):
    label.sent("01.flac", tagged(sound, _TAGS))
    track = label.track(_TAGS.isrc)
    edited = label.edit(track, title="A Slip")

    answer = label.api.post(
        f"/api/tracks/{track['id']}/revert",
        json={"fields": ["title"]},
        headers={"If-Match": f'"{edited_etag(label, track)}"'},
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["title"] == _TAGS.title
    assert answer.json()["version"] == edited["version"] + 1
    actors = {
        item["actor"]
        for item in label.get(f"/api/tracks/{track['id']}/history")["items"]
    }
    assert "tags" in actors
    assert any(actor.startswith("person:") for actor in actors)


def edited_etag(label, track):
    return label.api.get(f"/api/tracks/{track['id']}").headers["etag"].strip('"')


def test_an_edit_is_checked_again(label, sound):
    label.sent("01.flac", tagged(sound, replace(_TAGS, genre="")))
    track = label.track(_TAGS.isrc)
    path = f"/api/tracks/{track['id']}/findings"
    missing = "LN-RECORDING-GENRE-MISSING"
    assert missing in {f["code"] for f in label.get(path)["items"]}

    label.edit(track, genres=["Folk"])

    until(lambda: missing not in {f["code"] for f in label.get(path)["items"]})
