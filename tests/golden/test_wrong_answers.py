"""Answers that popular libraries give and that are wrong: ours must not give them. An RSI seeded from the first bar is one
more, and stands in test_indicators."""

import numpy as np
import pytest

from support.markets import random_walk
from tradeworthy import Costs, MaCrossover, RiskCalculator, run_backtest
from tradeworthy.core.errors import InputError
from tradeworthy.risk import expected_shortfall, monte_carlo, ruin, value_at_risk

RETURNS = np.random.default_rng(7).standard_t(4, 1_000) * 0.01


@pytest.mark.parametrize("method", ["stationary", "iid"])
def test_drawn_futures_do_not_all_end_at_the_same_wealth(method: str) -> None:
    """Permuting the returns of a record leaves their product where it was."""
    ends = monte_carlo(RETURNS, 500, len(RETURNS), method=method).terminal
    assert len(np.unique(ends)) == 500
    assert float(np.std(ends)) > 0.05


def test_a_shortfall_is_that_beyond_its_own_threshold() -> None:
    """A Normal threshold with the mean of the record beyond it is neither the one nor the other."""
    threshold = value_at_risk(RETURNS, 0.99, "normal")
    mixed = float(-RETURNS[threshold <= -RETURNS].mean())
    mean, deviation = RETURNS.mean(), RETURNS.std(ddof=1)
    assert expected_shortfall(RETURNS, 0.99, "normal") == pytest.approx(2.665214 * deviation - mean, rel=1e-3)
    own = value_at_risk(RETURNS, 0.99, "historical")
    beyond = float(-RETURNS[own <= -RETURNS].mean())
    assert expected_shortfall(RETURNS, 0.99, "historical") == pytest.approx(beyond, rel=0.02)
    for method in ("normal", "historical"):
        assert abs(expected_shortfall(RETURNS, 0.99, method) / mixed - 1.0) > 0.01


@pytest.mark.parametrize(("win", "start"), [(0.55, 5), (0.6, 3), (0.52, 20)])
def test_ruin_is_that_of_the_gambler(win: float, start: int) -> None:
    """Feller 1968, XIV: (q/p)^start against a bank without end, and not ((1 - w) / (1 + w))^n."""
    far = 400
    exact = ((1 - win) / win) ** start
    assert ruin(win, start, far).probability == pytest.approx(exact, rel=1e-9)
    assert ruin(win, start, far).probability > 3 * ((1 - win) / (1 + win)) ** start


@pytest.mark.parametrize("paths", [1, 5, 99])
def test_a_handful_of_futures_has_no_ninety_ninth_percentile(paths: int) -> None:
    parameters = {"fast": 8, "slow": 30, "stop_atr": 2.0, "target_atr": 3.0}
    with pytest.raises(InputError, match="takes at least 100 of them"):
        RiskCalculator(n_simulations=paths).calculate_max_drawdown_potential(parameters, random_walk(6_000, 3))


def test_orders_are_filled_after_the_signal_and_not_at_its_close() -> None:
    bars = random_walk(3_000, 4)
    trades = run_backtest(bars, MaCrossover(8, 30, stop_atr=2.0), costs=Costs(0.0)).trades
    assert (trades.entry_index == trades.signal_index + 1).all()
    np.testing.assert_array_equal(trades.entry_price, bars.open[trades.entry_index])
