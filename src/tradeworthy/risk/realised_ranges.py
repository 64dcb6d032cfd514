"""How much a market moved over its last bars: realised volatility, from ranges where the bars have them."""

import math
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown, whole_number
from tradeworthy.market.bars import Bars
from tradeworthy.risk.observations import of_kind, word

Floats = npt.NDArray[np.float64]

WINDOW = 24
"""Bars: four days of H4, a day of H1, a month of D."""
LONGEST_WINDOW = 10_000_000


class Estimator(StrEnum):
    """How a bar's variance is taken from its prices."""

    GARMAN_KLASS = "garman_klass"
    PARKINSON = "parkinson"
    CLOSE_TO_CLOSE = "close_to_close"


def realised_volatility(bars: Bars, n: int = WINDOW, estimator: str | None = None) -> Floats:
    """(len(bars),) Volatility per bar as a fraction of the price: the root of the mean variance of the last n bars.

    Variance of a bar, with u, d, c the logarithms of high, low and close over open, and g that of open over the close
    before: close_to_close (g + c)^2; parkinson g^2 + (u - d)^2 / (4 ln 2) (Parkinson 1980); garman_klass g^2 +
    (u - d)^2 / 2 - (2 ln 2 - 1) c^2 (Garman, Klass 1980). Gaps count because stops meet them. No mean is taken off: over so
    few bars it is noise. estimator: garman_klass by default, close_to_close where bars know one price each. NaN for the
    first n bars. The value at a bar depends on that bar and the n before it and on nothing else.

    Raises InputError for n below 1, an unknown estimator, and a range asked of bars without one.
    """
    window = whole_number(n)
    if window is None or not 1 <= window <= LONGEST_WINDOW:
        raise InputError(
            f"volatility is taken over a whole number of bars, 1 or more and at most {LONGEST_WINDOW:,}, not {shown(n)}"
        )
    variance = bar_variances(bars, estimator)
    out = np.full(len(bars), np.nan)
    if len(bars) > window:
        over = np.lib.stride_tricks.sliding_window_view(variance[1:], window)
        out[window:] = np.sqrt(over.mean(axis=1))
    return out


def bar_variances(bars: Bars, estimator: str | None = None) -> Floats:
    """(len(bars),) Variance of each bar as `realised_volatility` has it, NaN for the first, which has no close before."""
    way = estimator_for(bars, estimator)
    opened, closed = np.log(bars.open), np.log(bars.close)
    gap = np.full(len(bars), np.nan)
    gap[1:] = opened[1:] - closed[:-1]
    body = closed - opened
    inside: Floats
    if way is Estimator.CLOSE_TO_CLOSE:
        inside = np.square(gap + body)
        return inside
    width = np.log(bars.high) - np.log(bars.low)
    if way is Estimator.PARKINSON:
        inside = np.square(width) / (4.0 * math.log(2.0))
    else:
        inside = 0.5 * np.square(width) - (2.0 * math.log(2.0) - 1.0) * np.square(body)
        inside = np.maximum(0.0, inside)  # rounding may leave less than nothing of a still bar
    whole: Floats = np.square(gap) + inside
    return whole


def estimator_for(bars: Bars, estimator: str | None = None) -> Estimator:
    """The estimator named, or the one these bars allow. Raises InputError as `realised_volatility` does."""
    of_kind(bars, Bars, "bars", "read_bars")
    if estimator is None:
        return Estimator.CLOSE_TO_CLOSE if bars.close_only else Estimator.GARMAN_KLASS
    way = word(estimator, Estimator, "estimator")
    if bars.close_only and way is not Estimator.CLOSE_TO_CLOSE:
        raise InputError(
            f"{bars.label}: these bars know one price each, so their range says nothing; take close_to_close"
        )
    return way
