"""When something began, and when it happened, as people say it: not in the future, and not over a day ago."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from tradeworthy.core.clock import DAY_NS, MINUTE_NS, monotonic_ns, now_ns, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.core.moments import moment_ns

_OLDEST_STEADY_NS: Final = 3 * 366 * DAY_NS
"""A clock of the time since a machine was started says less, and one of the time since 1970 more."""
_LONGEST_NS: Final = DAY_NS
_ROUNDING_NS: Final = 1_000
"""Seconds since 1970 as a float are rounded, up as well, by some hundred nanoseconds."""
_SKEW_NS: Final = MINUTE_NS
"""By so much the clock of whoever names a moment may be ahead of ours."""


def elapsed_ns(start: Any, clock: Callable[[], Any], now: int) -> int:
    """Nanoseconds from `start` to `now`, which `clock` says. With the host's own clock, a start may as well be of the clock
    that nobody sets (`time.perf_counter()`, `time.monotonic()`), and is then held against that.

    Raises InputError for a start in the future, one over a day ago, and what is no moment.
    """
    begun = moment_ns(start, "start")
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
    found = moment_ns(value, name)
    if found > now + _SKEW_NS:
        raise InputError(f"{name} {rfc3339(found)} lies in the future: it is {rfc3339(now)}")
    return found
