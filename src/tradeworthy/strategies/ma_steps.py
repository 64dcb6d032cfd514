"""The compiled decision of the moving-average cross: one step, and the loop of it over whole columns."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.steps import AtrState, SmaState, atr_step, sma_step

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.int8]

MaState = tuple[SmaState, SmaState, AtrState, int]
"""Fast average, slow average, range, and which of the averages was above: 1 fast, -1 slow, 0 tie, 2 not known yet."""

START: MaState = ((0, 0, 0.0, 0.0), (0, 0, 0.0, 0.0), (0, 0.0, 0.0), 2)

TIE = 1e-12
"""Averages closer than this share of the price are equal: no tick is that small, but rounding is."""


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
    distance = fast_mean - slow_mean
    tie = TIE * abs(slow_mean)
    above = 2 if math.isnan(distance) else (1 if distance > tie else (-1 if distance < -tie else 0))
    crossed = 0
    if was != 2 and not math.isnan(atr):
        if above == 1 and was <= 0:
            crossed = 1
        elif above == -1 and was >= 0:
            crossed = -1
    enter = crossed if atr >= min_atr and atr > 0.0 else 0
    leave = (2 if crossed > 0 else 1) if crossed != 0 and exit_on_opposite_cross else 0
    return (fast_state, slow_state, atr_state, above), enter, leave, atr


_IN = "Array(float64, 1, 'C', True, aligned=True)"


@compiled(
    f"void({_IN}, {_IN}, {_IN}, int64, int64, int64, float64, float64, float64, boolean,"
    " int8[::1], int8[::1], float64[::1], float64[::1])"
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
    enter: Bytes,
    leave: Bytes,
    stop: Floats,
    target: Floats,
) -> None:
    """The step over every bar; a NaN multiple gives a NaN distance, which is no stop or target."""
    state = ((0, 0, 0.0, 0.0), (0, 0, 0.0, 0.0), (0, 0.0, 0.0), 2)
    for i in range(len(close)):
        state, enters, leaves, atr = ma_step(
            state, high[i], low[i], close[i], close[i - fast] if i >= fast else 0.0,
            close[i - slow] if i >= slow else 0.0, fast, slow, atr_period, min_atr, exit_on_opposite_cross,
        )  # fmt: skip
        enter[i] = enters
        leave[i] = leaves
        stop[i] = stop_atr * atr if enters != 0 else math.nan
        target[i] = target_atr * atr if enters != 0 else math.nan
