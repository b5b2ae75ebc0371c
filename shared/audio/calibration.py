"""From how far one answer leads to how often it is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve over the log-odds of the best answer (Platt, 1999).

    Attributes:
        slope: Below 1 where the scorer thinks too well of itself.
        offset: In log-odds.
    """

    slope: float
    offset: float

    def probability(self, ranked: Sequence[float]) -> float:
        """Return how likely the first of *ranked*, the best answer's share, is right.

        Never quite 0 or 1: no finite experience says that.
        """
        share = min(max(ranked[0], 1e-6), 1 - 1e-6)
        odds = self.slope * math.log(share / (1 - share)) + self.offset
        return round(min(max(1 / (1 + math.exp(-odds)), 0.01), 0.99), 4)


def expected_error(
    confidences: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10
) -> float:
    """Return the expected calibration error (Naeini et al., 2015), equal bins.

    Args:
        confidences: From 0 to 1, shape (n,).
        right: Whether each answer was, shape (n,).
        bins: Equally wide.
    """
    place = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = [
        abs(float(confidences[place == k].sum() - right[place == k].sum()))
        for k in range(bins)
    ]
    return sum(gaps) / max(len(confidences), 1)
