"""Pieces made up by rule, to learn from: their tempo and key are known because set.

Styles say which sixteenths are struck, how chords are played, and how fast such music
goes; all else is drawn. Nothing is imitated: no recording, no score.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.audio.filterbanks import Array
from shared.audio.onsets import SAMPLE_RATE_HZ
from shared.audio.styles import STYLES, Style
from shared.audio.tonality import PITCHES

Generator = np.random.Generator
Floats = NDArray[np.float64]

_SECONDS = (12.0, 20.0)
_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
# Degrees from 0; each begins where its key is at home, as most music does.
_PROGRESSIONS = {
    "major": ((0, 4, 5, 3), (0, 3, 4, 0), (0, 5, 3, 4), (0, 3, 0, 4), (0, 4, 0, 4)),
    "minor": ((0, 5, 2, 6), (0, 3, 4, 0), (0, 6, 5, 4), (0, 3, 6, 2), (0, 5, 3, 4)),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Sound, shape (n_samples,), at 22.05 kHz, and what it was made at."""

    samples: Array
    bpm: float
    key: str


def compose(seed: int) -> Piece:
    """Return the piece that *seed* makes; the same one always."""
    draw = np.random.default_rng(seed)
    style = STYLES[str(draw.choice(list(STYLES)))]
    bpm = _tempo(draw, style)
    mode = str(draw.choice(["major", "minor"]))
    tonic = int(draw.integers(12))
    performance = _Performance(draw, style, bpm, tonic, mode)
    return Piece(performance.samples(), round(bpm, 3), f"{PITCHES[tonic]} {mode}")


def _tempo(draw: Generator, style: Style) -> float:
    low, high = np.log(style.bpm)
    # Now and then somebody plays it at a tempo that is not usual.
    spread = 0.12 * draw.standard_normal() if draw.random() < 0.3 else 0.0
    return float(np.clip(np.exp(draw.uniform(low, high) + spread), 56, 195))


