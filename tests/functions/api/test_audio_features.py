"""What was heard, as callers see it, and what they decide about it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from shared.domain.audio_features import features_of, to_raw
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.decisions import ReviewItem
from shared.events.pipeline import AnalysisRequested
from tests.functions.api.harness import START, stage
from tests.functions.api.test_service import announced

URI = "gs://uploads/x/1.flac"
DOCUMENT = {
    "analyser": "v3",
    "bpm": 136.2,
    "bpm_confidence": 0.7,
    "lossless": True,
    "key": "D minor",
    "beats_ms": [10, 450],
    "genre": None,
    "findings": [],
    "embedding": [0.6, 0.8],
}


def heard(
    world,
    tenant,
    key,
    *,
    source="audio-analysis@v3",
    uri=URI,
    version=1,
    document=None,
    **parts,
):
    """Keep what was heard in a file of the recording that has *key*."""
    parts = {"waveform": b"\x01\x00\x00\x00", "spectrogram": b"\x01\x00"} | parts
    record = SourceRecord(
        kind=Kind.RECORDING,
        keys=(key,),
        source=source,
        origin=uri,
        origin_version=version,
        claims=(),
        received_at=START,
        raw=to_raw("ab" * 32, DOCUMENT if document is None else document, **parts),
    )
    with world.catalog.transaction(tenant) as tx:
        tx.stage([record])
        tx.save_audio_features(features_of(record))
    return record


def guessed(world, tenant, key, source, value):
    """Keep what a model said of the same file."""
    stage(
        world,
        tenant,
        SourceRecord(
            kind=Kind.RECORDING,
            keys=(key,),
            source=source,
            origin=URI,
            origin_version=1,
            claims=(Claim("genres", [value.title()], 0.6),),
            received_at=START,
            raw={
                "field": "genre",
                "value": value,
                "confidence": 0.6,
                "alternatives": ["pop"],
                "model": source.partition("@")[2],
            },
        ),
    )


@pytest.fixture
def key(album):
    return f"id:{album.so_what}"


@pytest.fixture
def path(album):
    return f"/api/audio-features/{album.so_what}"


def test_what_was_heard_is_told_with_the_files_it_was_heard_in(
    viewer, world, tenant, album, key, path
):
    heard(world, tenant, key)

    told = viewer.get(path).json()

    assert told["id"] == str(album.so_what)
    assert (told["bpm"], told["key"], told["beats_ms"]) == (136.2, "D minor", [10, 450])
    assert told["files"] == [
        {
            "source": "audio-analysis@v3",
            "uri": URI,
            "generation": "1",
            "sha256": "ab" * 32,
            "received_at": "2026-01-01T00:00:00+00:00",
            "damage": None,
            "is_heard": True,
        }
    ]
    assert told["guesses"] == []
    assert told["waveform_url"] == f"{path}/waveform"


def test_a_version_that_is_known_is_not_sent_again(viewer, world, tenant, key, path):
    heard(world, tenant, key)
    etag = viewer.get(path).headers["etag"]

    same = viewer.get(path, headers={"if-none-match": etag})
    guessed(world, tenant, key, "audio-model@genre_v1", "jazz")
    other = viewer.get(path, headers={"if-none-match": etag})

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200
    assert other.headers["etag"] != etag


def test_of_several_files_the_newest_word_on_a_lossless_one_speaks(
    viewer, world, tenant, key, path
):
    heard(world, tenant, key, uri="gs://uploads/x/1.mp3", document={"bpm": 1.0})
    heard(world, tenant, key, source="audio-analysis@v2", document={"bpm": 2.0})
    heard(world, tenant, key, uri="gs://uploads/x/broken.flac", document={}, damage="x")
    heard(world, tenant, key)

    told = viewer.get(path).json()

    assert told["bpm"] == 136.2
    assert [file["uri"].rpartition("/")[2] for file in told["files"]] == [
        "1.flac",
        "1.mp3",
        "1.flac",
        "broken.flac",
    ]
    assert [file["is_heard"] for file in told["files"]] == [True, True, True, False]
    assert told["files"][3]["damage"] == "x"


def test_what_models_guess_is_told_with_the_one_that_is_believed(
    viewer, world, tenant, key, path
):
    heard(world, tenant, key)
    guessed(world, tenant, key, "audio-trial@genre_v2", "rock")
    guessed(world, tenant, key, "audio-model@genre_v1", "jazz")

    told = viewer.get(path).json()

    assert (told["genre"], told["genre_model"]) == ("jazz", "genre_v1")
    assert (told["genre_confidence"], told["genre_alternatives"]) == (0.6, ["pop"])
    assert {guess["source"]: guess["value"] for guess in told["guesses"]} == {
        "audio-model@genre_v1": "jazz",
        "audio-trial@genre_v2": "rock",
    }


@pytest.mark.parametrize(
    ("name", "content"), [("waveform", b"\x01\x00\x00\x00"), ("spectrogram", b"\x01\0")]
)
def test_a_player_gets_bytes(viewer, world, tenant, key, path, name, content):
    heard(world, tenant, key)

    answer = viewer.get(f"{path}/{name}")

    assert answer.content == content
    assert answer.headers["content-type"] == "application/octet-stream"
    etag = answer.headers["etag"]
    again = viewer.get(f"{path}/{name}", headers={"if-none-match": etag})
    assert again.status_code == 304


def test_what_was_not_heard_yet_is_not_found(viewer, album, path):
    for part in ("", "/waveform", "/spectrogram"):
        answer = viewer.get(path + part)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not-found"
    assert viewer.get(f"/api/audio-features/{uuid4()}").status_code == 404


def test_nobody_elses_features_are_seen(stranger, world, tenant, key, path):
    heard(world, tenant, key)

    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}/waveform").status_code == 404


def test_tracks_are_heard_again_by_force_when_that_is_asked(api, world, tenant, album):
    body = {"ids": [str(album.so_what), str(uuid4())], "force": True}

    answer = api.post("/api/audio-features/analyze", json=body)

    assert answer.status_code == 202
    assert answer.json()["accepted"] == [str(album.so_what)]
    assert answer.json()["skipped"][0]["reason"] == "no such track"
    (event,) = announced(world, AnalysisRequested)
    assert event.is_forced
    assert event.recording_id == album.so_what


def test_an_uploaded_file_is_named_by_its_address(api, world, tenant, album):
    uri = f"gs://uploads/{tenant}/1.flac"
    body = {"uris": [uri, "gs://uploads/another/1.flac", f"gs://uploads/{tenant}/9"]}

    answer = api.post("/api/audio-features/analyze", json=body).json()

    assert answer["accepted"] == [str(album.so_what)]
    assert [(skip["id"], skip["reason"]) for skip in answer["skipped"]] == [
        (body["uris"][1], "it is not an uploaded object of yours"),
        (body["uris"][2], "it is of no track"),
    ]
    (event,) = announced(world, AnalysisRequested)
    assert event.uri == uri


def test_what_may_wait_is_queued(api, world, tenant, album):
    body = {"ids": [str(album.so_what)], "priority": "batch"}

    answer = api.post("/api/audio-features/analyze", json=body).json()

    assert (answer["accepted"], answer["waiting"]) == ([str(album.so_what)], 1)
    assert announced(world, AnalysisRequested) == []
    assert tenant in world.catalog.tenants_with_queued_analyses()


@pytest.mark.parametrize(
    "body",
    [{}, {"ids": []}, {"ids": ["x"]}, {"uris": [""] * 101}, {"ids": [], "force": True}],
)
def test_a_request_that_names_nothing_is_refused(api, body):
    assert api.post("/api/audio-features/analyze", json=body).status_code == 422


def test_a_viewer_may_not_ask_for_work(viewer, album):
    body = {"ids": [str(album.so_what)]}

    assert viewer.post("/api/audio-features/analyze", json=body).status_code == 403


def doubt(world, tenant, entity, field, value, **said):
    item = ReviewItem(
        tenant_id=tenant,
        kind=Kind.RECORDING,
        entity_id=entity,
        field=field,
        value=value,
        reason="the analysis is not sure",
        created_at=START,
        **({"source": "audio-model@genre_v1", "confidence": 0.6} | said),
    )
    with world.catalog.transaction(tenant) as tx:
        tx.open_review(item)
    return item


def decided(api, item, **decision):
    return api.post(f"/api/reviews/{item.id}", json=decision)


def labels(world, tenant, field, **options):
    return [
        (label.recording_id, label.value, label.outcome)
        for label in world.queries.reviewed_labels(tenant, field, **options)
    ]


def test_one_item_is_told_by_its_id(viewer, world, tenant, album):
    item = doubt(world, tenant, album.so_what, "genres", ["Jazz"])

    assert viewer.get(f"/api/reviews/{item.id}").json()["value"] == ["Jazz"]
    assert viewer.get(f"/api/reviews/{uuid4()}").status_code == 404


def test_what_is_accepted_or_corrected_is_a_label_to_learn_from(
    api, world, tenant, album, key
):
    heard(world, tenant, key)
    heard(world, tenant, f"id:{album.blue}", uri="gs://uploads/x/2.flac")
    right = doubt(world, tenant, album.so_what, "genres", ["Jazz"])
    wrong = doubt(world, tenant, album.blue, "genres", ["Rock"])

    decided(api, right, decision="accept")
    decided(api, wrong, decision="correct", value=["Modal Jazz"])

    expected = sorted(
        [
            (album.so_what, ["Jazz"], "accepted"),
            (album.blue, ["Modal Jazz"], "corrected"),
        ]
    )
    assert labels(world, tenant, "genres") == expected
    assert labels(world, tenant, "genres", after=expected[0][0]) == expected[1:]
    assert labels(world, tenant, "bpm") == []
    (label, _) = world.queries.reviewed_labels(tenant, "genres")
    assert label.document["bpm"] == 136.2
    assert label.source == "audio-model@genre_v1"


def test_what_was_taken_back_is_no_label_any_more(api, world, tenant, album, key):
    heard(world, tenant, key)
    item = doubt(world, tenant, album.so_what, "genres", ["Rock"])
    decided(api, item, decision="accept")

    api.edit(f"/api/tracks/{album.so_what}", {"genres": None})

    assert labels(world, tenant, "genres") == []


def test_an_edit_of_what_was_asked_is_a_label_too(api, world, tenant, album, key):
    heard(world, tenant, key)
    doubt(world, tenant, album.so_what, "genres", ["Rock"])

    api.edit(f"/api/tracks/{album.so_what}", {"genres": ["Jazz"]})

    assert labels(world, tenant, "genres") == [(album.so_what, ["Jazz"], "corrected")]


def test_what_is_dismissed_changes_nothing_and_is_not_asked_again(
    api, world, tenant, album
):
    before = api.get(f"/api/tracks/{album.so_what}").json()
    item = doubt(world, tenant, album.so_what, "genres", ["Rock"])

    answer = decided(api, item, decision="dismiss")

    assert answer.status_code == 200
    assert answer.json()["version"] == before["version"]
    doubt(world, tenant, album.so_what, "genres", ["Rock"])
    assert api.get("/api/reviews").json()["items"] == []
    assert labels(world, tenant, "genres") == []


def test_who_says_the_key_says_its_place_on_the_wheel(api, world, tenant, album):
    item = doubt(world, tenant, album.so_what, "key", "D minor")

    told = decided(api, item, decision="correct", value="Eb minor").json()

    assert (told["key"], told["camelot"]) == ("Eb minor", "2A")
    patched = api.edit(f"/api/tracks/{album.so_what}", {"key": "C major"}).json()
    assert patched["camelot"] == "8B"


def twins(world, tenant, album, *keys):
    """Put before people that *album*'s first track sounds like another."""
    other = SourceRecord(
        Kind.RECORDING, keys, "tags", "x", 1, (Claim("label", "CBS"),), START
    )
    stage(world, tenant, other)
    with world.catalog.transaction(tenant) as tx:
        found = tx.find(Kind.RECORDING, keys[0])
    value = {"recording_id": str(found), "probability": 0.99}
    said = {"source": "audio-duplicates@v1"}
    return found, doubt(world, tenant, album.so_what, "duplicate", value, **said)


