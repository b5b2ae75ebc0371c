"""One local cloud for all journeys, and a label of its own for each."""

from __future__ import annotations

import itertools
from contextlib import ExitStack

import pytest

from infra.local.samples import album
from infra.local.trial import trial
from tests.journeys.label import Label

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cloud():
    # Tries follow one another quickly, so that what is poison is given up soon.
    with trial(attempts=8) as running:
        yield running


@pytest.fixture
def open_label(cloud):
    """Return how to make a tenant that nobody else uses, with an API key."""
    with ExitStack() as stack:

        def opened():
            made = Label.open(cloud, f"label-{next(_numbers)}")
            stack.enter_context(made.api)
            return made

        yield opened


@pytest.fixture
def label(open_label):
    return open_label()


@pytest.fixture
def rival(open_label):
    return open_label()


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A small album: FLAC, MP3, and what goes wrong."""
    return album(tmp_path_factory.mktemp("album"), tracks=2, duration_s=2.0)
