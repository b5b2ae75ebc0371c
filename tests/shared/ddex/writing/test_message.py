"""What is written is valid, free of faults, the same each time, and says it all."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.ddex.catalog import statements_of
from shared.ddex.checking import check
from shared.ddex.model import read
from shared.ddex.writing import VERSIONS, message, profile_of, purge
from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError
from shared.domain.findings import Level

_SPEC = importlib.util.spec_from_file_location(
    "writing_kinds", Path(__file__).with_name("kinds.py")
)
kinds = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(kinds)

_NOW = datetime(2026, 11, 21, tzinfo=UTC)
_SERIOUS = {Level.FATAL, Level.ERROR}
# What a message adds to what was described: counts, and what is told by default.
_TOLD_ANEW = {
    *("display_artist", "medium_count", "parental_warning", "profile_variant"),
    *("recording_type", "release_profile", "track_count"),
}


def said(content, kind):
    threads = statements_of(read(content), "gs://up/t/m.xml").threads
    return [
        {claim.field: claim.value for claim in statement.claims}
        for thread in threads
        for statement in thread.statements
        if statement.kind is kind
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", kinds.KINDS)
def test_each_kind_is_valid_and_without_fault_in_each_version(kind, version):
    checked = check(message(kinds.KINDS[kind](), version), now=_NOW)

    assert checked.version == version
    assert checked.is_schema_valid is True
    assert [f for f in checked.findings if f.level in _SERIOUS] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_release_has_the_same_bytes(version):
    assert message(kinds.album(), version) == message(kinds.album(), version)


@pytest.mark.parametrize(
    ("kind", "profile"),
    [
        ("album", ("Audio", "")),
        ("ep", ("Audio", "")),
        ("single", ("SimpleAudioSingle", "")),
        ("ringtone", ("Ringtone", "")),
        ("video_single", ("SimpleVideoSingle", "")),
        ("video_album", ("Video", "")),
        ("box_set", ("Audio", "BoxedSet")),
        ("classical", ("Audio", "Classical")),
        ("dj_mix", ("DjMix", "")),
    ],
)
def test_the_profile_follows_from_what_the_release_is(kind, profile):
    assert profile_of(kinds.KINDS[kind]()) == profile


def test_sound_and_vision_are_mixed_media():
    found = kinds.release("Album", kinds.places([kinds.recording(1), kinds.video(2)]))

    assert profile_of(found) == ("MixedMedia", "")


def test_a_track_sold_apart_makes_of_a_single_an_album_with_track_releases():
    apart = {**kinds.DOWNLOAD, "recording": "isrc:QZLN92600001"}
    found = replace(kinds.single(), deals=(kinds.STREAM, apart))

    assert profile_of(found) == ("Audio", "")
    assert [d.get("recording") for d in said(message(found), Kind.DEAL)] == [
        None,
        "isrc:QZLN92600001",
    ]


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_what_is_described_is_read_again(kind):
    described = kinds.KINDS[kind]()

    (release,) = said(message(described), Kind.RELEASE)

    told = {name: value for name, value in release.items() if name not in _TOLD_ANEW}
    assert told == dict(described.values)


def test_recordings_are_read_again_with_roles_and_instruments():
    (first, *_) = kinds.album().places

    (found, *_) = said(message(kinds.album()), Kind.RECORDING)

    assert {n: v for n, v in found.items() if n not in _TOLD_ANEW} == dict(
        first.recording.values
    )


def test_a_track_beside_works_in_parts_stays_on_its_medium():
    whole = kinds.classical()
    found = replace(
        whole,
        places=kinds.places([kinds.recording(n) for n in range(1, 6)]),
    )
    content = message(found)

    (release,) = said(content, Kind.RELEASE)
    places = said(content, Kind.TRACK_POSITION)

    assert check(content, now=_NOW).exit_code == 0
    assert release["sections"] == whole.values["sections"]
    assert [(p["medium_number"], p["track_number"]) for p in places] == [
        (1, number) for number in range(1, 6)
    ]


def test_works_are_told_by_their_iswc():
    (work,) = {w["iswc"]: w for w in said(message(kinds.ep()), Kind.WORK)}.values()

    assert work["contributors"] == [{"name": "Ben Oar", "role": "Composer"}]


def test_deals_are_read_again():
    found = said(message(kinds.album()), Kind.DEAL)

    excluded = {n: v for n, v in kinds.DOWNLOAD.items() if n != "territories"}
    assert kinds.STREAM in found
    assert excluded in found
    assert {**excluded, "recording": "isrc:QZLN92600002"} in found


def test_a_pre_order_tells_from_when_all_is_shown():
    found = said(message(kinds.pre_order()), Kind.DEAL)

    (before,) = [deal for deal in found if deal.get("is_pre_order")]
    assert before["instant_gratification"] == ["isrc:QZLN92600001"]
    assert before["tracks_listed_from"] == "2026-08-01T00:00:00Z"


def test_files_are_told_with_their_sums():
    found = said(message(kinds.single()), Kind.RESOURCE)

    assert [(f["type"], f["uri"]) for f in found] == [
        ("SoundRecording", "gs://up/t/resources/01.flac"),
        ("Image", "gs://up/t/resources/cover.jpg"),
    ]
    assert found[0]["sha256"] == f"{1:064x}"
    assert found[1]["picture_type"] == "front cover"


@pytest.mark.parametrize(
    ("without", "code"),
    [("label", "ERN-A03"), ("genres", "ERN-A03"), ("artists", "ERN-A03")],
)
def test_what_is_not_known_is_left_out_and_found_missing(without, code):
    album = kinds.album()
    places = [
        replace(
            p,
            recording=replace(
                p.recording,
                values={n: v for n, v in p.recording.values.items() if n != without},
            ),
        )
        for p in album.places
    ]
    values = {name: v for name, v in album.values.items() if name != without}

    checked = check(message(replace(album, values=values, places=tuple(places))))

    assert code in {finding.code for finding in checked.findings}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_purge_names_the_release_alone(version):
    content = purge(kinds.album(), version)

    checked = check(content, now=_NOW)

    assert checked.message == "PurgeReleaseMessage"
    assert checked.is_schema_valid is True
    assert read(content).purged[0].value == "2000000000008"


def test_another_version_is_refused():
    with pytest.raises(InvalidInputError, match="version"):
        message(kinds.album(), "4.9")
