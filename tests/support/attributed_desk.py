"""A desk on the paper broker, lived to its end in memory, and held against the backtest of the bars in the store afterwards."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from support.kept_in_memory import MemoryJournal
from tradeworthy.adapters.brokers.paper_faults import PaperFault
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.api.session_days import days_of, remarks_of
from tradeworthy.api.session_journal import journal_heard
from tradeworthy.api.session_stretches import TradedBook
from tradeworthy.appraisal.attributed import Part, TradeAttribution
from tradeworthy.appraisal.book import Book, BookStrategy
from tradeworthy.appraisal.drift_of_sessions import session_drift
from tradeworthy.appraisal.sessions import AttributionRun, session_of
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.sizing import Sizing, Units
from tradeworthy.core.clock import DAY_NS, HOUR_NS
from tradeworthy.core.messages import BarCame
from tradeworthy.live.desk_events import DeskStarted, OperatorAsked
from tradeworthy.live.desk_plan import DeskPlan, Member, Timing
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import DeskState, first_state
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import Strategy

STRATEGY = MaCrossover(5, 20, 14, 2.0, 3.0)
SPREAD = 1.0


class AskedVenue(PaperVenue):
    """The paper broker, and an operator who asks for things as soon as the nth bar, counted from 1, has come."""

    wishes: Mapping[int, OperatorAsked]

    async def messages(self) -> AsyncIterator[Any]:
        """See `ports.Line`."""
        bars = 0
        async for message in super().messages():
            yield message
            if isinstance(message, BarCame):
                bars += 1
                if bars in self.wishes:
                    wish = self.wishes[bars]
                    yield OperatorAsked(self.now_ns(), wish.wish, wish.operator, wish.reason, wish.scope, wish.price)


@dataclass
class AttributedDesk:
    """One strategy on the bars that its broker and its feed have. paper_costs: what the broker takes, None for
    book_costs, which the backtest counts on. stored: the bars afterwards, None for the same."""

    bars: Bars
    strategy: Strategy = STRATEGY
    book_costs: Costs = field(default_factory=lambda: Costs(SPREAD))
    paper_costs: Costs | None = None
    terms: PaperTerms = field(default_factory=lambda: PaperTerms(currency="USD"))
    fills: FillRules = field(default_factory=FillRules)
    sizing: Sizing = field(default_factory=lambda: Units(10_000))
    calibration: Calibration | None = None
    gate: Gate = field(default_factory=lambda: Gate(()))
    faults: Sequence[PaperFault] = ()
    begins_ns: int = 0
    wishes: Mapping[int, OperatorAsked] = field(default_factory=dict)
    stored: Bars | None = None
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    state: DeskState = field(init=False)

    def __post_init__(self) -> None:
        member = Member("one", self.bars.instrument, self.bars.timeframe, self.strategy, self.sizing)
        self.plan = DeskPlan(
            "one", "USD", (member,), {self.bars.instrument.symbol: OpenHours.always()}, self.gate,
            stops_from_fill=self.fills.stops_from == "fill", balance=10_000.0, calibration=self.calibration,
            timing=Timing(reconcile_ns=30 * DAY_NS, entry_ns=HOUR_NS),
        )  # fmt: skip

    def lived(self) -> "AttributedDesk":
        """The same desk after its last bar."""
        costs = self.paper_costs or self.book_costs
        venue = AskedVenue(
            [self.bars], watched={"one": 0}, costs=costs, fills=self.fills, terms=self.terms, faults=self.faults,
            begins_ns=self.begins_ns,
        )  # fmt: skip
        venue.wishes = self.wishes
        symbol, frame = self.bars.instrument.symbol, str(self.bars.timeframe)
        settings = {"strategies": {"one": {"instrument": symbol, "timeframe": frame}}}
        runtime = DeskRuntime(first_state(self.plan), venue, self.journal, feed=venue)
        asyncio.run(
            runtime.run(
                DeskStarted(venue.now_ns(), 1, "test", venue.name, True, "USD", "none", dict[str, Any](settings))
            )
        )
        self.state = runtime.state
        return self

    def traded(self) -> TradedBook:
        """What it traded, as an attribution takes it."""
        heard = journal_heard(self.journal.read())
        rules: Any = self.strategy
        strategies = (BookStrategy("one", self.bars.instrument.symbol, self.bars.timeframe, rules),)
        book = Book("one", strategies, self.fills, self.book_costs)
        key = (self.bars.instrument.symbol, str(self.bars.timeframe))
        stored = self.bars if self.stored is None else self.stored
        return TradedBook(heard.stretches[-1], heard, self.plan, book, {key: stored}, None, self.terms.latency_ms > 0)

    def attributed(self) -> AttributionRun:
        """All of its days."""
        traded = self.traded()
        days = days_of(traded)
        sessions = tuple(
            session_of(day, traded.comparisons, "USD", remarks_of(traded, day, traded.comparisons, is_running=False))
            for day in days
        )
        return AttributionRun("memory", sessions, session_drift(traded.comparisons, None, 0, days[-1].ends_ns))

    def backtest(self, bars: Bars | None = None, costs: Costs | None = None) -> Result:
        """Of the account, over these bars."""
        account = Account(10_000.0, "USD", self.sizing, calibration=self.calibration, day=self.plan.day)
        return run_backtest(bars or self.bars, self.strategy, self.fills, costs or self.book_costs, account)

    def closed_notes(self) -> list[dict[str, Any]]:
        """What the desk said of every trade that it closed."""
        notes: list[Any] = [one.body for one in self.journal.read() if one.kind == "note"]
        return [one["data"] for one in notes if one["kind"] == "closed"]


def worth(result: Result, last_close: float) -> float:
    """Money of a backtest's trades: closed ones as they are, the open one at the last close before exit fees; converted at 1."""
    trades = result.trades
    total = float(trades.pnl[trades.closed].sum())
    for one in trades:
        if one.reason == "open":
            money = trades.money
            assert money is not None
            total += one.units * one.side.sign * (last_close - one.entry_price) - float(money[2][-1])
    return total


def by_trade(run: AttributionRun) -> dict[str, dict[Part, float]]:
    """The parts of every trade over all days, by its name."""
    found: dict[str, dict[Part, float]] = {}
    for session in run.sessions:
        for trade in session.trades:
            parts = found.setdefault(trade.name, {})
            for part, value in trade.money.parts.items():
                parts[part] = parts.get(part, 0.0) + value
    return found


def trades_by_name(run: AttributionRun) -> dict[str, TradeAttribution]:
    """The last that is said of every trade."""
    return {trade.name: trade for session in run.sessions for trade in session.trades}
