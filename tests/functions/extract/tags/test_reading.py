import io
import struct
import zlib
from dataclasses import replace

import mutagen
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC
from mutagen.id3 import (
    COMM,
    ID3,
    TCMP,
    TCON,
    TDAT,
    TDOR,
    TDRC,
    TDRL,
    TIPL,
    TIT2,
    TMCL,
    TPE1,
    TSRC,
    TXXX,
    TYER,
    UFID,
)
from mutagen.mp4 import MP4

from functions.extract.tags import read_audio
from infra.local.samples import FORMATS, SampleTags, Song, encoded, samples, tagged
from infra.local.samples.encoding import silent_ape
from infra.local.samples.pictures import cover
from infra.local.samples.tagging import id3_of
from shared.domain.claims import Kind
from shared.domain.errors import UnreadableFileError
from shared.domain.fields import parsed

TAGGED = sorted(set(FORMATS) - {"ac3"})
ARTIST_ID = "7cf0ea9d-86b9-4dad-ba9e-2355a64899ea"
GUEST_ID = "8b882575-08a5-4452-a7a7-cbb8a1531f9e"


@pytest.fixture(scope="module")
def sound():
    return samples(Song(duration_s=0.5))


@pytest.fixture(scope="module")
def mp3(sound):
    return encoded(sound, "mp3")


@pytest.fixture(scope="module")
def flac(sound):
    return encoded(sound, "flac")


@pytest.fixture
def read(tmp_path):
    def reading(content, name="upload.bin"):
        path = tmp_path / "copy"
        path.write_bytes(content)
        return read_audio(path, name)

    return reading


@pytest.fixture
def read_id3(read, mp3):
    def reading(*frames, name="upload.bin"):
        tag = ID3()
        for frame in frames:
            tag.add(frame)
        head = io.BytesIO()
        tag.save(head)
        return read(head.getvalue() + mp3, name)

    return reading


@pytest.fixture
def read_vorbis(read, flac):
    def reading(**comments):
        file = io.BytesIO(flac)
        audio = FLAC(file)
        for name, values in comments.items():
            audio[name] = values if isinstance(values, list) else [values]
        file.seek(0)
        audio.save(file)
        return read(file.getvalue())

    return reading


def said(reading, kind=Kind.RECORDING):
    return {claim.field: claim.value for claim in reading.tags if claim.kind is kind}


def confidence(reading, field, kind=Kind.RECORDING):
    return next(
        claim.confidence
        for claim in reading.tags
        if claim.kind is kind and claim.field == field
    )


def codes(reading):
    return {finding.code for finding in reading.findings}


@pytest.mark.parametrize("form", TAGGED)
def test_every_container_says_the_same(read, sound, form):
    content = tagged(encoded(sound, form), SampleTags())

    reading = read(content)

    recording = said(reading)
    assert recording["title"] == "Night Ferry"
    assert [artist["name"] for artist in recording["artists"]] == [
        "Ada Quill",
        "The Harbour Lights",
    ]
    assert recording["artists"][1]["role"] == "FeaturedArtist"
    assert recording["isrc"] == "QZLN92600001"
    assert recording["iswc"] == "T0345246801"
    assert recording["bpm"] == 120
    assert (recording["key"], recording["camelot"]) == ("A minor", "8A")
    assert recording["moods"] == ["Calm"]
    assert recording["genres"] == ["Electronic"]
    assert recording["language"] == "en"
    assert recording["p_line"] == "2026 Quayside Recordings"
    assert recording["c_line"] == "2026 Quayside Recordings"
    assert recording["contributors"] == [{"name": "Ada Quill", "role": "Composer"}]
    assert recording["has_lyrics"] is True
    release = said(reading, Kind.RELEASE)
    assert release["title"] == "Tidewater"
    assert release["artists"] == [{"name": "Ada Quill", "role": "MainArtist"}]
    assert release["gtin"] == "02000000000008"
    assert release["catalog_number"] == "LN-001"
    assert release["label"] == "Quayside Recordings"
    assert release["release_date"] == "2026-09-18"
    assert (release["track_count"], release["medium_count"]) == (3, 1)
    position = said(reading, Kind.TRACK_POSITION)
    assert position == {"medium_number": 1, "track_number": 1}
    assert reading.findings == ()


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("name", ["upload.mp3", "upload.wav", "upload.ogg", "upload"])
def test_a_false_name_changes_nothing(read, sound, form, name):
    content = encoded(sound, form)

    technical = read(content, name).technical

    assert technical == read(content, f"true.{FORMATS[form].suffix}").technical


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_technical_facts_are_those_of_the_sound(read, sound, form):
    technical = read(encoded(sound, form)).technical

    assert technical.duration_ms == pytest.approx(500, abs=60)
    assert technical.channels in {2, None}
    assert technical.sample_rate_hz == FORMATS[form].rate_hz
    assert technical.bitrate_bps > 50_000
    lossless = form in {"flac", "wav", "aiff", "alac", "oga", "wv", "tta"}
    assert technical.lossless is lossless
    if lossless and form != "tta":
        assert technical.bit_depth == 16


