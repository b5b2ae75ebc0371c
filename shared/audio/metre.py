"""How many beats make a bar, which of them begin one, and how sure that is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.audio.calibration import Calibration
from shared.audio.filterbanks import Array
from shared.audio.onsets import FRAMES_HZ
from shared.audio.pitch import HOP, SAMPLE_RATE_HZ, WINDOW, Pitches

METRES: Final = (2, 3, 4, 6)
"""The numbers of beats in a bar that are told apart."""

METRE_FILE: Final = Path(__file__).with_name("metre_v1.json")

_FEWEST_BEATS = 8
_AROUND = np.arange(-2, 3)  # frames of onset strength
_TERNARY = 1.15
_SIGNATURES = {2: "2/4", 3: "3/4", 4: "4/4", 6: "6/8"}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Metre:
    """A metre, counted in the beats that `beats.beat_times` finds.

    Attributes:
        beats_per_bar: One of METRES.
        confidence: The calibrated probability that it is so.
        alternatives: The other METRES, likeliest first.
        first_downbeat: The index of the first beat that begins a bar.
        signature: As it is written: `6/8` too where a bar has two beats of three.
    """

    beats_per_bar: int
    confidence: float
    alternatives: tuple[int, ...]
    first_downbeat: int
    signature: str


def estimate_metre(strength: Array, beats: Floats, heard: Pitches) -> Metre | None:
    """Return the metre of the *beats*, or None where they are fewer than eight.

    Every metre and place of the first downbeat is scored by a linear function of how
    much more begins, and changes in harmony, on its downbeats than elsewhere, and of
    how much bars resemble each other (after Klapuri & al., "Analysis of the meter of
    acoustic musical signals", 2006, in the small); fitted by
    `python -m shared.audio.metre_fit`.

    Args:
        strength: From `onsets.onset_strength`, shape (n_frames, 3).
        beats: Their times in seconds, rising, shape (n_beats,).
        heard: From `pitches`.
    """
    if len(beats) < _FEWEST_BEATS:
        return None
    features = metre_features(strength, beats, heard)
    weights, calibration = _fitted()
    scores = features @ weights
    likelihood = np.exp(scores - scores.max())
    likelihood /= likelihood.sum()
    shares = metre_shares(likelihood)
    ranked = sorted(METRES, key=lambda metre: -shares[metre])
    best = ranked[0]
    phases = [place for place, (metre, _) in enumerate(HYPOTHESES) if metre == best]
    phase = int(np.argmax(likelihood[phases]))
    return Metre(
        beats_per_bar=best,
        confidence=calibration.probability([shares[best]]),
        alternatives=tuple(ranked[1:]),
        first_downbeat=phase,
        signature=_signature(best, strength, beats),
    )


HYPOTHESES: Final = tuple((metre, place) for metre in METRES for place in range(metre))
"""What is scored: a metre, and which of the first beats begins a bar."""


def metre_shares(likelihood: Floats) -> dict[int, float]:
    """Return the share of each metre from that of each of HYPOTHESES."""
    return {
        metre: float(
            sum(
                share
                for share, (of, _) in zip(likelihood, HYPOTHESES, strict=True)
                if of == metre
            )
        )
        for metre in METRES
    }


def metre_features(strength: Array, beats: Floats, heard: Pitches) -> Floats:
    """Return what speaks for each of HYPOTHESES, shape (15, n_features).

    For each of five signals over beats (onsets of all, low and high bands, changes
    of chroma and of bass): its mean on downbeats less its mean elsewhere, the same in
    the middle of a bar, and its autocorrelation over one bar; then which metre it is,
    and how far its beats are divided in three.
    """
    signals = _standard(_signals(strength, beats, heard))
    thirds = float(np.clip(np.log(_ternary(strength, beats)), -1, 1))
    echoes = {metre: _echo(signals, metre) for metre in METRES}
    rows = []
    for metre, place in HYPOTHESES:
        on = _contrast(signals, metre, place)
        middle = np.zeros(signals.shape[1])
        if metre % 2 == 0 and metre > 2:
            middle = _contrast(signals, metre, place + metre // 2)
        which = [float(metre == one) for one in METRES]
        # The first beat heard is a first beat more often than chance would have it.
        first = float(place == 0)
        divided = [thirds * one for one in which]
        rows.append([*on, *middle, *echoes[metre], *which, *divided, first])
    return np.array(rows)


def _signals(strength: Array, beats: Floats, heard: Pitches) -> Floats:
    frames = np.rint(beats * FRAMES_HZ).astype(int)[:, None] + _AROUND
    inside = np.clip(frames, 0, len(strength) - 1)
    onsets = np.log1p(strength[inside].max(axis=1).astype(np.float64) * 20)
    chroma = _change(heard.chroma, beats)
    bass = _change(heard.bass, beats)
    return np.column_stack([onsets, chroma, bass])


def _change(chroma: Floats, beats: Floats) -> Floats:
    """Return how far what sounds after each beat differs from what did before it."""
    norm = np.linalg.norm(chroma, axis=1, keepdims=True)
    running = np.zeros((len(chroma) + 1, 12))
    np.cumsum(chroma / np.maximum(norm, 1e-9), axis=0, out=running[1:])
    gap = float(np.median(np.diff(beats)))
    edges = np.concatenate([[beats[0] - gap], beats, [beats[-1] + gap]])
    # A frame counts as the instant in its middle.
    place = edges * SAMPLE_RATE_HZ / HOP - WINDOW / HOP / 2 + 0.5
    at = np.stack(
        [np.interp(place, np.arange(len(running)), column) for column in running.T],
        axis=1,
    )
    between = np.diff(at, axis=0)
    between /= np.maximum(np.linalg.norm(between, axis=1, keepdims=True), 1e-9)
    return np.asarray(1 - (between[1:] * between[:-1]).sum(axis=1))


def _standard(signals: Floats) -> Floats:
    return np.asarray(
        (signals - signals.mean(axis=0)) / np.maximum(signals.std(axis=0), 1e-6)
    )


def _contrast(signals: Floats, metre: int, place: int) -> Floats:
    on = np.zeros(len(signals), bool)
    on[place % metre :: metre] = True
    return np.asarray(signals[on].mean(axis=0) - signals[~on].mean(axis=0))


def _echo(signals: Floats, metre: int) -> Floats:
    return np.asarray((signals[metre:] * signals[:-metre]).mean(axis=0))


def _signature(metre: int, strength: Array, beats: Floats) -> str:
    if metre == 2 and _ternary(strength, beats) > _TERNARY:
        return "6/8"
    return _SIGNATURES[metre]


def _ternary(strength: Array, beats: Floats) -> float:
    """Return how many times as much begins at thirds of beats as halfway."""
    gaps = np.diff(beats)
    floor = 0.05 * float(strength[:, 0].mean()) + 1e-9

    def level(share: float) -> float:
        frames = np.rint((beats[:-1] + share * gaps) * FRAMES_HZ).astype(int)
        around = np.clip(frames[:, None] + _AROUND, 0, len(strength) - 1)
        return float(strength[around, 0].max(axis=1).mean()) + floor

    return (level(1 / 3) + level(2 / 3)) / (2 * level(1 / 2))


@cache
def _fitted(path: Path = METRE_FILE) -> tuple[Floats, Calibration]:
    stored = json.loads(path.read_text(encoding="utf-8"))
    return np.array(stored["weights"]), Calibration(*stored["calibration"])
