"""What harmony is made of: the chord progression, and where chroma lies in tonal space.

Chords are optional: they are looked for when `analyse(structure=True)` asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.audio.pitch import HOP, SAMPLE_RATE_HZ, WINDOW, Pitches

ROOTS: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
NO_CHORD: Final = "N"
CHORDS: Final = (
    *(f"{root}:{kind}" for kind in ("maj", "min", "7") for root in ROOTS),
    NO_CHORD,
)
"""In the notation of Harte & al., "Symbolic representation of musical chords", 2005."""

_TONES = {"maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10)}
_PARTIALS = ((0, 1.0), (0, 0.5), (7, 0.35), (0, 0.25), (4, 0.15))
_BASS_WEIGHT = 0.2
_SHARPNESS = 14.0
_NO_CHORD_FIT = 0.69
_SEVENTH_COST = 0.2  # one tone more fits a little better by itself
_STAY = 4.0  # log-odds of staying over going to any other
_EMPHASIS = 1.5  # of strong classes over weak ones
_QUIET = 0.02
_DEGREES = np.array([7 / 6, 3 / 2, 2 / 3])  # of π: fifths, minor and major thirds

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord from *start_ms* on, until the next; `name` is one of CHORDS."""

    start_ms: int
    name: str


def tonnetz(heard: Pitches) -> tuple[float, ...]:
    """Return the mean tonal centroid: x and y of fifths, minor and major thirds.

    Harte, Sandler & Gasser, "Detecting harmonic change in musical audio", 2006; as
    `librosa.feature.tonnetz` of the same chroma.
    """
    total = np.abs(heard.chroma).sum(axis=1, keepdims=True)
    mean = (heard.chroma / np.maximum(total, 1e-12)).mean(axis=0)
    angle = np.pi * _DEGREES[:, None] * np.arange(12)
    radius = np.array([[1.0], [1.0], [0.5]])
    x, y = radius * np.sin(angle) @ mean, radius * np.cos(angle) @ mean
    return tuple(round(float(value), 5) for value in np.column_stack([x, y]).ravel())


def chord_progression(heard: Pitches, beats: Floats) -> tuple[Chord, ...]:
    """Return the chords, each where it differs from the one before.

    Chroma between beats is compared with templates of triads and dominant sevenths
    that have their tones' first partials (Gómez, 2006), the bass with the root;
    Viterbi's algorithm finds the likeliest sequence where staying is likelier than
    changing (Sheh & Ellis, 2003, without its training).

    Args:
        heard: From `pitches`.
        beats: Times in seconds; without at least two, half seconds stand for them.
    """
    if not len(heard.chroma):
        return ()
    edges = _edges(beats, len(heard.chroma) * HOP / SAMPLE_RATE_HZ)
    chroma = _between(heard.chroma**_EMPHASIS, edges)
    bass = _between(heard.bass, edges)
    path = _likeliest(_fits(chroma, bass))
    changes = np.flatnonzero(np.diff(path, prepend=-1))
    return tuple(
        Chord(round(1000 * float(edges[place])), CHORDS[path[place]])
        for place in changes.tolist()
    )


def _edges(beats: Floats, end_s: float) -> Floats:
    inner = beats[(beats > 0) & (beats < end_s)]
    if len(inner) < 2:
        inner = np.arange(0.5, end_s, 0.5)
    return np.concatenate([[0.0], inner, [end_s]])


def _between(chroma: Floats, edges: Floats) -> Floats:
    """Return the sum of frames between *edges*, in parts: (len(edges) - 1, 12)."""
    running = np.zeros((len(chroma) + 1, 12))
    np.cumsum(chroma, axis=0, out=running[1:])
    place = edges * SAMPLE_RATE_HZ / HOP - WINDOW / HOP / 2 + 0.5
    place = np.clip(place, 0, len(chroma))
    at = [np.interp(place, np.arange(len(running)), column) for column in running.T]
    return np.asarray(np.diff(np.stack(at, axis=1), axis=0))


def _fits(chroma: Floats, bass: Floats) -> Floats:
    """Return log-likelihoods, shape (n_parts, len(CHORDS))."""
    tones, roots = _templates()
    strength = np.linalg.norm(chroma, axis=1, keepdims=True)
    likeness = chroma / np.maximum(strength, 1e-9) @ tones
    low = np.linalg.norm(bass, axis=1, keepdims=True)
    likeness += _BASS_WEIGHT / 3 * (bass / np.maximum(low, 1e-9)) @ roots
    likeness[:, 24:36] -= _SEVENTH_COST / _SHARPNESS
    silent = strength[:, 0] <= _QUIET * strength.max(initial=1e-9)
    none = np.where(silent, likeness.max(axis=1) + 1, _NO_CHORD_FIT)
    return np.asarray(_SHARPNESS * np.column_stack([likeness, none]))


def _likeliest(score: Floats) -> NDArray[np.intp]:
    """Return Viterbi's path through *score* where every change costs the same.

    So the best predecessor is either the same state or the best of all.
    """
    n, states = score.shape
    origin = np.zeros((n, states), np.intp)
    best = score[0]
    itself = np.arange(states)
    for step in range(1, n):
        leader = int(best.argmax())
        stays = best >= best[leader] - _STAY
        origin[step] = np.where(stays, itself, leader)
        best = np.where(stays, best, best[leader] - _STAY) + score[step]
    path = np.empty(n, np.intp)
    path[-1] = int(best.argmax())
    for step in range(n - 1, 0, -1):
        path[step - 1] = origin[step, path[step]]
    return path


@cache
def _templates() -> tuple[Floats, Floats]:
    """Return chroma of unit length and the roots of each chord, (12, 36) each."""
    tones, roots = np.zeros((12, 36)), np.zeros((12, 36))
    for place, name in enumerate(CHORDS[:-1]):
        root, _, kind = name.partition(":")
        first = ROOTS.index(root)
        roots[first, place] = 1
        for tone in _TONES[kind]:
            for interval, weight in _PARTIALS:
                tones[(first + tone + interval) % 12, place] += weight
    return tones / np.linalg.norm(tones, axis=0), roots