def test_an_accepted_duplicate_joins_the_two(api, world, tenant, album):
    other, item = twins(world, tenant, album, "object:other")

    answer = decided(api, item, decision="accept")

    assert answer.status_code == 200
    left = UUID(answer.json()["id"])
    gone = ({album.so_what, other} - {left}).pop()
    moved = api.get(f"/api/tracks/{gone}", follow_redirects=False)
    assert moved.json()["merged_into"] == str(left)
    assert answer.json()["isrc"] == "USSM15900113"
    assert api.get("/api/reviews").json()["items"] == []


def test_two_isrcs_are_not_joined_by_a_click(api, world, tenant, album):
    other, item = twins(world, tenant, album, "isrc:USSM15900999")

    answer = decided(api, item, decision="accept")

    assert answer.status_code == 409
    assert api.get(f"/api/tracks/{other}").status_code == 200
    assert len(api.get("/api/reviews?field=duplicate").json()["items"]) == 1


def test_a_duplicate_may_be_dismissed_and_not_corrected(api, world, tenant, album):
    _, item = twins(world, tenant, album, "object:other")

    assert decided(api, item, decision="correct", value="x").status_code == 422
    assert decided(api, item, decision="dismiss").status_code == 200


def test_features_of_a_joined_track_are_where_it_went(api, world, tenant, album, key):
    heard(world, tenant, key)
    other, item = twins(world, tenant, album, "object:other")
    left = decided(api, item, decision="accept").json()["id"]

    told = api.get(f"/api/audio-features/{left}").json()
    gone = ({str(album.so_what), str(other)} - {left}).pop()
    moved = api.get(f"/api/audio-features/{gone}", follow_redirects=False)

    assert told["bpm"] == 136.2
    assert moved.status_code == 308
    assert moved.headers["location"] == f"/api/audio-features/{left}"


