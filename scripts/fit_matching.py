"""Fits what comparisons are worth, and says how well that holds on unseen pairs.

`make fit-matching DATA=folder` writes `shared/domain/match_weights.json`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.labelled_pairs import Pair, open_sets
from scripts.made_pairs import made_pairs
from scripts.match_design import DESIGN, design
from scripts.match_figures import (
    Figures,
    figures,
    fold_of,
    threshold_at,
)
from shared.domain.comparisons import Comparisons, compare
from shared.domain.match_weights import WEIGHTS_FILE
from shared.domain.recording_facts import RecordingFacts

Floats = NDArray[np.float64]

FOLDS = 5
_RIDGE = 2e-5
# Thousands of generated errors must not outvote a few hundred real pairs.
_SHARES = {
    "iTunes-Amazon": 0.6,
    "iTunes-Amazon dirty": 0.02,
    "MusicBrainz-20K cleaned": 0.5,
    "MusicBrainz-20K raw": 0.5,
    "made of iTunes-Amazon": 0.03,
    "made of MusicBrainz-20K cleaned": 0.1,
}
_PRECISION = 0.99
# No pair below this counts as the same alone, however well the open sets do there.
_LEAST_ACCEPTED = 0.9


class Labelled:
    """One set with its comparisons, ready to be fitted or tested."""

    def __init__(self, name: str, pairs: Sequence[Pair]) -> None:
        self.name = name
        self.pairs = pairs
        self.found = comparisons_of(pairs)
        self.columns = design(self.found)
        self.labels = np.array([one.is_same for one in pairs], dtype=np.float64)

    @property
    def is_measured(self) -> bool:
        """Whether its figures count: neither made, nor with columns run together."""
        return not self.name.startswith("made of") and not self.name.endswith("dirty")

    def parted(self, fold: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which pairs are for fitting, and which for testing in *fold*.

        A group that is in a tested pair is in no fitted one, on neither side.
        """
        tested = np.array([fold_of(one.groups, FOLDS) == fold for one in self.pairs])
        seen = {
            group
            for one, is_tested in zip(self.pairs, tested, strict=True)
            if is_tested
            for group in one.groups
        }
        fitted = np.array([seen.isdisjoint(one.groups) for one in self.pairs])
        return fitted, tested


def comparisons_of(pairs: Sequence[Pair]) -> list[Comparisons]:
    facts: dict[int, RecordingFacts] = {}

    def facts_of(record: dict[str, str]) -> RecordingFacts:
        if id(record) not in facts:
            facts[id(record)] = RecordingFacts.read(record)
        return facts[id(record)]

    return [compare(facts_of(one.query), facts_of(one.candidate)) for one in pairs]


def all_sets(folder: Path) -> list[Labelled]:
    """Return the labelled sets, and those made of them for fitting alone."""
    labelled = open_sets(folder)
    made = {
        f"made of {name}": list(made_pairs(labelled[name]))
        for name in ("iTunes-Amazon", "MusicBrainz-20K cleaned")
    }
    return [Labelled(name, pairs) for name, pairs in (labelled | made).items()]


def fit(sets: Sequence[Labelled], chosen: Sequence[NDArray[np.bool_]]) -> Floats:
    """Return the coefficients of DESIGN's columns, and the intercept last.

    Logistic regression with a ridge; a coefficient that must not be negative is not:
    more agreement never speaks against a pair, and silence never beats agreement.
    """
    from scipy.optimize import minimize

    columns = np.vstack([one.columns[c] for one, c in zip(sets, chosen, strict=True)])
    columns = np.hstack([columns, np.ones((len(columns), 1))])
    labels = np.concatenate([s.labels[c] for s, c in zip(sets, chosen, strict=True)])
    weights = np.concatenate(
        [
            np.full(c.sum(), _SHARES[one.name] / max(1, c.sum()))
            for one, c in zip(sets, chosen, strict=True)
        ]
    )
    weights /= weights.sum()

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        log_odds = columns @ coefficients
        ridge = _RIDGE * np.append(coefficients[:-1], 0.0)
        missed = weights @ (np.logaddexp(0, log_odds) - labels * log_odds)
        wrong = weights * (1 / (1 + np.exp(-log_odds)) - labels)
        return float(missed + ridge @ coefficients), columns.T @ wrong + 2 * ridge

    bounds = [(0.0, column.most) for column in DESIGN] + [(None, None)]
    start = np.zeros(len(bounds))
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 2000, "maxfun": 4000},
    )  # fmt: skip
    return np.asarray(found.x, dtype=np.float64)


def fold_models(
    sets: Sequence[Labelled],
) -> Iterator[tuple[Floats, list[NDArray[np.bool_]]]]:
    """Return for each fold its coefficients, and which pairs of each set it tests."""
    for fold in range(FOLDS):
        parts = [one.parted(fold) for one in sets]
        coefficients = fit(sets, [fitted for fitted, _ in parts])
        yield coefficients, [tested for _, tested in parts]


def unseen(sets: Sequence[Labelled]) -> dict[str, Floats]:
    """Return the probability of every pair by a model that saw none of its groups."""
    answers = {one.name: np.zeros(len(one.pairs)) for one in sets}
    for coefficients, parts in fold_models(sets):
        for one, tested in zip(sets, parts, strict=True):
            log_odds = one.columns[tested] @ coefficients[:-1] + coefficients[-1]
            answers[one.name][tested] = 1 / (1 + np.exp(-log_odds))
    return answers


def accept_from(measured: Sequence[tuple[Floats, Floats]]) -> float:
    """Return the probability above which every set has the precision that is asked."""
    least = max(threshold_at(p, labels, _PRECISION) for p, labels in measured)
    return round(max(least, _LEAST_ACCEPTED), 3)


def main() -> int:
    from scripts.match_document import document_of

    sets = all_sets(Path(sys.argv[1]))
    answers = unseen(sets)
    told: dict[str, Figures] = {}
    for one in sets:
        told[one.name] = figures(answers[one.name], one.labels)
        print(f"{one.name:32} {told[one.name]}")
    clean = [(answers[s.name], s.labels) for s in sets if s.is_measured]
    coefficients = fit(sets, [np.ones(len(one.pairs), dtype=bool) for one in sets])
    document: dict[str, Any] = {
        "made_on": datetime.now(UTC).date().isoformat(),
        "accept_from": accept_from(clean),
        "unseen": {s.name: told[s.name].to_json() for s in sets if s.is_measured},
        **document_of(coefficients),
    }
    text = json.dumps(document, indent=1, ensure_ascii=False)
    WEIGHTS_FILE.write_text(text + "\n", encoding="utf-8")
    print(f"accepted alone from {document['accept_from']}; wrote {WEIGHTS_FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
