"""Chances made right by what came of earlier ones: a logistic curve, or any rising curve."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.risk.forecast_scores import checked_forecasts, given_chances

Floats = npt.NDArray[np.float64]

LEAST = 1e-4
"""Chances nearer to 0 or 1 than this are taken as this: no simulation of ten thousand paths tells them apart."""
FEWEST = 20
STEPS = 100


@dataclass(frozen=True, slots=True)
class LogisticCurve:
    """calibrated chance = 1 / (1 + exp(-(intercept + slope x log odds))) (Platt 1999, on log odds)."""

    intercept: float
    slope: float

    def calibrated(self, forecasts: npt.ArrayLike) -> Floats:
        """(n,) chances for (n,) chances. Raises InputError for what is none."""
        return _chance(self.intercept + self.slope * _log_odds(given_chances(forecasts)))


@dataclass(frozen=True, slots=True, eq=False)
class RisingCurve:
    """Straight lines between `at` (k,) and `chance` (k,), both rising; flat beyond the ends."""

    at: Floats
    chance: Floats

    def calibrated(self, forecasts: npt.ArrayLike) -> Floats:
        """(n,) chances for (n,) chances. Raises InputError for what is none."""
        out: Floats = np.interp(given_chances(forecasts), self.at, self.chance)
        return out


def logistic_curve(forecasts: npt.ArrayLike, outcomes: npt.ArrayLike) -> LogisticCurve:
    """The likeliest curve, with Platt's targets instead of 0 and 1 so that it exists whatever came true, and a slope of
    zero or more.

    forecasts: (n,) 0 to 1, outcomes: (n,) 0 or 1. Raises NotEnoughData under 20, InputError for what is none of these.
    """
    chances, came = _enough(forecasts, outcomes)
    x = _log_odds(chances)
    yes = float(came.sum())
    no = len(came) - yes
    target = np.where(came > 0, (yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0))
    middle, spread = float(x.mean()), float(x.std())
    level = math.log(float(target.mean()) / (1.0 - float(target.mean())))
    if spread < 1e-9:
        return LogisticCurve(level, 0.0)
    at = _newton((x - middle) / spread, target, level)
    if at[1] < 0.0:
        return LogisticCurve(level, 0.0)
    return LogisticCurve(float(at[0] - at[1] * middle / spread), float(at[1] / spread))


def rising_curve(forecasts: npt.ArrayLike, outcomes: npt.ArrayLike) -> RisingCurve:
    """The rising curve nearest to the outcomes (isotonic regression; Zadrozny, Elkan 2002).

    Every pool of it begins with half a success and half a failure more, so that no chance is 0 or 1. Raises as
    `logistic_curve` does.
    """
    from scipy.optimize import isotonic_regression

    chances, came = _enough(forecasts, outcomes)
    at, place, counts = np.unique(chances, return_inverse=True, return_counts=True)
    means = np.bincount(place, came) / counts
    fitted = isotonic_regression(means, weights=counts)
    blocks = np.asarray(fitted.blocks)
    sizes = np.add.reduceat(counts, blocks[:-1])
    hits = np.add.reduceat(counts * means, blocks[:-1])
    centres = np.add.reduceat(counts * at, blocks[:-1]) / sizes
    return RisingCurve(centres, np.maximum.accumulate((hits + 0.5) / (sizes + 1.0)))


def _enough(forecasts: npt.ArrayLike, outcomes: npt.ArrayLike) -> tuple[Floats, Floats]:
    chances, came = checked_forecasts(forecasts, outcomes)
    if len(chances) < FEWEST:
        raise NotEnoughData(
            f"a curve of calibration takes {FEWEST} forecasts with their outcomes; there are {len(chances)}"
        )
    return chances, came


def _log_odds(chances: Floats) -> Floats:
    inner = np.clip(chances, LEAST, 1.0 - LEAST)
    odds: Floats = np.log(inner / (1.0 - inner))
    return odds


def _chance(log_odds: Floats) -> Floats:
    with np.errstate(over="ignore"):  # a chance of 0
        out: Floats = 1.0 / (1.0 + np.exp(-log_odds))
    return out


def _newton(x: Floats, target: Floats, level: float) -> Floats:
    """Intercept and slope of the logistic regression of `target` on `x`, with steps that are halved until they help."""
    at = np.array([level, 0.0])
    design = np.column_stack((np.ones_like(x), x))
    best = _loss(design @ at, target)
    for _ in range(STEPS):
        p = _chance(design @ at)
        slope = design.T @ (p - target)
        if float(np.abs(slope).max()) < 1e-9 * len(x):
            return at
        curve = (design * (p * (1.0 - p))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        while _loss(design @ (at - step), target) > best and float(np.abs(step).max()) > 1e-12:
            step /= 2.0
        at = at - step
        best = _loss(design @ at, target)
    raise InputError("no logistic curve fits these forecasts; use rising_curve")


def _loss(z: Floats, target: Floats) -> float:
    return float(np.sum(np.logaddexp(0.0, z) - target * z))
