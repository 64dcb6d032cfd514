"""What to do with a bar that has just come: late, early, twice, out of order, from the future, or no bar at all."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS, rfc3339
from tradeworthy.core.messages import ArrivingBar
from tradeworthy.live.durations import spoken
from tradeworthy.live.freshness import USUAL_LIMITS, FreshnessLimits
from tradeworthy.live.open_hours import OpenHours

REMEMBERED = 16
"""Bars kept to tell a repetition from a contradiction; one that is older than all of them is out of order."""


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


@dataclass(frozen=True, slots=True)
class Arrived:
    """The history after a bar, the verdict on it, and a sentence. missing_ns: open time between it and the bar before."""

    history: BarHistory
    verdict: Arrival
    sentence: str
    missing_ns: int = 0


def judge(
    history: BarHistory, bar: ArrivingBar, time_ns: int, hours: OpenHours, limits: FreshnessLimits = USUAL_LIMITS
) -> Arrived:
    """The verdict on a bar that came at `time_ns`. One that is refused changes nothing."""
    name = f"{history.instrument} {history.timeframe}, bar of {_moment(bar.open_ns)}"
    for verdict, why in (
        _badly_made(history.timeframe, bar),
        _too_early(bar, time_ns, limits),
        _in_order(history, bar),
    ):
        if verdict is not None:
            return Arrived(history, verdict, f"{name}: {why}")
    last = history.last
    missing = hours.open_ns(last.close_ns, bar.open_ns) if last is not None else 0
    gap = f"; {spoken(missing)} of open time before it are missing" if missing else ""
    kept = replace(history, recent=(*history.recent, bar)[-REMEMBERED:])
    age, limit = hours.open_ns(bar.close_ns, time_ns), limits.limit_ns(history.timeframe, bar.close_ns, hours)
    if age > limit:
        late = f"it came {spoken(age)} of open time after its close, more than {spoken(limit)}; kept, but not traded on"
        return Arrived(kept, Arrival.STALE, f"{name}: {late}{gap}", missing)
    return Arrived(kept, Arrival.ACCEPT, f"{name}: accepted{gap}", missing)


_FINE: tuple[None, str] = (None, "")
_Found = tuple[Arrival, str] | tuple[None, str]


def _badly_made(timeframe: Timeframe, bar: ArrivingBar) -> _Found:
    prices = (bar.open, bar.high, bar.low, bar.close)
    length, wanted = bar.close_ns - bar.open_ns, timeframe.length_ns
    if not all(math.isfinite(price) for price in prices):
        return Arrival.BAD, "a price is missing or not finite"
    if min(prices) <= 0:
        return Arrival.BAD, "a price is zero or below"
    if bar.high != max(prices) or bar.low != min(prices):
        return Arrival.BAD, "open, high, low and close contradict each other"
    if not 0 < length <= _longest(timeframe):
        return Arrival.BAD, f"it lasts {spoken(length)}, and a bar of {timeframe} lasts {spoken(wanted)}"
    return _FINE


def _longest(timeframe: Timeframe) -> int:
    """A day or a week in which clocks are put back is an hour longer; bars cut by a closing market are shorter."""
    return timeframe.length_ns + (HOUR_NS if timeframe.length_ns > HOUR_NS else 0)


def _too_early(bar: ArrivingBar, time_ns: int, limits: FreshnessLimits) -> _Found:
    if bar.close_ns <= time_ns + limits.ahead_ns:
        return _FINE
    if bar.open_ns <= time_ns:
        return Arrival.FUTURE, f"it is not over before {_moment(bar.close_ns)}, and now is {_moment(time_ns)}"
    return Arrival.FUTURE, f"it lies in the future, now is {_moment(time_ns)}; check the clocks"


def _in_order(history: BarHistory, bar: ArrivingBar) -> _Found:
    last = history.last
    if last is None or bar.open_ns >= last.close_ns:
        return _FINE
    same = next((one for one in history.recent if one.open_ns == bar.open_ns), None)
    if same == bar:
        return Arrival.DUPLICATE, "it came before, with the same prices"
    if same is not None:
        return Arrival.CONFLICT, f"it came before with other prices ({_prices(same)}, now {_prices(bar)})"
    if bar.open_ns > last.open_ns:
        return Arrival.BAD, f"it begins before the bar of {_moment(last.open_ns)} is over"
    return Arrival.OUT_OF_ORDER, f"the bar of {_moment(last.open_ns)} came before it"


def _prices(bar: ArrivingBar) -> str:
    return f"{bar.open:g} {bar.high:g} {bar.low:g} {bar.close:g}"


_EARLIEST, _LATEST = -62_135_596_800 * 10**9, 253_402_300_799 * 10**9


def _moment(time_ns: int) -> str:
    """Feeds say anything: a time outside the years 1 to 9999 has no name."""
    return rfc3339(time_ns) if _EARLIEST <= time_ns <= _LATEST else f"{time_ns} ns"
