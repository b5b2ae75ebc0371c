import json

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from shared.audio import schema
from shared.audio.analysis import analyse
from shared.audio.document import document
from shared.audio.features import Document


@pytest.fixture
def validator():
    return Draft202012Validator(schema.schema())


def test_the_reference_says_what_the_types_say(capsys):
    status = schema.main(["--check"])

    assert (status, capsys.readouterr().out) == (0, "")


def test_the_stored_schema_is_that_of_the_document():
    stored = json.loads(schema.SCHEMA_FILE.read_text())

    assert stored == schema.schema()
    assert set(stored["properties"]) == set(Document.__annotations__)


def test_every_feature_says_what_it_is_and_whose_definition():
    described = schema.schema()["properties"]

    assert all(len(told["description"]) > 5 for told in described.values())
    assert all(told["x-source"] for told in described.values())


@pytest.mark.parametrize("structure", [False, True])
def test_what_is_heard_is_as_the_schema_says(
    validator, sound_file, clicks, chords, structure
):
    path = sound_file(clicks(120, 8) + chords(220))

    found = document(analyse(path, structure=structure))

    kept = json.loads(json.dumps(found))
    assert [error.message for error in validator.iter_errors(kept)] == []


def test_silence_is_as_the_schema_says(validator, sound_file):
    found = document(analyse(sound_file(np.zeros(44_100))))

    assert [error.message for error in validator.iter_errors(found)] == []
    assert found["bpm"] is None


@pytest.mark.parametrize("level", [1.0, 4.0])
def test_hardly_a_second_of_anything_is_as_the_schema_says(
    validator, sound_file, level
):
    noise = level * np.random.default_rng(1).standard_normal(30_000)

    found = document(analyse(sound_file(noise, "n.wav", "pcm_f32le"), structure=True))

    assert [error.message for error in validator.iter_errors(found)] == []


def test_the_schema_forbids_what_is_none_of_it(validator, sound_file, chords):
    found = document(analyse(sound_file(chords(220))))

    wrong = [{**found, "shoe_size": 44}, {**found, "bpm": 9000.0}]
    missing = {name: value for name, value in found.items() if name != "key"}

    assert all(list(validator.iter_errors(one)) for one in [*wrong, missing])
