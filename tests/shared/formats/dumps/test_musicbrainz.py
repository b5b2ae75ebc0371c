import json

import pytest

from shared.domain.claims import Kind
from shared.domain.fields import parsed
from shared.formats.dumps.musicbrainz import entry_of, read_musicbrainz
from shared.formats.json_lines import JsonItem
from tests.shared.formats.ingest import needs_samples, samples

CREDIT = [
    {"name": "Ada Q.", "joinphrase": " feat. ", "artist": {"id": "a1", "name": "Ada"}},
    {"name": "Ben", "joinphrase": "", "artist": {"id": "a2", "name": "Ben"}},
]


def read(**told):
    return entry_of(JsonItem(3, told))


def values(thing):
    return {claim.field: claim.value for claim in thing.claims}


def test_an_artist_credit_keeps_names_as_credited_and_the_words_between():
    entry = read(id="r1", title="Night", length=1000, **{"artist-credit": CREDIT})

    (recording,) = entry.things
    assert values(recording)["artists"] == [
        {
            "name": "Ada",
            "role": "MainArtist",
            "credited_as": "Ada Q.",
            "join": " feat. ",
            "musicbrainz_id": "a1",
        },
        {"name": "Ben", "role": "MainArtist", "musicbrainz_id": "a2"},
    ]
    assert (entry.line, recording.origin) == (3, "musicbrainz:recording/r1")


def test_a_release_tells_of_its_recordings_and_their_places():
    track = {"position": 2, "id": "t1", "recording": {"id": "r1", "title": "Night"}}
    entry = read(
        id="l1",
        title="Tidewater",
        barcode="2000000000008",
        status="Official",
        date="2026-09",
        media=[{"position": 2, "format": "CD", "track-count": 9, "tracks": [track]}],
    )

    release, recording, place = entry.things
    assert release.keys == ("gtin:02000000000008", "musicbrainz:l1")
    assert values(release)["formats"] == ["CD"]
    assert recording.keys == ("musicbrainz:r1",)
    assert values(place) == {
        "release": "gtin:02000000000008",
        "recording": "musicbrainz:r1",
        "medium_number": 2,
        "track_number": 2,
    }


def test_several_isrcs_name_no_one_of_them():
    entry = read(
        id="r1", title="A", isrcs=["QZLN92600001", "QZLN92600002"], disambiguation=""
    )

    assert "isrc" not in values(entry.things[0])
    assert entry.things[0].keys == ("musicbrainz:r1",)
    assert [f.code for f in entry.findings] == ["several-isrc"]


def test_artists_of_one_name_are_kept_apart():
    span = {"begin": None, "end": None}
    one = read(
        id="a1", name="Ada", disambiguation="", **{"life-span": span, "sort-name": "A"}
    )
    other = read(
        id="a2",
        name="Ada",
        disambiguation="DJ",
        **{"life-span": span, "sort-name": "A"},
    )

    assert one.things[0].keys == ("name:ada", "musicbrainz:a1")
    assert other.things[0].keys == ("musicbrainz:a2",)


def test_a_bad_line_is_told_of_and_the_others_go_on(tmp_path):
    path = tmp_path / "work"
    good = {"id": "w1", "title": "Night", "iswcs": [], "languages": ["deu"]}
    path.write_text(f"{json.dumps(good)}\n{{\n\n[1]\n{json.dumps(good)}\n")

    found = list(read_musicbrainz(path))

    assert [(e.line, e.is_error) for e in found] == [
        (1, False),
        (2, True),
        (4, True),
        (5, False),
    ]
    assert found[0].things[0].kind is Kind.WORK
    assert values(found[0].things[0])["languages"] == ["de"]


@needs_samples
@pytest.mark.parametrize("path", samples("musicbrainz-jsonl"), ids=lambda p: p.name)
def test_every_sample_is_what_its_name_says(path):
    what = path.name.split("__")[1]
    nameless = path.stem.endswith("None")

    for entry in read_musicbrainz(path):
        assert entry.is_error is nameless
        assert nameless or what in ("dump", entry.raw["musicbrainz"])
        for thing in entry.things:
            for claim in thing.claims:
                assert parsed(claim.kind, claim.field, claim.value) == claim.value
