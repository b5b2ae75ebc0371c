from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.fit_matching import FOLDS, Labelled, fit
from scripts.labelled_pairs import Pair
from scripts.made_pairs import made_pairs
from scripts.match_design import DESIGN, design
from scripts.match_document import document_of
from scripts.match_figures import calibration_error, fold_of, threshold_at
from shared.domain.comparisons import compare
from shared.domain.match_weights import Weights, is_monotone
from shared.domain.recording_facts import RecordingFacts


def record(number, **told):
    return {
        "title": f"{'abcdefghij'[number % 10] * 6} song",
        "artists": f"{'klmnopqrst'[number // 10 % 10] * 6} band",
        "release": "An Album",
        "length_ms": str(100_000 + 7_000 * number),
        "number": str(number + 1),
        "year": "1999",
    } | told


def labelled(name="iTunes-Amazon"):
    pairs = [
        Pair(record(a), record(b), a == b, (str(a), str(b)))
        for a in range(30)
        for b in (a, a + 1, a + 10)
    ]
    return Labelled(name, pairs)


def test_the_threshold_is_the_loosest_with_that_precision():
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    labels = np.array([1.0, 1.0, 0.0, 1.0, 1.0])

    assert threshold_at(scores, labels, 0.8) == 0.5
    assert threshold_at(scores, labels, 0.9) == 0.8
    assert threshold_at(scores, 1 - labels, 0.99) == float("inf")


def test_equal_scores_stand_or_fall_together():
    scores = np.array([0.9, 0.9])

    assert threshold_at(scores, np.array([1.0, 0.0]), 0.99) == float("inf")


def test_calibration_is_the_gap_between_said_and_seen():
    scores = np.array([0.95] * 10 + [0.05] * 10)

    assert calibration_error(scores, np.array([1.0] * 10 + [0.0] * 10)) == (
        pytest.approx(0.05)
    )
    assert calibration_error(scores, np.zeros(20)) == pytest.approx(0.5)


@given(st.text(), st.text())
def test_a_pair_is_in_one_fold_from_either_side(one, other):
    assert fold_of((one, other), FOLDS) == fold_of((other, one), FOLDS)
    assert 0 <= fold_of((one, other), FOLDS) < FOLDS


def test_no_group_is_both_fitted_and_tested():
    ours = labelled()

    parts = [ours.parted(fold) for fold in range(FOLDS)]

    assert (sum(tested.astype(int) for _, tested in parts) == 1).all()
    for fitted, tested in parts:
        seen = {
            g for p, t in zip(ours.pairs, tested, strict=True) if t for g in p.groups
        }
        used = {
            g for p, f in zip(ours.pairs, fitted, strict=True) if f for g in p.groups
        }
        assert seen.isdisjoint(used)


def test_what_is_fitted_is_what_is_weighed():
    ours = labelled()

    coefficients = fit([ours], [np.ones(len(ours.pairs), dtype=bool)])

    weights = Weights.of_json(document_of(coefficients) | {"accept_from": 0.9})
    log_odds = design(ours.found) @ coefficients[:-1] + coefficients[-1]
    weighed = [
        weights.intercept + sum(weights.worths(one).values()) for one in ours.found
    ]
    assert weighed == pytest.approx(log_odds, abs=0.01)
    assert is_monotone(weights)
    assert ((log_odds > 0) == ours.labels).mean() > 0.95


@given(st.lists(st.floats(0, 5), min_size=len(DESIGN), max_size=len(DESIGN)))
def test_any_coefficients_make_a_model_that_only_rises(values):
    weights = Weights.of_json(
        document_of(np.array([*values, -5.0])) | {"accept_from": 0.9}
    )

    assert is_monotone(weights)
    for table in (weights.tables["number"], weights.tables["language"]):
        assert table["different"] <= table["missing"] <= table["same"]


def test_made_pairs_keep_their_groups_and_are_made_alike_again():
    pairs = [Pair(record(n), record(n), True, (str(n), str(n))) for n in range(40)]

    made = list(made_pairs(pairs))

    assert made == list(made_pairs(pairs))
    assert [one.groups for one in made] == [one.groups for one in pairs]
    assert {one.is_same for one in made} == {True, False}


def test_a_made_pair_of_one_recording_differs_in_its_release_alone():
    pairs = [Pair(record(n), record(n), True, (str(n), str(n))) for n in range(40)]

    for one in made_pairs(pairs):
        found = compare(
            RecordingFacts.read(one.query), RecordingFacts.read(one.candidate)
        )
        if one.is_same:
            assert found.weaker == 1.0
            assert found.length is not None
            assert found.length <= 1_000
