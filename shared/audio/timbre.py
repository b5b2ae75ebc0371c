"""What it sounds like: statistics over short spectra, as librosa defines them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.filterbanks import Array, cosine_transform, framed, hann, mel_bank
from shared.audio.onsets import SAMPLE_RATE_HZ

WINDOW, HOP = 2048, 1024

_BANDS, _COEFFICIENTS = 128, 13
_RANGE_DB = 80.0
_FLOOR = 1e-10
_ROLLOFF = 0.85
_CONTRAST_LOWEST_HZ, _CONTRAST_BANDS, _CONTRAST_QUANTILE = 200.0, 6, 0.02
CONTRAST_EVERY = 8  # frames: sorting is dear, and the mean hardly moves
_BATCH = 32
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
class _Frames:
    """Measures of each frame: shape (n_frames,) or (n_frames, n_values)."""

    mel_power: Array
    centroid_hz: Array
    bandwidth_hz: Array
    rolloff_hz: Array
    flatness: Array
    bands_db: Array


def timbre(samples: Array) -> Timbre:
    """Return what *samples*, shape (n_samples,) at 22.05 kHz, sound like.

    As `librosa.feature` 0.11 with hop_length=1024 (contrast: 4096), to float32's
    precision; tests compare.
    """
    return timbre_and_mel(samples)[0]


def timbre_and_mel(samples: Array) -> tuple[Timbre, Array]:
    """Return `timbre`, and the mel power that it was taken from.

    Mel power: shape (n_frames, 128), Slaney's bands from 0 to 11,025 Hz, a frame each
    HOP samples, the first centred on the first sample.
    """
    padded = np.pad(samples, WINDOW // 2)
    frames = framed(padded, WINDOW, HOP)
    parts = [
        _measured(frames[start : start + _BATCH], start)
        for start in range(0, len(frames), _BATCH)
    ]
    mel_power = np.concatenate([part.mel_power for part in parts])
    cepstrum = _cepstrum(mel_power)
    centroid = np.concatenate([part.centroid_hz for part in parts])
    contrast = _contrast_db(np.concatenate([part.bands_db for part in parts]))
    level = _rms(padded, len(frames))
    level_db = 20 * np.log10(level + 1e-6)
    whole = float(np.sqrt(np.mean(np.square(samples))))
    peak = float(np.abs(samples).max())
    low_db, high_db = np.percentile(level_db, [5, 95])
    sound = Timbre(
        mfcc_mean=_rounded(cepstrum.mean(axis=0)),
        mfcc_variance=_rounded(cepstrum.var(axis=0)),
        centroid_hz=round(float(centroid.mean()), 2),
        centroid_variance_hz2=round(float(centroid.var()), 1),
        bandwidth_hz=_mean([part.bandwidth_hz for part in parts], 2),
        rolloff_hz=_mean([part.rolloff_hz for part in parts], 2),
        contrast_db=_rounded(contrast.mean(axis=0)),
        flatness=_mean([part.flatness for part in parts], 7),
        zero_crossings=round(_zero_crossings(samples), 6),
        rms=round(float(level.mean()), 6),
        rms_variance=round(float(level.var()), 8),
        crest_db=round(20 * math.log10((peak + 1e-9) / (whole + 1e-9)), 2),
        dynamic_range_db=round(float(high_db - low_db), 2),
    )
    return sound, mel_power


def _measured(frames: Array, first: int) -> _Frames:
    spectrum = fft.rfft(frames * hann(WINDOW), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    magnitude = np.sqrt(power)
    hz = np.linspace(0, SAMPLE_RATE_HZ / 2, WINDOW // 2 + 1, dtype=np.float32)
    moments = magnitude @ np.stack([np.ones_like(hz), hz, hz * hz], axis=1)
    total = np.maximum(moments[:, 0], 1e-10)
    centroid = moments[:, 1] / total
    spread = np.maximum(moments[:, 2] / total - centroid**2, 0)
    running = np.cumsum(magnitude, axis=1)
    reached = (running < _ROLLOFF * running[:, -1:]).sum(axis=1)
    floored = np.maximum(power, _FLOOR)
    geometric = np.exp(np.log(floored).mean(axis=1))
    skipped = -first % CONTRAST_EVERY
    return _Frames(
        mel_power=power @ mel_bank(SAMPLE_RATE_HZ, WINDOW, _BANDS, 0.0, 11_025.0),
        centroid_hz=centroid,
        bandwidth_hz=np.sqrt(spread),
        rolloff_hz=hz[np.minimum(reached, len(hz) - 1)],
        flatness=geometric / floored.mean(axis=1),
        bands_db=_peaks_and_valleys(magnitude[skipped::CONTRAST_EVERY]),
    )


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


def _mean(parts: list[Array], decimals: int) -> float:
    return round(float(np.concatenate(parts).mean()), decimals)


def _rounded(values: NDArray[np.floating]) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)
