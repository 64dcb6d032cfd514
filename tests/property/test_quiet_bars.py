"""Bars on which nothing happens are taken many at a time, and nobody can tell: the same state, the same notes."""

import asyncio
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.sizing import FixedFraction, Sizing, VolatilityTarget
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS, MINUTE_NS
from tradeworthy.core.messages import ArrivingBar, BarCame
from tradeworthy.live.desk_commands import Tell
from tradeworthy.live.desk_events import DeskStarted, Happened
from tradeworthy.live.desk_plan import DeskPlan, Member, Timing
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import DeskState, first_state
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.live.quiet_bars import passed
from tradeworthy.live.stepping import step
from tradeworthy.market.bar_stretch import BarStretch
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import Strategy
from tradeworthy.strategies.python_function import PythonFunction
from tradeworthy.strategies.rsi_bollinger import RsiBollinger

SYMBOLS = ("EUR_USD", "USD_JPY", "GBP_USD", "EUR_GBP")
STRATEGIES: tuple[Strategy, ...] = (
    MaCrossover(5, 20, 14, 2.0, 3.0),
    RsiBollinger(),
    MaCrossover(30, 600, 14, 4.0, 6.0),
)


def without_some(bars: Bars, seed: int) -> Bars:
    """The same with a few bars missing."""
    kept = np.random.default_rng(seed).random(len(bars)) > 0.01
    columns = (getattr(bars, name)[kept] for name in ("open_time", "close_time", "open", "high", "low", "close"))
    return Bars(bars.instrument, bars.timeframe, *columns)


@st.composite
def desks(draw: st.DrawFn) -> tuple[DeskPlan, list[Bars], PaperTerms]:
    """Several markets, with rates that come from them, strategies of every kind, and rules that ask for volatility."""
    seeds = st.integers(0, 10_000)
    frames = st.sampled_from([Timeframe.M5, Timeframe.M15, Timeframe.H1])
    keys = draw(st.lists(st.tuples(st.sampled_from(SYMBOLS), frames), min_size=1, max_size=4, unique=True))
    series = [random_walk(500, draw(seeds), symbol=symbol, timeframe=frame) for symbol, frame in keys]
    series = [without_some(one, draw(seeds)) if draw(st.booleans()) else one for one in series]
    sizing: Sizing = FixedFraction(0.01) if draw(st.booleans()) else VolatilityTarget(0.2, 50)
    members = tuple(
        Member(f"{bars.label} {i}", bars.instrument, bars.timeframe, strategy, sizing)
        for bars in series
        for i, strategy in enumerate(draw(st.lists(st.sampled_from(STRATEGIES), min_size=1, max_size=2)))
    )
    reconcile = draw(st.sampled_from([7 * MINUTE_NS, 5 * HOUR_NS, 300 * HOUR_NS]))
    plan = DeskPlan(
        "quiet", "USD", members, {one.instrument.symbol: OpenHours.always() for one in series}, Gate(()), balance=10_000.0,
        calibration=draw(st.sampled_from([None, Calibration()])), timing=Timing(reconcile_ns=reconcile),
    )  # fmt: skip
    terms = PaperTerms(
        currency="USD", rates={"JPY": 0.9, "GBP": 1.3}, latency_ms=draw(st.sampled_from([0.0, 0.0, 500_000.0])),
        partial_share=draw(st.sampled_from([0.0, 0.0, 0.5])), reject_share=draw(st.sampled_from([0.0, 0.2])),
    )  # fmt: skip
    return plan, series, terms


class Compared:
    """A line that can say what comes, and compares what is made of it with so many single steps."""

    def __init__(self, venue: PaperVenue) -> None:
        self.venue, self.taken = venue, 0
        self.runtime: DeskRuntime | None = None

    def ahead(self, most: int) -> BarStretch | None:
        """See `Ahead`."""
        found = self.venue.ahead(most)
        if found is not None and self.runtime is not None:
            before = kept(self.runtime.state)
            after, count = passed(self.runtime.state, found)
            assert kept(self.runtime.state) == before
            assert kept(stepped(self.runtime.state, found, count)) == kept(after)
            self.taken += count
        return found

    def took(self, count: int) -> None:
        """See `Ahead`."""
        self.venue.took(count)


