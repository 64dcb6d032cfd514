"""The trades of a finished walk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar, overload

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.dealing import Dealing
from tradeworthy.core.order import Side
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)


class ExitReason(StrEnum):
    """Why a trade ended; OPEN means that it has not."""

    STOP = "stop"
    TARGET = "target"
    SIGNAL = "signal"
    OPEN = "open"


REASONS = (ExitReason.STOP, ExitReason.TARGET, ExitReason.SIGNAL, ExitReason.OPEN)
_OPEN = REASONS.index(ExitReason.OPEN) + 1
_BOTH, _AT_OPEN = 1, 2


@dataclass(frozen=True, slots=True)
class Trade:
    """One position from entry to exit; prices and excursions in quote currency, times in nanoseconds UTC.

    risk: the stop distance planned at the signal (NaN without a stop). units, multiplier: its size, and what calibration
    made of it. commission, swap, pnl: account money; pnl is what is left after everything. r: pnl in units of the risk
    planned. mae, mfe: the furthest it went against and for the position. ambiguous: the exit bar held stop and target,
    and the rule had to choose.
    """

    side: Side
    signal_index: int
    entry_index: int
    exit_index: int
    entry_time: int
    exit_time: int
    entry_price: float
    exit_price: float
    stop: float
    target: float
    reason: ExitReason
    risk: float
    units: float
    multiplier: float
    commission: float
    swap: float
    pnl: float
    r: float
    mae: float
    mfe: float
    ambiguous: bool


@dataclass(frozen=True, eq=False)
class Trades(Sequence[Trade]):
    """Trades as read-only columns of shape (k,), oldest first; indexing and iterating give `Trade` records.

    side: +1 or -1. reason: 1 stop, 2 target, 3 signal, 4 open. Columns are worked out when they are first asked for.
    marks (6, k), prices (5, k) and money (7, k; None for one unit at no cost but the spread) are the kernel's rows.
    """

    bars: Bars
    dealing: Dealing
    at_next_open: bool
    marks: Whole
    prices: Floats
    money: Floats | None = None

    def __post_init__(self) -> None:
        for rows in (self.marks, self.prices, self.money):
            if rows is not None:
                rows.flags.writeable = False

    def __len__(self) -> int:
        return int(self.marks.shape[1])

    def __repr__(self) -> str:
        r = self.r[self.closed]
        return f"<Trades: {len(self)}, {np.nansum(r):+.2f} R closed>"

    @property
    def signal_index(self) -> Whole:
        """Bar at whose close the entry was decided."""
        return _row(self.marks, 0)

    @property
    def entry_index(self) -> Whole:
        """Bar in which it was entered."""
        return _row(self.marks, 1)

    @property
    def exit_index(self) -> Whole:
        """Bar in which it was left."""
        return _row(self.marks, 2)

    @property
    def side(self) -> Whole:
        """+1 long, -1 short."""
        return _row(self.marks, 3)

    @property
    def reason(self) -> Whole:
        """1 stop, 2 target, 3 signal, 4 open."""
        return _row(self.marks, 4)

    @cached_property
    def ambiguous(self) -> npt.NDArray[np.bool_]:
        """Whether the exit bar held both levels and the rule had to choose."""
        return _fixed(self.marks[5] == _BOTH)

    @property
    def entry_price(self) -> Floats:
        """What was paid or got."""
        return _row(self.prices, 0)

    @property
    def exit_price(self) -> Floats:
        """The same at the end; of an open trade the price it could be left at."""
        return _row(self.prices, 1)

    @property
    def stop(self) -> Floats:
        """Price, NaN for none."""
        return _row(self.prices, 2)

    @property
    def target(self) -> Floats:
        """Price, NaN for none."""
        return _row(self.prices, 3)

    @property
    def risk(self) -> Floats:
        """Stop distance planned at the signal, NaN for none."""
        return _row(self.prices, 4)

    @cached_property
    def units(self) -> Floats:
        """Size of each trade."""
        return self._one() if self.money is None else _row(self.money, 0)

    @cached_property
    def multiplier(self) -> Floats:
        """What calibration made of the usual size; 1 without it."""
        return self._one() if self.money is None else _row(self.money, 1)

    @cached_property
    def commission(self) -> Floats:
        """Fees of entry and exit, account money."""
        return self._nothing() if self.money is None else _fixed(self.money[2] + self.money[3])

    @cached_property
    def swap(self) -> Floats:
        """Earned (below zero: paid) for nights, account money."""
        return self._nothing() if self.money is None else _row(self.money, 4)

    @cached_property
    def pnl(self) -> Floats:
        """What each trade left after everything, account money; of one unit without an account in quote currency."""
        if self.money is None:
            return _fixed(self.side * (self.exit_price - self.entry_price))
        return _row(self.money, 5)

    @cached_property
    def risked(self) -> Floats:
        """Money lost if the stop is hit where it was planned, before fees; NaN without a stop."""
        if self.money is None:
            return self.risk
        return _fixed(self.risk * self.money[0] * self.money[6] * float(self.bars.instrument.multiplier))

    @cached_property
    def r(self) -> Floats:
        """P&L in units of the risk planned at the signal; NaN where there was no stop."""
        return _fixed(self.pnl / self.risked)

    @cached_property
    def entry_time(self) -> Whole:
        """Open time of the entry bar, or its close time with entry at the close."""
        clock = self.bars.open_time if self.at_next_open else self.bars.close_time
        return _fixed(clock[self.entry_index])

    @cached_property
    def exit_time(self) -> Whole:
        """Open time of exits at an open, gaps included; otherwise the bar's close time, by which it is known."""
        out = self.exit_index
        return _fixed(np.where(self.marks[5] == _AT_OPEN, self.bars.open_time[out], self.bars.close_time[out]))

    @cached_property
    def _excursions(self) -> Floats:
        from tradeworthy.backtest.marking import excursions

        out = np.empty((2, len(self)))
        excursions(self.dealing.bid, self.dealing.ask, self.marks, self.prices, self.at_next_open, out)
        return _fixed(out)

    @property
    def mae(self) -> Floats:
        """Furthest against the position."""
        return _row(self._excursions, 0)

    @property
    def mfe(self) -> Floats:
        """Furthest for the position."""
        return _row(self._excursions, 1)

    @cached_property
    def closed(self) -> npt.NDArray[np.bool_]:
        """(k,) False only for a last trade that is still open."""
        return _fixed(self.reason != _OPEN)

    @cached_property
    def bars_held(self) -> Whole:
        """Bars from the entry's to the exit's, 0 for a trade that ended in its own bar."""
        return _fixed(self.exit_index - self.entry_index)

    def _one(self) -> Floats:
        return np.broadcast_to(np.float64(1.0), len(self))

    def _nothing(self) -> Floats:
        return np.broadcast_to(np.float64(0.0), len(self))

    @overload
    def __getitem__(self, place: int) -> Trade: ...
    @overload
    def __getitem__(self, place: slice) -> list[Trade]: ...
    def __getitem__(self, place: int | slice) -> Trade | list[Trade]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        numbers = {name: getattr(self, name)[place].item() for name in Trade.__slots__}
        numbers["side"] = Side.LONG if numbers["side"] > 0 else Side.SHORT
        numbers["reason"] = REASONS[numbers["reason"] - 1]
        return Trade(**numbers)

    def __iter__(self) -> Iterator[Trade]:
        return (self[i] for i in range(len(self)))


def _row(rows: npt.NDArray[Kind], place: int) -> npt.NDArray[Kind]:
    column: npt.NDArray[Kind] = rows[place]
    return column


def _fixed(column: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
    column.flags.writeable = False
    return column
