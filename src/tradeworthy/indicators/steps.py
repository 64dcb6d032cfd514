"""One bar of each indicator, compiled: state and price in, new state and value out.

State is a tuple of numbers, so that a loop keeps it in registers. Array forms and streams both call these, in the same
order, and so agree to the last bit. Values are NaN during warm-up.
"""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled

SmaState = tuple[int, int, float, float]
"""Bars seen, place in the window, running sum, sum since the window last began anew."""
EmaState = tuple[int, float]
"""Bars seen, sum while warming up and average after."""
AtrState = tuple[int, float, float]
"""Bars seen, sum while warming up and average after, last close."""
RsiState = tuple[int, float, float, float]
"""Bars seen, average gain, average loss, last close."""


@compiled()
def full_sma(place: int, total: float, fresh: float, new: float, old: float, n: int) -> tuple[int, float, float, float]:
    """The next place, sums and mean of a window that is full. Every step of a simple average ends here.

    A running sum drifts; every n bars it is replaced by a sum of just the n values in the window.
    """
    fresh += new
    total += new - old
    place += 1
    if place == n:
        place, total, fresh = 0, fresh, 0.0
    return place, total, fresh, total * (1.0 / n)


@compiled()
def sma_step(state: SmaState, new: float, old: float, n: int) -> tuple[SmaState, float]:
    """Mean of the last n values; `old` is the value n bars back (not read before there is one)."""
    seen, place, total, fresh = state
    place, total, fresh, mean = full_sma(place, total, fresh, new, old if seen >= n else 0.0, n)
    seen += 1
    return (seen, place, total, fresh), (mean if seen >= n else math.nan)


@compiled()
def ema_step(state: EmaState, new: float, n: int, sma_seed: bool) -> tuple[EmaState, float]:
    """Exponential average with weight 2 / (n + 1); seeded by the mean of the first n values, or by the first."""
    seen, average = state
    seen += 1
    if not sma_seed:
        average = new if seen == 1 else average + (new - average) * (2.0 / (n + 1))
        return (seen, average), average
    if seen < n:
        return (seen, average + new), math.nan
    average = (average + new) / n if seen == n else average + (new - average) * (2.0 / (n + 1))
    return (seen, average), average


@compiled()
def true_range(high: float, low: float, last_close: float, first: bool) -> float:
    """Wilder's true range; of the first bar, which has no close before it, the bar's own range."""
    if first:
        return high - low
    return max(high, last_close) - min(low, last_close)


@compiled()
def smoothed(average: float, new: float, n: int) -> float:
    """Wilder's smoothing, (average x (n - 1) + new) / n, written so that each bar waits for one product and one sum."""
    return average * ((n - 1.0) / n) + new * (1.0 / n)


@compiled()
def atr_step(state: AtrState, high: float, low: float, close: float, n: int) -> tuple[AtrState, float]:
    """Wilder's average true range: the mean of the first n true ranges, then smoothed."""
    seen, average, last_close = state
    spread = true_range(high, low, last_close, seen == 0)
    seen += 1
    if seen < n:
        return (seen, average + spread, close), math.nan
    average = (average + spread) / n if seen == n else smoothed(average, spread, n)
    return (seen, average, close), average


@compiled()
def rsi_step(state: RsiState, close: float, n: int) -> tuple[RsiState, float]:
    """Wilder's relative strength index: first value after n changes, from their plain means. No move at all is 50."""
    seen, gain, loss, last_close = state
    seen += 1
    if seen == 1:
        return (seen, gain, loss, close), math.nan
    change = close - last_close
    up, down = max(change, 0.0), max(-change, 0.0)
    changes = seen - 1
    if changes < n:
        return (seen, gain + up, loss + down, close), math.nan
    if changes == n:
        gain, loss = (gain + up) / n, (loss + down) / n
    else:
        gain, loss = (gain * (n - 1) + up) / n, (loss * (n - 1) + down) / n
    both = gain + loss
    return (seen, gain, loss, close), (50.0 if both == 0.0 else 100.0 * gain / both)


@compiled()
def bollinger_step(window: npt.NDArray[np.float64], k: float, ddof: int) -> tuple[float, float, float]:
    """Mean and bands k standard deviations around it, of a window ordered from old to new; two passes, so no drift."""
    n = len(window)
    total = 0.0
    for value in window:
        total += value
    middle = total / n
    squares = 0.0
    for value in window:
        squares += (value - middle) ** 2
    width = k * math.sqrt(squares / (n - ddof))
    return middle, middle + width, middle - width
