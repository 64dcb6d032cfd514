"""The trading days of a desk's journal, and what is to be known of each."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from tradeworthy.api.session_stretches import TradedBook
from tradeworthy.appraisal.sessions import DayRemarks
from tradeworthy.appraisal.strategy_comparing import Day, StrategyComparison
from tradeworthy.core.bar import DayCut
from tradeworthy.core.clock import to_datetime
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.live.trading_days import trading_day
from tradeworthy.market.zones import known_zone


def days_of(traded: TradedBook) -> list[Day]:
    """Every trading day of a stretch in which a bar closed, by the desk's own cut; a bar that closes with a day belongs to it.
    A day is called by the date on which it ends."""
    cut, begins = traded.plan.day, traded.stretch.begins_ns
    if not begins:
        return []
    closes = {
        int(close)
        for one in traded.heard.series.values()
        for close in one.columns(traded.stretch.last).close_time
        if close >= begins
    }
    ends = sorted({trading_day(close - 1, cut).ends_ns for close in closes})
    days, before = [], 0
    for end in ends:
        day = trading_day(end - 1, cut)
        days.append(Day(_date_of(end, cut), _begin_of(end, cut), day.ends_ns, before))
        before = end
    return days


def chosen_dates(
    there: Sequence[str], start: str | date | None, until: str | date | None, *, last_only: bool, name: str
) -> set[str]:
    """Which of the days are asked for. Raises InputError for a day that is not there, and for a stretch without any."""
    if not there:
        raise InputError(f"{name}: no bar came while a desk traded, so there is no day to look at")
    if last_only:
        return {there[-1]}
    first = there[0] if start is None else _iso(start)
    last = there[-1] if until is None else _iso(until)
    if start is not None and until is not None and last < first:
        raise InputError(f"{last} is before {first}; name the first day, and until which one")
    found = {one for one in there if first <= one <= last}
    if not found:
        asked = f"from {first} on" if until is None else f"until {last}" if start is None else f"{first} until {last}"
        asked = first if first == last else asked
        near = [one for one in there if one < first][-2:] + [one for one in there if one > last][:2]
        raise InputError(
            f"{name}: there is no trading day {asked}; it holds {counted(len(there), 'trading day')} from {there[0]} to "
            f"{there[-1]}, next to that {', '.join(near)}"
        )
    return found


def remarks_of(
    traded: TradedBook, day: Day, comparisons: Sequence[StrategyComparison], *, is_running: bool
) -> DayRemarks:
    """What keeps a day from being told whole, and what should be known besides."""
    problems = _from_before(traded, day)
    notes = ["the desk is running, and the day may not be over"] if is_running else []
    notes += [note for one in _one_each(comparisons) for note in _of_bars(one, day)]
    return DayRemarks(tuple(problems), tuple(notes))


def _from_before(traded: TradedBook, day: Day) -> list[str]:
    since = traded.stretch.first if traded.stretch is not traded.heard.stretches[0] else traded.heard.first_sequence
    return [
        f"{strategy}: the trade that closed with {one.pnl:+,.2f} {traded.plan.currency} was opened before event {since:,}, where "
        "this begins; it is not in the figures"
        for strategy, one in traded.stretch.trades.before
        if day.before_ns <= one.exit_ns < day.ends_ns
    ]


def _one_each(comparisons: Sequence[StrategyComparison]) -> list[StrategyComparison]:
    """One for each series."""
    return list({one.one.stored.label: one for one in comparisons}.values())


def _of_bars(one: StrategyComparison, day: Day) -> list[str]:
    bars, label = one.stages.bars, one.one.stored.label
    inside = (bars.dealt.close_time > day.before_ns) & (bars.dealt.close_time <= day.ends_ns)
    inside &= bars.dealt.close_time >= one.one.begins_ns
    found = []
    for marks, what in ((bars.missing, "never came"), (bars.late, "came too late to be entered on")):
        count = int(np.sum(marks & inside))
        if count:
            found.append(f"{label}: {counted(count, 'bar')} {what}")
    changed = _changed(one, inside) if bars.is_revised else 0
    if changed:
        found.append(
            f"{label}: {counted(changed, 'bar')} of the desk {'is' if changed == 1 else 'are'} not the same in the store now"
        )
    return found


def _changed(one: StrategyComparison, inside: "np.ndarray") -> int:
    """How many of the desk's bars the store has otherwise, or not at all."""
    dealt, stored = one.stages.bars.dealt, one.one.stored
    there = {
        int(time): row
        for time, *row in zip(
            stored.open_time, stored.close_time, stored.open, stored.high, stored.low, stored.close, strict=True
        )
    }
    rows = zip(dealt.open_time, dealt.close_time, dealt.open, dealt.high, dealt.low, dealt.close, strict=True)
    return sum(bool(is_in) and there.get(int(time)) != row for is_in, (time, *row) in zip(inside, rows, strict=True))


def _date_of(ends_ns: int, cut: DayCut) -> str:
    zone = known_zone(cut.zone or "UTC")
    return to_datetime(ends_ns - 1).astimezone(zone).date().isoformat()


def _begin_of(ends_ns: int, cut: DayCut) -> int:
    """The end of the day before: looked for a little more than a day earlier, as a day may be an hour longer."""
    middle = ends_ns - int(timedelta(hours=12).total_seconds() * 1e9)
    day = trading_day(middle, cut)
    return (
        trading_day(middle - int(timedelta(hours=18).total_seconds() * 1e9), cut).ends_ns
        if day.ends_ns == ends_ns
        else middle
    )


def _iso(given: str | date) -> str:
    try:
        return (date.fromisoformat(given) if isinstance(given, str) else given).isoformat()
    except ValueError as error:
        raise InputError(f"{given!r} is no date; write it as 2026-08-04") from error
