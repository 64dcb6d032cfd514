"""What a book made and lost day by day, each strategy beside the others: what futures are drawn from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.chances import day_of
from tradeworthy.backtest.result import Result
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import whole_number
from tradeworthy.market.zones import day_index
from tradeworthy.risk.drawdown_scoring import DAYS_NEEDED, TRADES_NEEDED
from tradeworthy.validation.samples import TradeSample

Grid = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]
Dates = npt.NDArray[np.int64]

_WEEK, _SATURDAY = 7, 2
"""1970-01-01 was a Thursday, so day 2 was a Saturday."""
_YEAR_DAYS = 365.25
_NAMED = 3
CUT_SHORT = 0.05
"""Of the days that the book would have without one strategy: from there on the cut is said."""


@dataclass(frozen=True, slots=True, eq=False)
class BookDays:
    """One row for each trading day from when the last strategy could trade until the first one's bars or account end.

    date: int64 (d,), days since 1970-01-01, by the date on which the greater half of the trading day falls. shares:
    float64 (d, k), each strategy's profit or loss as a share of the equity that the day began with, 0 where it had no
    bar. names: of the k strategies. trades: closed on these days, all of them together. notes: sentences on what the record
    holds and leaves out. ruined: by name, the first first, a sentence for each account that came to nothing.
    """

    names: tuple[str, ...]
    date: Dates
    shares: Grid
    trades: int
    notes: tuple[str, ...] = ()
    ruined: Mapping[str, str] = field(default_factory=dict)

    @property
    def ends_in_ruin(self) -> bool:
        """Whether an account came to nothing on the last day; later ruins end no record."""
        return bool(self.ruined) and bool((self.shares[-1] == -1.0).any())

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


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """One strategy's days. ready: the first on which it could trade. closed: the day of each closed trade. ruin: the day
    after which nothing was left."""

    date: Dates
    shares: Floats
    ready: int
    closed: Dates
    ruin: int | None


def book_days(results: Mapping[str, Result], warm_up: Mapping[str, int] | None = None) -> BookDays:
    """Days of the backtests of a book, by name. warm_up: bars before which each could not trade, and which are left out.

    Money is that of each strategy's own account, valued at bars' closes; sizes follow equity, so that shares of it are what
    a common account would see, and they add up. The first account that is ruined (equity of zero or less at a close) ends
    the record: after it nothing could be lost, and days of nothing are no quiet days. Raises InputError for a result without
    an account, or without a day that all of them share.
    """
    if not results:
        raise InputError("a book has at least one strategy; there is no result")
    columns: dict[str, _Column] = {}
    for name, result in results.items():
        if result.account is None:
            raise InputError(f"{name}: a share of equity needs an account; give run_backtest account=Account(...)")
        columns[name] = _column(result, (warm_up or {}).get(name, 0))
    return _side_by_side(columns)


def _labels(result: Result) -> Dates:
    """(n,) the trading day that holds the middle of each bar.

    A vendor's day may close an hour past our cut, or an hour before; its middle is in the right day all the same. A price of
    one moment, such as a fixing at the cut itself, belongs to the day that it ends.
    """
    bars, cut = result.bars, day_of(result.account, result.bars)
    middle = bars.open_time + (bars.close_time - bars.open_time - 1) // 2
    days: Dates = day_index(middle, cut.zone, cut.hour) + (cut.hour >= 12)
    return days


def _column(result: Result, warm_up: int) -> _Column:
    """Each day's change over the equity before it, until there is none left."""
    label, equity, trades = _labels(result), result.equity, result.trades
    ends = np.append(np.flatnonzero(label[1:] != label[:-1]), len(label) - 1)
    gone = np.flatnonzero(equity <= 0.0)
    ruin = int(label[gone[0]]) if len(gone) else None
    if ruin is not None:
        ends = ends[label[ends] <= ruin]
    level = np.append(result.start, equity[ends])
    if ruin is not None:
        level[-1] = 0.0
    return _Column(
        label[ends], level[1:] / level[:-1] - 1.0, int(label[min(warm_up, len(label) - 1)]),
        label[trades.exit_index[trades.closed]], ruin,
    )  # fmt: skip


