"""Limits on the moment: windows in which nothing is entered, by date, by the week, and around announced events."""

from dataclasses import dataclass
from datetime import time
from enum import IntEnum
from typing import ClassVar

from tradeworthy.controls.entries import Entry
from tradeworthy.controls.knowing import Unknown, known_moment
from tradeworthy.controls.outcomes import Outcome, judged, missing, not_applicable
from tradeworthy.controls.ranges import minute_of, require_clock, require_number, require_switch
from tradeworthy.core.clock import MINUTE_NS, rfc3339, to_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import whole_number

_DAY_MINUTES = 24 * 60


class Weekday(IntEnum):
    """As `datetime.weekday` counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Blackout:
    """From one moment until another (ns UTC), the last not included."""

    from_ns: int
    until_ns: int
    reason: str

    def __post_init__(self) -> None:
        first, last = whole_number(self.from_ns), whole_number(self.until_ns)
        if first is None or last is None or first >= last:
            raise InputError(f"blackout: from_ns must lie before until_ns, not {self.from_ns!r}, {self.until_ns!r}")

    def holds(self, moment_ns: int) -> bool:
        """Whether the moment lies in it."""
        return self.from_ns <= moment_ns < self.until_ns


@dataclass(frozen=True, slots=True)
class WeeklyBlackout:
    """Every week from one day and time until another, on the clocks of a time zone; the last minute is not included.

    Clocks that go forward skip what they skip; an hour that comes twice is blacked out both times. A window may run
    over the end of the week. Raises InputError for a zone or a time that cannot be used.
    """

    from_day: Weekday
    from_time: time
    until_day: Weekday
    until_time: time
    zone: str
    reason: str

    def __post_init__(self) -> None:
        from tradeworthy.market.zones import known_zone

        require_clock("weekly blackout: from_time", self.from_time)
        require_clock("weekly blackout: until_time", self.until_time)
        known_zone(self.zone)
        if self._minutes()[0] == self._minutes()[1]:
            raise InputError("weekly blackout: it must end at another time of the week than it begins")

    def holds(self, moment_ns: int) -> bool:
        """Whether the moment lies in it."""
        from tradeworthy.market.zones import known_zone

        local = to_datetime(moment_ns).astimezone(known_zone(self.zone))
        minute = local.weekday() * _DAY_MINUTES + local.hour * 60 + local.minute
        first, last = self._minutes()
        return first <= minute < last if first < last else minute >= first or minute < last

    def _minutes(self) -> tuple[int, int]:
        return (
            self.from_day * _DAY_MINUTES + minute_of(self.from_time),
            self.until_day * _DAY_MINUTES + minute_of(self.until_time),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackouts:
    """Windows in which nothing is entered. With none given it does not apply."""

    windows: tuple[Blackout | WeeklyBlackout, ...] = ()
    enabled: bool = True
    name: ClassVar[str] = "blackout"

    def __post_init__(self) -> None:
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        if not self.windows:
            return not_applicable(self.name, "no windows are given")
        now = known_moment(entry.moment_ns, "the present moment")
        if isinstance(now, Unknown):
            return missing(self.name, "outside every blackout", now)
        inside = next((one.reason for one in self.windows if one.holds(now)), None)
        return judged(self.name, "outside every blackout", _at(now, inside), passes=inside is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBlackout:
    """Nothing is entered around announced events that concern the instrument or one of its currencies.

    From minutes_before on, until minutes_after, the last moment not included. Off, because it needs a calendar of events.
    """

    minutes_before: float = 5.0
    minutes_after: float = 5.0
    enabled: bool = False
    name: ClassVar[str] = "event blackout"

    def __post_init__(self) -> None:
        for name in ("minutes_before", "minutes_after"):
            require_number(f"{self.name}: {name}", getattr(self, name), 0.0, 7 * _DAY_MINUTES)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry."""
        required = f"not from {self.minutes_before:g} min before to {self.minutes_after:g} min after an event"
        now = known_moment(entry.moment_ns, "the present moment")
        if isinstance(now, Unknown):
            return missing(self.name, required, now)
        if entry.book.events is None:
            return missing(self.name, required, Unknown("the calendar of events"))
        names = {entry.symbol, entry.order.instrument.base, entry.order.instrument.quote}
        inside = None
        for event in entry.book.events:
            if event.concerns and not names & set(event.concerns):
                continue
            time_ns = known_moment(event.time_ns, f"the time of {event.title}")
            if isinstance(time_ns, Unknown):
                return missing(self.name, required, time_ns)
            inside = inside or (event.title if self._around(time_ns, now) else None)
        return judged(self.name, required, _at(now, inside), passes=inside is None)

    def _around(self, event_ns: int, now: int) -> bool:
        before, after = int(self.minutes_before * MINUTE_NS), int(self.minutes_after * MINUTE_NS)
        return event_ns - before <= now < event_ns + after


def _at(moment_ns: int, inside: str | None) -> str:
    return rfc3339(moment_ns) if inside is None else f"{rfc3339(moment_ns)}, {inside}"
