"""What each position adds to a portfolio's value at risk."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import positive
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.correlations import correlation_matrix
from tradeworthy.risk.observations import column, representable

_NOTHING = 1e-30
"""Of the variance of the parts, which rounding may leave where positions cancel out."""


@dataclass(frozen=True, slots=True, eq=False)
class ComponentVar:
    """total: value at risk of the portfolio, in the unit of the exposures; volatility: its standard deviation.

    component: (n,) parts that sum to the total, below 0 for a hedge. marginal: (n,) change of the total for one unit more of
    each exposure. undiversified: sum of the values at risk of the positions alone.
    """

    total: float
    volatility: float
    component: Floats
    marginal: Floats
    undiversified: float


def component_var(
    exposures: npt.ArrayLike, volatilities: npt.ArrayLike, correlation: npt.ArrayLike, z: float = 2.3263478740408408
) -> ComponentVar:
    """Delta-normal value at risk and its parts by Euler's theorem (Jorion 2006, chapter 7).

    exposures: (n,) amounts, below 0 for short ones. volatilities: (n,) as fractions of one period. correlation: (n, n).
    z: deviations of the level, 2.3263 for 99% unless given. marginal = z Cov w / volatility, component = w marginal. A
    portfolio without any risk has a total and components of 0, and a marginal of z times each volatility. Raises InputError
    for what is no correlation matrix, and for sizes that do not match.
    """
    weights = column(exposures, "exposure", 1, "a portfolio")
    deviations = column(volatilities, "volatility", 1, "a portfolio")
    matrix, factor = correlation_matrix(correlation), positive(z, "z")
    if not len(weights) == len(deviations) == len(matrix):
        raise InputError(
            f"there are {len(weights)} exposures, {len(deviations)} volatilities and a correlation matrix of {len(matrix)} rows; "
            "give one of each per position"
        )
    if deviations.min() < 0.0:
        raise InputError(f"volatility {int(deviations.argmin())} is {deviations.min():g}; it must be zero or more")
    alone = representable(factor * float(np.abs(weights * deviations).sum()), "the sum of the values at risk alone")
    parts = weights * deviations / (alone / factor) if alone > 0.0 else np.zeros(len(weights))
    pulled = matrix @ parts  # of parts and not of amounts, so that no square is past what a number holds
    variance = float(parts @ pulled)
    if variance <= _NOTHING:
        return ComponentVar(0.0, 0.0, np.zeros(len(weights)), factor * deviations, alone)
    root = float(np.sqrt(variance))
    marginal = factor * deviations * pulled / root
    return ComponentVar(alone * root, alone / factor * root, weights * marginal, marginal, alone)
