import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.extract.kinds import FileKind, sniff, sniff_type
from infra.local.samples import FORMATS, SampleTags, Song, encoded, samples, tagged
from infra.local.samples.encoding import silent_ape
from infra.local.samples.message import MessageRelease, message
from infra.local.samples.pictures import cover


def kind_of(content, name="upload"):
    return sniff(content[: 64 * 1024], name, len(content))


@pytest.fixture(scope="module")
def sound():
    return samples(Song(duration_s=0.5))


@pytest.mark.parametrize(
    ("form", "mime_type"),
    [
        ("mp3", "audio/mpeg"),
        ("flac", "audio/flac"),
        ("wav", "audio/wav"),
        ("aiff", "audio/aiff"),
        ("m4a", "audio/mp4"),
        ("alac", "audio/mp4"),
        ("aac", "audio/aac"),
        ("ogg", "audio/ogg"),
        ("opus", "audio/ogg"),
        ("oga", "audio/ogg"),
        ("wv", "audio/wavpack"),
        ("wma", "audio/x-ms-wma"),
        ("tta", "audio/tta"),
        ("ac3", "audio/ac3"),
    ],
)
def test_audio_is_known_by_its_content_whatever_it_is_called(sound, form, mime_type):
    content = encoded(sound, form)

    found = sniff_type(content, "letter.txt", len(content))

    assert (found.kind, found.mime_type) == (FileKind.AUDIO, mime_type)


def test_every_format_that_is_encoded_is_sniffed_above():
    assert len(FORMATS) == 14


@pytest.mark.parametrize("form", ["mp3", "aac", "tta"])
def test_what_lies_behind_an_id3_tag_decides(sound, form):
    bare = encoded(sound, form)
    content = tagged(bare, SampleTags())

    found = sniff_type(content, "", len(content))

    assert content[:3] == b"ID3"
    assert found.mime_type == sniff_type(bare, "", len(bare)).mime_type


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", FileKind.EMPTY),
        (silent_ape(), FileKind.AUDIO),
        (cover(8), FileKind.IMAGE),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", FileKind.IMAGE),
        (b"RIFF\x10\x00\x00\x00AVI LIST", FileKind.VIDEO),
        (b"%PDF-1.7\n", FileKind.DOCUMENT),
        (b"PK\x03\x04" + bytes(30), FileKind.ARCHIVE),
        (b"MThd\x00\x00\x00\x06", FileKind.SCORE),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00", FileKind.AUDIO),
        (b"\x00\x00\x00\x18ftypisom\x00\x00vmhd", FileKind.VIDEO),
        (b"\x00\x00\x00\x18ftypisom\x00\x00smhd", FileKind.AUDIO),
        (b"<rss version='2.0'/>", FileKind.FEED),
        (b"<!DOCTYPE html><html></html>", FileKind.TEXT),
        (b'[{"isrc": "x"}]', FileKind.JSON),
        (b'{"isrc": "x"}', FileKind.JSON),
        (b'{"isrc": "x"}\n{"isrc": "y"}\n', FileKind.JSON_LINES),
        (b"[00:12.00] a line of lyrics", FileKind.TEXT),
        (b"title;artist\nA;B\nC;D\n", FileKind.TABLE),
        ("title\tartist\r\nÄ\tB\r\n".encode("utf-16"), FileKind.TABLE),
        ("titel;künstler\r\nÄ;B\r\n".encode("cp1252"), FileKind.TABLE),
        (b"Dear label,\nplease find enclosed nothing, really.\n", FileKind.TEXT),
        (bytes(range(256)), FileKind.UNKNOWN),
    ],
)
def test_other_files_are_told_by_their_first_bytes(content, kind):
    assert kind_of(content) is kind


def test_a_ddex_message_is_told_from_its_schema():
    release = MessageRelease("A", "B", "C", "2000000000008", "2026-01-01", "Pop", [])
    schema = (
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        b'xmlns:ern="http://ddex.net/xml/ern/43"/>'
    )

    assert kind_of(message(release)) is FileKind.DDEX_XML
    assert kind_of(schema) is FileKind.XML


def test_a_name_decides_only_where_the_content_leaves_it_open(sound):
    one_row = b"title;artist\n"

    assert kind_of(one_row, "catalog.csv") is FileKind.TABLE
    assert kind_of(b'{"a": 1}', "rows.jsonl") is FileKind.JSON_LINES
    assert kind_of(encoded(sound, "flac"), "catalog.csv") is FileKind.AUDIO


def test_a_text_cut_within_a_letter_is_still_a_text():
    head = ("title,artist\n" + "é,ü\n" * 20_000).encode()[: 64 * 1024 - 1]

    assert sniff(head, "", 120_000) is FileKind.TABLE


@given(st.binary(max_size=600), st.text(max_size=12))
def test_any_bytes_have_a_kind(content, name):
    found = sniff_type(content, name, len(content))

    assert found.mime_type.count("/") == 1
    assert found.kind.mime_type.count("/") == 1
