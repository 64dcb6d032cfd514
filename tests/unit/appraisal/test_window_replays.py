"""A window of bars traded with what was held into it, and what it took."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.backtests import Told, daily
from support.markets import random_walk
from tradeworthy.appraisal.loss_measuring import compounded, compounding, losses_of, runs_of
from tradeworthy.appraisal.window_replays import Member, replay
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Commission
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.spreads import Spread
from tradeworthy.controls import Units
from tradeworthy.core.bar import PriceSide
from tradeworthy.core.errors import InputError
from tradeworthy.core.order import Side
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.signal_arrays import from_signals

CROSS = MaCrossover(5, 20, stop_atr=2, target_atr=3)


def crashing() -> Bars:
    """1.12 for 8 days, 1.10 for 22, 1.11 for 5, then an open at 1.05 that nothing comes before, and 1.06 from there on."""
    bars = daily(*[1.12] * 8, *[1.10] * 22, *[1.11] * 5, *[1.06] * 5)
    open_, low = bars.open.copy(), bars.low.copy()
    open_[35] = low[35] = 1.05
    return replace(bars, open=open_, low=low, high=np.maximum(np.maximum(bars.close, open_), bars.high))


def test_a_long_held_into_a_gap_loses_what_the_gap_takes_and_not_what_its_stop_meant() -> None:
    member = Member("held", Told((20, 1, 0.01, 0.2)), crashing())
    done = replay(member, 34, 40)
    assert done.held is Side.LONG
    losses = losses_of("held", done.result, 0.02, done.first)
    assert losses.trades == 1
    assert losses.gapped_stops == 1
    worst = losses.worst_trade
    assert worst is not None
    assert (worst.entry_price, worst.stop, worst.exit_price) == pytest.approx((1.10, 1.09, 1.05))
    assert (worst.intended_r, worst.realised_r, worst.beyond_stop_r) == pytest.approx((-1.0, -5.0, 4.0))
    assert losses.total_r == pytest.approx(-6.0)  # from 1.11 at the close before, in stop distances
    assert losses.max_drawdown_r == pytest.approx(6.0)
    assert losses.losing_run.trades == 1
    assert losses.losing_run.compound_loss == pytest.approx(0.1)


def test_an_account_begins_with_the_position_that_it_brings_along() -> None:
    account = Account(10_000, sizing=Units(10_000))
    done = replay(Member("held", Told((2, -1, 0.01, 0.01), (20, 1, 0.01, 0.2)), crashing(), account=account), 34, 40)
    losses = losses_of("held", done.result, 0.02, done.first)
    assert done.result.equity[25] == pytest.approx(10_000)  # the trade before it is no part of this
    assert losses.money == pytest.approx(-600)
    assert losses.return_fraction == pytest.approx(-600 / 10_100)
    assert losses.max_drawdown_fraction == pytest.approx(600 / 10_100)
    assert losses.worst_trade is not None
    assert losses.worst_trade.intended_money == pytest.approx(-100)
    assert losses.worst_trade.realised_money == pytest.approx(-500)
    assert losses.currency == "USD"


def test_a_stop_inside_a_bar_is_filled_at_its_level_and_the_worst_price_of_the_bar_stands_beside_it() -> None:
    bars = daily(*[1.10] * 40)
    low = bars.low.copy()
    low[35] = 1.02
    done = replay(Member("spike", Told((20, 1, 0.01, 0.2)), replace(bars, low=low)), 30, 40)
    losses = losses_of("spike", done.result, 0.02, done.first)
    assert losses.worst_trade is not None
    assert (losses.worst_trade.realised_r, losses.worst_trade.beyond_stop_r) == pytest.approx((-1.0, 0.0))
    assert losses.worst_trade.at_the_extreme_r == pytest.approx(-8.0)
    assert losses.worst_at_the_extreme_r == pytest.approx(-8.0)
    assert losses.gapped_stops == 0


def test_a_short_is_stopped_at_the_ask_whose_spread_blows_out_from_the_window_on() -> None:
    member = Member("short", Told((20, -1, 0.005, 0.2)), daily(*[1.10] * 40), costs=Costs(10.0))
    calm, wide = (
        losses_of("short", (done := replay(member, 30, 40, by)).result, 0.02, done.first) for by in (1.0, 20.0)
    )
    assert calm.worst_trade is not None
    assert calm.worst_trade.reason == "open"
    assert wide.worst_trade is not None
    assert wide.worst_trade.reason == "stop"
    done = replay(member, 30, 40, 20.0)
    assert done.held is Side.SHORT
    assert done.result.trades.exit_index.tolist() == [30]


def test_quotes_are_their_own_blow_out() -> None:
    mid = random_walk(400, 3)
    bid, ask = (
        replace(mid, open=mid.open + x, high=mid.high + x, low=mid.low + x, close=mid.close + x, price_side=side)
        for x, side in ((-0.0001, PriceSide.BID), (0.0001, PriceSide.ASK))
    )
    quoted = Member("quotes", CROSS, mid, costs=Costs(Spread(quotes=(bid, ask))))
    plain = Member("pips", CROSS, mid, costs=Costs(2.0))
    one, other = (replay(member, 100, 300, factor).result for member, factor in ((quoted, 9.0), (plain, 1.0)))
    assert one.trades.pnl == pytest.approx(other.trades.pnl)


@given(st.integers(0, 200), st.integers(40, 200), st.integers(210, 400), st.sampled_from(["next_open", "close"]))
@settings(max_examples=40)
def test_a_window_has_the_trades_of_the_whole_run_that_reach_into_it(
    seed: int, first: int, stop: int, entry: str
) -> None:
    bars = random_walk(400, seed)
    fills = FillRules(entry=entry)  # type: ignore[arg-type]
    whole = run_backtest(bars.first(stop), CROSS, fills, Costs(0.8))
    done = replay(Member("x", CROSS, bars, fills, Costs(0.8)), first, stop)
    reach = whole.trades.exit_index >= first
    mine = done.result.trades
    assert np.array_equal(mine.marks, whole.trades.marks[:, reach])
    assert np.array_equal(mine.prices, whole.trades.prices[:, reach], equal_nan=True)
    losses = losses_of("x", done.result, 0.02, first)
    path = whole.equity_r[first:] - whole.equity_r[first - 1]
    assert losses.total_r == pytest.approx(path[-1], abs=1e-9)
    held = np.flatnonzero(reach & (whole.trades.entry_index < first))
    assert (done.held is not None) == bool(len(held))


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=60), st.floats(0.001, 0.2))
def test_compounding_is_what_a_balance_does(r: list[float], risk: float) -> None:
    balance = peak = 1.0
    deepest = 0.0
    for one in r:
        balance *= 1 + risk * one
        peak = max(peak, balance)
        deepest = max(deepest, 1 - balance / peak)
    assert compounding(np.cumsum(r), risk) == pytest.approx((balance - 1, deepest), abs=1e-9)
    assert compounded(np.array([-1.0] * 5), 0.02) == pytest.approx(1 - 0.98**5)


@given(st.lists(st.booleans(), max_size=50))
def test_runs_cover_every_flag_once(flags: list[bool]) -> None:
    runs = runs_of(np.array(flags, bool))
    inside = [place for start, stop in runs for place in range(start, stop)]
    assert inside == [place for place, flag in enumerate(flags) if flag]
    assert all(stop < start for (_, stop), (start, _) in pairwise(runs))


@given(st.integers(0, 100))
@settings(max_examples=20)
def test_the_longest_run_and_its_compound_loss_are_those_of_the_account_itself(seed: int) -> None:
    account = Account(10_000, leverage=500)
    result = run_backtest(random_walk(2_000, seed), CROSS, costs=Costs(1.0, Commission(per_lot=5)), account=account)
    losses = losses_of("x", result, 0.02)
    pnl = result.trades.pnl[result.trades.closed]
    assert losses.losing_run.trades == result.statistics.longest_losing_streak
    best = share = 0.0
    k = losses.losing_run.trades
    for start in range(len(pnl) - k + 1):
        if k and (pnl[start : start + k] < 0).all() and -pnl[start : start + k].sum() > best:
            best = -pnl[start : start + k].sum()
            share = best / (10_000 + pnl[:start].sum())
    assert losses.losing_run.compound_loss == pytest.approx(share)
    assert losses.max_drawdown_fraction == pytest.approx(result.statistics.max_drawdown_fraction)
    assert losses.money == pytest.approx(result.statistics.net_profit)


def test_without_a_stop_nothing_is_told_in_r() -> None:
    result = run_backtest(daily(*[1.10] * 30, *[1.0] * 10), Told((20, 1, math.nan, math.nan)))
    losses = losses_of("bare", result, 0.02)
    assert (losses.total_r, losses.max_drawdown_r, losses.return_fraction) == (None, None, None)
    assert losses.worst_trade is not None
    assert (losses.worst_trade.intended_r, losses.worst_trade.realised_r, losses.worst_trade.beyond_stop_r) == (
        None,
    ) * 3


def test_signals_made_beforehand_are_cut_with_their_bars() -> None:
    bars = random_walk(200, 4)
    enter = np.zeros(200, bool)
    enter[[20, 90, 150]] = True
    strategy = from_signals(enter, np.roll(enter, 30), stop=0.5)
    assert replay(Member("made", strategy, bars), 100, 140).held is Side.LONG


@pytest.mark.parametrize(("first", "stop"), [(0, 10), (10, 10), (10, 401)])
def test_what_is_no_window_is_refused(first: int, stop: int) -> None:
    with pytest.raises(InputError, match=f"bars {first} to {stop} are no window with bars before it; there are 400"):
        replay(Member("x", CROSS, random_walk(400)), first, stop)
