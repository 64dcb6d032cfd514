"""The circuit breaker before a broker: after failures in a row it pauses, then lets one probe through.

    CLOSED --failures in a row--> OPEN --pause over--> HALF-OPEN --probe answered--> CLOSED
                                   ^----------------------'  probe failed or lost: the pause doubles, up to a cap

Whoever asks is given a ticket and returns it with the outcome, so that a late answer from before the pause neither
closes nor opens anything: only a probe's own answer is proof that the broker is back.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from tradeworthy.core.clock import MINUTE_NS, SECOND_NS
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.live.plain_records import from_plain, to_plain

_DOUBLINGS_MAX = 64
"""2^64 times any pause is past every cap; more would only make large numbers."""


class BreakerPhase(StrEnum):
    """Whether the broker is asked."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF-OPEN"


@dataclass(frozen=True, slots=True)
class BreakerRules:
    """When it opens and for how long.

    failures: in a row, until it opens. pause_ns: the first pause, exact. pause_ns_max: no pause is longer.
    jitter: later pauses are shortened by up to this share, by the seed, so that desks do not all come back at once.
    probe_ns: a probe without an outcome for so long is lost. Raises InputError for values that make no breaker.
    """

    failures: int = 3
    pause_ns: int = 30 * SECOND_NS
    pause_ns_max: int = 10 * MINUTE_NS
    jitter: float = 0.1
    probe_ns: int = 30 * SECOND_NS

    def __post_init__(self) -> None:
        if self.failures < 1:
            raise InputError(f"a breaker opens after at least 1 failure, not {self.failures}")
        if not 0 < self.pause_ns <= self.pause_ns_max:
            raise InputError(f"the pause must be above zero and at most pause_ns_max, not {self.pause_ns} ns")
        if not 0.0 <= self.jitter < 1.0:
            raise InputError(f"jitter is a share from 0 to below 1, not {self.jitter}")
        if self.probe_ns <= 0:
            raise InputError(f"a probe needs time for its answer, not {self.probe_ns} ns")


USUAL_BREAKER = BreakerRules()


@dataclass(frozen=True, slots=True)
class BreakerState:
    """failures: in a row, while closed. openings: since it was last closed. since_ns: when the phase began. pause_ns: of
    this opening. ticket: of the phase, rising. opened_ticket: that of the last time it was open, -1 for never.

    Raises InputError for counts below zero, and openings that do not fit the phase.
    """

    phase: BreakerPhase = BreakerPhase.CLOSED
    failures: int = 0
    openings: int = 0
    since_ns: int = 0
    pause_ns: int = 0
    ticket: int = 0
    opened_ticket: int = -1

    def __post_init__(self) -> None:
        if min(self.failures, self.openings, self.pause_ns, self.ticket) < 0:
            raise InputError("a breaker counts failures, openings, pauses and tickets from zero")
        if (self.phase is BreakerPhase.CLOSED) != (self.openings == 0):
            raise InputError(f"a breaker that is {self.phase} cannot have been opened {counted(self.openings, 'time')}")

    def to_dict(self) -> dict[str, Any]:
        """Plain types for the journal."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote. Raises InputError for anything else."""
        return from_plain(data, cls, "the breaker in the journal")


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether the broker may be asked now, the ticket to return with the outcome, and why not, for how long."""

    allowed: bool
    ticket: int
    reason: str
    wait_ns: int = 0


def asked(
    state: BreakerState, time_ns: int, rules: BreakerRules = USUAL_BREAKER, *, seed: int = 0
) -> tuple[BreakerState, Permission]:
    """Somebody wants to ask the broker. At the very end of the pause the first who asks is the probe."""
    if state.phase is BreakerPhase.CLOSED:
        return state, Permission(True, state.ticket, "the broker answers")
    if time_ns < state.since_ns:  # the clock was put back: a pause may not grow by that
        state = replace(state, since_ns=time_ns)
    passed = time_ns - state.since_ns
    if state.phase is BreakerPhase.HALF_OPEN:
        if passed < rules.probe_ns:
            return state, _refused(state, rules.probe_ns - passed, "a probe is under way")
        state, passed = _opened(state, time_ns, rules, seed), 0
    if passed < state.pause_ns:
        why = f"the broker failed {counted(rules.failures, 'time')} in a row"
        again = f", and {counted(state.openings - 1, 'probe')} since" if state.openings > 1 else ""
        return state, _refused(state, state.pause_ns - passed, why + again)
    probe = replace(state, phase=BreakerPhase.HALF_OPEN, since_ns=time_ns, ticket=state.ticket + 1)
    return probe, Permission(True, probe.ticket, "this is the probe: everything else waits for its answer")


def succeeded(state: BreakerState, ticket: int, time_ns: int) -> BreakerState:
    """The broker answered what was asked with this ticket; a refused order is an answer too."""
    if ticket != state.ticket or state.phase is BreakerPhase.OPEN:
        return state
    if state.phase is BreakerPhase.CLOSED:
        return replace(state, failures=0) if state.failures else state
    return BreakerState(since_ns=time_ns, ticket=state.ticket + 1, opened_ticket=state.opened_ticket)


def failed(
    state: BreakerState, ticket: int, time_ns: int, rules: BreakerRules = USUAL_BREAKER, *, seed: int = 0
) -> BreakerState:
    """The broker did not answer what was asked with this ticket."""
    if ticket != state.ticket or state.phase is BreakerPhase.OPEN:
        return state
    if state.phase is BreakerPhase.CLOSED and state.failures + 1 < rules.failures:
        return replace(state, failures=state.failures + 1)
    return _opened(state, time_ns, rules, seed)


def restarted(state: BreakerState, time_ns: int) -> BreakerState:
    """In a process that has just begun: the next who asks is the probe. Nobody waits any more for the answer to one of before,
    and whoever starts a desk again wants to know now whether its broker is back."""
    if state.phase is BreakerPhase.CLOSED:
        return state
    ticket = state.ticket + 1
    return BreakerState(BreakerPhase.OPEN, 0, state.openings, time_ns - state.pause_ns, state.pause_ns, ticket, ticket)


def pause_of(opening: int, rules: BreakerRules = USUAL_BREAKER, *, seed: int = 0, ticket: int = 0) -> int:
    """Nanoseconds of the `opening`-th pause since the breaker was last closed, from 1; the first has no jitter."""
    doubled = min(rules.pause_ns << min(opening - 1, _DOUBLINGS_MAX), rules.pause_ns_max)
    if opening == 1:
        return doubled
    drawn = int.from_bytes(hashlib.blake2b(f"{seed}:{ticket}".encode(), digest_size=8).digest()) / 2.0**64
    return doubled - int(doubled * rules.jitter * drawn)


def _opened(state: BreakerState, time_ns: int, rules: BreakerRules, seed: int) -> BreakerState:
    opening, ticket = state.openings + 1, state.ticket + 1
    pause = pause_of(opening, rules, seed=seed, ticket=ticket)
    return BreakerState(BreakerPhase.OPEN, 0, opening, time_ns, pause, ticket, ticket)


def _refused(state: BreakerState, wait_ns: int, why: str) -> Permission:
    return Permission(False, state.ticket, f"{why}; ask again in {wait_ns / SECOND_NS:,.1f} s", wait_ns)
