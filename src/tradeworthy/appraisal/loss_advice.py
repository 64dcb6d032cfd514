"""From losses to what to do about them, each with the number that caused it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext

from tradeworthy.appraisal.loss_record import (
    ConsecutiveLosses,
    CrisisResult,
    Losses,
    LossLevel,
    PortfolioImpact,
    Ran,
    Recommendation,
    StressResult,
    Urgency,
    WorstCase,
    WorstTrade,
)
from tradeworthy.appraisal.portfolio_losses import ALIKE
from tradeworthy.core.counting import counted

LEVELS: tuple[tuple[float, LossLevel], ...] = (
    (0.10, LossLevel.LOW),
    (0.20, LossLevel.MODERATE),
    (0.40, LossLevel.HIGH),
)
AS_IT_WAS, TODAY = "as it was", "on today's prices"
TRADES_ALONE = "a list of trades holds no prices to strain; bring the strategy and its bars"
STOP_DRAWDOWN = 0.20
"""The fall that must not happen, unless another limit is named."""
BEYOND_STOP_R = 0.5
LOUD_BEYOND_STOP_R = 2.0
EXTREME_R, LOUD_EXTREME_R = 2.0, 4.0
RUN_LOSS, LOUD_RUN_LOSS = 0.10, 0.20

_ORDER = tuple(Urgency)


def level_of(drawdown: float) -> LossLevel:
    """LOW under a fall of 10% of the account, MODERATE under 20%, HIGH under 40%, else VERY_HIGH."""
    return next((level for limit, level in LEVELS if drawdown < limit), LossLevel.VERY_HIGH)


@dataclass(frozen=True, slots=True)
class SizedBy:
    """limit: the fall of the account that must not happen, a fraction. risk: share of the balance a trade loses at its stop,
    None where sizes go by something else, or strategies by several."""

    limit: float = STOP_DRAWDOWN
    risk: float | None = None


def recommendations(
    cases: Sequence[WorstCase],
    worst_trade: tuple[WorstTrade | None, str | None],
    runs: ConsecutiveLosses,
    portfolio: PortfolioImpact,
    stresses: Mapping[str, StressResult],
    crises: Mapping[str, CrisisResult],
    own: Mapping[str, Losses],
    sizes: SizedBy,
) -> tuple[Recommendation, ...]:
    """The most urgent first. worst_trade: of all cases, with the name of its case. own: what each strategy lost on its bars
    as they are."""
    found = [
        *_of_stops(own),
        *_of_drawdowns(cases, sizes),
        *_of_gaps(*worst_trade),
        *_of_extremes(crises),
        *_of_runs(runs),
        *_of_portfolio(portfolio),
        *_of_what_did_not_run(stresses, crises),
    ]
    if not found and cases:
        worst = cases[0]
        fall = worst.losses.max_drawdown_fraction
        said = f"the deepest fall of all cases is {_percent(fall or 0.0)} ({worst.case})"
        found.append(
            Recommendation(Urgency.LOW, "keep sizes as they are", said, "max_drawdown_fraction", fall, sizes.limit)
        )
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.level)))


def _of_stops(own: Mapping[str, Losses]) -> Iterator[Recommendation]:
    for name, losses in own.items():
        if losses.trades and losses.total_r is None:
            yield Recommendation(
                Urgency.CRITICAL, f"give {name} a stop", "it has trades without one, and what they can lose has no bound",
                "trades", float(losses.trades), 0.0,
            )  # fmt: skip


def _of_drawdowns(cases: Sequence[WorstCase], sizes: SizedBy) -> Iterator[Recommendation]:
    """One for what was, one for what a scenario or a crisis makes of it."""
    for kinds, urgency in ((("history",), Urgency.CRITICAL), (("stress", "crisis"), Urgency.HIGH)):
        mine = [one for one in cases if one.kind in kinds and one.losses.max_drawdown_fraction is not None]
        if not mine:
            continue
        worst = max(mine, key=lambda one: one.losses.max_drawdown_fraction or 0.0)
        fall = worst.losses.max_drawdown_fraction or 0.0
        if fall >= sizes.limit:
            yield Recommendation(
                urgency, _smaller(fall, worst.case, sizes),
                f"{case_words(worst.case)} the account falls by {_percent(fall)}, and {_percent(sizes.limit)} is the limit",
                "max_drawdown_fraction", fall, sizes.limit,
            )  # fmt: skip


def case_words(case: str) -> str:
    """`in its own record`, `in Choppy`."""
    return "in its own record" if case == AS_IT_WAS else f"in {case}"


def _smaller(fall: float, case: str, sizes: SizedBy) -> str:
    """The sizes at which the same fall, compounded, stays about at the limit."""
    share = math.log1p(-sizes.limit) / math.log1p(-min(fall, 0.999_999))
    what = "the same record" if case == AS_IT_WAS else case
    cut, kept = f"cut sizes to {_percent(share)} of what they are", f"for {what} to stay within {_percent(sizes.limit)}"
    if sizes.risk is None:
        return f"{cut}, {kept}"
    small, risk = floored(sizes.risk * share), _percent(sizes.risk)
    return f"{cut}, {kept}: risk {_percent(small)} of the balance a trade instead of {risk}"


def floored(share: float) -> float:
    """Down to two digits, so that what is said to be enough is."""
    with localcontext(prec=2, rounding=ROUND_DOWN):
        return float(+Decimal(repr(share)))


def _of_gaps(trade: WorstTrade | None, case: str | None) -> Iterator[Recommendation]:
    beyond = None if trade is None else trade.beyond_stop_r
    if trade is None or beyond is None or beyond < BEYOND_STOP_R:
        return
    urgency = Urgency.HIGH if beyond >= LOUD_BEYOND_STOP_R else Urgency.MEDIUM
    lost = f"{-(trade.realised_r or 0.0):.1f} R where 1 R was meant"
    how = "which is beyond its stop" if trade.stop is None else "because the market opened beyond its stop"
    said = f"{trade.strategy} lost {lost} ({case}), {how}, on {trade.exit_time[:10]}"
    if case is not None and case.endswith(TODAY):  # days that have not been have no date
        said = f"{trade.strategy} would lose {lost} ({case}): the market would open beyond its stop"
    yield Recommendation(
        urgency, "size for a loss beyond the stop, or be flat over gaps", said,
        "beyond_stop_r", beyond, BEYOND_STOP_R,
    )  # fmt: skip


def _of_extremes(crises: Mapping[str, CrisisResult]) -> Iterator[Recommendation]:
    """What stops would have cost in a crisis that lay inside bars, whose order nobody knows."""
    found = [
        (one.losses.worst_at_the_extreme_r, one.strategy, name)
        for name, result in crises.items()
        for one in result.strategies
        if one.losses is not None and one.losses.worst_at_the_extreme_r is not None
    ]
    worst, strategy, crisis = min(found, default=(0.0, "", ""))
    if worst > -EXTREME_R:
        return
    yield Recommendation(
        Urgency.HIGH if worst <= -LOUD_EXTREME_R else Urgency.MEDIUM,
        "do not count on stops in such hours: hold less before known events",
        f"{crisis}: filled at the worst price of its bar, a stop of {strategy} costs {-worst:.1f} R",
        "worst_at_the_extreme_r", worst, -EXTREME_R,
    )  # fmt: skip


def _of_runs(runs: ConsecutiveLosses) -> Iterator[Recommendation]:
    if runs.longest is None or runs.longest.compound_loss is None or runs.longest.compound_loss < RUN_LOSS:
        return
    loss = runs.longest.compound_loss
    yield Recommendation(
        Urgency.HIGH if loss >= LOUD_RUN_LOSS else Urgency.MEDIUM,
        f"be ready for {counted(runs.longest.trades, 'losing trade')} in a row, or cut sizes after the first few",
        f"{runs.strategy} lost {counted(runs.longest.trades, 'trade')} in a row, {_percent(loss)} of the account",
        "compound_loss", loss, RUN_LOSS,
    )  # fmt: skip


def _of_portfolio(portfolio: PortfolioImpact) -> Iterator[Recommendation]:
    highest = portfolio.highest_correlation
    if portfolio.highest_pair and highest is not None and highest >= ALIKE:
        a, b = portfolio.highest_pair
        yield Recommendation(
            Urgency.MEDIUM, f"halve the risk of {a} and of {b}", f"their weeks move together, with correlation {highest:.2f}",
            "highest_correlation", highest, ALIKE,
        )  # fmt: skip


def _of_what_did_not_run(
    stresses: Mapping[str, StressResult], crises: Mapping[str, CrisisResult]
) -> Iterator[Recommendation]:
    missing = [name for name, one in crises.items() if one.status is not Ran.RUN]
    trades_alone = stresses and {one.why for one in stresses.values()} == {TRADES_ALONE}
    if trades_alone:
        yield Recommendation(
            Urgency.LOW, "where you have the strategies' rules and bars, assess those as well",
            "a history of trades can neither be strained nor put through a crisis", "scenarios_not_run",
            float(len(stresses)), 0.0,
        )  # fmt: skip
        return
    if missing:
        yield Recommendation(
            Urgency.LOW if len(missing) < len(crises) else Urgency.MEDIUM,
            f"bring bars that hold {_listed(missing)}", f"{counted(len(missing), 'replay')} could not be made",
            "crises_not_replayed", float(len(missing)), 0.0,
        )  # fmt: skip
    failed = [name for name, one in stresses.items() if one.status is not Ran.RUN]
    if failed:
        yield Recommendation(
            Urgency.MEDIUM, "bring bars, and strategies that can be run on them",
            f"{_listed(failed)} did not run: {stresses[failed[0]].why}", "scenarios_not_run", float(len(failed)), 0.0,
        )  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
