"""What one label has, another neither sees nor changes."""

from __future__ import annotations

import pytest


@pytest.fixture
def track(label, sample):
    label.sent("01.flac", sample.tracks[0].path.read_bytes())
    return label.track(sample.tracks[0].isrc)


def test_another_label_sees_nothing_of_it(track, rival):
    assert rival.get("/api/tracks")["items"] == []
    assert rival.updates() == []
    assert rival.api.get(f"/api/tracks/{track['id']}").status_code == 404


def test_another_label_cannot_change_it(track, rival, label):
    answer = rival.api.patch(
        f"/api/tracks/{track['id']}", json={"title": "Mine"}, headers={"If-Match": "*"}
    )

    assert answer.status_code in (404, 412)
    assert label.get(f"/api/tracks/{track['id']}")["title"] == track["title"]


def test_the_same_file_in_two_folders_is_two_recordings(track, rival, sample):
    rival.sent("01.flac", sample.tracks[0].path.read_bytes())

    assert rival.track(sample.tracks[0].isrc)["id"] != track["id"]


def test_without_a_key_nothing_is_told(label):
    answer = label.api.get("/api/tracks", headers={"Authorization": "Bearer nonsense"})

    assert answer.status_code == 401