def embedded(world, tenant, key, uri, embedding, version="e1"):
    document = {"embedding": embedding, "embedding_version": version}
    heard(world, tenant, key, uri=uri, document=document)


def test_what_sounds_alike_is_listed_nearest_first(
    viewer, stranger, world, tenant, album, key, path
):
    stage_other = f"id:{album.blue}"
    embedded(world, tenant, key, URI, [0.6, 0.8])
    embedded(world, tenant, stage_other, "gs://uploads/x/2", [0.8, 0.6])
    embedded(world, tenant, "object:near", "gs://uploads/x/3", [0.61, 0.79])
    embedded(world, tenant, "object:far", "gs://uploads/x/4", [-0.6, -0.8])
    embedded(world, tenant, "object:old", "gs://uploads/x/5", [0.6, 0.8], "e0")

    items = viewer.get(f"{path}/similar").json()["items"]

    assert [item["likeness"] for item in items] == [0.998, 0.96, -1.0]
    assert items[1]["id"] == str(album.blue)
    first = viewer.get(f"{path}/similar?limit=1").json()["items"]
    assert first == items[:1]
    assert stranger.get(f"{path}/similar").status_code == 404


def test_a_track_without_others_has_nothing_like_it(viewer, world, tenant, key, path):
    embedded(world, tenant, key, URI, [0.6, 0.8])

    assert viewer.get(f"{path}/similar").json() == {"items": []}


def test_what_each_model_said_is_held_against_what_people_say(
    api, world, tenant, album, key
):
    heard(world, tenant, key)
    guessed(world, tenant, key, "audio-trial@genre_v2", "rock")
    guessed(world, tenant, key, "audio-model@genre_v1", "jazz")
    before = world.queries.model_answers(tenant, "genre", "genres")
    api.edit(f"/api/tracks/{album.so_what}", {"genres": ["Rock"]})

    answers = world.queries.model_answers(tenant, "genre", "genres")

    assert [answer.truth for answer in before] == [None, None]
    assert [(a.model, a.value, a.confidence, a.truth) for a in answers] == [
        ("genre_v1", "jazz", 0.6, ["Rock"]),
        ("genre_v2", "rock", 0.6, ["Rock"]),
    ]
    assert world.queries.model_answers(tenant, "mood", "moods") == []


def test_a_label_says_whose_recording_it_is_of(api, world, tenant, album, key):
    heard(world, tenant, key)
    decided(
        api, doubt(world, tenant, album.so_what, "genres", ["Jazz"]), decision="accept"
    )

    (label,) = world.queries.reviewed_labels(tenant, "genres")

    assert label.artist == "Miles Davis"
