"""When a market is open: FX 24/5, always, and the days on which the ECB publishes reference rates.

Each calendar answers one question for whole columns: how much session time lies between two moments.
"""

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import DAY_NS, HOUR_NS, WEEK_NS
from tradeworthy.core.instrument import CalendarName
from tradeworthy.market.zones import to_local, to_utc

Times = npt.NDArray[np.int64]

_MONDAY = 4 * DAY_NS
"""1970-01-05 was a Monday."""
_OPEN_BEFORE_MONDAY = 7 * HOUR_NS
_FX_WEEK = 5 * DAY_NS
"""Sunday 17:00 to Friday 17:00 New York."""


def fx_open_ns(times: Times) -> Times:
    """Session time of FX (Sunday 17:00 to Friday 17:00 New York) since its first week, up to each UTC time.

    Our own rule: published FX calendars open a day early. Bank holidays are not closures here; they show as gaps.
    """
    local = to_local(times, "America/New_York") - (_MONDAY - _OPEN_BEFORE_MONDAY)
    weeks, within = np.divmod(local, WEEK_NS)
    total: Times = weeks * _FX_WEEK + np.minimum(within, _FX_WEEK)
    return total


def into_fx_session(times: Times) -> Times:
    """Each UTC time, or the nearest moment of the session it belongs to: after Friday's close its last nanosecond,
    from Sunday on the next opening. Feeds quote a little outside the session, and such bars make no day of their own."""
    local = to_local(times, "America/New_York")
    since = local - (_MONDAY - _OPEN_BEFORE_MONDAY)
    within = since % WEEK_NS
    outside, sunday = within >= _FX_WEEK, within >= _FX_WEEK + _OPEN_BEFORE_MONDAY
    moved = np.where(sunday, local - within + WEEK_NS, local - within + _FX_WEEK - 1)
    inside: Times = np.where(outside, to_utc(moved, "America/New_York"), times)
    return inside


def easter_sunday(year: int) -> date:
    """Gregorian Easter, by the method of Meeus, Jones and Butcher (Meeus, Astronomical Algorithms, ch. 8)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def target_holidays(year: int) -> frozenset[date]:
    """Weekdays without an ECB reference rate: the closing days of TARGET in that year."""
    if year == 1999:  # the first year of the euro closed only three days: the long list began in 2000
        return frozenset({date(1999, 1, 1), date(1999, 12, 25), date(1999, 12, 31)})
    easter = easter_sunday(year)
    days = {
        date(year, 1, 1),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        date(year, 5, 1),
        date(year, 12, 25),
        date(year, 12, 26),
    }
    if year in {2000, 2001}:
        days.add(date(year, 12, 31))
    return frozenset(days)


def is_fixing_day(day: date) -> bool:
    """Whether the ECB publishes reference rates that day."""
    return day.weekday() < 5 and day not in target_holidays(day.year)


def open_ns_between(calendar: CalendarName, start: Times, end: Times) -> Times | None:
    """Session time between two columns of UTC times, in nanoseconds; None where the calendar is not known."""
    if calendar is CalendarName.ALWAYS:
        return end - start
    if calendar is CalendarName.FX_24_5:
        spent: Times = fx_open_ns(end) - fx_open_ns(start)
        return spent
    return None
