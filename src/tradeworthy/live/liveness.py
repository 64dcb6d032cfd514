"""Whether a feed is alive: two clocks that are never mixed.

The socket's clock runs on any frame, pings too, for the connection. The instrument's clock runs on useful messages only,
quotes and bars, and only while its market is open. A socket that answers pings while prices have frozen is not alive.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.durations import spoken
from tradeworthy.live.mode import Mode, Restriction
from tradeworthy.live.open_hours import OpenHours


class Pulse(StrEnum):
    """What a feed is doing."""

    ALIVE = "ALIVE"
    WAITING = "WAITING"
    SOCKET_SILENT = "SOCKET SILENT"
    FROZEN = "FROZEN"
    OUT_OF_SESSION = "OUT OF SESSION"
    HOURS_UNKNOWN = "HOURS UNKNOWN"


@dataclass(frozen=True, slots=True)
class LivenessRules:
    """frame_ns: without any frame for longer the socket is silent. useful_ns: without a useful message for longer the data
    are frozen. Exactly as long is not too long. Raises InputError for zero or less."""

    frame_ns: int = 10 * SECOND_NS
    useful_ns: int = 10 * SECOND_NS

    def __post_init__(self) -> None:
        if min(self.frame_ns, self.useful_ns) <= 0:
            raise InputError("limits of liveness must be above zero nanoseconds")


USUAL_LIVENESS = LivenessRules()


@dataclass(frozen=True, slots=True)
class Liveness:
    """subscribed_ns: since when messages are expected. frame_ns, useful_ns: when the last came, None for none yet."""

    instrument: str
    subscribed_ns: int
    frame_ns: int | None = None
    useful_ns: int | None = None


@dataclass(frozen=True, slots=True)
class PulseReading:
    """What is said of a feed, and whether it needs a new connection or a new subscription."""

    instrument: str
    pulse: Pulse
    sentence: str

    @property
    def reconnects(self) -> bool:
        """The socket itself is dead."""
        return self.pulse is Pulse.SOCKET_SILENT

    @property
    def resubscribes(self) -> bool:
        """The socket lives, and nothing useful comes."""
        return self.pulse is Pulse.FROZEN

    @property
    def allows_entries(self) -> bool:
        """Only a feed that is alive does."""
        return self.pulse is Pulse.ALIVE

    def restriction(self, time_ns: int) -> Restriction | None:
        """No entries in this instrument, where its feed allows none."""
        if self.allows_entries:
            return None
        return Restriction("feed", Mode.REDUCING, self.sentence, time_ns, instrument=self.instrument)


def framed(state: Liveness, time_ns: int, *, useful: bool) -> Liveness:
    """A frame came, and perhaps a useful one: a quote or a bar of this instrument."""
    last = time_ns if useful else state.useful_ns
    return replace(state, frame_ns=time_ns, useful_ns=last)


def pulse_of(state: Liveness, time_ns: int, hours: OpenHours, rules: LivenessRules = USUAL_LIVENESS) -> PulseReading:
    """What the feed is doing now. After an opening, prices have as long to come as between two of them."""
    silence = time_ns - (state.subscribed_ns if state.frame_ns is None else state.frame_ns)
    quiet = hours.open_ns(state.subscribed_ns if state.useful_ns is None else state.useful_ns, time_ns)
    is_open = hours.is_open(time_ns)
    name = state.instrument
    if abs(silence) > rules.frame_ns:  # a frame from the future says nothing once the clock was put back
        return PulseReading(name, Pulse.SOCKET_SILENT, f"{name}: the socket has been silent for {spoken(silence)}")
    if is_open is None:
        return PulseReading(name, Pulse.HOURS_UNKNOWN, f"{name}: its open hours are not known for today; renew them")
    if not is_open:
        return PulseReading(name, Pulse.OUT_OF_SESSION, f"{name} is outside of its session")
    if abs(quiet) > rules.useful_ns:
        return PulseReading(name, Pulse.FROZEN, f"{name}: the data are frozen, nothing useful came for {spoken(quiet)}")
    if state.useful_ns is None:
        return PulseReading(name, Pulse.WAITING, f"{name}: nothing useful has come yet")
    return PulseReading(name, Pulse.ALIVE, f"{name}: the last useful message came {spoken(quiet)} ago")
