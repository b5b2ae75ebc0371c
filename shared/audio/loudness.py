"""How loud it is: ITU-R BS.1770-4 and EBU R128."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.filterbanks import Array

SILENCE_LUFS = -70.0
"""What is quieter is gated out (BS.1770-4, annex 1, equation 4)."""

_STEPS = 4  # of 100 ms: one gating block
_BLOCK_S = 0.4
_SHORT_TERM_STEPS = 30  # EBU Tech 3341: 3 s
_OVERLAP_S = 0.05  # the filters' answer has decayed by 80 dB after it
_BATCH = 8
# Far above its shelf at 1.7 kHz, K-weighting nears a gain with the fourth power of
# frequency: from 5.5 kHz up it is that within 0.03 dB.
_FILTERED_HZ = 11_000
_TAPS = 6  # of the lowpass, in decimations
_CUTOFF, _KAISER = 0.9, 6.0
_OFFSET = -0.691
_GATE_LU, _RANGE_GATE_LU = -10.0, -20.0
_SHELF_GAIN = 10 ** (3.999843853973347 / 20)
# BS.1770-4, table 3: surround channels count 1.5 dB more, the LFE not at all.
_CHANNEL_WEIGHTS = {
    5: (1.0, 1.0, 1.0, 1.41, 1.41),
    6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41),
}


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud it is; None where it is silent, or shorter than the measure's window.

    Attributes:
        integrated_lufs: Gated, of the whole (BS.1770-4).
        range_lu: Loudness range (EBU Tech 3342).
        short_term_max_lufs: The loudest three seconds (EBU Tech 3341).
        momentary_max_lufs: The loudest 400 ms.
    """

    integrated_lufs: float | None
    range_lu: float | None
    short_term_max_lufs: float | None
    momentary_max_lufs: float | None


