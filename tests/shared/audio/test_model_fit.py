import numpy as np
import pytest

from shared.audio.calibration import Calibration
from shared.audio.model_fit import (
    Lessons,
    cross_validated,
    figures,
    fitted,
    folds_of,
    trained,
)


def lessons(classes=("calm", "loud", "odd"), n=240, noise=1.0):
    """Return recordings whose class moves both values, over noise."""
    generator = np.random.default_rng(3)
    place = generator.integers(0, len(classes), n)
    values = generator.normal(size=(n, 2)) * noise
    values += np.array([[0, 0], [3, 0], [0, 3]])[place]
    folds = np.arange(n) % 4
    return Lessons(("rms", "bpm"), values, np.array(classes)[place], folds)


def test_what_tells_classes_is_found():
    model, found = fitted("genre_v9", "genre", lessons())

    assert (model.name, model.field) == ("genre_v9", "genre")
    assert model.classes == ("calm", "loud", "odd")
    assert found.right > 0.85
    assert found.calibration_error < 0.08


def test_what_tells_nothing_is_not():
    told = lessons()
    mixed = np.random.default_rng(4).permutation(told.labels)

    _, right = cross_validated(Lessons(told.inputs, told.values, mixed, told.folds))

    assert right.mean() < 0.5


def test_two_classes_have_shares_too():
    told = lessons(("calm", "loud"))

    model = trained(told.inputs, told.values, told.labels)

    likelihood = model.likelihood(told.values)
    assert likelihood.shape == (240, 2)
    best = np.array(model.classes)[likelihood.argmax(axis=1)]
    assert (best == told.labels).mean() > 0.85


def test_what_has_no_fold_is_left_out():
    told = lessons()
    told.folds[:100] = -1

    shares, right = cross_validated(told)

    assert len(shares) == len(right) == 140


def test_figures_are_counted():
    shares = np.array([0.95, 0.95, 0.95, 0.95, 0.35, 0.35])
    right = np.array([True, True, True, False, True, False])

    found = figures(shares, right, Calibration(1, 0))

    assert found.right == pytest.approx(4 / 6)
    assert found.sure == pytest.approx(4 / 6)
    assert found.sure_and_right == pytest.approx(0.75)
    # |4 · 0.95 - 3| + |2 · 0.35 - 1|, of six.
    assert found.calibration_error == pytest.approx((0.8 + 0.3) / 6)
    assert [row[0] for row in found.reliability] == [2, 4]


def test_an_artist_is_in_one_fold_and_folds_are_even():
    groups = [f"artist {n % 17}" for n in range(170)]

    folds = folds_of(groups)

    assert len({*zip(groups, folds.tolist(), strict=True)}) == 17
    assert max(np.bincount(folds)) <= 40
    assert set(folds.tolist()) == set(range(5))
