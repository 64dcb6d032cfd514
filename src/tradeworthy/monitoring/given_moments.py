"""Moments as people give them. Whole numbers are nanoseconds and others seconds, as the functions of `time` have it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from tradeworthy.core.clock import DAY_NS, MINUTE_NS, SECOND_NS, from_datetime, monotonic_ns, now_ns, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown, whole_number

_OLDEST_STEADY_NS: Final = 3 * 366 * DAY_NS
"""A clock of the time since a machine was started says less, and one of the time since 1970 more."""
_LONGEST_NS: Final = DAY_NS
_MOST_NS: Final = 2**62
_ROUNDING_NS: Final = 1_000
"""Seconds since 1970 as a float are rounded, up as well, by some hundred nanoseconds."""
_SKEW_NS: Final = MINUTE_NS
"""By so much the clock of whoever names a moment may be ahead of ours."""


def moment_of(value: Any, name: str) -> int:
    """Nanoseconds. Raises InputError for a naive datetime, and for what is no moment."""
    if isinstance(value, datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise InputError(f"{name} {value.isoformat()} has no time zone and so names no moment; give it one")
        return from_datetime(value)
    number = whole_number(value)
    found = number if number is not None else finite_number(value, name) * SECOND_NS
    if not 0 <= found <= _MOST_NS:
        raise InputError(f"{name} is no moment: {shown(value)}; give what time.time() gives, or an aware datetime")
    return int(found)


def elapsed_ns(start: Any, clock: Callable[[], Any], now: int) -> int:
    """Nanoseconds from `start` to `now`, which `clock` says. With the host's own clock, a start may as well be of the clock
    that nobody sets (`time.perf_counter()`, `time.monotonic()`), and is then held against that.

    Raises InputError for a start in the future, one over a day ago, and what is no moment.
    """
    begun = moment_of(start, "start")
    if clock is now_ns and begun < _OLDEST_STEADY_NS and not isinstance(start, datetime):
        now = monotonic_ns()
    if begun > now + _ROUNDING_NS:
        raise InputError(f"start {shown(start)} lies in the future; take it before the work, by the same clock")
    if now - begun > _LONGEST_NS:
        raise InputError(f"start {shown(start)} lies over a day before now; take it before the work, by the same clock")
    return max(now - begun, 0)


def past_moment(value: Any, name: str, now: int) -> int:
    """A moment that is not in the future, but for a minute by which clocks may differ; `now` for None."""
    if value is None:
        return now
    found = moment_of(value, name)
    if found > now + _SKEW_NS:
        raise InputError(f"{name} {rfc3339(found)} lies in the future: it is {rfc3339(now)}")
    return found
