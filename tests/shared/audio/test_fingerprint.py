import base64

import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st

from shared.audio.fingerprint import (
    SAMPLE_RATE_HZ,
    bit_error,
    compressed,
    fingerprint,
    is_duplicate,
)
from shared.audio.preview import columns_of, waveform
from shared.domain.errors import InvalidInputError


@pytest.fixture
def melody():
    """Return a tune of random notes, another one for each seed, at 11025 Hz."""

    def make(seed, seconds=20.0):
        generator = np.random.default_rng(seed)
        time_s = np.arange(int(0.25 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
        notes = [
            sum(
                np.sin(2 * np.pi * 110 * 2 ** (degree / 12) * time_s)
                for degree in generator.integers(0, 36, 3)
            )
            for _ in range(int(seconds * 4))
        ]
        return (0.2 * np.concatenate(notes)).astype(np.float32)

    return make


def unpacked(text):
    """Return the values in a compressed fingerprint, by its description alone."""
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    count = int.from_bytes(content[1:4], "big")
    bits = int.from_bytes(content[4:], "little")
    steps, place = [], 0
    while steps.count(0) < count:
        steps.append(bits >> place & 7)
        place += 3
    place = -(-place // 8) * 8
    values, value, last = [], 0, 0
    for step in steps:
        if step == 0:
            values.append(value ^ (values[-1] if values else 0))
            value, last = 0, 0
            continue
        last += step
        if step == 7:
            last += bits >> place & 31
            place += 5
        value |= 1 << (last - 1)
    return values


@given(st.lists(st.integers(0, 2**32 - 1), max_size=30))
def test_what_is_compressed_comes_back(values):
    text = compressed(np.array(values, np.uint32))

    assert unpacked(text) == values


def test_one_bit_is_one_step_behind_the_header():
    # Bytes 01 00 00 01 (algorithm, count) and 01 (steps 1 and 0, three bits each).
    assert compressed(np.array([1], np.uint32)) == "AQAAAQE"


def test_a_recording_is_known_when_quieter_noisier_and_resampled(melody):
    original = melody(1)
    noise = 0.01 * np.random.default_rng(9).standard_normal(len(original))
    other = soxr.resample(0.5 * original + noise.astype(np.float32), 11_025, 8_000)
    other = soxr.resample(other, 8_000, 11_025)

    assert is_duplicate(fingerprint(original), fingerprint(other))


def test_a_recording_is_known_when_it_begins_later(melody):
    original = melody(1)

    later = fingerprint(original[3 * SAMPLE_RATE_HZ :])

    assert is_duplicate(fingerprint(original), later)


def test_another_recording_is_another(melody):
    one, other = fingerprint(melody(1)), fingerprint(melody(2))

    assert not is_duplicate(one, other)
    assert bit_error(one, one) == 0
    assert bit_error(one, other) == pytest.approx(bit_error(other, one))


def test_too_short_a_sound_has_no_fingerprint(melody):
    assert len(fingerprint(melody(1, seconds=2))) == 0


def test_only_two_minutes_count(melody):
    long = np.tile(melody(3), 8)

    assert len(fingerprint(long)) == len(fingerprint(long[: 120 * SAMPLE_RATE_HZ]))


def test_a_waveform_holds_lows_and_highs():
    samples = np.array([0.0, 1.0, -0.5, 0.25, -1.0, 0.5], np.float32)

    found = columns_of(waveform(samples, columns=3))

    assert found == pytest.approx(
        np.array([[0, 1], [-0.5, 0.25], [-1, 0.5]]), abs=1 / 127
    )


@given(st.integers(0, 5000))
def test_a_waveform_is_never_wider_than_its_sound(n_samples):
    content = waveform(np.zeros(n_samples, np.float32))

    assert len(columns_of(content)) == min(n_samples, 1000)


@pytest.mark.parametrize("content", [b"", b"\1\0", b"\2\0\0\0", b"\1\0\0\1"])
def test_what_is_no_waveform_is_refused(content):
    with pytest.raises(InvalidInputError):
        columns_of(content)
