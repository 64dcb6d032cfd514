"""The desk's only loop: events in, one at a time; each durable before what it asks for is done. It decides nothing."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import suppress
from typing import Final, Protocol

from msgspec.structs import replace

from tradeworthy.core.clock import SECOND_NS, monotonic_ns, now_ns
from tradeworthy.core.errors import JournalError
from tradeworthy.core.messages import BarCame, FeedEnded, Heartbeat, LineDown, LineUp, Message, OrderNews
from tradeworthy.live.broker_calls import BrokerCommand, called
from tradeworthy.live.clock_keeping import ClockKeeper
from tradeworthy.live.desk_commands import Command, Leave, Tell
from tradeworthy.live.desk_events import (
    BookCame,
    CancelTaken,
    DeskEvent,
    DeskStarted,
    DeskStopped,
    Happened,
    OperatorAsked,
    Placed,
    ReportCame,
    SignedIn,
    TimeReached,
    Trouble,
    Wish,
)
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.journaling import Journaling, Told
from tradeworthy.live.past_bars import PastBars
from tradeworthy.live.pressing import unsettled
from tradeworthy.live.quiet_bars import can_pass
from tradeworthy.live.signal_hearing import SignalHearing, first_of
from tradeworthy.live.signal_inbox import SignalInbox
from tradeworthy.live.skimming import Ahead, Skim
from tradeworthy.live.sound_events import sound
from tradeworthy.ports import Broker, Feed, Journal, Line

INBOX: Final = 10_000
"""Messages that may wait; more of them halt the desk, and none is dropped unsaid."""
EMERGENCY: Final = 5_000_000_000
"""Added to the place of events that no journal took: client ids of ten digits that none will give."""
_REST_SECONDS: Final = 0.25
_QUIET: Final = frozenset(
    {BarCame, Heartbeat, TimeReached, OrderNews, Placed, CancelTaken, ReportCame, BookCame, SignedIn}
)
"""Events that may wait for the next commit where they ask for nothing: after a crash the broker or the feed says them again."""
_LOOK_NS: Final = SECOND_NS // 20
"""How long a replay at full speed goes on before it looks after the house again."""
_HOP_NS: Final = 60 * SECOND_NS
_PATIENCE_SECONDS: Final = 0.2


class Watch(Protocol):
    """Who looks after the desk's own house: requests, a kill file, the lease, the file that says how the desk stands."""

    def events(self, state: DeskState) -> Sequence[DeskEvent]:
        """What it has to say now. Asked between any two messages, so it has to be quick."""

    def seen(self, state: DeskState) -> None:
        """What it said has been dealt with."""


