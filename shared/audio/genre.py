"""Which genre it sounds like, and how sure that is: `genre_v1`.

Ten broad genres from statistics of timbre. It is right about half of the time on
artists that it has not heard, and says so: docs/reference/models/genre.md.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.audio.calibration import Calibration
from shared.audio.timbre import Timbre

MODEL_FILE = Path(__file__).with_name("genre_v1.json")


@dataclass(frozen=True, slots=True)
class Genre:
    """A genre such as `hiphop`.

    Attributes:
        confidence: The calibrated probability that a labeller would say the same.
        alternatives: The next likeliest, likeliest first.
        model: Which model said so.
    """

    genre: str
    confidence: float
    alternatives: tuple[str, ...]
    model: str


@dataclass(frozen=True, slots=True)
class GenreModel:
    """Multinomial logistic regression over standardised features.

    Attributes:
        genres: The classes, sorted.
        mean: Of each feature, shape (n_features,).
        spread: Standard deviation of each feature.
        weights: Shape (n_features, n_genres).
        offsets: Shape (n_genres,).
    """

    name: str
    genres: tuple[str, ...]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]
    offsets: NDArray[np.float64]
    calibration: Calibration

    def likelihood(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of each genre, shape (..., n_genres), uncalibrated."""
        scores = (features - self.mean) / self.spread @ self.weights + self.offsets
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=-1, keepdims=True))

    def genre(self, features: NDArray[np.float64]) -> Genre:
        """Return the likeliest genre of one recording's *features*."""
        shares = self.likelihood(features)
        ranked = np.argsort(-shares, kind="stable")
        names = [self.genres[index] for index in ranked[:4]]
        return Genre(
            genre=names[0],
            confidence=self.calibration.probability([float(shares[ranked[0]])]),
            alternatives=tuple(names[1:]),
            model=self.name,
        )


def estimate_genre(sound: Timbre, bpm: float | None) -> Genre:
    """Return what genre a recording of this timbre and tempo sounds like."""
    return genre_model().genre(genre_features(sound, bpm))


def genre_features(sound: Timbre, bpm: float | None) -> NDArray[np.float64]:
    """Return what genres are told by, shape (34,): see `genre_fit.COLUMNS`.

    Variances and power are taken as logarithms; no tempo counts as 120 bpm.
    """
    return np.array(
        [
            *sound.mfcc_mean,
            *(math.log(value + 1e-9) for value in sound.mfcc_variance),
            sound.centroid_hz,
            math.log(sound.centroid_variance_hz2 + 1e-9),
            sound.bandwidth_hz,
            sound.rolloff_hz,
            sound.zero_crossings,
            sound.rms,
            math.log(sound.rms_variance + 1e-9),
            bpm or 120.0,
        ]
    )


@cache
def genre_model(path: Path = MODEL_FILE) -> GenreModel:
    """Return the model stored at *path* by `python -m shared.audio.genre_fit`."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return GenreModel(
        name=stored["name"],
        genres=tuple(stored["genres"]),
        mean=np.array(stored["mean"]),
        spread=np.array(stored["spread"]),
        weights=np.array(stored["weights"]),
        offsets=np.array(stored["offsets"]),
        calibration=Calibration(*stored["calibration"]),
    )
