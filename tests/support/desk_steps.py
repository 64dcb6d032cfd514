"""A desk's engine step by step: what strategies decide is dictated, and each thing that happens is handed to it by a test.

Every step is taken twice, once with its chains of decision, and the state before it is held against what it was: equal
answers, nothing changed, and chains that say what happened.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self, TypeVar

from support.chains import assert_chains_say_what_happened
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.sizing import Units
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, SECOND_NS
from tradeworthy.core.deals import BrokerBook, Fill, OrderReport, OrderStatus
from tradeworthy.core.instrument import instrument_named
from tradeworthy.core.messages import ArrivingBar, BarCame, DealCame, OrderNews
from tradeworthy.live.broker_errors import ActionKind
from tradeworthy.live.desk_commands import AskBook, AskReport, Cancel, Command, NoteKind, Place, Tell
from tradeworthy.live.desk_events import (
    BookCame,
    CallFailed,
    CallKind,
    CancelTaken,
    DeskEvent,
    DeskStarted,
    Happened,
    OperatorAsked,
    Placed,
    ReportCame,
    TimeReached,
    Wish,
)
from tradeworthy.live.desk_plan import DeskPlan, Member, Timing
from tradeworthy.live.desk_state import DeskState, Holding, MemberState, Working, first_state
from tradeworthy.live.folding import snapshot_of
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.live.verdict_chain import VerdictChain
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import LEAVE_LONG, LEAVE_SHORT, Decision, Decisions

EUR, GBP, YEN = "EUR_USD", "GBP_USD", "USD_JPY"
BEGIN_NS = 1_788_217_200 * SECOND_NS  # a Tuesday in 2026, on the hour
_C = TypeVar("_C", bound=Command)

LONG = Decision(1, 0, math.nan, math.nan)
SHORT = Decision(-1, 0, math.nan, math.nan)
LONG_WITH_STOP = Decision(1, 0, 0.01, math.nan)
LONG_WITH_BOTH = Decision(1, 0, 0.01, 0.02)
OUT = Decision(0, LEAVE_LONG | LEAVE_SHORT, math.nan, math.nan)
TURN_SHORT = Decision(-1, LEAVE_LONG, math.nan, math.nan)
NOTHING_WANTED = Decision(0, 0, math.nan, math.nan)


class ScriptedStream:
    """Decides on its nth bar, from 0, what a table says."""

    def __init__(self, table: Mapping[int, Decision], at: int = 0) -> None:
        self._table, self.at = table, at

    def update(self, high: float, low: float, close: float) -> Decision:
        """See `DecisionStream`."""
        del high, low, close
        self.at += 1
        return self._table.get(self.at - 1, NOTHING_WANTED)

    def copy(self) -> Self:
        """See `KeptStream`."""
        return type(self)(self._table, self.at)

    def saved(self) -> dict[str, Any]:
        """See `KeptStream`."""
        return {"at": self.at}


@dataclass(frozen=True)
class Scripted:
    """A strategy of which the test says what it decides."""

    table: Mapping[int, Decision] = field(hash=False, default_factory=dict)
    name: str = "scripted"
    warm_up: int = 0

    def stream(self) -> ScriptedStream:
        """See `Strategy`."""
        return ScriptedStream(self.table)

    def resumed(self, saved: Mapping[str, Any]) -> ScriptedStream:
        """See `Resumable`."""
        return ScriptedStream(self.table, saved["at"])

    def decisions(self, bars: Bars) -> Decisions:
        """Not asked by a desk."""
        raise NotImplementedError

    @property
    def parameters(self) -> dict[str, float | int | bool]:
        """None."""
        return {}


def member(name: str, decisions: Sequence[Decision], symbol: str = EUR, units: float = 10) -> Member:
    """A strategy that decides these on its first bars."""
    return Member(name, instrument_named(symbol), Timeframe.H1, Scripted(dict(enumerate(decisions))), Units(units))


def plan_with(*members: Member, **changes: Any) -> DeskPlan:
    """Of an account in dollars, without limits, always open."""
    hours = {one.instrument.symbol: OpenHours.always() for one in members}
    given: dict[str, Any] = {
        "gate": Gate(()),
        "balance": 10_000.0,
        "timing": Timing(reconcile_ns=30 * DAY_NS),
        **changes,
    }
    return DeskPlan("test", "USD", members, hours, **given)


def kept(state: DeskState) -> bytes:
    """All of a state but its plan, to the last bit."""
    snapshot = snapshot_of(state)
    assert snapshot is not None
    return snapshot.data


def said(command: Command) -> str:
    """A command in words, the same for the same: an approval is one of a kind, and its order is not."""
    return f"{command.order.value} {command.ticket}" if isinstance(command, Place) else repr(command)


class SteppedDesk:
    """A desk to which things happen. commands: of the latest event, chains: of the entries it weighed. notes: all so far."""

    def __init__(self, *members: Member, started: bool = True, **changes: Any) -> None:
        self.plan = plan_with(*members, **changes)
        self.state = first_state(self.plan)
        self.now = BEGIN_NS
        self.commands: list[Command] = []
        self.notes: list[Tell] = []
        self.events: list[Happened] = []
        self.chains: tuple[VerdictChain, ...] = ()
        self._deals = 0
        self._bars = 0
        if started:
            self.start()
            self.reconcile()

    def happens(self, event: DeskEvent, after_s: float = 0.0) -> list[Command]:
        """The commands of one event, so many seconds after the one before."""
        from tradeworthy.live.stepping import explained, step

        self.now += round(after_s * SECOND_NS)
        happened = Happened(self.state.sequence + 1, self.now, event)
        before = kept(self.state)
        state, commands = step(self.state, happened)
        again, same, self.chains = explained(self.state, happened)
        assert_chains_say_what_happened(self.chains, commands)
        assert kept(self.state) == before, f"the state before {event} was changed"
        assert kept(again) == kept(state), f"{event} gave two states"
        assert list(map(said, same)) == list(map(said, commands))
        self.state, self.commands = state, commands
        self.events.append(happened)
        self.notes += [one for one in commands if isinstance(one, Tell)]
        return commands

    # What happens

    def start(self, generation: int = 1) -> list[Command]:
        """A process takes the desk over."""
        return self.happens(DeskStarted(self.now, generation, "test", "test", True, "USD", "none", {}))

    def reconcile(self, book: BrokerBook | None = None) -> list[Command]:
        """The broker tells its book: the one given, or one that agrees."""
        return self.happens(BookCame(self.now, self.ticket, self.now, book or self.agreeing()))

    def bar(self, symbol: str = EUR, close: float = 1.1, *, after_s: float = 3600.0, **changes: Any) -> list[Command]:
        """The next bar of a symbol; what is done at its close comes back."""
        self.now += round(after_s * SECOND_NS)
        given = {"open": close, "high": close, "low": close, **changes}
        bar = ArrivingBar(self.now - HOUR_NS, self.now, given["open"], given["high"], given["low"], close)
        return self.happens(BarCame(self.now, symbol, Timeframe.H1, bar, backfill=changes.get("backfill", False)))

    def time(self, after_s: float) -> list[Command]:
        """The desk is woken so many seconds later."""
        return self.happens(TimeReached(self.now), after_s)

    def placed(self, client_id: str) -> list[Command]:
        """The broker took an order."""
        return self.happens(Placed(self.now, self.ticket, client_id, f"b-{client_id}"))

    def fill(self, client_id: str, units: float | str, price: float | str = "1.1", deal: str = "") -> list[Command]:
        """A deal of an order; `deal` names it."""
        self._deals += 1
        made = Fill(deal or f"deal-{self._deals}", Decimal(str(units)), Decimal(str(price)), Decimal(0), self.now)
        return self.happens(DealCame(self.now, client_id, made))

    def news(self, client_id: str, status: OrderStatus, filled: float | None = None, reason: str = "") -> list[Command]:
        """The broker says how an order stands."""
        told = None if filled is None else Decimal(str(filled))
        return self.happens(OrderNews(self.now, client_id, status, reason, told))

    def report(self, client_id: str, status: OrderStatus | None, *fills: Fill) -> list[Command]:
        """The broker says what became of an order."""
        filled = sum((one.units for one in fills), Decimal(0))
        return self.happens(ReportCame(self.now, self.ticket, client_id, OrderReport(status, filled, fills)))

    def cancel_taken(self, client_id: str) -> list[Command]:
        """The broker took the wish to cancel."""
        return self.happens(CancelTaken(self.now, self.ticket, client_id))

    def failed(
        self,
        call: CallKind,
        client_id: str = "",
        action: ActionKind = ActionKind.PAUSE,
        *,
        wait_s: float = 0.0,
        asks_first: bool = False,
    ) -> list[Command]:
        """A call failed."""
        counts = action in {ActionKind.RETRY, ActionKind.PAUSE}
        return self.happens(
            CallFailed(
                self.now,
                self.ticket,
                call,
                client_id,
                action,
                "the test says so",
                round(wait_s * SECOND_NS),
                asks_first,
                counts,
            )
        )

    def wish(self, wish: Wish, scope: str = "", after_s: float = 0.0, *, price: str = "") -> list[Command]:
        """A person asks for something."""
        at, to = self.now + round(after_s * SECOND_NS), Decimal(price) if price else None
        return self.happens(OperatorAsked(at, wish, "Ann", "a test", scope, to), after_s)

    # In short

    def enter(self, symbol: str = EUR, units: float = 10, price: float = 1.1) -> str:
        """A bar on which an entry is sent, taken and dealt; its client id."""
        name = self.ids(self.bar(symbol, price))[0]
        self.placed(name)
        self.fill(name, units, price)
        return name

    def ids(self, commands: Sequence[Command] | None = None) -> list[str]:
        """Client ids of the orders that are to be sent."""
        return [one.order.value.client_id for one in self.of(Place, commands)]

    def cancels(self, commands: Sequence[Command] | None = None) -> list[str]:
        """Client ids of the orders that are to be taken back."""
        return [one.client_id for one in self.of(Cancel, commands)]

    def questions(self, commands: Sequence[Command] | None = None) -> list[str]:
        """Client ids of the orders that are asked for."""
        return [one.client_id for one in self.of(AskReport, commands)]

    def asks_book(self, commands: Sequence[Command] | None = None) -> bool:
        """Whether the book is asked for."""
        return bool(self.of(AskBook, commands))

    def of(self, kind: type[_C], commands: Sequence[Command] | None = None) -> list[_C]:
        """The commands of a kind: of the latest event, where none are given."""
        return [one for one in (self.commands if commands is None else commands) if isinstance(one, kind)]

    def told(self, kind: NoteKind) -> list[Tell]:
        """All notes of a kind."""
        return [one for one in self.notes if one.kind is kind]

    @property
    def ticket(self) -> int:
        """Of the breaker as it stands."""
        return self.state.breaker.ticket

    @property
    def first(self) -> MemberState:
        """Of the first strategy."""
        return self.state.members[0]

    @property
    def holding(self) -> Holding:
        """Of the first strategy, which has one."""
        assert self.first.holding is not None
        return self.first.holding

    def order(self, client_id: str) -> Working:
        """An order, whether it is over or not."""
        found = self.state.orders.get(client_id) or self.state.done.get(client_id)
        assert found is not None, client_id
        return found

    def agreeing(self, **changes: Any) -> BrokerBook:
        """A book that says what the desk says; `changes` are of its fields."""
        positions: dict[str, Decimal] = {}
        for one, held in zip(self.plan.members, self.state.members, strict=True):
            if held.holding is not None:
                symbol = one.instrument.symbol
                positions[symbol] = positions.get(symbol, Decimal(0)) + held.holding.units
        resting = tuple(name for name, one in self.state.orders.items() if one.life.status is OrderStatus.WORKING)
        paid = -sum(one.holding.booked for one in self.state.members if one.holding is not None)
        given: dict[str, Any] = {
            "positions": {symbol: units for symbol, units in positions.items() if units},
            "open_orders": resting, "balance": self.state.balance - paid, **changes,
        }  # fmt: skip
        return BrokerBook(self.now, given.pop("currency", "USD"), given.pop("balance"), **given)


def fill_of(units: float | str, price: float | str = "1.1", deal: str = "told", time_ns: int = BEGIN_NS) -> Fill:
    """A deal as a report tells of it."""
    return Fill(deal, Decimal(str(units)), Decimal(str(price)), Decimal(0), time_ns)
