"""How volatile a market is now, told value by value."""

import threading
from collections.abc import Iterable
from typing import Self

from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.volatility_levels import Percentiles, levels_at
from tradeworthy.core.finite import positive


class VolatilityRegimeDetector:
    """Ranks each implied volatility among the last ones: `VolatilityRegimeDetector(history).update_volatility(18.5)`.

    history: earlier values, oldest first, such as a year of daily ones, in the unit of those to come (percent or fractions,
    never both). percentiles: how many values are compared, and where LOW, HIGH and EXTREME begin. Values count one by one,
    so they should come at an even pace. May be used from several threads. Raises InputError for what is no number above zero.
    """

    def __init__(self, history: Iterable[float] = (), percentiles: Percentiles | None = None) -> None:
        self._percentiles = percentiles or Percentiles()
        values = tuple(positive(value, f"history[{place}]") for place, value in enumerate(history))
        self._lock = threading.Lock()
        self._values = self._cut(values)

    @property
    def values(self) -> tuple[float, ...]:
        """Those that are compared, oldest first."""
        return self._values

    @property
    def level(self) -> VolatilityLevel:
        """Of the latest value; UNKNOWN while too few are known."""
        return self._level_of(self._values)

    def get_regime(self) -> str:
        """The same as a word."""
        return self.level.name

    def update_volatility(self, iv: float) -> VolatilityLevel:
        """One more value, and its level. Raises InputError for what is no number above zero; then nothing has changed."""
        value = positive(iv, "iv")
        with self._lock:
            self._values = self._cut((*self._values, value))
            return self._level_of(self._values)

    def with_value(self, iv: float) -> Self:
        """Another that has seen this value as well; this one stays as it is."""
        value = positive(iv, "iv")
        made = object.__new__(type(self))
        made._percentiles, made._lock = self._percentiles, threading.Lock()
        made._values = made._cut((*self._values, value))
        return made

    def told(self, values: Iterable[float]) -> "VolatilityRegimeDetector":
        """Another that has seen these values and no others, with the same percentiles."""
        return VolatilityRegimeDetector(values, self._percentiles)

    def _cut(self, values: tuple[float, ...]) -> tuple[float, ...]:
        return values[-self._percentiles.window :]

    def _level_of(self, values: tuple[float, ...]) -> VolatilityLevel:
        if len(values) < self._percentiles.least:
            return VolatilityLevel.UNKNOWN
        return VolatilityLevel(int(levels_at(values, [len(values) - 1], self._percentiles)[0]))
