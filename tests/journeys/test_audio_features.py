"""From a file's sound to the API: what is heard, what is asked, what people decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from infra.local.samples import SampleTags, Song, encoded, samples, tagged
from shared.adapters.postgres.administration import change_tenant_settings
from shared.adapters.postgres.replay import replay
from tests.journeys.label import until

_UNTAGGED = replace(SampleTags(), bpm="", key="", genre="", mood="")


@pytest.fixture(scope="module")
def sound():
    return samples(Song(duration_s=20.0, bpm=110.0, key="Eb minor"))


@pytest.fixture(scope="module")
def mp3(sound):
    """A file whose tags say neither tempo, key nor genre."""
    return tagged(encoded(sound, "mp3"), _UNTAGGED)


def features_of(label, track):
    return until(lambda: heard(label, track))


def heard(label, track):
    answer = label.api.get(f"/api/audio-features/{track['id']}")
    return answer.json() if answer.status_code == 200 else None


def findings_of(label, track):
    items = label.get(f"/api/tracks/{track['id']}/findings")["items"]
    return {finding["code"]: finding for finding in items}


def test_what_a_file_sounds_like_is_told_by_the_api(label, mp3):
    label.sent("Tidewater/01.mp3", mp3)

    track = label.track(_UNTAGGED.isrc)
    features = features_of(label, track)
    assert features["bpm"] == pytest.approx(110.0, rel=0.04) or any(
        other == pytest.approx(110.0, rel=0.04)
        for other in features["bpm_alternatives"]
    )
    assert features["duration_ms"] == pytest.approx(20_000, abs=100)
    assert (track["bpm"], track["key"]) == (features["bpm"], features["key"])
    assert len(features["mfcc_mean"]) == 13
    assert features["files"][0]["uri"] == label.uri("Tidewater/01.mp3")
    waveform = label.api.get(features["waveform_url"])
    assert waveform.content[0] == 1
    assert len(waveform.content) > 1000
    assert label.api.get(features["spectrogram_url"]).content[0] == 1
    etag = waveform.headers["etag"]
    again = label.api.get(features["waveform_url"], headers={"If-None-Match": etag})
    assert again.status_code == 304


def test_what_a_person_accepted_is_locked_and_survives_hearing_it_again(label, mp3):
    label.sent("Tidewater/01.mp3", mp3)
    track = label.track(_UNTAGGED.isrc)
    waiting = until(
        lambda: label.get("/api/reviews", entity_id=track["id"], kind="recording")[
            "items"
        ]
    )
    item = next(one for one in waiting if one["source"].startswith("audio-"))

    decided = label.api.post(f"/api/reviews/{item['id']}", json={"decision": "accept"})

    assert decided.status_code == 200, decided.text
    assert decided.json()[item["field"]] == item["value"]
    again = label.api.post(
        "/api/audio-features/analyze", json={"ids": [track["id"]], "force": True}
    )
    assert again.json()["accepted"] == [track["id"]]
    label.cloud.settle(60)
    why = label.get(f"/api/tracks/{track['id']}/provenance")["fields"][item["field"]]
    assert why["locked"] is True
    assert why["value"] == item["value"]
    left = label.get("/api/reviews", entity_id=track["id"])["items"]
    assert item["field"] not in {one["field"] for one in left}


def test_one_sound_under_two_isrcs_is_found_at_both(label, sound, mp3):
    other = replace(_UNTAGGED, isrc="QZLN92600099", title="Night Ferry (Master)")
    label.sent("Tidewater/01.mp3", mp3)
    label.sent("Masters/01.flac", tagged(encoded(sound, "flac"), other))

    one, two = label.track(_UNTAGGED.isrc), label.track(other.isrc)
    for own, twin in ((one, two), (two, one)):
        found = until(lambda own=own: findings_of(label, own).get("LN-AUDIO-DUPLICATE"))
        assert found["value"] == twin["id"]
        assert "different ISRCs" in found["message"]


def test_a_file_that_is_cut_off_is_heard_as_far_as_it_goes_and_says_so(label, sound):
    whole = tagged(encoded(sound, "flac"), _UNTAGGED)

    upload = label.sent("Tidewater/01.flac", whole[: len(whole) // 2])

    assert "enriched" in upload["stages"]
    track = label.track(_UNTAGGED.isrc)
    features = features_of(label, track)
    assert 5_000 < features["duration_ms"] < 15_000


def test_who_has_no_priority_is_heard_when_there_is_time(label, mp3):
    engine = sa.create_engine(label.cloud.stack.admin_url)
    change_tenant_settings(engine, label.tenant, {"audio_timing": "batch"})

    label.sent("Tidewater/01.mp3", mp3)

    track = label.track(_UNTAGGED.isrc)
    assert features_of(label, track)["bpm"] == track["bpm"]
    statement = "SELECT count(*) FROM queued_analysis"
    until(lambda: label.cloud.rows(statement)[0][0] == 0)
    engine.dispose()


def test_a_replay_finds_the_same_features_again(label, mp3):
    label.sent("Tidewater/01.mp3", mp3)
    label.cloud.settle(60)
    statement = (
        "SELECT CAST(f AS text) FROM audio_features f "
        f"WHERE tenant_id = '{label.tenant}' ORDER BY origin"
    )
    before = label.cloud.rows(statement)

    engine = sa.create_engine(label.cloud.stack.admin_url)
    report = replay(engine, label.tenant)
    engine.dispose()

    assert report.is_exact
    assert len(before) == 1
    assert label.cloud.rows(statement) == before
