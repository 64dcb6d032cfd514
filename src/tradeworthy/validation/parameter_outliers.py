"""Values that stand apart from those of the other strategies of a book."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tradeworthy.core.verdict import RiskLevel
from tradeworthy.validation.parameters import ParameterFinding

FAR = 3.5
SMALLEST_GROUP = 5
_NORMAL_MAD, _NORMAL_MEAN = 0.6745, 1.253314
_NO_DEVIATION = 1e-12
"""Share of the mean deviation below which a median deviation is rounding."""


@dataclass(frozen=True, slots=True)
class Outlier:
    """A value far from the median of its group, in robust standard deviations. alike: more than half of the group have
    the very same value, so that the median deviation is zero and the mean deviation measures instead."""

    value: float
    median: float
    z: float
    group: int
    alike: bool


def robust_z(values: Mapping[str, float]) -> dict[str, float]:
    """By name, 0.6745 (x - median) / MAD; where MAD is zero, (x - median) / (1.253314 x mean absolute deviation).

    Zero for all where all are the same. Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993), whose
    bound is 3.5; the second form is that of IBM Cognos Analytics.
    """
    x = np.array(list(values.values()), np.float64)
    if not len(x):
        return {}
    away = x - np.median(x)
    mad, mean = float(np.median(np.abs(away))), float(np.mean(np.abs(away)))
    scale = mean * _NORMAL_MEAN if mad <= _NO_DEVIATION * mean else mad / _NORMAL_MAD
    scaled = away / scale if scale > 0 else away
    return dict(zip(values, scaled.tolist(), strict=True))


def outliers(values: Mapping[str, float]) -> dict[str, Outlier]:
    """Those of a group of at least five that are more than 3.5 away; none in a smaller group."""
    if len(values) < SMALLEST_GROUP:
        return {}
    x = np.array(list(values.values()), np.float64)
    median = float(np.median(x))
    away = np.abs(x - median)
    alike = float(np.median(away)) <= _NO_DEVIATION * float(np.mean(away))
    return {
        name: Outlier(values[name], median, z, len(x), alike)
        for name, z in robust_z(values).items()
        if abs(z) > FAR
    }  # fmt: skip


def outlier_finding(name: str, found: Outlier, timeframe: str) -> ParameterFinding:
    """LOW where it only differs from a group that is all alike, by less than the half or the double; else MEDIUM."""
    near = found.median and 0.5 < found.value / found.median < 2
    level = RiskLevel.LOW if found.alike and near else RiskLevel.MEDIUM
    others = (
        f"the {found.group} strategies on {timeframe}"
        if timeframe
        else f"{found.group} strategies of no known timeframe"
    )
    z = f"{found.z:+.1f}".replace("-", "\N{MINUS SIGN}")
    message = f"{name} {found.value:g} stands apart: the median of {others} is {found.median:g} (robust z {z})"
    return ParameterFinding("outlier", level, message)
