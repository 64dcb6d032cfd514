"""How volatile a market is now, told value by value."""

import threading
from collections.abc import Iterable
from typing import Self

from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.volatility_levels import Percentiles, levels_at
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import positive, shown

_Seen = tuple[tuple[float, ...], VolatilityLevel]


class VolatilityRegimeDetector:
    """Ranks each implied volatility among the last ones: `VolatilityRegimeDetector(history).update_volatility(18.5)`.

    history: earlier values, oldest first, such as a year of daily ones, in the unit of those to come (percent or fractions,
    never both). percentiles: how many values are compared, and where LOW, HIGH and EXTREME begin. Values count one by one,
    so they should come at an even pace. May be used from several threads. Raises InputError for what is no number above zero.
    """

    def __init__(self, history: Iterable[float] = (), percentiles: Percentiles | None = None) -> None:
        if not isinstance(percentiles, Percentiles | None):
            raise InputError(f"percentiles must be Percentiles(...), not {shown(percentiles)}")
        if isinstance(history, str | bytes) or not isinstance(history, Iterable):
            raise InputError(f"history must be a list of volatilities, oldest first, not {shown(history)}")
        self._percentiles, self._lock = percentiles or Percentiles(), threading.Lock()
        self._seen = self._ranked(tuple(positive(value, f"history[{place}]") for place, value in enumerate(history)))

    @property
    def values(self) -> tuple[float, ...]:
        """Those that are compared, oldest first."""
        return self._seen[0]

    @property
    def level(self) -> VolatilityLevel:
        """Of the latest value; UNKNOWN while too few are known."""
        return self._seen[1]

    def get_regime(self) -> str:
        """The same as a word."""
        return self.level.name

    def update_volatility(self, iv: float) -> VolatilityLevel:
        """One more value, and its level. Raises InputError for what is no number above zero; then nothing has changed."""
        value = positive(iv, "iv")
        with self._lock:
            self._seen = seen = self._ranked((*self.values, value))
        return seen[1]

    def with_value(self, iv: float) -> Self:
        """Another that has seen this value as well; this one stays as it is."""
        made = object.__new__(type(self))
        made._percentiles, made._lock = self._percentiles, threading.Lock()
        made._seen = made._ranked((*self.values, positive(iv, "iv")))
        return made

    def told(self, values: Iterable[float]) -> "VolatilityRegimeDetector":
        """Another that has seen these values and no others, with the same percentiles."""
        return VolatilityRegimeDetector(values, self._percentiles)

    def _ranked(self, values: tuple[float, ...]) -> _Seen:
        kept = values[-self._percentiles.window :]
        if len(kept) < self._percentiles.least:
            return kept, VolatilityLevel.UNKNOWN
        return kept, VolatilityLevel(int(levels_at(kept, [len(kept) - 1], self._percentiles)[0]))
