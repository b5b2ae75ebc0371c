"""Faults on purpose: push deliveries that come twice, or out of order.

What arrives is still every message at least once, and each ordering key in order:
nothing here breaks a promise of the service, it only uses up what they leave open.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from infra.local.pubsub.errors import InvalidArgumentError

_LONGEST_HOLD_S = 0.25


@dataclass(slots=True)
class Chaos:
    """The switch: the share of push deliveries, 0 to 1, that get each fault."""

    duplicate: float = 0.0
    reorder: float = 0.0
    seed: int = 0
    duplicated: int = 0
    reordered: int = 0
    _random: random.Random = field(default_factory=random.Random)

    def set(self, duplicate: float, reorder: float, seed: int) -> None:
        """Start over with other rates; the same *seed* draws the same faults."""
        for rate in (duplicate, reorder):
            if not 0 <= rate <= 1:
                raise InvalidArgumentError("A rate is from 0 to 1", rate=rate)
        self.duplicate, self.reorder, self.seed = duplicate, reorder, seed
        self.duplicated = self.reordered = 0
        self._random.seed(seed)

    def hold_s(self) -> float:
        """Draw how long to hold a delivery back, so that later ones overtake it."""
        if not self.reorder or self._random.random() >= self.reorder:
            return 0.0
        self.reordered += 1
        return self._random.uniform(0.01, _LONGEST_HOLD_S)

    def echo_s(self) -> float | None:
        """Draw how long after its answer to deliver a message again, if at all."""
        if not self.duplicate or self._random.random() >= self.duplicate:
            return None
        self.duplicated += 1
        return self._random.uniform(0.0, _LONGEST_HOLD_S)

    def status(self) -> dict[str, float]:
        return {
            "duplicate": self.duplicate,
            "reorder": self.reorder,
            "seed": self.seed,
            "duplicated": self.duplicated,
            "reordered": self.reordered,
        }
