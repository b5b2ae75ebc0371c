"""The fitted numbers, read from the file that `python -m shared.audio.fit` writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WEIGHTS_FILE = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """What was fitted.

    Attributes:
        tempo: One per feature of `tempo.tempo_features`.
        tempo_calibration: Slope and offset of `calibration.Calibration`.
        key: For major, then minor: twelve for treble, twelve for bass, one offset.
        key_calibration: As of tempo.
    """

    tempo: tuple[float, ...]
    tempo_calibration: tuple[float, float]
    key: tuple[float, ...]
    key_calibration: tuple[float, float]


@cache
def weights() -> Weights:
    """Return the weights that come with the code."""
    stored = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return Weights(
        tempo=tuple(stored["tempo"]),
        tempo_calibration=tuple(stored["tempo_calibration"]),
        key=tuple(stored["key"]),
        key_calibration=tuple(stored["key_calibration"]),
    )
