import numpy as np
import pytest
import soxr

from shared.audio.beats import beat_times, stability
from shared.audio.onsets import FRAMES_HZ, SAMPLE_RATE_HZ, onset_strength, onset_times
from shared.audio.tempo import estimate_tempo


def strength_of(samples):
    return onset_strength(soxr.resample(samples, 44_100, SAMPLE_RATE_HZ))


@pytest.mark.parametrize("bpm", [72, 90, 108.5, 120, 133])
def test_clicks_have_the_tempo_they_come_at(clicks, bpm):
    found = estimate_tempo(strength_of(clicks(bpm)))

    assert found.bpm == pytest.approx(bpm, rel=0.005)
    assert 0 < found.confidence < 1


@pytest.mark.parametrize("bpm", [48, 150, 180])
def test_a_tempo_that_few_feel_is_found_or_offered(clicks, bpm):
    found = estimate_tempo(strength_of(clicks(bpm)))

    offered = np.array([found.bpm, *found.alternatives_bpm])
    assert np.abs(offered / bpm - 1).min() < 0.01


def test_half_and_double_are_among_the_alternatives(clicks):
    found = estimate_tempo(strength_of(clicks(100)))

    ratios = [round(other / found.bpm, 1) for other in found.alternatives_bpm]
    assert {0.5, 2.0} <= set(ratios)


def test_silence_has_no_tempo():
    assert estimate_tempo(onset_strength(np.zeros(SAMPLE_RATE_HZ, np.float32))) is None


def test_noise_is_no_sure_tempo():
    noise = np.random.default_rng(3).standard_normal(10 * SAMPLE_RATE_HZ)

    found = estimate_tempo(onset_strength(0.1 * noise.astype(np.float32)))

    assert found.confidence < 0.85


@pytest.mark.parametrize("n_samples", [1, 300, 2_000, 30_000])
def test_a_fragment_is_no_failure(n_samples):
    noise = np.random.default_rng(3).standard_normal(n_samples).astype(np.float32)

    strength = onset_strength(noise)

    assert strength.shape[1] == 3
    found = estimate_tempo(strength)
    assert found is None or 40 <= found.bpm <= 222


@pytest.mark.parametrize("bpm", [80, 120, 150])
def test_beats_fall_on_the_clicks(clicks, bpm):
    strength = strength_of(clicks(bpm))

    beats = beat_times(strength, bpm)

    expected = np.arange(0, 20, 60 / bpm)
    nearest = np.abs(beats[:, None] - expected).min(axis=1)
    assert np.quantile(nearest, 0.9) < 0.03
    assert len(beats) == pytest.approx(len(expected), abs=3)
    assert stability(beats) > 0.9


def test_uneven_beats_are_less_stable():
    even = np.arange(40) * 0.5
    uneven = even + np.random.default_rng(1).uniform(-0.08, 0.08, 40)

    assert stability(even) == 1
    assert stability(uneven) < 0.7


def test_every_click_is_an_onset(clicks):
    onsets = onset_times(strength_of(clicks(100, seconds=10)))

    expected = np.arange(0.6, 9.5, 0.6)
    missed = [time for time in expected if np.abs(onsets - time).min() > 0.05]
    assert missed == []
    assert len(onsets) < 1.5 * len(expected)


def test_batches_leave_no_seam(clicks):
    samples = soxr.resample(clicks(120, seconds=14), 44_100, SAMPLE_RATE_HZ)
    late = samples[256 * 300 :]

    whole, part = onset_strength(samples), onset_strength(late)

    seam = slice(512 - 5, 512 + 5)
    shifted = part[seam.start - 300 : seam.stop - 300]
    assert pytest.approx(86.13, abs=0.01) == FRAMES_HZ
    assert np.abs(whole[seam] - shifted).max() < 1e-4
