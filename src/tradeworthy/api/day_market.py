"""What a desk heard on a day that does not depend on its orders: the bars, wishes, lost lines and starts, in their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

import numpy as np

from tradeworthy.api.desk_past import Past
from tradeworthy.api.past_index import PastDay
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.messages import ArrivingBar, BarCame, DealCame, FeedEnded, OrderNews
from tradeworthy.live.desk_events import (
    BookCame,
    CallFailed,
    CancelTaken,
    Happened,
    Placed,
    Replaced,
    ReportCame,
    SignedIn,
    TimeReached,
)
from tradeworthy.market.bars import Bars
from tradeworthy.wiring.desk_plans import Key

_OF_THE_BROKER: Final = (
    DealCame, OrderNews, Placed, CancelTaken, Replaced, ReportCame, BookCame, SignedIn, CallFailed, TimeReached,
)  # fmt: skip
"""These come anew, of the orders that are sent this time."""
_LATER_NS: Final = 5 * DAY_NS
"""So long after a day its last bars may close."""


@dataclass(frozen=True, slots=True)
class DayInput:
    """Something that the desk heard. bar: key and open of a bar that the market knows too. waits: it came after deals that
    followed the bar before it, so it has to wait for those."""

    happened: Happened
    bar: tuple[Key, int] | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class DayMarket:
    """series: the bars of the day as the journal has them, behind those of before as they lie in the store today. inputs: in the
    order in which the desk heard them. begins_ns: of the first moment at which something may be dealt."""

    series: tuple[Bars, ...]
    inputs: tuple[DayInput, ...]
    begins_ns: int
    ends_ns: int


def heard_on(past: Past, day: PastDay, stored: Mapping[Key, Bars]) -> DayMarket:
    """Out of the journal; `stored` says what the instruments are, and holds what was before."""
    seen: dict[Key, list[ArrivingBar]] = {key: [] for key in stored}
    inputs = _inputs(past, day, seen)
    _opened_later(past, day, seen)
    opened_ns, ends_ns = _over(past, day)
    series = tuple(_spliced(bars, seen[key], replace(day, ends_ns=opened_ns)) for key, bars in stored.items())
    begins = day.begins_ns if day.first > 1 else past.index.heard_ns[0]
    return DayMarket(series, tuple(inputs), begins, ends_ns)


def _over(past: Past, day: PastDay) -> tuple[int, int]:
    """Before which moment bars open that are not in the journal, and the market's end: those of the day, or of the journal where
    it ends within the day. What came after its last moment nobody heard, though the store may know it; a bar that opens at that
    moment had opened where the journal tells of deals then."""
    if day.last < past.last:
        return day.ends_ns, day.ends_ns
    last_ns = past.index.heard_ns[-1]
    at_last = past.events(past.index.at_or_before(last_ns - 1) + 1, past.last)
    dealt = any(isinstance(one.event, DealCame) and one.event.fill.time_ns == last_ns for one in at_last)
    return min(day.ends_ns, last_ns + dealt), min(day.ends_ns, last_ns + 1)


def _inputs(past: Past, day: PastDay, seen: Mapping[Key, list[ArrivingBar]]) -> list[DayInput]:
    inputs, dealt = list[DayInput](), False
    for happened in past.events(day.first, day.last):
        event = happened.event
        if isinstance(event, _OF_THE_BROKER):
            dealt = dealt or isinstance(event, DealCame)
        elif isinstance(event, BarCame) and not event.backfill and _is_next(seen, event):
            seen[event.symbol, event.timeframe].append(event.bar)
            inputs.append(DayInput(happened, ((event.symbol, event.timeframe), event.bar.open_ns)))
            dealt = False
        elif not isinstance(event, FeedEnded):  # that the bars are over is said by their end
            inputs.append(DayInput(happened, waits=dealt))
    return inputs


def _opened_later(past: Past, day: PastDay, seen: Mapping[Key, list[ArrivingBar]]) -> None:
    """Bars that opened on the day and closed after it: what was dealt at their open belongs to the day."""
    waiting = set(seen)
    for happened in past.events(day.last + 1):
        event = happened.event
        if happened.received_ns > day.ends_ns + _LATER_NS or not waiting:
            return
        if isinstance(event, BarCame) and (event.symbol, event.timeframe) in waiting:
            if event.bar.open_ns >= day.ends_ns:
                waiting.discard((event.symbol, event.timeframe))
            elif _is_next(seen, event):
                seen[event.symbol, event.timeframe].append(event.bar)


def _is_next(seen: Mapping[Key, list[ArrivingBar]], event: BarCame) -> bool:
    """Whether it is one more bar of its series that a market can have had."""
    bars, one = seen.get((event.symbol, event.timeframe)), event.bar
    if bars is None or (bars and not bars[-1].open_ns < one.open_ns >= bars[-1].close_ns):
        return False
    inside = 0.0 < one.low <= min(one.open, one.close) <= max(one.open, one.close) <= one.high < inf
    return inside and one.open_ns <= one.close_ns


def _spliced(stored: Bars, heard: Sequence[ArrivingBar], day: PastDay) -> Bars:
    """History, the day's bars as they were heard, and one that is open at its end where only the store has it."""
    first_ns = heard[0].open_ns if heard else day.begins_ns
    opened, closed = stored.open_time, stored.close_time
    until = int(min(np.searchsorted(closed, first_ns, side="right"), np.searchsorted(opened, first_ns)))
    start = until
    if heard:
        last = heard[-1]
        start = max(
            until, *(int(np.searchsorted(opened, last.open_ns, "right")), int(np.searchsorted(opened, last.close_ns)))
        )
    end = max(start, int(np.searchsorted(opened, day.ends_ns)))

    def column(name: str, told: list[float] | list[int]) -> Any:
        known = getattr(stored, name)
        return np.concatenate((known[:until], np.array(told, known.dtype), known[start:end]))

    return replace(
        stored, volume=None, source="the journal",
        open_time=column("open_time", [one.open_ns for one in heard]),
        close_time=column("close_time", [one.close_ns for one in heard]),
        open=column("open", [one.open for one in heard]), high=column("high", [one.high for one in heard]),
        low=column("low", [one.low for one in heard]), close=column("close", [one.close for one in heard]),
    )  # fmt: skip
