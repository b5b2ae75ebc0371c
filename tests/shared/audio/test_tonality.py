import numpy as np
import pytest
import soxr

from shared.audio.pitch import SAMPLE_RATE_HZ, Pitches, pitches
from shared.audio.tonality import KEYS, PITCHES, camelot_of, estimate_tonality


def heard(samples):
    return pitches(soxr.resample(samples, 44_100, SAMPLE_RATE_HZ))


@pytest.mark.parametrize("index", range(0, 12, 3))
@pytest.mark.parametrize("minor", [False, True])
def test_a_cadence_has_the_key_of_its_tonic(chords, index, minor):
    tonic_hz = 440 * 2 ** ((index - 9) / 12) / 2

    found = estimate_tonality(heard(chords(tonic_hz, minor=minor)))

    mode = "minor" if minor else "major"
    assert found.key == f"{PITCHES[index]} {mode}"
    assert found.camelot == camelot_of(found.key)
    assert found.key not in found.alternatives


@pytest.mark.parametrize("cents", [-35, -20, 15, 40])
def test_tuning_is_heard_and_made_up_for(chords, cents):
    found = estimate_tonality(heard(chords(220, cents=cents)))

    assert found.tuning_cents == pytest.approx(cents, abs=3)
    assert found.key == "A major"


# The wheel as Mixed In Key publishes it.
@pytest.mark.parametrize(
    ("key", "camelot"),
    [("C major", "8B"), ("A minor", "8A"), ("G major", "9B"), ("Eb minor", "2A")],
)
def test_keys_have_their_place_on_the_wheel(key, camelot):
    assert camelot_of(key) == camelot


def test_every_key_has_a_place_of_its_own():
    assert len({camelot_of(key) for key in KEYS}) == 24


def test_what_is_turned_by_a_semitone_is_in_the_next_key():
    generator = np.random.default_rng(5)
    chroma, bass = generator.random((2, 50, 12))
    keys = [
        estimate_tonality(
            Pitches(np.roll(chroma, turn, 1), np.roll(bass, turn, 1), 0.0)
        )
        for turn in range(12)
    ]

    tonics = [PITCHES.index(found.key.split()[0]) for found in keys]
    assert [(tonic - tonics[0]) % 12 for tonic in tonics] == list(range(12))
    assert len({found.confidence for found in keys}) == 1


def test_silence_has_no_key():
    assert estimate_tonality(heard(np.zeros(44_100, np.float32))) is None


def test_a_fragment_is_no_failure(tone):
    assert heard(tone(440, seconds=0.05)).chroma.shape[1] == 12
