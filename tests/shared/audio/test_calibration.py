import numpy as np
import pytest

from shared.audio.calibration import Calibration, expected_error
from shared.audio.examples import Examples
from shared.audio.fit import fit, fit_calibration


def test_a_neutral_curve_changes_nothing():
    assert Calibration(1, 0).probability([0.8]) == pytest.approx(0.8)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nothing_is_quite_certain(share):
    assert 0 < Calibration(3, 0).probability([share]) < 1


def test_who_says_what_happens_has_no_error():
    confidences = np.repeat([0.25, 0.75], 400)
    right = np.concatenate([np.arange(400) % 4 == 0, np.arange(400) % 4 != 0])

    assert expected_error(confidences, right) == pytest.approx(0)
    assert expected_error(np.full(800, 0.95), right) == pytest.approx(0.45)


def test_the_fitted_curve_takes_overconfidence_back():
    generator = np.random.default_rng(2)
    truth = generator.uniform(0.3, 0.95, 4000)
    right = generator.random(4000) < truth
    odds = np.log(truth / (1 - truth))
    boasted = 1 / (1 + np.exp(-2 * odds))

    slope, offset = fit_calibration(boasted, right)

    assert slope == pytest.approx(0.5, abs=0.08)
    assert offset == pytest.approx(0, abs=0.1)


def test_fitting_finds_the_feature_that_tells():
    generator = np.random.default_rng(4)
    answers = generator.integers(0, 6, 200)
    truth = np.eye(6)[answers]
    features = generator.standard_normal((200, 6, 3))
    features[:, :, 1] += 3 * truth

    weights = fit(Examples.alike(("a",) * 200, features, truth), 1e-3)

    assert weights[1] > 5 * max(abs(weights[0]), abs(weights[2]))


def test_a_strong_ridge_holds_weights_back():
    data = Examples.alike(("a",), np.array([[[1.0], [-1.0]]]), np.array([[1.0, 0.0]]))

    assert abs(fit(data, 1e3)[0]) < 1e-3 < fit(data, 1e-3)[0]


def test_what_counts_more_decides():
    features = np.array([[[1.0], [-1.0]]] * 2)
    truth = np.array([[1.0, 0.0], [0.0, 1.0]])

    def weight_with(*counts):
        data = Examples(("a", "b"), features, truth, np.array(counts), np.ones(2, bool))
        return fit(data, 1e-3)[0]

    assert weight_with(2.0, 1.0) > 0.1
    assert weight_with(1.0, 2.0) < -0.1
