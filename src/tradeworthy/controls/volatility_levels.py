"""Where the volatility of now stands among that of the recent past, and never of the future."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradeworthy.controls.ranges import require_number, require_order, require_whole
from tradeworthy.core.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """Which percentiles of the last `window` values, the present one included, are LOW, HIGH and EXTREME.

    Below `low` is LOW, above `high` HIGH, above `extreme` EXTREME. While fewer than `least` values of the window are
    known the level is UNKNOWN. Raises InputError for a field that cannot be used.
    """

    window: int = 252
    least: int = 60
    low: float = 20.0
    high: float = 80.0
    extreme: float = 95.0

    def __post_init__(self) -> None:
        require_whole("percentiles: window", self.window, 2)
        require_whole("percentiles: least", self.least, 2)
        if self.least > self.window:
            raise InputError(f"percentiles: least must be at most window ({self.window}), not {self.least}")
        for name in ("low", "high", "extreme"):
            require_number(f"percentiles: {name}", getattr(self, name), 0.0, 100.0)
        order = (self.low, self.high, self.extreme)
        require_order("percentiles: low, high, extreme", order, rising=True, ties=True)


def levels_at(
    volatility: "npt.ArrayLike", places: "npt.ArrayLike", percentiles: Percentiles | None = None
) -> "npt.NDArray[np.int64]":
    """The `VolatilityLevel` at each of `places` (k,) of a volatility series (n,), as numbers of shape (k,).

    volatility: anything that is larger when markets move more (ATR / close, implied volatility), oldest first; values
    that are not finite are unknown. The level at a place is the mid-rank percentile (scipy's `percentileofscore` of
    kind "mean") of its value among those of the window that ends there, so later values cannot change it.
    Raises InputError for a place that is not in the series.
    """
    import numpy as np

    from tradeworthy.controls.level_steps import level_loop

    rules = percentiles or Percentiles()
    series = np.ascontiguousarray(volatility, np.float64)
    where = np.asarray(places)
    if series.ndim != 1 or where.ndim != 1:
        raise InputError(f"volatility and places must be one column each, not of shape {series.shape}, {where.shape}")
    if where.size and not np.issubdtype(where.dtype, np.integer):
        raise InputError(f"places must be whole numbers, not {where.dtype}")
    if where.size and not 0 <= where.min() <= where.max() < len(series):
        raise InputError(f"places must lie from 0 to {len(series) - 1}, not from {where.min()} to {where.max()}")
    out = np.empty(len(where), np.int64)
    level_loop(
        series, np.ascontiguousarray(where, np.int64), rules.window, rules.least, float(rules.low), float(rules.high),
        float(rules.extreme), out,
    )  # fmt: skip
    return out
