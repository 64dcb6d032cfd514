"""Levels of volatility through time, week by week, kept as the weeks in which they changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError
from tradeworthy.risk.volatility_levels import LEVELS, VolatilityLevel

Places = npt.NDArray[np.int64]

_WEEK, _MONDAY = 7, 4
"""1970-01-01 was a Thursday, so day 4 was a Monday."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class LevelTimeline:
    """since: Mondays, `2024-06-03`, of the weeks that began another level than the week before; level: which. The last one
    holds until `until`, the Monday after the last week. A week without bars goes on as the one before."""

    since: tuple[str, ...]
    level: tuple[VolatilityLevel, ...]
    until: str


def weekly_levels(close_time: npt.ArrayLike, levels: npt.ArrayLike) -> LevelTimeline:
    """The level that most bars of each week had, of two as frequent the wilder.

    close_time: (n,) nanoseconds UTC, rising; a bar belongs to the week (from Monday, UTC) in which it closed. levels: (n,)
    0 to 4, -1 where unknown, which does not count. Raises InputError where they are not of one length, or hold other
    numbers, or none is known.
    """
    moments, states = np.asarray(close_time), np.asarray(levels)
    if moments.ndim != 1 or moments.shape != states.shape:
        raise InputError(f"give one level for each bar; there are {states.shape} and {moments.shape}")
    known = states >= 0
    if not known.any() or int(states.min()) < -1 or int(states.max()) >= len(LEVELS):
        raise InputError(f"levels must be numbers from 0 to {len(LEVELS) - 1}, or -1 where unknown, and some known")
    weeks = ((moments[known].astype(np.int64) - 1) // DAY_NS - _MONDAY) // _WEEK
    every, place = np.unique(weeks, return_inverse=True)
    counts = np.zeros((len(every), len(LEVELS)), np.int64)
    np.add.at(counts, (place, states[known].astype(np.int64)), 1)
    most: Places = len(LEVELS) - 1 - counts[:, ::-1].argmax(axis=1)
    changed = np.flatnonzero(np.append(True, most[1:] != most[:-1]))
    return LevelTimeline(
        tuple(_monday(int(every[one])) for one in changed), tuple(LEVELS[int(most[one])] for one in changed),
        _monday(int(every[-1]) + 1),
    )  # fmt: skip


def by_week(since: Sequence[str], level: Sequence[str], until: str, first: str, last: str) -> list[int | None]:
    """Numbers of levels, 0 to 4, for every week from the Monday `first` to before the Monday `last`; None outside."""
    numbers = {str(one): place for place, one in enumerate(LEVELS)}
    start, stop = date.fromisoformat(first), date.fromisoformat(last)
    out: list[int | None] = [None] * ((stop - start).days // _WEEK)
    for place, (begins, name) in enumerate(zip(since, level, strict=True)):
        ends = since[place + 1] if place + 1 < len(since) else until
        low, high = ((date.fromisoformat(one) - start).days // _WEEK for one in (begins, ends))
        for week in range(max(0, low), min(len(out), high)):
            out[week] = numbers[name]
    return out


def _monday(week: int) -> str:
    return (_EPOCH + timedelta(days=week * _WEEK + _MONDAY)).isoformat()
