import math

import numpy as np
import pytest

RATE_HZ = 44_100


@pytest.fixture
def sound_file(tmp_path):
    """Write samples, shape (channels, n), full scale at 1, as 16-bit WAV or so."""
    import av

    def write(samples, name="sound.wav", codec="pcm_s16le", rate_hz=RATE_HZ):
        path = tmp_path / name
        samples = np.atleast_2d(np.asarray(samples, np.float32))
        layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(samples)]
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=rate_hz, layout=layout)
            resampler = av.AudioResampler(
                format=stream.codec_context.format, layout=layout, rate=rate_hz
            )
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples), format="fltp", layout=layout
            )
            frame.sample_rate = rate_hz
            fifo = av.AudioFifo()
            for ready in (*resampler.resample(frame), *resampler.resample(None)):
                fifo.write(ready)
            size = stream.codec_context.frame_size or 4096
            while (part := fifo.read(size, partial=True)) is not None:
                container.mux(stream.encode(part))
            container.mux(stream.encode(None))
        return path

    return write


@pytest.fixture
def tone():
    """Return a sine of a frequency, level and length."""

    def make(hz, level_dbfs=-20.0, seconds=5.0, rate_hz=RATE_HZ):
        time_s = np.arange(round(seconds * rate_hz)) / rate_hz
        level = 10 ** (level_dbfs / 20)
        return (level * np.sin(2 * math.pi * hz * time_s)).astype(np.float32)

    return make


@pytest.fixture
def clicks():
    """Return short bursts of noise at a tempo, every fourth one lower and louder."""

    def make(bpm, seconds=20.0, rate_hz=RATE_HZ):
        generator = np.random.default_rng(7)
        samples = 1e-4 * generator.standard_normal(round(seconds * rate_hz))
        length = rate_hz // 25
        fade = np.exp(-np.arange(length) / (length / 6))
        low = np.sin(2 * np.pi * 70 * np.arange(length) / rate_hz)
        for beat in range(int(seconds * bpm / 60)):
            at = round(beat * 60 / bpm * rate_hz)
            part = samples[at : at + length]
            burst = generator.standard_normal(length) * 0.2 + low * (beat % 4 == 0)
            part += (0.5 * fade * burst)[: len(part)]
        return samples.astype(np.float32)

    return make


@pytest.fixture
def chords():
    """Return a I-IV-V-I of a key's tonic, as sines with partials."""

    def make(tonic_hz, *, minor=False, seconds=8.0, cents=0.0, rate_hz=RATE_HZ):
        third = 3 if minor else 4
        root = tonic_hz * 2 ** (cents / 1200)
        dominant = [7, 11, 14]
        progression = [
            [0, third, 7],
            [5, 5 + third, 12],
            dominant,
            [0, third, 7, 12],
        ]
        time_s = np.arange(round(seconds / 4 * rate_hz)) / rate_hz
        parts = []
        for degrees in progression:
            tones = [
                np.sin(2 * np.pi * root * 2 ** (degree / 12) * partial * time_s)
                / partial**1.5
                for degree in (*degrees, degrees[0] - 12)
                for partial in (1, 2, 3)
            ]
            parts.append(0.05 * np.sum(tones, axis=0))
        return np.concatenate(parts).astype(np.float32)

    return make
