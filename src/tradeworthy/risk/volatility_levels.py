"""Five levels of volatility, against thresholds that were frozen before: a level never depends on later bars."""

import math
import operator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import shown, whole_number
from tradeworthy.indicators.given_numbers import floats
from tradeworthy.market.bars import Bars
from tradeworthy.risk.realised_ranges import WINDOW, Estimator, estimator_for, realised_volatility

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

QUANTILES = (0.10, 0.30, 0.70, 0.90)
WINDOWS_LEAST = 20
"""Windows, end to end, that thresholds rest on at least: then two of them stood in each of the outer levels."""
UNKNOWN = -1


class VolatilityLevel(StrEnum):
    """From the quietest to the wildest."""

    VERY_LOW = "very_low"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    EXTREME = "extreme"


LEVELS = tuple(VolatilityLevel)


@dataclass(frozen=True, slots=True)
class VolatilityThresholds:
    """Where one level ends and the next begins, as realised volatility per bar over `n` bars by `estimator`.

    cuts: four, not decreasing, at the `quantiles` of `readings` values of the bars they were frozen on, the last of which
    closed at `until_ns`. A value on a cut belongs to the quieter level.
    """

    cuts: tuple[float, float, float, float]
    quantiles: tuple[float, float, float, float]
    n: int
    estimator: Estimator
    readings: int
    until_ns: int

    def __post_init__(self) -> None:
        cuts = floats("cuts", self.cuts, math.inf)
        if cuts.shape != (4,) or not (cuts >= 0.0).all() or not (np.diff(cuts) >= 0.0).all():
            raise InputError(f"five levels need four cuts of zero or more that do not fall, not {shown(self.cuts)}")
        if (whole_number(self.n) or 0) < 1:
            raise InputError(f"volatility is taken over a whole number of bars, 1 or more, not {shown(self.n)}")

    @classmethod
    def frozen_on(
        cls,
        bars: Bars,
        n: int = WINDOW,
        estimator: str | None = None,
        quantiles: tuple[float, float, float, float] = QUANTILES,
    ) -> Self:
        """Quantiles of the realised volatility of these bars, all of which lie before whatever is judged by them.

        Raises NotEnoughData for fewer bars than 20 windows and one, InputError for quantiles that do not rise from above
        0 to below 1, and as `realised_volatility` does.
        """
        given: Any = quantiles
        at = [] if given is None else floats("quantiles", given, math.inf).tolist()
        if np.shape(at) != (4,) or not 0.0 < at[0] < at[1] < at[2] < at[3] < 1.0:
            raise InputError(
                f"five levels need four quantiles that rise from above 0 to below 1, not {shown(quantiles)}"
            )
        readings = realised_volatility(bars, n, estimator)
        n = operator.index(n)
        need = least_bars(n)
        if len(bars) < need:
            raise NotEnoughData(
                f"{bars.label}: thresholds of volatility over {n} bars are frozen on at least {need:,} bars, and there "
                f"are {len(bars):,}; bring more history, or take a shorter window"
            )
        known = readings[n:]
        cuts = tuple(float(one) for one in np.quantile(known, at))
        return cls(
            (cuts[0], cuts[1], cuts[2], cuts[3]), (at[0], at[1], at[2], at[3]), n, estimator_for(bars, estimator),
            len(known), int(bars.close_time[-1]),
        )  # fmt: skip

    def levels(self, bars: Bars) -> Places:
        """(len(bars),) 0 very_low to 4 extreme, known at each bar's close; -1 for the first n bars."""
        return self.levels_of(realised_volatility(bars, self.n, self.estimator))

    def levels_of(self, volatility: npt.ArrayLike) -> Places:
        """The same for realised volatilities, -1 for NaN."""
        values = floats("volatilities", volatility, math.inf)
        return np.where(np.isnan(values), UNKNOWN, np.searchsorted(self.cuts, values, side="left")).astype(np.int64)


def least_bars(n: int) -> int:
    """Bars that thresholds over windows of n need."""
    return WINDOWS_LEAST * n + 1