class LoudnessMeter:
    """Takes sound piece by piece.

    K-weighting is run on what is below 5.5 kHz alone, by overlap-save; what is above
    counts by its power, being what is left of the whole.
    """

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._weights = _CHANNEL_WEIGHTS.get(channels, (1.0,) * channels)
        fold = 1
        while sample_rate_hz / (2 * fold) >= _FILTERED_HZ:
            fold *= 2
        block, low_hop = _block(sample_rate_hz / fold)
        self._hop = low_hop * fold
        self._lowpasses = [_Lowpass(fold, block) for _ in self._weights]
        self._filters = [
            _KWeighting(sample_rate_hz, fold, low_hop) for _ in self._weights
        ]
        self._edges = [low_hop * step // _STEPS for step in range(_STEPS + 1)]
        self._fold = fold
        # What the filter nears at half of the sample rate.
        self._gain_above = float(abs(_k_response(sample_rate_hz, 1, 2)[-1]) ** 2)
        self._rest = np.empty((channels, 0), np.float32)
        self._powers: list[NDArray[np.float64]] = []

    def add(self, samples: Array) -> None:
        """Take the next *samples*, shape (channels, n_samples)."""
        joined = samples
        if self._rest.shape[1]:
            joined = np.concatenate([self._rest, samples], axis=1)
        used = joined.shape[1] // self._hop * self._hop
        if used:
            self._powers.append(self._measured(joined[:, :used]))
        self._rest = joined[:, used:].copy()

    def result(self) -> Loudness:
        """Return how loud all that was taken is; nothing can be added after."""
        power = self._all_steps()
        momentary = _moving_mean(power, _STEPS)
        short_term = _moving_mean(power, _SHORT_TERM_STEPS)
        return Loudness(
            integrated_lufs=_integrated(momentary),
            range_lu=_range(short_term),
            short_term_max_lufs=_loudest(short_term),
            momentary_max_lufs=_loudest(momentary),
        )

    def _measured(self, samples: Array) -> NDArray[np.float64]:
        """Return the mean square of each 100 ms, channels weighted and added."""
        power = np.zeros(samples.shape[1] // self._hop * _STEPS)
        for row, weight, lowpass, k_filter in zip(
            samples, self._weights, self._lowpasses, self._filters, strict=True
        ):
            if not weight:
                continue
            low = lowpass.of(row)
            filtered = _mean_squares(k_filter.of(low), self._edges)
            if self._fold > 1:
                whole = _mean_squares(row, [self._fold * edge for edge in self._edges])
                above = whole - _mean_squares(low, self._edges)
                filtered += self._gain_above * above
            power += weight * filtered
        # The lowpass lags a little: where it is loud before, more may be below than
        # there is. The next step makes up for it.
        return np.maximum(power, 0)

    def _all_steps(self) -> NDArray[np.float64]:
        """Return the mean square of each whole 100 ms, with those still unmeasured."""
        left = self._rest.shape[1]
        whole = sum(self._fold * edge <= left for edge in self._edges[1:])
        if whole:
            padded = np.pad(self._rest, ((0, 0), (0, self._hop - left)))
            return np.concatenate([*self._powers, self._measured(padded)[:whole]])
        return np.concatenate([np.empty(0), *self._powers])


class _Lowpass:
    """A windowed sinc and a lower rate, in one product with blocks of the sound."""

    def __init__(self, fold: int, block: int) -> None:
        self._fold, self._block = fold, block
        self._products = _lowpass_products(fold, block)
        self._late = np.zeros(self._products.shape[1] - block, np.float32)

    def of(self, samples: Array) -> Array:
        """Return *samples*, shape (n * fold * block,), as (n * block,)."""
        if self._fold == 1:
            return samples
        blocks = samples.reshape(-1, self._fold * self._block)
        products = blocks @ self._products
        low = products[:, : self._block].copy()
        reach = len(self._late)
        low[1:, :reach] += products[:-1, self._block :]
        low[0, :reach] += self._late
        self._late = products[-1, self._block :].copy()
        return low.ravel()


class _KWeighting:
    """Runs by overlap-save, not by recursion."""

    def __init__(self, rate_hz: int, fold: int, hop: int) -> None:
        self._hop = hop
        least = hop + math.ceil(rate_hz / fold * _OVERLAP_S)
        self._length = fft.next_fast_len(least, real=True)
        self._length += self._length % 2
        self._response = _k_response(rate_hz, fold, self._length)
        self._before = np.zeros(self._length - hop, np.float32)

    def of(self, samples: Array) -> Array:
        """Return *samples*, shape (n * hop,), K-weighted."""
        joined = np.concatenate([self._before, samples])
        views = np.lib.stride_tricks.sliding_window_view(joined, self._length)
        segments = views[:: self._hop]
        filtered = np.empty((len(segments), self._hop), np.float32)
        for start in range(0, len(segments), _BATCH):
            part = slice(start, start + _BATCH)
            spectrum = fft.rfft(segments[part], axis=1)
            spectrum *= self._response
            whole = fft.irfft(spectrum, self._length, axis=1, overwrite_x=True)
            filtered[part] = whole[:, -self._hop :]
        self._before = joined[len(joined) - len(self._before) :].copy()
        return filtered.ravel()


def lufs(power: float) -> float:
    """Return the loudness of a weighted mean square (BS.1770-4, equation 2)."""
    return _OFFSET + 10 * math.log10(power) if power > 0 else -math.inf


def _integrated(blocks: NDArray[np.float64]) -> float | None:
    audible = blocks[_lufs(blocks) > SILENCE_LUFS]
    if not len(audible):
        return None
    gate = lufs(float(audible.mean())) + _GATE_LU
    gated = audible[_lufs(audible) > gate]
    return round(lufs(float(gated.mean())), 2)


def _range(blocks: NDArray[np.float64]) -> float | None:
    audible = blocks[_lufs(blocks) > SILENCE_LUFS]
    if not len(audible):
        return None
    gate = lufs(float(audible.mean())) + _RANGE_GATE_LU
    gated = _lufs(audible[_lufs(audible) > gate])
    low, high = np.percentile(gated, [10, 95])
    return round(float(high - low), 2)


def _loudest(blocks: NDArray[np.float64]) -> float | None:
    loudest = lufs(float(blocks.max(initial=0.0)))
    return round(loudest, 2) if loudest > SILENCE_LUFS else None


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(power, 1e-20)))