def test_monkeys_audio_and_its_tag_are_read(read):
    file = io.BytesIO(silent_ape())
    audio = mutagen.File(file)
    audio.add_tags()
    audio["Title"] = "Night Ferry"
    audio["Artist"] = ["Ada Quill", "Ben Oar"]
    audio["Year"] = "2026"
    file.seek(0)
    audio.save(file)

    reading = read(file.getvalue())

    assert reading.technical.container == "ape"
    assert reading.technical.lossless is True
    assert said(reading)["release_date"] == "2026"
    assert len(said(reading)["artists"]) == 2


@pytest.mark.parametrize("version", [3, 4])
def test_id3_versions_say_the_same(read, mp3, version):
    content = tagged(mp3, SampleTags(), id3_version=version)

    reading = read(content)

    assert said(reading)["title"] == "Night Ferry"
    assert said(reading, Kind.RELEASE)["release_date"] == "2026-09-18"


def test_id3v22_frames_are_read(read, mp3):
    value = b"\x00Night Ferry"
    frame = b"TT2" + len(value).to_bytes(3) + value
    isrc = b"\x00QZLN92600001"
    frame += b"TRC" + len(isrc).to_bytes(3) + isrc
    tag = b"ID3\x02\x00\x00" + bytes([0, 0, 0, len(frame)]) + frame

    reading = read(tag + mp3)

    assert said(reading)["title"] == "Night Ferry"
    assert said(reading)["isrc"] == "QZLN92600001"


def test_year_and_day_of_id3v23_become_one_date(read, mp3):
    tag = ID3()
    tag.add(TIT2(encoding=3, text=["A"]))
    tag.add(TYER(encoding=3, text=["2003"]))
    tag.add(TDAT(encoding=3, text=["1402"]))
    head = io.BytesIO()
    tag.save(head, v2_version=3)

    reading = read(head.getvalue() + mp3)

    assert said(reading)["release_date"] == "2003-02-14"


def test_id3v1_is_trusted_less_and_least_where_it_may_be_cut_off(read, mp3):
    long_artist = b"The Quite Unreasonably Long Na"
    tag = b"TAG" + b"Night Ferry".ljust(30, b"\x00") + long_artist
    tag += bytes(30) + b"2003" + bytes(30) + b"\x11"

    reading = read(mp3 + tag)

    assert said(reading)["genres"] == ["Rock"]
    assert confidence(reading, "title") == 0.8
    assert confidence(reading, "artists") == 0.5


