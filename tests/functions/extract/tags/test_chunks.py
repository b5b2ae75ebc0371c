import struct

import pytest

from functions.extract.tags import read_audio
from infra.local.samples import SampleTags, Song, encoded, samples, tagged
from infra.local.samples.tagging import with_info
from shared.domain.claims import Kind
from shared.domain.errors import UnreadableFileError


@pytest.fixture(scope="module")
def wav():
    return encoded(samples(Song(duration_s=0.5)), "wav")


@pytest.fixture
def read(tmp_path):
    def reading(content):
        path = tmp_path / "copy"
        path.write_bytes(content)
        return read_audio(path, "upload.wav")

    return reading


def said(reading, kind=Kind.RECORDING):
    return {claim.field: claim.value for claim in reading.tags if claim.kind is kind}


def with_chunk(wav, name, body):
    chunk = struct.pack("<4sI", name, len(body)) + body + b"\x00" * (len(body) % 2)
    size = struct.pack("<I", len(wav) + len(chunk) - 8)
    return wav[:4] + size + wav[8:12] + chunk + wav[12:]


def test_riff_info_is_read(read, wav):
    content = with_info(
        wav,
        {
            "INAM": "Night Ferry",
            "IART": "Ada Quill",
            "IPRD": "Tidewater",
            "ICRD": "2026-09-18",
            "ITRK": "4",
            "ISRC": "QZLN92600001",
        },
    )

    reading = read(content)

    assert said(reading)["title"] == "Night Ferry"
    assert said(reading)["isrc"] == "QZLN92600001"
    assert said(reading, Kind.RELEASE)["release_date"] == "2026-09-18"
    assert said(reading, Kind.TRACK_POSITION) == {"track_number": 4}


def test_the_source_chunk_is_no_isrc_unless_it_holds_one(read, wav):
    reading = read(with_info(wav, {"INAM": "A", "ISRC": "Vinyl, first pressing"}))

    assert "isrc" not in said(reading)
    assert reading.findings == ()
    assert reading.raw["INFO/ISRC"] == "Vinyl, first pressing"


def test_the_id3_chunk_wins_over_info_and_the_difference_is_told(read, wav):
    content = with_info(tagged(wav, SampleTags()), {"INAM": "Night Fer"})

    reading = read(content)

    assert said(reading)["title"] == "Night Ferry"
    assert [finding.code for finding in reading.findings] == ["conflicting-title"]


def test_broadcast_extension_gives_date_and_description(read, wav):
    body = b"Take 3".ljust(256, b"\x00") + b"Quayside".ljust(32, b"\x00") + bytes(32)
    body += b"2026-08-01" + b"10:00:00" + bytes(264)

    reading = read(with_chunk(wav, b"bext", body))

    assert said(reading)["recorded_on"] == "2026-08-01"
    assert said(reading)["comment"] == "Take 3"
    assert reading.raw["bext"]["originator"] == "Quayside"


def test_rf64_is_read_beyond_four_gibibytes(read):
    data_bytes = 6 * 1024**3
    ds64 = struct.pack("<QQQI", data_bytes + 100, data_bytes, data_bytes // 4, 0)
    fmt = struct.pack("<HHIIHH", 1, 2, 44_100, 44_100 * 4, 4, 16)
    head = b"RF64" + struct.pack("<I", 0xFFFF_FFFF) + b"WAVE"
    head += struct.pack("<4sI", b"ds64", len(ds64)) + ds64
    head += struct.pack("<4sI", b"fmt ", len(fmt)) + fmt
    head += struct.pack("<4sI", b"data", 0xFFFF_FFFF) + bytes(64)

    technical = read(head).technical

    assert technical.codec == "pcm"
    assert technical.duration_ms == round(data_bytes / (44_100 * 4) * 1000)
    assert technical.bit_depth == 16


def test_rf64_without_a_format_is_refused(read):
    with pytest.raises(UnreadableFileError):
        read(b"RF64\xff\xff\xff\xffWAVE" + bytes(64))


def test_aiff_text_chunks_are_read(read):
    aiff = encoded(samples(Song(duration_s=0.2)), "aiff")
    chunks = b""
    for name, text in ((b"NAME", b"Night Ferry"), (b"AUTH", b"Ada Quill")):
        chunks += (
            struct.pack(">4sI", name, len(text)) + text + b"\x00" * (len(text) % 2)
        )
    size = struct.pack(">I", len(aiff) + len(chunks) - 8)

    reading = read(aiff[:4] + size + aiff[8:] + chunks)

    assert said(reading)["title"] == "Night Ferry"
    assert said(reading)["artists"] == [{"name": "Ada Quill", "role": "MainArtist"}]


@pytest.mark.parametrize("size", [0, 3, 0xFFFF_FFFF])
def test_a_chunk_that_lies_about_its_size_does_no_harm(read, wav, size):
    body = b"INFO" + struct.pack("<4sI", b"INAM", size) + b"abc"
    chunk = struct.pack("<4sI", b"LIST", len(body)) + body + b"\x00"

    reading = read(wav + chunk)

    assert reading.technical.codec == "pcm"
