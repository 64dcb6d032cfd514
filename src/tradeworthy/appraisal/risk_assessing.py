"""Assess what a book can lose: its days drawn into futures, its strategies run again, its sizes and its parts."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.days_of_book import BookDays
from tradeworthy.appraisal.limited_sizes import limited_words
from tradeworthy.appraisal.loss_potential import drawdown_potential
from tradeworthy.appraisal.loss_record import MaximumLoss, Recommendation, Urgency
from tradeworthy.appraisal.maximum_losing import LossStudy, maximum_loss
from tradeworthy.appraisal.next_day_losses import day_text, loss_table
from tradeworthy.appraisal.open_exposure import BookExposure, book_exposure
from tradeworthy.appraisal.regime_words import study_dict
from tradeworthy.appraisal.risk_days import days_at_risk, traded_at_risk
from tradeworthy.appraisal.risk_record import Fan, PortfolioRisk, RiskRecord
from tradeworthy.appraisal.risk_shares import portfolio_risk
from tradeworthy.appraisal.risk_summary import all_recommendations, executive_summary, not_run_words, smaller_sizes
from tradeworthy.appraisal.rolling_scores import score_reliability
from tradeworthy.appraisal.sizing_rules import Sizes, SizingVerdict, sizing_verdict
from tradeworthy.appraisal.stop_costs import StopLosses, stops_of_book
from tradeworthy.appraisal.volatility_study import StudyTerms, study_volatility
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.backtest.result import Result
from tradeworthy.controls.refusals import Refusal
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.instrument import CURRENCIES
from tradeworthy.ports import Progress
from tradeworthy.risk.drawdown_scoring import drawdown_score
from tradeworthy.risk.paths_kept import wealth_paths
from tradeworthy.risk.score_parting import score_parts
from tradeworthy.risk.score_record import DrawdownScore, ScoreParts
from tradeworthy.risk.simulation import monte_carlo

Floats = npt.NDArray[np.float64]

FAN_PATHS, FAN_DAYS = 2_000, 60
FAN_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FALLS_SHOWN = 400
_STEPS = 6


@dataclass(frozen=True, slots=True)
class AssessmentTerms:
    """What is asked. limit: the fall that counts, a fraction; horizon: trading days; risk: share of equity lost at a stop;
    losses: scenarios, crises and their seed."""

    limit: float = 0.20
    horizon: int = 252
    risk: float = 0.02
    paths: int = 10_000
    leverage: float = 30.0
    seed: int = 0
    losses: LossStudy = field(default_factory=LossStudy)


@dataclass(frozen=True, slots=True, eq=False)
class _Ran:
    """What backtests of a book gave; everything empty for a list of trades."""

    loss: MaximumLoss | None = None
    volatility: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sizing: SizingVerdict | None = None
    stops: Mapping[str, StopLosses] = field(default_factory=dict)
    exposure: BookExposure | None = None
    not_run: Mapping[str, str] = field(default_factory=dict)


def assess_book(
    name: str, members: Sequence[Member], terms: AssessmentTerms, assumptions: Sequence[str], progress: Progress
) -> RiskRecord:
    """Of strategies with their bars. Raises InputError for strategies that cannot be run, NotEnoughData where none traded."""
    progress.update("backtesting", 0, _STEPS)
    results = traded_at_risk(members, terms.risk, terms.leverage)
    _refuse_without_stops(results)
    progress.update("stress and crises", 1, _STEPS)
    loss = maximum_loss(
        members,
        replace(
            terms.losses,
            risk=terms.risk,
            seed=terms.seed,
            assumptions=tuple(assumptions),
            limit=terms.limit,
            sized_by_risk=one_risk(members, terms.risk) is not None,
        ),
    )
    progress.update("volatility", 2, _STEPS)
    volatility, not_run = _volatility(members, terms.seed)
    sizing = sizing_verdict([_sizes(one, one.risk_or(terms.risk)) for one in members])
    ran = _Ran(loss, volatility, sizing, stops_of_book(results), book_exposure(results), not_run)
    days = days_at_risk(members, results)

    def at(share: float) -> Floats:
        """The book's days at so much of its sizes."""
        if share == 1.0:
            return days.book
        return days_at_risk(members, traded_at_risk(members, terms.risk, terms.leverage, share)).book

    said = [*assumptions, *_limited(results)]
    return _assessed(name, "book", days, ran, terms, said, progress, at, one_risk(members, terms.risk))


