"""Where something begins: the onset strength of three ranges of pitch."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.filterbanks import (
    Array,
    Banded,
    framed,
    hann,
    mel_bank,
    power_of,
)

SAMPLE_RATE_HZ = 22_050
"""Of the sound that is analysed."""

HOP = 256
FRAMES_HZ = SAMPLE_RATE_HZ / HOP
"""How many values a second `onset_strength` has."""

_WINDOW, _BANDS, _LOW_BANDS, _HIGH_BANDS = 1024, 40, 8, 14
_LOWEST_HZ, _HIGHEST_HZ = 30.0, 10_000.0
_GAIN = 200.0  # how far into the noise the logarithm looks
_BATCH = 128
_DETREND_FRAMES = 87  # a second
_SMOOTHING = np.exp(-0.5 * (np.arange(-3, 4) / 1.2) ** 2)

# Böck, Krebs & Schedl, "Evaluating the online capabilities of onset detection
# methods", ISMIR 2012, section 2.3: windows of peak picking, in frames here.
_PEAK_FRAMES, _MEAN_FRAMES, _REST_FRAMES = 3, 9, 4


def onset_strength(samples: Array) -> Array:
    """Return how much begins at each frame, shape (n_frames, 3), mean removed.

    The columns are all bands, the lowest eight (kick, bass) and the highest fourteen
    (hi-hat): positive differences over two frames of a log-compressed mel spectrum
    (SuperFlux without its maximum filter: Böck & Widmer, DAFx 2013), less their
    moving average over a second.

    Args:
        samples: Shape (n_samples,), at SAMPLE_RATE_HZ.
    """
    padded = np.pad(samples, _WINDOW // 2)
    frames = framed(padded, _WINDOW, HOP)
    flux = np.zeros((len(frames), 3), np.float32)
    # Differences reach over two frames: batches overlap by as many.
    for start in range(0, max(len(frames) - 2, 0), _BATCH):
        log_mel = _log_mel(frames[start : start + _BATCH + 2])
        rise = np.maximum(log_mel[2:] - log_mel[:-2], 0)
        part = flux[start + 1 : start + 1 + len(rise)]
        part[:, 0] = rise.mean(axis=1)
        part[:, 1] = rise[:, :_LOW_BANDS].mean(axis=1)
        part[:, 2] = rise[:, -_HIGH_BANDS:].mean(axis=1)
    return _smoothed(_detrended(flux))


def onset_times(strength: Array) -> NDArray[np.float64]:
    """Return the times in seconds at which something begins.

    Peaks of the first column of `onset_strength`: the largest within three frames,
    above the mean of nine by a part of the whole's spread, and 45 ms apart.
    """
    curve = strength[:, 0]
    if not len(curve) or curve.max() <= 0:
        return np.empty(0)
    threshold = 0.35 * float(curve.std())
    wide = framed(np.pad(curve, _PEAK_FRAMES), 2 * _PEAK_FRAMES + 1, 1).max(axis=1)
    mean = framed(np.pad(curve, _MEAN_FRAMES), 2 * _MEAN_FRAMES + 1, 1).mean(axis=1)
    peaks = np.flatnonzero((curve >= wide) & (curve >= mean + threshold))
    kept = peaks[np.diff(peaks, prepend=-_REST_FRAMES - 1) >= _REST_FRAMES]
    return np.asarray(kept / FRAMES_HZ)


def _log_mel(frames: Array) -> Array:
    spectrum = fft.rfft(frames * hann(_WINDOW), axis=1, overwrite_x=True)
    level = np.sqrt(_bank().of(power_of(spectrum)))
    return np.asarray(np.log1p(_GAIN * level))


@cache
def _bank() -> Banded:
    bank = mel_bank(SAMPLE_RATE_HZ, _WINDOW, _BANDS, _LOWEST_HZ, _HIGHEST_HZ)
    return Banded(bank / bank.sum(axis=0))


def _detrended(flux: Array) -> Array:
    width = _DETREND_FRAMES
    padded = np.pad(flux, ((width // 2 + 1, width // 2), (0, 0)), mode="edge")
    total = np.cumsum(padded, axis=0, dtype=np.float64)
    mean = (total[width:] - total[:-width]) / width
    return np.maximum(flux - mean[: len(flux)], 0).astype(np.float32)


def _smoothed(flux: Array) -> Array:
    kernel = (_SMOOTHING / _SMOOTHING.sum()).astype(np.float32)
    if len(flux) < len(kernel):
        return flux
    columns = [np.convolve(column, kernel, "same") for column in flux.T]
    return np.stack(columns, axis=1)
