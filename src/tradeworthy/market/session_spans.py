"""When a market is open, as spans of UTC time: what a desk counts open time with while bars come."""

from datetime import date, timedelta
from typing import Final

import numpy as np

from tradeworthy.core.clock import DAY_NS, HOUR_NS, WEEK_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CalendarName
from tradeworthy.market.sessions import is_fixing_day
from tradeworthy.market.zones import to_utc

Spans = tuple[tuple[int, int], ...]

LATEST_NS: Final = 1 << 62
"""In the year 2116: as far as spans are worked out."""

_FIRST_SUNDAY_NS: Final = 3 * DAY_NS
"""1970-01-04, midnight."""
_CLOSE: Final = 17 * HOUR_NS
_FX_WEEK: Final = 5 * DAY_NS
_EPOCH: Final = date(1970, 1, 1)


def open_spans(calendar: CalendarName, from_ns: int, until_ns: int) -> Spans | None:
    """The open time from one moment until another (ns UTC), as spans (from, until) in order; None for UNKNOWN.

    FX is open from Sunday 17:00 to Friday 17:00 New York; bank holidays are not closures. The ECB's calendar is open
    through every day with a fixing, from midnight to midnight in Frankfurt: so from one fixing to the moment of the next
    it is 24 hours of open time, over weekends and holidays too, and at the moment of a fixing the market is open.
    Raises InputError unless the moments are in order, from 1970 until 2116.
    """
    if not 0 <= from_ns <= until_ns <= LATEST_NS:
        raise InputError(f"open hours are worked out from 1970 until 2116, and not from {from_ns} to {until_ns} ns")
    if calendar is CalendarName.ALWAYS:
        return ((from_ns, until_ns),) if from_ns < until_ns else ()
    if calendar is CalendarName.FX_24_5:
        starts, ends = _fx_weeks(from_ns, until_ns)
    elif calendar is CalendarName.ECB_FIXING:
        starts, ends = _fixing_days(from_ns, until_ns)
    else:
        return None
    return _within(starts, ends, from_ns, until_ns)


def _fx_weeks(from_ns: int, until_ns: int) -> tuple[np.ndarray, np.ndarray]:
    """Every week that may touch that time; times of New York are less than a day from UTC."""
    first, last = (from_ns - DAY_NS) // WEEK_NS - 1, (until_ns + DAY_NS) // WEEK_NS + 1
    opened = np.arange(first, last + 1, dtype=np.int64) * WEEK_NS + _FIRST_SUNDAY_NS + _CLOSE
    return to_utc(opened, "America/New_York"), to_utc(opened + _FX_WEEK, "America/New_York")


def _fixing_days(from_ns: int, until_ns: int) -> tuple[np.ndarray, np.ndarray]:
    days = range(from_ns // DAY_NS - 1, until_ns // DAY_NS + 2)
    fixings = [day for day in days if is_fixing_day(_EPOCH + timedelta(days=day))]
    midnight = np.array(fixings, np.int64) * DAY_NS
    return to_utc(midnight, "Europe/Berlin"), to_utc(midnight + DAY_NS, "Europe/Berlin")


def _within(starts: np.ndarray, ends: np.ndarray, from_ns: int, until_ns: int) -> Spans:
    """Those parts that lie inside; spans that touch are one."""
    apart = starts[1:] > ends[:-1]
    begins, stops = starts[np.r_[True, apart]].clip(from_ns, until_ns), ends[np.r_[apart, True]].clip(from_ns, until_ns)
    some = begins < stops
    return tuple(zip(begins[some].tolist(), stops[some].tolist(), strict=True))