def assess_trades(
    name: str,
    days: BookDays,
    loss: MaximumLoss,
    terms: AssessmentTerms,
    assumptions: Sequence[str],
    not_run: Mapping[str, str],
    progress: Progress,
) -> RiskRecord:
    """Of a history of trades alone: what needs bars is not run, and says so."""
    return _assessed(
        name,
        "trades",
        days,
        _Ran(loss, not_run=not_run),
        terms,
        assumptions,
        progress,
        lambda share: days.book * share,
        terms.risk,
    )


def one_risk(members: Sequence[Member], usual: float) -> float | None:
    """The risk per trade of all members, None where they have several."""
    every = {one.risk_or(usual) for one in members}
    return every.pop() if len(every) == 1 else None


def _refuse_without_stops(results: Mapping[str, Result]) -> None:
    """Raises InputError where nothing was traded because a share of equity cannot be lost at a stop that is none."""
    without = [name for name, one in results.items() if not len(one.trades) and one.refused.get(Refusal.NO_STOP)]
    if without and len(without) == len(results):
        raise InputError(
            f"{without[0]}: none of its {results[without[0]].refused[Refusal.NO_STOP]:,} entries has a stop, so none can be sized "
            "by what it loses there; give it one, such as stop_atr=2"
        )


def _limited(results: Mapping[str, Result]) -> list[str]:
    """Where the leverage limit cut sizes, which the runs under stress and in crises do not know of."""
    cut = {name: said for name, one in results.items() if (said := limited_words(one)) is not None}
    if not cut:
        return []
    first = "; ".join(f"{name}: {said}" for name, said in list(cut.items())[:3])
    more = f"; and so of {len(cut) - 3} more" if len(cut) > 3 else ""
    return [f"{first}{more}. What was lost as it was, under stress and in crises is told without that limit"]


def _volatility(members: Sequence[Member], seed: int) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """By strategy, on all cores; why not for those that have none."""

    def study(member: Member) -> dict[str, Any] | str:
        asked = StudyTerms(fills=member.fills, costs=member.costs, seed=seed)
        try:
            return study_dict(study_volatility(member.bars, member.strategy, None, asked))
        except InputError as error:
            return str(error)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = dict(zip((one.name for one in members), pool.map(study, members), strict=True))
    studied = {name: one for name, one in found.items() if isinstance(one, dict)}
    return studied, {f"volatility {name}": one for name, one in found.items() if isinstance(one, str)}


def _sizes(member: Member, risk: float) -> Sizes:
    stop = getattr(member.strategy, "stop_atr", None)
    it = member.bars.instrument
    return Sizes(
        member.name,
        None if stop is None else float(stop),
        risk,
        tuple(one for one in (it.base, it.quote) if one in CURRENCIES),
    )


