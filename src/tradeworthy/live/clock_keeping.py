"""The clock watch of a running desk: what it has to say about the host's clock, as events."""

from tradeworthy.core.clock import monotonic_ns
from tradeworthy.live.clock_watch import CLOCK, ClockState, ClockVerdict, first_look, looked
from tradeworthy.live.desk_events import Trouble


class ClockKeeper:
    """Looks at the time of day against the monotonic clock, and tells of a jump once and of its end once."""

    def __init__(self) -> None:
        self._state: ClockState | None = None

    def looked(self, wall_ns: int, elapsed_ns: int | None = None) -> tuple[Trouble, ...]:
        """What there is to say at this look. elapsed_ns: the monotonic clock, the host's where it is not given."""
        now = monotonic_ns() if elapsed_ns is None else elapsed_ns
        if self._state is None:
            self._state = first_look(wall_ns, now)
            return ()
        before = self._state
        reading = looked(before, wall_ns, now)
        self._state = reading.state
        if reading.verdict is not ClockVerdict.STEADY:
            return (Trouble(wall_ns, CLOCK, reading.state.reason),)
        if before.disturbed_ns is not None and reading.state.disturbed_ns is None:
            return (Trouble(wall_ns, CLOCK, "the clock has been steady for a while", over=True),)
        return ()
