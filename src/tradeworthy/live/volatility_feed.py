"""How volatile a market is, kept bar by bar: the level for the calibration, a year's volatility for the sizing."""

import math
from collections.abc import Mapping
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from tradeworthy.controls.volatility_levels import Percentiles
from tradeworthy.core.errors import InputError

ATR_PERIOD: Final = 14
"""Bars of the average true range whose share of the close is the volatility."""
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_HEAD: Final = 7
_YEAR_NS: Final = 365.25 * 24 * 3600 * 1_000_000_000
_USUAL: Final = Percentiles()


class VolatilityFeed:
    """Equal, at every bar and to the last bit, to what the backtest says of the columns up to it.

    closes: how many changes of the close a year's volatility is made of.
    """

    __slots__ = ("_first_ns", "_last_ns", "_memory")

    def __init__(self, closes: int = 60) -> None:
        self._memory: npt.NDArray[np.float64] = np.full(_HEAD + _USUAL.window + closes + 1, math.nan)
        self._memory[:_HEAD] = (0, 0, 0, 0, ATR_PERIOD, _USUAL.window, closes + 1)
        self._first_ns = self._last_ns = 0

    def update(self, high: float, low: float, close: float, close_ns: int) -> None:
        """The next bar."""
        from tradeworthy.live.volatility_feed_steps import volatility_fed

        if not self._memory[0]:
            self._first_ns = close_ns
        self._last_ns = close_ns
        volatility_fed(self._memory, high, low, close)

    def after(self, high: Floats, low: Floats, close: Floats, close_ns: Whole) -> Self:
        """Another that has seen these bars as well. Columns of the shape (n,), contiguous."""
        made = self.copy()
        made.feed(high, low, close, close_ns)
        return made

    def feed(self, high: Floats, low: Floats, close: Floats, close_ns: Whole) -> None:
        """The next bars."""
        from tradeworthy.live.volatility_feed_steps import volatility_fed_many

        if not self._memory[0]:
            self._first_ns = int(close_ns[0])
        self._last_ns = int(close_ns[-1])
        volatility_fed_many(self._memory, high, low, close)

    def copy(self) -> Self:
        """Another that stands where this one does."""
        made = object.__new__(type(self))
        made._memory, made._first_ns, made._last_ns = self._memory.copy(), self._first_ns, self._last_ns
        return made

    @property
    def level(self) -> int:
        """The number of the `VolatilityLevel` at the last bar; UNKNOWN while too few are known."""
        from tradeworthy.controls.level_steps import level_loop

        recent, rules, out = self._ring(_HEAD, _USUAL.window), _USUAL, np.zeros(1, np.int64)
        if len(recent):  # as `levels_at` of its last place
            place = np.array([len(recent) - 1])
            level_loop(recent, place, rules.window, rules.least, rules.low, rules.high, rules.extreme, out)
        return int(out[0])

    @property
    def annual(self) -> float:
        """Sample deviation of the log changes x sqrt(bars a year so far), a share of the price; NaN while there are too few."""
        closes = self._ring(_HEAD + _USUAL.window, int(self._memory[6]))
        years = (self._last_ns - self._first_ns) / _YEAR_NS
        if len(closes) < int(self._memory[6]) or years <= 0:
            return math.nan
        from tradeworthy.backtest.volatility_loops import deviation_at

        out = np.empty(1)
        deviation_at(np.ascontiguousarray(closes), np.array([len(closes) - 1]), len(closes) - 1, out)
        return float(out[0] * math.sqrt((self._memory[0] - 1) / years))

    def saved(self) -> dict[str, Any]:
        """For a snapshot. What is not known yet stands there as None."""
        memory = [None if math.isnan(one) else one for one in self._memory.tolist()]
        return {"memory": memory, "first_ns": self._first_ns, "last_ns": self._last_ns}

    @classmethod
    def resumed(cls, saved: Mapping[str, Any], closes: int = 60) -> Self:
        """The one that wrote this. Raises InputError where it is damaged, or of another length."""
        made = cls(closes)
        memory = saved.get("memory")
        if not isinstance(memory, list) or len(memory) != len(made._memory):
            raise InputError(
                "the volatility in the snapshot is damaged, or of other settings; fold the journal from its start"
            )
        made._memory[:] = [math.nan if one is None else one for one in memory]
        made._first_ns, made._last_ns = int(saved["first_ns"]), int(saved["last_ns"])
        return made

    def _ring(self, start: int, length: int) -> npt.NDArray[np.float64]:
        """The latest values, oldest first."""
        seen = int(self._memory[0])
        ring = self._memory[start : start + length]
        oldest = seen % length
        return ring[:seen] if seen <= length else np.concatenate((ring[oldest:], ring[:oldest]))
