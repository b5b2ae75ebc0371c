import csv

import numpy as np
import pytest

from shared.audio import genre_fit
from shared.audio.model import loaded
from shared.audio.model_fit import cross_validated, trained


@pytest.fixture
def table(tmp_path):
    """Return a table of two genres whose first cepstrum tells them, and its folds."""
    generator = np.random.default_rng(1)
    rows, groups = [], [[], [], []]
    for number in range(90):
        label = ("jazz", "metal")[number % 2]
        row = {name: abs(generator.normal()) + 0.1 for name in genre_fit.COLUMNS}
        row["mfcc1_mean"] += 4 * (label == "metal")
        rows.append({"filename": f"{label}.{number:05}.wav", "label": label, **row})
        groups[number // 2 % 3].append(f"./{label}_{number:05}.wav\t{number}\n")
    path = tmp_path / "table.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    files = [tmp_path / f"fold{number}.txt" for number in range(3)]
    for file, lines in zip(files, groups, strict=True):
        file.write_text("".join(lines))
    return path, files


def test_training_finds_what_tells_genres_and_what_is_stored_says_the_same(
    table, tmp_path, capsys
):
    path, groups = table
    target = tmp_path / "model.json"

    genre_fit.main([str(path), "--artists", *map(str, groups), "--output", str(target)])

    read = genre_fit.read_table(path, groups)
    stored = loaded(target.read_bytes())
    expected = trained(genre_fit.INPUTS, read.features, read.labels)
    assert sorted(set(read.folds)) == [0, 1, 2]
    assert stored.classes == ("jazz", "metal")
    assert stored.likelihood(read.features) == pytest.approx(
        expected.likelihood(read.features), abs=1e-3
    )
    assert "artists unheard: " in capsys.readouterr().out
    assert (stored.name, stored.field) == ("genre_v1", "genre")


def test_what_is_asked_was_never_seen(table):
    read = genre_fit.read_table(*table)
    # Labels that nothing tells: whoever had seen them would still know them.
    random = np.random.default_rng(3).permutation(read.labels)

    _, right = cross_validated(
        genre_fit.lessons_of(
            genre_fit.Table(read.features, random, read.folds, read.artists)
        )
    )

    assert right.mean() < 0.7


def test_another_collection_is_a_fold_of_its_own(table):
    read = genre_fit.read_table(*table)

    both = genre_fit.joined(read, genre_fit.read_table(table[0], []), fold=3)

    assert (both.folds == 3).sum() == len(read.labels)


def test_artists_of_different_folds_are_different_artists(table):
    read = genre_fit.read_table(*table)

    assert len(set(read.artists)) == len(read.labels)
    assert all(
        artist.startswith(f"{fold}/")
        for artist, fold in zip(read.artists, read.folds, strict=True)
    )
