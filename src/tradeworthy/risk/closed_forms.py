"""Value at risk and expected shortfall of distributions that have them in closed form.

Everywhere the level is that of the loss (0.99, not 0.01), a loss is positive, and mean, location, deviation and scale are
those of the returns or amounts, in their unit. Kurtosis is excess kurtosis, 0 for a Normal.
"""

import math

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, positive
from tradeworthy.risk.observations import representable, share

MOST_SKEWED = 6.0 * (math.sqrt(2.0) - 1.0)
"""2.4853: past this skewness no kurtosis makes the expansion of Cornish and Fisher rise throughout (Maillard 2012)."""

_LEAST_DEGREES, _FARTHEST = 0.05, 1e100
"""Outside of these the quantile of Student's t is not found reliably."""


def normal_value_at_risk(level: float, mean: float = 0.0, deviation: float = 1.0) -> float:
    """Loss that a Normal return exceeds with probability 1 - level: z deviation - mean."""
    return _moved(_normal_quantile(level), deviation, "deviation", mean, "mean")


def normal_expected_shortfall(level: float, mean: float = 0.0, deviation: float = 1.0) -> float:
    """Mean loss of a Normal return beyond its value at risk: phi(z) / (1 - level) deviation - mean."""
    tail = _normal_density(_normal_quantile(level)) / (1.0 - share(level, "level"))
    return _moved(tail, deviation, "deviation", mean, "mean")


def student_t_value_at_risk(level: float, degrees: float, location: float = 0.0, scale: float = 1.0) -> float:
    """Loss that a return of Student's t exceeds with probability 1 - level: t scale - location.

    scale is that of the distribution, not its deviation: deviation = scale sqrt(degrees / (degrees - 2)).
    """
    quantile = _t_quantile(level, positive(degrees, "degrees"))
    return _moved(quantile, scale, "scale", location, "location")


def student_t_expected_shortfall(level: float, degrees: float, location: float = 0.0, scale: float = 1.0) -> float:
    """Mean loss beyond that: f(t) / (1 - level) (degrees + t^2) / (degrees - 1) scale - location.

    McNeil, Frey, Embrechts 2015, example 2.15. Raises InputError for degrees of 1 or less: the mean is infinite there.
    """
    freedom = min(positive(degrees, "degrees"), _FARTHEST)
    if freedom <= 1.0:
        raise InputError(
            f"Student's t with {freedom:g} degrees of freedom has no expected shortfall; it needs more than 1"
        )
    t = _t_quantile(level, freedom)
    tail = _t_density(t, freedom) / (1.0 - share(level, "level")) * (freedom + t * t) / (freedom - 1.0)
    return _moved(tail, scale, "scale", location, "location")


def cornish_fisher_quantile(probability: float, skewness: float, excess_kurtosis: float) -> float:
    """Quantile of a standardised return by the expansion of Cornish and Fisher (1937), third order, as Maillard (2012).

    z + (z^2 - 1) S / 6 + (z^3 - 3 z) K / 24 - (2 z^3 - 5 z) S^2 / 36. Raises InputError where the expansion does not
    rise throughout, because it is no quantile there.
    """
    s, k = _monotone(skewness, excess_kurtosis)
    z = _normal_quantile(probability)
    return z + (z * z - 1.0) * s / 6.0 + (z**3 - 3.0 * z) * k / 24.0 - (2.0 * z**3 - 5.0 * z) * s * s / 36.0


def cornish_fisher_value_at_risk(
    level: float, skewness: float, excess_kurtosis: float, mean: float = 0.0, deviation: float = 1.0
) -> float:
    """Loss exceeded with probability 1 - level: the quantile of the loss, whose skewness is the other way round."""
    quantile = cornish_fisher_quantile(level, -finite_number(skewness, "skewness"), excess_kurtosis)
    return _moved(quantile, deviation, "deviation", mean, "mean")


def cornish_fisher_expected_shortfall(
    level: float, skewness: float, excess_kurtosis: float, mean: float = 0.0, deviation: float = 1.0
) -> float:
    """Mean loss beyond that, the expansion integrated term by term.

    phi(z) / (1 - level) (1 - z S / 6 + (z^2 - 1) K / 24 - (2 z^2 - 1) S^2 / 36) with z at level (Maillard 2018).
    """
    s, k = _monotone(skewness, excess_kurtosis)
    z = _normal_quantile(level)
    inner = 1.0 - z * s / 6.0 + (z * z - 1.0) * k / 24.0 - (2.0 * z * z - 1.0) * s * s / 36.0
    tail = _normal_density(z) / (1.0 - share(level, "level")) * inner
    return _moved(tail, deviation, "deviation", mean, "mean")


def monotone_kurtosis(skewness: float) -> tuple[float, float] | None:
    """The least and the largest excess kurtosis for which the expansion rises throughout; None past a skewness of 2.4853.

    Its slope is a parabola in z, which stays above zero where S^2 / 9 <= 4 (K / 8 - S^2 / 6) (1 - K / 8 + 5 S^2 / 36).
    """
    s = finite_number(skewness, "skewness")
    if abs(s) > MOST_SKEWED:
        return None
    square = s * s
    half = 1.0 - square / 36.0
    room = math.sqrt(max(0.0, half * half - square / 9.0))
    return 4.0 * (square / 3.0 + half - room), 4.0 * (square / 3.0 + half + room)


def _moved(unit: float, width: float, width_name: str, centre: float, centre_name: str) -> float:
    loss = unit * positive(width, width_name) - finite_number(centre, centre_name)
    return representable(loss, "the loss")


def _monotone(skewness: float, excess_kurtosis: float) -> tuple[float, float]:
    s, k = finite_number(skewness, "skewness"), finite_number(excess_kurtosis, "excess kurtosis")
    domain = monotone_kurtosis(s)
    if domain is None:
        raise InputError(
            f"cornish_fisher is no distribution at a skewness of {s:.4g}, past {MOST_SKEWED:.4g} in size; use another method"
        )
    if not domain[0] <= k <= domain[1]:
        raise InputError(
            f"cornish_fisher at a skewness of {s:.4g} takes an excess kurtosis from {domain[0]:.4g} to {domain[1]:.4g}, "
            f"not {k:.4g}: it is no distribution there; use another method"
        )
    return s, k


def _normal_quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share(level, "level")))


def _normal_density(z: float) -> float:
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def _t_quantile(level: float, degrees: float) -> float:
    from scipy.special import stdtrit

    t = float(stdtrit(degrees, share(level, "level")))
    if abs(t) > _FARTHEST or degrees < _LEAST_DEGREES:
        raise InputError(
            f"Student's t with {degrees:g} degrees of freedom has quantiles past what a number holds; take more degrees"
        )
    return t


def _t_density(t: float, degrees: float) -> float:
    half = 0.5 * degrees
    large = half > 1e5  # where the two logarithms cancel, and the first terms of their difference do
    gammas = 0.5 * math.log(half) - 0.125 / half if large else math.lgamma(half + 0.5) - math.lgamma(half)
    log_scale = gammas - 0.5 * math.log(degrees * math.pi)
    return math.exp(log_scale - (half + 0.5) * math.log1p(t * t / degrees))
