"""How likely two records tell of one recording, and why.

`match` compares two sets of facts aspect by aspect, adds what each comparison is worth
(fitted on labelled pairs, see `docs/reference/models/matching.md`) and answers with a
calibrated probability: of all pairs at 0.9, about nine in ten are the same recording.

As a command, `python -m shared.domain.matching score PAIRS.jsonl` does so for lines.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.claims import JsonValue
from shared.domain.comparisons import MISSING, Comparisons, compare
from shared.domain.match_weights import Weights, default_weights, probability_of
from shared.domain.recording_facts import RecordingFacts

__all__ = ["Grade", "Match", "Reason", "RecordingFacts", "match"]

_LIKELY_FROM: Final = 0.5
_POSSIBLE_FROM: Final = 0.05


class Grade(StrEnum):
    """What a probability means for whoever has to decide.

    CERTAIN: right in 99 of 100 unseen pairs; LIKELY: more often right than not;
    POSSIBLE: worth showing to a person; UNLIKELY: not worth that.
    """

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison, and what it did to the probability.

    Attributes:
        aspect: `title`, `length`, … as in `Comparisons`.
        found: A likeness from 0 to 1, a difference, or a word; None where silent.
        log_odds: What it added, relative to two records that differ in everything.
        lost: What it fell short of full agreement by; what is not told loses nothing.
    """

    aspect: str
    found: float | int | str | None
    log_odds: float
    lost: float

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "aspect": self.aspect,
            "found": round(self.found, 3)
            if isinstance(self.found, float)
            else self.found,
            "log_odds": round(self.log_odds, 2),
            "lost": round(self.lost, 2),
        }


@dataclass(frozen=True, slots=True)
class Match:
    """The answer of `match`.

    Attributes:
        probability: That both tell of one recording, from 0 to 1, calibrated.
    """

    probability: float
    grade: Grade
    comparisons: Comparisons
    weights: Weights

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All comparisons, the one that mattered most first.

        Of a certain match that is what spoke for it most, else what it lost most by.
        """
        told: Mapping[str, float | int | str | None] = self.comparisons._asdict()
        found = [
            Reason(name, told[name], worth, self._lost(name, told[name], worth))
            for name, worth in self.weights.worths(self.comparisons).items()
        ]
        if self.grade is Grade.CERTAIN:
            return tuple(sorted(found, key=lambda one: -one.log_odds))
        return tuple(sorted(found, key=lambda one: -one.lost))

    def _lost(self, name: str, found: float | str | None, worth: float) -> float:
        is_told = found is not None and found != MISSING
        return self.weights.best(name) - worth if is_told else 0.0


def match(
    query: RecordingFacts,
    candidate: RecordingFacts,
    weights: Weights | None = None,
) -> Match:
    """Return how likely *query* and *candidate* are one recording.

    What one of the two does not tell counts neither as agreement nor as contradiction.
    The answer is the same whichever comes first.
    """
    weighing = weights or default_weights()
    found = compare(query, candidate)
    log_odds = weighing.intercept + sum(weighing.worths(found).values())
    probability = probability_of(log_odds)
    return Match(
        probability, grade_of(probability, weighing.accept_from), found, weighing
    )


def grade_of(probability: float, accept_from: float) -> Grade:
    if probability >= accept_from:
        return Grade.CERTAIN
    if probability >= _LIKELY_FROM:
        return Grade.LIKELY
    return Grade.POSSIBLE if probability >= _POSSIBLE_FROM else Grade.UNLIKELY


if __name__ == "__main__":
    import signal

    from shared.domain.match_command import main

    # Whoever reads the answer may have had enough of it (`| head`).
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
