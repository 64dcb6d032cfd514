"""When an instrument trades: spans of open time up to a horizon, past which nothing is known."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final, Self

from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CalendarName

Spans = tuple[tuple[int, int], ...]

_FOREVER: Final = 1 << 62
"""Later than the year 2116, and small enough for 64 bits."""


class _Sums:
    """Worked out once, and no part of the record: the ends of the spans, and all open time before each and after the last.

    So a sum over years takes no longer than one over hours.
    """

    __slots__ = ("_ends", "_opened")
    _ends: tuple[int, ...]
    _opened: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenHours(_Sums):
    """spans: (from, until) in nanoseconds UTC, in order; a span holds its first moment and not its last.

    known_from_ns, known_until_ns: outside of them nobody has said whether the market is open. Raises InputError for spans
    that overlap, are empty, out of order, or outside of what is known.
    """

    spans: Spans
    known_from_ns: int
    known_until_ns: int

    def __post_init__(self) -> None:
        if any(end <= start for start, end in self.spans):
            raise InputError("every span of open hours must end after it begins")
        if any(after[0] < before[1] for before, after in pairwise(self.spans)):
            raise InputError("spans of open hours must be in order and not overlap")
        if self.spans and not (self.known_from_ns <= self.spans[0][0] and self.spans[-1][1] <= self.known_until_ns):
            raise InputError("a span of open hours lies outside of the time for which the hours are known")
        object.__setattr__(self, "_ends", tuple(end for _, end in self.spans))
        object.__setattr__(self, "_opened", (*accumulate((end - start for start, end in self.spans), initial=0),))

    def __reduce__(self) -> tuple[type[Self], tuple[Spans, int, int]]:
        return type(self), (self.spans, self.known_from_ns, self.known_until_ns)

    @classmethod
    def always(cls) -> Self:
        """A market that never closes."""
        return cls(((0, _FOREVER),), 0, _FOREVER)

    @classmethod
    def of_calendar(cls, calendar: CalendarName, from_ns: int, until_ns: int) -> Self:
        """What the calendar says from one moment until another (ns UTC); of UNKNOWN nothing is known at any time.

        Raises InputError unless the moments are in order, from 1970 until 2116.
        """
        from tradeworthy.market.session_spans import open_spans

        spans = open_spans(calendar, from_ns, until_ns)
        return cls((), from_ns, from_ns) if spans is None else cls(spans, from_ns, until_ns)

    def is_open(self, time_ns: int) -> bool | None:
        """None where it is not known."""
        if not self.known_from_ns <= time_ns < self.known_until_ns:
            return None
        place = bisect_right(self._ends, time_ns)
        return place < len(self._ends) and self.spans[place][0] <= time_ns

    def open_ns(self, start_ns: int, end_ns: int) -> int:
        """Open time between two moments, below zero if the second is the earlier. What is not known counts as open: data
        can then only seem older than they are, never fresher."""
        if end_ns < start_ns:
            return -self.open_ns(end_ns, start_ns)
        known = self.known_open_ns(start_ns, end_ns)
        if self.known_from_ns <= start_ns and end_ns <= self.known_until_ns:
            return known
        before = max(0, min(end_ns, self.known_from_ns) - start_ns)
        after = max(0, end_ns - max(start_ns, self.known_until_ns))
        return before + known + after

    def known_open_ns(self, start_ns: int, end_ns: int) -> int:
        """The same of the time for which the hours are known alone; `end_ns` may not be the earlier."""
        first = bisect_right(self._ends, start_ns)
        last = bisect_right(self._ends, end_ns, first)
        return self._until(last, end_ns) - self._until(first, start_ns)

    def _until(self, place: int, time_ns: int) -> int:
        """All open time before a moment, where `place` is the first span that ends after it."""
        opened = self._opened[place]
        if place == len(self._ends) or time_ns <= self.spans[place][0]:
            return opened
        return opened + time_ns - self.spans[place][0]
