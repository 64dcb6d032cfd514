"""Many moving-average crosses over the same bars: every average once, then each set reads two of them; compiled."""

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.loops import atr_loop, sma_loop
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_steps import above_or_below, crossing, levels
from tradeworthy.strategies.searching import FILL_SIGNATURE

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]


def averages_and_ranges(bars: Bars, periods: list[int], atr_periods: list[int]) -> Floats:
    """(len(periods) + len(atr_periods), n): simple averages of the closes, then average true ranges; NaN to warm up."""
    columns = np.empty((len(periods) + len(atr_periods), len(bars)))  # the loops write NaN while they warm up
    for row, period in enumerate(periods):
        sma_loop(bars.close, 0, period, columns[row])
    for row, period in enumerate(atr_periods, start=len(periods)):
        atr_loop(bars.high, bars.low, bars.close, 0, period, columns[row])
    return columns


@compiled(FILL_SIGNATURE)
def fill_crosses(
    columns: Floats,
    rows: Whole,
    numbers: Floats,
    bar: Whole,
    enter: Bytes,
    leave: Bytes,
    stop: Floats,
    target: Floats,
) -> int:
    """rows: fast, slow, range, first bar with all of them, leaves at the opposite cross. numbers: stop, target, least ATR."""
    ranges, first, leaves_opposite = columns[rows[2]], rows[3], rows[4] != 0
    n, k = columns.shape[1], 0
    if first >= n:
        return 0
    # Every bar first, into a column that is written over later and never ahead of reading: a loop without branches,
    # which handles several bars at once.
    fast, slow, sides = columns[rows[0]][first:], columns[rows[1]][first:], leave[first:n]
    for i in range(len(sides)):
        sides[i] = above_or_below(fast[i], slow[i])
    was = int(leave[first])
    for i in range(first + 1, n):
        above = int(leave[i])
        if above != was:
            enters, leaves = crossing(was, above, ranges[i], numbers[2], leaves_opposite)
            was = above
            if (enters | leaves) != 0:
                bar[k], enter[k], leave[k] = i, enters, leaves
                stop[k], target[k] = levels(enters, numbers[0], numbers[1], ranges[i])
                k += 1
    return k
