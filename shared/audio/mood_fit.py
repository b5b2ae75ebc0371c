"""Trains the mood model from what listeners said of other recordings' moods.

    python -m shared.audio.mood_fit TABLE.csv --artists GROUPS.txt… \
        --annotations static_annotations.csv --songs songs_info.csv

There is no table of both features and moods that may be used. So moods are learned by
way of genre: ANNOTATIONS (columns `song_id`, `mean_arousal`, `mean_valence`, 1 to 9)
and SONGS (`song_id`, `Artist`, `Genre`) say how often each genre is in each quadrant
of arousal and valence; every recording of TABLE, as `genre_fit` takes it, stands for
the moods of its genre in those shares. What is told is what sounds like the genres
that a mood is frequent in, no more: within a genre this model knows nothing.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.audio.calibration import Calibration
from shared.audio.genre_fit import INPUTS, Table, read_table
from shared.audio.model import stored
from shared.audio.model_fit import Figures, Lessons, figures, fitted, folds_of

MOODS: Final = ("calm", "happy", "sad", "tense")
"""Quadrants: low arousal and high valence; both high; both low; high and low."""

MODEL_FILE: Final = Path(__file__).with_name("mood_v1.json")

_MIDDLE = 5.0
_PRIOR = 8.0  # of all genres' moods, in each genre's
_COPIES = 20  # of each recording, to have its moods in shares of five percent
_ANY = ""
# As the annotated collection names its genres; others take the moods of all.
_CALLED = {
    **{name: name for name in ("blues", "classical", "country", "jazz", "pop")},
    "rock": "rock",
    "metal": "rock",
    "disco": "electronic",
}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Annotated:
    """What listeners said of recordings: a genre, a mood and an artist each."""

    genres: NDArray[np.str_]
    moods: NDArray[np.str_]
    artists: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--artists", type=Path, nargs="+", required=True)
    parser.add_argument("--annotations", type=Path, required=True)
    parser.add_argument("--songs", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=MODEL_FILE)
    options = parser.parse_args(arguments)
    annotated = read_annotations(options.annotations, options.songs)
    table = read_table(options.table, options.artists)
    model, found = fitted("mood_v1", "mood", lessons_of(table, annotated))
    training = {"annotated": len(annotated.moods), "right": round(found.right, 4)}
    options.output.write_bytes(stored(model, training))
    known = given_genre(annotated)
    sys.stdout.write(
        "mood, where the genre is known, artists unheard: "
        + "\n".join(known.lines())
        + "\nmood, from sound, as its genre's moods are, artists unheard: "
        + "\n".join(found.lines())
        + "\n"
    )
    return 0


def mood_of(arousal: float, valence: float) -> str:
    """Return the quadrant (Russell, "A circumplex model of affect", 1980).

    Args:
        arousal: Of 1 to 9, as valence.
        valence: The middle, 5, counts as high.
    """
    if valence >= _MIDDLE:
        return "happy" if arousal >= _MIDDLE else "calm"
    return "tense" if arousal >= _MIDDLE else "sad"


def read_annotations(annotations: Path, songs: Path) -> Annotated:
    """Return the annotated recordings that both files know."""
    with songs.open(encoding="utf-8-sig", newline="") as file:
        known = {row["song_id"].strip(): row for row in csv.DictReader(file)}
    genres, moods, artists = [], [], []
    with annotations.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            song = known.get(row["song_id"].strip())
            if song:
                genres.append(song["Genre"].strip().lower())
                artists.append(song["Artist"].strip().lower())
                where = (float(row["mean_arousal"]), float(row["mean_valence"]))
                moods.append(mood_of(*where))
    return Annotated(np.array(genres), np.array(moods), tuple(artists))


def shares_of(annotated: Annotated) -> dict[str, Floats]:
    """Return how often each genre has each of MOODS; `""` is any genre.

    A genre's few are evened out by all others' (a Dirichlet prior).
    """
    counts = np.array([(annotated.moods == mood).sum() for mood in MOODS], float)
    shares = {_ANY: counts / counts.sum()}
    for genre in np.unique(annotated.genres):
        of = annotated.moods[annotated.genres == genre]
        own = np.array([(of == mood).sum() for mood in MOODS], float)
        shares[str(genre)] = (own + _PRIOR * shares[_ANY]) / (own.sum() + _PRIOR)
    return shares


def given_genre(annotated: Annotated) -> Figures:
    """Return how good the likeliest mood of the true genre is, artists unheard."""
    folds = folds_of(annotated.artists)
    likelihood = np.zeros(len(folds))
    right = np.zeros(len(folds), bool)
    for fold in np.unique(folds):
        seen, asked = folds != fold, np.flatnonzero(folds == fold)
        shares = shares_of(Annotated(annotated.genres[seen], annotated.moods[seen], ()))
        for index in asked.tolist():
            of = shares.get(str(annotated.genres[index]), shares[_ANY])
            likelihood[index] = of.max()
            right[index] = MOODS[int(of.argmax())] == annotated.moods[index]
    return figures(likelihood, right, Calibration(1, 0))


def lessons_of(table: Table, annotated: Annotated) -> Lessons:
    """Return *table*'s recordings, each several times, in its genre's moods."""
    shares = shares_of(annotated)
    used = np.flatnonzero(table.folds >= 0)
    labels = np.concatenate(
        [_dealt(shares, str(table.labels[index])) for index in used.tolist()]
    )
    again = np.repeat(used, _COPIES)
    return Lessons(INPUTS, table.features[again], labels, table.folds[again])


def _dealt(shares: Mapping[str, Floats], genre: str) -> NDArray[np.str_]:
    """Return _COPIES moods in the shares of *genre*, by largest remainders."""
    exact = shares[_CALLED.get(genre, _ANY)] * _COPIES
    counts = np.floor(exact).astype(int)
    rest = np.argsort(counts - exact, kind="stable")[: _COPIES - counts.sum()]
    counts[rest] += 1
    return np.repeat(np.array(MOODS), counts)


if __name__ == "__main__":
    sys.exit(main())