def test_the_recording_time_frame_is_a_release_date_unless_there_is_one(read_id3):
    alone = read_id3(TDRC(encoding=3, text=["2001"]))
    beside = read_id3(
        TDRC(encoding=3, text=["2001"]),
        TDRL(encoding=3, text=["2003-05"]),
        TDOR(encoding=3, text=["1999"]),
    )

    assert said(alone)["release_date"] == "2001"
    assert confidence(alone, "release_date") < 1
    assert said(beside)["recorded_on"] == "2001"
    assert said(beside)["release_date"] == "2003-05"
    assert said(beside)["original_release_date"] == "1999"


@pytest.mark.parametrize(
    ("text", "genres"),
    [
        (["(17)"], ["Rock"]),
        (["(51)(39)"], ["Techno-Industrial", "Noise"]),
        (["17"], ["Rock"]),
        (["Dub; House"], ["Dub", "House"]),
        (["Dub", "House", "dub"], ["Dub", "House"]),
        (["Hip-Hop/Rap"], ["Hip-Hop/Rap"]),
    ],
)
def test_genres_come_out_in_words(read_id3, text, genres):
    reading = read_id3(TCON(encoding=3, text=text))

    assert said(reading)["genres"] == genres


def test_involved_people_become_contributors_with_their_instruments(read_id3):
    reading = read_id3(
        TIPL(encoding=3, people=[["producer", "Ben Oar"], ["mix", "Cy Sand"]]),
        TMCL(encoding=3, people=[["cello", "Dee Reed"]]),
    )

    found = {(c["name"], c["role"]) for c in said(reading)["contributors"]}
    assert found == {
        ("Ben Oar", "Producer"),
        ("Cy Sand", "Mixer"),
        ("Dee Reed", "AssociatedPerformer (cello)"),
    }


def test_musicbrainz_ids_are_claimed(read_id3):
    reading = read_id3(
        TIT2(encoding=3, text=["A"]),
        UFID(owner="http://musicbrainz.org", data=GUEST_ID.encode()),
        TXXX(encoding=3, desc="MusicBrainz Album Id", text=[ARTIST_ID]),
        TXXX(encoding=3, desc="MusicBrainz Work Id", text=["nonsense"]),
    )

    assert said(reading)["musicbrainz_id"] == GUEST_ID
    assert said(reading, Kind.RELEASE)["musicbrainz_id"] == ARTIST_ID
    assert "invalid-musicbrainz-work-id" in codes(reading)


def test_private_comments_of_players_are_no_comment(read_id3):
    reading = read_id3(
        COMM(encoding=3, lang="eng", desc="iTunNORM", text=[" 000001"]),
        COMM(encoding=3, lang="eng", desc="", text=["From the ferry"]),
    )

    assert said(reading)["comment"] == "From the ferry"
    assert "COMM:iTunNORM:eng" in reading.raw


def test_names_listed_one_by_one_part_the_line_and_carry_their_ids(read_vorbis):
    reading = read_vorbis(
        title="A",
        artist="Quill, Sons & Co x The Lights",
        artists=["Quill, Sons & Co", "The Lights"],
        musicbrainz_artistid=[ARTIST_ID, GUEST_ID],
    )

    assert said(reading)["artists"] == [
        {
            "name": "Quill, Sons & Co",
            "role": "MainArtist",
            "join": " x ",
            "musicbrainz_id": ARTIST_ID,
        },
        {"name": "The Lights", "role": "MainArtist", "musicbrainz_id": GUEST_ID},
    ]
    assert confidence(reading, "artists") == 1


def test_a_line_split_by_its_words_is_surer_with_as_many_ids(read_vorbis):
    line = "Ada Quill feat. Ben Oar"

    guessed = read_vorbis(title="A", artist=line)
    confirmed = read_vorbis(
        title="A", artist=line, musicbrainz_artistid=[ARTIST_ID, GUEST_ID]
    )
    unaligned = read_vorbis(title="A", artist=line, musicbrainz_artistid=[ARTIST_ID])

    assert confidence(guessed, "artists") == 0.8
    assert confidence(confirmed, "artists") == 0.95
    assert "unaligned-musicbrainz-ids" in codes(unaligned)


