"""How volatile the market is now, ranked among its own recent values; compiled."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

UNKNOWN, LOW, NORMAL = int(VolatilityLevel.UNKNOWN), int(VolatilityLevel.LOW), int(VolatilityLevel.NORMAL)
HIGH, EXTREME = int(VolatilityLevel.HIGH), int(VolatilityLevel.EXTREME)


@compiled()
def level_of(recent: Floats, least: int, low: float, high: float, extreme: float) -> int:
    """The `VolatilityLevel` of the last of `recent` (n,), oldest first; the thresholds are percentiles.

    The percentile of a value is the share of values below it plus half the share of those equal to it, itself
    included. Values that are not finite are left out; UNKNOWN if the last one is, or if fewer than `least` are left.
    """
    now = recent[-1]
    if not math.isfinite(now):
        return UNKNOWN
    known, halves = 0, 0
    for value in recent:
        if math.isfinite(value):
            known += 1
            halves += 2 if value < now else (1 if value == now else 0)
    if known < least:
        return UNKNOWN
    rank = 50.0 * halves  # a percentile times `known`, both sides whole, so that edges are exact
    if rank < low * known:
        return LOW
    if rank > extreme * known:
        return EXTREME
    return HIGH if rank > high * known else NORMAL


_F = "Array(float64, 1, 'C', True, aligned=True)"
_I = "Array(int64, 1, 'C', True, aligned=True)"


@compiled(f"void({_F}, {_I}, int64, int64, float64, float64, float64, int64[::1])")
def level_loop(
    volatility: Floats, places: Whole, window: int, least: int, low: float, high: float, extreme: float, out: Whole
) -> None:
    """Fills `out` (k,) with the level at each of `places` (k,) of `volatility` (n,), which only looks back."""
    for k in range(len(places)):
        end = places[k] + 1
        out[k] = level_of(volatility[max(0, end - window) : end], least, low, high, extreme)
