import csv

import numpy as np
import pytest

from shared.audio import mood_fit
from shared.audio.genre_fit import COLUMNS
from shared.audio.model import loaded
from shared.audio.mood_fit import Annotated, mood_of, shares_of


def annotated(**moods):
    """Return recordings of genres by name, and how many of each mood they have."""
    genres, found = [], []
    for genre, counts in moods.items():
        for mood, count in counts.items():
            genres += [genre] * count
            found += [mood] * count
    names = tuple(f"artist {n // 3}" for n in range(len(genres)))
    return Annotated(np.array(genres), np.array(found), names)


@pytest.fixture
def files(tmp_path):
    """Write annotations: metal is tense, jazz calm; and a table that tells them."""
    generator = np.random.default_rng(2)
    songs, said, rows, groups = [], [], [], [[], [], []]
    for number in range(60):
        genre = ("Rock", "Jazz")[number % 2]
        songs.append(
            {"song_id": number, "Artist": f"\t{number // 4}\t", "Genre": f"\t{genre}\t"}
        )
        arousal, valence = (7, 3) if genre == "Rock" else (3, 7)
        said.append(
            {"song_id": number, "mean_arousal": arousal, "mean_valence": valence}
        )
        label = ("metal", "jazz")[number % 2]
        row = {name: abs(generator.normal()) + 0.1 for name in COLUMNS}
        row["mfcc1_mean"] += 5 * (label == "metal")
        rows.append({"filename": f"{label}.{number:05}.wav", "label": label, **row})
        groups[number // 2 % 3].append(f"./{label}_{number:05}.wav\t{number}\n")
    named = {"songs": songs, "said": said, "table": rows}
    for name, content in named.items():
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, content[0])
            writer.writeheader()
            writer.writerows(content)
    for number, lines in enumerate(groups):
        (tmp_path / f"fold{number}.txt").write_text("".join(lines))
    return tmp_path


@pytest.mark.parametrize(
    ("arousal", "valence", "mood"),
    [(7, 7, "happy"), (7, 3, "tense"), (3, 3, "sad"), (3, 7, "calm"), (5, 5, "happy")],
)
def test_a_mood_is_a_quadrant(arousal, valence, mood):
    assert mood_of(arousal, valence) == mood


def test_shares_of_a_genre_lean_to_those_of_all():
    shares = shares_of(annotated(jazz={"calm": 4}, rock={"tense": 4}))

    calm, _, _, tense = shares["jazz"]
    # Four calm, and eight that are half calm and half tense.
    assert (calm, tense) == pytest.approx((8 / 12, 4 / 12))
    assert shares[""] == pytest.approx([0.5, 0, 0, 0.5])


def test_what_is_judged_was_not_counted():
    # Each artist has a genre alone: unheard, nothing is known but what all are like.
    alone = Annotated(
        np.array([f"genre {n}" for n in range(40)]),
        np.array(["happy", "sad", "calm", "tense"] * 10),
        tuple(f"artist {n}" for n in range(40)),
    )

    assert mood_fit.given_genre(alone).right < 0.5


def test_training_learns_moods_by_way_of_genre(files, capsys):
    target = files / "model.json"
    groups = [str(files / f"fold{number}.txt") for number in range(3)]

    inputs = ["--annotations", str(files / "said.csv")]
    inputs += ["--songs", str(files / "songs.csv"), "--output", str(target)]
    mood_fit.main([str(files / "table.csv"), "--artists", *groups, *inputs])

    model = loaded(target.read_bytes())
    place = np.array(model.mean)
    first = model.inputs.index("mfcc_mean.0")
    place[first] += 3 * model.spread[first]
    assert model.field == "mood"
    assert model.classes[int(model.likelihood(place).argmax())] == "tense"
    assert "where the genre is known" in capsys.readouterr().out
