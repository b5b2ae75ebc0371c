"""From what a file says to source records: the things spoken of, and their keys."""

from datetime import UTC, datetime

import pytest

from functions.extract.staging import Origin, Track, track_records
from shared.domain.claims import Kind
from shared.formats.statements import FieldClaim

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MILES = {"name": "Miles Davis", "role": "MainArtist"}


def origin(uri="gs://u/acme/kob/1.flac", generation=1, folder="kob"):
    return Origin.of(uri, generation, NOON, folder)


def track(*claims, uri="gs://u/acme/kob/1.flac"):
    return Track(source="tags", claims=claims, sha256="ab", uri=uri)


def so_what(*more):
    return track(
        FieldClaim(Kind.RECORDING, "title", "So What"),
        FieldClaim(Kind.RECORDING, "isrc", "USSM15900113"),
        FieldClaim(Kind.RECORDING, "artists", [MILES]),
        *more,
    )


ALBUM = (
    FieldClaim(Kind.RELEASE, "title", "Kind of Blue"),
    FieldClaim(Kind.TRACK_POSITION, "track_number", 1),
)


def by_kind(records):
    return {record.kind: record for record in records}


def test_a_track_without_an_album_is_a_recording_and_its_parties():
    records = track_records(origin(), so_what())

    assert [record.kind for record in records] == [Kind.RECORDING, Kind.PARTY]
    assert records[0].keys[0] == "isrc:USSM15900113"


def test_the_place_refers_to_recording_and_release_by_their_strongest_keys():
    records = by_kind(track_records(origin(), so_what(*ALBUM)))

    said = {c.field: c.value for c in records[Kind.TRACK_POSITION].claims}
    assert said["recording"] == records[Kind.RECORDING].keys[0]
    assert said["release"] == records[Kind.RELEASE].keys[0]
    assert said["track_number"] == 1


def test_an_album_without_artists_is_less_surely_by_its_tracks_artists():
    release = by_kind(track_records(origin(), so_what(*ALBUM)))[Kind.RELEASE]

    artists = next(c for c in release.claims if c.field == "artists")
    assert artists.value == [MILES]
    assert artists.confidence < 1


def test_the_same_artist_in_two_files_is_one_record():
    first = by_kind(track_records(origin(), so_what()))[Kind.PARTY]
    other = origin(uri="gs://u/acme/kob/2.flac", generation=7)

    second = by_kind(track_records(other, so_what()))[Kind.PARTY]

    assert first.record_id == second.record_id
    assert first.is_timeless


@pytest.mark.parametrize("folder", ["kob", ""])
def test_files_of_one_album_share_a_release_key(folder):
    one = by_kind(track_records(origin(folder=folder), so_what(*ALBUM)))
    two = by_kind(
        track_records(
            origin(uri="gs://u/acme/kob/2.flac", folder=folder),
            track(
                FieldClaim(Kind.RECORDING, "title", "Freddie Freeloader"),
                FieldClaim(Kind.RECORDING, "artists", [MILES]),
                *ALBUM,
                uri="gs://u/acme/kob/2.flac",
            ),
        )
    )

    assert set(one[Kind.RELEASE].keys) & set(two[Kind.RELEASE].keys)


def test_all_records_of_a_file_are_one_batch_and_parts_are_batches_of_their_own():
    whole = {r.batch for r in track_records(origin(), so_what(*ALBUM))}
    part = {r.batch for r in track_records(origin().part(1), so_what(*ALBUM))}

    assert len(whole) == len(part) == 1
    assert whole != part
