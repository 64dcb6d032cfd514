"""A day on which all a desk does comes from outside, to be killed at any moment: signal_day.py FOLDER MOMENT ends itself there.

Whoever sends signals sends one again, under its own id, until it has been answered; so does this one, also over restarts.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.desk_day import SYMBOLS, KilledJournal, KilledVenue, Moments, WatchedRuntime, bars_of_day, kill_really
from tradeworthy.adapters.brokers.paper_faults import PaperFault
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.backtest.costs import Costs
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.sizing import Units
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_events import DeskEvent, DeskStarted, SignalCame, happened_in
from tradeworthy.live.desk_plan import DeskPlan, Member, Timing
from tradeworthy.live.desk_state import DeskState, last_bars
from tradeworthy.live.folding import folded, snapshot_of
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.live.signal_inbox import SignalAnswer, SignalInbox
from tradeworthy.strategies.outside_signals import OutsideSignals

BARS = 40


@dataclass(frozen=True)
class Planned:
    """A signal to be sent from the nth look on. Two of them may bear one id."""

    look: int
    name: str
    symbol: str
    action: str


@dataclass
class Sender:
    """Sends what is planned, and again what was not answered; lives longer than any desk. answers: by planned signal."""

    planned: Sequence[Planned]
    looks: int = 0
    answers: dict[int, SignalAnswer] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    inbox: SignalInbox = field(default_factory=SignalInbox)
    waiting: dict[int, "Future[SignalAnswer]"] = field(default_factory=dict)

    def events(self, state: DeskState) -> list[DeskEvent]:
        """See `Watch`: looked at between any two messages."""
        del state
        self.looks += 1
        self._collect()
        for place, one in enumerate(self.planned):
            done = place in self.answers or place in self.errors or place in self.waiting
            if one.look <= self.looks and not done and self.inbox.begun.is_set():
                given: Mapping[str, Any] = {"symbol": one.symbol, "action": one.action, "id": one.name}
                self.waiting[place] = self.inbox.put(given)
        return []

    def seen(self, state: DeskState) -> None:
        """See `Watch`."""

    def begin(self) -> None:
        """Another desk: what the one before did not answer is sent again."""
        self._collect()
        self.waiting.clear()
        self.inbox = SignalInbox()

    def _collect(self) -> None:
        for place, one in [*self.waiting.items()]:
            if one.done():
                del self.waiting[place]
                error = one.exception()
                if error is None:
                    self.answers[place] = one.result()
                elif "send it again" not in str(error):
                    self.errors[place] = str(error)


@dataclass(frozen=True)
class SignalEnd:
    """What the day came to: the desk, the signals in its journal, and the entries that the broker took."""

    state: DeskState
    signals: list[SignalCame]
    entries: list[str]
    positions: Mapping[str, Decimal]


def plan_of_signals() -> DeskPlan:
    """A member for each symbol, one unit each, no limit."""
    members = tuple(
        Member(f"{bars.instrument.symbol}_x", bars.instrument, bars.timeframe, OutsideSignals(), Units(1))
        for bars in bars_of_day(BARS)
    )
    hours = dict.fromkeys(SYMBOLS, OpenHours.always())
    return DeskPlan(
        "signal", "USD", members, hours, Gate(()), balance=10_000.0, timing=Timing(reconcile_ns=6 * HOUR_NS)
    )


def live_by_signals(
    folder: Path, moments: Moments, sender: Sender, *, faults: Sequence[PaperFault] = (), generation: int = 1
) -> SignalEnd:
    """Live the day, or the rest of it, to its end or to the moment at which it is killed."""
    plan, series = plan_of_signals(), bars_of_day(BARS)
    sender.begin()
    with closing(open_journal(folder / "journal.sqlite")) as journal:
        state = folded(plan, journal)
        venue = KilledVenue(
            series, watched={one.name: place for place, one in enumerate(plan.members)}, costs=Costs(1.0),
            terms=PaperTerms(currency="USD"), store=KilledJournal(open_journal(folder / "paper.sqlite"), moments),
            faults=faults, told=last_bars(state),
        )  # fmt: skip
        venue.moments = moments
        with closing(venue):
            runtime = WatchedRuntime(
                state, venue, KilledJournal(journal, moments), feed=venue, watch=sender, signals=sender.inbox
            )
            started = DeskStarted(venue.now_ns(), generation, "test", venue.name, True, "USD", "none", {})
            asyncio.run(runtime.run(started))
            sender.begin()
            again = folded(plan, journal)
            assert _kept(again) == _kept(runtime.state), (
                "the journal gives another state than the one it was written by"
            )
            happened = [happened_in(one) for one in journal.read()]
            signals = [one.event for one in happened if one is not None and isinstance(one.event, SignalCame)]
            orders = venue._replay.book.orders
            entries = [name for name, one in orders.items() if one.taken is not None and not one.taken.reduce_only]
            return SignalEnd(runtime.state, signals, entries, dict(venue._replay.book.told(venue.now_ns()).positions))


def broken(end: SignalEnd) -> list[str]:
    """What of the rules does not hold at the end of the day: each id once, no entry without a signal, and the books equal."""
    found = []
    ids = [one.signal_id for one in end.signals]
    if len(set(ids)) != len(ids):
        found.append(f"an id stands twice in the journal: {ids}")
    wanting = [one for one in end.signals if one.action != "CLOSE" and not end.state.signals[one.signal_id].check]
    if len(end.entries) > len(wanting):
        found.append(f"{len(end.entries)} entries by {len(wanting)} signals")
    held: dict[str, Decimal] = {}
    for member, one in zip(end.state.plan.members, end.state.members, strict=True):
        if one.holding is not None:
            held[member.instrument.symbol] = one.holding.units
    if held != {symbol: units for symbol, units in end.positions.items() if units}:
        found.append(f"the desk holds {held}, the broker {end.positions}")
    return found


def _kept(state: DeskState) -> bytes:
    snapshot = snapshot_of(state)
    assert snapshot is not None
    return snapshot.data


def usual_plan() -> list[Planned]:
    """Signals all day, one in five of them sent twice."""
    actions = ("BUY", "SELL", "CLOSE", "BUY", "CLOSE", "SELL", "SELL")
    return [
        Planned(4 + 2 * place, f"s{place - place % 5 // 4}", SYMBOLS[place % 3], actions[place % 7])
        for place in range(40)
    ]


if __name__ == "__main__":
    try:
        live_by_signals(Path(sys.argv[1]), Moments(int(sys.argv[2]), kill_really), Sender(usual_plan()))
    except InputError as error:
        sys.exit(str(error))
