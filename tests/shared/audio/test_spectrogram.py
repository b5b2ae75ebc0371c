import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.audio.onsets import SAMPLE_RATE_HZ
from shared.audio.spectrogram import BANDS, COLUMNS, RANGE_DB, levels_of, spectrogram
from shared.audio.timbre import timbre_and_mel
from shared.domain.errors import InvalidInputError


def test_a_picture_is_as_large_as_it_says_however_long_the_sound():
    power = np.random.default_rng(1).random((7000, 128)).astype(np.float32)

    picture = spectrogram(power)

    assert len(picture) == 8 + BANDS * COLUMNS
    assert levels_of(picture).shape == (COLUMNS, BANDS)


def test_a_tone_is_a_line_at_its_band(tone):
    low = timbre_and_mel(tone(200, seconds=2, rate_hz=SAMPLE_RATE_HZ))[1]
    high = timbre_and_mel(tone(5000, seconds=2, rate_hz=SAMPLE_RATE_HZ))[1]

    bands = [
        int(np.median(levels_of(spectrogram(power)).argmax(axis=1)))
        for power in (low, high)
    ]

    # Slaney's mel: 200 Hz is 3 of 49.9, and 5000 Hz is 38.4.
    assert bands == pytest.approx([3 / 49.9 * BANDS, 38.4 / 49.9 * BANDS], abs=1.5)


def test_levels_come_back_within_half_a_step():
    level_db = np.random.default_rng(2).uniform(-70, 0, (40, 96))
    power = (10 ** (level_db / 10)).astype(np.float32)

    found = levels_of(spectrogram(power))

    assert found == pytest.approx(level_db, abs=RANGE_DB / 255 / 2 + 0.01)


def test_what_is_80_db_below_the_loudest_is_the_floor():
    power = np.full((10, 96), 1e-9, np.float32)
    power[0, 0] = 10.0

    assert levels_of(spectrogram(power)).min() == pytest.approx(10 - RANGE_DB)


def test_no_frames_are_a_picture_without_columns():
    assert levels_of(spectrogram(np.empty((0, 128), np.float32))).shape == (0, BANDS)


@given(st.binary(max_size=300))
def test_other_bytes_are_no_picture(content):
    with pytest.raises(InvalidInputError):
        levels_of(b"\x02" + content)


def test_a_cut_picture_is_none():
    picture = spectrogram(np.ones((50, 128), np.float32))

    with pytest.raises(InvalidInputError):
        levels_of(picture[:-1])
