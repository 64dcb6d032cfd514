"""What a backtest gives: trades, equity, and how sure the fills are."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.order import Side
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


class ExitReason(StrEnum):
    """Why a trade ended; OPEN means that it has not."""

    STOP = "stop"
    TARGET = "target"
    SIGNAL = "signal"
    OPEN = "open"


_REASONS = (ExitReason.STOP, ExitReason.TARGET, ExitReason.SIGNAL, ExitReason.OPEN)


@dataclass(frozen=True, slots=True)
class Trade:
    """One position from entry to exit; prices and excursions in quote currency, times in nanoseconds UTC.

    risk: the stop distance planned at the signal (NaN without a stop). r: P&L in units of it. mae, mfe: the furthest
    it went against and for the position. ambiguous: the exit bar held stop and target, and the rule had to choose.
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
    r: float
    mae: float
    mfe: float
    ambiguous: bool


@dataclass(frozen=True, eq=False)
class Trades(Sequence[Trade]):
    """Trades as read-only columns of shape (k,), oldest first; indexing and iterating give `Trade` records.

    side: +1 or -1. reason: 1 stop, 2 target, 3 signal, 4 open.
    """

    side: Whole
    signal_index: Whole
    entry_index: Whole
    exit_index: Whole
    entry_time: Whole
    exit_time: Whole
    entry_price: Floats
    exit_price: Floats
    stop: Floats
    target: Floats
    reason: Whole
    risk: Floats
    mae: Floats
    mfe: Floats
    ambiguous: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        for column in vars(self).values():
            column.flags.writeable = False

    @cached_property
    def pnl(self) -> Floats:
        """Of one unit, in quote currency, spread included."""
        return self.side * (self.exit_price - self.entry_price)

    @cached_property
    def r(self) -> Floats:
        """P&L in units of the risk planned at the signal; NaN where there was no stop."""
        return self.pnl / self.risk

    @property
    def closed(self) -> npt.NDArray[np.bool_]:
        """(k,) False only for a last trade that is still open."""
        finished: npt.NDArray[np.bool_] = self.reason != _REASONS.index(ExitReason.OPEN) + 1
        return finished

    def __repr__(self) -> str:
        return f"<Trades: {len(self)}, {np.nansum(self.r[self.closed]):+.2f} R closed>"

    def __len__(self) -> int:
        return len(self.side)

    @overload
    def __getitem__(self, place: int) -> Trade: ...
    @overload
    def __getitem__(self, place: slice) -> list[Trade]: ...
    def __getitem__(self, place: int | slice) -> Trade | list[Trade]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        numbers = {name: getattr(self, name)[place].item() for name in Trade.__slots__}
        numbers["side"] = Side.LONG if numbers["side"] > 0 else Side.SHORT
        numbers["reason"] = _REASONS[numbers["reason"] - 1]
        return Trade(**numbers)

    def __iter__(self) -> Iterator[Trade]:
        return (self[i] for i in range(len(self)))


@dataclass(frozen=True, eq=False)
class Result:
    """A finished backtest of one unit on one instrument.

    equity: float64 (n,), P&L of one unit in quote currency at each bar's close, open position marked at the price it
    could be left at.
    """

    bars: Bars
    strategy: str
    parameters: Mapping[str, float | int | bool]
    fills: FillRules
    costs: Costs
    trades: Trades
    equity: Floats
    version: str = field(default=PACKAGE_VERSION)

    def __repr__(self) -> str:
        return f"<Result of {self.strategy} on {self.bars.label}: {self.trades!r}>"

    @property
    def ambiguous_share(self) -> float | None:
        """Share of closed trades whose exit bar held stop and target; None without a closed trade."""
        closed = self.trades.closed
        return float(self.trades.ambiguous[closed].mean()) if closed.any() else None

    @cached_property
    def equity_r(self) -> Floats:
        """(n,) The same path with each trade's P&L in units of its own risk. Trades without a stop raise no line."""
        from tradeworthy.backtest.marking import mark_r

        ask, bid = self.costs.offsets(self.bars.instrument, self.bars.price_side)
        out = np.zeros(len(self.bars))
        t = self.trades
        mark_r(self.bars.close, t.side, t.entry_index, t.exit_index, t.entry_price, t.risk, t.r, ask, bid, out)
        return out

    @property
    def parameter_hash(self) -> str:
        """SHA-256 of strategy, parameters, fill rules and costs, by which a result names what was run."""
        spread = self.costs.spread(self.bars.instrument)
        told = [self.strategy, dict(self.parameters), asdict(self.fills), spread]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
