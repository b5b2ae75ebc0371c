"""Music-like sound of a known tempo and key: chords, a bass, and a beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ: Final = 44_100
_NOTES: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_A4_HZ: Final = 440.0

# Degrees in semitones above the tonic, and whether the chord is minor: I V vi IV and
# i VI III VII, the progressions that most listeners would recognise a key from.
_PROGRESSIONS: Final = {
    "major": ((0, False), (7, False), (9, True), (5, False)),
    "minor": ((0, True), (8, False), (3, False), (10, False)),
}


@dataclass(frozen=True, slots=True)
class Song:
    """What to play: *key* as the catalog writes it, such as `A minor`."""

    bpm: float = 120.0
    key: str = "A minor"
    duration_s: float = 8.0
    seed: int = 1


def samples(song: Song) -> NDArray[np.int16]:
    """Return the sound of *song*, shape (n_samples, 2), at 44.1 kHz."""
    beat_samples = 60.0 / song.bpm * SAMPLE_RATE_HZ
    total = round(song.duration_s * SAMPLE_RATE_HZ)
    tonic, mode = song.key.split()
    mix = np.zeros(total + SAMPLE_RATE_HZ, dtype=np.float64)
    for beat in range(int(total / beat_samples) + 1):
        start = round(beat * beat_samples)
        degree, is_minor = _PROGRESSIONS[mode][beat // 4 % 4]
        root = _NOTES.index(tonic) + degree
        _add(mix, start, _chord(root, round(beat_samples), is_minor=is_minor))
        _add(mix, start, _kick() * (1.0 if beat % 4 == 0 else 0.7))
        _add(mix, start + round(beat_samples / 2), _hat(song.seed + beat) * 0.25)
    left = mix[:total]
    right = np.roll(left, 40)
    stereo = np.stack([left, right], axis=1)
    loudest = max(float(np.abs(stereo).max()), 1e-9)
    return (stereo / loudest * 0.8 * 32_767).astype(np.int16)


def _add(mix: NDArray[np.float64], start: int, sound: NDArray[np.float64]) -> None:
    end = min(len(mix), start + len(sound))
    if start < end:
        mix[start:end] += sound[: end - start]


def _tone(midi: float, length: int) -> NDArray[np.float64]:
    time_s = np.arange(length) / SAMPLE_RATE_HZ
    pitch_hz = _A4_HZ * 2 ** ((midi - 69) / 12)
    overtones = [np.sin(2 * np.pi * pitch_hz * n * time_s) / n**2 for n in (1, 2, 3)]
    fade = np.minimum(1.0, np.minimum(time_s / 0.01, time_s[::-1] / 0.02))
    tone: NDArray[np.float64] = sum(overtones) * fade * np.exp(-1.5 * time_s)
    return tone


def _chord(root: int, length: int, *, is_minor: bool) -> NDArray[np.float64]:
    third = 3 if is_minor else 4
    voices = (48 + root % 12, 60 + root % 12, 60 + (root + third) % 12, 67 + root % 12)
    chord = np.zeros(length, dtype=np.float64)
    for midi in voices:
        chord += _tone(midi, length) * 0.25
    return chord


def _kick() -> NDArray[np.float64]:
    time_s = np.arange(round(0.15 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    sweep_hz = 50 + 120 * np.exp(-30 * time_s)
    return np.sin(2 * np.pi * np.cumsum(sweep_hz) / SAMPLE_RATE_HZ) * np.exp(
        -25 * time_s
    )


def _hat(seed: int) -> NDArray[np.float64]:
    length = round(0.05 * SAMPLE_RATE_HZ)
    noise = np.random.default_rng(seed).standard_normal(length)
    return noise * np.exp(-np.arange(length) / SAMPLE_RATE_HZ * 90)
