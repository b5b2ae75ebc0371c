"""Audio, message and table of one album are one release, whichever comes first."""

from __future__ import annotations

import pytest

from tests.journeys.label import until

_FOLDER = "Tidewater"


@pytest.fixture
def uploaded(label, sample):
    files = [*(track.path for track in sample.tracks), sample.message, sample.table]
    for path in files:
        label.sent(f"{_FOLDER}/{path.name}", path.read_bytes())
    return label


def test_an_album_in_three_forms_is_one_release_with_its_tracks(uploaded, sample):
    (release,) = uploaded.get("/api/releases")["items"]

    tracks = uploaded.get("/api/tracks")["items"]
    assert release["gtin"] == "0" * (14 - len(sample.gtin)) + sample.gtin
    assert release["title"] == sample.title
    assert {track["isrc"] for track in tracks} == {t.isrc for t in sample.tracks}
    assert len(tracks) == len(sample.tracks)


def test_each_source_is_believed_about_what_it_knows(uploaded, sample):
    track = uploaded.track(sample.tracks[0].isrc)

    why = uploaded.get(f"/api/tracks/{track['id']}/provenance")["fields"]
    sources = {one["source"].partition(":")[0] for one in why["title"]["alternatives"]}
    assert sources == {"tags", "table", "ddex"}
    assert why["title"]["source"].startswith("ddex:")


def test_a_copy_under_another_name_is_the_same_recording(uploaded, sample):
    uploaded.sent(f"{_FOLDER}/copy.flac", sample.duplicate.read_bytes())

    assert len(uploaded.get("/api/tracks")["items"]) == len(sample.tracks)


def test_a_replay_rebuilds_the_catalog_to_the_last_byte(uploaded):
    from shared.adapters.postgres.engine import open_engine
    from shared.adapters.postgres.replay import replay

    until(lambda: uploaded.cloud.under_way() == {})
    engine = open_engine(uploaded.cloud.stack.admin_url)

    report = replay(engine, uploaded.tenant)

    engine.dispose()
    assert report.is_exact
    assert report.records > 10
