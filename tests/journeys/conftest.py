"""One local cloud for all journeys, and a label of its own for each."""

from __future__ import annotations

import itertools

import pytest

from infra.local.samples import album
from infra.local.trial import trial
from tests.journeys.label import Label

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cloud():
    with trial() as running:
        yield running


@pytest.fixture
def label(cloud):
    """A tenant that nobody else uses, with an API key."""
    return Label.open(cloud, f"label-{next(_numbers)}")


@pytest.fixture
def rival(cloud):
    return Label.open(cloud, f"label-{next(_numbers)}")


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A small album: FLAC, MP3, and what goes wrong."""
    return album(tmp_path_factory.mktemp("album"), tracks=2, duration_s=2.0)
