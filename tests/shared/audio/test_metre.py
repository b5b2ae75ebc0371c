import numpy as np
import pytest
import soxr

from shared.audio.beats import beat_times
from shared.audio.metre import HYPOTHESES, METRES, estimate_metre, metre_shares
from shared.audio.metre_fit import felt_metre
from shared.audio.onsets import onset_strength
from shared.audio.pitch import pitches

RATE_HZ = 22_050
BPM = 120
TONICS_HZ = (220.0, 293.66, 329.63, 246.94)


def bars(beats_per_bar, n_bars=16, upbeat=0):
    """Return a band: a low drum and another chord on downbeats, a hi-hat on beats."""
    generator = np.random.default_rng(4)
    gap = RATE_HZ * 60 // BPM
    samples = 1e-4 * generator.standard_normal((n_bars * beats_per_bar + 1) * gap)
    time_s = np.arange(RATE_HZ // 8) / RATE_HZ
    fade = np.exp(-time_s * 40)
    for beat in range(n_bars * beats_per_bar):
        at = beat * gap
        downbeat = (beat - upbeat) % beats_per_bar == 0
        hit = 0.1 * generator.standard_normal(len(fade))
        if downbeat:
            hit += 0.7 * np.sin(2 * np.pi * 65 * time_s)
        samples[at : at + len(fade)] += hit * fade
        tonic = TONICS_HZ[(beat - upbeat) // beats_per_bar % len(TONICS_HZ)]
        tone_s = np.arange(gap) / RATE_HZ
        for ratio in (1, 1.26, 1.5):
            samples[at : at + gap] += 0.06 * np.sin(2 * np.pi * tonic * ratio * tone_s)
    return samples.astype(np.float32)


def metre_of(samples):
    strength = onset_strength(samples)
    beats = beat_times(strength, BPM)
    heard = pitches(soxr.resample(samples, RATE_HZ, 11_025, quality="MQ"))
    return estimate_metre(strength, beats, heard), beats


@pytest.mark.parametrize("beats_per_bar", [3, 4])
def test_bars_are_as_long_as_what_repeats(beats_per_bar):
    metre, _ = metre_of(bars(beats_per_bar))

    assert metre.beats_per_bar == beats_per_bar
    assert metre.signature == f"{beats_per_bar}/4"
    assert metre.confidence > 0.5


@pytest.mark.parametrize("upbeat", [0, 1, 2, 3])
def test_downbeats_are_where_drum_and_chord_say(upbeat):
    metre, beats = metre_of(bars(4, upbeat=upbeat))

    first_s = beats[metre.first_downbeat]
    bar_s = 4 * 60 / BPM
    distance_s = (first_s - upbeat * 60 / BPM + bar_s / 2) % bar_s - bar_s / 2
    assert abs(distance_s) < 0.1


def test_what_else_it_may_be_is_the_rest():
    metre, _ = metre_of(bars(4))

    assert {metre.beats_per_bar, *metre.alternatives} == set(METRES)


def test_few_beats_make_no_metre():
    samples = bars(4, n_bars=1)
    heard = pitches(soxr.resample(samples, RATE_HZ, 11_025, quality="MQ"))

    found = estimate_metre(onset_strength(samples), np.arange(7) / 2, heard)

    assert found is None


def test_the_share_of_a_metre_is_that_of_its_places():
    likelihood = np.arange(len(HYPOTHESES)) / sum(range(len(HYPOTHESES)))

    shares = metre_shares(likelihood)

    assert sum(shares.values()) == pytest.approx(1)
    assert shares[2] == pytest.approx(likelihood[0] + likelihood[1])


@pytest.mark.parametrize(
    ("written", "ratio", "felt"),
    [
        ("4/4", 1.0, 4),
        ("4/4", 0.5, 2),
        ("4", 2.0, 4),
        ("3/4", 2.0, 6),
        ("6/8", 1.0, 2),
        ("6/8", 3.0, 6),
        ("4/4", 4 / 3, None),
    ],
)
def test_truth_is_counted_in_the_beats_that_are_found(written, ratio, felt):
    assert felt_metre(written, ratio) == felt
