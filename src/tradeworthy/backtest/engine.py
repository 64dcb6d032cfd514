"""The front door: any strategy over bars, under stated fill rules and costs."""

import numpy as np

from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result, Trades
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Signals, Strategy

_COLUMNS = ("enter", "leave", "stop_distance", "target_distance")


def run_backtest(bars: Bars, strategy: Strategy, fills: FillRules | None = None, costs: Costs | None = None) -> Result:
    """Trade one unit of the bars' instrument, one position at a time.

    Defaults: `FillRules()` (next open, pessimistic) and `Costs()` (no spread: say what you pay). Raises NotEnoughData
    when there are fewer bars than the strategy's warm-up, InputError for a missing cost or misshapen decisions.
    """
    fills = FillRules() if fills is None else fills
    costs = Costs() if costs is None else costs
    for name, given, wanted in (("bars", bars, Bars), ("fills", fills, FillRules), ("costs", costs, Costs)):
        if not isinstance(given, wanted):
            raise InputError(f"run_backtest takes {name} as {wanted.__name__}, not as {type(given).__name__}")
    if len(bars) <= strategy.warm_up:
        raise NotEnoughData(
            f"{bars.label}: {strategy.name} needs {strategy.warm_up} bars to warm up and one to trade, "
            f"and there are {len(bars)}; bring more history or shorten its periods"
        )
    signals = strategy.signals(bars)
    for name in _COLUMNS:
        if len(getattr(signals, name)) != len(bars):
            raise InputError(f"{strategy.name}: {name} has {len(getattr(signals, name))} values for {len(bars)} bars")
    trades, equity = _trade(bars, signals, fills, costs)
    return Result(bars, strategy.name, dict(strategy.parameters), fills, costs, trades, equity)


def _trade(bars: Bars, signals: Signals, fills: FillRules, costs: Costs) -> tuple[Trades, np.ndarray]:
    from tradeworthy.backtest import kernel

    ask, bid = costs.offsets(bars.instrument, bars.price_side)
    most = int(np.count_nonzero(signals.enter)) + 1
    marks = np.empty((most, kernel.MARKS), np.int64)
    prices = np.empty((most, kernel.PRICES), np.float64)
    equity = np.empty(len(bars))
    k = kernel.trade_loop(
        bars.open, bars.high, bars.low, bars.close, signals.enter, signals.leave, signals.stop_distance,
        signals.target_distance, ask, bid, fills.entry == "next_open", fills.stops_from == "fill",
        fills.check_entry_bar, fills.gap == "open", fills.both == "stop", fills.reenter_on_exit_bar, marks, prices, equity,
    )  # fmt: skip
    equity.flags.writeable = False
    return _columns(bars, fills, marks[:k].T.copy(), prices[:k].T.copy()), equity


def _columns(bars: Bars, fills: FillRules, marks: np.ndarray, prices: np.ndarray) -> Trades:
    signal, entry, out, side, reason, both = marks
    entry_clock = bars.open_time if fills.entry == "next_open" else bars.close_time
    at_open = (reason == 3) & (fills.entry == "next_open")
    exit_time = np.where(at_open, bars.open_time[out], bars.close_time[out])
    return Trades(
        side, signal, entry, out, entry_clock[entry], exit_time, prices[0], prices[1], prices[2], prices[3], reason,
        prices[4], prices[5], prices[6], both.astype(bool),
    )  # fmt: skip
