"""The moments at which positions are financed: 17:00 New York, and how many nights each counts for."""

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.charges import WEEKDAYS
from tradeworthy.core.clock import DAY_NS, HOUR_NS
from tradeworthy.market.bars import Bars
from tradeworthy.market.zones import day_index, to_utc

Whole = npt.NDArray[np.int64]

_ZONE, _HOUR = "America/New_York", 17
_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday; Monday is 0."""


def rollovers(first_ns: int, last_ns: int, triple_weekday: str | None) -> tuple[Whole, Whole]:
    """Moments (m,) in ns UTC from the one at or before `first_ns` to the one at or after `last_ns`, and their weights."""
    ends = day_index(np.array([first_ns, last_ns], np.int64), _ZONE, _HOUR)
    days = np.arange(ends[0], ends[1] + 2, dtype=np.int64)
    moments = to_utc(days * DAY_NS + _HOUR * HOUR_NS, _ZONE)
    if triple_weekday is None:
        return moments, np.ones(len(days), np.int64)
    weekday = (days + _EPOCH_WEEKDAY) % 7
    weights = np.where(weekday > 4, 0, 1)
    weights[weekday == WEEKDAYS.index(triple_weekday)] = 3
    return moments[weights > 0], weights[weights > 0]


def rollover_table(bars: Bars, triple_weekday: str | None) -> tuple[Whole, Whole]:
    """Moments (m,) of financing around the bars, and how many nights had counted by each, (m + 1,), from 0."""
    moments, weights = rollovers(int(bars.open_time[0]), int(bars.close_time[-1]), triple_weekday)
    return moments, np.concatenate((np.zeros(1, np.int64), np.cumsum(weights)))
