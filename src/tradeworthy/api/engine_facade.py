"""One call from a strategy of any kind and bars of any kind to a dict of results."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tradeworthy.adapters.files.rows import table_from_rows
from tradeworthy.api.assumptions import assumed
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.conversion import Rates
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import Filters
from tradeworthy.controls.sizing import FixedFraction, Sizing, Units
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import positive
from tradeworthy.core.instrument import Instrument, instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.checking import decided
from tradeworthy.strategies.protocol import Decisions, DecisionStream, Strategy
from tradeworthy.strategies.python_function import History, PythonFunction, check_function, python_strategy
from tradeworthy.wiring.sources import read_bars

RISK = 0.02
ALL_IN = Units(1e15)
"""More than any balance buys, so that leverage decides."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A strategy whose decisions are made already, so that a function is asked only once."""

    asked: Strategy
    made: Decisions

    @property
    def name(self) -> str:
        return self.asked.name

    @property
    def warm_up(self) -> int:
        return self.asked.warm_up

    @property
    def parameters(self) -> Mapping[str, float | int | bool]:
        return self.asked.parameters

    def decisions(self, bars: Bars) -> Decisions:  # noqa: ARG002 - made of these bars
        return self.made

    def stream(self) -> DecisionStream:
        return self.asked.stream()


