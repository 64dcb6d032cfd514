"""Intervals for a mean that hold at every moment together, so that looking every day costs nothing."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.indicators.given_numbers import Floats, floats
from tradeworthy.validation.arguments import at_least, inside, moderate

TIGHTEST = 100
FEWEST = 30
"""Observations of the asymptotic sequence, with which its error is near the promise (docs/drift.md)."""


@dataclass(frozen=True, slots=True, eq=False)
class ConfidenceSequence:
    """(n,) each: after every observation the mean so far, and the interval that holds at all times together.

    With bounds each interval is what all of them so far have in common. Where that is nothing, low lies above high from
    there on: the mean has moved (or luck was as bad as the confidence allows), and `contradicted` says where.
    """

    mean: Floats
    low: Floats
    high: Floats
    confidence: float

    @property
    def contradicted(self) -> int | None:
        """The first place at which no mean agrees with all intervals so far, None where there is none."""
        empty = self.low > self.high
        return int(np.argmax(empty)) if empty.any() else None


def confidence_sequence(
    x: npt.ArrayLike,
    confidence: float = 0.95,
    bounds: tuple[float, float] | None = None,
    *,
    tightest: float = TIGHTEST,
) -> ConfidenceSequence:
    """Intervals for the mean of `x` (n,), one after each observation, that all hold together with this confidence.

    bounds: the least and the most that an observation can ever be; then the guarantee is exact for any observations
    whose mean given their past stays the same (predictable plug-in empirical Bernstein, Waudby-Smith and Ramdas 2023,
    theorem 2, intersected over time). Without bounds it is asymptotic: a central limit theorem at all times together, for
    observations with a variance (Waudby-Smith et al. 2021); before the thirtieth it is everything, because with so few it
    would be too narrow. tightest: after how many observations that one is at its best.
    A mean that moves can leave no interval that all observations agree on: `contradicted` of the result says where.
    Raises InputError for an empty or non-finite x, for observations outside the bounds, and for bounds out of order.
    """
    values = floats("observations", x)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise InputError("confidence_sequence needs one column of finite numbers, at least one of them")
    level = inside("confidence", confidence)
    error = 1.0 - level
    mean = np.cumsum(values) / np.arange(1, len(values) + 1)
    if bounds is not None:
        low, high = _bounded(values, error, bounds)
        return ConfidenceSequence(mean, low, high, level)
    t = np.arange(1, len(values) + 1)
    centred = values - values[0]  # keeps the squares small, whatever the level of the observations
    variance = np.maximum(np.cumsum(centred**2) / t - (mean - values[0]) ** 2, 0.0)
    half = asymptotic_half_width(t, variance, error, at_least("tightest", moderate("tightest", tightest), 1.0))
    return ConfidenceSequence(mean, mean - half, mean + half, level)


def _bounded(values: Floats, error: float, bounds: tuple[float, float]) -> tuple[Floats, Floats]:
    least, most = _ends(bounds)
    if values.min() < least or values.max() > most:
        outside = values[(values < least) | (values > most)][0]
        raise InputError(f"an observation of {outside:g} lies outside the bounds {least:g} to {most:g}")
    unit = (values - least) / (most - least)
    t = np.arange(1, len(unit) + 1)
    means = (0.5 + np.cumsum(unit)) / (t + 1)
    variances = (0.25 + np.cumsum((unit - means) ** 2)) / (t + 1)
    known_mean, known_variance = np.concatenate(([0.5], means[:-1])), np.concatenate(([0.25], variances[:-1]))
    stakes = np.minimum(np.sqrt(2.0 * math.log(2.0 / error) / (known_variance * t * np.log1p(t))), 0.5)
    lost = (-np.log1p(-stakes) - stakes) * (
        unit - known_mean
    ) ** 2  # 4 (x - m)^2 psi, psi a quarter of the first factor
    total = np.cumsum(stakes)
    centre = np.cumsum(stakes * unit) / total
    half = (math.log(2.0 / error) + np.cumsum(lost)) / total
    low = np.maximum.accumulate(np.maximum(centre - half, 0.0))
    high = np.minimum.accumulate(np.minimum(centre + half, 1.0))
    return least + low * (most - least), least + high * (most - least)


def _ends(bounds: tuple[float, float]) -> tuple[float, float]:
    ends = floats("bounds", bounds)
    if ends.shape != (2,) or not np.isfinite(ends).all() or not ends[0] < ends[1]:
        raise InputError(f"bounds must be two finite numbers, the lower one first, not {shown(bounds)}")
    return float(ends[0]), float(ends[1])


def asymptotic_half_width(
    t: npt.ArrayLike, variance: npt.ArrayLike, error: float, tightest: float = TIGHTEST
) -> Floats:
    """Half the interval of the asymptotic sequence after `t` observations with this variance; infinite before the thirtieth.

    Equation 2 of Waudby-Smith et al. 2021, its rho set so that it is tightest after `tightest` observations.
    """
    count = np.asarray(t, dtype=np.float64)
    logs = -2.0 * math.log(error)
    rho2 = (logs + math.log(logs) + 1.0) / tightest if logs > math.exp(-1.0) else 1.0 / tightest
    spread = count * rho2 + 1.0
    half = np.sqrt(variance) * np.sqrt(2.0 * spread / (count * count * rho2) * np.log(np.sqrt(spread) / error))
    return np.where(count >= FEWEST, half, math.inf)