def test_slashes_part_artists_only_where_ids_say_so(read_id3):
    line = TPE1(encoding=3, text=["Ada Quill/Ben Oar"])
    ids = TXXX(
        encoding=3, desc="MusicBrainz Artist Id", text=[f"{ARTIST_ID}/{GUEST_ID}"]
    )

    assert len(said(read_id3(line))["artists"]) == 1
    assert len(said(read_id3(line, ids))["artists"]) == 2


def test_a_bad_value_is_a_finding_and_costs_nothing_else(read_vorbis):
    reading = read_vorbis(
        title="A",
        album="B",
        isrc="not an isrc",
        barcode="2000000000009",
        date="2003-02-31",
        bpm="fast",
        tracknumber="A1",
    )

    assert said(reading) == {"title": "A"}
    assert said(reading, Kind.RELEASE) == {"title": "B"}
    assert codes(reading) == {
        "invalid-isrc",
        "invalid-gtin",
        "invalid-release-date",
        "invalid-bpm",
        "invalid-track-number",
    }


def test_of_several_isrcs_the_first_is_claimed_and_all_are_told(read_vorbis):
    reading = read_vorbis(title="A", isrc=["QZLN92600001", "QZ-LN9-26-00002", "?"])

    assert said(reading)["isrc"] == "QZLN92600001"
    assert reading.isrcs == ("QZLN92600001", "QZLN92600002")
    assert codes(reading) == {"conflicting-isrc", "invalid-isrc"}


def test_frames_that_contradict_each_other_are_told(read_vorbis):
    reading = read_vorbis(title=["One", "Two"])

    assert said(reading)["title"] == "One"
    assert codes(reading) == {"conflicting-title"}


def test_a_release_that_nothing_names_is_not_spoken_of(read_vorbis):
    reading = read_vorbis(title="A", label="Quayside", date="2003")

    assert said(reading, Kind.RELEASE) == {}
    assert said(reading)["label"] == "Quayside"


def test_a_compilation_flag_is_a_weak_release_type(read_id3):
    reading = read_id3(
        TXXX(encoding=3, desc="BARCODE", text=["2000000000008"]),
        TCMP(encoding=3, text=["1"]),
    )

    assert said(reading, Kind.RELEASE)["release_type"] == "Compilation"
    assert confidence(reading, "release_type", Kind.RELEASE) == 0.8


@pytest.mark.parametrize(
    ("rating", "explicit"), [(1, True), (4, True), (2, False), (0, None)]
)
def test_itunes_rating_tells_explicit_from_clean(read, sound, rating, explicit):
    file = io.BytesIO(tagged(encoded(sound, "m4a"), SampleTags()))
    audio = MP4(file)
    audio["rtng"] = [rating]
    file.seek(0)
    audio.save(file)

    assert said(read(file.getvalue())).get("explicit") is explicit


@pytest.mark.parametrize(
    ("name", "title", "artist", "track"),
    [
        ("01 - Ada Quill - Night Ferry.mp3", "Night Ferry", "Ada Quill", 1),
        ("Ada Quill - Night Ferry.mp3", "Night Ferry", "Ada Quill", None),
        ("07. Night_Ferry.mp3", "Night Ferry", None, 7),
    ],
)
def test_a_name_is_a_guess_where_there_is_no_title(
    read, mp3, name, title, artist, track
):
    reading = read(mp3, name)

    assert said(reading)["title"] == title
    assert confidence(reading, "title") == 0.3
    assert [a["name"] for a in said(reading).get("artists", [])] == [artist] * bool(
        artist
    )
    assert said(reading, Kind.TRACK_POSITION).get("track_number") == track


def test_a_name_made_by_a_machine_tells_nothing(read, mp3):
    assert said(read(mp3, "0f8fad5b-d9cb-469f-a165-70867728950e.mp3")) == {}


