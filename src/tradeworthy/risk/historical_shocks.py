"""The path of a crisis, put on the newest price of any bars."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import WEEK_NS
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.market.bars import Bars
from tradeworthy.risk.crises import Crisis, coverage_of
from tradeworthy.risk.observations import of_kind

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ShockPath:
    """What one instrument did in a crisis, bar by bar, in logarithms against its last close before the window.

    open, high, low, close: (n,). open_time, close_time: (n,), when it happened, nanoseconds UTC.
    """

    crisis: Crisis
    symbol: str
    timeframe: Timeframe
    open_time: Times
    close_time: Times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    close_only: bool = False

    def __len__(self) -> int:
        return len(self.open)

    def mirrored(self) -> "ShockPath":
        """The same path upside down: what the crisis would have been for the other side."""
        return replace(self, open=-self.open, high=-self.low, low=-self.high, close=-self.close)


def shock_path(bars: Bars, crisis: Crisis) -> ShockPath:
    """What these bars did in the window. Raises NotEnoughData where they do not hold it, or nothing before it."""
    of_kind(bars, Bars, "bars", "read_bars")
    of_kind(crisis, Crisis, "crisis", "Crisis(name, start, end)")
    found = coverage_of(bars, crisis)
    missing = found.missing or ("no bar stands before the window to count from" if found.first == 0 else "")
    if missing:
        raise NotEnoughData(f"{bars.label}: {crisis.name} is not in the data: {missing}")
    inside, base = slice(found.first, found.stop), bars.close[found.first - 1]
    open_, high, low, close = (np.log(column[inside] / base) for column in (bars.open, bars.high, bars.low, bars.close))
    return ShockPath(
        crisis, bars.instrument.symbol, bars.timeframe, bars.open_time[inside], bars.close_time[inside], open_, high,
        low, close, bars.close_only,
    )  # fmt: skip


def shocked_bars(bars: Bars, path: ShockPath) -> Bars:
    """`bars`, and after their newest price the path of the crisis, at the same weekdays and hours (UTC) from the next week on.

    The path's bars have to be of the same length as these; volume is left out. Raises InputError where they are not,
    NotEnoughData without bars.
    """
    of_kind(bars, Bars, "bars", "read_bars")
    of_kind(path, ShockPath, "path", "shock_path")
    if not len(bars):
        raise NotEnoughData(f"{bars.label}: there is no newest price to put {path.crisis.name} on")
    if bars.timeframe != path.timeframe:
        raise InputError(
            f"{bars.label}: {path.crisis.name} of {path.symbol} is made of {path.timeframe} bars; resample one of the two"
        )
    if bars.close_only != path.close_only:
        raise InputError(
            f"{bars.label}: bars of one price each and bars with a range cannot be joined; take the path from bars alike"
        )
    weeks = -(-(int(bars.close_time[-1]) - int(path.open_time[0])) // WEEK_NS)
    later, base = weeks * WEEK_NS, float(bars.close[-1])
    open_, high, low, close = (base * np.exp(column) for column in (path.open, path.high, path.low, path.close))
    top, bottom = np.maximum(open_, close), np.minimum(open_, close)
    return replace(
        bars,
        open_time=np.concatenate((bars.open_time, path.open_time + later)),
        close_time=np.concatenate((bars.close_time, path.close_time + later)),
        open=np.concatenate((bars.open, open_)),
        high=np.concatenate((bars.high, np.maximum(high, top))),
        low=np.concatenate((bars.low, np.minimum(low, bottom))),
        close=np.concatenate((bars.close, close)),
        volume=None,
        source=f"{bars.source}, then {path.crisis.name} of {path.symbol}",
    )
