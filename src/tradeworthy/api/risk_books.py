"""From parameters and bars, or from trades alone, to the days of a book that futures are drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from tradeworthy.adapters.files.rows import table_from_rows
from tradeworthy.adapters.files.trade_files import read_trades
from tradeworthy.appraisal.days_of_book import BookDays, book_days, least_days, trade_days, undated_trades
from tradeworthy.appraisal.parameter_appraising import tradeable
from tradeworthy.appraisal.sizing_rules import ATR_MULTIPLIER, risk_of
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.controls.sizing import FixedFraction
from tradeworthy.core.clock import from_datetime, from_rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.given_parameters import plain_parameters
from tradeworthy.strategies.parameter_names import Role, market_of, meant
from tradeworthy.strategies.protocol import Strategy
from tradeworthy.validation.samples import TradeSample
from tradeworthy.wiring.sources import read_bars

BALANCE = 1_000_000.0
"""So large that whole lots hardly round sizes; everything said is a share of it."""
LEAST_DAYS = 2
ALONE = "the strategy"
_NO_BARS = (
    "falls while trades are open: a history of closed trades shows none of them",
    "losses through gaps, leverage and what is open at once: they take bars",
)


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What every strategy of a book trades under. timezone: of times in bars and trades that name none."""

    fills: FillRules
    costs: Costs
    leverage: float
    timezone: str | None


@dataclass(frozen=True, slots=True, eq=False)
class RiskBook:
    """Days to draw from, the backtests behind them (none for trades alone), the risk per trade where it is one for all,
    whether days are dates, and sentences: what was assumed, and what could not be computed."""

    days: BookDays
    results: Mapping[str, Result]
    risk: float | None
    dated: bool
    assumptions: tuple[str, ...]
    not_computed: tuple[str, ...]


def risk_book(parameters: Any, bars: Any, trades: Any, terms: Terms) -> RiskBook:
    """The book that was given, one way or the other. Raises InputError for neither or both, or for what cannot be used."""
    if (bars is None) == (trades is None):
        raise InputError("give bars to trade the parameters on, or trades=, a history of closed trades: one of the two")
    return _of_bars(parameters, bars, terms) if trades is None else _of_trades(parameters, trades, terms.timezone)


def named_parameters(parameters: Any) -> dict[str, dict[str, Any]]:
    """{strategy: {parameter: value}} of one strategy's parameters or several's."""
    if not isinstance(parameters, Mapping):
        raise InputError(
            f"parameters are a dict, {{'fast': 40, 'slow': 140}} or one such for each strategy, not {type(parameters).__name__}"
        )
    several = bool(parameters) and all(isinstance(one, Mapping) for one in parameters.values())
    given = parameters if several else {ALONE: parameters}
    return dict(plain_parameters(given, "the parameters"))


def _of_bars(parameters: Any, bars: Any, terms: Terms) -> RiskBook:
    assumed: list[str] = []
    if hasattr(parameters, "decisions") and not isinstance(parameters, type):
        told: dict[str, dict[str, Any]] = {ALONE: {}}
        strategies: dict[str, Strategy] = {ALONE: parameters}
    else:
        told = named_parameters(parameters)
        strategies = {name: _strategy(name, one, assumed) for name, one in told.items()}
    results: dict[str, Result] = {}
    for name, strategy in strategies.items():
        risk = risk_of(name, told[name])
        account = Account(BALANCE, sizing=FixedFraction(risk), leverage=terms.leverage)
        own = _bars(name, told[name], bars, terms.timezone, assumed)
        results[name] = run_backtest(own, strategy, terms.fills, terms.costs, account)
    days = least_days(book_days(results, {name: one.warm_up for name, one in strategies.items()}), LEAST_DAYS)
    assumed.append("sizes follow equity, and each strategy's profits count in its own quote currency")
    if terms.costs == Costs():
        assumed.append("nothing is taken off for spread, commission, slippage or swap: name what you pay in costs=")
    every = {risk_of(name, one) for name, one in told.items()}
    return RiskBook(days, results, every.pop() if len(every) == 1 else None, True, tuple(dict.fromkeys(assumed)), ())


