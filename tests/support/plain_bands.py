"""RSI and Bollinger bands from the words of their docstring: no state, every bar from all the bars before it."""

import math
import statistics
from collections.abc import Sequence
from itertools import pairwise

from tradeworthy.strategies.rsi_bollinger import RsiBollinger

Row = tuple[int, int, float, float]
TIE = 1e-12


def plain_rsi(close: Sequence[float], n: int) -> float:
    """Wilder's index of the last close; NaN before n changes."""
    changes = [later - earlier for earlier, later in pairwise(close)]
    if len(changes) < n:
        return math.nan
    gain, loss = (sum(max(sign * change, 0.0) for change in changes[:n]) / n for sign in (1, -1))
    for change in changes[n:]:
        gain, loss = (gain * (n - 1) + max(change, 0.0)) / n, (loss * (n - 1) + max(-change, 0.0)) / n
    return 50.0 if gain + loss == 0 else 100 - 100 / (1 + gain / loss) if loss else 100.0


def plain_atr(high: Sequence[float], low: Sequence[float], close: Sequence[float], n: int) -> float:
    """Wilder's range at the last bar; NaN before n bars."""
    ranges = [high[0] - low[0]] + [
        max(high[i] - low[i], abs(high[i] - close[i - 1]), abs(low[i] - close[i - 1])) for i in range(1, len(close))
    ]
    if len(ranges) < n:
        return math.nan
    average = sum(ranges[:n]) / n
    for one in ranges[n:]:
        average = (average * (n - 1) + one) / n
    return average


def near(price: float, level: float) -> bool:
    """Whether the difference is only rounding."""
    return abs(price - level) <= TIE * abs(level)


def plain_bands(
    strategy: RsiBollinger, high: Sequence[float], low: Sequence[float], close: Sequence[float]
) -> list[Row]:
    """Enter, leave, stop and target distance at each bar."""
    return [_at(strategy, high[: i + 1], low[: i + 1], close[: i + 1]) for i in range(len(close))]


def _at(it: RsiBollinger, high: Sequence[float], low: Sequence[float], close: Sequence[float]) -> Row:
    none, price, n = (0, 0, math.nan, math.nan), close[-1], it.band_period
    if len(close) < n:
        return none
    middle, width = statistics.fmean(close[-n:]), it.band_width * statistics.pstdev(close[-n:])
    leave = 0
    if it.exit_at_middle and len(close) > n:
        before, last = statistics.fmean(close[-n - 1 : -1]), close[-2]
        if last < before and not near(last, before) and (price > middle or near(price, middle)):
            leave = 1
        if last > before and not near(last, before) and (price < middle or near(price, middle)):
            leave = 2
    strength, atr = plain_rsi(close, it.rsi_period), plain_atr(high, low, close, it.atr_period)
    lower, upper, enter = middle - width, middle + width, 0
    if atr > 0 and strength < it.oversold and price < lower and not near(price, lower):
        enter, leave = 1, leave | 2
    if atr > 0 and strength > it.overbought and price > upper and not near(price, upper):
        enter, leave = -1, leave | 1
    if not enter:
        return 0, leave, math.nan, math.nan
    stop, target = (math.nan if one is None else one * atr for one in (it.stop_atr, it.target_atr))
    return enter, leave, stop, target
