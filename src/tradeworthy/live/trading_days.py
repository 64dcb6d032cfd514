"""The exchange's day of a moment, and when it ends."""

from dataclasses import dataclass
from datetime import timedelta

from tradeworthy.core.bar import DayCut
from tradeworthy.core.clock import from_datetime, to_datetime
from tradeworthy.market.zones import known_zone


@dataclass(frozen=True, slots=True)
class TradingDay:
    """number: rises by one a day. ends_ns: the first moment of the next one, UTC."""

    number: int
    ends_ns: int


def trading_day(time_ns: int, cut: DayCut) -> TradingDay:
    """The day in which the moment lies; the zone of a cut that names none is UTC."""
    zone = known_zone(cut.zone or "UTC")
    local = to_datetime(time_ns).astimezone(zone)
    day = local.date() if local.hour >= cut.hour else local.date() - timedelta(days=1)
    following = day + timedelta(days=1)
    end = local.replace(
        year=following.year,
        month=following.month,
        day=following.day,
        hour=cut.hour,
        minute=0,
        second=0,
        microsecond=0,
        fold=0,
    )
    return TradingDay(day.toordinal(), from_datetime(end))


def minute_of_day(time_ns: int, zone: str) -> int:
    """Of the exchange's day; -1 for no zone, where session windows do not apply."""
    if not zone:
        return -1
    local = to_datetime(time_ns).astimezone(known_zone(zone))
    return local.hour * 60 + local.minute
