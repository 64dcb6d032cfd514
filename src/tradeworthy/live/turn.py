"""One step under way: the state as it is becoming, and what is to be done about it."""

from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from tradeworthy.live import breaker
from tradeworthy.live.desk_commands import Command, NoteKind, NoteLevel, Tell
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import RECENT_ORDERS, DeskState, MemberState, Working
from tradeworthy.live.mode import Mode, Restriction, restricted
from tradeworthy.live.order_life import client_id
from tradeworthy.live.trading_days import trading_day
from tradeworthy.live.verdict_chain import Weighing


class Turn:
    """Lives for one step and is seen by nobody else: the states before and after it are not changed."""

    __slots__ = ("commands", "now", "parts", "sequence", "state", "weighing")

    def __init__(self, state: DeskState, sequence: int, now: int, weighing: Weighing | None = None) -> None:
        self.state, self.weighing = state, weighing
        self.sequence, self.now, self.parts = sequence, now, 0
        self.commands: list[Command] = []

    @property
    def plan(self) -> DeskPlan:
        """The desk's plan."""
        return self.state.plan

    def change(self, **fields: Any) -> None:
        """The state with these fields."""
        self.state = replace(self.state, **fields)

    def member(self, place: int, **fields: Any) -> MemberState:
        """One member with these fields."""
        members = self.state.members
        one: MemberState = replace(members[place], **fields)
        self.state = replace(self.state, members=(*members[:place], one, *members[place + 1 :]))
        return one

    def keep(self, one: Working) -> Working:
        """The order as it stands now; one that is over and settled is kept among the latest ones for a while."""
        name = one.life.client_id
        if not one.life.status.is_over or one.life.must_ask:
            self.change(orders={**self.state.orders, name: one})
            if name in self.state.done:  # it seemed to be over
                self.change(done={key: other for key, other in self.state.done.items() if key != name})
            return one
        orders = {key: other for key, other in self.state.orders.items() if key != name}
        done = {key: other for key, other in self.state.done.items() if key != name}
        while len(done) >= RECENT_ORDERS:
            del done[next(iter(done))]
        self.change(orders=orders, done={**done, name: one})
        return one

    def day_number(self) -> int:
        """Of the exchange's day that it is now."""
        day = self.state.day
        return day.number if self.now < day.ends_ns else trading_day(self.now, self.plan.day).number

    def next_id(self) -> str:
        """A client id that this event at this place gives for ever."""
        name = client_id(self.plan.mark, self.sequence, self.parts)
        self.parts += 1
        return name

    def ticket(self) -> int | None:
        """A permission of the breaker to call the broker; None while it is not to be called."""
        state, permission = breaker.asked(self.state.breaker, self.now, self.plan.breaker)
        if state is not self.state.breaker:
            self.change(breaker=state)
        return permission.ticket if permission.allowed else None

    def command(self, command: Command) -> None:
        """To be carried out once this event is durable."""
        self.commands.append(command)

    def tell(
        self, kind: NoteKind, level: NoteLevel, sentence: str, *, strategy: str = "", symbol: str = "", **data: Any
    ) -> None:
        """Tell people."""
        self.commands.append(Tell(kind, level, sentence, strategy, symbol, MappingProxyType(data)))

    def restrict(self, source: str, mode: Mode, reason: str, *, latched: bool = False, instrument: str = "") -> None:
        """Less is allowed from now on, and people are told if that is new."""
        before = self.state.mode
        after = restricted(before, Restriction(source, mode, reason, self.now, latched, instrument))
        if after == before:
            return
        self.change(mode=after)
        if len(after.restrictions) > len(before.restrictions) or after.mode_of(instrument) is not before.mode_of(
            instrument
        ):
            about = f"{instrument} is" if instrument else "the desk is"
            held = after.mode_of(instrument)
            self.tell(NoteKind.MODE, NoteLevel.ALERT, f"{about} {held}: {reason}", symbol=instrument, source=source)
