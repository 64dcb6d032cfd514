"""How sure a Sharpe ratio is, and how high luck alone would lift the best of many."""

import math
from statistics import NormalDist

from tradeworthy.core.errors import InputError

_NORMAL = NormalDist()
_EULER = 0.5772156649015329


def probabilistic_sharpe_ratio(
    sharpe: float, n: int, skewness: float = 0.0, kurtosis: float = 3.0, benchmark: float = 0.0
) -> float:
    """Probability that the true Sharpe ratio is above `benchmark`, both per observation (Bailey, Lopez de Prado 2012)."""
    inside = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe**2
    if n < 2 or inside <= 0:
        raise InputError(f"a Sharpe ratio of {sharpe} with these moments and {n} observations has no standard error")
    return _NORMAL.cdf((sharpe - benchmark) * math.sqrt(n - 1) / math.sqrt(inside))


def expected_maximum_sharpe(trials: int, trial_variance: float) -> float:
    """Expected best Sharpe ratio of `trials` without an edge, by the variance over them (Bailey, Lopez de Prado 2014)."""
    if trials < 1:
        raise InputError(f"there must be at least one trial, not {trials}")
    if trials == 1:
        return 0.0
    usual, rare = _NORMAL.inv_cdf(1 - 1 / trials), _NORMAL.inv_cdf(1 - 1 / (trials * math.e))
    return math.sqrt(trial_variance) * ((1 - _EULER) * usual + _EULER * rare)


def deflated_sharpe_ratio(
    sharpe: float, n: int, trials: int, trial_variance: float, skewness: float = 0.0, kurtosis: float = 3.0
) -> float:
    """`probabilistic_sharpe_ratio` against the expected best of the trials, all per observation."""
    return probabilistic_sharpe_ratio(sharpe, n, skewness, kurtosis, expected_maximum_sharpe(trials, trial_variance))
