"""Trains the genre model from a table of features, artists kept apart.

    python -m shared.audio.genre_fit TABLE.csv --artists GROUPS.txt… [--other TABLE.csv]

TABLE has the columns `filename`, `label` and COLUMNS. Each line of a file of GROUPS is
a file's name, a tab, and a number for its artist; the files of one split have numbers
of their own, and are one fold each; another collection's TABLE is a fold by itself,
so that the confidence holds where neither artist nor studio is known. What is reported
was predicted by weights that had heard nothing of the fold.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.audio.calibration import Calibration, expected_error
from shared.audio.fit import fit_calibration
from shared.audio.model import LinearModel, stored
from shared.domain.decisions import REVIEW_BELOW

COLUMNS = (
    *(f"mfcc{number}_mean" for number in range(1, 14)),
    *(f"mfcc{number}_var" for number in range(1, 14)),
    "spectral_centroid_mean",
    "spectral_centroid_var",
    "spectral_bandwidth_mean",
    "rolloff_mean",
    "zero_crossing_rate_mean",
    "rms_mean",
    "rms_var",
    "tempo",
)
"""As the table names what INPUTS are, in its order."""

MODEL_FILE = Path(__file__).with_name("genre_v1.json")
INPUTS = (
    *(f"mfcc_mean.{n}" for n in range(13)),
    *(f"log_mfcc_variance.{n}" for n in range(13)),
    "centroid_hz",
    "log_centroid_variance_hz2",
    "bandwidth_hz",
    "rolloff_hz",
    "zero_crossings",
    "rms",
    "log_rms_variance",
    "bpm",
)
"""COLUMNS as traits."""

_STRENGTH = 0.3  # of the weights against their ridge

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """Recordings with features, shape (n, 34), a label and a fold; -1 for none.

    Attributes:
        artists: A name for each; the file's own where the artist is not known.
    """

    features: Floats
    labels: NDArray[np.str_]
    folds: NDArray[np.intp]
    artists: NDArray[np.str_]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--artists", type=Path, nargs="+", required=True)
    parser.add_argument("--other", type=Path)
    parser.add_argument("--output", type=Path, default=MODEL_FILE)
    options = parser.parse_args(arguments)
    table = read_table(options.table, options.artists)
    if options.other:
        table = joined(table, read_table(options.other, []), fold=len(options.artists))
    shares, right = cross_validated(table)
    slope, offset = fit_calibration(shares, right)
    curve = Calibration(slope, offset)
    used = table.folds >= 0
    model = train(table.features[used], table.labels[used], curve)
    options.output.write_bytes(stored(model))
    sys.stdout.write(_told(shares, right, curve) + "\n")
    return 0


def _told(shares: Floats, right: NDArray[np.bool_], curve: Calibration) -> str:
    sure = np.array([curve.probability([share]) for share in shares])
    told = (
        f"genre: {right.mean():.1%} of {len(right)} right, artists unheard;"
        f" ECE {expected_error(sure, right):.3f}"
    )
    confident = sure >= REVIEW_BELOW
    if not confident.any():
        return told
    share = f"{confident.mean():.1%} confident"
    return f"{told}; {share}, {right[confident].mean():.1%} of them right"


def train(
    features: Floats, labels: NDArray[np.str_], curve: Calibration
) -> LinearModel:
    """Return a model of *labels*, fitted to *features*, shape (n, n_features)."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=_STRENGTH, max_iter=2000)
    fitted.fit((features - mean) / spread, labels)
    weights, offsets = fitted.coef_, fitted.intercept_
    if len(weights) == 1:  # Of two classes only the second has weights.
        weights = np.concatenate([np.zeros_like(weights), weights])
        offsets = np.concatenate([np.zeros_like(offsets), offsets])
    return LinearModel(
        name="genre_v1",
        field="genre",
        classes=tuple(map(str, fitted.classes_)),
        inputs=INPUTS,
        mean=mean,
        spread=spread,
        weights=weights.T,
        offsets=offsets,
        calibration=curve,
    )


def cross_validated(table: Table) -> tuple[Floats, NDArray[np.bool_]]:
    """Return each best genre's share and whether it is right, its artist unheard."""
    shares, right = [], []
    for fold in np.unique(table.folds[table.folds >= 0]):
        seen, asked = (table.folds >= 0) & (table.folds != fold), table.folds == fold
        model = train(table.features[seen], table.labels[seen], Calibration(1, 0))
        likelihood = model.likelihood(table.features[asked])
        best = likelihood.argmax(axis=1)
        shares.append(likelihood.max(axis=1))
        right.append(np.array(model.classes)[best] == table.labels[asked])
    return np.concatenate(shares), np.concatenate(right)


def read_table(table: Path, groups: Sequence[Path]) -> Table:
    """Return the rows of *table*; the fold is the place of its file among *groups*."""
    known = {
        _plain(name): (fold, f"{fold}/{artist}")
        for fold, path in enumerate(groups)
        for name, _, artist in (
            line.partition("\t")
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    }
    features, labels, places = [], [], []
    with table.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            features.append([_value(name, float(row[name])) for name in COLUMNS])
            labels.append(row["label"])
            name = _plain(row["filename"])
            places.append(known.get(name, (-1, name)))
    return Table(
        np.array(features),
        np.array(labels),
        np.array([fold for fold, _ in places]),
        np.array([artist for _, artist in places]),
    )


def joined(table: Table, other: Table, fold: int) -> Table:
    """Return both tables as one, all of *other* in *fold*."""
    return Table(
        np.concatenate([table.features, other.features]),
        np.concatenate([table.labels, other.labels]),
        np.concatenate([table.folds, np.full(len(other.labels), fold)]),
        np.concatenate([table.artists, other.artists]),
    )


def _value(name: str, value: float) -> float:
    return float(np.log(value + 1e-9)) if name.endswith("_var") else value


def _plain(name: str) -> str:
    return name.rpartition("/")[2].replace(".", "_")


if __name__ == "__main__":
    sys.exit(main())
