"""How loud it is, and how much goes on."""

from __future__ import annotations

import warnings

import numpy as np
import pyloudnorm
from numpy.typing import NDArray

_SILENCE_LUFS = -70.0
_QUIET_LUFS, _LOUD_LUFS = -35.0, -5.0
_CALM_ONSETS_HZ, _BUSY_ONSETS_HZ = 0.5, 8.0
_FRAME = 2048


def integrated_loudness_lufs(
    samples: NDArray[np.float32], sample_rate_hz: int
) -> float | None:
    """Return the integrated loudness (ITU-R BS.1770-4), or None below the gate.

    Args:
        samples: Shape (n_samples, n_channels), full scale at ±1, at least 0.4 s.
        sample_rate_hz: Of *samples*.
    """
    meter = pyloudnorm.Meter(sample_rate_hz)
    with warnings.catch_warnings():
        # Silence makes the gate's mean empty; the answer, -inf, says so.
        warnings.simplefilter("ignore", RuntimeWarning)
        loudness = float(meter.integrated_loudness(samples))
    return round(loudness, 2) if loudness > _SILENCE_LUFS else None


def energy(mono: NDArray[np.float32], sample_rate_hz: int, lufs: float) -> float:
    """Return how intense it is, from 0 to 1: a documented descriptor, no standard.

    The mean of two shares: loudness between -35 and -5 LUFS, and how often the level
    of short frames jumps up, between 0.5 and 8 times a second.

    Args:
        mono: Shape (n_samples,).
        sample_rate_hz: Of *mono*.
        lufs: Its integrated loudness.
    """
    frames = mono[: len(mono) // _FRAME * _FRAME].reshape(-1, _FRAME)
    level = np.sqrt(np.square(frames).mean(axis=1)) + 1e-9
    jumps = np.diff(20 * np.log10(level)) > 3
    rate_hz = float(jumps.mean()) * sample_rate_hz / _FRAME if len(jumps) else 0.0
    loud = _share(lufs, _QUIET_LUFS, _LOUD_LUFS)
    busy = _share(rate_hz, _CALM_ONSETS_HZ, _BUSY_ONSETS_HZ)
    return round((loud + busy) / 2, 4)


def _share(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))
