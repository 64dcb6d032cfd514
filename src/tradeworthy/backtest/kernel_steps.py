"""One bar of the broker's side, compiled: what is decided, what is hit, at what price.

Small enough to be read against docs/fills.md line by line; the kernel and the paper broker call the same functions.
"""

import math

from tradeworthy.indicators.compiling import compiled

STOP, TARGET, SIGNAL, OPEN = 1, 2, 3, 4

Position = tuple[int, int, int, float, float, float, float, float, float]
"""Side, signal bar, entry bar, entry price, stop, target, risk, lowest and highest price seen on the exit side."""

FLAT: Position = (0, 0, 0, 0.0, math.nan, math.nan, math.nan, math.inf, -math.inf)


@compiled()
def usable(distance: float) -> bool:
    """A distance of NaN means none; any other has to be above zero and finite."""
    return math.isnan(distance) or (distance > 0.0 and distance < math.inf)


@compiled()
def decide(side: int, enter: int, leave: int, stop_distance: float, target_distance: float) -> tuple[bool, int]:
    """Whether the position is left, and the side that is entered (0 none), given the side held."""
    leaving = (side > 0 and leave & 1 != 0) or (side < 0 and leave & 2 != 0)
    if enter == 0 or not usable(stop_distance) or not usable(target_distance):
        return leaving, 0
    if side == 0 or (leaving and enter == -side):
        return leaving, enter
    return leaving, 0


@compiled()
def enter_at(
    side: int, signal: int, bar: int, price: float, base: float, stop_distance: float, target_distance: float
) -> Position:
    """A new position; `base` is the price that stop and target are measured from."""
    stop, target = base - side * stop_distance, base + side * target_distance
    return (side, signal, bar, price, stop, target, stop_distance, math.inf, -math.inf)


@compiled()
def level_exit(
    side: int, open_: float, high: float, low: float, stop: float, target: float, gap_at_open: bool, stop_first: bool
) -> tuple[int, float, bool]:
    """Reason (0 none), price, and whether the bar held both levels; prices are those of the side one leaves at."""
    ahead = high if side > 0 else low
    against = low if side > 0 else high
    if side * (open_ - stop) <= 0.0:
        return STOP, open_ if gap_at_open else stop, False
    if side * (open_ - target) >= 0.0:
        return TARGET, open_ if gap_at_open else target, False
    stopped = side * (against - stop) <= 0.0
    reached = side * (ahead - target) >= 0.0
    if stopped and (stop_first or not reached):
        return STOP, stop, reached
    if reached:
        return TARGET, target, stopped
    return 0, 0.0, False


@compiled()
def widened(position: Position, low: float, high: float) -> Position:
    """The position with one more range counted into its excursions."""
    side, signal, bar, price, stop, target, risk, lowest, highest = position
    return (side, signal, bar, price, stop, target, risk, min(lowest, low), max(highest, high))


@compiled()
def excursions(position: Position, exit_price: float) -> tuple[float, float]:
    """How far it went against and for the position, in price units, the exit itself counted; never below zero."""
    side, _, _, price, _, _, _, lowest, highest = position
    below = max(price - min(lowest, exit_price), 0.0)
    above = max(max(highest, exit_price) - price, 0.0)
    return (below, above) if side > 0 else (above, below)
