"""What may be wrong with bars that are well formed: gaps, spikes, a tail that stopped moving, prices without ranges."""

from datetime import timedelta

import numpy as np

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, rfc3339, to_datetime
from tradeworthy.core.counting import counted
from tradeworthy.core.instrument import CalendarName
from tradeworthy.market.bars import Bars
from tradeworthy.market.rules import Finding, Severity
from tradeworthy.market.sessions import is_fixing_day, open_ns_between

_SPIKE_DEVIATIONS = 12.0
"""In robust standard deviations (1.4826 x median absolute deviation) of the bar returns."""
_STALE_BARS = 5


def _missing_fixings(bars: Bars) -> tuple[int, int | None, str]:
    """How many, where the first is, and the longest run of them in words."""
    days = [to_datetime(int(moment)).date() for moment in bars.close_time]
    have = set(days)
    missing = [
        day
        for offset in range((days[-1] - days[0]).days)
        if is_fixing_day(day := days[0] + timedelta(days=offset)) and day not in have
    ]
    if not missing:
        return 0, None, ""
    after = np.searchsorted(bars.close_time, np.datetime64(missing[0], "ns").astype(np.int64))
    return len(missing), int(bars.close_time[after]), "no rate was published on " + ", ".join(map(str, missing[:3]))


def _session_gaps(bars: Bars) -> tuple[int, int | None, str] | None:
    closed, opened = bars.close_time[:-1], bars.open_time[1:]
    if bars.close_only:  # such a bar opens where it closes, and what lies before it is its own length
        opened = np.maximum(opened - bars.timeframe.length_ns, closed)
    lost = open_ns_between(bars.instrument.calendar, closed, opened)
    if lost is None:
        return None
    week_ns = 5 * DAY_NS if bars.instrument.calendar is CalendarName.FX_24_5 else 7 * DAY_NS
    bar_ns = week_ns if bars.timeframe is Timeframe.W else bars.timeframe.length_ns
    bars_lost = lost // bar_ns if bars.timeframe is not Timeframe.D else (lost + 2 * HOUR_NS) // bar_ns
    gaps = bars_lost >= 1
    if not gaps.any():
        return 0, None, ""
    longest = int(np.argmax(lost))
    words = f"the longest {lost[longest] / HOUR_NS:,.0f} h of session time from {rfc3339(closed[longest])}"
    return int(bars_lost[gaps].sum()), int(closed[np.argmax(gaps)]), words


def gaps(bars: Bars) -> Finding | None:
    """Bars that the session calendar expects and that are not there; None when there are none."""
    if len(bars) < 2:
        return None
    if bars.instrument.calendar is CalendarName.ECB_FIXING:
        found: tuple[int, int | None, str] | None = _missing_fixings(bars)
    else:
        found = _session_gaps(bars)
    if found is None:
        return Finding("gaps", Severity.NOTE, "gaps not checked: no session calendar is known for this instrument")
    count, first, words = found
    if not count:
        return None
    share = count / (len(bars) + count)
    severity = Severity.WARNING if share > 0.01 else Severity.NOTE
    return Finding(
        "gaps",
        severity,
        f"{counted(count, 'bar')} missing ({share:.2%}) against the {bars.instrument.calendar} calendar, {words}",
        count,
        first,
    )


def spikes(bars: Bars) -> Finding | None:
    """Closes that jump by more than 12 robust standard deviations and come back on the next bar."""
    if len(bars) < 30:
        return None
    steps = np.diff(np.log(bars.close))
    scale = 1.4826 * float(np.median(np.abs(steps - np.median(steps))))
    if scale == 0:
        return None
    out, back = steps[:-1], steps[1:]
    limit = _SPIKE_DEVIATIONS * scale
    spiked = (np.abs(out) > limit) & (np.abs(back) > limit / 2) & (np.sign(out) != np.sign(back))
    if not spiked.any():
        return None
    first = int(bars.open_time[1:-1][np.argmax(spiked)])
    count = int(spiked.sum())
    message = (
        f"{counted(count, 'spike')} (a jump of over {limit:.2%} that came back at once), first at {rfc3339(first)}"
    )
    return Finding("spikes", Severity.WARNING, message, count, first)


def stale_tail(bars: Bars) -> Finding | None:
    """A last price that did not move for five bars or more."""
    if len(bars) < _STALE_BARS:
        return None
    same = (bars.close == bars.close[-1]) & (bars.high == bars.close[-1]) & (bars.low == bars.close[-1])
    run = len(bars) if same.all() else int(np.argmin(same[::-1]))
    if run < _STALE_BARS:
        return None
    first = int(bars.open_time[len(bars) - run])
    message = f"the last {run:,} bars all stand at {bars.close[-1]:g}: the feed may be frozen since {rfc3339(first)}"
    return Finding("stale_tail", Severity.WARNING, message, run, first)


def behind(bars: Bars, newest_ns: int) -> Finding | None:
    """Bars that end earlier than the newest ones of the book, by more than three bars' length and a weekend."""
    if not len(bars):
        return None
    late = newest_ns - int(bars.close_time[-1])
    if late <= 3 * bars.timeframe.length_ns + 3 * DAY_NS:
        return None
    message = f"the bars end at {rfc3339(bars.close_time[-1])}, {late / DAY_NS:,.0f} days before the book's newest bar"
    return Finding("behind", Severity.WARNING, message, 0, int(bars.close_time[-1]))


def close_only(bars: Bars) -> Finding | None:
    """What it means for stops that bars know one price each."""
    if not bars.close_only:
        return None
    return Finding(
        "close_only",
        Severity.NOTE,
        "one price a bar: stops and targets are seen only at that price, so a fill can be far beyond its level, and ATR "
        "counts only moves from close to close",
        len(bars),
    )


def inspect(bars: Bars) -> tuple[Finding, ...]:
    """Everything noticed about `bars`: what reading them mended, then gaps, spikes, stale tail and missing ranges."""
    noticed = (gaps(bars), spikes(bars), stale_tail(bars), close_only(bars))
    return (*bars.findings, *(finding for finding in noticed if finding is not None))
