"""What time it is on the exchange, by the clock that somebody gave."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

from tradeworthy.controls.running_calibration import Moment
from tradeworthy.core.bar import DayCut
from tradeworthy.core.clock import from_datetime, now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown, whole_number
from tradeworthy.core.instrument import AssetClass
from tradeworthy.live.trading_days import minute_of_day, trading_day
from tradeworthy.market.zones import known_zone

Clock: TypeAlias = Callable[[], int | datetime]
"""Gives the present moment: whole nanoseconds UTC since 1970, or a datetime that names its zone."""

NSE_ZONE: Final = "Asia/Kolkata"
_FIRST_NS, _LAST_NS = 10**17, 9 * 10**18
"""1973 to 2255; numbers below are seconds, or milliseconds, that were taken for nanoseconds."""


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
        time_ns = moment_ns(self._clock(), "what clock() gave")
        return Moment(time_ns, trading_day(time_ns, self._cut).number, minute_of_day(time_ns, self.zone))


def moment_ns(value: object, what: str) -> int:
    """Nanoseconds UTC of a datetime that names its zone, or of nanoseconds. Raises InputError for anything else."""
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise InputError(
                f"{what} has no time zone ({value.isoformat()}) and so names no moment; use for instance datetime.now(UTC)"
            )
        number: int | None = from_datetime(value)
    else:
        number = whole_number(value)
    if number is None or not _FIRST_NS <= number <= _LAST_NS:
        raise InputError(
            f"{what} must be a datetime with a time zone, or whole nanoseconds UTC since 1970, not {shown(value)}"
        )
    return number


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
