"""The one pass over a file: everything that needs its own rate, and the rest reduced.

Nothing here holds the sound at its own rate: pieces are measured, folded to one
channel at 22.05 kHz, and forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soxr

from shared.audio.decode import LONGEST_S, Decoding, opened
from shared.audio.filterbanks import Array
from shared.audio.loudness import Loudness, LoudnessMeter
from shared.audio.onsets import SAMPLE_RATE_HZ
from shared.audio.peaks import PeakMeter, dbfs
from shared.audio.pitch import SAMPLE_RATE_HZ as LOW_RATE_HZ
from shared.audio.technical import (
    SpectrumMeter,
    Technical,
    spectrum_end_hz,
    stored_bit_depth,
    true_bit_depth,
)
from shared.domain.errors import UnreadableFileError

HEARD_S = 20 * 60
"""Tempo, key and timbre are taken from so much of the beginning."""

_SHORTEST_S = 0.1
_SAME = 10 ** (-80 / 20)


@dataclass(frozen=True, slots=True)
class Listening:
    """A file, listened to once.

    Attributes:
        mono: The mean of the channels of the first HEARD_S, shape (n_samples,),
            float32, at `onsets.SAMPLE_RATE_HZ`.
        low: The same at `pitch.SAMPLE_RATE_HZ`.
        finding: What was wrong where only a part could be decoded.
    """

    mono: Array
    low: Array
    loudness: Loudness
    technical: Technical
    finding: str


def listen(source: Path | BinaryIO, longest_s: float = LONGEST_S) -> Listening:
    """Return what the file at *source* sounds like, decoded once.

    Raises:
        UnreadableFileError: Nothing of it can be decoded, or less than 0.1 s.
    """
    with opened(source) as decoding:
        ear: _Ear | None = None
        for chunk in decoding.chunks(longest_s):
            if ear is None:
                ear = _Ear(decoding.sample_rate_hz, decoding.channels)
            ear.hear(chunk)
        if ear is None or decoding.n_samples < _SHORTEST_S * decoding.sample_rate_hz:
            reason = decoding.finding or "it is so short"
            raise UnreadableFileError("hardly any sound is in it", reason=reason)
        return ear.heard(decoding)


class _Ear:
    """Everything that is measured while pieces go by."""

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._rate_hz = sample_rate_hz
        self._loudness = LoudnessMeter(sample_rate_hz, channels)
        self._peaks = PeakMeter(channels)
        self._spectrum = SpectrumMeter()
        self._resampler = soxr.ResampleStream(
            sample_rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32", quality="HQ"
        )
        self._folded = np.empty(0, np.float32)
        # Memory is taken only where it is written to: this much is rarely needed.
        self._mono = np.empty(HEARD_S * SAMPLE_RATE_HZ, np.float32)
        self._kept = 0
        self._sums = np.zeros(channels)
        self._channels_equal = channels == 2

    def hear(self, chunk: Array) -> None:
        self._loudness.add(chunk)
        self._peaks.add(chunk)
        self._spectrum.add(chunk)
        self._sums += chunk.sum(axis=1)
        if self._channels_equal:
            self._channels_equal = bool(np.abs(chunk[0] - chunk[1]).max() <= _SAME)
        if self._kept < HEARD_S * SAMPLE_RATE_HZ:
            self._keep(self._resampler.resample_chunk(self._mean(chunk)))

    def _mean(self, chunk: Array) -> Array:
        """Return the mean of the channels, overwritten by the next."""
        channels, length = chunk.shape
        if len(self._folded) < length:
            self._folded = np.empty(length, np.float32)
        folded = self._folded[:length]
        np.add(chunk[0], chunk[1], out=folded) if channels > 1 else np.copyto(
            folded, chunk[0]
        )
        for channel in chunk[2:]:
            folded += channel
        folded *= np.float32(1 / channels)
        return folded

    def _keep(self, resampled: Array) -> None:
        part = self._mono[self._kept : self._kept + len(resampled)]
        part[...] = resampled[: len(part)]
        self._kept += len(part)

    def heard(self, decoding: Decoding) -> Listening:
        if self._kept < HEARD_S * SAMPLE_RATE_HZ:
            self._keep(self._resampler.resample_chunk(np.empty(0, np.float32), True))
        mono = self._mono[: self._kept]
        return Listening(
            mono=mono,
            low=soxr.resample(mono, SAMPLE_RATE_HZ, LOW_RATE_HZ, quality="LQ"),
            loudness=self._loudness.result(),
            technical=self._technical(decoding),
            finding=decoding.finding,
        )

    def _technical(self, decoding: Decoding) -> Technical:
        total = decoding.n_samples
        silent = self._peaks.first_sound < 0
        first = total if silent else self._peaks.first_sound
        last = total if silent else self._peaks.last_sound + 1
        used = true_bit_depth(decoding.used_bits, decoding.sample_bits)
        return Technical(
            codec=decoding.codec,
            lossless=decoding.lossless,
            duration_ms=self._ms(total),
            sample_rate_hz=decoding.sample_rate_hz,
            channels=decoding.channels,
            bit_depth=stored_bit_depth(decoding.bit_depth, used),
            used_bit_depth=used,
            sample_peak_dbfs=dbfs(self._peaks.sample_peak),
            true_peak_dbtp=dbfs(self._peaks.true_peak),
            clipped_samples=self._peaks.clipped_samples,
            dc_offset=round(float(np.abs(self._sums).max()) / max(total, 1), 6),
            silence_head_ms=self._ms(first),
            silence_tail_ms=self._ms(total - last),
            channels_equal=self._channels_equal and not silent,
            spectrum_end_hz=spectrum_end_hz(
                self._spectrum.mean, decoding.sample_rate_hz
            ),
            truncated=decoding.truncated,
        )

    def _ms(self, n_samples: int) -> int:
        return round(1000 * n_samples / self._rate_hz)
