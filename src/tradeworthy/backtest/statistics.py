"""The statistics of a finished backtest: what happened to the account, how its days were, and how its trades did.

Each formula stands with its measure in `tradeworthy.validation`; here is only which arrays it is asked of.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.validation import measures
from tradeworthy.validation import trade_measures as of_trades
from tradeworthy.validation.curve_measures import cagr, checked_levels, checked_times, drawdowns_of, growth_over_fall
from tradeworthy.validation.trading_days import DailyReturns, daily_returns

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

_TRADE_MEASURES = (
    "win_rate",
    "profit_factor",
    "average_win",
    "average_loss",
    "payoff_ratio",
    "expectancy",
    "expectancy_ratio",
    "sqn",
    "longest_winning_streak",
    "longest_losing_streak",
    "largest_win",
    "largest_loss",
)


@dataclass(frozen=True, slots=True)
class Statistics:
    """One number for each question a trader asks of a backtest; `docs/statistics.md` gives every formula and its source.

    Money is in the account's currency, times and durations are in nanoseconds (UTC), shares, returns and drawdowns are
    fractions. A field that the data do not define is None, and none is ever NaN.
    """

    start_ns: int | None
    end_ns: int | None
    capital: float
    final_equity: float
    net_profit: float
    total_return: float
    cagr: float | None
    ruined: bool
    max_drawdown_fraction: float
    max_drawdown_money: float
    drawdown_peak_ns: int | None
    drawdown_trough_ns: int | None
    drawdown_recovered_ns: int | None
    longest_under_water_ns: int
    ulcer_index: float
    recovery_factor: float | None
    calmar: float | None
    days: int | None
    periods: float | None
    annual_volatility: float | None
    sharpe: float | None
    sortino: float | None
    downside_risk: float | None
    omega: float | None
    skewness: float | None
    kurtosis: float | None
    tail_ratio: float | None
    positive_days: float | None
    best_day: float | None
    worst_day: float | None
    best_month: float | None
    worst_month: float | None
    trades: int
    win_rate: float | None
    profit_factor: float | None
    average_win: float | None
    average_loss: float | None
    payoff_ratio: float | None
    expectancy: float | None
    expectancy_ratio: float | None
    expectancy_r: float | None
    sqn: float | None
    sqn_r: float | None
    longest_winning_streak: int | None
    longest_losing_streak: int | None
    largest_win: float | None
    largest_loss: float | None
    average_bars_held: float | None

    def to_dict(self) -> dict[str, float | int | bool | None]:
        """Every field by its name, in their order."""
        return {name: getattr(self, name) for name in self.__slots__}


def statistics_of(
    equity: npt.ArrayLike,
    times: npt.ArrayLike,
    capital: float,
    pnl: npt.ArrayLike = (),
    r: npt.ArrayLike | None = None,
    bars_held: npt.ArrayLike | None = None,
    *,
    risk_free: float = 0.0,
    periods: float | None = None,
    start_ns: int | None = None,
    zone: str = "UTC",
    hour: int = 0,
) -> Statistics:
    """Every statistic of a backtest.

    equity: (n,), the account in money at each bar's close, `capital` included. times: int64 (n,), when the bars closed,
    nanoseconds UTC. capital: the account before the first bar. pnl, r, bars_held: (k,), of the closed trades in the order
    in which they closed, in money after costs, in R (NaN without a stop) and in bars. risk_free: what money earns
    elsewhere, as a fraction a year. periods: trading days a year to annualise with; measured without it. start_ns: when
    the first bar opened, from when the account's growth is counted. zone, hour: where a trading day begins.
    Raises InputError for arrays that do not belong together, and for capital that is not above zero.
    """
    closes, moments = np.asarray(equity, dtype=np.float64), np.asarray(times, dtype=np.int64)
    if closes.ndim != 1 or moments.shape != closes.shape:
        raise InputError(f"equity has shape {closes.shape} and times {moments.shape}; give one time for each value")
    levels = checked_levels(np.append(capital, closes))
    began = int(moments[0]) if start_ns is None and len(moments) else start_ns
    path = checked_times(np.append(np.int64(began or 0), moments), len(levels))
    ruined = bool(levels.min() <= 0.0)
    daily = None if ruined else daily_returns(closes, moments, capital, zone, hour)
    return Statistics(
        start_ns=began,
        end_ns=int(moments[-1]) if len(moments) else None,
        ruined=ruined,
        **_of_account(levels, path),
        **_of_days(daily, risk_free, periods),
        **_of_trades(pnl, r, bars_held),
    )


def _of_account(levels: Floats, path: Times) -> dict[str, Any]:
    fallen, growth = drawdowns_of(levels, path), cagr(levels, path)
    capital, final = float(levels[0]), float(levels[-1])
    return {
        "capital": capital,
        "final_equity": final,
        "net_profit": final - capital,
        "total_return": final / capital - 1.0,
        "cagr": growth,
        "max_drawdown_fraction": fallen.fraction,
        "max_drawdown_money": fallen.money,
        "drawdown_peak_ns": fallen.peak_ns,
        "drawdown_trough_ns": fallen.trough_ns,
        "drawdown_recovered_ns": fallen.recovered_ns,
        "longest_under_water_ns": fallen.longest_under_water_ns,
        "ulcer_index": fallen.ulcer_index,
        "recovery_factor": fallen.recovery_factor,
        "calmar": growth_over_fall(growth, fallen.fraction),
    }


def _of_days(daily: DailyReturns | None, risk_free: float, periods: float | None) -> dict[str, Any]:
    returns = daily.returns if daily else np.empty(0)
    months = daily.monthly() if daily else np.empty(0)
    year = daily.periods if daily and periods is None else periods
    rate = _a_period(risk_free, year)
    return {
        "days": len(returns) if daily else None,
        "periods": year,
        **_annualised(returns, rate, year),
        "omega": measures.omega_ratio(returns, rate),
        "skewness": measures.skewness(returns),
        "kurtosis": measures.kurtosis(returns),
        "tail_ratio": measures.tail_ratio(returns),
        "positive_days": of_trades.win_rate(returns),
        "best_day": float(returns.max()) if daily else None,
        "worst_day": float(returns.min()) if daily else None,
        "best_month": float(months.max()) if daily else None,
        "worst_month": float(months.min()) if daily else None,
    }


def _a_period(risk_free: float, periods: float | None) -> float:
    if not risk_free > -1.0:
        raise InputError(f"risk_free is {risk_free}; give a rate a year as a fraction, such as 0.04")
    if periods is None:
        return 0.0
    if not periods > 0.0:
        raise InputError(f"periods is {periods}; give the number of trading days a year, such as 252")
    return math.pow(1.0 + risk_free, 1.0 / periods) - 1.0


def _annualised(returns: Floats, rate: float, periods: float | None) -> dict[str, float | None]:
    if periods is None:
        return dict.fromkeys(("annual_volatility", "sharpe", "sortino", "downside_risk"))
    return {
        "annual_volatility": measures.annual_volatility(returns, periods),
        "sharpe": measures.sharpe_ratio(returns, rate, periods),
        "sortino": measures.sortino_ratio(returns, rate, periods),
        "downside_risk": measures.downside_risk(returns, rate, periods),
    }


def _of_trades(pnl: npt.ArrayLike, r: npt.ArrayLike | None, bars_held: npt.ArrayLike | None) -> dict[str, Any]:
    money = np.asarray(pnl, dtype=np.float64)
    if not np.isfinite(money).all():
        raise InputError("pnl holds a NaN or an infinite value; every closed trade has a result in money")
    in_r, bars = (np.empty(0) if column is None else np.asarray(column) for column in (r, bars_held))
    for name, column, given in (("r", in_r, r), ("bars_held", bars, bars_held)):
        if given is not None and column.shape != money.shape:
            raise InputError(f"{name} has shape {column.shape} and pnl {money.shape}; give one value for each trade")
    return {
        **{name: getattr(of_trades, name)(money) for name in _TRADE_MEASURES},
        "trades": len(money),
        "expectancy_r": of_trades.expectancy(in_r),
        "sqn_r": of_trades.sqn(in_r),
        "average_bars_held": of_trades.average_bars_held(bars),
    }
