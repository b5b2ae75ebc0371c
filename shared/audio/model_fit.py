"""Fits models of classes, artists kept apart, and says how good they are.

What is reported was predicted by weights that had heard nothing of the artist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.audio.calibration import Calibration, expected_error
from shared.audio.fit import fit_calibration
from shared.audio.model import LinearModel
from shared.domain.decisions import REVIEW_BELOW

STRENGTH = 0.3
"""Of the weights against their ridge: scikit-learn's C."""

_PLAIN = Calibration(1, 0)
_FOLDS = 5
_BINS = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Recordings that somebody put into classes.

    Attributes:
        inputs: Names of traits.
        values: Of those, shape (n, n_inputs).
        labels: A class each.
        folds: Recordings of one fold are never told from one another's neighbours.
    """

    inputs: tuple[str, ...]
    values: Floats
    labels: NDArray[np.str_]
    folds: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a model is at what it had not heard.

    Attributes:
        right: Share that it had right.
        calibration_error: The expected one, 0 to 1.
        sure: Share of which it is as sure as no review asks.
        sure_and_right: Share of those that are right; 0 where there are none.
        reliability: For each tenth of confidence that occurs: how many, their mean
            confidence, the share that is right.
    """

    n: int
    right: float
    calibration_error: float
    sure: float
    sure_and_right: float
    reliability: tuple[tuple[int, float, float], ...]

    def lines(self) -> Iterator[str]:
        """Yield the figures as a card of the model has them."""
        yield f"{self.right:.1%} of {self.n} right; ECE {self.calibration_error:.3f}"
        yield f"sure of {self.sure:.1%}, {self.sure_and_right:.1%} of those right"
        for count, confidence, right in self.reliability:
            yield f"  n {count:5}  said {confidence:.3f}  right {right:.3f}"


def fitted(name: str, field: str, lessons: Lessons) -> tuple[LinearModel, Figures]:
    """Return a model of all *lessons*, calibrated on folds it had not heard."""
    shares, right = cross_validated(lessons)
    curve = Calibration(*fit_calibration(shares, right))
    used = lessons.folds >= 0
    model = trained(lessons.inputs, lessons.values[used], lessons.labels[used])
    model = replace(model, name=name, field=field, calibration=curve)
    return model, figures(shares, right, curve)


def trained(
    inputs: tuple[str, ...], values: Floats, labels: NDArray[np.str_]
) -> LinearModel:
    """Return multinomial logistic regression of *labels* on standardised *values*."""
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    weights, offsets, classes = regression((values - mean) / spread, labels, STRENGTH)
    return LinearModel(
        "", "", classes, inputs, mean, spread, weights, offsets, calibration=_PLAIN
    )


def regression(
    values: Floats, labels: NDArray[np.str_], strength: float
) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Return weights, shape (n_values, n_classes), offsets, and the classes."""
    from sklearn.linear_model import LogisticRegression

    found: Any = LogisticRegression(C=strength, max_iter=2000).fit(values, labels)
    weights, offsets = found.coef_, found.intercept_
    if len(weights) == 1:  # Of two classes only the second has weights.
        weights = np.concatenate([np.zeros_like(weights), weights])
        offsets = np.concatenate([np.zeros_like(offsets), offsets])
    return weights.T, offsets, tuple(map(str, found.classes_))


def cross_validated(lessons: Lessons) -> tuple[Floats, NDArray[np.bool_]]:
    """Return each best class's share and whether it is right, its fold unheard."""
    shares, right = [], []
    for fold in np.unique(lessons.folds[lessons.folds >= 0]):
        seen = (lessons.folds >= 0) & (lessons.folds != fold)
        asked = lessons.folds == fold
        model = trained(lessons.inputs, lessons.values[seen], lessons.labels[seen])
        likelihood = model.likelihood(lessons.values[asked])
        best = np.array(model.classes)[likelihood.argmax(axis=1)]
        shares.append(likelihood.max(axis=1))
        right.append(best == lessons.labels[asked])
    return np.concatenate(shares), np.concatenate(right)


def figures(shares: Floats, right: NDArray[np.bool_], curve: Calibration) -> Figures:
    """Return how good answers are whose best class had *shares*."""
    said = np.array([curve.probability([float(share)]) for share in shares])
    sure = said >= REVIEW_BELOW
    place = np.minimum((said * _BINS).astype(int), _BINS - 1)
    return Figures(
        n=len(said),
        right=float(right.mean()),
        calibration_error=expected_error(said, right),
        sure=float(sure.mean()),
        sure_and_right=float(right[sure].mean()) if sure.any() else 0.0,
        reliability=tuple(
            (int(of.sum()), float(said[of].mean()), float(right[of].mean()))
            for k in range(_BINS)
            if (of := place == k).any()
        ),
    )


def folds_of(groups: Sequence[str], count: int = _FOLDS) -> NDArray[np.intp]:
    """Return a fold for each recording; those of one group, an artist, share one.

    The largest groups are dealt out first, each to the smallest fold.
    """
    names, sizes = np.unique(np.array(groups, np.str_), return_counts=True)
    order = np.lexsort((names, -sizes))
    filled = np.zeros(min(count, len(names)), np.intp)
    place: dict[str, int] = {}
    for index in order:
        smallest = int(filled.argmin())
        place[str(names[index])] = smallest
        filled[smallest] += sizes[index]
    return np.array([place[group] for group in groups], np.intp)
