"""A strategy over a window of its bars: warmed up before it, with the position it would have brought into it."""

from dataclasses import dataclass, field, replace

import numpy as np

from tradeworthy.appraisal.strained_costs import blown_out
from tradeworthy.backtest.account import Account, OptionInputs
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import trade
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.core.errors import InputError
from tradeworthy.core.order import Side
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.checking import checked
from tradeworthy.strategies.protocol import Decisions, Strategy
from tradeworthy.strategies.signal_arrays import SignalArrays


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One strategy with the bars and the terms it trades on. account: its own, None for one unit. risk: share of the balance
    lost at its stop, without an account; None for what is usual where it is looked at."""

    name: str
    strategy: Strategy
    bars: Bars
    fills: FillRules = field(default_factory=FillRules)
    costs: Costs = field(default_factory=Costs)
    account: Account | None = None
    risk: float | None = None

    def risk_or(self, usual: float) -> float:
        """Its own risk, or what is usual."""
        return usual if self.risk is None else self.risk


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """A run in which only the bars from place `first` on count. held: the side it was on when they began."""

    result: Result
    first: int
    held: Side | None


def replay(member: Member, first: int, stop: int, spread: float = 1.0) -> Replayed:
    """Trade the bars `first` up to `stop` of a member, with the spread `spread` times as wide from `first` on.

    Decisions are made over all bars from the beginning. The position that they would have held at the close before
    `first` is brought along from its own entry, and an account begins with it. Raises InputError for places that are no
    window of the bars.
    """
    if not 0 < first < stop <= len(member.bars):
        raise InputError(
            f"{member.bars.label}: bars {first} to {stop} are no window with bars before it; there are {len(member.bars)}"
        )
    bars = member.bars.slice(0, stop)
    decisions = checked(_decided(member, bars), member.strategy.name, len(bars))
    costs = blown_out(member.costs, bars, first, spread)
    held, begin = _brought_along(bars, member, decisions, costs, first)
    account = _cut(member.account, stop)
    if account is not None:
        account.inputs.check(bars)
    kept = _from(decisions, begin)
    return Replayed(trade(bars, member.strategy, kept, member.fills, costs, account, None), first, held)


def _brought_along(
    bars: Bars, member: Member, decisions: Decisions, costs: Costs, first: int
) -> tuple[Side | None, int]:
    """The side held into bar `first`, and the bar of the first decision that matters for it."""
    only_spread = Costs(costs.spread_pips)
    whole = trade(bars, member.strategy, decisions, member.fills, only_spread, None, None).trades
    over = np.flatnonzero((whole.entry_index < first) & (whole.exit_index >= first))
    if len(over):
        place = int(over[0])
        return (Side.LONG if whole.side[place] > 0 else Side.SHORT), int(whole.signal_index[place])
    return None, first - 1 if member.fills.at_next_open else first


def _decided(member: Member, bars: Bars) -> Decisions:
    """Signals made beforehand belong to all the bars and are cut with them."""
    if isinstance(member.strategy, SignalArrays):
        return member.strategy.decisions(member.bars).until(len(bars))
    return member.strategy.decisions(bars)


def _from(decisions: Decisions, bar: int) -> Decisions:
    keep = slice(int(np.searchsorted(decisions.bar, bar)), None)
    return Decisions(
        decisions.bar[keep], decisions.enter[keep], decisions.leave[keep], decisions.stop_distance[keep],
        decisions.target_distance[keep],
    )  # fmt: skip


def _cut(account: Account | None, stop: int) -> Account | None:
    if account is None:
        return None
    columns = {name: getattr(account.inputs, name) for name in OptionInputs.__slots__}
    cut = {name: None if column is None else np.asarray(column)[:stop] for name, column in columns.items()}
    return replace(account, inputs=OptionInputs(**cut))
