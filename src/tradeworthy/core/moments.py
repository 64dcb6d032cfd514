"""Moments as somebody's own bot has them, in nanoseconds UTC."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tradeworthy.core.clock import SECOND_NS, from_datetime, now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown, whole_number

Clock = Callable[[], Any]
"""Gives now as nanoseconds UTC (a whole number), seconds since 1970 (a float, as `time.time`), or an aware datetime."""


def moment_ns(value: Any, what: str) -> int:
    """The moment: an aware datetime, seconds since 1970 as a float, or nanoseconds as a whole number.

    Raises InputError, naming `what`, for a naive time, which names no moment, and for whatever else is none.
    """
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise InputError(
                f"{what} ({value.isoformat()}) has no time zone and so names no moment; write datetime.now(UTC), or give it one"
            )
        return from_datetime(value)
    whole = whole_number(value)
    if whole is not None and 0 <= whole < 2**63:
        return whole
    if whole is None and not isinstance(value, str | bytes):
        seconds = finite_number(value, what)
        if 0.0 <= seconds < 2**63 / SECOND_NS:
            return round(seconds * SECOND_NS)
    raise InputError(
        f"{what} must be an aware datetime, seconds since 1970 as a float, or nanoseconds as a whole number, not {shown(value)}"
    )


def now_by(clock: Clock) -> int:
    """What the clock says. Raises InputError where that is no moment."""
    return now_ns() if clock is now_ns else moment_ns(clock(), "the clock")
