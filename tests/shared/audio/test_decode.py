import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.audio.decode import opened
from shared.domain.errors import TransientError, UnreadableFileError


def decoded(source, longest_s=60.0):
    with opened(source) as decoding:
        chunks = [chunk.copy() for chunk in decoding.chunks(longest_s)]
    return decoding, np.concatenate(chunks, axis=1) if chunks else np.empty((0, 0))


@pytest.mark.parametrize(
    ("name", "codec", "tolerance"),
    [
        ("a.wav", "pcm_s16le", 2e-5),
        ("a.wav", "pcm_s24le", 1e-6),
        ("a.wav", "pcm_s32le", 1e-6),
        ("a.wav", "pcm_f32le", 1e-7),
        ("a.wav", "pcm_u8", 1e-2),
        ("a.aiff", "pcm_s16be", 2e-5),
        ("a.flac", "flac", 2e-5),
        ("a.m4a", "alac", 2e-5),
    ],
)
def test_what_is_stored_without_loss_comes_back(
    sound_file, tone, name, codec, tolerance
):
    stored = np.stack([tone(440, seconds=1), tone(660, seconds=1)])

    decoding, samples = decoded(sound_file(stored, name, codec))

    assert decoding.lossless
    assert (decoding.sample_rate_hz, decoding.channels) == (44_100, 2)
    assert samples.shape == stored.shape
    assert np.abs(samples - stored).max() < tolerance


@pytest.mark.parametrize(
    ("name", "codec", "rate_hz"),
    [
        ("a.mp3", "libmp3lame", 44_100),
        ("a.m4a", "aac", 44_100),
        ("a.opus", "libopus", 48_000),
    ],
)
def test_lossy_codecs_sound_alike(sound_file, tone, name, codec, rate_hz):
    stored = np.stack([tone(440, seconds=2, rate_hz=rate_hz)] * 2)

    decoding, samples = decoded(sound_file(stored, name, codec, rate_hz))

    level_db = 20 * np.log10(samples[:, rate_hz // 2 : rate_hz].std() / stored.std())
    assert not decoding.lossless
    assert decoding.bit_depth is None
    assert level_db == pytest.approx(0, abs=0.5)
    assert samples.shape[1] == pytest.approx(stored.shape[1], abs=0.1 * rate_hz)


def test_long_sound_comes_in_pieces(sound_file, tone):
    path = sound_file(tone(440, seconds=30))

    with opened(path) as decoding:
        lengths = [chunk.shape[1] for chunk in decoding.chunks()]

    assert sum(lengths) == 30 * 44_100
    assert max(lengths) < 15 * 44_100


def test_many_channels_come_in_shorter_pieces(sound_file, tone):
    path = sound_file(
        np.stack([tone(440, seconds=4, rate_hz=192_000)] * 6), rate_hz=192_000
    )

    with opened(path) as decoding:
        sizes = [chunk.size for chunk in decoding.chunks()]

    assert sum(sizes) == 6 * 4 * 192_000
    assert max(sizes) < 4_500_000


def test_no_more_than_asked_for_is_decoded(sound_file, tone):
    decoding, samples = decoded(sound_file(tone(440, seconds=30)), longest_s=5)

    assert decoding.truncated
    assert samples.shape[1] == 5 * 44_100


def test_a_cut_file_gives_what_is_left(sound_file, tone):
    path = sound_file(tone(440, seconds=4), "a.flac", "flac")
    content = path.read_bytes()

    decoding, samples = decoded(io.BytesIO(content[: len(content) // 2]))

    assert 1 < samples.shape[1] / 44_100 < 3
    assert decoding.finding


def test_damage_in_the_middle_is_told_and_passed_over(sound_file, tone):
    path = sound_file(tone(440, seconds=8), "a.mp3", "libmp3lame")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = b"\xff\xfb\x90\x00" * 750

    decoding, samples = decoded(io.BytesIO(bytes(content)))

    assert samples.shape[1] > 6 * 44_100
    assert decoding.finding


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all" * 100])
def test_what_is_no_sound_is_unreadable(content):
    with pytest.raises(UnreadableFileError):
        decoded(io.BytesIO(content))


def test_an_outage_while_reading_is_no_damage(sound_file, tone):
    content = sound_file(tone(440, seconds=20)).read_bytes()

    class Leaving(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 1_000_000:
                raise TransientError("the object store is away")
            return super().read(size)

    with pytest.raises(TransientError):
        decoded(Leaving(content))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_damage_breaks_the_decoder(sound_file, tone, data):
    name, codec = data.draw(
        st.sampled_from([("a.wav", "pcm_s16le"), ("a.flac", "flac")])
    )
    content = bytearray(sound_file(tone(440, seconds=0.5), name, codec).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, min(len(content) - 1, 300)))
        content[at] = data.draw(st.integers(0, 255))

    try:
        _, samples = decoded(io.BytesIO(bytes(content)), longest_s=5)
    except UnreadableFileError:
        return

    assert samples.size <= 5 * 768_000 * 64
