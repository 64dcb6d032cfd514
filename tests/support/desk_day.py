"""A scripted day of a desk on the paper broker, to be killed at any moment: desk_day.py FOLDER MOMENT ends itself there."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.markets import random_walk
from tradeworthy.adapters.brokers.paper_faults import PaperFault
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.backtest.costs import Costs
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.sizing import Units
from tradeworthy.core.approved import Approved
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.deals import BrokerBook, OrderReport
from tradeworthy.core.events import Envelope
from tradeworthy.core.order import Order
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.live.desk_events import DeskEvent, DeskStarted, OperatorAsked, Wish
from tradeworthy.live.desk_plan import DeskPlan, Member, Timing
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import DeskState, last_bars
from tradeworthy.live.folding import folded
from tradeworthy.live.money import last_prices
from tradeworthy.live.moving_stop import move_refused
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.market.bars import Bars
from tradeworthy.ports import Journal
from tradeworthy.strategies.ma_cross import MaCrossover

TOLD = ("entry_ns", "exit_ns", "entry_price", "exit_price", "side", "reason")
SYMBOLS = ("EUR_USD", "GBP_USD", "AUD_USD")
STRATEGIES = (
    MaCrossover(2, 5, 5, 1.0, 1.5), MaCrossover(3, 8, 5, 1.5, None), MaCrossover(2, 7, 5, 0.7, 2.0, exit_on_opposite_cross=False),
)  # fmt: skip


class Killed(BaseException):
    """The end of the process, where it is played and not real."""


class Moments:
    """Counts what a process could be killed before or after, and kills it at one of them (0: never)."""

    def __init__(self, at: int, kill: Callable[[], None]) -> None:
        self.seen, self._at, self._kill = 0, at, kill

    def pass_by(self) -> None:
        """One more moment."""
        self.seen += 1
        if self.seen == self._at:
            self._kill()


def kill_really() -> None:
    """As `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_in_play() -> None:
    """Without ending the process that tests."""
    raise Killed


class KilledJournal:
    """A journal before and after each of whose writes somebody may pull the plug."""

    def __init__(self, inner: Journal, moments: Moments) -> None:
        self._inner, self._moments = inner, moments

    def append(self, batch: Sequence[Envelope]) -> int:
        """See `ports.Journal`."""
        self._moments.pass_by()
        last = self._inner.append(batch)
        self._moments.pass_by()
        return last

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """See `ports.Journal`."""
        self._moments.pass_by()
        self._inner.save_snapshot(snapshot)
        self._moments.pass_by()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class KilledVenue(PaperVenue):
    """The paper broker, before and after each of whose calls, and between whose messages, somebody may pull the plug."""

    moments: Moments

    async def place(self, order: Approved[Order]) -> str:
        """See `ports.Broker`."""
        self.moments.pass_by()
        answer = await super().place(order)
        self.moments.pass_by()
        return answer

    async def cancel(self, client_id: str) -> None:
        """See `ports.Broker`."""
        self.moments.pass_by()
        await super().cancel(client_id)
        self.moments.pass_by()

    async def replace(self, client_id: str, price: Decimal) -> None:
        """See `ports.Broker`."""
        self.moments.pass_by()
        await super().replace(client_id, price)
        self.moments.pass_by()

    async def report(self, client_id: str) -> OrderReport:
        """See `ports.Broker`."""
        self.moments.pass_by()
        return await super().report(client_id)

    async def book(self) -> BrokerBook:
        """See `ports.Broker`."""
        self.moments.pass_by()
        return await super().book()


def bars_of_day(count: int) -> list[Bars]:
    """One series for each symbol."""
    return [random_walk(count, seed, symbol=symbol) for seed, symbol in enumerate(SYMBOLS)]


def plan_of_day(series: Sequence[Bars]) -> DeskPlan:
    """Three strategies that trade often, of one unit, with no limit."""
    members = tuple(
        Member(f"{bars.instrument.symbol}_x", bars.instrument, bars.timeframe, strategy, Units(1))
        for bars, strategy in zip(series, STRATEGIES, strict=True)
    )
    hours = dict.fromkeys(SYMBOLS, OpenHours.always())
    return DeskPlan("day", "USD", members, hours, Gate(()), balance=10_000.0, timing=Timing(reconcile_ns=6 * HOUR_NS))


class DayEnd:
    """What a day came to: trades by strategy, orders that the broker took, its positions and the desk's, and the desk."""

    def __init__(
        self, state: DeskState, trades: list[tuple[Any, ...]], book: BrokerBook, orders: list[tuple[Any, ...]]
    ) -> None:
        self.state, self.trades, self.book, self.orders = state, trades, book, orders

    @property
    def held(self) -> dict[str, Decimal]:
        """Net units by symbol, as the desk has them."""
        found: dict[str, Decimal] = {}
        for member, held in zip(self.state.plan.members, self.state.members, strict=True):
            if held.holding is not None:
                symbol = member.instrument.symbol
                found[symbol] = found.get(symbol, Decimal(0)) + held.holding.units
        return {symbol: units for symbol, units in found.items() if units}


def live(
    folder: Path,
    moments: Moments,
    *,
    bars: int = 120,
    faults: Sequence[PaperFault] = (),
    generation: int = 1,
    where: str | None = None,
    moves_stops: bool = False,
) -> DayEnd:
    """Live the day, or the rest of it, to its end or to the moment at which it is killed. where: of a journal that is no
    file in the folder. moves_stops: whether an operator moves the stop of every position once."""
    series = bars_of_day(bars)
    plan = plan_of_day(series)
    journal = open_journal(where or folder / "journal.sqlite")
    try:
        state = folded(plan, journal)
        venue = KilledVenue(
            series, watched={one.name: place for place, one in enumerate(plan.members)}, costs=Costs(1.0),
            terms=PaperTerms(currency="USD"), store=KilledJournal(open_journal(folder / "paper.sqlite"), moments),
            faults=faults, told=last_bars(state),
        )  # fmt: skip
        venue.moments = moments
        try:
            return _lived(state, KilledJournal(journal, moments), venue, generation, moves_stops=moves_stops)
        finally:
            venue.close()
    finally:
        journal.close()


class WatchedRuntime(DeskRuntime):
    """A loop that looks after the house at every message, and not by the clock."""

    @property
    def _look_at_ns(self) -> int:
        return 0

    @_look_at_ns.setter
    def _look_at_ns(self, later_ns: int) -> None:
        del later_ns


class Mover:
    """A watch that asks once for every position that its stop be moved half of the way to the market."""

    def events(self, state: DeskState) -> list[DeskEvent]:
        """See `Watch`."""
        prices, found = last_prices(state), list[DeskEvent]()
        for member, one in zip(state.plan.members, state.members, strict=True):
            held = one.holding
            if held is None or held.stop is None or held.wanted.stop_distance is None:
                continue
            price = prices[member.instrument.symbol].price
            if price is None or held.stop != held.price - held.side * held.wanted.stop_distance:
                continue  # it was moved already
            to = Decimal(str(round((held.stop + float(price)) / 2, 6)))
            if not move_refused(state, member.name, to):
                found.append(OperatorAsked(state.time_ns, Wish.MOVE_STOP, "Ann", "a test", member.name, to))
        return found

    def seen(self, state: DeskState) -> None:
        """See `Watch`."""


def _lived(state: DeskState, journal: Any, venue: PaperVenue, generation: int, *, moves_stops: bool) -> DayEnd:
    made = WatchedRuntime if moves_stops else DeskRuntime
    runtime = made(state, venue, journal, feed=venue, watch=Mover() if moves_stops else None)
    asyncio.run(runtime.run(DeskStarted(venue.now_ns(), generation, "test", venue.name, True, "USD", "none", {})))
    trades = sorted(
        (note.strategy, *(note.body["data"][name] for name in TOLD))
        for note in journal.read()
        if note.kind == "note" and note.body["kind"] == "closed"
    )  # fmt: skip
    book = venue._replay.book.told(venue.now_ns())  # past all faults
    taken = [one.taken for one in venue._replay.book.orders.values() if one.taken is not None]
    orders = sorted((one.strategy, one.time_ns, str(one.units), one.reduce_only) for one in taken)
    return DayEnd(runtime.state, trades, book, orders)


if __name__ == "__main__":
    live(Path(sys.argv[1]), Moments(int(sys.argv[2]), kill_really))
