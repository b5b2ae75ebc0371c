import pytest

from shared.domain.claims import Kind
from shared.formats.itunes_library import read_itunes_library
from tests.shared.formats.ingest import needs_samples, samples

LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://x.invalid/p.dtd">
<plist version="1.0"><dict><key>Major Version</key><integer>1</integer>
<key>Tracks</key><dict>
<key>1</key><dict><key>Track ID</key><integer>1</integer>
<key>Name</key><string>Night</string><key>Artist</key><string>Ada feat. Ben</string>
<key>Album</key><string>Tidewater</string><key>Album Artist</key><string>Ada</string>
<key>Total Time</key><integer>225000</integer>
<key>Track Number</key><integer>4</integer>
<key>Year</key><integer>2026</integer><key>Explicit</key><true/>
<key>Location</key><string>file:///m/01%20Night.mp3</string></dict>
<key>2</key><dict><key>Track ID</key><integer>2</integer></dict>
</dict>
<key>Playlists</key><array>
<dict><key>Name</key><string>Library</string><key>Master</key><true/>
<key>Playlist ID</key><integer>7</integer></dict>
<dict><key>Name</key><string>Late</string><key>Playlist ID</key><integer>8</integer>
<key>Playlist Persistent ID</key><string>AB12</string><key>Playlist Items</key><array>
<dict><key>Track ID</key><integer>1</integer></dict></array></dict>
</array></dict></plist>"""


def values(entry, kind):
    return {claim.field: claim.value for claim in entry.track if claim.kind is kind}


@pytest.fixture
def entries(tmp_path):
    path = tmp_path / "Library.xml"
    path.write_text(LIBRARY)
    return list(read_itunes_library(path))


def test_a_track_is_a_recording_on_a_release(entries):
    recording = values(entries[0], Kind.RECORDING)

    assert recording["title"] == "Night"
    assert [a["role"] for a in recording["artists"]] == ["MainArtist", "FeaturedArtist"]
    assert (recording["duration_ms"], recording["explicit"]) == (225_000, True)
    assert values(entries[0], Kind.RELEASE)["title"] == "Tidewater"
    assert values(entries[0], Kind.TRACK_POSITION) == {"track_number": 4}
    assert entries[0].line == 5


def test_a_track_without_a_name_is_told_of(entries):
    assert entries[1].is_error
    assert entries[1].findings[0].code == "no-recording"


def test_playlists_name_their_tracks_and_the_librarys_own_are_passed_over(entries):
    master, late = entries[2:]

    assert master.things == ()
    (thing,) = late.things
    said = {claim.field: claim.value for claim in thing.claims}
    assert said["title"] == "Late"
    assert said["items"][0]["path"] == "/m/01 Night.mp3"
    assert thing.keys == ("playlist:itunes:AB12",)


@needs_samples
@pytest.mark.parametrize("path", samples("itunes-library-xml"), ids=lambda p: p.name)
def test_every_sample_track_is_read(path):
    tracks = [e for e in read_itunes_library(path) if e.track]

    assert len(tracks) == 3
    assert all(values(e, Kind.RECORDING)["title"] for e in tracks)
