"""How strategies lose together, and how their risk might be spread."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.loss_record import PortfolioImpact, Ran
from tradeworthy.core.clock import rfc3339
from tradeworthy.validation.multiplicity import effective_number

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

FEWEST_WEEKS = 26
"""Under half a year a correlation is mostly its own error."""
ALIKE = 0.7
LARGE_SHARE = 2.0
"""Times its equal share of the book's variance."""


def portfolio_impact(names: Sequence[str], weeks: Times, r: Floats) -> PortfolioImpact:
    """Of the R that each strategy made in each week: names (k), starts of weeks (w,), r (w, k). NOT RUN for one strategy,
    and for fewer than 26 weeks."""
    if len(names) < 2:
        return PortfolioImpact(Ran.NOT_RUN, "there is one strategy; what strategies lose together needs two or more")
    if len(weeks) < FEWEST_WEEKS:
        return PortfolioImpact(
            Ran.NOT_RUN, f"the strategies share {len(weeks)} whole weeks; correlations need {FEWEST_WEEKS}"
        )
    pairs = {(a, b): _correlation(r[:, i], r[:, j]) for (i, a), (j, b) in combinations(enumerate(names), 2)}
    known = {pair: one for pair, one in pairs.items() if one is not None}
    highest = max(known, key=lambda pair: known[pair]) if known else None
    total = r.sum(axis=1)
    worst = int(np.argmin(total))
    shares, allocation = _shares(names, r), _equal_risk(names, r)
    falls = {name: _fall(r[:, i]) for i, name in enumerate(names)}
    return PortfolioImpact(
        Ran.RUN, "", len(weeks), _table(names, pairs), float(np.mean(list(known.values()))) if known else None, highest,
        known[highest] if highest else None, _effective(r), rfc3339(int(weeks[worst])), float(total[worst]), _fall(total),
        falls, shares, allocation, _advice(names, known, shares, allocation, falls, _fall(total)),
    )  # fmt: skip


def _correlation(one: Floats, other: Floats) -> float | None:
    if np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return None
    return float(np.clip(np.corrcoef(one, other)[0, 1], -1.0, 1.0))


def _table(names: Sequence[str], pairs: dict[tuple[str, str], float | None]) -> dict[str, dict[str, float | None]]:
    both = pairs | {(b, a): one for (a, b), one in pairs.items()}
    return {a: {b: 1.0 if a == b else both[a, b] for b in names} for a in names}


def _effective(r: Floats) -> float | None:
    moving = r[:, np.ptp(r, axis=0) > 0.0]
    return effective_number(np.corrcoef(moving, rowvar=False)) if moving.shape[1] > 1 else None


def _fall(r: Floats) -> float:
    path = np.append(0.0, np.cumsum(r))
    return float(np.max(np.maximum.accumulate(path) - path))


def _shares(names: Sequence[str], r: Floats) -> dict[str, float]:
    """Covariance of each with the sum over the variance of the sum: they add up to 1 (Litterman 1996)."""
    covariance = np.cov(r, rowvar=False)
    whole = float(covariance.sum())
    if whole <= 0.0:
        return {}
    return {name: float(covariance[i].sum() / whole) for i, name in enumerate(names)}


def _equal_risk(names: Sequence[str], r: Floats) -> dict[str, float]:
    spread = r.std(axis=0)
    inverse = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0.0)
    whole = float(inverse.sum())
    return {name: float(one / whole) for name, one in zip(names, inverse, strict=True)} if whole > 0.0 else {}


def _advice(
    names: Sequence[str],
    known: dict[tuple[str, str], float],
    shares: dict[str, float],
    allocation: dict[str, float],
    falls: dict[str, float],
    together: float,
) -> tuple[str, ...]:
    even = 1.0 / len(names)
    said = [
        f"{a} and {b} lose together (correlation {one:.2f}): give the two the risk of one"
        for (a, b), one in sorted(known.items(), key=lambda item: -item[1])
        if one >= ALIKE
    ]
    said += [
        f"{name} makes {100 * share:.0f}% of the book's ups and downs with {100 * even:.0f}% of its trades' risk: "
        f"{100 * allocation[name]:.0f}% would even it out"
        for name, share in shares.items()
        if share >= LARGE_SHARE * even and allocation.get(name, even) < even
    ]
    alone = sum(falls.values())
    if alone > 0.0:
        said.append(
            f"together they fell by {together:.1f} R at the deepest, where each by itself adds up to {alone:.1f} R: "
            f"spreading took off {100 * (1.0 - together / alone):.0f}%"
        )
    return tuple(said)
