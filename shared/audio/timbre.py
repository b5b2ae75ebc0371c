"""What it sounds like: statistics over short spectra, as librosa defines them."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.filterbanks import (
    Array,
    Banded,
    cosine_transform,
    framed,
    hann,
    mel_bank,
    power_of,
)
from shared.audio.onsets import SAMPLE_RATE_HZ

WINDOW, HOP = 2048, 1024

_BANDS, _COEFFICIENTS = 128, 13
_RANGE_DB = 80.0
_FLOOR = 1e-10
_ROLLOFF = 0.85
_CONTRAST_LOWEST_HZ, _CONTRAST_BANDS, _CONTRAST_QUANTILE = 200.0, 6, 0.02
_ENOUGH_FRAMES = 320
_BATCH = 32  # a multiple of 4: see `sparseness`
_TO_DB = 10 / np.log(10)


@dataclass(frozen=True, slots=True)
class Timbre:
    """Means, and where said variances, over frames of 2048 samples at 22.05 kHz.

    Attributes:
        mfcc_mean: Thirteen mel-frequency cepstral coefficients, of dB.
        mfcc_variance: Of the same.
        contrast_db: Peak over valley in seven octave bands, from below 200 Hz up.
        flatness: Geometric over arithmetic mean of the power, 0 to 1.
        zero_crossings: Sign changes per sample.
        rms: Root mean square, full scale at 1.
        crest_db: Peak over root mean square of the whole.
        dynamic_range_db: From the 5th to the 95th percentile of the frames' level.
    """

    mfcc_mean: tuple[float, ...]
    mfcc_variance: tuple[float, ...]
    centroid_hz: float
    centroid_variance_hz2: float
    bandwidth_hz: float
    rolloff_hz: float
    contrast_db: tuple[float, ...]
    flatness: float
    zero_crossings: float
    rms: float
    rms_variance: float
    crest_db: float
    dynamic_range_db: float


@dataclass(frozen=True, slots=True)
class _Moments:
    """Measures of some frames, shape (n_frames,) each.

    Attributes:
        bands_db: See `_peaks_and_valleys`; of every other one of them.
    """

    centroid_hz: Array
    bandwidth_hz: Array
    rolloff_hz: Array
    flatness: Array
    bands_db: Array


def timbre(samples: Array) -> Timbre:
    """Return what *samples*, shape (n_samples,) at 22.05 kHz, sound like.

    As `librosa.feature` 0.11, to float32's precision; tests compare. Cepstra and level
    are taken with hop_length=1024; moments, rolloff and flatness of every n-th of
    those frames, contrast of every 2n-th, where n is `sparseness`.
    """
    return timbre_and_mel(samples)[0]


def sparseness(n_samples: int) -> int:
    """Return how many frames of so many samples are measured by one: 1 to 4.

    From a minute on a mean over every fourth frame is a mean over hundreds.
    """
    return min(max(n_samples // HOP // _ENOUGH_FRAMES, 1), 4)


def timbre_and_mel(samples: Array) -> tuple[Timbre, Array]:
    """Return `timbre`, and the mel power that it was taken from.

    Mel power: shape (n_frames, 128), Slaney's bands from 0 to 11,025 Hz, a frame each
    HOP samples, the first centred on the first sample.
    """
    padded = np.pad(samples, WINDOW // 2)
    frames = framed(padded, WINDOW, HOP)
    every = sparseness(len(samples))
    mel_power, power = _spectra(frames, every)
    moments = _moments(power)
    cepstrum = _cepstrum(mel_power)
    contrast = _contrast_db(moments.bands_db)
    level = _rms(padded, len(frames))
    level_db = 20 * np.log10(level + 1e-6)
    whole = math.sqrt(float(np.dot(samples, samples)) / max(len(samples), 1))
    peak = float(max(samples.max(), -samples.min()))
    low_db, high_db = np.percentile(level_db, [5, 95])
    sound = Timbre(
        mfcc_mean=_rounded(cepstrum.mean(axis=0)),
        mfcc_variance=_rounded(cepstrum.var(axis=0)),
        centroid_hz=round(float(moments.centroid_hz.mean()), 2),
        centroid_variance_hz2=round(float(moments.centroid_hz.var()), 1),
        bandwidth_hz=round(float(moments.bandwidth_hz.mean()), 2),
        rolloff_hz=round(float(moments.rolloff_hz.mean()), 2),
        contrast_db=_rounded(contrast.mean(axis=0)),
        flatness=round(float(moments.flatness.mean()), 7),
        zero_crossings=round(_zero_crossings(samples), 6),
        rms=round(float(level.mean()), 6),
        rms_variance=round(float(level.var()), 8),
        crest_db=round(20 * math.log10((peak + 1e-9) / (whole + 1e-9)), 2),
        dynamic_range_db=round(float(high_db - low_db), 2),
    )
    return sound, mel_power


def _spectra(frames: Array, every: int) -> tuple[Array, Array]:
    """Return the mel power of all frames, and the power spectrum of some."""
    mel_power = np.empty((len(frames), _BANDS), np.float32)
    chosen = []
    for start in range(0, len(frames), _BATCH):
        windowed = frames[start : start + _BATCH] * hann(WINDOW)
        power = power_of(fft.rfft(windowed, axis=1, overwrite_x=True))
        mel_power[start : start + len(power)] = _mel_bands().of(power)
        chosen.append(power[::every].copy())
    return mel_power, np.concatenate(chosen)


def _moments(power: Array) -> _Moments:
    parts = [
        _moments_of(power[start : start + _BATCH])
        for start in range(0, len(power), _BATCH)
    ]
    names = [field.name for field in fields(_Moments)]
    joined = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
    return _Moments(*joined)


def _moments_of(power: Array) -> _Moments:
    magnitude = np.sqrt(power)
    hz = np.linspace(0, SAMPLE_RATE_HZ / 2, WINDOW // 2 + 1, dtype=np.float32)
    sums = magnitude @ np.stack([np.ones_like(hz), hz, hz * hz], axis=1)
    total = np.maximum(sums[:, 0], 1e-10)
    centroid = sums[:, 1] / total
    spread = np.maximum(sums[:, 2] / total - centroid**2, 0)
    running = np.cumsum(magnitude, axis=1)
    reached = (running < _ROLLOFF * running[:, -1:]).sum(axis=1)
    floored = np.maximum(power, _FLOOR)
    geometric = np.exp(np.log(floored).mean(axis=1))
    return _Moments(
        centroid_hz=np.asarray(centroid),
        bandwidth_hz=np.sqrt(spread),
        rolloff_hz=hz[np.minimum(reached, len(hz) - 1)],
        flatness=geometric / floored.mean(axis=1),
        bands_db=_peaks_and_valleys(magnitude[::2]),
    )


@cache
def _mel_bands() -> Banded:
    return Banded(mel_bank(SAMPLE_RATE_HZ, WINDOW, _BANDS, 0.0, 11_025.0))


def _peaks_and_valleys(magnitude: Array) -> Array:
    """Return how strong each octave's strongest and weakest bins are, in dB.

    Jiang et al., "Music type classification by spectral contrast feature", 2002.
    Shape (n_frames, 2, 7), peaks first.
    """
    bin_hz = SAMPLE_RATE_HZ / WINDOW
    edges_hz = [0.0, *(_CONTRAST_LOWEST_HZ * 2.0**k for k in range(_CONTRAST_BANDS))]
    peaks, valleys = [], []
    for low_hz, high_hz in zip(edges_hz, [*edges_hz[1:], np.inf], strict=True):
        # librosa's bands share an edge bin below, and lose their last bin above.
        first = max(int(np.ceil(low_hz / bin_hz)) - (low_hz > 0), 0)
        last = min(int(high_hz // bin_hz) if np.isfinite(high_hz) else 1024, 1024)
        count = max(round(_CONTRAST_QUANTILE * (last + 1 - first)), 1)
        stop = last + 1 if not np.isfinite(high_hz) else last
        band = magnitude[:, first:stop]
        ordered = np.partition(band, (count, band.shape[1] - count - 1), axis=1)
        valleys.append(ordered[:, :count].mean(axis=1))
        peaks.append(ordered[:, -count:].mean(axis=1))
    return _db(np.stack([np.stack(peaks, 1), np.stack(valleys, 1)], axis=1))


def _contrast_db(bands_db: Array) -> Array:
    floors_db = bands_db.max(axis=(0, 2), keepdims=True) - _RANGE_DB
    peaks_db, valleys_db = np.moveaxis(np.maximum(bands_db, floors_db), 1, 0)
    return np.asarray(peaks_db - valleys_db)


def _db(power: Array) -> Array:
    return np.asarray(_TO_DB * np.log(np.maximum(power, _FLOOR)))


def _cepstrum(mel_power: Array) -> Array:
    level_db = _db(mel_power)
    level_db = np.maximum(level_db, level_db.max() - _RANGE_DB)
    return np.asarray(level_db @ cosine_transform(_BANDS, _COEFFICIENTS))


def _rms(padded: Array, n_frames: int) -> NDArray[np.float64]:
    blocks = padded[: len(padded) // HOP * HOP].reshape(-1, HOP)
    energy = np.einsum("ij,ij->i", blocks, blocks).astype(np.float64)
    energy = np.append(energy, 0.0)
    return np.asarray(np.sqrt((energy[:-1] + energy[1:])[:n_frames] / WINDOW))


def _zero_crossings(samples: Array) -> float:
    negative = np.signbit(samples)
    changes = int(np.count_nonzero(negative[1:] != negative[:-1]))
    return changes / max(len(samples), 1)


def _rounded(values: NDArray[np.floating]) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)
