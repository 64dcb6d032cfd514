"""How the strategies of a book add up: correlations that can be trusted, who carries the risk, and what a cap would change."""

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.days_of_book import BookDays
from tradeworthy.appraisal.risk_record import PortfolioRisk, RiskShare
from tradeworthy.core.errors import NotEnoughData
from tradeworthy.risk.contributions import ComponentVar, component_var
from tradeworthy.risk.correlations import stressed_correlation
from tradeworthy.risk.drawdown_scoring import drawdown_score
from tradeworthy.risk.score_record import DrawdownScore
from tradeworthy.risk.shrinkage import shrunk_correlation

Floats = npt.NDArray[np.float64]

LEVEL, Z = 0.99, 2.3263478740408408
STRESS = 0.5
"""Of the way that correlations go to 1 when markets break: halfway."""
LARGEST_SHARE, TIMES_EVEN = 0.25, 1.5
"""No strategy is to carry more than a quarter of the risk, or half as much again as its even share where that is more."""
_ROUNDS, _NEAR = 200, 1e-9


def portfolio_risk(days: BookDays, score: DrawdownScore) -> PortfolioRisk:
    """Of two strategies or more that both moved. Raises NotEnoughData otherwise."""
    moved = np.ptp(days.shares, axis=0) > 0.0
    names = [name for name, one in zip(days.names, moved, strict=True) if one]
    if len(names) < 2:
        raise NotEnoughData("what strategies lose together needs two of them that traded on the same days")
    returns = days.shares[:, moved]
    deviations = returns.std(axis=0, ddof=1)
    shrunk = shrunk_correlation(returns)
    whole = component_var(np.ones(len(names)), deviations, shrunk.correlation, Z)
    strained = component_var(np.ones(len(names)), deviations, stressed_correlation(shrunk.correlation, STRESS), Z)
    cap = max(LARGEST_SHARE, TIMES_EVEN / len(names))
    sizes, capped = _capped(deviations, shrunk.correlation, cap)
    after = None
    if score.score is not None and bool(np.any(sizes < 1.0)):
        after = drawdown_score(
            returns * sizes, score.limit, score.horizon, paths=score.paths, resamples=40, seed=score.seed, block=score.block
        ).score  # fmt: skip
    parts, alone = _shares(whole), _shares(strained)
    shares = {
        name: RiskShare(float(deviations[i]), float(whole.component[i]), parts[i], alone[i], float(sizes[i]))
        for i, name in enumerate(names)
    }
    matrix = {
        a: {b: float(shrunk.correlation[i, j]) for j, b in enumerate(names)} for i, a in enumerate(names)
    }  # fmt: skip
    return PortfolioRisk(
        LEVEL, matrix, shrunk.intensity, whole.total, strained.total, whole.undiversified, shares, cap, capped.total,
        score.score, score.score if after is None else after, _advice(shares, cap, whole, capped, score.score, after),
    )  # fmt: skip


def _shares(one: ComponentVar) -> list[float]:
    return [float(part / one.total) if one.total > 0.0 else 0.0 for part in one.component]


def _capped(deviations: Floats, correlation: Floats, cap: float) -> tuple[Floats, ComponentVar]:
    """Sizes (n,) of at most 1 at which nobody has more than `cap` of the value at risk; cutting one raises the others' shares."""
    sizes = np.ones(len(deviations))
    now = component_var(sizes, deviations, correlation, Z)
    for _ in range(_ROUNDS):
        shares = np.array(_shares(now))
        over = shares > cap + _NEAR
        if not over.any():
            break
        sizes[over] *= np.sqrt(cap / shares[over])
        now = component_var(sizes, deviations, correlation, Z)
    return sizes, now


def _advice(
    shares: dict[str, RiskShare],
    cap: float,
    whole: ComponentVar,
    capped: ComponentVar,
    score: float | None,
    after: float | None,
) -> tuple[str, ...]:
    cut = {name: one for name, one in shares.items() if one.capped < 1.0}
    said = [
        f"{name} carries {100 * one.share:.0f}% of the risk, over {100 * cap:.0f}%: trade {100 * one.capped:.0f}% of its size"
        for name, one in sorted(cut.items(), key=lambda item: -item[1].share)
    ]
    if cut:
        points = "" if score is None or after is None else f", the score from {score:.0f} to {after:.0f}"
        said.append(
            f"that takes a day's Normal value at risk at {100 * LEVEL:g}% "
            f"from {100 * whole.total:.2f}% to {100 * capped.total:.2f}% of equity{points}"
        )
    hedges = [name for name, one in shares.items() if one.component < 0.0]
    if hedges:
        said.append(f"{', '.join(hedges)} lost when the others won, and took risk off the book")
    return tuple(said)
