"""Measures of closed trades by hand, and in their corners."""

import numpy as np
import pytest

from tradeworthy import validation
from tradeworthy.core.errors import InputError

RESULTS = [100.0, -50.0, -50.0, 0.0, 200.0, 50.0, 30.0, -80.0]


@pytest.mark.parametrize(
    ("measure", "by_hand"),
    [
        ("win_rate", 4 / 8),
        ("profit_factor", 380 / 180),
        ("average_win", 95.0),
        ("average_loss", -60.0),
        ("payoff_ratio", 95 / 60),
        ("expectancy", 25.0),
        ("expectancy_ratio", (1 + 95 / 60) * 0.5 - 1),
        ("sqn", np.sqrt(8) * 25 / np.sqrt(59_800 / 7)),
        ("longest_winning_streak", 3),
        ("longest_losing_streak", 2),
        ("largest_win", 200.0),
        ("largest_loss", -80.0),
    ],
)
def test_measure_of_eight_trades_is_the_one_by_hand(measure: str, by_hand: float) -> None:
    assert getattr(validation, measure)(RESULTS) == pytest.approx(by_hand, rel=1e-14)


def test_the_deviation_in_sqn_is_the_samples_unless_the_populations_is_asked_for() -> None:
    assert validation.sqn(RESULTS, ddof=0) == pytest.approx(np.sqrt(8) * 25 / np.sqrt(59_800 / 8), rel=1e-14)


def test_sqn_needs_results_that_differ() -> None:
    assert validation.sqn([0.1] * 7) is None
    assert validation.sqn([0.1]) is None
    assert validation.sqn([0.0, 0.0]) is None
    assert validation.sqn([1e-9, 2e-9]) == pytest.approx(3.0)


def test_a_trade_of_zero_ends_a_streak_of_either_kind() -> None:
    assert validation.longest_winning_streak([1.0, 0.0, 1.0]) == 1
    assert validation.longest_losing_streak([-1.0, 0.0, -1.0]) == 1
    assert validation.longest_losing_streak([1.0, 0.0]) == 0


def test_what_only_wins_or_losses_define_is_none_without_them() -> None:
    for measure in ("profit_factor", "average_loss", "payoff_ratio", "expectancy_ratio", "largest_loss"):
        assert getattr(validation, measure)([3.0, 0.0]) is None, measure
    for measure in ("average_win", "payoff_ratio", "largest_win"):
        assert getattr(validation, measure)([-3.0, 0.0]) is None, measure
    assert validation.profit_factor([-3.0]) == 0.0
    assert validation.expectancy_ratio([-3.0, -1.0]) == -1.0


def test_a_trade_without_r_is_left_out() -> None:
    nan = float("nan")
    assert validation.expectancy([1.0, nan, 2.0]) == 1.5
    assert validation.win_rate([1.0, nan, -2.0]) == 0.5


def test_bars_held_are_averaged() -> None:
    assert validation.average_bars_held(np.array([1, 4])) == 2.5


@pytest.mark.parametrize(("bad", "sentence"), [([[1.0]], "one column"), ([1.0, float("inf")], "infinite")])
def test_results_that_are_none_are_refused(bad: list[float], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        validation.win_rate(bad)
