"""What must hold for any bars, any decisions and any rules."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.kernels import kernel_backtest
from support.markets import random_walk
from support.plain_backtest import Rules, plain_backtest
from support.sameness import same_trades
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Commission, Slippage, Swap
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.spreads import Spread
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.sizing import FixedFraction, Kelly, Sizing, Units, VolatilityTarget
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover

RULES = st.builds(
    Rules,
    entry=st.sampled_from(["next_open", "close"]),
    stops_from=st.sampled_from(["fill", "signal_close"]),
    check_entry_bar=st.booleans(),
    gap=st.sampled_from(["open", "trigger"]),
    both=st.sampled_from(["stop", "target"]),
    open_first=st.booleans(),
    reenter_on_exit_bar=st.sampled_from([True, False, "after_signal"]),
)
TICKS = st.integers(80, 120)
BAR = st.tuples(TICKS, TICKS, st.integers(0, 8), st.integers(0, 8))
DISTANCE = st.sampled_from([float("nan"), 0.0, 1.0, 2.0, 3.5, 6.0, float("inf")])
DECISION = st.tuples(st.sampled_from([-1, 0, 0, 1]), st.sampled_from([0, 0, 1, 2, 3]), DISTANCE, DISTANCE)


@settings(max_examples=300)
@given(st.lists(st.tuples(BAR, DECISION), min_size=1, max_size=40), RULES, st.sampled_from([0.0, 0.25, 1.0]))
def test_kernel_and_plain_version_agree_on_any_decisions(
    rows: list[tuple[tuple[int, int, int, int], tuple[int, int, float, float]]], rules: Rules, spread: float
) -> None:
    bars = [(float(o), float(max(o, c) + up), float(min(o, c) - down), float(c)) for (o, c, up, down), _ in rows]
    open_, high, low, close = prices = [[bar[i] for bar in bars] for i in range(4)]
    enter, leave = [d[0] for _, d in rows], [d[1] for _, d in rows]
    stop, target = [d[2] for _, d in rows], [d[3] for _, d in rows]
    plain, plain_equity = plain_backtest(
        open_, high, low, close, enter, leave, stop, target, rules, spread / 2, -spread / 2
    )
    kernel, equity = kernel_backtest(prices, enter, leave, stop, target, rules, spread / 2, -spread / 2)
    assert same_trades(kernel, plain, within=1e-9)
    np.testing.assert_allclose(equity, plain_equity, atol=1e-9)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 12), st.integers(1, 30), st.floats(0.3, 4), st.floats(0.3, 4))
def test_no_two_trades_overlap_and_each_comes_after_its_signal(
    seed: int, fast: int, more: int, stop: float, target: float
) -> None:
    result = run_backtest(random_walk(600, seed), MaCrossover(fast, fast + more, stop_atr=stop, target_atr=target))
    for trade in result.trades:
        assert trade.signal_index < trade.entry_index <= trade.exit_index
        assert trade.mae >= 0
        assert trade.mfe >= 0
        assert trade.mae >= -trade.r * trade.risk - 1e-12
        assert trade.mfe >= trade.r * trade.risk - 1e-12
    for earlier, later in pairwise(result.trades):
        assert earlier.exit_index <= later.entry_index


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(60, 550))
def test_no_decision_changes_when_the_future_does(seed: int, cut: int) -> None:
    bars, strategy = random_walk(600, seed), MaCrossover(4, 11, stop_atr=1, target_atr=2)
    whole, part = strategy.decisions(bars).until(cut), strategy.decisions(bars.slice(0, cut))
    for name in ("bar", "enter", "leave", "stop_distance", "target_distance"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(part, name))


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([0.25, 2.0, 1024.0]))
def test_scaling_prices_scales_profit_and_leaves_r_alone(seed: int, factor: float) -> None:
    bars = random_walk(600, seed)
    scaled = Bars(
        bars.instrument, bars.timeframe, bars.open_time, bars.open_time + HOUR_NS,
        bars.open * factor, bars.high * factor, bars.low * factor, bars.close * factor,
    )  # fmt: skip
    strategy = MaCrossover(4, 11, stop_atr=1, target_atr=2)
    one, other = run_backtest(bars, strategy), run_backtest(scaled, strategy)
    np.testing.assert_allclose(other.trades.pnl, one.trades.pnl * factor, rtol=1e-12)
    np.testing.assert_allclose(other.trades.r, one.trades.r, rtol=1e-9)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 15), st.integers(1, 30), st.booleans())
def test_a_strategy_fed_live_decides_as_it_did_over_columns(seed: int, fast: int, more: int, leaves: bool) -> None:
    bars = random_walk(300, seed)
    strategy = MaCrossover(
        fast, fast + more, stop_atr=1.5, target_atr=2.5, min_atr=0.001, exit_on_opposite_cross=leaves
    )
    stream = strategy.stream()
    enter, leave, stop, target = strategy.decisions(bars).columns(len(bars))
    for i in range(len(bars)):
        decision = stream.update(float(bars.high[i]), float(bars.low[i]), float(bars.close[i]))
        assert (decision.enter, decision.leave) == (enter[i], leave[i])
        np.testing.assert_array_equal([decision.stop_distance, decision.target_distance], [stop[i], target[i]])


SIZINGS = st.sampled_from([FixedFraction(0.01), FixedFraction(0.05), Units(20_000), VolatilityTarget(0.2), Kelly()])
COSTS = st.builds(
    Costs,
    spread_pips=st.sampled_from([0.0, 1.0, Spread(0.8, by_hour={17: 5.0})]),
    commission=st.sampled_from([None, Commission(per_lot=3.5, minimum=1.0), Commission(percent=0.01)]),
    slippage=st.sampled_from([None, Slippage(0.2, 0.05)]),
    swap=st.sampled_from([None, Swap(-0.4, 0.1), Swap(long_percent=-2.0, triple_weekday=None)]),
)


@settings(max_examples=80)
@given(
    st.integers(0, 10**6), SIZINGS, COSTS, st.sampled_from([None, Calibration(), Calibration(drawdown=False)]),
    st.sampled_from(["", "EUR"]), st.sampled_from(["next_open", "close"]),
)  # fmt: skip
def test_equity_is_the_start_and_all_pnl_which_is_what_prices_gave_less_costs(
    seed: int, sizing: Sizing, costs: Costs, calibration: Calibration | None, currency: str, entry: str
) -> None:
    bars = random_walk(900, seed)
    account = Account(20_000, currency, sizing, calibration=calibration)
    strategy = MaCrossover(4, 11, stop_atr=1.5, target_atr=2)
    result = run_backtest(bars, strategy, FillRules(entry=entry), costs, account)  # type: ignore[arg-type]
    t = result.trades
    assert result.equity[-1] == pytest.approx(20_000 + t.pnl.sum(), abs=1e-6)
    rate = 1.0 if currency == "" else np.concatenate(([1 / bars.open[0]], 1 / bars.close[:-1]))[t.exit_index]
    gross = t.units * t.side * (t.exit_price - t.entry_price) * rate
    np.testing.assert_allclose(t.pnl, gross + t.swap - t.commission, atol=1e-6)
    assert (t.units >= 1).all()
    assert (t.units == np.floor(t.units)).all()
    assert (t.commission >= 0).all()
    refused = np.flatnonzero(result.refusal) if result.refusal is not None else np.array([])
    assert not set(result.decisions.bar[refused].tolist()) & set(t.signal_index.tolist())
    for earlier, later in pairwise(range(len(t))):
        assert t.exit_index[earlier] <= t.entry_index[later]


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from([0.5, 2.0, 1024.0]))
def test_twice_the_money_is_twice_the_profit_where_sizes_are_not_rounded(seed: int, factor: float) -> None:
    bars, strategy = random_walk(600, seed), MaCrossover(4, 11, stop_atr=1, target_atr=2)
    costs = Costs(1.0, Commission(percent=0.01), Slippage(0.1), Swap(-0.3, -0.2))
    one, other = (
        run_backtest(
            bars,
            strategy,
            costs=costs,
            account=Account(balance, lot_step=1e-12, min_units=1e-9, calibration=Calibration()),
        )
        for balance in (10_000.0, 10_000.0 * factor)
    )
    np.testing.assert_array_equal(one.trades.entry_index, other.trades.entry_index)
    np.testing.assert_allclose(other.trades.pnl, one.trades.pnl * factor, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(other.equity, one.equity * factor, rtol=1e-9)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(100, 850), SIZINGS)
def test_no_trade_changes_when_the_future_does(seed: int, cut: int, sizing: Sizing) -> None:
    bars, strategy = random_walk(900, seed), MaCrossover(4, 11, stop_atr=1.5, target_atr=2)
    account = Account(20_000, sizing=sizing, calibration=Calibration())
    costs = Costs(1.0, Commission(per_lot=3.5), Slippage(0.1, 0.05), Swap(-0.3, -0.2))
    whole, part = (run_backtest(some, strategy, costs=costs, account=account) for some in (bars, bars.slice(0, cut)))
    closed = part.trades.closed
    k = int(closed.sum())
    for name in ("entry_index", "exit_index", "units", "pnl", "entry_price", "exit_price"):
        np.testing.assert_array_equal(getattr(whole.trades, name)[:k], getattr(part.trades, name)[closed])
    np.testing.assert_array_equal(whole.equity[:cut], part.equity)
