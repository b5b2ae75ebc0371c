"""What the stored sound is technically, and what is suspicious about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.audio.filterbanks import Array, framed, hann

_WINDOW, _WINDOWS = 8192, 4
_SMOOTHING_HZ = 200.0
_CLIFF_DB, _CLIFF_HZ = 25.0, 1_000.0
_LOSSY_ENDS_HZ = (14_500.0, 20_600.0)
_CD_END_HZ = 22_500.0
_HIGH_RATE_HZ = 64_000
_MANY_CLIPPED = 10
_MUCH_DC = 0.005
_LONG_SILENCE_MS = 5_000


@dataclass(frozen=True, slots=True)
class Technical:
    """What a file is, and what its samples say.

    Attributes:
        duration_ms: Of what was decoded.
        bit_depth: As the file says; None where its codec has none.
        used_bit_depth: Bits that are ever set: below *bit_depth* the rest is padding.
        true_peak_dbtp: ITU-R BS.1770-4, annex 2; None in silence.
        clipped_samples: In runs of at least three at full scale.
        dc_offset: The largest mean of a channel, full scale at 1.
        channels_equal: Two channels that are one.
        spectrum_end_hz: Where the spectrum falls off a cliff; None where it does not.
        truncated: The file is longer than what was decoded.
    """

    codec: str
    lossless: bool
    duration_ms: int
    sample_rate_hz: int
    channels: int
    bit_depth: int | None
    used_bit_depth: int | None
    sample_peak_dbfs: float | None
    true_peak_dbtp: float | None
    clipped_samples: int
    dc_offset: float
    silence_head_ms: int
    silence_tail_ms: int
    channels_equal: bool
    spectrum_end_hz: int | None
    truncated: bool

    @property
    def findings(self) -> tuple[str, ...]:
        """Codes of what a person should look at, sorted."""
        silent = self.true_peak_dbtp is None
        end_hz = self.spectrum_end_hz
        padded = (
            self.bit_depth is not None
            and self.used_bit_depth is not None
            and self.used_bit_depth < self.bit_depth
        )
        told = {
            "audio.silent": silent,
            "audio.clipped": self.clipped_samples >= _MANY_CLIPPED,
            "audio.over-full-scale": not silent and (self.true_peak_dbtp or 0) > 0,
            "audio.dc-offset": self.dc_offset > _MUCH_DC,
            "audio.silence-at-head": not silent
            and self.silence_head_ms > _LONG_SILENCE_MS,
            "audio.silence-at-tail": not silent
            and self.silence_tail_ms > _LONG_SILENCE_MS,
            "audio.mono-as-stereo": self.channels_equal,
            "audio.padded-bits": padded and not silent,
            "audio.upsampled": self.sample_rate_hz > _HIGH_RATE_HZ
            and end_hz is not None
            and end_hz <= _CD_END_HZ,
            "audio.lossy-source": self.lossless
            and end_hz is not None
            and _LOSSY_ENDS_HZ[0] <= end_hz <= _LOSSY_ENDS_HZ[1],
            "audio.truncated": self.truncated,
        }
        return tuple(sorted(code for code, applies in told.items() if applies))


class SpectrumMeter:
    """Takes sound piece by piece; a few windows of each say where its spectrum ends."""

    def __init__(self) -> None:
        self._total = np.zeros(_WINDOW // 2 + 1)
        self._count = 0

    def add(self, samples: Array) -> None:
        """Take the next *samples*, shape (channels, n_samples)."""
        step = max(samples.shape[1] // _WINDOWS, _WINDOW)
        for row in samples:
            spectra = fft.rfft(framed(row, _WINDOW, step) * hann(_WINDOW), axis=1)
            self._total += (spectra.real**2 + spectra.imag**2).sum(axis=0)
            self._count += len(spectra)

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean power spectrum up to half the rate, shape (n_bins,)."""
        return self._total / max(self._count, 1)


def true_bit_depth(used_bits: int, sample_bits: int) -> int | None:
    """Return how many bits of a sample are ever set, from the OR of all samples."""
    if not used_bits:
        return None
    trailing = (used_bits & -used_bits).bit_length() - 1
    return sample_bits - trailing


def stored_bit_depth(declared: int | None, used: int | None) -> int | None:
    """Return the depth a file has: decoders hand 24 bits out as 32, low byte empty."""
    if declared == 32 and used is not None and used <= 24:
        return 24
    return declared


def spectrum_end_hz(power: NDArray[np.float64], sample_rate_hz: int) -> int | None:
    """Return where *power* ends in a cliff of 25 dB within a kilohertz, or None.

    Args:
        power: The mean power spectrum up to half the rate, shape (n_bins,).
        sample_rate_hz: Of the sound.
    """
    nyquist_hz = sample_rate_hz / 2
    bin_hz = nyquist_hz / (len(power) - 1)
    width = max(1, round(_SMOOTHING_HZ / bin_hz))
    bands = len(power) // width
    if bands < 20 or power.max(initial=0.0) <= 0:
        return None
    smooth = power[: bands * width].reshape(bands, width).mean(axis=1)
    level_db = 10 * np.log10(smooth + smooth.max() * 1e-14)
    reach = max(1, round(_CLIFF_HZ / (width * bin_hz)))
    fall_db = level_db[:-reach] - level_db[reach:]
    # The last cliff with nothing but a floor behind it; low ones are just tones.
    start = int(4_000 / (width * bin_hz))
    cliffs = start + np.flatnonzero(fall_db[start:] >= _CLIFF_DB)
    for index in cliffs:
        behind = level_db[index + reach :]
        if behind.max(initial=-np.inf) <= level_db[index] - _CLIFF_DB + 3:
            return round((index + reach / 2 + 0.5) * width * bin_hz)
    return None
