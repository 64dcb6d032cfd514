"""The order in which the moments of several series of bars come."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from tradeworthy.core.bar import Timeframe
from tradeworthy.market.bar_stretch import BarStretch
from tradeworthy.market.bars import Bars

Whole = npt.NDArray[np.int64]

CLOSES: Final = 0
OPENS: Final = 1
CLOSES_AT_ONCE: Final = 2
"""The close of a bar that opens at the very moment at which it closes, as fixings do: it comes after its own open."""

CHUNK: Final = 1_024
"""Moments that are turned into Python's numbers at a time."""

Row = tuple[int, int, int, int, int, float, float, float, float]
"""Time, what happens, place of the series, bar; and that bar's open time, open, high, low and close."""


class ReplayOrder:
    """Opens and closes of all bars by time; at one moment closes before opens, then by the place of the series."""

    def __init__(self, series: Sequence[Bars]) -> None:
        sizes = [len(bars) for bars in series]
        place = np.repeat(np.arange(len(series)), sizes)
        opened = np.concatenate([bars.open_time for bars in series])
        closed = np.concatenate([bars.close_time for bars in series])
        time = np.concatenate((opened, closed))
        what = np.concatenate((np.full(len(opened), OPENS), np.where(closed > opened, CLOSES, CLOSES_AT_ONCE)))
        order = np.lexsort((np.concatenate((place, place)), what, time))
        self._time, self._what = time[order], what[order]
        self._row = order % max(len(opened), 1)
        numbers = np.argsort(order)
        self._first, self._opening, self._ending = (
            np.cumsum([0, *sizes]),
            numbers[: len(opened)],
            numbers[len(opened) :],
        )
        bar = np.concatenate([np.arange(size) for size in sizes])
        prices = (np.concatenate([getattr(bars, name) for bars in series]) for name in ("open", "high", "low", "close"))
        self._places: tuple[Whole, ...] = (place, bar, opened)
        self._prices: tuple[npt.NDArray[np.float64], ...] = (*prices,)
        self._columns: tuple[npt.NDArray[np.generic], ...] = (*self._places, *self._prices)

    def __len__(self) -> int:
        return len(self._time)

    def time_at(self, index: int) -> int:
        """When the moment of that number is, nanoseconds UTC."""
        return int(self._time[index])

    def first_at(self, time_ns: int) -> int:
        """The number of the first moment then or later; of the last one where there is none."""
        return min(int(np.searchsorted(self._time, time_ns)), max(len(self) - 1, 0))

    def find(self, time_ns: int, what: int, place: int) -> int | None:
        """The number of a moment; None where these series have no such moment."""
        first, end = np.searchsorted(self._time, (time_ns, time_ns + 1))
        for index in range(int(first), int(end)):
            if self._what[index] == what and self._columns[0][self._row[index]] == place:
                return index
        return None

    def rows(self, start: int) -> Sequence[Row]:
        """The moments from that number on, so many at a time; none where there are no more."""
        chunk = slice(start, start + CHUNK)
        row = self._row[chunk]
        columns = (column[row].tolist() for column in self._columns)
        return [*zip(self._time[chunk].tolist(), self._what[chunk].tolist(), *columns, strict=True)]

    def row(self, number: int) -> Row:
        """One moment."""
        row = self._row[number]
        place, bar, opened, *prices = (column[row].item() for column in self._columns)
        open_, high, low, close = prices
        return self.time_at(number), int(self._what[number]), place, bar, opened, open_, high, low, close

    def bar_at(self, place: int, number: int) -> int:
        """The first bar of a series that closes at that moment or later."""
        first, end = self._first[place], self._first[place + 1]
        return int(np.searchsorted(self._ending[first:end], number))

    def next_of(self, place: int, bar: int, number: int) -> int:
        """The number of the moment at which a bar opens, or at which it closes where it is open by that moment."""
        row = self._first[place] + bar
        opening = int(self._opening[row])
        return opening if opening >= number else int(self._ending[row])

    def closes(self, start: int, end: int) -> Whole:
        """The numbers of the closes from one moment up to another."""
        return start + np.flatnonzero(self._what[start:end] != OPENS)

    def stretch(self, numbers: Whole, series: tuple[tuple[str, Timeframe], ...]) -> BarStretch:
        """The bars that close at these moments."""
        row = self._row[numbers]
        place, _, opened = (column[row] for column in self._places)
        return BarStretch(series, place, opened, self._time[numbers], *(column[row] for column in self._prices))
