import librosa
import numpy as np
import pytest
import soxr

from shared.audio.timbre import HOP, SAMPLE_RATE_HZ, sparseness, timbre


@pytest.fixture
def music(clicks, chords):
    music = clicks(110, 8) + chords(220) + 0.3 * chords(277, minor=True)
    # Below this, valleys would be nothing but how a transform rounds.
    hiss = 1e-3 * np.random.default_rng(6).standard_normal(len(music))
    return soxr.resample((music + hiss).astype(np.float32), 44_100, SAMPLE_RATE_HZ)


@pytest.fixture
def heard(music):
    return timbre(music)


def test_cepstra_are_librosas(music, heard):
    expected = librosa.feature.mfcc(
        y=music, sr=SAMPLE_RATE_HZ, n_mfcc=13, hop_length=HOP
    )

    assert heard.mfcc_mean == pytest.approx(expected.mean(1), abs=0.02)
    assert heard.mfcc_variance == pytest.approx(expected.var(1), rel=0.002, abs=0.02)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("centroid_hz", "spectral_centroid"),
        ("bandwidth_hz", "spectral_bandwidth"),
        ("rolloff_hz", "spectral_rolloff"),
    ],
)
def test_spectral_moments_are_librosas(music, heard, name, function):
    measure = getattr(librosa.feature, function)
    expected = measure(y=music, sr=SAMPLE_RATE_HZ, hop_length=HOP)

    assert getattr(heard, name) == pytest.approx(expected.mean(), rel=0.001)


def test_flatness_is_librosas(music, heard):
    expected = librosa.feature.spectral_flatness(y=music, hop_length=HOP)

    assert heard.flatness == pytest.approx(expected.mean(), rel=0.001)


def test_contrast_is_librosas(music, heard):
    expected = librosa.feature.spectral_contrast(
        y=music, sr=SAMPLE_RATE_HZ, hop_length=2 * HOP
    )

    assert heard.contrast_db == pytest.approx(expected.mean(1), rel=0.01)


def test_level_is_librosas(music, heard):
    expected = librosa.feature.rms(y=music, hop_length=HOP)

    assert heard.rms == pytest.approx(expected.mean(), rel=1e-4)
    assert heard.rms_variance == pytest.approx(expected.var(), rel=0.001)


def test_zero_crossings_are_librosas(music, heard):
    expected = librosa.feature.zero_crossing_rate(music, hop_length=HOP)

    assert heard.zero_crossings == pytest.approx(expected.mean(), rel=0.02)


def test_of_long_sound_every_fourth_frame_is_measured_as_librosa_does(music):
    long = np.tile(music, 8)

    found = timbre(long)

    hop = HOP * sparseness(len(long))
    centroid = librosa.feature.spectral_centroid(
        y=long, sr=SAMPLE_RATE_HZ, hop_length=hop
    )
    contrast = librosa.feature.spectral_contrast(
        y=long, sr=SAMPLE_RATE_HZ, hop_length=2 * hop
    )
    assert hop == 4 * HOP
    assert found.centroid_hz == pytest.approx(centroid.mean(), rel=0.001)
    assert found.contrast_db == pytest.approx(contrast.mean(1), rel=0.01)


def test_a_sine_has_the_crest_of_a_sine(tone):
    found = timbre(tone(1000, rate_hz=SAMPLE_RATE_HZ))

    assert found.crest_db == pytest.approx(3.01, abs=0.01)


@pytest.mark.parametrize("n_samples", [1, 500, 5000])
def test_a_fragment_is_no_failure(n_samples):
    assert np.isfinite(timbre(np.zeros(n_samples, np.float32)).mfcc_mean).all()
