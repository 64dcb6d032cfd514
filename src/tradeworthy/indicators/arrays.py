"""Indicators over whole columns: float64 in, float64 of the same length out, NaN during warm-up.

Leading NaN are passed over (so that indicators can be chained); a NaN after the first number raises InputError, and so
does a period below one. A period longer than the column gives NaN throughout.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.indicators import loops
from tradeworthy.indicators.inputs import Floats, column, period, same_length


def sma(x: npt.ArrayLike, n: int) -> Floats:
    """Simple moving average of the last n values; first value at place n - 1."""
    values, start = column(x, "x")
    out = np.full(len(values), np.nan)
    loops.sma_loop(values, start, period(n), out)
    return out


def ema(x: npt.ArrayLike, n: int, *, seed: Literal["sma", "first"] = "sma") -> Floats:
    """Exponential moving average with weight 2 / (n + 1).

    seed "sma": the first value, at place n - 1, is the mean of the first n (as charting packages and TA-Lib have it).
    seed "first": the first value is x[0] (as pandas' `ewm(span=n, adjust=False)` has it).
    """
    if seed not in {"sma", "first"}:
        raise InputError(f"seed must be 'sma' or 'first', not {seed!r}")
    values, start = column(x, "x")
    out = np.full(len(values), np.nan)
    loops.ema_loop(values, start, period(n), seed == "sma", out)
    return out


def rsi(close: npt.ArrayLike, n: int = 14) -> Floats:
    """Wilder's relative strength index, 0 to 100; first value at place n.

    100 x gain / (gain + loss), both smoothed as (previous x (n - 1) + new) / n after a plain mean of the first n
    changes (Wilder, New Concepts in Technical Trading Systems, 1978). Where nothing moved it is 50.
    """
    values, start = column(close, "close")
    out = np.full(len(values), np.nan)
    loops.rsi_loop(values, start, period(n), out)
    return out


def atr(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    n: int = 14,
    smoothing: Literal["wilder", "simple"] = "wilder",
) -> Floats:
    """Average true range in price units; first value at place n - 1.

    The first true range is high - low, so the first value is the mean of n true ranges. "wilder" then takes
    (previous x (n - 1) + new) / n (Wilder 1978), "simple" the mean of the last n.
    """
    if smoothing not in {"wilder", "simple"}:
        raise InputError(f"smoothing must be 'wilder' or 'simple', not {smoothing!r}")
    columns = {"high": column(high, "high"), "low": column(low, "low"), "close": column(close, "close")}
    same_length(**{name: values for name, (values, _) in columns.items()})
    start = max(first for _, first in columns.values())
    h, lo, c = (values for values, _ in columns.values())
    out = np.full(len(c), np.nan)
    if smoothing == "wilder":
        loops.atr_loop(h, lo, c, start, period(n), out)
        return out
    loops.true_range_loop(h, lo, c, start, out)
    return sma(out, n)


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Three columns of shape (n,), in price units."""

    middle: Floats
    upper: Floats
    lower: Floats


def bollinger(close: npt.ArrayLike, n: int = 20, k: float = 2.0, ddof: int = 0) -> Bands:
    """Bollinger bands: mean of n closes, and k standard deviations around it; first value at place n - 1.

    ddof 0 is the population deviation, as Bollinger defines the bands; 1 the sample deviation.
    """
    if ddof not in {0, 1} or period(n) <= ddof:
        raise InputError(f"ddof must be 0 or 1 and below n, not {ddof} with n = {n}")
    values, start = column(close, "close")
    out = np.full((3, len(values)), np.nan)
    loops.bollinger_loop(values, start, period(n), float(k), ddof, out)
    return Bands(out[0], out[1], out[2])