class _Performance:
    """One piece, drawn part by part."""

    def __init__(
        self, draw: Generator, style: Style, bpm: float, tonic: int, mode: str
    ) -> None:
        self._draw, self._style = draw, style
        self._division_s = 60 / bpm / style.division
        self._tuning = draw.choice([0.0, 0.0, draw.uniform(-0.3, 0.3)])
        self._tonic = tonic
        self._scale = _MAJOR if mode == "major" else _MINOR
        choices = _PROGRESSIONS[mode]
        self._progression = choices[int(draw.integers(len(choices)))]
        self._swing = draw.uniform(0.1, 0.3) if draw.random() < 0.2 else 0.0
        self._loose_s = draw.choice([0.0, 0.004, 0.01])
        bars = style.beats * style.division * self._division_s
        self._bars = max(int(draw.uniform(*_SECONDS) / bars), 2)
        # A loop is a bar or two, over and over, to the sample.
        self._repeats = int(draw.choice([1, 2])) if draw.random() < 0.35 else 0
        self._offset_s = float(draw.uniform(0, 0.8)) if not self._repeats else 0.0
        self._brightness = float(draw.uniform(1.0, 2.2))
        self._decay_s = float(draw.uniform(0.15, 1.2))

    def samples(self) -> Array:
        bars = self._repeats or self._bars
        bar_s = self._style.beats * self._style.division * self._division_s
        length = round((self._offset_s + bars * bar_s + 1.5) * SAMPLE_RATE_HZ)
        out = np.zeros(length)
        for bar in range(bars):
            self._play_bar(out, self._offset_s + bar * bar_s, bar)
        if self._repeats:
            loop = out[: round(bars * bar_s * SAMPLE_RATE_HZ)]
            out = np.tile(loop, int(np.ceil(_SECONDS[1] / (bars * bar_s))))
        out += 10 ** self._draw.uniform(-5, -2.5) * self._draw.standard_normal(len(out))
        drive = self._draw.uniform(0.5, 3)
        return np.asarray(np.tanh(drive * out / (np.abs(out).max() + 1e-9)), np.float32)

    def _play_bar(self, out: Floats, start_s: float, bar: int) -> None:
        style, draw = self._style, self._draw
        degree = self._progression[bar % len(self._progression)]
        drums: tuple[tuple[str, Callable[[Generator], Floats], float], ...] = (
            (style.kick, _kick, 0.9),
            (style.snare, _snare, 0.6),
            (style.hat, _hat, 0.3),
        )
        for pattern, sound, level in drums:
            for place in self._struck(pattern):
                accent = level * draw.uniform(0.6, 1.0)
                self._add(out, self._time_s(start_s, place), accent * sound(draw))
        for place in self._struck(style.chords):
            for step in (0, 2, 4):
                self._note(out, self._time_s(start_s, place), degree + step, 0, 0.16)
        for place in self._struck(style.bass):
            step = int(draw.choice([0, 0, 0, 4]))
            self._note(out, self._time_s(start_s, place), degree + step, -2, 0.35)
        for place in range(style.beats * style.division):
            if draw.random() < style.melody:
                step = int(draw.choice([0, 2, 4, 0, 2, 4, 1, 3, 5]))
                self._note(out, self._time_s(start_s, place), degree + step, 1, 0.22)

    def _struck(self, pattern: str) -> list[int]:
        return [
            place
            for place, mark in enumerate(pattern)
            if mark == "x" or (mark == "o" and self._draw.random() < 0.5)
        ]

    def _time_s(self, start_s: float, place: int) -> float:
        late = self._swing if place % 2 and self._style.division != 3 else 0.0
        loose = self._loose_s * self._draw.standard_normal()
        return float(start_s + (place + late) * self._division_s + loose)

    def _note(
        self, out: Floats, at_s: float, degree: int, octave: int, level: float
    ) -> None:
        octaves, step = divmod(degree, 7)
        semitone = self._tonic + self._scale[step] + 12 * (octaves + octave)
        hz = 261.6256 * 2 ** ((semitone + self._tuning) / 12)
        length_s = min(2.0 * self._division_s + self._decay_s, 1.5)
        time_s = np.arange(int(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
        sound = np.zeros(len(time_s))
        for partial in range(1, 7):
            if partial * hz < SAMPLE_RATE_HZ / 2.2:
                phase = 2 * np.pi * partial * hz * time_s
                sound += np.sin(phase) / partial**self._brightness
        attack = np.minimum(time_s / 0.006, 1)
        release = np.minimum((length_s - time_s) / 0.02, 1)
        fade = np.exp(-time_s / self._decay_s)
        self._add(out, at_s, level * sound * attack * release * fade)

    @staticmethod
    def _add(out: Floats, at_s: float, sound: Floats) -> None:
        at = max(round(at_s * SAMPLE_RATE_HZ), 0)
        part = out[at : at + len(sound)]
        part += sound[: len(part)]


def _kick(draw: Generator) -> Floats:
    time_s = np.arange(int(0.18 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    hz = draw.uniform(42, 65) + draw.uniform(60, 180) * np.exp(-time_s / 0.025)
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE_HZ
    return np.asarray(np.sin(phase) * np.exp(-time_s / draw.uniform(0.05, 0.12)))


def _snare(draw: Generator) -> Floats:
    time_s = np.arange(int(0.16 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    noise = draw.standard_normal(len(time_s))
    noise *= np.exp(-time_s / draw.uniform(0.03, 0.08))
    body = np.sin(2 * np.pi * draw.uniform(160, 240) * time_s) * np.exp(-time_s / 0.05)
    return np.asarray(0.5 * noise + 0.6 * body)


def _hat(draw: Generator) -> Floats:
    length_s = draw.choice([0.03, 0.05, 0.15], p=[0.5, 0.4, 0.1])
    time_s = np.arange(int(3 * length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    noise = np.diff(draw.standard_normal(len(time_s) + 2), 2)
    return np.asarray(0.4 * noise * np.exp(-time_s / length_s))
