import io

import numpy as np
import pytest

from shared.audio import listening
from shared.audio.listening import listen
from shared.audio.onsets import SAMPLE_RATE_HZ


def test_of_long_sound_only_the_beginning_is_kept(sound_file, tone, monkeypatch):
    monkeypatch.setattr(listening, "HEARD_S", 10)
    path = sound_file(np.concatenate([tone(440, -20, 20), tone(440, -10, 20)]))

    found = listen(path)

    assert len(found.mono) == 10 * SAMPLE_RATE_HZ
    assert found.technical.duration_ms == 40_000
    assert found.technical.sample_peak_dbfs == pytest.approx(-10, abs=0.05)


def test_what_is_kept_is_the_mean_of_the_channels(sound_file, tone):
    left, right = tone(440, seconds=2), tone(1000, seconds=2)

    both = listen(sound_file(np.stack([left, right]), "both.wav")).mono
    mean = listen(sound_file((left + right) / 2, "mean.wav")).mono

    assert np.abs(both - mean).max() < 1e-4


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 48_000, 96_000, 192_000])
def test_any_rate_comes_out_at_one(sound_file, tone, rate_hz):
    path = sound_file(tone(440, seconds=3, rate_hz=rate_hz), rate_hz=rate_hz)

    mono = listen(path).mono

    spectrum = np.abs(np.fft.rfft(mono[: 2 * SAMPLE_RATE_HZ]))
    assert len(mono) == pytest.approx(3 * SAMPLE_RATE_HZ, abs=2)
    assert spectrum.argmax() / 2 == pytest.approx(440, abs=1)


def test_surround_sound_is_folded(sound_file, tone):
    surround = np.zeros((6, 3 * 44_100), np.float32)
    surround[4] = tone(440, seconds=3)

    found = listen(sound_file(surround))

    assert found.technical.channels == 6
    assert np.abs(found.mono).max() == pytest.approx(0.1 / 6, rel=0.05)
    # BS.1770-4, table 3: a surround channel counts 1.41 times.
    assert found.loudness.integrated_lufs == pytest.approx(
        -0.691 + 10 * np.log10(1.41 * 0.1**2 / 2), abs=0.3
    )


def test_a_header_that_promises_less_than_there_is_does_not_bind(sound_file, tone):
    content = bytearray(sound_file(tone(440, seconds=20)).read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = (2 * 44_100).to_bytes(4, "little")

    found = listen(io.BytesIO(bytes(content)), longest_s=5)

    assert 1000 <= found.technical.duration_ms <= 6000


def test_pieces_leave_no_seam(sound_file, tone, monkeypatch):
    path = sound_file(tone(440, seconds=20))
    whole = listen(path)

    monkeypatch.setattr("shared.audio.decode.CHUNK_S", 1)
    pieces = listen(path)

    assert np.abs(whole.mono - pieces.mono).max() < 1e-5
    assert whole.loudness.integrated_lufs == pytest.approx(
        pieces.loudness.integrated_lufs, abs=0.02
    )
    assert whole.technical.true_peak_dbtp == pieces.technical.true_peak_dbtp
