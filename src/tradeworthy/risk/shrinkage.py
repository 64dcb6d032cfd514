"""Correlations out of few observations, drawn towards something plainer (Ledoit, Wolf 2004)."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.indicators.given_numbers import LARGEST, Floats, floats
from tradeworthy.risk.observations import differing, word

FEWEST = 4
"""Rows: the error of a covariance needs fourth moments."""


class ShrinkageTarget(StrEnum):
    """All pairs as correlated as the average pair, or not at all."""

    CONSTANT_CORRELATION = "constant_correlation"
    UNCORRELATED = "uncorrelated"


@dataclass(frozen=True, slots=True, eq=False)
class ShrunkCorrelation:
    """correlation and covariance: (n, n) after shrinking. intensity: 0 for the sample itself, 1 for the target."""

    correlation: Floats
    covariance: Floats
    intensity: float


def shrunk_correlation(returns: npt.ArrayLike, target: str = "constant_correlation") -> ShrunkCorrelation:
    """Correlation and covariance of `returns` (periods, n), moments over the number of periods.

    constant_correlation: towards one correlation for all pairs (Ledoit, Wolf 2004, "Honey, I shrunk the sample covariance
    matrix"). uncorrelated: standardised returns towards the identity (Ledoit, Wolf 2004, "A well-conditioned estimator").
    Both choose the intensity that loses least for many periods, and are positive definite unless it is 0. Raises
    NotEnoughData under 4 periods or 2 columns; InputError for NaN or infinite returns and for a constant column.
    """
    goal_kind = word(target, ShrinkageTarget, "target")
    table = _table(returns)
    deviations = table.std(axis=0)
    standard = (table - table.mean(axis=0)) / deviations
    sample = standard.T @ standard / len(standard)
    np.fill_diagonal(sample, 1.0)
    if goal_kind is ShrinkageTarget.UNCORRELATED:
        goal = np.eye(len(sample))
        intensity = _towards_identity(standard, sample)
    else:
        off = ~np.eye(len(sample), dtype=bool)
        goal = np.where(off, sample[off].mean(), 1.0)
        covariance = sample * np.outer(deviations, deviations)
        intensity = _towards_constant(table - table.mean(axis=0), covariance, goal, float(sample[off].mean()))
    correlation = (1.0 - intensity) * sample + intensity * goal
    return ShrunkCorrelation(correlation, correlation * np.outer(deviations, deviations), intensity)


def _table(returns: npt.ArrayLike) -> Floats:
    table = floats("returns", returns, math.inf)
    if table.ndim != 2:
        raise InputError(f"returns must be a table of periods and assets, not an array of shape {table.shape}")
    if len(table) < FEWEST or table.shape[1] < 2:
        raise NotEnoughData(
            f"a correlation needs at least {FEWEST} periods and 2 assets; there are {len(table)} and {table.shape[1]}"
        )
    if not np.isfinite(table).all():
        row, place = (int(one) for one in np.argwhere(~np.isfinite(table))[0])
        raise InputError(
            f"return {row} of asset {place} is {table[row, place]}; leave out periods in which one is missing"
        )
    if np.abs(table).max() > LARGEST:
        raise InputError("returns are past 1e100 in size; write them in larger units")
    for place in range(table.shape[1]):
        differing(table[:, place], "return", f"a correlation with asset {place}")
    return table


def _towards_identity(standard: Floats, sample: Floats) -> float:
    distance = float(((sample - np.eye(len(sample))) ** 2).sum())
    error = (float(((standard**2).sum(axis=1) ** 2).mean()) - float((sample**2).sum())) / len(standard)
    return min(1.0, max(0.0, error / distance)) if distance > 0.0 else 1.0


def _towards_constant(centred: Floats, covariance: Floats, goal: Floats, average: float) -> float:
    """(pi - rho) / gamma / periods of the paper: error of the sample, less what the target shares of it, over their distance."""
    n = len(centred)
    deviations = np.sqrt(np.diag(covariance))
    distance = float(((covariance - goal * np.outer(deviations, deviations)) ** 2).sum())
    if distance <= 1e-24 * float((covariance**2).sum()):
        return 1.0
    squares = centred**2
    errors = squares.T @ squares / n - covariance**2
    crossed = (centred**3).T @ centred / n - np.diag(covariance)[:, np.newaxis] * covariance
    shared = crossed * np.outer(1.0 / deviations, deviations)
    np.fill_diagonal(shared, 0.0)
    common = float(np.diag(errors).sum()) + average * float(shared.sum())
    return min(1.0, max(0.0, (float(errors.sum()) - common) / distance / n))
