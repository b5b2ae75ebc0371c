"""How loud it is: ITU-R BS.1770-4 and EBU R128, in one pass over pieces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.filterbanks import Array

SILENCE_LUFS = -70.0
"""What is quieter is gated out (BS.1770-4, annex 1, equation 4)."""

_STEP_S = 0.1
_STEPS = 4  # of one gating block, 400 ms
_SHORT_TERM_STEPS = 30  # EBU Tech 3341: 3 s
_OVERLAP_S = 0.05  # the filters' answer has decayed by 80 dB after it
_OFFSET = -0.691
_GATE_LU, _RANGE_GATE_LU = -10.0, -20.0
_BATCH = 8  # as much as stays in the processor's cache
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
    """Takes sound piece by piece; the filters run by overlap-save, not by recursion."""

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._step = round(sample_rate_hz * _STEP_S)
        least = _STEPS * self._step + math.ceil(sample_rate_hz * _OVERLAP_S)
        self._length = fft.next_fast_len(least, real=True)
        self._length += self._length % 2
        self._overlap = self._length - _STEPS * self._step
        self._response = _k_response(sample_rate_hz, self._length)
        self._weights = _CHANNEL_WEIGHTS.get(channels, (1.0,) * channels)
        self._rest = np.zeros((channels, self._overlap), np.float32)
        self._steps: list[NDArray[np.float64]] = []
        self.spectrum = np.zeros(self._length // 2 + 1)
        self.spectra = 0

    def add(self, samples: Array) -> None:
        """Take the next *samples*, shape (channels, n_samples)."""
        joined = np.concatenate([self._rest, samples], axis=1)
        hop = _STEPS * self._step
        count = (joined.shape[1] - self._overlap) // hop
        for start in range(0, count, _BATCH):
            self._measure(joined, range(start, min(start + _BATCH, count)))
        self._rest = joined[:, count * hop :].copy()

    def _measure(self, joined: Array, segments: range) -> None:
        hop = _STEPS * self._step
        begin = segments.start * hop
        end = begin + (len(segments) - 1) * hop + self._length
        power = np.zeros((len(segments), _STEPS))
        for channel, weight in enumerate(self._weights):
            if not weight:
                continue
            views = np.lib.stride_tricks.sliding_window_view(
                joined[channel, begin:end], self._length
            )[::hop]
            spectrum = fft.rfft(views, axis=1)
            # Every so often is enough to see where the spectrum ends.
            some = spectrum[0]
            self.spectrum += some.real**2 + some.imag**2
            self.spectra += 1
            spectrum *= self._response
            filtered = fft.irfft(spectrum, self._length, axis=1)[:, self._overlap :]
            steps = filtered.reshape(len(segments), _STEPS, self._step)
            power += weight * np.einsum("ijk,ijk->ij", steps, steps)
        self._steps.append(power.ravel() / self._step)

    def result(self) -> Loudness:
        """Return how loud all that was taken is."""
        power = self._all_steps()
        momentary = _moving_mean(power, _STEPS)
        short_term = _moving_mean(power, _SHORT_TERM_STEPS)
        return Loudness(
            integrated_lufs=_integrated(momentary),
            range_lu=_range(short_term),
            short_term_max_lufs=_loudest(short_term),
            momentary_max_lufs=_loudest(momentary),
        )

    def _all_steps(self) -> NDArray[np.float64]:
        """Return the mean square of each 100 ms, with those still unmeasured."""
        left = self._rest.shape[1] - self._overlap
        whole = left // self._step
        if whole:
            room = self._length - self._rest.shape[1]
            padded = np.pad(self._rest, ((0, 0), (0, room)))
            measured = len(self._steps)
            self._measure(padded, range(1))
            last = self._steps.pop(measured)[:whole]
            return np.concatenate([*self._steps, last])
        return np.concatenate(self._steps) if self._steps else np.empty(0)


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


@cache
def _k_response(sample_rate_hz: int, length: int) -> NDArray[np.complex64]:
    """Return the K-weighting's frequency response (BS.1770-4, tables 1 and 2).

    The tables are for 48 kHz; the analogue prototypes behind them (De Man,
    "Evaluation of implementations of the EBU R128 loudness measurement", 2018) give
    the coefficients of any rate.
    """
    z = np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length)

    def response(taps: list[float]) -> NDArray[np.complex128]:
        return np.asarray(taps[0] + taps[1] * z + taps[2] * z * z)

    shelf = math.tan(math.pi * 1681.974450955533 / sample_rate_hz)
    quality, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
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
    corner = math.tan(math.pi * 38.13547087602444 / sample_rate_hz)
    rumble = 0.5003270373238773
    highpass = [
        1 + corner / rumble + corner**2,
        2 * (corner**2 - 1),
        1 - corner / rumble + corner**2,
    ]
    weighting = response(above) / response(below)
    # The numerator is 1, -2, 1 unnormalised: so the standard's table 2 has it.
    cut = response([1.0, -2.0, 1.0]) / (response(highpass) / highpass[0])
    return (weighting * cut).astype(np.complex64)
