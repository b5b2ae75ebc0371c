"""How fast it goes: the tempo of the beat, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.calibration import Calibration
from shared.audio.filterbanks import Array
from shared.audio.onsets import FRAMES_HZ
from shared.audio.weights import weights

GRID_BPM: NDArray[np.float64] = np.exp(np.arange(np.log(40), np.log(222), 0.008))
"""The tempi that are told apart: steps of 0.8 %."""

NEARBY = 0.04
"""Tempi as near as this count as one, as in the literature's Acc1."""

_WINDOW, _STEP = 1024, 512  # 11.9 s, half overlapping
_LONGEST_LAG = int(0.93 * _WINDOW)  # beyond, the autocorrelation is all noise
_LAG_RATIOS = (0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1, 4 / 3, 1.5, 2, 3, 4, 8)
_RATE_RATIOS = (0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1, 4 / 3, 1.5, 2, 3, 4)
_ZERO_PADDING = 8
_AT_ONCE = 4
_FELT_BPM = 115.0


@dataclass(frozen=True, slots=True)
class Tempo:
    """A tempo in beats per minute.

    Attributes:
        confidence: The calibrated probability that it is within NEARBY of what a
            person would tap.
        alternatives_bpm: Other tempi it may be felt at, likeliest first.
        stability: From 0 to 1: how near the beats come to being evenly spaced.
    """

    bpm: float
    confidence: float
    alternatives_bpm: tuple[float, ...]
    stability: float = 1.0


def estimate_tempo(strength: Array) -> Tempo | None:
    """Return the tempo that *strength* has, or None where nothing beats.

    Every tempo of a grid is scored by a linear function of what autocorrelation and
    Fourier tempogram (Grosche & Müller, 2011) say at it and at its multiples and
    fractions; the weights are fitted by `python -m shared.audio.fit`. The best is
    refined on the autocorrelation peak of four of its beats.

    Args:
        strength: From `onsets.onset_strength`, shape (n_frames, 3).
    """
    if len(strength) < 2 or strength.max() <= 0:
        return None
    correlation, features = tempo_features(strength)
    scores = features @ np.asarray(weights().tempo)
    likelihood = np.exp(scores - scores.max())
    likelihood /= likelihood.sum()
    ranked = _distinct_peaks(likelihood)
    raw = [mass_near(likelihood, index) for index in ranked[:5]]
    calibration = Calibration(*weights().tempo_calibration)
    tempi = [_refined_bpm(correlation, float(GRID_BPM[index])) for index in ranked]
    return Tempo(
        bpm=tempi[0],
        confidence=calibration.probability(raw),
        alternatives_bpm=tuple(_with_octaves(tempi)),
    )


def tempo_features(strength: Array) -> tuple[Array, Array]:
    """Return the autocorrelation, and what speaks for each tempo of GRID_BPM.

    Returns:
        The normalised autocorrelation of all and low bands, shape (n_lags,), and the
        features, shape (len(GRID_BPM), n_features).
    """
    windows = _windows(strength)
    lags = _autocorrelation(windows)
    rates = _fourier(windows)
    lag = 60 * FRAMES_HZ / GRID_BPM
    rate = GRID_BPM / 60 * (_ZERO_PADDING * _WINDOW / FRAMES_HZ)
    columns = []
    for band in range(3):
        columns += [_at_lag(lags[band], lag * ratio) for ratio in _LAG_RATIOS]
        bins = np.arange(rates.shape[1])
        columns += [np.interp(rate * r, bins, rates[band]) for r in _RATE_RATIOS]
    columns += _felt()
    both = lags[0] + 0.5 * lags[1]
    columns += _agreement(both, lag)
    return both, np.stack(columns, axis=1).astype(np.float32)


def _windows(strength: Array) -> Array:
    n = len(strength)
    if n < _WINDOW // 2:
        strength = np.pad(strength, ((0, _WINDOW - n), (0, 0)))
    elif n < _WINDOW:
        # A short clip is mostly a loop: going round once says more than silence.
        strength = np.concatenate([strength, strength[: _WINDOW - n]])
    starts = range(0, len(strength) - _WINDOW + 1, _STEP)
    windows = np.stack([strength[start : start + _WINDOW].T for start in starts])
    windows = windows - windows.mean(axis=2, keepdims=True)
    spread = windows.std(axis=2, keepdims=True) + 1e-6
    return np.asarray(windows / spread, np.float32)


