"""Bars in logarithms, and back: prices are their old ones times what was added, so adding nothing changes no digit."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.risk.scenarios import Shock, shock_factors

Floats = npt.NDArray[np.float64]

MOST_LOG = 600.0
"""Logarithms further from 0 than this are no prices, though they are numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class LogBars:
    """(n,) each. open_added, close_added: what was added to the logarithms of open and close. open, close: those
    logarithms. upper, lower: how far high and low lie above and below both, 0 or more.
    """

    open_added: Floats
    close_added: Floats
    open: Floats
    close: Floats
    upper: Floats
    lower: Floats
    close_only: bool

    @property
    def gap(self) -> Floats:
        """From the close before to the open; 0 at the first bar."""
        steps = self.open - np.concatenate((self.open[:1], self.close[:-1]))
        steps[0] = 0.0
        return steps

    def shocked(self, shock: Shock, place: int) -> "LogBars":
        """With the jump at that bar. A bar of one price has the whole jump, the next one what is left of it."""
        at_open, after = np.log(shock_factors(shock))
        close_first = at_open if self.close_only else after
        opened, closed = np.zeros_like(self.open), np.zeros_like(self.open)
        opened[place], closed[place] = at_open, close_first
        opened[place + 1 :] = closed[place + 1 :] = after
        return replace(
            self, open_added=self.open_added + opened, close_added=self.close_added + closed,
            open=self.open + opened, close=self.close + closed,
        )  # fmt: skip


def log_bars(bars: Bars) -> LogBars:
    """Bars as they are."""
    nothing = np.zeros(len(bars))
    open_, close = np.log(bars.open), np.log(bars.close)
    top, bottom = np.maximum(bars.open, bars.close), np.minimum(bars.open, bars.close)
    return LogBars(nothing, nothing, open_, close, np.log(bars.high / top), np.log(bottom / bars.low), bars.close_only)


def bars_of(bars: Bars, was: LogBars, now: LogBars, source: str, what: str) -> Bars:
    """`bars` moved from `was` to `now`. Raises InputError, naming the bar, for a price that is no number above zero."""
    far = np.maximum(np.abs(now.open), np.abs(now.close)) + np.maximum(now.upper, now.lower) >= MOST_LOG
    if far.any():
        place = int(np.argmax(far))
        raise InputError(
            f"{bars.label}: {what} makes the price of bar {place:,} ({rfc3339(bars.open_time[place])}) no number above zero; "
            "use smaller factors or fewer bars"
        )
    close = bars.close * np.exp(now.close_added)
    open_ = close if now.close_only else bars.open * np.exp(now.open_added)
    top, bottom = np.maximum(open_, close), np.minimum(open_, close)
    old_top, old_bottom = np.maximum(bars.open, bars.close), np.minimum(bars.open, bars.close)
    high = bars.high * (top / old_top) * np.exp(now.upper - was.upper)
    low = bars.low * (bottom / old_bottom) * np.exp(was.lower - now.lower)
    return replace(
        bars, open=open_, high=np.maximum(high, top), low=np.minimum(low, bottom), close=close, source=source
    )
