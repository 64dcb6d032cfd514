"""Where signals from outside wait for the desk's loop: any thread puts one in, the loop alone takes them out."""

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Event, Lock
from typing import Any, Final

from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.outcomes import Outcome
from tradeworthy.core.errors import InputError, NotNow, NotRunning
from tradeworthy.live.chain_outcomes import refused_outcome
from tradeworthy.live.desk_events import SignalAction, SignalCame
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import DeskState, SignalSeen
from tradeworthy.live.signal_given import signal_in
from tradeworthy.live.signal_step import NOTHING_TO_LEAVE
from tradeworthy.live.verdict_chain import Link, Stage, VerdictChain

_TO_LEAVE: Final = Outcome(NOTHING_TO_LEAVE.check, CheckState.PASSED, NOTHING_TO_LEAVE.limit, "held, or on its way")
MOST_WAITING: Final = 256
"""Signals that may wait; more of them are refused to whoever sends them."""


@dataclass(frozen=True, slots=True)
class SignalAnswer:
    """What came of a signal. again: its id came before, and what is told is what came of it then."""

    signal: SignalCame
    seen: SignalSeen
    symbol: str
    side: str
    again: bool = False
    refused: Mapping[str, str] | None = None
    checks: tuple[Mapping[str, Any], ...] = ()
    not_reached: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the desk does what the signal says; an order may still fail at the broker."""
        return not self.seen.check

    def to_dict(self) -> dict[str, Any]:
        """{accepted, answer, duplicate, signal_id, client_id, event, strategy, symbol, side, refused, checks, not_reached}."""
        return {
            "accepted": self.accepted, "answer": self.seen.answer, "duplicate": self.again, "signal_id": self.signal.signal_id,
            "client_id": self.seen.client_id or None, "event": self.seen.sequence, "strategy": self.seen.strategy,
            "symbol": self.symbol, "side": self.side, "refused": None if self.refused is None else dict(self.refused),
            "checks": [dict(one) for one in self.checks], "not_reached": list(self.not_reached),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """A signal, and whoever waits for its answer."""

    signal: SignalCame
    answer: "Future[SignalAnswer]"


class SignalInbox:
    """Open from when the desk trades until it leaves; nobody waits past that."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Waiting] = deque()
        self._taken: list[Waiting] = []
        self._closed = "it has not begun"
        self._wake: Callable[[], object] | None = None
        self._plan: DeskPlan | None = None
        self.begun = Event()
        """Set when signals are taken for the first time."""

    def open(self, plan: DeskPlan, wake: Callable[[], object]) -> None:
        """From now on signals for this plan are taken; `wake` is called from the thread that brings one."""
        with self._lock:
            self._closed, self._plan, self._wake = "", plan, wake
        self.begun.set()

    def close(self, why: str) -> None:
        """No more are taken, and those that wait are told so. One that was being dealt with may be in the journal."""
        with self._lock:
            self._closed, self._wake = why, None
            waiting, self._waiting = [*self._waiting], deque()
            taken, self._taken = self._taken, []
        for one in waiting:
            if one.answer.set_running_or_notify_cancel():
                one.answer.set_exception(_not_running(why))
        for one in taken:
            if not one.answer.done():
                one.answer.set_exception(
                    NotRunning(
                        f"the desk ended while it dealt with signal {one.signal.signal_id} ({why}): send it again under the same "
                        "id once the desk runs, and it is not done twice"
                    )
                )

    def put(self, given: object) -> "Future[SignalAnswer]":
        """Let the desk deal with a signal. Raises NotRunning where it does not trade, InputError for what is no signal of it,
        and where too many wait."""
        with self._lock:
            plan, closed = self._plan, self._closed
        if plan is None or closed:
            raise _not_running(closed)
        signal = signal_in(given, plan)
        answer: Future[SignalAnswer] = Future()
        with self._lock:
            if self._wake is None:
                raise _not_running(self._closed)
            if len(self._waiting) >= MOST_WAITING:
                raise NotNow(f"{MOST_WAITING} signals wait already; send this one again in a while")
            self._waiting.append(Waiting(signal, answer))
            self._wake()
        return answer

    def taken(self) -> list[Waiting]:
        """All that wait and were not withdrawn, in their order; for the loop."""
        if not self._waiting:
            return []
        with self._lock:
            found, self._waiting = [*self._waiting], deque()
            self._taken = [one for one in found if one.answer.set_running_or_notify_cancel()]
            return self._taken


def known_already(state: DeskState, signal: SignalCame) -> SignalAnswer | None:
    """The answer of then, where its id came before. Raises InputError where it was the id of something else."""
    seen = state.signals.get(signal.signal_id)
    if seen is None:
        return None
    if seen.action and (seen.action, seen.strategy) != (str(signal.action), signal.strategy):
        raise InputError(
            f"id {signal.signal_id} was {seen.action} of {seen.strategy} in event {seen.sequence}, and {signal.action} of "
            f"{signal.strategy} is another signal: nothing was done; give each signal an id of its own"
        )
    return _answer(state, signal, seen, again=True)


def answer_to(state: DeskState, signal: SignalCame, chains: tuple[VerdictChain, ...]) -> SignalAnswer:
    """The answer of the step that has just been. chains: what it weighed."""
    seen = state.signals[signal.signal_id]
    chain = next((one for one in chains if one.strategy == signal.strategy), None)
    return _answer(state, signal, seen, None if chain is None else chain.to_dict())


def _answer(
    state: DeskState,
    signal: SignalCame,
    seen: SignalSeen,
    chain: Mapping[str, Any] | None = None,
    *,
    again: bool = False,
) -> SignalAnswer:
    place = state.plan.member_at.get(seen.strategy)
    symbol = "" if place is None else state.plan.members[place].instrument.symbol
    side = {SignalAction.BUY: "long", SignalAction.SELL: "short"}.get(signal.action, "close")
    if chain is not None:
        return SignalAnswer(
            signal, seen, symbol, side, again, chain["refused"], tuple(chain["checks"]), tuple(chain["not_reached"])
        )
    refused = {"check": seen.check, "reason": seen.why} if seen.check else None
    if again:
        return SignalAnswer(signal, seen, symbol, side, again, refused)
    link = Link(
        Stage.POSITION, refused_outcome(NOTHING_TO_LEAVE) if seen.check else _TO_LEAVE
    )  # of an exit: it has no chain
    one = link.to_dict()
    told = {**refused, "limit": one["required"], "actual": one["actual"]} if refused else None
    return SignalAnswer(signal, seen, symbol, side, again, told, (one,))


def _not_running(why: str) -> NotRunning:
    return NotRunning(f"the desk does not run: {why or 'it has ended'}; start it with start_auto_trading()")
