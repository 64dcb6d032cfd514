"""What the best of many tries is worth: the Sharpe ratio that luck alone gives it, and what is left after taking that off."""

import math
from statistics import NormalDist

from tradeworthy.validation.arguments import above, at_least, representable
from tradeworthy.validation.sharpe_inference import probabilistic_sharpe_ratio

_EULER = 0.5772156649015329  # the Euler-Mascheroni constant, mean of the Gumbel distribution


def _expected_maximum(trials: float) -> float:
    count = at_least("trials", trials, 1)
    if count == 1:
        return 0.0
    quantile = NormalDist().inv_cdf  # of the upper tail: 1 - 1/N would lose its digits for many trials
    value = -(1 - _EULER) * quantile(1 / count) - _EULER * quantile(1 / count / math.e)
    return max(0.0, value)  # fractional trials just above one, where the approximation falls below the mean


def expected_maximum_sharpe(trials: float, trial_variance: float) -> float:
    """Expected largest Sharpe ratio among `trials` independent tries of no skill whose ratios have variance `trial_variance`.

    sqrt(V) ((1 - g) Z(1 - 1/N) + g Z(1 - 1/(N e))), g Euler's constant, Z the Normal quantile: the False Strategy theorem of
    Bailey, Lopez de Prado 2014. In the unit of the tries' ratios: per observation if those are. One try gives 0. `trials` need
    not be whole: tries that resemble each other count as fewer (`effective_number`). Against the exact mean it is 8% low at
    2 tries, 2.5% high at 5 to 10, 1% at 100. Raises InputError for fewer than one try and a negative variance.
    """
    spread = math.sqrt(at_least("trial_variance", trial_variance, 0))
    return spread * _expected_maximum(trials)


def deflated_sharpe_ratio(
    sharpe: float,
    n: float,
    trials: float,
    trial_variance: float,
    skewness: float = 0.0,
    kurtosis: float = 3.0,
    *,
    ddof: int = 1,
) -> float:
    """Probability, 0 to 1, that the Sharpe ratio picked as the best of `trials` exceeds what luck would have given it.

    The probabilistic Sharpe ratio with the benchmark `expected_maximum_sharpe(trials, trial_variance)`: Bailey, Lopez de Prado
    2014, "The Deflated Sharpe Ratio". `sharpe` and the square root of `trial_variance` are per observation, and n counts
    observations: an annual variance is divided by the observations a year. ddof as in probabilistic_sharpe_ratio.
    """
    luck = expected_maximum_sharpe(trials, trial_variance)
    return probabilistic_sharpe_ratio(sharpe, n, skewness, kurtosis, luck, ddof=ddof)


def minimum_backtest_length(trials: float, sharpe: float) -> float:
    """Years of history below which the best of `trials` tries without skill is expected to show the annual `sharpe` by luck.

    (E[max of N standard Normals] / SR)^2, at most 2 ln(N) / SR^2: Bailey, Borwein, Lopez de Prado, Zhu 2014, "Pseudo-Mathematics
    and Financial Charlatanism". One try needs 0. Raises InputError for fewer than one try or a ratio that is not above 0.
    """
    root = _expected_maximum(trials) / above("sharpe", sharpe, 0)
    return representable("the backtest length", root * root, "the Sharpe ratio is too close to zero")
