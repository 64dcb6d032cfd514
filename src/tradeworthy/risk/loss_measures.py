"""Value at risk and expected shortfall of a record of returns or amounts, by six models."""

import math
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.given_numbers import Floats
from tradeworthy.risk.closed_forms import monotone_kurtosis
from tradeworthy.risk.generalised_pareto import fit_gpd
from tradeworthy.risk.loss_models import (
    CornishFisherLosses,
    EmpiricalLosses,
    FilteredLosses,
    LossModel,
    NormalLosses,
    StudentTLosses,
)
from tradeworthy.risk.observations import column, differing, word, yes_or_no
from tradeworthy.risk.student_fit import fit_student_t
from tradeworthy.risk.volatility_filter import fit_garch

TAIL_SHARE = 0.1
"""Of the losses that method pot takes for the tail (McNeil, Frey 2000)."""


class LossMethod(StrEnum):
    """What tomorrow's loss is taken to be drawn from."""

    HISTORICAL = "historical"
    NORMAL = "normal"
    STUDENT_T = "student_t"
    CORNISH_FISHER = "cornish_fisher"
    FILTERED = "filtered"
    POT = "pot"


FEWEST = {
    LossMethod.HISTORICAL: 2,
    LossMethod.NORMAL: 2,
    LossMethod.STUDENT_T: 20,
    LossMethod.CORNISH_FISHER: 20,
    LossMethod.FILTERED: 100,
    LossMethod.POT: 200,
}
"""Returns that a method needs at any level."""


def value_at_risk(x: npt.ArrayLike, level: float = 0.99, method: str = "historical", *, linear: bool = False) -> float:
    """Loss that one period exceeds with probability 1 - level, positive, in the unit of `x`; below 0 where even that is a gain.

    x: (n,) returns or amounts per period, oldest first. method: see `loss_model`. linear: quantiles of the record, or of
    its shocks, interpolate as numpy's do; otherwise they are losses that happened. Raises as `loss_model` does, and
    NotEnoughData where a level lies past what a record can show: 1 / (1 - level) returns for historical and filtered.
    """
    return loss_model(x, method, linear=linear).var(level)


def expected_shortfall(
    x: npt.ArrayLike, level: float = 0.99, method: str = "historical", *, linear: bool = False
) -> float:
    """Mean loss beyond the value at risk of the same model, never below it; arguments as for `value_at_risk`.

    Raises InputError too where the model's mean beyond the quantile is infinite.
    """
    return loss_model(x, method, linear=linear).es(level)


def loss_model(x: npt.ArrayLike, method: str = "historical", *, linear: bool = False) -> LossModel:
    """The model fitted to `x` (n,): `.var(level)` and `.es(level)`.

    historical: the record itself. normal: its mean and deviation (n - 1). student_t: fitted by maximum likelihood.
    cornish_fisher: its mean, deviation (n - 1), skewness and excess kurtosis (moments over n), refused where the expansion
    is no distribution (Maillard 2012). filtered: past shocks over their GARCH(1,1) volatility, times tomorrow's
    (Barone-Adesi, Giannopoulos, Vosper 1999). pot: generalised Pareto tail of the worst tenth, for levels above 0.9.

    Raises NotEnoughData under 2 (historical, normal), 20 (student_t, cornish_fisher), 100 (filtered) or 200 (pot) returns;
    InputError for a NaN or infinite return, a constant, an unknown method, and what a fit refuses.
    """
    way, between = word(method, LossMethod, "method"), yes_or_no(linear, "linear")
    purpose = f"method {way}"
    returns = differing(column(x, "return", FEWEST[way], purpose), "return", purpose)
    match way:
        case LossMethod.HISTORICAL:
            return EmpiricalLosses(np.sort(-returns), between)
        case LossMethod.NORMAL:
            return NormalLosses(float(returns.mean()), float(returns.std(ddof=1)))
        case LossMethod.STUDENT_T:
            fitted = fit_student_t(returns)
            return StudentTLosses(fitted.degrees, fitted.location, fitted.scale)
        case LossMethod.CORNISH_FISHER:
            return _cornish_fisher(returns)
        case LossMethod.FILTERED:
            return _filtered(returns, between)
        case LossMethod.POT:
            return _peaks(returns)


def _cornish_fisher(returns: Floats) -> CornishFisherLosses:
    mean = float(returns.mean())
    standard = (returns - mean) / float(returns.std())
    skewness, kurtosis = float((standard**3).mean()), float((standard**4).mean()) - 3.0
    domain = monotone_kurtosis(skewness)
    if domain is None or not domain[0] <= kurtosis <= domain[1]:
        raise InputError(
            f"method cornish_fisher is no distribution for returns with a skewness of {skewness:.4g} and an excess kurtosis "
            f"of {kurtosis:.4g} (Maillard 2012); use historical, student_t or pot"
        )
    return CornishFisherLosses(mean, float(returns.std(ddof=1)), skewness, kurtosis)


def _filtered(returns: Floats, linear: bool) -> FilteredLosses:
    garch = fit_garch(returns)
    volatility = garch.volatility(returns)
    shocks = np.sort((garch.mean - returns) / volatility[:-1])
    return FilteredLosses(garch.mean, float(volatility[-1]), EmpiricalLosses(shocks, linear))


def _peaks(returns: Floats) -> LossModel:
    losses = np.sort(-returns)
    beyond = math.floor(TAIL_SHARE * len(losses) + 1e-9)
    return fit_gpd(losses, float(losses[len(losses) - beyond - 1]))
