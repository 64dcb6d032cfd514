"""Student's t fitted to returns by maximum likelihood."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.risk.observations import Floats, column, differing

Deviance = Callable[[Floats], tuple[float, Floats]]

FEWEST = 20
"""Returns under which degrees of freedom cannot be told apart."""
_LEAST_DEGREES, _MOST_DEGREES = 1.01, 1e4
_STARTS = (3.0, 8.0, 50.0)
_MOST_ALIKE = 0.5
"""Share of equal returns at which a t of 1 degree of freedom fits them with no width at all, and likelihood has no top."""


@dataclass(frozen=True, slots=True)
class StudentT:
    """degrees of freedom, location and scale of the returns, in their unit; 10,000 degrees stand for a Normal."""

    degrees: float
    location: float
    scale: float


def fit_student_t(x: npt.ArrayLike) -> StudentT:
    """Maximum likelihood over degrees of freedom, location and scale of the returns `x` (n,).

    Raises NotEnoughData under 20 returns; InputError for a constant, for returns half of which are the same number, and
    where the mean would be infinite (1 degree of freedom or less).
    """
    returns = differing(column(x, "return", FEWEST, "a fit of Student's t"), "return", "a fit of Student's t")
    _, alike = np.unique(returns, return_counts=True)
    if alike.max() >= _MOST_ALIKE * len(returns):
        raise InputError(
            f"a fit of Student's t needs returns that differ; {alike.max():,} of {len(returns):,} are the same number, "
            "so leave out the periods without a trade or use method historical"
        )
    centre, width = float(np.median(returns)), float(returns.std())
    degrees, location, log_scale = _best((returns - centre) / width)
    if degrees < _LEAST_DEGREES * 1.001:
        raise InputError(
            "returns have tails so heavy that the fitted Student's t has no mean; use method historical or pot"
        )
    return StudentT(degrees, centre + width * location, width * math.exp(log_scale))


def _best(standard: Floats) -> tuple[float, float, float]:
    from scipy.optimize import minimize

    ends = (math.log(_LEAST_DEGREES), math.log(_MOST_DEGREES))
    spread = math.log(float(np.median(np.abs(standard))) + 1e-6)
    deviance = _deviance(standard)
    starts = [np.array((math.log(start), 0.0, spread)) for start in _STARTS]
    start = min(starts, key=lambda one: deviance(one)[0])
    bounds = [ends, (-10.0, 10.0), (-30.0, 5.0)]
    found = minimize(deviance, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"ftol": 1e-11})
    place = found.x if found.x[0] >= ends[1] else _polished(deviance, found.x, ends)
    return math.exp(place[0]), float(place[1]), float(place[2])


def _polished(deviance: Deviance, place: Floats, ends: tuple[float, float]) -> Floats:
    """A few steps of Newton, as long as they flatten the slope."""
    slope = deviance(place)[1]
    for _ in range(8):
        steps = 1e-5 * np.eye(3)
        curvature = np.array([(deviance(place + h)[1] - deviance(place - h)[1]) / 2e-5 for h in steps])
        if abs(np.linalg.det(curvature)) < 1e-12:
            break
        ahead = place - np.linalg.solve(curvature, slope)
        if not ends[0] <= ahead[0] <= ends[1] or abs(ahead[2]) > 30.0:
            break
        flatter = deviance(ahead)[1]
        if np.abs(flatter).max() >= np.abs(slope).max():
            break
        place, slope = ahead, flatter
    return place


def _deviance(standard: Floats) -> Deviance:
    """Minus the mean log likelihood and its slopes by log degrees, location and log scale."""
    from scipy.special import digamma

    def of(place: Floats) -> tuple[float, Floats]:
        v, location, scale = math.exp(place[0]), float(place[1]), math.exp(place[2])
        z = (standard - location) / scale
        square = z * z / v
        log_sum = float(np.log1p(square).mean())
        weight = (v + 1.0) / v / (1.0 + square)
        constant = math.lgamma((v + 1) / 2) - math.lgamma(v / 2) - 0.5 * math.log(v * math.pi) - place[2]
        by_degrees = 0.5 * (
            digamma((v + 1) / 2) - digamma(v / 2) - 1.0 / v - log_sum + float((weight * z * z).mean()) / v
        )
        slopes = (v * by_degrees, float((weight * z).mean()) / scale, float((weight * z * z).mean()) - 1.0)
        return 0.5 * (v + 1.0) * log_sum - constant, -np.array(slopes)

    return of
