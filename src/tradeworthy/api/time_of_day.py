"""How strict the hour asks a filter to be."""

from dataclasses import dataclass
from datetime import time

from tradeworthy.api.exchange_time import NSE_ZONE, Clock, ExchangeTime
from tradeworthy.controls.filters import NSE_WINDOWS, Filters
from tradeworthy.controls.ranges import minute_of
from tradeworthy.controls.running_calibration import Moment
from tradeworthy.core.instrument import AssetClass


@dataclass(frozen=True, slots=True)
class SessionWindow:
    """A part of the session. ends: None for the last, which holds until the session ends."""

    begins: time
    ends: time | None
    strictness: float

    @property
    def name(self) -> str:
        """`10:30-12:00`, and `from 15:15` for the last."""
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}" if self.ends else f"from {self.begins:%H:%M}"


class TimeOfDayAnalyzer:
    """The session's window and its strictness: `TimeOfDayAnalyzer().get_strictness_multiplier()`.

    windows: strictness from a time on, until the next one's. zone: of the exchange, "" where no windows apply. clock: gives
    the time, the host's unless given. enabled: off is a strictness of 1 all day. Raises InputError for what cannot be used.
    """

    def __init__(
        self,
        windows: tuple[tuple[time, float], ...] = NSE_WINDOWS,
        *,
        zone: str = NSE_ZONE,
        clock: Clock | None = None,
        enabled: bool = True,
    ) -> None:
        self._rules = Filters(windows=windows, session=enabled).packed()
        self._time = ExchangeTime(clock, AssetClass.FX, zone or None)
        ends = (*(begins for begins, _ in windows[1:]), None)
        self._windows = tuple(
            SessionWindow(begins, until, float(strict)) for (begins, strict), until in zip(windows, ends, strict=True)
        )
        self._enabled = enabled

    def get_strictness_multiplier(self) -> float:
        """How much more is asked now than usual. Raises InputError for a clock that gives a time without a zone."""
        return self.strictness_at(self._time.now())

    def get_time_window(self) -> SessionWindow | None:
        """The window of now; before the first it is the first. None where no windows apply, or they are switched off."""
        return self.window_at(self._time.now())

    def strictness_at(self, moment: Moment) -> float:
        """The same at a moment that is known already."""
        from tradeworthy.controls.filter_steps import strictness

        return float(strictness(moment.minute, self._rules))

    def window_at(self, moment: Moment) -> SessionWindow | None:
        """The same at a moment that is known already."""
        if moment.minute < 0 or not self._enabled:
            return None
        begun = [window for window in self._windows if minute_of(window.begins) <= moment.minute]
        return begun[-1] if begun else self._windows[0]
