import librosa
import numpy as np
import pytest

from shared.audio.harmony import CHORDS, chord_progression, tonnetz
from shared.audio.pitch import SAMPLE_RATE_HZ, Pitches, pitches

NONE = np.empty(0)
A_HZ = 220.0


def sounding(*parts, seconds=2.0):
    """Return the pitches of chords, one after the other: semitones above an A."""
    time_s = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    samples = [
        sum(
            np.sin(2 * np.pi * A_HZ * 2 ** (tone / 12) * partial * time_s) / partial**2
            for tone in (*tones, tones[0] - 12)
            for partial in (1, 2, 3)
        )
        for tones in parts
    ]
    return pitches((0.05 * np.concatenate(samples)).astype(np.float32))


@pytest.mark.parametrize("root", range(12))
@pytest.mark.parametrize(
    ("kind", "tones"), [("maj", (0, 4, 7)), ("min", (0, 3, 7)), ("7", (0, 4, 7, 10))]
)
def test_each_chord_is_heard_as_itself(root, kind, tones):
    heard = sounding([root + tone for tone in tones])

    (found,) = chord_progression(heard, NONE)

    assert found.start_ms == 0
    assert CHORDS.index(found.name) % 12 == (root + 9) % 12
    assert found.name.endswith(f":{kind}")


def test_a_progression_changes_where_the_chords_do():
    heard = sounding([0, 4, 7], [5, 9, 12], [7, 11, 14], [0, 4, 7])

    found = chord_progression(heard, np.arange(0.5, 8, 0.5))

    assert [chord.name for chord in found] == ["A:maj", "D:maj", "E:maj", "A:maj"]
    assert [chord.start_ms for chord in found] == pytest.approx(
        [0, 2000, 4000, 6000], abs=500
    )


def test_silence_is_no_chord():
    heard = pitches(np.zeros(5 * SAMPLE_RATE_HZ, np.float32))

    assert [chord.name for chord in chord_progression(heard, NONE)] == ["N"]


def test_noise_without_a_pitch_has_hardly_a_chord():
    chroma = np.ones((50, 12)) + 1e-3 * np.random.default_rng(1).normal(size=(50, 12))

    found = chord_progression(Pitches(chroma, np.zeros((50, 12)), 0.0), NONE)

    assert [chord.name for chord in found] == ["N"]


def test_nothing_has_no_chords():
    empty = np.empty((0, 12))

    assert chord_progression(Pitches(empty, empty, 0.0), NONE) == ()


def test_tonnetz_is_librosas_of_the_same_chroma():
    heard = sounding([0, 4, 7], [5, 9, 12], [2, 5, 9])

    expected = librosa.feature.tonnetz(chroma=heard.chroma.T).mean(axis=1)

    assert tonnetz(heard) == pytest.approx(expected, abs=1e-4)
