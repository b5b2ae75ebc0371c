"""Which key it is in, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import librosa
import numpy as np
from numpy.typing import NDArray

from shared.domain.errors import InvalidInputError

PITCHES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

# Sha'ath's weights for popular and electronic music ("Estimation of key in digital
# music recordings", 2011, appendix), tonic first.
_MAJOR = (6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4)
_MINOR = (6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2)
# The Camelot wheel: C major is 8B, a fifth up is one more; a relative minor shares
# its number and has A.
_MAJOR_NUMBER = tuple((7 + 7 * pitch) % 12 + 1 for pitch in range(12))


@dataclass(frozen=True, slots=True)
class Tonality:
    """A key such as `Eb minor`.

    Attributes:
        camelot: Such as `2A`.
        confidence: From 0 to 1.
        alternatives: Other keys, likeliest first.
    """

    key: str
    camelot: str
    confidence: float
    alternatives: tuple[str, ...]


def camelot_of(key: str) -> str:
    """Return the place of *key*, such as `Eb minor`, on the Camelot wheel."""
    pitch, _, mode = key.partition(" ")
    index = PITCHES.index(pitch)
    if mode == "minor":
        return f"{_MAJOR_NUMBER[(index + 3) % 12]}A"
    return f"{_MAJOR_NUMBER[index]}B"


def estimate_tonality(mono: NDArray[np.float32], sample_rate_hz: int) -> Tonality:
    """Return the key of *mono*, shape (n_samples,).

    The mean chroma of a long spectrum, tuned, against 24 profiles.
    """
    chroma = librosa.feature.chroma_stft(
        y=mono, sr=sample_rate_hz, n_fft=8192, hop_length=4096
    )
    return tonality_of(chroma)


def tonality_of(chroma: NDArray[np.floating]) -> Tonality:
    """Return the key that fits *chroma* best.

    Correlates the mean chroma with 24 rotated profiles (Krumhansl's method).
    Confidence grows with the fit, and with its distance to the next best.

    Args:
        chroma: Energy per pitch class and frame, shape (12, n_frames), C first, any
            non-negative scale.

    Raises:
        InvalidInputError: *chroma* has another shape, no frame, or no energy.
    """
    if chroma.ndim != 2 or chroma.shape[0] != len(PITCHES) or not chroma.shape[1]:
        raise InvalidInputError("chroma has 12 rows and frames", shape=chroma.shape)
    mean = chroma.mean(axis=1)
    if not mean.any() or np.ptp(mean) == 0:
        raise InvalidInputError("chroma has no energy to tell keys by")
    fits = np.array([_correlation(mean, profile) for profile in _profiles()])
    ranked = np.argsort(-fits, kind="stable")
    best, second = float(fits[ranked[0]]), float(fits[ranked[1]])
    confidence = float(np.clip(best, 0, 1) * np.clip(0.5 + 4 * (best - second), 0, 1))
    names = [_name(int(index)) for index in ranked[:4]]
    return Tonality(
        names[0], camelot_of(names[0]), round(confidence, 4), tuple(names[1:])
    )


def _profiles() -> list[NDArray[np.float64]]:
    return [
        np.roll(np.array(profile), pitch)
        for profile in (_MAJOR, _MINOR)
        for pitch in range(12)
    ]


def _name(index: int) -> str:
    mode, pitch = divmod(index, 12)
    return f"{PITCHES[pitch]} {'minor' if mode else 'major'}"


def _correlation(mean: NDArray[np.floating], profile: NDArray[np.floating]) -> float:
    return float(np.corrcoef(mean, profile)[0, 1])
