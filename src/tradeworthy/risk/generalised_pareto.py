"""The tail of losses beyond a high threshold: a generalised Pareto distribution (Balkema, de Haan 1974; Pickands 1975).

Excesses y over the threshold have P(Y > y) = (1 + xi y / beta)^(-1 / xi), where xi = 0 is the exponential.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import finite_number, shown
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.observations import column, differing, share

FEWEST = 10
"""Exceedances under which two parameters cannot be told apart."""
_DEEPEST = 600.0
LEAST_SHAPE = -1.0
"""Below it the likelihood has no bound; a tail that would like to lie there is uniform up to the largest loss."""
LEAST_SHAPE_WITH_ERROR = -0.5
"""At or below it the usual theory of maximum likelihood does not hold, and no standard error is known (Smith 1985)."""


@dataclass(frozen=True, slots=True, eq=False)
class ParetoTail:
    """The fitted tail: P(loss > threshold + y) = share (1 + xi y / beta)^(-1 / xi), in the unit of the losses.

    xi: shape, above 0 for heavy tails. beta: scale. xi_error, beta_error: standard errors by the observed information,
    None with a shape of -1/2 or less, where they are not known.
    exceedances: losses beyond the threshold; share: of all losses. excesses: (exceedances,), by how much.
    covariance: (2, 2), of xi and beta, None likewise.
    """

    threshold: float
    xi: float
    beta: float
    xi_error: float | None
    beta_error: float | None
    exceedances: int
    share: float
    excesses: Floats
    covariance: Floats | None

    def var(self, p: float) -> float:
        """Loss exceeded with probability 1 - p, p at or above 1 - share (McNeil 1999, equation 6)."""
        return self.threshold + self.beta * power_gap(self.depth(p), self.xi)

    def es(self, p: float) -> float:
        """Mean loss beyond that: (var + beta - xi threshold) / (1 - xi) (McNeil 1999, equation 9).

        Raises InputError for xi of 1 or more: the mean is infinite there.
        """
        if self.xi >= 1.0:
            raise InputError(
                f"the fitted tail has a shape of {self.xi:.3g}, and from 1 on its expected shortfall is infinite"
            )
        quantile = self.var(p)
        return quantile + (self.beta + self.xi * (quantile - self.threshold)) / (1.0 - self.xi)

    def depth(self, p: float) -> float:
        """ln(share / (1 - p)): how far beyond the threshold a level lies. Raises InputError for a level before it."""
        level = share(p, "level")
        depth = math.log(self.share / (1.0 - level))
        if depth < -1e-9:
            raise InputError(
                f"the fitted tail begins at level {1.0 - self.share:.6g}; ask for that or more, not "
                f"{shown(p)}, or lower the threshold"
            )
        return max(0.0, depth)


def fit_gpd(losses: npt.ArrayLike, threshold: float) -> ParetoTail:
    """Generalised Pareto tail of `losses` (n,), positive where money is lost, beyond `threshold`, by maximum likelihood.

    The likelihood is climbed along xi / beta, where xi has a closed form (Grimshaw 1993; Davison 1984), to the precision
    of a float; no shape below -1 is tried. Raises NotEnoughData under 10 losses beyond the threshold; InputError where all
    of those are alike.
    """
    values, u = column(losses, "loss", FEWEST, "a fit of the tail"), finite_number(threshold, "threshold")
    excesses = np.sort(values[values > u] - u)
    if len(excesses) < FEWEST:
        raise NotEnoughData(
            f"a fit of the tail needs at least {FEWEST} losses beyond the threshold; {len(excesses)} of {len(values):,} are "
            f"beyond {u:g}, so lower it or bring more"
        )
    differing(excesses, "exceedance", "a fit of the tail")
    unit = float(np.median(excesses))
    xi, beta = _climbed(excesses / unit)
    covariance = _covariance(excesses / unit, xi, beta)
    errors: tuple[float | None, float | None] = (None, None)
    if covariance is not None:
        covariance *= np.array([[1.0, unit], [unit, unit * unit]])
        errors = (float(np.sqrt(covariance[0, 0])), float(np.sqrt(covariance[1, 1])))
        covariance.setflags(write=False)
    excesses.setflags(write=False)
    part = len(excesses) / len(values)
    return ParetoTail(u, xi, beta * unit, *errors, len(excesses), part, excesses, covariance)


def power_gap(depth: float, xi: float) -> float:
    """(e^(xi depth) - 1) / xi, and depth at xi = 0."""
    if xi * depth > _DEEPEST:
        raise InputError(
            f"a tail with a shape of {xi:.3g} has losses past what a number holds at that level; ask for a lower one"
        )
    return depth if abs(xi * depth) < 1e-12 else math.expm1(xi * depth) / xi


def log_likelihood(excesses: Floats, xi: float, beta: float) -> float:
    """Of excesses (n,), minus infinity where one of them lies past the end of the distribution."""
    if beta <= 0.0 or not math.isfinite(beta):
        return -math.inf
    inner = 1.0 + xi * excesses / beta
    if inner[-1] <= 0.0 or inner[0] <= 0.0:
        return -math.inf
    if abs(xi) < 1e-9:
        return -len(excesses) * math.log(beta) - float(excesses.sum()) / beta
    return -len(excesses) * math.log(beta) - (1.0 + 1.0 / xi) * float(np.log1p(xi * excesses / beta).sum())


def _climbed(y: Floats) -> tuple[float, float]:
    """xi and beta of sorted excesses. t = xi / beta runs over a grid, and its best place is refined by the slope."""
    from scipy.optimize import brentq

    lowest = -(1.0 - 1e-13) / float(y[-1])
    if _shape(y, lowest) < LEAST_SHAPE:
        lowest = float(brentq(lambda t: _shape(y, t) - LEAST_SHAPE, lowest, 0.0, xtol=1e-300, rtol=1e-14))
    grid = np.concatenate((np.linspace(lowest, 0.0, 60)[:-1], np.geomspace(1e-6, 1e8, 300)))
    best = int(np.argmax([_profile(y, float(t)) for t in grid]))
    low, high = float(grid[max(0, best - 1)]), float(grid[min(best + 1, len(grid) - 1)])
    uniform = (LEAST_SHAPE, float(y[-1]))
    if _slope(y, low) <= 0.0 or _slope(y, high) >= 0.0:
        return uniform
    t = float(brentq(lambda place: _slope(y, place), low, high, xtol=1e-300, rtol=1e-14))
    if _profile(y, t) < -math.log(uniform[1]):
        return uniform
    xi = _shape(y, t)
    return (xi, xi / t) if t else (0.0, float(y.mean()))


def _shape(y: Floats, t: float) -> float:
    return float(np.log1p(t * y).mean())


def _profile(y: Floats, t: float) -> float:
    """Mean log likelihood at the best xi for t."""
    xi = _shape(y, t)
    return -math.log(xi / t if t else float(y.mean())) - xi - 1.0


def _slope(y: Floats, t: float) -> float:
    """Of the profile by t: 1 / t - xi' / xi - xi', by its series where t is next to nothing."""
    if abs(t) * float(y[-1]) < 1e-5:
        first, second, third = (float((y**power).mean()) for power in (1, 2, 3))
        bend = second - 2.0 * third / (3.0 * first) + (second / (2.0 * first)) ** 2
        return second / (2.0 * first) - first + t * bend
    rise = float((y / (1.0 + t * y)).mean())
    return 1.0 / t - rise * (1.0 / _shape(y, t) + 1.0)


def _covariance(y: Floats, xi: float, beta: float) -> Floats | None:
    """Inverse of the observed information in xi and beta, by the second derivatives of the log likelihood."""
    if xi <= LEAST_SHAPE_WITH_ERROR:
        return None
    n, z = len(y), y / beta
    if abs(xi) < 1e-5:  # the derivatives at 0, which do not divide by xi
        by_xi = float((z * z - 2.0 * z**3 / 3.0).sum())
        both = float((z - z * z).sum()) / beta
        by_beta = float((1.0 - 2.0 * z).sum()) / beta**2
    else:
        w = z / (1.0 + xi * z)
        logs = float(np.log1p(xi * z).sum())
        by_xi = -2.0 * logs / xi**3 + 2.0 * float(w.sum()) / xi**2 + (1.0 + 1.0 / xi) * float((w * w).sum())
        both = (float(w.sum()) - (1.0 + xi) * float((w * w).sum())) / beta
        by_beta = (n - (1.0 + xi) * float((2.0 * w - xi * w * w).sum())) / beta**2
    information = -np.array([[by_xi, both], [both, by_beta]])
    return np.asarray(np.linalg.inv(information), dtype=np.float64)
