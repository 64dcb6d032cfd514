"""Volatility of bars, compiled."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.kernel_types import FLOATS, WHOLE
from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.steps import atr_step, smoothed, true_range

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@compiled(f"void({FLOATS}, {WHOLE}, int64, float64[::1])")
def deviation_at(close: Floats, places: Whole, window: int, out: Floats) -> None:
    """Fill `out` (k,) with the sample deviation of the `window` log changes up to each place; NaN where there are fewer."""
    for k in range(len(places)):
        end = places[k]
        if end < window:
            out[k] = math.nan
            continue
        mean = math.log(close[end] / close[end - window]) / window
        squares = 0.0
        for t in range(end - window + 1, end + 1):
            squares += (math.log(close[t] / close[t - 1]) - mean) ** 2
        out[k] = math.sqrt(squares / (window - 1))


@compiled(f"void({FLOATS}, {FLOATS}, {FLOATS}, int64, float64, float64, float64[::1])")
def slippage_loop(
    high: Floats, low: Floats, close: Floats, period: int, always: float, share: float, out: Floats
) -> None:
    """Fill `out` (n,) with `always` and a share of the average true range (Wilder) known before each bar."""
    n, warm = len(close), min(period, len(close))
    state, atr = (0, 0.0, 0.0), math.nan
    for t in range(warm):
        out[t] = always
        state, atr = atr_step(state, high[t], low[t], close[t], period)
    last = state[2]
    for t in range(warm, n):
        out[t] = always + share * atr
        atr = smoothed(atr, true_range(high[t], low[t], last, False), period)
        last = close[t]


@compiled(f"void({FLOATS}, {FLOATS}, {FLOATS}, int64, float64[::1])")
def range_share_loop(high: Floats, low: Floats, close: Floats, period: int, out: Floats) -> None:
    """Fill `out` (n,) with the average true range (Wilder) as a share of the close, NaN while it warms up."""
    n, warm = len(close), min(period, len(close))
    state, atr = (0, 0.0, 0.0), math.nan
    for t in range(warm):
        state, atr = atr_step(state, high[t], low[t], close[t], period)
        out[t] = atr / close[t]
    last = state[2]
    for t in range(warm, n):
        atr = smoothed(atr, true_range(high[t], low[t], last, False), period)
        last = close[t]
        out[t] = atr / last
