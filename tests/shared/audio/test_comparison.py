import pytest

from shared.audio.comparison import Answer, duels, mcnemar, report, standings, wilson


def answers(*rows):
    """Return answers of genre_v1 and genre_v2: (recording, first, second, truth)."""
    return [
        Answer(str(name), model, value, 0.9, truth)
        for name, first, second, truth in rows
        for model, value in (("genre_v1", first), ("genre_v2", second))
    ]


def test_each_model_is_judged_by_what_people_decided():
    told = answers(
        (1, "jazz", "jazz", "jazz"), (2, "jazz", "pop", "pop"), (3, "pop", "pop", None)
    )

    first, second = standings(told)

    assert (first.model, first.answers, first.judged) == ("genre_v1", 3, 2)
    assert (first.right, second.right) == (0.5, 1.0)
    assert first.sure == 1.0
    # Said 0.9 and right on half of them.
    assert first.calibration_error == pytest.approx(0.4)


def test_without_decisions_nobody_is_right_or_wrong():
    (first, _) = standings(answers((1, "jazz", "pop", None)))

    assert (first.right, first.interval, first.calibration_error) == (None, None, None)


def test_a_duel_counts_what_only_one_had_right():
    told = answers(
        *[(n, "jazz", "pop", "pop") for n in range(9)],
        (9, "jazz", "pop", "jazz"),
        (10, "jazz", "jazz", "jazz"),
    )

    (duel,) = duels(told)

    assert (duel.both, duel.first_alone, duel.second_alone) == (11, 1, 9)
    assert duel.agree == pytest.approx(1 / 11)
    assert duel.better == "genre_v2"


def test_a_small_difference_may_be_chance():
    (duel,) = duels(answers((1, "jazz", "pop", "pop"), (2, "jazz", "pop", "pop")))

    assert duel.better is None


def test_mcnemars_test_is_a_fair_coin():
    # Ten heads of ten, either way: 2 / 1024.
    assert mcnemar(0, 10) == pytest.approx(2 / 1024)
    assert mcnemar(5, 5) == 1.0
    assert mcnemar(0, 0) == 1.0


def test_wilsons_interval_is_the_published_one():
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998,
    # table I: 81 of 263 is 0.2553 to 0.3662.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_a_report_names_the_better_one():
    told = report("genre", answers(*[(n, "jazz", "pop", "pop") for n in range(9)]))

    assert "| genre_v2 | 9 | 100.0% | 9 | 100.0% |" in told
    assert "genre_v2 is better" in told
