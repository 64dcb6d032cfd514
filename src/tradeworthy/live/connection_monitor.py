"""The breaker before a broker, for a bot that tells of failures and successes and asks whether to go on."""

from typing import Any

from tradeworthy.core.clock import SECOND_NS, now_ns
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import positive, whole_number
from tradeworthy.core.moments import Clock, now_by
from tradeworthy.live.breaker import BreakerPhase, BreakerRules, BreakerState, Permission, asked, failed, succeeded
from tradeworthy.live.cells import Cell, MemoryCell


class BrokerConnectionMonitor:
    """Three failures in a row pause for 30 seconds; then one probe goes through, and its answer decides.

    failures: in a row until it pauses. pause_seconds: the first pause; it doubles with each probe that fails, up to 10
    minutes or the first pause where that is longer. Any thread may call it. Raises InputError for values that make none.
    """

    def __init__(
        self, failures: int = 3, pause_seconds: float = 30.0, *, clock: Clock = now_ns,
        state: Cell[BreakerState] | None = None,
    ) -> None:  # fmt: skip
        count = whole_number(failures)
        if count is None:
            raise InputError(f"failures must be a whole number, not {failures!r}")
        pause = round(positive(pause_seconds, "pause_seconds") * SECOND_NS)
        self.rules = BreakerRules(count, pause, max(pause, BreakerRules().pause_ns_max))
        self._clock = clock
        self._state: Cell[BreakerState] = MemoryCell(BreakerState()) if state is None else state

    def record_failure(self) -> None:
        """The broker did not answer. While it is paused this says nothing new; after the pause it is a failed probe."""
        now = now_by(self._clock)
        self._state.change(lambda state: self._outcome(state, now, well=False))

    def record_success(self) -> None:
        """The broker answered. During a pause that is a late answer from before and ends nothing; after it, the probe's."""
        now = now_by(self._clock)
        if self._state.get() != self._outcome(self._state.get(), now, well=True):
            self._state.change(lambda state: self._outcome(state, now, well=True))

    def may_ask(self) -> dict[str, Any]:
        """Whether to ask the broker now: {allowed, reason, wait_seconds}. After a pause only the first who asks may."""
        now = now_by(self._clock)
        given: list[Permission] = []

        def step(state: BreakerState) -> BreakerState:
            after, permission = asked(state, now, self.rules)
            given.append(permission)
            return after

        self._state.change(step)
        told = given[-1]
        return {"allowed": told.allowed, "reason": told.reason, "wait_seconds": told.wait_ns / SECOND_NS}

    def current(self) -> BreakerState:
        """The breaker at this moment: one whose pause is over is waiting for its probe."""
        return asked(self._state.get(), now_by(self._clock), self.rules)[0]

    def status(self) -> dict[str, Any]:
        """{phase, failures, wait_seconds}: failures in a row so far, and what is left of a pause."""
        state = self.current()
        paused = state.phase is BreakerPhase.OPEN
        left = state.since_ns + state.pause_ns - now_by(self._clock) if paused else 0
        return {"phase": state.phase.value, "failures": state.failures, "wait_seconds": max(0, left) / SECOND_NS}

    def _outcome(self, state: BreakerState, now: int, *, well: bool) -> BreakerState:
        if state.phase is not BreakerPhase.CLOSED:
            state, _ = asked(state, now, self.rules)  # one whose pause is over: this is the outcome of its probe
        return succeeded(state, state.ticket, now) if well else failed(state, state.ticket, now, self.rules)
