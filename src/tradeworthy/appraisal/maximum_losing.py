"""The most that a book can lose: as it was, under stress, in crises, in a row, together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tradeworthy.appraisal.book_losses import MemberRun, together, weekly_r
from tradeworthy.appraisal.crisis_reruns import FEED_NOTE, put_on_today, replay_crisis
from tradeworthy.appraisal.loss_advice import (
    AS_IT_WAS,
    STOP_DRAWDOWN,
    TODAY,
    SizedBy,
    case_words,
    level_of,
    recommendations,
)
from tradeworthy.appraisal.loss_measuring import losses_of
from tradeworthy.appraisal.loss_record import (
    BookLosses,
    ConsecutiveLosses,
    CrisisResult,
    LosingRun,
    Losses,
    MaximumLoss,
    PortfolioImpact,
    Ran,
    StressResult,
    WorstCase,
    WorstCases,
    WorstTrade,
)
from tradeworthy.appraisal.portfolio_losses import portfolio_impact
from tradeworthy.appraisal.stress_reruns import run_member, stress
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.result import Result
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, shown, whole_number
from tradeworthy.risk.crises import CRISES, Crisis
from tradeworthy.risk.historical_shocks import ShockPath, shock_path
from tradeworthy.risk.observations import yes_or_no
from tradeworthy.risk.scenarios import SCENARIOS, Scenario

MOST_DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class LossStudy:
    """How losses are looked for.

    risk: share of the balance a trade loses at its stop, where no account and no member says it. limit: the fall of the
    balance that must not happen, by which advice goes. seed, draws: of scenarios that draw.
    on_today: also put each crisis that the bars hold on their newest prices. sized_by_risk: whether `risk` is what sizes
    really go by, so that advice may name a smaller one.
    """

    scenarios: tuple[Scenario, ...] = SCENARIOS
    crises: tuple[Crisis, ...] = CRISES
    risk: float = 0.02
    seed: int = 0
    draws: int = 20
    on_today: bool = True
    assumptions: tuple[str, ...] = field(default=())
    sized_by_risk: bool = True
    limit: float = STOP_DRAWDOWN

    def __post_init__(self) -> None:
        if not 0.0 < finite_number(self.risk, "risk") < 1.0:
            raise InputError(
                f"risk is the share of the balance a trade loses at its stop, such as 0.02, not {shown(self.risk)}"
            )
        for name, least, most in (("seed", 0, 2**31 - 1), ("draws", 1, MOST_DRAWS)):
            number = whole_number(getattr(self, name))
            if number is None or not least <= number <= most:
                raise InputError(
                    f"{name} must be a whole number from {least:,} to {most:,}, not {shown(getattr(self, name))}"
                )
        yes_or_no(self.on_today, "on_today")
        for kind, several in (("scenarios", self.scenarios), ("crises", self.crises)):
            names = [one.name for one in several]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise InputError(f"there are two {kind} called {twice[0]!r}; names tell them apart")


def maximum_loss(members: Sequence[Member], study: LossStudy | None = None) -> MaximumLoss:
    """What a book (or one strategy) lost on its bars, and what it would lose under each scenario and in each crisis.

    What cannot be run is NOT RUN or NOT IN THE DATA, with its reason. Raises InputError for no member, two of one name, and
    where none can be run on its own bars (NotEnoughData where those are too few for the only one).
    """
    how = study or LossStudy()
    _check(members)
    runs = {member.name: run_member(member) for member in members}
    named = {member.name: member for member in members}
    done = [MemberRun(name, run, risk=named[name].risk) for name, run in runs.items() if isinstance(run, Result)]
    if not done:
        _refuse(members, [str(run) for run in runs.values()])
    own = {one.name: losses_of(one.name, one.result, named[one.name].risk_or(how.risk)) for one in done}
    stresses = {one.name: stress(members, one, seed=how.seed, draws=how.draws, risk=how.risk) for one in how.scenarios}
    crises = _crises(members, how)
    weeks = (
        weekly_r(done, [named[one.name].strategy.warm_up for one in done])
        if done and all(one.has_r for one in done)
        else None
    )
    impact = _impact(done, weeks)
    failed = {name: run for name, run in runs.items() if isinstance(run, str)}
    return assembled(own, together(done, how.risk), stresses, crises, impact, how, failed)


def assembled(
    own: Mapping[str, Losses],
    book: BookLosses | None,
    stresses: Mapping[str, StressResult],
    crises: Mapping[str, CrisisResult],
    impact: PortfolioImpact,
    how: LossStudy,
    failed: Mapping[str, str],
) -> MaximumLoss:
    """The record out of its parts. failed: why strategies could not be run at all."""
    cases = _cases(book, stresses, crises)
    own_trade, _ = _worst_trade({AS_IT_WAS: list(own.values())})
    anywhere, where = _worst_trade(
        {AS_IT_WAS: list(own.values())} | _losses_of_stress(stresses) | _losses_of_crises(crises)
    )
    runs = _runs(own, stresses, crises)
    missing = {f"strategy {name}": why for name, why in failed.items()}
    missing |= {name: one.why for name, one in stresses.items() if one.status is not Ran.RUN}
    missing |= {name: one.why for name, one in crises.items() if one.status is not Ran.RUN}
    falls = [
        (one.losses.max_drawdown_fraction, one.case) for one in cases if one.losses.max_drawdown_fraction is not None
    ]
    level = level_of(falls[0][0]) if falls else None
    reason = (
        f"{case_words(falls[0][1])} the account falls by {100 * falls[0][0]:.1f}%"
        if falls
        else "no run gave a loss in R or money"
    )
    sizes = SizedBy(how.limit, how.risk if how.sized_by_risk else None)
    advice = recommendations(cases, (anywhere, where), runs, impact, stresses, crises, own, sizes)
    worst = WorstCases(level, reason, own_trade, anywhere, where, cases, missing, how.assumptions)
    return MaximumLoss(worst, dict(stresses), dict(crises), runs, impact, advice)


def not_run_stress(scenario: Scenario, why: str) -> StressResult:
    """A scenario that could not be looked at."""
    return StressResult(scenario.to_dict(), Ran.NOT_RUN, why, (), None, None)


def not_run_crisis(crisis: Crisis, why: str) -> CrisisResult:
    """A crisis that could not be looked at."""
    return CrisisResult(crisis.to_dict(), Ran.NOT_RUN, why, (), None, FEED_NOTE)


def _check(members: Sequence[Member]) -> None:
    names = [member.name for member in members]
    if not names:
        raise InputError("there is no strategy to look at; bring at least one with its bars")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"there are two strategies called {twice[0]!r}; names tell them apart")


def _refuse(members: Sequence[Member], reasons: Sequence[str]) -> None:
    """Nothing could be run: one strategy's own error, or all of their sentences."""
    if len(members) == 1:
        one = members[0]
        run_backtest(one.bars, one.strategy, one.fills, one.costs, one.account)
    raise InputError("none of the strategies can be run on its bars:\n  " + "\n  ".join(dict.fromkeys(reasons)))


