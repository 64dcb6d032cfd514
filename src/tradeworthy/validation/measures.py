"""Measures of a series of simple returns, each by its published definition.

Returns are fractions per period, shape (n,), and a NaN is a period without a return: it counts as a period where time
passes (annualising a compound return) and nowhere else. A measure that the data do not define (too few returns, no
variation, no loss) is None, never NaN.
"""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.validation.curve_measures import annual_growth, falls, growth_over_fall

Floats = npt.NDArray[np.float64]


def _returns(returns: npt.ArrayLike) -> tuple[Floats, int]:
    """The returns that are there, and the number of periods."""
    array = np.asarray(returns, dtype=np.float64)
    if array.ndim != 1:
        raise InputError(f"returns must be one column, not an array of shape {array.shape}")
    if np.isinf(array).any():
        raise InputError("returns hold an infinite value; mend the prices they were made from")
    return array[~np.isnan(array)], len(array)


def annual_volatility(returns: npt.ArrayLike, periods: float = 252, ddof: int = 1) -> float | None:
    """Standard deviation of returns x sqrt(periods a year). ddof 1 is the sample deviation, 0 the population's."""
    values, _ = _returns(returns)
    return float(np.std(values, ddof=ddof)) * math.sqrt(periods) if len(values) > ddof else None


def sharpe_ratio(returns: npt.ArrayLike, risk_free: float = 0.0, periods: float = 252, ddof: int = 1) -> float | None:
    """Mean excess return over its standard deviation x sqrt(periods); risk_free is per period (Sharpe 1994)."""
    values, _ = _returns(returns)
    if len(values) <= ddof:
        return None
    excess = values - risk_free
    spread = float(np.std(excess, ddof=ddof))
    return float(np.mean(excess)) / spread * math.sqrt(periods) if spread > 1e-15 else None


def downside_risk(returns: npt.ArrayLike, required: float = 0.0, periods: float = 252) -> float | None:
    """Root mean square of the shortfall below `required` per period, over all periods with a return, annualised."""
    values, _ = _returns(returns)
    if not len(values):
        return None
    return math.sqrt(float(np.mean(np.minimum(values - required, 0.0) ** 2))) * math.sqrt(periods)


def sortino_ratio(returns: npt.ArrayLike, required: float = 0.0, periods: float = 252) -> float | None:
    """Annualised mean excess over `required` divided by the downside risk (Sortino, Price 1994); None without a loss."""
    values, _ = _returns(returns)
    risk = downside_risk(values, required, periods)
    return float(np.mean(values - required)) * periods / risk if risk else None


def max_drawdown(returns: npt.ArrayLike) -> float | None:
    """Largest fall of compound wealth from an earlier peak, the start included, as a fraction of zero or below."""
    values, _ = _returns(returns)
    if not len(values):
        return None
    wealth = np.concatenate(([1.0], np.cumprod(1.0 + values)))
    return 0.0 - float(np.max(falls(wealth)[1]))


def calmar_ratio(returns: npt.ArrayLike, periods: float = 252) -> float | None:
    """Compound annual growth over the absolute maximum drawdown; a period without a return counts as time."""
    values, count = _returns(returns)
    growth = annual_growth(float(np.prod(1.0 + values)), count / periods)
    return growth_over_fall(growth, max_drawdown(values) or 0.0)


def omega_ratio(returns: npt.ArrayLike, required: float = 0.0) -> float | None:
    """Sum of returns above `required` per period over the sum below it (Keating, Shadwick 2002); None without a loss."""
    values, _ = _returns(returns)
    excess = values - required
    losses = -float(np.sum(excess[excess < 0]))
    return float(np.sum(excess[excess > 0])) / losses if losses > 0 else None


def _standardised(returns: npt.ArrayLike) -> Floats | None:
    """Deviations from the mean in units of the population's standard deviation; None without variation."""
    values, _ = _returns(returns)
    if not len(values):
        return None
    away = values - values.mean()
    spread = math.sqrt(float(away @ away) / len(away))
    return away / spread if spread > 1e-15 else None


def skewness(returns: npt.ArrayLike) -> float | None:
    """Third standardised moment of the population (Fisher's g1), 0 for a Normal distribution; None without variation."""
    z = _standardised(returns)
    return float(z @ (z * z)) / len(z) if z is not None else None


def kurtosis(returns: npt.ArrayLike) -> float | None:
    """Fourth standardised moment of the population (Pearson's b2), 3 for a Normal distribution; None without variation."""
    z = _standardised(returns)
    return float((z * z) @ (z * z)) / len(z) if z is not None else None


def tail_ratio(returns: npt.ArrayLike) -> float | None:
    """The 95% quantile of returns over the absolute 5% quantile; None unless the latter is a loss."""
    values, _ = _returns(returns)
    if not len(values):
        return None
    low, high = np.quantile(values, [0.05, 0.95])
    return float(high / -low) if low < 0.0 else None
