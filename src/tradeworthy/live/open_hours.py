"""When an instrument trades: spans of open time up to a horizon, past which nothing is known."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

from tradeworthy.core.errors import InputError

_FOREVER: Final = 1 << 62
"""Later than the year 2116, and small enough for 64 bits."""


@dataclass(frozen=True, slots=True)
class OpenHours:
    """spans: (from, until) in nanoseconds UTC, in order; a span holds its first moment and not its last.

    known_from_ns, known_until_ns: outside of them nobody has said whether the market is open. Raises InputError for spans
    that overlap, are empty, out of order, or outside of what is known.
    """

    spans: tuple[tuple[int, int], ...]
    known_from_ns: int
    known_until_ns: int

    def __post_init__(self) -> None:
        if any(end <= start for start, end in self.spans):
            raise InputError("every span of open hours must end after it begins")
        if any(after[0] < before[1] for before, after in pairwise(self.spans)):
            raise InputError("spans of open hours must be in order and not overlap")
        if self.spans and not (self.known_from_ns <= self.spans[0][0] and self.spans[-1][1] <= self.known_until_ns):
            raise InputError("a span of open hours lies outside of the time for which the hours are known")

    @classmethod
    def always(cls) -> Self:
        """A market that never closes."""
        return cls(((0, _FOREVER),), 0, _FOREVER)

    def is_open(self, time_ns: int) -> bool | None:
        """None where it is not known."""
        if not self.known_from_ns <= time_ns < self.known_until_ns:
            return None
        place = bisect_right(self.spans, time_ns, key=_end_of)
        return place < len(self.spans) and self.spans[place][0] <= time_ns

    def open_ns(self, start_ns: int, end_ns: int) -> int:
        """Open time between two moments, below zero if the second is the earlier. What is not known counts as open: data
        can then only seem older than they are, never fresher."""
        if end_ns < start_ns:
            return -self.open_ns(end_ns, start_ns)
        before = max(0, min(end_ns, self.known_from_ns) - start_ns)
        after = max(0, end_ns - max(start_ns, self.known_until_ns))
        return before + self.known_open_ns(start_ns, end_ns) + after

    def known_open_ns(self, start_ns: int, end_ns: int) -> int:
        """The same of the time for which the hours are known alone; `end_ns` may not be the earlier."""
        total = 0
        for place in range(bisect_right(self.spans, start_ns, key=_end_of), len(self.spans)):
            start, end = self.spans[place]
            if start >= end_ns:
                break
            total += min(end_ns, end) - max(start_ns, start)
        return total


def _end_of(span: tuple[int, int]) -> int:
    return span[1]
