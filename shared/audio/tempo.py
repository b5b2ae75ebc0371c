"""How fast it goes: the tempo of the beat, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import librosa
import numpy as np
from librosa.onset import onset_strength
from numpy.typing import NDArray

_HOP_LENGTH = 512
_TYPICAL_BPM = 120.0
_SLOWEST_BPM, _FASTEST_BPM = 40.0, 240.0
_NEARBY = 0.08


@dataclass(frozen=True, slots=True)
class Tempo:
    """A tempo in beats per minute.

    Attributes:
        confidence: From 0 to 1.
        alternatives_bpm: Other tempi it may be felt at, likeliest first.
    """

    bpm: float
    confidence: float
    alternatives_bpm: tuple[float, ...]


def estimate_tempo(mono: NDArray[np.float32], sample_rate_hz: int) -> Tempo | None:
    """Return the tempo of *mono*, or None where nothing beats.

    The autocorrelation of the onset strength (Ellis, "Beat tracking by dynamic
    programming", 2007, as in librosa) is weighted towards usual tempi; the peak is
    refined by a parabola. Confidence is how periodic the onsets are at that lag,
    times how far the peak stands above the best one that is no octave of it.

    Args:
        mono: Shape (n_samples,), at least a second.
        sample_rate_hz: Of *mono*.
    """
    onsets = onset_strength(y=mono, sr=sample_rate_hz, hop_length=_HOP_LENGTH)
    if onsets.max(initial=0.0) <= 0:
        return None
    frames_hz = sample_rate_hz / _HOP_LENGTH
    correlation = librosa.autocorrelate(
        onsets - onsets.mean(), max_size=int(frames_hz * 60 / _SLOWEST_BPM) + 2
    )
    if correlation[0] <= 0:
        return None
    correlation = correlation / correlation[0]
    lags = np.arange(1, len(correlation) - 1)
    lags_bpm = 60 * frames_hz / lags
    usable = (lags_bpm >= _SLOWEST_BPM) & (lags_bpm <= _FASTEST_BPM)
    peaks = lags[
        usable
        & (correlation[lags] >= correlation[lags - 1])
        & (correlation[lags] > correlation[lags + 1])
    ]
    if not len(peaks):
        return None
    weight = np.exp(-0.5 * np.log2(60 * frames_hz / peaks / _TYPICAL_BPM) ** 2)
    ranked = peaks[np.argsort(-weight * correlation[peaks], kind="stable")]
    tempi = [_refined_bpm(correlation, int(lag), frames_hz) for lag in ranked[:6]]
    best = float(max(correlation[ranked[0]], 0.0))
    rivals = [
        float(correlation[lag])
        for lag, bpm in zip(ranked[1:6], tempi[1:], strict=False)
        if not _is_octave(bpm, tempi[0])
    ]
    margin = 1.0 if not rivals else min(1.0, max(0.0, 1 - max(rivals) / (best + 1e-9)))
    confidence = round(min(1.0, best * (0.5 + 0.5 * margin) * 1.5), 4)
    others = dict.fromkeys(bpm for bpm in tempi[1:] if abs(bpm - tempi[0]) > 1)
    return Tempo(tempi[0], confidence, tuple(others)[:3])


def _refined_bpm(correlation: NDArray[np.float64], lag: int, frames_hz: float) -> float:
    before, at, after = correlation[lag - 1 : lag + 2]
    curve = before - 2 * at + after
    shift = 0.5 * (before - after) / curve if curve else 0.0
    return round(float(60 * frames_hz / (lag + shift)), 2)


def _is_octave(one_bpm: float, other_bpm: float) -> bool:
    ratio = max(one_bpm, other_bpm) / min(one_bpm, other_bpm)
    nearest = max(1, round(ratio))
    return nearest in (1, 2, 3, 4) and abs(ratio / nearest - 1) < _NEARBY
