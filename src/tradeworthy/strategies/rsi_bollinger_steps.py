"""The compiled decision of RSI and Bollinger bands: one step, and the loop of it over whole columns."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.compiling import compiled
from tradeworthy.indicators.steps import AtrState, RsiState, SmaState, atr_step, bollinger_step, rsi_step, sma_step

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.int8]
Whole = npt.NDArray[np.int64]

BandState = tuple[RsiState, SmaState, AtrState, int]
"""Strength, middle band, range, and where the last close stood: 1 above the middle, -1 under, 0 on it, 2 not known yet."""

START: BandState = ((0, 0.0, 0.0, 0.0), (0, 0, 0.0, 0.0), (0, 0.0, 0.0), 2)

TIE = 1e-12
"""Prices closer than this share of the price are equal: no tick is that small, but rounding is."""


@compiled()
def side_of(price: float, level: float) -> int:
    """1 above the level, -1 under it, 0 on it."""
    tie = TIE * abs(level)
    return int(price - level > tie) - int(price - level < -tie)


@compiled()
def stretched(strength: float, window: Floats, oversold: float, overbought: float, width: float) -> int:
    """1 where strength and price are both low enough for a long, -1 where they are high enough for a short, 0 else.

    window: the closes of the bands, the newest last; they are worked out only where the strength asks for it.
    """
    if not (strength < oversold or strength > overbought):
        return 0
    _, upper, lower = bollinger_step(window, width, 0)
    close = window[len(window) - 1]
    if strength < oversold and side_of(close, lower) < 0:
        return 1
    return -1 if strength > overbought and side_of(close, upper) > 0 else 0


@compiled()
def band_step(
    state: BandState,
    high: float,
    low: float,
    close: float,
    old: float,
    window: Floats,
    periods: tuple[int, int, int],
    bounds: tuple[float, float, float],
    exit_at_middle: bool,
) -> tuple[BandState, int, int, float]:
    """One bar: the new state, enter, leave, and ATR.

    old: the close that leaves the window of the bands. window: their closes, this bar's last (not read before it is
    full). periods: of RSI, bands and ATR. bounds: oversold, overbought and the width of the bands.
    """
    rsi_state, mean_state, atr_state, was = state
    rsi_period, band_period, atr_period = periods
    rsi_state, strength = rsi_step(rsi_state, close, rsi_period)
    mean_state, middle = sma_step(mean_state, close, old, band_period)
    atr_state, atr = atr_step(atr_state, high, low, close, atr_period)
    now = 2 if math.isnan(middle) else side_of(close, middle)
    enter, leave = 0, 0
    if exit_at_middle and now != 2 and was != 2:
        leave = (1 if was < 0 <= now else 0) | (2 if was > 0 >= now else 0)
    if now != 2 and atr > 0.0 and strength == strength:  # noqa: PLR0124 - compiled: not NaN
        enter = stretched(strength, window, bounds[0], bounds[1], bounds[2])
        leave |= (2 if enter > 0 else 1) if enter != 0 else 0
    return (rsi_state, mean_state, atr_state, now), enter, leave, atr


SEEN, WAS, GAIN, LOSS, SUM, FRESH, ATR, LAST = 0, 1, 2, 3, 4, 5, 6, 7
RSI_PERIOD, BAND_PERIOD, ATR_PERIOD, OVERSOLD, OVERBOUGHT, WIDTH, EXITS, CLOSES = 8, 9, 10, 11, 12, 13, 14, 15
"""Places in the memory of a stream: its state, its parameters, and from CLOSES on the closes of the bands in a ring that
stands there twice, so that the window is always one piece of it."""


@compiled("int64(float64[::1], float64, float64, float64)")
def band_fed(memory: Floats, high: float, low: float, close: float) -> int:
    """The step over one more bar, on a stream's memory: `leave` + 4 x (1 + `enter`); the range stands at ATR after it."""
    periods = (int(memory[RSI_PERIOD]), int(memory[BAND_PERIOD]), int(memory[ATR_PERIOD]))
    seen, band = int(memory[SEEN]), periods[1]
    ring, place = memory[CLOSES:], seen % band
    old = ring[place]
    ring[place] = ring[place + band] = close
    rsi_state = (seen, memory[GAIN], memory[LOSS], memory[LAST])
    state = (rsi_state, (seen, place, memory[SUM], memory[FRESH]), (seen, memory[ATR], memory[LAST]), int(memory[WAS]))
    state, enter, leave, _ = band_step(
        state, high, low, close, old, ring[place + 1 : place + 1 + band], periods,
        (memory[OVERSOLD], memory[OVERBOUGHT], memory[WIDTH]), memory[EXITS] != 0.0,
    )  # fmt: skip
    (_, gain, loss, _), (_, _, total, fresh), (_, atr, _), was = state
    memory[SEEN], memory[WAS], memory[ATR], memory[LAST] = seen + 1, was, atr, close
    memory[GAIN], memory[LOSS], memory[SUM], memory[FRESH] = gain, loss, total, fresh
    return leave + 4 * (1 + enter)


@compiled("int64(float64[::1], float64[::1], float64[::1], float64[::1], boolean, int64)")
def band_fed_many(memory: Floats, high: Floats, low: Floats, close: Floats, enters: bool, leaves: int) -> int:
    """The step over many bars, until the first that enters (where `enters`) or leaves one of the sides `leaves`; that one is
    in the memory too. How many came before it."""
    for i in range(len(close)):
        told = band_fed(memory, high[i], low[i], close[i])
        if (told & leaves) != 0 or (enters and told >> 2 != 1):
            return i
    return len(close)


_IN = "Array(float64, 1, 'C', True, aligned=True)"


@compiled(
    f"int64({_IN}, {_IN}, {_IN}, UniTuple(int64, 3), UniTuple(float64, 3), UniTuple(float64, 2), boolean,"
    " int64[::1], int8[::1], int8[::1], float64[::1], float64[::1])"
)
def band_loop(
    high: Floats,
    low: Floats,
    close: Floats,
    periods: tuple[int, int, int],
    bounds: tuple[float, float, float],
    multiples: tuple[float, float],
    exit_at_middle: bool,
    bar: Whole,
    enter: Bytes,
    leave: Bytes,
    stop: Floats,
    target: Floats,
) -> int:
    """The step over every bar, its decisions written down; gives their number. A NaN multiple gives no level."""
    state = ((0, 0.0, 0.0, 0.0), (0, 0, 0.0, 0.0), (0, 0.0, 0.0), 2)
    k, band = 0, periods[1]
    for i in range(len(close)):
        state, enters, leaves, atr = band_step(
            state, high[i], low[i], close[i], close[i - band] if i >= band else 0.0, close[max(i - band + 1, 0) : i + 1],
            periods, bounds, exit_at_middle,
        )  # fmt: skip
        if (enters | leaves) != 0:
            bar[k], enter[k], leave[k] = i, enters, leaves
            stop[k] = multiples[0] * atr if enters != 0 else math.nan
            target[k] = multiples[1] * atr if enters != 0 else math.nan
            k += 1
    return k