def _side_by_side(columns: Mapping[str, _Column]) -> BookDays:
    late = max(columns, key=lambda name: columns[name].ready)
    early = min(columns, key=lambda name: int(columns[name].date[-1]))
    first, last = columns[late].ready, int(columns[early].date[-1])
    if last < first:
        raise InputError(_apart(early, columns[early].ruin, late))
    every = np.unique(np.concatenate([one.date for one in columns.values()]))
    date = every[(every >= first) & (every <= last)]
    shares, trades = np.zeros((len(date), len(columns))), 0
    for place, one in enumerate(columns.values()):
        inside = (one.date >= first) & (one.date <= last)
        shares[np.searchsorted(date, one.date[inside]), place] = one.shares[inside]
        trades += int(np.count_nonzero((one.closed >= first) & (one.closed <= last)))
    ruined = _ruins({name: one.ruin for name, one in columns.items() if one.ruin is not None}, last)
    notes = (*ruined.values(), *_cuts(columns, every, early, late))
    return BookDays(tuple(columns), date, shares, trades, notes, ruined)


def _cuts(columns: Mapping[str, _Column], every: Dates, early: str, late: str) -> list[str]:
    """What one strategy's short history takes from the others', where that is much; ruin has a sentence of its own."""
    first, last = columns[late].ready, int(columns[early].date[-1])
    begin, end = min(one.ready for one in columns.values()), max(int(one.date[-1]) for one in columns.values())
    kept, said = int(np.count_nonzero((every >= first) & (every <= last))), []
    after = int(np.count_nonzero((every > last) & (every <= end)))
    if columns[early].ruin is None and after > CUT_SHORT * (kept + after):
        short = [name for name, one in columns.items() if int(one.date[-1]) == last]
        whose = " and ".join(short if len(short) <= _NAMED else [*short[:_NAMED], f"{len(short) - _NAMED} more"])
        said.append(
            f"the record ends on {_day(last)} with the bars of {whose}, and {after:,} later days of others, up to {_day(end)}, "
            "are left out; newer bars there make it longer"
        )
    before = int(np.count_nonzero((every >= begin) & (every < first)))
    if before > CUT_SHORT * (kept + before):
        said.append(
            f"the record begins on {_day(first)}, when {late} could first trade (its bars begin on "
            f"{_day(int(columns[late].date[0]))}), and {before:,} earlier days of others, from {_day(begin)} on, are left out"
        )
    return said


def _apart(early: str, ruin: int | None, late: str) -> str:
    if ruin is None:
        return f"there is no day on which both {early} and {late} could trade; bring bars of the same years"
    return (
        f"the account of {early} was ruined on {_day(ruin)}, before {late} could trade, so there is no day to judge both by; "
        f"trade {early} smaller, or leave it out"
    )


def _ruins(days: Mapping[str, int], last: int) -> dict[str, str]:
    """A sentence each, in the order in which it came."""
    told = {True: "and the record ends with that day", False: "after the last day of the record"}
    return {
        name: f"the account of {name} was ruined on {_day(day)}, {told[day == last]}"
        for name, day in sorted(days.items(), key=lambda item: item[1])
    }


def _day(day: int) -> str:
    return str(np.datetime64(day, "D"))


