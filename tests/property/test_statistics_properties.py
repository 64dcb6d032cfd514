"""What must hold for the statistics of any account and any trades."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.plain_measures import curve_numbers, trade_numbers
from tradeworthy import validation
from tradeworthy.backtest.statistics import Statistics, statistics_of
from tradeworthy.core.clock import HOUR_NS

CENTS = st.integers(-10_000, 10_000).map(lambda cents: cents / 100)
RESULTS = st.lists(CENTS, max_size=40)
CURVES = st.lists(st.integers(1, 60), min_size=1, max_size=40)
STEPS = st.lists(st.integers(0, 60), min_size=40, max_size=40)
MONEY = frozenset({
    "capital", "final_equity", "net_profit", "max_drawdown_money", "average_win", "average_loss", "expectancy",
    "largest_win", "largest_loss",
})  # fmt: skip


def account(levels: list[int], steps: list[int], results: list[float], scale: float = 1.0) -> Statistics:
    """Closes some hours apart on a start of 30, with trades beside them."""
    times = np.cumsum(steps)[: len(levels)] * HOUR_NS
    return statistics_of(np.array(levels) * scale, times, 30 * scale, np.array(results) * scale)


@given(RESULTS)
def test_trades_are_measured_as_plain_python_measures_them(results: list[float]) -> None:
    for name, value in trade_numbers(results).items():
        found = getattr(validation, name)(results)
        assert (found is None) == (value is None), name
        assert value is None or found == pytest.approx(value, rel=1e-9, abs=1e-9), name


@given(CURVES, STEPS)
def test_curves_are_measured_as_plain_python_measures_them(levels: list[int], steps: list[int]) -> None:
    found = account(levels, steps, [])
    times = (np.cumsum(steps)[: len(levels)] * HOUR_NS).tolist()
    for name, value in curve_numbers([30, *levels], [times[0], *times]).items():
        assert getattr(found, name) == (None if value is None else pytest.approx(value, rel=1e-12, abs=1e-15)), name


@given(CURVES, STEPS, RESULTS, st.sampled_from([0.25, 8.0, 1024.0]))
def test_a_larger_account_has_more_money_and_the_same_ratios(
    levels: list[int], steps: list[int], results: list[float], scale: float
) -> None:
    small, large = account(levels, steps, results).to_dict(), account(levels, steps, results, scale).to_dict()
    for name, value in small.items():
        factor = scale if name in MONEY else 1.0
        assert large[name] == (None if value is None else pytest.approx(value * factor, rel=1e-9)), name


@given(CURVES, STEPS, RESULTS)
def test_no_number_is_nan_and_a_fall_of_an_account_above_zero_is_a_part_of_it(
    levels: list[int], steps: list[int], results: list[float]
) -> None:
    found = account(levels, steps, results)
    assert all(math.isfinite(value) for value in found.to_dict().values() if value is not None)
    assert 0.0 <= found.max_drawdown_fraction < 1.0
    assert 0.0 <= found.ulcer_index <= found.max_drawdown_fraction
    assert not found.ruined


@given(RESULTS)
def test_a_profit_factor_above_one_is_a_sum_above_zero(results: list[float]) -> None:
    factor, cents = validation.profit_factor(results), sum(round(100 * x) for x in results)
    if factor is not None and abs(cents) > 0:
        assert (factor > 1) == (cents > 0)
        assert (validation.expectancy(results) or 0.0) * cents > 0


@given(st.lists(st.integers(1, 60), min_size=2, max_size=40), STEPS)
def test_days_and_months_compound_to_the_whole(levels: list[int], steps: list[int]) -> None:
    times = np.cumsum(steps)[: len(levels)] * HOUR_NS * 10
    daily = validation.daily_returns(levels, times, 30)
    assert daily is not None
    assert np.prod(1 + daily.returns) == pytest.approx(levels[-1] / 30)
    assert np.prod(1 + daily.monthly()) == pytest.approx(levels[-1] / 30)
    assert (np.diff(daily.date) > 0).all()
