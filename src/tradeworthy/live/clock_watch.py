"""Whether the host's clock jumps: the time of day against the monotonic clock, both given.

All times are UTC, so daylight saving moves nothing. A jump makes every age wrong by as much, so entries stop until the
clock has been steady for a while; ages of data are right again by then.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from tradeworthy.core.clock import MINUTE_NS, SECOND_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.durations import spoken
from tradeworthy.live.mode import Mode, Restriction

CLOCK: Final = "clock"
"""The source of its restriction."""


class ClockVerdict(StrEnum):
    """What the clock did between two looks."""

    STEADY = "STEADY"
    FORWARDS = "JUMPED FORWARDS"
    BACKWARDS = "JUMPED BACKWARDS"
    DRIFTING = "DRIFTING"
    RESTARTED = "RESTARTED"


@dataclass(frozen=True, slots=True)
class ClockRules:
    """jump_ns: more than this between two looks is a jump. drift_ns: more than this since the last time it was steady is
    drift, though no step of it was a jump. settle_ns: so long without either, by the monotonic clock, and entries are
    allowed again. Raises InputError for zero or less, and a drift below the jump."""

    jump_ns: int = SECOND_NS
    drift_ns: int = 5 * SECOND_NS
    settle_ns: int = MINUTE_NS

    def __post_init__(self) -> None:
        if min(self.jump_ns, self.settle_ns) <= 0 or self.drift_ns < self.jump_ns:
            raise InputError("limits of the clock must be above zero, and drift_ns at least jump_ns")


USUAL_CLOCK = ClockRules()


@dataclass(frozen=True, slots=True)
class ClockState:
    """wall_ns, monotonic_ns: at the latest look. offset_ns: wall less monotonic when it was first trusted.

    disturbed_ns: the monotonic time of the latest jump, None where there was none since it settled; reason: in words.
    """

    wall_ns: int
    monotonic_ns: int
    offset_ns: int
    disturbed_ns: int | None = None
    reason: str = ""

    def restriction(self) -> Restriction | None:
        """No entries while the clock has not settled."""
        return None if self.disturbed_ns is None else Restriction(CLOCK, Mode.REDUCING, self.reason, self.wall_ns)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """The state after a look, what the clock did, and by how much: above zero is forwards."""

    state: ClockState
    verdict: ClockVerdict
    moved_ns: int


def first_look(wall_ns: int, monotonic_ns: int) -> ClockState:
    """Nothing to compare with yet."""
    return ClockState(wall_ns, monotonic_ns, wall_ns - monotonic_ns)


def looked(state: ClockState, wall_ns: int, monotonic_ns: int, rules: ClockRules = USUAL_CLOCK) -> ClockReading:
    """Another look at both clocks. A move of exactly the limit is none."""
    passed = monotonic_ns - state.monotonic_ns
    moved = wall_ns - state.wall_ns - passed
    drifted = wall_ns - monotonic_ns - state.offset_ns
    if passed < 0:
        why = "the monotonic clock began anew: the host was restarted"
        return _disturbed(wall_ns, monotonic_ns, ClockVerdict.RESTARTED, moved, why)
    if abs(moved) > rules.jump_ns:
        way = ClockVerdict.FORWARDS if moved > 0 else ClockVerdict.BACKWARDS
        cause = "it was set, or the host slept" if moved > 0 else "it was set"
        why = f"the clock jumped {'forwards' if moved > 0 else 'backwards'} by {spoken(abs(moved))}: {cause}"
        return _disturbed(wall_ns, monotonic_ns, way, moved, why)
    if abs(drifted) > rules.drift_ns:
        why = f"the clock has drifted by {spoken(abs(drifted))}; see that it is kept by NTP"
        return _disturbed(wall_ns, monotonic_ns, ClockVerdict.DRIFTING, drifted, why)
    after = replace(state, wall_ns=wall_ns, monotonic_ns=monotonic_ns)
    if state.disturbed_ns is not None and monotonic_ns - state.disturbed_ns >= rules.settle_ns:
        after = first_look(wall_ns, monotonic_ns)
    return ClockReading(after, ClockVerdict.STEADY, moved)


def _disturbed(wall_ns: int, monotonic_ns: int, verdict: ClockVerdict, moved: int, why: str) -> ClockReading:
    state = ClockState(wall_ns, monotonic_ns, wall_ns - monotonic_ns, monotonic_ns, why)
    return ClockReading(state, verdict, moved)
