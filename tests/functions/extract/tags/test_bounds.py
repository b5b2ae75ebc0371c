import io
import struct
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3, TXXX

from functions.extract.tags import read_audio
from functions.extract.tags.bounds import BeyondBoundsError, BoundedFile
from functions.extract.tags.counts import frames_in
from infra.local.samples import Song, encoded, samples
from shared.domain.errors import UnreadableFileError


@pytest.fixture(scope="module")
def mp3():
    return encoded(samples(Song(duration_s=0.3)), "mp3")


@pytest.fixture
def read(tmp_path):
    def reading(content, size_bytes=0):
        path = tmp_path / "upload"
        path.write_bytes(content)
        if size_bytes:
            with path.open("r+b") as stream:
                stream.truncate(size_bytes)
        return read_audio(path, "upload.mp3")

    return reading


def synchsafe(size):
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def test_a_file_reads_as_it_lies_within_bounds(tmp_path):
    path = tmp_path / "small"
    path.write_bytes(b"0123456789")

    with BoundedFile(path, "small.mp3") as file:
        assert file.read(4) == b"0123"
        assert file.read() == b"456789"
        assert (file.seek(-2, 2), file.tell(), file.read(9)) == (8, 8, b"89")
        assert (file.name, file.size_bytes) == ("small.mp3", 10)


def test_one_read_of_more_than_any_tag_is_refused(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)

    with BoundedFile(path, "large") as file, pytest.raises(BeyondBoundsError):
        file.read()


def test_many_reads_that_add_up_are_refused(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.truncate(2**20)

    with BoundedFile(path, "large") as file:
        for _ in range(256):
            file.seek(0)
            file.read()
        file.seek(0)

        with pytest.raises(BeyondBoundsError):
            file.read()


def test_a_tag_that_claims_the_whole_of_a_huge_file_is_refused_at_once(read, mp3):
    head = b"ID3\x03\x00\x00" + synchsafe(200 * 1024 * 1024)

    with pytest.raises(UnreadableFileError) as caught:
        read(head + mp3, size_bytes=300 * 1024 * 1024)

    assert caught.value.facts["reason"] == "a tag larger than any tag"


def test_two_gibibytes_of_sound_take_little_memory(tmp_path):
    path = tmp_path / "large.wav"
    data_bytes = 2**31 - 256
    form = struct.pack("<IHHIIHH", 16, 1, 2, 44_100, 176_400, 4, 16)
    with path.open("wb") as stream:
        stream.write(b"RIFF" + struct.pack("<I", data_bytes + 36) + b"WAVEfmt " + form)
        stream.write(b"data" + struct.pack("<I", data_bytes))
        stream.truncate(44 + data_bytes)
    tracemalloc.start()

    technical = read_audio(path).technical

    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert technical.duration_ms == round(data_bytes / 176_400 * 1000)
    assert peak_bytes < 8 * 1024 * 1024


@pytest.mark.parametrize("version", [2, 3, 4])
def test_a_million_frames_are_refused_before_they_are_read(read, mp3, version):
    if version == 2:
        frame = b"TXX" + (3).to_bytes(3) + b"\x00\x00a"
    else:
        frame = struct.pack(">4sIH", b"TXXX", 3, 0) + b"\x00\x00a"
    body = frame * 300_000
    head = b"ID3" + bytes([version, 0, 0]) + synchsafe(len(body))

    with pytest.raises(UnreadableFileError) as caught:
        read(head + body + mp3)

    assert caught.value.facts["reason"] == "a tag with more frames than any tag"


def test_a_million_comments_are_refused_before_they_are_read(read):
    comments = struct.pack("<I", 0) + struct.pack("<I", 1_000_000)
    comments += (struct.pack("<I", 2) + b"a=") * 1_000_000
    stream_info = bytes.fromhex("1000100000000000000000ac442f0000056222") + bytes(15)
    flac = b"fLaC\x00" + len(stream_info).to_bytes(3) + stream_info
    flac += b"\x84" + len(comments).to_bytes(3) + comments

    with pytest.raises(UnreadableFileError) as caught:
        read(flac)

    assert caught.value.facts["reason"] == "a tag with more comments than any tag"


@given(
    texts=st.lists(st.text(min_size=1, max_size=300), max_size=20, unique=True),
    version=st.sampled_from([3, 4]),
)
def test_frames_are_counted_as_mutagen_writes_them(texts, version):
    tag = ID3()
    for number, text in enumerate(texts):
        tag.add(TXXX(encoding=1, desc=str(number), text=[text]))
    file = io.BytesIO()
    tag.save(file, v2_version=version, padding=lambda _: 0)

    assert frames_in(version, file.getvalue()[10:]) == len(texts)
