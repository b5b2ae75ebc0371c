"""From an upload to whoever looks: the API, a Firestore listener, a subscriber."""

from __future__ import annotations

import httpx
import pytest

from infra.local.services import wants_official_emulators
from infra.local.trial import NotSettledError
from shared.domain.uploads import upload_id
from tests.journeys.label import until


@pytest.fixture
def flac(sample):
    return sample.tracks[0]


def test_a_listener_sees_an_upload_go_through_and_the_track_appear(label, flac):
    seen, tracks = [], []
    root = label.cloud.documents.collection("tenants").document(label.tenant)
    watches = [
        root.collection(name).on_snapshot(
            lambda all_, _changes, _at, into=into: into.extend(
                document.to_dict() for document in all_
            )
        )
        for name, into in (("uploads", seen), ("tracks", tracks))
    ]

    label.send("Tidewater/01.flac", flac.path.read_bytes())

    until(lambda: any("validated" in one.get("stages", {}) for one in seen))
    until(lambda: any(one.get("title") == flac.title for one in tracks))
    for watch in watches:
        watch.unsubscribe()
    assert tracks[-1]["isrc"] == flac.isrc
    assert tracks[-1]["sources"]["title"]["source"] == "tags"


def test_the_api_tells_what_a_file_said_what_was_heard_and_why(label, flac):
    upload = label.sent("Tidewater/01.flac", flac.path.read_bytes())

    track = label.track(flac.isrc)
    why = label.get(f"/api/tracks/{track['id']}/provenance")["fields"]
    assert f"recording/{track['id']}" in upload["entities"]
    assert (track["title"], track["bpm"], track["key"]) == (
        flac.title,
        flac.bpm,
        flac.key,
    )
    assert why["title"]["source"] == "tags"
    assert why["duration_ms"]["source"] == "file"
    assert why["loudness_lufs"]["source"].startswith("audio-analysis@")
    heard = [one["source"] for one in why["bpm"]["alternatives"]]
    assert any(source.startswith("audio-analysis@") for source in heard)


def test_findings_say_what_partners_would_refuse(label, flac):
    label.sent("Tidewater/01.flac", flac.path.read_bytes())

    (release,) = label.get("/api/releases")["items"]
    codes = {
        finding["code"]
        for finding in label.get(f"/api/releases/{release['id']}/findings")["items"]
    }
    assert "LN-RELEASE-TRACKS-MISSING" not in codes
    assert codes <= {"LN-RELEASE-PLINE-MISSING", "LN-RELEASE-TRACK-NUMBER-GAP"}


def test_a_subscriber_is_told_every_change_once_per_number_and_in_order(label, flac):
    listener = label.cloud.listen(label.tenant)

    label.sent("Tidewater/01.flac", flac.path.read_bytes())

    numbers = [event["data"]["number"] for event in label.updates()]
    assert numbers == list(range(1, len(numbers) + 1))
    until(
        lambda: {e["data"].get("number") for e in list(listener.events)} >= {*numbers}
    )
    versions: dict[str, list[int]] = {}
    for event in listener.events:
        versions.setdefault(event["subject"], []).append(event["data"]["version"])
    assert all(found == sorted(found) for found in versions.values())


def sent_in_parts(target, content, part_bytes=262_144):
    """Send *content* as a resumable session takes it."""
    begun = httpx.post(target["url"], headers=target["headers"])
    total = len(content)
    for start in range(0, total, part_bytes):
        end = min(start + part_bytes, total)
        told = f"bytes {start}-{end - 1}/{total}"
        answer = httpx.put(
            begun.headers["location"],
            content=content[start:end],
            headers={"Content-Range": told},
        )
    return answer


@pytest.mark.parametrize("resumable", [False, True])
def test_a_file_may_be_sent_to_a_signed_address(label, flac, resumable):
    wanted = {
        "filename": "01 Night Ferry.flac",
        "content_type": "audio/flac",
        "resumable": resumable,
    }
    created = label.api.post("/api/uploads", json=wanted).json()
    target, content = created["target"], flac.path.read_bytes()

    if resumable:
        answer = sent_in_parts(target, content)
    else:
        answer = httpx.put(target["url"], content=content, headers=target["headers"])

    assert answer.status_code in (200, 201)
    upload = label.done(created["upload"]["id"], generation=1)
    assert upload["stage"] in ("published", "validated", "enriched")
    assert "expected" in upload["stages"]
    assert label.track(flac.isrc)["title"] == flac.title


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("broken.flac", None, "unreadable-file"),
        ("empty.wav", b"", "unreadable-file"),
        ("archive.zip", b"PK\x03\x04" + bytes(60), "unreadable-file"),
        ("noise.mp3", bytes(range(256)) * 4, "unreadable-file"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(
    label, sample, name, content, told
):
    listener = label.cloud.listen(label.tenant)
    body = sample.broken.read_bytes() if content is None else content

    upload = label.sent(name, body)

    assert upload["stage"] == "rejected"
    assert upload["reason"]["code"] == told
    assert upload["entities"] == []
    (event,) = until(lambda: listener.of_type("upload.rejected.v1"))
    assert event["data"]["upload_id"] == upload["id"]
    assert event["data"]["code"] == told
    path = f"tenants/{label.tenant}/uploads/{upload['id']}"
    shown = until(lambda: label.cloud.documents.document(path).get().to_dict())
    assert shown["reason"]["code"] == told
    assert label.updates() == []


def test_nothing_enters_from_a_folder_that_is_no_tenants(cloud, label, flac):
    cloud.upload("nobody/01.flac", flac.path.read_bytes())
    label.sent("empty.flac", b"")

    settle(cloud)

    assert cloud.rows("SELECT 1 FROM source_record WHERE tenant_id = 'nobody'") == []
    assert cloud.rows("SELECT 1 FROM upload WHERE tenant_id = 'nobody'") == []


def test_an_upload_is_found_by_its_address(label):
    label.sent("empty.wav", b"")

    answer = label.api.get(f"/api/uploads/{upload_id(label.uri('empty.wav'))}")

    assert answer.json()["uri"] == label.uri("empty.wav")


def settle(cloud):
    try:
        cloud.settle(20)
    except NotSettledError:
        if not wants_official_emulators():
            raise
