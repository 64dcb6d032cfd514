"""Returns of an equity curve by trading day, and how many such days a year has."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.market.zones import day_index
from tradeworthy.validation.arguments import column, finite
from tradeworthy.validation.curve_measures import YEAR_DAYS, Times, checked_levels, checked_times


def changes(levels: Floats) -> Floats:
    """Each level but the first over the one before it, less 1."""
    return levels[1:] / levels[:-1] - 1.0


def last_of_each(groups: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Places of the last of each run of equal values, of which there is at least one."""
    return np.append(np.flatnonzero(groups[1:] != groups[:-1]), len(groups) - 1)


@dataclass(frozen=True, eq=False)
class DailyReturns:
    """One return for each trading day on which a bar closed.

    date: int64 (d,), days since 1970-01-01, each trading day by the date on which its greater half falls. level:
    float64 (d + 1,), the account at the start and at the last close of each day. returns: float64 (d,), each level over
    the one before it, less 1.
    """

    date: Times
    level: Floats
    returns: Floats

    @property
    def periods(self) -> float | None:
        """Trading days a year as measured: 365.25 x (d - 1) over the calendar days from first to last; None for one."""
        days = len(self.date)
        return YEAR_DAYS * (days - 1) / float(self.date[-1] - self.date[0]) if days > 1 else None

    def monthly(self) -> Floats:
        """Return of each calendar month that has a trading day, (m,); the first and the last can be parts of one."""
        months = self.date.astype("datetime64[D]").astype("datetime64[M]")
        return changes(self.level[np.concatenate(([0], last_of_each(months) + 1))])


def daily_returns(
    equity: npt.ArrayLike, times: npt.ArrayLike, start: float | None = None, zone: str = "UTC", hour: int = 0
) -> DailyReturns | None:
    """Returns between the last equity of one trading day and the last of the next.

    equity: (n,), the account at each close; times: int64 (n,), when that was, nanoseconds UTC. A day begins at `hour`
    o'clock in `zone`, and a close at the very end of a day belongs to it. start: the account before the first close;
    without it the first value is taken. None without a close, and after ruin: where equity is zero or below. Raises
    InputError for a curve that is none, and for an unknown zone.
    """
    closes = column("equity", equity)
    levels = checked_levels(closes if start is None else np.append(finite("start", start), closes))
    moments = checked_times(times, len(closes))
    if not len(closes) or levels.min() <= 0.0:
        return None
    days = day_index(moments - 1, zone, hour)
    ends = last_of_each(days)
    level = np.append(levels[0], closes[ends])
    return DailyReturns(days[ends] + (hour >= 12), level, changes(level))
