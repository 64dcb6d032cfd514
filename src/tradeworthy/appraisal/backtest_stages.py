"""A strategy's backtest once and again, each time with one thing more as it was for the desk."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tradeworthy.appraisal.attributed import Part
from tradeworthy.appraisal.compared_bars import ComparedBars, compared
from tradeworthy.appraisal.desk_record import WatchedStrategy
from tradeworthy.appraisal.reference_trades import Key, ReferenceTrade, refused_by, trades_of
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import trade
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.checking import check_strategy, decided
from tradeworthy.strategies.protocol import Decisions

Trades = Mapping[Key, ReferenceTrade]


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """steps: the trades of each backtest, the frictionless one on the stored bars first, with the part that separates it from the
    one before (None for the first). expected: with the book's costs on the stored bars. last: with the bars as the desk had them;
    live trades are held against it. refused: why the last one did not enter, by the close of the bar decided on."""

    steps: tuple[tuple[Part | None, Trades], ...]
    expected: Trades
    last: Trades
    refused: Mapping[int, str]
    bars: ComparedBars


def stages_of(one: WatchedStrategy) -> Stages:
    """Every stage. A stage that changes nothing is left out."""
    check_strategy(one.strategy)
    bars = compared(one.stored, one.got, one.begins_ns)
    wanted = _from(decided(one.strategy, one.stored), one.stored, one.begins_ns)
    steps: list[tuple[Part | None, Trades]] = [(None, _traded(one, one.stored, wanted, Costs())[0])]
    for part, costs in _costs(one.costs):
        steps.append((part, _traded(one, one.stored, wanted, costs)[0]))
    expected, refused = _traded(one, one.stored, wanted, one.costs)
    last: Trades = expected
    if bars.is_revised:
        whole = _from(decided(one.strategy, bars.dealt), bars.dealt, one.begins_ns)
        last, refused = _traded(one, bars.dealt, whole, one.costs)
        steps.append((Part.DATA, last))
    if bars.has_gaps:
        last, refused = _traded(one, bars.dealt, _seen(one, bars), one.costs)
        steps.append((Part.GAP, last))
    return Stages(tuple(steps), expected, last, refused, bars)


def _costs(costs: Costs) -> list[tuple[Part, Costs]]:
    """The book's costs, one kind after the other."""
    found = [(Part.EXPECTED_SPREAD, Costs(costs.spread_pips))]
    if costs.slippage is not None:
        found.append((Part.EXPECTED_SLIPPAGE, replace(found[-1][1], slippage=costs.slippage)))
    if costs.commission is not None or costs.swap is not None:
        found.append((Part.EXPECTED_FEES, costs))
    return found


def _traded(one: WatchedStrategy, bars: Bars, wanted: Decisions, costs: Costs) -> tuple[Trades, Mapping[int, str]]:
    result = trade(bars, one.strategy, wanted, one.fills, costs, one.account, None)
    return trades_of(result, one.fills.gap == "open"), refused_by(result)


def _from(decisions: Decisions, bars: Bars, begins_ns: int) -> Decisions:
    """Nothing is entered before the desk could."""
    return _without_entries(decisions, bars.close_time[decisions.bar] < begins_ns)


def _seen(one: WatchedStrategy, bars: ComparedBars) -> Decisions:
    """What was decided on the bars that the desk got, without entries on those that came too late, at their places in the market
    that orders met."""
    seen, places = bars.seen()
    wanted = decided(one.strategy, seen)
    moved = replace(wanted, bar=np.ascontiguousarray(places[wanted.bar]))
    early = bars.dealt.close_time[moved.bar] < one.begins_ns
    return _without_entries(moved, early | bars.late[moved.bar])


def _without_entries(decisions: Decisions, refused: np.ndarray) -> Decisions:
    enter = decisions.enter.copy()
    enter[refused] = 0
    kept = (enter != 0) | (decisions.leave != 0)
    return Decisions(
        decisions.bar[kept],
        enter[kept],
        decisions.leave[kept],
        decisions.stop_distance[kept],
        decisions.target_distance[kept],
    )
