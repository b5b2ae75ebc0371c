import numpy as np
import pytest

from shared.audio.modulation import FRAMES_HZ, modulation

N_FRAMES = 860  # 40 s


def swelling(hz, depth_db=20.0):
    """Return mel power of noise whose level swells so many times in a second."""
    time_s = np.arange(N_FRAMES) / FRAMES_HZ
    level_db = depth_db / 2 * np.sin(2 * np.pi * hz * time_s)
    noise = np.random.default_rng(1).exponential(size=(N_FRAMES, 128))
    return (10 ** (level_db / 10)[:, None] * noise).astype(np.float32)


def test_four_swells_in_a_second_are_syllables():
    assert modulation(swelling(4)).syllabic > 0.85


@pytest.mark.parametrize("hz", [1.0, 9.5])
def test_slower_and_faster_ones_are_not(hz):
    assert modulation(swelling(hz)).syllabic < 0.25


def test_what_moves_in_the_middle_bands_is_voiced():
    middle = np.ones((N_FRAMES, 128), np.float32)
    middle[:, 30:80] = swelling(4)[:, 30:80]
    outside = np.ones((N_FRAMES, 128), np.float32)
    outside[:, 100:] = swelling(4)[:, 100:]

    assert modulation(middle).voiced > 0.9
    assert modulation(outside).voiced < 0.1


def test_pauses_are_low_frames_and_a_low_floor():
    paused = np.ones((N_FRAMES, 128), np.float32)
    paused[np.arange(N_FRAMES) % 20 < 6] *= 1e-4

    found = modulation(paused)

    assert found.low_frames == pytest.approx(0.3, abs=0.03)
    assert found.floor_db == pytest.approx(-38.5, abs=1)


def test_noise_is_flat_and_a_tone_is_not():
    tone = np.full((N_FRAMES, 128), 1e-6, np.float32)
    tone[:, 20] = 1

    assert modulation(np.ones((N_FRAMES, 128), np.float32)).floor_flatness == 1
    assert modulation(tone).floor_flatness < 0.01


def test_less_than_three_seconds_are_not_measured():
    assert modulation(swelling(4)[:60]) is None
