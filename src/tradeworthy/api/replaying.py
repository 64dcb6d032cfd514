"""A day of a desk lived again out of its journal, every record held against what the step makes of the events before it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tradeworthy.api.day_account import DayAccount, Reckoning
from tradeworthy.api.day_proof import DayProof, Prover
from tradeworthy.api.desk_past import Past, open_past
from tradeworthy.api.past_index import PastDay
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_state import DeskState

_NAMED = 8
"""So many days are named one by one; of more the first and the last."""


@dataclass(frozen=True, slots=True)
class DayReplay:
    """journal: which one. start, end: the states before the first and after the last event of the day."""

    journal: str
    day: PastDay
    account: DayAccount
    proof: DayProof
    start: DeskState
    end: DeskState


def replay_day(
    desk: str | Path = ".",
    day: str | date | None = None,
    *,
    through: str | date | None = None,
    data: str | Path | None = None,
) -> DayReplay:
    """Live a trading day of a desk again out of its journal and hold every record against it, byte for byte.

    desk: its folder, or a journal. day: the date on which the trading day ends (2026-10-30), the last one by default.
    through: another, of the last day where more than one is meant. data: a folder of bars, where the desk's own settings or its
    last run do not name it. Nothing is written, and the desk may run.
    Raises InputError for a day that the journal does not hold, PastNotKnown (an InputError) where an archive has what came
    before it or another version wrote it, JournalError for damage.
    """
    past = open_past(desk, data)
    return replayed(past, day_in(past, day, through))


def replayed(past: Past, day: PastDay) -> DayReplay:
    """The same of a past that is open."""
    prover, reckoning = Prover(), None
    start = end = None
    for one in past.recorded(day.first, day.last):
        if reckoning is None:
            start = one.step.before
            reckoning = Reckoning(start)
        reckoning.see(one.step)
        prover.see(one)
        end = one.step.after
    if reckoning is None or start is None or end is None:
        raise InputError(f"{past.name}: {day.day} holds notes alone, which tell of events of the day before")
    return DayReplay(past.name, day, reckoning.account(), prover.proof(), start, end)


def day_in(past: Past, day: str | date | None, through: str | date | None = None) -> PastDay:
    """The day of that date, the last one for None; with `through` all from that day to this, as one. Raises InputError, naming
    those that there are, for any other, and for a last day before the first."""
    first = _day_in(past, day)
    if through is None:
        return first
    last = _day_in(past, through)
    if last.first < first.first:
        raise InputError(f"{last.day} is before {first.day}; name the first day, and through which one")
    held = sum(one.events for one in past.days() if first.first <= one.first <= last.first)
    return PastDay(first.day, first.begins_ns, last.ends_ns, first.first, last.last, held, last.day)


def _day_in(past: Past, day: str | date | None) -> PastDay:
    days = past.days()
    if not days:
        raise InputError(f"{past.name}: all events lie in an archive; name that file instead")
    if day is None:
        return days[-1]
    wanted = date_given(day)
    found = next((one for one in days if one.day == wanted), None)
    if found is None:
        raise InputError(f"{past.name}: it holds nothing of {wanted} ({wanted:%A}); {_those(past, wanted)}")
    return found


def date_given(day: str | date) -> date:
    """A date, or one in words. Raises InputError for anything else."""
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day.strip())
    except ValueError:
        raise InputError(f"{day!r} is no day; write one such as 2026-10-30") from None


def _those(past: Past, wanted: date) -> str:
    """The days that there are, in words."""
    days = [one.day for one in past.days()]
    if len(days) <= _NAMED:
        return f"it holds {', '.join(map(str, days))}"
    near = sorted(sorted(days, key=lambda one: abs((one - wanted).days))[:2])
    return f"it holds {counted(len(days), 'trading day')} from {days[0]} to {days[-1]}; the nearest are {near[0]} and {near[1]}"
