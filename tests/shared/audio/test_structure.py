import numpy as np
import pytest

from shared.audio.onsets import SAMPLE_RATE_HZ
from shared.audio.pitch import HOP as PITCH_HOP
from shared.audio.pitch import SAMPLE_RATE_HZ as PITCH_RATE_HZ
from shared.audio.pitch import Pitches
from shared.audio.structure import MOST_SEGMENTS, segments
from shared.audio.timbre import HOP

NONE = np.empty(0)


def song(*parts, seconds=20.0):
    """Return mel power and pitches of parts, each of one kind (a number), in a row."""
    mel, chroma = [], []
    for place, kind in enumerate(parts):
        sound = np.random.default_rng(kind)
        taken = np.random.default_rng(100 + place)
        look = np.exp(sound.normal(size=128) * 2)
        n_mel = round(seconds * SAMPLE_RATE_HZ / HOP)
        mel.append(look * np.exp(0.2 * taken.normal(size=(n_mel, 128))))
        pitch = sound.random(12) ** 4
        n_pitch = round(seconds * PITCH_RATE_HZ / PITCH_HOP)
        chroma.append(pitch * (1 + 0.1 * taken.random((n_pitch, 12))))
    pitched = np.concatenate(chroma)
    return np.concatenate(mel).astype(np.float32), Pitches(pitched, pitched, 0.0)


def test_parts_begin_where_the_sound_changes():
    found = segments(*song(1, 2, 3), NONE)

    assert [part.start_ms for part in found] == pytest.approx(
        [0, 20_000, 40_000], abs=1500
    )


def test_what_comes_back_has_its_label_again():
    found = segments(*song(1, 2, 1, 2), NONE)

    assert [part.label for part in found] == ["A", "B", "A", "B"]


def test_boundaries_move_to_the_beat():
    beats = np.arange(0.3, 60, 0.7)

    found = segments(*song(1, 2, 3), beats)

    times_s = [part.start_ms / 1000 for part in found[1:]]
    assert len(times_s) == 2
    assert [np.abs(beats - time_s).min() for time_s in times_s] == pytest.approx(
        [0, 0], abs=1e-3
    )


def test_what_never_changes_is_one_part():
    mel = np.ones((2000, 128), np.float32)
    chroma = np.ones((500, 12))

    found = segments(mel, Pitches(chroma, chroma, 0.0), NONE)

    assert [(part.start_ms, part.label) for part in found] == [(0, "A")]


def test_an_hour_of_changes_has_no_more_parts_than_are_kept():
    found = segments(*song(*range(1, 181)), NONE)

    assert 2 <= len(found) <= MOST_SEGMENTS


@pytest.mark.parametrize("frames", [0, 1, 3])
def test_hardly_any_sound_has_at_most_one_part(frames):
    mel = np.ones((frames, 128), np.float32)
    chroma = np.ones((frames, 12))

    found = segments(mel, Pitches(chroma, chroma, 0.0), NONE)

    assert len(found) == min(frames, 1)
