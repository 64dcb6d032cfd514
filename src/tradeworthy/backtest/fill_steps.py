"""One bar of the broker's side, compiled: what is decided, what is hit, at what price.

Small enough to be read against docs/fills.md line by line; the kernel and the paper broker call the same functions.
"""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.dealing import Quotes
from tradeworthy.indicators.compiling import compiled

STOP, TARGET, SIGNAL, OPEN = 1, 2, 3, 4
INSIDE, BOTH, AT_OPEN = 0, 1, 2

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@compiled()
def usable(distance: float) -> bool:
    """A distance of NaN means none; any other has to be above zero and finite."""
    return math.isnan(distance) or (distance > 0.0 and distance < math.inf)


@compiled()
def level_exit(
    side: int,
    open_: float,
    high: float,
    low: float,
    stop: float,
    target: float,
    gap_at_open: bool,
    stop_first: bool,
    open_first: bool,
) -> tuple[int, float, int]:
    """Reason (0 none), price, and how it came: INSIDE, AT_OPEN, or BOTH where the bar held both levels.

    Prices are those of the side one leaves at.
    """
    ahead = high if side > 0 else low
    against = low if side > 0 else high
    opens_stopped, opens_reached = side * (open_ - stop) <= 0.0, side * (open_ - target) >= 0.0
    stopped, reached = side * (against - stop) <= 0.0, side * (ahead - target) >= 0.0
    if open_first and (opens_stopped or opens_reached):
        stopped, reached = opens_stopped, opens_reached and not opens_stopped
    if stopped and (stop_first or not reached):
        how = AT_OPEN if opens_stopped else (BOTH if reached else INSIDE)
        return STOP, open_ if opens_stopped and gap_at_open else stop, how
    if reached:
        how = AT_OPEN if opens_reached else (BOTH if stopped else INSIDE)
        return TARGET, open_ if opens_reached and gap_at_open else target, how
    return 0, 0.0, INSIDE


@compiled()
def slips(reason: int) -> bool:
    """Whether it is left by a market order; a target is a limit order, and an open position is not left."""
    return reason == STOP or reason == SIGNAL  # noqa: PLR1714 - compiled: a set would be built for every trade


@compiled()
def long_hit(low: Floats, high: Floats, added: Floats, start: int, last: int, stop: float, target: float) -> int:
    """The first of the bars `start` to `last` that holds a level of a long, or opens past one; `last` + 1 if none."""
    for t in range(start, last + 1):
        if (low[t] + added[t] <= stop) | (high[t] + added[t] >= target):
            return t
    return last + 1


@compiled()
def short_hit(low: Floats, high: Floats, added: Floats, start: int, last: int, stop: float, target: float) -> int:
    """The same for a short."""
    for t in range(start, last + 1):
        if (high[t] + added[t] >= stop) | (low[t] + added[t] <= target):
            return t
    return last + 1


@compiled()
def looked_into(
    side: int, open_: Floats, high: Floats, low: Floats, first: int, end: int, added: float, stop: float, target: float
) -> int:
    """Which level the finer bars `first` up to `end` reach first: STOP, TARGET, or 0 where they do not tell."""
    for t in range(first, end):
        reason, _, how = level_exit(
            side, open_[t] + added, high[t] + added, low[t] + added, stop, target, True, True, True
        )
        if how == BOTH:
            return 0
        if reason != 0:
            return reason
    return 0


@compiled()
def dealt(buys: bool, at_open: bool, x: int, bid: Quotes, ask: Quotes) -> float:
    """What an order pays or gets at the open or close of bar x."""
    if buys:
        price: float = (ask[0][x] if at_open else ask[3][x]) + ask[4][x]
    else:
        price = (bid[0][x] if at_open else bid[3][x]) + bid[4][x]
    return price
