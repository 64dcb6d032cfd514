"""The state of a desk at the beginning of a day, as other settings would have it: what goes on, and what begins anew."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_plan import DeskPlan, Member
from tradeworthy.live.desk_state import DeskState, MemberState
from tradeworthy.live.volatility_feed import VolatilityFeed
from tradeworthy.market.bars import Bars
from tradeworthy.wiring.desk_plans import Key


def same_strategies(plan: DeskPlan, other: DeskPlan) -> bool:
    """Whether both trade the same strategies, in the same order and with the same parameters; sizes may differ."""
    return [_signature(one) for one in plan.members] == [_signature(one) for one in other.members]


def is_flat(state: DeskState) -> bool:
    """Whether nothing is held, on its way or wanted."""
    held = any(one.holding is not None or one.entry_id or one.exit_id or one.wanted for one in state.members)
    return not held and not state.orders


def flattened(state: DeskState) -> DeskState:
    """The same desk without positions and orders, and as if there had been none: its balance is as it was."""
    members = tuple(MemberState(trades=one.trades, won=one.won, pnl=one.pnl) for one in state.members)
    flat: DeskState = replace(state, members=members, orders={}, done={}, unwinding=None)
    return flat


def carried(state: DeskState, plan: DeskPlan, history: Mapping[Key, Bars]) -> DeskState:
    """The desk under another plan, from this moment on. Strategies that stay as they were go on where they are; others have seen
    the bars of before. history: those bars, by series.

    Raises InputError where strategies differ and anything is open, and for series that the desk does not follow.
    """
    if same_strategies(state.plan, plan):
        kept: DeskState = replace(state, plan=plan, volatility=_volatility(state, plan, history))
        return kept
    if not is_flat(state):
        raise InputError("strategies differ while positions or orders are open; begin flat")
    old = state.plan
    unknown = [
        f"{one.symbol} {one.timeframe}" for one in plan.series if (one.symbol, one.timeframe) not in old.series_at
    ]
    if unknown:
        raise InputError(f"the desk does not follow {', '.join(unknown)}")
    at = [old.series_at[one.symbol, one.timeframe] for one in plan.series]
    fresh: DeskState = replace(
        state, plan=plan, streams=_streams(state, plan, history), volatility=_volatility(state, plan, history),
        histories=tuple(state.histories[i] for i in at), looks=tuple(state.looks[i] for i in at),
        members=tuple(_member(state, one) for one in plan.members), done={},
    )  # fmt: skip
    return fresh


def _signature(one: Member) -> tuple[Any, ...]:
    return one.name, one.key, type(one.strategy), dict(one.strategy.parameters)


def _member(state: DeskState, one: Member) -> MemberState:
    place = state.plan.member_at.get(one.name)
    return MemberState() if place is None else state.members[place]


def _streams(state: DeskState, plan: DeskPlan, history: Mapping[Key, Bars]) -> tuple[Any, ...]:
    found = []
    for one in plan.members:
        place = state.plan.member_at.get(one.name)
        if place is not None and _signature(state.plan.members[place]) == _signature(one):
            found.append(state.streams[place])
            continue
        stream, bars = one.strategy.stream(), _before(state, one.key, history)
        for high, low, close in zip(bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), strict=True):
            stream.update(high, low, close)
        found.append(stream)
    return tuple(found)


def _volatility(state: DeskState, plan: DeskPlan, history: Mapping[Key, Bars]) -> tuple[VolatilityFeed, ...]:
    """One for each series where a rule asks for it; those of the desk where it asked for the same."""
    if not plan.feels_volatility:
        return ()
    old, found = state.plan, []
    for one in plan.series:
        place = old.series_at.get((one.symbol, one.timeframe), -1)
        if state.volatility and place >= 0 and old.changes_of(old.series[place]) == plan.changes_of(one):
            found.append(state.volatility[place])
            continue
        feed, bars = VolatilityFeed(plan.changes_of(one)), _before(state, (one.symbol, one.timeframe), history)
        if len(bars):
            feed.feed(bars.high, bars.low, bars.close, bars.close_time)
        found.append(feed)
    return tuple(found)


def _before(state: DeskState, key: Key, history: Mapping[Key, Bars]) -> Bars:
    """The bars of a series that the desk had by then."""
    last = state.histories[state.plan.series_at[key]].last
    bars = history[key]
    return bars.slice(0, 0) if last is None else bars.until(last.close_ns)
