"""Days of a whole desk on a paper broker that commits faults, with an operator who asks for things and a plug that is pulled:
lived to their end in as many processes as it takes, and inspected between any two messages."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from support.desk_day import Killed, KilledJournal, KilledVenue, Moments, bars_of_day, kill_in_play, plan_of_day
from support.desk_steps import kept
from support.kept_in_memory import MemoryJournal
from tradeworthy.adapters.brokers.paper_faults import PaperFault
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.backtest.costs import Costs
from tradeworthy.controls.sizing import Units
from tradeworthy.core.approved import Approved
from tradeworthy.core.deals import BrokerBook, Leg, OrderStatus
from tradeworthy.core.messages import Message
from tradeworthy.core.order import Order
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.live.desk_commands import Tell
from tradeworthy.live.desk_events import DeskEvent, DeskStarted, OperatorAsked, Wish
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import DeskState, Role, last_bars
from tradeworthy.live.folding import folded
from tradeworthy.live.health import Agreement
from tradeworthy.live.mode import Mode, ModeState

LOOSENS = frozenset({Wish.RESUME, Wish.UNLOCK})


@dataclass(frozen=True)
class Asked:
    """What an operator asks for, at the nth look of a life."""

    look: int
    wish: Wish
    scope: str = ""


@dataclass(frozen=True)
class Life:
    """One process: its broker's faults, the moment at which it is killed (0: never), and what its operator asks for."""

    faults: tuple[PaperFault, ...] = ()
    killed_at: int = 0
    wishes: tuple[Asked, ...] = ()


class KeptJournal(MemoryJournal):
    """A journal in memory with its newest snapshot."""

    def __init__(self) -> None:
        super().__init__()
        self.snapshot: Snapshot | None = None

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """See `ports.Journal`."""
        self.snapshot = snapshot

    def load_snapshot(self) -> Snapshot | None:
        """See `ports.Journal`."""
        return self.snapshot


class WatchedVenue(KilledVenue):
    """A broker that holds every order it is sent against what the desk knew when it sent it."""

    state: Callable[[], DeskState]
    sent: dict[str, Order]
    passed, passed_at_book = 0, -1

    async def messages(self) -> AsyncIterator[Message]:
        """See `ports.Line`."""
        async for message in super().messages():
            self.passed += 1
            yield message

    async def book(self) -> BrokerBook:
        """See `ports.Broker`."""
        self.passed_at_book = self.passed
        return await super().book()

    def truth(self) -> BrokerBook:
        """What it really holds, whatever it says."""
        return self._replay.book.told(self.now_ns())

    async def place(self, order: Approved[Order]) -> str:
        """See `ports.Broker`."""
        wanted, state = order.value, self.state()
        known = self.sent.setdefault(wanted.client_id, wanted)
        assert known == wanted, "one client id is one order"
        place = state.plan.member_at[wanted.strategy]
        held = state.members[place].holding
        if wanted.reduce_only:
            assert held is not None, f"{wanted.client_id} closes what is not held"
            assert wanted.units * held.units < 0
            assert abs(wanted.units) <= abs(held.units), "never by more than is held"
        else:
            assert state.mode.mode_of(wanted.instrument.symbol) is Mode.ACTIVE, "entries only while ACTIVE"
            assert held is None, "one position for a strategy"
        return await super().place(order)