def test_artwork_is_measured_and_taken_once(read, flac, mp3):
    tags = SampleTags(cover=cover(32))

    of_flac = read(tagged(flac, tags)).pictures
    of_mp3 = read(tagged(mp3, tags)).pictures

    assert of_flac == of_mp3
    assert [(p.mime_type, p.width_px, p.height_px) for p in of_mp3] == [
        ("image/png", 32, 32)
    ]
    assert of_mp3[0].picture_type == "front cover"


@pytest.mark.parametrize("form", [form for form in TAGGED if form != "aac"])
def test_every_frame_that_mutagen_reads_is_kept(read, sound, form, tmp_path):
    content = tagged(encoded(sound, form), SampleTags(cover=cover(8)))
    named = tmp_path / f"sample.{FORMATS[form].suffix}"
    named.write_bytes(content)

    reading = read(content)

    keys = {str(key) for key in mutagen.File(named).tags.keys()}  # noqa: SIM118
    assert len(keys) >= 15
    assert keys <= set(reading.raw)


def test_an_apev2_tag_behind_an_mp3_is_read_too(read, mp3, tmp_path):
    path = tmp_path / "both.mp3"
    path.write_bytes(tagged(mp3, SampleTags(iswc="")))
    tag = APEv2()
    tag["ISWC"] = "T-034.524.680-1"
    tag.save(path)

    reading = read(path.read_bytes())

    assert said(reading)["iswc"] == "T0345246801"
    assert "APEv2/ISWC" in reading.raw


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_damaged_file_is_read_or_refused_with_a_reason(read, sound, form):
    whole = tagged(encoded(sound, form), SampleTags()) if form != "ac3" else b"\x0bw"

    for size in (0, 1, 40, 200, len(whole) // 2):
        try:
            read(whole[:size])
        except UnreadableFileError as exc:
            assert exc.facts["reason"]  # noqa: PT017 - either is right


@given(
    at=st.floats(0, 1, exclude_max=True),
    noise=st.binary(min_size=1, max_size=40),
    form=st.sampled_from(["mp3", "flac", "m4a", "ogg", "wav", "wma", "wv", "aiff"]),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_damage_does_worse_than_a_refusal(read, sound, at, noise, form):
    whole = bytearray(_small(form, sound))
    start = int(at * min(len(whole), 4_000))
    whole[start : start + len(noise)] = noise

    try:
        reading = read(bytes(whole))
    except UnreadableFileError:
        return

    for claim in reading.tags:
        assert parsed(claim.kind, claim.field, claim.value) == claim.value


_CACHE = {}


def _small(form, sound):
    if form not in _CACHE:
        _CACHE[form] = tagged(encoded(sound, form), SampleTags(cover=cover(4)))
    return _CACHE[form]


def test_a_frame_that_inflates_beyond_bounds_is_left_out(read, mp3):
    bomb = zlib.compress(bytes(200 * 1024 * 1024), 9)
    title = b"\x03Night Ferry"
    frames = struct.pack(">4sIH", b"TIT2", len(title), 0) + title
    frames += struct.pack(">4sIH", b"TXXX", len(bomb) + 4, 0x0080)
    frames += struct.pack(">I", 200 * 1024 * 1024) + bomb
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))

    reading = read(b"ID3\x03\x00\x00" + size + frames + mp3)

    assert said(reading)["title"] == "Night Ferry"
    assert not any(key.startswith("TXXX") for key in reading.raw)


def test_what_no_database_can_store_is_replaced(read_id3):
    reading = read_id3(TSRC(encoding=3, text=["QZLN92600001"]), name="a\x00b.mp3")

    assert "\x00" not in str(reading.raw)


def test_sample_tags_fit_in_an_id3_tag():
    assert str(id3_of(replace(SampleTags(), title="X"))["TIT2"]) == "X"
