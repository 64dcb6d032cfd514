"""Strategies run again on strained markets: new prices, new signals, new fills, wider spreads."""

from collections.abc import Sequence

from tradeworthy.appraisal.book_losses import MemberRun, together
from tradeworthy.appraisal.loss_measuring import losses_of
from tradeworthy.appraisal.loss_record import Ran, StrategyStress, StressResult
from tradeworthy.appraisal.strained_costs import widened
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.result import Result
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.risk.scenarios import Scenario
from tradeworthy.risk.stress_scenarios import realised_factors, stressed_bars
from tradeworthy.strategies.python_function import PythonFunction
from tradeworthy.strategies.signal_arrays import SignalArrays

Run = Result | str
"""A finished run, or why there is none."""

MADE_BEFORE = "its signals were made beforehand and cannot answer other prices; bring the strategy itself"
SHOWN = "it is shown a table of its own and would not see other prices; leave shown= out"


def run_member(member: Member) -> Run:
    """A member over its own bars, or why not."""
    try:
        return run_backtest(member.bars, member.strategy, member.fills, member.costs, member.account)
    except InputError as error:
        return str(error)


def run_stressed(member: Member, scenario: Scenario, seed: int) -> Run:
    """A member over its bars as the scenario makes them, or why not."""
    if isinstance(member.strategy, SignalArrays):
        return MADE_BEFORE
    if isinstance(member.strategy, PythonFunction) and member.strategy.shown is not None:
        return SHOWN
    try:
        bars = stressed_bars(member.bars, scenario, seed)
        costs = widened(member.costs, member.bars, bars, scenario.spread)
        return run_backtest(bars, member.strategy, member.fills, costs, member.account)
    except InputError as error:
        return str(error)


def stress(
    members: Sequence[Member], scenario: Scenario, *, seed: int = 0, draws: int = 20, risk: float = 0.02
) -> StressResult:
    """A book, or one strategy, under a scenario.

    seed: of the first draw. draws: how many of them where the scenario draws anything; the one in which the book lost most R
    is reported, and all are listed. risk: share of the balance a trade loses at its stop, for those without an account or a risk of
    their own.
    A strategy that cannot be run is NOT RUN, with the reason.
    """
    before = [run_member(member) for member in members]
    drawn = range(seed, seed + draws) if scenario.is_drawn else ()
    totals = {one: _total_r(_strained(members, before, scenario, one), risk) for one in drawn}
    worst = min(totals, key=lambda one: (totals[one] is None, totals[one] or 0.0), default=seed)
    strained = _strained(members, before, scenario, worst)
    strategies = tuple(
        _strategy(member, first, after, scenario, worst, risk)
        for member, first, after in zip(members, before, strained, strict=True)
    )
    both = [
        (MemberRun(member.name, first, risk=member.risk), MemberRun(member.name, after, risk=member.risk))
        for member, first, after in zip(members, before, strained, strict=True)
        if isinstance(first, Result) and isinstance(after, Result)
    ]
    status = Ran.RUN if both else Ran.NOT_RUN
    why = "" if both else "; ".join(dict.fromkeys(one.why for one in strategies))
    return StressResult(
        scenario.to_dict(), status, why, strategies, together([first for first, _ in both], risk),
        together([after for _, after in both], risk),
        totals,
    )  # fmt: skip


def _strained(members: Sequence[Member], before: Sequence[Run], scenario: Scenario, seed: int) -> list[Run]:
    return [
        run_stressed(member, scenario, seed) if isinstance(first, Result) else first
        for member, first in zip(members, before, strict=True)
    ]


def _total_r(runs: Sequence[Run], risk: float) -> float | None:
    book = together([MemberRun("", one) for one in runs if isinstance(one, Result)], risk)
    return None if book is None else book.total_r


def _strategy(member: Member, before: Run, after: Run, scenario: Scenario, seed: int, risk: float) -> StrategyStress:
    if isinstance(before, str) or isinstance(after, str):
        why = before if isinstance(before, str) else str(after)
        return StrategyStress(member.name, Ran.NOT_RUN, why)
    volatility, trend = _realised(member.bars, after.bars, scenario)
    spread = after.costs.spread_of(after.bars.instrument)
    return StrategyStress(
        member.name, Ran.RUN, "", seed, losses_of(member.name, before, member.risk_or(risk)),
        losses_of(member.name, after, member.risk_or(risk)), volatility, trend, None if spread.quotes else spread.pips,
        after.bars.data_hash,
    )  # fmt: skip


def _realised(before: Bars, after: Bars, scenario: Scenario) -> tuple[float | None, float | None]:
    try:
        return realised_factors(before, after, scenario.trend_bars)
    except InputError:
        return None, None
