"""What to do with a bar that has just come: late, early, twice, out of order, from the future, or no bar at all."""

import math
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS, rfc3339
from tradeworthy.core.messages import ArrivingBar
from tradeworthy.live.durations import spoken
from tradeworthy.live.freshness import USUAL_LIMITS, FreshnessLimits
from tradeworthy.live.open_hours import OpenHours

REMEMBERED = 16
"""Bars kept to tell a repetition from a contradiction; one that is older than all of them is out of order."""


_LENGTHS = {one: (one.length_ns, one.length_ns + (HOUR_NS if one.length_ns > HOUR_NS else 0)) for one in Timeframe}
"""Of each timeframe how long its bars last, and the longest that one may: a day or a week in which clocks are put back is
an hour longer. Bars cut by a closing market are shorter."""


def longest_ns(timeframe: Timeframe) -> int:
    """The longest that a bar of it may last."""
    return _LENGTHS[timeframe][1]


class Arrival(StrEnum):
    """The verdict on one bar."""

    ACCEPT = "accept"
    STALE = "stale"
    DUPLICATE = "duplicate"
    CONFLICT = "conflicting duplicate"
    OUT_OF_ORDER = "out of order"
    FUTURE = "future"
    BAD = "bad"

    @property
    def keeps(self) -> bool:
        """The bar enters history, so that indicators stay whole."""
        return self in {Arrival.ACCEPT, Arrival.STALE}

    @property
    def trades(self) -> bool:
        """Entries may be decided on it."""
        return self is Arrival.ACCEPT

    @property
    def asks_again(self) -> bool:
        """History no longer agrees with the feed and has to be fetched anew before entries."""
        return self in {Arrival.CONFLICT, Arrival.OUT_OF_ORDER, Arrival.BAD}


@dataclass(frozen=True, slots=True)
class BarHistory:
    """The latest bars of one instrument and timeframe that were kept, the oldest first."""

    instrument: str
    timeframe: Timeframe
    recent: tuple[ArrivingBar, ...] = ()

    @property
    def last(self) -> ArrivingBar | None:
        """The newest, None before the first."""
        return self.recent[-1] if self.recent else None


class Arrived(msgspec.Struct, frozen=True, gc=False):
    """The history after a bar, and the verdict on it. missing_ns: open time between it and the bar before.

    why: what is said of a bar that is not accepted.
    """

    history: BarHistory
    verdict: Arrival
    bar: ArrivingBar
    missing_ns: int = 0
    why: str = ""

    @property
    def sentence(self) -> str:
        """Which bar it is and what became of it; put together when it is read, as most bars are accepted in silence."""
        gap = f"; {spoken(self.missing_ns)} of open time before it are missing" if self.missing_ns else ""
        name = f"{self.history.instrument} {self.history.timeframe}, bar of {moment_of(self.bar.open_ns)}"
        return f"{name}: {self.why or 'accepted'}{gap}"


def judge(
    history: BarHistory, bar: ArrivingBar, time_ns: int, hours: OpenHours, limits: FreshnessLimits = USUAL_LIMITS
) -> Arrived:
    """The verdict on a bar that came at `time_ns`. One that is refused changes nothing."""
    timeframe, recent = history.timeframe, history.recent
    open_ns, close_ns, low, high = bar.open_ns, bar.close_ns, bar.low, bar.high
    length, longest = _LENGTHS[timeframe]
    last_close = recent[-1].close_ns if recent else open_ns
    if not (
        0.0 < low <= bar.open <= high < math.inf
        and low <= bar.close <= high
        and last_close <= open_ns
        and (open_ns < close_ns <= open_ns + longest or _is_fixing(bar, recent))
        and close_ns - time_ns <= limits.ahead_ns
    ):
        return _refused(history, bar, time_ns, limits)
    kept = BarHistory(history.instrument, timeframe, (*recent, bar)[-REMEMBERED:])
    missing = 0 if last_close == open_ns else hours.open_ns(last_close, open_ns)
    if open_ns == close_ns and missing:  # from one fixing to the next nothing is missing
        missing = max(0, missing - length)
    # Open time is no longer than time: what came within the grace is in time, whatever the hours are.
    grace = limits.grace_ns.get(timeframe) if limits.grace_ns else None
    if time_ns - close_ns <= (min(limits.usual_grace_ns, length) if grace is None else grace):
        return Arrived(kept, Arrival.ACCEPT, bar, missing)
    age, limit = hours.open_ns(close_ns, time_ns), limits.limit_ns(timeframe, close_ns, hours)
    if age <= limit:
        return Arrived(kept, Arrival.ACCEPT, bar, missing)
    late = f"it came {spoken(age)} of open time after its close, more than {spoken(limit)}; kept, but not traded on"
    return Arrived(kept, Arrival.STALE, bar, missing, late)


