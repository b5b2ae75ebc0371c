"""The highest the sound gets, also between its samples."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from shared.audio.filterbanks import Array

CLIPPED_AT = 0.9999
"""A sample this near full scale may be one that was cut off."""

_PHASES, _TAPS = 4, 24
_HALF = _TAPS // 2
# Where the four-times oversampled curve is highest, a sample beside it is not low:
# more than 3 dB between them takes a tone above a quarter of the rate.
_CANDIDATE = 0.7
_BATCH = 65_536
_CLIPPED_RUN = 3


class PeakMeter:
    """Takes sound piece by piece: sample peak, true peak, and clipped samples."""

    def __init__(self, channels: int) -> None:
        self.sample_peak = 0.0
        self.clipped_samples = 0
        self._true_peak = 0.0
        self._tail = np.zeros((channels, _TAPS), np.float32)

    @property
    def true_peak(self) -> float:
        """The highest absolute value between samples, full scale at 1."""
        return max(self._true_peak, self.sample_peak)

    def add(self, samples: Array) -> None:
        """Take the next *samples*, shape (channels, n_samples)."""
        for channel, row in enumerate(samples):
            joined = np.concatenate([self._tail[channel], row])
            level = np.abs(joined)
            peak = float(level.max(initial=0.0))
            self.sample_peak = max(self.sample_peak, peak)
            if peak >= CLIPPED_AT:
                self.clipped_samples += _clipped(level[_TAPS:])
            if peak > 0:
                self._oversample(joined, level, _CANDIDATE * self.sample_peak)
            self._tail[channel] = joined[-_TAPS:]

    def _oversample(self, joined: Array, level: Array, above: float) -> None:
        inner = level[_HALF : len(level) - _HALF]
        at = np.flatnonzero(inner >= above)
        windows = np.lib.stride_tricks.sliding_window_view(joined, _TAPS)
        for start in range(0, len(at), _BATCH):
            chosen = at[start : start + _BATCH]
            # A candidate's neighbours to both sides: its window, and the one before.
            for shift in (0, 1):
                place = np.clip(chosen + shift, 0, len(windows) - 1)
                between = windows[place] @ _interpolators()
                highest = float(np.abs(between).max(initial=0.0))
                self._true_peak = max(self._true_peak, highest)


def dbfs(level: float) -> float | None:
    """Return *level* in dB of full scale, or None for silence."""
    return round(20 * math.log10(level), 2) if level > 0 else None


def _clipped(level: Array) -> int:
    """Return how many samples lie in runs of at least three at full scale."""
    full = np.flatnonzero(level >= CLIPPED_AT)
    if len(full) < _CLIPPED_RUN:
        return 0
    breaks = np.flatnonzero(np.diff(full) > 1)
    lengths = np.diff(np.concatenate([[-1], breaks, [len(full) - 1]]))
    return int(lengths[lengths >= _CLIPPED_RUN].sum())


@cache
def _interpolators() -> Array:
    """Return windowed sincs for a quarter, half and three quarters of a sample.

    Shape (taps, 3). ITU-R BS.1770-4, annex 2, asks for four times oversampling; its
    own filter has 12 taps a phase, this one 24.
    """
    offsets = np.arange(_TAPS) - (_HALF - 1)
    columns = []
    for phase in range(1, _PHASES):
        distance = offsets - phase / _PHASES
        window = np.cos(np.pi * distance / (_TAPS + 1)) ** 2
        column = np.sinc(distance) * window
        columns.append(column / column.sum())
    return np.ascontiguousarray(np.stack(columns, axis=1), np.float32)
