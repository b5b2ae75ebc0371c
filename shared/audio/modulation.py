"""How levels move within a second: what tells speech, singing and rooms from the rest.

Taken from the mel spectrum that timbre is taken from; no spectra of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.filterbanks import Array, hann
from shared.audio.onsets import SAMPLE_RATE_HZ
from shared.audio.timbre import HOP

FRAMES_HZ = SAMPLE_RATE_HZ / HOP

_WINDOW = 64  # frames: 3 s
_SYLLABLES_HZ = (2.5, 7.5)
_MOVING_HZ = (0.7, 10.5)
_BANDS = 16
_VOICED = slice(3, 11)  # of 16 bands: 440 to 3,500 Hz
_SECOND = round(FRAMES_HZ)
_LOW = 0.5
_RANGE_DB = 60.0
_QUIETEST = 0.1

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Modulation:
    """Measures of 3 s windows and of frames, averaged.

    Attributes:
        syllabic: Share of 2.5 to 7.5 Hz in what levels move by, from 0.7 to 10.5 Hz;
            weighted by how much they move. Syllables come four in a second.
        voiced: Share of the movement of all bands that lies in 440 to 3,500 Hz.
        low_frames: Share of frames below half of their second's mean level
            (Saunders, "Real-time discrimination of broadcast speech/music", 1996).
        floor_db: Level of the quietest tenth of frames against the mean; 0 or less.
        floor_flatness: Geometric over arithmetic mean of those frames' mel power.
    """

    syllabic: float
    voiced: float
    low_frames: float
    floor_db: float
    floor_flatness: float


def modulation(mel_power: Array) -> Modulation | None:
    """Return how *mel_power*, shape (n_frames, 128), moves; None below 3 s."""
    if len(mel_power) < _WINDOW:
        return None
    coarse = mel_power @ _folding(mel_power.shape[1])
    moving = _movement(coarse)
    hz = np.fft.rfftfreq(_WINDOW, 1 / FRAMES_HZ)
    within = (hz >= _MOVING_HZ[0]) & (hz <= _MOVING_HZ[1])
    syllables = (hz >= _SYLLABLES_HZ[0]) & (hz <= _SYLLABLES_HZ[1])
    total = float(moving[:, within].sum()) + 1e-12
    power = coarse.sum(axis=1, dtype=np.float64)
    quiet = np.argsort(power, kind="stable")[: max(1, int(_QUIETEST * len(power)))]
    floor = mel_power[quiet].mean(axis=0, dtype=np.float64) + 1e-12
    mean = float(power.mean()) + 1e-12
    return Modulation(
        syllabic=round(float(moving[:, syllables].sum()) / total, 5),
        voiced=round(float(moving[_VOICED][:, within].sum()) / total, 5),
        low_frames=round(_low_frames(np.sqrt(power)), 5),
        floor_db=round(10 * math.log10((float(power[quiet].mean()) + 1e-12) / mean), 2),
        floor_flatness=round(float(np.exp(np.log(floor).mean()) / floor.mean()), 5),
    )


@cache
def _folding(n_bands: int) -> Array:
    return np.repeat(np.eye(_BANDS, dtype=np.float32), n_bands // _BANDS, axis=0)


def _movement(coarse: Array) -> Floats:
    """Return the mean power spectrum of each band's level, (_BANDS, n_bins)."""
    level_db = 10 * np.log10(np.maximum(coarse, 1e-10))
    level_db = np.maximum(level_db, level_db.max() - _RANGE_DB)
    starts = range(0, len(level_db) - _WINDOW + 1, _WINDOW // 2)
    windows = np.stack([level_db[start : start + _WINDOW] for start in starts])
    windows -= windows.mean(axis=1, keepdims=True)
    spectrum = fft.rfft(windows * hann(_WINDOW)[:, None], axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).mean(axis=0)
    return np.asarray(power.T, np.float64)


def _low_frames(level: Floats) -> float:
    seconds = len(level) // _SECOND
    rows = level[: seconds * _SECOND].reshape(seconds, _SECOND)
    return float((rows < _LOW * rows.mean(axis=1, keepdims=True)).mean())
