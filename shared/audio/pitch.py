"""Which pitches sound: spectral peaks folded into twelve classes, and the tuning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.filterbanks import Array, framed, hann, power_of

SAMPLE_RATE_HZ = 11_025
"""Of the sound that pitch is read from."""

WINDOW, HOP = 4096, 2048

_BATCH = 64
_LOWEST_HZ, _HIGHEST_HZ, _BASS_HZ = 55.0, 2100.0, 180.0
_TUNED_BY_HZ = (120.0, 1500.0)
_DULL_ABOVE_HZ = 500.0  # partials, more and more
_WIDTH = 0.18  # semitones: how sharply a peak belongs to its class
_FLOOR, _SILENCE = 1e-5, 1e-4
_A4_HZ, _A_CLASS = 440.0, 9
_FIRST, _LAST = (
    int(_LOWEST_HZ * WINDOW / SAMPLE_RATE_HZ),
    int(_HIGHEST_HZ * WINDOW / SAMPLE_RATE_HZ),
)


@dataclass(frozen=True, slots=True)
class Pitches:
    """What sounds when.

    Attributes:
        chroma: Strength per frame and pitch class, shape (n_frames, 12), C first.
        bass: The same of what sounds below 180 Hz.
        tuning_cents: How far from 440 Hz it is tuned, -50 to 50.
    """

    chroma: NDArray[np.float64]
    bass: NDArray[np.float64]
    tuning_cents: float


@dataclass(frozen=True, slots=True)
class _Peaks:
    frame: NDArray[np.intp]
    hz: Array
    magnitude: Array


def pitches(samples: Array) -> Pitches:
    """Return the pitch classes in *samples*, tuned to themselves.

    Peaks of the spectrum between 55 and 2100 Hz, interpolated on the logarithm, each
    weighted by the square root of its magnitude and by how near it is to a semitone
    (after Gómez, "Tonal description of music audio signals", 2006, chapter 3).

    Args:
        samples: Shape (n_samples,), at SAMPLE_RATE_HZ; any length.
    """
    padded = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    frames = framed(padded, WINDOW, HOP)
    peaks = _peaks(frames)
    semitones = 12 * np.log2(peaks.hz / _A4_HZ)
    tuning = _tuning(peaks, semitones)
    semitones = semitones - tuning
    nearest = np.rint(semitones)
    near = np.exp(-0.5 * ((semitones - nearest) / _WIDTH) ** 2)
    bright = np.minimum(np.sqrt(_DULL_ABOVE_HZ / peaks.hz), 1)
    weight = near * np.sqrt(peaks.magnitude) * bright
    place = peaks.frame * 12 + (nearest.astype(np.intp) + _A_CLASS) % 12
    low = peaks.hz < _BASS_HZ
    size = len(frames) * 12
    return Pitches(
        chroma=_folded(place, weight, size),
        bass=_folded(place[low], weight[low], size),
        tuning_cents=round(100 * tuning, 1),
    )


def _folded(place: NDArray[np.intp], weight: Array, size: int) -> NDArray[np.float64]:
    return np.asarray(np.bincount(place, weight, size), np.float64).reshape(-1, 12)


def _peaks(frames: Array) -> _Peaks:
    found = [
        _peaks_of(frames[start : start + _BATCH], start)
        for start in range(0, len(frames), _BATCH)
    ]
    return _Peaks(
        np.concatenate([peaks.frame for peaks in found]),
        np.concatenate([peaks.hz for peaks in found]),
        np.concatenate([peaks.magnitude for peaks in found]),
    )


def _peaks_of(frames: Array, first_frame: int) -> _Peaks:
    spectrum = fft.rfft(frames * hann(WINDOW), axis=1, overwrite_x=True)
    power = power_of(spectrum[:, _FIRST - 1 : _LAST + 1])
    loudest = power.max(axis=1, keepdims=True)
    inner = power[:, 1:-1]
    is_peak = (inner > power[:, :-2]) & (inner >= power[:, 2:])
    is_peak &= (inner > loudest * _FLOOR) & (loudest > _SILENCE)
    frame, at = np.nonzero(is_peak)
    before, here, after = (np.log(power[frame, at + k] + 1e-12) for k in range(3))
    curve = before - 2 * here + after - 1e-9
    shift = np.clip(0.5 * (before - after) / curve, -0.5, 0.5)
    hz = (at + _FIRST + shift) * (SAMPLE_RATE_HZ / WINDOW)
    return _Peaks(frame + first_frame, hz, np.exp(0.5 * here))


def _tuning(peaks: _Peaks, semitones: Array) -> float:
    """Return the circular mean of what is left of *semitones*, -0.5 to 0.5."""
    low, high = _TUNED_BY_HZ
    weight = peaks.magnitude * ((peaks.hz > low) & (peaks.hz < high))
    if not len(weight):
        return 0.0
    mean = np.sum(weight * np.exp(2j * np.pi * semitones))
    return float(np.angle(mean) / (2 * np.pi))
