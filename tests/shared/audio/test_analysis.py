import io

import numpy as np
import pytest

from shared.audio.analysis import analyse
from shared.domain.errors import UnreadableFileError


@pytest.fixture
def music(clicks, chords):
    return (clicks(110, 8) + chords(220)).astype(np.float32)


def test_a_recording_is_heard_whole(sound_file, music):
    found = analyse(sound_file(np.stack([music, 0.9 * music])))

    assert found.tempo.bpm == pytest.approx(110, rel=0.01)
    assert found.tonality.key == "A major"
    assert found.duration_ms == 8000
    assert found.finding == ""
    assert 0 <= found.energy <= 1
    assert -40 < found.loudness_lufs < 0
    assert list(found.beats_ms) == sorted(found.beats_ms)
    assert found.technical.findings == ()


def test_a_stream_is_heard_as_a_file_is(sound_file, music):
    path = sound_file(music)

    assert analyse(io.BytesIO(path.read_bytes())) == analyse(path)


def test_two_equal_channels_are_mono_in_disguise(sound_file, music):
    technical = analyse(sound_file(np.stack([music, music]))).technical

    assert "audio.mono-as-stereo" in technical.findings


def test_clipping_is_found(sound_file, music):
    loud = np.clip(20 * music, -1, 1)

    technical = analyse(sound_file(loud)).technical

    assert technical.clipped_samples > 100
    assert "audio.clipped" in technical.findings


def test_silence_around_is_measured(sound_file, tone):
    quiet = np.zeros(6 * 44_100, np.float32)
    samples = np.concatenate([quiet, tone(440, seconds=2), quiet[:44_100]])

    technical = analyse(sound_file(samples)).technical

    assert technical.silence_head_ms == pytest.approx(6000, abs=5)
    assert technical.silence_tail_ms == pytest.approx(1000, abs=5)
    assert "audio.silence-at-head" in technical.findings
    assert "audio.silence-at-tail" not in technical.findings


def test_silence_alone_is_told_and_guessed_at_nowhere(sound_file):
    found = analyse(sound_file(np.zeros((2, 44_100))))

    assert (found.tempo, found.tonality, found.loudness_lufs) == (None, None, None)
    assert found.technical.findings == ("audio.silent",)


def test_an_offset_is_found(sound_file, tone):
    technical = analyse(sound_file(tone(440) + 0.05)).technical

    assert technical.dc_offset == pytest.approx(0.05, abs=0.001)
    assert "audio.dc-offset" in technical.findings


@pytest.mark.parametrize(
    ("name", "codec", "depth"),
    [("a.wav", "pcm_s24le", 24), ("a.wav", "pcm_s16le", 16), ("a.flac", "flac", 16)],
)
def test_depth_is_that_of_the_file(sound_file, music, name, codec, depth):
    technical = analyse(sound_file(music, name, codec)).technical

    assert technical.bit_depth == depth
    assert technical.used_bit_depth == depth


def test_sixteen_bits_in_twenty_four_are_padding(sound_file, music):
    coarse = np.round(music * 2**15) / 2**15

    technical = analyse(sound_file(coarse, "a.wav", "pcm_s24le")).technical

    assert technical.used_bit_depth == 16
    assert "audio.padded-bits" in technical.findings


def lowpassed(samples, above_hz, rate_hz):
    spectrum = np.fft.rfft(samples)
    spectrum[int(above_hz * len(samples) / rate_hz) :] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


@pytest.mark.parametrize(
    ("rate_hz", "above_hz", "finding"),
    [
        (44_100, 16_000, "audio.lossy-source"),
        (96_000, 22_050, "audio.upsampled"),
    ],
)
def test_a_spectrum_that_ends_early_is_suspicious(
    sound_file, rate_hz, above_hz, finding
):
    noise = 0.1 * np.random.default_rng(1).standard_normal(4 * rate_hz)
    whole = sound_file(noise, "whole.flac", "flac", rate_hz)
    cut = sound_file(lowpassed(noise, above_hz, rate_hz), "cut.flac", "flac", rate_hz)

    assert finding not in analyse(whole).technical.findings
    found = analyse(cut).technical
    assert finding in found.findings
    assert found.spectrum_end_hz == pytest.approx(above_hz, abs=500)


def test_hardly_any_sound_is_unreadable(sound_file, tone):
    with pytest.raises(UnreadableFileError):
        analyse(sound_file(tone(440, seconds=0.05)))


def test_a_short_sound_is_no_failure(sound_file, tone):
    assert analyse(sound_file(tone(440, seconds=0.3))).duration_ms == 300