@dataclass
class Inspector:
    """A `Watch`: asks for what the operator asks for, and inspects the desk each time."""

    venue: WatchedVenue
    wishes: Sequence[Asked]
    looks: int = 0
    agreed_ns: int = -1
    mode: ModeState | None = None
    may_loosen: bool = False
    compared: int = 0

    def events(self, state: DeskState) -> Sequence[DeskEvent]:
        """See `Watch`."""
        self.looks += 1
        self._inspect(state)
        said: list[DeskEvent] = [
            OperatorAsked(state.time_ns, one.wish, "Ann", "to see", one.scope)
            for one in self.wishes
            if one.look == self.looks
        ]
        self.may_loosen = any(isinstance(one, OperatorAsked) and one.wish in LOOSENS for one in said)
        return said

    def seen(self, state: DeskState) -> None:
        """See `Watch`."""

    def _inspect(self, state: DeskState) -> None:
        self._one_of_each(state)
        self._latched(state)
        if state.book.agreed_ns != self.agreed_ns and state.reconciliation.agreement is Agreement.AGREES:
            self.agreed_ns = state.book.agreed_ns
            if (
                self.venue.passed == self.venue.passed_at_book
            ):  # else deals of the same moment may not have been told yet
                self._agrees(state, self.venue.truth())

    def _one_of_each(self, state: DeskState) -> None:
        for place in range(len(state.members)):
            for role in (Role.ENTRY, Role.EXIT):
                live = [
                    one.life.client_id
                    for one in state.orders.values()
                    if one.member == place
                    and one.role is role
                    and not one.life.status.is_over
                    and not one.life.cancel_wanted
                ]
                assert len(live) <= 1, f"two at once: {live}"

    def _latched(self, state: DeskState) -> None:
        before, self.mode = self.mode, state.mode
        if before is None or self.may_loosen:
            return
        now = {one.key for one in state.mode.restrictions}
        gone = [one for one in before.restrictions if one.latched and one.key not in now]
        assert not gone, f"nobody resumed {gone}"

    def _agrees(self, state: DeskState, book: BrokerBook) -> None:
        self.compared += 1
        assert held_by(state) == dict(book.positions)
        for held in state.members:
            one = held.holding
            if one is not None and one.wanted.stop_distance is not None and not one.leaving:
                assert Leg.STOP.of(one.entry_id) in book.open_orders, (
                    "a stop that is wanted rests, or its position is left"
                )


def held_by(state: DeskState) -> dict[str, Decimal]:
    """Net units by symbol, as the desk has them."""
    found: dict[str, Decimal] = {}
    for one, held in zip(state.plan.members, state.members, strict=True):
        if held.holding is not None:
            symbol = one.instrument.symbol
            found[symbol] = found.get(symbol, Decimal(0)) + held.holding.units
    return {symbol: units for symbol, units in found.items() if units}


@dataclass
class FaultyDay:
    """A day under way. terms: of its broker. units: of every order. journal, store: what outlives a process. notes: what
    people heard."""

    bars: int = 60
    terms: PaperTerms = field(default_factory=lambda: PaperTerms(currency="USD"))
    units: float = 1.0
    journal: KeptJournal = field(default_factory=KeptJournal)
    store: KeptJournal = field(default_factory=KeptJournal)
    notes: list[Tell] = field(default_factory=list)
    sent: dict[str, Order] = field(default_factory=dict)
    generation: int = 0
    compared: int = 0
    plan: DeskPlan = field(init=False)
    series: list[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.series = bars_of_day(self.bars)
        plan = plan_of_day(self.series)
        members = tuple(replace(one, sizing=Units(self.units)) for one in plan.members)
        self.plan = replace(plan, members=members)

    def live(self, life: Life) -> DeskState:
        """One process, to its end; the journal then folds to the state that it had."""
        self.generation += 1
        moments, state = Moments(life.killed_at, kill_in_play), folded(self.plan, self.journal)
        with suppress(Killed):
            venue = self._venue(life, moments, state)
            return self._lived(life, venue, state, moments)
        return folded(self.plan, self.journal)

    def _venue(self, life: Life, moments: Moments, state: DeskState) -> WatchedVenue:
        venue = WatchedVenue(
            self.series, watched={one.name: place for place, one in enumerate(self.plan.members)}, costs=Costs(1.0),
            terms=self.terms, store=KilledJournal(self.store, moments), faults=life.faults, told=last_bars(state),
        )  # fmt: skip
        venue.moments, venue.sent = moments, self.sent
        return venue

    def _lived(self, life: Life, venue: WatchedVenue, state: DeskState, moments: Moments) -> DeskState:
        inspector = Inspector(venue, life.wishes)
        runtime = DeskRuntime(
            state,
            venue,
            KilledJournal(self.journal, moments),
            feed=venue,
            watch=inspector,
            told=lambda note, _: self.notes.append(note),
        )
        venue.state = lambda: runtime.state
        try:
            asyncio.run(
                runtime.run(DeskStarted(venue.now_ns(), self.generation, "test", venue.name, True, "USD", "none", {}))
            )
        finally:
            self.compared += inspector.compared
            self.book = venue.truth()
        assert kept(folded(self.plan, self.journal)) == kept(runtime.state), "the journal folds to the state"
        self.journal.snapshot = None
        assert kept(folded(self.plan, self.journal)) == kept(runtime.state), "and without a snapshot too"
        return runtime.state


def resting(state: DeskState) -> list[str]:
    """Client ids of entries and exits that are still on their way."""
    return [
        name
        for name, one in state.orders.items()
        if one.role in {Role.ENTRY, Role.EXIT} and one.life.status is not OrderStatus.FILLED
    ]
