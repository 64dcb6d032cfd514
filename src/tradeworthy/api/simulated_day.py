"""A day lived on the paper broker from a state that is given, over bars and wishes that are given."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from tradeworthy.adapters.brokers.paper_changes import Begun, Change, Dealt
from tradeworthy.adapters.brokers.paper_store import PaperStore
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.api.carried_account import carried_changes
from tradeworthy.api.day_journal import DayJournal
from tradeworthy.api.day_market import DayMarket
from tradeworthy.api.desk_past import PastStep
from tradeworthy.api.replayed_line import ReplayedLine
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import DeskState, last_bars


@dataclass(frozen=True, slots=True)
class BrokerTerms:
    """How the simulated broker deals, the same for all settings that are held against each other. terms: its balance is that of
    the desk at the day's start."""

    costs: Costs
    fills: FillRules
    terms: PaperTerms


@dataclass(frozen=True, slots=True)
class LivedDay:
    """A day that was lived: its steps, made anew each time they are asked for, so that not every state has to be held."""

    start: DeskState
    journal: DayJournal

    def __iter__(self) -> Iterator[PastStep]:
        return self.journal.steps(self.start)


def lived_on_paper(state: DeskState, market: DayMarket, broker: BrokerTerms, *, owed: float = 0.0) -> LivedDay:
    """Every step of the day. state: before its first event, under the settings that are to be lived by. owed: account money by
    which the broker's balance is another than the desk's own sum; the desk takes it over when it reconciles.

    Raises InputError for a strategy that remembers what it saw by itself, as it cannot be lived with twice.
    """
    if not all(hasattr(one, "copy") for one in state.streams):
        raise InputError(
            "a strategy of this desk is a plain function, which remembers what it saw by itself: no day can be lived with it again"
        )
    start: DeskState = replace(state, financing=0.0)
    changes = carried_changes(
        start, latency_ns=broker.terms.latency_ns, checks_entry_bar=broker.fills.check_entry_bar, owed=owed
    )
    carried = {(one.client_id, one.fill_id) for one in changes if isinstance(one, Dealt)}
    journal = DayJournal(start.sequence)
    line = ReplayedLine(market, carried)
    line.deal_at(_venue(start, market, broker, changes, line))
    asyncio.run(_lived(start, line, journal))
    return LivedDay(start, journal)


def _venue(
    state: DeskState, market: DayMarket, broker: BrokerTerms, changes: Sequence[Change], line: ReplayedLine
) -> PaperVenue:
    begun = changes[0]
    assert isinstance(begun, Begun)  # noqa: S101 - it comes first
    kept = DayJournal()
    PaperStore(kept).keep(None, changes, state.time_ns)
    places = {(one.instrument.symbol, one.timeframe): place for place, one in enumerate(market.series)}
    watched: Mapping[str, int] = {one.name: places[one.key] for one in state.plan.members}
    terms = PaperTerms(
        begun.balance, broker.terms.currency, broker.terms.rates, broker.terms.latency_ms, broker.terms.partial_share,
        broker.terms.units_per_bar, broker.terms.reject_share, broker.terms.expiry, broker.terms.seed,
    )  # fmt: skip
    return PaperVenue(
        market.series, watched=watched, costs=broker.costs, fills=broker.fills, terms=terms, store=kept,
        begins_ns=market.begins_ns, told=last_bars(state), speed=1.0, sleep=line.between,
    )  # fmt: skip


async def _lived(state: DeskState, line: ReplayedLine, journal: DayJournal) -> None:
    """To the day's end, also where a wish has the process leave: the next one went on."""
    while not line.is_over:
        runtime = DeskRuntime(state, line, journal)
        line.tell = runtime.tell
        await runtime.go_on()
        state = runtime.state
