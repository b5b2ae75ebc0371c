"""What genre, mood and likeness models know, and what a hundred reviews teach them.

Needs labelled tables beside the checkout; says so where they are not there. The second
collection stands for a catalog of one's own: none of its recordings, artists or
studios was heard in training.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._machine import machine
from shared.audio.embedding_fit import cross_validated as neighbours
from shared.audio.genre_fit import Table, joined, lessons_of, read_table
from shared.audio.learning import Decided, learned
from shared.audio.model import LinearModel, shipped
from shared.audio.model_fit import Figures, cross_validated, figures, fitted, trained
from shared.audio.mood_fit import given_genre, read_annotations

_TABLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio" / "tables"
_REVIEWS = (100, 200, 600)
_REPEATS = 5


def main() -> int:
    print(machine())
    if not _TABLES.is_dir():
        print(f"there are no tables in {_TABLES}")
        return 0
    groups = sorted((_TABLES / "gtzan_splits").glob("f?_evaluate_groups.txt"))
    first = read_table(_TABLES / "gtzan_features_30_sec.csv", groups)
    second = read_table(_TABLES / "sudals_features_30_sec.csv", [])
    model, both = fitted("genre", "genre", lessons_of(joined(first, second, 3)))
    _tell("genre, artists unheard, two collections", both)
    print(f"genre, artists unheard, one collection: {_plain(first):.1%}")
    print(f"genre, artists mixed (flatters): {_mixed(first):.1%}")
    _tell("mood, genre known, artists unheard", _mood())
    found = neighbours(first)
    print(
        f"embedding, artists unheard: nearest of the same artist {found.artist:.1%} "
        f"(chance {found.artist_by_chance:.1%}), five nearest of others of the same "
        f"genre {found.genre:.1%} (chance {found.genre_by_chance:.1%})"
    )
    for line in _taught(first, second):
        print(line)
    print(f"one estimate: {_cost_us(model, second):.0f} us")
    return 0


def _tell(name: str, found: Figures) -> None:
    told = "; ".join(list(found.lines())[:2])
    print(f"{name}: {told}")


def _plain(table: Table) -> float:
    return float(cross_validated(lessons_of(table))[1].mean())


def _mixed(table: Table) -> float:
    order = np.random.default_rng(0).permutation(len(table.labels))
    folds = np.empty(len(order), np.intp)
    folds[order] = np.arange(len(order)) % 3
    mixed = Table(table.features, table.labels, folds, table.artists)
    return _plain(mixed)


def _mood() -> Figures:
    folder = _TABLES / "emotion"
    return given_genre(
        read_annotations(
            folder / "emomusic_static_annotations.csv",
            folder / "emomusic_songs_info.csv",
        )
    )


def _taught(first: Table, second: Table) -> Iterator[str]:
    """Yield how often the second collection is right after so many reviews of it."""
    used = first.folds >= 0
    inputs = lessons_of(first).inputs
    base = trained(inputs, first.features[used], first.labels[used])
    right = base.likelihood(second.features).argmax(axis=1)
    before = float((np.array(base.classes)[right] == second.labels).mean())
    yield f"another collection, no reviews of it: {before:.1%} of {len(right)}"
    decided = [
        Decided(_document(inputs, row), str(label), str(artist))
        for row, label, artist in zip(
            second.features, second.labels, second.artists, strict=True
        )
    ]
    for count in _REVIEWS:
        shares = [_after(base, second, decided, count, run) for run in range(_REPEATS)]
        errors = statistics.median(error for _, error in shares)
        after = statistics.median(share for share, _ in shares)
        yield f"  {count} reviews: {after:.1%} of the rest, ECE {errors:.3f}"


def _after(
    base: LinearModel, table: Table, decided: list[Decided], count: int, run: int
) -> tuple[float, float]:
    order = np.random.default_rng(run).permutation(len(decided))
    model = learned(base, "genre_own_v1", [decided[k] for k in order[:count]]).model
    rest = order[count:]
    likelihood = model.likelihood(table.features[rest])
    best = np.array(model.classes)[likelihood.argmax(axis=1)]
    right = best == table.labels[rest]
    found = figures(likelihood.max(axis=1), right, model.calibration)
    return found.right, found.calibration_error


def _document(inputs: tuple[str, ...], values: Any) -> dict[str, Any]:
    """Return a document that has the traits *values*."""
    document: dict[str, Any] = {}
    for name, value in zip(inputs, values.tolist(), strict=True):
        is_log = name.startswith("log_")
        plain, _, place = name.removeprefix("log_").partition(".")
        number = float(np.exp(value)) if is_log else value
        if place:
            document.setdefault(plain, []).append(number)
        else:
            document[plain] = number
    return document


def _cost_us(model: LinearModel, table: Table) -> float:
    document = _document(model.inputs, table.features[0])
    shipped("genre_v1").estimate(document)
    times = []
    for _ in range(200):
        start = time.process_time_ns()
        model.estimate(document)
        times.append((time.process_time_ns() - start) / 1000)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