def _assessed(
    name: str,
    kind: str,
    days: BookDays,
    ran: _Ran,
    terms: AssessmentTerms,
    assumptions: Sequence[str],
    progress: Progress,
    at: Callable[[float], Floats],
    risk: float | None,
) -> RiskRecord:
    book, not_run = days.book, {**ran.not_run, **not_run_words(ran.loss)}
    progress.update("drawing futures", 3, _STEPS)
    score = drawdown_score(
        days.shares, terms.limit, terms.horizon, trades=days.trades, paths=terms.paths, seed=terms.seed
    )  # fmt: skip
    if score.score is None and days.ends_in_ruin:
        score = replace(score, reason=f"{score.reason}; it ended in ruin, and only smaller sizes make it longer")
    parts = _parts(days, score, terms, not_run)
    drawn = monte_carlo(book, terms.paths, terms.horizon, seed=terms.seed)
    reliability = score_reliability(days, terms.limit, terms.horizon, paths=terms.paths, seed=terms.seed)
    progress.update("value at risk", 4, _STEPS)
    enough = score.score is not None
    if not enough:  # a record too short for a score tells no other chance and no other tail either
        not_run |= dict.fromkeys(("drawn futures", "value at risk"), score.reason)
    measures, series = loss_table(book, days.date, terms.seed) if enough else ((), None)
    progress.update("portfolio", 5, _STEPS)
    portfolio = _portfolio(days, score, not_run)
    smaller = smaller_sizes(score, at)
    falls = np.quantile(0.0 - drawn.max_drawdown, np.linspace(0.0, 1.0, FALLS_SHOWN)) if enough else ()
    progress.update("portfolio", _STEPS, _STEPS)
    return RiskRecord(
        name, kind, score,
        executive_summary(
            score, ran.loss, measures, portfolio, ruined=tuple(days.ruined.values()), periods=days.periods,
            record=_record_words(days), cuts=[one for one in days.notes if one not in days.ruined.values()],
        ),
        (*_of_ruin(days), *all_recommendations(
            score, risk, ran.loss, measures, ran.sizing, ran.stops, ran.exposure, portfolio, smaller
        )),
        risk, day_text(int(days.date[0])), day_text(int(days.date[-1])), len(days.date), days.trades,
        float(book.min()), parts, drawdown_potential(drawn) if enough else None,
        _fan(days, terms) if enough else None, tuple(float(one) for one in falls), reliability,
        measures, series, ran.loss, ran.volatility, ran.sizing, ran.stops, ran.exposure, portfolio, not_run,
        (*assumptions, *days.notes), terms.seed,
    )  # fmt: skip


def _record_words(days: BookDays) -> str:
    first, last, worst = day_text(int(days.date[0])), day_text(int(days.date[-1])), float(days.book.min())
    lost = f"its worst day lost {-100 * worst:.3g}% of equity" if worst < 0.0 else "no day lost anything"
    has = f"{counted(len(days.date), 'day')}, {first} to {last}, and {counted(days.trades, 'closed trade')}"
    return f"the record has {has}; {lost}"


def _of_ruin(days: BookDays) -> list[Recommendation]:
    """One for all accounts that came to nothing."""
    if not days.ruined:
        return []
    names = list(days.ruined)
    called = names[0] if len(names) == 1 else f"{names[0]} and {counted(len(names) - 1, 'other strategy', 'others')}"
    return [
        Recommendation(
            Urgency.CRITICAL, f"do not trade {called} at these sizes", days.ruined[names[0]], "equity_left", 0.0, 0.0
        )
    ]


def _parts(days: BookDays, score: DrawdownScore, terms: AssessmentTerms, not_run: dict[str, str]) -> ScoreParts | None:
    if score.score is None:
        not_run["parts of the score"] = score.reason
        return None
    return score_parts(
        days.shares, terms.limit, terms.horizon, names=days.names, paths=terms.paths, seed=terms.seed, block=score.block
    )


def _portfolio(days: BookDays, score: DrawdownScore, not_run: dict[str, str]) -> PortfolioRisk | None:
    if score.score is None:
        not_run["portfolio"] = score.reason
        return None
    try:
        return portfolio_risk(days, score)
    except NotEnoughData as error:
        not_run["portfolio"] = str(error)
        return None


def _fan(days: BookDays, terms: AssessmentTerms) -> Fan:
    paths = wealth_paths(days.book, FAN_PATHS, terms.horizon, seed=terms.seed)
    shown = np.unique(np.linspace(0, terms.horizon, FAN_DAYS).astype(np.int64))
    quantiles = np.quantile(paths[:, shown], FAN_QUANTILES, axis=0)
    return Fan(
        tuple(int(one) for one in shown), FAN_QUANTILES, tuple(tuple(float(one) for one in row) for row in quantiles)
    )
