"""The figures that matching is judged by, and how pairs are parted to get them."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BINS = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """How well probabilities tell the same from the different.

    Attributes:
        recall: Share of the true pairs above the loosest threshold whose precision is
            at least 0.99.
        calibration_error: Expected calibration error, ten bins of equal width.
        best_f1: At the threshold that suits it best.
    """

    pairs: int
    true_pairs: int
    recall: float
    threshold: float
    calibration_error: float
    best_f1: float

    def to_json(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}

    def __str__(self) -> str:
        return (
            f"{self.pairs:7} pairs, {self.true_pairs:5} true: recall at P .99 "
            f"{self.recall:.3f} (from {self.threshold:.3f}), F1 {self.best_f1:.3f}, "
            f"ECE {self.calibration_error:.4f}"
        )


def figures(scores: Floats, labels: Floats, precision: float = 0.99) -> Figures:
    """Return the figures of *scores*, which need be probabilities only for the ECE."""
    threshold = threshold_at(scores, labels, precision)
    chosen = scores >= threshold
    return Figures(
        len(labels),
        int(labels.sum()),
        float(labels[chosen].sum() / labels.sum()),
        threshold,
        calibration_error(scores, labels),
        best_f1(scores, labels),
    )


def threshold_at(scores: Floats, labels: Floats, precision: float) -> float:
    """Return the least score from which on *precision* holds; inf where none does."""
    ordered, right, is_last = _ranked(scores, labels)
    precisions = right / np.arange(1, len(right) + 1)
    places = np.flatnonzero((precisions >= precision) & is_last)
    return float(ordered[places[-1]]) if len(places) else float("inf")


def best_f1(scores: Floats, labels: Floats) -> float:
    _, right, is_last = _ranked(scores, labels)
    found = 2 * right / (np.arange(1, len(right) + 1) + labels.sum())
    return float(found[is_last].max())


def calibration_error(scores: Floats, labels: Floats) -> float:
    bins = np.clip((scores * _BINS).astype(int), 0, _BINS - 1)
    error = 0.0
    for one in range(_BINS):
        chosen = bins == one
        if chosen.any():
            gap = abs(scores[chosen].mean() - labels[chosen].mean())
            error += gap * chosen.mean()
    return float(error)


def fold_of(groups: tuple[str, str], folds: int) -> int:
    """Return the fold that a pair of *groups* is tested in, the same on any machine."""
    return hashlib.sha256(min(groups).encode()).digest()[0] % folds


def _ranked(scores: Floats, labels: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    is_last = np.append(ordered[1:] != ordered[:-1], True)
    return ordered, np.cumsum(labels[order]), is_last
