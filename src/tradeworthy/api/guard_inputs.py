"""What a guard is told of the world, and the checks that it makes of it; whatever is not known refuses."""

from typing import Any, Final

from tradeworthy.adapters.files.redacting import redacted_text
from tradeworthy.api.kill_switch import KillSwitch
from tradeworthy.controls.knowing import number_of
from tradeworthy.core.clock import SECOND_NS, rfc3339
from tradeworthy.core.instrument import CalendarName
from tradeworthy.core.moments import moment_ns
from tradeworthy.core.order import Refused
from tradeworthy.live.attempting import Attempt
from tradeworthy.live.liveness import Liveness, LivenessRules, Pulse, pulse_of
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.live.renewed_hours import RenewedHours

OFF: Final = "off"
STALE, SESSION, KILL, FAILOVER = "stale data", "session", "kill switch", "failover"
_AHEAD_NS: Final = SECOND_NS


def told(given: Any) -> tuple[Any, str]:
    """The value, asked of a function where one was given, and why it is not known ("" where it is)."""
    if not callable(given):
        return given, ""
    value: Any = None
    with Attempt() as tried:
        value = given()
    if tried.error is None:
        return value, ""
    return None, f" ({type(tried.error).__name__}: {redacted_text(' '.join(str(tried.error).split())):.200})"


def is_off(given: Any) -> bool:
    """Whether somebody switched it off."""
    return isinstance(given, str) and given == OFF


def unknown(check: str, what: str, parameter: str, why: str = "") -> Refused:
    """The answer where an input is missing."""
    mend = f"give {parameter}, or switch it off with {parameter}='off'"
    reason = f"{check} cannot be checked, because it is not known: {what}{why}; {mend}"
    return Refused(check, reason, "known", "unknown")


def kill_refusal(switch: KillSwitch) -> Refused | None:
    """Whether the switch is pulled."""
    reason = switch.reason()
    return None if reason is None else Refused(KILL, f"the kill switch is pulled: {reason}", "no KILL", "KILL")


def data_refusal(given: Any, seconds: float, hours: OpenHours, now: int) -> Refused | None:
    """Whether the last price is too old in open time, or of a moment that is yet to come."""
    if is_off(given):
        return None
    value, why = told(given)
    moment = None
    with Attempt() as tried:
        moment = None if value is None else moment_ns(value, "data_time")
    if moment is None:
        why = why or (f" ({tried.error})" if tried.error is not None else "")
        return unknown(STALE, "when the last price came", "data_time", why)
    required = f"at most {seconds:g} s old"
    if moment > now + _AHEAD_NS:
        reason = f"the last price is of {rfc3339(moment)}, which is yet to come; check the clocks"
        return Refused(STALE, reason, required, rfc3339(moment))
    rules = LivenessRules(frame_ns=1, useful_ns=round(seconds * SECOND_NS))
    reading = pulse_of(Liveness("prices", moment, now, moment), now, hours, rules)
    if reading.pulse is not Pulse.FROZEN:
        return None
    return Refused(STALE, f"the last price is of {rfc3339(moment)}, {required} is allowed", required, rfc3339(moment))


class SessionAsked:
    """Whether the market is open: a calendar's name, `OpenHours`, or a function that says True, False or None."""

    def __init__(self, given: Any) -> None:
        self._given = given
        asked = given is None or is_off(given) or callable(given)
        self._hours = RenewedHours(CalendarName.ALWAYS if asked else given)

    def hours(self, now: int) -> OpenHours:
        """By which data grow old; always, where only a function knows."""
        return self._hours.at(now)

    def refusal(self, now: int) -> Refused | None:
        """Whether it is closed now, or nobody knows."""
        if is_off(self._given):
            return None
        value, why = (None, "") if self._given is None else (self.hours(now).is_open(now), "")
        if callable(self._given):
            value, why = told(self._given)
        if value is True:
            return None
        if value is False:
            return Refused(SESSION, f"the market is closed at {rfc3339(now)}", "open", "closed")
        return unknown(SESSION, "whether the market is open", "session", why)


def equity_of(given: Any) -> tuple[float | None, str]:
    """The equity, None where it is no finite number, and why."""
    value, why = told(given)
    number = number_of(value)
    if number is None and value is not None:
        why = f" ({value!r:.80} is no finite number)"
    return number, why
