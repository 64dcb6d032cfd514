"""Measures of a series of simple returns, each by its published definition.

Returns are fractions per period, shape (n,), and a NaN is a period without a return: it counts as a period where time
passes (annualising a compound return) and nowhere else. A measure that the data do not define (too few returns, no
variation, no loss) is None, never NaN.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.validation.arguments import above, column, moderate, present, representable, unit_of, varied, whole
from tradeworthy.validation.curve_measures import annual_growth, falls, growth_over_fall

_LARGER = "give returns as fractions, and a threshold near them"


def _number(value: Any, name: str) -> float:
    return representable(name, float(value), _LARGER)


def annual_volatility(returns: npt.ArrayLike, periods: float = 252, ddof: int = 1) -> float | None:
    """Standard deviation of returns x sqrt(periods a year). ddof 1 is the sample deviation, 0 the population's."""
    values, year, less = present("returns", returns), above("periods", periods, 0), whole("ddof", ddof, 0)
    return float(np.std(values, ddof=less)) * math.sqrt(year) if len(values) > less else None


def sharpe_ratio(returns: npt.ArrayLike, risk_free: float = 0.0, periods: float = 252, ddof: int = 1) -> float | None:
    """Mean excess return over its standard deviation x sqrt(periods); risk_free is per period (Sharpe 1994).

    None without variation: where returns differ by no more than rounding does.
    """
    values, rate = present("returns", returns), moderate("risk_free", risk_free)
    year, less = above("periods", periods, 0), whole("ddof", ddof, 0)
    if len(values) <= less:
        return None
    unit = unit_of(values)
    excess = values / unit - rate / unit if unit != 1.0 else values - rate
    spread = float(np.std(excess, ddof=less))
    if not varied(values / unit, spread):
        return None
    return _number(float(np.mean(excess)) / spread * math.sqrt(year), "the Sharpe ratio")


def downside_risk(returns: npt.ArrayLike, required: float = 0.0, periods: float = 252) -> float | None:
    """Root mean square of the shortfall below `required` per period, over all periods with a return, annualised."""
    values, least, year = present("returns", returns), moderate("required", required), above("periods", periods, 0)
    return _downside(values, least) * math.sqrt(year) if len(values) else None


def _downside(values: Floats, least: float) -> float:
    return math.sqrt(float(np.mean(np.minimum(values - least, 0.0) ** 2)))


def sortino_ratio(returns: npt.ArrayLike, required: float = 0.0, periods: float = 252) -> float | None:
    """Annualised mean excess over `required` divided by the downside risk (Sortino, Price 1994); None without a loss."""
    values, least, year = present("returns", returns), moderate("required", required), above("periods", periods, 0)
    risk = _downside(values, least) * math.sqrt(year) if len(values) else 0.0
    return _number(float(np.mean(values - least)) * year / risk, "the Sortino ratio") if risk else None


def max_drawdown(returns: npt.ArrayLike) -> float | None:
    """Largest fall of compound wealth from an earlier peak, the start included, as a fraction of zero or below."""
    values = present("returns", returns)
    return 0.0 - _largest_fall(values) if len(values) else None


def _largest_fall(values: Floats) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        wealth = np.concatenate(([1.0], np.cumprod(1.0 + values)))
    if np.isfinite(wealth).all():
        return float(np.max(falls(wealth)[1]))
    share = least = 1.0  # wealth over its peak, which stays small however far wealth grows
    for value in values.tolist():
        share = min(1.0, share * (1.0 + value))
        least = min(least, share)
    return representable("the largest fall", 1.0 - least, _LARGER)


def calmar_ratio(returns: npt.ArrayLike, periods: float = 252) -> float | None:
    """Compound annual growth over the absolute maximum drawdown; a period without a return counts as time."""
    given, year = column("returns", returns), above("periods", periods, 0)
    values = present("returns", given)
    growth = _growth(1.0 + values, len(given) / year)
    found = growth_over_fall(growth, _largest_fall(values) if len(values) else 0.0)
    return None if found is None else _number(found, "the Calmar ratio")


def _growth(factors: Floats, years: float) -> float | None:
    with np.errstate(over="ignore", under="ignore"):
        multiple = float(np.prod(factors))
    if not years or (math.isfinite(multiple) and (multiple or not factors.all())):
        return annual_growth(multiple, years)
    if np.count_nonzero(factors < 0.0) % 2:
        return None
    try:
        return math.expm1(float(np.sum(np.log(np.abs(factors)))) / years)  # wealth that no float holds
    except OverflowError:
        return None


def omega_ratio(returns: npt.ArrayLike, required: float = 0.0) -> float | None:
    """Sum of returns above `required` per period over the sum below it (Keating, Shadwick 2002); None without a loss."""
    excess = present("returns", returns) - moderate("required", required)
    losses = -float(np.sum(excess[excess < 0]))
    return _number(float(np.sum(excess[excess > 0])) / losses, "the omega ratio") if losses > 0 else None


def _standardised(returns: npt.ArrayLike) -> Floats | None:
    """Deviations from the mean in units of the population's standard deviation; None without variation."""
    values = present("returns", returns)
    if not len(values):
        return None
    unit = unit_of(values)
    values = values / unit if unit != 1.0 else values
    away = values - values.mean()
    spread = math.sqrt(float(away @ away) / len(away))
    return away / spread if varied(values, spread) else None


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
    values = present("returns", returns)
    if not len(values):
        return None
    low, high = (float(level) for level in np.quantile(values, [0.05, 0.95]))
    return _number(high / -low, "the tail ratio") if low < 0.0 else None
