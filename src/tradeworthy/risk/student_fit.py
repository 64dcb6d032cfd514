"""Student's t fitted to returns by maximum likelihood."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.observations import column, differing

Deviance = Callable[[Floats], tuple[float, Floats]]

FEWEST = 20
"""Returns under which degrees of freedom cannot be told apart."""
_LEAST_DEGREES, _HIGHEST = 1.01, math.log(1e4)
"""Degrees run from the first to the first plus e to the second; more are those of a Normal."""
_STARTS = (3.0, 8.0, 50.0)
_MOST_ALIKE = 0.5
"""Share of equal returns at which a t of 1 degree of freedom fits them with no width at all, and likelihood has no top."""


@dataclass(frozen=True, slots=True)
class StudentT:
    """degrees of freedom, location and scale of the returns, in their unit; some 10,000 degrees stand for a Normal."""

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
    degrees, location, scale = _best((returns - centre) / width)
    if degrees < _LEAST_DEGREES * 1.001:
        raise InputError(
            "returns have tails so heavy that the fitted Student's t has no mean; use method historical or pot"
        )
    return StudentT(degrees, centre + width * location, width * scale)


def _best(standard: Floats) -> tuple[float, float, float]:
    from scipy.optimize import minimize

    spread = math.log(float(np.median(np.abs(standard))) + 1e-6)
    deviance = _deviance(standard)
    starts = [np.array((math.log(start - _LEAST_DEGREES), 0.0, spread)) for start in _STARTS]
    start = min(starts, key=lambda one: deviance(one)[0])
    found = minimize(deviance, start, jac=True, method="BFGS", options={"gtol": 1e-7})
    place = _polished(deviance, found.x)
    return _degrees(place), float(place[1]), math.exp(place[2])


def _degrees(place: Floats) -> float:
    return _LEAST_DEGREES + math.exp(max(-40.0, min(float(place[0]), _HIGHEST)))


def _polished(deviance: Deviance, place: Floats) -> Floats:
    """A few steps of Newton, as long as they flatten the slope."""
    slope = deviance(place)[1]
    for _ in range(8):
        curvature = np.array([(deviance(place + h)[1] - deviance(place - h)[1]) / 2e-5 for h in 1e-5 * np.eye(3)])
        if place[0] >= _HIGHEST - 1.0 or abs(float(np.linalg.det(curvature))) < 1e-14:
            break
        ahead = place - np.linalg.solve(curvature, slope)
        if np.abs(ahead - place).max() > 1.0:
            break
        flatter = deviance(ahead)[1]
        if np.abs(flatter).max() >= np.abs(slope).max():
            break
        place, slope = ahead, flatter
    return place


def _deviance(standard: Floats) -> Deviance:
    """Minus the mean log likelihood and its slopes by log (degrees - least), location and log scale."""
    from scipy.special import digamma

    def of(place: Floats) -> tuple[float, Floats]:
        v, location, scale = _degrees(place), float(place[1]), math.exp(max(-30.0, min(float(place[2]), 5.0)))
        z = (standard - location) / scale
        square = z * z / v
        log_sum = float(np.log1p(square).mean())
        weight = (v + 1.0) / v / (1.0 + square)
        constant = math.lgamma((v + 1) / 2) - math.lgamma(v / 2) - 0.5 * math.log(v * math.pi) - math.log(scale)
        by_degrees = 0.5 * (
            digamma((v + 1) / 2) - digamma(v / 2) - 1.0 / v - log_sum + float((weight * z * z).mean()) / v
        )
        slopes = (
            (v - _LEAST_DEGREES) * by_degrees,
            float((weight * z).mean()) / scale,
            float((weight * z * z).mean()) - 1.0,
        )
        return 0.5 * (v + 1.0) * log_sum - constant, -np.array(slopes)

    return of
