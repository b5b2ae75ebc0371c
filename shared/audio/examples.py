"""What tempo and key learn from: labelled recordings, variants of them, made-up pieces.

A variant of a recording is never told from it: both are learned from, or neither.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.audio.composing import compose
from shared.audio.filterbanks import Array
from shared.audio.listening import listen
from shared.audio.onsets import onset_strength
from shared.audio.pitch import Pitches, pitches
from shared.audio.tempo import GRID_BPM, tempo_features
from shared.audio.tonality import KEYS, key_features

_SHARPNESS = 0.015  # how far, in log tempo, a near miss is half right
_SHARP_TO_FLAT = {"C#": "Db", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb"}

# Recordings of people are few among pieces that were rendered: they count twice, and
# are stretched more often.
_REAL_WEIGHT, _VARIANT_WEIGHT, _MADE_WEIGHT = 2.0, 0.5, 0.5
_REAL_STRETCHES, _RENDERED_STRETCHES = 6, 2
_STRETCH = 0.22  # in log tempo, either way
_CROPS, _CROP_SHARES = 2, (0.4, 0.8)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Examples:
    """What one model learns from.

    Attributes:
        names: Of the files, for grouping; variants bear their original's.
        features: Shape (n_examples, n_answers, n_features).
        truth: How right each answer is, rows summing to 1, (n_examples, n_answers).
        weights: How much each counts, shape (n_examples,).
        asked: Whether it is a recording itself: only these are asked about.
    """

    names: tuple[str, ...]
    features: NDArray[np.floating]
    truth: Floats
    weights: Floats
    asked: NDArray[np.bool_]

    @classmethod
    def alike(
        cls, names: tuple[str, ...], features: NDArray[np.floating], truth: Floats
    ) -> Examples:
        """Return recordings that count alike."""
        every = np.ones(len(names))
        return cls(names, features, truth, every, every > 0)

    def part(self, chosen: NDArray[np.bool_]) -> Examples:
        """Return those that are *chosen*, shape (n_examples,)."""
        return Examples(
            tuple(np.array(self.names)[chosen].tolist()),
            self.features[chosen],
            self.truth[chosen],
            self.weights[chosen],
            self.asked[chosen],
        )


@dataclass(slots=True)
class _Collected:
    names: list[str]
    features: list[NDArray[np.floating]]
    truth: list[Floats]
    weights: list[float]
    asked: list[bool]

    @classmethod
    def nothing(cls) -> _Collected:
        return cls([], [], [], [], [])

    def add(
        self,
        name: str,
        features: NDArray[np.floating],
        truth: Floats,
        weight: float,
        *,
        asked: bool,
    ) -> None:
        self.names.append(name)
        self.features.append(features.astype(np.float32))
        self.truth.append(truth)
        self.weights.append(weight)
        self.asked.append(asked)

    def examples(self) -> Examples:
        return Examples(
            tuple(self.names),
            np.stack(self.features),
            np.stack(self.truth),
            np.array(self.weights),
            np.array(self.asked),
        )


def examples(folders: Sequence[Path], made: int) -> tuple[Examples, Examples]:
    """Return what the recordings in *folders* teach about tempo, and about key.

    Args:
        folders: Each with an `index.csv`: columns `file`, `bpm` and `key`, either of
            which may be empty; `seed` where pieces were rendered.
        made: How many composed pieces to add to tempo's.
    """
    draw = np.random.default_rng(0)
    tempo, key = _Collected.nothing(), _Collected.nothing()
    for path, row in _rows(folders):
        heard = listen(path)
        if row["bpm"]:
            strength = onset_strength(heard.mono)
            real = not row.get("seed")
            _add_tempo(tempo, path.name, strength, float(row["bpm"]), draw, real=real)
        if row["key"]:
            _add_key(key, path.name, pitches(heard.low), _flat(row["key"]), draw)
    for seed in range(made):
        piece = compose(seed)
        features = tempo_features(onset_strength(piece.samples))[1]
        tempo.add(
            f"made_{seed}", features, _tempo_truth(piece.bpm), _MADE_WEIGHT, asked=False
        )
    return tempo.examples(), key.examples()


def _add_tempo(
    into: _Collected,
    name: str,
    strength: Array,
    bpm: float,
    draw: np.random.Generator,
    *,
    real: bool,
) -> None:
    weight = _REAL_WEIGHT if real else 1.0
    into.add(name, tempo_features(strength)[1], _tempo_truth(bpm), weight, asked=True)
    for _ in range(_REAL_STRETCHES if real else _RENDERED_STRETCHES):
        factor = float(np.exp(draw.uniform(-_STRETCH, _STRETCH)))
        if GRID_BPM[0] < bpm / factor < GRID_BPM[-1]:
            features = tempo_features(stretched(strength, factor))[1]
            truth = _tempo_truth(bpm / factor)
            into.add(name, features, truth, weight * _VARIANT_WEIGHT, asked=False)


def _add_key(
    into: _Collected, name: str, heard: Pitches, key: str, draw: np.random.Generator
) -> None:
    answer = np.eye(len(KEYS))[KEYS.index(key)]
    into.add(name, key_features(heard), answer, 1.0, asked=True)
    for _ in range(_CROPS):
        into.add(name, key_features(cropped(heard, draw)), answer, 1.0, asked=False)


def stretched(strength: Array, factor: float) -> Array:
    """Return *strength*, shape (n_frames, n_bands), lasting *factor* times as long."""
    places = np.arange(int(len(strength) * factor)) / factor
    inside = np.arange(len(strength))
    columns = [np.interp(places, inside, column) for column in strength.T]
    return np.stack(columns, axis=1).astype(np.float32)


def cropped(heard: Pitches, draw: np.random.Generator) -> Pitches:
    """Return a stretch of two to four fifths of *heard*, from anywhere."""
    count = len(heard.chroma)
    length = max(int(count * draw.uniform(*_CROP_SHARES)), 1)
    first = int(draw.integers(0, count - length + 1))
    part = slice(first, first + length)
    return replace(heard, chroma=heard.chroma[part], bass=heard.bass[part])


def _tempo_truth(bpm: float) -> Floats:
    near = np.exp(-0.5 * (np.log(GRID_BPM / bpm) / _SHARPNESS) ** 2)
    return np.asarray(near / near.sum())


def _rows(folders: Sequence[Path]) -> Iterator[tuple[Path, dict[str, str]]]:
    for folder in folders:
        with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield folder / row["file"], row


def _flat(key: str) -> str:
    pitch, _, mode = key.partition(" ")
    return f"{_SHARP_TO_FLAT.get(pitch, pitch)} {mode}"
