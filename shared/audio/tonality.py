"""Which key it is in, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.audio.calibration import Calibration
from shared.audio.pitch import Pitches
from shared.audio.weights import weights

PITCHES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
KEYS = tuple(f"{pitch} {mode}" for mode in ("major", "minor") for pitch in PITCHES)

# The Camelot wheel: C major is 8B, a fifth up is one more; a relative minor shares
# its number and has A.
_MAJOR_NUMBER = tuple((7 + 7 * pitch) % 12 + 1 for pitch in range(12))
_QUIET = 0.05


@dataclass(frozen=True, slots=True)
class Tonality:
    """A key such as `Eb minor`.

    Attributes:
        camelot: Such as `2A`.
        confidence: The calibrated probability that it is the key.
        alternatives: Other keys, likeliest first.
        tuning_cents: How far from 440 Hz it is tuned, -50 to 50.
    """

    key: str
    camelot: str
    confidence: float
    alternatives: tuple[str, ...]
    tuning_cents: float = 0.0


def camelot_of(key: str) -> str:
    """Return the place of *key*, such as `Eb minor`, on the Camelot wheel."""
    pitch, _, mode = key.partition(" ")
    index = PITCHES.index(pitch)
    if mode == "minor":
        return f"{_MAJOR_NUMBER[(index + 3) % 12]}A"
    return f"{_MAJOR_NUMBER[index]}B"


def estimate_tonality(heard: Pitches) -> Tonality | None:
    """Return the key that fits *heard* best, or None where nothing has a pitch.

    Every key is scored by weights, fitted by `python -m shared.audio.fit`, over the
    mean of treble and bass chroma turned to its tonic: Krumhansl's method with
    profiles that are learned, and a bass that is listened to by itself.
    """
    if heard.chroma.max(initial=0.0) <= 0:
        return None
    scores = key_features(heard) @ np.asarray(weights().key)
    likelihood = np.exp(scores - scores.max())
    likelihood /= likelihood.sum()
    ranked = np.argsort(-likelihood, kind="stable")
    calibration = Calibration(*weights().key_calibration)
    names = [KEYS[index] for index in ranked[:4]]
    return Tonality(
        key=names[0],
        camelot=camelot_of(names[0]),
        confidence=calibration.probability([float(likelihood[ranked[0]])]),
        alternatives=tuple(names[1:]),
        tuning_cents=heard.tuning_cents,
    )


def key_features(heard: Pitches) -> NDArray[np.float64]:
    """Return what speaks for each of KEYS, shape (24, 50).

    For a major key the first half is set, for a minor one the second: treble chroma
    from its tonic up, bass chroma likewise, and one.
    """
    treble = 12 * mean_chroma(heard.chroma) - 1
    bass = 4 * mean_chroma(heard.bass) - 1 / 3
    features = np.zeros((24, 50))
    for index in range(24):
        mode, tonic = divmod(index, 12)
        half = features[index, 25 * mode : 25 * mode + 25]
        half[:12] = np.roll(treble, -tonic)
        half[12:24] = np.roll(bass, -tonic)
        half[24] = 1
    return features


def mean_chroma(chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the frames that are not quiet, each to the same height."""
    strength = chroma.sum(axis=1)
    if strength.max(initial=0.0) <= 0:
        return np.full(12, 1 / 12)
    loud = chroma[strength > strength.max() * _QUIET]
    mean = (loud / loud.max(axis=1, keepdims=True)).mean(axis=0)
    return np.asarray(mean / mean.sum())
