"""The highest the sound gets, also between its samples."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from shared.audio.filterbanks import Array

CLIPPED_AT = 0.9999
"""A sample this near full scale may be one that was cut off."""

_PHASES, _TAPS = 4, 24
_HALF = _TAPS // 2
# Where the four-times oversampled curve is highest, a sample beside it is not low:
# more than 3 dB between them takes a tone above a quarter of the rate.
_CANDIDATE = 0.7
_BLOCK = 1024
_BATCH = 4096
_CLIPPED_RUN = 3
_SILENT = 10 ** (-60 / 20)


class PeakMeter:
    """Takes sound piece by piece: sample peak, true peak, clipped samples, silence.

    Attributes:
        clipped_samples: In runs of at least three at full scale.
        first_sound: The first sample above -60 dBFS in any channel; -1 for none.
        last_sound: The last one.
    """

    def __init__(self, channels: int) -> None:
        self.sample_peak = 0.0
        self.clipped_samples = 0
        self.first_sound = self.last_sound = -1
        self._taken = 0
        self._true_peak = 0.0
        self._tail = np.zeros((channels, _TAPS), np.float32)

    @property
    def true_peak(self) -> float:
        """The highest absolute value between samples, full scale at 1."""
        return max(self._true_peak, self.sample_peak)

    def add(self, samples: Array) -> None:
        """Take the next *samples*, shape (channels, n_samples)."""
        sounding = []
        for channel, row in enumerate(samples):
            # What begins or ends at a seam is judged with both sides of it.
            seam = np.concatenate([self._tail[channel], row[: 2 * _TAPS]])
            self._look_between(_Levels(seam))
            self._tail[channel] = seam[-_TAPS:] if len(row) < _TAPS else row[-_TAPS:]
            levels = _Levels(row)
            self.sample_peak = max(self.sample_peak, levels.highest)
            self._look_between(levels)
            self.clipped_samples += _in_runs(levels.places(CLIPPED_AT))
            sounding += levels.ends(_SILENT)
        if sounding:
            if self.first_sound < 0:
                self.first_sound = self._taken + min(sounding)
            self.last_sound = self._taken + max(sounding)
        self._taken += samples.shape[1]

    def _look_between(self, levels: _Levels) -> None:
        """Oversample around the local peaks that could be beside the highest."""
        least = _CANDIDATE * max(self.sample_peak, levels.highest)
        if levels.highest < least or not levels.highest:
            return
        at = levels.peaks(least)
        for start in range(0, len(at), _BATCH):
            self._oversample(levels.row, at[start : start + _BATCH])

    def _oversample(self, row: Array, at: NDArray[np.intp]) -> None:
        if not len(at):
            return
        windows = np.lib.stride_tricks.sliding_window_view(row, _TAPS)
        # To both sides of a sample: its window, and the one before.
        for first in (at - _HALF, at - _HALF + 1):
            between = windows[first] @ _interpolators()
            highest = float(np.abs(between).max(initial=0.0))
            self._true_peak = max(self._true_peak, highest)


def dbfs(level: float) -> float | None:
    """Return *level* in dB of full scale, or None for silence."""
    return round(20 * math.log10(level), 2) if level > 0 else None


class _Levels:
    """One channel's highest level by blocks, so that most of it is looked at once."""

    def __init__(self, row: Array) -> None:
        self.row = row
        whole = len(row) // _BLOCK * _BLOCK
        blocks = row[:whole].reshape(-1, _BLOCK)
        self._tops = np.maximum(blocks.max(axis=1), -blocks.min(axis=1))
        if whole < len(row):
            self._tops = np.append(self._tops, np.abs(row[whole:]).max())
        self.highest = float(self._tops.max(initial=0.0))

    def places(self, level: float) -> NDArray[np.intp]:
        """Return where *level* is reached, rising."""
        blocks = np.flatnonzero(self._tops >= level)
        whole = blocks[(blocks + 1) * _BLOCK <= len(self.row)]
        rows = self.row[: len(self.row) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
        block, place = np.nonzero(np.abs(rows[whole]) >= level)
        found = whole[block] * _BLOCK + place
        if len(whole) == len(blocks):
            return found
        rest = len(self.row) // _BLOCK * _BLOCK
        late = rest + np.flatnonzero(np.abs(self.row[rest:]) >= level)
        return np.concatenate([found, late])

    def peaks(self, level: float) -> NDArray[np.intp]:
        """Return where *level* is reached and both neighbours are no higher.

        Not at the ends, where a window of _TAPS does not fit.
        """
        at = self.places(level)
        at = at[(at >= _HALF) & (at < len(self.row) - _HALF)]
        here = np.abs(self.row[at])
        beside = np.maximum(np.abs(self.row[at - 1]), np.abs(self.row[at + 1]))
        return at[here >= beside]

    def ends(self, level: float) -> list[int]:
        """Return the first and last sample to reach *level*, if any does."""
        reached = np.flatnonzero(self._tops >= level)
        if not len(reached):
            return []
        return [self._reaching(int(reached[end]), level, end) for end in (0, -1)]

    def _reaching(self, block: int, level: float, which: int) -> int:
        part = self.row[block * _BLOCK : (block + 1) * _BLOCK]
        return block * _BLOCK + int(np.flatnonzero(np.abs(part) >= level)[which])


def _in_runs(places: NDArray[np.intp]) -> int:
    """Return how many of *places* lie in runs of at least three."""
    if len(places) < _CLIPPED_RUN:
        return 0
    breaks = np.flatnonzero(np.diff(places) > 1)
    lengths = np.diff(np.concatenate([[-1], breaks, [len(places) - 1]]))
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
