"""The parts a recording is made of, and which of them sound alike.

Optional: looked for when `analyse(structure=True)` asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.audio.filterbanks import Array, cosine_transform
from shared.audio.onsets import SAMPLE_RATE_HZ
from shared.audio.pitch import Pitches
from shared.audio.timbre import HOP

MOST_CELLS: Final = 400
MOST_SEGMENTS: Final = 32

_CELL_S = 1.0
_CEPSTRA = 13
_KERNEL_S = 12.0
_SHORTEST_S = 8.0
_PROMINENT = 0.6  # spreads of novelty above its mean
_ALIKE = 0.55
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part from *start_ms* on, until the next; parts of one label sound alike."""

    start_ms: int
    label: str


def segments(mel_power: Array, heard: Pitches, beats: Floats) -> tuple[Segment, ...]:
    """Return the parts, at most MOST_SEGMENTS; the first begins at 0.

    Timbre and chroma of cells of a second or more (so many that they are at most
    MOST_CELLS) are compared each with each; a checkerboard moved along the diagonal
    is large where one homogeneous part ends and another begins (Foote, "Automatic
    audio segmentation using a measure of audio novelty", 2000). Boundaries move to
    the nearest beat. Parts whose means are alike share a label.

    Args:
        mel_power: From `timbre.timbre_and_mel`, shape (n_frames, n_bands).
        heard: From `pitches`.
        beats: Times in seconds, any number.
    """
    duration_s = len(mel_power) * HOP / SAMPLE_RATE_HZ
    cells = max(1, min(MOST_CELLS, int(duration_s / _CELL_S)))
    if not len(mel_power) or not len(heard.chroma):
        return ()
    cell_s = duration_s / cells
    looks = _looks(mel_power, heard, cells)
    places = [0, *_boundaries(looks, cell_s), cells]
    labels = _labels(looks, places)
    found: list[Segment] = []
    for place, label in zip(places[:-1], labels, strict=True):
        if not found or label != found[-1].label:
            start_s = _on_beat(place * cell_s, beats, cell_s) if place else 0.0
            found.append(Segment(round(1000 * start_s), label))
    return tuple(found)


def _looks(mel_power: Array, heard: Pitches, cells: int) -> Floats:
    """Return what each cell is like: rows of standardised timbre, then of chroma."""
    level_db = 10 * np.log10(np.maximum(_means(mel_power, cells), 1e-10))
    level_db = np.maximum(level_db, level_db.max() - 80)
    cepstra = level_db @ cosine_transform(mel_power.shape[1], _CEPSTRA)
    cepstra = cepstra - cepstra.mean(axis=0)
    cepstra /= np.maximum(cepstra.std(axis=0), 1.0)  # dB: less is no difference
    # Frames of pitch are centred; half a window is much less than a cell.
    chroma = _means(heard.chroma, cells)
    chroma = chroma / np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-9)
    chroma = (chroma - chroma.mean(axis=0)) * np.sqrt(_CEPSTRA)
    return np.concatenate([cepstra, chroma], axis=1)


def _means(frames: NDArray[np.floating], cells: int) -> Floats:
    starts = np.linspace(0, len(frames), cells, endpoint=False).astype(int)
    # Where frames are fewer than cells, a cell takes the frame it lies in.
    stops = np.maximum(np.append(starts[1:], len(frames)), starts + 1)
    running = np.zeros((len(frames) + 1, frames.shape[1]))
    np.cumsum(frames, axis=0, out=running[1:], dtype=np.float64)
    count = (stops - starts)[:, None]
    return np.asarray((running[stops] - running[starts]) / count)


def _boundaries(looks: Floats, cell_s: float) -> list[int]:
    """Return the cells at which a part begins, rising, without the first."""
    reach = max(2, round(_KERNEL_S / cell_s))
    apart = max(2, round(_SHORTEST_S / cell_s))
    if len(looks) < 2 * apart:
        return []
    novelty = _novelty(looks, reach)
    novelty[:apart] = novelty[len(looks) - apart + 1 :] = -np.inf
    heights = novelty[np.isfinite(novelty)]
    threshold = float(heights.mean() + _PROMINENT * heights.std())
    found: list[int] = []
    while len(found) < MOST_SEGMENTS - 1:
        best = int(novelty.argmax())
        if novelty[best] <= max(threshold, 1e-6):
            break
        found.append(best)
        novelty[max(best - apart + 1, 0) : best + apart] = -np.inf
    return sorted(found)


def _novelty(looks: Floats, reach: int) -> Floats:
    """Return how much each cell is a corner of the self-similarity, (n_cells,)."""
    length = np.maximum(np.linalg.norm(looks, axis=1, keepdims=True), 1e-9)
    padded = np.pad(looks / length, ((reach, reach), (0, 0)))
    likeness = padded @ padded.T
    side = np.arange(-reach, reach) + 0.5
    taper = np.exp(-0.5 * (side / (0.5 * reach)) ** 2) * np.sign(side)
    kernel = np.outer(taper, taper) / np.square(taper).sum()
    n = len(looks)
    return np.array(
        [
            float((kernel * likeness[at : at + 2 * reach, at : at + 2 * reach]).sum())
            for at in range(n)
        ]
    )


def _labels(looks: Floats, places: list[int]) -> list[str]:
    """Return a letter for each part: that of the likest earlier one, or a new one."""
    means: list[Floats] = []
    labels: list[str] = []
    for start, stop in pairwise(places):
        mean = looks[start:stop].mean(axis=0)
        alike = [_cosine(mean, other) for other in means]
        best = int(np.argmax(alike)) if alike else -1
        # The last letter takes what is left: there are more letters than memory.
        if best >= 0 and (alike[best] > _ALIKE or len(set(labels)) == len(_LETTERS)):
            labels.append(labels[best])
        else:
            labels.append(_LETTERS[len(set(labels))])
        means.append(mean)
    return labels


def _cosine(one: Floats, other: Floats) -> float:
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / max(length, 1e-9)


def _on_beat(time_s: float, beats: Floats, within_s: float) -> float:
    if not len(beats):
        return time_s
    nearest = float(beats[np.abs(beats - time_s).argmin()])
    return nearest if abs(nearest - time_s) <= within_s else time_s
