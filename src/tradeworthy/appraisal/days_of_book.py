"""What a book made and lost day by day, each strategy beside the others: what futures are drawn from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.chances import day_of
from tradeworthy.backtest.result import Result
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import whole_number
from tradeworthy.market.zones import day_index
from tradeworthy.validation.samples import TradeSample

Grid = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
Dates = npt.NDArray[np.int64]

_WEEK, _SATURDAY = 7, 2
"""1970-01-01 was a Thursday, so day 2 was a Saturday."""
_YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class BookDays:
    """One row for each trading day from when the last strategy could trade until the first one's bars end.

    date: int64 (d,), days since 1970-01-01, by the date on which the greater half of the trading day falls. shares:
    float64 (d, k), each strategy's profit or loss as a share of the equity that the day began with, 0 where it had no
    bar. names: of the k strategies. trades: closed, all of them together.
    """

    names: tuple[str, ...]
    date: Dates
    shares: Grid
    trades: int

    @property
    def book(self) -> Floats:
        """(d,) All strategies together, each with its own size on the same equity."""
        total: Floats = self.shares.sum(axis=1)
        return total

    @property
    def periods(self) -> float | None:
        """Trading days a year as measured; None for one day."""
        days = len(self.date)
        return _YEAR_DAYS * (days - 1) / float(self.date[-1] - self.date[0]) if days > 1 else None


def book_days(results: Mapping[str, Result], warm_up: Mapping[str, int] | None = None) -> BookDays:
    """Days of the backtests of a book, by name. warm_up: bars before which each could not trade, and which are left out.

    Money is that of each strategy's own account, valued at bars' closes; sizes follow equity, so that shares of it are what
    a common account would see, and they add up. Raises InputError for a result without an account, or without a day that
    all of them share.
    """
    if not results:
        raise InputError("a book has at least one strategy; there is no result")
    columns: dict[str, tuple[Dates, Floats]] = {}
    trades = 0
    for name, result in results.items():
        if result.account is None:
            raise InputError(f"{name}: a share of equity needs an account; give run_backtest account=Account(...)")
        dates, shares = _days_of(result)
        first = min((warm_up or {}).get(name, 0), len(result.bars) - 1)
        ready = int(_labels(result)[first])
        columns[name] = (dates[dates >= ready], shares[dates >= ready])
        trades += int(np.count_nonzero(result.trades.closed))
    return _side_by_side(columns, trades)


def _labels(result: Result) -> Dates:
    """(n,) the trading day that holds the middle of each bar.

    A vendor's day may close an hour past our cut, or an hour before; its middle is in the right day all the same. A price of
    one moment, such as a fixing at the cut itself, belongs to the day that it ends.
    """
    bars, cut = result.bars, day_of(result.account, result.bars)
    middle = bars.open_time + (bars.close_time - bars.open_time - 1) // 2
    days: Dates = day_index(middle, cut.zone, cut.hour) + (cut.hour >= 12)
    return days


def _days_of(result: Result) -> tuple[Dates, Floats]:
    """Dates, and each day's change over the equity before it; after ruin there is nothing left to change."""
    days = _labels(result)
    ends = np.append(np.flatnonzero(days[1:] != days[:-1]), len(days) - 1)
    level = np.maximum(0.0, np.append(result.start, result.equity[ends]))
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(level[:-1] > 0.0, level[1:] / level[:-1] - 1.0, 0.0)
    return days[ends], shares


def _side_by_side(columns: Mapping[str, tuple[Dates, Floats]], trades: int) -> BookDays:
    first = max(int(dates[0]) for dates, _ in columns.values())
    last = min(int(dates[-1]) for dates, _ in columns.values())
    every = np.unique(np.concatenate([dates for dates, _ in columns.values()]))
    date = every[(every >= first) & (every <= last)]
    if not len(date):
        late = max(columns, key=lambda name: int(columns[name][0][0]))
        early = min(columns, key=lambda name: int(columns[name][0][-1]))
        raise InputError(f"there is no day on which both {early} and {late} could trade; bring bars of the same years")
    shares = np.zeros((len(date), len(columns)))
    for place, (dates, own) in enumerate(columns.values()):
        inside = (dates >= first) & (dates <= last)
        shares[np.searchsorted(date, dates[inside]), place] = own[inside]
    return BookDays(tuple(columns), date, shares, trades)


def trade_days(samples: Sequence[TradeSample], risk: float) -> BookDays:
    """Days of a history of trades, each of which risks the share `risk` of equity: its R x risk on the day it closed (UTC).

    Weekdays without a closed trade are days of nothing. What open trades did on the way is not known. Raises NotEnoughData
    without a trade.
    """
    traded = [one for one in samples if len(one.r)]
    if not traded:
        raise NotEnoughData("there is no closed trade to draw from")
    closed = {one.strategy: (one.exit_time - 1) // DAY_NS for one in traded}
    every = np.concatenate(list(closed.values()))
    span = np.arange(int(every.min()), int(every.max()) + 1, dtype=np.int64)
    weekday = (span - _SATURDAY) % _WEEK >= 2
    date = np.union1d(span[weekday], every)
    shares = np.zeros((len(date), len(traded)))
    for place, one in enumerate(traded):
        np.add.at(shares[:, place], np.searchsorted(date, closed[one.strategy]), one.r * risk)
    return BookDays(tuple(closed), date, shares, len(every))


def undated_trades(r: Iterable[float], risk: float) -> BookDays:
    """Trades without a date, one after the other, each a day of its own: horizons then count trades."""
    column = np.asarray(list(r), np.float64)
    if not len(column):
        raise NotEnoughData("there is no closed trade to draw from")
    if not np.isfinite(column).all():
        raise InputError(f"trade {int(np.flatnonzero(~np.isfinite(column))[0])} has no R; give every trade a number")
    return BookDays(("trades",), np.arange(len(column), dtype=np.int64), (column * risk)[:, None], len(column))


def least_days(days: BookDays, least: int) -> BookDays:
    """The same. Raises NotEnoughData where there are fewer days or no trade."""
    count = whole_number(least) or 1
    if not days.trades:
        raise NotEnoughData("no trade was closed, so there is nothing to draw futures from; bring more history")
    if len(days.date) < count:
        raise NotEnoughData(f"there is {counted(len(days.date), 'day')} to draw from, and at least {count} are needed")
    return days
