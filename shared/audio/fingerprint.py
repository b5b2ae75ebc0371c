"""Chromaprint: what a recording is known by, however it is encoded.

Chromaprint's algorithm "TEST2", which `fpcalc` uses by default and AcoustID expects,
after L. Lalinský, "How does Chromaprint work?", 2011; filters and thresholds are those
of github.com/acoustid/chromaprint (MIT).
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.filterbanks import Array, framed

SAMPLE_RATE_HZ = 11_025
LONGEST_S = 120

_WINDOW = 4096
_HOP = _WINDOW // 3
_LOWEST_HZ, _HIGHEST_HZ = 28, 3520
_BATCH = 128
_SMOOTHING = (0.25, 0.75, 1.0, 0.75, 0.25)
_QUIET = 0.01
_GRAY = np.array([0, 1, 3, 2], np.uint32)
_ALGORITHM = 1  # counted from 0
_SAME_BIT_ERROR = 0.15
_FARTHEST_SHIFT = 80  # about 10 s


@dataclass(frozen=True, slots=True)
class _Classifier:
    """A filter over the chroma image, and three thresholds on what it answers."""

    shape: int
    low: int
    height: int
    width: int
    thresholds: tuple[float, float, float]


_CLASSIFIERS = (
    _Classifier(0, 4, 3, 15, (1.98215, 2.35817, 2.63523)),
    _Classifier(4, 4, 6, 15, (-1.03809, -0.651211, -0.282167)),
    _Classifier(1, 0, 4, 16, (-0.298702, 0.119262, 0.558497)),
    _Classifier(3, 8, 2, 12, (-0.105439, 0.0153946, 0.135898)),
    _Classifier(3, 4, 4, 8, (-0.142891, 0.0258736, 0.200632)),
    _Classifier(4, 0, 3, 5, (-0.826319, -0.590612, -0.368214)),
    _Classifier(1, 2, 2, 9, (-0.557409, -0.233035, 0.0534525)),
    _Classifier(2, 7, 3, 4, (-0.0646826, 0.00620476, 0.0784847)),
    _Classifier(2, 6, 2, 16, (-0.192387, -0.029699, 0.215855)),
    _Classifier(2, 1, 3, 2, (-0.0397818, -0.00568076, 0.0292026)),
    _Classifier(5, 10, 1, 15, (-0.53823, -0.369934, -0.190235)),
    _Classifier(3, 6, 2, 10, (-0.124877, 0.0296483, 0.139239)),
    _Classifier(2, 1, 1, 14, (-0.101475, 0.0225617, 0.231971)),
    _Classifier(3, 5, 6, 4, (-0.0799915, -0.00729616, 0.063262)),
    _Classifier(1, 9, 2, 12, (-0.272556, 0.019424, 0.302559)),
    _Classifier(3, 4, 2, 14, (-0.164292, -0.0321188, 0.0846339)),
)
_WIDEST = 16


def fingerprint(samples: Array) -> NDArray[np.uint32]:
    """Return the sub-fingerprints of *samples*, one each 0.12 s.

    Args:
        samples: Shape (n_samples,), one channel at SAMPLE_RATE_HZ; only the first
            two minutes count, as with `fpcalc`. Empty below about 3 s.
    """
    frames = framed(samples[: LONGEST_S * SAMPLE_RATE_HZ], _WINDOW, _HOP)
    if len(frames) < len(_SMOOTHING) + _WIDEST - 1:
        return np.empty(0, np.uint32)
    image = _normalised(_chroma(frames))
    total = np.zeros((len(image) + 1, 13))
    total[1:, 1:] = image.cumsum(axis=0).cumsum(axis=1)
    found = np.zeros(len(image) - _WIDEST + 1, np.uint32)
    for classifier in _CLASSIFIERS:
        answer = _answers(total, classifier, len(found))
        level = np.searchsorted(classifier.thresholds, answer, side="right")
        found = (found << np.uint32(2)) | _GRAY[level]
    return found


def compressed(fingerprint: NDArray[np.uint32]) -> str:
    """Return *fingerprint* as `fpcalc` writes it and AcoustID takes it.

    Each value is XORed with the one before; the distances between its set bits are
    packed three bits each, seven meaning that five more follow at the end; the whole
    is base64 in the URL's alphabet, without padding.
    """
    normal: list[int] = []
    more: list[int] = []
    before = 0
    for value in fingerprint.tolist():
        left, last = value ^ before, 0
        before = value
        while left:
            bit = (left & -left).bit_length()
            distance = bit - last
            normal.append(min(distance, 7))
            if distance >= 7:
                more.append(distance - 7)
            last = bit
            left &= left - 1
        normal.append(0)
    header = struct.pack(">I", _ALGORITHM << 24 | len(fingerprint))
    packed = header + _packed(normal, 3) + _packed(more, 5)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def bit_error(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> float:
    """Return the share of bits that differ where both overlap best, 0 to 1.

    They may be shifted by ten seconds; 0.5 is what two strangers have.
    """
    least = 1.0
    for shift in range(-_FARTHEST_SHIFT, _FARTHEST_SHIFT + 1):
        left, right = one[max(shift, 0) :], other[max(-shift, 0) :]
        n = min(len(left), len(right))
        # A short overlap is alike by chance.
        if n < max(8, min(len(one), len(other)) // 2):
            continue
        differing = int(np.bitwise_count(left[:n] ^ right[:n]).sum())
        least = min(least, differing / (32 * n))
    return least


def is_duplicate(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> bool:
    """Return whether both are most likely the same recording, perhaps re-encoded."""
    return bit_error(one, other) < _SAME_BIT_ERROR


def _packed(values: list[int], width: int) -> bytes:
    number = 0
    for place, value in enumerate(values):
        number |= value << (width * place)
    return number.to_bytes((len(values) * width + 7) // 8, "little")


def _chroma(frames: Array) -> NDArray[np.float64]:
    first, last, notes = _notes()
    parts = []
    for start in range(0, len(frames), _BATCH):
        spectrum = fft.rfft(frames[start : start + _BATCH] * _hamming(), axis=1)
        used = spectrum[:, first:last]
        parts.append((used.real**2 + used.imag**2) @ notes)
    return np.concatenate(parts).astype(np.float64)


def _normalised(chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    length = len(chroma) - len(_SMOOTHING) + 1
    smooth = np.zeros((length, 12))
    for place, weight in enumerate(_SMOOTHING):
        smooth += weight * chroma[place : place + length]
    norm = np.sqrt((smooth**2).sum(axis=1, keepdims=True))
    return np.where(norm < _QUIET, 0, smooth / np.maximum(norm, 1e-12))


def _answers(
    total: NDArray[np.float64], of: _Classifier, count: int
) -> NDArray[np.float64]:
    time = np.arange(count)
    wide, high = of.width, of.height
    low, top = of.low, of.low + of.height

    def area(x0: int, y0: int, x1: int, y1: int) -> NDArray[np.float64]:
        return np.asarray(
            total[time + x1, y1]
            - total[time + x0, y1]
            - total[time + x1, y0]
            + total[time + x0, y0]
        )

    whole = area(0, low, wide, top)
    middle = low + high // 2
    half = wide // 2
    if of.shape == 0:
        bright = whole
    elif of.shape == 1:
        bright = area(0, middle, wide, top)
    elif of.shape == 2:
        bright = area(half, low, wide, top)
    elif of.shape == 3:
        bright = area(0, middle, half, top) + area(half, low, wide, middle)
    elif of.shape == 4:
        bright = area(0, low + high // 3, wide, low + 2 * (high // 3))
    else:
        bright = area(wide // 3, low, 2 * (wide // 3), top)
    return np.asarray(np.log((1 + bright) / (1 + whole - bright)))


@cache
def _hamming() -> Array:
    phase = 2 * np.pi * np.arange(_WINDOW) / (_WINDOW - 1)
    return (0.54 - 0.46 * np.cos(phase)).astype(np.float32)


@cache
def _notes() -> tuple[int, int, Array]:
    """Return the first bin, the one after the last, and each bin's pitch class."""
    first = max(1, round(_WINDOW * _LOWEST_HZ / SAMPLE_RATE_HZ))
    last = min(_WINDOW // 2, round(_WINDOW * _HIGHEST_HZ / SAMPLE_RATE_HZ))
    hz = np.arange(first, last) * SAMPLE_RATE_HZ / _WINDOW
    octave = np.log2(hz / (440 / 16))
    note = (12 * (octave - np.floor(octave))).astype(int)
    return first, last, np.eye(12, dtype=np.float32)[note]
