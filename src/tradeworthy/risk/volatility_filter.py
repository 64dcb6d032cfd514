"""Volatility that comes and goes: a GARCH(1,1) over returns, fitted by the library `arch`.

variance of tomorrow = omega + alpha (return - mean)^2 + beta variance of today (Bollerslev 1986).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.observations import column, differing

FEWEST = 100
"""Returns under which persistence of volatility cannot be told from its level."""
_STARTS = ((0.05, 0.90), (0.10, 0.80), (0.02, 0.97), (0.20, 0.50))


@dataclass(frozen=True, slots=True, eq=False)
class Garch:
    """mean and omega in the unit of the returns and its square; alpha and beta; first: variance of the first return."""

    mean: float
    omega: float
    alpha: float
    beta: float
    first: float

    def volatility(self, x: Floats) -> Floats:
        """(n + 1,) that of each return (n,) as known the day before, and of the one to come."""
        from scipy.signal import lfilter

        added = self.omega + self.alpha * (x - self.mean) ** 2
        later, _ = lfilter([1.0], [1.0, -self.beta], added, zi=[self.beta * self.first])
        return np.sqrt(np.concatenate(([self.first], later)))


def fit_garch(x: npt.ArrayLike) -> Garch:
    """GARCH(1,1) with a constant mean and Normal likelihood, which is consistent for other shocks too.

    Raises NotEnoughData under 100 returns; InputError for a constant, and where no fit converges.
    """
    purpose = "method filtered"
    returns = differing(column(x, "return", FEWEST, purpose), "return", purpose)
    unit = float(returns.std())
    best = _fitted(returns / unit)
    mean, omega, alpha, beta, first = best
    return Garch(mean * unit, omega * unit * unit, alpha, beta, first * unit * unit)


def _fitted(standard: Floats) -> tuple[float, float, float, float, float]:
    from arch.univariate import GARCH as Process  # noqa: N811 - a process, not a constant
    from arch.univariate import ConstantMean

    model = ConstantMean(standard, volatility=Process(1, 0, 1), rescale=False)
    best: Any = None
    for alpha, beta in _STARTS:
        begin = np.array([float(standard.mean()), 1.0 - alpha - beta, alpha, beta])
        found = model.fit(starting_values=begin, disp="off", show_warning=False)
        if found.convergence_flag == 0 and np.isfinite(found.params.to_numpy()).all():
            best = found if best is None or found.loglikelihood > best.loglikelihood else best
            break
    if best is None or not math.isfinite(best.loglikelihood):
        raise InputError("no GARCH(1,1) fits these returns; use another method than filtered")
    mean, omega, slope, persistence = (float(one) for one in best.params.to_numpy())
    return mean, omega, slope, persistence, float(best.conditional_volatility[0]) ** 2
