"""How old an instrument's bars may be, counted in open time from the close of the last one, by timeframe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.live.durations import spoken
from tradeworthy.live.mode import Mode, Restriction
from tradeworthy.live.open_hours import OpenHours


class FreshnessVerdict(StrEnum):
    """May entries be decided on these bars now?"""

    FRESH = "FRESH"
    STALE = "STALE"
    NEVER = "NEVER SEEN"
    FROM_THE_FUTURE = "FROM THE FUTURE"
    OUT_OF_SESSION = "OUT OF SESSION"
    HOURS_UNKNOWN = "HOURS UNKNOWN"


@dataclass(frozen=True, slots=True)
class FreshnessLimits:
    """How much open time may pass after a bar's close: the bar's own length in open time, and a grace on top.

    grace_ns: by timeframe. usual_grace_ns: of the others, and at most the timeframe, so that an M1 desk is not an hour
    behind. ahead_ns: a close this much after now is still a clock that is a little off. Raises InputError for
    anything below zero.
    """

    usual_grace_ns: int = HOUR_NS
    grace_ns: Mapping[Timeframe, int] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    ahead_ns: int = 1_000_000_000

    def __post_init__(self) -> None:
        if min(self.usual_grace_ns, self.ahead_ns, *self.grace_ns.values()) < 0:
            raise InputError("limits of freshness must be zero or more nanoseconds")

    def limit_ns(self, timeframe: Timeframe, close_ns: int | None = None, hours: OpenHours | None = None) -> int:
        """The oldest that the last bar may be; exactly as old is still fresh.

        A daily bar of a market that is open for six hours a day lasts six hours in open time, not 24: with the hours, its
        length is the most open time in any of the timeframes around its close.
        """
        length = timeframe.length_ns
        own = length if close_ns is None or hours is None else _own_length_ns(length, close_ns, hours)
        return own + self.grace_ns.get(timeframe, min(self.usual_grace_ns, length))


_TIMEFRAMES_AROUND = range(-7, 1)
"""Seven before the close, so that a half day or a weekend is not taken for the usual length, and the one after it."""


def _own_length_ns(length: int, close_ns: int, hours: OpenHours) -> int:
    most = 0
    for place in _TIMEFRAMES_AROUND:
        start = close_ns + place * length
        most = max(most, hours.known_open_ns(start, start + length))
        if most == length:  # more there cannot be
            break
    return most or length


USUAL_LIMITS = FreshnessLimits()


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is said of one instrument and timeframe. age_ns: open time since the last bar's close, None for no bar."""

    instrument: str
    timeframe: Timeframe
    verdict: FreshnessVerdict
    age_ns: int | None
    limit_ns: int
    close_ns: int | None

    @property
    def sentence(self) -> str:
        """In words, put together when they are read, as most bars are fresh."""
        name = f"{self.instrument} {self.timeframe}"
        return _sentence(self.verdict, name, self.close_ns, self.age_ns or 0, self.limit_ns)

    @property
    def allows_entries(self) -> bool:
        """Only fresh bars do."""
        return self.verdict is FreshnessVerdict.FRESH

    def restriction(self, time_ns: int) -> Restriction | None:
        """No entries in this instrument, where its bars allow none."""
        if self.allows_entries:
            return None
        source = f"freshness {self.timeframe}"
        return Restriction(source, Mode.REDUCING, self.sentence, time_ns, instrument=self.instrument)


def freshness_of(
    instrument: str,
    timeframe: Timeframe,
    last_close_ns: int | None,
    time_ns: int,
    hours: OpenHours,
    limits: FreshnessLimits = USUAL_LIMITS,
) -> Freshness:
    """May entries be decided now on the bars of which the last closed at `last_close_ns`?"""
    limit = limits.limit_ns(timeframe, last_close_ns, hours)
    age = None if last_close_ns is None else hours.open_ns(last_close_ns, time_ns)
    verdict = _verdict(last_close_ns, age, time_ns, hours, limit, limits.ahead_ns)
    return Freshness(instrument, timeframe, verdict, age, limit, last_close_ns)


def _verdict(
    close_ns: int | None, age: int | None, time_ns: int, hours: OpenHours, limit: int, ahead: int
) -> FreshnessVerdict:
    is_open = hours.is_open(time_ns)
    if is_open is None:
        return FreshnessVerdict.HOURS_UNKNOWN
    if close_ns is not None and close_ns > time_ns + ahead:
        return FreshnessVerdict.FROM_THE_FUTURE
    if not is_open:
        return FreshnessVerdict.OUT_OF_SESSION
    if age is None:
        return FreshnessVerdict.NEVER
    return FreshnessVerdict.FRESH if age <= limit else FreshnessVerdict.STALE


def _sentence(verdict: FreshnessVerdict, name: str, close_ns: int | None, age: int, limit: int) -> str:
    closed = "no bar has come" if close_ns is None else f"the last bar closed at {rfc3339(close_ns)}"
    return {
        FreshnessVerdict.FRESH: f"{name} is fresh: {closed}, {spoken(age)} ago in open time",
        FreshnessVerdict.STALE: f"{name} is stale: {closed}, {spoken(age)} ago in open time, more than {spoken(limit)}",
        FreshnessVerdict.NEVER: f"{name} cannot be traded: {closed} yet",
        FreshnessVerdict.FROM_THE_FUTURE: f"{name} cannot be traded: {closed}, which is yet to come; check the clocks",
        FreshnessVerdict.OUT_OF_SESSION: f"{name} is outside of its session: {closed}",
        FreshnessVerdict.HOURS_UNKNOWN: f"{name} cannot be traded: its open hours are not known for today; renew them",
    }[verdict]
