"""What a desk did, as far as it is held against a backtest: bars it got, deals it made, entries it was refused."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Strategy

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LiveDeal:
    """One deal of a trade. units: above zero. fee: account money. rate: account money for one unit of the quote currency, as the
    desk knew it. leg: `stop` or `target`, "" for an order at market. is_first: of its order."""

    time_ns: int
    units: float
    price: float
    fee: float
    rate: float
    leg: str = ""
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class LiveTrade:
    """One position of a desk. name: the client id of its entry. side: +1 long, -1 short. decided_ns: the close of the bar that
    it was decided on.

    reason, pnl, r: what the desk said when it was closed, None while it is open. is_moved: somebody moved its stop.
    lost_ns: when it was written off because the broker held something else, 0 where it was not.
    """

    name: str
    strategy: str
    side: int
    decided_ns: int
    entries: tuple[LiveDeal, ...]
    exits: tuple[LiveDeal, ...] = ()
    reason: str | None = None
    pnl: float | None = None
    r: float | None = None
    is_moved: bool = False
    lost_ns: int = 0

    @property
    def closed_ns(self) -> int | None:
        """The last deal of one that is closed."""
        return self.exits[-1].time_ns if self.reason is not None and self.exits else None


@dataclass(frozen=True, slots=True)
class Hindered:
    """An entry that was decided and not dealt: by which check, in which words."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class GotBars:
    """The bars of one series that a desk kept, as it got them: times and prices (n,). late (n,): too late to be entered on."""

    open_time: Times
    close_time: Times
    prices: Floats
    late: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class WatchedStrategy:
    """One strategy of a desk, and everything its backtest takes.

    stored: the bars as they are in the store now. got: as the desk got them. begins_ns: the close of the first bar on which the
    desk could enter. hindered: by the close of the bar decided on. before: trades that were opened before what is compared begins,
    which is not told of them. rates: moments and account money for one unit of the
    quote currency as the desk knew it, None where the account is in that currency. latency: whether the simulated broker takes
    time, in which case it deals as docs/paper.md says.
    """

    name: str
    strategy: Strategy
    stored: Bars
    got: GotBars
    fills: FillRules
    costs: Costs
    account: Account
    begins_ns: int
    trades: tuple[LiveTrade, ...]
    hindered: dict[int, Hindered]
    before: tuple[LiveTrade, ...] = ()
    rates: tuple[Times, Floats] | None = None
    latency: bool = False

    def rate_at(self, moment_ns: int) -> float:
        """Account money for one unit of the quote currency, as the desk knew it then."""
        if self.rates is None:
            return 1.0
        times, values = self.rates
        known = int(np.searchsorted(times, moment_ns, side="right"))
        return float(values[known - 1]) if known else 0.0
