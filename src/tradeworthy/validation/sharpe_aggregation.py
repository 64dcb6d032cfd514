"""A Sharpe ratio carried from one period to a longer one, which takes more than a square root when returns depend on each other."""

import math
from collections.abc import Sequence

import numpy as np

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats, floats
from tradeworthy.validation.arguments import above, finite, representable

_SUMMED = 1_000_000  # more periods than that use the closed form, whose digits only cancel for few of them


def _autoregressive_variance(periods: float, weight: float) -> float:
    if weight == 0.0 or periods <= 1.0:
        return 1.0
    if periods <= _SUMMED:
        lags = np.arange(1, int(periods))
        return 1.0 + 2.0 * float(np.sum((1.0 - lags / periods) * weight**lags))
    if weight == 1.0:
        return periods
    away = 1.0 - weight
    gone = 1.0 - math.pow(weight, periods)
    return (1.0 + weight) / away - 2.0 * weight * gone / away / (away * periods)


def _listed_variance(periods: float, listed: Floats) -> float:
    lags = np.arange(1, min(periods, len(listed) + 1))
    return 1.0 + 2.0 * float(np.sum((1.0 - lags / periods) * listed[: len(lags)]))


def _variance(periods: float, autocorrelation: float | Floats) -> float:
    """Variance of the sum of so many returns over that of as many independent ones, which cannot overflow."""
    if periods < 1.0:
        return 1.0
    if isinstance(autocorrelation, float):
        return _autoregressive_variance(periods, autocorrelation)
    return _listed_variance(periods, autocorrelation)


def _checked(autocorrelation: float | Sequence[float] | Floats) -> float | Floats:
    listed = floats("autocorrelations", autocorrelation)
    if listed.ndim > 1 or not (np.abs(listed) <= 1.0).all():
        raise InputError("an autocorrelation must lie from -1 to 1: one number, or one for each lag from 1 on")
    return listed if listed.ndim else float(listed)


def annualise_sharpe(sharpe: float, periods: float, autocorrelation: float | Sequence[float] | Floats = 0.0) -> float:
    """The Sharpe ratio of a sum of `periods` returns (a year's, say) from that of one return.

    SR q / sqrt(q + 2 sum over k of (q - k) rho_k), q the periods: Lo 2002, "The Statistics of Sharpe Ratios"; without
    dependence SR sqrt(q). `autocorrelation` is the first one of an AR(1) series, rho_k = rho^k, or a list of rho_1, rho_2, ...,
    lags beyond it counting as 0. Between whole numbers of periods the variance of the sum is interpolated (365.25 days).
    At 1 all returns are the same and the ratio stays as it is. Raises InputError for periods of 0 or less, autocorrelations
    outside -1 to 1, and those that leave the sum no variance (-1 with an even number of periods).
    """
    ratio, count, rho = finite("sharpe", sharpe), above("periods", periods, 0), _checked(autocorrelation)
    below = float(math.floor(count))
    share = count - below
    variance = (1.0 - share) * (below / count) * _variance(below, rho)
    if share:
        variance += share * ((below + 1.0) / count) * _variance(below + 1.0, rho)
    if variance <= 1e-12:
        raise InputError(f"with these autocorrelations a sum of {count:g} returns has no variance; mend them")
    return representable(
        "the Sharpe ratio", ratio * math.sqrt(count / variance), "give a smaller one, or fewer periods"
    )
