"""The compiled decision of the moving-average cross: one step, and the loop of it over whole columns."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.steps import AtrState, SmaState, atr_step, full_sma, sma_step, smoothed, true_range

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.int8]
Whole = npt.NDArray[np.int64]

MaState = tuple[SmaState, SmaState, AtrState, int]
"""Fast average, slow average, range, and which of the averages was above: 1 fast, -1 slow, 0 tie, 2 not known yet."""

START: MaState = ((0, 0, 0.0, 0.0), (0, 0, 0.0, 0.0), (0, 0.0, 0.0), 2)

TIE = 1e-12
"""Averages closer than this share of the price are equal: no tick is that small, but rounding is."""


@compiled()
def above_or_below(fast_mean: float, slow_mean: float) -> int:
    """1 with the fast average above, -1 with it below, 0 for a tie; both are numbers."""
    distance = fast_mean - slow_mean
    tie = TIE * abs(slow_mean)
    return 1 if distance > tie else (-1 if distance < -tie else 0)


@compiled()
def crossing(was: int, above: int, atr: float, min_atr: float, exit_on_opposite_cross: bool) -> tuple[int, int]:
    """Enter and leave where the averages went from `was` (not 2) to `above`; a tie only waits."""
    crossed = above if was * above <= 0 and atr == atr else 0  # noqa: PLR0124 - compiled: not NaN
    enter = crossed if atr >= min_atr and atr > 0.0 else 0
    leave = (2 if crossed > 0 else 1) if crossed != 0 and exit_on_opposite_cross else 0
    return enter, leave


@compiled()
def ma_step(
    state: MaState,
    high: float,
    low: float,
    close: float,
    old_fast: float,
    old_slow: float,
    fast: int,
    slow: int,
    atr_period: int,
    min_atr: float,
    exit_on_opposite_cross: bool,
) -> tuple[MaState, int, int, float]:
    """One bar: the new state, enter, leave, and ATR. `old_fast` and `old_slow` are the closes that leave the windows."""
    fast_state, slow_state, atr_state, was = state
    fast_state, fast_mean = sma_step(fast_state, close, old_fast, fast)
    slow_state, slow_mean = sma_step(slow_state, close, old_slow, slow)
    atr_state, atr = atr_step(atr_state, high, low, close, atr_period)
    above = 2 if math.isnan(fast_mean - slow_mean) else above_or_below(fast_mean, slow_mean)
    enter, leave = 0, 0
    if was != 2 and above != was:  # noqa: PLR1714 - compiled: a set would be built for every bar
        enter, leave = crossing(was, above, atr, min_atr, exit_on_opposite_cross)
    return (fast_state, slow_state, atr_state, above), enter, leave, atr


SEEN, WAS, FAST_SUM, FAST_FRESH, SLOW_SUM, SLOW_FRESH, ATR, LAST = 0, 1, 2, 3, 4, 5, 6, 7
FAST, SLOW, ATR_PERIOD, MIN_ATR, EXITS, CLOSES = 8, 9, 10, 11, 12, 13
"""Places in the memory of a stream: its state, its parameters, and from CLOSES on the latest closes in a ring."""

FULL = -1


@compiled("int64(float64[::1], float64, float64, float64)")
def ma_fed(memory: Floats, high: float, low: float, close: float) -> int:
    """The step over one more bar, on a stream's memory: `leave` + 4 x (1 + `enter`); the range stands at ATR after it.

    FULL says that nothing was done, because the ring has to grow before it can hold what the slower average needs. The
    place in the window of an average is what is left of the bars seen.
    """
    fast, slow, atr_period = int(memory[FAST]), int(memory[SLOW]), int(memory[ATR_PERIOD])
    seen, room = int(memory[SEEN]), len(memory) - CLOSES
    if seen >= room and room < max(fast, slow):
        return FULL
    old_fast = memory[CLOSES + (seen - fast) % room] if seen >= fast else 0.0
    old_slow = memory[CLOSES + (seen - slow) % room] if seen >= slow else 0.0
    fast_state = (seen, seen % fast, memory[FAST_SUM], memory[FAST_FRESH])
    slow_state = (seen, seen % slow, memory[SLOW_SUM], memory[SLOW_FRESH])
    state = (fast_state, slow_state, (seen, memory[ATR], memory[LAST]), int(memory[WAS]))
    state, enter, leave, _ = ma_step(
        state, high, low, close, old_fast, old_slow, fast, slow, atr_period, memory[MIN_ATR], memory[EXITS] != 0.0
    )
    memory[CLOSES + seen % room] = close
    (_, _, fast_sum, fast_fresh), (_, _, slow_sum, slow_fresh), (_, atr, _), was = state
    memory[SEEN], memory[WAS], memory[ATR], memory[LAST] = seen + 1, was, atr, close
    memory[FAST_SUM], memory[FAST_FRESH], memory[SLOW_SUM], memory[SLOW_FRESH] = (
        fast_sum,
        fast_fresh,
        slow_sum,
        slow_fresh,
    )
    return leave + 4 * (1 + enter)


@compiled("int64(float64[::1], float64[::1], float64[::1], float64[::1], boolean, int64)")
def ma_fed_many(memory: Floats, high: Floats, low: Floats, close: Floats, enters: bool, leaves: int) -> int:
    """The step over many bars, until the first that enters (where `enters`) or leaves one of the sides `leaves`; that one is
    in the memory too. How many came before it, or before the ring has to grow."""
    for i in range(len(close)):
        told = ma_fed(memory, high[i], low[i], close[i])
        if told == FULL or (told & leaves) != 0 or (enters and told >> 2 != 1):
            return i
    return len(close)


@compiled()
def levels(enter: int, stop_atr: float, target_atr: float, atr: float) -> tuple[float, float]:
    """Distances of stop and target; a NaN multiple gives none."""
    return (stop_atr * atr, target_atr * atr) if enter != 0 else (math.nan, math.nan)


_IN = "Array(float64, 1, 'C', True, aligned=True)"


@compiled(
    f"int64({_IN}, {_IN}, {_IN}, int64, int64, int64, float64, float64, float64, boolean,"
    " int64[::1], int8[::1], int8[::1], float64[::1], float64[::1])"
)
def ma_loop(
    high: Floats,
    low: Floats,
    close: Floats,
    fast: int,
    slow: int,
    atr_period: int,
    stop_atr: float,
    target_atr: float,
    min_atr: float,
    exit_on_opposite_cross: bool,
    bar: Whole,
    enter: Bytes,
    leave: Bytes,
    stop: Floats,
    target: Floats,
) -> int:
    """The step over every bar, its decisions written down; gives their number. A NaN multiple gives no level."""
    state = ((0, 0, 0.0, 0.0), (0, 0, 0.0, 0.0), (0, 0.0, 0.0), 2)
    k = 0
    n, warm = len(close), max(fast, slow, atr_period)
    for i in range(min(warm, n)):
        state, enters, leaves, atr = ma_step(
            state, high[i], low[i], close[i], close[i - fast] if i >= fast else 0.0,
            close[i - slow] if i >= slow else 0.0, fast, slow, atr_period, min_atr, exit_on_opposite_cross,
        )  # fmt: skip
        if (enters | leaves) != 0:
            bar[k], enter[k], leave[k] = i, enters, leaves
            stop[k], target[k] = levels(enters, stop_atr, target_atr, atr)
            k += 1
    (_, fast_place, fast_sum, fast_fresh), (_, slow_place, slow_sum, slow_fresh), (_, atr, last), was = state
    if n <= warm:
        return k
    # From here on the windows are full: the same steps without the questions of warming up, over views that begin here.
    leaving_fast, leaving_slow = close[warm - fast : n - fast], close[warm - slow : n - slow]
    now_high, now_low, now_close = high[warm:], low[warm:], close[warm:]
    for i in range(n - warm):
        price = now_close[i]
        fast_place, fast_sum, fast_fresh, fast_mean = full_sma(
            fast_place, fast_sum, fast_fresh, price, leaving_fast[i], fast
        )
        slow_place, slow_sum, slow_fresh, slow_mean = full_sma(
            slow_place, slow_sum, slow_fresh, price, leaving_slow[i], slow
        )
        atr = smoothed(atr, true_range(now_high[i], now_low[i], last, False), atr_period)
        last = price
        above = above_or_below(fast_mean, slow_mean)
        if above != was:
            enters, leaves = crossing(was, above, atr, min_atr, exit_on_opposite_cross)
            was = above
            if (enters | leaves) != 0:
                bar[k], enter[k], leave[k] = warm + i, enters, leaves
                stop[k], target[k] = levels(enters, stop_atr, target_atr, atr)
                k += 1
    return k
