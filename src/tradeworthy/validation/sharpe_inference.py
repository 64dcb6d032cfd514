"""How sure a Sharpe ratio is: its standard error, the chance that it beats a benchmark, and how long a record that takes.

Every Sharpe ratio here is one **per observation** (a daily one for daily returns), never an annual one, and `n` counts
the same observations: an annual ratio from 250 daily returns a year is divided by sqrt(250) first. Skewness is 0 and
kurtosis 3 for Normal returns (Pearson's kurtosis, not the excess).
"""

import math
from statistics import NormalDist

from tradeworthy.core.errors import InputError
from tradeworthy.validation.arguments import at_least, finite, inside, one_of, representable

_ROUNDING = 1e-9
_LEAST_DEVIATION = 3e-8  # rounding in the moments can leave this much where there is none


def _moments(sharpe: float, skewness: float, kurtosis: float) -> tuple[float, float, float]:
    return finite("sharpe", sharpe), finite("skewness", skewness), finite("kurtosis", kurtosis)


def _deviation(sharpe: float, skewness: float, kurtosis: float) -> tuple[float, float]:
    """A unit, and the root of the variance in it: at least 1, it keeps the square of a huge ratio from overflowing."""
    least = 1.0 + skewness * skewness
    if kurtosis < least * (1.0 - _ROUNDING):
        raise InputError(
            f"no distribution has skewness {skewness:g} and kurtosis {kurtosis:g}: kurtosis is at least "
            "1 + skewness squared, and 3, not 0, for Normal returns"
        )
    unit = max(1.0, abs(sharpe))
    ratio, share = sharpe / unit, 1.0 / unit
    variance = share * share - skewness * ratio * share + (kurtosis - 1.0) / 4.0 * ratio * ratio
    return unit, math.sqrt(max(variance, 0.0))


def _some_deviation(sharpe: float, skewness: float, kurtosis: float) -> tuple[float, float]:
    unit, root = _deviation(sharpe, skewness, kurtosis)
    if unit * root <= _LEAST_DEVIATION:
        raise InputError(
            f"skewness {skewness:g} and kurtosis {kurtosis:g} leave a Sharpe ratio of {sharpe:g} no variance at all, "
            "so nothing can be said about its error; use the moments of more than two different returns"
        )
    return unit, root


def _gap(ratio: float, benchmark: float, unit: float) -> float:
    gap = ratio - benchmark
    return gap / unit if math.isfinite(gap) else ratio / unit - benchmark / unit


def sharpe_standard_error(
    sharpe: float, n: float, skewness: float = 0.0, kurtosis: float = 3.0, *, ddof: int = 0
) -> float:
    """Standard error of the Sharpe ratio per observation of `n` independent returns.

    sqrt((1 - skewness SR + (kurtosis - 1) / 4 SR^2) / (n - ddof)): Mertens 2002, which for Normal returns is
    sqrt((1 + SR^2 / 2) / n) of Lo 2002. ddof 0 divides by n, as Lo does; ddof 1 by n - 1, as Bailey and Lopez de Prado do.
    Raises InputError for n below 2 and moments that no distribution has.
    """
    count = at_least("n", n, 2) - one_of("ddof", ddof, (0, 1))
    unit, root = _deviation(*_moments(sharpe, skewness, kurtosis))
    return representable("the standard error", unit * (root / math.sqrt(count)), "give a smaller Sharpe ratio")


def probabilistic_sharpe_ratio(
    sharpe: float, n: float, skewness: float = 0.0, kurtosis: float = 3.0, benchmark: float = 0.0, *, ddof: int = 1
) -> float:
    """Probability, 0 to 1, that the true Sharpe ratio exceeds `benchmark`, both per observation, `n` of them observed.

    Phi((SR - benchmark) sqrt(n - ddof) / sqrt(1 - skewness SR + (kurtosis - 1) / 4 SR^2)): Bailey, Lopez de Prado 2012,
    "The Sharpe Ratio Efficient Frontier". ddof 1 is theirs; ddof 0 uses n, the standard error of Lo 2002.
    Raises InputError for n below 2 and for moments that no distribution has or that leave no variance.
    """
    count = at_least("n", n, 2) - one_of("ddof", ddof, (0, 1))
    ratio, *shape = _moments(sharpe, skewness, kurtosis)
    unit, root = _some_deviation(ratio, *shape)
    z = _gap(ratio, finite("benchmark", benchmark), unit) / root * math.sqrt(count)
    return 0.5 * math.erfc(-z / math.sqrt(2.0))  # erfc keeps the digits of small probabilities


def minimum_track_record_length(
    sharpe: float,
    benchmark: float,
    skewness: float = 0.0,
    kurtosis: float = 3.0,
    confidence: float = 0.95,
    *,
    ddof: int = 1,
) -> float:
    """Observations after which the probabilistic Sharpe ratio against `benchmark` reaches `confidence`.

    ddof + (1 - skewness SR + (kurtosis - 1) / 4 SR^2) (z / (SR - benchmark))^2, both ratios per observation, z the Normal
    quantile of `confidence`: Bailey, Lopez de Prado 2012. Divide by observations a year for years. ddof 1 is theirs.
    A confidence of 50% or less asks for nothing, as SR already lies above the benchmark: the result is then `ddof`.
    Raises InputError unless the Sharpe ratio exceeds the benchmark, and as probabilistic_sharpe_ratio does.
    """
    (ratio, *shape), aim = _moments(sharpe, skewness, kurtosis), finite("benchmark", benchmark)
    if ratio <= aim:
        raise InputError(
            f"a Sharpe ratio of {ratio:g} does not exceed the benchmark of {aim:g}, so no track record is long enough "
            "to show that it does"
        )
    z = max(0.0, NormalDist().inv_cdf(inside("confidence", confidence)))
    unit, root = _some_deviation(ratio, *shape)
    errors = root * z / _gap(ratio, aim, unit)
    length = one_of("ddof", ddof, (0, 1)) + errors * errors
    return representable("the track record", length, "the Sharpe ratio and the benchmark are too close to each other")
