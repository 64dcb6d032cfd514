"""Open hours that never run out: those of a calendar by name, worked out again as time goes on."""

from typing import Any, Final

from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CalendarName
from tradeworthy.live.open_hours import OpenHours

_BEHIND: Final = 40 * DAY_NS
_BEFORE: Final = 8 * DAY_NS
KNOWN_CALENDARS: Final = ", ".join(repr(one.value) for one in CalendarName if one is not CalendarName.UNKNOWN)


class RenewedHours:
    """given: a calendar's name such as "fx-24/5", or `OpenHours`, which are taken as they are. Raises InputError for others."""

    def __init__(self, given: Any) -> None:
        self._kept: OpenHours | None = given if isinstance(given, OpenHours) else None
        self._calendar = None if self._kept is not None else _calendar(given)

    def at(self, time_ns: int) -> OpenHours:
        """Those that hold for this moment, some weeks before it and a week after."""
        kept = self._kept
        if self._calendar is None and kept is not None:
            return kept
        if kept is None or not kept.known_from_ns <= max(0, time_ns - _BEFORE) <= time_ns < kept.known_until_ns:
            name = self._calendar or CalendarName.ALWAYS
            self._kept = kept = OpenHours.of_calendar(name, max(0, time_ns - _BEHIND), time_ns + _BEFORE)
        return kept


def _calendar(given: Any) -> CalendarName:
    try:
        return CalendarName(given.lower())
    except (AttributeError, ValueError):
        said = repr(given) if isinstance(given, str) else type(given).__name__
        raise InputError(f"{said} is no session that is known; write {KNOWN_CALENDARS}, or give OpenHours") from None
