"""Local time of a zone for whole columns, from the zone's own transitions."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import DAY_NS, SECOND_NS, to_datetime
from tradeworthy.core.errors import InputError

Times = npt.NDArray[np.int64]


def known_zone(name: str) -> ZoneInfo:
    """The zone of that name. Raises InputError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"{name!r} is not a time zone; use a name such as UTC or America/New_York") from None


def _offset_s(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> int:
    """The second at which the offset changes between two moments one day apart."""
    low, high = int(before.timestamp()), int(after.timestamp())
    old = _offset_s(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset_s(zone, datetime.fromtimestamp(middle, UTC)) == old else (low, middle)
    return high


@lru_cache(maxsize=32)
def _offsets(name: str, first_year: int, last_year: int) -> tuple[Times, Times]:
    zone = known_zone(name)
    day, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 2, tzinfo=UTC)
    starts, offsets = [int(day.timestamp())], [_offset_s(zone, day)]
    while day < end:
        following = day + timedelta(days=1)
        offset = _offset_s(zone, following)
        if offset != offsets[-1]:
            starts.append(_change(zone, day, following))
            offsets.append(offset)
        day = following
    return np.array(starts, np.int64) * SECOND_NS, np.array(offsets, np.int64) * SECOND_NS


def _table(zone: str, times: Times) -> tuple[Times, Times]:
    first, last = to_datetime(int(times.min())).year, to_datetime(int(times.max())).year
    return _offsets(zone, first - 1, last + 1)


def to_local(times: Times, zone: str) -> Times:
    """Wall-clock nanoseconds in `zone` for each UTC time, shape kept."""
    if not len(times):
        return times
    starts, offsets = _table(zone, times)
    shifted: Times = times + offsets[np.searchsorted(starts, times, side="right") - 1]
    return shifted


def to_utc(local: Times, zone: str) -> Times:
    """UTC for each wall-clock time. An hour that clocks skip is taken after the change, one that repeats the first time."""
    if not len(local):
        return local
    starts, offsets = _table(zone, local)
    guess = local - offsets[np.searchsorted(starts, local - offsets.max(), side="right") - 1]
    later = local - offsets[np.searchsorted(starts, guess, side="right") - 1]
    skipped = np.maximum(guess, later)
    utc: Times = np.where(
        to_local(guess, zone) == local, guess, np.where(to_local(later, zone) == local, later, skipped)
    )
    return utc


def day_index(times: Times, zone: str, hour: int) -> Times:
    """Number of the trading day that begins at `hour` o'clock in `zone`, for each UTC time."""
    days: Times = (to_local(times, zone) - hour * 3600 * SECOND_NS) // DAY_NS
    return days
