"""Crises: windows of time in which markets broke, and whether bars hold them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tradeworthy.core.clock import DAY_NS, from_datetime, rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import non_negative, shown
from tradeworthy.market.bars import Bars
from tradeworthy.risk.scenarios import MOST_FACTOR, plain_fields

_LONGEST_HOLE_NS = 4 * DAY_NS
"""Easter, for a market that is open on weekdays."""
_FEWEST_PRICES = 5
"""Of bars of one price each: two fixings know nothing of the minutes between them."""


@dataclass(frozen=True, slots=True)
class Crisis:
    """start <= time < end, aware datetimes. spread: how many times as wide it was, an assumption and no measurement."""

    name: str
    start: datetime
    end: datetime
    spread: float = 1.0

    def __post_init__(self) -> None:
        name: object = self.name
        if not isinstance(name, str) or not name.strip():
            raise InputError("a crisis needs a name, as text")
        for word in ("start", "end"):
            given = getattr(self, word)
            if not isinstance(given, datetime) or given.tzinfo is None:
                raise InputError(f"{self.name}: {word} must be a datetime with a time zone, not {shown(given)}")
        if self.end <= self.start:
            raise InputError(
                f"{self.name}: the window is reversed, it ends ({self.end.isoformat()}) no later than it starts "
                f"({self.start.isoformat()}); swap the two"
            )
        if non_negative(self.spread, f"{self.name}: spread") > MOST_FACTOR:
            raise InputError(f"{self.name}: spread must be at most {MOST_FACTOR:g}, not {shown(self.spread)}")
        plain_fields(self, ("spread",))

    @property
    def start_ns(self) -> int:
        """Nanoseconds UTC."""
        return from_datetime(self.start)

    @property
    def end_ns(self) -> int:
        """Nanoseconds UTC."""
        return from_datetime(self.end)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, times in RFC 3339."""
        return {"name": self.name, "start": rfc3339(self.start_ns), "end": rfc3339(self.end_ns), "spread": self.spread}


def _utc(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


CRISES: tuple[Crisis, ...] = (
    Crisis("Brexit", _utc(2016, 6, 20), _utc(2016, 7, 1), spread=5.0),
    Crisis("Sterling flash crash", _utc(2016, 10, 6), _utc(2016, 10, 8), spread=20.0),
    Crisis("Yen flash crash", _utc(2019, 1, 2), _utc(2019, 1, 4), spread=10.0),
    Crisis("COVID-19", _utc(2020, 2, 1), _utc(2020, 5, 1), spread=3.0),
    Crisis("Ukraine", _utc(2022, 2, 1), _utc(2022, 5, 1), spread=2.0),
)
"""The five that every book goes through. A flash crash of minutes lies on both sides of midnight UTC in some feeds' days."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where a window lies in bars: the places `first` up to but without `stop`. missing: why it cannot be replayed, a
    sentence; empty where the bars hold all of it."""

    first: int
    stop: int
    missing: str = ""


def coverage_of(bars: Bars, crisis: Crisis) -> Coverage:
    """The bars that share time with the window.

    A bar that begins before the window and ends in it belongs to it. The bars hold it where they begin and end within a
    tenth of its length of its edges, at most 4 days, and have no hole of over 4 days in it. Bars of one price each do not hold
    a window in which they know fewer than 5 prices.
    """
    start, end = crisis.start_ns, crisis.end_ns
    if not len(bars):
        return Coverage(0, 0, "there are no bars")
    first = int(np.searchsorted(bars.close_time, start, side="left" if bars.close_only else "right"))
    stop = int(np.searchsorted(bars.open_time, end, side="left"))
    wanted = f"{rfc3339(start)} to {rfc3339(end)}"
    if first >= stop:
        there = f"{rfc3339(bars.open_time[0])} to {rfc3339(bars.close_time[-1])}"
        return Coverage(first, first, f"the window is {wanted} and the bars go from {there}")
    if bars.close_only and stop - first < _FEWEST_PRICES:
        return Coverage(
            first, stop,
            f"the window is {wanted} and the bars know one price each, {counted(stop - first, 'price')} in all that time",
        )  # fmt: skip
    edge = min((end - start) // 10, _LONGEST_HOLE_NS)
    opened, closed = int(bars.open_time[first]), int(bars.close_time[stop - 1])
    if opened > start + edge or closed < end - edge - _slack(bars):
        covered = f"{rfc3339(max(opened, start))} to {rfc3339(min(closed, end))}"
        return Coverage(first, stop, f"the window is {wanted} and the bars hold only {covered} of it")
    holes = bars.open_time[first + 1 : stop] - bars.close_time[first : stop - 1]
    if len(holes) and int(holes.max()) > _LONGEST_HOLE_NS + _slack(bars):
        place = first + int(np.argmax(holes))
        hole = f"{rfc3339(bars.close_time[place])} to {rfc3339(bars.open_time[place + 1])}"
        return Coverage(first, stop, f"the window is {wanted} and the bars have a hole in it from {hole}")
    return Coverage(first, stop)


def _slack(bars: Bars) -> int:
    """Fixings come once in their length and are known at one moment of it."""
    return bars.timeframe.length_ns if bars.close_only else 0


def warm_up_missing(bars: Bars, found: Coverage, warm_up: int) -> str:
    """Why a strategy could not trade from the window's first bar on; empty where it could."""
    if found.missing or found.first >= warm_up:
        return found.missing
    return (
        f"the strategy needs {counted(warm_up, 'bar')} to warm up and the {bars.label} bars have {found.first:,} "
        "before the window; bring more history"
    )
