"""How intense it is: a descriptor of this project's own, claimed by no standard."""

from __future__ import annotations

import numpy as np

_QUIET_LUFS, _LOUD_LUFS = -35.0, -5.0
_CALM_ONSETS_HZ, _BUSY_ONSETS_HZ = 0.5, 8.0


def energy(loudness_lufs: float, onsets_hz: float) -> float:
    """Return how intense it is, from 0 to 1.

    The mean of two shares: loudness between -35 and -5 LUFS, and onsets between 0.5
    and 8 a second.
    """
    loud = _share(loudness_lufs, _QUIET_LUFS, _LOUD_LUFS)
    busy = _share(onsets_hz, _CALM_ONSETS_HZ, _BUSY_ONSETS_HZ)
    return round((loud + busy) / 2, 4)


def _share(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0, 1))
