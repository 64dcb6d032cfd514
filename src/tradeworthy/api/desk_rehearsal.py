"""A day on a market that is made up, in memory, before a desk begins: whatever is compiled is compiled by then.

Compiling takes seconds where a version runs for the first time, and a desk that does so while it trades hears no operator.
"""

import asyncio
from dataclasses import replace
from typing import Final

from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.sizing import Sizing
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.live.desk_events import DeskStarted
from tradeworthy.live.desk_plan import DeskPlan, Member
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import first_state
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.strategies.ma_cross import MaCrossover

_BARS: Final = 400
_NIMBLE: Final = MaCrossover(2, 5, 3, 1.0, 1.0)


def rehearsed(plan: DeskPlan, costs: Costs, fills: FillRules) -> int:
    """Trade made-up bars by the rules of this plan, once for each kind of size; how many trades that made. They cost the spread of
    the plan's first instrument, as nobody names one for bars that are made up."""
    bars = random_walk_bars(_BARS, 1)
    sizings: dict[type[Sizing], Sizing] = {type(one.sizing): one.sizing for one in plan.members}
    members = tuple(
        Member(f"rehearsal {i}", bars.instrument, bars.timeframe, _NIMBLE, sizing)
        for i, sizing in enumerate(sizings.values())
    )
    made = replace(
        plan, members=members, hours={bars.instrument.symbol: OpenHours.always()}, gate=Gate(()), groups=None, correlations=None,
        currency=bars.instrument.quote, balance=10_000.0,
    )  # fmt: skip
    venue = PaperVenue(
        [bars], watched={one.name: 0 for one in members},
        costs=replace(costs, spread_pips=costs.spread_of(plan.members[0].instrument)), fills=fills,
        terms=PaperTerms(10_000.0, bars.instrument.quote),
    )  # fmt: skip
    runtime = DeskRuntime(first_state(made), venue, None, feed=venue)
    started = DeskStarted(0, 1, PACKAGE_VERSION, venue.name, True, venue.currency, "rehearsal", {})
    asyncio.run(runtime.run(started))
    return sum(one.trades for one in runtime.state.members)
