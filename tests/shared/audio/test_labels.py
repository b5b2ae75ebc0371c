"""Classes of models and words of people lead to one another."""

from __future__ import annotations

import pytest

from shared.audio.labels import class_of, shown
from shared.audio.model import SHIPPED, shipped


@pytest.mark.parametrize("model", SHIPPED)
def test_what_is_shown_of_a_class_means_that_class(model):
    for name in shipped(model).classes:
        assert class_of(shown(name)) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("Hip Hop", "hiphop"), ("hip-hop", "hiphop"), (" JAZZ ", "jazz"), ("R&B", "rnb")],
)
def test_words_of_people_mean_a_class(text, name):
    assert class_of(text) == name


def test_names_are_written_as_people_write_them():
    assert [shown(name) for name in ("hiphop", "jazz", "rnb")] == [
        "Hip-Hop",
        "Jazz",
        "R&B",
    ]
