"""Fits the embedding to what artists have in common, and says how well it finds them.

    python -m shared.audio.embedding_fit TABLE.csv --artists GROUPS.txt… \
        --documents DOCUMENTS.jsonl

TABLE and GROUPS are those of `genre_fit`: artists are known, and one fold's artists
are in no other. DOCUMENTS are what `python -m shared.audio analyse` printed of other
recordings: they give mean and spread of the traits that TABLE does not have.
Reported is how often neighbours are of the same artist or genre among recordings of
artists that were not fitted to, and how often they would be by chance.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.audio.embedding import PROJECTION_FILE, SIZE, Projection
from shared.audio.genre_fit import INPUTS, Table, read_table
from shared.audio.traits import DESCRIPTORS, traits

VERSION = "embedding_v1"
TIMBRE = tuple(name for name in INPUTS if name != "bpm")
OTHER = (
    *(f"contrast_db.{n}" for n in range(7)),
    *(f"pitch_shape.{n}" for n in range(1, 7)),
    *("log_flatness", "crest_db", "dynamic_range_db", "loudness_range_lu"),
    *("bpm", "tempo_cos", "tempo_sin", "tempo_stability", "onsets_hz"),
    *("major", "triple", *DESCRIPTORS),
)

_SHRINKAGE = 0.1  # of the covariance towards a sphere
_OTHER_SHARE = 0.25  # of the squared length
_NEAREST = 5
_DECIMALS = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """How often the nearest are alike, and how often strangers are, 0 to 1.

    Attributes:
        artist: The nearest is of the same artist, where there is one.
        genre: Each of the five nearest of other artists is of the same genre.
    """

    artist: float
    artist_by_chance: float
    genre: float
    genre_by_chance: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--artists", type=Path, nargs="+", required=True)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=PROJECTION_FILE)
    options = parser.parse_args(arguments)
    table = read_table(options.table, options.artists)
    others = _read_documents(options.documents)
    options.output.write_text(_stored(fitted(table, others)), encoding="utf-8")
    found = cross_validated(table)
    sys.stdout.write(
        f"artists unheard: nearest of the same artist {found.artist:.1%}"
        f" (chance {found.artist_by_chance:.1%}); five nearest of other artists of"
        f" the same genre {found.genre:.1%} (chance {found.genre_by_chance:.1%})\n"
    )
    return 0


def fitted(table: Table, others: Floats) -> Projection:
    """Return the projection that *table* and *others*, shape (n, 31), come to."""
    used = table.folds >= 0
    values = table.features[used][:, : len(TIMBRE)]
    mean, spread, turned = timbre_space(values, table.artists[used])
    length = np.square(_standard(values, mean, spread) @ turned).sum(axis=1).mean()
    scale = np.sqrt(_OTHER_SHARE / (1 - _OTHER_SHARE) * length / len(OTHER))
    matrix = np.zeros((SIZE, SIZE))
    matrix[: len(TIMBRE), : len(TIMBRE)] = turned
    rest = np.arange(len(TIMBRE), SIZE)
    matrix[rest, rest] = scale
    return Projection(
        version=VERSION,
        inputs=(*TIMBRE, *OTHER),
        mean=np.concatenate([mean, others.mean(axis=0)]),
        spread=np.concatenate([spread, others.std(axis=0) + 1e-3]),
        matrix=matrix,
    )


def timbre_space(
    values: Floats, artists: NDArray[np.str_]
) -> tuple[Floats, Floats, Floats]:
    """Return mean and spread of *values*, shape (n, n_traits), and where they go.

    Covariance within artists becomes a sphere; axes along which artists differ most
    come first and count most (after Ioffe, "Probabilistic linear discriminant
    analysis", 2006). The matrix is (n_traits, n_traits).
    """
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    standard = _standard(values, mean, spread)
    size = values.shape[1]
    within, degrees, centres = np.zeros((size, size)), 0, []
    for artist in np.unique(artists):
        of = standard[artists == artist]
        centres.append(of.mean(axis=0))
        within += (of - centres[-1]).T @ (of - centres[-1])
        degrees += len(of) - 1
    within /= max(degrees, 1)
    sphere = np.eye(size) * np.trace(within) / size
    lengths, axes = np.linalg.eigh((1 - _SHRINKAGE) * within + _SHRINKAGE * sphere)
    white = axes / np.sqrt(lengths)
    between, turns = np.linalg.eigh(np.cov((np.array(centres) @ white).T))
    weight = np.sqrt(np.maximum(between, 0) / (1 + np.maximum(between, 0)))
    return mean, spread, (white @ turns * weight)[:, ::-1]


def cross_validated(table: Table) -> Neighbours:
    """Return how alike neighbours are, in timbre, of artists not fitted to."""
    found = []
    for fold in np.unique(table.folds[table.folds >= 0]):
        seen, asked = (table.folds >= 0) & (table.folds != fold), table.folds == fold
        values = table.features[:, : len(TIMBRE)]
        mean, spread, turned = timbre_space(values[seen], table.artists[seen])
        places = _standard(values[asked], mean, spread) @ turned
        found.append(neighbours(places, table.artists[asked], table.labels[asked]))
    return Neighbours(*np.mean(found, axis=0).tolist())


def neighbours(
    places: Floats, artists: NDArray[np.str_], genres: NDArray[np.str_]
) -> tuple[float, float, float, float]:
    """Return what `Neighbours` holds, of *places*, shape (n, n_dimensions)."""
    unit = places / np.linalg.norm(places, axis=1, keepdims=True)
    alike = unit @ unit.T
    np.fill_diagonal(alike, -np.inf)
    kin = artists[:, None] == artists
    np.fill_diagonal(kin, val=False)
    has_kin = kin.any(axis=1)
    nearest = alike.argmax(axis=1)
    strangers = artists[:, None] != artists
    ranked = np.argsort(-np.where(strangers, alike, -np.inf), axis=1)[:, :_NEAREST]
    same = genres[:, None] == genres
    return (
        float((artists[nearest] == artists)[has_kin].mean()),
        float(kin[has_kin].sum() / (has_kin.sum() * (len(kin) - 1))),
        float((genres[ranked] == genres[:, None]).mean()),
        float((same & strangers).sum() / strangers.sum()),
    )


def _standard(values: Floats, mean: Floats, spread: Floats) -> Floats:
    return np.asarray(np.clip((values - mean) / spread, -4, 4))


def _read_documents(path: Path) -> Floats:
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    found = [traits(line, OTHER) for line in lines if "error" not in line]
    return np.stack([values for values in found if values is not None])


def _stored(projection: Projection) -> str:
    told = {
        "version": projection.version,
        "inputs": projection.inputs,
        "mean": np.round(projection.mean, _DECIMALS).tolist(),
        "spread": np.round(projection.spread, _DECIMALS).tolist(),
        "matrix": np.round(projection.matrix, _DECIMALS).tolist(),
    }
    return json.dumps(told) + "\n"


if __name__ == "__main__":
    sys.exit(main())
