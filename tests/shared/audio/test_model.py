import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.audio.analysis import analyse
from shared.audio.calibration import Calibration
from shared.audio.document import document
from shared.audio.model import (
    SHIPPED,
    LinearModel,
    loaded,
    object_name,
    shipped,
    stored,
)
from shared.domain.errors import InvalidInputError, NotFoundError


@pytest.fixture
def heard(sound_file, chords):
    return document(analyse(sound_file(chords(220))), [])


@pytest.fixture
def bright():
    """Return a model that goes by brightness alone."""
    return LinearModel(
        name="genre_v9",
        field="genre",
        classes=("dark", "light"),
        inputs=("centroid_hz",),
        mean=np.array([2000.0]),
        spread=np.array([500.0]),
        weights=np.array([[-1.0, 1.0]]),
        offsets=np.zeros(2),
        calibration=Calibration(1, 0),
    )


def changed(model, **values):
    told = json.loads(stored(model))
    return json.dumps({**told, **values}).encode()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_says_what_it_is_asked(heard, name):
    found = shipped(name).estimate(heard)

    assert found.model == name
    assert name.startswith(f"{found.field}_v")
    assert len({found.value, *found.alternatives}) == 4
    assert 0 < found.confidence < 1


def test_there_is_one_shipped_model_for_each_field():
    fields = [shipped(name).field for name in SHIPPED]

    assert sorted(fields) == ["genre", "mood"]


def test_what_is_likelier_comes_first(bright):
    document = {"mfcc_mean": [0], "centroid_hz": 2500.0}

    found = bright.estimate(document)

    assert (found.value, found.alternatives) == ("light", ("dark",))
    # Scores of -1 and 1: e / (e + 1/e), and the curve changes nothing.
    assert found.confidence == pytest.approx(0.8808, abs=1e-4)


def test_nothing_is_said_of_silence(bright):
    assert bright.estimate({"mfcc_mean": None, "centroid_hz": None}) is None


def test_a_stored_model_is_the_same(bright):
    found = loaded(stored(bright, {"on": "2026-11-21"}))

    document = {"mfcc_mean": [0], "centroid_hz": 1234.0}
    assert found.estimate(document) == bright.estimate(document)


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "linear-2"},
        {"inputs": ["shoe_size"]},
        {"inputs": ["centroid_hz", "bpm"]},
        {"spread": [0.0]},
        {"weights": [[1.0]]},
        {"mean": ["high"]},
        {"mean": [float("nan")]},
        {"classes": []},
        {"calibration": [1.0]},
    ],
)
def test_numbers_that_do_not_fit_are_no_model(bright, wrong):
    with pytest.raises(InvalidInputError):
        loaded(changed(bright, **wrong))


@given(st.binary(max_size=200))
def test_other_bytes_are_no_model(content):
    with pytest.raises(InvalidInputError):
        loaded(content)


@pytest.mark.parametrize("value", [b"[]", b"null", b'"x"', b"{}"])
def test_other_json_is_no_model(value):
    with pytest.raises(InvalidInputError):
        loaded(value)


@pytest.mark.parametrize("name", ["genre_v99", "../genre_v1", "weights", ""])
def test_what_did_not_ship_is_not_found(name):
    with pytest.raises(NotFoundError):
        shipped(name)


def test_models_lie_together_in_the_store():
    assert object_name("genre_v2") == "models/genre_v2.json"
