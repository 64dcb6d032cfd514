"""Strategies run again through crises: on their own bars where those hold them, or put on today's prices."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tradeworthy.appraisal.book_losses import MemberRun, together
from tradeworthy.appraisal.loss_measuring import losses_of
from tradeworthy.appraisal.loss_record import CrisisResult, Ran, StrategyReplay
from tradeworthy.appraisal.stress_reruns import MADE_BEFORE
from tradeworthy.appraisal.window_replays import Member, Replayed, replay
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.risk.crises import Crisis, coverage_of, warm_up_missing
from tradeworthy.risk.historical_shocks import ShockPath, shocked_bars
from tradeworthy.strategies.signal_arrays import SignalArrays

FEED_NOTE = (
    "Feeds differ by 1.5 to 4 points in such hours, and inside a bar a stop is filled at its level: the loss at the worst "
    "price of the bar stands beside it."
)


def replay_crisis(members: Sequence[Member], crisis: Crisis, *, risk: float = 0.02) -> CrisisResult:
    """A book, or one strategy, through one crisis on its own bars, with the position it would have held at its beginning.

    NOT IN THE DATA, with what there is of it, where no member's bars hold all of the window and the warm-up before it.
    risk: share of the balance a trade loses at its stop, for members without an account.
    """
    found: list[tuple[StrategyReplay, MemberRun | None]] = [_replayed(member, crisis, risk) for member in members]
    return _result(crisis, found, risk)


def put_on_today(
    members: Sequence[Member], paths: Mapping[str, ShockPath], crisis: Crisis, *, risk: float = 0.02
) -> CrisisResult:
    """The same, with the crisis put on the newest price of each member's bars, from the position it holds by then.

    paths: by instrument and timeframe (`EUR_USD H4`), or by instrument, or one under "*" for all that have none of their own.
    """
    return _result(crisis, [_shocked(member, paths, crisis, risk) for member in members], risk)


def _result(crisis: Crisis, found: Sequence[tuple[StrategyReplay, MemberRun | None]], risk: float) -> CrisisResult:
    runs = [ran for _, ran in found if ran is not None]
    replays = tuple(one for one, _ in found)
    missing = any(one.status is Ran.NOT_IN_THE_DATA for one in replays)
    status = Ran.NOT_IN_THE_DATA if missing else Ran.NOT_RUN
    if runs:
        status = Ran.RUN
    why = _reasons(replays)
    return CrisisResult(crisis.to_dict(), status, why, replays, together(runs, risk), FEED_NOTE)


def _reasons(replays: Sequence[StrategyReplay]) -> str:
    """Why some or all were not run; strategies are named unless one reason holds for all."""
    by_reason: dict[str, list[str]] = {}
    for one in replays:
        if one.why:
            by_reason.setdefault(one.why, []).append(one.strategy)
    if len(by_reason) == 1 and sum(map(len, by_reason.values())) == len(replays):
        return next(iter(by_reason))
    return "; ".join(f"without {', '.join(names)}: {reason}" for reason, names in by_reason.items())


def _replayed(member: Member, crisis: Crisis, risk: float) -> tuple[StrategyReplay, MemberRun | None]:
    found = coverage_of(member.bars, crisis)
    missing = warm_up_missing(member.bars, found, max(1, member.strategy.warm_up))
    if missing:
        return StrategyReplay(member.name, Ran.NOT_IN_THE_DATA, missing), None
    try:
        done = replay(member, found.first, found.stop, crisis.spread)
    except InputError as error:
        return StrategyReplay(member.name, Ran.NOT_RUN, str(error)), None
    return _told(member.name, done, member.risk_or(risk)), MemberRun(member.name, done.result, done.first, member.risk)


def _shocked(
    member: Member, paths: Mapping[str, ShockPath], crisis: Crisis, risk: float
) -> tuple[StrategyReplay, MemberRun | None]:
    names = (member.bars.label, member.bars.instrument.symbol, "*")
    path = next((paths[name] for name in names if name in paths), None)
    warm_up = max(1, member.strategy.warm_up)
    if isinstance(member.strategy, SignalArrays):
        return StrategyReplay(member.name, Ran.NOT_RUN, MADE_BEFORE), None
    if path is None or len(member.bars) < warm_up:
        short = f"{counted(len(member.bars), 'bar')} are too few to warm up over {warm_up:,}"
        missing = short if path is not None else f"there is no path of {crisis.name} for it"
        return StrategyReplay(member.name, Ran.NOT_IN_THE_DATA, missing), None
    try:
        bars = shocked_bars(member.bars, path)
        done = replay(replace(member, bars=bars), len(member.bars), len(bars), crisis.spread)
    except InputError as error:
        return StrategyReplay(member.name, Ran.NOT_RUN, str(error)), None
    return _told(member.name, done, member.risk_or(risk)), MemberRun(member.name, done.result, done.first, member.risk)


def _told(name: str, done: Replayed, risk: float) -> StrategyReplay:
    bars, first = done.result.bars, done.first
    inside = slice(first, len(bars))
    return StrategyReplay(
        name, Ran.RUN, "", rfc3339(bars.open_time[first]), rfc3339(bars.close_time[-1]), len(bars) - first,
        None if done.held is None else str(done.held), losses_of(name, done.result, risk, first),
        _biggest_move(bars, first), float(bars.high[inside].max() / bars.low[inside].min() - 1.0),
    )  # fmt: skip


def _biggest_move(bars: Bars, first: int) -> float:
    moves = bars.close[first:] / bars.close[first - 1 : -1] - 1.0
    return float(moves[int(np.argmax(np.abs(moves)))])
