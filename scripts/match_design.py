"""Comparisons as columns of numbers, each of which may only speak for a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shared.domain.comparisons import DIFFERENT, MISSING, SAME, Comparisons

Floats = NDArray[np.float64]

RISING = {
    "title": (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0),
    "artists": (0.0, 0.3, 0.5, 0.7, 0.85, 1.0),
    "weaker": (0.0, 0.3, 0.5, 0.7, 0.85, 1.0),
    "release": (0.0, 0.3, 0.5, 0.7, 0.85, 1.0),
    "words": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
}
FALLING = {
    "length": (0.0, 1100.0, 2100.0, 5000.0, 10_000.0, 20_000.0, 40_000.0),
    "year": (0.0, 1.0, 2.0, 5.0),
}
# The stretch of each that silence shares its worth with, so that what agrees at least
# that well is worth at least as much as not being told.
SILENCE = {
    "title": (0.9, 0.95),
    "artists": (0.7, 0.85),
    "weaker": (0.7, 0.85),
    "release": (0.7, 0.85),
    "words": (0.4, 0.6),
    "length": (2100.0, 5000.0),
    "year": (1.0, 2.0),
}
# From the answer that speaks least for a pair to the one that speaks most.
RANKED = {
    "number": (DIFFERENT, MISSING, SAME),
    "numbers": (DIFFERENT, MISSING, SAME),
    "marking": (DIFFERENT, MISSING, SAME),
    "language": (DIFFERENT, MISSING, SAME),
}
# "None on either side" and "the same remix" are not ranked; both beat "only one".
VERSIONS = ((DIFFERENT,), ("details",), ("one", MISSING, SAME), (MISSING,), (SAME,))
# A source that guesses languages must not keep recordings apart.
_MOST = {"language": 0.6, "year": 1.5}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what of which comparison, and the most it may be worth."""

    comparison: str
    step: int
    most: float | None = None


def _columns() -> list[Column]:
    found = []
    for name, knots in (RISING | FALLING).items():
        steps = range(len(knots))
        found += [Column(name, step, _MOST.get(name)) for step in steps]
    for name, answers in RANKED.items():
        found += [
            Column(name, step, _MOST.get(name)) for step in range(1, len(answers))
        ]
    return found + [Column("version", step) for step in range(1, len(VERSIONS))]


DESIGN = _columns()


def design(found: Sequence[Comparisons]) -> Floats:
    """Return the columns of DESIGN, shape (len(found), len(DESIGN)), from 0 to 1."""
    told = {name: [getattr(one, name) for one in found] for name in Comparisons._fields}
    columns: list[Floats] = []
    for name, knots in RISING.items():
        columns += _ramps(told[name], knots, SILENCE[name][0], is_falling=False)
    for name, knots in FALLING.items():
        columns += _ramps(told[name], knots, SILENCE[name][0], is_falling=True)
    for name, answers in RANKED.items():
        ranks = np.array([answers.index(one) for one in told[name]])
        columns += [
            np.where(ranks >= step, 1.0, 0.0) for step in range(1, len(answers))
        ]
    columns += [
        np.array([one in answers for one in told["version"]]) * 1.0
        for answers in VERSIONS[1:]
    ]
    return np.stack(columns, axis=1)


def _ramps(
    values: Sequence[float | None],
    knots: tuple[float, ...],
    silence: float,
    *,
    is_falling: bool,
) -> list[Floats]:
    """Return one ramp per stretch between *knots*, and what silence is worth.

    Silence shares its column with the stretch that starts at the knot *silence*.
    """
    silent = np.array([value is None for value in values])
    numbers = np.array([0.0 if value is None else value for value in values])
    ramps = []
    for low, high in pairwise(knots):
        share = np.clip((numbers - low) / (high - low), 0, 1)
        ramps.append(np.where(silent, 0, 1 - share if is_falling else share))
    return [*ramps, np.where(silent, 1.0, ramps[knots.index(silence)])]
