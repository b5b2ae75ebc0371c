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

from shared.audio.model import stored
from shared.audio.model_fit import Lessons, fitted

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
    model, found = fitted("genre_v1", "genre", lessons_of(table))
    training = {"recordings": found.n, "right": round(found.right, 4)}
    options.output.write_bytes(stored(model, training))
    sys.stdout.write("genre, artists unheard: " + "\n".join(found.lines()) + "\n")
    return 0


def lessons_of(table: Table) -> Lessons:
    """Return what *table* teaches about genres."""
    return Lessons(INPUTS, table.features, table.labels, table.folds)


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
