"""The front door of the backtest."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from support.markets import random_walk
from support.plain_backtest import Rules, plain_backtest, plain_ma_signals
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.backtest.trades import ExitReason
from tradeworthy.core.bar import PriceSide
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.instrument import instrument_named
from tradeworthy.core.order import Side
from tradeworthy.market.bars import Bars
from tradeworthy.market.resampling import resample
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.wiring.sources import read_bars

EVERY_RULE = tuple(
    product(("next_open", "close"), ("fill", "signal_close"), (True, False), ("open", "trigger"), ("stop", "target"),
            (True, False), (True, False, "after_signal"))
)  # fmt: skip


def held_against_plain(bars: Bars, strategy: MaCrossover, rules: tuple[object, ...], spread_pips: float) -> int:
    """Assert trade-by-trade agreement with the plain version; gives the number of trades."""
    result = run_backtest(bars, strategy, FillRules(*rules), Costs(spread_pips))  # type: ignore[arg-type]
    high, low, close = bars.high.tolist(), bars.low.tolist(), bars.close.tolist()
    assert strategy.stop_atr is not None
    assert strategy.target_atr is not None
    decisions = plain_ma_signals(
        high, low, close, strategy.fast, strategy.slow, strategy.atr_period, strategy.stop_atr, strategy.target_atr,
        strategy.min_atr, strategy.exit_on_opposite_cross,
    )  # fmt: skip
    spread = Costs(spread_pips).spread(bars.instrument)
    ask, bid = spread / 2, -spread / 2
    plain, equity = plain_backtest(bars.open.tolist(), high, low, close, *decisions, Rules(*rules), ask, bid)  # type: ignore[arg-type]
    assert len(plain) == len(result.trades)
    for mine, theirs in zip(result.trades, plain, strict=True):
        assert (mine.signal_index, mine.entry_index, mine.exit_index) == (
            theirs.signal_index, theirs.entry_index, theirs.exit_index
        )  # fmt: skip
        assert (mine.side.sign, mine.reason.upper(), mine.ambiguous) == (theirs.side, theirs.reason, theirs.ambiguous)
        numbers = [mine.entry_price, mine.exit_price, mine.stop, mine.target, mine.risk, mine.r, mine.mae, mine.mfe]
        others = [theirs.entry_price, theirs.exit_price, theirs.stop, theirs.target, theirs.risk, theirs.r, theirs.mae,
                  theirs.mfe]  # fmt: skip
        np.testing.assert_allclose(numbers, others, rtol=1e-9, atol=1e-9 * float(bars.close[0]))
    np.testing.assert_allclose(result.equity, equity, rtol=1e-9, atol=1e-9 * len(bars))
    return len(plain)


@pytest.mark.parametrize("rules", EVERY_RULE, ids=lambda rules: "-".join(map(str, rules)))
def test_every_combination_of_rules_agrees_with_the_plain_version_on_real_index_bars(rules: tuple[object, ...]) -> None:
    bars = read_bars("arch:sp500").slice(0, 1_500)
    strategy = MaCrossover(5, 12, stop_atr=0.7, target_atr=1.0)
    assert held_against_plain(bars, strategy, rules, 25.0) > 80


@pytest.mark.parametrize("rules", EVERY_RULE, ids=lambda rules: "-".join(map(str, rules)))
def test_every_combination_of_rules_agrees_with_the_plain_version_on_real_fx_bars(
    rules: tuple[object, ...], gbp_jpy_h4: Bars
) -> None:
    strategy = MaCrossover(6, 15, stop_atr=0.8, target_atr=1.2, min_atr=0.2, exit_on_opposite_cross=rules[2] is True)
    assert held_against_plain(gbp_jpy_h4, strategy, rules, 2.5) > 80


@pytest.fixture(scope="module")
def gbp_jpy_h4(shared: Path) -> Bars:
    """Three thousand bars round the referendum of June 2016, rebuilt from H1."""
    hours = read_bars(shared / "data" / "fx" / "GBP_JPY_H1.parquet")
    return resample(hours, "H4").slice(4_500, 7_500)


def test_r_of_a_stopped_trade_is_minus_one_spread_included() -> None:
    result = run_backtest(random_walk(4_000, gap=0.0), MaCrossover(5, 20, stop_atr=2, target_atr=3), costs=Costs(1.5))
    stopped = [trade for trade in result.trades if trade.reason is ExitReason.STOP and trade.exit_price == trade.stop]
    assert len(stopped) > 30
    np.testing.assert_allclose([trade.r for trade in stopped], -1.0, atol=1e-9)


def test_the_spread_moves_buys_up_and_sells_down() -> None:
    bars, strategy = random_walk(2_000), MaCrossover(5, 20, stop_atr=2, target_atr=3)
    free, paid = run_backtest(bars, strategy), run_backtest(bars, strategy, costs=Costs(2.0))
    first_free, first_paid = free.trades[0], paid.trades[0]
    assert first_paid.entry_price - first_free.entry_price == pytest.approx(first_free.side.sign * 0.0001)


def test_bid_mid_and_ask_bars_of_one_market_give_the_same_fills() -> None:
    mid, spread = random_walk(2_000), 0.0002
    results = []
    for side, shift in ((PriceSide.MID, 0.0), (PriceSide.BID, -spread / 2), (PriceSide.ASK, spread / 2)):
        bars = Bars(
            mid.instrument, mid.timeframe, mid.open_time, mid.close_time, mid.open + shift, mid.high + shift,
            mid.low + shift, mid.close + shift, price_side=side,
        )  # fmt: skip
        results.append(run_backtest(bars, MaCrossover(5, 20, stop_atr=2, target_atr=3), costs=Costs(2.0)))
    assert len(results[0].trades) > 30
    for other in results[1:]:
        np.testing.assert_allclose(other.trades.entry_price, results[0].trades.entry_price, atol=1e-9)
        np.testing.assert_allclose(other.trades.exit_price, results[0].trades.exit_price, atol=1e-9)


def test_equity_in_r_ends_at_the_sum_of_r() -> None:
    result = run_backtest(random_walk(3_000), MaCrossover(5, 20, stop_atr=2, target_atr=3), costs=Costs(1.0))
    assert result.equity_r[-1] == pytest.approx(result.trades.r.sum(), abs=1e-9)
    assert result.equity[-1] == pytest.approx(result.trades.pnl.sum(), abs=1e-9)


def test_equity_in_r_marks_an_open_position_where_it_could_be_left() -> None:
    result = run_backtest(random_walk(3_000), MaCrossover(5, 20, stop_atr=2, target_atr=3), costs=Costs(1.0))
    trade = next(trade for trade in result.trades if trade.exit_index - trade.entry_index > 3)
    bar = trade.entry_index + 1
    view = result.bars.close[bar] - trade.side.sign * 0.00005
    expected = trade.side.sign * (view - trade.entry_price) / trade.risk
    before = sum(one.r for one in result.trades if one.exit_index <= trade.entry_index)
    assert result.equity_r[bar] - before == pytest.approx(expected, abs=1e-9)


def test_a_trade_can_be_read_as_a_record() -> None:
    result = run_backtest(random_walk(500), MaCrossover(5, 20, stop_atr=2, target_atr=3))
    trade = result.trades[0]
    assert isinstance(trade.side, Side)
    assert trade.entry_time == result.bars.open_time[trade.entry_index]
    assert result.trades[:2] == [result.trades[0], result.trades[1]]
    assert [one.r for one in result.trades] == pytest.approx(result.trades.r.tolist())


def test_results_cannot_be_changed() -> None:
    result = run_backtest(random_walk(500), MaCrossover(5, 20, stop_atr=2, target_atr=3))
    with pytest.raises(ValueError, match="read-only"):
        result.equity[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        result.trades.side[0] = 1


def test_the_share_of_ambiguous_bars_is_reported(gbp_jpy_h4: Bars) -> None:
    tight = run_backtest(gbp_jpy_h4, MaCrossover(6, 15, stop_atr=0.3, target_atr=0.3))
    assert tight.ambiguous_share is not None
    assert 0 < tight.ambiguous_share < 1
    assert tight.ambiguous_share == np.mean([trade.ambiguous for trade in tight.trades if trade.reason != "open"])
    last = next(trade for trade in reversed(tight.trades) if trade.exit_index > trade.entry_index)
    cut = run_backtest(gbp_jpy_h4.slice(0, last.exit_index), MaCrossover(6, 15, stop_atr=0.3, target_atr=0.3))
    assert cut.trades[-1].reason is ExitReason.OPEN
    assert cut.ambiguous_share == sum(trade.ambiguous for trade in cut.trades) / (len(cut.trades) - 1)


def test_fewer_bars_than_the_warm_up_are_refused_with_both_numbers() -> None:
    with pytest.raises(NotEnoughData, match=r"needs 21 bars to warm up and one to trade, and there are 21"):
        run_backtest(random_walk(21), MaCrossover(5, 20, stop_atr=2, target_atr=3))


def test_a_missing_spread_is_not_a_spread_of_nothing() -> None:
    with pytest.raises(InputError, match="no spread for EUR_USD"):
        run_backtest(random_walk(100), MaCrossover(5, 20, stop_atr=2, target_atr=3), costs=Costs({"GBP_USD": 1.0}))


@pytest.mark.parametrize("pips", [-0.1, float("nan"), float("inf")])
def test_an_impossible_spread_is_refused(pips: float) -> None:
    with pytest.raises(InputError, match="spread must be zero pips or more"):
        Costs(pips)


def test_an_unknown_fill_rule_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(InputError, match="entry must be 'next_open' or 'close', not 'open'"):
        FillRules(entry="open")  # type: ignore[arg-type]


def test_a_result_names_what_was_run() -> None:
    def hashed(**changes: float) -> str:
        strategy = MaCrossover(5, 20, stop_atr=changes.get("stop", 2.0), target_atr=3)
        return run_backtest(random_walk(100), strategy, costs=Costs(changes.get("spread", 1.0))).parameter_hash

    assert hashed() == hashed()
    assert len({hashed(), hashed(stop=2.5), hashed(spread=1.1)}) == 3


def test_the_name_of_an_instrument_does_not_change_its_fills() -> None:
    def run(symbol: str) -> Result:
        return run_backtest(random_walk(800, symbol=symbol), MaCrossover(5, 20, stop_atr=2, target_atr=3))

    assert instrument_named("USD_CAD").symbol == "USD_CAD"
    assert run("EUR_USD").trades.pnl.tolist() == run("USD_CAD").trades.pnl.tolist()


def test_times_are_those_at_which_a_fill_was_made_or_known() -> None:
    bars = random_walk(3_000)
    for entry in ("next_open", "close"):
        result = run_backtest(bars, MaCrossover(5, 20, stop_atr=1.5, target_atr=2), FillRules(entry=entry))
        seen = set()
        for trade in result.trades:
            seen.add(trade.reason)
            clock = bars.open_time if entry == "next_open" else bars.close_time
            assert trade.entry_time == clock[trade.entry_index]
            opened, sign = bars.open[trade.exit_index], trade.side.sign
            gapped = trade.exit_index > trade.entry_index and (
                sign * (opened - trade.stop) <= 0 or sign * (opened - trade.target) >= 0
            )
            left_at_open = gapped or (trade.reason is ExitReason.SIGNAL and entry == "next_open")
            assert trade.exit_time == (bars.open_time if left_at_open else bars.close_time)[trade.exit_index]
        assert {ExitReason.STOP, ExitReason.TARGET, ExitReason.SIGNAL} <= seen


@pytest.mark.parametrize(("name", "given"), [("bars", "ecb:EUR_USD"), ("fills", 1), ("costs", 1.0)])
def test_an_argument_of_another_kind_is_named(name: str, given: object) -> None:
    arguments = {"bars": random_walk(100), "fills": None, "costs": None} | {name: given}
    with pytest.raises(InputError, match=f"takes {name} as"):
        run_backtest(strategy=MaCrossover(5, 20), **arguments)  # type: ignore[arg-type]


def test_whole_numbers_of_numpy_are_whole_numbers() -> None:
    strategy = MaCrossover(np.int64(5), np.int32(20), stop_atr=2, target_atr=3)  # type: ignore[arg-type]
    assert run_backtest(random_walk(100), strategy).parameter_hash
    for wrong in (10.0, float("nan"), None, "10", 10**30):
        with pytest.raises(InputError, match="whole number"):
            MaCrossover(5, wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("bars", [pd.DataFrame({"close": [1.0, 2.0]}), "EUR_USD_H1.csv"])
def test_bars_that_were_not_read_are_refused_with_what_reads_them(bars: Any) -> None:
    with pytest.raises(InputError, match=r"not as (DataFrame|str); read_bars makes them of a file or a dataframe"):
        run_backtest(bars, MaCrossover(3, 8))
