"""What must hold for the losses that any list of trades makes possible, and for whatever a book holds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.backtests import Told, daily
from tradeworthy.api.risk_calculator import RiskCalculator
from tradeworthy.appraisal.open_exposure import book_exposure
from tradeworthy.appraisal.sizing_rules import sizes_of, sizing_verdict
from tradeworthy.appraisal.stop_costs import stop_losses
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.controls.sizing import FixedFraction

TRADES = st.lists(st.floats(-3, 5), min_size=30, max_size=90)
CLOSES = st.lists(st.integers(10_000, 12_000).map(lambda pips: pips / 10_000), min_size=4, max_size=30)


@settings(max_examples=40)
@given(TRADES, st.floats(0.001, 0.2), st.integers(1, 80), st.integers(0, 5))
def test_losses_are_in_their_order_and_no_larger_than_all(r: list[float], risk: float, horizon: int, seed: int) -> None:
    calculator = RiskCalculator(n_simulations=200, horizon=horizon, seed=seed)
    found = calculator.drawdown_potential({"risk": risk}, trades=r)
    assert found.value_at_risk_95 <= found.value_at_risk_99 <= found.conditional_var_99 + 1e-12
    assert found.value_at_risk_95 <= found.conditional_var_95 <= found.conditional_var_99 + 1e-12
    assert list(found.percentiles) == sorted(found.percentiles)
    assert 0 <= found.percentiles[0] <= found.percentiles[-1] <= found.max_simulated_drawdown <= 1
    assert found.conditional_var_99 <= found.max_simulated_drawdown + 1e-12
    assert found == calculator.drawdown_potential({"risk": risk}, trades=r)


@settings(max_examples=30)
@given(TRADES, st.floats(0.001, 0.1), st.floats(1, 5))
def test_more_risk_never_falls_less(r: list[float], risk: float, factor: float) -> None:
    calculator = RiskCalculator(n_simulations=100, horizon=40)
    small, large = (calculator.drawdown_potential({"risk": one}, trades=r) for one in (risk, risk * factor))
    for one, other in zip(small.percentiles, large.percentiles, strict=True):
        assert one <= other + 1e-9


@settings(max_examples=40)
@given(CLOSES, st.sampled_from([-1, 1]), st.floats(0.001, 0.05))
def test_a_stop_never_loses_less_than_was_meant_without_a_better_fill(
    closes: list[float], side: int, stop: float
) -> None:
    account = Account(10_000.0, sizing=FixedFraction(0.01), lot_step=1e-6, min_units=1e-6, leverage=1_000.0)
    result = run_backtest(daily(*closes), Told((0, side, stop, np.nan)), account=account)
    found = stop_losses(result)
    if found.stops:
        assert found.worst_r is not None
        assert found.worst_r >= 1 - 1e-6
        assert found.through_gap == 0, "these bars open where the last one closed"
    held = book_exposure({"one": result})
    assert 0 <= held.gross_mean <= held.gross_largest
    eur, usd = ({one.currency: one.largest for one in held.currencies}[name] for name in ("EUR", "USD"))
    assert eur == pytest.approx(-usd)
    assert abs(eur) == pytest.approx(held.gross_largest)


@given(st.floats(0.01, 20), st.floats(0.0001, 0.9))
def test_every_size_has_a_word_and_none_is_unknown(multiple: float, risk: float) -> None:
    found = sizing_verdict([sizes_of("one", {"atr_multiplier": multiple, "max_risk_per_trade": risk})])
    dangerous = multiple > 3 or multiple < 1 or risk > 0.05
    assert found.position_sizing_safety == (
        "HIGH_RISK" if dangerous else "LOW_RETURN" if risk < 0.005 else "ACCEPTABLE"
    )
    assert found.leverage_risk == ("HIGH_RISK" if risk > 0.05 else "LOW_RETURN" if risk < 0.005 else "ACCEPTABLE")
    assert found.correlation_exposure == "NOT RUN"