def _crises(members: Sequence[Member], how: LossStudy) -> dict[str, CrisisResult]:
    found: dict[str, CrisisResult] = {}
    for crisis in how.crises:
        found[crisis.name] = replay_crisis(members, crisis, risk=how.risk)
        paths = _paths(members, crisis) if how.on_today else {}
        if paths:
            found[f"{crisis.name}, {TODAY}"] = put_on_today(members, paths, crisis, risk=how.risk)
    return found


def _paths(members: Sequence[Member], crisis: Crisis) -> dict[str, ShockPath]:
    """By instrument and timeframe, of the bars that hold the crisis and do not end with it: each moves as it did then."""
    found: dict[str, ShockPath] = {}
    for member in members:
        if member.bars.label in found:
            continue
        try:
            found[member.bars.label] = shock_path(member.bars, crisis)
        except InputError:
            continue
    return found


def _impact(done: Sequence[MemberRun], weeks: tuple[np.ndarray, np.ndarray] | None) -> PortfolioImpact:
    if weeks is None:
        without = ", ".join(one.name for one in done if not one.has_r)
        return PortfolioImpact(Ran.NOT_RUN, f"trades without a stop have no R to add up: {without}")
    return portfolio_impact([one.name for one in done], *weeks)


def _cases(
    book: BookLosses | None, stresses: Mapping[str, StressResult], crises: Mapping[str, CrisisResult]
) -> tuple[WorstCase, ...]:
    found = [] if book is None else [WorstCase(AS_IT_WAS, "history", book)]
    found += [WorstCase(name, "stress", one.after) for name, one in stresses.items() if one.after is not None]
    found += [WorstCase(name, "crisis", one.book) for name, one in crises.items() if one.book is not None]
    return tuple(sorted(found, key=lambda one: -(one.losses.max_drawdown_fraction or -1.0)))


def _losses_of_stress(stresses: Mapping[str, StressResult]) -> dict[str, list[Losses]]:
    return {
        name: [one.after for one in result.strategies if one.after is not None] for name, result in stresses.items()
    }


def _losses_of_crises(crises: Mapping[str, CrisisResult]) -> dict[str, list[Losses]]:
    return {
        name: [one.losses for one in result.strategies if one.losses is not None] for name, result in crises.items()
    }


def _worst_trade(losses: Mapping[str, Sequence[Losses]]) -> tuple[WorstTrade | None, str | None]:
    """By R, and without any R by money; and the case it belongs to."""
    trades = [
        (one.worst_trade, case) for case, several in losses.items() for one in several if one.worst_trade is not None
    ]
    in_r = [pair for pair in trades if pair[0].realised_r is not None]
    if in_r:
        return min(in_r, key=lambda pair: pair[0].realised_r or 0.0)
    return min(trades, key=lambda pair: pair[0].realised_money or 0.0) if trades else (None, None)


def _runs(
    own: Mapping[str, Losses], stresses: Mapping[str, StressResult], crises: Mapping[str, CrisisResult]
) -> ConsecutiveLosses:
    by_strategy = {name: losses.losing_run for name, losses in own.items()}
    by_scenario: dict[str, dict[str, LosingRun]] = {}
    for name, stressed in stresses.items():
        by_scenario[name] = {one.strategy: one.after.losing_run for one in stressed.strategies if one.after is not None}
    for name, crisis in crises.items():
        by_scenario[name] = {one.strategy: one.losses.losing_run for one in crisis.strategies if one.losses is not None}
    longest = max(by_strategy, key=lambda name: _size(by_strategy[name])) if by_strategy else None
    return ConsecutiveLosses(
        None if longest is None else by_strategy[longest], longest, by_strategy,
        {name: runs for name, runs in by_scenario.items() if runs},
    )  # fmt: skip


def _size(run: LosingRun) -> tuple[int, float]:
    return run.trades, run.compound_loss or 0.0
