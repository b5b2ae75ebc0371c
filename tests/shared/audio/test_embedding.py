import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.audio import embedding_fit
from shared.audio.analysis import analyse
from shared.audio.document import document
from shared.audio.embedding import (
    BYTES,
    SIZE,
    embedding_bytes,
    embedding_of,
    projection,
    similarity,
)
from shared.audio.genre_fit import Table
from shared.audio.traits import known_traits, traits
from shared.domain.errors import InvalidInputError


@pytest.fixture
def placed(sound_file):
    return lambda samples, name="a.wav": document(
        analyse(sound_file(samples, name)), []
    )["embedding"]


def artists_table(n_artists=60, each=6):
    """Return recordings whose first four traits are their artist's, the rest noise."""
    generator = np.random.default_rng(5)
    n = n_artists * each
    features = generator.normal(size=(n, 34)) * 3
    who = np.repeat(np.arange(n_artists), each)
    features[:, :4] = generator.normal(size=(n_artists, 4))[who]
    features[:, :4] += 0.3 * generator.normal(size=(n, 4))
    genres = np.where(features[:, 0] > 0, "jazz", "metal")
    artists = np.array([f"artist {k}" for k in who])
    return Table(features, genres, who % 3, artists)


def test_an_embedding_has_64_numbers_and_the_length_one(placed, chords):
    found = placed(chords(220))

    assert len(found) == SIZE
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-4)


def test_the_same_bytes_are_in_the_same_place(placed, chords):
    assert placed(chords(220)) == placed(chords(220), "b.wav")


def test_halves_of_one_recording_are_nearer_than_others(placed, chords, clicks):
    calm, drums = chords(220, seconds=16), clicks(128, 16)
    half = len(calm) // 2

    first, second = placed(calm[:half], "1.wav"), placed(calm[half:], "2.wav")
    other = placed(drums[:half], "3.wav")

    assert similarity(first, second) > similarity(first, other) + 0.2
    assert similarity(first, second) > similarity(second, other) + 0.2


def test_silence_is_nowhere(placed):
    assert placed(np.zeros(44_100 * 4)) is None


def test_the_shipped_projection_goes_by_what_is_measured():
    shipped = projection()

    assert shipped.version == embedding_fit.VERSION
    assert set(shipped.inputs) <= known_traits()
    assert len(shipped.inputs) == len(set(shipped.inputs)) == SIZE
    assert shipped.matrix.shape == (SIZE, SIZE)


@given(st.lists(st.floats(-1, 1, width=32), min_size=SIZE, max_size=SIZE))
def test_bytes_come_back(values):
    content = embedding_bytes(values)

    assert len(content) == BYTES
    assert embedding_of(content).tolist() == values


@pytest.mark.parametrize("values", [[], [0.0] * 63, [float("nan")] * SIZE])
def test_what_is_no_embedding_has_no_bytes(values):
    with pytest.raises(InvalidInputError):
        embedding_bytes(values)


def test_bytes_of_another_length_are_none():
    with pytest.raises(InvalidInputError):
        embedding_of(bytes(BYTES - 1))


def test_fitting_finds_what_artists_have_in_common():
    table = artists_table()

    found = embedding_fit.cross_validated(table)

    assert found.artist > 10 * found.artist_by_chance
    assert found.genre > found.genre_by_chance + 0.2


def test_what_says_nothing_finds_nobody():
    table = artists_table()
    # Each recording another's features: artists have nothing in common any more.
    mixed = np.random.default_rng(6).permutation(table.features)

    found = embedding_fit.cross_validated(
        Table(mixed, table.labels, table.folds, table.artists)
    )

    assert found.artist < 4 * found.artist_by_chance


def test_the_other_traits_are_a_quarter_of_the_whole(placed, chords):
    table = artists_table()
    others = np.random.default_rng(7).normal(size=(50, len(embedding_fit.OTHER)))
    fitted = embedding_fit.fitted(table, others)
    values = np.column_stack([table.features[:50, :33], others])

    standard = np.clip((values - fitted.mean) / fitted.spread, -4, 4) @ fitted.matrix

    share = np.square(standard[:, 33:]).sum() / np.square(standard).sum()
    assert share == pytest.approx(0.25, abs=0.03)


def test_traits_of_a_stored_document_are_those_of_a_fresh_one(
    sound_file, chords, clicks
):
    fresh = document(analyse(sound_file(chords(220) + clicks(120, 8))), [])
    names = sorted(known_traits())

    kept = json.loads(json.dumps(fresh))

    assert traits(kept, names).tolist() == traits(fresh, names).tolist()
    assert np.isfinite(traits(fresh, names)).all()