def _moving_mean(power: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    if len(power) < length:
        return np.empty(0)
    total = np.concatenate([[0.0], np.cumsum(power)])
    return np.asarray((total[length:] - total[:-length]) / length)


def _mean_squares(samples: Array, edges: list[int]) -> NDArray[np.float64]:
    """Return those between *edges* of each stretch that ends at the last of them."""
    stretches = samples.reshape(-1, edges[-1])
    found = np.empty((len(stretches), len(edges) - 1))
    for step, (first, last) in enumerate(pairwise(edges)):
        part = stretches[:, first:last]
        found[:, step] = np.vecdot(part, part) / (last - first)
    return found.ravel()


def _block(rate_hz: float) -> tuple[int, int]:
    """Return how many samples are made by one product, and how many in 400 ms.

    The one divides the other; odd rates have blocks of 400 ms to a fraction of 1 %.
    """
    hop = round(rate_hz * _BLOCK_S)
    for block in range(20, 33):
        if hop % block == 0:
            return block, hop
    return 20, round(hop / 20) * 20


@cache
def _lowpass_products(fold: int, block: int) -> Array:
    """Return what each of *fold* * *block* samples adds to each low one from there on.

    Shape (fold * block, block + _TAPS): the last columns belong to the next block.
    """
    n_taps = _TAPS * fold
    centred = np.arange(n_taps) - (n_taps - 1) / 2
    taps = np.sinc(_CUTOFF / fold * centred) * np.kaiser(n_taps, _KAISER)
    products = np.zeros((fold * block, block + _TAPS))
    for place in range(fold * block):
        first = place // fold
        lag = np.arange(first, first + _TAPS) * fold + fold - 1 - place
        products[place, first : first + _TAPS] = taps[lag]
    return np.ascontiguousarray(products / taps.sum(), np.float32)


@cache
def _k_response(rate_hz: int, fold: int, length: int) -> NDArray[np.complex64]:
    """Return the K-weighting's frequency response (BS.1770-4, tables 1 and 2).

    That of *rate_hz*, at the frequencies of *length* samples at the lower rate.

    The tables are for 48 kHz; the analogue prototypes behind them (De Man,
    "Evaluation of implementations of the EBU R128 loudness measurement", 2018) give
    the coefficients of any rate.
    """
    z = np.exp(-2j * np.pi * np.arange(length // 2 + 1) / (length * fold))

    def response(taps: list[float]) -> NDArray[np.complex128]:
        return np.asarray(taps[0] + taps[1] * z + taps[2] * z * z)

    shelf = math.tan(math.pi * 1681.974450955533 / rate_hz)
    quality, high = 0.7071752369554196, _SHELF_GAIN
    band = high**0.4996667741545416
    above = [
        high + band * shelf / quality + shelf**2,
        2 * (shelf**2 - high),
        high - band * shelf / quality + shelf**2,
    ]
    below = [
        1 + shelf / quality + shelf**2,
        2 * (shelf**2 - 1),
        1 - shelf / quality + shelf**2,
    ]
    corner = math.tan(math.pi * 38.13547087602444 / rate_hz)
    rumble = 0.5003270373238773
    highpass = [
        1 + corner / rumble + corner**2,
        2 * (corner**2 - 1),
        1 - corner / rumble + corner**2,
    ]
    weighting = response(above) / response(below)
    # The numerator is 1, -2, 1 unnormalised: so the standard's table 2 has it.
    cut = response([1.0, -2.0, 1.0]) / (response(highpass) / highpass[0])
    return np.asarray(weighting * cut, np.complex64)
