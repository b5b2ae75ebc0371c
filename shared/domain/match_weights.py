"""What each comparison is worth, in log-odds, as fitting wrote it down."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import Any, Final

from shared.domain.comparisons import Comparisons

WEIGHTS_FILE: Final = Path(__file__).with_name("match_weights.json")


@dataclass(frozen=True, slots=True)
class Curve:
    """Log-odds over a number: straight between the *knots*, flat beyond them.

    Attributes:
        missing: Where one of the two records is silent.
    """

    knots: tuple[float, ...]
    values: tuple[float, ...]
    missing: float

    def worth(self, value: float | None) -> float:
        if value is None:
            return self.missing
        place = bisect_right(self.knots, value)
        if place == 0:
            return self.values[0]
        if place == len(self.knots):
            return self.values[-1]
        low, high = self.knots[place - 1], self.knots[place]
        share = (value - low) / (high - low)
        return self.values[place - 1] * (1 - share) + self.values[place] * share

    @property
    def best(self) -> float:
        return max(self.values[0], self.values[-1])


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model: the sum of what comparisons are worth, as a probability.

    Attributes:
        intercept: Log-odds of two records that differ in everything.
        curves: By the name of the comparison.
        tables: Log-odds of each answer, by the name of the comparison.
        accept_from: The probability from which on a pair may count as the same
            without a person: unseen pairs above it were right in 99 of 100 cases.
    """

    intercept: float
    curves: Mapping[str, Curve]
    tables: Mapping[str, Mapping[str, float]]
    accept_from: float

    @classmethod
    def of_json(cls, document: Mapping[str, Any]) -> Weights:
        curves = {
            name: Curve(tuple(one["knots"]), tuple(one["values"]), one["missing"])
            for name, one in document["curves"].items()
        }
        return cls(
            document["intercept"],
            curves,
            {name: dict(table) for name, table in document["tables"].items()},
            document["accept_from"],
        )

    def worths(self, found: Comparisons) -> dict[str, float]:
        """Return what each comparison adds to the log-odds, by its name."""
        told = found._asdict()
        worths = {name: one.worth(told[name]) for name, one in self.curves.items()}
        for name, table in self.tables.items():
            worths[name] = table[told[name]]
        return worths

    def best(self, name: str) -> float:
        """Return the most that the comparison *name* can add."""
        curve = self.curves.get(name)
        return curve.best if curve else max(self.tables[name].values())


def probability_of(log_odds: float) -> float:
    """Return the probability of *log_odds*; beyond ±40 it is as sure as it gets."""
    return 1.0 / (1.0 + exp(-max(-40.0, min(40.0, log_odds))))


@cache
def default_weights() -> Weights:
    """Return the weights that the catalog ships with."""
    return Weights.of_json(json.loads(WEIGHTS_FILE.read_text(encoding="utf-8")))


def is_monotone(weights: Weights) -> bool:
    """Whether more likeness never lowers the probability, nor does silence raise it."""
    for curve in weights.curves.values():
        steps = [high - low for low, high in pairwise(curve.values)]
        is_falling = curve.values[0] > curve.values[-1]
        if any((-one if is_falling else one) < -1e-9 for one in steps):
            return False
        if curve.missing > curve.best + 1e-9:
            return False
    return True
