"""Classes of models are shown as people write them, and lead back."""

from __future__ import annotations

import pytest

from shared.audio.labels import shown
from shared.audio.learning import class_of
from shared.audio.model import SHIPPED, shipped


@pytest.mark.parametrize("model", SHIPPED)
def test_what_is_shown_of_a_class_means_that_class(model):
    classes = shipped(model).classes

    assert [class_of([shown(name)], classes) for name in classes] == list(classes)


def test_names_are_written_as_people_write_them():
    names = ("hiphop", "jazz", "rnb", "modal jazz")

    assert [shown(name) for name in names] == ["Hip-Hop", "Jazz", "R&B", "Modal Jazz"]
