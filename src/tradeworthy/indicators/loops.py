"""Compiled loops of the steps over whole columns; each fills `out`, which comes in as NaN."""

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.steps import atr_step, bollinger_step, ema_step, full_sma, rsi_step, sma_step, true_range

Floats = npt.NDArray[np.float64]

_IN = "Array(float64, 1, 'C', True, aligned=True)"


@compiled(f"void({_IN}, int64, int64, float64[::1])")
def sma_loop(x: Floats, start: int, n: int, out: Floats) -> None:
    """Simple average from place `start` on."""
    state = (0, 0, 0.0, 0.0)
    full = min(start + n, len(x))
    for i in range(start, full):
        state, out[i] = sma_step(state, x[i], 0.0, n)
    _, place, total, fresh = state
    new, old, means = x[full:], x[full - n :] if full >= n else x, out[full:]
    for i in range(len(new)):  # the same step for a window that is full
        place, total, fresh, means[i] = full_sma(place, total, fresh, new[i], old[i], n)


@compiled(f"void({_IN}, int64, int64, boolean, float64[::1])")
def ema_loop(x: Floats, start: int, n: int, sma_seed: bool, out: Floats) -> None:
    """Exponential average from place `start` on."""
    state = (0, 0.0)
    for i in range(start, len(x)):
        state, out[i] = ema_step(state, x[i], n, sma_seed)


@compiled(f"void({_IN}, int64, int64, float64[::1])")
def rsi_loop(close: Floats, start: int, n: int, out: Floats) -> None:
    """Relative strength from place `start` on."""
    state = (0, 0.0, 0.0, 0.0)
    for i in range(start, len(close)):
        state, out[i] = rsi_step(state, close[i], n)


@compiled(f"void({_IN}, {_IN}, {_IN}, int64, int64, float64[::1])")
def atr_loop(high: Floats, low: Floats, close: Floats, start: int, n: int, out: Floats) -> None:
    """Wilder's average true range from place `start` on."""
    state = (0, 0.0, 0.0)
    for i in range(start, len(close)):
        state, out[i] = atr_step(state, high[i], low[i], close[i], n)


@compiled(f"void({_IN}, {_IN}, {_IN}, int64, float64[::1])")
def true_range_loop(high: Floats, low: Floats, close: Floats, start: int, out: Floats) -> None:
    """True ranges from place `start` on."""
    for i in range(start, len(close)):
        out[i] = true_range(high[i], low[i], close[i - 1] if i > start else 0.0, i == start)


@compiled(f"void({_IN}, int64, int64, float64, int64, float64[:, ::1])")
def bollinger_loop(close: Floats, start: int, n: int, k: float, ddof: int, out: Floats) -> None:
    """Middle, upper and lower band as rows of `out` from place `start` on."""
    for i in range(start + n - 1, len(close)):
        out[0, i], out[1, i], out[2, i] = bollinger_step(close[i - n + 1 : i + 1], k, ddof)
