"""How well a fitted tail knows its own value at risk and expected shortfall.

Both treat the share of losses beyond the threshold as known, as the R package evir does.
"""

import math
from collections.abc import Callable
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.generalised_pareto import LEAST_SHAPE_WITH_ERROR, ParetoTail, log_likelihood, power_gap
from tradeworthy.risk.intervals import Interval
from tradeworthy.risk.observations import of_kind, share, word

HIGHEST_SHAPE = 10.0
_FARTHEST = 1e9
"""Times the estimate, past which an upper end is called infinite."""


class IntervalKind(StrEnum):
    """By the profile of the likelihood, which is lopsided as tails are, or by its curvature at the top."""

    PROFILE = "profile"
    DELTA = "delta"


class TailMeasure(StrEnum):
    """Of a tail at a level."""

    VAR = "var"
    ES = "es"


def tail_interval(
    tail: ParetoTail, measure: str, p: float, confidence: float = 0.95, kind: str = "profile"
) -> Interval:
    """Interval of the value at risk ("var") or expected shortfall ("es") of `tail` at level p.

    profile: the values that a likelihood-ratio test does not reject (McNeil 1999); infinite above where the data cannot
    bound it, as an expected shortfall while a shape of 1 is not rejected. delta: estimate +- z standard errors.
    Raises InputError as `tail.var` and `tail.es` do, for a shape of -1/2 or less, whose error is not known, and for an
    unknown measure or kind.
    """
    of_kind(tail, ParetoTail, "tail", "fit_gpd")
    what, way = word(measure, TailMeasure, "measure"), word(kind, IntervalKind, "kind of interval")
    trust = share(confidence, "confidence")
    estimate = tail.var(p) if what is TailMeasure.VAR else tail.es(p)
    z = NormalDist().inv_cdf(0.5 + trust / 2.0)
    _known(tail)
    if way is IntervalKind.DELTA:
        reach = z * tail_error(tail, what, p)
        return Interval(estimate - reach, estimate + reach, trust)
    return _profiled(tail, what, tail.depth(p), estimate, z, trust)


def tail_error(tail: ParetoTail, measure: str, p: float) -> float:
    """Standard error of either, by the delta method on the observed information."""
    of_kind(tail, ParetoTail, "tail", "fit_gpd")
    what, depth = word(measure, TailMeasure, "measure"), tail.depth(p)
    per_beta, per_shape = _unit_excess(what, depth, tail.xi), _unit_slope(what, depth, tail.xi)
    slopes = np.array([tail.beta * per_shape, per_beta])
    return math.sqrt(max(0.0, float(slopes @ _known(tail) @ slopes)))


def _known(tail: ParetoTail) -> Floats:
    if tail.covariance is None:
        raise InputError(
            f"the fitted tail has a shape of {tail.xi:.3g}, and from {LEAST_SHAPE_WITH_ERROR:g} down its error is not known; "
            "choose another threshold"
        )
    return tail.covariance


def _unit_excess(what: TailMeasure, depth: float, xi: float) -> float:
    """Of the measure over the threshold, for beta = 1."""
    gap = power_gap(depth, xi)
    return gap if what is TailMeasure.VAR else (gap + 1.0) / (1.0 - xi)


def _unit_slope(what: TailMeasure, depth: float, xi: float) -> float:
    """Of that by xi."""
    near = abs(xi * depth) < 1e-4
    gap = power_gap(depth, xi)
    slope = depth**2 * (0.5 + xi * depth / 3.0) if near else (depth * math.exp(xi * depth) - gap) / xi
    return slope if what is TailMeasure.VAR else slope / (1.0 - xi) + (gap + 1.0) / (1.0 - xi) ** 2


def _profiled(tail: ParetoTail, what: TailMeasure, depth: float, estimate: float, z: float, trust: float) -> Interval:
    from scipy.optimize import brentq

    top = log_likelihood(tail.excesses, tail.xi, tail.beta)
    centre = estimate - tail.threshold
    if centre <= 0.0:  # the level of the threshold itself, whose quantile is given and not estimated
        return Interval(estimate, estimate, trust)

    def short(excess: float) -> float:
        return 2.0 * (top - _best(tail, what, depth, excess)) - z * z

    low = _rejected(short, centre, 0.9)
    high = _rejected(short, centre, 1.1)
    ends = [
        float(brentq(short, *sorted((centre, end)), rtol=1e-10)) if math.isfinite(end) and end > 0.0 else end
        for end in (low, high)
    ]
    return Interval(tail.threshold + ends[0], tail.threshold + ends[1], trust)


def _rejected(short: Callable[[float], float], centre: float, step: float) -> float:
    """The first of ever farther places that the test rejects; 0 or infinite when there is none."""
    factor = step
    while 1.0 / _FARTHEST < factor < _FARTHEST:
        if short(centre * factor) > 0.0:
            return centre * factor
        factor *= factor if abs(math.log(factor)) > 0.3 else step
    return 0.0 if step < 1.0 else math.inf


def _best(tail: ParetoTail, what: TailMeasure, depth: float, excess: float) -> float:
    """The largest log likelihood of all tails whose measure lies `excess` above the threshold."""
    from scipy.optimize import brentq, minimize_scalar

    def beta(xi: float) -> float:
        return excess / _unit_excess(what, depth, xi)

    def room(xi: float) -> float:
        return beta(xi) + xi * float(tail.excesses[-1])

    least, most = LEAST_SHAPE_WITH_ERROR, 1.0 - 1e-9 if what is TailMeasure.ES else HIGHEST_SHAPE
    if room(least) <= 0.0:
        least = float(brentq(room, least, 0.0)) + 1e-12
    found = minimize_scalar(
        lambda xi: min(1e300, -log_likelihood(tail.excesses, xi, beta(xi))),
        bounds=(least, most),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return -float(found.fun)
