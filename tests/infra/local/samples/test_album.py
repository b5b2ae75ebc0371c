import hashlib

import av
import numpy as np
import pytest

from functions.extract.kinds import FileKind, sniff
from functions.extract.tags import read_audio
from infra.local.samples import FORMATS, Song, album, encoded, samples
from shared.ddex.catalog import statements_of
from shared.ddex.model import read
from shared.domain.claims import Kind
from shared.domain.errors import UnreadableFileError
from shared.formats.tables.reading import read_table


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return album(tmp_path_factory.mktemp("album"), tracks=8, duration_s=1.0)


def said(reading, kind=Kind.RECORDING):
    return {claim.field: claim.value for claim in reading.tags if claim.kind is kind}


def test_the_same_album_has_the_same_bytes(made, tmp_path):
    again = album(tmp_path, tracks=8, duration_s=1.0)

    assert [path.read_bytes() for path in again.files] == [
        path.read_bytes() for path in made.files
    ]


def test_another_number_gives_another_album(made, tmp_path):
    other = album(tmp_path, tracks=2, duration_s=1.0, number=2)

    assert other.gtin != made.gtin
    assert not {t.isrc for t in other.tracks} & {t.isrc for t in made.tracks}


def test_tags_say_what_is_true_of_each_track(made):
    for track in made.tracks:
        recording = said(read_audio(track.path))

        assert recording["title"] == track.title
        assert recording["isrc"] == track.isrc
        assert (recording["bpm"], recording["key"]) == (track.bpm, track.key)


def test_message_and_table_speak_of_the_same_recordings(made):
    isrcs = {track.isrc for track in made.tracks}

    message = statements_of(read(made.message.read_bytes()), "gs://up/t/m.xml")
    rows = list(read_table(made.table))

    found = {s.value("isrc") for t in message.threads for s in t.statements} - {None}
    assert found == isrcs
    told = {c.value for row in rows for c in row.track if c.field == "isrc"}
    assert told == isrcs
    assert message.doubts == ()
    assert all(row.findings == () for row in rows)


def test_the_duplicate_is_one_and_the_broken_file_is_refused(made):
    digests = [hashlib.sha256(path.read_bytes()).digest() for path in made.files]

    assert len(digests) - len(set(digests)) == 1
    with pytest.raises(UnreadableFileError):
        read_audio(made.broken)


def test_files_are_of_the_kinds_they_seem(made):
    kinds = [
        sniff(path.read_bytes()[: 64 * 1024], "", path.stat().st_size)
        for path in made.files
    ]

    sound = [FileKind.AUDIO] * 8
    tail = [FileKind.DDEX_XML, FileKind.TABLE, FileKind.AUDIO, FileKind.AUDIO]
    assert kinds == [*sound, *tail]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_can_be_played(form, tmp_path):
    path = tmp_path / f"sample.{FORMATS[form].suffix}"
    path.write_bytes(encoded(samples(Song(duration_s=0.5)), form))

    with av.open(str(path)) as container:
        decoded = sum(frame.samples for frame in container.decode(audio=0))
        rate_hz = container.streams.audio[0].rate

    assert decoded / rate_hz == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("bpm", [90.0, 128.0])
def test_beats_fall_where_the_tempo_says(bpm):
    sound = samples(Song(bpm=bpm, duration_s=6.0)).astype(np.float64).mean(axis=1)
    rise = np.diff(np.abs(sound).reshape(-1, 441)[: len(sound) // 441].sum(axis=1))
    onsets = np.maximum(rise, 0)
    spectrum = np.abs(np.fft.rfft(onsets, 16_384))
    frequencies_bpm = np.fft.rfftfreq(16_384, 0.01) * 60

    near = np.abs(frequencies_bpm - bpm) < 2
    between = np.abs(frequencies_bpm - bpm * 0.75) < 2

    assert spectrum[near].max() > 2 * spectrum[between].max()
