"""Measures of an equity curve: how far it fell, for how long, and how fast it grew.

equity: (n,), the account in money at each moment, its first value the account at the start, which is a peak like any
other. times: int64 (n,), nanoseconds UTC, not decreasing. What a curve does not define is None, never NaN. After an
account has fallen to zero or below, nothing that compounds is defined, and a fall is 1 or more.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats, whole_numbers
from tradeworthy.validation.arguments import above, column, representable

Times = npt.NDArray[np.int64]

YEAR_DAYS = 365.25
"""Days of a mean year of the Julian calendar."""


def checked_levels(equity: npt.ArrayLike) -> Floats:
    """Equity as a column. Raises InputError unless it is one finite column that starts above zero."""
    levels = column("equity", equity)
    if not np.isfinite(levels).all():
        raise InputError("equity holds a NaN or an infinite value; every moment of a curve needs an amount of money")
    if len(levels) and levels[0] <= 0.0:
        raise InputError(f"the account starts with {levels[0]:g}; measures of a curve need a start above zero")
    return levels


def checked_times(times: npt.ArrayLike, count: int) -> Times:
    """Times as a column. Raises InputError unless there are `count` and none is before the one it follows."""
    moments = whole_numbers("times", times)
    if moments.shape != (count,):
        raise InputError(f"times have shape {moments.shape} and equity ({count},); give one time for each value")
    if (moments[1:] < moments[:-1]).any():
        raise InputError("times of the equity curve go back; sort them, oldest first")
    return moments


def falls(levels: Floats) -> tuple[Floats, Floats]:
    """The highest value so far, and the fall from it as a fraction of it, (n,) each."""
    peaks = np.maximum.accumulate(levels)
    return peaks, 1.0 - levels / peaks


def annual_growth(multiple: float, years: float) -> float | None:
    """Growth a year that makes `multiple` of an account over so many years; None where no number says so."""
    if multiple <= 0.0 or years <= 0.0 or math.isinf(multiple):
        return None
    try:
        growth = math.pow(multiple, 1.0 / years) - 1.0
        return growth if math.isfinite(growth) else None
    except OverflowError:
        return None  # a gain within minutes, compounded over a year


def growth_over_fall(growth: float | None, fall: float) -> float | None:
    """Growth a year over the absolute largest fall, as a fraction (Young 1991); None without one of them."""
    return growth / abs(fall) if growth is not None and fall else None


@dataclass(frozen=True, slots=True)
class Drawdowns:
    """The falls of a curve from its peaks.

    fraction: the largest as a fraction of the peak it fell from, 0 or above. money: the largest in money, which can be
    another one. peak_ns, trough_ns: when the largest fraction began and was reached; recovered_ns: when the curve was
    back at that peak, None if never. All three None without a fall. longest_under_water_ns: the longest time from a
    peak until the curve was back at it, or until the end. ulcer_index: root mean square of the fraction under water
    over all values (Martin, McCann 1989). recovery_factor: last value less first, over `money`; None without a fall.
    """

    fraction: float
    money: float
    peak_ns: int | None
    trough_ns: int | None
    recovered_ns: int | None
    longest_under_water_ns: int
    ulcer_index: float
    recovery_factor: float | None


def _longest_under_water(dry: Times, moments: Times) -> int:
    """`dry` are the places at a peak; between two that are not neighbours the curve was under water."""
    wet = np.diff(moments[dry])[np.diff(dry) > 1]
    return max(int(wet.max()) if len(wet) else 0, int(moments[-1] - moments[dry[-1]]))


def drawdowns(equity: npt.ArrayLike, times: npt.ArrayLike) -> Drawdowns | None:
    """Every fall of the curve summed up, None without a value. Raises InputError for a curve that is none."""
    levels = checked_levels(equity)
    moments = checked_times(times, len(levels))
    return drawdowns_of(levels, moments) if len(levels) else None


def drawdowns_of(levels: Floats, moments: Times) -> Drawdowns:
    """The same for columns that are checked and not empty."""
    peaks, under = falls(levels)
    dry = np.flatnonzero(levels == peaks)
    trough = int(np.argmax(under))
    fraction = float(under[trough])
    peak_ns = trough_ns = recovered_ns = None
    if fraction > 0.0:
        after = int(np.searchsorted(dry, trough))
        peak_ns, trough_ns = int(moments[dry[after - 1]]), int(moments[trough])
        recovered_ns = int(moments[dry[after]]) if after < len(dry) else None
    money = float(np.max(peaks - levels))
    return Drawdowns(
        fraction=fraction,
        money=money,
        peak_ns=peak_ns,
        trough_ns=trough_ns,
        recovered_ns=recovered_ns,
        longest_under_water_ns=_longest_under_water(dry, moments),
        ulcer_index=math.sqrt(float(under @ under) / len(under)),
        recovery_factor=_recovery(float(levels[-1] - levels[0]), money) if money > 0.0 else None,
    )


def _recovery(gain: float, money: float) -> float:
    return representable("the recovery factor", gain / money, "mend the amounts of money that are next to nothing")


def cagr(equity: npt.ArrayLike, times: npt.ArrayLike, year_days: float = YEAR_DAYS) -> float | None:
    """Compound growth a year, from the first value to the last; None without time between them or after ruin."""
    levels = checked_levels(equity)
    moments = checked_times(times, len(levels))
    if not len(levels) or levels.min() <= 0.0:
        return None
    years = float(moments[-1] - moments[0]) / DAY_NS / above("year_days", year_days, 0)
    return annual_growth(float(levels[-1]) / float(levels[0]), years)