class DeskRuntime:
    """Feeds one state with events and carries out its commands. Made for one run.

    journal: None keeps nothing, for measuring and trying. feed: where history comes from, and bars where the broker sends
    none. told: hears every note. watch: looked at between messages. is_paced: whether a broker that waits takes its time.
    ahead: the line that is followed, where it can say what comes; asked only without a journal, which has every bar for itself.
    signals: what comes from outside, answered one after the other between messages.
    """

    def __init__(
        self,
        state: DeskState,
        broker: Broker,
        journal: Journal | None,
        *,
        feed: Feed | None = None,
        told: Told | None = None,
        watch: Watch | None = None,
        is_paced: bool = False,
        ahead: Ahead | None = None,
        signals: SignalInbox | None = None,
    ) -> None:
        self.state = state
        self._broker, self._journaling = broker, Journaling(journal, broker.name, told)
        self._past = None if feed is None else PastBars(feed, self._heard, broker.now_ns)
        others: tuple[Line, ...] = () if feed is None else (feed,)
        self._lines: tuple[Line, ...] = (broker, *(line for line in others if line is not broker))
        self._watch, self._signals = watch, SignalHearing(signals)
        self._answers: deque[DeskEvent] = deque()
        self._leaving = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._calls: set[asyncio.Task[None]] = set()
        self._inbox: deque[Message] = deque()
        self._woken = asyncio.Event()
        self._overflowed = False
        self._defect: BaseException | None = None
        self._messages = broker.messages()
        self._clock = ClockKeeper()
        self._look_at_ns = 0
        self._is_pumping, self._is_paced = False, is_paced
        self._skim = Skim(ahead) if ahead is not None and journal is None and can_pass(state.plan) else None

    async def run(self, started: DeskStarted) -> str:
        """Trade until the feed ends or somebody asks to stop; the reason is returned.

        Raises JournalError when events can no longer be recorded: entries on their way have then been taken back as far
        as the broker answered, and protective stops rest.
        """
        try:
            await self.tell(started)
            await self._look()
            await self._catch_up()
            self._signals.open(self.state.plan, self._woken)
            if self._broker.waits:
                await self._follow()
            else:
                await self._listen()
            await self._hear_out()
            await self.tell(DeskStopped(self.now_ns(), self._leaving or "the feed has ended"))
            self.flush()
            self._journaling.snapshot(self.state)
        except JournalError as error:
            self._signals.close(str(error))
            await self._without_journal(error)
            await self._hear_out()
            raise
        finally:
            self._signals.close(self._leaving or "it has ended")
            for task in self._tasks:
                task.cancel()
        return self._leaving or "the feed has ended"

    async def go_on(self) -> None:
        """From a state that is under way, until a line that waits ends or the desk leaves: nobody starts and nobody stops."""
        await self._follow()
        await self._hear_out()
        self.flush()

    async def tell(self, *events: DeskEvent) -> None:
        """Let the desk know, and do what follows until nothing more does."""
        self._answers.extend(events)
        while self._answers:
            for command in self._stepped(self._answers.popleft()):
                await self._carry_out(command)

    async def _catch_up(self) -> None:
        """Bars that closed before the desk began, so that strategies are warm, or while it was away. Where they cannot be had
        nothing is entered. A line that does not wait goes on meanwhile."""
        if self._past is None:
            return
        if self._broker.waits:
            await self.tell(*await self._past.asked(self.state))
            return
        before, work = self._past.begin(self.state)
        await self.tell(*before)
        if work is not None:
            self._spawn(work)

    def _heard(self, events: Sequence[DeskEvent]) -> None:
        self._answers.extend(events)
        self._woken.set()

    async def _follow(self) -> None:
        """A line that waits: its next message is asked for when everything before it is done."""
        while not (self._leaving or self.state.ended):
            if self._skim is not None:
                self.state = self._skim.over(self.state)
            message = await (self._next() if self._is_paced else anext(self._messages, None))
            if message is None:
                return
            commands = self._stepped(message)
            if commands:
                for command in commands:
                    await self._carry_out(command)
                await self.tell()
            if isinstance(message, LineUp):
                await self._catch_up()
            if self.state.due_ns and self.state.due_ns <= self.state.time_ns + _HOP_NS:
                await self._hop()
            if await self._glance():
                await self._hop()

    async def _next(self) -> Message | None:
        """The next message; None where there is none, or somebody leaves. A replay may take its time over it, and meanwhile
        the house is looked after."""
        coming = asyncio.ensure_future(anext(self._messages, None))
        while not coming.done():
            await first_of(coming, self._woken, _PATIENCE_SECONDS)
            self.flush()
            heard = await self._signals.hear(self)
            if await self._look() or heard:
                await self._hop()
            if self._leaving:
                coming.cancel()
                return None
        return coming.result()

    async def _glance(self) -> bool:
        """Signals now, and the house a few times a second."""
        heard = await self._signals.hear(self)
        if self._watch is None or monotonic_ns() < self._look_at_ns:
            return heard
        self._look_at_ns = monotonic_ns() + _LOOK_NS
        return await self._look() or heard

    async def _look(self) -> bool:
        """Whether the watch had something to say."""
        if self._watch is None:
            return False
        events = self._watch.events(self.state)
        await self.tell(*events)
        await asyncio.sleep(0)  # tasks and signals are heard only here
        self._watch.seen(self.state)
        return bool(events)

    async def _hop(self) -> None:
        """In a replay nobody waits for a second to pass: what is due within the minute happens before the next bar."""
        until = self.state.time_ns + _HOP_NS
        for _ in range(64):
            due = self.state.due_ns
            if not due or due > until or not unsettled(self.state):
                return
            for command in self._stepped(TimeReached(due), due):
                await self._carry_out(command)
            await self.tell()

    async def _listen(self) -> None:
        """Lines that do not wait: answers go before data, and what does not fit halts the desk."""
        for line in () if self._is_pumping else self._lines:
            self._spawn(self._pump(self._messages if line is self._broker else line.messages(), line))
        self._is_pumping = True
        while not (self._leaving or self.state.ended):
            await self._keep_house()
            if self.state.due_ns and self.now_ns() >= self.state.due_ns:
                await self.tell(TimeReached(self.now_ns()))
            elif self._inbox:
                message = self._inbox.popleft()
                if self._past is not None and self._past.holds(message):
                    continue
                await self.tell(message)
                if isinstance(message, LineUp):
                    await self._catch_up()
            elif not self._answers:
                self.flush()
                await self._rest()

    async def _keep_house(self) -> None:
        """What comes before any message: what nobody foresaw, the watch, the clock, missing bars, and a queue that ran over."""
        await asyncio.sleep(0)  # calls of the broker begin and end here, however many messages wait
        if self._defect is not None:
            raise self._defect
        await self._look()
        await self._signals.hear(self)
        await self.tell(*self._clock.looked(now_ns()))
        if self._past is not None and self._past.is_due():
            await self._catch_up()
        if self._overflowed:
            self._overflowed = False
            why = f"over {INBOX:,} messages waited, so some of the market was not seen"
            await self.tell(Trouble(self.now_ns(), "queue", why, halts=True))

    async def _rest(self) -> None:
        """Until something comes, something is due, or it is time to look after the house."""
        due = self.state.due_ns
        seconds = _REST_SECONDS if not due else min(_REST_SECONDS, max(0.0, (due - self.now_ns()) / SECOND_NS))
        self._woken.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    async def _pump(self, messages: AsyncIterator[Message], line: Line) -> None:
        """Everything that a line says. One that has no more to say and did not say that it ended is lost."""
        message: Message | None = None
        async for message in messages:
            if len(self._inbox) < INBOX:
                self._inbox.append(message)
            else:
                self._overflowed = True
            self._woken.set()
        if not isinstance(message, FeedEnded):
            self._inbox.append(LineDown(line.now_ns(), line.name, "its messages ended"))
            self._woken.set()

    def _stepped(self, event: DeskEvent, at_ns: int | None = None) -> Sequence[Command]:
        """One step, and what of it is to be done outside: durable by now."""
        now = self.now_ns() if at_ns is None else at_ns
        event = sound(event)
        happened = Happened(self.state.sequence + 1, now, event)
        state, commands = self._signals.decided(self.state, happened)
        if not (commands or self._journaling.keeps):
            self.state = state
            return ()
        self.state = _numbered(state, self._journaling.take(happened, commands))
        outside = [one for one in commands if not isinstance(one, Tell)] if commands else ()
        if outside or type(event) not in _QUIET or self._journaling.is_full:
            self.flush()
        return outside

    def flush(self) -> None:
        """Make everything durable that has happened, and only then say it."""
        self._journaling.flush(self.state)

    async def _carry_out(self, command: Command) -> None:
        if isinstance(command, Leave):
            self._leaving = command.reason
        elif isinstance(command, Tell):
            return  # it is said when it is durable
        elif self._broker.waits:
            self._answers.append(await called(self._broker, command, self.state.plan.timing.answer_ns))
        else:
            self._calls.add(self._spawn(self._answer(command)))

    async def _answer(self, command: BrokerCommand) -> None:
        self._answers.append(await called(self._broker, command, self.state.plan.timing.answer_ns))
        self._woken.set()

    async def _without_journal(self, error: JournalError) -> None:
        """Nothing can be recorded any more: halt, and take back entries that wait at the broker. Where the desk is to be
        killed, go on without a journal until it is flat; the ids of these orders are none that a journal will ever give."""
        self._journaling.give_up()
        self._answers.clear()
        self.state = replace(self.state, sequence=self.state.sequence + EMERGENCY)
        why = f"nothing can be recorded: {error}"
        await self.tell(Trouble(self.now_ns(), "journal", why, halts=True))
        await self.tell(OperatorAsked(self.now_ns(), Wish.HALT, "desk", why))
        await self._look()
        if self.state.unwinding is not None and not self.state.unwinding.confirmed_ns and not self._leaving:
            await (self._follow() if self._broker.waits else self._listen())

    async def _hear_out(self) -> None:
        """What the broker was asked before the desk leaves is answered, or has failed, before it is gone."""
        while self._calls:
            await asyncio.wait(self._calls)  # each ends by its own time limit
            await self.tell()

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        """What nobody foresaw is a defect, and ends the run; starting again finds out how things stand."""
        self._tasks.discard(task)
        self._calls.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._defect = task.exception()
            self._woken.set()

    def now_ns(self) -> int:
        """By the clock of the broker."""
        return self._broker.now_ns()


def _numbered(state: DeskState, sequence: int) -> DeskState:
    return state if state.sequence == sequence else replace(state, sequence=sequence)