def _autocorrelation(windows: Array) -> Array:
    spectrum = fft.rfft(windows, 2 * _WINDOW)
    power = spectrum.real**2 + spectrum.imag**2
    products = fft.irfft(power, 2 * _WINDOW)[..., :_WINDOW]
    unbiased = products / np.arange(_WINDOW, 0, -1)
    zero = np.maximum(unbiased[..., :1], 1e-12)
    return np.asarray((unbiased / zero).mean(axis=0), np.float32)


def _fourier(windows: Array) -> Array:
    tapered = windows * np.hanning(_WINDOW).astype(np.float32)
    total = np.zeros((3, _ZERO_PADDING * _WINDOW // 2 + 1))
    # Transforms of a few windows at a time fill the processor's registers.
    for start in range(0, len(tapered), _AT_ONCE):
        few = tapered[start : start + _AT_ONCE]
        total += np.abs(fft.rfft(few, _ZERO_PADDING * _WINDOW)).sum(axis=0)
    return np.asarray(np.log1p(16 / _WINDOW / len(tapered) * total), np.float32)


def _at_lag(correlation: Array, lag: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.interp(lag, np.arange(len(correlation)), correlation, right=0)
    return found * (lag < _LONGEST_LAG)


def _felt() -> list[NDArray[np.float64]]:
    """Return which tempi people feel, whatever the sound says."""
    octave = np.log2(GRID_BPM / _FELT_BPM)
    fast, slow = np.maximum(octave - 0.6, 0), np.maximum(-octave - 0.7, 0)
    return [octave, octave**2, np.abs(octave), fast, slow]


def _agreement(both: Array, lag: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return how far beat, bar and subdivision speak for the same tempo."""

    def at(ratio: float) -> NDArray[np.float64]:
        return _at_lag(both, lag * ratio)

    pulse = at(1) + 0.8 * at(2) + 0.35 * at(3) + 0.6 * at(4) - 0.35 * at(1.5)
    logarithm = np.log(np.maximum(pulse, 0.02))
    return [
        logarithm - logarithm.max(),
        at(1) * at(2),
        at(1) * at(3),
        np.minimum(at(1), np.minimum(at(2), at(4))),
        np.minimum(at(1), at(3)),
        np.maximum(at(1 / 2), at(1 / 3)),
    ]


def _distinct_peaks(likelihood: NDArray[np.float64]) -> list[int]:
    """Return up to six tempi, likeliest first, none within NEARBY of a likelier."""
    left = likelihood.copy()
    found = []
    for _ in range(6):
        index = int(left.argmax())
        if left[index] <= 0:
            break
        found.append(index)
        left[np.abs(np.log(GRID_BPM / GRID_BPM[index])) < 1.5 * NEARBY] = 0
    return found


def mass_near(likelihood: NDArray[np.float64], index: int) -> float:
    """Return the share of all tempi within NEARBY of the one at *index*."""
    near = np.abs(np.log(GRID_BPM / GRID_BPM[index])) < NEARBY
    return float(likelihood[near].sum())


def _with_octaves(tempi: list[float]) -> list[float]:
    """Return three other tempi; half and double are among them in any case."""
    best = tempi[0]
    octaves = [bpm for bpm in (best / 2, best * 2) if 40 <= bpm <= 222]
    others = tempi[1:4]
    for octave in octaves:
        if not any(abs(bpm / octave - 1) < NEARBY for bpm in others):
            others.append(round(octave, 2))
    return others[:4]


def _refined_bpm(correlation: Array, bpm: float) -> float:
    lag = 60 * FRAMES_HZ / bpm
    for beats in (4, 2, 1):
        if lag * beats >= 0.7 * _WINDOW:
            continue
        low, high = int(lag * beats * 0.975), int(lag * beats * 1.025) + 2
        around = np.arange(max(low, 1), min(high, _WINDOW - 2))
        peak = int(around[correlation[around].argmax()])
        before, at, after = correlation[peak - 1 : peak + 2]
        curve = before - 2 * at + after
        shift = 0.5 * (before - after) / curve if curve < 0 else 0.0
        refined = 60 * FRAMES_HZ * beats / (peak + float(np.clip(shift, -0.5, 0.5)))
        return round(float(refined if abs(refined / bpm - 1) < 0.03 else bpm), 2)
    return round(bpm, 2)
