"""The trades of a backtest as they are held against those of a desk."""

import math
from dataclasses import dataclass

import numpy as np

from tradeworthy.backtest.result import Result
from tradeworthy.backtest.trades import ExitReason, Trade
from tradeworthy.controls.refusals import Refusal
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars

Key = tuple[int, int]
"""The close of the bar that a trade was decided on, and its side."""


@dataclass(frozen=True, slots=True)
class ReferenceTrade:
    """One trade of a backtest. Times are nanoseconds UTC; exit_ns is None while it is open. entry_fee, fees: account money, fees
    without swap. rate: of its exit. at_level: left at its stop or target itself. entry_bar, exit_bar: places among the bars.
    """

    decided_ns: int
    side: int
    units: float
    entry_ns: int
    entry_price: float
    exit_ns: int | None
    exit_price: float
    reason: str
    entry_fee: float
    fees: float
    swap: float
    pnl: float
    r: float | None
    rate: float
    at_level: bool
    entry_bar: int
    exit_bar: int

    @property
    def is_leg(self) -> bool:
        """Left by its stop or its target."""
        return self.reason in {ExitReason.STOP, ExitReason.TARGET}

    def entered(self, moment_ns: int) -> bool:
        """Whether it was entered before a day that ends then was over."""
        return self.entry_ns < moment_ns

    def closed(self, moment_ns: int) -> bool:
        """Whether it was left before a day that ends then was over."""
        return self.exit_ns is not None and left_by(self.exit_ns, moment_ns, is_leg=self.is_leg)

    def value(self, moment_ns: int, mark: float, rate: float, multiplier: float) -> float:
        """Account money at that moment: what it left where it is closed, else what it would leave at the mark, before exit fees."""
        if not self.entered(moment_ns):
            return 0.0
        if self.closed(moment_ns):
            return self.pnl
        return self.units * multiplier * self.side * (mark - self.entry_price) * rate - self.entry_fee


def left_by(exit_ns: int, moment_ns: int, *, is_leg: bool) -> bool:
    """Whether an exit lies in the day that ends at the moment. What a bar did inside is known at its close, and belongs to the day
    that this close ends; an order at market is dealt at the open that follows, and belongs to the next."""
    return exit_ns <= moment_ns if is_leg else exit_ns < moment_ns


def trades_of(result: Result, gap_at_open: bool) -> dict[Key, ReferenceTrade]:
    """Every trade of a backtest of an account, by its decision."""
    money, books = result.trades.money, result.books
    if money is None or books is None:
        raise InputError(
            "a desk is held against the backtest of an account, and this one trades one unit; give it an Account"
        )
    entry_fee, rates = money[2], books.rate
    return {
        (one.decided_ns, one.side): one
        for one in (
            _reference(result.bars, trade, float(entry_fee[place]), float(rates[trade.exit_index]), gap_at_open)
            for place, trade in enumerate(result.trades)
        )
    }


def refused_by(result: Result) -> dict[int, str]:
    """Why the backtest itself did not enter, by the close of the bar decided on, in the words of the rule."""
    codes = result.refusal
    if codes is None:
        return {}
    closes = result.bars.close_time[result.decisions.bar]
    return {int(closes[i]): Refusal(int(codes[i])).words for i in np.flatnonzero(codes)}


def _reference(bars: Bars, one: Trade, entry_fee: float, rate: float, gap_at_open: bool) -> ReferenceTrade:
    is_open = one.reason is ExitReason.OPEN
    at_open = one.exit_time == int(bars.open_time[one.exit_index])
    return ReferenceTrade(
        int(bars.close_time[one.signal_index]), one.side.sign, one.units, one.entry_time, one.entry_price,
        None if is_open else one.exit_time, one.exit_price, str(one.reason), entry_fee, one.commission, one.swap, one.pnl,
        one.r if math.isfinite(one.r) else None, rate,
        not (at_open and gap_at_open), one.entry_index, one.exit_index,
    )  # fmt: skip