def trade_days(samples: Sequence[TradeSample], risk: float) -> BookDays:
    """Days of a history of trades, each of which risks the share `risk` of equity: its R x risk on the day it closed (UTC).

    Weekdays without a closed trade are days of nothing. The record begins when the last strategy closed its first trade,
    where enough for a score remains; otherwise all is kept, and `notes` say what the early days are without. What open
    trades did on the way is not known. Raises NotEnoughData without a trade.
    """
    traded = [one for one in samples if len(one.r)]
    if not traded:
        raise NotEnoughData("there is no closed trade to draw from")
    closed = {one.strategy: (one.exit_time - 1) // DAY_NS for one in traded}
    every = np.sort(np.concatenate(list(closed.values())))
    span = np.arange(int(every[0]), int(every[-1]) + 1, dtype=np.int64)
    weekday = (span - _SATURDAY) % _WEEK >= 2
    date = np.union1d(span[weekday], every)
    first, notes = _beginning({name: int(days.min()) for name, days in closed.items()}, date, every)
    date = date[date >= first]
    shares = np.zeros((len(date), len(traded)))
    for place, one in enumerate(traded):
        inside = closed[one.strategy] >= first
        np.add.at(shares[:, place], np.searchsorted(date, closed[one.strategy][inside]), one.r[inside] * risk)
    return BookDays(tuple(closed), date, shares, int(np.count_nonzero(every >= first)), notes)


def _beginning(firsts: Mapping[str, int], date: Dates, every: Dates) -> tuple[int, tuple[str, ...]]:
    """The first day of the record, and why. A strategy's days before its first trade are no quiet days: it was not there."""
    latest = max(firsts, key=lambda name: firsts[name])
    oldest, first = int(every[0]), firsts[latest]
    if first == oldest:
        return oldest, ()
    days, trades = (int(np.count_nonzero(one >= first)) for one in (date, every))
    if days >= DAYS_NEEDED and trades >= TRADES_NEEDED:
        left = len(every) - trades
        said = (
            f"the record begins on {_day(first)}, with the first trade of {latest}: {counted(left, 'trade')} from "
            f"{_day(oldest)} on, before it, {'is' if left == 1 else 'are'} left out"
        )
        return first, (said,)
    late = {name: day for name, day in sorted(firsts.items(), key=lambda item: item[1]) if day > oldest}
    lacking = " and ".join(f"without {name} before {_day(day)}" for name, day in late.items())
    said = (
        f"the record is {lacking}, and so shows too little of the risk: from {_day(first)} on it has "
        f"{counted(trades, 'trade')} on {counted(days, 'day')}, and a score takes {TRADES_NEEDED} on {DAYS_NEEDED}"
    )
    return oldest, (said,)


def undated_trades(r: Iterable[float], risk: float) -> BookDays:
    """Trades without a date, one after the other, each a day of its own: horizons then count trades."""
    column = np.asarray(list(r), np.float64)
    if not len(column):
        raise NotEnoughData("there is no closed trade to draw from")
    if not np.isfinite(column).all():
        raise InputError(f"trade {int(np.flatnonzero(~np.isfinite(column))[0])} has no R; give every trade a number")
    return BookDays(("trades",), np.arange(len(column), dtype=np.int64), (column * risk)[:, None], len(column))


def least_days(days: BookDays, least: int) -> BookDays:
    """The same. Raises NotEnoughData where there are fewer days, or no trade and no ruin."""
    count = whole_number(least) or 1
    if not days.trades and not days.ruined:
        raise NotEnoughData("no trade was closed, so there is nothing to draw futures from; bring more history")
    if len(days.date) < count:
        have = f"there {'is' if len(days.date) == 1 else 'are'} {counted(len(days.date), 'day')} to draw from"
        raise NotEnoughData(f"{have}, and at least {count} are needed{_and_ruined(days)}")
    return days


def least_trades(days: BookDays, least: int) -> BookDays:
    """The same. Raises NotEnoughData where fewer trades were closed: an extreme out of a handful is what happened to come."""
    if days.trades < least:
        have = f"there {'is' if days.trades == 1 else 'are'} {counted(days.trades, 'closed trade')} to draw from"
        raise NotEnoughData(f"{have}, and at least {least} are needed; bring more history{_and_ruined(days)}")
    return days


def _and_ruined(days: BookDays) -> str:
    return "".join(f"; {one}" for one in list(days.ruined.values())[:1])
