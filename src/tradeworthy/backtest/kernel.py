"""The one kernel: decisions of any strategy in, trades and equity out. Rules and their order stand in docs/fills.md."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.kernel_steps import (
    FLAT,
    OPEN,
    SIGNAL,
    Position,
    decide,
    enter_at,
    excursions,
    level_exit,
    widened,
)
from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]
Marks = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]

MARKS = 6
"""Columns of a trade's marks: signal bar, entry bar, exit bar, side, reason, ambiguous."""
PRICES = 7
"""Columns of a trade's prices: entry, exit, stop, target, risk, MAE, MFE."""


@compiled()
def write(
    marks: Marks, prices: Grid, k: int, position: Position, bar: int, price: float, reason: int, both: bool
) -> int:
    """Put trade number k down and give the next number."""
    side, signal, entered, entry, stop, target, risk, _, _ = position
    marks[k, 0], marks[k, 1], marks[k, 2] = signal, entered, bar
    marks[k, 3], marks[k, 4], marks[k, 5] = side, reason, int(both)
    prices[k, 0], prices[k, 1], prices[k, 2], prices[k, 3], prices[k, 4] = entry, price, stop, target, risk
    prices[k, 5], prices[k, 6] = excursions(position, price)
    return k + 1


@compiled()
def turn(
    position: Position,
    realised: float,
    k: int,
    closed: bool,
    decision: tuple[int, int, float, float],
    places: tuple[int, int],
    quote: tuple[float, float, float],
    base: float,
    reenter: bool,
    marks: Marks,
    prices: Grid,
) -> tuple[Position, float, int, bool]:
    """Carry out a decision (enter, leave, stop and target distance) of bar `places[0]` on bar `places[1]`.

    quote: bar price, and the offsets to the ask and the bid. base: what stops are measured from, NaN for the fill.
    """
    enter, leave, stop_distance, target_distance = decision
    signal, bar = places
    price, ask, bid = quote
    side = position[0]
    leaving, entering = decide(side, enter, leave, stop_distance, target_distance)
    if leaving:
        left_at = price + (bid if side > 0 else ask)
        realised += side * (left_at - position[3])
        k = write(marks, prices, k, position, bar, left_at, SIGNAL, False)
        position, closed = FLAT, True
    if entering != 0 and (reenter or not closed):
        fill = price + (ask if entering > 0 else bid)
        measured = fill if math.isnan(base) else base
        position = enter_at(entering, signal, bar, fill, measured, stop_distance, target_distance)
    return position, realised, k, closed


_F = "Array(float64, 1, 'C', True, aligned=True)"
_B = "Array(int8, 1, 'C', True, aligned=True)"


@compiled(
    f"int64({_F}, {_F}, {_F}, {_F}, {_B}, {_B}, {_F}, {_F}, float64, float64,"
    " boolean, boolean, boolean, boolean, boolean, boolean, int64[:, ::1], float64[:, ::1], float64[::1])"
)
def trade_loop(
    open_: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    enter: Bytes,
    leave: Bytes,
    stop_distance: Floats,
    target_distance: Floats,
    ask: float,
    bid: float,
    at_next_open: bool,
    from_fill: bool,
    check_entry_bar: bool,
    gap_at_open: bool,
    stop_first: bool,
    reenter: bool,
    marks: Marks,
    prices: Grid,
    equity: Floats,
) -> int:
    """Fills `marks` (k, 6), `prices` (k, 7) and `equity` (n,); gives the number of trades, the open one last."""
    position, realised, k, view = FLAT, 0.0, 0, 0.0
    n = len(close)
    for j in range(n):
        closed = False
        s = j - 1
        if at_next_open and j > 0 and (enter[s] | leave[s]) != 0:
            decision = (enter[s], leave[s], stop_distance[s], target_distance[s])
            base = math.nan if from_fill else close[s]
            position, realised, k, closed = turn(
                position, realised, k, closed, decision, (s, j), (open_[j], ask, bid), base, reenter, marks, prices
            )
        side = position[0]
        if side != 0:
            view = bid if side > 0 else ask
            if position[2] < j or check_entry_bar:
                reason, price, both = level_exit(
                    side,
                    open_[j] + view,
                    high[j] + view,
                    low[j] + view,
                    position[4],
                    position[5],
                    gap_at_open,
                    stop_first,
                )
                if reason != 0:
                    realised += side * (price - position[3])
                    k = write(marks, prices, k, position, j, price, reason, both)
                    position, closed, side = FLAT, True, 0
            if side != 0:
                position = widened(position, low[j] + view, high[j] + view)
        if not at_next_open and (enter[j] | leave[j]) != 0:
            decision = (enter[j], leave[j], stop_distance[j], target_distance[j])
            base = math.nan if from_fill else close[j]
            position, realised, k, closed = turn(
                position, realised, k, closed, decision, (j, j), (close[j], ask, bid), base, reenter, marks, prices
            )
            view = bid if position[0] > 0 else ask
        equity[j] = realised + (position[0] * (close[j] + view - position[3]) if position[0] != 0 else 0.0)
    if position[0] != 0:
        k = write(marks, prices, k, position, n - 1, close[n - 1] + view, OPEN, False)
    return k
