"""Longer bars out of shorter ones, with days cut where the market cuts them."""

import numpy as np
import numpy.typing as npt

from tradeworthy.core.bar import NEW_YORK_CLOSE, UTC_MIDNIGHT, DayCut, Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CalendarName
from tradeworthy.market.bars import Bars
from tradeworthy.market.sessions import into_fx_session
from tradeworthy.market.zones import to_local, to_utc

Times = npt.NDArray[np.int64]


def default_day_cut(calendar: CalendarName) -> DayCut:
    """17:00 New York for FX and metals, midnight UTC for everything else."""
    return NEW_YORK_CLOSE if calendar is CalendarName.FX_24_5 else UTC_MIDNIGHT


def _bins(open_time: Times, timeframe: Timeframe, cut: DayCut) -> tuple[Times, Times]:
    """Start and end in UTC of the bar that each time falls into, counted in wall-clock time from the day's cut."""
    shift = cut.hour * HOUR_NS
    local = to_local(open_time, cut.zone) - shift
    day = local // DAY_NS
    length = min(timeframe.length_ns, DAY_NS)
    place = (local - day * DAY_NS) // length
    start = day * DAY_NS + place * length + shift
    return to_utc(start, cut.zone), to_utc(start + length, cut.zone)


def resample(bars: Bars, timeframe: Timeframe | str, *, day_cut: DayCut | None = None) -> Bars:
    """The same prices in bars of `timeframe`, at most a day long.

    Bars are counted from the day's cut in its own zone (17:00 New York for FX unless `day_cut` says otherwise), so an
    FX day is 23 or 25 hours long where clocks change. A bar is made of whatever source bars opened inside it (closed
    inside it, where they know one price each); the last one is dropped if its source ends before it does. Where a source
    bar reaches past the cut, so does the bar made of it: its close was not known earlier. FX bars outside the week's
    session belong to the session beside them.
    Raises InputError when the target is not longer than the source, not a multiple of it, or longer than a day.
    """
    target = Timeframe.parse(timeframe)
    source_ns, target_ns = bars.timeframe.length_ns, target.length_ns
    if target_ns <= source_ns or target_ns % source_ns or target_ns > DAY_NS:
        raise InputError(
            f"{bars.label}: cannot make {target} bars out of {bars.timeframe} bars; ask for a multiple up to D"
        )
    if not len(bars):
        raise InputError(f"{bars.label}: there are no bars to resample")
    cut = day_cut or default_day_cut(bars.instrument.calendar)
    if not cut.zone:
        raise InputError(f"{bars.label}: say where the day is cut, for instance day_cut=DayCut('America/New_York', 17)")
    known = bars.close_time - 1 if bars.close_only else bars.open_time
    if bars.instrument.calendar is CalendarName.FX_24_5:
        known = into_fx_session(known)
    start, end = _bins(known, target, cut)
    first = np.flatnonzero(np.concatenate(([True], start[1:] != start[:-1])))
    last = np.concatenate((first[1:], [len(bars)])) - 1
    if not _complete(bars, int(end[last[-1]])):
        first, last = first[:-1], last[:-1]
    if not len(first):
        raise InputError(f"{bars.label}: there is not one complete {target} bar")
    stop = int(last[-1]) + 1
    closed = np.maximum(end[first], bars.close_time[last])
    opened = np.concatenate((start[first[:1]], np.maximum(start[first[1:]], closed[:-1])))
    return Bars(
        bars.instrument,
        target,
        opened,
        closed,
        bars.open[first],
        np.maximum.reduceat(bars.high[:stop], first),
        np.minimum.reduceat(bars.low[:stop], first),
        bars.close[last],
        None if bars.volume is None else np.add.reduceat(bars.volume[:stop], first),
        price_side=bars.price_side,
        day_cut=cut,
        close_only=bars.close_only,
        source=f"{bars.source}, resampled from {bars.timeframe}",
        findings=bars.findings,
    )


def _complete(bars: Bars, end: int) -> bool:
    """Whether the source reaches the end of the last bar; a market that closes inside the bar ends it."""
    closed = int(bars.close_time[-1])
    if closed >= end:
        return True
    if bars.instrument.calendar is not CalendarName.FX_24_5:
        return False
    friday = to_local(np.array([closed], np.int64), "America/New_York")[0]
    return int(friday // HOUR_NS) % 24 == 17 and int(friday // DAY_NS + 3) % 7 == 4
