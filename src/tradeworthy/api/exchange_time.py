"""What time it is on the exchange, by the clock that somebody gave."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

from tradeworthy.controls.running_calibration import Moment
from tradeworthy.core.bar import DayCut
from tradeworthy.core.clock import now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.core.instrument import AssetClass
from tradeworthy.core.moments import moment_ns
from tradeworthy.live.trading_days import minute_of_day, trading_day
from tradeworthy.market.zones import known_zone

Clock: TypeAlias = Callable[[], int | float | datetime]
"""Gives the present moment: a datetime that names its zone, or the time since 1970, whole nanoseconds or seconds as a float."""

NSE_ZONE: Final = "Asia/Kolkata"
_FIRST_NS: Final = 10**17
"""1973; whole numbers below are seconds, or milliseconds, that would be taken for nanoseconds."""


class ExchangeTime:
    """A clock, and the zone in which an exchange's days and windows are counted.

    clock: the host's unless given. asset_class: a word of `AssetClass`. zone: for options that of NSE unless given; others have
    no windows unless it is given, and their days are UTC. Raises InputError for what cannot be used.
    """

    def __init__(self, clock: Clock | None, asset_class: AssetClass | str, zone: str | None) -> None:
        if clock is not None and not callable(clock):
            raise InputError(
                f"clock must be a function that gives the time, such as lambda: datetime.now(UTC), not {shown(clock)}"
            )
        self._clock: Clock = clock or now_ns
        self.is_option = _asset_class(asset_class) is AssetClass.OPTION
        self.zone = (NSE_ZONE if self.is_option else "") if zone is None else _named(zone)
        self._cut = DayCut(self.zone or "UTC")

    def now(self) -> Moment:
        """Raises InputError for a clock that gives a time without a zone, or no time."""
        value = self._clock()
        time_ns = moment_ns(value, "what clock() gave")
        if time_ns < _FIRST_NS:
            raise InputError(
                f"what clock() gave lies before 1973: {shown(value)}; give seconds as a float (time.time), whole nanoseconds "
                "(time.time_ns), or a datetime with a zone"
            )
        return Moment(time_ns, trading_day(time_ns, self._cut).number, minute_of_day(time_ns, self.zone))


def _asset_class(word: AssetClass | str) -> AssetClass:
    try:
        return AssetClass(word)
    except ValueError:
        raise InputError(f"asset_class must be one of {', '.join(AssetClass)}, not {shown(word)}") from None


def _named(zone: object) -> str:
    if not isinstance(zone, str):
        raise InputError(f"zone must be the name of a time zone such as {NSE_ZONE}, not {shown(zone)}")
    known_zone(zone)
    return zone
