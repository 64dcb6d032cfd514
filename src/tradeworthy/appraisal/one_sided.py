"""Why only the desk, or only its backtest, has a trade."""

from collections.abc import Mapping
from dataclasses import dataclass

from tradeworthy.appraisal.attributed import Part
from tradeworthy.appraisal.backtest_stages import Stages
from tradeworthy.appraisal.desk_record import Hindered, LiveTrade, WatchedStrategy
from tradeworthy.appraisal.reference_trades import Key, ReferenceTrade
from tradeworthy.core.clock import rfc3339
from tradeworthy.strategies.outside_signals import OutsideSignals

_OCCUPIED = frozenset({"one position", "one order", "reversal"})
"""Checks that say no more than that the strategy was not free."""


@dataclass(frozen=True, slots=True)
class Cause:
    """part: None where nothing explains it. check: of a refusal. follows: the trade that stood in its way."""

    part: Part | None
    check: str = ""
    follows: str = ""
    why: str = ""


def named(strategy: str, side: int, decided_ns: int) -> str:
    """What a trade is called: `EUR_USD_D long 2026-08-04T14:00:00Z`."""
    return f"{strategy} {'long' if side > 0 else 'short'} {rfc3339(decided_ns)}"


def why_not_live(one: WatchedStrategy, ref: ReferenceTrade, last: Mapping[Key, ReferenceTrade]) -> Cause:
    """Why the desk did not make a trade of its backtest."""
    hindered = one.hindered.get(ref.decided_ns)
    if hindered is not None and hindered.check == "data":
        return Cause(Part.GAP, why=hindered.reason)
    if hindered is not None and hindered.check not in _OCCUPIED:
        return Cause(Part.REFUSAL, check=hindered.check, why=hindered.reason)
    held = _held_by_desk((*one.before, *one.trades), ref.decided_ns)
    if held is not None:
        return Cause(Part.FOLLOWED, follows=named(one.name, held.side, held.decided_ns), why="the desk still held it")
    if hindered is not None:
        return _after_an_order(one, ref, last, hindered)
    return Cause(None, why="the desk neither entered nor said why not")


def _after_an_order(
    one: WatchedStrategy, ref: ReferenceTrade, last: Mapping[Key, ReferenceTrade], hindered: Hindered
) -> Cause:
    """No position was in the way, so it was an order: the last one before, which came to nothing."""
    earlier = [moment for moment in one.hindered if moment < ref.decided_ns]
    if not earlier:
        return Cause(Part.LATENCY, why=hindered.reason)
    moment = max(earlier)
    side = next((side for side in (1, -1) if (moment, side) in last), ref.side)
    return Cause(Part.FOLLOWED, follows=named(one.name, side, moment), why=hindered.reason)


def why_only_live(one: WatchedStrategy, live: LiveTrade, stages: Stages) -> Cause:
    """Why the backtest did not make a trade of the desk."""
    if isinstance(one.strategy, OutsideSignals):
        return Cause(Part.OUTSIDE, why="the signal came from outside, and no backtest decides it")
    last = int(stages.bars.dealt.close_time[-1])
    if live.decided_ns >= last:
        return Cause(Part.PENDING, why="the bar in which the backtest would deal has not come yet")
    refused = stages.refused.get(live.decided_ns)
    if refused is not None:
        return Cause(Part.REFUSAL, check=f"backtest: {refused}", why="the backtest of this strategy alone refused it")
    held = _held_by_backtest(stages.last, live.decided_ns)
    if held is not None:
        return Cause(
            Part.FOLLOWED, follows=named(one.name, held.side, held.decided_ns), why="the backtest still held it"
        )
    return Cause(None, why="the backtest did not decide it")


def _held_by_desk(trades: tuple[LiveTrade, ...], moment_ns: int) -> LiveTrade | None:
    held = [
        one for one in trades
        if one.decided_ns < moment_ns and (one.closed_ns is None or one.closed_ns > moment_ns) and not one.lost_ns
    ]  # fmt: skip
    return held[-1] if held else None


def _held_by_backtest(trades: Mapping[Key, ReferenceTrade], moment_ns: int) -> ReferenceTrade | None:
    held = [
        one for one in trades.values()
        if one.decided_ns < moment_ns and (one.exit_ns is None or one.exit_ns > moment_ns)
    ]  # fmt: skip
    return held[-1] if held else None
