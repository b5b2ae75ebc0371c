import numpy as np
import pytest

from shared.audio.examples import cropped, examples, stretched
from shared.audio.pitch import Pitches
from shared.audio.tempo import GRID_BPM
from shared.audio.tonality import KEYS


def test_stretching_slows_by_the_factor():
    strength = np.zeros((400, 3), np.float32)
    strength[::40] = 1

    slower = stretched(strength, 1.25)

    assert slower.shape == (500, 3)
    peaks = np.flatnonzero(slower[:, 0] > 0.5)
    assert np.diff(peaks) == pytest.approx(50)


def test_a_crop_is_part_of_the_whole():
    chroma = np.arange(240.0).reshape(20, 12)
    heard = Pitches(chroma, chroma + 1, 3.0)

    part = cropped(heard, np.random.default_rng(1))

    first = int(part.chroma[0, 0] // 12)
    assert 8 <= len(part.chroma) <= 16
    assert np.array_equal(part.chroma, chroma[first : first + len(part.chroma)])
    assert np.array_equal(part.bass, part.chroma + 1)


def test_only_recordings_are_asked_about(sound_file, clicks, tmp_path):
    sound_file(clicks(120, seconds=6), "one.wav")
    (tmp_path / "index.csv").write_text("file,bpm,key\none.wav,120,C# minor\n")

    tempo, key = examples([tmp_path], made=1)

    assert tempo.asked.sum() == key.asked.sum() == 1
    assert tempo.names.count("one.wav") == len(tempo.names) - 1
    assert GRID_BPM[tempo.truth[0].argmax()] == pytest.approx(120, rel=0.005)
    assert KEYS[int(key.truth[0].argmax())] == "Db minor"
    assert np.allclose(tempo.truth.sum(axis=1), 1)