def _is_fixing(bar: ArrivingBar, recent: tuple[ArrivingBar, ...] = ()) -> bool:
    """Whether it is one price of one moment, as a fixing is, and later than the bar before it."""
    at_once = bar.open_ns == bar.close_ns and bar.low == bar.high
    return at_once and (not recent or bar.open_ns > recent[-1].open_ns)


def _refused(history: BarHistory, bar: ArrivingBar, time_ns: int, limits: FreshnessLimits) -> Arrived:
    found = _badly_made(history.timeframe, bar) or _too_early(bar, time_ns, limits)
    verdict, why = found or _before_the_last_was_over(history, bar)
    return Arrived(history, verdict, bar, 0, why)


_Found = tuple[Arrival, str] | None


def _badly_made(timeframe: Timeframe, bar: ArrivingBar) -> _Found:
    prices = (bar.open, bar.high, bar.low, bar.close)
    length, (wanted, longest) = bar.close_ns - bar.open_ns, _LENGTHS[timeframe]
    if not all(math.isfinite(price) for price in prices):
        return Arrival.BAD, "a price is missing or not finite"
    if min(prices) <= 0:
        return Arrival.BAD, "a price is zero or below"
    if bar.high != max(prices) or bar.low != min(prices):
        return Arrival.BAD, "open, high, low and close contradict each other"
    if not 0 < length <= longest and not _is_fixing(bar):
        return Arrival.BAD, f"it lasts {spoken(length)}, and a bar of {timeframe} lasts {spoken(wanted)}"
    return None


def _too_early(bar: ArrivingBar, time_ns: int, limits: FreshnessLimits) -> _Found:
    if bar.close_ns <= time_ns + limits.ahead_ns:
        return None
    if bar.open_ns <= time_ns:
        return Arrival.FUTURE, f"it is not over before {moment_of(bar.close_ns)}, and now is {moment_of(time_ns)}"
    return Arrival.FUTURE, f"it lies in the future, now is {moment_of(time_ns)}; check the clocks"


def _before_the_last_was_over(history: BarHistory, bar: ArrivingBar) -> tuple[Arrival, str]:
    last, same = history.recent[-1], next((one for one in history.recent if one.open_ns == bar.open_ns), None)
    if same == bar:
        return Arrival.DUPLICATE, "it came before, with the same prices"
    if same is not None:
        return Arrival.CONFLICT, f"it came before with other prices ({_prices(same)}, now {_prices(bar)})"
    if bar.open_ns > last.open_ns:
        return Arrival.BAD, f"it begins before the bar of {moment_of(last.open_ns)} is over"
    return Arrival.OUT_OF_ORDER, f"the bar of {moment_of(last.open_ns)} came before it"


def _prices(bar: ArrivingBar) -> str:
    return f"{bar.open:g} {bar.high:g} {bar.low:g} {bar.close:g}"


_EARLIEST, _LATEST = -62_135_596_800 * 10**9, 253_402_300_799 * 10**9


def moment_of(time_ns: int) -> str:
    """The moment in words. Feeds say anything: a time outside the years 1 to 9999 has no name."""
    return rfc3339(time_ns) if _EARLIEST <= time_ns <= _LATEST else f"{time_ns} ns"
