import numpy as np
import pytest

from shared.audio.composing import compose
from shared.audio.onsets import SAMPLE_RATE_HZ, onset_strength
from shared.audio.styles import STYLES
from shared.audio.tempo import GRID_BPM, tempo_features
from shared.audio.tonality import KEYS


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_seed_makes_one_piece(seed):
    piece, again = compose(seed), compose(seed)

    assert np.array_equal(piece.samples, again.samples)
    assert (piece.bpm, piece.key) == (again.bpm, again.key)
    assert piece.key in KEYS
    assert GRID_BPM[0] < piece.bpm < GRID_BPM[-1]
    assert 4 < len(piece.samples) / SAMPLE_RATE_HZ < 45
    assert 0 < np.abs(piece.samples).max() <= 1


@pytest.mark.parametrize("name", STYLES)
def test_patterns_fill_a_bar(name):
    style = STYLES[name]

    lengths = {
        len(pattern)
        for pattern in (style.kick, style.snare, style.hat, style.chords, style.bass)
        if pattern
    }

    assert lengths <= {style.beats * style.division}


def test_the_tempo_it_was_made_at_is_heard_in_it():
    piece = compose(5)

    lags = tempo_features(onset_strength(piece.samples))[0]

    beat = round(60 / piece.bpm * SAMPLE_RATE_HZ / 256)
    bar_of_beats = lags[4 * beat - 6 : 4 * beat + 7].max()
    assert bar_of_beats > 2 * np.median(np.abs(lags))
