"""The loop's side of the signals that come from outside."""

import asyncio
from functools import partial
from typing import Any, Protocol

from msgspec.structs import replace

from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_commands import Command
from tradeworthy.live.desk_events import DeskEvent, Happened, SignalCame
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.signal_given import check_sides
from tradeworthy.live.signal_inbox import SignalInbox, answer_to, known_already
from tradeworthy.live.stepping import explained, step
from tradeworthy.live.verdict_chain import VerdictChain


class Listening(Protocol):
    """The desk whose loop it is."""

    state: DeskState

    async def tell(self, *events: DeskEvent) -> None:
        """Let the desk know, and do what follows."""

    def now_ns(self) -> int:
        """By the clock that the desk lives by."""


class SignalHearing:
    """Takes signals out of the inbox, between two messages, and answers each. inbox: None where there is nobody outside."""

    def __init__(self, inbox: SignalInbox | None) -> None:
        self._inbox = inbox
        self._weighed: tuple[VerdictChain, ...] = ()

    def open(self, plan: DeskPlan, woken: asyncio.Event) -> None:
        """From now on signals are taken, and wake the loop."""
        if self._inbox is not None:
            self._inbox.open(plan, partial(asyncio.get_running_loop().call_soon_threadsafe, woken.set))

    def close(self, why: str) -> None:
        """No more are, and nobody waits any longer."""
        if self._inbox is not None:
            self._inbox.close(why)

    def decided(self, state: DeskState, happened: Happened) -> tuple[DeskState, list[Command]]:
        """One step; of a signal with all that was asked of it."""
        if type(happened.event) is not SignalCame:
            return step(state, happened)
        after, commands, self._weighed = explained(state, happened)
        return after, commands

    async def hear(self, desk: Listening) -> bool:
        """Whether any came. Each is answered when it is durable, and what it asks for is sent."""
        waiting = [] if self._inbox is None else self._inbox.taken()
        for one in waiting:
            try:
                known = known_already(desk.state, one.signal)
                if known is None:
                    check_sides(one.signal, desk.state)
            except InputError as error:
                one.answer.set_exception(error)
                continue
            if known is None:
                await desk.tell(replace(one.signal, time_ns=desk.now_ns()))
                known = answer_to(desk.state, one.signal, self._weighed)
            one.answer.set_result(known)
        return bool(waiting)


async def first_of(coming: "asyncio.Future[Any]", woken: asyncio.Event, seconds: float) -> None:
    """Until a message comes, somebody wakes the loop, or so many seconds have passed."""
    waking = asyncio.ensure_future(woken.wait())
    both: set[asyncio.Future[Any]] = {coming, waking}
    await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    waking.cancel()
    woken.clear()  # whatever woke it is looked for now; what comes from here on wakes it again