def stepped(state: DeskState, ahead: BarStretch, count: int) -> DeskState:
    """After the first bars, one by one; none of them asks for anything."""
    for i in range(count):
        symbol, frame = ahead.series[ahead.place[i]]
        times = int(ahead.open_time[i]), int(ahead.close_time[i])
        bar = ArrivingBar(*times, *(float(one[i]) for one in (ahead.open, ahead.high, ahead.low, ahead.close)))
        happened = Happened(state.sequence + 1, times[1], BarCame(times[1], symbol, frame, bar))
        state, commands = step(state, happened)
        assert commands == []
    return state


def kept(state: DeskState) -> dict[str, Any]:
    """All of it, in what compares."""
    fields = {
        name: getattr(state, name) for name in state.__struct_fields__ if name not in {"plan", "streams", "volatility"}
    }
    streams = [one.saved() for one in state.streams]
    return {**fields, "streams": repr(streams), "volatility": [one.saved() for one in state.volatility]}


def nothing(_bars: object, _symbol: str) -> None:
    """No strategy at all."""


def run(
    plan: DeskPlan, series: list[Bars], terms: PaperTerms, *, quietly: bool
) -> tuple[DeskState, list[tuple[Tell, int]], int]:
    """The whole replay; how many bars were taken together."""
    places = {(one.instrument.symbol, one.timeframe): place for place, one in enumerate(series)}
    watched = {one.name: places[one.key] for one in plan.members}
    venue = PaperVenue(series, watched=watched, terms=terms)
    line, notes = Compared(venue), list[tuple[Tell, int]]()
    runtime = DeskRuntime(
        first_state(plan),
        venue,
        None,
        told=lambda note, when: notes.append((note, when)),
        ahead=line if quietly else None,
    )
    line.runtime = runtime
    asyncio.run(runtime.run(DeskStarted(0, 1, "test", venue.name, True, "USD", "none", {})))
    return runtime.state, notes, line.taken


@settings(max_examples=12)
@given(desks())
def test_bars_taken_together_leave_the_desk_as_bars_taken_one_by_one(
    made: tuple[DeskPlan, list[Bars], PaperTerms],
) -> None:
    together, told_together, _ = run(*made, quietly=True)
    alone, told, none = run(*made, quietly=False)
    assert none == 0
    assert told_together == told
    assert kept(together) == kept(alone)


def test_most_bars_of_a_quiet_market_are_taken_together() -> None:
    bars = random_walk(3_000, 7, timeframe=Timeframe.M1)
    member = Member("slow", bars.instrument, bars.timeframe, MaCrossover(50, 200, 14, 2.0, 3.0))
    plan = DeskPlan(
        "quiet", "USD", (member,), {"EUR_USD": OpenHours.always()}, Gate(()), balance=10_000.0,
        timing=Timing(reconcile_ns=5 * HOUR_NS),
    )  # fmt: skip
    state, told, taken = run(plan, [bars], PaperTerms(), quietly=True)
    assert taken > 1_000
    assert state.members[0].trades > 5
    assert told == run(plan, [bars], PaperTerms(), quietly=False)[1]


def test_a_strategy_that_takes_its_bars_one_by_one_is_given_them_so() -> None:
    bars = random_walk(400, 3)
    member = Member("plain", bars.instrument, bars.timeframe, PythonFunction(nothing, "EUR_USD", "nothing"))
    plan = DeskPlan("quiet", "USD", (member,), {"EUR_USD": OpenHours.always()}, Gate(()), balance=10_000.0)
    assert run(plan, [bars], PaperTerms(), quietly=True)[2] == 0