class BacktestingEngine:
    """Backtests of one strategy with a balance: `BacktestingEngine(strategy).run_backtest(bars, "BTCUSDT")`.

    strategy: a function `(historical_data, symbol) -> None | {symbol, action, stop_loss, take_profit}` (docs/strategies.md),
    `from_signals(...)`, or any object with `decisions(bars)`. initial_balance: in `currency`, the quote's by default.

    fills, costs: `FillRules()` and no costs by default; the prices of a plain function stay where it put them
    (`stops_from="signal_close"`), whatever `fills` says. sizing: by default 2% of the balance is lost at the stop; where no
    entry of the whole run has a stop, each position takes all of the balance. Where only some have one, those without are
    refused and counted. leverage: most notional for one unit of balance; 1 never borrows. rates, calibration, filters,
    lot_step: as in `Account`. history: what a function sees when the bars are `Bars` or a file: "bars", "rows" (dicts),
    "pandas" or "polars"; a list or a dataframe it sees as it was given.
    """

    def __init__(
        self,
        strategy: Any,
        initial_balance: float = 10_000.0,
        *,
        fills: FillRules | None = None,
        costs: Costs | None = None,
        sizing: Sizing | None = None,
        currency: str = "",
        leverage: float = 1.0,
        rates: Rates = None,
        calibration: Calibration | None = None,
        filters: Filters | None = None,
        lot_step: float | None = None,
        history: History = "bars",
    ) -> None:
        if isinstance(strategy, type) or not hasattr(strategy, "decisions"):
            check_function(strategy)
        for name, one, kind in (("fills", fills, FillRules), ("costs", costs, Costs)):
            if not isinstance(one, kind | None):
                raise InputError(f"BacktestingEngine takes {name} as {kind.__name__}, not as {type(one).__name__}")
        self._strategy, self._history = strategy, history
        self._fills, self._costs, self._sizing = fills or FillRules(), costs or Costs(), sizing
        self._account = Account(
            positive(initial_balance, "initial_balance"), currency, sizing or ALL_IN, leverage, lot_step, rates=rates,
            calibration=calibration, filters=filters,
        )  # fmt: skip

    def run_backtest(
        self,
        bars: Any,
        symbol: str | Instrument | None = None,
        *,
        timeframe: str | Timeframe | None = None,
        timezone: str | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Trade the bars, and tell in plain Python values what came of it.

        bars: dicts, a dataframe, a path, or `Bars`; times of the bars' opens as datetimes, ISO text or epochs, oldest first.
        symbol: what it is, needed unless `Bars` or a file's name say it. timeframe: by the bars' distance if left out.
        timezone: of times that name none; without it they are refused. columns: `{"close": "Px"}`, as in `read_bars`.

        Gives a dict of: win_rate, total_return, max_drawdown (fractions, the drawdown 0 or more), total_trades (closed),
        profit_factor, average_win, average_loss (below zero), initial_balance, final_balance (the open position at its last
        price), equity_curve (a list, the account at each bar's close), trades (closed ones, dicts with times in RFC 3339),
        open_trade (one more, or None), statistics (docs/statistics.md), refused (reason: how many entries), assumptions
        (sentences), symbol, timeframe, currency. What the data do not define is None. Raises InputError for bars and answers
        that cannot be used, NotEnoughData for fewer bars than the strategy's warm-up.
        """
        table = table_from_rows(bars, columns or {}) if isinstance(bars, list | tuple) else bars
        read = _read(table, symbol, timeframe, timezone, columns)
        strategy, fills = self._told(bars, read, symbol)
        made = decided(strategy, read)
        sizing = self._sizing or _sizing_for(made)
        account = replace(self._account, sizing=sizing)
        result = run_backtest(read, _Made(strategy, made), fills, self._costs, account)
        return {**_numbers(result), "assumptions": assumed(result, sizing_given=self._sizing is not None)}

    def _told(self, bars: Any, read: Bars, symbol: str | Instrument | None) -> tuple[Strategy, FillRules]:
        """The strategy as it is to be asked about these bars, and the rules its orders need."""
        strategy = self._strategy
        if not hasattr(strategy, "decisions"):
            asked = symbol if isinstance(symbol, str) else read.instrument.symbol
            strategy = python_strategy(strategy, asked, history=self._history)
        if not isinstance(strategy, PythonFunction):
            made: Strategy = strategy
            return made, self._fills
        if not isinstance(bars, Bars | str | Path):
            strategy = strategy.showing(bars)
        return strategy, replace(self._fills, stops_from="signal_close")


def _read(
    bars: Any,
    symbol: str | Instrument | None,
    timeframe: str | Timeframe | None,
    timezone: str | None,
    columns: Mapping[str, str] | None,
) -> Bars:
    if symbol is None and not isinstance(bars, Bars | str | Path):
        raise InputError("say what the bars are of: run_backtest(bars, 'EUR_USD')")
    if not isinstance(bars, Bars):
        return read_bars(bars, instrument=symbol, timeframe=timeframe, timezone=timezone, columns=columns)
    asked = symbol if isinstance(symbol, Instrument) or symbol is None else instrument_named(symbol)
    if asked is not None and asked.symbol != bars.instrument.symbol:
        raise InputError(
            f"these are bars of {bars.instrument.symbol} and not of {asked.symbol}; leave symbol out, or mend it"
        )
    return bars


def _sizing_for(made: Decisions) -> Sizing:
    """By risk where there is a stop to count it by, else the whole balance."""
    stopped = (made.enter != 0) & ~np.isnan(made.stop_distance)
    return FixedFraction(RISK) if stopped.any() or not made.enter.any() else ALL_IN


def _numbers(result: Result) -> dict[str, Any]:
    said, trades = result.statistics, [_trade(trade, result) for trade in result.trades]
    still_open = trades.pop() if trades and trades[-1]["reason"] == "open" else None
    return {
        "symbol": result.bars.instrument.symbol,
        "timeframe": str(result.bars.timeframe),
        "currency": result.currency,
        "initial_balance": result.start,
        "final_balance": said.final_equity,
        "total_return": said.total_return,
        "max_drawdown": said.max_drawdown_fraction,
        "total_trades": said.trades,
        **{name: getattr(said, name) for name in ("win_rate", "profit_factor", "average_win", "average_loss")},
        "equity_curve": result.equity.tolist(),
        "trades": trades,
        "open_trade": still_open,
        "statistics": said.to_dict(),
        "refused": {reason.words: count for reason, count in result.refused.items()},
    }


def _trade(trade: Any, result: Result) -> dict[str, Any]:
    left = trade.reason != "open"
    return {
        "symbol": result.bars.instrument.symbol,
        "side": str(trade.side),
        "units": trade.units,
        "entry_time": rfc3339(trade.entry_time),
        "exit_time": rfc3339(trade.exit_time) if left else None,
        "entry_price": trade.entry_price,
        "exit_price": trade.exit_price if left else None,
        "stop_loss": _or_none(trade.stop),
        "take_profit": _or_none(trade.target),
        "reason": str(trade.reason),
        "pnl": trade.pnl,
        "r": _or_none(trade.r),
        "commission": trade.commission,
        "swap": trade.swap,
        "bars_held": trade.exit_index - trade.entry_index,
        "ambiguous": trade.ambiguous,
    }


def _or_none(number: float) -> float | None:
    return number if math.isfinite(number) else None
