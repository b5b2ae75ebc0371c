"""Two models of one field against each other, on the same recordings.

Both answers to each recording are kept as claims; where a person decided, that is the
truth. A report says how often each was right, whether its confidence means what it
says, and whether the difference may be chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from shared.audio.calibration import expected_error
from shared.domain.decisions import REVIEW_BELOW

_Z = 1.96  # of 95 %

SIGNIFICANT: Final = 0.05


@dataclass(frozen=True, slots=True)
class Answer:
    """What one model said of one recording.

    Attributes:
        recording: Any name for it.
        truth: What a person decided; None where nobody did.
    """

    recording: str
    model: str
    value: str
    confidence: float
    truth: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one model did.

    Attributes:
        answers: Recordings it said something of.
        sure: Share of which it is sure enough for no review.
        judged: How many of them a person decided on.
        right: Share of those that it had right; None where there are none.
        interval: Wilson's 95 % interval of *right*.
        calibration_error: The expected one, of those.
    """

    model: str
    answers: int
    sure: float
    judged: int
    right: float | None
    interval: tuple[float, float] | None
    calibration_error: float | None


@dataclass(frozen=True, slots=True)
class Duel:
    """Two models on the recordings that both said something of.

    Attributes:
        both: How many those are.
        agree: Share on which they say the same.
        first_alone: Decided ones that only the first had right.
        second_alone: Those that only the second had right.
        chance: Probability of a difference as large if neither were better (McNemar's
            exact test); below SIGNIFICANT one is better.
    """

    first: str
    second: str
    both: int
    agree: float
    first_alone: int
    second_alone: int
    chance: float

    @property
    def better(self) -> str | None:
        """Which model is better, if that can be said."""
        if self.chance >= SIGNIFICANT or self.first_alone == self.second_alone:
            return None
        return self.first if self.first_alone > self.second_alone else self.second


def standings(answers: Sequence[Answer]) -> tuple[Standing, ...]:
    """Return how each model did, by name."""
    return tuple(
        _standing(model, [answer for answer in answers if answer.model == model])
        for model in sorted({answer.model for answer in answers})
    )


def duels(answers: Sequence[Answer]) -> tuple[Duel, ...]:
    """Return each pair of models, by name."""
    of: dict[str, dict[str, Answer]] = {}
    for answer in answers:
        of.setdefault(answer.model, {})[answer.recording] = answer
    return tuple(
        _duel(of[one], of[other]) for one, other in combinations(sorted(of), 2)
    )


def report(field: str, answers: Sequence[Answer]) -> str:
    """Return all of it as Markdown."""
    return "\n".join(_report_lines(field, answers)) + "\n"


def _report_lines(field: str, answers: Sequence[Answer]) -> Iterator[str]:
    yield f"# Models of {field}"
    yield ""
    yield "| model | answers | sure | judged | right | 95 % | ECE |"
    yield "|---|---|---|---|---|---|---|"
    for one in standings(answers):
        yield (
            f"| {one.model} | {one.answers} | {one.sure:.1%} | {one.judged} "
            f"| {_percent(one.right)} | {_between(one.interval)} "
            f"| {_decimal(one.calibration_error)} |"
        )
    for duel in duels(answers):
        yield ""
        yield (
            f"{duel.first} and {duel.second}: both answered {duel.both}, the same on "
            f"{duel.agree:.1%}. Only the first was right on {duel.first_alone}, only "
            f"the second on {duel.second_alone}; by chance in {duel.chance:.1%}: "
            f"{f'{duel.better} is better' if duel.better else 'neither is better'}."
        )


def _standing(model: str, answers: Sequence[Answer]) -> Standing:
    judged = [answer for answer in answers if answer.truth is not None]
    right = np.array([answer.value == answer.truth for answer in judged], bool)
    said = np.array([answer.confidence for answer in judged])
    sure = sum(answer.confidence >= REVIEW_BELOW for answer in answers)
    return Standing(
        model=model,
        answers=len(answers),
        sure=sure / max(len(answers), 1),
        judged=len(judged),
        right=float(right.mean()) if judged else None,
        interval=wilson(int(right.sum()), len(judged)) if judged else None,
        calibration_error=expected_error(said, right) if judged else None,
    )


def _duel(one: Mapping[str, Answer], other: Mapping[str, Answer]) -> Duel:
    both = sorted(one.keys() & other.keys())
    pairs = [(one[name], other[name]) for name in both]
    alone = [0, 0]
    for first, second in pairs:
        if first.truth is not None:
            was_right = (first.value == first.truth, second.value == first.truth)
            alone[0] += was_right == (True, False)
            alone[1] += was_right == (False, True)
    return Duel(
        first=next(iter(one.values())).model,
        second=next(iter(other.values())).model,
        both=len(both),
        agree=sum(a.value == b.value for a, b in pairs) / max(len(both), 1),
        first_alone=alone[0],
        second_alone=alone[1],
        chance=mcnemar(*alone),
    )


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, 1927); *n* is above 0."""
    share, z2 = right / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def mcnemar(first_alone: int, second_alone: int) -> float:
    """Return the two-sided exact probability of so uneven a split, or more."""
    n, fewer = first_alone + second_alone, min(first_alone, second_alone)
    tail: int = sum(math.comb(n, k) for k in range(fewer + 1))
    return min(1.0, 2 * tail / float(2**n))


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _between(interval: tuple[float, float] | None) -> str:
    return "-" if interval is None else f"{interval[0]:.1%} to {interval[1]:.1%}"
