"""Everything heard in one recording, measured once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import librosa

from shared.audio.decode import SAMPLE_RATE_HZ, decode
from shared.audio.loudness import energy, integrated_loudness_lufs
from shared.audio.tempo import Tempo, estimate_tempo
from shared.audio.tonality import Tonality, estimate_tonality

VERSION = "v1"
"""Changes whenever the same bytes would be heard differently."""

_TONAL_RATE_HZ = SAMPLE_RATE_HZ // 2


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was heard; None where there is nothing to measure, as in silence.

    Attributes:
        loudness_lufs: Integrated, ITU-R BS.1770-4.
        energy: From 0 to 1: see `loudness.energy`.
        duration_ms: Of what was listened to, which may be less than the file.
        finding: What was wrong with the file, if anything.
    """

    tempo: Tempo | None
    tonality: Tonality | None
    loudness_lufs: float | None
    energy: float | None
    duration_ms: int
    finding: str = ""


def analyse(path: Path) -> Analysis:
    """Return what is heard in the file at *path*.

    Raises:
        UnreadableFileError: No second of sound can be decoded.
    """
    sound = decode(path)
    lufs = integrated_loudness_lufs(sound.samples, SAMPLE_RATE_HZ)
    duration_ms = round(sound.duration_s * 1000)
    if lufs is None:
        return Analysis(None, None, None, None, duration_ms, sound.finding)
    mono = sound.mono
    half = librosa.resample(
        mono, orig_sr=SAMPLE_RATE_HZ, target_sr=_TONAL_RATE_HZ, res_type="soxr_mq"
    )
    return Analysis(
        tempo=estimate_tempo(half, _TONAL_RATE_HZ),
        tonality=estimate_tonality(half, _TONAL_RATE_HZ),
        loudness_lufs=lufs,
        energy=energy(mono, SAMPLE_RATE_HZ, lufs),
        duration_ms=duration_ms,
        finding=sound.finding,
    )