def _strategy(name: str, parameters: dict[str, Any], assumed: list[str]) -> Strategy:
    rules = tradeable(parameters)
    if rules is None:
        raise InputError(
            f"{name}: no strategy that can be traded was recognised among {', '.join(parameters) or 'no parameters'}; it needs "
            "a fast and a slow period, or give a strategy such as MaCrossover(40, 140, stop_atr=2)"
        )
    if rules.stop_atr is not None:
        return rules
    if meant(parameters).values.get(Role.STOP):
        raise InputError(f"{name}: its stop is no multiple of ATR, so its sizes are not known; say it as stop_atr")
    assumed.append(f"{name}: no stop is named, so it trades with one of {ATR_MULTIPLIER:g} ATR")
    return replace(rules, stop_atr=ATR_MULTIPLIER)


def _bars(name: str, parameters: dict[str, Any], bars: Any, zone: str | None, assumed: list[str]) -> Bars:
    symbol, timeframe = market_of(name, meant(parameters))
    if isinstance(bars, Mapping):
        found = next((bars[key] for key in (name, symbol) if key is not None and key in bars), None)
        if found is None:
            raise InputError(f"there are no bars for {name}; the dict has {', '.join(map(str, bars)) or 'nothing'}")
        return _bars(name, parameters, found, zone, assumed)
    if isinstance(bars, Bars):
        return bars
    if isinstance(bars, str | Path):
        return read_bars(bars, timezone=zone)
    table = table_from_rows(bars, {}) if isinstance(bars, list | tuple) else bars
    if symbol is None:
        assumed.append(f"{name}: nothing says what the bars are of, so they are an index with a tick of 0.01")
    return read_bars(table, instrument=symbol or "MARKET", timeframe=timeframe, timezone=zone)


def _of_trades(parameters: Any, trades: Any, zone: str | None) -> RiskBook:
    told = {} if parameters is None else named_parameters(parameters)
    risks = {risk_of(name, one) for name, one in told.items()} or {risk_of(ALONE, {})}
    if len(risks) > 1:
        raise InputError("strategies of one history of trades have one risk per trade here; leave the others out")
    risk = risks.pop()
    assumed = [f"every trade risks {100 * risk:g}% of equity: R x {risk:g} on the day it closed"]
    if isinstance(trades, str | Path) or hasattr(trades, "columns"):
        history = read_trades(trades, timezone=zone)
        assumed += history.assumptions.values()
        return RiskBook(trade_days(history.samples, risk), {}, risk, True, tuple(assumed), _NO_BARS)
    rows = list(trades)
    if rows and all(isinstance(one, Mapping) for one in rows):
        return RiskBook(trade_days([sample_of_rows(rows)], risk), {}, risk, True, tuple(assumed), _NO_BARS)
    try:
        days = undated_trades([float(one) for one in rows], risk)
    except (TypeError, ValueError):
        raise InputError(
            "trades are a file, a dataframe, a list of dicts with exit_time and r, or a list of numbers, the R of each"
        ) from None
    undated = "anything that takes dates: horizons count trades, and there is no yearly figure"
    return RiskBook(days, {}, risk, False, tuple(assumed), (*_NO_BARS, undated))


def sample_of_rows(rows: Sequence[Mapping[str, Any]]) -> TradeSample:
    """Closed trades as `BacktestingEngine` gives them. Raises InputError for one without a moment or an R."""
    closed = [(place, one) for place, one in enumerate(rows) if one.get("exit_time") is not None]
    moments, r = np.empty(len(closed), np.int64), np.empty(len(closed))
    for at, (place, one) in enumerate(closed):
        when, value = one["exit_time"], one.get("r")
        if not isinstance(value, int | float) or not np.isfinite(value):
            raise InputError(
                f"trade {place} has no R (profit over what was risked); give every trade a number under 'r'"
            )
        moments[at], r[at] = _moment(when, place), float(value)
    order = np.argsort(moments, kind="stable")
    ends = int(moments.max()) if closed else 0
    return TradeSample("trades", moments[order], r[order], int(moments.min()) - 1 if closed else 0, ends)


def _moment(when: Any, place: int) -> int:
    try:
        return from_datetime(when) if isinstance(when, datetime) else from_rfc3339(str(when))
    except (ValueError, TypeError):
        raise InputError(f"trade {place}: {when!r} is no moment; write 2024-01-31T17:00:00Z") from None
