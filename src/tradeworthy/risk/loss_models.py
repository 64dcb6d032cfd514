"""Models of what tomorrow may lose. Each has a value at risk and an expected shortfall, which are thus always of one model.

All levels are those of the loss (0.99, not 0.01), all losses positive and in the unit of the returns or amounts.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tradeworthy.core.errors import NotEnoughData
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk import closed_forms
from tradeworthy.risk.observations import share


class LossModel(Protocol):
    """Anything with quantiles of the loss, and means beyond them."""

    def var(self, p: float) -> float:
        """Loss exceeded with probability 1 - p at most."""
        ...

    def es(self, p: float) -> float:
        """Mean of the quantiles of the loss from p to 1."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class EmpiricalLosses:
    """The record itself: losses (n,), ascending.

    Its quantile is the smallest loss that is not exceeded by more than a share of 1 - p (inverse of the empirical
    distribution); `linear` interpolates between losses (Hyndman, Fan 1996, type 7, as numpy and R do).
    """

    losses: Floats
    linear: bool = False

    def var(self, p: float) -> float:
        """Quantile at p. Raises NotEnoughData where not one loss lies beyond it."""
        level = self._level(p)
        if self.linear:
            return float(np.quantile(self.losses, level))
        return float(self.losses[self._place(level)])

    def es(self, p: float) -> float:
        """Integral of the quantile from p to 1 over 1 - p, exactly, a fraction of a loss included (Acerbi, Tasche 2002)."""
        level = self._level(p)
        quantile = self.var(p)
        if self.linear:
            return max(quantile, self._linear_mean(level, quantile))
        beyond = self.losses[self._place(level) + 1 :]
        weight = len(self.losses) * (1.0 - level)
        return max(quantile, quantile + float((beyond - quantile).sum()) / weight)

    def _place(self, level: float) -> int:
        return max(0, math.ceil(len(self.losses) * level - 1e-9) - 1)

    def _linear_mean(self, level: float, quantile: float) -> float:
        last = len(self.losses) - 1
        place = last * level
        whole = min(last - 1, math.floor(place))
        knots = self.losses[whole + 1 :]
        first = (quantile + knots[0]) / 2.0 * (whole + 1 - place)
        rest = float(((knots[1:] + knots[:-1]) / 2.0).sum())
        return float(first + rest) / (last - place)

    def _level(self, p: float) -> float:
        level = share(p, "level")
        needed = math.ceil(1.0 / (1.0 - level) - 1e-6)
        if len(self.losses) < needed:
            raise NotEnoughData(
                f"a level of {level:g} lies past what {len(self.losses):,} returns can show; bring at least {needed:,}, "
                "or use method normal or student_t"
            )
        return level


@dataclass(frozen=True, slots=True)
class NormalLosses:
    """Normal returns of this mean and deviation."""

    mean: float
    deviation: float

    def var(self, p: float) -> float:
        """Quantile of the loss at p."""
        return closed_forms.normal_value_at_risk(p, self.mean, self.deviation)

    def es(self, p: float) -> float:
        """Mean loss beyond that."""
        return closed_forms.normal_expected_shortfall(p, self.mean, self.deviation)


@dataclass(frozen=True, slots=True)
class StudentTLosses:
    """Returns of Student's t."""

    degrees: float
    location: float
    scale: float

    def var(self, p: float) -> float:
        """Quantile of the loss at p."""
        return closed_forms.student_t_value_at_risk(p, self.degrees, self.location, self.scale)

    def es(self, p: float) -> float:
        """Mean loss beyond that."""
        return closed_forms.student_t_expected_shortfall(p, self.degrees, self.location, self.scale)


@dataclass(frozen=True, slots=True)
class CornishFisherLosses:
    """Returns whose quantiles are Normal ones, expanded by skewness and excess kurtosis."""

    mean: float
    deviation: float
    skewness: float
    excess_kurtosis: float

    def var(self, p: float) -> float:
        """Quantile of the loss at p."""
        return closed_forms.cornish_fisher_value_at_risk(
            p, self.skewness, self.excess_kurtosis, self.mean, self.deviation
        )

    def es(self, p: float) -> float:
        """Mean loss beyond that."""
        return closed_forms.cornish_fisher_expected_shortfall(
            p, self.skewness, self.excess_kurtosis, self.mean, self.deviation
        )


@dataclass(frozen=True, slots=True, eq=False)
class FilteredLosses:
    """Tomorrow's return is the mean plus tomorrow's volatility times one of the past shocks (Barone-Adesi et al. 1999)."""

    mean: float
    volatility: float
    shocks: EmpiricalLosses

    def var(self, p: float) -> float:
        """Quantile of the loss at p."""
        return self.volatility * self.shocks.var(p) - self.mean

    def es(self, p: float) -> float:
        """Mean loss beyond that."""
        return self.volatility * self.shocks.es(p) - self.mean
