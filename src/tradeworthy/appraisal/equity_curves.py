"""The account over time, as few numbers as a screen can show: equity and fall, months, twelve months' Sharpe."""

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.backtest_record import Curve, Series
from tradeworthy.backtest.chances import day_of
from tradeworthy.backtest.result import Result
from tradeworthy.core.clock import DAY_NS, SECOND_NS, rfc3339
from tradeworthy.validation.trading_days import DailyReturns, daily_returns

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

MOST_POINTS = 1_200
_STILL = 1e-12
"""A deviation of daily returns so small that nothing happened."""


def spoken(times: Times) -> tuple[str, ...]:
    """RFC 3339 for each moment in ns UTC."""
    if (times % SECOND_NS).any():
        return tuple(rfc3339(int(moment)) for moment in times)
    words = np.datetime_as_string(times.astype("datetime64[ns]").astype("datetime64[s]"))
    return tuple(f"{word}Z" for word in words.tolist())


def curve_of(result: Result) -> Curve:
    """From the start on: money (of one unit: P&L), and the fall from the highest so far as a fraction of it."""
    equity = result.equity
    levels = np.append(result.capital, equity + (result.capital - result.start))
    peaks = np.maximum.accumulate(levels)
    fall = (levels - peaks) / peaks
    told = np.append(result.start, equity)
    times = np.append(result.bars.open_time[:1], result.bars.close_time)
    starts = np.arange(0, len(told), -(-len(told) // MOST_POINTS))
    ends = np.append(starts[1:], len(told)) - 1
    deepest = np.minimum.reduceat(fall, starts)
    return Curve(
        spoken(times[ends]), tuple(np.round(told[ends], 6).tolist()), tuple((np.round(deepest, 6) + 0.0).tolist())
    )


def days_of(result: Result) -> DailyReturns | None:
    """Returns by trading day as the statistics have them; None for a ruined account."""
    levels, day = result.equity + (result.capital - result.start), day_of(result.account, result.bars)
    return (
        daily_returns(levels, result.bars.close_time, result.capital, day.zone, day.hour) if levels.min() > 0 else None
    )


def months_of(daily: DailyReturns | None) -> dict[str, float]:
    """Return of each calendar month that has a trading day; the first and the last can be parts of one."""
    if daily is None:
        return {}
    names = np.unique(daily.date.astype("datetime64[D]").astype("datetime64[M]")).astype(str)
    return dict(zip(names.tolist(), daily.monthly().tolist(), strict=True))


def rolling_sharpe_of(daily: DailyReturns | None) -> Series:
    """Annualised Sharpe of the last year's trading days, as many as a year has; empty under a year and a month."""
    periods = daily.periods if daily else None
    if daily is None or periods is None or len(daily.returns) < round(periods * 13 / 12):
        return Series((), ())
    n = round(periods)
    windows = np.lib.stride_tricks.sliding_window_view(daily.returns, n)
    dates = daily.date[n - 1 :]
    step = -(-len(dates) // MOST_POINTS)
    places = np.arange(len(dates) - 1, -1, -step)[::-1]
    picked = windows[places]
    deviation = picked.std(axis=1, ddof=1)
    quiet = deviation < _STILL
    value = picked.mean(axis=1) / np.where(quiet, 1.0, deviation) * np.sqrt(periods)
    sharpe = [None if still else round(float(one), 4) for one, still in zip(value, quiet, strict=True)]
    return Series(tuple(word[:10] for word in spoken(dates[places] * DAY_NS)), tuple(sharpe))
