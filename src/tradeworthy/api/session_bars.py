"""The bars in a desk's journal, as the desk kept them, and what its pairs said of conversion."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tradeworthy.api.session_words import Bar
from tradeworthy.appraisal.desk_record import GotBars

Key = tuple[str, str]
"""Instrument and timeframe."""


class SeriesHeard:
    """One series, bar by bar. A bar that begins before the last one was over was not kept."""

    def __init__(self) -> None:
        self.bars: list[Bar] = []
        self.late: list[bool] = []
        self.sequences: list[int] = []

    def heard(self, bar: Bar, sequence: int, *, late: bool) -> None:
        """One more."""
        if self.bars and (bar.open_ns < self.bars[-1].close_ns or bar.open_ns <= self.bars[-1].open_ns):
            return
        self.bars.append(bar)
        self.late.append(late)
        self.sequences.append(sequence)

    def refused(self, sequence: int) -> None:
        """The desk said that it did not keep this one."""
        if self.sequences and self.sequences[-1] == sequence:
            self.bars.pop()
            self.late.pop()
            self.sequences.pop()

    def before(self, close_ns: int) -> int:
        """The close of the bar before the one that closed then, 0 for none."""
        closes = [one.close_ns for one in self.bars[-3:]]
        return max((one for one in closes if one < close_ns), default=0)

    def columns(self, until: int | None = None) -> GotBars:
        """Those of the first `until` events."""
        count = len(self.bars) if until is None else int(np.searchsorted(self.sequences, until, side="right"))
        bars = self.bars[:count]
        prices = np.array([[one.open, one.high, one.low, one.close] for one in bars], np.float64).reshape(-1, 4).T
        return GotBars(
            np.array([one.open_ns for one in bars], np.int64), np.array([one.close_ns for one in bars], np.int64),
            np.ascontiguousarray(prices), np.array(self.late[:count], np.bool_),
        )  # fmt: skip


class RatesHeard:
    """What the desk's own pairs say that a currency is worth, by the rule by which a desk converts."""

    def __init__(self, series: Mapping[Key, SeriesHeard], currency: str) -> None:
        self._series, self._currency = series, currency

    def now(self, quote: str) -> float:
        """Account money for one unit of a currency by the newest close; 0 where none tells."""
        if quote == self._currency:
            return 1.0
        newest, rate = -1, 0.0
        for one, inverse in self._pairs(quote):
            if one.bars and one.bars[-1].close_ns > newest:
                newest, close = one.bars[-1].close_ns, one.bars[-1].close
                rate = 1.0 / close if inverse else close
        return rate

    def column(self, quote: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]] | None:
        """Every close and what it said, by time; None where nothing is converted."""
        if quote == self._currency:
            return None
        rows = sorted(
            (bar.close_ns, 1.0 / bar.close if inverse else bar.close)
            for one, inverse in self._pairs(quote)
            for bar in one.bars
        )
        return np.array([time for time, _ in rows], np.int64), np.array([rate for _, rate in rows], np.float64)

    def _pairs(self, quote: str) -> list[tuple[SeriesHeard, bool]]:
        direct, other = f"{quote}_{self._currency}", f"{self._currency}_{quote}"
        found = [(one, False) for (symbol, _), one in self._series.items() if symbol == direct]
        return found or [(one, True) for (symbol, _), one in self._series.items() if symbol == other]
