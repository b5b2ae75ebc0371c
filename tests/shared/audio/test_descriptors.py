import dataclasses

import numpy as np
import pytest
import soxr

from shared.audio.beats import beat_times, emphasis
from shared.audio.descriptors import Measured, describe, energy
from shared.audio.modulation import Modulation
from shared.audio.onsets import SAMPLE_RATE_HZ, onset_strength
from shared.audio.tempo import Tempo
from shared.audio.timbre import timbre
from shared.audio.tonality import Tonality


@pytest.fixture
def measured(chords):
    sound = timbre(soxr.resample(chords(220), 44_100, SAMPLE_RATE_HZ))
    return Measured(
        loudness_lufs=-14.0,
        onsets_hz=3.0,
        beat_emphasis=3.0,
        tempo=Tempo(120.0, 0.9, (60.0,), 0.9),
        tonality=Tonality("C major", "8B", 0.9, ()),
        timbre=sound,
        modulation=Modulation(0.5, 0.5, 0.2, -12.0, 0.05),
    )


@pytest.mark.parametrize(
    ("lufs", "onsets_hz", "expected"),
    [(-35, 0.5, 0), (-5, 8, 1), (-20, 4.25, 0.5), (-90, 0, 0), (3, 40, 1)],
)
def test_energy_is_what_its_definition_says(lufs, onsets_hz, expected):
    assert energy(lufs, onsets_hz) == pytest.approx(expected)


def test_everything_is_between_none_and_all(measured):
    found = describe(measured)

    assert all(0 <= value <= 1 for value in dataclasses.astuple(found))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("danceability", {"beat_emphasis": 1.0}),
        ("danceability", {"tempo": Tempo(50.0, 0.9, (), 0.9)}),
        ("danceability", {"tempo": Tempo(120.0, 0.9, (), 0.1)}),
        ("valence", {"tonality": Tonality("C minor", "5A", 0.9, ())}),
        ("valence", {"tempo": Tempo(70.0, 0.9, (), 0.9)}),
    ],
)
def test_less_of_what_makes_it_makes_less_of_it(measured, name, changes):
    less = describe(dataclasses.replace(measured, **changes))

    assert getattr(less, name) < getattr(describe(measured), name)


def test_what_was_not_measured_is_not_made_up(measured):
    found = describe(
        dataclasses.replace(measured, tempo=None, tonality=None, timbre=None)
    )

    assert (found.danceability, found.valence, found.acousticness) == (None,) * 3


def test_noise_is_less_acoustic_than_a_cadence(measured):
    hiss = 0.1 * np.random.default_rng(1).standard_normal(5 * SAMPLE_RATE_HZ)
    noise = dataclasses.replace(measured, timbre=timbre(hiss.astype(np.float32)))

    assert describe(noise).acousticness < describe(measured).acousticness


def test_clicks_stand_out_from_what_lies_between(clicks):
    samples = soxr.resample(clicks(110), 44_100, SAMPLE_RATE_HZ)
    strength = onset_strength(samples)

    assert emphasis(strength, beat_times(strength, 110)) > 3
    assert emphasis(strength, np.array([1.0])) == 1


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        (
            "instrumentalness",
            Modulation(0.75, 0.8, 0, 0, 0),
            Modulation(0.35, 0.35, 0, 0, 0),
        ),
        ("liveness", Modulation(0, 0, 0, -40, 0.01), Modulation(0, 0, 0, -6, 0.3)),
        ("speechiness", Modulation(0.35, 0, 0.1, 0, 0), Modulation(0.75, 0, 0.5, 0, 0)),
    ],
)
def test_what_moves_otherwise_is_described_otherwise(measured, name, least, most):
    low, high = (
        getattr(describe(dataclasses.replace(measured, modulation=moves)), name)
        for moves in (least, most)
    )

    assert high - low >= 2 / 3 - 1e-3


def test_what_is_too_short_to_move_is_not_described(measured):
    found = describe(dataclasses.replace(measured, modulation=None))

    assert (found.instrumentalness, found.liveness, found.speechiness) == (None,) * 3
    assert found.energy > 0
