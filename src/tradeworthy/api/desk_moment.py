"""A desk as it was at a moment of its past."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from tradeworthy.api.desk_past import Past, open_past
from tradeworthy.api.past_index import PastDay
from tradeworthy.api.replaying import day_in
from tradeworthy.core.bar import DayCut
from tradeworthy.core.clock import from_datetime, rfc3339, to_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.desk_status import status_of
from tradeworthy.market.zones import known_zone

_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})\s*(Z|UTC)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeskMoment:
    """The desk at `time_ns` (UTC), after the record `sequence`, whose event was heard at `heard_ns`. zone: of its trading days."""

    journal: str
    day: PastDay
    time_ns: int
    sequence: int
    heard_ns: int
    zone: str
    state: DeskState

    def status(self) -> dict[str, Any]:
        """Mode, health, money, positions, orders, bars: what `tradeworthy status` would have shown."""
        settings = self.state.origin.settings
        found = {**status_of(self.state), "name": settings.get("desk", {}).get("name", self.state.plan.mark)}
        return found | ({"replay": settings["replay"]} if "replay" in settings else {})


def desk_at(
    desk: str | Path = ".",
    at: str | datetime | None = None,
    day: str | date | None = None,
    *,
    data: str | Path | None = None,
) -> DeskMoment:
    """Rebuild a desk as it was.

    desk, day, data: as of `replay_day`. at: a moment with its zone (2026-10-30T14:15:00Z, or an aware datetime), or HH:MM of that
    day, in the zone of the desk's trading days unless `HH:MM UTC` says otherwise; the end of the day by default. Raises as
    `replay_day`, and InputError for what is no moment, or lies outside of the day or the journal.
    """
    past = open_past(desk, data)
    moment = None if at is None else _moment(at)
    found = day_in(past, day) if day is not None or not isinstance(moment, int) else _day_of(past, moment)
    cut = past.at(sequence=found.last).plan.day
    if moment is None:
        time_ns = past.index.heard_ns[found.last - past.first]
    else:
        time_ns = moment if isinstance(moment, int) else _on(found, moment, cut)
    if not found.begins_ns <= time_ns < found.ends_ns:
        raise InputError(
            f"{rfc3339(time_ns)} does not lie in the trading day {found.day}, which lasts from {rfc3339(found.begins_ns)} until "
            f"{rfc3339(found.ends_ns)}"
        )
    sequence = past.index.at_or_before(time_ns)
    state = past.at(time_ns=time_ns)
    heard_ns = past.index.heard_ns[sequence - past.first]
    now: DeskState = replace(state, time_ns=max(state.time_ns, time_ns))
    return DeskMoment(past.name, found, time_ns, sequence, heard_ns, cut.zone or "UTC", now)


def _moment(at: str | datetime) -> int | tuple[time, str]:
    """Nanoseconds UTC, or a time of day and `UTC` where that is said."""
    if isinstance(at, str):
        clock = _CLOCK.fullmatch(at.strip())
        if clock is not None and int(clock[1]) < 24 and int(clock[2]) < 60:
            return time(int(clock[1]), int(clock[2])), "UTC" if clock[3] else ""
    try:
        moment = datetime.fromisoformat(at.strip()) if isinstance(at, str) else at
    except ValueError:
        raise InputError(f"{at!r} is no moment; write 14:30, 14:30 UTC, or 2026-10-30T14:15:00Z") from None
    if moment.tzinfo is None:
        raise InputError(f"{at} names no zone; write {moment.isoformat()}Z for UTC, or another offset such as -04:00")
    return from_datetime(moment)


def _on(day: PastDay, moment: tuple[time, str], cut: DayCut) -> int:
    """That time of day in the trading day."""
    zone = known_zone(moment[1] or cut.zone or "UTC")
    first = to_datetime(day.begins_ns).astimezone(zone).date()
    for i in range(3):
        found = from_datetime(datetime.combine(first + timedelta(days=i), moment[0], zone))
        if day.begins_ns <= found < day.ends_ns:
            return found
    raise InputError(f"{moment[0]:%H:%M} does not come in the trading day {day.day}: clocks are changed on it")


def _day_of(past: Past, time_ns: int) -> PastDay:
    found = next((one for one in past.days() if one.begins_ns <= time_ns < one.ends_ns), None)
    if found is None:
        days = past.days()
        spans = f"its days go from {days[0].day} to {days[-1].day}" if days else "all events lie in an archive"
        raise InputError(f"{past.name}: it holds nothing of the trading day in which {rfc3339(time_ns)} lies; {spans}")
    return found
