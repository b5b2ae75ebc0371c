"""Windows and filter banks, made once: float32, laid out as they are multiplied."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_BREAK_HZ, _LINEAR_HZ = 1000.0, 200 / 3
_LOG_STEP = np.log(6.4) / 27


@cache
def hann(length: int) -> Array:
    """Return the periodic Hann window of *length* samples."""
    phase = 2 * np.pi * np.arange(length) / length
    return (0.5 - 0.5 * np.cos(phase)).astype(np.float32)


def mel_of_hz(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return *hz* on Slaney's mel scale (Auditory Toolbox, 1998): linear to 1 kHz."""
    linear = hz / _LINEAR_HZ
    above = _BREAK_HZ / _LINEAR_HZ + np.log(np.maximum(hz, 1e-9) / _BREAK_HZ) / (
        _LOG_STEP
    )
    return np.where(hz >= _BREAK_HZ, above, linear)


def hz_of_mel(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of `mel_of_hz`."""
    at_break = _BREAK_HZ / _LINEAR_HZ
    above = _BREAK_HZ * np.exp(_LOG_STEP * (mel - at_break))
    return np.where(mel >= at_break, above, mel * _LINEAR_HZ)


@cache
def mel_bank(
    sample_rate_hz: int, n_fft: int, n_bands: int, low_hz: float, high_hz: float
) -> Array:
    """Return triangular filters of equal area, shape (n_fft // 2 + 1, n_bands).

    As librosa's `filters.mel(norm="slaney")`, transposed.
    """
    bins_hz = np.linspace(0, sample_rate_hz / 2, n_fft // 2 + 1)
    ends = mel_of_hz(np.array([low_hz, high_hz]))
    edges_hz = hz_of_mel(np.linspace(ends[0], ends[1], n_bands + 2))
    width = np.diff(edges_hz)
    ramps = edges_hz[:, None] - bins_hz
    rising, falling = -ramps[:-2] / width[:-1, None], ramps[2:] / width[1:, None]
    bank = np.maximum(0, np.minimum(rising, falling))
    bank *= (2 / (edges_hz[2:] - edges_hz[:-2]))[:, None]
    return np.ascontiguousarray(bank.T, np.float32)


class Banded:
    """A filter bank that is multiplied in blocks: elsewhere it is nothing but zeros."""

    def __init__(self, bank: Array, blocks: int = 6) -> None:
        self._bands = bank.shape[1]
        self._blocks: list[tuple[slice, slice, Array]] = []
        # Filters widen as they rise, and so may blocks.
        edges = np.rint(len(bank) * 2.0 ** np.arange(1 - blocks, 1)).astype(int)
        for first, last in zip([0, *edges[:-1]], edges, strict=True):
            used = np.flatnonzero(bank[first:last].any(axis=0))
            if len(used):
                columns = slice(int(used[0]), int(used[-1]) + 1)
                part = np.ascontiguousarray(bank[first:last, columns])
                self._blocks.append((slice(first, last), columns, part))

    def of(self, power: Array) -> Array:
        """Return *power*, shape (n_frames, n_bins), in bands: (n_frames, n_bands)."""
        found = np.zeros((len(power), self._bands), np.float32)
        for rows, columns, part in self._blocks:
            found[:, columns] += power[:, rows] @ part
        return found


def power_of(spectrum: NDArray[np.complex64]) -> Array:
    """Return the squared magnitude of *spectrum*."""
    power = np.square(spectrum.real)
    power += np.square(spectrum.imag)
    return power


@cache
def cosine_transform(n_bands: int, n_coefficients: int) -> Array:
    """Return the orthonormal DCT-II, shape (n_bands, n_coefficients)."""
    band, order = np.arange(n_bands)[:, None], np.arange(n_coefficients)
    basis = np.cos(np.pi / n_bands * (band + 0.5) * order) * np.sqrt(2 / n_bands)
    basis[:, 0] /= np.sqrt(2)
    return np.ascontiguousarray(basis, np.float32)


def framed(samples: Array, length: int, hop: int) -> Array:
    """Return overlapping views, shape (n_frames, length); none where too short."""
    if len(samples) < length:
        return np.empty((0, length), np.float32)
    return np.lib.stride_tricks.sliding_window_view(samples, length)[::hop]
